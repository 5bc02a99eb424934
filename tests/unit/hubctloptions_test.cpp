// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/hub/hubctloptions.h"
#include "tests/support/testprogram.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using HubCtlOptionsAction = HubCtlOptions::Action;

class HubCtlOptionsTest : public QObject
{
    Q_OBJECT

private slots:
    void readsEachAction();
    void readsAMessage();
    void takesTheEnvironment();
    void refuses_data();
    void refuses();
    void neverTakesATokenAsAnArgument_data();
    void neverTakesATokenAsAnArgument();
    void readsATokensFile_data();
    void readsATokensFile();
    void readsAnAuthoritysFile();
    void explainsItself();
};

void HubCtlOptionsTest::readsEachAction()
{
    const QString url = u"ws://hub:8787"_s;
    HubCtlOptions options = HubCtlOptions::parse({u"health"_s, url, u"--json"_s, u"--timeout=2.5"_s}, {});
    QVERIFY2(options.action == HubCtlOptionsAction::Health, qPrintable(options.problem));
    QCOMPARE(options.hub.display(), url);
    QVERIFY(options.json);
    QCOMPARE(options.timeoutMs, 2'500);

    options = HubCtlOptions::parse({u"actors"_s, u"https://hub"_s, u"--where"_s, u"id:local"_s}, {});
    QVERIFY2(options.action == HubCtlOptionsAction::Actors, qPrintable(options.problem));
    QCOMPARE(options.hub.display(), u"wss://hub:443"_s);
    const CtlOptions list = options.asList();
    QCOMPARE(list.action, CtlOptions::Action::List);
    QCOMPARE(list.where, u"id:local"_s);
    QVERIFY(list.actorColumns && list.sources.size() == 1 && list.sources.front().kind == SourceKind::Hub);

    options = HubCtlOptions::parse({u"discover"_s, url}, {});
    QVERIFY2(options.action == HubCtlOptionsAction::Discover, qPrintable(options.problem));
    QCOMPARE(options.pattern, u"*"_s);
    options = HubCtlOptions::parse({u"discover"_s, url, u"@(local/*)"_s, u"--capability"_s, u"planner"_s}, {});
    QCOMPARE(options.pattern, u"@(local/*)"_s);
    QCOMPARE(options.capability, u"planner"_s);

    options = HubCtlOptions::parse({u"metrics"_s, u"--url"_s, url, u"--every"_s, u"5"_s}, {});
    QVERIFY2(options.action == HubCtlOptionsAction::Metrics, qPrintable(options.problem));
    QCOMPARE(options.everyMs, 5'000);
    QCOMPARE(HubCtlOptions::parse({u"metrics"_s, url}, {}).everyMs, 0);
    QCOMPARE(HubCtlOptions::parse({u"--help"_s}, {}).action, HubCtlOptionsAction::Help);
    QCOMPARE(HubCtlOptions::parse({u"send"_s, u"-h"_s}, {}).action, HubCtlOptionsAction::Help);
}

void HubCtlOptionsTest::readsAMessage()
{
    HubCtlOptions options = HubCtlOptions::parse({u"send"_s, u"ws://hub"_s, u"@(local/a)"_s, u"task:assign"_s, u"{\"a\":1}"_s,
                                                  u"--wait-reply"_s, u"3"_s, u"--journal"_s, u"none"_s},
                                                 {});
    QVERIFY2(options.action == HubCtlOptionsAction::Send, qPrintable(options.problem));
    QCOMPARE(options.actor, u"@(local/a)"_s);
    QCOMPARE(options.type, u"task:assign"_s);
    QCOMPARE(options.data, u"{\"a\":1}"_s);
    QCOMPARE(options.replyMs, 3'000);
    QCOMPARE(options.journalFile, u"none"_s);
    QVERIFY(options.hasData && !options.tell);

    options = HubCtlOptions::parse({u"send"_s, u"ws://hub"_s, u"plain"_s, u"t"_s, u"--tell"_s}, {});
    QVERIFY2(options.action == HubCtlOptionsAction::Send, qPrintable(options.problem));
    QVERIFY(!options.hasData && options.tell);
    // Standard input, and a number that begins with a minus sign.
    QCOMPARE(HubCtlOptions::parse({u"send"_s, u"ws://hub"_s, u"a"_s, u"t"_s, u"-"_s}, {}).data, u"-"_s);
    QCOMPARE(HubCtlOptions::parse({u"send"_s, u"ws://hub"_s, u"--"_s, u"a"_s, u"t"_s, u"-5"_s}, {}).data, u"-5"_s);
}

void HubCtlOptionsTest::takesTheEnvironment()
{
    QProcessEnvironment environment;
    environment.insert(u"SIGNAL_HUB_URL"_s, u"ws://from-environment:1"_s);
    environment.insert(u"SIGNAL_HUB_TOKEN"_s, u" SECRET\n"_s);
    HubCtlOptions options = HubCtlOptions::parse({u"discover"_s, u"@(local/*)"_s}, environment);
    QVERIFY2(options.action == HubCtlOptionsAction::Discover, qPrintable(options.problem));
    QCOMPARE(options.hub.host, u"from-environment"_s);
    QCOMPARE(options.pattern, u"@(local/*)"_s); // What has no scheme is no hub.
    QVERIFY(options.hubAccess.token == HubSecret(u"SECRET"_s));
    options = HubCtlOptions::parse({u"discover"_s, u"ws://given"_s}, environment);
    QCOMPARE(options.hub.host, u"given"_s);
    options = HubCtlOptions::parse({u"actors"_s, u"--token-file"_s, u"f"_s}, environment);
    QVERIFY(options.hubAccess.token.isEmpty()); // The file's is meant.
    environment.insert(u"SIGNAL_HUB_URL"_s, u"ws://u:SECRET@h"_s);
    options = HubCtlOptions::parse({u"health"_s}, environment);
    QCOMPARE(options.action, HubCtlOptionsAction::Wrong);
    QVERIFY2(options.problem.startsWith(u"SIGNAL_HUB_URL"_s) && !options.problem.contains(u"SECRET"_s),
             qPrintable(options.problem));
}

void HubCtlOptionsTest::refuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("word");
    const auto row = [](const char *name, const QStringList &arguments, const char *word) {
        QTest::newRow(name) << arguments << QString::fromLatin1(word);
    };
    const QString hub = u"ws://h"_s;
    row("nothing", {}, "command is missing");
    row("another verb", {u"kill"_s, hub}, "Unknown command");
    row("no hub", {u"health"_s}, "SIGNAL_HUB_URL");
    row("a Redis", {u"health"_s, u"redis://SECRET@h"_s}, "ws://");
    row("a login", {u"health"_s, u"ws://u:SECRET@h"_s}, "login");
    row("a token in the address", {u"health"_s, u"ws://h?token=SECRET"_s}, "after ?");
    row("two hubs", {u"health"_s, hub, u"--url"_s, hub}, "Only one hub");
    row("too much", {u"health"_s, hub, u"more"_s}, "too many arguments");
    row("no such option", {u"health"_s, hub, u"--SECRET=1"_s}, "Unknown option");
    row("a value is missing", {u"health"_s, hub, u"--timeout"_s}, "missing");
    row("an empty value", {u"actors"_s, hub, u"--where="_s}, "needs a value");
    row("a value that is none", {u"health"_s, hub, u"--json=yes"_s}, "no value");
    row("timeout", {u"health"_s, hub, u"--timeout"_s, u"0"_s}, "seconds");
    row("every, too fast", {u"metrics"_s, hub, u"--every"_s, u"0.2"_s}, "one second");
    row("every, elsewhere", {u"health"_s, hub, u"--every"_s, u"5"_s}, "not for hub health");
    row("journal, elsewhere", {u"actors"_s, hub, u"--journal"_s, u"f"_s}, "not for hub actors");
    row("token for health", {u"health"_s, hub, u"--token-file"_s, u"f"_s}, "not for hub health");
    row("bad filter", {u"actors"_s, hub, u"--where"_s, u"age>ten"_s}, "--where");
    row("send to nobody", {u"send"_s, hub}, "The actor is missing");
    row("send without a type", {u"send"_s, hub, u"@(a)"_s}, "type");
    row("send too much", {u"send"_s, hub, u"@(a)"_s, u"t"_s, u"{}"_s, u"{}"_s}, "too many arguments");
    row("an address of two lines", {u"send"_s, hub, u"@(a\nb)"_s, u"t"_s}, "The actor is missing");
}

void HubCtlOptionsTest::refuses()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, word);
    const HubCtlOptions options = HubCtlOptions::parse(arguments, {});
    QCOMPARE(options.action, HubCtlOptionsAction::Wrong);
    QVERIFY2(options.problem.contains(word), qPrintable(options.problem));
    QVERIFY2(!options.problem.contains(u"SECRET"_s), qPrintable(options.problem));
    QCOMPARE(options.problem.count(u'\n'), 0);
}

void HubCtlOptionsTest::neverTakesATokenAsAnArgument_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("two words") << QStringList{u"--token"_s, u"SECRET"_s};
    QTest::newRow("one word") << QStringList{u"--token=SECRET"_s};
    QTest::newRow("alone") << QStringList{u"--token"_s};
}

void HubCtlOptionsTest::neverTakesATokenAsAnArgument()
{
    QFETCH(QStringList, arguments);
    const QString hub = QStringList(QStringList{u"actors"_s, u"ws://h"_s} + arguments).join(u' ');
    for (const QString &problem : {HubCtlOptions::parse(QStringList{u"actors"_s, u"ws://h"_s} + arguments, {}).problem,
                                   CtlOptions::parse(QStringList{u"list"_s, u"ws://h"_s} + arguments, {}).problem}) {
        QVERIFY2(problem.contains(u"verybody on this machine"_s) && problem.contains(u"--token-file"_s),
                 qPrintable(hub + problem));
        QVERIFY(!problem.contains(u"SECRET"_s));
    }
}

void HubCtlOptionsTest::readsATokensFile_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("token"); // Empty: refused.
    QTest::newRow("a word") << "eyJ.abc.def"_ba << u"eyJ.abc.def"_s;
    QTest::newRow("a line") << " eyJ.abc.def\n"_ba << u"eyJ.abc.def"_s;
    QTest::newRow("empty") << ""_ba << QString();
    QTest::newRow("blank") << " \n"_ba << QString();
    QTest::newRow("two words") << "SECRET SECRET"_ba << QString();
    QTest::newRow("no text") << "SECRET\xc3\xa4"_ba << QString();
    QTest::newRow("much") << QByteArray(HubAccess::largestToken + 1, 'S') << QString();
}

void HubCtlOptionsTest::readsATokensFile()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, token);
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"token"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    file.close();
    HubAccess access;
    access.tokenFile = file.fileName();
    const QString problem = access.load();
    QCOMPARE(problem.isEmpty(), !token.isEmpty());
    QVERIFY(access.token == HubSecret(token));
    QVERIFY2(!problem.contains(u"SECRET"_s), qPrintable(problem));
    access.tokenFile = folder.filePath(u"not there"_s);
    QVERIFY(access.load().contains(u"cannot be read"_s));
}

void HubCtlOptionsTest::readsAnAuthoritysFile()
{
    const QTemporaryDir folder;
    HubAccess access;
    access.caFile = folder.filePath(u"ca.pem"_s);
    QVERIFY(access.load().contains(u"cannot be read"_s));
    QFile file(access.caFile);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("no certificate") > 0);
    file.close();
    QVERIFY(access.load().contains(u"does not contain a certificate"_s));
}

void HubCtlOptionsTest::explainsItself()
{
    const QString help = HubCtlOptions::parse({u"--help"_s}, {}).text;
    for (const QString &word :
         {u"health"_s, u"actors"_s, u"discover"_s, u"send"_s, u"metrics"_s, u"--json"_s, u"--where"_s, u"--capability"_s,
          u"--every"_s, u"--tell"_s, u"--wait-reply"_s, u"--journal"_s, u"--url"_s, u"--token-file"_s, u"--cacert"_s,
          u"--timeout"_s, u"SIGNAL_HUB_URL"_s, u"SIGNAL_HUB_TOKEN"_s, u"Exit codes"_s})
        QVERIFY2(help.contains(word), qPrintable(word));
    for (const QString &line : help.split(u'\n'))
        QVERIFY2(line.size() <= 90, qPrintable(line));
    QVERIFY(help.indexOf(u"Sending (recorded"_s) < help.indexOf(u"  send "_s)); // After reading.
    QVERIFY(help.indexOf(u"  metrics "_s) < help.indexOf(u"Sending (recorded"_s));
}

PULSEDECK_TEST(HubCtlOptionsTest, runWithEvents)
#include "hubctloptions_test.moc"
