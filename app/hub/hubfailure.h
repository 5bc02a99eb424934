// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubmessage.h"
#include "models/sources/hubaddress.h"

#include <QAbstractSocket>
#include <QSslError>

namespace pulsedeck {

/// Why a connection to a hub failed or ended, in words with a hint. None of it holds a token.
struct HubFailure
{
    enum class Kind : quint8 {
        None,
        Unreachable, ///< Nobody listens, no route, no such host.
        Timeout, ///< No connection, or no answer to hub:connect, within the limit.
        Tls,
        NotAHub, ///< The server answered, but not with a WebSocket.
        VersionMismatch,
        Unauthorized, ///< The token is missing, wrong or expired.
        Refused, ///< Any other error as answer to hub:connect.
        Forgotten, ///< 1011 "Unknown session": the hub has lost its whole memory, everybody's registrations included.
        InternalError, ///< Any other 1011.
        TooLarge, ///< 1009.
        Duplicate, ///< Another connection registered our address. Not fought.
        IdentityRegistered, ///< The actor whose token this is registered, while nothing of ours was: nobody is in the way.
        HeartbeatLost, ///< A heartbeat was not acknowledged within the limit.
        Closed, ///< The hub, or something on the way, ended the connection.
    };
    Kind kind = Kind::None;
    QString text;
    QString hint;

    /// Retrying cannot mend it: the operator has to change something, or to decide.
    bool isFinal() const { return kind == Kind::VersionMismatch || kind == Kind::Unauthorized || kind == Kind::Duplicate; }
};

HubFailure hubSocketFailure(QAbstractSocket::SocketError error, const QString &system, const HubAddress &address);
HubFailure hubCertificateFailure(const QList<QSslError> &errors, const HubAddress &address);
HubFailure hubTimeoutFailure(bool connected, int limitMs, const HubAddress &address);
/// The answer to hub:connect was an error.
HubFailure hubRefusal(const hub::Error &error, const HubAddress &address);
/// The connection ended with a close code.
HubFailure hubCloseFailure(int code, const QString &reason, const HubAddress &address);
HubFailure hubDuplicateFailure(const HubAddress &address);
/// The hub ended a session that had registered nothing, since somebody registered \a identity, by which it knew it.
HubFailure hubIdentityFailure(const QString &identity, const HubAddress &address);
HubFailure hubHeartbeatFailure(int limitMs, const HubAddress &address);

} // namespace pulsedeck
