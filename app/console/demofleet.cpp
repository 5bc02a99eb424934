// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/demofleet.h"

#include "app/redis/redisconnection.h"
#include "models/timing/timingprofile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

const QString folderPrefix = u"pulsedeck-demo-"_s;

// One Redis and one machine carry about so many beats a second besides a console; larger fleets beat more slowly, as real ones do.
constexpr int beatsPerSecond = 5'000;

/// The demo's timing for a fleet of \a workers: the quick preset, stretched as a whole where it would ask for too much.
QStringList timingArguments(int workers)
{
    const TimingProfile quick = TimingProfile::demo();
    const qint64 stretch = qMax<qint64>(1, (workers * 1'000LL / beatsPerSecond + quick.heartbeatInterval - 1) / quick.heartbeatInterval);
    if (stretch == 1)
        return {};
    const auto seconds = [stretch](qint64 ms) { return QString::number(ms * stretch / 1'000); };
    return {u"--heartbeat"_s,       seconds(quick.heartbeatInterval),    u"--ttl"_s,             seconds(quick.workerKeyTtl),
            u"--command-ttl"_s,     seconds(quick.shutdownCommandTtl),   u"--drain-timeout"_s,   seconds(quick.drainTimeout),
            u"--stale-threshold"_s, seconds(quick.reaperStaleThreshold), u"--reaper-interval"_s, seconds(quick.reaperRunInterval)};
}

/// A console that was killed could not remove its folder: do it for those whose process is no more.
void removeOldFolders()
{
    const QDir parent(QDir::tempPath());
    const QStringList old = parent.entryList({folderPrefix + u'*'}, QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &name : old) {
        const QString pid = name.mid(folderPrefix.size()).section(u'-', 0, 0);
        const QFileInfo folder(parent.filePath(name));
        if (folder.ownerId() != getuid())
            continue;
        bool isNumber = false;
        pid.toLongLong(&isNumber);
        if (isNumber && !QFileInfo::exists(u"/proc/"_s + pid))
            QDir(folder.filePath()).removeRecursively();
    }
}

} // namespace

DemoFleet::DemoFleet(QObject *parent)
    : QObject(parent)
{
}

DemoFleet::~DemoFleet()
{
    stop();
}

QProcess *DemoFleet::makeProcess()
{
    auto *process = new QProcess(this);
    const pid_t parent = getpid();
    process->setChildProcessModifier([parent] {
        // Also after a crash or kill -9 of the console no child stays behind.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent)
            ::_exit(1);
    });
    process->setStandardInputFile(QProcess::nullDevice());
    process->setStandardOutputFile(QProcess::nullDevice());
    return process;
}

void DemoFleet::start(int workers)
{
    stop();
    m_workers = workers;
    m_ready = false;
    const QString program = QStandardPaths::findExecutable(u"redis-server"_s);
    if (program.isEmpty()) {
        fail(u"The demo needs redis-server, and there is none on the PATH"_s,
             u"Install it with: sudo apt install redis-server"_s);
        return;
    }
    removeOldFolders();
    m_folder = std::make_unique<QTemporaryDir>(
        QDir::temp().filePath(folderPrefix + QString::number(getpid()) + u"-XXXXXX"_s));
    if (!m_folder->isValid()) {
        fail(u"The demo cannot make a folder in %1"_s.arg(QDir::tempPath()), m_folder->errorString());
        return;
    }
    startServer(program);
}

void DemoFleet::startServer(const QString &program)
{
    m_server = makeProcess();
    connect(m_server, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            fail(u"redis-server could not be started"_s, m_server->errorString());
    });
    connect(m_server, &QProcess::finished, this, [this](int code) {
        if (m_ready)
            emit ended(u"The demo's redis-server has ended (exit code %1)"_s.arg(code));
        else
            fail(u"The demo's redis-server ended while it started (exit code %1)"_s.arg(code),
                 u"Its own words stand in %1"_s.arg(m_folder ? m_folder->filePath(u"redis.log"_s) : QString()));
    });
    const QString socket = m_folder->filePath(u"redis.sock"_s);
    m_server->start(program, {u"--port"_s, u"0"_s, u"--unixsocket"_s, socket, u"--unixsocketperm"_s, u"700"_s, u"--dir"_s,
                              m_folder->path(), u"--save"_s, QString(), u"--appendonly"_s, u"no"_s, u"--daemonize"_s, u"no"_s,
                              u"--logfile"_s, m_folder->filePath(u"redis.log"_s)});

    RedisUrl url;
    url.transport = RedisUrl::Transport::Unix;
    url.path = socket;
    RedisConnectionOptions options;
    options.backoffFirstMs = 20;
    options.backoffCapMs = 100;
    options.clientName = "pulsedeck-demo";
    m_probe = new RedisConnection(url, options, this);
    connect(m_probe, &RedisConnection::stateChanged, this, [this](RedisConnection::State state) {
        if (state != RedisConnection::State::Ready)
            return;
        m_probe->deleteLater();
        m_probe = nullptr;
        startSimulator();
    });
    m_probe->open();
}

void DemoFleet::startSimulator()
{
    if (m_workers == 0) {
        m_ready = true;
        emit ready();
        return;
    }
    const QString beside = QDir(QCoreApplication::applicationDirPath()).filePath(u"pulsedeck-fleet"_s);
    const QString program
        = QFileInfo(beside).isExecutable() ? beside : QStandardPaths::findExecutable(u"pulsedeck-fleet"_s);
    if (program.isEmpty()) {
        fail(u"The demo needs pulsedeck-fleet, and it is not there"_s,
             u"It is built with the console and belongs beside it."_s);
        return;
    }
    m_simulator = makeProcess();
    connect(m_simulator, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            fail(u"pulsedeck-fleet could not be started"_s, m_simulator->errorString());
    });
    connect(m_simulator, &QProcess::finished, this,
            [this](int code) { emit ended(u"The demo's workers have ended (exit code %1)"_s.arg(code)); });
    m_simulator->start(program, QStringList{u"unix://"_s + m_folder->filePath(u"redis.sock"_s), u"--workers"_s,
                                            QString::number(m_workers), u"--demo"_s, u"--publish-timing"_s, u"--parent-pid"_s,
                                            QString::number(getpid())}
                                    + timingArguments(m_workers));
    m_ready = true;
    emit ready();
}

SourceSettings DemoFleet::source() const
{
    SourceSettings settings;
    settings.name = u"demo"_s;
    settings.demo = true;
    settings.readOnly = false;
    if (m_folder)
        settings.socketPath = m_folder->filePath(u"redis.sock"_s);
    return settings;
}

qint64 DemoFleet::serverPid() const
{
    return m_server ? m_server->processId() : 0;
}

qint64 DemoFleet::simulatorPid() const
{
    return m_simulator ? m_simulator->processId() : 0;
}

void DemoFleet::fail(const QString &text, const QString &hint)
{
    const QString shown = hint;
    stop();
    emit failed(text, shown);
}

void DemoFleet::stop()
{
    if (m_probe) {
        m_probe->disconnect(this);
        m_probe->deleteLater();
        m_probe = nullptr;
    }
    for (QProcess **child : {&m_simulator, &m_server}) {
        QProcess *process = std::exchange(*child, nullptr);
        if (!process)
            continue;
        process->disconnect(this);
        // Nothing of theirs is worth keeping, so there is nothing to wait for.
        process->kill();
        process->waitForFinished(1'000);
        process->deleteLater();
    }
    m_folder.reset();
    m_ready = false;
}

} // namespace pulsedeck
