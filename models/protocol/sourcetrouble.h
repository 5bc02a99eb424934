// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/servercertificate.h"

#include <QString>
#include <QStringList>
#include <QtGlobal>

namespace pulsedeck {

/// What is wrong with a source: what code compares. The words next to it are for people only.
enum class SourceTrouble : quint8 {
    None,
    // There is no connection, or it ended.
    Unreachable, ///< No such host or socket, no process listens, no route.
    Timeout, ///< Connecting, or an answer, took longer than its limit.
    Tls, ///< The certificate or the handshake.
    ClientCertificate, ///< The server demands a certificate of its clients.
    Closed, ///< The server, or something on the way, ended the connection.
    InternalError, ///< The server ended the connection after an error of its own.
    HeartbeatLost, ///< A heartbeat was not acknowledged within its limit.
    TooLarge, ///< A message or a reply larger than its bound.
    Protocol, ///< What answers does not speak the protocol that is expected.
    VersionMismatch, ///< It speaks another version of it.
    // It does not let this console in.
    LoginWanted, ///< A password or token is required, and none is available.
    LoginRefused, ///< The password or the token is wrong or has expired.
    NoDatabase, ///< The database does not exist, or this account may not select it.
    Refused, ///< Refused for any other reason (protected mode, too many clients).
    Loading, ///< The server reads its data.
    OtherKind, ///< Not one Redis with all of its keys: a Sentinel, or one node of a cluster.
    Duplicate, ///< Another connection has taken this console's address.
    IdentityRegistered, ///< The owner of this console's token has registered, which ended its sessions.
    // It is connected, but its answers are incomplete.
    Silent, ///< Requests wait. The state is Stalled.
    MasterLost, ///< A replica whose link to its master is down: nothing new reaches it. The state is Stalled.
    MasterSilent, ///< A replica that has heard nothing from its master for longer than usual. The state is Stalled.
    Restarted, ///< It was restarted, or another server has taken its place, and it has lost keys or registrations.
    Emptied, ///< Its keys were deleted.
    Forgotten, ///< It has lost its sessions and registrations without a restart.
    Unlisted, ///< Its last list could not be read whole.
    Incomplete, ///< Parts of the view are refused or too large, see SourceStatus::gaps.
};

/// The operator has to change the login.
constexpr bool isLoginTrouble(SourceTrouble trouble)
{
    return trouble == SourceTrouble::LoginWanted || trouble == SourceTrouble::LoginRefused;
}

/// Why a connection is not there. A value. Text and hint are for people and never hold a secret.
struct SourceFailure
{
    using Kind = SourceTrouble;
    Kind kind = Kind::None;
    QString text; ///< What went wrong.
    QString hint; ///< What to do about it.
    QStringList addresses = {}; ///< What to connect to instead: the server itself named it.
    ServerCertificate certificate = {}; ///< Refused, and could be trusted by its fingerprint; null otherwise.

    /// Retrying does not help: the operator has to change or decide something.
    bool isFinal() const
    {
        return isLoginTrouble(kind) || kind == Kind::NoDatabase || kind == Kind::ClientCertificate
               || kind == Kind::VersionMismatch || kind == Kind::OtherKind || kind == Kind::Duplicate;
    }
};

} // namespace pulsedeck
