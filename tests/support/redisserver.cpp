// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/redisserver.h"

#include <QDeadlineTimer>
#include <QFile>
#include <QStandardPaths>
#include <QTcpServer>

#include <csignal>
#include <sys/prctl.h>

namespace pulsedeck {

using namespace Qt::StringLiterals;

namespace {

constexpr int startLimitMs = 30'000;

int freePort()
{
    QTcpServer probe;
    return probe.listen(QHostAddress::LocalHost) ? probe.serverPort() : 0;
}

} // namespace

// A short path: that of a Unix socket may have 107 bytes only.
RedisServer::RedisServer()
    : m_folder(u"/tmp/pulsedeck-test-XXXXXX"_s)
{ }

RedisServer::~RedisServer()
{
    kill();
}

bool RedisServer::isInstalled()
{
    return !QStandardPaths::findExecutable(u"redis-server"_s).isEmpty();
}

bool RedisServer::start()
{
    return start(Options());
}

bool RedisServer::start(const Options &options)
{
    kill();
    m_options = options;
    // Somebody may take a free port between looking for it and using it.
    for (int attempt = 0; attempt < 5; ++attempt) {
        m_port = options.tcp ? freePort() : 0;
        m_tlsPort = options.certFile.isEmpty() ? 0 : freePort();
        m_busPort = options.cluster ? freePort() : 0;
        if (launch())
            return true;
        if (!m_error.contains(u"in use"_s))
            return false;
    }
    return false;
}

bool RedisServer::launch()
{
    m_error.clear();
    m_paused = false;
    const QString program = QStandardPaths::findExecutable(u"redis-server"_s);
    if (program.isEmpty()) {
        m_error = u"There is no redis-server on this machine."_s;
        return false;
    }
    QFile::remove(url().path);
    QStringList arguments{
        u"--dir"_s,     m_folder.path(), u"--unixsocket"_s, url().path, u"--port"_s,       QString::number(m_port),
        u"--bind"_s,    u"127.0.0.1"_s,  u"--save"_s,       QString(),  u"--appendonly"_s, u"no"_s,
        u"--logfile"_s, QString(),       u"--daemonize"_s,  u"no"_s};
    if (m_tlsPort != 0) {
        arguments << u"--tls-port"_s << QString::number(m_tlsPort) << u"--tls-cert-file"_s << m_options.certFile
                  << u"--tls-key-file"_s << m_options.keyFile << u"--tls-ca-cert-file"_s << m_options.caFile
                  << u"--tls-auth-clients"_s << u"no"_s;
    }
    // The usual port of the bus, 10,000 above the other, may not exist.
    if (m_busPort != 0)
        arguments << u"--cluster-enabled"_s << u"yes"_s << u"--cluster-port"_s << QString::number(m_busPort);
    arguments << m_options.arguments;
    QByteArray ready = "eady to accept connections"; // Printed when everything listens; which words come before differs.
    if (!m_options.sentinel.isEmpty()) {
        QFile file(m_folder.filePath(u"sentinel.conf"_s));
        if (!file.open(QIODevice::WriteOnly) || file.write(m_options.sentinel) < 0) {
            m_error = file.errorString();
            return false;
        }
        arguments.prepend(file.fileName()); // A Sentinel must have one, and writes into it.
        arguments.append(u"--sentinel"_s);
        ready = "+monitor master";
    }

    m_process = std::make_unique<QProcess>();
    m_process->setProcessChannelMode(QProcess::MergedChannels);
    m_process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process->start(program, arguments);
    if (!m_process->waitForStarted(startLimitMs)) {
        m_error = m_process->errorString();
        return false;
    }
    QByteArray log;
    const QDeadlineTimer limit(startLimitMs);
    while (!limit.hasExpired()) {
        log += m_process->readAll();
        if (log.contains(ready)) {
            m_process->closeReadChannel(QProcess::StandardOutput);
            return true;
        }
        if (m_process->state() != QProcess::Running)
            break;
        m_process->waitForReadyRead(int(qMin<qint64>(limit.remainingTime(), 1'000)));
    }
    m_error = u"redis-server did not come up: "_s + QString::fromUtf8(log + m_process->readAll());
    kill();
    return false;
}

void RedisServer::stop()
{
    resume();
    if (m_process && m_process->state() != QProcess::NotRunning) {
        m_process->terminate();
        if (!m_process->waitForFinished(startLimitMs))
            kill();
    }
}

void RedisServer::kill()
{
    if (m_process && m_process->state() != QProcess::NotRunning) {
        m_process->kill();
        m_process->waitForFinished(startLimitMs);
    }
    m_process.reset();
    m_paused = false;
}

bool RedisServer::restartEmpty()
{
    kill();
    return launch();
}

void RedisServer::pause()
{
    if (isRunning() && ::kill(pid_t(m_process->processId()), SIGSTOP) == 0)
        m_paused = true;
}

void RedisServer::resume()
{
    if (m_paused && isRunning())
        ::kill(pid_t(m_process->processId()), SIGCONT);
    m_paused = false;
}

bool RedisServer::isRunning() const
{
    return m_process && m_process->state() == QProcess::Running;
}

RedisUrl RedisServer::url() const
{
    RedisUrl url;
    url.transport = RedisUrl::Transport::Unix;
    url.path = m_folder.filePath(u"redis.sock"_s);
    return url;
}

RedisUrl RedisServer::tcpUrl() const
{
    RedisUrl url;
    url.port = m_port;
    return url;
}

RedisUrl RedisServer::tlsUrl() const
{
    RedisUrl url;
    url.transport = RedisUrl::Transport::Tls;
    url.host = u"localhost"_s;
    url.port = m_tlsPort;
    url.caFile = m_options.caFile;
    return url;
}

RedisValue RedisServer::command(const QByteArrayList &arguments) const
{
    return RedisClient(url()).command(arguments);
}

} // namespace pulsedeck
