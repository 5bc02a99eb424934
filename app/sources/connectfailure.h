// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcetrouble.h"
#include "models/sources/tlsoptions.h"

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
/// The same, naming the certificate \a shown, which an operator may trust where nothing else is wrong with it.
SourceFailure certificateFailure(const QList<QSslError> &errors, const ServerCertificate &shown, const QStringList &names,
                                 const ConnectPlace &place);
/// The server shows another certificate than those that are trusted by their fingerprint.
SourceFailure otherCertificateFailure(const ServerCertificate &shown, const TlsOptions &options, const ConnectPlace &place);
SourceFailure tlsFailure(const QString &system, const ConnectPlace &place);
/// No connection within \a limitMs.
SourceFailure unreachedFailure(int limitMs, const ConnectPlace &place);
/// A connection, and no answer within \a limitMs.
SourceFailure unansweredFailure(int limitMs, const QString &hint, const ConnectPlace &place);
/// Whether the TLS library's words say that the server wants a certificate of this client. With TLS 1.3 they come only after the
/// handshake seemed to be done.
bool demandsClientCertificate(const QString &system);

} // namespace pulsedeck
