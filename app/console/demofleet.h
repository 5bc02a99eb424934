// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourcesettings.h"

#include <QObject>
#include <QProcess>
#include <QTemporaryDir>

#include <memory>
#include <vector>

namespace pulsedeck {

class RedisConnection;

/// The embedded fleet: a private redis-server in a folder of its own, on a Unix socket, without persistence, the
/// simulator on it, a small Sidekiq and RQ fleet next to it, and a simulated Signal Hub on a free port of the loopback,
/// each a child process. They end with this object, and with the console however it ends: each child asks the kernel to
/// be killed when its parent is gone. The fleet runs on TimingProfile::demo(), stretched for more than 10,000 workers, and
/// publishes it as the shared record; registrations at the hub last half a minute, longer for more than 600 actors. GUI thread,
/// never blocks it while starting.
class DemoFleet : public QObject
{
    Q_OBJECT

public:
    struct Size
    {
        int workers = 60;
        int actors = 24; ///< 0: there is no hub.
    };

    explicit DemoFleet(QObject *parent = nullptr);
    ~DemoFleet() override;

    /// Emits ready() or failed(), once.
    void start(const Size &size);
    void stop();
    bool isRunning() const { return m_server != nullptr; }
    /// The sources to show it by, once ready: "demo", and "demo hub" if it has one.
    std::vector<SourceSettings> sources() const;

signals:
    void ready();
    /// In words, with what to do about it.
    void failed(const QString &text, const QString &hint);
    /// A child ended by itself after ready().
    void ended(const QString &text);

private:
    void startServer(const QString &program);
    void startSimulator();
    void startSystem(const QString &program, const QString &layout, const QStringList &arguments);
    void startHub();
    void readHub();
    void becomeReady();
    void fail(const QString &text, const QString &hint);
    QProcess *makeProcess(const QString &name);
    QString simulatorProgram();

    std::unique_ptr<QTemporaryDir> m_folder;
    QProcess *m_server = nullptr;
    QProcess *m_simulator = nullptr;
    std::vector<QProcess *> m_systems; ///< Of other systems than m_simulator's.
    QProcess *m_hub = nullptr;
    RedisConnection *m_probe = nullptr;
    Size m_size;
    QByteArray m_hubSaid; ///< The line under way.
    int m_hubPort = 0;
    bool m_fleetUp = false;
    bool m_hubUp = false;
    bool m_ready = false;
};

} // namespace pulsedeck
