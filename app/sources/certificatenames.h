// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QSslCertificate;

namespace pulsedeck {

/// Whom a certificate was made for, at most eight names, sorted.
QStringList certificateNames(const QSslCertificate &certificate);

} // namespace pulsedeck
