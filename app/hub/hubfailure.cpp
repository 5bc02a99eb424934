// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubfailure.h"

#include "app/hub/hubtext.h"
#include "app/sources/certificates.h"
#include "app/sources/connectfailure.h"
#include "models/core/format.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QSslCertificate>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int closeNormal = 1000;
constexpr int closeTooLarge = 1009;
constexpr int closeInternal = 1011;

class HubFailureTexts
{
    Q_DECLARE_TR_FUNCTIONS(HubFailureTexts)
};

/// The status the server gave instead of an upgrade, or 0. Qt reports it in its text only.
int httpStatus(const QString &system)
{
    static const QRegularExpression status(u"(?:code|status)[^0-9]{0,12}([1-5][0-9]{2})\\b"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    return status.match(system).captured(1).toInt();
}

ConnectPlace placeOf(const HubAddress &address)
{
    return {address.shortName(),
            address.host,
            !address.caFile.isEmpty(),
            HubFailureTexts::tr("Check the port, and whether the hub is running."),
            HubFailureTexts::tr("If this hub does not use TLS, use ws:// instead of wss://."),
            HubFailureTexts::tr("If it is signed by an authority of your own, set its CA file for this hub.")};
}

} // namespace

SourceFailure hubSocketFailure(QAbstractSocket::SocketError error, const QString &system, const HubAddress &address)
{
    const QString where = address.shortName();
    if (address.tls && demandsClientCertificate(system)) {
        return {SourceTrouble::ClientCertificate,
                address.tlsOptions.certFile.isEmpty()
                    ? HubFailureTexts::tr("%1 demands a certificate of its clients, and none is set.").arg(where)
                    : HubFailureTexts::tr("%1 does not take the client's certificate that it was shown.").arg(where),
                HubFailureTexts::tr("Set a certificate and its key that this hub accepts.")};
    }
    switch (error) {
    case QAbstractSocket::HostNotFoundError:
    case QAbstractSocket::RemoteHostClosedError:
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
    case QAbstractSocket::SocketTimeoutError:
        break;
    default: // A refused upgrade comes with the error of a refused connection.
        if (const int status = httpStatus(system); status > 0) {
            return {SourceTrouble::Protocol,
                    HubFailureTexts::tr("%1 answered with HTTP %2 instead of a WebSocket.").arg(where, QString::number(status)),
                    HubFailureTexts::tr("Check the port and the path: a hub answers at /ws.")};
        }
        if (system.contains("handshake"_L1, Qt::CaseInsensitive) || system.contains("header"_L1, Qt::CaseInsensitive)
            || system.contains("WebSocket"_L1)) {
            return {SourceTrouble::Protocol, HubFailureTexts::tr("%1 did not answer as a WebSocket server does.").arg(where),
                    HubFailureTexts::tr("Check the port; if the hub expects TLS, use wss://.")};
        }
    }
    return connectFailure(error, hubShownText(system, 120), placeOf(address));
}

SourceFailure hubCertificateFailure(const QList<QSslError> &errors, const HubAddress &address)
{
    const QSslCertificate shown = errors.isEmpty() ? QSslCertificate() : errors.first().certificate();
    if (!errors.isEmpty() && !isPinKept(shown, address.tlsOptions))
        return hubOtherCertificateFailure(shown, address);
    return certificateFailure(errors, describeCertificate(shown), certificateNames(shown), placeOf(address));
}

SourceFailure hubOtherCertificateFailure(const QSslCertificate &shown, const HubAddress &address)
{
    return otherCertificateFailure(describeCertificate(shown), address.tlsOptions, placeOf(address));
}

SourceFailure hubCaFileFailure(const QString &problem, const HubAddress &address)
{
    SourceFailure failure = tlsFailure(problem, placeOf(address));
    failure.hint = HubFailureTexts::tr("Check the file and its name.");
    return failure;
}

SourceFailure hubTimeoutFailure(bool connected, int limitMs, const HubAddress &address)
{
    const ConnectPlace place = placeOf(address);
    return connected ? unansweredFailure(limitMs, HubFailureTexts::tr("It may not be a hub, or it is overloaded."), place)
                     : unreachedFailure(limitMs, place);
}

SourceFailure hubRefusal(const hub::Error &error, const HubAddress &address)
{
    using Code = hub::Error::Code;
    const QString where = address.shortName();
    switch (error.code) {
    case Code::VersionMismatch:
        return {SourceTrouble::VersionMismatch,
                HubFailureTexts::tr("%1 speaks another version of the protocol: %2").arg(where, error.message),
                HubFailureTexts::tr("This console speaks 0.1.0.")};
    case Code::Unauthorized:
    case Code::InvalidToken:
        if (error.message.contains("no authToken"_L1))
            return {SourceTrouble::LoginWanted, HubFailureTexts::tr("%1 asks for a token.").arg(where),
                    HubFailureTexts::tr("Set the token of this hub.")};
        if (error.message.contains("expired"_L1))
            return {SourceTrouble::LoginRefused, HubFailureTexts::tr("The token for %1 has expired.").arg(where),
                    HubFailureTexts::tr("Get a new one and set it.")};
        if (error.message.contains("signature"_L1))
            return {SourceTrouble::LoginRefused, HubFailureTexts::tr("%1 did not sign this token.").arg(where),
                    HubFailureTexts::tr("It may be the token of another hub: check it.")};
        return {SourceTrouble::LoginRefused, HubFailureTexts::tr("%1 refused the token: %2").arg(where, error.message),
                HubFailureTexts::tr("Check the token of this hub.")};
    default:
        return {SourceTrouble::Refused, HubFailureTexts::tr("%1 refused the connection: %2").arg(where, error.message), {}};
    }
}

SourceFailure hubCloseFailure(int code, const QString &reason, const HubAddress &address)
{
    const QString where = address.shortName();
    if (code == closeInternal && reason.startsWith("Unknown session"_L1)) {
        return {SourceTrouble::Forgotten, HubFailureTexts::tr("%1 has forgotten all its sessions and registrations.").arg(where),
                HubFailureTexts::tr(
                    "A hub forgets everything after ten seconds without a message. Its actors are not lost: they have to "
                    "register again.")};
    }
    if (code == closeInternal)
        return {
            SourceTrouble::InternalError, HubFailureTexts::tr("%1 ended the connection after an internal error.").arg(where), {}};
    if (code == closeTooLarge)
        return {SourceTrouble::TooLarge,
                HubFailureTexts::tr("%1 ended the connection: a message was larger than it accepts.").arg(where),
                {}};
    if (code == closeNormal && reason.startsWith("Duplicate connection"_L1))
        return hubDuplicateFailure(address);
    if (reason.isEmpty())
        return {SourceTrouble::Closed, HubFailureTexts::tr("%1 ended the connection.").arg(where), {}};
    return {SourceTrouble::Closed, HubFailureTexts::tr("%1 ended the connection: %2").arg(where, hubShownText(reason, 120)), {}};
}

SourceFailure hubDuplicateFailure(const HubAddress &address)
{
    return {SourceTrouble::Duplicate,
            HubFailureTexts::tr("Another connection to %1 has taken this console's address.").arg(address.shortName()),
            HubFailureTexts::tr("Connecting again would end the other one: do so only if that is what you want.")};
}

SourceFailure hubIdentityFailure(const QString &identity, const HubAddress &address)
{
    const QString where = address.shortName();
    return {SourceTrouble::IdentityRegistered,
            identity.isEmpty()
                ? HubFailureTexts::tr(
                      "The actor of this session's token has registered at %1, which ends every session of its token.")
                      .arg(where)
                : HubFailureTexts::tr("%1 has registered at %2, which ends every session of its token.")
                      .arg(hubShownText(identity, 120), where),
            HubFailureTexts::tr("This console had registered nothing: connecting again ends no other session.")};
}

SourceFailure hubHeartbeatFailure(int limitMs, const HubAddress &address)
{
    return {SourceTrouble::HeartbeatLost,
            HubFailureTexts::tr("%1 did not acknowledge a heartbeat within %2.").arg(address.shortName(), exactText(limitMs)),
            HubFailureTexts::tr("The network or the hub may be down.")};
}

} // namespace pulsedeck
