// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/tokenbucket.h"
#include "app/simulator/hubregistry.h"
#include "models/core/clock.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QTimer>

#include <unordered_map>
#include <vector>

namespace pulsedeck::fleet {

/// Whoever is connected to a HubCore: a socket, or an actor of the simulator itself.
class HubPeer
{
public:
    virtual ~HubPeer() = default;
    /// A message for it. Must not call the core back before it returns.
    virtual void deliver(const QJsonObject &message) = 0;
    /// The hub closes; the session is no more. The same.
    virtual void end(int code, const QString &reason) = 0;
};

struct HubRules
{
    bool forgets = true; ///< Without a message for forgetAfterMs it loses everything.
    qint64 forgetAfterMs = 10'000;
    QByteArray secret = {}; ///< Of HS256; empty: authentication is off.
    int mostActors = 50'000;
    double perSecond = 10;
    double burst = 10;
    bool newerRuntime = false; ///< Too large a message is answered with an error and does not end the socket.
};

/// What a Signal Hub does with messages: sessions, registry, subscriptions, errors, quirks. Knows no socket. Lives on
/// one thread.
class HubCore : public QObject
{
    Q_OBJECT

public:
    using SessionKey = quint64;

    static constexpr qint64 largestMessage = 1'048'576;

    HubCore(const HubRules &rules, const Clock &clock, QObject *parent = nullptr);

    SessionKey join(HubPeer *peer);
    /// The peer is gone, and with it all it registered.
    void leave(SessionKey key);
    /// A message as it came over a socket.
    void receive(SessionKey key, const QByteArray &utf8);
    /// The same for one that is JSON already.
    void receive(SessionKey key, const QJsonObject &message);
    /// Loses sessions, registry and subscriptions, as after ten seconds of silence. Sockets stay open.
    void wipe();

    HubRegistry &registry() { return m_registry; }
    /// Sessions that the hub knows.
    int sessions() const;
    quint32 wipes() const { return m_wipes; }
    quint64 refusedForRate() const { return m_refused; }
    const HubRules &rules() const { return m_rules; }

signals:
    void wiped();

private:
    struct Session
    {
        HubPeer *peer = nullptr;
        QString id;
        QString identity; ///< Last registered address, else the token's actor, else the from of hub:connect.
        TokenBucket bucket;
        bool forgotten = false;
        bool deliverable = false; ///< Its hub:connect succeeded.
        bool authenticated = false;
    };
    struct Request
    {
        SessionKey key;
        Session &session;
        const QJsonObject &message;
        QJsonValue payload;
    };
    struct Subscription
    {
        QString topic;
        QString address;
    };
    using Handler = void (HubCore::*)(const Request &);

    void wake();
    void resetMetrics();
    void countMessage();
    bool isSound(const QJsonObject &message) const;
    void dispatch(SessionKey key, const QJsonObject &message);
    void endSession(SessionKey key, int code, const QString &reason);
    void deliver(Session &session, const QJsonObject &message);
    void answer(const Request &request, const QString &type, const QJsonObject &payload, const QJsonObject &metadata = {});
    void refuse(const Request &request, const QString &code, const QString &message, const QJsonObject &extra = {});
    /// False, and refused in JavaScript's words, where the payload is null or absent.
    bool hasPayload(const Request &request, const QString &field);
    /// A text in the payload; empty, and refused, where it is missing.
    QString required(const Request &request, const QString &field);
    /// False, and refused, without an address of its own.
    bool hasIdentity(const Request &request);
    Session *sessionOf(const HubActorEntry &actor);
    void setIdentity(const Request &request, const QString &identity);

    void onConnect(const Request &request);
    void onHeartbeat(const Request &request);
    void onRegister(const Request &request);
    void onRenew(const Request &request);
    void onUnregister(const Request &request);
    void onList(const Request &request);
    void onDiscover(const Request &request);
    void onSend(const Request &request);
    void onBroadcast(const Request &request);
    void onSubscribe(const Request &request);
    void onUnsubscribe(const Request &request);
    void onPublish(const Request &request);
    void onQueueStats(const Request &request);
    void onMetrics(const Request &request);
    void onRefreshToken(const Request &request);
    void onDisconnect(const Request &request);
    void endDuplicates(const Request &request, const QString &address);
    /// False if the actor has no session.
    bool passOn(const Request &request, const HubActorEntry &actor, const QString &type, const QJsonObject &marks,
                const QJsonValue &correlationId = QJsonValue::Null);
    QJsonObject newMessage(const QJsonValue &from, const QString &type, const QJsonObject &metadata) const;

    HubRules m_rules;
    const Clock &m_clock;
    HubRegistry m_registry;
    std::unordered_map<SessionKey, Session> m_sessions; ///< References stay good while others come and go.
    QMultiHash<QString, SessionKey> m_identities;
    std::vector<Subscription> m_subscriptions;
    QTimer m_alarm;
    SessionKey m_lastKey = 0;
    qint64 m_lastMessageAt;
    qint64 m_windowStart;
    quint64 m_received = 0;
    quint64 m_sent = 0;
    quint64 m_errors = 0;
    quint64 m_opened = 0;
    quint64 m_closed = 0;
    quint64 m_refused = 0;
    quint32 m_wipes = 0;
};

} // namespace pulsedeck::fleet
