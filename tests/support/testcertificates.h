// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QTemporaryDir>

namespace pulsedeck {

/// A certificate authority and a server certificate of one's own, made by the openssl program in a folder of their own.
class TestCertificates
{
public:
    /// \a names as openssl takes them: "DNS:localhost,IP:127.0.0.1". \a days may be negative: expired already.
    explicit TestCertificates(const QString &names, int days = 1);

    bool isValid() const { return m_error.isEmpty(); }
    QString errorString() const { return m_error; }
    QString caFile() const { return m_folder.filePath(QStringLiteral("ca.pem")); }
    QString certFile() const { return m_folder.filePath(QStringLiteral("server.pem")); }
    QString keyFile() const { return m_folder.filePath(QStringLiteral("server.key")); }
    QString clientCertFile() const { return m_folder.filePath(QStringLiteral("client.pem")); }
    QString clientKeyFile() const { return m_folder.filePath(QStringLiteral("client.key")); }
    /// The SHA-256 of the server's certificate as the openssl program says it: hexadecimal digits in lower case.
    QString fingerprint() const;

    /// A client's certificate of the same authority. Its key is encrypted unless \a passphrase is empty; the passphrase is no
    /// secret. False with errorString() if that cannot be.
    bool makeClient(const QString &passphrase = {});

private:
    bool run(const QStringList &arguments);

    QTemporaryDir m_folder;
    QString m_error;
};

} // namespace pulsedeck
