// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/historyrecorder.h"
#include "tests/models/modelfleet.h"
#include "tests/models/timingfixture.h"
#include "tests/support/notehistory.h"
#include "tests/support/testprogram.h"

#include <QTest>

#include <random>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class HistoryRecorderTest : public QObject
{
    Q_OBJECT

private slots:
    void beatsAndChangesAreRecorded()
    {
        ModelFleet fleet;
        NoteHistory history;
        HistoryRecorder recorder(fleet.store, history, nullptr);
        fleet.add(1, "chromium:one");
        fleet.store.publish();
        std::vector<qint64> beats{fleet.clock.nowMs()};
        for (int i = 0; i < 5; ++i) {
            fleet.clock.step(5'000);
            WorkerSample sample = fleet.alive(1);
            sample.activeSessions = i;
            fleet.apply(sample);
            beats.push_back(fleet.clock.nowMs());
            fleet.store.publish();
        }
        recorder.flush();
        const LaneId lane = history.laneOf("chromium:one");
        QVERIFY(lane != noLane);
        QCOMPARE(history.beatsOf(lane), beats);
        const HistoryLane described = history.lanes()[lane];
        QCOMPARE(described.source, u"prod"_s);
        QCOMPARE(described.type, u"chromium"_s);
        QCOMPARE(described.host, "10.0.0.1:3131"_ba);
        QCOMPARE(described.system, fleet.store.worker(0).traits->fullKind());
        QCOMPARE(history.changesOf(lane, LaneFact::Sessions).size(), size_t(5));
        QCOMPARE(history.changesOf(lane, LaneFact::Sessions).back().value, 4);
        const LaneState state = history.stateOf(lane);
        QCOMPARE(state.liveness, Liveness::Alive);
        QCOMPARE(state.interval, 5'000);
        // Nothing but what moved: the TTL and the status were told once.
        QCOMPARE(history.changesOf(lane, LaneFact::LearntTtl).size(), size_t(1));
        QCOMPARE(history.changesOf(lane, LaneFact::Status).size(), size_t(1));
    }

    void framesAreHandedOverTwiceASecond()
    {
        ModelFleet fleet;
        NoteHistory history;
        HistoryRecorder recorder(fleet.store, history, nullptr);
        fleet.add(1, "chromium:one");
        for (int i = 0; i < 20; ++i) {
            fleet.clock.step(100);
            fleet.apply(fleet.alive(1));
            fleet.store.publish();
        }
        QCOMPARE(history.frames.size(), size_t(4));
        QCOMPARE(history.frames.back().until, fleet.clock.nowMs());
        // While nothing happens it says seldom that it still watches.
        const size_t before = history.frames.size();
        for (int i = 0; i < 60; ++i) {
            fleet.clock.step(100);
            fleet.store.publish();
        }
        QVERIFY(history.frames.size() > before);
        QVERIFY(history.frames.size() <= before + 3);
    }

    void whatWasThereBeforeIsRecordedAtOnce()
    {
        ModelFleet fleet;
        fleet.add(1, "chromium:one");
        fleet.store.publish();
        NoteHistory history;
        HistoryRecorder recorder(fleet.store, history, nullptr);
        recorder.flush();
        QVERIFY(history.stateOf(history.laneOf("chromium:one")).known);
        QCOMPARE(history.stateOf(history.laneOf({}, LaneKind::Source)).state, SourceState::Live);
    }

    void endsReturnsAndRowsThatGo()
    {
        ModelFleet fleet;
        NoteHistory history;
        HistoryRecorder recorder(fleet.store, history, nullptr);
        fleet.store.setDepartedForMs(60'000);
        fleet.add(1, "chromium:one");
        fleet.store.publish();
        fleet.clock.step(3'000);
        fleet.apply(fleet.gone(1, WorkerEnd::Drained, false));
        fleet.remove(1);
        fleet.store.publish();
        recorder.flush();
        const LaneId lane = history.laneOf("chromium:one");
        QCOMPARE(history.stateOf(lane).end, WorkerEnd::Drained);
        QCOMPARE(history.stateOf(lane).liveness, Liveness::Departed);
        fleet.clock.step(5'000);
        fleet.add(2, "chromium:one");
        fleet.store.publish();
        recorder.flush();
        QCOMPARE(history.laneOf("chromium:one"), lane);
        QCOMPARE(history.stateOf(lane).end, WorkerEnd::None);
        QCOMPARE(history.stateOf(lane).liveness, Liveness::Alive);
        fleet.apply(fleet.gone(2, WorkerEnd::Expired, false));
        fleet.remove(2);
        fleet.store.publish();
        fleet.clock.step(120'000);
        fleet.store.publish();
        recorder.flush();
        QVERIFY(!history.stateOf(lane).known);
        // Its place is another one's: nothing of the one before is said of it.
        fleet.add(3, "chromium:two");
        fleet.store.publish();
        recorder.flush();
        QVERIFY(history.laneOf("chromium:two") != lane);
        QCOMPARE(history.beatsOf(history.laneOf("chromium:two")).size(), size_t(1));
    }

    void aSourceThatGoesTakesItsLanes()
    {
        ModelFleet fleet;
        NoteHistory history;
        HistoryRecorder recorder(fleet.store, history, nullptr);
        fleet.add(1, "chromium:one");
        fleet.store.publish();
        fleet.store.removeSource(1);
        fleet.store.publish();
        recorder.flush();
        QVERIFY(!history.stateOf(history.laneOf("chromium:one")).known);
        QVERIFY(!history.stateOf(history.laneOf({}, LaneKind::Source)).known);
    }

    void outagesOfASourceAreEvents()
    {
        ModelFleet fleet;
        NoteHistory history;
        HistoryRecorder recorder(fleet.store, history, nullptr);
        fleet.add(1, "chromium:one");
        fleet.store.publish();
        fleet.clock.step(10'000);
        fleet.status.lostAt = fleet.clock.nowMs() - 500;
        fleet.setState(SourceState::Waiting);
        fleet.store.publish();
        recorder.flush();
        QCOMPARE(history.events().size(), size_t(1));
        QCOMPARE(history.events()[0].kind, u"outage"_s);
        QCOMPARE(history.events()[0].step, u"lost"_s);
        QCOMPARE(history.stateOf(history.laneOf("chromium:one")).liveness, Liveness::Unknown);
        fleet.clock.step(4'000);
        fleet.status.lostAt = 0;
        ++fleet.generation;
        fleet.setState(SourceState::Live);
        fleet.store.publish();
        recorder.flush();
        QCOMPARE(history.events().size(), size_t(2));
        QCOMPARE(history.events()[1].facts[u"to"_s].toInteger(), fleet.clock.nowMs());
        QCOMPARE(history.events()[1].facts[u"from"_s].toInteger(), fleet.clock.nowMs() - 4'500);
    }

    void newVersionsAndQueuesAreRecorded()
    {
        ModelFleet fleet;
        NoteHistory history;
        HistoryRecorder recorder(fleet.store, history, nullptr);
        FleetBatch batch = fleet.emptyBatch();
        WorkerText text;
        text.number = 1;
        text.id = "w1";
        text.version = u"1.0"_s;
        text.startedAt = 5;
        batch.texts.append(text);
        QueueSample queue;
        queue.name = "mail";
        queue.readAt = fleet.clock.nowMs();
        queue.waiting = 12;
        batch.queues.append(queue);
        fleet.store.apply(batch);
        fleet.store.publish();
        recorder.flush();
        const LaneId lane = history.laneOf("w1");
        QCOMPARE(history.lanes()[lane].version, u"1.0"_s);
        QVERIFY(history.events().empty());
        fleet.clock.step(1'000);
        batch = fleet.emptyBatch();
        text.version = u"1.1"_s;
        text.startedAt = 6;
        batch.texts.append(text);
        queue.waiting = 15;
        batch.queues.append(queue);
        fleet.store.apply(batch);
        fleet.store.publish();
        recorder.flush();
        QCOMPARE(history.lanes()[lane].version, u"1.1"_s);
        QCOMPARE(history.events().size(), size_t(1));
        QCOMPARE(history.events()[0].kind, u"version"_s);
        QCOMPARE(history.changesOf(lane, LaneFact::Version).size(), size_t(2));
        const LaneId queueLane = history.laneOf("mail", LaneKind::Queue);
        QCOMPARE(history.changesOf(queueLane, LaneFact::Waiting).size(), size_t(2));
        QCOMPARE(history.stateOf(queueLane).waiting, 15);
        // It is paused as well while all workers of its system are.
        const size_t pauses = history.changesOf(queueLane, LaneFact::Paused).size();
        batch = fleet.emptyBatch();
        PauseSample all;
        all.readAt = fleet.clock.nowMs();
        all.known = all.paused = true;
        batch.pauses.append(all);
        fleet.store.apply(batch);
        fleet.store.publish();
        recorder.flush();
        QCOMPARE(history.changesOf(queueLane, LaneFact::Paused).size(), pauses + 1);
        queue.gone = true;
        batch = fleet.emptyBatch();
        batch.queues.append(queue);
        fleet.store.apply(batch);
        fleet.store.publish();
        recorder.flush();
        QVERIFY(!history.stateOf(queueLane).known);
    }

    void whatTheJournalNotesIsAnEvent()
    {
        ModelFleet fleet;
        NoteHistory history;
        NoteJournal journal;
        HistoryRecorder recorder(fleet.store, history, &journal);
        fleet.add(1, "chromium:one");
        fleet.store.publish();
        JournalEntry entry;
        entry.at = fleet.clock.toWall(fleet.clock.nowMs());
        entry.kind = JournalKind::Command;
        entry.source = u"prod"_s;
        entry.worker = "chromium:one";
        entry.command = QUuid::createUuid();
        entry.act = u"drain"_s;
        entry.step = u"requested"_s;
        entry.facts = {{u"kind"_s, TraitsRef()->fullKind()}};
        journal.write({entry});
        recorder.flush();
        QCOMPARE(history.events().size(), size_t(1));
        const HistoryEvent event = history.events()[0];
        QCOMPARE(event.at, fleet.clock.nowMs());
        QCOMPARE(event.kind, u"command"_s);
        QCOMPARE(event.lane, history.laneOf("chromium:one"));
        QCOMPARE(event.facts[u"command"_s].toString(), journalIdText(entry.command));
        QCOMPARE(journal.entries.size(), 1);
    }

    /// Whatever happens, what was recorded of a worker is what the store has of it.
    void theRecordIsTheStore()
    {
        std::mt19937 random(21);
        ModelFleet fleet;
        NoteHistory history;
        HistoryRecorder recorder(fleet.store, history, nullptr);
        for (WorkerNumber number = 1; number <= 40; ++number)
            fleet.add(number, "chromium:" + QByteArray::number(number));
        for (int round = 0; round < 300; ++round) {
            fleet.clock.step(200 + qint64(random() % 3'000));
            for (WorkerNumber number = 1; number <= 40; ++number) {
                switch (random() % 24) {
                case 0:
                    fleet.apply(fleet.gone(number, random() % 2 ? WorkerEnd::Expired : WorkerEnd::Left, random() % 2));
                    break;
                case 1:
                    fleet.text(number, "chromium:" + QByteArray::number(number));
                    break;
                default: {
                    WorkerSample sample = fleet.alive(number, qint64(random() % 900),
                                                      random() % 20 ? WorkerStatus::Available : WorkerStatus::Draining);
                    sample.activeSessions = qint32(random() % 3);
                    sample.newBeat = random() % 3 != 0;
                    if (random() % 30 == 0)
                        sample.flags |= WorkerFlag::NoListener;
                    if (random() % 3 == 0)
                        fleet.apply(sample);
                }
                }
            }
            fleet.store.publish();
            if (round % 50 != 49)
                continue;
            recorder.flush();
            for (int i = 0; i < fleet.store.capacity(); ++i) {
                const Worker &worker = fleet.store.worker(WorkerHandle(i));
                const LaneState state = history.stateOf(history.laneOf(worker.id));
                QCOMPARE(state.liveness, worker.liveness);
                QCOMPARE(state.status, worker.status);
                QCOMPARE(state.end, worker.end);
                QCOMPARE(state.sessions, worker.activeSessions);
                QCOMPARE(state.flags, quint32((worker.flags & shownLaneFlags).toInt()));
                QCOMPARE(state.learntTtl, worker.learntTtl);
                QCOMPARE(state.command, worker.command);
                QCOMPARE(quint32(history.beatsOf(history.laneOf(worker.id)).size()), worker.beatCount);
            }
        }
    }
};

PULSEDECK_TEST(HistoryRecorderTest, runWithEvents)
#include "historyrecorder_test.moc"
