// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/servercertificate.h"
#include "models/sources/tlsoptions.h"

#include <QList>
#include <QStringList>

class QSslCertificate;
class QSslConfiguration;
class QSslError;

namespace pulsedeck {

/// Whom a certificate was made for, at most eight names, sorted.
QStringList certificateNames(const QSslCertificate &certificate);
/// When it ends, in Unix ms; 0 for none.
qint64 certificateEnd(const QSslCertificate &certificate);
/// Lets \a ssl trust the certificates of a PEM file in addition to the system's. Returns what is wrong with the file, without a
/// full stop; empty if nothing is.
QString trustCaFile(const QString &file, QSslConfiguration *ssl);

/// What an operator sees of it; null for none.
ServerCertificate describeCertificate(const QSslCertificate &certificate);

/// TLS 1.2 at least, the authorities of \a caFile unless that is empty, and the client's certificate. Reads files. Returns what
/// is wrong with one of them, without a full stop; empty if nothing is.
QString setUpTls(const QString &caFile, const TlsOptions &options, QSslConfiguration *ssl);
/// The certificate may be used: it is one of those that are trusted by their fingerprint, or none is.
bool isPinKept(const QSslCertificate &certificate, const TlsOptions &options);
/// These errors do not count, as the certificate is trusted by its fingerprint, and its dates are right.
bool isTrustedByPin(const QList<QSslError> &errors, const QSslCertificate &certificate, const TlsOptions &options);
/// These errors could be overcome by trusting the certificate by its fingerprint.
bool isOnlyUnknown(const QList<QSslError> &errors);

} // namespace pulsedeck
