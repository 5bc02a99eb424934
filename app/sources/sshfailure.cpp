// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/sshfailure.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qsizetype longestSshWords = 200;

class SshTexts
{
    Q_DECLARE_TR_FUNCTIONS(SshTexts)
};

/// The last line that says something, fit to be shown.
QString lastLine(const QString &words)
{
    const QStringList lines = words.split(u'\n', Qt::SkipEmptyParts);
    for (auto line = lines.crbegin(); line != lines.crend(); ++line) {
        const QString shown = visibleLine(*line).simplified();
        if (!shown.isEmpty())
            return shown.size() > longestSshWords ? QString(shown.left(longestSshWords) + u"…"_s) : shown;
    }
    return {};
}

/// The rest of the line behind \a mark, without "." at its end; empty if it is not there.
QString restBehind(const QString &words, QLatin1StringView mark)
{
    const qsizetype from = words.indexOf(mark, 0, Qt::CaseInsensitive);
    if (from < 0)
        return {};
    QString rest = lastLine(words.mid(from + mark.size()).section(u'\n', 0, 0));
    while (rest.endsWith(u'.') || rest.endsWith(u':'))
        rest.chop(1);
    return rest;
}

/// What the SSH host said of the server behind it.
SourceFailure farFailure(const QString &reason, const QString &host, const QString &where)
{
    const auto has = [&reason](QLatin1StringView text) { return reason.contains(text, Qt::CaseInsensitive); };
    if (has("prohibited"_L1) || has("not allowed"_L1))
        return {SourceTrouble::Refused, SshTexts::tr("%1 does not let SSH lead on to %2.").arg(host, where),
                SshTexts::tr("Its sshd_config decides (AllowTcpForwarding, PermitOpen), or the options of the key.")};
    if (has("refused"_L1))
        return {SourceTrouble::Unreachable, SshTexts::tr("Nothing listens at %1, as seen from %2.").arg(where, host),
                SshTexts::tr("Host and port are as the SSH host knows them: there 127.0.0.1 is that host itself.")};
    if (has("name"_L1) || has("nodename"_L1) || has("resolution"_L1))
        return {SourceTrouble::Unreachable, SshTexts::tr("%1 does not know the host of %2.").arg(host, where),
                SshTexts::tr("The name is looked up there: check it, or use its address.")};
    return {SourceTrouble::Unreachable, SshTexts::tr("%1 cannot be reached from %2: %3.").arg(where, host, reason),
            SshTexts::tr("Check the address, and the network of the SSH host.")};
}

} // namespace

SourceFailure sshFailure(const SshEnd &end, const SshRoute &route, const QString &where)
{
    const QString host = route.hostName();
    if (!end.started)
        return {SourceTrouble::Unreachable, SshTexts::tr("The program ssh cannot be started."),
                SshTexts::tr("The way through %1 is made by the system's own ssh: install the OpenSSH client.").arg(host)};
    const QString words = QString::fromUtf8(end.words);
    const auto has = [&words](QLatin1StringView text) { return words.contains(text, Qt::CaseInsensitive); };
    if (const QString reason = restBehind(words, "open failed: "_L1); !reason.isEmpty())
        return farFailure(reason, host, where);
    // While ssh goes on, or ends as it should, the server has ended the connection, and what ssh says is a banner or a warning.
    if (!end.ended || (!end.crashed && end.status == 0))
        return {};
    // In the order in which they explain more: a changed key is also one that was not verified.
    if (has("HOST IDENTIFICATION HAS CHANGED"_L1))
        return {SourceTrouble::Refused, SshTexts::tr("The SSH host key on the way to %1 has changed.").arg(host),
                SshTexts::tr("The host was installed again, or another machine answers in its place. Compare the key first; then "
                             "remove the old one (ssh-keygen -R).")};
    if (has("Host key verification failed"_L1))
        return {SourceTrouble::Refused, SshTexts::tr("The SSH host key on the way to %1 is not known here.").arg(host),
                SshTexts::tr("Log in once with ssh in a terminal, and compare the key before you accept it.")};
    if (has("Permission denied"_L1) || has("Too many authentication failures"_L1))
        return {SourceTrouble::Refused, SshTexts::tr("The SSH login on the way to %1 was refused.").arg(host),
                SshTexts::tr("Pulsedeck asks for no password or passphrase of SSH: the key has to be in the agent (ssh-add) or "
                             "without a passphrase. Check the user.")};
    if (const QString name = restBehind(words, "Could not resolve hostname "_L1); !name.isEmpty())
        return {SourceTrouble::Unreachable, SshTexts::tr("The SSH host “%1” was not found.").arg(name.section(u':', 0, 0)),
                SshTexts::tr("Check the name, or use its address.")};
    if (const QString reason = restBehind(words, "connect to host "_L1); !reason.isEmpty())
        return {SourceTrouble::Unreachable,
                SshTexts::tr("The SSH host %1 cannot be reached: %2.")
                    .arg(reason.section(u' ', 0, 0), reason.section(u':', -1).trimmed()),
                SshTexts::tr("Check host and port, and whether a firewall drops the connection.")};
    if (has("not responding"_L1))
        return {SourceTrouble::Timeout, SshTexts::tr("The SSH connection to %1 does not answer any more.").arg(host),
                SshTexts::tr("The network may be down.")};
    if (has("closed by"_L1) || has("Connection reset by"_L1) || has("Broken pipe"_L1))
        return {SourceTrouble::Closed, SshTexts::tr("%1 ended the SSH connection.").arg(host),
                SshTexts::tr("It may have been restarted, or take no more logins at a time (MaxStartups, MaxSessions).")};
    const QString line = lastLine(words);
    if (!line.isEmpty())
        return {SourceTrouble::Unreachable, SshTexts::tr("ssh to %1 failed: %2").arg(host, line),
                SshTexts::tr("Try it in a terminal: ssh %1").arg(host)};
    return {SourceTrouble::Closed, SshTexts::tr("ssh to %1 ended without a reason.").arg(host),
            SshTexts::tr("Try it in a terminal: ssh %1").arg(host)};
}

SourceFailure sshRouteFailure(const QString &problem)
{
    return {SourceTrouble::Unreachable, SshTexts::tr("The way by SSH cannot be used. %1").arg(problem),
            SshTexts::tr("Correct it in the settings of the source.")};
}

SourceFailure sshTimeoutFailure(int limitMs, const SshRoute &route, const QString &where)
{
    return {SourceTrouble::Timeout,
            SshTexts::tr("%1 did not answer within %2 through %3.").arg(where, exactText(limitMs), route.hostName()),
            SshTexts::tr("The SSH login, the server, or the network between them may be slow or stopped.")};
}

} // namespace pulsedeck
