// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisreply.h"
#include "app/sources/connectfailure.h"
#include "models/protocol/sourcetrouble.h"
#include "models/sources/redisurl.h"

#include <QAbstractSocket>
#include <QByteArrayView>
#include <QList>
#include <QLocalSocket>
#include <QSslError>
#include <QString>

namespace pulsedeck {

using RedisFailure = SourceFailure;

/// What the connection asked when it was refused.
enum class HandshakeStep : quint8 {
    Auth,
    Select,
    SetName,
    Ping,
    ClientId,
    ServerInfo,
    ClusterNodes,
    SentinelMasters,
    Role,
    Subscribe
};

bool repeatsPassword(QByteArrayView text, const RedisUrl &url);
/// Stands for an error message of the server that repeats the password.
QString passwordHiddenText();
/// The server's error message, fit to be shown: one line, not too long, and left out as a whole if it repeats the password.
QString serverText(QByteArrayView text, const RedisUrl &url);

/// Below: what went wrong, in words with a hint. None of it holds a user name or a password.
RedisFailure socketFailure(QAbstractSocket::SocketError error, const QString &system, const RedisUrl &url);
RedisFailure localSocketFailure(QLocalSocket::LocalSocketError error, const QString &system, const RedisUrl &url);
RedisFailure certificateFailure(const QList<QSslError> &errors, const QStringList &names, const RedisUrl &url);
/// As connectfailure.h has them.
RedisFailure certificateFailure(const QList<QSslError> &errors, const ServerCertificate &shown, const QStringList &names,
                                const RedisUrl &url);
RedisFailure otherCertificateFailure(const ServerCertificate &shown, const RedisUrl &url);
RedisFailure tlsFailure(const QString &system, const RedisUrl &url);
RedisFailure clientCertificateFailure(const RedisUrl &url);
/// \a answeredBefore: a Redis has been reached with these settings, so they are not doubted.
RedisFailure connectTimeoutFailure(int limitMs, bool connected, bool encrypted, const RedisUrl &url, bool answeredBefore = false);
RedisFailure replyTimeoutFailure(int limitMs, const RedisUrl &url);
/// The answer to a step of the handshake was an error; Kind::None if the connection can be used all the same.
RedisFailure handshakeFailure(HandshakeStep step, QByteArrayView answer, const RedisUrl &url);
/// A Sentinel answers, which knows where its masters are and has no keys. \a masters is its answer to SENTINEL MASTERS; an error
/// if that was refused.
RedisFailure sentinelFailure(const RedisReply &masters, const RedisUrl &url);
/// What a Sentinel answered, as an error, where it was asked for its master.
RedisFailure sentinelRefusal(QByteArrayView answer, const RedisUrl &sentinel);
/// A Sentinel watches no master of this name. \a masters as above.
RedisFailure unknownMasterFailure(const QString &master, const RedisReply &masters, const RedisUrl &sentinel);
/// The one that Sentinels named as their master says that it is none: a failover is under way, or they are not up to date.
RedisFailure notMasterFailure(const QString &master, const RedisUrl &url);
/// Sentinels named another one as their master.
RedisFailure masterMovedFailure(const QString &master, const RedisPlace &to, const RedisUrl &from);
/// One node of a cluster answers. \a nodes is its answer to CLUSTER NODES, empty if that was refused. Kind::None if this one has
/// all slots, so that all keys are seen there.
RedisFailure clusterFailure(QByteArrayView nodes, const RedisUrl &url);
/// What a node answered, as an error, where it was asked for the map of its cluster.
RedisFailure clusterRefusal(QByteArrayView answer, const RedisUrl &node);
/// The map that a node answered with has more than \a mostMasters masters, or is none.
RedisFailure clusterMapFailure(int mostMasters, const RedisUrl &node);
/// The cluster does not work at the moment, as a node of it says; \a unserved: so many slots have no master.
RedisFailure clusterDownFailure(int unserved, const RedisUrl &node);
/// The cluster has other masters than before.
RedisFailure clusterMovedFailure(const RedisUrl &url);
/// What came is no Redis talking. \a greeting are the first bytes of this connection, \a reason is the reader's.
RedisFailure protocolFailure(QByteArrayView greeting, const QString &reason, bool oversize, const RedisUrl &url);
/// The server ended the connection. \a silent: before it said anything.
RedisFailure closedFailure(bool silent, const RedisUrl &url);

} // namespace pulsedeck
