// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcetraits.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace pulsedeck {

class SourceProtocol;

/// The kind of a source: which of the registered protocols it speaks. A value of one byte, an index into a table of the process.
/// Any thread, once all protocols are registered.
class SourceKind
{
public:
    static const SourceKind Redis;
    static const SourceKind Hub; ///< A Signal Hub.

    /// A Redis.
    constexpr SourceKind() = default;
    /// Registers \a protocol, which outlives all settings, before other threads use the table; at most 255. A protocol of the
    /// same name is replaced.
    static SourceKind add(const SourceProtocol &protocol);
    /// In the order of their registration: a Redis is the first, a Signal Hub the second.
    static QList<SourceKind> all();
    /// The protocol with this name; nothing if none has it.
    static std::optional<SourceKind> named(const QString &name);
    /// TraitsRef::named() and TraitsRef::kindNames(), with the workers of all registered protocols.
    static TraitsRef workerKind(const QString &name);
    static QStringList workerKinds();

    constexpr int index() const { return m_index; }
    /// The one with this index(), which must be there.
    static constexpr SourceKind at(int index) { return SourceKind(quint8(index)); }
    const SourceProtocol *operator->() const;
    constexpr bool operator==(const SourceKind &) const = default;

private:
    explicit constexpr SourceKind(quint8 index)
        : m_index(index)
    { }

    quint8 m_index = 0;
};

inline constexpr SourceKind SourceKind::Redis{0};
inline constexpr SourceKind SourceKind::Hub{1};

} // namespace pulsedeck
