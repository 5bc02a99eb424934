// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redissession.h"

namespace pulsedeck {

/// A connection of its own for reading keys that have no prefix in common, such as Sidekiq's: Redis remembers which keys were
/// read on it (CLIENT TRACKING without BCAST; one client has one mode) and announces each once when it changes, on the push
/// connection of the session, after which it must be read again to be remembered. Where there is no push, or tracking is refused,
/// reads go by the session's own connection and have to be repeated; where it is not for a moment only, a limit of the source
/// says so, and it is tried again every RedisSourceOptions::pushAgainMs. Lives on the I/O thread, belongs to a FleetDialect.
class TrackedReads final : public QObject
{
    Q_OBJECT

public:
    explicit TrackedReads(RedisSession &session);
    ~TrackedReads() override;

    /// The push connection may be another, or gone: connects if there is one, and has this connection's reads announced there.
    void review();
    void stop();
    /// Null while reads are not tracked. A key that is read elsewhere all the same is announced once anything of it was read
    /// here.
    RedisConnection *connection() const { return m_tracking ? m_connection : nullptr; }
    bool isTracking() const { return m_tracking; }

signals:
    /// isTracking() has changed: everything that is to be announced must be read again.
    void switched();

private:
    void onState(RedisConnection::State state);
    void track();
    void setTracking(bool tracking);
    void giveUp(const QString &why);
    void endLimit();

    RedisSession &m_session;
    RedisConnection *m_connection = nullptr;
    qint64 m_pushClient = 0; ///< Where changes are announced, once that was asked for; 0: it was not.
    qint64 m_againAt = 0; ///< When what was refused is tried again; 0: nothing was.
    bool m_tracking = false;
    bool m_limited = false; ///< It is said that reads are not announced.
};

} // namespace pulsedeck
