// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"

#include <QObject>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>

namespace pulsedeck {

class RedisConnection;

/// The embedded fleet: a private redis-server in a folder of its own, on a Unix socket, without persistence, and the
/// simulator on it, both child processes. They end with this object, and with the console however it ends: each child asks
/// the kernel to be killed when its parent is gone. The fleet runs on TimingProfile::demo(), stretched for more than 10,000
/// workers, and publishes it as the shared record. GUI thread, never blocks it while starting.
class DemoFleet : public QObject
{
    Q_OBJECT

public:
    explicit DemoFleet(QObject *parent = nullptr);
    ~DemoFleet() override;

    /// Starts \a workers workers. Emits ready() or failed(), once.
    void start(int workers);
    void stop();
    bool isRunning() const { return m_server != nullptr; }
    /// The source to show it by, once ready.
    SourceSettings source() const;
    /// Process ids, 0 if not running: redis-server's and the simulator's.
    qint64 serverPid() const;
    qint64 simulatorPid() const;

signals:
    void ready();
    /// In words, with what to do about it.
    void failed(const QString &text, const QString &hint);
    /// A child ended by itself after ready().
    void ended(const QString &text);

private:
    void startServer(const QString &program);
    void startSimulator();
    void fail(const QString &text, const QString &hint);
    QProcess *makeProcess();

    std::unique_ptr<QTemporaryDir> m_folder;
    QProcess *m_server = nullptr;
    QProcess *m_simulator = nullptr;
    RedisConnection *m_probe = nullptr;
    int m_workers = 0;
    bool m_ready = false;
};

} // namespace pulsedeck
