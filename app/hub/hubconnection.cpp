// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubconnection.h"

#include "app/sources/certificates.h"
#include "app/sources/sshproxy.h"

#include <QPointer>
#include <QRandomGenerator>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QUuid>
#include <QWebSocket>

#include <chrono>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int longestHeartbeatMs = 8'000;
constexpr int timeoutTickMs = 50;

QString newId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

} // namespace

HubConnection::HubConnection(const HubConnectionOptions &options, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_options(options)
    , m_clock(clock)
    , m_outbox(options.limits)
    , m_backoff(options.backoffFirstMs, options.backoffCapMs)
{
    m_options.heartbeatMs = qBound(1, m_options.heartbeatMs, longestHeartbeatMs);
    m_vitals.keptHeartbeatMs = m_options.heartbeatMs;
    for (QTimer *timer : {&m_connectTimer, &m_retryTimer, &m_sendTimer, &m_registerTimer, &m_tokenTimer, &m_graceTimer}) {
        timer->setParent(this); // Moves to the thread of the connection with it.
        timer->setSingleShot(true);
    }
    m_heartbeatTimer.setParent(this);
    m_timeoutTimer.setParent(this);
    m_sendTimer.setTimerType(Qt::PreciseTimer);
    connect(&m_connectTimer, &QTimer::timeout, this, [this] {
        const bool connected = m_socket && m_socket->state() == QAbstractSocket::ConnectedState;
        if (m_proxy && !m_proxy->isThrough())
            fail(sshTimeoutFailure(connectLimitMs(), m_options.hub.ssh, m_options.hub.shortName()));
        else
            fail(hubTimeoutFailure(connected, connectLimitMs(), m_options.hub));
    });
    connect(&m_retryTimer, &QTimer::timeout, this, &HubConnection::attempt);
    connect(&m_sendTimer, &QTimer::timeout, this, &HubConnection::pump);
    connect(&m_heartbeatTimer, &QTimer::timeout, this, &HubConnection::sendHeartbeat);
    connect(&m_timeoutTimer, &QTimer::timeout, this, &HubConnection::checkTimeouts);
    connect(&m_registerTimer, &QTimer::timeout, this, &HubConnection::registerAddress);
    connect(&m_tokenTimer, &QTimer::timeout, this, &HubConnection::refreshToken);
    connect(&m_graceTimer, &QTimer::timeout, this, [this] {
        dropSocket();
        setState(State::Closed);
    });
}

HubConnection::~HubConnection()
{
    m_state = State::Closed;
    dropSocket();
    for (const HubOutbox::Finished &one : m_outbox.reset())
        one();
}

void HubConnection::open()
{
    m_addressTaken = false; // An operator wants it.
    if (m_state == State::Closing) {
        dropSocket();
        m_state = State::Closed;
    }
    if (m_state == State::Closed)
        attempt();
}

void HubConnection::retryNow()
{
    if (m_state == State::Waiting) {
        m_addressTaken = false;
        attempt();
    } else {
        open();
    }
}

void HubConnection::close()
{
    if (m_state == State::Closed || m_state == State::Closing)
        return;
    const bool tellHub = m_state == State::Ready;
    const auto unanswered = m_outbox.reset();
    m_retryTimer.stop();
    m_failure = {};
    if (tellHub) {
        // The hub never answers a Close frame, but it does answer this.
        m_heartbeatTimer.stop();
        m_timeoutTimer.stop();
        m_registerTimer.stop();
        m_tokenTimer.stop();
        m_sendTimer.stop();
        m_graceTimer.start(m_options.graceMs);
        m_state = State::Closing;
        write(HubRequest::disconnect(u"closed by the operator"_s /* untranslated: on the wire */), newId());
    } else {
        dropSocket();
        m_state = State::Closed;
    }
    const State entered = m_state;
    const QPointer<HubConnection> guard(this);
    setRegisteredNow(false);
    if (guard)
        finish(unanswered);
    if (guard && m_state == entered)
        emit stateChanged(m_state);
}

int HubConnection::retryInMs() const
{
    return m_state == State::Waiting ? m_retryTimer.remainingTime() : -1;
}

HubVitals HubConnection::vitals()
{
    m_vitals.address = m_options.address;
    m_vitals.registered = m_registered;
    m_vitals.waiting = int(m_outbox.waiting());
    m_vitals.budgetUsed = m_outbox.sentInLastSecond(steadyMs());
    return m_vitals;
}

void HubConnection::attempt()
{
    dropSocket();
    m_retryTimer.stop();
    m_socketProblem = {};
    m_socket = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, this);
    m_socket->setMaxAllowedIncomingFrameSize(quint64(HubMessage::maxBytes));
    m_socket->setMaxAllowedIncomingMessageSize(quint64(HubMessage::maxBytes));
    QString caProblem;
    if (m_options.hub.tls) {
        QSslConfiguration ssl = m_socket->sslConfiguration();
        caProblem = setUpTls(m_options.hub.caFile, m_options.hub.tlsOptions, &ssl);
        m_socket->setSslConfiguration(ssl);
        // The socket that it opens is there by then, and has not begun with TLS.
        connect(m_socket, &QWebSocket::stateChanged, this, [this, socket = m_socket] { nameServer(*socket); });
    }
    connect(m_socket, &QWebSocket::connected, this, &HubConnection::onSocketConnected);
    connect(m_socket, &QWebSocket::disconnected, this, &HubConnection::onSocketDisconnected);
    connect(m_socket, &QWebSocket::textMessageReceived, this, &HubConnection::onText);
    connect(m_socket, &QWebSocket::binaryMessageReceived, this,
            [this] { noteUnreadable(tr("a binary message; a hub sends text")); });
    connect(m_socket, &QWebSocket::sslErrors, this, [this](const QList<QSslError> &errors) {
        auto *tls = m_socket->findChild<QSslSocket *>(QString(), Qt::FindDirectChildrenOnly);
        const QSslCertificate shown = tls ? tls->peerCertificate() : QSslCertificate();
        if (isTrustedByPin(errors, shown, m_options.hub.tlsOptions))
            tls->ignoreSslErrors(errors);
        else if (!shown.isNull() && !isPinKept(shown, m_options.hub.tlsOptions))
            m_socketProblem = hubOtherCertificateFailure(shown, m_options.hub);
        else
            m_socketProblem = hubCertificateFailure(errors, m_options.hub);
    });
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    const auto failed = &QWebSocket::errorOccurred;
#else
    const auto failed = qOverload<QAbstractSocket::SocketError>(&QWebSocket::error);
#endif
    connect(m_socket, failed, this, [this](QAbstractSocket::SocketError error) {
        if (m_socketProblem.kind == SourceFailure::Kind::None)
            m_socketProblem = hubSocketFailure(error, m_socket->errorString(), m_options.hub);
        // A socket that never connected may not tell that it is disconnected.
        if (m_socket->state() == QAbstractSocket::UnconnectedState)
            onSocketDisconnected();
    });
    if (m_options.hub.ssh.isSet()) {
        m_proxy = new SshProxy(m_options.hub.ssh, m_options.hub.host, m_options.hub.port, m_socket);
        m_socket->setProxy(m_proxy->proxy());
    }
    m_connectTimer.start(connectLimitMs());
    setState(State::Connecting); // Queued slots only from here: a slot may have closed or deleted everything.
    const QPointer<QWebSocket> socket(m_socket);
    QMetaObject::invokeMethod(
        m_socket,
        [this, socket, caProblem] {
            if (!socket)
                return;
            if (!caProblem.isEmpty()) {
                fail(hubCaFileFailure(caProblem, m_options.hub));
                return;
            }
            socket->open(m_options.hub.socketUrl());
            if (socket)
                checkCertificate(*socket);
            // QWebSocket does not report how far it is; the socket that it opened does.
            if (socket)
                emit attempting(socket->findChild<QAbstractSocket *>(QString(), Qt::FindDirectChildrenOnly));
        },
        Qt::QueuedConnection);
}

int HubConnection::connectLimitMs() const
{
    return m_options.connectTimeoutMs + (m_options.hub.ssh.isSet() ? SshTunnel::loginMs : 0);
}

void HubConnection::nameServer(QWebSocket &socket)
{
    auto *tls = socket.findChild<QSslSocket *>(QString(), Qt::FindDirectChildrenOnly);
    if (tls && !m_options.hub.tlsOptions.serverName.isEmpty() && !tls->isEncrypted())
        tls->setPeerVerifyName(m_options.hub.tlsOptions.serverName);
}

/// Before anything but the request for a WebSocket is sent: the token goes to the trusted server only.
void HubConnection::checkCertificate(QWebSocket &socket)
{
    auto *tls = socket.findChild<QSslSocket *>(QString(), Qt::FindDirectChildrenOnly);
    if (!tls)
        return;
    nameServer(socket);
    connect(tls, &QSslSocket::encrypted, this, [this, tls, whole = &socket] {
        if (whole == m_socket && !isPinKept(tls->peerCertificate(), m_options.hub.tlsOptions))
            fail(hubOtherCertificateFailure(tls->peerCertificate(), m_options.hub));
    });
}

void HubConnection::dropSocket()
{
    for (QTimer *timer :
         {&m_connectTimer, &m_sendTimer, &m_heartbeatTimer, &m_timeoutTimer, &m_registerTimer, &m_tokenTimer, &m_graceTimer})
        timer->stop();
    m_handshakeId.clear();
    if (!m_socket)
        return;
    QWebSocket *const socket = m_socket;
    m_socket = nullptr;
    m_proxy = nullptr; // It is the socket's.
    socket->disconnect(this);
    if (socket->state() == QAbstractSocket::ConnectedState)
        socket->close();
    else
        socket->abort();
    socket->setParent(nullptr); // It may be the one whose signal led here, and must outlive us then.
    socket->deleteLater();
}

void HubConnection::fail(const SourceFailure &reported)
{
    // Where the way to the hub has ended, that says more than what became of the socket.
    const SourceFailure ofWay = m_proxy ? m_proxy->failure() : SourceFailure();
    const SourceFailure failure = ofWay.kind != SourceFailure::Kind::None ? ofWay : reported;
    dropSocket();
    const bool forgotten = failure.kind == SourceFailure::Kind::Forgotten;
    // At once, but only the first time: a hub that forgets again before it has acknowledged anything is given time.
    const bool atOnce = forgotten && !m_wipedBefore;
    m_wipedBefore = m_wipedBefore || forgotten;
    m_failure = failure.kind == SourceFailure::Kind::Duplicate ? judgeDuplicate() : failure;
    const auto unanswered = m_outbox.reset();
    if (forgotten)
        ++m_vitals.wipes;
    if (m_options.reconnect && !m_failure.isFinal()) {
        m_state = State::Waiting;
        m_retryTimer.start(atOnce ? 0 : m_backoff.next(QRandomGenerator::global()->generateDouble()));
    } else {
        m_state = State::Closed;
    }
    const State entered = m_state;
    const QPointer<HubConnection> guard(this);
    setRegisteredNow(false);
    if (guard)
        finish(unanswered);
    if (guard && forgotten)
        emit wiped();
    if (guard && m_state == entered)
        emit stateChanged(m_state);
}

/// The hub ends the session of whoever it knows by an address that another registers. It is not fought where that is the
/// address we registered: two would end each other for ever. A session that has registered nothing is known by who
/// connected, with a token by the token's actor. When that actor registers, connecting again ends nobody.
SourceFailure HubConnection::judgeDuplicate()
{
    const bool ours = m_sessionAddress == m_options.address;
    if (ours && m_registerWanted)
        return hubDuplicateFailure(m_options.hub);
    m_addressTaken = m_addressTaken || ours;
    return hubIdentityFailure(m_sessionAddress, m_options.hub);
}

void HubConnection::finish(const std::vector<HubOutbox::Finished> &all)
{
    for (const HubOutbox::Finished &one : all)
        one();
}

void HubConnection::setState(State state)
{
    if (m_state == state)
        return;
    m_state = state;
    emit stateChanged(state);
}

void HubConnection::onSocketConnected()
{
    m_handshakeId = newId();
    // QWebSocket gives back the configuration it was given; the socket that it opened knows the other end.
    const auto *tls = m_socket->findChild<QSslSocket *>(QString(), Qt::FindDirectChildrenOnly);
    m_vitals.certificateUntil = tls ? certificateEnd(tls->peerCertificate()) : 0;
    write(HubRequest::connectWith(m_options.capabilities, m_options.token), m_handshakeId);
}

void HubConnection::onSocketDisconnected()
{
    if (!m_socket)
        return;
    if (m_state == State::Closing) {
        dropSocket();
        setState(State::Closed);
        return;
    }
    const int code = m_socket->closeCode();
    const QString reason = m_socket->closeReason();
    if (m_socketProblem.kind == SourceFailure::Kind::None && m_state == State::Connecting
        && m_socket->error() != QAbstractSocket::UnknownSocketError) // It tells this before its error.
        m_socketProblem = hubSocketFailure(m_socket->error(), m_socket->errorString(), m_options.hub);
    // Without a Close frame Qt makes up a code: then the socket's own words say more.
    const bool madeUp = code == QWebSocketProtocol::CloseCodeNormal || code == QWebSocketProtocol::CloseCodeMissingStatusCode
                        || code == QWebSocketProtocol::CloseCodeAbnormalDisconnection
                        || code == QWebSocketProtocol::CloseCodeTlsHandshakeFailed;
    const bool told = !madeUp || !reason.isEmpty();
    const bool upgraded = m_state != State::Connecting || !m_handshakeId.isEmpty();
    if (!told && !upgraded && m_socketProblem.kind == SourceFailure::Kind::None) {
        // With TLS it tells this even before the error is set: the error follows at once, or there is none to tell.
        QMetaObject::invokeMethod(
            this,
            [this, socket = QPointer<QWebSocket>(m_socket)] {
                if (socket && socket == m_socket)
                    fail(hubSocketFailure(QAbstractSocket::UnknownSocketError, QString(), m_options.hub));
            },
            Qt::QueuedConnection);
        return;
    }
    if (told || m_socketProblem.kind == SourceFailure::Kind::None)
        fail(hubCloseFailure(code, reason, m_options.hub));
    else
        fail(SourceFailure(m_socketProblem));
}

void HubConnection::onText(const QString &text)
{
    QString problem;
    const auto message = HubMessage::read(text.toUtf8(), &problem);
    if (!message) {
        noteUnreadable(problem);
        return;
    }
    if (message->as<hub::Application>()) {
        if (m_state == State::Ready)
            emit received(*message);
        return;
    }
    if (const auto *disconnect = message->as<hub::Disconnect>()) {
        onDisconnect(*disconnect);
        return;
    }
    if (m_state == State::Connecting) {
        onHandshake(*message);
        return;
    }
    if (m_state != State::Ready)
        return;
    if (const auto *error = message->as<hub::Error>(); error && error->code == hub::Error::Code::RateLimited)
        ++m_vitals.refusedForRate;
    std::optional<HubOutbox::Finished> finished;
    if (m_outbox.answered(*message, steadyMs(), &finished) == HubOutbox::Meant::NoRequest && !message->as<hub::Pong>())
        ++m_vitals.forNobody;
    const QPointer<HubConnection> guard(this);
    if (finished)
        (*finished)();
    if (guard)
        pump();
}

void HubConnection::onHandshake(const HubMessage &message)
{
    if (m_handshakeId.isEmpty() || message.correlationId() != m_handshakeId) {
        ++m_vitals.forNobody;
        return;
    }
    if (const auto *connected = message.as<hub::Connected>())
        onReady(*connected);
    else if (const auto *error = message.as<hub::Error>())
        fail(hubRefusal(*error, m_options.hub));
    else
        ++m_vitals.forNobody;
}

void HubConnection::onReady(const hub::Connected &connected)
{
    m_connectTimer.stop();
    m_handshakeId.clear();
    m_failure = {};
    ++m_generation;
    m_vitals.serverVersion = connected.serverVersion;
    m_vitals.advertisedHeartbeatMs = connected.heartbeatInterval;
    m_vitals.maxActors = connected.maxActors;
    m_sessionAddress = connected.identity.isEmpty() ? m_options.address : connected.identity;
    m_vitals.identity = m_sessionAddress;
    m_vitals.measuredHeartbeatMs = 0;
    m_vitals.clockKnown = false;
    m_vitals.roundTripMs = -1;
    m_clockOffset.clear();
    m_heartbeatTimer.start(m_options.heartbeatMs);
    m_state = State::Ready;
    sendHeartbeat();
    scheduleRefresh();
    if (m_registerWanted)
        registerAddress();
    emit stateChanged(m_state);
}

void HubConnection::onDisconnect(const hub::Disconnect &disconnect)
{
    if (disconnect.acknowledged) {
        if (m_state == State::Closing) {
            dropSocket();
            setState(State::Closed);
        }
        return;
    }
    if (m_state == State::Closing)
        return;
    if (disconnect.duplicate) {
        fail(hubDuplicateFailure(m_options.hub));
        return;
    }
    fail({SourceFailure::Kind::Closed,
          tr("%1 ended the connection: %2")
              .arg(m_options.hub.shortName(), disconnect.message.isEmpty() ? disconnect.reason : disconnect.message),
          {}});
}

void HubConnection::noteUnreadable(const QString &problem)
{
    ++m_vitals.unreadable;
    m_vitals.whyUnreadable = problem;
}

void HubConnection::request(HubRequest request, const Handler &handler, int timeoutMs, HubOutbox::Lane lane)
{
    HubAnswer refusal;
    bool kept = false;
    if (request.toWire(newId(), m_options.address, m_clock.wallNowMs()).size() > HubRequest::maxBytes)
        refusal.outcome = HubAnswer::Outcome::TooLarge;
    else if (m_state == State::Ready)
        kept = m_outbox.add(std::move(request), timeoutMs > 0 ? timeoutMs : m_options.requestTimeoutMs, handler, lane);
    if (!kept) {
        if (handler)
            QMetaObject::invokeMethod(
                this, [handler, refusal] { handler(refusal); }, Qt::QueuedConnection);
        return;
    }
    if (!m_sendTimer.isActive()) // From the event loop, so that no answer comes from inside request().
        m_sendTimer.start(0);
}

void HubConnection::pump()
{
    if (m_state != State::Ready)
        return;
    const QPointer<HubConnection> guard(this);
    const quint32 generation = m_generation;
    while (auto out = m_outbox.take(steadyMs())) {
        write(out->request, out->id);
        if (out->finished)
            (*out->finished)();
        if (!guard || m_state != State::Ready || m_generation != generation)
            return;
    }
    if (m_outbox.underWay() > 0 && !m_timeoutTimer.isActive())
        m_timeoutTimer.start(timeoutTickMs);
    const qint64 wait = m_outbox.waitMs(steadyMs());
    if (wait < 0)
        m_sendTimer.stop();
    else
        m_sendTimer.start(int(wait));
}

void HubConnection::checkTimeouts()
{
    const QPointer<HubConnection> guard(this);
    const std::vector<HubOutbox::Finished> expired = m_outbox.expired(steadyMs());
    if (m_outbox.underWay() == 0)
        m_timeoutTimer.stop(); // A connection at rest wakes nobody.
    for (const HubOutbox::Finished &one : expired) {
        one();
        if (!guard)
            return;
    }
}

void HubConnection::sendHeartbeat()
{
    const qint64 now = m_clock.nowMs();
    m_outbox.add(
        HubRequest::heartbeat(now), m_options.ackTimeoutMs,
        [this, generation = m_generation](const HubAnswer &answer) {
            if (generation == m_generation && m_state == State::Ready)
                onHeartbeat(answer, m_clock.nowMs() - answer.elapsedMs);
        },
        HubOutbox::Lane::Heartbeat);
    pump();
}

void HubConnection::onHeartbeat(const HubAnswer &answer, qint64 sentMs)
{
    if (answer.outcome == HubAnswer::Outcome::TimedOut) {
        fail(hubHeartbeatFailure(m_options.ackTimeoutMs, m_options.hub));
        return;
    }
    const auto *ack = answer.as<hub::HeartbeatAck>();
    if (!ack)
        return; // An error is an answer too: hub and session live.
    constexpr qint64 usInMs = 1'000;
    const qint64 now = m_clock.nowMs();
    m_backoff.reset();
    m_wipedBefore = false;
    m_clockOffset.add(sentMs * usInMs, answer.elapsedMs * usInMs, ack->serverTime * usInMs);
    m_vitals.measuredHeartbeatMs = m_vitals.clockKnown ? now - m_vitals.lastAckAt : 0;
    m_vitals.lastAckAt = now;
    const bool firstAck = !std::exchange(m_vitals.clockKnown, true);
    m_vitals.clockOffsetMs = m_clockOffset.offsetMs();
    if (firstAck)
        scheduleRefresh(); // By the hub's clock, now that it is known.
    m_vitals.roundTripMs = m_clockOffset.roundTripUs() / usInMs;
    emit beat();
}

bool HubConnection::write(const HubRequest &request, const QString &id)
{
    if (!m_socket)
        return false;
    const QByteArray json = request.toWire(id, m_options.address, m_clock.wallNowMs());
    return m_socket->sendTextMessage(QString::fromUtf8(json)) > 0;
}

qint64 HubConnection::steadyMs() const
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

// The part of HubConnection that keeps our own address registered, its topics subscribed and its token fresh.

namespace {

constexpr int tryAgainMs = 30'000;
constexpr qint64 longestTimerMs = 20LL * 24 * 3600 * 1000;

} // namespace

void HubConnection::setRegistered(bool wanted)
{
    if (m_registerWanted == wanted)
        return;
    m_registerWanted = wanted;
    if (m_state != State::Ready)
        return;
    if (wanted) {
        registerAddress();
        return;
    }
    m_registerTimer.stop();
    m_vitals.registrationProblem.clear();
    request(HubRequest::unregister(m_options.address), {});
    setRegisteredNow(false);
}

void HubConnection::registerAddress()
{
    if (m_state != State::Ready || !m_registerWanted)
        return;
    if (m_addressTaken) {
        m_vitals.registrationProblem = tr("another connection has registered this console's address");
        return;
    }
    const quint32 generation = m_generation;
    const auto handler = [this, generation](const HubAnswer &answer) {
        if (generation != m_generation || m_state != State::Ready || !m_registerWanted)
            return;
        if (answer.outcome != HubAnswer::Outcome::Answered) {
            m_vitals.registrationProblem = answer.text();
            m_registerTimer.start(tryAgainMs);
            setRegisteredNow(false);
            return;
        }
        constexpr int msInSecond = 1'000;
        m_sessionAddress = m_options.address; // Also after it is taken out again.
        m_vitals.registrationProblem.clear();
        // Not renewed, since that would cut it to five minutes.
        m_registerTimer.start(m_options.registrationSeconds * msInSecond / 2);
        setRegisteredNow(true);
    };
    request(HubRequest::registerActor(m_options.address, m_options.capabilities, {{u"displayName"_s, m_options.displayName}},
                                      m_options.registrationSeconds),
            handler);
}

/// At three quarters of what is left of it. An expired token keeps its session, but leads into no other: without this a
/// console that runs longer than its token could never reconnect.
void HubConnection::scheduleRefresh()
{
    const qint64 expiresAt = m_options.token.expiresAt();
    if (expiresAt == 0)
        return;
    constexpr qint64 soonestMs = 1'000; // A hub that hands out tokens at their end is not asked without a pause.
    const qint64 left = expiresAt - (m_clock.nowMs() + m_vitals.clockOffsetMs);
    m_tokenTimer.start(int(qBound(soonestMs, left * 3 / 4, longestTimerMs)));
}

void HubConnection::refreshToken()
{
    const quint32 generation = m_generation;
    request(HubRequest::refreshToken(m_options.token), [this, generation](const HubAnswer &answer) {
        if (generation != m_generation || m_state != State::Ready)
            return;
        if (const auto *refreshed = answer.as<hub::TokenRefreshed>()) {
            m_options.token = refreshed->token;
            scheduleRefresh();
        } else if (answer.outcome != HubAnswer::Outcome::Refused) {
            m_tokenTimer.start(tryAgainMs);
        }
    });
}

void HubConnection::setRegisteredNow(bool registered)
{
    if (m_registered == registered)
        return;
    m_registered = registered;
    const QPointer<HubConnection> guard(this);
    emit registeredChanged(registered);
    if (!guard || !m_registered)
        return;
    // Only now: the hub subscribes a session's registered address, and drops subscriptions of others without a word.
    const QSet<QString> topics = m_topics;
    for (const QString &topic : topics)
        subscribeNow(topic);
}

void HubConnection::subscribe(const QString &topic)
{
    if (m_topics.contains(topic))
        return;
    m_topics.insert(topic);
    if (m_registered)
        subscribeNow(topic);
}

void HubConnection::unsubscribe(const QString &topic)
{
    if (!m_topics.remove(topic))
        return;
    if (m_registered)
        request(HubRequest::unsubscribe(topic), {});
}

void HubConnection::subscribeNow(const QString &topic)
{
    const quint32 generation = m_generation;
    request(HubRequest::subscribe(topic), [this, generation, topic](const HubAnswer &answer) {
        if (generation != m_generation || !m_topics.contains(topic) || m_state != State::Ready)
            return; // After a loss it is subscribed again.
        if (!answer.ok())
            m_topics.remove(topic);
        emit subscriptionChanged(topic, answer.ok(), answer.text());
    });
}

} // namespace pulsedeck
