// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/connectfailure.h"

#include "app/sources/certificates.h"
#include "models/core/format.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class ConnectTexts
{
    Q_DECLARE_TR_FUNCTIONS(ConnectTexts)

public:
    static QString addressHint() { return tr("Check the address, and whether a firewall drops the connection."); }
};

} // namespace

SourceFailure connectFailure(QAbstractSocket::SocketError error, const QString &system, const ConnectPlace &place)
{
    switch (error) {
    case QAbstractSocket::ConnectionRefusedError:
        return {SourceTrouble::Unreachable, ConnectTexts::tr("Nothing listens at %1.").arg(place.where), place.listenHint};
    case QAbstractSocket::HostNotFoundError:
        return {SourceTrouble::Unreachable, ConnectTexts::tr("The host “%1” was not found.").arg(place.host),
                ConnectTexts::tr("Check the name, or use its address.")};
    case QAbstractSocket::SocketTimeoutError:
        return {SourceTrouble::Timeout, ConnectTexts::tr("%1 does not answer.").arg(place.where), ConnectTexts::addressHint()};
    case QAbstractSocket::SocketAccessError:
        return {SourceTrouble::Unreachable, ConnectTexts::tr("Connecting to %1 is not permitted.").arg(place.where),
                ConnectTexts::tr("A firewall or this account's rights forbid it.")};
    case QAbstractSocket::RemoteHostClosedError:
        return {SourceTrouble::Closed, ConnectTexts::tr("%1 ended the connection.").arg(place.where),
                ConnectTexts::tr("It may have been restarted.")};
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        return tlsFailure(system, place);
    default:
        break;
    }
    return {SourceTrouble::Unreachable,
            system.isEmpty() ? ConnectTexts::tr("%1 cannot be reached.").arg(place.where)
                             : ConnectTexts::tr("%1 cannot be reached: %2.").arg(place.where, system),
            ConnectTexts::tr("Check the network.")};
}

SourceFailure certificateFailure(const QList<QSslError> &errors, const QStringList &names, const ConnectPlace &place)
{
    constexpr qsizetype mostReasons = 3;
    if (errors.isEmpty())
        return tlsFailure(ConnectTexts::tr("the certificate was refused"), place);
    QStringList reasons;
    for (const QSslError &error : errors) {
        const QString text = error.errorString();
        if (!text.isEmpty() && !reasons.contains(text) && reasons.size() < mostReasons)
            reasons.append(text);
    }
    QString why = reasons.join(u"; "_s);
    if (why.endsWith(u'.'))
        why.chop(1);
    SourceFailure failure{
        SourceTrouble::Tls, ConnectTexts::tr("The certificate of %1 is not trusted: %2.").arg(place.where, why), {}};
    switch (errors.first().error()) {
    case QSslError::HostNameMismatch:
        failure.hint = names.isEmpty()
                           ? ConnectTexts::tr("The certificate names no host; connect by the name it was made for.")
                           : ConnectTexts::tr("The certificate is for %1: connect by that name, or set it as the server name.")
                                 .arg(names.join(u", "_s));
        break;
    case QSslError::CertificateExpired:
    case QSslError::CertificateNotYetValid:
        failure.hint = ConnectTexts::tr("Renew the certificate, or check this machine's clock.");
        break;
    default:
        failure.hint = place.ownAuthority
                           ? ConnectTexts::tr("The CA file given is not the authority that signed this certificate.")
                           : place.authorityHint;
        break;
    }
    return failure;
}

SourceFailure certificateFailure(const QList<QSslError> &errors, const ServerCertificate &shown, const QStringList &names,
                                 const ConnectPlace &place)
{
    SourceFailure failure = certificateFailure(errors, names, place);
    if (shown.isNull() || !isOnlyUnknown(errors))
        return failure;
    failure.certificate = shown;
    failure.hint +=
        (failure.hint.isEmpty() ? QString() : u" "_s)
        + ConnectTexts::tr("Its SHA-256 fingerprint is %1: if the server's own is the same, it can be trusted by that.")
              .arg(TlsOptions::fingerprintText(shown.fingerprint));
    return failure;
}

SourceFailure otherCertificateFailure(const ServerCertificate &shown, const TlsOptions &options, const ConnectPlace &place)
{
    constexpr qsizetype mostNamed = 3;
    QStringList trusted;
    for (const QString &pin : options.pins().mid(0, mostNamed))
        trusted.append(TlsOptions::fingerprintText(pin));
    SourceFailure failure{
        SourceTrouble::Tls, ConnectTexts::tr("%1 shows another certificate than the one that is trusted here.").arg(place.where),
        ConnectTexts::tr("Its SHA-256 fingerprint is %1, and trusted is %2. If it was not renewed, something else answers there.")
            .arg(TlsOptions::fingerprintText(shown.fingerprint), trusted.join(u", "_s))};
    failure.certificate = shown;
    return failure;
}

SourceFailure tlsFailure(const QString &system, const ConnectPlace &place)
{
    return {SourceTrouble::Tls, ConnectTexts::tr("TLS with %1 could not be set up: %2.").arg(place.where, system), place.tlsHint};
}

SourceFailure unreachedFailure(int limitMs, const ConnectPlace &place)
{
    return {SourceTrouble::Timeout, ConnectTexts::tr("%1 did not answer within %2.").arg(place.where, exactText(limitMs)),
            ConnectTexts::addressHint()};
}

SourceFailure unansweredFailure(int limitMs, const QString &hint, const ConnectPlace &place)
{
    return {SourceTrouble::Timeout,
            ConnectTexts::tr("%1 took the connection but did not answer within %2.").arg(place.where, exactText(limitMs)), hint};
}

bool demandsClientCertificate(const QString &system)
{
    return system.contains("certificate required"_L1, Qt::CaseInsensitive)
           || system.contains("peer did not return a certificate"_L1, Qt::CaseInsensitive);
}

} // namespace pulsedeck
