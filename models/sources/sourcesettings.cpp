// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/sourcesettings.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString SourceSettings::address() const
{
    return url().display();
}

QString SourceSettings::shortAddress() const
{
    if (!socketPath.isEmpty())
        return u"redis "_s + QFileInfo(socketPath).fileName();
    return u"redis "_s + QString::number(port);
}

std::optional<SourceSettings> SourceSettings::fromUrl(const QString &text, QString *error)
{
    const std::optional<RedisUrl> url = RedisUrl::parse(text, error);
    if (!url)
        return std::nullopt;
    return fromUrl(*url);
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
