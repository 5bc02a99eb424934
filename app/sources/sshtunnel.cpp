// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/sshtunnel.h"

#include <QAbstractEventDispatcher>
#include <QProcess>
#include <QSocketNotifier>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype tunnelBufferBytes = 65'536;
constexpr int mostTurns = 16; ///< Buffers passed on before other sockets of the thread have their turn.
/// An ssh that has closed its output ends within moments, or goes on because it was the server that ended the connection: the
/// latter is unlikely before the server has sent anything.
constexpr int endGraceMs = 250;
constexpr int silentGraceMs = 5'000;
constexpr int lastBytesMs = 500; ///< For what was written last to leave.
constexpr int killMs = 2'000;

/// They block, as programs expect of their standard input and output: it is each call here that does not wait.
bool makePair(int (&ends)[2])
{
    return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0;
}

void closeEnd(int &descriptor)
{
    if (descriptor >= 0)
        ::close(std::exchange(descriptor, -1));
}

bool isBusy()
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/// Sentinels and nodes of a cluster name hosts themselves: nothing of that may be more than a host for ssh, which would take a
/// path for a socket there.
bool isForwardable(const QString &host)
{
    constexpr qsizetype longestHost = 253;
    return !host.isEmpty() && host.size() <= longestHost && std::all_of(host.begin(), host.end(), [](QChar c) {
        return c.isLetterOrNumber() || c == u'.' || c == u'-' || c == u'_' || c == u':' || c == u'%';
    });
}

} // namespace

SshTunnel::SshTunnel(const SshRoute &route, const QString &host, int port, QObject *parent)
    : QObject(parent)
    , m_route(route)
    , m_host(host)
    , m_port(port)
    , m_endTimer(this)
{
    m_endTimer.setSingleShot(true);
    connect(&m_endTimer, &QTimer::timeout, this, &SshTunnel::settle);
}

SshTunnel::~SshTunnel()
{
    // This may be inside a signal of one of them.
    for (QSocketNotifier *notifier : {m_readable, m_writable}) {
        if (!notifier)
            continue;
        notifier->setEnabled(false);
        notifier->setParent(nullptr);
        notifier->deleteLater();
    }
    closeEnd(m_near);
    closeEnd(m_far);
    if (!m_ssh)
        return;
    m_ssh->disconnect(this);
    m_ssh->setParent(QAbstractEventDispatcher::instance()); // It ends with the thread.
    if (m_ssh->state() == QProcess::NotRunning) {
        m_ssh->deleteLater();
        return;
    }
    // Its input has ended: it sends what is left of it, and ends. Who waited for it would block the thread.
    connect(m_ssh, &QProcess::finished, m_ssh, &QObject::deleteLater);
    QTimer::singleShot(lastBytesMs, m_ssh, &QProcess::terminate);
    QTimer::singleShot(killMs, m_ssh, &QProcess::kill);
}

QString SshTunnel::where() const
{
    return (m_host.contains(u':') ? QString(u'[' + m_host + u']') : m_host) + u':' + QString::number(m_port);
}

bool SshTunnel::check()
{
    QString problem;
    if (!m_route.isSet() || !SshRoute::parse(m_route.host, m_route.jump, &problem))
        m_failure = sshRouteFailure(problem);
    else if (!isForwardable(m_host) || m_port < 1 || m_port > 65535)
        m_failure = sshRouteFailure(tr("The host of the server has a character that is not allowed."));
    return m_failure.kind == SourceTrouble::None;
}

int SshTunnel::open()
{
    int ends[2] = {-1, -1};
    if (!check())
        return -1;
    if (!makePair(ends)) {
        m_failure = sshRouteFailure(tr("This program has too many files open."));
        return -1;
    }
    m_near = ends[0];
    start();
    return ends[1];
}

void SshTunnel::carry(int descriptor)
{
    m_near = descriptor;
    if (check())
        start();
    else
        QMetaObject::invokeMethod(this, &SshTunnel::settle, Qt::QueuedConnection);
}

void SshTunnel::start()
{
    int output[2] = {-1, -1};
    if (!makePair(output)) {
        m_failure = sshRouteFailure(tr("This program has too many files open."));
        QMetaObject::invokeMethod(this, &SshTunnel::settle, Qt::QueuedConnection);
        return;
    }
    m_far = output[0];
    m_ssh = new QProcess(this);
    m_ssh->setProgram(u"ssh"_s);
    // BatchMode: nothing is asked. LogLevel: not QUIET, as a configuration may say. All else is as the account has configured it.
    const QStringList options{u"BatchMode=yes"_s, u"ConnectTimeout=10"_s,     u"ExitOnForwardFailure=yes"_s,
                              u"LogLevel=INFO"_s, u"ServerAliveInterval=5"_s, u"ServerAliveCountMax=2"_s};
    QStringList arguments;
    for (const QString &option : options)
        arguments << u"-o"_s << option;
    arguments << u"-W"_s << where();
    m_ssh->setArguments(arguments + m_route.arguments());
    m_ssh->setStandardInputFile(QProcess::nullDevice());
    m_ssh->setStandardOutputFile(QProcess::nullDevice());
    m_ssh->setChildProcessModifier([input = m_near, out = output[1]] {
        ::setsid(); // No terminal: Ctrl+C there is not for it, and nothing is asked there.
        if (::dup2(input, STDIN_FILENO) < 0 || ::dup2(out, STDOUT_FILENO) < 0)
            ::_exit(127);
    });
    connect(m_ssh, &QProcess::readyReadStandardError, this, &SshTunnel::keepWords);
    // FailedToStart may be reported inside start().
    connect(
        m_ssh, &QProcess::errorOccurred, this,
        [this](QProcess::ProcessError error) {
            if (error != QProcess::FailedToStart)
                return;
            m_end.started = false;
            settle();
        },
        Qt::QueuedConnection);
    connect(m_ssh, &QProcess::finished, this, [this](int status, QProcess::ExitStatus how) {
        m_end.ended = true;
        m_end.crashed = how == QProcess::CrashExit;
        m_end.status = status;
        if (m_farOver)
            settle();
        else if (!m_endTimer.isActive())
            m_endTimer.start(endGraceMs); // What it has written is still on its way; another process may hold its output.
    });
    m_readable = new QSocketNotifier(m_far, QSocketNotifier::Read, this);
    m_writable = new QSocketNotifier(m_near, QSocketNotifier::Write, this);
    m_writable->setEnabled(false);
    connect(m_readable, &QSocketNotifier::activated, this, &SshTunnel::pass);
    connect(m_writable, &QSocketNotifier::activated, this, &SshTunnel::pass);
    m_end.ended = false;
    m_ssh->start();
    closeEnd(output[1]);
}

/// From ssh to the near end.
void SshTunnel::pass()
{
    if (m_settled)
        return;
    std::array<char, tunnelBufferBytes> buffer;
    for (int turn = 0; turn < mostTurns; ++turn) {
        if (m_waiting.isEmpty()) {
            if (m_farOver) {
                onFarEnd();
                return;
            }
            const ssize_t got = ::recv(m_far, buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (got < 0 && isBusy())
                break;
            if (got <= 0) {
                m_farOver = true;
                m_readable->setEnabled(false);
                onFarEnd();
                return;
            }
            m_through = true;
            m_waiting = QByteArray(buffer.data(), got);
        }
        const ssize_t sent = ::send(m_near, m_waiting.constData(), size_t(m_waiting.size()), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0 && !isBusy()) {
            m_waiting.clear();
            m_farOver = true; // The near end is gone: what still comes is for nothing.
            m_readable->setEnabled(false);
            m_writable->setEnabled(false);
            onFarEnd();
            return;
        }
        m_waiting.remove(0, qMax<ssize_t>(0, sent));
        if (!m_waiting.isEmpty())
            break;
    }
    m_readable->setEnabled(m_waiting.isEmpty() && !m_farOver);
    m_writable->setEnabled(!m_waiting.isEmpty());
}

void SshTunnel::onFarEnd()
{
    m_writable->setEnabled(false);
    if (m_end.ended)
        settle();
    else if (!m_endTimer.isActive())
        m_endTimer.start(m_through ? endGraceMs : silentGraceMs);
}

void SshTunnel::keepWords()
{
    m_end.words += m_ssh->readAllStandardError();
    if (m_end.words.size() > mostWords)
        m_end.words = m_end.words.right(mostWords);
}

void SshTunnel::settle()
{
    if (std::exchange(m_settled, true))
        return;
    m_endTimer.stop();
    if (m_readable) {
        m_readable->setEnabled(false);
        m_writable->setEnabled(false);
    }
    if (m_ssh) {
        keepWords();
        m_failure = sshFailure(m_end, m_route, where());
    }
    if (m_near >= 0)
        ::shutdown(m_near, SHUT_RDWR);
    if (m_ssh && m_ssh->state() != QProcess::NotRunning) {
        m_ssh->terminate();
        QTimer::singleShot(killMs, m_ssh, &QProcess::kill);
    }
    emit ended();
}

} // namespace pulsedeck
