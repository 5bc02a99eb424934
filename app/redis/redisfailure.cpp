// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisfailure.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"

#include <QRegularExpression>
#include <QUrl>

namespace pulsedeck {

using namespace Qt::StringLiterals;
using Kind = RedisFailure::Kind;

namespace {

constexpr qsizetype longestServerText = 300;

bool startsWithWord(QByteArrayView text, QByteArrayView word)
{
    return text.startsWith(word) && (text.size() == word.size() || text.at(word.size()) == ' ');
}

/// The words with a capital letter or the server's error, for the end of a sentence.
QString saying(QByteArrayView answer, const RedisUrl &url)
{
    return u": "_s + serverText(answer, url);
}

QString tlsHint(const RedisUrl &url)
{
    return url.transport == RedisUrl::Transport::Tls
               ? u"If this server does not use TLS, turn TLS off (redis:// instead of rediss://)."_s
               : u"If this server expects TLS, turn TLS on (rediss:// instead of redis://)."_s;
}

RedisFailure authFailure(QByteArrayView answer, const RedisUrl &url)
{
    const QString where = url.shortName();
    if (answer.contains("without any password configured") || answer.contains("no password is set")) {
        return {Kind::LoginRefused, where + u" refused the login because it has no password set."_s,
                u"Leave user and password empty: none is needed."_s};
    }
    if (answer.contains("wrong number of arguments")) {
        return {Kind::LoginRefused, where + u" does not know users."_s,
                u"Redis before version 6 takes a password only: leave the user empty."_s};
    }
    if (startsWithWord(answer, "WRONGPASS") || answer.contains("invalid password")) {
        return {Kind::LoginRefused,
                where + (url.user.isEmpty() ? u" refused the password."_s : u" refused this user name and password."_s),
                url.user.isEmpty() ? u"Check the password. A user name may be wanted as well."_s
                                   : u"Check both. The user may also be disabled on the server."_s};
    }
    return {Kind::LoginRefused, where + u" refused the login"_s + saying(answer, url), u"Check user name and password."_s};
}

} // namespace

bool repeatsPassword(QByteArrayView text, const RedisUrl &url)
{
    if (url.password.isEmpty())
        return false;
    const QString whole = QString::fromUtf8(text);
    return whole.contains(url.password)
           || whole.contains(QString::fromLatin1(QUrl::toPercentEncoding(url.password)), Qt::CaseInsensitive);
}

QString serverText(QByteArrayView text, const RedisUrl &url)
{
    const QString whole = QString::fromUtf8(text);
    if (repeatsPassword(text, url)) {
        return u"(the server's words are left out, as they repeat the password)"_s;
    }
    // Addresses with a login in them, such as a replica may report of its master.
    static const QRegularExpression login(u"://[^/\\s@]*@"_s);
    QString line = whole.left(longestServerText);
    line.replace(login, u"://"_s);
    line = visibleLine(line).simplified();
    return whole.size() > longestServerText ? QString(line + u"…"_s) : line;
}

RedisFailure socketFailure(QAbstractSocket::SocketError error, const QString &system, const RedisUrl &url)
{
    const QString where = url.shortName();
    switch (error) {
    case QAbstractSocket::ConnectionRefusedError:
        return {Kind::Unreachable, u"Nothing listens at "_s + where + u"."_s,
                u"Check host and port, and whether Redis is running."_s};
    case QAbstractSocket::HostNotFoundError:
        return {Kind::Unreachable, u"There is no host named "_s + url.host + u"."_s, u"Check the host's name."_s};
    case QAbstractSocket::SocketTimeoutError:
        return {Kind::Timeout, where + u" does not answer."_s,
                u"Check the address, and whether a firewall drops the connection."_s};
    case QAbstractSocket::SocketAccessError:
        return {Kind::Unreachable, u"Connecting to "_s + where + u" is not permitted."_s,
                u"A firewall or this account's rights forbid it."_s};
    case QAbstractSocket::RemoteHostClosedError:
        return closedFailure(false, url);
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        return tlsFailure(system, url);
    default:
        return {Kind::Unreachable, where + u" cannot be reached: "_s + system + u"."_s, u"Check the network."_s};
    }
}

RedisFailure localSocketFailure(QLocalSocket::LocalSocketError error, const QString &system, const RedisUrl &url)
{
    switch (error) {
    case QLocalSocket::ServerNotFoundError:
        return {Kind::Unreachable, u"There is no socket at "_s + url.path + u"."_s,
                u"Check the path, and whether Redis is running (unixsocket in redis.conf)."_s};
    case QLocalSocket::ConnectionRefusedError:
        return {Kind::Unreachable, u"Nobody listens at "_s + url.path + u"."_s, u"Redis may have ended; start it again."_s};
    case QLocalSocket::SocketAccessError:
        return {Kind::Unreachable, u"Opening "_s + url.path + u" is not permitted."_s,
                u"Check the socket's owner and mode (unixsocketperm in redis.conf)."_s};
    case QLocalSocket::PeerClosedError:
        return closedFailure(false, url);
    default:
        return {Kind::Unreachable, url.path + u" cannot be opened: "_s + system + u"."_s, {}};
    }
}

RedisFailure certificateFailure(const QList<QSslError> &errors, const QStringList &names, const RedisUrl &url)
{
    if (errors.isEmpty())
        return tlsFailure(u"the certificate was refused"_s, url);
    RedisFailure failure{Kind::Tls, u"The certificate of "_s + url.shortName() + u" is not accepted:"_s, {}};
    QStringList reasons;
    for (const QSslError &error : errors) {
        const QString text = error.errorString();
        if (!text.isEmpty() && !reasons.contains(text))
            reasons.append(text);
    }
    failure.text += u' ' + reasons.join(u"; "_s);
    if (!failure.text.endsWith(u'.'))
        failure.text += u'.';

    switch (errors.first().error()) {
    case QSslError::HostNameMismatch:
        failure.hint = names.isEmpty()
                           ? u"The certificate names no host; connect by the name it was made for."_s
                           : QString(u"The certificate is for "_s + names.join(u", "_s) + u": connect by that name."_s);
        break;
    case QSslError::CertificateExpired:
    case QSslError::CertificateNotYetValid:
        failure.hint = u"Renew the certificate, or check this machine's clock."_s;
        break;
    default:
        failure.hint = url.caFile.isEmpty()
                           ? u"If the server has a certificate of your own authority, give its CA file (cacert=FILE)."_s
                           : u"The CA file given is not the authority that signed this certificate."_s;
        break;
    }
    return failure;
}

RedisFailure tlsFailure(const QString &system, const RedisUrl &url)
{
    return {Kind::Tls, u"TLS with "_s + url.shortName() + u" could not be set up: "_s + system + u"."_s, tlsHint(url)};
}

bool demandsClientCertificate(const QString &system)
{
    return system.contains("certificate required"_L1, Qt::CaseInsensitive)
           || system.contains("peer did not return a certificate"_L1, Qt::CaseInsensitive);
}

RedisFailure clientCertificateFailure(const RedisUrl &url)
{
    return {Kind::ClientCertificate,
            url.shortName() + u" demands a certificate of its clients, and Pulsedeck has none to show."_s,
            u"Let the server take clients without one (tls-auth-clients no or optional), or go through a tunnel that has one."_s};
}

RedisFailure connectTimeoutFailure(int limitMs, bool connected, bool encrypted, const RedisUrl &url, bool answeredBefore)
{
    const QString where = url.shortName();
    const QString limit = u" within "_s + exactText(limitMs);
    if (!connected) {
        return {Kind::Timeout, where + u" did not answer"_s + limit + u"."_s,
                u"Check the address, and whether a firewall drops the connection."_s};
    }
    if (url.transport == RedisUrl::Transport::Tls && !encrypted) {
        return {Kind::Timeout, where + u" took the connection but did not set up TLS"_s + limit + u"."_s,
                answeredBefore ? u"It may be busy or stopped."_s : tlsHint(url)};
    }
    return {Kind::Timeout, where + u" took the connection but did not answer"_s + limit + u"."_s,
            url.transport == RedisUrl::Transport::Tcp && !answeredBefore
                ? QString(u"It may be busy or stopped, or no Redis. "_s + tlsHint(url))
                : u"It may be busy or stopped, or no Redis."_s};
}

RedisFailure replyTimeoutFailure(int limitMs, const RedisUrl &url)
{
    return {Kind::Timeout, url.shortName() + u" has not answered for "_s + exactText(limitMs) + u"."_s,
            u"The server may be busy or stopped, or the network is gone."_s};
}

RedisFailure handshakeFailure(HandshakeStep step, QByteArrayView answer, const RedisUrl &url)
{
    const QString where = url.shortName();
    // These can be the answer to anything, whatever was asked.
    if (startsWithWord(answer, "DENIED")) {
        return {Kind::Refused, where + u" is in protected mode and takes connections from its own machine only."_s,
                u"Set a password on the server (requirepass), or reach it by a tunnel."_s};
    }
    if (answer.contains("max number of clients")) {
        return {Kind::Refused, where + u" has as many clients as it allows."_s,
                u"Close some, or raise maxclients on the server."_s};
    }
    if (startsWithWord(answer, "LOADING")) {
        return {Kind::Loading, where + u" is still reading its data from disk."_s, u"It answers when it is done."_s};
    }
    if (startsWithWord(answer, "MASTERDOWN")) {
        return {Kind::Refused, where + u" is a replica that has lost its master and serves no data meanwhile."_s,
                u"Connect to the master, or wait until the replica has caught up."_s};
    }
    if (startsWithWord(answer, "BUSY"))
        return {Kind::Refused, where + u" is busy running a script."_s, u"It answers when that is done."_s};
    if (step != HandshakeStep::Auth && startsWithWord(answer, "NOAUTH")) {
        return {Kind::LoginWanted, where + u" wants a password."_s,
                url.password.isEmpty() ? u"Give the password, and the user name if there is one."_s
                                       : u"The login was not accepted: check user name and password."_s};
    }

    switch (step) {
    case HandshakeStep::Auth:
        return authFailure(answer, url);
    case HandshakeStep::Select:
        if (startsWithWord(answer, "NOPERM")) {
            return {Kind::NoDatabase, u"This user may not select database %1 of "_s.arg(url.database) + where + u"."_s,
                    u"Use database 0, or permit SELECT to this user."_s};
        }
        if (answer.contains("cluster mode")) {
            return {Kind::NoDatabase, where + u" is part of a cluster, which has database 0 only."_s, u"Use database 0."_s};
        }
        return {Kind::NoDatabase, where + u" has no database %1."_s.arg(url.database),
                u"Most servers have 16, numbered 0 to 15 (databases in redis.conf)."_s};
    case HandshakeStep::Subscribe:
        return {Kind::Refused, where + u" did not let this client subscribe"_s + saying(answer, url),
                u"The user needs the right to subscribe to this channel."_s};
    case HandshakeStep::SetName:
    case HandshakeStep::Ping: // A server that cannot write to its disk, or a user without PING, can still be read.
    case HandshakeStep::ClientId:
    case HandshakeStep::ServerInfo:
        break;
    }
    return {};
}

RedisFailure protocolFailure(QByteArrayView greeting, const QString &reason, bool oversize, const RedisUrl &url)
{
    const QString where = url.shortName();
    if (oversize) {
        return {Kind::TooLarge, u"The connection to "_s + where + u" was ended: "_s + reason + u"."_s,
                u"Something in this database is far larger than a fleet's keys are."_s};
    }
    // What it said is not repeated: an echo would repeat the password.
    if (greeting.startsWith("HTTP/")) {
        return {Kind::Protocol, u"A web server answers at "_s + where + u", not Redis."_s, u"Check the port."_s};
    }
    if (greeting.size() >= 2 && greeting.at(0) == '\x15' && greeting.at(1) == '\x03') {
        return {Kind::Protocol, where + u" expects TLS."_s, u"Turn TLS on (rediss:// instead of redis://)."_s};
    }
    if (greeting.startsWith("SSH-"))
        return {Kind::Protocol, u"An SSH server answers at "_s + where + u", not Redis."_s, u"Check the port."_s};
    return {Kind::Protocol, u"What "_s + where + u" answers is not the Redis protocol: "_s + reason + u"."_s,
            u"Check that host and port are those of a Redis server."_s};
}

RedisFailure closedFailure(bool silent, const RedisUrl &url)
{
    if (!silent)
        return {Kind::Closed, url.shortName() + u" ended the connection."_s, u"It may have been restarted."_s};
    return {Kind::Closed, url.shortName() + u" ended the connection without a word."_s,
            url.transport == RedisUrl::Transport::Unix ? u"It may be starting or ending."_s : tlsHint(url)};
}

} // namespace pulsedeck
