// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubaddress.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int plainPort = 80;
constexpr int tlsPort = 443;

} // namespace

std::optional<HubAddress> HubAddress::parse(const QString &text, QString *error)
{
    const auto wrong = [error](const QString &why) {
        if (error)
            *error = why;
        return std::nullopt;
    };
    QString typed = text.trimmed();
    if (typed.isEmpty())
        return wrong(u"No address is given."_s);
    if (!typed.contains("://"_L1))
        typed.prepend("ws://"_L1);
    const QUrl url(typed, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return wrong(u"This is no address of a hub: it reads ws://host:port or wss://host."_s);
    const QString scheme = url.scheme().toLower();
    HubAddress address;
    if (scheme == "wss"_L1 || scheme == "https"_L1)
        address.tls = true;
    else if (scheme != "ws"_L1 && scheme != "http"_L1)
        return wrong(u"A hub's address begins with ws:// or wss://."_s);
    if (!url.userInfo().isEmpty())
        return wrong(u"A hub takes no login in its address; the token has a field of its own."_s);
    if (url.hasQuery() || url.hasFragment())
        return wrong(u"A hub's address has no part after ? or #; the token has a field of its own."_s);
    address.host = url.host();
    address.port = url.port(address.tls ? tlsPort : plainPort);
    if (address.port < 1)
        return wrong(u"The port is not one from 1 to 65535."_s);
    if (!url.path().isEmpty() && url.path() != "/"_L1)
        address.path = url.path();
    return address;
}

QUrl HubAddress::socketUrl() const
{
    QUrl url;
    url.setScheme(tls ? u"wss"_s : u"ws"_s);
    url.setHost(host);
    url.setPort(port);
    url.setPath(path);
    return url;
}

QUrl HubAddress::healthUrl() const
{
    QUrl url = socketUrl();
    url.setScheme(tls ? u"https"_s : u"http"_s);
    url.setPath(u"/health"_s);
    return url;
}

QString HubAddress::display() const
{
    return (tls ? u"wss://"_s : u"ws://"_s) + shortName();
}

QString HubAddress::shortName() const
{
    return (host.contains(u':') ? QString(u'[' + host + u']') : host) + u':' + QString::number(port);
}

} // namespace pulsedeck
