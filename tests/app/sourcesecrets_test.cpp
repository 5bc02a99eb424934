// SPDX-License-Identifier: GPL-3.0-or-later
// What is remembered of sources, and where a hub's token comes from.
#include "app/console/rememberedsources.h"
#include "app/console/tokensearch.h"
#include "models/sources/hubprotocol.h"
#include "tests/support/memorysecretstore.h"
#include "tests/support/testprogram.h"

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
        return RememberedSources(settings).read();
    }
    static SourceSettings hub(TokenFrom from)
    {
        HubAddress address;
        address.host = u"hub.example"_s;
        address.port = 443;
        address.tls = true;
        address.path = u"/deep/ws"_s;
        address.caFile = u"/etc/ca.pem"_s;
        SourceSettings settings = hubSettings(address);
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
        findToken(settings, secrets, [&found](const FoundToken &one) { found = one; });
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
        redis.environment = SourceEnvironment::Production;
        redis.tls = true;
        redis.tlsOptions = {u"redis.internal"_s,
                            u"/etc/client.pem"_s,
                            u"/etc/client.key"_s,
                            u"hunter2 of the key"_s,
                            {SecretPlace::From::Environment, u"KEY_PW"_s},
                            QString(64, u'c')};
        redis.passwordFrom = {SecretPlace::From::File, u"/run/password"_s};
        SourceSettings demo;
        demo.demo = true;
        {
            QSettings settings(fileOf(u"all"_s), QSettings::IniFormat);
            SourceSettings second = hub(TokenFrom::Keychain);
            second.port = 444;
            std::vector<SourceSettings> sources{redis, demo, hub(TokenFrom::Typed), second};
            RememberedSources(settings).write(sources);
            QVERIFY(!sources[0].key.isEmpty() && sources[1].key.isEmpty());
        }
        QFile file(fileOf(u"all"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        QVERIFY(bytes.contains("prod hub"));
        QVERIFY(!bytes.contains("hunter2"));
        QVERIFY(!bytes.contains("sesame"));
        const std::vector<SourceSettings> read = again(u"all"_s);
        QCOMPARE(read.size(), 3u);
        QVERIFY(read[0].kind != SourceKind::Hub);
        QCOMPARE(read[0].user, u"op"_s);
        QCOMPARE(read[0].database, 3);
        QVERIFY(read[0].password.isEmpty());
        QCOMPARE(read[0].passwordFrom, redis.passwordFrom);
        redis.tlsOptions.keyPassphrase.clear();
        QCOMPARE(read[0].tlsOptions, redis.tlsOptions);
        QCOMPARE(read[0].environment, SourceEnvironment::Production);
        QCOMPARE(read[1].environment, SourceEnvironment::None);
        QVERIFY(read[1].kind == SourceKind::Hub);
        QCOMPARE(read[1].address(), hub(TokenFrom::Typed).address());
        QCOMPARE(read[1].path, u"/deep/ws"_s);
        QCOMPARE(read[1].caFile, u"/etc/ca.pem"_s);
        QCOMPARE(read[1].tokenFrom, TokenFrom::Typed);
        QCOMPARE(read[1].tokenVariable, u"PULSEDECK_TEST_TOKEN"_s);
        QVERIFY(read[1].token.isEmpty());
        QVERIFY(read[1].readOnly && !read[1].visible);
        QCOMPARE(read[2].tokenFrom, TokenFrom::Keychain);
    }

    void remembersTheWayBySsh()
    {
        SourceSettings redis = *SourceSettings::fromUrl(u"redis://127.0.0.1?ssh=me@bastion:22&jump=gate"_s, nullptr);
        SourceSettings other = hub(TokenFrom::Nowhere);
        other.ssh = {u"bastion"_s, {}};
        {
            QSettings settings(fileOf(u"ways"_s), QSettings::IniFormat);
            std::vector<SourceSettings> sources{redis, other};
            RememberedSources(settings).write(sources);
        }
        const std::vector<SourceSettings> read = again(u"ways"_s);
        QCOMPARE(read.size(), 2u);
        QCOMPARE(read[0].ssh, redis.ssh);
        QCOMPARE(read[1].ssh, other.ssh);
        QCOMPARE(read[1].path, u"/deep/ws"_s);

        // The same host by another way is another source.
        QSettings settings(fileOf(u"ways"_s), QSettings::IniFormat);
        RememberedSources memory(settings);
        QVERIFY(memory.adopt(redis, {}));
        redis.ssh.host = u"me@elsewhere"_s;
        QVERIFY(!memory.adopt(redis, {}));
    }

    void remembersSentinelsWithoutTheirPassword()
    {
        const QString address = u"redis+sentinel://s1:26379,s2:26380/orders/2"_s;
        SourceSettings redis = *SourceSettings::fromUrl(
            QString(address + u"?sentinel_user=watcher&sentinel_password=hunter2&sentinel_tls=yes"_s), nullptr);
        {
            QSettings settings(fileOf(u"sentinels"_s), QSettings::IniFormat);
            std::vector<SourceSettings> sources{redis};
            RememberedSources(settings).write(sources);
        }
        QFile file(fileOf(u"sentinels"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("hunter2"));
        const std::vector<SourceSettings> read = again(u"sentinels"_s);
        QCOMPARE(read.size(), 1u);
        QCOMPARE(read[0].address(), address);
        QCOMPARE(read[0].url().sentinelUser, u"watcher"_s);
        QVERIFY(read[0].url().sentinelTls);
        QVERIFY(read[0].url().sentinelPassword.isEmpty());
        // The same address, given again, is this one.
        QSettings settings(fileOf(u"sentinels"_s), QSettings::IniFormat);
        RememberedSources memory(settings);
        redis.key.clear();
        QVERIFY(memory.adopt(redis, {}));
        QCOMPARE(redis.key, read[0].key);
    }

    void nothingOfAForgottenOneIsLeft()
    {
        {
            QSettings settings(fileOf(u"shorter"_s), QSettings::IniFormat);
            RememberedSources memory(settings);
            SourceSettings redis;
            redis.name = u"one"_s;
            std::vector<SourceSettings> sources{hub(TokenFrom::Keychain), redis};
            memory.write(sources);
            memory.forget(sources[0].key);
        }
        QFile file(fileOf(u"shorter"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("hub"));
        QCOMPARE(again(u"shorter"_s).size(), 1u);
        QVERIFY(again(u"shorter"_s).front().kind != SourceKind::Hub);
    }

    void takesOverAListOfBefore()
    {
        QFile file(fileOf(u"old"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[sources]\n1\\name=prod\n1\\host=10.0.0.9\n1\\port=6380\n1\\socket=\n1\\user=op\n1\\database=2\n"
                   "1\\tls=true\n1\\caFile=\n1\\readOnly=true\n1\\visible=true\n2\\name=second\n2\\kind=hub\n"
                   "3\\name=left over\nsize=2\n");
        file.close();
        const std::vector<SourceSettings> read = again(u"old"_s);
        QCOMPARE(read.size(), 2u);
        QVERIFY(read[0].kind != SourceKind::Hub);
        QCOMPARE(read[0].address(), u"rediss://10.0.0.9:6380/2"_s);
        QVERIFY(read[0].readOnly);
        QCOMPARE(read[1].name, u"second"_s);
        QVERIFY(read[1].kind == SourceKind::Hub);
        const std::vector<SourceSettings> twice = again(u"old"_s);
        QCOMPARE(twice.size(), 2u);
        QCOMPARE(twice[0].key, read[0].key); // Once for all, with the same keys.
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains("size="));
    }

    /// Two windows of one user on one settings file. A second way to it stands for the second process: Qt shares what
    /// it holds of a file only among those who came to it by the same path.
    void twoWindowsKeepWhatTheOtherSet()
    {
        QVERIFY(QFile::link(m_folder.path(), m_folder.filePath(u"other-way"_s)));
        QSettings first(fileOf(u"shared"_s), QSettings::IniFormat);
        QSettings second(m_folder.filePath(u"other-way/shared.ini"_s), QSettings::IniFormat);
        RememberedSources a(first);
        RememberedSources b(second);
        SourceSettings prod;
        prod.name = u"PROD"_s;
        std::vector<SourceSettings> inA{prod};
        a.write(inA);
        std::vector<SourceSettings> inB = b.read();
        QCOMPARE(inB.size(), 1u);
        QCOMPARE(inB[0].key, inA[0].key);

        // A sets it read-only and adds another; B unticks and ticks a box.
        inA[0].readOnly = true;
        inA[0].environment = SourceEnvironment::Production;
        SourceSettings staging;
        staging.name = u"STAGING"_s;
        staging.port = 6380;
        inA.push_back(staging);
        a.write(inA);
        inB[0].visible = false;
        b.write(inB);
        QVERIFY(inB[0].readOnly); // B knows it from now on.
        QCOMPARE(inB[0].environment, SourceEnvironment::Production);
        inB[0].visible = true;
        b.write(inB);
        const auto now = [this] { return again(u"shared"_s); };
        QCOMPARE(now().size(), 2u);
        QVERIFY(now()[0].readOnly);
        QCOMPARE(now()[1].name, u"STAGING"_s);

        // Both change something else of the same one, and add one each: all of it stays.
        inA[0].name = u"PROD EU"_s;
        inB[0].readOnly = false;
        SourceSettings lab;
        lab.name = u"lab"_s;
        lab.port = 6381;
        inA.push_back(lab);
        a.write(inA);
        SourceSettings hall = hub(TokenFrom::Nowhere);
        inB.push_back(hall);
        b.write(inB);
        QCOMPARE(now().size(), 4u);
        QCOMPARE(now()[0].name, u"PROD EU"_s);
        QVERIFY(!now()[0].readOnly);

        // The same server added in both is one.
        SourceSettings twin;
        twin.name = u"twin"_s;
        twin.port = 6390;
        inA.push_back(twin);
        a.write(inA);
        twin.readOnly = true;
        inB.push_back(twin);
        b.write(inB);
        QCOMPARE(now().size(), 5u);
        QCOMPARE(inB.back().key, inA.back().key);
        QVERIFY(now().back().readOnly);

        // What A forgets does not come back because B shows or hides it.
        a.forget(inA[0].key);
        inB[0].visible = false;
        b.write(inB);
        QCOMPARE(now().size(), 4u);
        b.forget(inB.back().key);
        inA.erase(inA.begin());
        a.write(inA);
        QCOMPARE(now().size(), 3u);
    }

    /// A server named by its URL is what it was remembered as.
    void aKnownAddressIsItsRememberedSource()
    {
        QSettings settings(fileOf(u"known"_s), QSettings::IniFormat);
        RememberedSources memory(settings);
        SourceSettings prod = SourceSettings::fromUrl(u"redis://op:x@10.0.0.1:6379/2"_s, nullptr).value();
        prod.name = u"PROD"_s;
        prod.readOnly = true;
        prod.environment = SourceEnvironment::Production;
        std::vector<SourceSettings> sources{prod};
        memory.write(sources);
        SourceSettings named = SourceSettings::fromUrl(u"redis://op:secret@10.0.0.1:6379/2"_s, nullptr).value();
        QVERIFY(memory.adopt(named, {}));
        QCOMPARE(named.key, sources[0].key);
        QCOMPARE(named.name, u"PROD"_s);
        QVERIFY(named.readOnly);
        QCOMPARE(named.environment, SourceEnvironment::Production);
        QCOMPARE(named.password, u"secret"_s);
        SourceSettings other = SourceSettings::fromUrl(u"redis://10.0.0.1:6379/2"_s, nullptr).value(); // Another login.
        QVERIFY(!memory.adopt(other, {}));
        SourceSettings again = SourceSettings::fromUrl(u"redis://op:x@10.0.0.1:6379/2"_s, nullptr).value();
        QVERIFY(!memory.adopt(again, {named.key})); // It is there already.
    }

    void tokens()
    {
        MemorySecretStore secrets;
        FoundToken found = find(hub(TokenFrom::Nowhere), &secrets);
        QVERIFY(found.token.isEmpty() && found.failure.kind == SourceTrouble::None);
        QCOMPARE(find(hub(TokenFrom::Typed), &secrets).token, u"eyJopensesame"_s);
        SourceSettings forgotten = hub(TokenFrom::Typed);
        forgotten.token.clear();
        found = find(forgotten, &secrets);
        QVERIFY(found.failure.text.contains(u"typed"_s) && !found.failure.hint.isEmpty());

        qunsetenv("PULSEDECK_TEST_TOKEN");
        found = find(hub(TokenFrom::Environment), &secrets);
        QCOMPARE(found.failure.text, u"PULSEDECK_TEST_TOKEN is not set."_s);
        QVERIFY(!found.failure.hint.isEmpty());
        qputenv("PULSEDECK_TEST_TOKEN", "  eyJenv\n"); // As a file with an end of line gives it.
        QCOMPARE(find(hub(TokenFrom::Environment), &secrets).token, u"eyJenv"_s);
        qunsetenv("PULSEDECK_TEST_TOKEN");

        found = find(hub(TokenFrom::Keychain), &secrets);
        QVERIFY2(found.failure.text.contains(u"no token"_s), qPrintable(found.failure.text));
        secrets.entries.insert(hub(TokenFrom::Keychain).tokenKey(), u"eyJkept"_s);
        QCOMPARE(find(hub(TokenFrom::Keychain), &secrets).token, u"eyJkept"_s);
        secrets.problem = u"No keychain service runs here."_s;
        secrets.hint = u"Start one."_s;
        found = find(hub(TokenFrom::Keychain), &secrets);
        QCOMPARE(found.failure.text, u"No keychain service runs here."_s);
        QCOMPARE(found.failure.hint, u"Start one."_s);
        QVERIFY(find(hub(TokenFrom::Keychain), nullptr).failure.kind == SourceTrouble::LoginWanted);
    }
};

PULSEDECK_TEST(SourceSecretsTest, runWithEvents)
#include "sourcesecrets_test.moc"
