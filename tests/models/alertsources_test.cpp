// SPDX-License-Identifier: GPL-3.0-or-later
// Alerts about queues, capacity, and sources by a stepped clock.
#include "models/alerts/alertwords.h"
#include "tests/models/alertscene.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class AlertSourcesTest : public QObject
{
    Q_OBJECT

private slots:
    void aQueueEndsBelowALowerLimit()
    {
        AlertScene scene(R"({"name": "deep", "title": "t", "finding": "deep", "when": "queues", "match": "waiting>1000",
                             "keep": "waiting>500", "clear": 0})");
        scene.queue("mail", 1'000);
        scene.run(1'000);
        QCOMPARE(scene.take(), QStringList());
        scene.queue("mail", 1'001);
        scene.run(500);
        QCOMPARE(scene.take(), QStringList(u"fired deep prod · mail"_s));
        QCOMPARE(alertTitle(onlyAlert(scene.engine)), u"mail: deep"_s);
        QCOMPARE(onlyAlert(scene.engine).system, u"sidekiq"_s);
        scene.queue("mail", 700);
        scene.run(2'000);
        QCOMPARE(scene.engine.firing(), 1);
        scene.queue("mail", 500);
        scene.run(500);
        QCOMPARE(scene.take(), QStringList(u"resolved deep prod · mail"_s));
        scene.queue("mail", 700);
        scene.run(2'000);
        QCOMPARE(scene.engine.firing(), 0);
    }

    /// Names for machines stay in group and system.
    void titlesNameTheSystemAsPeopleDo()
    {
        SourceTraits traits;
        traits.layout = u"celery"_s;
        traits.system = u"Celery"_s;
        traits.facts = SourceFact::Sessions;
        traits.basis = BeatBasis::Events;
        QVERIFY(traits.isLaidOut());
        const auto add = [&traits](AlertScene &scene) {
            for (WorkerNumber number = 1; number <= 2; ++number) {
                FleetBatch batch = scene.fleet.emptyBatch();
                WorkerText text;
                text.number = number;
                text.id = "w" + QByteArray::number(number) + "@tasks";
                text.host = "tasks";
                text.traits = TraitsRef::of(traits);
                batch.texts.append(text);
                scene.fleet.store.apply(batch);
                scene.fleet.apply(scene.fleet.alive(number));
            }
            scene.run(alertTickMs);
            scene.fleet.apply(scene.fleet.alive(1, 0, WorkerStatus::Draining));
            scene.run(alertTickMs);
        };
        AlertScene capacity(R"({"name": "low", "title": "t", "finding": "f", "when": "capacity", "group": "system", "below": 90,
                                "clear": 0})");
        add(capacity);
        QCOMPARE(onlyAlert(capacity.engine).group, u"celery"_s);
        QCOMPARE(alertTitle(onlyAlert(capacity.engine)), u"Celery: 1 of 2 workers can take work, 50 %"_s);
        AlertScene drained(R"({"name": "drained", "title": "t", "finding": "f", "when": "workers", "match": "status:draining",
                               "group": "host", "clear": 0})");
        add(drained);
        QCOMPARE(onlyAlert(drained.engine).system, u"celery"_s);
        QCOMPARE(alertPlace(onlyAlert(drained.engine)), u"prod · Celery"_s);
    }

    void capacityIsComparedWithWhatWasThere()
    {
        AlertScene scene(R"({"name": "low", "title": "t", "finding": "f", "when": "capacity", "group": "type", "below": 90,
                             "keepBelow": 100, "clear": 0})");
        for (WorkerNumber number = 1; number <= 10; ++number)
            scene.fleet.add(number, "chromium:c" + QByteArray::number(number));
        scene.fleet.add(11, "firefox:f1", "firefox");
        scene.run(alertTickMs);
        scene.crash(1);
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList()); // 9 of 10 are not below 90 %.
        scene.fleet.apply(scene.fleet.alive(2, 0, WorkerStatus::Draining));
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired low chromium"_s));
        QCOMPARE(alertTitle(onlyAlert(scene.engine)), u"chromium: 8 of 10 workers can take work, 80 %"_s);
        scene.fleet.remove(3);
        scene.run(alertTickMs);
        QCOMPARE(alertTitle(onlyAlert(scene.engine)), u"chromium: 7 of 10 workers can take work, 70 %"_s);
        // Back above the floor, and not yet above the upper limit.
        scene.fleet.apply(scene.fleet.alive(1));
        scene.fleet.apply(scene.fleet.alive(2));
        scene.run(alertTickMs);
        QCOMPARE(onlyAlert(scene.engine).count, 9);
        QCOMPARE(scene.engine.firing(), 1);
        scene.fleet.add(12, "chromium:c12");
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"resolved low chromium"_s));
    }

    /// Whoever sends what is found in one of them has to send it.
    void capacityIsAboutAllSourcesOfItsGroup()
    {
        AlertScene scene(R"({"name": "low", "title": "t", "finding": "f", "when": "capacity", "group": "type", "below": 90,
                             "clear": 0})");
        scene.fleet.store.addSource(2, u"stage"_s);
        for (const SourceId source : {SourceId(2), SourceId(1)}) {
            scene.fleet.status.source = source;
            scene.fleet.setState(SourceState::Live);
            for (WorkerNumber number = 1; number <= 5; ++number)
                scene.fleet.add(number, "chromium:c" + QByteArray::number(number));
        }
        scene.run(alertTickMs);
        scene.crash(1);
        scene.crash(2);
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired low chromium"_s));
        QVERIFY((onlyAlert(scene.engine).sourceIds == std::vector<SourceId>{1, 2}));
    }

    void aSourceThatIsHiddenOrRemovedLacksNoWorkers()
    {
        for (const bool removed : {false, true}) {
            AlertScene scene(R"({"name": "low", "title": "t", "finding": "f", "when": "capacity", "group": "type", "below": 90,
                                 "clear": 0})");
            for (WorkerNumber number = 1; number <= 10; ++number)
                scene.fleet.add(number, "chromium:c" + QByteArray::number(number));
            scene.run(alertTickMs);
            if (removed) { // Also one that fires.
                scene.crash(1);
                scene.crash(2);
                scene.run(alertTickMs);
                QCOMPARE(scene.take(), QStringList(u"fired low chromium"_s));
                scene.fleet.store.removeSource(1);
                scene.run(2 * alertTickMs);
                QCOMPARE(scene.take(), QStringList(u"resolved low chromium"_s));
            } else {
                scene.fleet.store.setSourceVisible(1, false);
                scene.run(5 * alertTickMs);
                QCOMPARE(scene.take(), QStringList());
            }
            QCOMPARE(scene.engine.firing(), 0);
        }
    }

    void ofALostSourceNothingBeginsAndNothingEnds()
    {
        AlertScene scene;
        for (const WorkerNumber number : {1u, 2u, 3u})
            scene.fleet.add(number, "chromium:" + QByteArray(8, char('a' + number)) + "-1");
        scene.run(alertTickMs);
        scene.crash(1);
        scene.run(alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired workers-lost 10.0.0.1"_s));
        scene.fleet.setState(SourceState::Waiting);
        scene.run(9'900);
        QCOMPARE(scene.take(), QStringList(u"pending source-lost prod"_s));
        scene.run(2 * alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired source-lost prod"_s));
        scene.run(300'000);
        QCOMPARE(scene.take(), QStringList()); // Not one alert for each worker.
        const std::vector<Alert> alerts = scene.engine.alerts();
        QCOMPARE(alerts.size(), size_t(2));
        for (const Alert &alert : alerts) {
            QCOMPARE(alert.known, alert.rule.name == "source-lost"_L1);
            QVERIFY(alert.isFiring());
        }
        ++scene.fleet.generation;
        scene.fleet.setState(SourceState::Live);
        for (const WorkerNumber number : {1u, 2u, 3u})
            scene.fleet.apply(scene.fleet.alive(number));
        scene.run(6'000);
        QCOMPARE(scene.take(), QStringList(u"resolved source-lost prod"_s));
        scene.run(30'000);
        QVERIFY(scene.take().contains(u"resolved workers-lost 10.0.0.1"_s));
    }

    void aCertificateThatEndsSoonCalls()
    {
        AlertScene scene;
        constexpr qint64 day = 24LL * 3'600'000;
        scene.fleet.setState(SourceState::Live); // No TLS.
        scene.run(alertTickMs);
        QVERIFY(scene.engine.alerts().empty());
        scene.fleet.status.certificateUntil = scene.fleet.clock.wallNowMs() + 14 * day + 1'000;
        scene.fleet.setState(SourceState::Live);
        scene.run(1'000);
        QVERIFY(scene.engine.alerts().empty());
        scene.run(2 * alertTickMs); // Nothing of the source changes: only the time does.
        QCOMPARE(scene.take(), QStringList(u"fired certificate prod"_s));
        QVERIFY2(alertTitle(onlyAlert(scene.engine)).startsWith(u"prod: its certificate ends soon, valid until "_s),
                 qPrintable(alertTitle(onlyAlert(scene.engine))));
        // Another one, that ends sooner.
        scene.fleet.status.certificateUntil -= day;
        const qint64 shorter = scene.fleet.status.certificateUntil;
        scene.fleet.setState(SourceState::Live);
        scene.run(alertTickMs);
        QCOMPARE(onlyAlert(scene.engine).subjects.front().until, shorter);
        scene.fleet.status.certificateUntil += 90 * day;
        scene.fleet.setState(SourceState::Live);
        scene.run(5'000 + 2 * alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"resolved certificate prod"_s));
        // The machine's clock was set ahead.
        scene.fleet.clock.setWall(91 * day);
        scene.run(2 * alertTickMs);
        QCOMPARE(scene.take(), QStringList(u"fired certificate prod"_s));
    }
};

PULSEDECK_TEST(AlertSourcesTest, runWithEvents)
#include "alertsources_test.moc"
