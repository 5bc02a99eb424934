// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace pulsedeck {

/// Compresses and decompresses with zstd, each result with a checksum, so that a changed byte is noticed. On one thread.
class Compression
{
public:
    static constexpr int fastLevel = 1; ///< For what is kept for minutes.
    static constexpr int usualLevel = 3;
    static constexpr qsizetype mostBytes = 256LL << 20; ///< Decompressed; more is refused.

    Compression();
    ~Compression();
    Q_DISABLE_COPY_MOVE(Compression)

    QByteArray compress(QByteArrayView bytes, int level = usualLevel);
    /// Nothing if the bytes are not what compress() gave.
    std::optional<QByteArray> decompress(QByteArrayView bytes);

private:
    ZSTD_CCtx_s *m_compressor;
    ZSTD_DCtx_s *m_decompressor;
};

} // namespace pulsedeck
