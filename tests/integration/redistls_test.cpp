// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/certificates.h"
#include "models/sources/sourcesettings.h"
#include "tests/integration/connectionwatch.h"
#include "tests/support/redisserver.h"
#include "tests/support/testcertificates.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QSslConfiguration>
#include <QTemporaryDir>

#include <optional>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using State = RedisConnection::State;

/// Client certificates, server names and pinned certificates, with a real server.
class RedisTlsTest : public QObject
{
    Q_OBJECT

    /// A server that shows these, of 127.0.0.1.
    static RedisUrl begin(RedisServer &server, const TestCertificates &shown, const QStringList &arguments = {})
    {
        if (!shown.isValid() || !server.start({true, shown.certFile(), shown.keyFile(), shown.caFile(), arguments}))
            qFatal("%s", qPrintable(shown.errorString() + server.errorString()));
        RedisUrl url = server.tlsUrl();
        url.host = u"127.0.0.1"_s;
        return url;
    }
    /// Nothing if it is connected, else why it is not, at the first attempt.
    static std::optional<SourceFailure> outcome(const RedisUrl &url)
    {
        RedisConnectionOptions options = calmOptions();
        options.reconnect = false;
        RedisConnection connection(url, options);
        connection.open();
        if (!QTest::qWaitFor([&] { return connection.state() == State::Ready || connection.state() == State::Closed; }, patience))
            return SourceFailure{SourceTrouble::Timeout, u"nothing happened"_s, {}};
        // With TLS 1.3 a client's certificate is refused only after the handshake: an answer proves that it was not.
        return connection.state() == State::Ready ? std::nullopt : std::optional(connection.failure());
    }
    static QByteArray words(const std::optional<SourceFailure> &failure)
    {
        return failure ? QString(failure->text + u" | "_s + failure->hint).toUtf8() : QByteArray("connected");
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void oldVersionsAreNotSpoken()
    {
        QSslConfiguration ssl;
        QCOMPARE(setUpTls({}, {}, &ssl), QString());
        QCOMPARE(ssl.protocol(), QSsl::TlsV1_2OrLater);
    }

    void aClientsCertificateIsPresented()
    {
        TestCertificates certificates(u"IP:127.0.0.1"_s);
        QVERIFY2(certificates.makeClient(), qPrintable(certificates.errorString()));
        RedisServer server;
        RedisUrl url = begin(server, certificates, {u"--tls-auth-clients"_s, u"yes"_s});
        auto failure = outcome(url);
        QVERIFY2(failure && failure->kind == SourceTrouble::ClientCertificate, words(failure).constData());
        QVERIFY2(failure->text.contains(u"none is set"_s), words(failure).constData());
        url.tlsOptions.certFile = certificates.clientCertFile();
        url.tlsOptions.keyFile = certificates.clientKeyFile();
        failure = outcome(url);
        QVERIFY2(!failure, words(failure).constData());
        // By an address.
        const auto parsed =
            RedisUrl::parse(u"rediss://127.0.0.1:%1?cacert=%2&ssl_certfile=%3&key=%4"_s.arg(
                                QString::number(url.port), url.caFile, url.tlsOptions.certFile, url.tlsOptions.keyFile),
                            nullptr);
        QVERIFY(parsed);
        QCOMPARE(*parsed, url);
        // One of another authority.
        TestCertificates others(u"IP:127.0.0.1"_s);
        QVERIFY2(others.makeClient(), qPrintable(others.errorString()));
        url.tlsOptions.certFile = others.clientCertFile();
        url.tlsOptions.keyFile = others.clientKeyFile();
        failure = outcome(url);
        QVERIFY2(failure && failure->kind != SourceTrouble::Timeout, words(failure).constData());
        // Files that are none.
        url.tlsOptions.certFile = others.keyFile();
        failure = outcome(url);
        QVERIFY2(failure && failure->text.contains(u"contains no certificate"_s), words(failure).constData());
        url.tlsOptions.certFile = u"/nowhere/client.pem"_s;
        failure = outcome(url);
        QVERIFY2(failure && failure->text.contains(u"cannot be read"_s), words(failure).constData());
    }

    void anEncryptedKeyIsOpenedByItsPassphrase()
    {
        const QString passphrase = u"key's own secret"_s;
        TestCertificates certificates(u"IP:127.0.0.1"_s);
        QVERIFY2(certificates.makeClient(passphrase), qPrintable(certificates.errorString()));
        RedisServer server;
        RedisUrl url = begin(server, certificates, {u"--tls-auth-clients"_s, u"yes"_s});
        url.tlsOptions.certFile = certificates.clientCertFile();
        url.tlsOptions.keyFile = certificates.clientKeyFile();
        auto failure = outcome(url);
        QVERIFY2(failure && failure->text.contains(u"its passphrase is not given"_s), words(failure).constData());
        url.tlsOptions.keyPassphrase = u"another secret"_s;
        failure = outcome(url);
        QVERIFY2(failure && failure->text.contains(u"cannot be opened with this passphrase"_s), words(failure).constData());
        QVERIFY(!words(failure).contains("another secret"));
        url.tlsOptions.keyPassphrase = passphrase;
        failure = outcome(url);
        QVERIFY2(!failure, words(failure).constData());

        url.tlsOptions.keyPassphrase.clear();
        url.tlsOptions.keyPassphraseFrom = {SecretPlace::From::Environment, u"PULSEDECK_TEST_PASSPHRASE"_s};
        failure = outcome(url);
        QVERIFY2(failure && failure->text.contains(u"PULSEDECK_TEST_PASSPHRASE"_s), words(failure).constData());
        qputenv("PULSEDECK_TEST_PASSPHRASE", passphrase.toUtf8());
        failure = outcome(url);
        qunsetenv("PULSEDECK_TEST_PASSPHRASE");
        QVERIFY2(!failure, words(failure).constData());
    }

    void theServersNameCanDifferFromTheAddress()
    {
        const TestCertificates certificates(u"DNS:redis.internal"_s);
        RedisServer server;
        RedisUrl url = begin(server, certificates);
        auto failure = outcome(url);
        QVERIFY2(failure && failure->kind == SourceTrouble::Tls, words(failure).constData());
        QVERIFY2(failure->hint.contains(u"redis.internal"_s), words(failure).constData());
        url.tlsOptions.serverName = u"redis.internal"_s;
        failure = outcome(url);
        QVERIFY2(!failure, words(failure).constData());
        url.tlsOptions.serverName = u"other.internal"_s;
        failure = outcome(url);
        QVERIFY2(failure && failure->kind == SourceTrouble::Tls, words(failure).constData());
    }

    void aPinnedCertificateIsTheOnlyOne()
    {
        const TestCertificates certificates(u"DNS:somewhere.else"_s);
        const TestCertificates others(u"DNS:somewhere.else"_s);
        RedisServer server;
        RedisServer other;
        RedisUrl url = begin(server, certificates);
        url.caFile.clear(); // Nobody vouches for it.
        auto failure = outcome(url);
        QVERIFY2(failure && failure->kind == SourceTrouble::Tls, words(failure).constData());
        QCOMPARE(failure->certificate.fingerprint, certificates.fingerprint());
        QVERIFY(failure->certificate.subject.contains(u"Test server"_s)
                && failure->certificate.issuer.contains(u"Test authority"_s));
        QVERIFY(failure->certificate.from > 0 && failure->certificate.until > failure->certificate.from);
        QVERIFY2(failure->hint.contains(TlsOptions::fingerprintText(certificates.fingerprint())), words(failure).constData());

        url.tlsOptions.addPin(failure->certificate.fingerprint);
        failure = outcome(url);
        QVERIFY2(!failure, words(failure).constData());
        // As openssl prints it, in an address.
        QString error;
        const auto parsed = RedisUrl::parse(
            u"rediss://127.0.0.1:%1?fingerprint=%2"_s.arg(QString::number(url.port), url.tlsOptions.fingerprints.toUpper()),
            &error);
        QVERIFY2(parsed, qPrintable(error));
        failure = outcome(*parsed);
        QVERIFY2(!failure, words(failure).constData());

        // Another one is refused, also where an authority vouches for it.
        const int port = begin(other, others).port;
        for (const QString &authority : {QString(), others.caFile()}) {
            RedisUrl there = url;
            there.port = port;
            there.caFile = authority;
            there.tlsOptions.serverName = u"somewhere.else"_s;
            failure = outcome(there);
            QVERIFY2(failure && failure->kind == SourceTrouble::Tls, words(failure).constData());
            QVERIFY2(failure->text.contains(u"another certificate"_s), words(failure).constData());
            QVERIFY2(failure->hint.contains(TlsOptions::fingerprintText(certificates.fingerprint())), words(failure).constData());
            QVERIFY2(failure->hint.contains(TlsOptions::fingerprintText(others.fingerprint())), words(failure).constData());
            // Both may be trusted, one after the other.
            there.tlsOptions.addPin(failure->certificate.fingerprint);
            failure = outcome(there);
            QVERIFY2(!failure, words(failure).constData());
        }
        // Fingerprints that are none trust nothing.
        url.tlsOptions.fingerprints = u"12:34"_s;
        url.caFile = certificates.caFile();
        url.tlsOptions.serverName = u"somewhere.else"_s;
        QVERIFY(outcome(url).has_value());
    }

    void anExpiredCertificateIsNotTrustedByItsFingerprint()
    {
        const TestCertificates certificates(u"IP:127.0.0.1"_s, -1);
        RedisServer server;
        RedisUrl url = begin(server, certificates);
        url.tlsOptions.addPin(certificates.fingerprint());
        const auto failure = outcome(url);
        QVERIFY2(failure && failure->kind == SourceTrouble::Tls, words(failure).constData());
        QVERIFY2(failure->certificate.isNull(), words(failure).constData()); // Nothing to be offered.
    }

    void sentinelsAndTheirMasterAlike()
    {
        TestCertificates certificates(u"DNS:redis.internal"_s);
        QVERIFY2(certificates.makeClient(u"pw"_s), qPrintable(certificates.errorString()));
        RedisServer master;
        RedisUrl url = begin(master, certificates, {u"--tls-auth-clients"_s, u"yes"_s});
        RedisServer sentinel;
        RedisServer::Options options{true,
                                     certificates.certFile(),
                                     certificates.keyFile(),
                                     certificates.caFile(),
                                     {u"--tls-replication"_s, u"yes"_s, u"--tls-auth-clients"_s, u"yes"_s}};
        options.sentinel = "sentinel monitor orders 127.0.0.1 " + QByteArray::number(url.port) + " 1\n";
        QVERIFY2(sentinel.start(options), qPrintable(sentinel.errorString()));
        url.tlsOptions.certFile = certificates.clientCertFile();
        url.tlsOptions.keyFile = certificates.clientKeyFile();
        url.tlsOptions.keyPassphrase = u"pw"_s;
        url.tlsOptions.serverName = u"redis.internal"_s;
        url.port = sentinel.tlsUrl().port;
        url.master = u"orders"_s;
        url.sentinelTls = true;
        auto failure = outcome(url);
        QVERIFY2(!failure, words(failure).constData());
        url.caFile.clear();
        failure = outcome(url);
        QVERIFY2(failure && failure->kind == SourceTrouble::Tls, words(failure).constData());
        QCOMPARE(failure->certificate.fingerprint, certificates.fingerprint());
        url.tlsOptions.addPin(certificates.fingerprint());
        failure = outcome(url);
        QVERIFY2(!failure, words(failure).constData());
    }

    void nodesOfAClusterAlike()
    {
        TestCertificates certificates(u"DNS:redis.internal"_s);
        QVERIFY2(certificates.makeClient(), qPrintable(certificates.errorString()));
        RedisServer node;
        RedisServer::Options options{
            true,
            certificates.certFile(),
            certificates.keyFile(),
            certificates.caFile(),
            {u"--tls-cluster"_s, u"yes"_s, u"--tls-auth-clients"_s, u"yes"_s, u"--cluster-announce-ip"_s, u"127.0.0.1"_s}};
        options.cluster = true;
        QVERIFY2(node.start(options), qPrintable(node.errorString()));
        QVERIFY(node.command({"CLUSTER", "ADDSLOTSRANGE", "0", "16383"}).ok());
        TRY_TRUE(node.command({"CLUSTER", "INFO"}).text.contains("cluster_state:ok"));
        RedisUrl url = node.tlsUrl();
        url.host = u"127.0.0.1"_s;
        url.caFile.clear();
        url.isCluster = true;
        url.tlsOptions.certFile = certificates.clientCertFile();
        url.tlsOptions.keyFile = certificates.clientKeyFile();
        auto failure = outcome(url);
        QVERIFY2(failure && failure->kind == SourceTrouble::Tls, words(failure).constData());
        QCOMPARE(failure->certificate.fingerprint, certificates.fingerprint());
        url.tlsOptions.addPin(certificates.fingerprint());
        failure = outcome(url);
        QVERIFY2(!failure, words(failure).constData());
    }
};

PULSEDECK_TEST(RedisTlsTest, runWithEvents)
#include "redistls_test.moc"
