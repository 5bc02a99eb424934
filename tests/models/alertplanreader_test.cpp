// SPDX-License-Identifier: GPL-3.0-or-later
// Files of alert rules: what is read, and what is refused with its line.
#include "models/alerts/alertplanreader.h"
#include "tests/support/testprogram.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class AlertPlanReaderTest : public QObject
{
    Q_OBJECT

private slots:
    void theBuiltInRulesAreSound()
    {
        const AlertPlan &plan = AlertPlanReader::builtIn();
        QVERIFY(plan.rules.size() >= 10);
        QVERIFY(plan.outlets.isEmpty());
        for (const AlertRule &rule : plan.rules)
            QVERIFY2(rule.clearMs > 0, qPrintable(rule.name));
        QCOMPARE(plan.rule(u"workers-lost"_s)->severity, AlertSeverity::Critical);
        QCOMPARE(plan.rule(u"none"_s), nullptr);
    }

    void whatIsWrittenIsReadBack()
    {
        AlertPlan plan = AlertPlanReader::builtIn();
        AlertOutlet hook;
        hook.name = u"ops"_s;
        hook.url = u"https://hooks.example.net/alerts"_s;
        hook.secretVariable = u"OPS_KEY"_s;
        hook.format = AlertOutlet::Format::Webhook;
        hook.repeatMs = 300'000;
        AlertOutlet command;
        command.name = u"call"_s;
        command.kind = AlertOutlet::Kind::Command;
        command.command = QStringList{u"notify"_s, u"--oncall"_s};
        command.timeoutMs = 2'500;
        plan.outlets = {hook, command};
        plan.rules.front().outlets = QStringList{u"ops"_s, u"call"_s, u"desktop"_s};
        const AlertPlanReading reading = AlertPlanReader::read(AlertPlanReader::write(plan));
        QVERIFY2(reading.ok(), reading.ok() ? "" : qPrintable(reading.problems.front().toString()));
        QCOMPARE(reading.plan.rules, plan.rules);
        QCOMPARE(reading.plan.outlets, plan.outlets);
    }

    void oneOfTheSameNameReplaces()
    {
        const AlertPlanReading own = AlertPlanReader::read(R"({"alerts": 1, "rules": [
            {"name": "workers-stale", "title": "t", "finding": "f", "when": "workers", "match": "liveness:stale", "on": false},
            {"name": "mine", "title": "t", "finding": "f", "when": "queues", "match": "waiting>5"}]})");
        QVERIFY(own.ok());
        const AlertPlan plan = AlertPlanReader::builtIn().with(own.plan);
        QCOMPARE(plan.rules.size(), AlertPlanReader::builtIn().rules.size() + 1);
        QVERIFY(!plan.rule(u"workers-stale"_s)->on);
        QCOMPARE(plan.rules.back().name, u"mine"_s);
    }

    void mistakesAreNamed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("said"); ///< A part of it.
        const auto rule = [](const QByteArray &fields) -> QByteArray {
            return "{\"alerts\": 1, \"rules\": [\n{\"name\": \"a\", \"title\": \"t\", \"finding\": \"f\", " + fields + "}]}";
        };
        const auto outlet = [](const QByteArray &fields) -> QByteArray {
            return "{\"alerts\": 1, \"outlets\": [{\"name\": \"a\", " + fields + "}]}";
        };
        QTest::newRow("no JSON") << QByteArray("{") << u"not JSON"_s;
        QTest::newRow("version") << QByteArray(R"({"alerts": 2})") << u"/alerts"_s;
        QTest::newRow("unknown field") << rule(R"("when": "queues", "mach": "waiting>5")") << u"mach"_s;
        QTest::newRow("filter") << rule(R"("when": "workers", "match": "age>ten")") << u"a.json:2: /rules/0/match"_s;
        QTest::newRow("keep") << rule(R"("when": "queues", "match": "waiting>5", "keep": "waiting>x")") << u"/rules/0/keep"_s;
        QTest::newRow("no filter") << rule(R"("when": "workers")") << u"every worker"_s;
        QTest::newRow("no floor") << rule(R"("when": "capacity", "group": "type")") << u"below"_s;
        QTest::newRow("floor of each") << rule(R"("when": "capacity", "below": 90)") << u"needs a group"_s;
        QTest::newRow("lower end") << rule(R"("when": "capacity", "group": "type", "below": 90, "keepBelow": 80)")
                                   << u"keepBelow"_s;
        QTest::newRow("by age") << rule(R"("when": "capacity", "group": "type", "below": 90, "match": "age>5s")") << u"by age"_s;
        QTest::newRow("host of a queue") << rule(R"("when": "queues", "match": "waiting>5", "group": "host")") << u"a host"_s;
        QTest::newRow("together") << rule(R"("when": "workers", "match": "liveness:stale", "group": "type", "together": 5)")
                                  << u"/rules/0/together"_s;
        QTest::newRow("days") << rule(R"("when": "sources", "days": 5)") << u"/rules/0/days"_s;
        QTest::newRow("host of a source") << rule(R"("when": "certificates", "group": "host")") << u"a host"_s;
        QTest::newRow("timing") << rule(R"("when": "sources", "forTiming": "lunch")") << u"forTiming"_s;
        QTest::newRow("outlet") << rule(R"("when": "queues", "match": "waiting>5", "send": ["ops"])") << u"/rules/0/send/0"_s;
        QTest::newRow("twice") << QByteArray(
            R"({"alerts": 1, "outlets": [{"name": "a", "command": ["x"]}, {"name": "a", "command": ["y"]}]})")
                               << u"Another one"_s;
        QTest::newRow("password") << outlet("\"webhook\": \"https://me:hunter2@host/x\"") << u"password"_s;
        QTest::newRow("no address") << outlet("\"webhook\": \"ftp://host/x\"") << u"https://"_s;
        QTest::newRow("both") << outlet("\"webhook\": \"https://h/x\", \"command\": [\"x\"]") << u"either"_s;
        QTest::newRow("taken") << QByteArray(R"({"alerts": 1, "outlets": [{"name": "desktop", "command": ["x"]}]})")
                               << u"already"_s;
    }

    void mistakesAreNamed()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, said);
        const AlertPlanReading reading = AlertPlanReader::read(text, u"a.json"_s);
        QVERIFY(!reading.ok());
        QVERIFY(reading.plan.rules.isEmpty() && reading.plan.outlets.isEmpty());
        QString all;
        for (const LayoutProblem &problem : reading.problems)
            all += problem.toString() + u'\n';
        QVERIFY2(all.contains(said), qPrintable(all));
        QVERIFY(!all.contains(u"hunter2"_s));
    }

    void filesThatAreNoneAreNamed()
    {
        const QTemporaryDir folder;
        QVERIFY(!AlertPlanReader::readFile(folder.filePath(u"none.json"_s)).ok());
        QVERIFY(!AlertPlanReader::readFile(folder.path()).ok());
        QVERIFY(AlertPlanReader::schema().contains("draft-04"));
    }
};

PULSEDECK_TEST(AlertPlanReaderTest, runWithEvents)
#include "alertplanreader_test.moc"
