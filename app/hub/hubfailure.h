// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubmessage.h"
#include "models/protocol/sourcetrouble.h"
#include "models/sources/hubaddress.h"

#include <QAbstractSocket>
#include <QSslError>

namespace pulsedeck {

/// Why a connection to a hub failed or ended, in words with a hint. None of it holds a token.
SourceFailure hubSocketFailure(QAbstractSocket::SocketError error, const QString &system, const HubAddress &address);
SourceFailure hubCertificateFailure(const QList<QSslError> &errors, const HubAddress &address);
SourceFailure hubOtherCertificateFailure(const QSslCertificate &shown, const HubAddress &address);
/// \a problem is what trustCaFile() returned.
SourceFailure hubCaFileFailure(const QString &problem, const HubAddress &address);
SourceFailure hubTimeoutFailure(bool connected, int limitMs, const HubAddress &address);
/// The answer to hub:connect was an error.
SourceFailure hubRefusal(const hub::Error &error, const HubAddress &address);
/// The connection ended with a close code.
SourceFailure hubCloseFailure(int code, const QString &reason, const HubAddress &address);
SourceFailure hubDuplicateFailure(const HubAddress &address);
/// The hub ended a session that had registered nothing, as another client registered \a identity, by which it knew the session.
SourceFailure hubIdentityFailure(const QString &identity, const HubAddress &address);
SourceFailure hubHeartbeatFailure(int limitMs, const HubAddress &address);

} // namespace pulsedeck
