// SPDX-License-Identifier: GPL-3.0-or-later
// Alerts by a stepped clock: when each rule begins and ends to call, what makes one alert of many findings, and what holds it
// back.
#include "models/alerts/alertengine.h"
#include "models/alerts/alertjson.h"
#include "models/alerts/alertplanreader.h"
#include "models/alerts/alertwords.h"
#include "models/alerts/metricstext.h"
#include "models/alerts/workercondition.h"
#include "tests/models/modelfleet.h"
#include "tests/support/testprogram.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 tickMs = 100;
constexpr auto crashedByHost = R"({"name": "c", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed",
                                   "group": "host", "clear": 5})";

/// A fleet with an engine, and what the engine said.
struct AlertScene
{
    ModelFleet fleet;
    AlertEngine engine{fleet.store};
    QStringList said; ///< "fired workers-lost 10.0.0.1".

    explicit AlertScene(const QByteArray &rules = {})
    {
        QObject::connect(&engine, &AlertEngine::happened, &engine, [this](const QString &id, AlertGroups::Event event) {
            static const QStringList words{u"pending"_s, u"fired"_s, u"changed"_s, u"resolved"_s, u"dropped"_s};
            const std::optional<Alert> alert = engine.alert(id);
            said.append(words[int(event)] + (alert ? QString(u' ' + alert->rule.name + u' ' + alert->group) : QString()));
        });
        engine.setPlan(rules.isEmpty() ? usual() : plan(rules));
    }

    /// The built-in rules, but for capacity: a few lost workers are much of so small a fleet.
    static AlertPlan usual()
    {
        AlertPlan plan = AlertPlanReader::builtIn();
        plan.rules.removeIf([](const AlertRule &rule) { return rule.scope == AlertScope::Capacity; });
        return plan;
    }
    static AlertPlan plan(const QByteArray &rules)
    {
        const AlertPlanReading reading = AlertPlanReader::read("{\"alerts\": 1, \"rules\": [" + rules + "]}");
        for (const LayoutProblem &problem : reading.problems)
            qWarning("%s", qPrintable(problem.toString()));
        return reading.plan;
    }

    /// Steps as the application ticks. Workers stand still.
    void run(qint64 ms)
    {
        for (qint64 done = 0; done < ms; done += tickMs) {
            fleet.clock.step(tickMs);
            fleet.store.publish();
        }
    }
    QStringList take()
    {
        said.removeIf([](const QString &one) { return one.startsWith("changed"_L1); });
        return std::exchange(said, {});
    }
    void crash(WorkerNumber number)
    {
        WorkerSample sample = fleet.alive(number);
        sample.flags = WorkerFlag::NoListener;
        fleet.apply(sample);
    }
    void queue(const QByteArray &name, qint64 waiting)
    {
        QueueSample sample;
        sample.name = name;
        SourceTraits traits;
        traits.layout = u"sidekiq"_s;
        traits.facts.setFlag(SourceFact::Queues, true);
        sample.traits = TraitsRef::of(traits);
        sample.readAt = fleet.clock.nowMs();
        sample.waiting = waiting;
        FleetBatch batch = fleet.emptyBatch();
        batch.queues.append(sample);
        fleet.store.apply(batch);
    }
};

Alert only(const AlertEngine &engine)
{
    const std::vector<Alert> alerts = engine.alerts();
    return alerts.size() == 1 ? alerts.front() : Alert();
}

} // namespace

class AlertEngineTest : public QObject
{
    Q_OBJECT

private slots:
    /// Whether it lives is not known: that is said by the same word as elsewhere, and not as a loss.
    void aWorkerWithoutAListenerIsAnAlert()
    {
        AlertScene scene;
        scene.fleet.add(1, "chromium:00000001-0000");
        scene.run(tickMs);
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
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList());
        scene.crash(1);
        scene.run(tickMs); // The next publish: it calls at once.
        QCOMPARE(scene.take(), QStringList(u"fired workers-lost 10.0.0.1"_s));
        QCOMPARE(alertTitle(only(scene.engine)), u"00000001 on 10.0.0.1: crashed or lost"_s);
        scene.run(1'500);
        scene.crash(251);
        scene.crash(501);
        scene.run(tickMs);
        QCOMPARE(scene.said, QStringList(u"changed workers-lost 10.0.0.1"_s));
        scene.take();
        const Alert alert = only(scene.engine);
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
        scene.run(tickMs); // Seen now.
        scene.take();
        beat(29'900, {1, 251, 501, 2});
        QCOMPARE(lost().state, AlertState::Firing);
        scene.run(tickMs);
        QCOMPARE(lost().state, AlertState::Resolved);
        QVERIFY(scene.take().contains(u"resolved workers-lost 10.0.0.1"_s));
        QCOMPARE(lost().most, 3);
    }

    void workersLostOnManyHostsAreOneAlert()
    {
        AlertScene scene(crashedByHost);
        for (WorkerNumber number = 1; number <= 125; ++number) // Each on a host of its own.
            scene.fleet.add(number, "chromium:" + QByteArray::number(number).rightJustified(8, '0') + "-0000");
        scene.run(tickMs);
        scene.crash(1);
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"fired c 10.0.0.1"_s));
        scene.run(1'500);
        for (WorkerNumber number = 2; number <= 124; ++number)
            scene.crash(number);
        scene.run(tickMs);
        QCOMPARE(scene.said, QStringList(u"changed c 10.0.0.1"_s));
        scene.take();
        const Alert flood = only(scene.engine);
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
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"fired c 10.0.0.125"_s));
        // Over, it still says whom it was about.
        for (WorkerNumber number = 1; number <= 125; ++number)
            scene.fleet.apply(scene.fleet.alive(number));
        scene.run(5'000 + 2 * tickMs);
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
        scene.run(tickMs);
        scene.crash(1);
        scene.crash(2);
        scene.run(tickMs);
        QCOMPARE(scene.engine.firing(), 2);
    }

    void aHostThatIsNotSilencedCalls()
    {
        AlertScene scene(crashedByHost);
        for (const WorkerNumber number : {1u, 2u, 3u})
            scene.fleet.add(number, "chromium:" + QByteArray(8, char('a' + number)) + "-1");
        scene.run(tickMs);
        scene.crash(1);
        scene.crash(2);
        scene.run(tickMs);
        const Alert two = only(scene.engine);
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
        scene.run(tickMs);
        QCOMPARE(only(scene.engine).groupCount, 3);
        QCOMPARE(unsilenced.size(), 1);
        QCOMPARE(scene.engine.calling().size(), size_t(1));
    }

    void oneThatIsOverKeepsItsLabels()
    {
        AlertScene scene(
            R"({"name": "c", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed", "clear": 1})");
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(tickMs);
        scene.crash(1);
        scene.run(tickMs);
        const Alert fired = only(scene.engine);
        scene.fleet.apply(scene.fleet.alive(1));
        scene.run(2'000);
        const Alert over = only(scene.engine);
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
        scene.run(tickMs);
        scene.fleet.apply(scene.fleet.gone(1, WorkerEnd::Expired, false));
        scene.fleet.apply(scene.fleet.gone(2, WorkerEnd::Drained, false)); // In order.
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"fired workers-lost 10.0.0.1"_s));
        scene.run(WorkerCondition::endedForMs + 30'000 - 3 * tickMs);
        QCOMPARE(scene.engine.firing(), 1);
        scene.run(4 * tickMs);
        QCOMPARE(scene.engine.firing(), 0);
    }

    void itHasToHoldForSoLong()
    {
        AlertScene scene(R"({"name": "drained", "title": "t", "finding": "f", "when": "workers", "match": "status:draining",
                             "for": 10, "clear": 3})");
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(tickMs);
        scene.fleet.apply(scene.fleet.alive(1, 0, WorkerStatus::Draining));
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"pending drained prod · aaaaaaaa"_s));
        const Alert pending = only(scene.engine);
        QCOMPARE(pending.dueAt, scene.fleet.clock.nowMs() + 10'000);
        scene.run(9'800);
        scene.fleet.apply(scene.fleet.alive(1)); // It does not hold for a moment: it begins again.
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"dropped"_s));
        scene.fleet.apply(scene.fleet.alive(1, 0, WorkerStatus::Draining));
        scene.run(10'000);
        QCOMPARE(scene.take(), QStringList(u"pending drained prod · aaaaaaaa"_s));
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"fired drained prod · aaaaaaaa"_s));
        // A gap shorter than "clear" does not end it.
        scene.fleet.apply(scene.fleet.alive(1));
        scene.run(2'900);
        scene.fleet.apply(scene.fleet.alive(1, 0, WorkerStatus::Draining));
        scene.run(5'000);
        QCOMPARE(scene.take(), QStringList());
        QCOMPARE(scene.engine.firing(), 1);
        scene.fleet.apply(scene.fleet.alive(1));
        scene.run(3'000 + tickMs);
        QCOMPARE(scene.take(), QStringList(u"resolved drained prod · aaaaaaaa"_s));
    }

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
        QCOMPARE(alertTitle(only(scene.engine)), u"mail: deep"_s);
        QCOMPARE(only(scene.engine).system, u"sidekiq"_s);
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
            scene.run(tickMs);
            scene.fleet.apply(scene.fleet.alive(1, 0, WorkerStatus::Draining));
            scene.run(tickMs);
        };
        AlertScene capacity(R"({"name": "low", "title": "t", "finding": "f", "when": "capacity", "group": "system", "below": 90,
                                "clear": 0})");
        add(capacity);
        QCOMPARE(only(capacity.engine).group, u"celery"_s);
        QCOMPARE(alertTitle(only(capacity.engine)), u"Celery: 1 of 2 workers can take work, 50 %"_s);
        AlertScene drained(R"({"name": "drained", "title": "t", "finding": "f", "when": "workers", "match": "status:draining",
                               "group": "host", "clear": 0})");
        add(drained);
        QCOMPARE(only(drained.engine).system, u"celery"_s);
        QCOMPARE(alertPlace(only(drained.engine)), u"prod · Celery"_s);
    }

    void capacityIsComparedWithWhatWasThere()
    {
        AlertScene scene(R"({"name": "low", "title": "t", "finding": "f", "when": "capacity", "group": "type", "below": 90,
                             "keepBelow": 100, "clear": 0})");
        for (WorkerNumber number = 1; number <= 10; ++number)
            scene.fleet.add(number, "chromium:c" + QByteArray::number(number));
        scene.fleet.add(11, "firefox:f1", "firefox");
        scene.run(tickMs);
        scene.crash(1);
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList()); // 9 of 10 are not below 90 %.
        scene.fleet.apply(scene.fleet.alive(2, 0, WorkerStatus::Draining));
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"fired low chromium"_s));
        QCOMPARE(alertTitle(only(scene.engine)), u"chromium: 8 of 10 workers can take work, 80 %"_s);
        scene.fleet.remove(3);
        scene.run(tickMs);
        QCOMPARE(alertTitle(only(scene.engine)), u"chromium: 7 of 10 workers can take work, 70 %"_s);
        // Back above the floor, and not yet above the upper limit.
        scene.fleet.apply(scene.fleet.alive(1));
        scene.fleet.apply(scene.fleet.alive(2));
        scene.run(tickMs);
        QCOMPARE(only(scene.engine).count, 9);
        QCOMPARE(scene.engine.firing(), 1);
        scene.fleet.add(12, "chromium:c12");
        scene.run(tickMs);
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
        scene.run(tickMs);
        scene.crash(1);
        scene.crash(2);
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"fired low chromium"_s));
        QVERIFY((only(scene.engine).sourceIds == std::vector<SourceId>{1, 2}));
    }

    void aSourceThatIsHiddenOrRemovedLacksNoWorkers()
    {
        for (const bool removed : {false, true}) {
            AlertScene scene(R"({"name": "low", "title": "t", "finding": "f", "when": "capacity", "group": "type", "below": 90,
                                 "clear": 0})");
            for (WorkerNumber number = 1; number <= 10; ++number)
                scene.fleet.add(number, "chromium:c" + QByteArray::number(number));
            scene.run(tickMs);
            if (removed) { // Also one that fires.
                scene.crash(1);
                scene.crash(2);
                scene.run(tickMs);
                QCOMPARE(scene.take(), QStringList(u"fired low chromium"_s));
                scene.fleet.store.removeSource(1);
                scene.run(2 * tickMs);
                QCOMPARE(scene.take(), QStringList(u"resolved low chromium"_s));
            } else {
                scene.fleet.store.setSourceVisible(1, false);
                scene.run(5 * tickMs);
                QCOMPARE(scene.take(), QStringList());
            }
            QCOMPARE(scene.engine.firing(), 0);
        }
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
        QVERIFY(scene.fleet.clock.nowMs() - only(scene.engine).since < 10'000);
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

    void aWorkerThatFlapsIsOneAlert()
    {
        AlertScene scene(
            R"({"name": "c", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed", "clear": 10})");
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(tickMs);
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

    void ofALostSourceNothingBeginsAndNothingEnds()
    {
        AlertScene scene;
        for (const WorkerNumber number : {1u, 2u, 3u})
            scene.fleet.add(number, "chromium:" + QByteArray(8, char('a' + number)) + "-1");
        scene.run(tickMs);
        scene.crash(1);
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"fired workers-lost 10.0.0.1"_s));
        scene.fleet.setState(SourceState::Waiting);
        scene.run(9'900);
        QCOMPARE(scene.take(), QStringList(u"pending source-lost prod"_s));
        scene.run(2 * tickMs);
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

    void rulesAreForEnvironments()
    {
        AlertScene scene(R"({"name": "p", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed",
                             "environments": ["production"], "group": "source"})");
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(tickMs);
        scene.crash(1);
        scene.run(1'000);
        QCOMPARE(scene.take(), QStringList());
        scene.engine.setEnvironment(1, SourceEnvironment::Production);
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"fired p prod"_s));
        QCOMPARE(only(scene.engine).environment, SourceEnvironment::Production);
        scene.engine.setEnvironment(1, SourceEnvironment::Staging);
        scene.run(31'000);
        QCOMPARE(scene.take(), QStringList(u"resolved p prod"_s));
    }

    void aGroupNeedsSoMany()
    {
        AlertScene scene(R"({"name": "some", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed",
                             "group": "all", "atLeast": 2, "clear": 5})");
        for (const WorkerNumber number : {1u, 2u, 3u})
            scene.fleet.add(number, "chromium:" + QByteArray(8, char('a' + number)) + "-1");
        scene.run(tickMs);
        scene.crash(1);
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"pending some "_s));
        scene.crash(2);
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"fired some "_s));
        QCOMPARE(alertTitle(only(scene.engine)), u"2 workers within a second: f"_s);
        scene.fleet.apply(scene.fleet.alive(2));
        scene.run(5'000 + tickMs);
        QCOMPARE(scene.take(), QStringList(u"resolved some "_s));
        QCOMPARE(scene.engine.alerts().front().state, AlertState::Pending); // One is left.
        scene.crash(3);
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"fired some "_s));
    }

    void aDrainIsOverdueAfterItsTimeout()
    {
        AlertScene scene(R"({"name": "slow", "title": "t", "finding": "f", "when": "drains", "group": "each"})");
        scene.fleet.status.timing.assumed = false;
        scene.fleet.status.timing.drainTimeout = 20'000;
        scene.fleet.setState(SourceState::Live);
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(tickMs);
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
        scene.run(tickMs);
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
        scene.run(tickMs);
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
        scene.run(tickMs);
        QCOMPARE(zombie().holdMs, 60'000);
        QVERIFY(zombie().holdReported);
        QCOMPARE(zombie().dueAt, zombie().since + 60'000);
        scene.run(15'000);
        QCOMPARE(zombie().state, AlertState::Pending);
        scene.run(6'000);
        QVERIFY(zombie().isFiring());
    }

    void aCertificateThatEndsSoonCalls()
    {
        AlertScene scene;
        constexpr qint64 day = 24LL * 3'600'000;
        scene.fleet.setState(SourceState::Live); // No TLS.
        scene.run(tickMs);
        QVERIFY(scene.engine.alerts().empty());
        scene.fleet.status.certificateUntil = scene.fleet.clock.wallNowMs() + 14 * day + 1'000;
        scene.fleet.setState(SourceState::Live);
        scene.run(1'000);
        QVERIFY(scene.engine.alerts().empty());
        scene.run(2 * tickMs); // Nothing of the source changes: only the time does.
        QCOMPARE(scene.take(), QStringList(u"fired certificate prod"_s));
        QVERIFY2(alertTitle(only(scene.engine)).startsWith(u"prod: its certificate ends soon, valid until "_s),
                 qPrintable(alertTitle(only(scene.engine))));
        // Another one, that ends sooner.
        scene.fleet.status.certificateUntil -= day;
        const qint64 shorter = scene.fleet.status.certificateUntil;
        scene.fleet.setState(SourceState::Live);
        scene.run(tickMs);
        QCOMPARE(only(scene.engine).subjects.front().until, shorter);
        scene.fleet.status.certificateUntil += 90 * day;
        scene.fleet.setState(SourceState::Live);
        scene.run(5'000 + 2 * tickMs);
        QCOMPARE(scene.take(), QStringList(u"resolved certificate prod"_s));
        // The machine's clock was set ahead.
        scene.fleet.clock.setWall(91 * day);
        scene.run(2 * tickMs);
        QCOMPARE(scene.take(), QStringList(u"fired certificate prod"_s));
    }

    void aSilenceNeedsAnEndAndAReason()
    {
        AlertScene scene;
        scene.fleet.add(1, "chromium:aaaaaaaa-1");
        scene.run(tickMs);
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
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"fired workers-lost 10.0.0.1"_s));
        QCOMPARE(only(scene.engine).silence, id);
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
        scene.run(tickMs);
        QVERIFY(!scene.engine.acknowledge(u"none"_s, {1, u"op"_s, u"r"_s}));
        scene.crash(1);
        scene.run(tickMs);
        const QString id = only(scene.engine).id;
        QVERIFY(scene.engine.acknowledge(id, {scene.fleet.clock.wallNowMs(), u"op-2"_s, u"on it"_s}));
        QCOMPARE(only(scene.engine).acknowledged.by, u"op-2"_s);
        scene.fleet.apply(scene.fleet.alive(1));
        scene.run(10'000);
        scene.fleet.apply(scene.fleet.alive(1)); // It beats on, and is not late.
        scene.run(21'000);
        QCOMPARE(scene.engine.firing(), 0);
        scene.crash(1);
        scene.run(tickMs);
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
        scene.run(tickMs);
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

    void beyondSoManyGroupsTheRestIsOneAlert()
    {
        AlertScene scene(R"({"name": "each", "title": "t", "finding": "f", "when": "workers", "match": "liveness:crashed"})");
        const int all = int(AlertGroups::mostGroups) + 20;
        for (int number = 1; number <= all; ++number) {
            scene.fleet.text(WorkerNumber(number), "chromium:w" + QByteArray::number(number).rightJustified(7, '0'));
            scene.crash(WorkerNumber(number));
        }
        scene.run(tickMs);
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
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"fired c prod · aaaaaaaa"_s));
        scene.fleet.remove(1);
        scene.run(2'000);
        QCOMPARE(scene.fleet.add(2, "chromium:bbbbbbbb-2"), first);
        scene.run(tickMs);
        QCOMPARE(scene.take(), QStringList(u"resolved c prod · aaaaaaaa"_s));
        scene.crash(2);
        scene.run(tickMs);
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
            scene.run(tickMs);
            ++ticks;
        }
        QCOMPARE(scene.engine.firing(), 1);
        QCOMPARE(only(scene.engine).subjects.front().name, u"w0099999"_s);
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
        scene.run(tickMs);
        scene.crash(1);
        scene.run(tickMs);
        MetricsText figures;
        addFleetMetrics(scene.fleet.store, &figures);
        addAlertMetrics(scene.engine, &figures);
        QVERIFY2(figures.text().contains("pulsedeck_workers{source=\"prod\",system=\"playwright\",liveness=\"crashed\"} 1\n"),
                 figures.text());
        QVERIFY2(figures.text().contains("pulsedeck_alerts{rule=\"workers-lost\",state=\"firing\",severity=\"critical\"} 1\n"),
                 figures.text());
        QVERIFY(!figures.text().contains("pulsedeck_worker_capacity{"));
        scene.fleet.setState(SourceState::Waiting);
        scene.run(tickMs);
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
        scene.run(tickMs);
        scene.crash(1);
        scene.run(tickMs);
        const Alert alert = only(scene.engine);
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
