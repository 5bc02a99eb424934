// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcetrouble.h"

#include <QCoreApplication>

namespace pulsedeck {

/// After a server has lost its keys - it was restarted, emptied by hand, or replaced in a failover - its workers keep running and
/// register again with their next beat. For a grace period the missing ones are awaited, and not counted as ends and returns. A
/// value; milliseconds, console's clock.
class Reregistration
{
    Q_DECLARE_TR_FUNCTIONS(Reregistration)

public:
    enum class Cause {
        None,
        Restarted,
        Emptied, ///< FLUSHALL or FLUSHDB.
        FailedOver, ///< Another server has become the master: what it had not received is lost.
    };

    void begin(Cause cause, qint64 now, qint64 graceMs);
    /// The same once more, or told by another connection: who is awaited still is, from \a now on for the grace.
    void beginAgain(qint64 now) { m_until = now + m_graceMs; }
    void end() { *this = Reregistration(); }
    bool isOpen() const { return m_cause != Cause::None; }
    Cause cause() const { return m_cause; }
    /// Within the grace: who is missing is awaited.
    bool isAwaiting() const { return isOpen() && !m_closing; }
    bool isOver(qint64 now) const { return isAwaiting() && now >= m_until; }
    /// The grace is over: those missing are looked for once more and then counted out by cameBack().
    void close() { m_closing = true; }
    bool isDone() const { return m_closing && m_awaited <= 0; }
    /// One more worker that was there and is missing.
    void await() { ++m_awaited; }
    /// One of them is back, or given up.
    void cameBack() { --m_awaited; }
    int awaited() const { return m_awaited; }
    /// What happened; SourceTrouble::None if nothing is missing. \a server: "Redis".
    SourceFailure trouble(const QString &server) const;

private:
    Cause m_cause = Cause::None;
    qint64 m_until = 0;
    qint64 m_graceMs = 0;
    int m_awaited = 0;
    bool m_closing = false;
};

} // namespace pulsedeck
