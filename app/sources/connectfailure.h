// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcetrouble.h"

#include <QAbstractSocket>
#include <QSslError>
#include <QStringList>

namespace pulsedeck {

/// The server of a connection, as the texts about its failures need it. Holds no user name, password or token.
struct ConnectPlace
{
    QString where; ///< "host:port".
    QString host;
    bool ownAuthority = false; ///< A CA file is set.
    QString listenHint; ///< What to check where nothing listens.
    QString tlsHint; ///< What to change where TLS fails.
    QString authorityHint; ///< How to set a CA file.
};

// Why a connection could not be made, whatever its protocol. Pure.

/// \a system is the error's own text; empty for none.
SourceFailure connectFailure(QAbstractSocket::SocketError error, const QString &system, const ConnectPlace &place);
/// \a names are those of the certificate.
SourceFailure certificateFailure(const QList<QSslError> &errors, const QStringList &names, const ConnectPlace &place);
SourceFailure tlsFailure(const QString &system, const ConnectPlace &place);
/// No connection within \a limitMs.
SourceFailure unreachedFailure(int limitMs, const ConnectPlace &place);
/// A connection, and no answer within \a limitMs.
SourceFailure unansweredFailure(int limitMs, const QString &hint, const ConnectPlace &place);

} // namespace pulsedeck
