// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QSslCertificate;
class QSslConfiguration;

namespace pulsedeck {

/// Whom a certificate was made for, at most eight names, sorted.
QStringList certificateNames(const QSslCertificate &certificate);
/// When it ends, in Unix ms; 0 for none.
qint64 certificateEnd(const QSslCertificate &certificate);
/// Lets \a ssl trust the certificates of a PEM file in addition to the system's. Returns what is wrong with the file, without a
/// full stop; empty if nothing is.
QString trustCaFile(const QString &file, QSslConfiguration *ssl);

} // namespace pulsedeck
