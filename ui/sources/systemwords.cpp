// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/systemwords.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/layouts/layouttraits.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class SystemWordsTexts
{
    Q_DECLARE_TR_FUNCTIONS(SystemWordsTexts)
};

/// "HMGET, PUBLISH": without the keys that they are for.
QString commandNames(const QStringList &rights)
{
    QStringList names;
    for (const QString &right : rights) {
        const qsizetype on = right.indexOf(" on "_L1);
        const qsizetype to = right.indexOf(" to "_L1);
        const QString name = right.left(on >= 0 ? on : to);
        if (!names.contains(name))
            names.append(name);
    }
    constexpr qsizetype mostNamed = 2;
    const int more = int(names.size() - mostNamed);
    const QString named = names.mid(0, mostNamed).join(u", "_s);
    return more > 0 ? SystemWordsTexts::tr("%1 and %Ln more", nullptr, more).arg(named) : named;
}

} // namespace

QString SystemWords::livenessBasis(const Layout &layout)
{
    using By = LayoutLiveness::By;
    switch (layout.liveness.by) {
    case By::Ttl:
        return SystemWordsTexts::tr("key TTL");
    case By::Stamp:
        return layout.liveness.stampClock == LayoutClock::Worker ? SystemWordsTexts::tr("its own clock")
                                                                 : SystemWordsTexts::tr("time of its beat");
    case By::Score:
        return !layout.discover.empty() && layout.discover.front().clock == LayoutClock::Worker
                   ? SystemWordsTexts::tr("its own clock")
                   : SystemWordsTexts::tr("time of its beat");
    case By::Expiry:
        return SystemWordsTexts::tr("time it lives until");
    case By::Connection:
        return SystemWordsTexts::tr("its connection");
    case By::Events:
        return SystemWordsTexts::tr("events");
    }
    return {};
}

Glyph SystemWords::livenessGlyph(const Layout &layout)
{
    using By = LayoutLiveness::By;
    return layout.liveness.by == By::Ttl          ? Glyph::ByTtl
           : layout.liveness.by == By::Connection ? Glyph::ByConnection
           : layout.liveness.by == By::Events     ? Glyph::ByEvents
                                                  : Glyph::ByClock;
}

QString SystemWords::beatText(const Layout &layout, const FoundSystem &found)
{
    const LayoutLiveness &liveness = layout.liveness;
    QStringList parts;
    if (found.ttlMs > 0)
        parts.append(spanText(found.ttlMs));
    else if (!liveness.fullTtlMs.empty())
        parts.append(spanText(liveness.fullTtlMs.front()));
    QStringList intervals;
    for (const qint64 interval : liveness.intervalsMs)
        intervals.append(spanText(interval));
    // Of one that an operator may have set only the default is known.
    const bool fixed = std::any_of(layout.parameters.begin(), layout.parameters.end(),
                                   [](const LayoutTimingParameter &one) { return one.fixed && one.measured == "interval"_L1; });
    if (found.beatMs > 0)
        parts.append(SystemWordsTexts::tr("beat %1 by its timing record").arg(spanText(found.beatMs)));
    else if (liveness.idle.intervalMs > 0 && liveness.busy.intervalMs > 0 && liveness.idle.intervalMs != liveness.busy.intervalMs)
        parts.append(SystemWordsTexts::tr("beat %1 idle, %2 at work")
                         .arg(spanText(liveness.idle.intervalMs), spanText(liveness.busy.intervalMs)));
    else if (!intervals.isEmpty())
        parts.append((fixed ? SystemWordsTexts::tr("beat %1") : SystemWordsTexts::tr("beat %1 by default"))
                         .arg(intervals.join(SystemWordsTexts::tr(" or "))));
    else if (liveness.idle.intervalMs > 0)
        parts.append(SystemWordsTexts::tr("beat %1").arg(spanText(liveness.idle.intervalMs)));
    return parts.join(u", "_s);
}

QString SystemWords::costText(double perSecond)
{
    return perSecond < 1 ? SystemWordsTexts::tr("below 1 command/s")
                         : SystemWordsTexts::tr("about %Ln command(s)/s", nullptr, qRound(perSecond));
}

QString SystemWords::watchText(const Layout &layout)
{
    if (layout.liveness.by == LayoutLiveness::By::Events)
        return SystemWordsTexts::tr("by events");
    return layout.watch == Layout::Watch::Sweep ? SystemWordsTexts::tr("read every %1").arg(spanText(layout.sweepMs))
                                                : SystemWordsTexts::tr("by push");
}

QString SystemWords::evidenceText(const FoundSystem &system, const QFontMetrics *metrics, int room)
{
    QString evidence = visibleText(QString::fromUtf8(system.evidence));
    if (evidence.isEmpty())
        return {};
    if (metrics)
        evidence = metrics->elidedText(evidence, Qt::ElideMiddle, room);
    return system.by == FoundSystem::By::Channel      ? SystemWordsTexts::tr("found by the channel %1").arg(evidence)
           : system.by == FoundSystem::By::Connection ? SystemWordsTexts::tr("found by the connection %1").arg(evidence)
                                                      : SystemWordsTexts::tr("found by the key %1").arg(evidence);
}

QString SystemWords::aliveText(qint64 workers, qint64 alive)
{
    if (workers <= 0 || alive < 0 || alive == workers)
        return {};
    const qint64 without = qMax<qint64>(0, workers - alive);
    return SystemWordsTexts::tr("%1 alive, %2 only registered").arg(groupedNumber(alive), groupedNumber(without));
}

QString SystemWords::busyText(const Layout &layout, qint64 busy, qint64 capacity)
{
    return capacity > 0 ? SystemWordsTexts::tr("%1 of %2 busy").arg(groupedNumber(busy), groupedNumber(capacity))
                        : SystemWordsTexts::tr("%1 at work", "3 jobs").arg(makeTraits(layout).countedJobs(busy));
}

SystemWords::Permission SystemWords::watching(const SystemRights *rights)
{
    if (!rights || !rights->watchKnown)
        return {Permission::Kind::Unknown, SystemWordsTexts::tr("watch: not tried")};
    if (rights->cannotWatch.isEmpty())
        return {Permission::Kind::Given, SystemWordsTexts::tr("watch")};
    return {Permission::Kind::Missing, SystemWordsTexts::tr("watch: %1 refused").arg(commandNames(rights->cannotWatch))};
}

SystemWords::Permission SystemWords::acting(const Layout &layout, const SystemRights *rights)
{
    const SourceTraits traits = makeTraits(layout);
    const auto offered = [&traits](Act act) { return traits.offers(act); };
    if (std::none_of(allActs.begin(), allActs.end(), offered))
        return {Permission::Kind::Unknown, SystemWordsTexts::tr("it has no acts")};
    if (!rights || !rights->actsKnown)
        return {Permission::Kind::Unknown, SystemWordsTexts::tr("act: not tried")};
    if (rights->replica)
        return {Permission::Kind::Missing, SystemWordsTexts::tr("no acts: a replica")};
    if (rights->nothing && !rights->cannotAct.isEmpty())
        return {Permission::Kind::Missing, SystemWordsTexts::tr("no acts: %1 refused").arg(commandNames(rights->cannotAct))};
    QStringList denied;
    for (const Act act : rights->denied) {
        if (offered(act))
            denied.append(traits.actTitle(act));
    }
    denied.removeDuplicates();
    if (denied.isEmpty())
        return {Permission::Kind::Given, SystemWordsTexts::tr("act")};
    return denied.size() == 1
               ? Permission{Permission::Kind::Missing, SystemWordsTexts::tr("act, except %1").arg(denied.front())}
               : Permission{
                   Permission::Kind::Missing,
                   SystemWordsTexts::tr("act, except %1 and %Ln more", nullptr, int(denied.size() - 1)).arg(denied.front())};
}

} // namespace pulsedeck
