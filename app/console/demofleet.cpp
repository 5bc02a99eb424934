// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/demofleet.h"

#include "app/redis/redisconnection.h"
#include "models/protocol/timingprofile.h"
#include "models/sources/hubprotocol.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QProcessEnvironment>
#include <QStandardPaths>
#include <QUrl>

#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

const QString folderPrefix = u"pulsedeck-demo-"_s;

// One Redis and one machine carry about so many beats a second next to a console; larger fleets beat more slowly, as real ones
// do.
constexpr int beatsPerSecond = 5'000;

/// The demo's timing for a fleet of \a workers: the quick preset, stretched as a whole where it would ask for too much.
QStringList timingArguments(int workers)
{
    const TimingProfile quick = TimingProfile::demo();
    const qint64 stretch =
        qMax<qint64>(1, (workers * 1'000LL / beatsPerSecond + quick.heartbeatInterval - 1) / quick.heartbeatInterval);
    if (stretch == 1)
        return {};
    const auto seconds = [stretch](qint64 ms) { return QString::number(ms * stretch / 1'000); };
    return {u"--heartbeat"_s,
            seconds(quick.heartbeatInterval),
            u"--ttl"_s,
            seconds(quick.workerKeyTtl),
            u"--command-ttl"_s,
            seconds(quick.shutdownCommandTtl),
            u"--drain-timeout"_s,
            seconds(quick.drainTimeout),
            u"--stale-threshold"_s,
            seconds(quick.reaperStaleThreshold),
            u"--reaper-interval"_s,
            seconds(quick.reaperRunInterval)};
}

/// Of registrations at the hub. Quick enough that renewals and expiries are seen within the first minute; large fleets
/// take longer to read under the hub's limit, and to renew.
int actorTtlSeconds(int actors)
{
    constexpr int quick = 30;
    constexpr int actorsPerSecond = 20;
    return qMax(quick, actors / actorsPerSecond);
}

/// A console that was killed could not remove its folder: removes the folders of processes that have ended.
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
{ }

DemoFleet::~DemoFleet()
{
    stop();
}

QProcess *DemoFleet::makeProcess(const QString &name)
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
    connect(process, &QProcess::errorOccurred, this, [this, process, name](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            fail(tr("%1 could not be started").arg(name), process->errorString());
    });
    return process;
}

void DemoFleet::start(const Size &size)
{
    stop();
    m_size = size;
    const QString program = QStandardPaths::findExecutable(u"redis-server"_s);
    if (program.isEmpty()) {
        fail(tr("The demo needs redis-server, which is not on the PATH"), tr("Install it with: sudo apt install redis-server"));
        return;
    }
    removeOldFolders();
    m_folder = std::make_unique<QTemporaryDir>(QDir::temp().filePath(folderPrefix + QString::number(getpid()) + u"-XXXXXX"_s));
    if (!m_folder->isValid()) {
        fail(tr("The demo cannot create a folder in %1").arg(QDir::tempPath()), m_folder->errorString());
        return;
    }
    startServer(program);
    if (m_server) // Or it has failed.
        startHub();
}

void DemoFleet::startServer(const QString &program)
{
    m_server = makeProcess(u"redis-server"_s);
    connect(m_server, &QProcess::finished, this, [this](int code) {
        if (m_ready)
            emit ended(tr("The demo's redis-server has ended (exit code %1)").arg(code));
        else
            fail(tr("The demo's redis-server ended while it started (exit code %1)").arg(code),
                 tr("Its log is in %1.").arg(m_folder ? m_folder->filePath(u"redis.log"_s) : QString()));
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

QString DemoFleet::simulatorProgram()
{
    const QString neighbour = QDir(QCoreApplication::applicationDirPath()).filePath(u"pulsedeck-fleet"_s);
    const QString program =
        QFileInfo(neighbour).isExecutable() ? neighbour : QStandardPaths::findExecutable(u"pulsedeck-fleet"_s);
    if (program.isEmpty())
        fail(tr("The demo needs pulsedeck-fleet, which was not found"),
             tr("It is built with the console and must be in the same folder."));
    return program;
}

void DemoFleet::startSimulator()
{
    m_fleetUp = true;
    if (m_size.workers == 0) {
        becomeReady();
        return;
    }
    const QString program = simulatorProgram();
    if (program.isEmpty())
        return;
    m_simulator = makeProcess(u"pulsedeck-fleet"_s);
    connect(m_simulator, &QProcess::finished, this,
            [this](int code) { emit ended(tr("The demo's workers have ended (exit code %1)").arg(code)); });
    m_simulator->start(program, QStringList{u"unix://"_s + m_folder->filePath(u"redis.sock"_s), u"--workers"_s,
                                            QString::number(m_size.workers), u"--demo"_s, u"--publish-timing"_s,
                                            u"--parent-pid"_s, QString::number(getpid())}
                                    + timingArguments(m_size.workers));
    // Their times are the real ones; what moves are their jobs, of which now and then some dozens wait.
    startSystem(program, u"sidekiq"_s,
                {u"--workers"_s, u"4"_s, u"--queues"_s, u"default,mailers"_s, u"--sessions"_s, u"0.7"_s, u"--waves"_s, u"120"_s});
    // Workers of one queue each: what they have done was done for it.
    startSystem(program, u"rq"_s,
                {u"--workers"_s, u"4"_s, u"--queues"_s, u"high"_s, u"--sessions"_s, u"0.75"_s, u"--waves"_s, u"150"_s});
    startSystem(program, u"rq"_s,
                {u"--workers"_s, u"2"_s, u"--queues"_s, u"low"_s, u"--sessions"_s, u"0.8"_s, u"--waves"_s, u"200"_s});
    becomeReady();
}

/// A small fleet of another system, in the same Redis.
void DemoFleet::startSystem(const QString &program, const QString &layout, const QStringList &arguments)
{
    if (!m_folder)
        return; // The one before could not be started, and all has ended.
    QProcess *system = makeProcess(u"pulsedeck-fleet"_s);
    m_systems.push_back(system);
    connect(system, &QProcess::finished, this, [this, layout](int code) {
        emit ended(tr("The demo's %1 workers have ended (exit code %2)").arg(layout).arg(code));
    });
    system->start(program,
                  QStringList{u"unix://"_s + m_folder->filePath(u"redis.sock"_s), u"--layout"_s, layout, u"--session-length"_s,
                              u"8"_s, u"--down-time"_s, u"60"_s, u"--parent-pid"_s, QString::number(getpid())}
                      + arguments);
}

void DemoFleet::startHub()
{
    if (m_size.actors == 0) {
        m_hubUp = true;
        return;
    }
    const QString program = simulatorProgram();
    if (program.isEmpty())
        return;
    m_hub = makeProcess(u"pulsedeck-fleet"_s);
    // Only a hub: the user's own Redis and hub in the environment are not for the demo.
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : {u"REDIS_URL"_s, u"REDIS_HOST"_s, u"PULSEDECK_HUB_SECRET"_s})
        environment.remove(name);
    m_hub->setProcessEnvironment(environment);
    m_hub->setStandardOutputFile({}); // It says its port there.
    connect(m_hub, &QProcess::readyReadStandardOutput, this, &DemoFleet::readHub);
    connect(m_hub, &QProcess::finished, this, [this](int code) {
        if (m_ready)
            emit ended(tr("The demo's hub has ended (exit code %1)").arg(code));
        else
            fail(tr("The demo's hub ended while it started (exit code %1)").arg(code),
                 QString::fromUtf8(m_hub->readAllStandardError()).simplified().left(200));
    });
    m_hub->start(program,
                 {u"--hub-port"_s, u"0"_s, u"--actors"_s, QString::number(m_size.actors), u"--actor-ttl"_s,
                  QString::number(actorTtlSeconds(m_size.actors)), u"--demo"_s, u"--parent-pid"_s, QString::number(getpid())});
}

/// "hub ws://127.0.0.1:PORT/ws" and, once all actors are there, "registered N actors in S s".
void DemoFleet::readHub()
{
    m_hubSaid += m_hub->readAllStandardOutput();
    for (qsizetype end = m_hubSaid.indexOf('\n'); end >= 0; end = m_hubSaid.indexOf('\n')) {
        const QByteArray line = m_hubSaid.first(end);
        m_hubSaid.remove(0, end + 1);
        if (line.startsWith("hub ws://"))
            m_hubPort = QUrl(QString::fromUtf8(line.mid(4))).port();
        if (line.startsWith("registered ") && m_hubPort > 0) {
            m_hubUp = true;
            becomeReady();
        }
    }
}

void DemoFleet::becomeReady()
{
    if (!m_fleetUp || !m_hubUp || m_ready)
        return;
    m_ready = true;
    if (m_hub)
        m_hub->closeReadChannel(QProcess::StandardError); // Read only while it might say why it did not start.
    emit ready();
}

std::vector<SourceSettings> DemoFleet::sources() const
{
    SourceSettings redis;
    redis.name = u"demo"_s;
    redis.demo = true;
    redis.readOnly = false;
    if (m_folder)
        redis.socketPath = m_folder->filePath(u"redis.sock"_s);
    std::vector<SourceSettings> all{redis};
    if (m_hubPort > 0) {
        HubAddress address;
        address.port = m_hubPort;
        SourceSettings hub = hubSettings(address);
        hub.name = u"demo hub"_s;
        hub.demo = true;
        all.push_back(hub);
    }
    return all;
}

void DemoFleet::fail(const QString &text, const QString &hint)
{
    stop();
    emit failed(text, hint);
}

void DemoFleet::stop()
{
    if (m_probe) {
        m_probe->disconnect(this);
        m_probe->deleteLater();
        m_probe = nullptr;
    }
    std::vector<QProcess *> children = std::exchange(m_systems, {});
    for (QProcess **child : {&m_simulator, &m_hub, &m_server})
        children.push_back(std::exchange(*child, nullptr));
    for (QProcess *process : children) {
        if (!process)
            continue;
        process->disconnect(this);
        // Nothing of theirs is worth keeping, so there is nothing to wait for.
        process->kill();
        process->waitForFinished(1'000);
        process->deleteLater();
    }
    m_folder.reset();
    m_hubSaid.clear();
    m_hubPort = 0;
    m_fleetUp = m_hubUp = m_ready = false;
}

} // namespace pulsedeck
