// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sources/sshfailure.h"
#include "models/sources/hubprotocol.h"
#include "models/sources/redisurl.h"
#include "models/sources/sourcesettings.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Ways by SSH as text: alone, in addresses, and as the arguments of ssh.
class SshRouteTest : public QObject
{
    Q_OBJECT

private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void isPartOfAnAddress_data();
    void isPartOfAnAddress();
    void isRefusedInAnAddress_data();
    void isRefusedInAnAddress();
    void leadsToAllServers();
    void makesAnotherServerOfIt();
    void aBannerIsNoReason();
};

void SshRouteTest::reads_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("jump");
    QTest::addColumn<QString>("arguments");
    const auto row = [](const QString &host, const QString &jump, const QString &arguments) {
        QTest::newRow(qPrintable(host + u' ' + jump)) << host << jump << arguments;
    };
    row(u"bastion"_s, {}, u"-- bastion"_s);
    row(u"bastion.example:2222"_s, {}, u"-p 2222 -- bastion.example"_s);
    row(u"deploy@10.0.0.7"_s, {}, u"-l deploy -- 10.0.0.7"_s);
    row(u"first.last+x@my_host-1:22"_s, {}, u"-p 22 -l first.last+x -- my_host-1"_s);
    row(u"me@[fe80::1]:22"_s, {}, u"-p 22 -l me -- fe80::1"_s);
    row(u"[::1]"_s, u"gate"_s, u"-J gate -- ::1"_s);
    row(u"b"_s, u"a@gate:22,[::1]:2222,c"_s, u"-J a@gate:22,[::1]:2222,c -- b"_s);
}

void SshRouteTest::reads()
{
    QFETCH(QString, host);
    QFETCH(QString, jump);
    QString error;
    const auto route = SshRoute::parse(host, jump, &error);
    QVERIFY2(route, qPrintable(error));
    QVERIFY(route->isSet());
    QTEST(route->arguments().join(u' '), "arguments");
}

void SshRouteTest::refuses_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("jump");
    const auto row = [](const char *name, const QString &host, const QString &jump = {}) { QTest::newRow(name) << host << jump; };
    row("option", u"-oProxyCommand=SECRET"_s);
    row("option as a user", u"-lSECRET@h"_s);
    row("option behind a user", u"u@-SECRET"_s);
    row("space", u"h SECRET"_s);
    row("line break", u"h\nSECRET"_s);
    row("zero byte", u"h"_s + QChar(u'\0'));
    row("tab", u"h\tSECRET"_s);
    row("shell", u"h;SECRET"_s);
    row("substitution", u"$(SECRET)"_s);
    row("back quotes", u"`SECRET`"_s);
    row("quote", u"h'SECRET"_s);
    row("expansion", u"%h"_s);
    row("user expansion", u"%r@h"_s);
    row("login with a password", u"u:SECRET@h"_s);
    row("scheme", u"ssh://SECRET"_s);
    row("path", u"/SECRET"_s);
    row("comma", u"a,SECRET"_s);
    row("no host", u"u@"_s);
    row("only a port", u":22"_s);
    row("no user", u"@h"_s);
    row("port 0", u"h:0"_s);
    row("port too large", u"h:65536"_s);
    row("port negative", u"h:-1"_s);
    row("port empty", u"h:"_s);
    row("other digits", u"h:２２"_s);
    row("IPv6 without brackets", u"::1"_s);
    row("IPv6 that is none", u"[::g]"_s);
    row("IPv6 not closed", u"[::1"_s);
    row("other letters", u"hоst"_s); // A Cyrillic o.
    row("very long", QString(10'000, u'a'));
    row("long host", QString(300, u'a'));
    row("jump alone", {}, u"gate"_s);
    row("jump option", u"h"_s, u"-oSECRET"_s);
    row("second jump an option", u"h"_s, u"gate,-oSECRET"_s);
    row("jump with a hole", u"h"_s, u"gate,,b"_s);
    row("jump with a space", u"h"_s, u"gate, b"_s);
    row("no jump", u"h"_s, u"None"_s);
    row("many jumps", u"h"_s, QString(u"g,"_s).repeated(8) + u"g"_s);
    row("long jump", u"h"_s, QString(600, u'a'));
}

void SshRouteTest::refuses()
{
    QFETCH(QString, host);
    QFETCH(QString, jump);
    QString error;
    QVERIFY(!SshRoute::parse(host, jump, &error));
    QVERIFY(error.endsWith(u'.') && error.size() < 200);
    QVERIFY2(!error.contains(u"SECRET"_s), qPrintable(error));
}

void SshRouteTest::isPartOfAnAddress_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *text, const char *shown) {
        QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(shown);
    };
    row("redis://u:pw@h?ssh=me@b:22", "redis://h:6379/0?ssh=me%40b:22");
    row("redis://h/2?jump=g,g2&ssh=b", "redis://h:6379/2?ssh=b&jump=g,g2");
    row("rediss://h?ssh=me%40b&db=1", "rediss://h:6379/1?ssh=me%40b");
    row("redis+sentinel://s1,s2/orders?ssh=b", "redis+sentinel://s1:26379,s2:26379/orders/0?ssh=b");
    row("redis+cluster://c1,c2?ssh=b&jump=me@[::1]:22", "redis+cluster://c1:6379,c2:6379?ssh=b&jump=me%40%5B::1%5D:22");
    row("ws://h:1/ws?ssh=me@b:22", "ws://h:1?ssh=me%40b:22");
    row("wss://h/path?ssh=b&jump=g", "wss://h:443?ssh=b&jump=g");
}

void SshRouteTest::isPartOfAnAddress()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    QString error;
    const auto settings = SourceSettings::fromUrl(text, &error);
    QVERIFY2(settings, qPrintable(error));
    QVERIFY(settings->ssh.isSet());
    QCOMPARE(settings->address(), shown);
    // What is shown is read as the same.
    const auto again = SourceSettings::fromUrl(settings->addressWith(settings->unusualPath()), &error);
    QVERIFY2(again, qPrintable(error));
    QCOMPARE(again->ssh, settings->ssh);
    QCOMPARE(again->path, settings->path);
    QCOMPARE(again->address(), shown);
    if (settings->kind == SourceKind::Hub)
        QCOMPARE(hubAddressOf(*settings).ssh, settings->ssh);
    else
        QCOMPARE(settings->url().ssh, settings->ssh);
}

void SshRouteTest::isRefusedInAnAddress_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"redis://h?ssh=-oSECRET", "redis://h?ssh=a%20SECRET", "redis://h?ssh=a%0aSECRET",
                             "redis://h?jump=SECRET", "redis://h?ssh=b&jump=-oSECRET", "unix:///run/s.sock?ssh=SECRET",
                             "redis://h?ssh=b:x", "ws://h?ssh=-oSECRET", "ws://h?ssh=b&token=SECRET", "ws://h?token=SECRET&ssh=b",
                             "ws://h?jump=SECRET", "ws://h?ssh=", "ws://h?ssh=b#SECRET", "ws://h?"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void SshRouteTest::isRefusedInAnAddress()
{
    QFETCH(QString, text);
    QString error;
    QVERIFY(!SourceSettings::fromUrl(text, &error));
    QVERIFY(!error.isEmpty());
    QVERIFY2(!error.contains(u"SECRET"_s), qPrintable(error));
}

void SshRouteTest::leadsToAllServers()
{
    const auto sentinels = RedisUrl::parse(u"redis+sentinel://s1,s2/orders?ssh=me@b"_s, nullptr);
    QVERIFY(sentinels);
    QCOMPARE(sentinels->sentinelUrl({u"s2"_s, 26379}).ssh, sentinels->ssh);
    QCOMPARE(sentinels->masterUrl({u"10.0.0.1"_s, 6379}).ssh, sentinels->ssh);
    // What a server names is reached as that server is, unless another way is given.
    const SourceSettings settings = SourceSettings::fromUrl(*RedisUrl::parse(u"redis://h:26379?ssh=b"_s, nullptr));
    const auto moved = settings.kind->moved(settings, u"redis+sentinel://h/orders"_s);
    QVERIFY(moved);
    QCOMPARE(moved->ssh, settings.ssh);
}

void SshRouteTest::makesAnotherServerOfIt()
{
    const auto direct = SourceSettings::fromUrl(u"redis://127.0.0.1"_s, nullptr);
    const auto one = SourceSettings::fromUrl(u"redis://127.0.0.1?ssh=a"_s, nullptr);
    const auto other = SourceSettings::fromUrl(u"redis://127.0.0.1?ssh=b"_s, nullptr);
    QVERIFY(direct && one && other);
    QVERIFY(direct->address() != one->address() && one->address() != other->address());
    QVERIFY(!direct->sameConnection(*one) && !one->sameConnection(*other));
}

void SshRouteTest::aBannerIsNoReason()
{
    const SshRoute route{u"me@b"_s, {}};
    const QByteArray banner = "Permission denied to all but operators. Sessions are closed by the end of the day.\n";
    QCOMPARE(sshFailure({.ended = false, .words = banner}, route, u"h:1"_s).kind, SourceTrouble::None);
    QCOMPARE(sshFailure({.words = banner}, route, u"h:1"_s).kind, SourceTrouble::None);
    QCOMPARE(sshFailure({.crashed = true, .status = 9, .words = {}}, route, u"h:1"_s).kind, SourceTrouble::Closed);
}

PULSEDECK_TEST(SshRouteTest, runWithEvents)
#include "sshroute_test.moc"
