// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/certificates.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFile>
#include <QSslCertificate>
#include <QSslConfiguration>

namespace pulsedeck {

namespace {

class CertificateTexts
{
    Q_DECLARE_TR_FUNCTIONS(CertificateTexts)
};

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

} // namespace pulsedeck
