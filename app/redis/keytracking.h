// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/pushverifier.h"
#include "app/redis/redissession.h"
#include "models/core/backoff.h"

#include <QByteArrayList>

namespace pulsedeck {

/// The connection on which Redis announces changed keys (CLIENT TRACKING in broadcasting mode, redirected to it); in a cluster
/// one for each master. Switches tracking on once both connections are known to be on the same server, and ends the trust in it
/// where it does not announce what it should; it is then tried again by a new connection. Lives on the I/O thread, belongs to a
/// RedisSource.
class KeyTracking final : public QObject
{
    Q_OBJECT

public:
    /// \a prefixes: what the keys to be announced begin with.
    KeyTracking(RedisSession &session, const QByteArrayList &prefixes);
    ~KeyTracking() override;

    /// Takes effect with the next switchOn(). A prefix that begins with another one is covered by it: Redis refuses both.
    void setPrefixes(const QByteArrayList &prefixes);
    void start();
    void stop();
    void retryNow();
    /// The master that Sentinels watch has moved.
    void follow(const RedisPlace &master, const RedisFailure &why);
    /// RedisSession::seen has changed. Announcements are read together, so long after the first of them came: seen,
    /// RedisSourceOptions::collectMs, and unseen a quarter of a second. Over TLS each is read as it comes.
    void reviewSeen();
    /// It will be Ready, or found not to be, in a moment.
    bool isConnecting() const;
    /// The server refused the connection: waiting for it is of no use.
    bool isRefused() const;
    /// Turns tracking on, if it can be, and then calls \a then, whether it worked or not, see RedisSession::pushing. Tracking
    /// comes before the first read, so that no change falls between the two.
    void switchOn(const std::function<void()> &then);
    /// Asks for a sign of life where it has been silent, and ends the trust where there is none or where a beat was not
    /// announced.
    void doubt(qint64 now);

signals:
    /// The connection was made, or was given up for now.
    void connected();
    void failed();
    /// Changes are not announced any more; RedisSession::pushing is false.
    void ended();
    /// Keys that have changed; a Nil when a database was emptied. Valid during the emission only. \a at: when that was announced,
    /// which may be a while before it is read.
    void announced(const pulsedeck::RedisReply &keys, qint64 at);

private:
    void onState(RedisConnection::State state);
    void onPushed(const RedisReply &message);
    struct Pair
    {
        RedisConnection *main;
        RedisConnection *push; ///< Announces what changes at the server of the other.
    };
    std::vector<Pair> pairs() const;
    void takeVerdict(PushVerifier::Verdict verdict, const std::function<void()> &then);
    void track(const std::function<void()> &then);
    void giveUp(const QString &why);

    RedisSession &m_session;
    QByteArrayList m_prefixes;
    const QByteArray m_name;
    RedisConnection *m_connection = nullptr;
    Backoff m_backoff;
    qint64 m_againAt = 0; ///< When the connection is made again; 0: not planned.
    bool m_unanswered = false; ///< The last tick found a PING unanswered.
};

} // namespace pulsedeck
