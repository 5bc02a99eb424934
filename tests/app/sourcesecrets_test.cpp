// SPDX-License-Identifier: GPL-3.0-or-later
// What is remembered of sources, and where a hub's token comes from.
#include "app/console/hubtokens.h"
#include "app/console/rememberedsources.h"
#include "tests/support/memorysecretstore.h"

#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class SourceSecretsTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    QString fileOf(const QString &name) const { return m_folder.filePath(name + u".ini"_s); }
    std::vector<SourceSettings> again(const QString &name) const
    {
        QSettings settings(fileOf(name), QSettings::IniFormat);
        return rememberedSources(settings);
    }
    static SourceSettings hub(TokenFrom from)
    {
        HubAddress address;
        address.host = u"hub.example"_s;
        address.port = 443;
        address.tls = true;
        address.path = u"/deep/ws"_s;
        address.caFile = u"/etc/ca.pem"_s;
        SourceSettings settings = SourceSettings::fromHub(address);
        settings.name = u"prod hub"_s;
        settings.tokenFrom = from;
        settings.token = u"eyJopensesame"_s;
        settings.tokenVariable = u"PULSEDECK_TEST_TOKEN"_s;
        settings.readOnly = true;
        settings.visible = false;
        return settings;
    }
    /// Waits for what \a settings lead to.
    static FoundToken find(const SourceSettings &settings, SecretStore *secrets)
    {
        std::optional<FoundToken> found;
        findHubToken(settings, secrets, [&found](const FoundToken &one) { found = one; });
        if (!QTest::qWaitFor([&] { return found.has_value(); }, 20'000))
            qFatal("a token was never found or missed");
        return *found;
    }

private slots:
    void remembersAllButSecrets()
    {
        SourceSettings redis;
        redis.name = u"prod"_s;
        redis.host = u"redis.example"_s;
        redis.user = u"op"_s;
        redis.password = u"hunter2"_s;
        redis.database = 3;
        SourceSettings demo;
        demo.demo = true;
        {
            QSettings settings(fileOf(u"all"_s), QSettings::IniFormat);
            rememberSources(settings, {redis, demo, hub(TokenFrom::Typed), hub(TokenFrom::Keychain)});
        }
        QFile file(fileOf(u"all"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        QVERIFY(bytes.contains("prod hub"));
        QVERIFY(!bytes.contains("hunter2"));
        QVERIFY(!bytes.contains("sesame"));
        const std::vector<SourceSettings> read = again(u"all"_s);
        QCOMPARE(read.size(), 3u);
        QVERIFY(!read[0].isHub());
        QCOMPARE(read[0].user, u"op"_s);
        QCOMPARE(read[0].database, 3);
        QVERIFY(read[0].password.isEmpty());
        QVERIFY(read[1].isHub());
        QCOMPARE(read[1].address(), hub(TokenFrom::Typed).address());
        QCOMPARE(read[1].path, u"/deep/ws"_s);
        QCOMPARE(read[1].caFile, u"/etc/ca.pem"_s);
        QCOMPARE(read[1].tokenFrom, TokenFrom::Typed);
        QCOMPARE(read[1].tokenVariable, u"PULSEDECK_TEST_TOKEN"_s);
        QVERIFY(read[1].token.isEmpty());
        QVERIFY(read[1].readOnly && !read[1].visible);
        QCOMPARE(read[2].tokenFrom, TokenFrom::Keychain);
    }

    void nothingOfALongerListIsLeft()
    {
        {
            QSettings settings(fileOf(u"shorter"_s), QSettings::IniFormat);
            rememberSources(settings, {hub(TokenFrom::Keychain), hub(TokenFrom::Environment)});
            SourceSettings redis;
            redis.name = u"one"_s;
            rememberSources(settings, {redis});
        }
        QFile file(fileOf(u"shorter"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("hub"));
        QCOMPARE(again(u"shorter"_s).size(), 1u);
        QVERIFY(!again(u"shorter"_s).front().isHub());
    }

    void readsWhatKnewNoHubs()
    {
        QFile file(fileOf(u"old"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[sources]\n1\\name=prod\n1\\host=10.0.0.9\n1\\port=6380\n1\\socket=\n1\\user=op\n1\\database=2\n"
                   "1\\tls=true\n1\\caFile=\n1\\readOnly=true\n1\\visible=true\nsize=1\n");
        file.close();
        const std::vector<SourceSettings> read = again(u"old"_s);
        QCOMPARE(read.size(), 1u);
        QVERIFY(!read[0].isHub());
        QCOMPARE(read[0].address(), u"rediss://10.0.0.9:6380/2"_s);
        QVERIFY(read[0].readOnly);
    }

    void tokens()
    {
        MemorySecretStore secrets;
        FoundToken found = find(hub(TokenFrom::Nowhere), &secrets);
        QVERIFY(found.token.isEmpty() && found.problem.isEmpty());
        QCOMPARE(find(hub(TokenFrom::Typed), &secrets).token, u"eyJopensesame"_s);
        SourceSettings forgotten = hub(TokenFrom::Typed);
        forgotten.token.clear();
        found = find(forgotten, &secrets);
        QVERIFY(found.problem.contains(u"typed"_s) && !found.hint.isEmpty());

        qunsetenv("PULSEDECK_TEST_TOKEN");
        found = find(hub(TokenFrom::Environment), &secrets);
        QCOMPARE(found.problem, u"PULSEDECK_TEST_TOKEN is not set."_s);
        QVERIFY(!found.hint.isEmpty());
        qputenv("PULSEDECK_TEST_TOKEN", "  eyJenv\n"); // As a file with an end of line gives it.
        QCOMPARE(find(hub(TokenFrom::Environment), &secrets).token, u"eyJenv"_s);
        qunsetenv("PULSEDECK_TEST_TOKEN");

        found = find(hub(TokenFrom::Keychain), &secrets);
        QVERIFY2(found.problem.contains(u"no token"_s), qPrintable(found.problem));
        secrets.entries.insert(hub(TokenFrom::Keychain).tokenKey(), u"eyJkept"_s);
        QCOMPARE(find(hub(TokenFrom::Keychain), &secrets).token, u"eyJkept"_s);
        secrets.problem = u"No keychain service runs here. Start one."_s;
        found = find(hub(TokenFrom::Keychain), &secrets);
        QCOMPARE(found.problem, u"No keychain service runs here."_s);
        QCOMPARE(found.hint, u"Start one."_s);
        QVERIFY(!find(hub(TokenFrom::Keychain), nullptr).problem.isEmpty());
    }
};

QTEST_GUILESS_MAIN(SourceSecretsTest)
#include "sourcesecrets_test.moc"
