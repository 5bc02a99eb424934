// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/sshroute.h"

#include <QUrl>

#include <algorithm>
#include <arpa/inet.h>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype longestSshUser = 64;
constexpr qsizetype longestSshHost = 253;

struct SshPlace
{
    QString user;
    QString host; ///< Without brackets.
    QString port; ///< Empty: ssh's own configuration decides.
};

bool isPlain(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
}

/// Letters, digits and some marks, and none of these marks first but the underscore: nothing that a shell, ssh's own expansion of
/// % or its options would take for something else. ssh hands host and user on to ProxyCommand and Match exec, which run in a
/// shell.
bool isSshName(QStringView text, QStringView marks)
{
    return !text.isEmpty() && (isPlain(text.front()) || text.front() == u'_')
           && std::all_of(text.begin(), text.end(), [marks](QChar c) { return isPlain(c) || marks.contains(c); });
}

bool isSshPort(QStringView text)
{
    constexpr qsizetype mostDigits = 5;
    const bool digits = std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    return digits && !text.isEmpty() && text.size() <= mostDigits && text.toInt() >= 1 && text.toInt() <= 65535;
}

/// What is wrong, or empty.
QString readSshPlace(QStringView text, SshPlace &place)
{
    if (const qsizetype at = text.lastIndexOf(u'@'); at >= 0) {
        place.user = text.left(at).toString();
        text = text.mid(at + 1);
        if (place.user.size() > longestSshUser || !isSshName(place.user, u"._-+"))
            return SshRoute::tr("The SSH user begins with a letter or digit and has letters, digits, and . _ - + only.");
    }
    QStringView port;
    bool portGiven = false;
    if (text.startsWith(u'[')) {
        const qsizetype end = text.indexOf(u']');
        in6_addr address;
        const QStringView inside = end < 0 ? QStringView() : text.mid(1, end - 1);
        if (::inet_pton(AF_INET6, inside.toLatin1().constData(), &address) != 1)
            return SshRoute::tr("Only an IPv6 address can stand between [ and ].");
        const QStringView rest = text.mid(end + 1);
        if (!rest.isEmpty() && !rest.startsWith(u':'))
            return SshRoute::tr("After the ] only a colon and a port can follow.");
        place.host = inside.toString();
        portGiven = !rest.isEmpty();
        port = rest.mid(1);
    } else {
        const qsizetype colon = text.indexOf(u':');
        if (colon >= 0 && text.indexOf(u':', colon + 1) >= 0)
            return SshRoute::tr("There is more than one colon: an IPv6 address is written in brackets, as in [::1]:22.");
        place.host = (colon < 0 ? text : text.left(colon)).toString();
        portGiven = colon >= 0;
        port = colon < 0 ? QStringView() : text.mid(colon + 1);
        if (place.host.isEmpty())
            return SshRoute::tr("The SSH host is missing.");
        if (place.host.size() > longestSshHost || !isSshName(place.host, u"._-"))
            return SshRoute::tr("The SSH host begins with a letter or digit and has letters, digits, and . _ - only.");
    }
    if (portGiven && !isSshPort(port))
        return SshRoute::tr("The port must be a number from 1 to 65535.");
    place.port = port.toString();
    return {};
}

QString tooLong()
{
    return SshRoute::tr("It is longer than %1 characters.").arg(SshRoute::longest);
}

} // namespace

QString SshRoute::hostProblem(const QString &host)
{
    SshPlace place;
    return host.isEmpty() ? QString() : host.size() > longest ? tooLong() : readSshPlace(host, place);
}

QString SshRoute::jumpProblem(const QString &jump)
{
    if (jump.isEmpty())
        return {};
    if (jump.size() > longest)
        return tooLong();
    const auto items = QStringView(jump).split(u',');
    if (items.size() > mostJumps)
        return tr("More than %1 jump hosts are given.").arg(mostJumps);
    // ssh takes this word for "no jump host".
    if (jump.compare("none"_L1, Qt::CaseInsensitive) == 0)
        return tr("A jump host cannot be called “none”: leave it empty.");
    for (const QStringView item : items) {
        SshPlace place;
        if (const QString problem = readSshPlace(item, place); !problem.isEmpty())
            return problem;
    }
    return {};
}

std::optional<SshRoute> SshRoute::parse(const QString &host, const QString &jump, QString *error)
{
    QString problem = hostProblem(host);
    if (problem.isEmpty())
        problem = jumpProblem(jump);
    if (problem.isEmpty() && host.isEmpty() && !jump.isEmpty())
        problem = tr("A jump host leads to an SSH host, which is missing.");
    if (error)
        *error = problem;
    return problem.isEmpty() ? std::optional(SshRoute{host, jump}) : std::nullopt;
}

QString SshRoute::hostName() const
{
    SshPlace place;
    readSshPlace(host, place);
    return place.host;
}

QStringList SshRoute::arguments() const
{
    SshPlace place;
    readSshPlace(host, place);
    QStringList list;
    if (!place.port.isEmpty())
        list << u"-p"_s << place.port;
    if (!place.user.isEmpty())
        list << u"-l"_s << place.user;
    if (!jump.isEmpty())
        list << u"-J"_s << jump;
    return list << u"--"_s << place.host;
}

QString SshRoute::query() const
{
    if (!isSet())
        return {};
    const auto encoded = [](const QString &text) { return QString::fromLatin1(QUrl::toPercentEncoding(text, ":,")); };
    const QString way = u"ssh="_s + encoded(host);
    return jump.isEmpty() ? way : QString(way + u"&jump="_s + encoded(jump));
}

} // namespace pulsedeck
