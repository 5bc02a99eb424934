// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/ctloptions.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using Action = CtlOptions::Action;

class CtlOptionsTest : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatIsGiven();
    void readsAnAct();
    void readsValuesAfterAnEqualsSign();
    void takesTheEnvironmentWithoutAUrl();
    void takesHubsBesideRedis();
    void findsHelpAndVersion_data();
    void findsHelpAndVersion();
    void refuses_data();
    void refuses();
    void explainsItself();
};

void CtlOptionsTest::readsWhatIsGiven()
{
    const CtlOptions options =
        CtlOptions::parse({u"watch"_s, u"redis://a"_s, u"--json"_s, u"--where"_s, u"status:draining -type:webkit"_s, u"b:7000"_s,
                           u"--timeout"_s, u"2.5"_s, u"--exit-after"_s, u"60"_s},
                          {});
    QVERIFY2(options.action == Action::Watch, qPrintable(options.problem));
    QCOMPARE(options.sources.size(), size_t(2));
    QCOMPARE(options.sources.at(0).host, u"a"_s);
    QCOMPARE(options.sources.at(1).port, 7000);
    QVERIFY(options.json);
    QCOMPARE(options.where, u"status:draining -type:webkit"_s);
    QCOMPARE(options.timeoutMs, 2'500);
    QCOMPARE(options.exitAfterMs, 60'000);

    const CtlOptions plain = CtlOptions::parse({u"list"_s, u"redis://a"_s}, {});
    QCOMPARE(plain.action, Action::List);
    QVERIFY(!plain.json && plain.where.isEmpty() && plain.timeoutMs > 0 && plain.exitAfterMs == 0);
}

void CtlOptionsTest::readsAnAct()
{
    CtlOptions options =
        CtlOptions::parse({u"shutdown"_s, u"abcd"_s, u"chromium:x"_s, u"--now"_s, u"--url"_s, u"a"_s, u"--url=b"_s, u"--reason"_s,
                           u"new image"_s, u"--ttl"_s, u"2m"_s, u"--wait"_s, u"--json"_s, u"--journal"_s, u"none"_s},
                          {});
    QVERIFY2(options.action == Action::Act, qPrintable(options.problem));
    QCOMPARE(options.act, Act::ShutdownNow);
    QCOMPARE(options.workers, (QStringList{u"abcd"_s, u"chromium:x"_s}));
    QCOMPARE(options.sources.size(), size_t(2));
    QCOMPARE(options.reason, u"new image"_s);
    QCOMPARE(options.ttlMs, 120'000);
    QCOMPARE(options.journalFile, u"none"_s);
    QVERIFY(options.wait && options.json && !options.dryRun && !options.force);

    options = CtlOptions::parse({u"reap"_s, u"--url"_s, u"a"_s, u"--dry-run"_s}, {});
    QVERIFY2(options.action == Action::Act, qPrintable(options.problem));
    QCOMPARE(options.act, Act::Reap);
    QVERIFY(options.workers.isEmpty() && options.dryRun);

    options = CtlOptions::parse({u"drain"_s, u"--where"_s, u"type:webkit"_s, u"--force"_s, u"--url"_s, u"a"_s}, {});
    QVERIFY2(options.action == Action::Act, qPrintable(options.problem));
    QCOMPARE(options.act, Act::Drain);
    QVERIFY(options.force);
    QCOMPARE(options.ttlMs, 0);
}

void CtlOptionsTest::readsValuesAfterAnEqualsSign()
{
    const CtlOptions options =
        CtlOptions::parse({u"list"_s, u"--timeout=3"_s, u"--where=-status:draining"_s, u"--"_s, u"redis://a"_s}, {});
    QVERIFY2(options.action == Action::List, qPrintable(options.problem));
    QCOMPARE(options.timeoutMs, 3'000);
    QCOMPARE(options.where, u"-status:draining"_s);
}

void CtlOptionsTest::takesTheEnvironmentWithoutAUrl()
{
    QProcessEnvironment environment;
    environment.insert(u"REDIS_URL"_s, u"redis://from-environment:1"_s);
    CtlOptions options = CtlOptions::parse({u"list"_s}, environment);
    QCOMPARE(options.sources.size(), size_t(1));
    QCOMPARE(options.sources.front().host, u"from-environment"_s);
    options = CtlOptions::parse({u"list"_s, u"given"_s}, environment);
    QCOMPARE(options.sources.size(), size_t(1));
    QCOMPARE(options.sources.front().host, u"given"_s);
    environment.insert(u"REDIS_URL"_s, u"redis://u:SECRET@h:port"_s);
    options = CtlOptions::parse({u"list"_s}, environment);
    QCOMPARE(options.action, Action::Wrong);
    QVERIFY2(options.problem.startsWith(u"REDIS_URL"_s) && !options.problem.contains(u"SECRET"_s), qPrintable(options.problem));
}

void CtlOptionsTest::takesHubsBesideRedis()
{
    QProcessEnvironment environment;
    environment.insert(u"SIGNAL_HUB_TOKEN"_s, u"SECRET"_s);
    CtlOptions options = CtlOptions::parse(
        {u"list"_s, u"redis://a"_s, u"ws://hub:8787"_s, u"HTTPS://other/x"_s, u"--cacert"_s, u"ca.pem"_s}, environment);
    QVERIFY2(options.action == Action::List, qPrintable(options.problem));
    QCOMPARE(options.sources.size(), size_t(3));
    QVERIFY(options.sources.at(0).kind != SourceKind::Hub && options.sources.at(1).kind == SourceKind::Hub
            && options.sources.at(2).kind == SourceKind::Hub);
    QCOMPARE(options.sources.at(1).address(), u"ws://hub:8787"_s);
    QCOMPARE(options.sources.at(2).address(), u"wss://other:443"_s);
    QCOMPARE(options.sources.at(2).path, u"/x"_s);
    QCOMPARE(options.hubAccess.caFile, u"ca.pem"_s);
    QVERIFY(options.hubAccess.token == HubSecret(u"SECRET"_s));

    environment.insert(u"SIGNAL_HUB_URL"_s, u"ws://from-environment"_s);
    options = CtlOptions::parse({u"list"_s}, environment);
    QCOMPARE(options.sources.size(), size_t(1));
    QVERIFY(options.sources.front().kind == SourceKind::Hub);
    environment.insert(u"REDIS_URL"_s, u"redis://from-environment"_s);
    QCOMPARE(CtlOptions::parse({u"list"_s}, environment).sources.size(), size_t(2));
    options = CtlOptions::parse({u"drain"_s, u"@(local/a)"_s, u"--url"_s, u"ws://hub"_s}, environment);
    QVERIFY2(options.action == Action::Act, qPrintable(options.problem));
    QCOMPARE(options.sources.size(), size_t(1));
    QCOMPARE(options.workers, QStringList{u"@(local/a)"_s});
}

void CtlOptionsTest::findsHelpAndVersion_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("action");
    QTest::newRow("--help") << QStringList{u"--help"_s} << int(Action::Help);
    QTest::newRow("-h") << QStringList{u"-h"_s} << int(Action::Help);
    QTest::newRow("list --help") << QStringList{u"list"_s, u"--help"_s} << int(Action::Help);
    QTest::newRow("help") << QStringList{u"help"_s} << int(Action::Help);
    QTest::newRow("help timing apply") << QStringList{u"help"_s, u"timing"_s, u"apply"_s} << int(Action::Help);
    QTest::newRow("completion") << QStringList{u"completion"_s, u"zsh"_s} << int(Action::Help);
    QTest::newRow("--version") << QStringList{u"--version"_s} << int(Action::Version);
}

void CtlOptionsTest::findsHelpAndVersion()
{
    QFETCH(QStringList, arguments);
    QTEST(int(CtlOptions::parse(arguments, {}).action), "action");
}

void CtlOptionsTest::refuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("word"); ///< Found in the problem.
    const auto row = [](const char *name, const QStringList &arguments, const char *word) {
        QTest::newRow(name) << arguments << QString::fromLatin1(word);
    };
    row("nothing", {}, "list, watch");
    row("other verb", {u"drop"_s, u"redis://u:SECRET@h"_s}, "list, watch");
    row("URL as verb", {u"redis://u:SECRET@h"_s}, "list, watch");
    row("no URL", {u"list"_s}, "REDIS_URL");
    row("bad URL", {u"list"_s, u"redis://u:SECRET@h:port"_s}, "port");
    row("second URL bad", {u"list"_s, u"a"_s, u"http://u:SECRET@h"_s}, "Address 2");
    row("unknown option", {u"list"_s, u"--yaml"_s, u"a"_s}, "--yaml");
    row("option with a secret", {u"list"_s, u"--redis://u:SECRET@h"_s}, "Unknown option");
    row("value for a flag", {u"list"_s, u"--json=SECRET"_s}, "no value");
    row("value for a short flag", {u"list"_s, u"-v=SECRET"_s}, "o");
    row("value missing", {u"list"_s, u"a"_s, u"--where"_s}, "missing after --where");
    row("timeout zero", {u"list"_s, u"a"_s, u"--timeout"_s, u"0"_s}, "seconds");
    row("timeout negative", {u"list"_s, u"a"_s, u"--timeout"_s, u"-1"_s}, "seconds");
    row("timeout text", {u"list"_s, u"a"_s, u"--timeout"_s, u"soon"_s}, "seconds");
    row("timeout not a number", {u"list"_s, u"a"_s, u"--timeout"_s, u"nan"_s}, "seconds");
    row("timeout enormous", {u"list"_s, u"a"_s, u"--timeout"_s, u"1e300"_s}, "seconds");
    row("exit-after for list", {u"list"_s, u"a"_s, u"--exit-after"_s, u"1"_s}, "not for list");
    row("exit-after without wait", {u"drain"_s, u"abcd"_s, u"--exit-after"_s, u"1"_s, u"--url"_s, u"a"_s},
        "watch and --wait only");
    row("settle without a filter", {u"drain"_s, u"abcd"_s, u"--settle"_s, u"1"_s, u"--url"_s, u"a"_s}, "--where only");
    row("wait for list", {u"list"_s, u"a"_s, u"--wait"_s}, "not for list");
    row("now for drain", {u"drain"_s, u"--now"_s, u"abcd"_s, u"--url"_s, u"a"_s}, "not for drain");
    row("ttl for drain", {u"drain"_s, u"--ttl"_s, u"60s"_s, u"abcd"_s, u"--url"_s, u"a"_s}, "not for drain");
    row("ttl of parts", {u"shutdown"_s, u"--ttl"_s, u"1500ms"_s, u"abcd"_s, u"--url"_s, u"a"_s}, "whole seconds");
    row("ttl text", {u"shutdown"_s, u"--ttl"_s, u"soon"_s, u"abcd"_s, u"--url"_s, u"a"_s}, "--ttl");
    row("nobody", {u"shutdown"_s, u"--url"_s, u"a"_s}, "Which workers");
    row("name too short", {u"shutdown"_s, u"abc"_s, u"--url"_s, u"a"_s}, "at least the first 4");
    row("address as a worker", {u"shutdown"_s, u"redis://u:SECRET@h"_s}, "--url");
    row("names and a filter", {u"drain"_s, u"abcd"_s, u"--where"_s, u"type:x"_s, u"--url"_s, u"a"_s}, "not both");
    row("wait for a rehearsal", {u"drain"_s, u"abcd"_s, u"--wait"_s, u"--dry-run"_s, u"--url"_s, u"a"_s}, "--dry-run");
    row("act that is none", {u"shutdown-now"_s, u"abcd"_s, u"--url"_s, u"a"_s}, "Unknown command");
    row("an option of timing", {u"list"_s, u"a"_s, u"--sarif"_s}, "not for list");
    row("help for nothing", {u"help"_s, u"dance"_s}, "Unknown command");
    row("completion for another shell", {u"completion"_s, u"ksh"_s}, "bash, zsh or fish");
    row("act with a bad URL", {u"drain"_s, u"abcd"_s, u"--url"_s, u"redis://u:SECRET@h:port"_s}, "port");
    row("token file without a hub", {u"list"_s, u"redis://a"_s, u"--token-file"_s, u"f"_s}, "hubs only");
    row("authority without a hub", {u"list"_s, u"redis://a"_s, u"--cacert"_s, u"f"_s}, "hubs only");
    row("hub with a login", {u"list"_s, u"ws://u:SECRET@h"_s}, "login");
    row("hub with a query", {u"list"_s, u"wss://h?token=SECRET"_s}, "after ?");
    row("bad filter", {u"list"_s, u"a"_s, u"--where"_s, u"age>ten"_s}, "--where");
}

void CtlOptionsTest::refuses()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, word);
    const CtlOptions options = CtlOptions::parse(arguments, {});
    QCOMPARE(options.action, Action::Wrong);
    QVERIFY2(options.problem.contains(word), qPrintable(options.problem));
    QVERIFY2(!options.problem.contains(u"SECRET"_s), qPrintable(options.problem));
}

void CtlOptionsTest::explainsItself()
{
    const QString help = CtlOptions::parse({u"--help"_s}, {}).text;
    for (const QString &word :
         {u"list"_s,           u"watch"_s,        u"--json"_s,    u"--where"_s,    u"--timeout"_s, u"--exit-after"_s,
          u"shutdown"_s,       u"drain"_s,        u"resume"_s,    u"cancel"_s,     u"reap"_s,      u"remove-key"_s,
          u"--now"_s,          u"--ttl"_s,        u"--wait"_s,    u"--dry-run"_s,  u"--reason"_s,  u"--journal"_s,
          u"--force"_s,        u"--url"_s,        u"REDIS_URL"_s, u"Exit codes"_s, u"hub"_s,       u"ws://"_s,
          u"SIGNAL_HUB_URL"_s, u"--token-file"_s, u"--cacert"_s})
        QVERIFY2(help.contains(word), qPrintable(word));
    for (const QString &line : help.split(u'\n'))
        QVERIFY2(line.size() <= 90, qPrintable(line));
}

PULSEDECK_TEST(CtlOptionsTest, runWithEvents)
#include "ctloptions_test.moc"
