// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layouttraits.h"

#include "models/layouts/layoutwrite.h"

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

qint32 shortMs(qint64 ms)
{
    return qint32(std::min<qint64>(ms, std::numeric_limits<qint32>::max()));
}

BeatPace paceOf(const LayoutPace &pace)
{
    return {shortMs(pace.intervalMs), shortMs(pace.lateMs), shortMs(pace.staleMs)};
}

BeatBasis basisOf(LayoutLiveness::By by)
{
    switch (by) {
    case LayoutLiveness::By::Ttl:
        return BeatBasis::KeyTtl;
    case LayoutLiveness::By::Stamp:
        return BeatBasis::Stamp;
    case LayoutLiveness::By::Score:
    case LayoutLiveness::By::Expiry: // Renewed at a set interval, as the TTL of a key is.
        return BeatBasis::Score;
    case LayoutLiveness::By::Connection:
        return BeatBasis::Connection;
    case LayoutLiveness::By::Events:
        return BeatBasis::Events;
    }
    return BeatBasis::KeyTtl;
}

/// What shows that workers are there.
QString recordsOf(const Layout &layout)
{
    const auto isBy = [&layout](LayoutDiscovery::Kind kind) {
        return std::any_of(layout.discover.begin(), layout.discover.end(),
                           [kind](const LayoutDiscovery &one) { return one.kind == kind; });
    };
    if (layout.record.type != LayoutRecord::Type::None)
        return QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "keys"));
    if (isBy(LayoutDiscovery::Kind::Clients))
        return QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "connections"));
    if (isBy(LayoutDiscovery::Kind::Stream))
        return QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "consumers"));
    if (isBy(LayoutDiscovery::Kind::Events))
        return QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "events"));
    return QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "entries"));
}

/// What stands before an id, if nothing stands behind it.
QByteArray recordPrefixOf(const Layout &layout, const LayoutRecord &record)
{
    const LayoutText &key = record.key;
    if (record.type == LayoutRecord::Type::None || key.variables() != QByteArrayList{"prefix", "id"})
        return {};
    const LayoutVariables values{{"prefix", layout.prefix}};
    const QByteArray start = key.fixedStart(values);
    return key.resolve({{"prefix", layout.prefix}, {"id", "x"}}) == start + 'x' ? start : QByteArray();
}

SourceFacts factsOf(const Layout &layout)
{
    SourceFacts facts;
    const auto has = [&layout](const char *field) {
        return layout.record.paths(field)
               || std::any_of(layout.tiers.begin(), layout.tiers.end(),
                              [field](const LayoutRecord &tier) { return tier.paths(field); });
    };
    // Events say how much a worker has at work, and that it leaves; which queues it serves its answers say.
    const bool byEvents = layout.liveness.by == LayoutLiveness::By::Events;
    facts.setFlag(SourceFact::Ttl, layout.liveness.by == LayoutLiveness::By::Ttl);
    facts.setFlag(SourceFact::Sessions, byEvents || has("busy") || has("job") || has("jobQueue"));
    facts.setFlag(SourceFact::Listeners, !layout.liveness.listener.isEmpty());
    facts.setFlag(SourceFact::Process, has("started"));
    facts.setFlag(SourceFact::StatusWord, byEvents || layout.status.size() > 1);
    facts.setFlag(SourceFact::Capacity, has("capacity"));
    facts.setFlag(SourceFact::Queues, byEvents || has("queues"));
    facts.setFlag(SourceFact::Push, layout.watch != Layout::Watch::Sweep);
    return facts;
}

/// \a byCode: what is written for it, and how it is seen to be taken, is in code.
ActTraits actOf(const LayoutCommand &command, bool byCode)
{
    ActTraits act;
    act.name = command.title;
    act.whyNot = command.whyNot;
    act.scope = command.scope;
    const bool removes = command.act == Act::Reap || command.act == Act::RemoveKey;
    act.proof = removes ? ActProof::Absence : byCode || !command.pickedUp.empty() ? ActProof::PickUp : ActProof::State;
    act.undoable = command.reversible;
    act.means = command.means;
    act.withdrawable = !command.undo.empty();
    act.once = command.once;
    act.pickedUpMs = shortMs(command.pickedUpMs);
    act.drainingMs = shortMs(command.drainingMs);
    act.overdueMs = shortMs(command.overdueMs);
    return act;
}

/// "%Ln process(es)", "%Ln (person/people)": as texts with a count are written.
QString countingOf(const QString &one, const QString &many)
{
    for (const QString &end : {u"s"_s, u"es"_s}) {
        if (many == QString(one + end))
            return u"%Ln "_s + one + u'(' + end + u')';
    }
    // untranslated: a form, as it is looked up in the catalogue
    return u"%Ln ("_s + one + u'/' + many + u')';
}

QString noSuchAct(const Layout &layout)
{
    return QString(layout.title + u" has no such command."_s); // untranslated: files say more; this is of one that does not
}

} // namespace

SourceTraits makeTraits(const Layout &layout)
{
    if (layout.code == "playwright"_L1)
        return {};
    SourceTraits traits;
    traits.system = layout.title;
    traits.killed = layout.killed;
    traits.layout = layout.name;
    traits.demo = u"Demo "_s + layout.title; // untranslated: a name
    if (!layout.worker.isEmpty()) {
        traits.worker = layout.worker;
        traits.workers = layout.workers;
        traits.counting = countingOf(layout.worker, layout.workers);
        traits.emptyTitle = u"No "_s + layout.workers + u" in %1"_s; // untranslated: of words of a file
    }
    traits.ids = {false, {}, {}, {}};
    traits.basis = layout.findsOnly(LayoutDiscovery::Kind::Stream) ? BeatBasis::Calls : basisOf(layout.liveness.by);
    if (!layout.unit.isEmpty())
        traits.countingJobs = SourceTraits::countingOf(layout.unit);
    traits.records = recordsOf(layout);
    traits.recordPrefix = recordPrefixOf(layout, layout.record);
    if (layout.tiers.size() == 1)
        traits.childPrefix = recordPrefixOf(layout, layout.tiers.front());
    else if (!layout.tiers.empty())
        traits.childPrefix = QByteArray(); // A worker does not say in which of them it is.
    traits.facts = factsOf(layout);
    traits.idlePace = paceOf(layout.liveness.idle);
    traits.busyPace = paceOf(layout.liveness.busy);
    traits.pausedPace = paceOf(layout.liveness.paused);
    for (ActTraits &act : traits.acts) {
        const ActScope scope = act.scope;
        act = {};
        act.scope = scope;
        act.whyNot = noSuchAct(layout);
    }
    bool canWithdraw = false;
    // Of several tiers the first that has the command counts: it is what the act is called.
    for (auto command = layout.commands.rbegin(); command != layout.commands.rend(); ++command) {
        ActTraits &act = traits.acts[size_t(command->act)];
        const ActScope scope = act.scope;
        if (command->whyNot.isEmpty() || !act.whyNot.isEmpty())
            act = actOf(*command, !layout.code.isEmpty());
        if (!act.whyNot.isEmpty())
            act.scope = scope;
        canWithdraw = canWithdraw || !command->undo.empty();
    }
    ActTraits &cancel = traits.acts[size_t(Act::Cancel)];
    if (canWithdraw)
        cancel = {};
    else
        cancel.whyNot =
            QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "Its commands are read at once and cannot be withdrawn."));
    if (!traits.acts[size_t(Act::Shutdown)].whyNot.isEmpty())
        traits.acts[size_t(Act::ShutdownNow)].whyNot = traits.acts[size_t(Act::Shutdown)].whyNot;
    else
        traits.acts[size_t(Act::ShutdownNow)].whyNot =
            QStringLiteral(QT_TRANSLATE_NOOP("SourceTraits", "There is one way to stop such a worker, and it is the other one."));
    if (!layout.command(Act::RemoveKey))
        traits.acts[size_t(Act::RemoveKey)].whyNot = QStringLiteral(QT_TRANSLATE_NOOP(
            "SourceTraits", "Its system's keys are left to the system; what dead workers left in its registry can be removed."));
    describeWrites(traits, layout, layout.prefix);
    return traits;
}

TraitsRef traitsOf(const Layout &layout)
{
    return TraitsRef::of(makeTraits(layout));
}

QString layoutText(const QString &text)
{
    return traitText(text);
}

} // namespace pulsedeck
