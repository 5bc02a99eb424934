// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/compression.h"

#include <zstd.h>

namespace pulsedeck {

Compression::Compression()
    : m_compressor(ZSTD_createCCtx())
    , m_decompressor(ZSTD_createDCtx())
{
    ZSTD_CCtx_setParameter(m_compressor, ZSTD_c_checksumFlag, 1);
}

Compression::~Compression()
{
    ZSTD_freeCCtx(m_compressor);
    ZSTD_freeDCtx(m_decompressor);
}

QByteArray Compression::compress(QByteArrayView bytes, int level)
{
    ZSTD_CCtx_setParameter(m_compressor, ZSTD_c_compressionLevel, level);
    QByteArray result(qsizetype(ZSTD_compressBound(size_t(bytes.size()))), Qt::Uninitialized);
    const size_t size = ZSTD_compress2(m_compressor, result.data(), size_t(result.size()), bytes.data(), size_t(bytes.size()));
    Q_ASSERT(!ZSTD_isError(size));
    result.resize(qsizetype(size));
    result.squeeze();
    return result;
}

std::optional<QByteArray> Compression::decompress(QByteArrayView bytes)
{
    const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), size_t(bytes.size()));
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > quint64(mostBytes))
        return std::nullopt;
    QByteArray result(qsizetype(size), Qt::Uninitialized);
    const size_t done =
        ZSTD_decompressDCtx(m_decompressor, result.data(), size_t(result.size()), bytes.data(), size_t(bytes.size()));
    if (ZSTD_isError(done) || done != size)
        return std::nullopt;
    return result;
}

} // namespace pulsedeck
