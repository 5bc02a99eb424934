// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

/// The certificate that a server has shown, as an operator looks at it before trusting it. A value.
struct ServerCertificate
{
    QString subject; ///< One line.
    QString issuer;
    QString names; ///< Whom it was made for.
    qint64 from = 0; ///< Unix ms; 0: unknown.
    qint64 until = 0;
    QString fingerprint; ///< SHA-256, 64 hexadecimal digits in lower case; empty: there is no certificate.

    bool isNull() const { return fingerprint.isEmpty(); }
    bool operator==(const ServerCertificate &) const = default;
};

} // namespace pulsedeck
