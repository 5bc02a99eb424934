// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QProcessEnvironment>
#include <QString>

#include <optional>

namespace pulsedeck {

/// Where a Redis is and how to log in. A value; the password is in it and in nothing that is made from it but
/// the AUTH command.
struct RedisUrl
{
    enum class Transport { Tcp, Tls, Unix };

    Transport transport = Transport::Tcp;
    QString host = QStringLiteral("127.0.0.1");
    int port = 6379;
    QString path; ///< The socket, for Transport::Unix.
    QString user;
    QString password;
    int database = 0;
    QString caFile; ///< PEM file trusted in addition to the system's certificates.

    /// Reads redis://[user[:password]@]host[:port][/db], rediss://…, unix://[user[:password]@]/path[?db=N]; the query
    /// db=N works for all, cacert=FILE (or ssl_ca_certs=FILE) for rediss. What other clients write there about timeouts,
    /// retries and names is ignored; any other parameter is refused by its name. valkey:// and valkeys:// are read as redis://
    /// and rediss://. Percent-encoding is decoded; IPv6 hosts are written in brackets; "redis://:secret@host" is a password
    /// without a user. A bare "host", "host:port" or "/path" is read as redis or unix. Returns nothing and says why in \a error,
    /// which never repeats the part before the @.
    static std::optional<RedisUrl> parse(const QString &text, QString *error);

    /// REDIS_URL, or else REDIS_HOST, REDIS_PORT, REDIS_PASSWORD, REDIS_TLS ("1", "true", "yes", "on") and
    /// REDIS_USERNAME. Nothing if none of REDIS_URL and REDIS_HOST is set (error stays empty) or if they are wrong
    /// (error says what).
    static std::optional<RedisUrl> fromEnvironment(const QProcessEnvironment &environment, QString *error);

    /// The address without user and password, for every text a person may see.
    QString display() const;
    /// Host and port, or the socket's path: the short name of a source.
    QString shortName() const;

    bool operator==(const RedisUrl &) const = default;

    Q_DECLARE_TR_FUNCTIONS(RedisUrl)
};

} // namespace pulsedeck
