// SPDX-License-Identifier: GPL-3.0-or-later
// Alerts about workers by a stepped clock: which of them call, and what makes one alert of many.
#include "models/alerts/alertjson.h"
#include "models/alerts/alertwords.h"
#include "tests/models/alertscene.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class AlertWorkersTest : public QObject
{
    Q_OBJECT

private slots:
    /// Whether it lives is not known: that is said by the same word as elsewhere, and not as a loss.
    void aWorkerWithoutAListenerIsAnAlert()
    {
        AlertScene scene;
        scene.fleet.add(1, "chromium:00000001-0000");
        scene.run(alertTickMs);
        const auto beat = [&scene](qint64 ms) {
            for (qint64 done = 0; done < ms; done += 1'000) {
                WorkerSample sample = scene.fleet.alive(1);
                sample.flags = WorkerFlag::NobodyListens;
                scene.fleet.apply(sample);
                scene.run(1'000);
            }
            return scene.take();
        };
        QVERIFY(!beat(20'000).contains(u"fired nobody-listens 10.0.0.1"_s));
        const QStringList told = beat(20'000);
        QVERIFY2(told.contains(u"fired nobody-listens 10.0.0.1"_s), qPrintable(told.join(u'\n')));
        QVERIFY2(!told.join(u' ').contains(u"workers-lost"_s), qPrintable(told.join(u'\n')));
    }

    void workersLostOnOneHostAreOneAlert()
    {
        AlertScene scene;
        for (const WorkerNumber number : {1u, 251u, 501u, 2u}) // The first three are on 10.0.0.1.
            scene.fleet.add(number, "chromium:" + QByteArray::number(number).rightJustified(8, '0') + "-0000");
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList());
        scene.crash(1);
        scene.run(alertTickMs); // The next publish: it calls at once.
        QCOMPARE(scene.take(), QStringList(u"fired workers-lost 10.0.0.1"_s));
        QCOMPARE(alertTitle(onlyAlert(scene.engine)), u"00000001 on 10.0.0.1: crashed or lost"_s);
        scene.run(1'500);
        scene.crash(251);
        scene.crash(501);
        scene.run(alertTickMs);
        QCOMPARE(scene.said, QStringList(u"changed workers-lost 10.0.0.1"_s));
        scene.take();
        const Alert alert = onlyAlert(scene.engine);
        QCOMPARE(alert.count, 3);
        QCOMPARE(alert.state, AlertState::Firing);
        QCOMPARE(alertTitle(alert), u"3 workers on 10.0.0.1 within 2 s: crashed or lost"_s);
        QCOMPARE(alertSubjects(alert, 2), u"00000001, 00000251 and 1 more"_s);
        QCOMPARE(alertPlace(alert), u"prod · playwright"_s);

        // It is over when all have been back for 30 s.
        const auto beat = [&scene](qint64 ms, std::initializer_list<WorkerNumber> living) {
            for (qint64 done = 0; done < ms; done += 1'000) {
                for (const WorkerNumber number : living)
                    scene.fleet.apply(scene.fleet.alive(number));
                scene.run(qMin<qint64>(1'000, ms - done));
            }
        };
        const auto lost = [&scene] {
            const std::vector<Alert> alerts = scene.engine.alerts();
            const auto found =
                std::find_if(alerts.begin(), alerts.end(), [](const Alert &one) { return one.rule.name == "workers-lost"_L1; });
            return found == alerts.end() ? Alert() : *found;
        };
        beat(31'000, {1, 251, 2});
        QCOMPARE(lost().state, AlertState::Firing);
        QCOMPARE(lost().count, 1);
        scene.fleet.apply(scene.fleet.alive(501));
        scene.run(alertTickMs); // Seen now.
        scene.take();
        beat(29'900, {1, 251, 501, 2});
        QCOMPARE(lost().state, AlertState::Firing);
        scene.run(alertTickMs);
        QCOMPARE(lost().state, AlertState::Resolved);
        QVERIFY(scene.take().contains(u"resolved workers-lost 10.0.0.1"_s));
        QCOMPARE(lost().most, 3);
    }

    void workersLostOnManyHostsAreOneAlert()
    {
        AlertScene scene(crashedByHost);
        for (WorkerNumber number = 1; number <= 125; ++number) // Each on a host of its own.
            scene.fleet.add(number, "chromium:" + QByteArray::number(number).rightJustified(8, '0') + "-0000");
        scene.run(alertTickMs);
        scene.crash(1);
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired c 10.0.0.1"_s));
        scene.run(1'500);
        for (WorkerNumber number = 2; number <= 124; ++number)
            scene.crash(number);
        scene.run(alertTickMs);
        QCOMPARE(scene.said, QStringList(u"changed c 10.0.0.1"_s));
        scene.take();
        const Alert flood = onlyAlert(scene.engine);
        QCOMPARE(flood.count, 124);
        QCOMPARE(flood.groupCount, 124);
        QCOMPARE(flood.groups.front(), u"10.0.0.1"_s);
        QCOMPARE(alertTitle(flood), u"124 workers on 124 hosts within 2 s: f"_s);
        const QJsonObject sent = alertJson(flood, scene.fleet.clock);
        QCOMPARE(sent["labels"_L1]["host"_L1].toString(), u"10.0.0.1"_s); // It stays.
        QVERIFY(sent["annotations"_L1]["hosts"_L1].toString().endsWith(u"and 104 more"_s));
        // What comes later is another one.
        scene.run(AlertRule::usualTogetherMs + 1'000);
        scene.crash(125);
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired c 10.0.0.125"_s));
        // Over, it still says whom it was about.
        for (WorkerNumber number = 1; number <= 125; ++number)
            scene.fleet.apply(scene.fleet.alive(number));
        scene.run(5'000 + 2 * alertTickMs);
        QCOMPARE(scene.engine.firing(), 0);
        const std::optional<Alert> over = scene.engine.alert(flood.id);
        QVERIFY(over && over->state == AlertState::Resolved);
        QCOMPARE(over->subjects.size(), size_t(124));
        QCOMPARE(alertTitle(*over), u"124 workers on 124 hosts within 2 s: f"_s);
    }

    void eachHostCanBeAnAlertOfItsOwn()
    {
        AlertScene scene(R"({"name": "c", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed",
                             "group": "host", "together": 0})");
        for (const WorkerNumber number : {1u, 2u})
            scene.fleet.add(number, "chromium:" + QByteArray(8, char('a' + number)) + "-1");
        scene.run(alertTickMs);
        scene.crash(1);
        scene.crash(2);
        scene.run(alertTickMs);
        QCOMPARE(scene.engine.firing(), 2);
    }

    void aHostThatIsNotSilencedCalls()
    {
        AlertScene scene(crashedByHost);
        for (const WorkerNumber number : {1u, 2u, 3u})
            scene.fleet.add(number, "chromium:" + QByteArray(8, char('a' + number)) + "-1");
        scene.run(alertTickMs);
        scene.crash(1);
        scene.crash(2);
        scene.run(alertTickMs);
        const Alert two = onlyAlert(scene.engine);
        QCOMPARE(two.groups, (QStringList{u"10.0.0.1"_s, u"10.0.0.2"_s}));
        QVERIFY(!scene.engine
                     .addSilence({.rule = u"c"_s,
                                  .groups = two.groups,
                                  .until = scene.fleet.clock.wallNowMs() + 60'000,
                                  .reason = u"rebuilt"_s})
                     .isEmpty());
        QVERIFY(scene.engine.calling().empty());
        QSignalSpy unsilenced(&scene.engine, &AlertEngine::unsilenced);
        scene.crash(3);
        scene.run(alertTickMs);
        QCOMPARE(onlyAlert(scene.engine).groupCount, 3);
        QCOMPARE(unsilenced.size(), 1);
        QCOMPARE(scene.engine.calling().size(), size_t(1));
    }

    void aWorkerThatFlapsIsOneAlert()
    {
        AlertScene scene(
            R"({"name": "c", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed", "clear": 10})");
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(alertTickMs);
        for (int i = 0; i < 20; ++i) {
            scene.crash(1);
            scene.run(1'000);
            scene.fleet.apply(scene.fleet.alive(1));
            scene.run(3'000);
        }
        QCOMPARE(scene.take(), QStringList(u"fired c prod · aaaaaaaa"_s));
        QCOMPARE(scene.engine.firing(), 1);
        scene.fleet.apply(scene.fleet.alive(1));
        scene.run(10'000);
        QCOMPARE(scene.take(), QStringList(u"resolved c prod · aaaaaaaa"_s));
    }

    void aGroupNeedsSoMany()
    {
        AlertScene scene(R"({"name": "some", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed",
                             "group": "all", "atLeast": 2, "clear": 5})");
        for (const WorkerNumber number : {1u, 2u, 3u})
            scene.fleet.add(number, "chromium:" + QByteArray(8, char('a' + number)) + "-1");
        scene.run(alertTickMs);
        scene.crash(1);
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"pending some "_s));
        scene.crash(2);
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired some "_s));
        QCOMPARE(alertTitle(onlyAlert(scene.engine)), u"2 workers within a second: f"_s);
        scene.fleet.apply(scene.fleet.alive(2));
        scene.run(5'000 + alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"resolved some "_s));
        QCOMPARE(scene.engine.alerts().front().state, AlertState::Pending); // One is left.
        scene.crash(3);
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired some "_s));
    }

    void aDrainIsOverdueAfterItsTimeout()
    {
        AlertScene scene(R"({"name": "slow", "title": "t", "finding": "f", "when": "drains", "group": "each"})");
        scene.fleet.status.timing.assumed = false;
        scene.fleet.status.timing.drainTimeout = 20'000;
        scene.fleet.setState(SourceState::Live);
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(alertTickMs);
        scene.fleet.apply(scene.fleet.alive(1, 0, WorkerStatus::Draining));
        scene.run(20'000);
        QCOMPARE(scene.take(), QStringList());
        scene.run(3'000);
        QCOMPARE(scene.take(), QStringList(u"fired slow prod · aaaaaaaa"_s));
        scene.fleet.apply(scene.fleet.gone(1, WorkerEnd::Drained, false));
        scene.run(31'000);
        QCOMPARE(scene.take(), QStringList(u"resolved slow prod · aaaaaaaa"_s));
    }

    void theAgeOfAZombieCountsFromItsEnd()
    {
        AlertScene scene;
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(alertTickMs);
        scene.fleet.apply(scene.fleet.gone(1, WorkerEnd::Expired, true));
        scene.run(299'000);
        QVERIFY(!scene.take().contains(u"fired zombies prod"_s));
        scene.run(2'000);
        QVERIFY(scene.take().contains(u"fired zombies prod"_s));
    }

    void theAgeOfAZombieIsThatOfItsReaper()
    {
        AlertScene scene;
        scene.fleet.status.timing.assumed = true; // Nothing is reported yet.
        scene.fleet.setState(SourceState::Live);
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(alertTickMs);
        scene.fleet.apply(scene.fleet.gone(1, WorkerEnd::Expired, true));
        scene.run(40'000);
        const auto zombie = [&scene] {
            const std::vector<Alert> alerts = scene.engine.alerts();
            const auto found =
                std::find_if(alerts.begin(), alerts.end(), [](const Alert &one) { return one.rule.name == "zombies"_L1; });
            return found == alerts.end() ? Alert() : *found;
        };
        QCOMPARE(zombie().state, AlertState::Pending);
        QCOMPARE(zombie().holdMs, 300'000);
        QVERIFY(!zombie().holdReported);
        scene.fleet.status.timing.assumed = false;
        scene.fleet.status.timing.reaperRunInterval = 60'000;
        scene.fleet.setState(SourceState::Live);
        scene.run(alertTickMs);
        QCOMPARE(zombie().holdMs, 60'000);
        QVERIFY(zombie().holdReported);
        QCOMPARE(zombie().dueAt, zombie().since + 60'000);
        scene.run(15'000);
        QCOMPARE(zombie().state, AlertState::Pending);
        scene.run(6'000);
        QVERIFY(zombie().isFiring());
    }

    void beyondSoManyGroupsTheRestIsOneAlert()
    {
        AlertScene scene(R"({"name": "each", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed"})");
        const int all = int(AlertGroups::mostGroups) + 20;
        for (int number = 1; number <= all; ++number) {
            scene.fleet.text(WorkerNumber(number), "chromium:w" + QByteArray::number(number).rightJustified(7, '0'));
            scene.crash(WorkerNumber(number));
        }
        scene.run(alertTickMs);
        QCOMPARE(scene.engine.firing(), int(AlertGroups::mostGroups) + 1);
        const std::vector<Alert> alerts = scene.engine.alerts();
        const auto others =
            std::find_if(alerts.begin(), alerts.end(), [](const Alert &one) { return one.group == AlertGroups::othersGroup(); });
        QVERIFY(others != alerts.end());
        QCOMPARE(others->count, 20);
        QCOMPARE(others->subjects.size(), size_t(20));
    }

    void aWorkerInThePlaceOfAnotherIsNotTheOther()
    {
        AlertScene scene(
            R"({"name": "c", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed", "clear": 0})");
        scene.fleet.store.setDepartedForMs(1'000);
        const WorkerHandle first = scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.crash(1);
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired c prod · aaaaaaaa"_s));
        scene.fleet.remove(1);
        scene.run(2'000);
        QCOMPARE(scene.fleet.add(2, "chromium:bbbbbbbb-2"), first);
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"resolved c prod · aaaaaaaa"_s));
        scene.crash(2);
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired c prod · bbbbbbbb"_s));
    }

    void ofAHundredThousandOneThatIsOldIsFound()
    {
        AlertScene scene(R"({"name": "old", "title": "t", "finding": "f", "when": "workers", "match": "age>25s"})");
        constexpr int all = 100'000;
        for (int from = 0; from < all; from += 1'000) {
            FleetBatch batch = scene.fleet.emptyBatch();
            for (int i = from; i < from + 1'000; ++i) {
                WorkerText text;
                text.number = WorkerNumber(i + 1);
                text.id = "chromium:w" + QByteArray::number(i).rightJustified(7, '0');
                text.type = "chromium";
                batch.texts.append(text);
                // The last one of all beat long ago, its key is there.
                WorkerSample sample = scene.fleet.alive(text.number, i == all - 1 ? 24'500 : 0);
                batch.samples.append(sample);
            }
            scene.fleet.store.apply(batch);
        }
        // In parts, none of which takes long: it is found after some of them, although nothing of it changes.
        int ticks = 0;
        while (scene.engine.firing() == 0 && ticks < 1'000) {
            scene.run(alertTickMs);
            ++ticks;
        }
        QCOMPARE(scene.engine.firing(), 1);
        QCOMPARE(onlyAlert(scene.engine).subjects.front().name, u"w0099999"_s);
    }
};

PULSEDECK_TEST(AlertWorkersTest, runWithEvents)
#include "alertworkers_test.moc"
