// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QString>

namespace pulsedeck {

/// Which server answers, as its INFO server says. A value; what it did not say is empty or -1.
struct ServerIdentity
{
    QString product; ///< "Redis" or "Valkey", which still calls itself redis_version for the sake of old clients.
    QString version;
    QString runId; ///< New with each start of the process; at most 64 characters.
    qint64 uptimeMs = -1;

    static ServerIdentity fromInfo(QByteArrayView info);
    /// "Redis 7.0.15"; empty if it did not say.
    QString name() const;
};

/// Whether an answer to INFO keyspace names a database with keys besides \a database. Channels are common to all databases.
bool hasKeysElsewhere(QByteArrayView info, int database);
/// The value of "key:value" in an answer to INFO; empty if there is none, cut at 64 bytes.
QByteArrayView infoValue(QByteArrayView info, QByteArrayView key);

} // namespace pulsedeck
