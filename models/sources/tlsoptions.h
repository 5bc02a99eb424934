// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/secretplace.h"

#include <QCoreApplication>
#include <QString>
#include <QStringList>

namespace pulsedeck {

/// How TLS is set up with a server, but for the file of authorities. For all servers of a source: Sentinels, masters, nodes. A
/// value; the passphrase is in it and goes to the key's file only.
struct TlsOptions
{
    static constexpr int mostFingerprints = 64; ///< One for each node of a cluster, say.

    QString serverName; ///< For SNI, and the name that the certificate has to be for; empty: the host of the address.
    QString certFile; ///< PEM, the client's certificate and what it is signed by; empty: none is presented.
    QString keyFile; ///< PEM, its key, which may be encrypted; empty: it is in certFile.
    QString keyPassphrase; ///< As typed; never remembered.
    SecretPlace keyPassphraseFrom; ///< Where it is read at each connect instead.
    /// Comma-separated SHA-256 fingerprints. Not empty: the server's certificate has to be one of these, whoever signed it and
    /// whatever name it is for; its dates still count.
    QString fingerprints;

    /// The fingerprints, 64 hexadecimal digits in lower case each; those that are none are left out.
    QStringList pins() const;
    /// What is wrong with the fingerprints as they were typed, a sentence; empty if nothing is.
    QString pinProblem() const;
    /// Trusts one more certificate.
    void addPin(const QString &fingerprint);
    /// "AB:CD:…", as openssl and browsers show it, but in four groups, so that a line can be broken between them.
    static QString fingerprintText(const QString &fingerprint);

    bool operator==(const TlsOptions &) const = default;

    Q_DECLARE_TR_FUNCTIONS(TlsOptions)
};

} // namespace pulsedeck
