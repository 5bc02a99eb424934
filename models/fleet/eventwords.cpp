// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/eventwords.h"

#include "models/core/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class EventWords
{
    Q_DECLARE_TR_FUNCTIONS(EventWords)
};

using EventKind = FleetEventKind;

struct EventRow
{
    EventKind kind;
    bool (*fits)(const FleetEvent &event, const SourceTraits &traits); ///< Null: always.
    EventTone tone;
    const char *line; ///< %1 and %2: the event's two values.
    const char *step = nullptr;
    const char *sentence = nullptr; ///< %1: the worker, %2: the event's first value.
};

bool ofRegistered(const FleetEvent &, const SourceTraits &traits)
{
    return traits.basis == BeatBasis::Registration;
}

template <WorkerEnd end> bool endIs(const FleetEvent &event, const SourceTraits &)
{
    return WorkerEnd(event.a) == end;
}

template <WorkerEnd end> bool registeredEnd(const FleetEvent &event, const SourceTraits &traits)
{
    return traits.basis == BeatBasis::Registration && WorkerEnd(event.a) == end;
}

template <WorkerEnd end> bool connectedEnd(const FleetEvent &event, const SourceTraits &traits)
{
    return traits.basis == BeatBasis::Connection && WorkerEnd(event.a) == end;
}

/// Known by their messages: they have no keys.
bool ofMessages(const FleetEvent &, const SourceTraits &traits)
{
    return traits.basis == BeatBasis::Events;
}

template <WorkerEnd end> bool messagesEnd(const FleetEvent &event, const SourceTraits &traits)
{
    return traits.basis == BeatBasis::Events && WorkerEnd(event.a) == end;
}

bool ofLaidOut(const FleetEvent &, const SourceTraits &traits)
{
    return traits.isLaidOut();
}

/// Of a system of which no key of a worker's own is known to begin and end with it.
template <WorkerEnd end> bool laidOutEnd(const FleetEvent &event, const SourceTraits &traits)
{
    return traits.isLaidOut() && WorkerEnd(event.a) == end;
}

/// Nothing expires: its beats did not come.
bool ofBeats(const FleetEvent &, const SourceTraits &traits)
{
    return traits.isLaidOut() && traits.basis != BeatBasis::KeyTtl && traits.basis != BeatBasis::Connection;
}

template <WorkerEnd end> bool beatsEnd(const FleetEvent &event, const SourceTraits &traits)
{
    return ofBeats(event, traits) && WorkerEnd(event.a) == end;
}

bool isShutDown(const FleetEvent &event, const SourceTraits &traits)
{
    return registeredEnd<WorkerEnd::Drained>(event, traits) && WorkerStatus(event.b) == WorkerStatus::ShuttingDown;
}

bool drains(const FleetEvent &event, const SourceTraits &)
{
    return WorkerStatus(event.b) == WorkerStatus::Draining || WorkerStatus(event.b) == WorkerStatus::ShuttingDown;
}

bool isAbove(const FleetEvent &event, const SourceTraits &)
{
    return event.a > 0;
}

bool isBelow(const FleetEvent &event, const SourceTraits &)
{
    return event.a < 0;
}

/// Its system's registry still has it.
bool isGhost(const FleetEvent &event, const SourceTraits &)
{
    return event.b == 1;
}

bool isGhostAtWork(const FleetEvent &event, const SourceTraits &traits)
{
    return isGhost(event, traits) && event.a > 0;
}

/// The first row that fits counts.
constexpr auto eventRows = std::to_array<EventRow>({
    {EventKind::Registered, nullptr, EventTone::Ordinary, QT_TRANSLATE_NOOP("EventWords", "registered")},
    {EventKind::Found, isAbove, EventTone::Ordinary, QT_TRANSLATE_NOOP("EventWords", "already there when the console found it")},
    {EventKind::Found, nullptr, EventTone::Ordinary, QT_TRANSLATE_NOOP("EventWords", "already there when the console connected")},
    {EventKind::Returned, ofRegistered, EventTone::Good, QT_TRANSLATE_NOOP("EventWords", "registered again after %1"), "returned",
     QT_TRANSLATE_NOOP("EventWords", "%1 registered again after %2")},
    {EventKind::Returned, nullptr, EventTone::Good, QT_TRANSLATE_NOOP("EventWords", "returned under the same id after %1"),
     "returned", QT_TRANSLATE_NOOP("EventWords", "%1 returned under the same id after %2")},
    {EventKind::StatusChanged, drains, EventTone::Draining, "%1 → %2"},
    {EventKind::StatusChanged, nullptr, EventTone::Ordinary, "%1 → %2"},
    {EventKind::SessionsChanged, ofLaidOut, EventTone::Ordinary, QT_TRANSLATE_NOOP("EventWords", "at work: %1 → %2")},
    {EventKind::SessionsChanged, nullptr, EventTone::Ordinary, QT_TRANSLATE_NOOP("EventWords", "sessions %1 → %2")},
    {EventKind::BeatGap, ofRegistered, EventTone::Late, QT_TRANSLATE_NOOP("EventWords", "no renewal for %1, expected after %2")},
    {EventKind::BeatGap, nullptr, EventTone::Late, QT_TRANSLATE_NOOP("EventWords", "beat gap %1, expected %2")},
    {EventKind::WentLate, ofRegistered, EventTone::Late, QT_TRANSLATE_NOOP("EventWords", "late, last renewal %1 ago")},
    {EventKind::WentLate, nullptr, EventTone::Late, QT_TRANSLATE_NOOP("EventWords", "late, last beat %1 ago")},
    {EventKind::WentStale, ofRegistered, EventTone::Dead, QT_TRANSLATE_NOOP("EventWords", "stale, last renewal %1 ago"), "stale",
     QT_TRANSLATE_NOOP("EventWords", "%1 is stale: its last renewal was %2 ago")},
    {EventKind::WentStale, nullptr, EventTone::Dead, QT_TRANSLATE_NOOP("EventWords", "stale, last beat %1 ago"), "stale",
     QT_TRANSLATE_NOOP("EventWords", "%1 is stale: its last beat was %2 ago")},
    {EventKind::WentHung, nullptr, EventTone::Dead,
     QT_TRANSLATE_NOOP("EventWords", "hung, last beat %1 ago, but its process still listens"), "hung",
     QT_TRANSLATE_NOOP("EventWords", "%1 is hung: its last beat was %2 ago, but its process still listens")},
    {EventKind::KeyExpired, ofRegistered, EventTone::Dead,
     QT_TRANSLATE_NOOP("EventWords", "registration expired without being renewed"), "lost",
     QT_TRANSLATE_NOOP("EventWords", "%1 was lost: its registration expired without being renewed")},
    {EventKind::KeyExpired, endIs<WorkerEnd::Crashed>, EventTone::Dead,
     QT_TRANSLATE_NOOP("EventWords", "key expired; its process had died before"), "lost",
     QT_TRANSLATE_NOOP("EventWords", "%1 was lost: it had crashed, and its key expired")},
    {EventKind::KeyExpired, ofBeats, EventTone::Dead, QT_TRANSLATE_NOOP("EventWords", "no beat came in time"), "lost",
     QT_TRANSLATE_NOOP("EventWords", "%1 was lost: no beat came in time")},
    {EventKind::KeyExpired, nullptr, EventTone::Dead, QT_TRANSLATE_NOOP("EventWords", "key expired without being renewed"),
     "lost", QT_TRANSLATE_NOOP("EventWords", "%1 was lost: its key expired without being renewed")},
    {EventKind::CountersLeft, nullptr, EventTone::Zombie,
     QT_TRANSLATE_NOOP("EventWords", "key gone, counters left for the reaper")},
    {EventKind::CountersReaped, ofLaidOut, EventTone::Zombie, QT_TRANSLATE_NOOP("EventWords", "its entry was removed")},
    {EventKind::CountersReaped, nullptr, EventTone::Zombie, QT_TRANSLATE_NOOP("EventWords", "counters removed")},
    {EventKind::Ended, registeredEnd<WorkerEnd::Left>, EventTone::Gone,
     QT_TRANSLATE_NOOP("EventWords", "left: its registration was removed, or its connection ended"), "ended",
     QT_TRANSLATE_NOOP("EventWords", "%1 ended: its registration was removed, or its connection ended")},
    {EventKind::Ended, registeredEnd<WorkerEnd::Expired>, EventTone::Gone,
     QT_TRANSLATE_NOOP("EventWords", "gone: its registration expired"), "ended",
     QT_TRANSLATE_NOOP("EventWords", "%1 ended: its registration expired")},
    {EventKind::Ended, registeredEnd<WorkerEnd::Unseen>, EventTone::Gone,
     QT_TRANSLATE_NOOP("EventWords", "gone unseen: no longer registered when the hub was read again"), "ended",
     QT_TRANSLATE_NOOP("EventWords", "%1 ended unseen: it was no longer registered when the hub was read again")},
    {EventKind::Ended, isShutDown, EventTone::Gone, QT_TRANSLATE_NOOP("EventWords", "gone after the shutdown"), "ended",
     QT_TRANSLATE_NOOP("EventWords", "%1 ended after the shutdown")},
    {EventKind::Ended, endIs<WorkerEnd::Drained>, EventTone::Gone, QT_TRANSLATE_NOOP("EventWords", "gone after its drain"),
     "ended", QT_TRANSLATE_NOOP("EventWords", "%1 ended after its drain")},
    {EventKind::Ended, connectedEnd<WorkerEnd::Left>, EventTone::Gone,
     QT_TRANSLATE_NOOP("EventWords", "gone: its connection ended, and why cannot be known"), "ended",
     QT_TRANSLATE_NOOP("EventWords", "%1 ended, or connected again under another address: its connection ended")},
    {EventKind::Ended, messagesEnd<WorkerEnd::Left>, EventTone::Gone,
     QT_TRANSLATE_NOOP("EventWords", "left: it said that it is offline"), "ended",
     QT_TRANSLATE_NOOP("EventWords", "%1 ended: it said that it is offline")},
    {EventKind::Ended, messagesEnd<WorkerEnd::KeyRemoved>, EventTone::Gone,
     QT_TRANSLATE_NOOP("EventWords", "a ghost before, its binding was removed"), "ended",
     QT_TRANSLATE_NOOP("EventWords", "%1 was a ghost, and its binding was removed")},
    {EventKind::Ended, laidOutEnd<WorkerEnd::Left>, EventTone::Gone,
     QT_TRANSLATE_NOOP("EventWords", "left: it removed its entry"), "ended",
     QT_TRANSLATE_NOOP("EventWords", "%1 ended: it removed its entry")},
    {EventKind::Ended, endIs<WorkerEnd::Left>, EventTone::Gone, QT_TRANSLATE_NOOP("EventWords", "left: removed its own key"),
     "ended", QT_TRANSLATE_NOOP("EventWords", "%1 ended: it removed its own key")},
    {EventKind::Ended, beatsEnd<WorkerEnd::Expired>, EventTone::Gone,
     QT_TRANSLATE_NOOP("EventWords", "gone: no beat came in time"), "ended",
     QT_TRANSLATE_NOOP("EventWords", "%1 ended: no beat came in time")},
    {EventKind::Ended, endIs<WorkerEnd::Expired>, EventTone::Gone, QT_TRANSLATE_NOOP("EventWords", "gone: its key expired"),
     "ended", QT_TRANSLATE_NOOP("EventWords", "%1 ended: its key expired")},
    {EventKind::Ended, endIs<WorkerEnd::Crashed>, EventTone::Gone,
     QT_TRANSLATE_NOOP("EventWords", "crashed: its process died, then its key expired"), "ended",
     QT_TRANSLATE_NOOP("EventWords", "%1 ended: its process died, then its key expired")},
    {EventKind::Ended, endIs<WorkerEnd::KeyRemoved>, EventTone::Gone,
     QT_TRANSLATE_NOOP("EventWords", "dead before, its key or its registration was removed"), "ended",
     QT_TRANSLATE_NOOP("EventWords", "%1 was dead, and its key or its registration was removed")},
    {EventKind::Ended, endIs<WorkerEnd::Unseen>, EventTone::Gone,
     QT_TRANSLATE_NOOP("EventWords", "gone while there was no connection"), "ended",
     QT_TRANSLATE_NOOP("EventWords", "%1 ended while there was no connection")},
    {EventKind::Ended, nullptr, EventTone::Gone, QT_TRANSLATE_NOOP("EventWords", "gone"), "ended",
     QT_TRANSLATE_NOOP("EventWords", "%1 ended")},
    {EventKind::CommandSeen, isAbove, EventTone::Command,
     QT_TRANSLATE_NOOP("EventWords", "shutdown command written, expires in %1")},
    {EventKind::CommandSeen, nullptr, EventTone::Command, QT_TRANSLATE_NOOP("EventWords", "shutdown command written")},
    {EventKind::CommandGone, nullptr, EventTone::Ordinary, QT_TRANSLATE_NOOP("EventWords", "command key gone")},
    {EventKind::ListenerLost, nullptr, EventTone::Dead,
     QT_TRANSLATE_NOOP("EventWords", "crashed: no process listens on its command channel any more"), "crashed",
     QT_TRANSLATE_NOOP("EventWords", "%1 crashed: no process listens on its command channel any more")},
    {EventKind::DrainForgotten, nullptr, EventTone::Late,
     QT_TRANSLATE_NOOP("EventWords", "reports available again while it is draining"), "drain-forgotten",
     QT_TRANSLATE_NOOP("EventWords", "%1 reports available again while it is draining")},
    {EventKind::DrainUndone, nullptr, EventTone::Late,
     QT_TRANSLATE_NOOP("EventWords", "registered again, which undid an operator's drain"), "drain-undone",
     QT_TRANSLATE_NOOP("EventWords", "%1 registered again, which undid an operator's drain: it takes sessions and stays")},
    {EventKind::KeyLost, ofMessages, EventTone::Late,
     QT_TRANSLATE_NOOP("EventWords", "a ghost: its binding is in Redis, and it is not heard"), "ghost",
     QT_TRANSLATE_NOOP("EventWords", "%1 is a ghost: its binding is in Redis, and it is not heard")},
    {EventKind::KeyLost, isGhostAtWork, EventTone::Zombie,
     QT_TRANSLATE_NOOP("EventWords", "a ghost: its key is gone, and it did not leave the registry; %1 at work when last read"),
     "ghost",
     QT_TRANSLATE_NOOP(
         "EventWords",
         "%1 is a ghost: its key is gone, and it did not leave the registry; it had %2 at work when it was last read")},
    {EventKind::KeyLost, isGhost, EventTone::Zombie,
     QT_TRANSLATE_NOOP("EventWords", "a ghost: its key is gone, and it did not leave the registry"), "ghost",
     QT_TRANSLATE_NOOP("EventWords", "%1 is a ghost: its key is gone, and it did not leave the registry")},
    {EventKind::KeyLost, nullptr, EventTone::Late,
     QT_TRANSLATE_NOOP("EventWords", "its key is lost: watched until it returns or is certainly gone"), "key-lost",
     QT_TRANSLATE_NOOP("EventWords", "%1 lost its key; it may be alive, and is watched until it returns or is certainly gone")},
    {EventKind::ProblemSeen, nullptr, EventTone::Late, QT_TRANSLATE_NOOP("EventWords", "a field cannot be read"), "problem",
     QT_TRANSLATE_NOOP("EventWords", "%1 has a field that cannot be read")},
    {EventKind::ClockSkewSeen, isBelow, EventTone::Late, QT_TRANSLATE_NOOP("EventWords", "its clock is %1 ahead"), "clock-skew",
     QT_TRANSLATE_NOOP("EventWords", "%1 has a clock that is %2 ahead")},
    {EventKind::ClockSkewSeen, nullptr, EventTone::Late, QT_TRANSLATE_NOOP("EventWords", "its clock is %1 behind"), "clock-skew",
     QT_TRANSLATE_NOOP("EventWords", "%1 has a clock that is %2 behind")},
    {EventKind::SourceLost, nullptr, EventTone::Late, QT_TRANSLATE_NOOP("EventWords", "connection to the source lost")},
    {EventKind::SourceBack, nullptr, EventTone::Ordinary, QT_TRANSLATE_NOOP("EventWords", "connection restored after %1")},
});

struct SummaryRow
{
    const char *step;
    const char *text; ///< %1: the names.
};

constexpr auto summaryRows = std::to_array<SummaryRow>({
    {"lost", QT_TRANSLATE_N_NOOP("EventWords", "%Ln workers were lost: their keys or registrations expired: %1")},
    {"ended", QT_TRANSLATE_N_NOOP("EventWords", "%Ln workers ended: %1")},
    {"returned", QT_TRANSLATE_N_NOOP("EventWords", "%Ln workers returned: %1")},
    {"stale", QT_TRANSLATE_N_NOOP("EventWords", "%Ln workers are stale: %1")},
    {"hung", QT_TRANSLATE_N_NOOP("EventWords", "%Ln workers are hung: their processes listen but send no heartbeats: %1")},
    {"crashed",
     QT_TRANSLATE_N_NOOP("EventWords", "%Ln workers crashed: no processes listen on their command channels any more: %1")},
    {"drain-forgotten", QT_TRANSLATE_N_NOOP("EventWords", "%Ln workers report available again while they are draining: %1")},
    {"drain-undone", QT_TRANSLATE_N_NOOP("EventWords", "%Ln workers registered again, which undid operators' drains: %1")},
    {"key-lost", QT_TRANSLATE_N_NOOP("EventWords", "%Ln workers lost their keys and may be alive: %1")},
    {"ghost", QT_TRANSLATE_N_NOOP("EventWords", "%Ln workers are ghosts: still in a registry, and without a key or a beat: %1")},
    {"problem", QT_TRANSLATE_N_NOOP("EventWords", "%Ln workers have fields that cannot be read: %1")},
    {"clock-skew", QT_TRANSLATE_N_NOOP("EventWords", "%Ln workers have clocks that are off: %1")},
});

const EventRow &rowOf(const FleetEvent &event, const SourceTraits &traits)
{
    return *std::find_if(eventRows.begin(), eventRows.end(),
                         [&](const EventRow &row) { return row.kind == event.kind && (!row.fits || row.fits(event, traits)); });
}

QString valueText(const FleetEvent &event, qint32 value)
{
    if (event.kind == EventKind::StatusChanged)
        return statusLabel(WorkerStatus(value));
    const bool counts = event.kind == EventKind::SessionsChanged || event.kind == EventKind::KeyLost;
    return counts ? QString::number(value) : durationText(qAbs(qint64(value)));
}

/// \a text with as many of the two values as it has places for.
QString filled(const QString &text, const QString &first, const QString &second)
{
    if (text.contains("%2"_L1))
        return text.arg(first, second);
    return text.contains("%1"_L1) ? text.arg(first) : text;
}

} // namespace

EventTone eventTone(const FleetEvent &event)
{
    return rowOf(event, *TraitsRef()).tone;
}

QString eventText(const FleetEvent &event, const SourceTraits &traits)
{
    return filled(EventWords::tr(rowOf(event, traits).line), valueText(event, event.a), valueText(event, event.b));
}

QString eventStep(const FleetEvent &event)
{
    return QString::fromLatin1(rowOf(event, *TraitsRef()).step);
}

QString eventSentence(const FleetEvent &event, const SourceTraits &traits, const QString &who)
{
    return filled(EventWords::tr(rowOf(event, traits).sentence), who, valueText(event, event.a));
}

QString eventSummary(const QString &step, int count, const QStringList &named)
{
    const auto row = std::find_if(summaryRows.begin(), summaryRows.end(),
                                  [&](const SummaryRow &one) { return step == QLatin1StringView(one.step); });
    return EventWords::tr(row->text, nullptr, count).arg(withRest(named, count));
}

QString withRest(const QStringList &named, int count)
{
    const int rest = count - int(named.size());
    const QString names = named.join(u", "_s);
    return rest > 0 ? EventWords::tr("%1 and %Ln more", nullptr, rest).arg(names) : names;
}

} // namespace pulsedeck
