// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/sourceprobe.h"

#include <QDateTime>
#include <QHostAddress>
#include <QHostInfo>
#include <QLocalSocket>
#include <QSslCertificate>
#include <QSslSocket>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int addressesShown = 3;
constexpr int soonDays = 14; ///< A certificate that ends so soon is worth a word.

} // namespace

SourceProbe::SourceProbe(const SourceSettings &settings, const QStringList &before, const QStringList &after,
                         const QString &lookUp)
    : m_settings(settings)
    , m_looksUp(!lookUp.isEmpty())
{
    QStringList names;
    if (m_looksUp)
        names << lookUp << (settings.tls ? tr("TLS") : tr("TCP"));
    else if (!settings.socketPath.isEmpty())
        names << tr("Socket");
    else if (settings.ssh.isSet())
        names << tr("SSH tunnel");
    else if (settings.has(SourceField::Host))
        names << tr("Name look-up") << tr("TCP");
    if (settings.socketPath.isEmpty() && settings.tls && !m_looksUp)
        names << tr("TLS");
    m_reachSteps = int(names.size());
    const QStringList all = names + before + QStringList{tr("Sign in")} + after;
    for (const QString &name : all) {
        TestStep step;
        step.name = name;
        step.signsIn = m_steps.size() == m_reachSteps + before.size();
        m_steps.append(step);
    }
    m_whole.setParent(this); // Moves to the thread of the probe with it.
    m_whole.setSingleShot(true);
    connect(&m_whole, &QTimer::timeout, this, [this] {
        m_reached = true; // No sign of where it hangs.
        fail({SourceTrouble::Timeout, tr("The test was not over within %1 s.").arg(m_limitMs / 1000),
              tr("The server may be busy or stopped: test again when it answers.")});
    });
}

void SourceProbe::start(int leftMs, int limitMs)
{
    m_limitMs = limitMs;
    m_whole.start(leftMs);
    if (m_reachSteps > 0)
        enter();
    begin();
}

void SourceProbe::end()
{
    m_over = true;
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

void SourceProbe::settle(TestStep::State state, const SourceFailure &words)
{
    if (m_over || m_current < 0)
        return;
    TestStep &step = m_steps[m_current];
    step.state = state;
    step.text = words.text;
    step.hint = words.hint;
    step.addresses = words.addresses;
    step.certificate = words.certificate;
    step.trouble = words.kind;
    step.elapsedMs = m_since.elapsed();
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

void SourceProbe::fail(SourceFailure failure)
{
    if (m_over)
        return;
    if (m_looksUp) {
        // Its words say what could not be reached.
    } else if (!m_reached && m_settings.tls && failure.kind == SourceTrouble::Tls) {
        // A file of certificates that cannot be used is found before anything is sent.
        while (m_current + 1 < m_reachSteps) {
            skip(m_settings.ssh.isSet() ? tr("not known") : tr("not tried"));
            enter();
        }
    } else if (!m_reached && m_current == 0 && m_reachSteps > 1 && !m_settings.ssh.isSet()
               && failure.kind == SourceTrouble::Timeout) {
        failure.text = tr("The name %1 was not found within %2 s.").arg(m_settings.host).arg(stepLimitMs / 1000);
        failure.hint = tr("Check the name, and whether this computer's name server answers.");
    }
    settle(TestStep::State::Failed, failure);
    for (int i = m_current + 1; i < m_steps.size(); ++i) {
        m_steps[i].state = TestStep::State::NotReached;
        m_steps[i].text = tr("not reached");
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
    emit over();
}

void SourceProbe::follow(QIODevice *device)
{
    if (auto *local = qobject_cast<QLocalSocket *>(device)) {
        connect(local, &QLocalSocket::connected, this, [this] {
            pass(m_settings.socketPath);
            arrive();
        });
        return;
    }
    auto *socket = qobject_cast<QAbstractSocket *>(device);
    if (!socket)
        return;
    if (m_settings.ssh.isSet()) {
        // The socket is connected to ssh: how far that is shows only by what comes.
        if (auto *ssl = qobject_cast<QSslSocket *>(socket))
            connect(ssl, &QSslSocket::encrypted, this, [this, ssl] {
                pass(tr("through %1").arg(m_settings.ssh.hostName()));
                enter();
                onEncrypted(*ssl);
            });
        return;
    }
    connect(socket, &QAbstractSocket::hostFound, this, &SourceProbe::onHostFound);
    connect(socket, &QAbstractSocket::connected, this, [this, socket] { onConnected(*socket); });
    if (auto *ssl = qobject_cast<QSslSocket *>(socket))
        connect(ssl, &QSslSocket::encrypted, this, [this, ssl] { onEncrypted(*ssl); });
    if (socket->state() == QAbstractSocket::ConnectingState || socket->state() == QAbstractSocket::ConnectedState)
        onHostFound();
    if (socket->state() == QAbstractSocket::ConnectedState)
        onConnected(*socket);
}

void SourceProbe::onHostFound()
{
    if (m_over || m_current != 0)
        return;
    if (QHostAddress address; address.setAddress(m_settings.host)) {
        pass(tr("%1, no name to look up").arg(m_settings.host));
    } else {
        pass(tr("%1 was found").arg(m_settings.host));
        // A socket does not tell which addresses were found. Qt remembers them for a while, so the name is not asked for again.
        QHostInfo::lookupHost(m_settings.host, this, [this](const QHostInfo &info) {
            QStringList shown;
            for (const QHostAddress &found : info.addresses().mid(0, addressesShown))
                shown.append(found.toString());
            if (m_over || shown.isEmpty())
                return;
            if (info.addresses().size() > addressesShown)
                shown.append(u"…"_s);
            m_steps[0].text = tr("%1 is %2").arg(m_settings.host, shown.join(u", "_s));
            emit stepped(0, m_steps.at(0));
        });
    }
    enter();
}

void SourceProbe::onConnected(const QAbstractSocket &socket)
{
    onHostFound();
    if (m_over || m_current != 1)
        return;
    const QString peer = socket.peerAddress().toString();
    pass((peer.contains(u':') ? QString(u'[' + peer + u"]:"_s) : QString(peer + u':')) + QString::number(m_settings.port));
    if (m_settings.tls)
        enter();
    else
        arrive();
}

void SourceProbe::onEncrypted(const QAbstractSocket &socket)
{
    const auto &ssl = static_cast<const QSslSocket &>(socket);
    if (m_over || m_reached)
        return;
    const QString protocol = ssl.sessionProtocol() == QSsl::TlsV1_2   ? u"TLS 1.2"_s
                             : ssl.sessionProtocol() == QSsl::TlsV1_3 ? u"TLS 1.3"_s
                                                                      : u"TLS"_s;
    const QDateTime end = ssl.peerCertificate().expiryDate();
    const qint64 days = QDateTime::currentDateTimeUtc().daysTo(end);
    if (!m_settings.tlsOptions.pins().isEmpty()) {
        const QString text = tr("%1, certificate trusted by its fingerprint").arg(protocol);
        if (end.isValid() && days < soonDays)
            limit(text, tr("Have the certificate renewed before it ends: nothing can connect afterwards."));
        else
            pass(text);
    } else if (!end.isValid()) {
        pass(tr("%1, the host's name matches").arg(protocol));
    } else {
        const QString text =
            tr("%1, the host's name matches, certificate valid for %Ln day(s)", nullptr, int(days)).arg(protocol);
        if (days < soonDays)
            limit(text, tr("Have the certificate renewed before it ends: nothing can connect afterwards."));
        else
            pass(text);
    }
    arrive();
}

void SourceProbe::arrive()
{
    if (m_over || m_reached)
        return;
    // Where the socket could not be followed, the steps are known to be done by now.
    const QString done = m_settings.ssh.isSet() ? tr("through %1").arg(m_settings.ssh.hostName()) : tr("done");
    for (; m_current + 1 < m_reachSteps; enter())
        pass(done);
    if (m_current >= 0 && m_steps.at(m_current).state == TestStep::State::Running)
        pass(done);
    m_reached = true;
    reached();
}

} // namespace pulsedeck
