// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redissocket.h"

#include "app/sources/certificates.h"
#include "app/sources/sshtunnel.h"

#include <QNetworkProxy>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTcpSocket>

namespace pulsedeck {

RedisSocket::RedisSocket(const RedisUrl &url, QObject *parent)
    : QObject(parent)
    , m_url(url)
{
    switch (url.transport) {
    case RedisUrl::Transport::Tcp:
        makeTcp();
        break;
    case RedisUrl::Transport::Tls:
        makeTls();
        break;
    case RedisUrl::Transport::Unix:
        makeLocal();
        break;
    }
    if (m_tcp && url.ssh.isSet())
        m_tunnel = new SshTunnel(url.ssh, url.host, url.port, this);
    connect(device(), &QIODevice::readyRead, this, &RedisSocket::readyRead);
}

RedisSocket::~RedisSocket()
{
    abort();
}

void RedisSocket::makeTcp()
{
    m_tcp = new QTcpSocket(this);
    connect(m_tcp, &QTcpSocket::connected, this, &RedisSocket::ready);
    connect(m_tcp, &QTcpSocket::errorOccurred, this,
            [this](QAbstractSocket::SocketError error) { end(socketFailure(error, m_tcp->errorString(), m_url)); });
}

void RedisSocket::makeTls()
{
    m_tls = new QSslSocket(this);
    m_tcp = m_tls;
    connect(m_tls, &QSslSocket::sslErrors, this, [this](const QList<QSslError> &errors) {
        if (isTrustedByPin(errors, m_tls->peerCertificate(), m_url.tlsOptions))
            m_tls->ignoreSslErrors(errors);
    });
    connect(m_tls, &QSslSocket::encrypted, this, [this] {
        if (isPinKept(m_tls->peerCertificate(), m_url.tlsOptions))
            emit ready();
        else
            end(otherCertificateFailure(describeCertificate(m_tls->peerCertificate()), m_url));
    });
    connect(m_tls, &QSslSocket::errorOccurred, this, [this](QAbstractSocket::SocketError error) {
        const auto refusals = m_tls->sslHandshakeErrors();
        if (demandsClientCertificate(m_tls->errorString()))
            end(clientCertificateFailure(m_url));
        else if (!m_tls->isEncrypted() && !refusals.isEmpty() && !isPinKept(m_tls->peerCertificate(), m_url.tlsOptions))
            end(otherCertificateFailure(describeCertificate(m_tls->peerCertificate()), m_url));
        else if (!m_tls->isEncrypted() && !refusals.isEmpty())
            end(certificateFailure(refusals, describeCertificate(m_tls->peerCertificate()),
                                   certificateNames(m_tls->peerCertificate()), m_url));
        else if (!m_tls->isEncrypted() && error == QAbstractSocket::RemoteHostClosedError)
            end(tlsFailure(tr("the server ended the connection"), m_url));
        else
            end(socketFailure(error, m_tls->errorString(), m_url));
    });
}

void RedisSocket::makeLocal()
{
    m_local = new QLocalSocket(this);
    // connectToServer() may report both before it returns; the owner hears of it from the event loop.
    connect(m_local, &QLocalSocket::connected, this, &RedisSocket::ready, Qt::QueuedConnection);
    connect(
        m_local, &QLocalSocket::errorOccurred, this,
        [this](QLocalSocket::LocalSocketError error) { end(localSocketFailure(error, m_local->errorString(), m_url)); },
        Qt::QueuedConnection);
}

bool RedisSocket::prepareTls(QString *problem)
{
    if (!QSslSocket::supportsSsl()) {
        *problem = tr("this installation of Qt has no TLS library");
        return false;
    }
    QSslConfiguration configuration = m_tls->sslConfiguration();
    *problem = setUpTls(m_url.caFile, m_url.tlsOptions, &configuration);
    m_tls->setSslConfiguration(configuration);
    return problem->isEmpty();
}

void RedisSocket::connectToServer()
{
    if (m_local) {
        m_local->connectToServer(m_url.path);
        return;
    }
    m_tcp->setProxy(QNetworkProxy::NoProxy);
    if (!m_tunnel) {
        m_tcp->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        m_tcp->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
    }
    if (!m_tls) {
        if (m_tunnel) {
            connectBySsh();
            return;
        }
        m_tcp->connectToHost(m_url.host, quint16(m_url.port));
        return;
    }
    QString problem;
    if (prepareTls(&problem)) {
        if (m_tunnel) {
            connectBySsh();
            return;
        }
        const QString &name = m_url.tlsOptions.serverName;
        m_tls->connectToHostEncrypted(m_url.host, quint16(m_url.port), name.isEmpty() ? m_url.host : name);
        return;
    }
    RedisFailure failure = tlsFailure(problem, m_url);
    failure.hint = tr("Check the file and its name.");
    QMetaObject::invokeMethod(
        this, [this, failure] { end(failure); }, Qt::QueuedConnection);
}

void RedisSocket::connectBySsh()
{
    const int near = m_tunnel->open();
    if (near < 0 || !m_tcp->setSocketDescriptor(near, QAbstractSocket::ConnectedState)) {
        const RedisFailure failure = socketFailure(QAbstractSocket::UnknownSocketError, m_tcp->errorString(), m_url);
        QMetaObject::invokeMethod(
            this, [this, failure] { end(failure); }, Qt::QueuedConnection);
        return;
    }
    if (m_tls) {
        // The socket itself knows no host; the certificate is for this one.
        const QString &name = m_url.tlsOptions.serverName;
        m_tls->setPeerVerifyName(name.isEmpty() ? m_url.host : name);
        m_tls->startClientEncryption();
        return;
    }
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (!m_ended)
                emit ready();
        },
        Qt::QueuedConnection);
}

bool RedisSocket::isWayLost() const
{
    return m_tunnel && m_tunnel->failure().kind != RedisFailure::Kind::None;
}

RedisFailure RedisSocket::orOfTunnel(const RedisFailure &failure) const
{
    return isWayLost() ? m_tunnel->failure() : failure;
}

void RedisSocket::abort()
{
    m_ended = true;
    disconnect();
    if (m_local) {
        m_local->disconnect(this);
        m_local->abort();
    } else {
        m_tcp->disconnect(this);
        m_tcp->abort();
    }
}

void RedisSocket::flush()
{
    if (m_local)
        m_local->flush();
    else
        m_tcp->flush();
}

QIODevice *RedisSocket::device() const
{
    return m_local ? static_cast<QIODevice *>(m_local) : m_tcp;
}

bool RedisSocket::isConnected() const
{
    if (m_tunnel)
        return m_tunnel->isThrough();
    return m_local ? m_local->state() == QLocalSocket::ConnectedState : m_tcp->state() == QAbstractSocket::ConnectedState;
}

bool RedisSocket::isEncrypted() const
{
    return m_tls && m_tls->isEncrypted();
}

bool RedisSocket::isReadable() const
{
    const bool over = m_local && m_local->state() != QLocalSocket::ConnectedState && m_local->bytesAvailable() == 0;
    return !over && device()->isReadable();
}

qint64 RedisSocket::certificateUntil() const
{
    return isEncrypted() ? certificateEnd(m_tls->peerCertificate()) : 0;
}

void RedisSocket::setReadBufferSize(qint64 bytes)
{
    if (m_local)
        m_local->setReadBufferSize(bytes);
    else if (!m_tls)
        m_tcp->setReadBufferSize(bytes);
}

void RedisSocket::end(const RedisFailure &failure)
{
    if (m_ended)
        return;
    m_ended = true;
    emit ended(orOfTunnel(failure));
}

} // namespace pulsedeck
