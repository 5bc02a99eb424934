// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/singlewindow.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QDir>
#include <QFileInfo>
#include <QLocalServer>
#include <QLocalSocket>
#include <QThread>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr QByteArrayView answer("taken\n");
constexpr int tryAgainMs = 50;

/// By the settings file, which differs for users, tests and trials.
QString basePath(const QString &settingsFile)
{
    const QString whole = QFileInfo(settingsFile).absoluteFilePath();
    const QByteArray hash = QCryptographicHash::hash(whole.toUtf8(), QCryptographicHash::Sha1).toHex().left(12);
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    const QString folder = !runtime.isEmpty() && QFileInfo(runtime).isDir() ? runtime : QFileInfo(whole).absolutePath();
    return QDir(folder).filePath(u"pulsedeck-"_s + QString::fromLatin1(hash));
}

} // namespace

SingleWindow::SingleWindow(const QString &settingsFile, QObject *parent)
    : QObject(parent)
    , m_socketPath(basePath(settingsFile) + u".socket"_s)
    , m_lock(basePath(settingsFile) + u".lock"_s)
{
    m_lock.setStaleLockTime(0); // A window may be open for months: only the end of its process frees the lock.
    QDir().mkpath(QFileInfo(m_socketPath).absolutePath());
}

SingleWindow::~SingleWindow()
{
    m_server.reset(); // Nobody connects any more when the lock is free.
}

SingleWindow::Outcome SingleWindow::begin(const WindowRequest &request, bool handOver)
{
    const QByteArray line = request.toJson() + '\n';
    const QDeadlineTimer limit(answerWithinMs);
    do {
        if (m_lock.tryLock(0))
            return listen() ? Outcome::First : Outcome::Alone;
        if (!handOver || m_lock.error() != QLockFile::LockFailedError)
            return Outcome::Alone;
        // It may have the lock and not listen yet, or be about to end.
        if (send(line))
            return Outcome::HandedOver;
        QThread::msleep(tryAgainMs);
    } while (!limit.hasExpired());
    return Outcome::Unanswered;
}

bool SingleWindow::listen()
{
    // With the lock in hand a socket that is still there is a dead process's.
    QLocalServer::removeServer(m_socketPath);
    m_server = std::make_unique<QLocalServer>();
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server.get(), &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket *socket = m_server->nextPendingConnection()) {
            connect(socket, &QLocalSocket::readyRead, this, [this, socket] { take(socket); });
            connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
            take(socket);
        }
    });
    if (m_server->listen(m_socketPath))
        return true;
    m_server.reset();
    m_lock.unlock();
    return false;
}

void SingleWindow::stopListening()
{
    m_server.reset();
}

bool SingleWindow::send(const QByteArray &request)
{
    QLocalSocket socket;
    socket.connectToServer(m_socketPath);
    if (!socket.waitForConnected(answerWithinMs))
        return false;
    socket.write(request);
    const QDeadlineTimer limit(answerWithinMs);
    QByteArray said;
    while (!said.contains('\n')) {
        if (!socket.waitForReadyRead(int(qMax<qint64>(1, limit.remainingTime()))))
            break;
        said += socket.readAll();
    }
    return QByteArrayView(said) == answer;
}

void SingleWindow::take(QLocalSocket *socket)
{
    if (socket->bytesAvailable() > longestRequest) {
        socket->abort();
        return;
    }
    if (!socket->canReadLine())
        return;
    const std::optional<WindowRequest> request = WindowRequest::fromJson(socket->readLine());
    if (!request) {
        socket->abort();
        return;
    }
    socket->write(answer.toByteArray());
    socket->flush();
    socket->disconnectFromServer();
    emit requested(*request);
}

} // namespace pulsedeck
