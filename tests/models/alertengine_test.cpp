// SPDX-License-Identifier: GPL-3.0-or-later
// Alerts by a stepped clock: when a rule begins and ends to call, what holds it back, and what is said of it.
#include "models/alerts/alertjson.h"
#include "models/alerts/alertwords.h"
#include "models/alerts/metricstext.h"
#include "models/alerts/workercondition.h"
#include "tests/models/alertscene.h"
#include "tests/support/testprogram.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class AlertEngineTest : public QObject
{
    Q_OBJECT

private slots:
    void oneThatIsOverKeepsItsLabels()
    {
        AlertScene scene(
            R"({"name": "c", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed", "clear": 1})");
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(alertTickMs);
        scene.crash(1);
        scene.run(alertTickMs);
        const Alert fired = onlyAlert(scene.engine);
        scene.fleet.apply(scene.fleet.alive(1));
        scene.run(2'000);
        const Alert over = onlyAlert(scene.engine);
        QCOMPARE(over.state, AlertState::Resolved);
        // Alertmanager knows by them that it is the same alert.
        QCOMPARE(alertJson(over, scene.fleet.clock)["labels"_L1], alertJson(fired, scene.fleet.clock)["labels"_L1]);
        QCOMPARE(alertTitle(over), alertTitle(fired));
    }

    void oneThatEndedUnseenCallsAndIsOver()
    {
        AlertScene scene;
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.fleet.add(2, "chromium:bbbbbbbb-2");
        scene.run(alertTickMs);
        scene.fleet.apply(scene.fleet.gone(1, WorkerEnd::Expired, false));
        scene.fleet.apply(scene.fleet.gone(2, WorkerEnd::Drained, false)); // In order.
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired workers-lost 10.0.0.1"_s));
        scene.run(WorkerCondition::endedForMs + 30'000 - 3 * alertTickMs);
        QCOMPARE(scene.engine.firing(), 1);
        scene.run(4 * alertTickMs);
        QCOMPARE(scene.engine.firing(), 0);
    }

    void itHasToHoldForSoLong()
    {
        AlertScene scene(R"({"name": "drained", "title": "t", "finding": "f", "when": "workers", "match": "status:draining",
                             "for": 10, "clear": 3})");
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(alertTickMs);
        scene.fleet.apply(scene.fleet.alive(1, 0, WorkerStatus::Draining));
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"pending drained prod · aaaaaaaa"_s));
        const Alert pending = onlyAlert(scene.engine);
        QCOMPARE(pending.dueAt, scene.fleet.clock.nowMs() + 10'000);
        scene.run(9'800);
        scene.fleet.apply(scene.fleet.alive(1)); // It does not hold for a moment: it begins again.
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"dropped"_s));
        scene.fleet.apply(scene.fleet.alive(1, 0, WorkerStatus::Draining));
        scene.run(10'000);
        QCOMPARE(scene.take(), QStringList(u"pending drained prod · aaaaaaaa"_s));
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired drained prod · aaaaaaaa"_s));
        // A gap shorter than "clear" does not end it.
        scene.fleet.apply(scene.fleet.alive(1));
        scene.run(2'900);
        scene.fleet.apply(scene.fleet.alive(1, 0, WorkerStatus::Draining));
        scene.run(5'000);
        QCOMPARE(scene.take(), QStringList());
        QCOMPARE(scene.engine.firing(), 1);
        scene.fleet.apply(scene.fleet.alive(1));
        scene.run(3'000 + alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"resolved drained prod · aaaaaaaa"_s));
    }

    void timeInWhichNobodyLookedDoesNotCount()
    {
        AlertScene scene(R"({"name": "deep", "title": "t", "finding": "deep", "when": "queues", "match": "waiting>1000",
                             "for": 120, "clear": 30})");
        scene.queue("mail", 2'000);
        scene.run(1'000);
        QCOMPARE(scene.take(), QStringList(u"pending deep prod · mail"_s));
        scene.fleet.clock.sleep(3'600'000); // The machine sleeps for an hour.
        scene.queue("mail", 2'000);
        scene.run(1'000);
        QCOMPARE(scene.take(), QStringList());
        QVERIFY(scene.fleet.clock.nowMs() - onlyAlert(scene.engine).since < 10'000);
        scene.run(119'500);
        QCOMPARE(scene.take(), QStringList(u"fired deep prod · mail"_s));
        // Nor for its end: it may have come back meanwhile.
        scene.queue("mail", 0);
        scene.run(2'000);
        scene.fleet.clock.sleep(3'600'000);
        scene.queue("mail", 2'000);
        scene.run(2'000);
        QCOMPARE(scene.take(), QStringList());
        QCOMPARE(scene.engine.firing(), 1);
    }

    void rulesAreForEnvironments()
    {
        AlertScene scene(R"({"name": "p", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed",
                             "environments": ["production"], "group": "source"})");
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(alertTickMs);
        scene.crash(1);
        scene.run(1'000);
        QCOMPARE(scene.take(), QStringList());
        scene.engine.setEnvironment(1, SourceEnvironment::Production);
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired p prod"_s));
        QCOMPARE(onlyAlert(scene.engine).environment, SourceEnvironment::Production);
        scene.engine.setEnvironment(1, SourceEnvironment::Staging);
        scene.run(31'000);
        QCOMPARE(scene.take(), QStringList(u"resolved p prod"_s));
    }

    void aSilenceNeedsAnEndAndAReason()
    {
        AlertScene scene;
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(alertTickMs);
        const qint64 wall = scene.fleet.clock.wallNowMs();
        QVERIFY(scene.engine.addSilence({.rule = u"workers-lost"_s, .until = wall + 60'000, .by = u"op"_s}).isEmpty());
        QVERIFY(scene.engine.addSilence({.rule = u"workers-lost"_s, .by = u"op"_s, .reason = u"r"_s}).isEmpty());
        QVERIFY(
            scene.engine.addSilence({.until = wall + AlertSilence::longestMs + 1, .by = u"op"_s, .reason = u"r"_s}).isEmpty());
        const QString id = scene.engine.addSilence({.rule = u"workers-lost"_s,
                                                    .groups = {u"10.0.0.1"_s},
                                                    .until = wall + 60'000,
                                                    .by = u"op"_s,
                                                    .reason = u"rebuilt"_s});
        QVERIFY(!id.isEmpty());
        QSignalSpy unsilenced(&scene.engine, &AlertEngine::unsilenced);
        scene.crash(1);
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired workers-lost 10.0.0.1"_s));
        QCOMPARE(onlyAlert(scene.engine).silence, id);
        QVERIFY(scene.engine.calling().empty());
        scene.run(59'000);
        QVERIFY(unsilenced.isEmpty());
        scene.run(1'000);
        QCOMPARE(unsilenced.size(), 1); // Its end calls.
        QCOMPARE(scene.engine.calling().size(), size_t(1));
        QVERIFY(scene.engine.silences().isEmpty());
        const QString again = scene.engine.addSilence({.until = scene.fleet.clock.wallNowMs() + 60'000, .reason = u"all"_s});
        QVERIFY(scene.engine.calling().empty());
        QVERIFY(scene.engine.endSilence(again));
        QCOMPARE(unsilenced.size(), 2);
        QVERIFY(!scene.engine.endSilence(again));
    }

    void aMarkLastsUntilItIsOver()
    {
        AlertScene scene;
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(alertTickMs);
        QVERIFY(!scene.engine.acknowledge(u"none"_s, {1, u"op"_s, u"r"_s}));
        scene.crash(1);
        scene.run(alertTickMs);
        const QString id = onlyAlert(scene.engine).id;
        QVERIFY(scene.engine.acknowledge(id, {scene.fleet.clock.wallNowMs(), u"op-2"_s, u"on it"_s}));
        QCOMPARE(onlyAlert(scene.engine).acknowledged.by, u"op-2"_s);
        scene.fleet.apply(scene.fleet.alive(1));
        scene.run(10'000);
        scene.fleet.apply(scene.fleet.alive(1)); // It beats on, and is not late.
        scene.run(21'000);
        QCOMPARE(scene.engine.firing(), 0);
        scene.crash(1);
        scene.run(alertTickMs);
        const Alert fresh = *scene.engine.alert(id);
        QVERIFY(fresh.isFiring());
        QVERIFY(!fresh.acknowledged);
    }

    void rulesThatChangeAreOverAndOthersGoOn()
    {
        const QByteArray a = R"({"name": "a", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed"})";
        const QByteArray b = R"({"name": "b", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed"})";
        AlertScene scene(a + ',' + b);
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.crash(1);
        scene.run(alertTickMs);
        QCOMPARE(scene.take().size(), 2);
        scene.engine.setPlan(AlertScene::plan(a));
        QCOMPARE(scene.take(), QStringList(u"resolved b prod · aaaaaaaa"_s));
        scene.run(1'000);
        QCOMPARE(scene.engine.firing(), 1);
        QVERIFY(!scene.engine.alerts().back().ending.isEmpty());
        AlertPlan off = AlertScene::plan(a);
        off.rules.front().on = false;
        scene.engine.setPlan(off);
        QCOMPARE(scene.take(), QStringList(u"resolved a prod · aaaaaaaa"_s));
    }

    void figuresAreTextAndWhatIsUnknownIsLeftOut()
    {
        MetricsText text;
        text.begin("a_total", MetricsText::Type::Counter, "Things.");
        text.add({{"name", u"a \"b\" \\ c\nd"_s}, {"x", u"1"_s}}, 123'456'789);
        text.addKnown({}, -1);
        text.addKnown({}, 0.5);
        QCOMPARE(text.text(), "# HELP a_total Things.\n# TYPE a_total counter\n"
                              "a_total{name=\"a \\\"b\\\" \\\\ c\\nd\",x=\"1\"} 123456789\na_total 0.5\n");
        AlertScene scene;
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(alertTickMs);
        scene.crash(1);
        scene.run(alertTickMs);
        MetricsText figures;
        addFleetMetrics(scene.fleet.store, &figures);
        addAlertMetrics(scene.engine, &figures);
        QVERIFY2(figures.text().contains("pulsedeck_workers{source=\"prod\",system=\"playwright\",liveness=\"crashed\"} 1\n"),
                 figures.text());
        QVERIFY2(figures.text().contains("pulsedeck_alerts{rule=\"workers-lost\",state=\"firing\",severity=\"critical\"} 1\n"),
                 figures.text());
        QVERIFY(!figures.text().contains("pulsedeck_worker_capacity{"));
        scene.fleet.setState(SourceState::Waiting);
        scene.run(alertTickMs);
        MetricsText lost;
        addFleetMetrics(scene.fleet.store, &lost);
        QVERIFY2(lost.text().contains("pulsedeck_source_up{source=\"prod\"} 0\n"), lost.text());
        QVERIFY2(lost.text().contains("liveness=\"unknown\"} 1\n"), lost.text());
    }

    void alertmanagerIsToldNames()
    {
        AlertScene scene;
        scene.engine.setEnvironment(1, SourceEnvironment::Production);
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(alertTickMs);
        scene.crash(1);
        scene.run(alertTickMs);
        const Alert alert = onlyAlert(scene.engine);
        const QJsonArray list =
            QJsonDocument::fromJson(alertMessage(alert, AlertOutlet::Format::Alertmanager, u"ops"_s, scene.fleet.clock)).array();
        QCOMPARE(list.size(), 1);
        const QJsonObject one = list.at(0).toObject();
        QCOMPARE(one["labels"_L1].toObject(), (QJsonObject{{u"alertname"_s, u"workers-lost"_s},
                                                           {u"severity"_s, u"critical"_s},
                                                           {u"host"_s, u"10.0.0.1"_s},
                                                           {u"environment"_s, u"production"_s}}));
        QCOMPARE(one["annotations"_L1]["summary"_L1].toString(), u"aaaaaaaa on 10.0.0.1: crashed or lost"_s);
        QVERIFY(QDateTime::fromString(one["startsAt"_L1].toString(), Qt::ISODateWithMs).isValid());
        QVERIFY(!one.contains("endsAt"_L1));
        const QJsonObject hook =
            QJsonDocument::fromJson(alertMessage(alert, AlertOutlet::Format::Webhook, u"ops"_s, scene.fleet.clock)).object();
        QCOMPARE(hook["status"_L1].toString(), u"firing"_s);
        QCOMPARE(hook["receiver"_L1].toString(), u"ops"_s);
        QCOMPARE(hook["alerts"_L1][0]["fingerprint"_L1].toString(), alert.id);
        scene.engine.setPlan({});
        const QJsonArray over =
            QJsonDocument::fromJson(
                alertMessage(*scene.engine.alert(alert.id), AlertOutlet::Format::Alertmanager, u"ops"_s, scene.fleet.clock))
                .array();
        QVERIFY(over.at(0).toObject().contains("endsAt"_L1));
        QCOMPARE(over.at(0)["labels"_L1], one["labels"_L1]);
    }
};

PULSEDECK_TEST(AlertEngineTest, runWithEvents)
#include "alertengine_test.moc"
