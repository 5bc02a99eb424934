// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/hubcore.h"
#include "app/simulator/seededrandom.h"

#include <QTimer>

#include <memory>
#include <queue>
#include <vector>

namespace pulsedeck::fleet {

struct HubActorOptions
{
    int count = 0;
    qint64 ttl = 300'000; ///< Of a registration, whole seconds on the wire.
    qint64 heartbeat = 6'000; ///< Of one actor; longer in large fleets, since any message keeps the hub awake.
    bool heartbeats = true; ///< False: only another client can keep the hub awake.
    bool replaced = true; ///< Whoever ends is followed by another.
    qint64 replaceAfter = 3'000;
    qint64 shutdownTakes = 1'000; ///< From the order to the end of the registration.
    bool busy = false; ///< By itself some miss renewals, crash and leave, for ever; a few do not obey, refuse or are slow.
    quint64 seed = 1;
    QByteArray secret; ///< Of the hub's HS256; empty for none.
};

/// Actors of a simulated hub, each with a connection of its own that takes no socket: they register, renew or register
/// again, miss it, expire, come back, and obey worker:drain and worker:shutdown with a worker:ack. Lives on the hub's
/// thread.
class HubActors : public QObject
{
    Q_OBJECT

public:
    HubActors(HubCore &core, const HubActorOptions &options, const Clock &clock, QObject *parent = nullptr);
    ~HubActors() override;

    void start();
    /// All unregister.
    void stop();

    /// \a count registered actors picked at random. What it did to whom.
    QStringList miss(int count); ///< They stop renewing until they have expired, and return a little later.
    QStringList crash(int count, qint64 downMs); ///< Their connections end; under their addresses again after that.
    QStringList leave(int count); ///< They unregister.
    QStringList deafen(int count); ///< They no longer answer or obey.
    QStringList makeRefuse(int count); ///< They answer orders with a refusal.
    QStringList slow(int count, qint64 ms); ///< They answer so late.

    int registered() const { return m_registered; }
    int draining() const;
    quint64 orders() const { return m_orders; }

signals:
    void allRegistered(qint64 elapsedMs);

private:
    class Actor;
    enum class Task : quint8 { Register, Renew, Heartbeat, Answer, ShutDown, Reconnect, Replace };
    struct Due
    {
        qint64 at;
        quint32 index;
        quint32 life;
        Task task;
        bool operator<(const Due &other) const { return at > other.at; }
    };
    struct Order
    {
        QString from;
        QString type;
        QString commandId;
    };

    void tick();
    void act(const Due &due);
    void play(qint64 now);
    void schedule(const Actor &actor, Task task, qint64 at);
    void assume(Actor &actor);
    void join(Actor &actor);
    void end(Actor &actor);
    void send(Actor &actor, const QString &type, const QJsonObject &payload, const QJsonObject &metadata = {},
              const QString &pattern = QStringLiteral("ask"));
    void registerActor(Actor &actor);
    void renew(Actor &actor);
    void hear(Actor &actor, const QJsonObject &message);
    void answer(Actor &actor);
    void lose(Actor &actor);
    void forget(Actor &actor);
    qint64 heartbeatEvery() const;
    std::vector<Actor *> pick(int count);
    double random(quint64 which) { return m_random.unit(SeededRandom::Use::Pick, which, ++m_draws); }

    HubCore &m_core;
    HubActorOptions m_options;
    const Clock &m_clock;
    SeededRandom m_random;
    std::vector<std::unique_ptr<Actor>> m_actors;
    std::priority_queue<Due> m_due;
    QTimer m_ticker;
    qint64 m_startedAt = 0;
    qint64 m_nextMiss = 0;
    qint64 m_nextCrash = 0;
    qint64 m_nextLeave = 0;
    quint64 m_orders = 0;
    quint64 m_draws = 0;
    quint64 m_names = 0;
    int m_registered = 0;
    bool m_saidAll = false;
    bool m_stopping = false;
};

} // namespace pulsedeck::fleet
