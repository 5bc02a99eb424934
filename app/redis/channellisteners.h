// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/playwrightfleet.h"

#include <QCoreApplication>

namespace pulsedeck {

/// Asks whether workers' processes still listen on their command channels: they do while they merely hang, and not from the
/// moment they die. Workers that are late or gone are asked each second, the others in turn. Belongs to a PlaywrightDialect.
class ChannelListeners
{
    Q_DECLARE_TR_FUNCTIONS(ChannelListeners)

public:
    using Slot = PlaywrightFleet::Slot;

    explicit ChannelListeners(PlaywrightFleet &fleet)
        : m_fleet(fleet)
        , m_session(fleet.session)
    { }

    /// A connection has been taken into use.
    void begin();
    void lost();
    void look(qint64 now);
    /// Whether it listens at this moment says later how its key went.
    void ask(Slot slot);
    /// A beat later than the listener's end: an older worker, or one that listens again.
    void noteBeat(KnownWorker &worker) const;

private:
    using Asked = std::vector<std::pair<Slot, WorkerNumber>>;

    bool mayListenLater(const KnownWorker &worker, qint64 count) const;
    void send(Asked asked, bool inTurn);
    void take(const Asked &asked, const RedisReply &reply);

    PlaywrightFleet &m_fleet;
    RedisSession &m_session;
    qint64 m_begunAt = 0; ///< When the present connection was.
    qint64 m_lookedAt = 0;
    Slot m_cursor = 0;
    bool m_asked = false;
    bool m_denied = false;
    bool m_any = false; ///< A process listens, or did.
};

} // namespace pulsedeck
