// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/viewlimits.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

bool ViewLimits::set(Kind kind, const QString &text, const void *by)
{
    QString &known = m_texts[Place(kind, by)];
    if (known == text)
        return false;
    known = text;
    return true;
}

bool ViewLimits::end(Kind kind, const void *by)
{
    return m_texts.erase(Place(kind, by)) > 0;
}

bool ViewLimits::has(Kind kind) const
{
    return std::any_of(m_texts.begin(), m_texts.end(), [kind](const auto &limit) { return limit.first.first == kind; });
}

ViewGaps ViewLimits::gapOf(Kind kind)
{
    switch (kind) {
    case Kind::Keys:
        return ViewGap::KeysUnlisted;
    case Kind::ActiveCounters:
        return ViewGap::ActiveUnlisted;
    case Kind::LifetimeCounters:
        return ViewGap::LifetimeUnlisted;
    case Kind::Workers:
    case Kind::Streams:
    case Kind::Consumers:
    case Kind::Locks:
    case Kind::Events: // Who is known by them alone is not in the view.
    case Kind::Clients: // Likewise.
        return ViewGap::WorkersUnread;
    case Kind::Ttls:
        return ViewGap::TtlsUnread;
    case Kind::Commands:
        return ViewGap::CommandsUnread;
    case Kind::TooMany:
    case Kind::ManyConsumers:
        return ViewGap::TooMany;
    case Kind::LongKeys:
    case Kind::LongActive:
    case Kind::LongLifetime:
    case Kind::LongConsumers:
    case Kind::ClientNames:
        return ViewGap::EntriesLeftOut;
    case Kind::Push: // Sweeping sees the same, only later.
    case Kind::TrackedReads: // Likewise.
    case Kind::Listeners:
    case Kind::Role:
    case Kind::Pauses:
    case Kind::Sentinels:
    case Kind::Writes:
        break;
    }
    return {};
}

ViewGaps ViewLimits::gaps() const
{
    ViewGaps gaps;
    for (const auto &[place, text] : m_texts)
        gaps |= gapOf(place.first);
    return gaps;
}

QStringList ViewLimits::gapTexts() const
{
    QStringList texts;
    for (const auto &[place, text] : m_texts) {
        if ((gapOf(place.first) & ~ViewGaps(ViewGap::EntriesLeftOut)) && !texts.contains(text))
            texts.append(text);
    }
    return texts;
}

QStringList ViewLimits::texts() const
{
    QStringList texts;
    for (const auto &[place, text] : m_texts) {
        if (!texts.contains(text))
            texts.append(text);
    }
    return texts;
}

void LeftOut::add(QByteArrayView name)
{
    ++m_count;
    if (m_names.size() >= mostNamed)
        return;
    if (name.isEmpty()) {
        m_names.append(tr("(too large to be read)"));
        return;
    }
    QString text = QString::fromUtf8(name.first(qMin(name.size(), namedBytes)));
    for (QChar &c : text) {
        if (!c.isPrint())
            c = u' ';
    }
    m_names.append(name.size() > namedBytes ? QString(text + u"…"_s) : text);
}

QString LeftOut::names() const
{
    const QString all = m_names.join(u", "_s);
    return m_count > m_names.size() ? QString(all + u", …"_s) : all;
}

} // namespace pulsedeck
