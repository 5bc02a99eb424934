// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubfailure.h"
#include "app/hub/huboutbox.h"
#include "models/core/backoff.h"
#include "models/core/clock.h"
#include "models/core/clockoffset.h"
#include "models/hub/hubview.h"
#include "models/sources/hubaddress.h"

#include <QIODevice>
#include <QObject>
#include <QSet>
#include <QTimer>

class QWebSocket;

namespace pulsedeck {

class SshProxy;

struct HubConnectionOptions
{
    HubAddress hub;
    HubSecret token; ///< Empty for a hub without authentication. Refreshed in memory before it ends.
    QString address = QStringLiteral("@(pulsedeck/console)"); ///< Our own: unique for each running console.
    QString displayName = QStringLiteral("Pulsedeck");
    QStringList capabilities{QStringLiteral("console")};
    int connectTimeoutMs = 5'000; ///< From the attempt at the socket to hub:connected; through SSH SshTunnel::loginMs more.
    int heartbeatMs = 6'000; ///< Whatever the hub advertises; it forgets everything after 10 s, so never more than 8 s.
    int ackTimeoutMs = 5'000; ///< A heartbeat unacknowledged for so long means that the hub is gone.
    int requestTimeoutMs = 5'000;
    int graceMs = 1'500; ///< close() waits so long for the hub to end the connection.
    int registrationSeconds = 600; ///< Renewed by registering again at half of it.
    int backoffFirstMs = 250; ///< Doubles with each failure up to backoffCapMs, jittered to 50–100 % of it.
    int backoffCapMs = 15'000;
    bool reconnect = true;
    HubOutbox::Limits limits;
};

/// A connection to one Signal Hub that survives it: heartbeats whatever is advertised, one outgoing queue under the
/// rate limit, requests matched by id and type, and every one answered exactly once, from the event loop and never from
/// inside request(); only close() and the destructor answer what is left before they return. Lives on its thread and
/// never blocks it. After a loss everything unanswered is answered before stateChanged() is emitted, and it tries again
/// with capped, jittered backoff; at once after the hub forgot everything. Handlers and slots may call any function,
/// and may delete the connection.
class HubConnection : public QObject
{
    Q_OBJECT

public:
    enum class State : quint8 {
        Closed, ///< Not wanted, or failed for good: see failure().
        Connecting, ///< Socket, TLS, upgrade or hub:connect under way.
        Ready,
        Waiting, ///< For the next attempt.
        Closing, ///< The hub was asked to end the session, and has graceMs to do so.
    };
    Q_ENUM(State)

    using Handler = HubOutbox::Handler;

    HubConnection(const HubConnectionOptions &options, const Clock &clock, QObject *parent = nullptr);
    /// Everything unanswered is answered Lost or NotSent.
    ~HubConnection() override;

    void open();
    /// Asks the hub to end the session, waits until it has, then is Closed. Everything unanswered is answered before this
    /// returns.
    void close();
    /// Ends a wait and tries at once; from Closed it opens.
    void retryNow();

    State state() const { return m_state; }
    /// Counts connections that became Ready.
    quint32 generation() const { return m_generation; }
    /// Why the last connection failed or ended; Kind::None while Ready.
    const SourceFailure &failure() const { return m_failure; }
    /// Milliseconds until the next attempt while Waiting, else -1.
    int retryInMs() const;
    HubVitals vitals();

    /// Queues one message. \a handler may be empty. A timeout of 0 is requestTimeoutMs, counted from the writing.
    void request(HubRequest request, const Handler &handler, int timeoutMs = 0, HubOutbox::Lane lane = HubOutbox::Lane::Other);

    /// For the next connection; this one keeps what it has.
    void setToken(const HubSecret &token) { m_options.token = token; }

    /// Registers our own address, so that actors can answer us, and keeps it registered; or unregisters it. Not wanted at
    /// first: it changes a registry that everybody sees.
    void setRegistered(bool wanted);
    bool isRegistered() const { return m_registered; }
    /// Subscribes once our address is registered, and again after each reconnect, until it fails.
    void subscribe(const QString &topic);
    void unsubscribe(const QString &topic);
    const QString &address() const { return m_options.address; }

signals:
    /// An attempt begins, with this socket, which may have come some way already; null if it is not known. What is connected to
    /// it must not close or delete the connection.
    void attempting(QIODevice *socket);
    void stateChanged(pulsedeck::HubConnection::State state);
    /// A message of another actor: forwarded, broadcast or published, whatever type it claims.
    void received(const pulsedeck::HubMessage &message);
    /// The hub was found to have forgotten everything: what the next list lacks is not gone. Before stateChanged().
    void wiped();
    void registeredChanged(bool registered);
    /// Subscribed, or not, with the reason: refused for good, or the hub did not answer.
    void subscriptionChanged(const QString &topic, bool subscribed, const QString &problem);
    /// A heartbeat was acknowledged.
    void beat();

private:
    void attempt();
    int connectLimitMs() const;
    void nameServer(QWebSocket &socket);
    void checkCertificate(QWebSocket &socket);
    void dropSocket();
    void fail(const SourceFailure &failure);
    SourceFailure judgeDuplicate();
    void finish(const std::vector<HubOutbox::Finished> &all);
    void setState(State state);
    void onSocketConnected();
    void onSocketDisconnected();
    void onText(const QString &text);
    void onHandshake(const HubMessage &message);
    void onReady(const hub::Connected &connected);
    void onDisconnect(const hub::Disconnect &disconnect);
    void noteUnreadable(const QString &problem);
    void pump();
    void checkTimeouts();
    void sendHeartbeat();
    void onHeartbeat(const HubAnswer &answer, qint64 sentMs);
    void registerAddress();
    void scheduleRefresh();
    void refreshToken();
    void setRegisteredNow(bool registered);
    void subscribeNow(const QString &topic);
    bool write(const HubRequest &request, const QString &id);
    qint64 steadyMs() const;

    HubConnectionOptions m_options;
    const Clock &m_clock;
    HubOutbox m_outbox;
    Backoff m_backoff;
    ClockOffset m_clockOffset;
    SourceFailure m_failure;
    SourceFailure m_socketProblem; ///< What the socket reported before it ended.
    HubVitals m_vitals;
    QWebSocket *m_socket = nullptr;
    SshProxy *m_proxy = nullptr; ///< Of the socket, where there is a way by SSH.
    QTimer m_connectTimer;
    QTimer m_retryTimer;
    QTimer m_sendTimer;
    QTimer m_heartbeatTimer;
    QTimer m_timeoutTimer;
    QTimer m_registerTimer;
    QTimer m_tokenTimer;
    QTimer m_graceTimer;
    QSet<QString> m_topics;
    QString m_handshakeId;
    QString m_sessionAddress; ///< By which the hub knows this session: who connected, or what it registered last.
    quint32 m_generation = 0;
    State m_state = State::Closed;
    bool m_registerWanted = false;
    bool m_registered = false;
    bool m_addressTaken = false; ///< Another client registered our address while we had not: we do not take it back.
    bool m_wipedBefore =
        false; ///< The last connection ended because the hub forgot, and no heartbeat has been acknowledged since.
};

} // namespace pulsedeck
