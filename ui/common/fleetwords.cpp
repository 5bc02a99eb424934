// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/fleetwords.h"

#include "models/fleet/fleetcolumns.h"
#include "models/fleet/liveness.h"
#include "models/fleet/queuefacts.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class FleetWords
{
    Q_DECLARE_TR_FUNCTIONS(FleetWords)
};

bool isDying(const Worker &worker)
{
    switch (worker.liveness) {
    case Liveness::Late:
    case Liveness::Stale:
    case Liveness::Crashed:
    case Liveness::Hung:
        return true;
    default:
        return false;
    }
}

/// "settling: no beat seen yet, known in 12 s": when a settling worker will have shown what it is, at the latest.
QString settlingText(const FleetStore &store, WorkerHandle handle, qint64 now)
{
    const qint64 by = settledBy(store.worker(handle), store.thresholds(handle));
    return by > now ? FleetWords::tr("settling: no beat seen yet, known in %1").arg(countText(by - now + 999))
                    : FleetWords::tr("settling: no beat seen yet");
}

/// It says itself what is at work, takes nothing new, and has nothing left.
bool isDrained(const Worker &worker)
{
    return worker.status == WorkerStatus::Draining && worker.traits->isLaidOut() && worker.activeSessions == 0;
}

QString drainingText(const FleetStore &store, const Worker &worker, qint64 now)
{
    const qint64 timeout = store.drainTimeoutMs(worker.source);
    const qint64 left = worker.statusSince + timeout - now;
    const QString time = countText(timeout <= 0 ? now - worker.statusSince : qAbs(left));
    const int sessions = worker.activeSessions;
    if (worker.traits->isLaidOut()) {
        // The source's timing is not theirs.
        const QString since = countText(now - worker.statusSince);
        return sessions > 0
                   ? FleetWords::tr("draining %1 for %2", "3 jobs, a time").arg(worker.traits->countedJobs(sessions), since)
               : isDrained(worker) ? FleetWords::tr("drained, for %1").arg(since)
                                   : FleetWords::tr("draining for %1").arg(since);
    }
    if (timeout <= 0)
        return sessions > 0 ? FleetWords::tr("draining %Ln session(s) for %1, timeout not known", nullptr, sessions).arg(time)
                            : FleetWords::tr("draining for %1, timeout not known").arg(time);
    if (left < 0)
        return sessions > 0 ? FleetWords::tr("draining %Ln session(s) · over by %1", nullptr, sessions).arg(time)
                            : FleetWords::tr("draining · over by %1").arg(time);
    return sessions > 0 ? FleetWords::tr("draining %Ln session(s) · %1 left", nullptr, sessions).arg(time)
                        : FleetWords::tr("draining · %1 left").arg(time);
}

/// In its system's registry, and nothing else of it.
QString ghostText(const Worker &worker)
{
    return ageBasis(worker) == BeatBasis::Events ? FleetWords::tr("ghost, not heard") : FleetWords::tr("ghost, no key");
}

} // namespace

QColor toneColour(Tone tone)
{
    static constexpr QColor ThemeTokens::*colours[] = {&ThemeTokens::dim,    &ThemeTokens::text,  &ThemeTokens::alive,
                                                       &ThemeTokens::late,   &ThemeTokens::stale, &ThemeTokens::drain,
                                                       &ThemeTokens::zombie, &ThemeTokens::gone,  &ThemeTokens::accent};
    return theme().*colours[size_t(tone)];
}

Tone stateTone(const Worker &worker)
{
    switch (glyphOf(worker)) {
    case Glyph::Late:
    case Glyph::NoTtl:
    case Glyph::KeyLost:
    case Glyph::Warning:
    case Glyph::Deaf:
    case Glyph::NobodyListens:
    case Glyph::NotConsuming:
    case Glyph::Incomplete:
        return Tone::Late;
    case Glyph::Stale:
    case Glyph::Crashed:
    case Glyph::Hung:
    case Glyph::Error:
        return Tone::Stale;
    case Glyph::Zombie:
    case Glyph::ZombieUnseen:
    case Glyph::Ghost:
        return Tone::Zombie;
    case Glyph::Leaving:
    case Glyph::PausedWorker:
    case Glyph::Draining:
    case Glyph::ShuttingDown:
        return Tone::Drain;
    case Glyph::Gone:
    case Glyph::Unknown:
        return Tone::Gone;
    default:
        return Tone::Ordinary;
    }
}

Glyph shownGlyph(const FleetStore &store, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    const Glyph glyph = glyphOf(worker);
    if (glyph != Glyph::Alive && glyph != Glyph::New && glyph != Glyph::Settling)
        return glyph;
    const FleetPause *pause = store.queues().fleetPause(worker.source, worker.traits->layout);
    return pause && pause->isPaused() ? Glyph::PausedWorker : glyph;
}

namespace {

StatusWords endedWords(const Worker &worker, qint64 now)
{
    StatusWords words;
    const bool zombie = worker.liveness == Liveness::Zombie;
    const bool crashed = worker.end == WorkerEnd::Crashed;
    words.textTone = crashed ? Tone::Stale : zombie ? Tone::Zombie : Tone::Gone;
    words.text = zombie && !crashed ? FleetWords::tr("key gone")
                 : zombie           ? livenessLabel(Liveness::Crashed)
                                    : livenessLabel(worker);
    if (worker.flags.testFlag(WorkerFlag::NeverSeenAlive))
        words.text = FleetWords::tr("only counters");
    else if (worker.endedAt > 0)
        words.badge = countText(now - worker.endedAt);
    words.badgeTone = words.textTone;
    return words;
}

/// The words of a worker of a system that has some of its own, or a state of its own; nothing where today's words fit.
StatusWords ownWords(const FleetStore &store, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    const QString word = reportedStatus(store, handle);
    const bool works = worker.activeSessions > 0;
    StatusWords words;
    switch (troubleOf(worker)) {
    case WorkerTrouble::NotConsuming:
        words.text = worker.status == WorkerStatus::Draining ? FleetWords::tr("serves no queue")
                                                             : FleetWords::tr("beats, consumes nothing");
        words.textTone = Tone::Late;
        return words;
    case WorkerTrouble::Leaving:
        words.text = works ? FleetWords::tr("leaving, %1 left", "3 tasks").arg(worker.traits->countedJobs(worker.activeSessions))
                           : troubleLabel(WorkerTrouble::Leaving);
        words.textTone = Tone::Drain;
        return words;
    case WorkerTrouble::Paused:
        words.text = word;
        words.textTone = Tone::Drain;
        return words;
    case WorkerTrouble::Deaf:
    case WorkerTrouble::NobodyListens:
    case WorkerTrouble::Incomplete:
        words.text = word;
        words.badge = troubleLabel(troubleOf(worker));
        words.badgeTone = Tone::Late;
        return words;
    case WorkerTrouble::None:
        break;
    }
    if (worker.statusWord == 0)
        return {};
    const bool draining = worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::ShuttingDown;
    words.text = draining && works
                     ? FleetWords::tr("%1, %2 left", "quiet, 3 jobs").arg(word, worker.traits->countedJobs(worker.activeSessions))
                 : worker.capacity > 1 && worker.activeSessions >= worker.capacity ? FleetWords::tr("%1, all busy").arg(word)
                                                                                   : word;
    words.textTone = draining ? Tone::Drain : Tone::Ordinary;
    return words;
}

struct Badge
{
    QString text;
    Tone tone = Tone::Ordinary;
    bool clock = false;
};

/// What a drain shows: how it came, or the time it has left.
Badge drainBadge(const Worker &worker, qint64 now, qint64 drainTimeout)
{
    if (worker.flags.testFlag(WorkerFlag::Leaving))
        return {FleetWords::tr("leaving"), Tone::Drain};
    if (worker.flags.testFlag(WorkerFlag::DrainedByOperator))
        return {FleetWords::tr("by operator"), Tone::Drain}; // It stays up, so nothing counts down.
    if (worker.traits->of(Act::Drain).proof == ActProof::Answer)
        return {FleetWords::tr("accepted"), Tone::Drain}; // It accepted, and stays registered: nothing counts down.
    if (worker.statusSince <= 0)
        return {};
    if (drainTimeout <= 0)
        return {countText(now - worker.statusSince), Tone::Drain}; // How long it takes; how long it may take is not known.
    const qint64 left = worker.statusSince + drainTimeout - now;
    return left >= 0 ? Badge{countText(left), Tone::Drain} : Badge{u"+"_s + countText(-left), Tone::Late};
}

/// What the console adds to the status of a worker that is there.
Badge badgeOf(const FleetStore &store, WorkerHandle handle, qint64 now, qint64 drainTimeout)
{
    const Worker &worker = store.worker(handle);
    struct FlagBadge
    {
        WorkerFlags flags;
        const char *text;
    };
    static constexpr FlagBadge flagBadges[] = {
        {WorkerFlag::BadField, QT_TRANSLATE_NOOP("FleetWords", "bad field")},
        {WorkerFlag::TooLarge, QT_TRANSLATE_NOOP("FleetWords", "too large")},
        {WorkerFlag::BadCounter, QT_TRANSLATE_NOOP("FleetWords", "bad counter")},
        {WorkerFlag::DrainForgotten, QT_TRANSLATE_NOOP("FleetWords", "forgot drain")},
        {WorkerFlag::DrainUndone, QT_TRANSLATE_NOOP("FleetWords", "drain undone")},
    };
    if (isDying(worker))
        return {livenessLabel(worker.liveness), stateTone(worker)};
    if (worker.liveness == Liveness::KeyLost)
        return {livenessLabel(worker.liveness), Tone::Late};
    if (worker.liveness == Liveness::NoTtl)
        return {worker.traits->registers() ? FleetWords::tr("no end") : livenessLabel(worker.liveness), Tone::Late};
    if (worker.flags.testFlag(WorkerFlag::WrongType))
        return {};
    for (const FlagBadge &badge : flagBadges) {
        if (worker.flags & badge.flags)
            return {FleetWords::tr(badge.text), Tone::Late};
    }
    // Where a system is described by a layout, how long a drain may take is not known.
    if (worker.status == WorkerStatus::Draining && !worker.traits->isLaidOut()) {
        if (const Badge badge = drainBadge(worker, now, drainTimeout); !badge.text.isEmpty())
            return badge;
    }
    if (const OrderNote *drain = store.recordedDrain(handle)) {
        const QString text = worker.status == WorkerStatus::Draining
                                 ? FleetWords::tr("by operator")
                                 : FleetWords::tr("drained %1", "when").arg(clockText(drain->at));
        return {text, Tone::Drain};
    }
    if (worker.liveness == Liveness::Settling)
        return {livenessLabel(worker.liveness), Tone::Gone};
    if (worker.flags.testFlag(WorkerFlag::ClockSkew) && worker.clockSkew != unknownValue)
        return {offsetText(-qint64(worker.clockSkew)), Tone::Late, true};
    if (isNew(worker))
        return {FleetWords::tr("new %1").arg(countText(now - worker.firstSeenAt)), Tone::Alive};
    if (worker.flags.testFlag(WorkerFlag::Returned) && now - worker.returnedAt < 15 * 60'000)
        return {FleetWords::tr("returned"), Tone::Alive};
    return {};
}

} // namespace
StatusWords statusWords(const FleetStore &store, WorkerHandle handle, qint64 now, qint64 drainTimeout, const QString &frozen)
{
    const Worker &worker = store.worker(handle);
    if (worker.liveness == Liveness::Departed || worker.liveness == Liveness::Zombie)
        return endedWords(worker, now);
    StatusWords words;
    if (worker.liveness == Liveness::Ghost) {
        words.text = ghostText(worker);
        words.textTone = Tone::Zombie;
        return words;
    }
    const bool draining = worker.status == WorkerStatus::Draining;
    const bool wrongType = worker.flags.testFlag(WorkerFlag::WrongType);
    words.text = wrongType ? FleetWords::tr("not a hash")
                 : draining && worker.activeSessions > 0
                     ? FleetWords::tr("draining %1")
                           .arg(worker.traits->isLaidOut() ? worker.traits->countedJobs(worker.activeSessions)
                                                           : QString::number(worker.activeSessions))
                 : isDrained(worker) ? FleetWords::tr("drained")
                                     : reportedStatus(store, handle);
    if (!frozen.isEmpty()) {
        words.badge = frozen;
        words.badgeTone = Tone::Gone;
        return words;
    }
    // No status is reported where nothing is known to be there.
    if (worker.liveness == Liveness::Unknown && worker.flags.testFlag(WorkerFlag::Unheard)) {
        words.text = FleetWords::tr("nothing to do, silent");
        words.textTone = Tone::Gone;
        return words;
    }
    StatusWords own = ownWords(store, handle);
    if (!own.badge.isEmpty())
        return own;
    const Badge badge = badgeOf(store, handle, now, drainTimeout);
    if (!own.text.isEmpty()) {
        words.text = own.text;
        words.textTone = own.textTone;
    }
    words.badge = badge.text;
    words.badgeTone = badge.tone;
    words.clockBadge = badge.clock;
    if (wrongType && badge.text.isEmpty())
        words.textTone = Tone::Stale;
    else if (!own.text.isEmpty())
        return words;
    else if (draining || worker.status == WorkerStatus::ShuttingDown)
        words.textTone = Tone::Drain;
    return words;
}

QString stateSentence(const FleetStore &store, WorkerHandle handle, qint64 now)
{
    const Worker &worker = store.worker(handle);
    const SourceTraits &traits = *worker.traits;
    const QString ended = countText(now - worker.endedAt);
    switch (worker.liveness) {
    case Liveness::Departed:
        return FleetWords::tr("%1 %2 ago", "how a worker ended, and when").arg(livenessLabel(worker), ended);
    case Liveness::Zombie:
        return (worker.end == WorkerEnd::Unseen    ? FleetWords::tr("zombie, end not seen, found %1 ago")
                : worker.end == WorkerEnd::Crashed ? FleetWords::tr("crashed, key gone %1 ago")
                                                   : FleetWords::tr("zombie, lost %1 ago"))
            .arg(ended);
    case Liveness::Stale:
    case Liveness::Late: {
        const qint32 left = worker.ttlLeftAt(now);
        if (!traits.registers())
            return livenessLabel(worker.liveness);
        return left > 0
                   ? FleetWords::tr("%1 · expires in %2", "late or stale").arg(livenessLabel(worker.liveness), countText(left))
                   : FleetWords::tr("%1 · expired", "late or stale").arg(livenessLabel(worker.liveness));
    }
    case Liveness::Settling:
        if (nobodyListens(worker))
            break;
        return settlingText(store, handle, now);
    case Liveness::Crashed:
        return FleetWords::tr("crashed: no process listens on its command channel");
    case Liveness::Hung:
        return FleetWords::tr("hung: its process listens but sends no heartbeats");
    case Liveness::Ghost:
        return ghostText(worker);
    case Liveness::KeyLost:
        return FleetWords::tr("key lost, watching");
    case Liveness::NoTtl:
        return traits.registers() ? FleetWords::tr("registered without an end") : FleetWords::tr("key without TTL");
    case Liveness::Unknown: {
        const SourceStatus status = store.sourceStatus(worker.source);
        if (!status.isConnected() && status.lostAt > 0)
            return FleetWords::tr("unknown since %1").arg(clockText(status.lostAt));
        if (status.isConnected() && worker.flags.testFlag(WorkerFlag::Unheard))
            return FleetWords::tr("nothing to do, silent");
        return worker.flags.testFlag(WorkerFlag::WrongType) ? FleetWords::tr("unreadable") : livenessLabel(worker.liveness);
    }
    case Liveness::Alive:
        break;
    }
    if (const StatusWords own = ownWords(store, handle); !own.badge.isEmpty())
        return FleetWords::tr("%1, %2", "a status and a state: idle, deaf").arg(own.text, own.badge);
    else if (!own.text.isEmpty() && worker.capacity > 0 && worker.activeSessions != unknownValue
             && own.textTone == Tone::Ordinary)
        return FleetWords::tr("%1, %2 of %3 busy")
            .arg(reportedStatus(store, handle))
            .arg(worker.activeSessions)
            .arg(worker.capacity);
    else if (!own.text.isEmpty())
        return own.text;
    if (worker.status == WorkerStatus::Draining && worker.flags.testFlag(WorkerFlag::DrainedByOperator)) {
        if (worker.flags.testFlag(WorkerFlag::Leaving))
            return FleetWords::tr("drained by an operator, then sent a shutdown");
        return worker.flags.testFlag(WorkerFlag::DrainUnseen)
                   ? FleetWords::tr("drained by an operator before this console was watching")
                   : FleetWords::tr("drained by an operator, stays up");
    }
    if (worker.flags.testFlag(WorkerFlag::DrainUndone))
        return FleetWords::tr("alive, an operator's drain was undone");
    if (worker.status == WorkerStatus::Draining)
        return traits.of(Act::Drain).proof == ActProof::Answer ? FleetWords::tr("accepted a drain, stays registered")
                                                               : drainingText(store, worker, now);
    if (worker.status == WorkerStatus::ShuttingDown)
        return traits.of(Act::Shutdown).proof == ActProof::Answer ? FleetWords::tr("accepted a shutdown")
                                                                  : statusLabel(worker.status);
    return isNew(worker) ? FleetWords::tr("alive, new") : livenessLabel(worker.liveness);
}

QStringList findings(const FleetStore &store, WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    const bool registers = worker.traits->registers();
    const bool leaving = worker.flags.testFlag(WorkerFlag::Leaving);
    QStringList lines = store.problems(handle);
    const auto addIf = [&](WorkerFlag flag, const QString &text) {
        if (worker.flags.testFlag(flag))
            lines.append(text);
    };
    if (lines.isEmpty()) {
        addIf(WorkerFlag::WrongType, FleetWords::tr("its key is not a hash"));
        addIf(WorkerFlag::BadField, FleetWords::tr("a field is missing or cannot be read"));
    }
    addIf(WorkerFlag::TooLarge, FleetWords::tr("a field is too large to be read"));
    addIf(WorkerFlag::NegativeSessions, FleetWords::tr("its session counter is below zero"));
    addIf(WorkerFlag::BadCounter, FleetWords::tr("a session counter is not a whole number in range"));
    if (worker.liveness == Liveness::Crashed)
        lines.append(FleetWords::tr("no process listens on its command channel: the process died"));
    if (worker.end == WorkerEnd::Crashed)
        lines.append(FleetWords::tr("its process had died before its key expired"));
    if (isDying(worker) && worker.liveness != Liveness::Crashed && worker.liveness != Liveness::Ghost)
        addIf(WorkerFlag::Listener, FleetWords::tr("its process still listens: it is hung, or its heartbeats do not arrive"));
    addIf(WorkerFlag::DrainForgotten,
          FleetWords::tr("reports available again while it is draining: it takes no further command"));
    addIf(WorkerFlag::DrainUndone,
          FleetWords::tr("it registered again, which undid an operator's drain: it takes sessions and stays"));
    addIf(WorkerFlag::Leaving,
          FleetWords::tr("it was sent a shutdown during an operator's drain: it is leaving and cannot be resumed"));
    if (!leaving)
        addIf(WorkerFlag::DrainUnseen,
              FleetWords::tr("its drain began before this console was watching: that it is still in force cannot be proven"));
    if (worker.liveness == Liveness::NoTtl)
        lines.append(registers ? FleetWords::tr("its registration has no end: the hub received none that it understood")
                               : FleetWords::tr("its key never expires: an incomplete registration, or written by hand"));
    addIf(WorkerFlag::NoCounters, FleetWords::tr("in no counter hash: no proxy selects it"));
    if (worker.liveness == Liveness::Zombie)
        lines.append(worker.end == WorkerEnd::Unseen
                         ? FleetWords::tr("counters without a key, and its end was not seen: the reaper removes them")
                         : FleetWords::tr("lost, counters left: the reaper removes them"));
    else if (worker.liveness == Liveness::Departed)
        addIf(WorkerFlag::CountersLeft, FleetWords::tr("ended in order; its counters are left for the reaper"));
    if (worker.liveness == Liveness::Ghost)
        lines.append(ageBasis(worker) == BeatBasis::Events
                         ? FleetWords::tr("its binding is in Redis and it is not heard: it died, or is stopped")
                     : worker.flags.testFlag(WorkerFlag::Listener)
                         ? FleetWords::tr("it is in the registry and has no key, and its channel has a listener: it may be alive")
                         : FleetWords::tr("it is in the registry and has no key: its process died"));
    if ((worker.liveness == Liveness::Ghost || worker.end == WorkerEnd::Expired || worker.end == WorkerEnd::Crashed)
        && !worker.traits->killed.isEmpty())
        lines.append(traitText(worker.traits->killed));
    // The word of the fleet stands in its row: what it means for this one is another matter.
    if (const FleetPause *pause = store.queues().fleetPause(worker.source, worker.traits->layout);
        pause && pause->isPaused() && worker.endedAt == 0) {
        lines.append(fleetPauseText(store, worker.source, *pause));
        const QString means = traitText(worker.traits->of(Act::PauseFleet).means);
        if (worker.status != WorkerStatus::Paused && !means.isEmpty())
            lines.append(means);
    }
    addIf(WorkerFlag::Deaf,
          FleetWords::tr("it received a command and did nothing in the time that takes: it is deaf, or its process is stopped"));
    if (worker.liveness != Liveness::Crashed) // That says so already.
        addIf(WorkerFlag::NobodyListens,
              FleetWords::tr("no process listens on its command channel: it is gone, or too old to take commands"));
    addIf(WorkerFlag::NotConsuming,
          worker.status == WorkerStatus::Draining
              ? FleetWords::tr("it beats and serves no queue: it was drained, and the journal here does not say by whom")
              : FleetWords::tr("it beats, jobs wait in its queues, and it takes none"));
    addIf(WorkerFlag::NotAsked,
          FleetWords::tr("it says whether it takes work only when asked, which is done where writing is unlocked: until then "
                         "that is unknown, and it does not count as available"));
    if (const OrderNote *drain = store.recordedDrain(handle)) {
        const QString at = clockText(drain->at);
        lines.append(
            isStatusAssumed(worker)
                ? FleetWords::tr("the journal has that %1 drained it at %2: whether it still is, it says only when asked")
                      .arg(drain->by, at)
                : FleetWords::tr("it serves no queue: %1 drained it at %2, as the journal has it").arg(drain->by, at));
    }
    addIf(WorkerFlag::Incomplete, worker.ttlAtRead == -2
                                      ? FleetWords::tr("its channel has a listener, and there is no key")
                                      : FleetWords::tr("its key lacks facts: it was lost and is written only in part"));
    addIf(WorkerFlag::Unregistered, FleetWords::tr("it is alive and in no registry"));
    addIf(WorkerFlag::StillWorking, FleetWords::tr("it said that it leaves and may still be at work: no beats are expected"));
    const bool byClock = ageBasis(worker) == BeatBasis::Stamp;
    if (worker.clockSkew != unknownValue && byClock)
        addIf(WorkerFlag::ClockSkew, FleetWords::tr("its clock is off by %1").arg(offsetText(-qint64(worker.clockSkew))));
    else if (worker.clockSkew != unknownValue)
        addIf(WorkerFlag::ClockSkew,
              FleetWords::tr("its clock is off by %1; ages shown here do not use it").arg(offsetText(-qint64(worker.clockSkew))));
    if (worker.liveness == Liveness::NoTtl)
        addIf(WorkerFlag::AgeEstimated, FleetWords::tr("its age is from its own clock: its key has no TTL"));
    else if (worker.endedAt == 0)
        addIf(WorkerFlag::AgeEstimated,
              FleetWords::tr("its age is an estimate until a heartbeat is seen, and makes it neither late nor stale"));
    addIf(WorkerFlag::Unheard,
          FleetWords::tr("it has nothing to do and made no call for a while: whether it waits or is gone is not known"));
    // For an actor "Renewed" says how its times are known; of calls Redis itself knows the times.
    if (!registers && worker.traits->basis != BeatBasis::Calls)
        addIf(WorkerFlag::PolledBeats, FleetWords::tr("heartbeats are seen by polling: their times are approximate"));
    addIf(WorkerFlag::Untyped, FleetWords::tr("id without a browser type: a fleet before 0.1.0"));
    addIf(WorkerFlag::Returned, registers ? FleetWords::tr("was gone before, and registered the same address again")
                                          : FleetWords::tr("ended before and came back under the same id"));
    return lines;
}

QString drainText(const DrainNote &note)
{
    if (note.by.isEmpty())
        return {};
    const QString by =
        note.at > 0 ? FleetWords::tr("by %1 at %2").arg(note.by, wallClockText(note.at)) : FleetWords::tr("by %1").arg(note.by);
    return note.reason.isEmpty() ? by : FleetWords::tr("%1: %2", "who drained, and why").arg(by, note.reason);
}

QString plainId(const Worker &worker)
{
    return QString::fromUtf8(bareId(worker));
}

QString keyText(const Worker &worker)
{
    return QString::fromUtf8(worker.traits->prefixOf(worker.child) + worker.id);
}

} // namespace pulsedeck
