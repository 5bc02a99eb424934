// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testcertificates.h"

#include <QFile>
#include <QProcess>

namespace pulsedeck {

using namespace Qt::StringLiterals;

TestCertificates::TestCertificates(const QString &names, int days)
{
    const QString caKey = m_folder.filePath(u"ca.key"_s);
    const QString wish = m_folder.filePath(u"server.csr"_s);
    const QString extensions = m_folder.filePath(u"names.txt"_s);
    QFile file(extensions);
    if (!file.open(QIODevice::WriteOnly)) {
        m_error = file.errorString();
        return;
    }
    file.write("subjectAltName=" + names.toUtf8() + "\n");
    file.close();

    const QStringList key{u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:prime256v1"_s, u"-nodes"_s};
    QStringList authority{u"req"_s,     u"-x509"_s, u"-days"_s, u"2"_s,  u"-subj"_s, u"/CN=Test authority"_s,
                          u"-keyout"_s, caKey,      u"-out"_s,  caFile()};
    QStringList request{u"req"_s, u"-subj"_s, u"/CN=Test server"_s, u"-keyout"_s, keyFile(), u"-out"_s, wish};
    const QStringList sign{u"x509"_s,
                           u"-req"_s,
                           u"-in"_s,
                           wish,
                           u"-CA"_s,
                           caFile(),
                           u"-CAkey"_s,
                           caKey,
                           u"-CAcreateserial"_s,
                           u"-days"_s,
                           QString::number(days),
                           u"-extfile"_s,
                           extensions,
                           u"-out"_s,
                           certFile()};
    if (run(authority << key) && run(request << key))
        run(sign);
}

bool TestCertificates::makeClient(const QString &passphrase)
{
    const QString wish = m_folder.filePath(u"client.csr"_s);
    QStringList request{u"req"_s,
                        u"-subj"_s,
                        u"/CN=Test client"_s,
                        u"-newkey"_s,
                        u"ec"_s,
                        u"-pkeyopt"_s,
                        u"ec_paramgen_curve:prime256v1"_s,
                        u"-keyout"_s,
                        clientKeyFile(),
                        u"-out"_s,
                        wish};
    if (passphrase.isEmpty())
        request << u"-nodes"_s;
    else
        request << u"-passout"_s << u"pass:"_s + passphrase;
    return run(request)
           && run({u"x509"_s, u"-req"_s, u"-in"_s, wish, u"-CA"_s, caFile(), u"-CAkey"_s, m_folder.filePath(u"ca.key"_s),
                   u"-CAcreateserial"_s, u"-days"_s, u"1"_s, u"-out"_s, clientCertFile()});
}

QString TestCertificates::fingerprint() const
{
    QProcess openssl;
    openssl.start(u"openssl"_s, {u"x509"_s, u"-noout"_s, u"-fingerprint"_s, u"-sha256"_s, u"-in"_s, certFile()});
    if (!openssl.waitForFinished(30'000))
        return {};
    return QString::fromLatin1(openssl.readAllStandardOutput()).section(u'=', 1).remove(u':').trimmed().toLower();
}

bool TestCertificates::run(const QStringList &arguments)
{
    QProcess openssl;
    openssl.setProcessChannelMode(QProcess::MergedChannels);
    openssl.start(u"openssl"_s, arguments);
    if (openssl.waitForFinished(30'000) && openssl.exitStatus() == QProcess::NormalExit && openssl.exitCode() == 0)
        return true;
    m_error = u"openssl failed: "_s + QString::fromUtf8(openssl.readAll());
    return false;
}

} // namespace pulsedeck
