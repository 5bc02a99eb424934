// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include <optional>

namespace pulsedeck {

/// The way to a server by SSH: a host that is logged in to, and hosts on the way to it. All of it becomes arguments of the
/// system's own ssh, so it holds nothing that ssh could take for an option or expand. A value; no secret. Keys, agent, known
/// hosts and names of hosts are those of ssh's own configuration.
struct SshRoute
{
    static constexpr qsizetype longest = 512; ///< Characters of a host with user and port, and of all jump hosts together.
    static constexpr qsizetype mostJumps = 8;

    QString host; ///< "[user@]host[:port]"; an IPv6 address is in brackets. Empty: there is no way by SSH.
    QString jump; ///< The same, several with commas between them; empty for none.

    bool isSet() const { return !host.isEmpty(); }
    /// Nothing, with the reason in \a error, for what cannot be given to ssh. Nothing is quoted in \a error. Both empty is a
    /// route that is not set; a jump host alone is refused.
    static std::optional<SshRoute> parse(const QString &host, const QString &jump, QString *error);
    /// What is wrong with one of the two by itself; empty if nothing is, and for an empty text.
    static QString hostProblem(const QString &host);
    static QString jumpProblem(const QString &jump);

    /// The host without user and port, as texts name it.
    QString hostName() const;
    /// The last arguments of ssh: -p, -J and the host, which stands behind "--".
    QStringList arguments() const;
    /// "ssh=…&jump=…" for an address; empty if it is not set.
    QString query() const;

    bool operator==(const SshRoute &) const = default;

    Q_DECLARE_TR_FUNCTIONS(SshRoute)
};

} // namespace pulsedeck
