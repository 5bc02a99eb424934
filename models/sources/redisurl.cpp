// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/redisurl.h"

#include <QStringDecoder>
#include <QUrl>

#include <algorithm>
#include <arpa/inet.h>
#include <limits>

namespace pulsedeck {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestRedisUrl = 4096;
// sun_path holds 108 bytes, the ending zero among them.
constexpr qsizetype longestPath = 107;

// Nothing of the text is ever quoted in a message: a password with an unescaped "/" or "@" ends up in unexpected parts.
struct Trouble
{
    QString *error;

    bool operator()(const QString &why) const
    {
        if (error)
            *error = why;
        return false;
    }
};

bool isHex(QChar c)
{
    const char16_t u = c.unicode();
    return (u >= u'0' && u <= u'9') || (u >= u'a' && u <= u'f') || (u >= u'A' && u <= u'F');
}

bool decode(QStringView text, QString &out, const Trouble &trouble)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text.at(i) == u'%' && (i + 2 >= text.size() || !isHex(text.at(i + 1)) || !isHex(text.at(i + 2))))
            return trouble(RedisUrl::tr("A % must be followed by two hexadecimal digits; a % itself is written %25."));
    }
    const QByteArray bytes = QByteArray::fromPercentEncoding(text.toUtf8());
    QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    out = utf8(bytes);
    if (utf8.hasError())
        return trouble(RedisUrl::tr("The bytes written with % signs are not UTF-8."));
    if (out.contains(u'\0'))
        return trouble(RedisUrl::tr("A zero byte (%00) cannot be part of an address."));
    return true;
}

bool readNumber(QStringView text, int least, int most, int &out)
{
    if (text.isEmpty() || text.size() > 10)
        return false;
    qint64 value = 0;
    for (const QChar c : text) {
        if (c.unicode() < u'0' || c.unicode() > u'9')
            return false;
        value = value * 10 + (c.unicode() - u'0');
    }
    if (value < least || value > most)
        return false;
    out = int(value);
    return true;
}

bool readHost(const QString &host, RedisUrl &url, const Trouble &trouble)
{
    if (host.isEmpty())
        return trouble(RedisUrl::tr("The host is missing."));
    if (host.contains(u':')) {
        in6_addr address;
        // A link-local address carries the name of its interface behind a %.
        if (::inet_pton(AF_INET6, host.section(u'%', 0, 0).toLatin1().constData(), &address) != 1)
            return trouble(RedisUrl::tr("The host is neither a name nor an IP address."));
        url.host = host;
        return true;
    }
    if (host.size() > 253)
        return trouble(RedisUrl::tr("The host name is too long."));
    for (const QChar c : host) {
        if (!c.isLetterOrNumber() && c != u'.' && c != u'-' && c != u'_')
            return trouble(RedisUrl::tr("The host name contains a character that is not allowed."));
    }
    url.host = host;
    return true;
}

bool readPort(QStringView text, RedisUrl &url, const Trouble &trouble)
{
    return readNumber(text, 1, 65535, url.port) || trouble(RedisUrl::tr("The port must be a number from 1 to 65535."));
}

bool readDatabase(QStringView text, RedisUrl &url, const Trouble &trouble)
{
    if (readNumber(text, 0, std::numeric_limits<int>::max(), url.database))
        return true;
    if (text.contains(u'@'))
        return trouble(RedisUrl::tr("There is a / before the @: in a user name or password it is written %2F."));
    return trouble(RedisUrl::tr("The database must be a whole number, such as 0."));
}

bool readLogin(QStringView text, RedisUrl &url, const Trouble &trouble)
{
    const qsizetype colon = text.indexOf(u':');
    if (colon < 0)
        return decode(text, url.user, trouble);
    return decode(text.left(colon), url.user, trouble) && decode(text.mid(colon + 1), url.password, trouble);
}

bool readHostAndPort(QStringView text, RedisUrl &url, const Trouble &trouble)
{
    if (text.startsWith(u'[')) {
        const qsizetype end = text.indexOf(u']');
        if (end < 0)
            return trouble(RedisUrl::tr("The ] after the IPv6 address is missing."));
        const QStringView rest = text.mid(end + 1);
        QString host;
        if (!decode(text.mid(1, end - 1), host, trouble))
            return false;
        if (!host.contains(u':'))
            return trouble(RedisUrl::tr("Only an IPv6 address can stand between [ and ]."));
        if (!rest.isEmpty() && !rest.startsWith(u':'))
            return trouble(RedisUrl::tr("After the ] only a colon and a port can follow."));
        return readHost(host, url, trouble) && (rest.isEmpty() || readPort(rest.mid(1), url, trouble));
    }
    const qsizetype colon = text.indexOf(u':');
    if (colon >= 0 && text.indexOf(u':', colon + 1) >= 0)
        return trouble(RedisUrl::tr("There is more than one colon: an IPv6 address is written in brackets, as in [::1]:6379."));
    QString host;
    if (!decode(colon < 0 ? text : text.left(colon), host, trouble))
        return false;
    if (host.contains(u':'))
        return trouble(RedisUrl::tr("An IPv6 address is written in brackets, as in [::1]:6379."));
    return readHost(host, url, trouble) && (colon < 0 || readPort(text.mid(colon + 1), url, trouble));
}

bool readPlaces(QStringView text, int usualPort, QList<RedisPlace> &places, const Trouble &trouble)
{
    for (const QStringView item : text.split(u',')) {
        RedisUrl one;
        one.port = usualPort;
        if (!readHostAndPort(item.trimmed(), one, trouble))
            return false;
        if (const RedisPlace place{one.host, one.port}; !places.contains(place))
            places.append(place);
    }
    return true;
}

bool readSentinels(QStringView text, QList<RedisPlace> &places, const Trouble &trouble)
{
    if (text.count(u',') >= RedisUrl::mostSentinels)
        return trouble(RedisUrl::tr("More than %1 Sentinels are given.").arg(RedisUrl::mostSentinels));
    return readPlaces(text, RedisUrl::usualSentinelPort, places, trouble);
}

bool readNodes(QStringView text, QList<RedisPlace> &places, const Trouble &trouble)
{
    if (text.count(u',') >= RedisUrl::mostNodes)
        return trouble(RedisUrl::tr("More than %1 nodes are given.").arg(RedisUrl::mostNodes));
    return readPlaces(text, RedisUrl().port, places, trouble);
}

/// "/MASTER" or "/MASTER/db".
bool readMaster(QStringView path, bool &databaseGiven, RedisUrl &url, const Trouble &trouble)
{
    if (path.contains(u'@'))
        return trouble(RedisUrl::tr("There is a / before the @: in a user name or password it is written %2F."));
    const auto parts = path.mid(1).split(u'/');
    if (parts.first().isEmpty())
        return trouble(RedisUrl::tr("After the Sentinels comes the name of their master, as in redis+sentinel://host/mymaster."));
    databaseGiven = parts.size() > 1;
    if (parts.size() > 2)
        return trouble(RedisUrl::tr("After the name of the master only a database can follow."));
    return decode(parts.first(), url.master, trouble) && (!databaseGiven || readDatabase(parts.at(1), url, trouble));
}

bool readYesOrNo(QStringView text, bool &out)
{
    for (const QStringView yes : {u"yes", u"1", u"true", u"on"}) {
        if (text.compare(yes, Qt::CaseInsensitive) == 0)
            return out = true;
    }
    for (const QStringView no : {u"no", u"0", u"false", u"off"}) {
        if (text.compare(no, Qt::CaseInsensitive) == 0) {
            out = false;
            return true;
        }
    }
    return false;
}

bool readPath(const QString &path, RedisUrl &url, const Trouble &trouble)
{
    if (!path.startsWith(u'/'))
        return trouble(RedisUrl::tr("The path of a socket begins with /, as in unix:///run/redis.sock."));
    if (path.toUtf8().size() > longestPath)
        return trouble(RedisUrl::tr("The path of a socket cannot be longer than %1 bytes.").arg(longestPath));
    url.path = path;
    return true;
}

/// Parameters of other clients that change nothing here: how long they wait, how often they try, what they call themselves, how
/// they read what comes, which kind of address they prefer. ssl_cert_reqs and ssl_check_hostname can only ask for less than is
/// done anyway: certificates are always checked.
bool isHarmless(QStringView key)
{
    static constexpr QLatin1StringView known[] = {
        "family"_L1,
        "protocol"_L1,
        "timeout"_L1,
        "connect_timeout"_L1,
        "connecttimeout"_L1,
        "sockettimeout"_L1,
        "socket_timeout"_L1,
        "socket_connect_timeout"_L1,
        "socket_keepalive"_L1,
        "keepalive"_L1,
        "read_timeout"_L1,
        "write_timeout"_L1,
        "dial_timeout"_L1,
        "retry_on_timeout"_L1,
        "retry_on_error"_L1,
        "max_retries"_L1,
        "maxretriesperrequest"_L1,
        "min_retry_backoff"_L1,
        "max_retry_backoff"_L1,
        "retrystrategy"_L1,
        "max_connections"_L1,
        "pool_size"_L1,
        "pool_timeout"_L1,
        "min_idle_conns"_L1,
        "max_idle_conns"_L1,
        "idle_timeout"_L1,
        "conn_max_idle_time"_L1,
        "conn_max_lifetime"_L1,
        "health_check_interval"_L1,
        "client_name"_L1,
        "clientname"_L1,
        "name"_L1,
        "connectionname"_L1,
        "lib_name"_L1,
        "lib_version"_L1,
        "decode_responses"_L1,
        "encoding"_L1,
        "encoding_errors"_L1,
        "lazyconnect"_L1,
        "enablereadycheck"_L1,
        "enableofflinequeue"_L1,
        "autoresubscribe"_L1,
        "showfriendlyerrorstack"_L1,
        "ssl_cert_reqs"_L1,
        "ssl_check_hostname"_L1,
        "ssl_min_version"_L1,
        "nodelay"_L1,
    };
    return std::any_of(std::begin(known), std::end(known),
                       [key](QLatin1StringView name) { return key.compare(name, Qt::CaseInsensitive) == 0; });
}

/// Fit to be repeated: a plain word, where no @ behind it says that it is the rest of a password.
bool isParameterName(QStringView key, QStringView query)
{
    constexpr qsizetype longestName = 40;
    return !key.isEmpty() && key.size() <= longestName && !query.contains(u'@')
           && std::all_of(key.begin(), key.end(), [](QChar c) {
                  return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'_'
                         || c == u'-';
              });
}

/// A part of the way by SSH.
bool readSshPart(QStringView key, QStringView value, bool ofSocket, QString &out, const Trouble &trouble)
{
    if (ofSocket)
        return trouble(RedisUrl::tr("%1= is for a host, not for a socket of this machine.").arg(key));
    return decode(value, out, trouble);
}

bool readSecretPlace(QStringView key, QStringView value, SecretPlace &place, const Trouble &trouble)
{
    QString name;
    if (!decode(value, name, trouble))
        return false;
    if (name.isEmpty())
        return trouble(RedisUrl::tr("After %1= a name is expected.").arg(key));
    place = {key.endsWith(u"_env") ? SecretPlace::From::Environment : SecretPlace::From::File, name};
    const QString problem = SecretPlace::problem(place.text());
    return problem.isEmpty() || trouble(problem);
}

bool isOneOf(QStringView key, std::initializer_list<QStringView> names)
{
    return std::any_of(names.begin(), names.end(),
                       [key](QStringView name) { return key.compare(name, Qt::CaseInsensitive) == 0; });
}

bool isTlsParameter(QStringView key)
{
    return isOneOf(key, {u"cert", u"ssl_certfile", u"key", u"ssl_keyfile", u"key_password_env", u"key_password_file",
                         u"server_name", u"fingerprint"});
}

bool readTlsParameter(QStringView key, QStringView value, TlsOptions &tls, const Trouble &trouble)
{
    if (isOneOf(key, {u"key_password_env", u"key_password_file"}))
        return readSecretPlace(key, value, tls.keyPassphraseFrom, trouble);
    QString &target = isOneOf(key, {u"cert", u"ssl_certfile"}) ? tls.certFile
                      : isOneOf(key, {u"key", u"ssl_keyfile"}) ? tls.keyFile
                      : isOneOf(key, {u"server_name"})         ? tls.serverName
                                                               : tls.fingerprints;
    if (!decode(value, target, trouble))
        return false;
    if (target.isEmpty())
        return trouble(RedisUrl::tr("After %1= a name is expected.").arg(key));
    const QString problem = tls.pinProblem();
    return problem.isEmpty() || trouble(problem);
}

bool readQuery(QStringView query, bool databaseGiven, RedisUrl &url, const Trouble &trouble)
{
    const auto items = query.split(u'&', Qt::SkipEmptyParts);
    for (const QStringView item : items) {
        const qsizetype equals = item.indexOf(u'=');
        const QStringView key = equals < 0 ? item : item.left(equals);
        const QStringView value = equals < 0 ? QStringView() : item.mid(equals + 1);
        if (key == u"db") {
            const int before = url.database;
            if (!readDatabase(value, url, trouble))
                return false;
            if (databaseGiven && url.database != before)
                return trouble(RedisUrl::tr("Two different databases are given."));
            databaseGiven = true;
        } else if (key == u"cacert" || key == u"ssl_ca_certs") {
            if (url.transport != RedisUrl::Transport::Tls && !query.contains(u"sentinel_tls"))
                return trouble(RedisUrl::tr("%1= is for rediss:// only.").arg(key));
            if (!decode(value, url.caFile, trouble))
                return false;
            if (url.caFile.isEmpty())
                return trouble(RedisUrl::tr("After %1= the name of a file is expected.").arg(key));
        } else if (key == u"ssh" || key == u"jump") {
            if (!readSshPart(key, value, url.transport == RedisUrl::Transport::Unix, key == u"ssh" ? url.ssh.host : url.ssh.jump,
                             trouble))
                return false;
        } else if (isTlsParameter(key)) {
            if (url.transport != RedisUrl::Transport::Tls && !query.contains(u"sentinel_tls"))
                return trouble(RedisUrl::tr("%1= is for rediss:// only.").arg(key));
            if (!readTlsParameter(key, value, url.tlsOptions, trouble))
                return false;
        } else if (key == u"password_env" || key == u"password_file") {
            if (!url.password.isEmpty())
                return trouble(RedisUrl::tr("The address has a password itself: then %1= has no place.").arg(key));
            if (!readSecretPlace(key, value, url.passwordFrom, trouble))
                return false;
        } else if (url.isSentinel() && (key == u"sentinel_password_env" || key == u"sentinel_password_file")) {
            if (!readSecretPlace(key, value, url.sentinelPasswordFrom, trouble))
                return false;
        } else if (url.isSentinel() && key == u"sentinel_user") {
            if (!decode(value, url.sentinelUser, trouble))
                return false;
        } else if (url.isSentinel() && key == u"sentinel_password") {
            if (!decode(value, url.sentinelPassword, trouble))
                return false;
        } else if (url.isSentinel() && key == u"sentinel_tls") {
            if (!readYesOrNo(value, url.sentinelTls))
                return trouble(RedisUrl::tr("%1= is either yes or no.").arg(key));
        } else if (!isHarmless(key)) {
            // It may change what is connected to or how keys are named, so it is not passed over.
            const QString problem = isParameterName(key, query) ? RedisUrl::tr("The parameter %1= is not supported.").arg(key)
                                                                : RedisUrl::tr("A parameter after the ? is not supported.");
            return trouble(RedisUrl::tr("%1 Supported are db=, cacert=, ssh=, password_env=, password_file= and others: "
                                        "docs/connections.md names them.")
                               .arg(problem));
        }
    }
    QString problem;
    return SshRoute::parse(url.ssh.host, url.ssh.jump, &problem) || trouble(problem);
}

bool readUrl(const QString &text, RedisUrl &url, const Trouble &trouble)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return trouble(RedisUrl::tr("The address is empty."));
    if (trimmed.size() > longestRedisUrl)
        return trouble(RedisUrl::tr("The address is longer than %1 characters.").arg(longestRedisUrl));
    for (const QChar c : trimmed) {
        if (c.isSpace() || c.category() == QChar::Other_Control)
            return trouble(
                RedisUrl::tr("The address contains a space or a control character; in a password a space is written %20."));
    }

    QStringView rest = trimmed;
    bool ofSentinels = false;
    bool ofCluster = false;
    const qsizetype mark = rest.indexOf(u"://");
    if (mark < 0 && rest.startsWith(u'/')) {
        url.transport = RedisUrl::Transport::Unix;
        return readPath(trimmed, url, trouble);
    }
    if (mark >= 0) {
        QStringView scheme = rest.left(mark);
        rest = rest.mid(mark + 3);
        constexpr QStringView sentinelEnd = u"+sentinel";
        ofSentinels = scheme.endsWith(sentinelEnd, Qt::CaseInsensitive);
        if (ofSentinels)
            scheme.chop(sentinelEnd.size());
        constexpr QStringView clusterEnd = u"+cluster";
        ofCluster = !ofSentinels && scheme.endsWith(clusterEnd, Qt::CaseInsensitive);
        if (ofCluster)
            scheme.chop(clusterEnd.size());
        const auto is = [scheme](QStringView name) { return scheme.compare(name, Qt::CaseInsensitive) == 0; };
        if (is(u"redis") || is(u"valkey"))
            url.transport = RedisUrl::Transport::Tcp;
        else if (is(u"rediss") || is(u"valkeys"))
            url.transport = RedisUrl::Transport::Tls;
        else if (is(u"unix") && !ofSentinels && !ofCluster)
            url.transport = RedisUrl::Transport::Unix;
        else
            return trouble(RedisUrl::tr("The address must begin with redis://, rediss://, valkey://, valkeys://, unix://, "
                                        "redis+sentinel://, rediss+sentinel://, redis+cluster:// or rediss+cluster://."));
    }
    if (rest.contains(u'#'))
        return trouble(RedisUrl::tr("A # cannot be part of the address; in a password it is written %23."));

    const qsizetype question = rest.indexOf(u'?');
    const QStringView query = question < 0 ? QStringView() : rest.mid(question + 1);
    if (question >= 0)
        rest = rest.left(question);
    const qsizetype slash = rest.indexOf(u'/');
    QStringView authority = slash < 0 ? rest : rest.left(slash);
    QStringView path = slash < 0 ? QStringView() : rest.mid(slash);

    // The last @ counts, so that a password with an unescaped one still works, as it does elsewhere.
    const qsizetype at = authority.lastIndexOf(u'@');
    if (at >= 0) {
        if (!readLogin(authority.left(at), url, trouble))
            return false;
        authority = authority.mid(at + 1);
    }

    if (url.transport == RedisUrl::Transport::Unix) {
        if (!authority.isEmpty())
            return trouble(RedisUrl::tr("The path of a socket begins with /, as in unix:///run/redis.sock."));
        QString decoded;
        return decode(path, decoded, trouble) && readPath(decoded, url, trouble) && readQuery(query, false, url, trouble);
    }
    if (path.size() > 1 && path.endsWith(u'/'))
        path.chop(1); // "/0/", as some write it.
    if (ofSentinels) {
        QList<RedisPlace> places;
        bool databaseGiven = false;
        if (!readMaster(path, databaseGiven, url, trouble) || !readSentinels(authority, places, trouble))
            return false;
        url.host = places.constFirst().host;
        url.port = places.constFirst().port;
        url.furtherSentinels = places.mid(1);
        url.sentinelTls = url.transport == RedisUrl::Transport::Tls;
        return readQuery(query, databaseGiven, url, trouble);
    }
    const bool databaseGiven = path.size() > 1;
    if (databaseGiven && !readDatabase(path.mid(1), url, trouble))
        return false;
    if (ofCluster) {
        QList<RedisPlace> places;
        if (!readNodes(authority, places, trouble) || !readQuery(query, databaseGiven, url, trouble))
            return false;
        url.host = places.constFirst().host;
        url.port = places.constFirst().port;
        url.furtherNodes = places.mid(1);
        url.isCluster = true;
        return url.database == 0 || trouble(RedisUrl::tr("A cluster has database 0 only."));
    }
    return readHostAndPort(authority, url, trouble) && readQuery(query, databaseGiven, url, trouble);
}

QString hostForUrl(const QString &host)
{
    return host.contains(u':') ? QString(u'[' + host + u']') : host;
}

} // namespace

QString RedisPlace::text() const
{
    return hostForUrl(host) + u':' + QString::number(port);
}

QList<RedisPlace> RedisUrl::sentinels() const
{
    QList<RedisPlace> all;
    if (isSentinel())
        all.append({host, port});
    return all + furtherSentinels;
}

QList<RedisPlace> RedisUrl::seeds() const
{
    return QList<RedisPlace>{{host, port}} + furtherNodes;
}

RedisUrl RedisUrl::sentinelUrl(const RedisPlace &place) const
{
    RedisUrl url;
    url.transport = sentinelTls ? Transport::Tls : Transport::Tcp;
    url.host = place.host;
    url.port = place.port;
    url.user = sentinelUser;
    url.password = sentinelPassword;
    url.passwordFrom = sentinelPasswordFrom;
    url.tlsOptions = tlsOptions;
    url.caFile = caFile;
    url.ssh = ssh;
    return url;
}

RedisUrl RedisUrl::masterUrl(const RedisPlace &place) const
{
    RedisUrl url;
    url.transport = transport;
    url.host = place.host;
    url.port = place.port;
    url.user = user;
    url.password = password;
    url.passwordFrom = passwordFrom;
    url.tlsOptions = tlsOptions;
    url.database = database;
    url.caFile = caFile;
    url.ssh = ssh;
    return url;
}

std::optional<QList<RedisPlace>> RedisUrl::parsePlaces(const QString &text, QString *error)
{
    QList<RedisPlace> places;
    if (!text.trimmed().isEmpty() && !readSentinels(text, places, Trouble{error}))
        return std::nullopt;
    if (error)
        error->clear();
    return places;
}

std::optional<QList<RedisPlace>> RedisUrl::parseNodes(const QString &text, QString *error)
{
    QList<RedisPlace> places;
    if (!text.trimmed().isEmpty() && !readNodes(text, places, Trouble{error}))
        return std::nullopt;
    if (error)
        error->clear();
    return places;
}

std::optional<RedisUrl> RedisUrl::parse(const QString &text, QString *error)
{
    RedisUrl url;
    if (!readUrl(text, url, Trouble{error}))
        return std::nullopt;
    if (error)
        error->clear();
    return url;
}

std::optional<RedisUrl> RedisUrl::fromEnvironment(const QProcessEnvironment &environment, QString *error)
{
    if (error)
        error->clear();

    const QString whole = environment.value(u"REDIS_URL"_s);
    if (!whole.isEmpty()) {
        auto url = parse(whole, error);
        if (!url && error)
            error->prepend(u"REDIS_URL: "_s);
        return url;
    }

    const QString host = environment.value(u"REDIS_HOST"_s).trimmed();
    if (host.isEmpty())
        return std::nullopt;
    RedisUrl url;
    QString why;
    const Trouble trouble{&why};
    if (!readHost(host, url, trouble)) {
        if (error)
            *error = u"REDIS_HOST: "_s + why;
        return std::nullopt;
    }
    const QString port = environment.value(u"REDIS_PORT"_s).trimmed();
    if (!port.isEmpty() && !readPort(port, url, trouble)) {
        if (error)
            *error = u"REDIS_PORT: "_s + why;
        return std::nullopt;
    }
    const QString tls = environment.value(u"REDIS_TLS"_s).trimmed().toLower();
    if (tls == u"1" || tls == u"true" || tls == u"yes" || tls == u"on") {
        url.transport = Transport::Tls;
    } else if (!tls.isEmpty() && tls != u"0" && tls != u"false" && tls != u"no" && tls != u"off") {
        // Guessing "no" here would send a password in the clear.
        if (error)
            *error = u"REDIS_TLS: "_s + tr("It is either 1 or 0 (or true, yes, on, false, no, off).");
        return std::nullopt;
    }
    url.user = environment.value(u"REDIS_USERNAME"_s);
    url.password = environment.value(u"REDIS_PASSWORD"_s);
    return url;
}

QString RedisUrl::display() const
{
    if (transport == Transport::Unix) {
        const QString encoded = QString::fromLatin1(QUrl::toPercentEncoding(path, "/"));
        return database == 0 ? QString(u"unix://"_s + encoded)
                             : QString(u"unix://"_s + encoded + u"?db="_s + QString::number(database));
    }
    const QString way = ssh.isSet() ? QString(u'?' + ssh.query()) : QString();
    if (isSentinel()) {
        QStringList places;
        for (const RedisPlace &place : sentinels())
            places.append(place.text());
        const QString name = QString::fromLatin1(QUrl::toPercentEncoding(master));
        const QString scheme = transport == Transport::Tls ? u"rediss+sentinel://"_s : u"redis+sentinel://"_s;
        return scheme + places.join(u',') + u'/' + name + u'/' + QString::number(database) + way;
    }
    if (isCluster) {
        QStringList places;
        for (const RedisPlace &place : seeds())
            places.append(place.text());
        return (transport == Transport::Tls ? u"rediss+cluster://"_s : u"redis+cluster://"_s) + places.join(u',') + way;
    }
    const QString scheme = transport == Transport::Tls ? u"rediss://"_s : u"redis://"_s;
    return scheme + hostForUrl(host) + u':' + QString::number(port) + u'/' + QString::number(database) + way;
}

QString RedisUrl::shortName() const
{
    if (transport == Transport::Unix)
        return path;
    const QString place = RedisPlace{host, port}.text();
    return isSentinel() ? QString(master + u'@' + place) : place;
}

} // namespace pulsedeck
