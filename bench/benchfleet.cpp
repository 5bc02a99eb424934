// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/benchfleet.h"

#include "models/sources/redisurl.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QJsonDocument>

#include <csignal>
#include <cstdio>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int startLimitMs = 60'000;

bool takesConnections(const QByteArray &path)
{
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    qstrncpy(address.sun_path, path.constData(), sizeof address.sun_path);
    const bool connected = ::connect(socket, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
    ::close(socket);
    return connected;
}

} // namespace

LineChild::~LineChild()
{
    kill();
}

bool LineChild::start(const QString &program, const QStringList &arguments)
{
    kill();
    m_process = std::make_unique<QProcess>();
    m_process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    const pid_t parent = getpid();
    m_process->setChildProcessModifier([parent] {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent)
            ::_exit(1);
    });
    m_process->start(program, arguments);
    return m_process->waitForStarted(startLimitMs);
}

void LineChild::say(const QByteArray &line)
{
    m_process->write(QByteArray(line + '\n'));
    m_process->waitForBytesWritten(1'000);
}

QByteArray LineChild::waitFor(const QByteArray &prefix, int timeoutMs)
{
    QDeadlineTimer deadline(timeoutMs);
    while (!deadline.hasExpired()) {
        while (m_process->canReadLine()) {
            const QByteArray line = m_process->readLine().trimmed();
            if (line.startsWith(prefix))
                return line.sliced(prefix.size()).trimmed() + QByteArray("");
        }
        if (m_process->state() == QProcess::NotRunning)
            break;
        m_process->waitForReadyRead(int(deadline.remainingTime()));
    }
    return {};
}

void LineChild::kill()
{
    if (!m_process)
        return;
    m_process->kill();
    m_process->waitForFinished(10'000);
    m_process.reset();
}

bool LineChild::isRunning() const
{
    return m_process && m_process->state() == QProcess::Running;
}

qint64 LineChild::pid() const
{
    return m_process ? m_process->processId() : 0;
}

// A short path: that of a Unix socket may have 107 bytes only.
BenchServer::BenchServer()
    : m_folder(u"/tmp/pulsedeck-bench-XXXXXX"_s)
{ }

BenchServer::~BenchServer()
{
    m_process.kill();
}

bool BenchServer::start(QString *error)
{
    if (!m_folder.isValid()) {
        *error = m_folder.errorString();
        return false;
    }
    const bool started =
        m_process.start(u"redis-server"_s,
                        {u"--port"_s, u"0"_s, u"--unixsocket"_s, QString::fromLocal8Bit(socketPath()), u"--save"_s, QString(),
                         u"--appendonly"_s, u"no"_s, u"--dir"_s, m_folder.path(), u"--logfile"_s, m_folder.filePath(u"log"_s)});
    QDeadlineTimer deadline(startLimitMs);
    while (started && m_process.isRunning() && !deadline.hasExpired()) {
        if (takesConnections(socketPath()))
            return true;
        ::usleep(10'000);
    }
    *error = u"redis-server did not come up; is it installed?"_s;
    return false;
}

QByteArray BenchServer::socketPath() const
{
    return m_folder.filePath(u"redis.sock"_s).toLocal8Bit();
}

QString BenchServer::url() const
{
    return u"unix://"_s + QString::fromLocal8Bit(socketPath());
}

double BenchServer::cpuSeconds() const
{
    return cpuSecondsOf(m_process.pid());
}

bool BenchHub::begin(int actors, QString *error)
{
    const bool started =
        start(programBeside(u"pulsedeck-fleet"_s), {u"--hub-port"_s, u"0"_s, u"--actors"_s, QString::number(actors), u"--seed"_s,
                                                    u"7"_s, u"--parent-pid"_s, QString::number(getpid())});
    QString problem;
    const auto address = HubAddress::parse(started ? QString::fromUtf8(waitFor("hub ", startLimitMs)) : QString(), &problem);
    if (address && !waitFor("registered", startLimitMs).isNull()) {
        hub = *address;
        return true;
    }
    *error = u"the simulated hub did not register its actors"_s;
    return false;
}

bool LiveConsole::open(const QStringList &urls)
{
    return start(QCoreApplication::applicationFilePath(), QStringList{u"--console-child"_s} + urls);
}

QJsonObject LiveConsole::ask(const QByteArray &line)
{
    constexpr int answerLimitMs = 120'000;
    say(line);
    return QJsonDocument::fromJson(waitFor("answer", answerLimitMs)).object();
}

bool BenchSimulator::begin(const QString &url, int workers, double heartbeatSeconds, int ttlSeconds, QString *error)
{
    m_workers = workers;
    const bool started =
        start(programBeside(u"pulsedeck-fleet"_s),
              {url, u"--workers"_s, QString::number(workers), u"--heartbeat"_s, QString::number(heartbeatSeconds), u"--ttl"_s,
               QString::number(ttlSeconds), u"--stale-threshold"_s, QString::number(ttlSeconds), u"--sessions"_s, u"0"_s,
               u"--seed"_s, u"7"_s, u"--publish-timing"_s, u"--parent-pid"_s, QString::number(getpid())});
    if (started && !waitFor("registered", startLimitMs).isNull())
        return true;
    *error = u"the simulator did not register its workers"_s;
    return false;
}

QHash<QByteArray, qint64> BenchSimulator::status()
{
    say("status");
    const QByteArray line = "beats=" + waitFor("beats=", 10'000);
    QHash<QByteArray, qint64> figures;
    const QByteArrayList words = line.split(' ');
    for (const QByteArray &word : words) {
        const qsizetype equals = word.indexOf('=');
        figures.insert(word.first(qMax<qsizetype>(0, equals)), word.sliced(equals + 1).toLongLong());
    }
    return figures;
}

bool BenchSimulator::holdBeats(double seconds, int workers)
{
    say("outage " + QByteArray::number(seconds) + ' ' + QByteArray::number(workers));
    return !waitFor("outage", 10'000).isNull();
}

void printAnswer(const QJsonObject &answer)
{
    std::printf("answer %s\n", QJsonDocument(answer).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
}

QString programBeside(const QString &name)
{
    return QDir(QCoreApplication::applicationDirPath()).filePath(name);
}

double cpuSecondsOf(qint64 pid)
{
    QFile file(u"/proc/%1/stat"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray text = file.readAll();
    // The name in brackets may hold anything; what follows it is in fixed places.
    const QByteArrayList fields = text.sliced(text.lastIndexOf(')') + 2).split(' ');
    constexpr int userPlace = 11;
    return (fields.value(userPlace).toDouble() + fields.value(userPlace + 1).toDouble()) / double(::sysconf(_SC_CLK_TCK));
}

} // namespace pulsedeck::bench
