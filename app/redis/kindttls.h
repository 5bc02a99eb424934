// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/beatclock.h"

#include <QByteArray>
#include <QHash>

#include <vector>

namespace pulsedeck {

/// The largest TTL left that was read of each kind of worker, see TtlHint. A kind is the part of an id before its colon: in a
/// healthy fleet they are few, and those beyond mostKinds share one with ids that have none.
class KindTtls
{
public:
    static constexpr size_t mostKinds = 1'000;

    quint16 kindOf(QByteArrayView id)
    {
        const qsizetype colon = id.indexOf(':');
        if (colon <= 0)
            return 0;
        const QByteArray type = QByteArray::fromRawData(id.data(), colon);
        const auto found = m_numbers.constFind(type);
        if (found != m_numbers.constEnd())
            return *found;
        if (m_hints.size() >= mostKinds)
            return 0;
        const auto number = quint16(m_hints.size());
        m_hints.emplace_back();
        m_numbers.insert(QByteArray(id.data(), colon), number);
        return number;
    }
    void clear() { m_hints.assign(m_hints.size(), TtlHint()); }
    void add(quint16 kind, qint32 pttl) { m_hints[kind].add(pttl); }
    qint32 ttl(quint16 kind) const { return m_hints[kind].ttl(); }

private:
    QHash<QByteArray, quint16> m_numbers;
    std::vector<TtlHint> m_hints{1};
};

} // namespace pulsedeck
