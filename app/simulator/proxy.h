// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/fleetcontext.h"
#include "app/simulator/script.h"

#include <QObject>

namespace pulsedeck::fleet {

/// The proxy of the fleet: opens sessions through its selector, ends them, commands workers that reached their lifetime
/// limit, and reaps. Lives on the simulator's thread.
class Proxy : public QObject
{
    Q_OBJECT

public:
    explicit Proxy(FleetContext &context, QObject *parent = nullptr);

    /// Sessions begin and the reaper's interval runs from now on.
    void start();
    /// Once per tick of the simulator.
    void tick(qint64 nowMs);
    /// The reaper's interval may have changed.
    void timingChanged();

    /// Commands a worker to shut down. Without \a publish it finds the command at its next beat.
    void command(quint32 slot, bool publish);
    /// Makes sure the worker has a session, and that none of its sessions ends before release() or its process.
    void pin(quint32 slot);
    /// All sessions of the worker end.
    void release(quint32 slot);
    /// The wheel's SessionEnd.
    void endSession(quint32 slot);

    quint64 openSessions() const { return m_open; }
    quint64 reaped() const { return m_reaped; }

signals:
    void complained(const QString &text);

private:
    void openSession();
    void onSelected(const RedisAnswer &answer);
    void closeOne(QByteArrayView id);
    void reap(const QByteArray &cursor);

    FleetContext &m_context;
    Script m_selector;
    Script m_reaper;
    std::vector<QByteArrayView> m_arguments;
    quint64 m_open = 0; ///< Sessions held open.
    quint64 m_begun = 0; ///< Sessions asked for since the start; numbers the random draws.
    quint64 m_reaped = 0;
    double m_owed = 0; ///< Sessions due but not asked for, with its fraction.
    qint64 m_lastTick = 0;
    qint64 m_lastReap = 0;
    int m_asking = 0;
    bool m_running = false;
    bool m_reaping = false;
};

} // namespace pulsedeck::fleet
