// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/worker.h"
#include "models/sources/redisurl.h"

#include <QMetaType>
#include <QString>

#include <optional>

namespace pulsedeck {

/// What an operator sets for one source. The password is held only while the process lives and is never stored.
struct SourceSettings
{
    SourceId id = 0; ///< 0 for one that was not added yet.
    QString name; ///< Shown everywhere; host:port when the operator gave none.
    QString host = QStringLiteral("127.0.0.1");
    int port = 6379;
    QString socketPath; ///< Not empty: a Unix socket, and host, port and TLS do not count.
    QString user;
    QString password;
    int database = 0;
    bool tls = false;
    QString caFile; ///< A PEM file to trust besides the system's, empty for none.
    bool readOnly = false; ///< Never written to, whatever is unlocked.
    bool visible = true; ///< Its workers are shown in the pages.
    bool demo = false; ///< The embedded fleet: not remembered.

    /// The address without user or password: "redis://host:port/0", "unix:///path".
    QString address() const;
    /// "redis 6379" or "redis run.sock": what stands behind the name in narrow places.
    QString shortAddress() const;

    /// The address with its login, for a connection.
    RedisUrl url() const;
    /// Name, read-only and visibility keep their defaults but for a short name from the address.
    static SourceSettings fromUrl(const RedisUrl &url);
    /// From a typed address; see RedisUrl::parse().
    static std::optional<SourceSettings> fromUrl(const QString &text, QString *error);
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::SourceSettings)
