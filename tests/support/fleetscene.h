// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/fleet/sourcelistmodel.h"
#include "tests/support/stepclock.h"

#include <QHash>

#include <vector>

namespace pulsedeck {

/// A fleet made up for looking and for GUI tests: a stepped clock, a store filled through batches as a source would
/// fill it, and workers in every state with the histories that led there. The same numbers give the same fleet.
class FleetScene
{
public:
    enum class Part {
        Healthy,
        Jittery,
        Gappy,
        Late,
        LateByMuch,
        Stale,
        Crashed,
        Hung,
        Draining,
        DrainOverdue,
        ShuttingDown,
        Zombie,
        FreshZombie,
        OnlyCounters,
        New,
        JustNew,
        Returned,
        Skewed,
        Commanded,
        NoTtl,
        BadField,
        WrongType,
        Drained,
        Left,
        Expired,
        OtherStatus,
        NegativeSessions,
    };
    static constexpr int exceptionCount = 25;

    /// \a workers in all, over two sources; \a exceptions: how many of them are something else than healthy (-1: each
    /// kind once, as far as they fit). The clock stands where all is as told, two minutes and more of beats behind it.
    explicit FleetScene(int workers, int exceptions = -1, int seconds = 130);

    /// Steps the clock, lets healthy workers beat on, and publishes every \a publishEveryMs.
    void advance(qint64 ms, qint64 publishEveryMs = 250);
    /// Adds one healthy worker that registers now, and publishes. Returns its handle.
    WorkerHandle addWorker(Part part = Part::JustNew);
    /// The first worker playing \a part, noWorker if the scene has none.
    WorkerHandle find(Part part) const;
    /// Lets a healthy worker fall silent from now on.
    void silence(WorkerHandle handle);
    /// The source's condition; workers stand still while it is not connected.
    void setState(SourceId source, SourceState state, const QString &message = {}, const QString &hint = {},
                  SourceTrouble trouble = SourceTrouble::LoginRefused);
    void setLoading(SourceId source, int loaded, int total);

    static constexpr SourceId prod = 1;
    static constexpr SourceId staging = 2;

    StepClock clock;
    FleetStore store{clock};
    SourceListModel sources{store};

private:
    struct Actor
    {
        Part part = Part::Healthy;
        SourceId source = prod;
        WorkerNumber number = 0;
        qint64 nextBeat = 0;
        qint64 beatAt = 0;
        qint64 startsAt = 0; ///< Does nothing before.
        qint64 silentFrom = 0; ///< 0: never.
        qint64 eventAt = 0; ///< When its part's turn comes: the drain starts, the key goes.
        qint32 interval = 10'000;
        qint32 ttl = 30'000;
        qint32 sessions = 0;
        qint32 lifetime = 0;
        bool registered = false;
        bool ended = false;
        bool turned = false;
    };
    struct Outbox
    {
        FleetBatch batch;
    };

    Actor makeActor(Part part, int index);
    void announce(const Actor &actor, qint64 at);
    void step(Actor &actor, qint64 now);
    WorkerSample sampleOf(const Actor &actor, qint64 now, bool newBeat) const;
    void send(SourceId source, const WorkerSample &sample);
    void flush(SourceId source);
    quint32 random(quint32 below);

    std::vector<Actor> m_actors;
    std::vector<Outbox> m_outboxes;
    std::vector<SourceStatus> m_states;
    std::vector<WorkerNumber> m_nextNumber;
    quint32 m_seed = 12345;
    qint64 m_end = 0; ///< When the scene is as told.
};

} // namespace pulsedeck
