// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/pastends.h"

#include "models/fleet/fleetcolumns.h"

#include <QUuid>

namespace pulsedeck {

QByteArray PastEnds::keyOf(const QString &source, const QByteArray &id)
{
    constexpr qsizetype uuidLength = 36;
    const QByteArray bare = id.mid(id.indexOf(':') + 1);
    if (bare.size() == uuidLength && !QUuid::fromString(QLatin1StringView(bare)).isNull())
        return id;
    return source.toUtf8() + '\n' + id;
}

void PastEnds::add(const QString &source, const QByteArray &id, const PastEnd &end)
{
    const QByteArray key = keyOf(source, id);
    m_ends.insert(key, {end, ++m_last});
    m_order.emplace_back(key, m_last);
    while (m_ends.size() > mostKept || m_order.size() > size_t(mostKept) * 2) {
        const auto [oldest, number] = m_order.front();
        m_order.pop_front();
        if (const auto kept = m_ends.constFind(oldest); kept != m_ends.cend() && kept->number == number)
            m_ends.erase(kept);
    }
}

void PastEnds::remove(const QString &source, const QByteArray &id)
{
    if (!m_ends.isEmpty())
        m_ends.remove(keyOf(source, id));
}

const PastEnd *PastEnds::find(const QString &source, const QByteArray &id) const
{
    const auto kept = m_ends.constFind(keyOf(source, id));
    return kept == m_ends.cend() ? nullptr : &kept->end;
}

} // namespace pulsedeck
