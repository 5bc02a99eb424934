// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redissource.h"
#include "app/sources/systemclock.h"
#include "models/fleet/fleetstore.h"

#include <QThread>
#include <QTimer>

#include <functional>
#include <memory>

namespace pulsedeck {
class FleetTableModel;
}

namespace pulsedeck::bench {

/// A source on its own thread that feeds a FleetStore on this one, put together as the console does it, with the CPU
/// time of both sides counted.
class SourceRig : public QObject
{
    Q_OBJECT

public:
    enum class Table { With, Without };

    /// A RedisSource.
    SourceRig(const QString &url, Table table);
    /// The one that \a make makes; it becomes the rig's.
    SourceRig(const std::function<FleetSource *(const Clock &)> &make, Table table);
    ~SourceRig() override;

    void start();
    /// Runs the event loop until the source is live and \a workers are shown; the milliseconds since start(), or -1.
    double waitUntilLive(int workers, int timeoutMs);
    /// Runs the event loop for so long.
    void run(int ms);

    FleetStore &store() { return m_store; }
    const Clock &clock() const { return m_clock; }
    /// Lives on the I/O thread.
    FleetSource *source() { return m_source; }
    /// CPU time the I/O thread has used so far, in microseconds.
    double ioCpuUs() const;
    /// CPU time spent in FleetStore::apply() and publish(), with everything that listens to them, in microseconds.
    double storeCpuUs() const { return double(m_storeNs) / 1000.0; }

private:
    bool isWhole(int workers) const;
    template <typename Work> void counted(Work work);

    SystemClock m_clock;
    FleetStore m_store;
    std::unique_ptr<FleetTableModel> m_table;
    QThread m_thread;
    FleetSource *m_source;
    QTimer m_publishTimer;
    qint64 m_startedNs = 0;
    qint64 m_storeNs = 0;
    clockid_t m_ioClock = 0;
    bool m_ioClockKnown = false;
};

} // namespace pulsedeck::bench
