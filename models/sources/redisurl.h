// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/secretplace.h"
#include "models/sources/sshroute.h"
#include "models/sources/tlsoptions.h"

#include <QCoreApplication>
#include <QList>
#include <QProcessEnvironment>
#include <QString>

#include <optional>

namespace pulsedeck {

/// A host and a port. A value.
struct RedisPlace
{
    QString host;
    int port = 0;

    QString text() const; ///< "host:port"; an IPv6 address is in brackets.
    bool operator==(const RedisPlace &) const = default;
};

/// Where a Redis is and how to log in. A value; the password is in it and in nothing that is made from it but
/// the AUTH command.
struct RedisUrl
{
    enum class Transport { Tcp, Tls, Unix };
    static constexpr int usualSentinelPort = 26379;
    static constexpr int mostSentinels = 16;
    static constexpr int mostNodes = 16; ///< Of a cluster, that are named.

    Transport transport = Transport::Tcp;
    QString host = QStringLiteral("127.0.0.1");
    int port = 6379;
    QString path; ///< The socket, for Transport::Unix.
    QString user;
    QString password;
    int database = 0;
    QString caFile; ///< PEM file trusted in addition to the system's certificates.
    /// Not empty: host and port, and \a furtherSentinels, are Sentinels, and this is the name of the master they watch.
    QString master = {};
    QList<RedisPlace> furtherSentinels = {};
    QString sentinelUser = {}; ///< Login of the Sentinels; they do not take that of the master.
    QString sentinelPassword = {};
    bool sentinelTls = false;
    /// Where the passwords are read at each connect, instead of password and sentinelPassword.
    SecretPlace passwordFrom = {};
    SecretPlace sentinelPasswordFrom = {};
    TlsOptions tlsOptions = {};

    /// Host and port, and \a furtherNodes, are nodes of a Redis Cluster, all of whose masters are meant.
    bool isCluster = false;
    QList<RedisPlace> furtherNodes = {};

    /// All servers, and the Sentinels, are reached by this way; not for Transport::Unix. Names are looked up at its end.
    SshRoute ssh = {};

    bool isSentinel() const { return !master.isEmpty(); }
    /// The nodes of a cluster that were named, in the order they are asked.
    QList<RedisPlace> seeds() const;
    /// All Sentinels, in the order they are asked.
    QList<RedisPlace> sentinels() const;
    /// Of one Sentinel, by itself.
    RedisUrl sentinelUrl(const RedisPlace &place) const;
    /// Of the master that the Sentinels named, or of a node of a cluster, by itself.
    RedisUrl masterUrl(const RedisPlace &place) const;
    /// Reads "host:26379,host2" as further Sentinels. Nothing, with the reason in \a error, if one of them is none.
    static std::optional<QList<RedisPlace>> parsePlaces(const QString &text, QString *error);
    /// The same for nodes of a cluster, "host:6379,host2".
    static std::optional<QList<RedisPlace>> parseNodes(const QString &text, QString *error);

    /// Reads redis://[user[:password]@]host[:port][/db], rediss://…, unix://[user[:password]@]/path[?db=N]; the query
    /// db=N works for all, and so do password_env=NAME and password_file=FILE, which name where the password is read at each
    /// connect; cacert=FILE (or ssl_ca_certs=FILE), cert=FILE and key=FILE (or ssl_certfile and ssl_keyfile),
    /// key_password_env=NAME, key_password_file=FILE, server_name=NAME and fingerprint=SHA256[,…] are for rediss. What other
    /// clients write there about timeouts, retries and names is ignored; any other parameter is refused by its name. valkey://
    /// and valkeys:// are read as redis:// and rediss://. Percent-encoding is decoded; IPv6 hosts are written in brackets;
    /// "redis://:secret@host" is a password without a user. redis+sentinel:// and rediss+sentinel:// take several hosts and the
    /// name of a master, redis+sentinel://[user:password@]host[:26379][,host2[:port]…]/MASTER[/db], and as parameters
    /// sentinel_user, sentinel_password, sentinel_password_env, sentinel_password_file and sentinel_tls (yes or no; as for the
    /// master if it is not given). ssh=[user@]host[:port] and jump=[user@]host[:port][,…] lead through an SSH host, see SshRoute;
    /// not for a Unix socket. redis+cluster:// and rediss+cluster:// take several hosts as well,
    /// redis+cluster://[user:password@]host[:6379][,host2[:port]…]. A bare "host", "host:port" or
    /// "/path" is read as redis or unix. Returns nothing and says why in \a error, which never repeats the part before the @.
    static std::optional<RedisUrl> parse(const QString &text, QString *error);

    /// REDIS_URL, or else REDIS_HOST, REDIS_PORT, REDIS_PASSWORD, REDIS_TLS ("1", "true", "yes", "on") and
    /// REDIS_USERNAME. Nothing if none of REDIS_URL and REDIS_HOST is set (error stays empty) or if they are wrong
    /// (error says what).
    static std::optional<RedisUrl> fromEnvironment(const QProcessEnvironment &environment, QString *error);

    /// The address without users and passwords of Redis, for every text a person may see. With the way by SSH.
    QString display() const;
    /// Host and port, the socket's path, or "MASTER@host:port" of the first Sentinel: the short name of a source.
    QString shortName() const;

    bool operator==(const RedisUrl &) const = default;

    Q_DECLARE_TR_FUNCTIONS(RedisUrl)
};

} // namespace pulsedeck
