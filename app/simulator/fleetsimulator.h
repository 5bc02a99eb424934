// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/commandlistener.h"
#include "app/simulator/failureinjector.h"
#include "app/simulator/proxy.h"
#include "app/simulator/rhythm.h"
#include "app/simulator/sharedtiming.h"
#include "app/simulator/workerlife.h"

#include <QTimer>

namespace pulsedeck::fleet {

/// A fleet of workers and its proxy in one process: makes the parts, hands them the time, and ends them in order.
/// Everything runs on the thread it was made on; nothing blocks it.
class FleetSimulator : public QObject
{
    Q_OBJECT

public:
    static constexpr int exitNoConnection = 3;

    FleetSimulator(const FleetOptions &options, const Clock &clock, QObject *parent = nullptr);
    ~FleetSimulator() override;

    void start();
    /// All workers leave in an orderly way, within two seconds; finished() follows. A second call ends it at once.
    void stop();
    /// A line of standard input. The answer is said().
    void obey(const QByteArray &line);
    void nextFailure();
    void outage();

    /// One line of key=value figures.
    QByteArray statusLine();

signals:
    /// A line for standard output.
    void said(const QByteArray &line);
    /// A sentence for standard error.
    void complained(const QString &text);
    void finished(int exitCode);

private:
    void begin();
    void tick();
    void dispatch(const TimingWheel::Entry &entry);
    void onFailed(const RedisFailure &failure);
    void finish(int code);
    void sayGoodbye();
    void deleteKeys();

    FleetContext m_context;
    CommandListener m_listener;
    Proxy m_proxy;
    WorkerLife m_life;
    FailureInjector m_failures;
    SharedTiming m_timing;
    Rhythm m_rhythm;
    QTimer m_ticker;
    qint64 m_nextStats = 0;
    bool m_begun = false;
    bool m_finished = false;
};

} // namespace pulsedeck::fleet
