// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/redisurl.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using Transport = RedisUrl::Transport;

class RedisUrlTest : public QObject
{
    Q_OBJECT

private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void namesWhatItDoesNotUnderstand();
    void neverShowsTheLogin_data();
    void neverShowsTheLogin();
    void showsWhatItReads_data();
    void showsWhatItReads();
    void readsTheEnvironment();
    void saysWhatIsWrongWithTheEnvironment_data();
    void saysWhatIsWrongWithTheEnvironment();
};

void RedisUrlTest::reads_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<RedisUrl>("expected");
    const auto tcp = [](const QString &host, int port = 6379, int database = 0, const QString &user = {},
                        const QString &password = {}) {
        return RedisUrl{Transport::Tcp, host, port, {}, user, password, database, {}};
    };
    const auto tls = [](const QString &host, int port = 6379, int database = 0, const QString &caFile = {}) {
        return RedisUrl{Transport::Tls, host, port, {}, {}, {}, database, caFile};
    };
    const auto local = [](const QString &path, int database = 0, const QString &user = {}, const QString &password = {}) {
        return RedisUrl{Transport::Unix, u"127.0.0.1"_s, 6379, path, user, password, database, {}};
    };
    const auto row = [](const char *text, const RedisUrl &url) { QTest::newRow(text) << QString::fromUtf8(text) << url; };

    row("redis://localhost", tcp(u"localhost"_s));
    row("redis://localhost/", tcp(u"localhost"_s));
    row("REDIS://Example.COM:7000", tcp(u"Example.COM"_s, 7000));
    row("redis://10.0.0.1:6380/3", tcp(u"10.0.0.1"_s, 6380, 3));
    row("redis://h?db=5", tcp(u"h"_s, 6379, 5));
    row("redis://h/5?db=5", tcp(u"h"_s, 6379, 5));
    row("redis://h/?", tcp(u"h"_s));
    row("redis://h:6379/0/", tcp(u"h"_s));
    row("redis://h/3/", tcp(u"h"_s, 6379, 3));
    row("redis://h?family=0", tcp(u"h"_s));
    row("redis://h/2?family=6&socket_timeout=5&db=2", tcp(u"h"_s, 6379, 2));
    row("rediss://h?ssl_cert_reqs=", tls(u"h"_s));
    row("rediss://h?ssl_cert_reqs=none", tls(u"h"_s));
    row("rediss://h?ssl_ca_certs=/etc/ca.pem", tls(u"h"_s, 6379, 0, u"/etc/ca.pem"_s));
    row("valkey://:secret@h:7000/1", tcp(u"h"_s, 7000, 1, {}, u"secret"_s));
    row("VALKEYS://h", tls(u"h"_s));
    row("redis://:secret@h", tcp(u"h"_s, 6379, 0, {}, u"secret"_s));
    row("redis://user@h", tcp(u"h"_s, 6379, 0, u"user"_s));
    row("redis://user:@h", tcp(u"h"_s, 6379, 0, u"user"_s));
    row("redis://user:secret@h:1/1", tcp(u"h"_s, 1, 1, u"user"_s, u"secret"_s));
    row("redis://u%3Aser:p%40ss%2Fw%3Ard%25@h", tcp(u"h"_s, 6379, 0, u"u:ser"_s, u"p@ss/w:rd%"_s));
    row("redis://user:p@ss@h", tcp(u"h"_s, 6379, 0, u"user"_s, u"p@ss"_s));
    row("redis://user:a:b@h", tcp(u"h"_s, 6379, 0, u"user"_s, u"a:b"_s));
    row("redis://user:a+b@h", tcp(u"h"_s, 6379, 0, u"user"_s, u"a+b"_s));
    row("redis://:%C3%BC%E2%82%AC@h", tcp(u"h"_s, 6379, 0, {}, u"ü€"_s));
    row("redis://:ü€@h", tcp(u"h"_s, 6379, 0, {}, u"ü€"_s));
    row("redis://[::1]", tcp(u"::1"_s));
    row("redis://[::1]:7001/2", tcp(u"::1"_s, 7001, 2));
    row("redis://:pw@[fe80::1%25eth0]:7001", tcp(u"fe80::1%eth0"_s, 7001, 0, {}, u"pw"_s));
    row("redis://my_redis-1.local", tcp(u"my_redis-1.local"_s));
    row("redis://münchen.example", tcp(u"münchen.example"_s));
    row("  redis://localhost\n", tcp(u"localhost"_s));
    row("rediss://h:6390", tls(u"h"_s, 6390));
    row("rediss://h/2?cacert=/etc/ca.pem", tls(u"h"_s, 6379, 2, u"/etc/ca.pem"_s));
    row("rediss://h?cacert=/a%20b/ca.pem&db=1", tls(u"h"_s, 6379, 1, u"/a b/ca.pem"_s));
    row("unix:///run/redis.sock", local(u"/run/redis.sock"_s));
    row("unix:///run/redis.sock?db=4", local(u"/run/redis.sock"_s, 4));
    row("unix://user:pw@/run/redis.sock", local(u"/run/redis.sock"_s, 0, u"user"_s, u"pw"_s));
    row("unix://:pw@/run/redis.sock?db=1", local(u"/run/redis.sock"_s, 1, {}, u"pw"_s));
    row("unix:///run/a%3Fb.sock", local(u"/run/a?b.sock"_s));
    row("/run/redis.sock", local(u"/run/redis.sock"_s));
    row("localhost", tcp(u"localhost"_s));
    row("localhost:7000", tcp(u"localhost"_s, 7000));
    row("localhost/2", tcp(u"localhost"_s, 6379, 2));
    row("[::1]:7000", tcp(u"::1"_s, 7000));
    row(":pw@localhost", tcp(u"localhost"_s, 6379, 0, {}, u"pw"_s));

    RedisUrl sentinels = tcp(u"s1"_s, 26379);
    sentinels.master = u"orders"_s;
    row("redis+sentinel://s1/orders", sentinels);
    row("redis+sentinel://s1/orders/", sentinels);
    row("valkey+sentinel://s1:26379,s1/orders/0", sentinels);
    sentinels.furtherSentinels = {{u"s2"_s, 26380}, {u"::1"_s, 26379}};
    row("Redis+Sentinel://s1,s2:26380,[::1]/orders", sentinels);
    sentinels.database = 3;
    sentinels.user = u"u"_s;
    sentinels.password = u"p@,w"_s;
    row("redis+sentinel://u:p%40,w@s1,s2:26380,[::1]/orders/3", sentinels);
    sentinels.sentinelUser = u"su"_s;
    sentinels.sentinelPassword = u"a&b"_s;
    sentinels.sentinelTls = true;
    row("redis+sentinel://u:p%40,w@s1,s2:26380,[::1]/orders/3?sentinel_user=su&sentinel_password=a%26b&sentinel_tls=yes",
        sentinels);
    RedisUrl encrypted = tls(u"s1"_s, 26379, 0, u"/ca.pem"_s);
    encrypted.master = u"my master"_s;
    encrypted.sentinelTls = true;
    row("rediss+sentinel://s1/my%20master?cacert=/ca.pem", encrypted);
    encrypted.sentinelTls = false;
    row("rediss+sentinel://s1/my%20master?cacert=/ca.pem&sentinel_tls=no", encrypted);

    RedisUrl cluster = tcp(u"c1"_s, 7000, 0, u"u"_s, u"p,w"_s);
    cluster.isCluster = true;
    row("redis+cluster://u:p,w@c1:7000", cluster);
    row("valkey+cluster://u:p,w@c1:7000,c1:7000/0", cluster);
    cluster.furtherNodes = {{u"c2"_s, 6379}, {u"::1"_s, 7001}};
    row("Redis+Cluster://u:p,w@c1:7000,c2,[::1]:7001/", cluster);
    RedisUrl encryptedCluster = tls(u"c1"_s, 6379, 0, u"/ca.pem"_s);
    encryptedCluster.isCluster = true;
    row("rediss+cluster://c1?cacert=/ca.pem", encryptedCluster);
}

void RedisUrlTest::reads()
{
    QFETCH(QString, text);
    QString error = u"from before"_s;
    const auto url = RedisUrl::parse(text, &error);
    QVERIFY2(url, qPrintable(error));
    QVERIFY(error.isEmpty());
    QTEST(*url, "expected");
    QVERIFY(RedisUrl::parse(text, nullptr));
}

void RedisUrlTest::refuses_data()
{
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const QString &text) { QTest::newRow(name) << text; };
    row("empty", {});
    row("blank", u" \t"_s);
    row("scheme", u"http://SECRET@h"_s);
    row("scheme alone", u"redis://"_s);
    row("no host", u"redis://:SECRET@"_s);
    row("no host with port", u"redis://u:SECRET@:6379"_s);
    row("port 0", u"redis://u:SECRET@h:0"_s);
    row("port 65536", u"redis://u:SECRET@h:65536"_s);
    row("port negative", u"redis://u:SECRET@h:-1"_s);
    row("port enormous", u"redis://u:SECRET@h:99999999999999999999"_s);
    row("port empty", u"redis://u:SECRET@h:"_s);
    row("port no number", u"redis://u:SECRET@h:6379x"_s);
    row("port other digits", u"redis://u:SECRET@h:６３７９"_s);
    row("cluster with a database", u"redis+cluster://u:SECRET@h/1"_s);
    row("cluster with another database", u"redis+cluster://u:SECRET@h?db=1"_s);
    row("cluster without a host", u"redis+cluster://u:SECRET@h,,h2"_s);
    row("cluster by a socket", u"unix+cluster://SECRET/run/redis.sock"_s);
    row("cluster of too many nodes", u"redis+cluster://u:SECRET@"_s + QString(u"h,"_s).repeated(16) + u"h"_s);
    row("database negative", u"redis://u:SECRET@h/-1"_s);
    row("database no number", u"redis://u:SECRET@h/zero"_s);
    row("database enormous", u"redis://u:SECRET@h/99999999999"_s);
    row("database twice", u"redis://u:SECRET@h/1?db=2"_s);
    row("database empty", u"redis://u:SECRET@h?db="_s);
    row("path too long", u"redis://u:SECRET@h/1/2"_s);
    row("unknown query", u"redis://u:SECRET@h?keyPrefix=x"_s);
    row("client certificate without TLS", u"redis://u:SECRET@h?ssl_certfile=/a"_s);
    row("fingerprint", u"rediss://u:SECRET@h?fingerprint=AB:CD"_s);
    row("place of a password that is there", u"redis://u:SECRET@h?password_env=A"_s);
    row("question mark in password, word behind it", u"redis://u:pa?SECRET=1@h"_s);
    row("two slashes behind the database", u"redis://u:SECRET@h/0//"_s);
    row("cacert without TLS", u"redis://u:SECRET@h?cacert=/a"_s);
    row("cacert for a socket", u"unix://u:SECRET@/a?cacert=/a"_s);
    row("cacert empty", u"rediss://u:SECRET@h?cacert="_s);
    row("slash in password", u"redis://u:SEC/RET@h"_s);
    row("slash in password, port-like", u"redis://u:6379/SECRET@h"_s);
    row("hash in password", u"redis://u:SECRET#1@h"_s);
    row("question mark in password", u"redis://u:SECRET?1@h"_s);
    row("bad percent", u"redis://u:SECRET%zz@h"_s);
    row("cut percent", u"redis://u:SECRET%4@h"_s);
    row("no UTF-8", u"redis://u:SECRET%ff@h"_s);
    row("zero byte in password", u"redis://u:SECRET%00@h"_s);
    row("zero byte in host", u"redis://u:SECRET@h%00"_s);
    row("raw zero byte", QString(u"redis://u:SECRET@h"_s + QChar(u'\0')));
    row("space in host", u"redis://u:SECRET@my host"_s);
    row("line break in host", u"redis://u:SECRET@h\nx"_s);
    row("escaped line break in host", u"redis://u:SECRET@h%0d%0a"_s);
    row("escaped slash in host", u"redis://u:SECRET@a%2Fb"_s);
    row("escaped colon in host", u"redis://u:SECRET@a%3Ab"_s);
    row("angle in host", u"redis://u:SECRET@<script>"_s);
    row("host too long", QString(u"redis://u:SECRET@"_s + QString(300, u'a')));
    row("text too long", QString(u"redis://u:SECRET@"_s + QString(100'000, u'a')));
    row("IPv6 without brackets", u"redis://u:SECRET@::1"_s);
    row("IPv6 not closed", u"redis://u:SECRET@[::1"_s);
    row("IPv6 that is none", u"redis://u:SECRET@[::g]"_s);
    row("name in brackets", u"redis://u:SECRET@[localhost]"_s);
    row("text after brackets", u"redis://u:SECRET@[::1]x"_s);
    row("relative socket", u"unix://SECRET/run.sock"_s);
    row("socket without path", u"unix://u:SECRET@"_s);
    row("socket path too long", QString(u"unix://u:SECRET@/"_s + QString(107, u'a')));
    row("bare path too long", QString(u'/' + QString(107, u'a')));
    row("Sentinel without a master", u"redis+sentinel://u:SECRET@h"_s);
    row("Sentinel without a master, with a slash", u"redis+sentinel://u:SECRET@h/"_s);
    row("Sentinel list with a hole", u"redis+sentinel://u:SECRET@h,,i/m"_s);
    row("Sentinel with a wrong port", u"redis+sentinel://u:SECRET@h,i:0/m"_s);
    row("too many Sentinels", QString(u"redis+sentinel://u:SECRET@h"_s + QString(u",h"_s).repeated(20) + u"/m"_s));
    row("Sentinel with more after the database", u"redis+sentinel://u:SECRET@h/m/0/1"_s);
    row("Sentinel with a database that is none", u"redis+sentinel://u:SECRET@h/m/SEC"_s);
    row("Sentinel with a slash in the password", u"redis+sentinel://u:SEC/RET@h/m"_s);
    row("Sentinel with a TLS word that is none", u"redis+sentinel://u:SECRET@h/m?sentinel_tls=SECRET"_s);
    row("parameter for Sentinels without any", u"redis://u:SECRET@h?sentinel_password=SECRET"_s);
    row("socket of a Sentinel", u"unix+sentinel://u:SECRET@/run/s.sock"_s);
    row("two schemes", u"redis://redis://u:SECRET@h"_s);
}

void RedisUrlTest::refuses()
{
    QFETCH(QString, text);
    QString error;
    QVERIFY(!RedisUrl::parse(text, &error));
    QVERIFY(!error.isEmpty());
    QVERIFY2(error.endsWith(u'.') && error.size() < 200, qPrintable(error));
    QVERIFY2(!error.contains(u"SEC"_s) && !error.contains(u"RET"_s), qPrintable(error));
}

void RedisUrlTest::namesWhatItDoesNotUnderstand()
{
    QString error;
    QVERIFY(!RedisUrl::parse(u"redis://h?family=0&keyPrefix=app:"_s, &error));
    QVERIFY2(error.startsWith(u"The parameter keyPrefix= is not supported."_s), qPrintable(error));
    QVERIFY(!RedisUrl::parse(u"redis://h?ssl_keyfile=/k"_s, &error));
    QVERIFY2(error.startsWith(u"ssl_keyfile= is for rediss:// only"_s), qPrintable(error));
    // What may be the rest of a password is not repeated.
    QVERIFY(!RedisUrl::parse(u"redis://:pass?word=1@h"_s, &error));
    QVERIFY2(!error.contains(u"word"_s), qPrintable(error));
}

void RedisUrlTest::neverShowsTheLogin_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"redis://Usr:Hush@h:1/2", "rediss://Usr:Hush@h", "unix://Usr:Hush@/run/s.sock?db=1",
                             "redis://:Hush@[::1]:5", "redis://Usr:Hu@sh@h", "Usr:Hush@h"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void RedisUrlTest::neverShowsTheLogin()
{
    QFETCH(QString, text);
    const auto url = RedisUrl::parse(text, nullptr);
    QVERIFY(url);
    for (const QString &shown : {url->display(), url->shortName()}) {
        QVERIFY2(!shown.contains(u"Usr"_s) && !shown.contains(u"Hu"_s) && !shown.contains(u'@'), qPrintable(shown));
        QVERIFY(!shown.isEmpty());
    }
}

void RedisUrlTest::showsWhatItReads_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("display");
    QTest::addColumn<QString>("shortName");
    QTest::newRow("tcp") << u"redis://u:p@h"_s << u"redis://h:6379/0"_s << u"h:6379"_s;
    QTest::newRow("tls") << u"rediss://h:1/2"_s << u"rediss://h:1/2"_s << u"h:1"_s;
    QTest::newRow("IPv6") << u"[::1]"_s << u"redis://[::1]:6379/0"_s << u"[::1]:6379"_s;
    QTest::newRow("unix") << u"/run/a?b.sock"_s << u"unix:///run/a%3Fb.sock"_s << u"/run/a?b.sock"_s;
    QTest::newRow("Sentinels") << u"rediss+sentinel://u:p@a,[::1]:1/m%2F1/2"_s << u"rediss+sentinel://a:26379,[::1]:1/m%2F1/2"_s
                               << u"m/1@a:26379"_s;
    QTest::newRow("unix with database") << u"unix:///s?db=3"_s << u"unix:///s?db=3"_s << u"/s"_s;
}

void RedisUrlTest::showsWhatItReads()
{
    QFETCH(QString, text);
    auto url = RedisUrl::parse(text, nullptr);
    QVERIFY(url);
    QTEST(url->display(), "display");
    QTEST(url->shortName(), "shortName");
    // What is shown leads to the same place, without the login.
    url->user.clear();
    url->password.clear();
    const auto again = RedisUrl::parse(url->display(), nullptr);
    QVERIFY(again);
    QCOMPARE(*again, *url);
}

void RedisUrlTest::readsTheEnvironment()
{
    QProcessEnvironment environment;
    QString error = u"from before"_s;
    QVERIFY(!RedisUrl::fromEnvironment(environment, &error));
    QVERIFY(error.isEmpty());

    environment.insert(u"REDIS_PASSWORD"_s, u"a@b/c%"_s);
    environment.insert(u"REDIS_PORT"_s, u"7000"_s);
    QVERIFY(!RedisUrl::fromEnvironment(environment, &error));
    QVERIFY(error.isEmpty());

    environment.insert(u"REDIS_HOST"_s, u"db.example"_s);
    auto url = RedisUrl::fromEnvironment(environment, &error);
    QVERIFY(url);
    QCOMPARE(*url, (RedisUrl{Transport::Tcp, u"db.example"_s, 7000, {}, {}, u"a@b/c%"_s, 0, {}}));

    environment.insert(u"REDIS_USERNAME"_s, u"watcher"_s);
    for (const QString &yes : {u"1"_s, u"true"_s, u"YES"_s, u"on"_s}) {
        environment.insert(u"REDIS_TLS"_s, yes);
        url = RedisUrl::fromEnvironment(environment, &error);
        QVERIFY(url);
        QCOMPARE(url->transport, Transport::Tls);
        QCOMPARE(url->user, u"watcher"_s);
    }
    for (const QString &no : {u"0"_s, u"false"_s, u"No"_s, u"off"_s, QString()}) {
        environment.insert(u"REDIS_TLS"_s, no);
        url = RedisUrl::fromEnvironment(environment, &error);
        QVERIFY(url);
        QCOMPARE(url->transport, Transport::Tcp);
    }

    environment.insert(u"REDIS_URL"_s, u"redis://other:1/2"_s);
    url = RedisUrl::fromEnvironment(environment, &error);
    QVERIFY(url);
    QCOMPARE(*url, (RedisUrl{Transport::Tcp, u"other"_s, 1, {}, {}, {}, 2, {}}));
}

void RedisUrlTest::saysWhatIsWrongWithTheEnvironment_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::newRow("url") << u"REDIS_URL"_s << u"redis://u:SECRET@h:port"_s;
    QTest::newRow("host") << u"REDIS_HOST"_s << u"a b"_s;
    QTest::newRow("port") << u"REDIS_PORT"_s << u"none"_s;
    QTest::newRow("tls") << u"REDIS_TLS"_s << u"maybe"_s;
}

void RedisUrlTest::saysWhatIsWrongWithTheEnvironment()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QProcessEnvironment environment;
    environment.insert(u"REDIS_HOST"_s, u"localhost"_s);
    environment.insert(name, value);
    QString error;
    QVERIFY(!RedisUrl::fromEnvironment(environment, &error));
    QVERIFY2(error.startsWith(name + u": "_s), qPrintable(error));
    QVERIFY2(!error.contains(u"SECRET"_s), qPrintable(error));
}

PULSEDECK_TEST(RedisUrlTest, runWithEvents)
#include "redisurl_test.moc"
