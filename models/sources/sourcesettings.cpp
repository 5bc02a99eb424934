// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/sourcesettings.h"

#include "models/sources/redisprotocol.h"

#include <QFileInfo>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString passwordKeyOf(const SourceSettings &settings, const QString &address)
{
    return settings.kind->name() + u' ' + (settings.user.isEmpty() ? QString() : QString(settings.user + u'@')) + address;
}

} // namespace

QString SourceSettings::address() const
{
    return kind->address(*this);
}

QString SourceSettings::addressWith(const QString &behind) const
{
    QString whole = address();
    const qsizetype question = whole.indexOf(u'?'); // Before the way by SSH, or the database of a socket.
    return whole.insert(question < 0 ? whole.size() : question, behind);
}

void SourceSettings::takeEnvironment(const QProcessEnvironment &variables)
{
    if (has(SourceField::Token) && !variables.value(tokenVariable).isEmpty())
        tokenFrom = TokenFrom::Environment;
}

std::optional<SourceKind> SourceSettings::kindOf(const QString &address)
{
    const qsizetype end = address.indexOf("://"_L1);
    const QString scheme = address.left(qMax<qsizetype>(0, end)).trimmed();
    for (const SourceKind kind : SourceKind::all()) {
        if (kind->traits()->schemes.contains(scheme, Qt::CaseInsensitive))
            return kind;
    }
    return std::nullopt;
}

SourceSettings SourceSettings::ofKind(SourceKind kind)
{
    SourceSettings settings;
    settings.kind = kind;
    settings.port = kind->traits()->usualPort;
    return settings;
}

QString SourceSettings::unusualPath() const
{
    return has(SourceField::Path) && path != SourceSettings().path ? path : QString();
}

QString SourceSettings::usualName() const
{
    if (!socketPath.isEmpty())
        return socketPath;
    if (!has(SourceField::Host))
        return address().section("://"_L1, 1);
    if (!own.value(masterSetting).isEmpty())
        return url().shortName();
    return (host.contains(u':') ? QString(u'[' + host + u']') : host) + u':' + QString::number(port);
}

QString SourceSettings::shortAddress() const
{
    const QString where = !socketPath.isEmpty()    ? QFileInfo(socketPath).fileName()
                          : has(SourceField::Host) ? QString::number(port)
                                                   : QFileInfo(usualName()).fileName();
    return kind->name() + u' ' + where;
}

std::optional<SourceSettings> SourceSettings::fromUrl(const QString &text, QString *error, SourceKind kind)
{
    static const QRegularExpression anyScheme(u"^\\s*[^\\s/@]*://"_s);
    const std::optional<SourceKind> named = kindOf(text);
    if (!named && anyScheme.match(text).hasMatch()) {
        if (error) {
            QStringList schemes;
            for (const SourceKind each : SourceKind::all()) {
                for (const QString &scheme : each->traits()->schemes)
                    schemes.append(scheme + "://"_L1);
            }
            *error = tr("The address must begin with one of these: %1.").arg(schemes.join(", "_L1));
        }
        return std::nullopt;
    }
    std::optional<SourceSettings> settings = named.value_or(kind)->read(text, error);
    if (settings)
        settings->kind = named.value_or(kind);
    return settings;
}

std::optional<QList<SourceSettings>> SourceSettings::fromEnvironment(const QProcessEnvironment &variables, QString *error)
{
    QList<SourceSettings> all;
    for (const SourceKind kind : SourceKind::all()) {
        QString problem;
        if (std::optional<SourceSettings> settings = kind->fromEnvironment(variables, &problem)) {
            settings->kind = kind;
            all.append(*settings);
        } else if (!problem.isEmpty()) {
            *error = problem;
            return std::nullopt;
        }
    }
    return all;
}

SourceSettings SourceSettings::fromUrl(const RedisUrl &url)
{
    SourceSettings settings;
    if (url.transport == RedisUrl::Transport::Unix) {
        settings.socketPath = url.path;
    } else {
        settings.host = url.host;
        settings.port = url.port;
        settings.tls = url.transport == RedisUrl::Transport::Tls;
        settings.caFile = url.caFile;
        settings.ssh = url.ssh;
        settings.tlsOptions = url.tlsOptions;
    }
    if (url.isSentinel()) {
        QStringList further;
        for (const RedisPlace &place : url.furtherSentinels)
            further.append(place.text());
        const QString tlsWord = url.sentinelTls == settings.tls ? QString() : url.sentinelTls ? u"yes"_s : u"no"_s;
        for (const auto &[name, value] :
             {std::pair(masterSetting, url.master), std::pair(sentinelsSetting, further.join(u',')),
              std::pair(sentinelUserSetting, url.sentinelUser), std::pair(sentinelPasswordSetting, url.sentinelPassword),
              std::pair(sentinelPasswordFromSetting, url.sentinelPasswordFrom.text()), std::pair(sentinelTlsSetting, tlsWord)}) {
            if (!value.isEmpty())
                settings.own.insert(name, value);
        }
    }
    if (url.isCluster) {
        QStringList nodes;
        for (const RedisPlace &place : url.seeds())
            nodes.append(place.text());
        settings.own.insert(nodesSetting, nodes.join(u','));
    }
    settings.user = url.user;
    settings.password = url.password;
    settings.passwordFrom = url.passwordFrom;
    settings.database = url.database;
    settings.name = url.shortName();
    return settings;
}

bool SourceSettings::sameConnection(const SourceSettings &other) const
{
    SourceSettings same = other;
    same.id = id;
    same.key = key;
    same.name = name;
    same.environment = environment;
    same.readOnly = readOnly;
    same.visible = visible;
    return same == *this;
}

QString SourceSettings::tokenKey() const
{
    return kind->name() + u' ' + address();
}

QString SourceSettings::passwordKey() const
{
    return passwordKeyOf(*this, address());
}

RedisUrl SourceSettings::url() const
{
    RedisUrl url;
    if (!socketPath.isEmpty()) {
        url.transport = RedisUrl::Transport::Unix;
        url.path = socketPath;
    } else {
        url.transport = tls ? RedisUrl::Transport::Tls : RedisUrl::Transport::Tcp;
        url.host = host;
        url.port = port;
        url.caFile = caFile;
        url.ssh = ssh;
        url.tlsOptions = tlsOptions;
        url.master = own.value(masterSetting);
    }
    if (url.isSentinel()) {
        url.furtherSentinels = RedisUrl::parsePlaces(own.value(sentinelsSetting), nullptr).value_or(QList<RedisPlace>());
        url.furtherSentinels.removeAll(RedisPlace{host, port});
        url.sentinelUser = own.value(sentinelUserSetting);
        url.sentinelPassword = own.value(sentinelPasswordSetting);
        url.sentinelPasswordFrom = SecretPlace::parse(own.value(sentinelPasswordFromSetting));
        const QString ownTls = own.value(sentinelTlsSetting);
        url.sentinelTls = ownTls.isEmpty() ? tls : ownTls == "yes"_L1;
    }
    if (const QString nodes = own.value(nodesSetting); socketPath.isEmpty() && !url.isSentinel() && !nodes.isEmpty()) {
        url.isCluster = true;
        url.furtherNodes = RedisUrl::parseNodes(nodes, nullptr).value_or(QList<RedisPlace>());
        url.furtherNodes.removeAll(RedisPlace{host, port});
    }
    url.user = user;
    url.password = password;
    url.passwordFrom = passwordFrom;
    url.database = database;
    // By the protocol's own address, which is made of a URL without it.
    if (passwordFrom.from == SecretPlace::From::Keychain)
        url.passwordFrom.name = passwordKeyOf(*this, url.display());
    return url;
}

} // namespace pulsedeck
