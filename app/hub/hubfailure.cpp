// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubfailure.h"

#include "app/hub/hubtext.h"
#include "models/core/format.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int closeNormal = 1000;
constexpr int closeTooLarge = 1009;
constexpr int closeInternal = 1011;

/// The status the server gave instead of an upgrade, or 0. Qt tells it in its text only.
int httpStatus(const QString &system)
{
    static const QRegularExpression status(u"(?:code|status)[^0-9]{0,12}([1-5][0-9]{2})\\b"_s,
                                           QRegularExpression::CaseInsensitiveOption);
    return status.match(system).captured(1).toInt();
}

} // namespace

SourceFailure hubSocketFailure(QAbstractSocket::SocketError error, const QString &system, const HubAddress &address)
{
    const QString where = address.shortName();
    switch (error) {
    case QAbstractSocket::HostNotFoundError:
        return {SourceTrouble::Unreachable, u"The host “"_s + address.host + u"” was not found."_s,
                u"Check the name, or use its address."_s};
    case QAbstractSocket::RemoteHostClosedError:
        return {SourceTrouble::Closed, where + u" ended the connection."_s, u"The hub may be restarting."_s};
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        return {SourceTrouble::Tls, u"The encrypted connection to "_s + where + u" failed."_s,
                u"If this hub does not use TLS, use ws:// instead of wss://."_s};
    case QAbstractSocket::SocketTimeoutError:
        return {SourceTrouble::Timeout, where + u" does not answer."_s, u"Check address, port and firewall."_s};
    default:
        break;
    }
    if (const int status = httpStatus(system); status > 0) {
        return {SourceTrouble::Protocol,
                where + u" answered with HTTP "_s + QString::number(status) + u" instead of a WebSocket."_s,
                u"Check the port and the path: a hub answers at /ws."_s};
    }
    if (system.contains("handshake"_L1, Qt::CaseInsensitive) || system.contains("header"_L1, Qt::CaseInsensitive)
        || system.contains("WebSocket"_L1)) {
        return {SourceTrouble::Protocol, where + u" did not answer as a WebSocket server does."_s,
                u"Check the port; if the hub expects TLS, use wss://."_s};
    }
    if (error == QAbstractSocket::ConnectionRefusedError)
        return {SourceTrouble::Unreachable, u"Nothing listens at "_s + where + u'.',
                u"Check the port, and whether the hub runs."_s};
    if (system.isEmpty())
        return {SourceTrouble::Unreachable, where + u" cannot be reached."_s, u"Check address, port and firewall."_s};
    return {SourceTrouble::Unreachable, where + u" cannot be reached: "_s + hubShownText(system, 120) + u'.', QString()};
}

SourceFailure hubCertificateFailure(const QList<QSslError> &errors, const HubAddress &address)
{
    QStringList why;
    for (const QSslError &error : errors) {
        const QString text = hubShownText(error.errorString(), 120);
        if (!why.contains(text) && why.size() < 3)
            why.append(text);
    }
    return {SourceTrouble::Tls,
            u"The certificate of "_s + address.shortName() + u" is not trusted: "_s + why.join(u"; "_s) + u'.',
            u"If it is signed by an authority of your own, set its file for this hub."_s};
}

SourceFailure hubTimeoutFailure(bool connected, int limitMs, const HubAddress &address)
{
    if (connected) {
        return {SourceTrouble::Timeout,
                address.shortName() + u" took the connection but did not answer within "_s + exactText(limitMs) + u'.',
                u"It may be no hub, or an overloaded one."_s};
    }
    return {SourceTrouble::Timeout, address.shortName() + u" did not answer within "_s + exactText(limitMs) + u'.',
            u"Check address, port and firewall."_s};
}

SourceFailure hubRefusal(const hub::Error &error, const HubAddress &address)
{
    using Code = hub::Error::Code;
    const QString where = address.shortName();
    switch (error.code) {
    case Code::VersionMismatch:
        return {SourceTrouble::VersionMismatch, where + u" speaks another version of the protocol: "_s + error.message,
                u"This console speaks 0.1.0."_s};
    case Code::Unauthorized:
    case Code::InvalidToken:
        if (error.message.contains("no authToken"_L1))
            return {SourceTrouble::LoginWanted, where + u" asks for a token."_s, u"Set the token of this hub."_s};
        if (error.message.contains("expired"_L1))
            return {SourceTrouble::LoginRefused, u"The token for "_s + where + u" has expired."_s,
                    u"Get a new one and set it."_s};
        if (error.message.contains("signature"_L1))
            return {SourceTrouble::LoginRefused, where + u" did not sign this token."_s,
                    u"It may be another hub's: check the token."_s};
        return {SourceTrouble::LoginRefused, where + u" refused the token: "_s + error.message,
                u"Check the token of this hub."_s};
    default:
        return {SourceTrouble::Refused, where + u" refused the connection: "_s + error.message, QString()};
    }
}

SourceFailure hubCloseFailure(int code, const QString &reason, const HubAddress &address)
{
    const QString where = address.shortName();
    if (code == closeInternal && reason.startsWith("Unknown session"_L1)) {
        return {
            SourceTrouble::Forgotten, where + u" has forgotten all its sessions and registrations."_s,
            u"A hub forgets everything after ten seconds without a message. Its actors are not lost: they have to register again."_s};
    }
    if (code == closeInternal)
        return {SourceTrouble::InternalError, where + u" ended the connection after an error of its own."_s, QString()};
    if (code == closeTooLarge)
        return {SourceTrouble::TooLarge, where + u" ended the connection: a message was too large for it."_s, QString()};
    if (code == closeNormal && reason.startsWith("Duplicate connection"_L1))
        return hubDuplicateFailure(address);
    if (reason.isEmpty())
        return {SourceTrouble::Closed, where + u" ended the connection."_s, QString()};
    return {SourceTrouble::Closed, where + u" ended the connection: "_s + hubShownText(reason, 120), QString()};
}

SourceFailure hubDuplicateFailure(const HubAddress &address)
{
    return {SourceTrouble::Duplicate, u"Another connection to "_s + address.shortName() + u" has taken this console's address."_s,
            u"Connecting again would end the other one: do so only if that is meant."_s};
}

SourceFailure hubIdentityFailure(const QString &identity, const HubAddress &address)
{
    const QString whose = identity.isEmpty() ? u"The actor of this session's token"_s : hubShownText(identity, 120);
    return {SourceTrouble::IdentityRegistered,
            whose + u" has registered at "_s + address.shortName() + u", which ends every session of its token."_s,
            u"This console had registered nothing: connecting again ends nobody."_s};
}

SourceFailure hubHeartbeatFailure(int limitMs, const HubAddress &address)
{
    return {SourceTrouble::HeartbeatLost,
            address.shortName() + u" did not acknowledge a heartbeat within "_s + exactText(limitMs) + u'.',
            u"The network or the hub may be down."_s};
}

} // namespace pulsedeck
