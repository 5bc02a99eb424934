// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/sourceprobe.h"

#include "app/sources/certificatenames.h"

#include <QDateTime>
#include <QFile>
#include <QHostAddress>
#include <QHostInfo>
#include <QNetworkProxy>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int addressesShown = 3;
constexpr int soonDays = 14; ///< A certificate that ends so soon is worth a word.

QString protocolName(QSsl::SslProtocol protocol)
{
    switch (protocol) {
    case QSsl::TlsV1_2:
        return u"TLS 1.2"_s;
    case QSsl::TlsV1_3:
        return u"TLS 1.3"_s;
    default:
        return u"TLS"_s;
    }
}

} // namespace

SourceProbe::SourceProbe(const QList<TestStep> &named)
    : m_steps(named)
{
    for (QTimer *timer : {&m_whole, &m_reaching}) {
        timer->setParent(this); // Moves to the thread of the probe with it.
        timer->setSingleShot(true);
    }
    connect(&m_whole, &QTimer::timeout, this, [this] {
        fail({SourceTrouble::Timeout, u"The test was not over within %1 s."_s.arg(m_limitMs / 1000),
              u"The server may be busy or stopped: test again when it answers."_s});
    });
    connect(&m_reaching, &QTimer::timeout, this, [this] {
        const bool connected = m_socket && m_socket->state() == QAbstractSocket::ConnectedState;
        if (m_lookUp >= 0)
            fail({SourceTrouble::Timeout, u"The name %1 was not found within %2 s."_s.arg(m_place.host).arg(stepLimitMs / 1000),
                  u"Check the name, and whether this computer's name server answers."_s});
        else
            fail(timeoutTrouble(connected));
    });
}

QList<TestStep> SourceProbe::stepsNamed(const QStringList &names, const QString &signIn)
{
    QList<TestStep> steps;
    for (const QString &name : names) {
        TestStep step;
        step.name = name;
        step.signsIn = name == signIn;
        steps.append(step);
    }
    return steps;
}

void SourceProbe::start(int leftMs, int limitMs)
{
    m_limitMs = limitMs;
    m_whole.start(leftMs);
    begin();
}

void SourceProbe::end()
{
    m_over = true;
    dropSocket();
    deleteLater();
}

void SourceProbe::enter()
{
    if (m_over || m_current + 1 >= m_steps.size())
        return;
    ++m_current;
    m_since.start();
    m_steps[m_current].state = TestStep::State::Running;
    emit stepped(m_current, m_steps.at(m_current));
}

void SourceProbe::settle(TestStep::State state, const SourceFailure &words, qint64 elapsedMs)
{
    if (m_over || m_current < 0)
        return;
    TestStep &step = m_steps[m_current];
    step.state = state;
    step.text = words.text;
    step.hint = words.hint;
    step.trouble = words.kind;
    step.elapsedMs = elapsedMs >= 0 ? elapsedMs : m_since.elapsed();
    emit stepped(m_current, step);
}

void SourceProbe::pass(const QString &text)
{
    settle(TestStep::State::Passed, {SourceTrouble::None, text, {}});
}

void SourceProbe::limit(const QString &text, const QString &hint)
{
    settle(TestStep::State::Limited, {SourceTrouble::None, text, hint});
}

void SourceProbe::skip(const QString &text)
{
    settle(TestStep::State::Skipped, {SourceTrouble::None, text, {}});
}

void SourceProbe::fail(const SourceFailure &words)
{
    if (m_over)
        return;
    settle(TestStep::State::Failed, words);
    for (int i = m_current + 1; i < m_steps.size(); ++i) {
        m_steps[i].state = TestStep::State::NotReached;
        m_steps[i].text = u"not reached"_s;
        emit stepped(i, m_steps.at(i));
    }
    finish();
}

void SourceProbe::finish()
{
    if (m_over)
        return;
    m_over = true;
    m_whole.stop();
    dropSocket();
    emit over();
}

void SourceProbe::reach(const Place &place, std::function<void()> next)
{
    m_place = place;
    m_next = std::move(next);
    enter();
    m_reaching.start(stepLimitMs);
    lookUp();
}

void SourceProbe::lookUp()
{
    if (QHostAddress address; address.setAddress(m_place.host)) {
        pass(m_place.host + u", no name to look up"_s);
        connectTo();
        return;
    }
    m_lookUp = QHostInfo::lookupHost(m_place.host, this, [this](const QHostInfo &info) {
        if (std::exchange(m_lookUp, -1) < 0 || isOver())
            return;
        const auto all = info.addresses();
        if (info.error() != QHostInfo::NoError || all.isEmpty()) {
            fail(socketTrouble(QAbstractSocket::HostNotFoundError, info.errorString()));
            return;
        }
        QStringList shown;
        for (const QHostAddress &address : all.mid(0, addressesShown))
            shown.append(address.toString());
        if (all.size() > addressesShown)
            shown.append(u"…"_s);
        pass(m_place.host + u" is "_s + shown.join(u", "_s));
        connectTo();
    });
}

void SourceProbe::connectTo()
{
    enter();
    m_reaching.start(stepLimitMs);
    m_socket = new QSslSocket(this);
    m_socket->setProxy(QNetworkProxy::NoProxy);
    connect(m_socket, &QSslSocket::connected, this, [this] {
        const QString peer = m_socket->peerAddress().toString();
        const QString port = QString::number(m_place.port);
        pass(peer.contains(u':') ? QString(u'[' + peer + u"]:"_s + port) : QString(peer + u':' + port));
        if (!m_place.tls) {
            dropSocket();
            m_next();
            return;
        }
        enter();
        m_reaching.start(stepLimitMs);
        m_socket->startClientEncryption();
    });
    connect(m_socket, &QSslSocket::encrypted, this, &SourceProbe::onEncrypted);
    connect(m_socket, &QSslSocket::errorOccurred, this, &SourceProbe::onSocketError);
    if (m_place.tls && !m_place.caFile.isEmpty()) {
        const auto own = QSslCertificate::fromPath(m_place.caFile);
        QSslConfiguration configuration = m_socket->sslConfiguration();
        configuration.setCaCertificates(QSslConfiguration::systemCaCertificates() + own);
        m_socket->setSslConfiguration(configuration);
        if (own.isEmpty()) {
            fail({SourceTrouble::Tls,
                  u"The CA file "_s + m_place.caFile
                      + (QFile::exists(m_place.caFile) ? u" holds no PEM certificate."_s : u" is not there."_s),
                  u"Check the file and its name."_s});
            return;
        }
    }
    m_socket->setPeerVerifyName(m_place.host);
    m_socket->connectToHost(m_place.host, quint16(m_place.port));
}

void SourceProbe::onEncrypted()
{
    const QString protocol = protocolName(m_socket->sessionProtocol());
    const QDateTime end = m_socket->peerCertificate().expiryDate();
    const qint64 days = QDateTime::currentDateTimeUtc().daysTo(end);
    QString text = protocol + u", the host's name matches"_s;
    if (end.isValid())
        text += u", certificate valid for "_s + QString::number(days) + (days == 1 ? u" day"_s : u" days"_s);
    if (end.isValid() && days < soonDays)
        limit(text, u"Have the certificate renewed before it ends: afterwards nothing connects any more."_s);
    else
        pass(text);
    dropSocket();
    m_next();
}

void SourceProbe::onSocketError(QAbstractSocket::SocketError error)
{
    const auto refusals = m_socket->sslHandshakeErrors();
    const bool connected = m_place.tls && m_socket->peerPort() != 0;
    if (!refusals.isEmpty() && !m_socket->isEncrypted())
        fail(certificateTrouble(refusals, certificateNames(m_socket->peerCertificate())));
    else if (connected && error == QAbstractSocket::RemoteHostClosedError)
        fail(socketTrouble(QAbstractSocket::SslHandshakeFailedError, u"the server ended the connection"_s));
    else
        fail(socketTrouble(error, m_socket->errorString()));
}

/// From inside one of its signals, so it goes later.
void SourceProbe::dropSocket()
{
    m_reaching.stop();
    if (m_lookUp >= 0)
        QHostInfo::abortHostLookup(std::exchange(m_lookUp, -1));
    if (!m_socket)
        return;
    QSslSocket *const socket = std::exchange(m_socket, nullptr);
    socket->disconnect(this);
    socket->abort();
    socket->deleteLater();
}

} // namespace pulsedeck
