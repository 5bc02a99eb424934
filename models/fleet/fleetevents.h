// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <deque>
#include <vector>

namespace pulsedeck {

enum class FleetEventKind : quint8 {
    Registered, ///< First seen by this console while connected.
    Found, ///< There already when the console connected.
    Returned, ///< a: milliseconds it was away.
    StatusChanged, ///< a, b: WorkerStatus before and after.
    SessionsChanged, ///< a, b: active sessions before and after.
    BeatGap, ///< A beat that came late. a: gap ms, b: expected interval ms.
    WentLate, ///< a: age ms.
    WentStale, ///< a: age ms.
    WentHung, ///< Stale while its process still listens. a: age ms.
    KeyExpired, ///< The key reached its TTL. a: WorkerEnd, which says whether its process had died before.
    CountersLeft, ///< The key is gone and counters are still there.
    CountersReaped,
    Ended, ///< a: WorkerEnd, b: the WorkerStatus it said last.
    CommandSeen, ///< a: ms until the command key expires.
    CommandGone, ///< The command key is no longer there: read, withdrawn or expired.
    ListenerLost, ///< It crashed: no process listens on its command channel any more.
    DrainForgotten,
    DrainUndone, ///< A drain an operator ordered was undone when the worker registered again.
    KeyLost, ///< Its key vanished, and it did not end in order. a: how much it had at work; b: 1: it is still in its system's
             ///< registry, a ghost; 0: sessions or a listener say that it may live.
    ProblemSeen, ///< A field became unreadable.
    ClockSkewSeen, ///< a: skew ms.
    SourceLost,
    SourceBack, ///< a: ms without connection.
};

struct FleetEvent
{
    qint64 at = 0; ///< Console's clock.
    quint32 worker = 0; ///< Worker::serial; 0 for the whole source.
    qint32 a = 0;
    qint32 b = 0;
    SourceId source = 0;
    FleetEventKind kind = FleetEventKind::Registered;
};

/// What happened, newest last, in two bounded rings: session changes have their own, so that those of a busy fleet never push
/// out what matters. At the bound the oldest events are dropped, and dropped() counts them.
class FleetEvents
{
public:
    static constexpr int maxEvents = 100'000;
    static constexpr int maxRoutine = 50'000;

    void append(const FleetEvent &event);
    /// The events of one worker (and of its source as a whole), oldest first, at most \a most of the newest. Session changes
    /// only fill what the others leave: they never push one out.
    std::vector<FleetEvent> ofWorker(quint32 serial, SourceId source, int most) const;
    /// How many events other than session changes came since the beginning, those that gave way included.
    quint64 appended() const { return m_appended; }
    /// Of those the ones after the first \a sequence, oldest first, at most \a most; without those that gave way. The last
    /// one returned is number max(sequence, firstKept()) + size.
    std::vector<FleetEvent> since(quint64 sequence, int most) const;
    /// since() finds nothing older than this.
    quint64 firstKept() const { return m_appended - m_events.size(); }
    qint64 dropped() const { return m_dropped; }
    int size() const { return int(m_events.size() + m_routine.size()); }

private:
    std::deque<FleetEvent> m_events;
    std::deque<FleetEvent> m_routine;
    quint64 m_appended = 0;
    qint64 m_dropped = 0;
};

} // namespace pulsedeck
