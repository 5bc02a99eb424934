// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/certificates.h"

#include "app/sources/secretreading.h"
#include "models/core/visibletext.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QFile>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>
#include <QSslKey>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class CertificateTexts
{
    Q_DECLARE_TR_FUNCTIONS(CertificateTexts)
};

/// "CN=redis, O=Example": what a certificate says of a name, fit to be shown.
QString nameLine(const QSslCertificate &certificate, bool issuer)
{
    QStringList parts;
    const QList<QByteArray> attributes = issuer ? certificate.issuerInfoAttributes() : certificate.subjectInfoAttributes();
    for (const QByteArray &attribute : attributes) {
        const QStringList values = issuer ? certificate.issuerInfo(attribute) : certificate.subjectInfo(attribute);
        for (const QString &value : values)
            parts.append(QString(QString::fromLatin1(attribute) + u'=' + value));
    }
    parts.sort();
    constexpr qsizetype longestLine = 200;
    return visibleLine(parts.join(u", "_s)).left(longestLine);
}

QString fingerprintOf(const QSslCertificate &certificate)
{
    return certificate.isNull() ? QString() : QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex());
}

QString readKey(const TlsOptions &options, QSslConfiguration *ssl)
{
    const QString name = options.keyFile.isEmpty() ? options.certFile : options.keyFile;
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return CertificateTexts::tr("the key %1 cannot be read (%2)").arg(name, file.errorString());
    const QByteArray pem = file.readAll();
    QByteArray passphrase = options.keyPassphrase.toUtf8();
    if (!options.keyPassphraseFrom.isGiven()) {
        const ReadSecret read = readSecret(options.keyPassphraseFrom);
        if (read.failure.kind != SourceTrouble::None)
            return CertificateTexts::tr("there is no passphrase for the key %1 (%2)").arg(name, read.failure.text);
        passphrase = read.secret.toUtf8();
    }
    // The library would ask for it on the terminal.
    if (pem.contains("ENCRYPTED") && passphrase.isEmpty())
        return CertificateTexts::tr("the key %1 is encrypted, and its passphrase is not given").arg(name);
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Ec, QSsl::Rsa, QSsl::Dsa}) {
        if (const QSslKey key(pem, algorithm, QSsl::Pem, QSsl::PrivateKey, passphrase); !key.isNull()) {
            ssl->setPrivateKey(key);
            return {};
        }
    }
    return passphrase.isEmpty() ? CertificateTexts::tr("%1 contains no private key (PEM)").arg(name)
                                : CertificateTexts::tr("the key %1 cannot be opened with this passphrase").arg(name);
}

QString presentCertificate(const TlsOptions &options, QSslConfiguration *ssl)
{
    QFile file(options.certFile);
    if (!file.open(QIODevice::ReadOnly))
        return CertificateTexts::tr("the certificate %1 cannot be read (%2)").arg(options.certFile, file.errorString());
    const QList<QSslCertificate> chain = QSslCertificate::fromDevice(&file, QSsl::Pem);
    if (chain.isEmpty())
        return CertificateTexts::tr("%1 contains no certificate (PEM)").arg(options.certFile);
    ssl->setLocalCertificateChain(chain);
    return readKey(options, ssl);
}

} // namespace

QStringList certificateNames(const QSslCertificate &certificate)
{
    QStringList names;
    const auto alternatives = certificate.subjectAlternativeNames();
    for (auto it = alternatives.cbegin(); it != alternatives.cend(); ++it)
        names.append(it.value());
    if (names.isEmpty())
        names = certificate.subjectInfo(QSslCertificate::CommonName);
    names.sort();
    return names.mid(0, 8);
}

qint64 certificateEnd(const QSslCertificate &certificate)
{
    const QDateTime end = certificate.expiryDate();
    return end.isValid() ? end.toMSecsSinceEpoch() : 0;
}

QString trustCaFile(const QString &name, QSslConfiguration *ssl)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return CertificateTexts::tr("the CA file %1 cannot be read (%2)").arg(name, file.errorString());
    const auto own = QSslCertificate::fromDevice(&file, QSsl::Pem);
    if (own.isEmpty())
        return CertificateTexts::tr("the CA file %1 contains no PEM certificate").arg(name);
    ssl->setCaCertificates(QSslConfiguration::systemCaCertificates() + own);
    return {};
}

ServerCertificate describeCertificate(const QSslCertificate &certificate)
{
    if (certificate.isNull())
        return {};
    const QDateTime from = certificate.effectiveDate();
    return {nameLine(certificate, false),
            nameLine(certificate, true),
            visibleLine(certificateNames(certificate).join(u", "_s)),
            from.isValid() ? from.toMSecsSinceEpoch() : 0,
            certificateEnd(certificate),
            fingerprintOf(certificate)};
}

QString setUpTls(const QString &caFile, const TlsOptions &options, QSslConfiguration *ssl)
{
    ssl->setProtocol(QSsl::TlsV1_2OrLater);
    if (!caFile.isEmpty()) {
        if (const QString problem = trustCaFile(caFile, ssl); !problem.isEmpty())
            return problem;
    }
    if (options.certFile.isEmpty() && !options.keyFile.isEmpty())
        return CertificateTexts::tr("there is a key and no certificate for it");
    return options.certFile.isEmpty() ? QString() : presentCertificate(options, ssl);
}

bool isPinKept(const QSslCertificate &certificate, const TlsOptions &options)
{
    // Fingerprints that cannot be read trust no certificate: to pass them over would trust any.
    return options.fingerprints.isEmpty() || options.pins().contains(fingerprintOf(certificate));
}

bool isOnlyUnknown(const QList<QSslError> &errors)
{
    return !errors.isEmpty() && std::all_of(errors.begin(), errors.end(), [](const QSslError &error) {
        switch (error.error()) {
        case QSslError::SelfSignedCertificate:
        case QSslError::SelfSignedCertificateInChain:
        case QSslError::UnableToGetLocalIssuerCertificate:
        case QSslError::UnableToGetIssuerCertificate:
        case QSslError::UnableToVerifyFirstCertificate:
        case QSslError::CertificateUntrusted:
        case QSslError::InvalidCaCertificate:
        case QSslError::InvalidPurpose:
        case QSslError::HostNameMismatch:
            return true;
        default:
            return false;
        }
    });
}

bool isTrustedByPin(const QList<QSslError> &errors, const QSslCertificate &certificate, const TlsOptions &options)
{
    return !options.fingerprints.isEmpty() && isPinKept(certificate, options) && isOnlyUnknown(errors);
}

} // namespace pulsedeck
