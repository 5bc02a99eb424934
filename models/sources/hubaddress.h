// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sshroute.h"
#include "models/sources/tlsoptions.h"

#include <QCoreApplication>
#include <QString>
#include <QUrl>

#include <optional>

namespace pulsedeck {

/// Where a hub is. A value; holds no secret but the passphrase of a key, since an address with a login, or a query of other
/// things than SSH, is refused.
struct HubAddress
{
    QString host = QStringLiteral("127.0.0.1");
    int port = 8787;
    bool tls = false;
    QString path = QStringLiteral("/ws");
    QString caFile; ///< PEM file trusted in addition to the system's certificates; empty for none.
    SshRoute ssh = {}; ///< The way to it; the name of the host is looked up at its end.
    TlsOptions tlsOptions = {};

    /// Reads ws://host[:port][/path], wss://…, http(s)://… or host[:port], and behind a ? the parameters ssh= and jump=, see
    /// SshRoute. Nothing, with the reason in \a error, for anything else.
    static std::optional<HubAddress> parse(const QString &text, QString *error);

    QUrl socketUrl() const;
    QUrl healthUrl() const;
    /// "wss://host:port", with "?ssh=…" where it is reached by SSH, for every text a person may see.
    QString display() const;
    /// "host:port".
    QString shortName() const;

    bool operator==(const HubAddress &) const = default;

    Q_DECLARE_TR_FUNCTIONS(HubAddress)
};

} // namespace pulsedeck
