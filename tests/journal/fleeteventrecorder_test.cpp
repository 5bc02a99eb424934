// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/eventwords.h"
#include "models/fleet/fleeteventrecorder.h"
#include "models/fleet/sourcelistmodel.h"
#include "models/sources/hubprotocol.h"
#include "tests/models/modelfleet.h"
#include "tests/support/hubscene.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace pulsedeck {

/// Keeps what it is told.
class ListedJournal : public Journal
{
    Q_OBJECT

public:
    void record(const QList<JournalEntry> &news, quint64, const QList<RollingRecord> &) override { entries += news; }
    void query(const JournalQuery &, quint64) override { }
    void readPlans() override { }
    void readCommandHistory(qint64) override { }
    JournalState state() const override { return {}; }

    QStringList steps() const
    {
        QStringList found;
        for (const JournalEntry &entry : entries)
            found.append(entry.step);
        return found;
    }

    QList<JournalEntry> entries;
};

struct Scene
{
    ListedJournal journal;
    ModelFleet fleet;
    SourceListModel sources{fleet.store};
    FleetEventRecorder recorder{fleet.store, sources, fleet.clock, &journal};

    static QByteArray id(int number)
    {
        return "chromium:" + QByteArray::number(10'000'000 + number) + "-1111-4222-8333-444444444444";
    }
    /// A publish, and one after the time in which news is gathered.
    void publish()
    {
        fleet.store.publish();
        fleet.clock.step(FleetEventRecorder::gatherMs);
        fleet.store.publish();
    }
};

class FleetEventRecorderTest : public QObject
{
    Q_OBJECT

private slots:
    void saysNothingOfTheFirstView();
    void tellsLostEndedAndReturned();
    void namesTheLastJobsOfOneThatIsLost();
    void sumsUpMany();
    void tellsAWaveOnce();
    void tellsConnections();
    void tellsTiming();
    void givesNewEventsOnly();
    void tellsAForgottenHubOnce();
    void tellsOfActorsInTheirWords();
};

void FleetEventRecorderTest::saysNothingOfTheFirstView()
{
    Scene scene;
    for (int i = 0; i < 20; ++i)
        scene.fleet.add(WorkerNumber(i), Scene::id(i));
    scene.publish();
    QVERIFY2(scene.journal.entries.isEmpty(), qPrintable(scene.journal.steps().join(u' ')));
}

void FleetEventRecorderTest::tellsLostEndedAndReturned()
{
    Scene scene;
    for (int i = 0; i < 3; ++i)
        scene.fleet.add(WorkerNumber(i), Scene::id(i));
    scene.publish();
    scene.fleet.apply(scene.fleet.gone(0, WorkerEnd::Expired, true));
    scene.fleet.clock.step(10);
    scene.fleet.apply(scene.fleet.gone(1, WorkerEnd::Drained, false));
    scene.publish();
    QCOMPARE(scene.journal.steps(), (QStringList{u"lost"_s, u"ended"_s}));
    const JournalEntry lost = scene.journal.entries.first();
    QCOMPARE(lost.kind, JournalKind::Fleet);
    QCOMPARE(lost.worker, Scene::id(0));
    QCOMPARE(lost.source, u"prod"_s);
    QVERIFY(lost.text.startsWith(u"Worker 10000000 was lost"_s));
    QVERIFY(lost.at > 0);
    scene.fleet.clock.step(5'000);
    scene.fleet.apply(scene.fleet.alive(0));
    scene.publish();
    QCOMPARE(scene.journal.steps().last(), u"returned"_s);
    // Nothing is told twice.
    const auto count = scene.journal.entries.size();
    scene.publish();
    QCOMPARE(scene.journal.entries.size(), count);
}

void FleetEventRecorderTest::namesTheLastJobsOfOneThatIsLost()
{
    Scene scene;
    scene.fleet.add(0, Scene::id(0));
    FleetBatch batch;
    batch.source = 1;
    batch.generation = scene.fleet.store.sourceStatus(1).generation;
    batch.at = scene.fleet.clock.nowMs();
    WorkerText text;
    text.number = 0;
    text.id = Scene::id(0);
    text.jobs = {u"4f6c"_s, u"Resize (thumbs)"_s};
    batch.texts.append(text);
    scene.fleet.store.apply(batch);
    scene.publish();
    scene.fleet.apply(scene.fleet.gone(0, WorkerEnd::Expired, true));
    scene.publish();
    QCOMPARE(scene.journal.entries.size(), 1);
    QVERIFY2(scene.journal.entries.first().text.endsWith("; last known at work: 4f6c, Resize (thumbs)"_L1),
             qPrintable(scene.journal.entries.first().text));
}

void FleetEventRecorderTest::sumsUpMany()
{
    Scene scene;
    constexpr int many = 3 * FleetEventRecorder::singlesAtMost;
    for (int i = 0; i < many; ++i)
        scene.fleet.add(WorkerNumber(i), Scene::id(i));
    scene.publish();
    for (int i = 0; i < many; ++i)
        scene.fleet.apply(scene.fleet.gone(WorkerNumber(i), WorkerEnd::Expired, true));
    scene.publish();
    QCOMPARE(scene.journal.entries.size(), 1);
    const JournalEntry &entry = scene.journal.entries.first();
    QVERIFY2(entry.text.startsWith(u"150 workers were lost"_s), qPrintable(entry.text));
    QVERIFY(entry.text.contains(u"10000000, 10000001"_s) && entry.text.endsWith(u"and 145 more"_s));
    QVERIFY(entry.worker.isEmpty());
    QCOMPARE(entry.step, u"lost"_s);
}

void FleetEventRecorderTest::tellsAWaveOnce()
{
    Scene scene;
    for (int i = 0; i < 12; ++i)
        scene.fleet.add(WorkerNumber(i), Scene::id(i));
    scene.publish();
    scene.fleet.clock.step(16'000); // All are late now.
    scene.publish();
    scene.fleet.clock.step(FleetEventRecorder::waveMs);
    scene.publish();
    QCOMPARE(scene.journal.steps().count(u"late-wave"_s), 1);
    const auto wave = std::find_if(scene.journal.entries.cbegin(), scene.journal.entries.cend(),
                                   [](const JournalEntry &entry) { return entry.step == u"late-wave"; });
    QVERIFY2(wave->text.startsWith(u"12 workers were late within"_s), qPrintable(wave->text));
    // A few late workers are no wave.
    Scene calm;
    for (int i = 0; i < FleetEventRecorder::waveAtLeast - 1; ++i)
        calm.fleet.add(WorkerNumber(i), Scene::id(i));
    calm.fleet.clock.step(16'000);
    calm.publish();
    calm.fleet.clock.step(FleetEventRecorder::waveMs);
    calm.publish();
    QVERIFY(!calm.journal.steps().contains(u"late-wave"_s));
}

void FleetEventRecorderTest::tellsConnections()
{
    Scene scene;
    scene.fleet.status.message = u"the server closed the connection"_s;
    scene.fleet.setState(SourceState::Waiting);
    scene.fleet.setState(SourceState::Connecting);
    scene.fleet.setState(SourceState::Waiting);
    QCOMPARE(scene.journal.steps(), QStringList{u"lost"_s});
    QCOMPARE(scene.journal.entries.first().kind, JournalKind::Connection);
    QVERIFY(scene.journal.entries.first().text.endsWith(u"lost: the server closed the connection"_s));
    scene.fleet.clock.step(12'000);
    scene.fleet.status.message.clear();
    scene.fleet.setState(SourceState::Loading);
    scene.fleet.setState(SourceState::Live);
    QCOMPARE(scene.journal.steps().last(), u"back"_s);
    QVERIFY(scene.journal.entries.last().text.contains(u"12.0 s"_s));
    scene.fleet.setState(SourceState::Off);
    QCOMPARE(scene.journal.steps().last(), u"disconnected"_s);
    scene.fleet.setState(SourceState::Live);
    QCOMPARE(scene.journal.steps().last(), u"connected"_s);
    scene.fleet.store.removeSource(1);
    QCOMPARE(scene.journal.steps(), (QStringList{u"lost"_s, u"back"_s, u"disconnected"_s, u"connected"_s, u"removed"_s}));
    QVERIFY(scene.journal.entries.last().text.contains(u"prod"_s));
}

void FleetEventRecorderTest::tellsTiming()
{
    Scene scene;
    scene.fleet.setState(SourceState::Live);
    QVERIFY(scene.journal.entries.isEmpty());
    scene.fleet.status.timing.heartbeatInterval = 25'000;
    scene.fleet.setState(SourceState::Live);
    QCOMPARE(scene.journal.entries.size(), 1);
    QCOMPARE(scene.journal.entries.first().kind, JournalKind::Timing);
    QVERIFY2(scene.journal.entries.first().text.contains(u"heartbeat interval 10.0 s → 25.0 s"_s),
             qPrintable(scene.journal.entries.first().text));
}

void FleetEventRecorderTest::givesNewEventsOnly()
{
    FleetEvents events;
    FleetEvent event;
    event.kind = FleetEventKind::Registered;
    for (qint32 i = 0; i < 10; ++i) {
        event.a = i;
        events.append(event);
    }
    QCOMPARE(events.appended(), 10u);
    QCOMPARE(events.since(7, 100).size(), 3u);
    QCOMPARE(events.since(7, 100).front().a, 7);
    QCOMPARE(events.since(0, 4).size(), 4u);
    QVERIFY(events.since(10, 100).empty());
    QVERIFY(events.since(1'000, 100).empty());
    event.kind = FleetEventKind::SessionsChanged; // Routine: not counted, and pushes nothing out.
    events.append(event);
    QCOMPARE(events.appended(), 10u);
    event.kind = FleetEventKind::Returned;
    for (int i = 0; i < FleetEvents::maxEvents; ++i)
        events.append(event);
    QCOMPARE(events.firstKept(), 10u);
    QCOMPARE(events.since(0, 1).front().kind, FleetEventKind::Returned);
}

void FleetEventRecorderTest::tellsAForgottenHubOnce()
{
    Scene scene;
    HubScene hub(scene.fleet.store, scene.fleet.clock, 40);
    scene.publish();
    scene.journal.entries.clear();
    // The connection goes, and the hub that is back knows nobody.
    hub.setState(SourceState::Waiting);
    scene.fleet.clock.step(3'000);
    ++hub.status().generation;
    hub.setState(SourceState::Loading);
    hub.setForgotten(true, u"The hub forgot everything. Its actors are not gone: they have to register again."_s);
    hub.setState(SourceState::Sweeping);
    for (int awaited = 40; awaited > 10; awaited -= 10) {
        hub.setForgotten(true, u"The hub forgot everything: %1 actors have not registered again yet."_s.arg(awaited));
        scene.publish();
    }
    QCOMPARE(scene.journal.steps(), (QStringList{u"lost"_s, u"back"_s, u"forgotten"_s}));
    QCOMPARE(scene.journal.entries.last().kind, JournalKind::Connection);
    QVERIFY2(scene.journal.entries.last().text.startsWith(u"The registrations of hub-eu are lost: The hub forgot"_s),
             qPrintable(scene.journal.entries.last().text));
    // Nobody renews meanwhile, and twelve never come back: that is told once, as a number.
    for (int i = 12; i < 40; ++i)
        hub.renew(i);
    scene.fleet.clock.step(260'000);
    scene.publish();
    for (int i = 12; i < 40; ++i)
        hub.renew(i);
    for (int i = 0; i < 12; ++i)
        hub.end(i, WorkerEnd::Unseen);
    hub.setForgotten(false);
    scene.publish();
    QCOMPARE(scene.journal.steps(), (QStringList{u"lost"_s, u"back"_s, u"forgotten"_s, u"registered-again"_s}));
    QCOMPARE(scene.journal.entries.last().text, u"12 actors of hub-eu did not register again: departed, unseen"_s);
    // The next time all come back.
    hub.setForgotten(true);
    hub.setForgotten(false);
    QCOMPARE(scene.journal.entries.last().text, u"All known actors of hub-eu are registered again"_s);
    // What comes after it is news again.
    hub.end(20, WorkerEnd::Left);
    scene.publish();
    QCOMPARE(scene.journal.steps().last(), u"ended"_s);
}

void FleetEventRecorderTest::tellsOfActorsInTheirWords()
{
    Scene scene;
    HubScene hub(scene.fleet.store, scene.fleet.clock, 5);
    scene.publish();
    scene.journal.entries.clear();
    hub.end(0, WorkerEnd::Expired);
    hub.end(1, WorkerEnd::Left);
    hub.end(2, WorkerEnd::Unseen);
    hub.say(3, WorkerStatus::ShuttingDown);
    const WorkerHandle stopped = hub.handle(3);
    hub.end(3, WorkerEnd::Drained);
    const auto events = scene.fleet.store.events().ofWorker(scene.fleet.store.worker(stopped).serial, HubScene::source, 100);
    QVERIFY(std::any_of(events.begin(), events.end(),
                        [](const FleetEvent &event) { return eventText(event, *hubTraits()) == u"gone after the shutdown"_s; }));
    hub.say(4, WorkerStatus::Draining);
    hub.end(4, WorkerEnd::Drained);
    scene.publish();
    scene.fleet.clock.step(5'000);
    hub.renew(0);
    scene.publish();
    QStringList texts;
    for (const JournalEntry &entry : scene.journal.entries)
        texts.append(entry.text);
    const QString all = texts.join(u'\n');
    QVERIFY2(all.contains(u"Actor @(local/agent-0) was lost: its registration expired"_s), qPrintable(all));
    QVERIFY2(all.contains(u"Actor @(local/agent-1) ended: its registration was removed"_s), qPrintable(all));
    QVERIFY2(all.contains(u"Actor @(local/agent-2) ended unseen"_s), qPrintable(all));
    QVERIFY2(all.contains(u"Actor @(local/agent-3) ended after the shutdown"_s), qPrintable(all));
    QVERIFY2(all.contains(u"Actor @(local/agent-4) ended after its drain"_s), qPrintable(all));
    QVERIFY2(all.contains(u"Actor @(local/agent-0) registered again after"_s), qPrintable(all));
    QVERIFY2(!all.contains(u"key"_s) && !all.contains(u"Worker"_s), qPrintable(all));
}

} // namespace pulsedeck

using pulsedeck::FleetEventRecorderTest;
PULSEDECK_TEST(FleetEventRecorderTest, pulsedeck::runWithEvents)
#include "fleeteventrecorder_test.moc"
