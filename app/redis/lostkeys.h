// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/channellisteners.h"

namespace pulsedeck {

/// What is known of a worker whose key vanished before its TTL was over, and without a shutdown.
struct LostKeyFacts
{
    qint32 sessions = unknownValue; ///< Its active counter as just read; unknownValue if there is none.
    qint8 listeners = -1; ///< On its command channel as just asked: 1 some, 0 none, -1 not known.
    bool listened = false; ///< A process listened there when the key vanished, or since.
    bool toldToGo = false; ///< It drained, and not only by an operator's drain: with no session left it goes.
    bool unseen = false; ///< It vanished while there was no connection.
};

/// Whether the worker may live: it registers again at its next beat, draining or not, as long as its process does. A
/// worker that ends in order leaves no session, and its process stops listening. Pure.
bool mayLive(const LostKeyFacts &facts);

/// Workers whose keys vanished before their time. Its session counter and its listener show whether a worker ended or lives;
/// they are asked twice a second until one of them does or the time is over. Belongs to a PlaywrightDialect.
class LostKeys
{
public:
    using Slot = PlaywrightFleet::Slot;

    /// \a ended is called once for each that is gone for certain.
    LostKeys(PlaywrightFleet &fleet, ChannelListeners &listeners, std::function<void(Slot)> ended)
        : m_fleet(fleet)
        , m_session(fleet.session)
        , m_listeners(listeners)
        , m_ended(std::move(ended))
    { }

    void lost() { m_keys.clear(); }
    /// KnownWorker::lostUntil says how long.
    void add(Slot slot);
    void look(qint64 now);

private:
    struct Awaited
    {
        Slot slot;
        WorkerNumber number;
        qint64 askedAt;
    };

    void ask(Slot slot, WorkerNumber number);
    void judge(Slot slot, qint64 now);
    bool isLost(Slot slot, WorkerNumber number) const
    {
        return m_fleet.watch.isKnown(slot, number) && m_fleet[slot].lostUntil > 0;
    }

    PlaywrightFleet &m_fleet;
    RedisSession &m_session;
    ChannelListeners &m_listeners;
    const std::function<void(Slot)> m_ended;
    std::vector<Awaited> m_keys;
};

} // namespace pulsedeck
