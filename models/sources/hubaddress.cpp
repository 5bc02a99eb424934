// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/hubaddress.h"

#include <QRegularExpression>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int plainPort = 80;
constexpr int tlsPort = 443;
constexpr qsizetype longestHubAddress = 2048;

/// Whether a port is given that is none, of which QUrl says only that the whole is no URL.
bool hasWrongPort(const QString &typed)
{
    static const QRegularExpression port(u"^[^/]*//(?:[^/?#]*@)?(?:\\[[^\\]]*\\]|[^/?#:]*):([^/?#]*)"_s);
    const QRegularExpressionMatch match = port.match(typed);
    if (!match.hasMatch())
        return false;
    bool number = false;
    const int value = match.captured(1).toInt(&number);
    return !number || value < 1 || value > 65535;
}

/// Nothing if there is anything else in it, which may be a secret.
std::optional<SshRoute> readWay(const QUrl &url, QString *problem)
{
    SshRoute way;
    const auto items = QUrlQuery(url).queryItems(QUrl::FullyDecoded);
    for (const auto &[key, value] : items) {
        if (key == "ssh"_L1)
            way.host = value;
        else if (key == "jump"_L1)
            way.jump = value;
        else
            return std::nullopt;
    }
    return SshRoute::parse(way.host, way.jump, problem);
}

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
        return wrong(tr("The address is missing."));
    if (typed.size() > longestHubAddress)
        return wrong(tr("The address is longer than %1 characters.").arg(longestHubAddress));
    if (!typed.contains("://"_L1))
        typed.prepend("ws://"_L1);
    if (hasWrongPort(typed) && !typed.contains(u'@'))
        return wrong(tr("The port must be a number from 1 to 65535."));
    const QUrl url(typed, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return wrong(tr("This is not the address of a hub: it has the form ws://host:port or wss://host."));
    const QString scheme = url.scheme().toLower();
    HubAddress address;
    if (scheme == "wss"_L1 || scheme == "https"_L1)
        address.tls = true;
    else if (scheme != "ws"_L1 && scheme != "http"_L1)
        return wrong(tr("The address of a hub begins with ws:// or wss://."));
    if (!url.userInfo().isEmpty())
        return wrong(tr("The address of a hub cannot hold a login; the token has a field of its own."));
    QString problem;
    const std::optional<SshRoute> way = readWay(url, &problem);
    if (!problem.isEmpty())
        return wrong(problem);
    if (url.hasFragment() || !way || (url.hasQuery() && !way->isSet()))
        return wrong(tr("The address of a hub has no part after ? or #; the token has a field of its own."));
    address.ssh = *way;
    address.host = url.host();
    address.port = url.port(address.tls ? tlsPort : plainPort);
    const QString path = url.path(QUrl::PrettyDecoded); // A %2F in it is no slash.
    if (!path.isEmpty() && path != "/"_L1)
        address.path = path;
    if (error)
        error->clear();
    return address;
}

QUrl HubAddress::socketUrl() const
{
    QUrl url;
    url.setScheme(tls ? u"wss"_s : u"ws"_s);
    url.setHost(host);
    url.setPort(port);
    url.setPath(path, QUrl::TolerantMode); // What is percent-encoded in it stays so.
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
    const QString way = ssh.isSet() ? QString(u'?' + ssh.query()) : QString();
    return (tls ? u"wss://"_s : u"ws://"_s) + shortName() + way;
}

QString HubAddress::shortName() const
{
    return (host.contains(u':') ? QString(u'[' + host + u']') : host) + u':' + QString::number(port);
}

} // namespace pulsedeck
