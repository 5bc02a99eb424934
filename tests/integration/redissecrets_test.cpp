// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/sourcesettings.h"
#include "tests/integration/connectionwatch.h"
#include "tests/support/redisserver.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QTemporaryDir>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using State = RedisConnection::State;

/// Passwords that are read at each connect, from a variable or a file.
class RedisSecretsTest : public QObject
{
    Q_OBJECT

    RedisServer m_server;
    QTemporaryDir m_folder;

    QString file(const QByteArray &contents, QFile::Permissions mode = QFile::ReadOwner | QFile::WriteOwner) const
    {
        const QString path = m_folder.filePath(u"password"_s);
        QFile::remove(path);
        QFile one(path);
        if (!one.open(QIODevice::WriteOnly) || one.write(contents) != contents.size() || !one.setPermissions(mode))
            qFatal("a file could not be written");
        return path;
    }
    /// The server of the test, by an address with this behind it.
    RedisUrl urlWith(const QString &query) const
    {
        QString error;
        const auto url = RedisUrl::parse(m_server.tcpUrl().display() + u'?' + query, &error);
        if (!url)
            qFatal("%s", qPrintable(error));
        return *url;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        RedisServer::Options options;
        options.tcp = true;
        options.arguments = {u"--requirepass"_s, u"first one"_s};
        QVERIFY2(m_server.start(options), qPrintable(m_server.errorString()));
    }

    void ofAVariable()
    {
        qputenv("PULSEDECK_TEST_PASSWORD", "first one");
        RedisConnection connection(urlWith(u"password_env=PULSEDECK_TEST_PASSWORD"_s), calmOptions());
        connection.open();
        TRY_EQUAL(connection.state(), State::Ready);
        connection.close();
        qunsetenv("PULSEDECK_TEST_PASSWORD");
        connection.open();
        TRY_EQUAL(connection.state(), State::Closed);
        QCOMPARE(connection.failure().kind, SourceTrouble::LoginWanted);
        QVERIFY(connection.failure().text.contains(u"PULSEDECK_TEST_PASSWORD"_s));
    }

    void ofAFileAsItIsAtEachConnect()
    {
        const QString path = file("first one\n");
        RedisConnection connection(urlWith(u"password_file="_s + path), calmOptions());
        connection.open();
        TRY_EQUAL(connection.state(), State::Ready);
        // The password of the server is changed, and the file with it.
        const auto changed =
            RedisClient(m_server.url()).pipeline({{"AUTH", "first one"}, {"CONFIG", "SET", "requirepass", "the second"}});
        QVERIFY(changed.size() == 2 && changed.back().ok());
        file("the second");
        const quint32 before = connection.generation();
        connection.close();
        connection.open();
        TRY_TRUE(connection.state() == State::Ready && connection.generation() > before);
        QVERIFY(RedisClient(m_server.url())
                    .pipeline({{"AUTH", "the second"}, {"CONFIG", "SET", "requirepass", "first one"}})
                    .back()
                    .ok());
        // A wrong one is refused as a typed one is, and is in no word.
        file("not this one");
        connection.close();
        connection.open();
        TRY_EQUAL(connection.state(), State::Closed);
        QCOMPARE(connection.failure().kind, SourceTrouble::LoginRefused);
        QVERIFY(!QString(connection.failure().text + connection.failure().hint).contains(u"not this one"_s));
    }

    void filesThatAreRefused_data()
    {
        QTest::addColumn<QByteArray>("contents");
        QTest::addColumn<int>("mode");
        QTest::addColumn<QString>("words");
        const int own = int(QFile::ReadOwner | QFile::WriteOwner);
        QTest::newRow("everybody") << QByteArray("first one") << int(own | QFile::ReadOther) << u"everybody"_s;
        QTest::newRow("empty") << QByteArray("\n") << own << u"empty"_s;
        QTest::newRow("two lines") << QByteArray("first one\nfirst one\n") << own << u"one line"_s;
        QTest::newRow("large") << QByteArray(20'000, 'x') << own << u"one line"_s;
        QTest::newRow("not UTF-8") << QByteArray("\xff\xfe") << own << u"one line"_s;
    }

    void filesThatAreRefused()
    {
        QFETCH(QByteArray, contents);
        QFETCH(int, mode);
        QFETCH(QString, words);
        RedisConnection connection(urlWith(u"password_file="_s + file(contents, QFile::Permissions(mode))), calmOptions());
        connection.open();
        TRY_EQUAL(connection.state(), State::Closed);
        QCOMPARE(connection.failure().kind, SourceTrouble::LoginWanted);
        QVERIFY2(connection.failure().text.contains(words), qPrintable(connection.failure().text));
        QVERIFY(!QString(connection.failure().text + connection.failure().hint).contains(u"first one"_s));
    }

    void thereIsNoSuchFile()
    {
        RedisConnection connection(urlWith(u"password_file=/nowhere/password"_s), calmOptions());
        connection.open();
        TRY_EQUAL(connection.state(), State::Closed);
        QCOMPARE(connection.failure().kind, SourceTrouble::LoginWanted);
        RedisConnection folder(urlWith(u"password_file="_s + m_folder.path()), calmOptions());
        folder.open();
        TRY_EQUAL(folder.state(), State::Closed);
        QVERIFY2(folder.failure().text.contains(u"not a plain file"_s), qPrintable(folder.failure().text));
    }

    void addressesAndSettingsKeepThePlace()
    {
        const auto settings = SourceSettings::fromUrl(
            u"redis+sentinel://s1/orders?password_file=/run/a%20b&sentinel_password_env=SENTINEL_PW"_s, nullptr);
        QVERIFY(settings);
        QCOMPARE(settings->passwordFrom.text(), u"file:/run/a b"_s);
        const RedisUrl url = settings->url();
        QCOMPARE(url.masterUrl({u"m"_s, 1}).passwordFrom.text(), u"file:/run/a b"_s);
        QCOMPARE(url.sentinelUrl({u"s1"_s, 1}).passwordFrom.text(), u"env:SENTINEL_PW"_s);
        for (const QString &wrong :
             {u"redis://h?password_env="_s, u"redis://h?password_env=A-B"_s, u"redis://h?password_file=relative"_s,
              u"redis://:SECRET@h?password_env=A"_s, u"redis://h?sentinel_password_env=A"_s}) {
            QString error;
            QVERIFY2(!SourceSettings::fromUrl(wrong, &error), qPrintable(wrong));
            QVERIFY2(!error.isEmpty() && !error.contains(u"SECRET"_s), qPrintable(error));
        }
    }
};

PULSEDECK_TEST(RedisSecretsTest, runWithEvents)
#include "redissecrets_test.moc"
