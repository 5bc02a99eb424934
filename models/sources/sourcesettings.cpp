// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/sourcesettings.h"

#include <QFileInfo>
#include <QUrl>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int longestUrl = 4096;
constexpr int highestDatabase = 1'000'000;

std::optional<SourceSettings> fail(QString *error, const QString &text)
{
    if (error)
        *error = text;
    return std::nullopt;
}

std::optional<int> databaseNumber(const QString &text)
{
    bool ok = false;
    const int number = text.toInt(&ok);
    if (!ok || number < 0 || number > highestDatabase)
        return std::nullopt;
    return number;
}

QString decoded(QStringView text)
{
    return QUrl::fromPercentEncoding(text.toUtf8());
}

/// host, host:port, [v6] or [v6]:port; false with a reason if it is none.
bool readHostAndPort(const QString &text, SourceSettings &settings, QString *reason)
{
    QString host = text;
    QString port;
    if (text.startsWith(u'[')) {
        const qsizetype end = text.indexOf(u']');
        if (end < 0) {
            *reason = u"the bracket of the IPv6 address is not closed"_s;
            return false;
        }
        host = text.mid(1, end - 1);
        const QString rest = text.mid(end + 1);
        if (!rest.isEmpty() && !rest.startsWith(u':')) {
            *reason = u"only a port can follow the IPv6 address"_s;
            return false;
        }
        port = rest.mid(1);
        if (rest == ":"_L1)
            port = u":"_s;
    } else if (const qsizetype colon = text.indexOf(u':'); colon >= 0) {
        host = text.left(colon);
        port = text.mid(colon + 1);
        if (port.isEmpty())
            port = u":"_s;
    }
    static const QString forbidden = u" \t/?#@\\\"<>"_s;
    for (const QChar c : std::as_const(host)) {
        if (forbidden.contains(c) || !c.isPrint()) {
            *reason = u"the host name has a character no host name has"_s;
            return false;
        }
    }
    if (!port.isEmpty()) {
        bool ok = false;
        const int number = port.toInt(&ok);
        if (!ok || number < 1 || number > 65535) {
            *reason = u"the port is a number from 1 to 65535"_s;
            return false;
        }
        settings.port = number;
    }
    settings.host = host.isEmpty() ? u"127.0.0.1"_s : host;
    return true;
}

} // namespace

QString SourceSettings::address() const
{
    if (!socketPath.isEmpty())
        return u"unix://"_s + socketPath + (database != 0 ? u"?db="_s + QString::number(database) : QString());
    const QString shownHost = host.contains(u':') ? QString(u'[' + host + u']') : host;
    QString text = (tls ? u"rediss://"_s : u"redis://"_s) + shownHost + u':' + QString::number(port);
    if (database != 0)
        text += u'/' + QString::number(database);
    return text;
}

QString SourceSettings::shortAddress() const
{
    if (!socketPath.isEmpty())
        return u"redis "_s + QFileInfo(socketPath).fileName();
    return u"redis "_s + QString::number(port);
}

std::optional<SourceSettings> SourceSettings::fromUrl(const QString &text, QString *error)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return fail(error, u"An address is needed, such as redis://127.0.0.1:6379"_s);
    if (trimmed.size() > longestUrl)
        return fail(error, u"The address is longer than any address is"_s);

    SourceSettings settings;
    QString rest;
    bool isUnix = false;
    if (const qsizetype scheme = trimmed.indexOf("://"_L1); scheme >= 0) {
        const QString name = trimmed.left(scheme).toLower();
        rest = trimmed.mid(scheme + 3);
        if (name == "rediss"_L1)
            settings.tls = true;
        else if (name == "unix"_L1 || name == "redis+unix"_L1 || name == "redis+socket"_L1)
            isUnix = true;
        else if (name != "redis"_L1)
            return fail(error, u"An address begins with redis://, rediss:// or unix://"_s);
    } else {
        rest = trimmed;
        isUnix = rest.startsWith(u'/');
    }

    // Query and fragment first: a password has to be percent-encoded to hold a '?', a path cannot hold one here.
    QString query;
    const qsizetype at = rest.lastIndexOf(u'@');
    if (const qsizetype mark = rest.indexOf(u'?', qMax<qsizetype>(0, at)); mark >= 0) {
        query = rest.mid(mark + 1);
        rest = rest.left(mark);
    }
    if (const qsizetype login = rest.lastIndexOf(u'@'); login >= 0) {
        const QString credentials = rest.left(login);
        rest = rest.mid(login + 1);
        const qsizetype colon = credentials.indexOf(u':');
        settings.user = decoded(colon < 0 ? credentials : credentials.left(colon));
        if (colon >= 0)
            settings.password = decoded(credentials.mid(colon + 1));
    }

    if (isUnix) {
        settings.socketPath = decoded(rest);
        if (!settings.socketPath.startsWith(u'/'))
            return fail(error, u"The path of a socket begins with /, as in unix:///run/redis.sock"_s);
    } else {
        const qsizetype slash = rest.indexOf(u'/');
        const QString path = slash < 0 ? QString() : rest.mid(slash + 1);
        QString reason;
        if (!readHostAndPort(slash < 0 ? rest : rest.left(slash), settings, &reason))
            return fail(error, u"This is no address: "_s + reason);
        if (!path.isEmpty()) {
            const std::optional<int> number = databaseNumber(path);
            if (!number)
                return fail(error, u"After the slash stands the number of the database"_s);
            settings.database = *number;
        }
    }

    const QUrlQuery items(query);
    for (const auto &[key, value] : items.queryItems(QUrl::FullyDecoded)) {
        if (key == "db"_L1) {
            const std::optional<int> number = databaseNumber(value);
            if (!number)
                return fail(error, u"db= wants the number of a database"_s);
            settings.database = *number;
        } else if (key == "cacert"_L1 && settings.tls) {
            settings.caFile = value;
        } else {
            return fail(error, u"The address has an option that is not known; db and, for rediss, cacert are"_s);
        }
    }
    return settings;
}

} // namespace pulsedeck
