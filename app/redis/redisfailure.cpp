// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisfailure.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QUrl>

namespace pulsedeck {

using namespace Qt::StringLiterals;
using Kind = RedisFailure::Kind;

namespace {

constexpr qsizetype longestServerText = 300;
constexpr int mostMastersNamed = 5;

bool startsWithWord(QByteArrayView text, QByteArrayView word)
{
    return text.startsWith(word) && (text.size() == word.size() || text.at(word.size()) == ' ');
}

class FailureTexts
{
    Q_DECLARE_TR_FUNCTIONS(FailureTexts)
};

QString tlsHint(const RedisUrl &url)
{
    return url.transport == RedisUrl::Transport::Tls
               ? FailureTexts::tr("If this server does not use TLS, turn TLS off (redis:// instead of rediss://).")
               : FailureTexts::tr("If this server expects TLS, turn TLS on (rediss:// instead of redis://).");
}

ConnectPlace placeOf(const RedisUrl &url)
{
    return {url.shortName(),
            url.host,
            !url.caFile.isEmpty(),
            FailureTexts::tr("Check host and port, and whether Redis is running."),
            tlsHint(url),
            FailureTexts::tr("If the server has a certificate of your own authority, set its CA file (cacert=FILE).")};
}

RedisFailure authFailure(QByteArrayView answer, const RedisUrl &url)
{
    const QString where = url.shortName();
    if (answer.contains("without any password configured") || answer.contains("no password is set")) {
        return {Kind::LoginRefused, FailureTexts::tr("%1 refused the login because it has no password set.").arg(where),
                FailureTexts::tr("Leave user and password empty: none is needed.")};
    }
    if (answer.contains("wrong number of arguments")) {
        return {Kind::LoginRefused, FailureTexts::tr("%1 does not support user names.").arg(where),
                FailureTexts::tr("Redis before version 6 takes a password only: leave the user empty.")};
    }
    if (startsWithWord(answer, "WRONGPASS") || answer.contains("invalid password")) {
        if (url.user.isEmpty())
            return {Kind::LoginRefused, FailureTexts::tr("%1 refused the password.").arg(where),
                    FailureTexts::tr("Check the password. A user name may be required as well.")};
        return {Kind::LoginRefused, FailureTexts::tr("%1 refused this user name and password.").arg(where),
                FailureTexts::tr("Check both. The user may also be disabled on the server.")};
    }
    return {Kind::LoginRefused, FailureTexts::tr("%1 refused the login: %2").arg(where, serverText(answer, url)),
            FailureTexts::tr("Check user name and password.")};
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

QString passwordHiddenText()
{
    return FailureTexts::tr("(the server's error message is not shown, as it repeats the password)");
}

QString serverText(QByteArrayView text, const RedisUrl &url)
{
    if (startsWithWord(text, "CROSSSLOT"))
        return FailureTexts::tr("its keys are in different slots of the cluster, and cannot be used together there");
    const QString whole = QString::fromUtf8(text);
    if (repeatsPassword(text, url))
        return passwordHiddenText();
    // Addresses with a login in them, such as a replica may report of its master.
    static const QRegularExpression login(u"://[^/\\s@]*@"_s);
    QString line = whole.left(longestServerText);
    line.replace(login, u"://"_s);
    line = visibleLine(line).simplified();
    return whole.size() > longestServerText ? QString(line + u"…"_s) : line;
}

RedisFailure socketFailure(QAbstractSocket::SocketError error, const QString &system, const RedisUrl &url)
{
    return connectFailure(error, system, placeOf(url));
}

RedisFailure localSocketFailure(QLocalSocket::LocalSocketError error, const QString &system, const RedisUrl &url)
{
    switch (error) {
    case QLocalSocket::ServerNotFoundError:
        return {Kind::Unreachable, FailureTexts::tr("There is no socket at %1.").arg(url.path),
                FailureTexts::tr("Check the path, and whether Redis is running (unixsocket in redis.conf).")};
    case QLocalSocket::ConnectionRefusedError:
        return {Kind::Unreachable, FailureTexts::tr("Nothing listens at %1.").arg(url.path),
                FailureTexts::tr("Redis may have ended; start it again.")};
    case QLocalSocket::SocketAccessError:
        return {Kind::Unreachable, FailureTexts::tr("Opening %1 is not permitted.").arg(url.path),
                FailureTexts::tr("Check the socket's owner and mode (unixsocketperm in redis.conf).")};
    case QLocalSocket::PeerClosedError:
        return closedFailure(false, url);
    default:
        return {Kind::Unreachable, FailureTexts::tr("%1 cannot be opened: %2.").arg(url.path, system), {}};
    }
}

RedisFailure certificateFailure(const QList<QSslError> &errors, const QStringList &names, const RedisUrl &url)
{
    return certificateFailure(errors, names, placeOf(url));
}

RedisFailure certificateFailure(const QList<QSslError> &errors, const ServerCertificate &shown, const QStringList &names,
                                const RedisUrl &url)
{
    return certificateFailure(errors, shown, names, placeOf(url));
}

RedisFailure otherCertificateFailure(const ServerCertificate &shown, const RedisUrl &url)
{
    return otherCertificateFailure(shown, url.tlsOptions, placeOf(url));
}

RedisFailure tlsFailure(const QString &system, const RedisUrl &url)
{
    return tlsFailure(system, placeOf(url));
}

RedisFailure clientCertificateFailure(const RedisUrl &url)
{
    if (!url.tlsOptions.certFile.isEmpty())
        return {Kind::ClientCertificate,
                FailureTexts::tr("%1 does not take the client's certificate that it was shown.").arg(url.shortName()),
                FailureTexts::tr("It has to be signed by the authority that the server trusts (tls-ca-cert-file).")};
    return {Kind::ClientCertificate,
            FailureTexts::tr("%1 demands a certificate of its clients, and none is set.").arg(url.shortName()),
            FailureTexts::tr("Set the client's certificate and its key (cert=FILE&key=FILE), or let the server accept clients "
                             "without one (tls-auth-clients no or optional).")};
}

RedisFailure connectTimeoutFailure(int limitMs, bool connected, bool encrypted, const RedisUrl &url, bool answeredBefore)
{
    const ConnectPlace place = placeOf(url);
    if (!connected)
        return unreachedFailure(limitMs, place);
    if (url.transport == RedisUrl::Transport::Tls && !encrypted) {
        return {Kind::Timeout,
                FailureTexts::tr("%1 took the connection but did not set up TLS within %2.").arg(place.where, exactText(limitMs)),
                answeredBefore ? FailureTexts::tr("It may be busy or stopped.") : tlsHint(url)};
    }
    const bool doubtTls = url.transport == RedisUrl::Transport::Tcp && !answeredBefore;
    return unansweredFailure(limitMs,
                             doubtTls ? FailureTexts::tr("It may be busy or stopped, or not a Redis server. %1").arg(tlsHint(url))
                                      : FailureTexts::tr("It may be busy or stopped, or not a Redis server."),
                             place);
}

RedisFailure replyTimeoutFailure(int limitMs, const RedisUrl &url)
{
    return {Kind::Timeout, FailureTexts::tr("%1 has not answered for %2.").arg(url.shortName(), exactText(limitMs)),
            FailureTexts::tr("The server may be busy or stopped, or the network is down.")};
}

RedisFailure handshakeFailure(HandshakeStep step, QByteArrayView answer, const RedisUrl &url)
{
    const QString where = url.shortName();
    // These can be the answer to anything, whatever was asked.
    if (startsWithWord(answer, "DENIED")) {
        return {Kind::Refused,
                FailureTexts::tr("%1 is in protected mode and accepts connections from its own machine only.").arg(where),
                FailureTexts::tr("Set a password on the server (requirepass), or connect through a tunnel.")};
    }
    if (answer.contains("max number of clients")) {
        return {Kind::Refused, FailureTexts::tr("%1 has as many clients as it allows.").arg(where),
                FailureTexts::tr("Close some, or raise maxclients on the server.")};
    }
    if (startsWithWord(answer, "LOADING")) {
        return {Kind::Loading, FailureTexts::tr("%1 is still reading its data from disk.").arg(where),
                FailureTexts::tr("It answers when it has finished.")};
    }
    if (startsWithWord(answer, "MASTERDOWN")) {
        return {Kind::Refused,
                FailureTexts::tr("%1 is a replica that has lost its master and serves no data until it is back.").arg(where),
                FailureTexts::tr("Connect to the master, or wait until the replica has caught up.")};
    }
    // PING is asked as well: then INFO's alone only leaves unknown what the server is.
    if (step != HandshakeStep::ServerInfo && startsWithWord(answer, "BUSY"))
        return {Kind::Refused, FailureTexts::tr("%1 is busy running a script.").arg(where),
                FailureTexts::tr("It answers when the script has finished.")};
    if (step != HandshakeStep::Auth && startsWithWord(answer, "NOAUTH")) {
        return {Kind::LoginWanted, FailureTexts::tr("%1 asks for a password.").arg(where),
                url.password.isEmpty() ? FailureTexts::tr("Enter the password, and the user name if there is one.")
                                       : FailureTexts::tr("The login was not accepted: check user name and password.")};
    }

    switch (step) {
    case HandshakeStep::Auth:
        return authFailure(answer, url);
    case HandshakeStep::Select:
        if (startsWithWord(answer, "NOPERM")) {
            return {Kind::NoDatabase,
                    FailureTexts::tr("This user may not select database %1 of %2.").arg(QString::number(url.database), where),
                    FailureTexts::tr("Use database 0, or permit SELECT to this user.")};
        }
        if (answer.contains("cluster mode")) {
            return {Kind::NoDatabase, FailureTexts::tr("%1 is part of a cluster, which has database 0 only.").arg(where),
                    FailureTexts::tr("Use database 0.")};
        }
        return {Kind::NoDatabase, FailureTexts::tr("%1 has no database %2.").arg(where, QString::number(url.database)),
                FailureTexts::tr("Most servers have 16, numbered 0 to 15 (databases in redis.conf).")};
    case HandshakeStep::Subscribe:
        return {Kind::Refused, FailureTexts::tr("%1 did not let this client subscribe: %2").arg(where, serverText(answer, url)),
                FailureTexts::tr("The user needs the right to subscribe to this channel.")};
    case HandshakeStep::SetName:
    case HandshakeStep::Ping: // A server that cannot write to its disk, or a user without PING, can still be read.
    case HandshakeStep::ClientId:
    case HandshakeStep::ServerInfo:
    case HandshakeStep::ClusterNodes:
    case HandshakeStep::SentinelMasters:
    case HandshakeStep::Role: // Then the Sentinels' word is all there is.
        break;
    }
    return {};
}

namespace {

/// Of one master in an answer to SENTINEL MASTERS; empty if there is none.
QByteArray masterField(const RedisReply &fields, QByteArrayView key)
{
    for (int i = 0; i + 1 < fields.size(); i += 2) {
        if (fields.at(i).bytes() == key)
            return fields.at(i + 1).bytes().toByteArray();
    }
    return {};
}

QStringList masterTexts(const RedisReply &masters, const RedisUrl &url)
{
    QStringList names;
    for (int i = 0; i < masters.size() && i < mostMastersNamed; ++i) {
        const RedisReply fields = masters.at(i);
        const QByteArray name = masterField(fields, "name");
        if (!name.isEmpty())
            names.append(FailureTexts::tr("%1 at %2:%3", "a master by its name, host and port")
                             .arg(serverText(name, url), serverText(masterField(fields, "ip"), url),
                                  serverText(masterField(fields, "port"), url)));
    }
    if (masters.size() > mostMastersNamed)
        names.append(u"…"_s);
    return names;
}

} // namespace

RedisFailure sentinelFailure(const RedisReply &masters, const RedisUrl &url)
{
    RedisFailure failure{Kind::OtherKind, FailureTexts::tr("%1 is a Sentinel, which has no workers itself.").arg(url.shortName()),
                         FailureTexts::tr("Connect to the master that it watches.")};
    const QStringList names = masterTexts(masters, url);
    RedisUrl there = url;
    const bool hasPort = url.transport != RedisUrl::Transport::Unix;
    for (int i = 0; hasPort && i < masters.size() && failure.addresses.size() < mostMastersNamed; ++i) {
        there.master = QString::fromUtf8(masterField(masters.at(i), "name"));
        if (there.isSentinel())
            failure.addresses.append(there.display());
    }
    if (!failure.addresses.isEmpty())
        failure.hint = FailureTexts::tr("Connect to the master that it watches: %1. A failover is followed by the address %2.")
                           .arg(names.join(u", "_s), failure.addresses.join(u", "_s));
    else if (!names.isEmpty())
        failure.hint = FailureTexts::tr("Connect to the master that it watches: %1.").arg(names.join(u", "_s));
    return failure;
}

RedisFailure sentinelRefusal(QByteArrayView answer, const RedisUrl &sentinel)
{
    if (startsWithWord(answer, "NOAUTH")) {
        return {Kind::LoginWanted, FailureTexts::tr("The Sentinel %1 asks for a password.").arg(sentinel.shortName()),
                FailureTexts::tr("Enter user and password of the Sentinels; those of the master are others.")};
    }
    if (startsWithWord(answer, "NOPERM")) {
        return {Kind::Refused,
                FailureTexts::tr("The Sentinel %1 does not permit this user to ask for its masters.").arg(sentinel.shortName()),
                FailureTexts::tr("Its user needs the right to SENTINEL and to subscribe to +switch-master.")};
    }
    if (answer.contains("unknown command")) {
        return {Kind::OtherKind, FailureTexts::tr("%1 is no Sentinel.").arg(sentinel.shortName()),
                FailureTexts::tr("A Redis itself is connected to by redis://%1.").arg(sentinel.shortName())};
    }
    return {Kind::Refused,
            FailureTexts::tr("The Sentinel %1 does not say where its master is: %2")
                .arg(sentinel.shortName(), serverText(answer, sentinel)),
            {}};
}

RedisFailure unknownMasterFailure(const QString &master, const RedisReply &masters, const RedisUrl &sentinel)
{
    const QStringList names = masterTexts(masters, sentinel);
    return {Kind::Refused,
            FailureTexts::tr("The Sentinel %1 watches no master called %2.").arg(sentinel.shortName(), visibleLine(master)),
            names.isEmpty() ? FailureTexts::tr("Check the name of the master.")
                            : FailureTexts::tr("Check the name of the master. It watches %1.").arg(names.join(u", "_s))};
}

RedisFailure notMasterFailure(const QString &master, const RedisUrl &url)
{
    return {Kind::Unreachable,
            FailureTexts::tr("%1 is not the master of %2 at the moment.").arg(url.shortName(), visibleLine(master)),
            FailureTexts::tr("A failover may be under way: the Sentinels are asked again.")};
}

RedisFailure masterMovedFailure(const QString &master, const RedisPlace &to, const RedisUrl &from)
{
    return {Kind::Closed,
            FailureTexts::tr("The master of %1 has moved from %2 to %3.").arg(visibleLine(master), from.shortName(), to.text()),
            FailureTexts::tr("It is connected to again there.")};
}

RedisFailure clusterFailure(QByteArrayView nodes, const RedisUrl &url)
{
    // id, address, flags, master, ping, pong, epoch, link, then the ranges of slots.
    constexpr qsizetype flagsField = 2;
    constexpr qsizetype firstRange = 8;
    int masters = 0;
    for (const QByteArray &line : nodes.toByteArray().split('\n')) {
        const QByteArrayList fields = line.trimmed().split(' ');
        if (fields.size() <= firstRange)
            continue; // A replica, or a master without slots.
        if (fields.at(flagsField).split(',').contains("myself") && fields.at(firstRange) == "0-16383")
            return {};
        ++masters;
    }
    return {Kind::OtherKind,
            masters > 1 ? FailureTexts::tr("%1 is one node of a cluster, whose workers are spread over %2 masters.")
                              .arg(url.shortName(), QString::number(masters))
                        : FailureTexts::tr("%1 is one node of a cluster.").arg(url.shortName()),
            FailureTexts::tr("By a socket only a part of the workers would be seen, so none is shown. Connect to the cluster by "
                             "redis+cluster://HOST:PORT.")};
}

RedisFailure clusterRefusal(QByteArrayView answer, const RedisUrl &node)
{
    if (answer.contains("cluster support disabled") || answer.contains("unknown command")) {
        return {Kind::OtherKind, FailureTexts::tr("%1 is no node of a cluster.").arg(node.shortName()),
                FailureTexts::tr("A Redis by itself is connected to by redis://%1.").arg(node.shortName())};
    }
    if (startsWithWord(answer, "NOPERM")) {
        return {Kind::Refused,
                FailureTexts::tr("%1 does not permit this user to ask for the masters of its cluster.").arg(node.shortName()),
                FailureTexts::tr("The user needs the right to CLUSTER SLOTS and CLUSTER INFO.")};
    }
    const RedisFailure known = handshakeFailure(HandshakeStep::Ping, answer, node);
    if (known.kind != Kind::None)
        return known;
    return {Kind::Refused,
            FailureTexts::tr("%1 does not say which masters its cluster has: %2").arg(node.shortName(), serverText(answer, node)),
            {}};
}

RedisFailure clusterDownFailure(int unserved, const RedisUrl &node)
{
    return {Kind::Refused, FailureTexts::tr("The cluster of %1 is down.").arg(node.shortName()),
            unserved > 0
                ? FailureTexts::tr("%Ln slot(s) (has/have) no master.", nullptr, unserved)
                : FailureTexts::tr("A master cannot be reached by the others. It goes on once another node has taken its "
                                   "place, or it is back.")};
}

RedisFailure clusterMapFailure(int mostMasters, const RedisUrl &node)
{
    return {Kind::Protocol, FailureTexts::tr("%1 answers with a list of slots that cannot be read.").arg(node.shortName()),
            FailureTexts::tr("A cluster of at most %1 masters can be watched.").arg(mostMasters)};
}

RedisFailure clusterMovedFailure(const RedisUrl &url)
{
    return {Kind::Closed, FailureTexts::tr("The cluster of %1 has other masters than before.").arg(url.shortName()),
            FailureTexts::tr("They are connected to at once.")};
}

RedisFailure protocolFailure(QByteArrayView greeting, const QString &reason, bool oversize, const RedisUrl &url)
{
    const QString where = url.shortName();
    if (oversize) {
        return {Kind::TooLarge, FailureTexts::tr("The connection to %1 was ended: %2.").arg(where, reason),
                FailureTexts::tr("Something in this database is far larger than the keys of a fleet.")};
    }
    // What it said is not repeated: an echo would repeat the password.
    if (greeting.startsWith("HTTP/"))
        return {Kind::Protocol, FailureTexts::tr("A web server answers at %1, not Redis.").arg(where),
                FailureTexts::tr("Check the port.")};
    if (greeting.size() >= 2 && greeting.at(0) == '\x15' && greeting.at(1) == '\x03') {
        return {Kind::Protocol, FailureTexts::tr("%1 expects TLS.").arg(where),
                FailureTexts::tr("Turn TLS on (rediss:// instead of redis://).")};
    }
    if (greeting.startsWith("SSH-"))
        return {Kind::Protocol, FailureTexts::tr("An SSH server answers at %1, not Redis.").arg(where),
                FailureTexts::tr("Check the port.")};
    return {Kind::Protocol, FailureTexts::tr("%1 does not speak the Redis protocol: %2.").arg(where, reason),
            FailureTexts::tr("Check that host and port are those of a Redis server.")};
}

RedisFailure closedFailure(bool silent, const RedisUrl &url)
{
    if (!silent)
        return connectFailure(QAbstractSocket::RemoteHostClosedError, {}, placeOf(url));
    return {Kind::Closed, FailureTexts::tr("%1 ended the connection without an answer.").arg(url.shortName()),
            url.transport == RedisUrl::Transport::Unix ? FailureTexts::tr("It may be starting or ending.") : tlsHint(url)};
}

} // namespace pulsedeck
