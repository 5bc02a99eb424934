// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/certificatenames.h"

#include <QSslCertificate>

namespace pulsedeck {

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

} // namespace pulsedeck
