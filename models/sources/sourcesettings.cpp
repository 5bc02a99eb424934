// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/sourcesettings.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString SourceSettings::address() const
{
    return isHub() ? hubAddress().display() : url().display();
}

void SourceSettings::takeEnvironment(const QProcessEnvironment &variables)
{
    if (isHub() && !variables.value(tokenVariable).isEmpty())
        tokenFrom = TokenFrom::Environment;
}

std::optional<SourceKind> SourceSettings::kindOf(const QString &address)
{
    const qsizetype end = address.indexOf("://"_L1);
    const QString scheme = address.left(qMax<qsizetype>(0, end)).trimmed();
    const auto found = std::find_if(allSourceKinds.begin(), allSourceKinds.end(), [&scheme](SourceKind kind) {
        return traitsOf(kind)->schemes.contains(scheme, Qt::CaseInsensitive);
    });
    return found == allSourceKinds.end() ? std::nullopt : std::optional(*found);
}

SourceSettings SourceSettings::ofKind(SourceKind kind)
{
    SourceSettings settings = kind == SourceKind::Hub ? fromHub({}) : SourceSettings();
    settings.name.clear();
    return settings;
}

QString SourceSettings::unusualPath() const
{
    return isHub() && path != HubAddress().path ? path : QString();
}

QString SourceSettings::usualName() const
{
    return isHub() ? hubAddress().shortName() : url().shortName();
}

QString SourceSettings::shortAddress() const
{
    if (isHub())
        return u"hub "_s + QString::number(port);
    if (!socketPath.isEmpty())
        return u"redis "_s + QFileInfo(socketPath).fileName();
    return u"redis "_s + QString::number(port);
}

std::optional<SourceSettings> SourceSettings::fromUrl(const QString &text, QString *error)
{
    if (kindOf(text) == SourceKind::Hub) {
        const std::optional<HubAddress> hub = HubAddress::parse(text, error);
        return hub ? std::optional(fromHub(*hub)) : std::nullopt;
    }
    static const QRegularExpression anyScheme(u"^\\s*[^\\s/@]*://"_s);
    static const QRegularExpression redisScheme(u"^\\s*((?:redis|valkey)s?|unix)://"_s,
                                                QRegularExpression::CaseInsensitiveOption);
    if (anyScheme.match(text).hasMatch() && !redisScheme.match(text).hasMatch()) {
        if (error)
            *error =
                u"The address must begin with redis://, rediss://, valkey:// or unix:// for a Redis, with ws:// or wss:// for a Signal Hub."_s;
        return std::nullopt;
    }
    const std::optional<RedisUrl> url = RedisUrl::parse(text, error);
    return url ? std::optional(fromUrl(*url)) : std::nullopt;
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
    }
    settings.user = url.user;
    settings.password = url.password;
    settings.database = url.database;
    settings.name = url.shortName();
    return settings;
}

SourceSettings SourceSettings::fromHub(const HubAddress &hub)
{
    SourceSettings settings;
    settings.kind = SourceKind::Hub;
    settings.host = hub.host;
    settings.port = hub.port;
    settings.tls = hub.tls;
    settings.caFile = hub.caFile;
    settings.path = hub.path;
    settings.name = hub.shortName();
    return settings;
}

HubAddress SourceSettings::hubAddress() const
{
    HubAddress hub;
    hub.host = host;
    hub.port = port;
    hub.tls = tls;
    hub.caFile = caFile;
    hub.path = path;
    return hub;
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
    return u"hub "_s + address();
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
    }
    url.user = user;
    url.password = password;
    url.database = database;
    return url;
}

} // namespace pulsedeck
