// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/timingcontroller.h"
#include "tests/models/timingfixture.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

using TimingControllerOutcome = TimingApplied::Outcome;

/// The controller with a store and a journal in memory; the test is the source.
class TimingControllerTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<ModelFleet> m_fleet;
    std::unique_ptr<NoteJournal> m_journal;
    std::unique_ptr<TimingController> m_controller;
    std::unique_ptr<QSignalSpy> m_sent;
    std::unique_ptr<QSignalSpy> m_applied;

    TimingProfile profile(qint64 intervalMs, qint64 ttlMs = 30'000, qint64 version = 0) const
    {
        TimingProfile made;
        made.heartbeatInterval = intervalMs;
        made.workerKeyTtl = ttlMs;
        made.version = version;
        if (version > 0)
            made.name = u"v%1"_s.arg(version);
        return made;
    }

    /// The source says what its record holds.
    void tell(const TimingProfile &now)
    {
        m_fleet->status.timing = now;
        m_fleet->store.applyStatus(m_fleet->status);
    }

    TimingApply lastSent() const { return m_sent->last().at(1).value<TimingApply>(); }
    TimingApplied lastApplied() const { return m_applied->last().first().value<TimingApplied>(); }

    TimingApplied answer(TimingControllerOutcome outcome) const
    {
        const TimingApply apply = lastSent();
        TimingApplied applied;
        applied.id = apply.id;
        applied.source = apply.source;
        applied.outcome = outcome;
        applied.now.profile = apply.profile;
        applied.now.profile.version = apply.expectedVersion + 1;
        return applied;
    }

    void tick(qint64 ms = 1'000)
    {
        m_fleet->clock.step(ms);
        m_fleet->store.publish();
    }

    /// A beat now, with this TTL.
    void beat(WorkerNumber number, qint64 ttlMs)
    {
        WorkerSample sample = m_fleet->alive(number);
        sample.ttl = sample.learntTtl = qint32(ttlMs);
        m_fleet->apply(sample);
    }

private slots:
    void init()
    {
        m_controller.reset();
        m_fleet = std::make_unique<ModelFleet>();
        m_journal = std::make_unique<NoteJournal>();
        m_controller = std::make_unique<TimingController>(m_fleet->store, m_fleet->clock);
        m_controller->setJournal(m_journal.get());
        m_controller->setOperator(u"ann@desk"_s);
        m_sent = std::make_unique<QSignalSpy>(m_controller.get(), &TimingController::applyRequested);
        m_applied = std::make_unique<QSignalSpy>(m_controller.get(), &TimingController::applied);
    }

    void theIntentIsWrittenBeforeAnythingIsSent()
    {
        tell(profile(10'000, 30'000, 4));
        m_journal->entries.clear();
        m_journal->answers = false;
        const QUuid id = m_controller->apply(1, profile(20'000, 60'000), 4, u" slower \n beats "_s);
        QVERIFY(m_controller->isApplying(1));
        QCOMPARE(m_sent->size(), 0);
        QCOMPARE(m_journal->entries.size(), 1);
        const JournalEntry intent = m_journal->entries.first();
        QCOMPARE(intent.kind, JournalKind::Timing);
        QCOMPARE(intent.source, u"prod"_s);
        QCOMPARE(intent.step, u"requested"_s);
        QCOMPARE(intent.by, u"ann@desk"_s);
        QCOMPARE(intent.reason, u"slower beats"_s);
        QCOMPARE(intent.command, id);
        QCOMPARE(intent.text, u"v4 → v5: Heartbeat interval 10 s → 20 s, Worker key TTL 30 s → 60 s"_s);
        emit m_journal->written(m_journal->held.first(), true);
        QCOMPARE(m_sent->size(), 1);
        QCOMPARE(lastSent().id, id);
        QCOMPARE(lastSent().expectedVersion, 4);
        QCOMPARE(lastSent().at, m_fleet->clock.nowMs());
        emit m_journal->written(m_journal->held.first(), true);
        QCOMPARE(m_sent->size(), 1);

        m_controller->takeApplied(answer(TimingControllerOutcome::Applied));
        QVERIFY(!m_controller->isApplying(1));
        QCOMPARE(m_applied->size(), 1);
        QCOMPARE(m_journal->entries.last().step, u"applied"_s);
        QCOMPARE(m_journal->entries.last().text, u"v5 is in force"_s);
        // A second answer to the same is none.
        m_controller->takeApplied(answer(TimingControllerOutcome::Applied));
        QCOMPARE(m_applied->size(), 1);
    }

    void aJournalThatFailsOrIsSilentDoesNotStopIt()
    {
        m_journal->ok = false;
        m_controller->apply(1, profile(20'000), 0, {});
        QCOMPARE(m_sent->size(), 1);
        m_controller->takeApplied(answer(TimingControllerOutcome::Refused));
        m_journal->answers = false;
        m_controller->apply(1, profile(20'000), 0, {});
        QCOMPARE(m_sent->size(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(m_sent->size(), 2, 20'000);
        m_controller->takeApplied(answer(TimingControllerOutcome::Refused));
        m_controller->setJournal(nullptr);
        m_controller->apply(1, profile(20'000), 0, {});
        QTRY_COMPARE_WITH_TIMEOUT(m_sent->size(), 3, 20'000);
    }

    void everyOutcomeIsWrittenInWords_data()
    {
        QTest::addColumn<int>("outcome");
        QTest::addColumn<QString>("step");
        QTest::addColumn<QString>("word");
        QTest::newRow("applied") << int(TimingControllerOutcome::Applied) << u"applied"_s << u"v1 is in force"_s;
        QTest::newRow("conflict") << int(TimingControllerOutcome::Conflict) << u"conflict"_s
                                  << u"bob changed the record first: it is at v7, not at v0"_s;
        QTest::newRow("refused") << int(TimingControllerOutcome::Refused) << u"refused"_s << u"because"_s;
        QTest::newRow("unknown") << int(TimingControllerOutcome::Unknown) << u"unknown"_s
                                 << u"may or may not be written: because"_s;
    }

    void everyOutcomeIsWrittenInWords()
    {
        QFETCH(int, outcome);
        QFETCH(QString, step);
        QFETCH(QString, word);
        m_controller->apply(1, profile(20'000), 0, {});
        TimingApplied applied = answer(TimingControllerOutcome(outcome));
        if (applied.outcome == TimingControllerOutcome::Conflict) {
            applied.now.profile.version = 7;
            applied.now.by = u"bob"_s;
        } else if (applied.outcome != TimingControllerOutcome::Applied) {
            applied.text = u"because"_s;
            applied.refusal = Refusal::NotPermitted;
        }
        m_controller->takeApplied(applied);
        QCOMPARE(m_journal->entries.last().step, step);
        QVERIFY2(m_journal->entries.last().text.contains(word), qPrintable(m_journal->entries.last().text));
        QCOMPARE(lastApplied().outcome, TimingControllerOutcome(outcome));
    }

    void onlyOneChangeAtATimeAndUnknownSourcesAreRefused()
    {
        m_controller->apply(1, profile(20'000), 0, {});
        const QUuid second = m_controller->apply(1, profile(21'000), 0, {});
        const QUuid nowhere = m_controller->apply(9, profile(21'000), 0, {});
        QCOMPARE(m_applied->size(), 0); // Never from inside the call.
        QTRY_COMPARE_WITH_TIMEOUT(m_applied->size(), 2, 20'000);
        QCOMPARE(m_applied->at(0).first().value<TimingApplied>().id, second);
        QCOMPARE(m_applied->at(0).first().value<TimingApplied>().refusal, Refusal::HasCommand);
        QCOMPARE(m_applied->at(1).first().value<TimingApplied>().id, nowhere);
        QCOMPARE(m_applied->at(1).first().value<TimingApplied>().refusal, Refusal::NotConnected);
        QCOMPARE(m_sent->size(), 1);
    }

    void aRemovedSourceAnswers()
    {
        m_controller->apply(1, profile(20'000), 0, {});
        m_fleet->store.removeSource(1);
        QTRY_COMPARE_WITH_TIMEOUT(m_applied->size(), 1, 20'000);
        QCOMPARE(lastApplied().outcome, TimingControllerOutcome::Unknown);
        QVERIFY(!m_controller->isApplying(1));
    }

    void rollingBackSaysWhereTo()
    {
        tell(profile(20'000, 30'000, 5));
        TimingVersion old;
        old.profile = profile(10'000, 30'000, 3);
        m_controller->rollBack(1, old, 5, u"too slow"_s);
        QCOMPARE(lastSent().expectedVersion, 5);
        QCOMPARE(lastSent().profile.heartbeatInterval, 10'000);
        QCOMPARE(lastSent().reason, u"back to v3: too slow"_s);
        QVERIFY(m_journal->entries.last().text.contains(u"back to v3: Heartbeat interval 20 s → 10 s"_s));
    }

    void theRolloutIsFollowed()
    {
        QSignalSpy changed(m_controller.get(), &TimingController::rolloutChanged);
        tell(profile(10'000, 30'000, 1));
        for (WorkerNumber number = 0; number < 3; ++number)
            m_fleet->add(number, "chromium:" + QByteArray::number(number));
        for (int i = 0; i < 5; ++i) {
            tick(10'000);
            for (WorkerNumber number = 0; number < 3; ++number)
                beat(number, 30'000);
        }
        tick();
        QCOMPARE(m_controller->rollout(1).version, 1); // That it is there was learnt while it was watched.
        QVERIFY(m_controller->rollout(1).completeAt > 0);
        changed.clear();
        m_journal->entries.clear();

        m_controller->apply(1, profile(4'000, 12'000), 1, {});
        const qint64 at = m_fleet->clock.nowMs();
        m_controller->takeApplied(answer(TimingControllerOutcome::Applied));
        tell(profile(4'000, 12'000, 2));
        QCOMPARE(m_controller->versionOf(1), 2);
        QCOMPARE(m_controller->rollout(1).version, 2);
        QCOMPARE(m_controller->rollout(1).appliedAt, at);
        tick();
        QCOMPARE(m_controller->rollout(1).workers, 3);
        QCOMPARE(m_controller->rollout(1).onBoth, 0);
        QCOMPARE(m_controller->rollout(1).behind.size(), size_t(3));

        // The first beat after the change has the new TTL; its gap began before it and says nothing.
        tick(8'000);
        beat(0, 12'000);
        beat(1, 12'000);
        tick();
        QCOMPARE(m_controller->rollout(1).onTtl, 2);
        QCOMPARE(m_controller->rollout(1).onInterval, 0);
        tick(3'000);
        beat(0, 12'000);
        tick();
        QCOMPARE(m_controller->rollout(1).onInterval, 1);
        QCOMPARE(m_controller->rollout(1).onBoth, 1);
        QCOMPARE(m_controller->rollout(1).completeAt, 0);
        QCOMPARE(m_journal->steps().count(u"rolled-out"_s), 0);
        tick(2'000);
        beat(1, 12'000); // A late one: 6 s fits neither.
        tick();
        QCOMPARE(m_controller->rollout(1).onInterval, 1);
        tick(3'000);
        for (WorkerNumber number = 0; number < 3; ++number)
            beat(number, 12'000);
        tick(4'000);
        for (WorkerNumber number = 0; number < 3; ++number)
            beat(number, 12'000);
        tick();
        QCOMPARE(m_controller->rollout(1).onBoth, 3);
        QVERIFY(m_controller->rollout(1).behind.empty());
        QCOMPARE(m_controller->rollout(1).completeAt, m_fleet->clock.nowMs());
        QCOMPARE(m_journal->steps().count(u"rolled-out"_s), 1);
        QVERIFY(m_journal->entries.last().text.startsWith(u"all 3 workers are on v2"_s));
        QVERIFY(changed.size() >= 5);
    }

    void theThresholdsFollowAtOnce()
    {
        tell(profile(10'000, 30'000, 1));
        const WorkerHandle worker = m_fleet->add(0, "chromium:a");
        const auto liveness = [&] {
            m_fleet->store.publish();
            return m_fleet->store.worker(worker).liveness;
        };
        tick(8'000);
        QCOMPARE(liveness(), Liveness::Alive);
        // With no beat and no time in between: what was in time is late by the new values, and stale by newer ones.
        tell(profile(4'000, 30'000, 2));
        QCOMPARE(liveness(), Liveness::Late);
        TimingProfile strict = profile(2'000, 30'000, 3);
        strict.reaperStaleThreshold = 7'000;
        tell(strict);
        QCOMPARE(liveness(), Liveness::Stale);
        tell(profile(10'000, 30'000, 4));
        QCOMPARE(liveness(), Liveness::Alive);
        tick(8'000);
        QCOMPARE(liveness(), Liveness::Late); // Sixteen seconds of fifteen.
        tell(profile(20'000, 60'000, 5));
        QCOMPARE(liveness(), Liveness::Alive);
    }

    void somebodyElsesChangeIsFollowedToo()
    {
        m_fleet->setState(SourceState::Off);
        m_controller = std::make_unique<TimingController>(m_fleet->store, m_fleet->clock); // It never saw the source loaded.
        m_controller->setJournal(m_journal.get());
        m_fleet->setState(SourceState::Loading);
        tell(profile(10'000, 30'000, 4));
        QCOMPARE(m_controller->rollout(1).appliedAt, 0); // It was so before the console came.
        m_fleet->setState(SourceState::Live);
        QVERIFY(m_journal->entries.isEmpty());
        QSignalSpy profileChanged(m_controller.get(), &TimingController::profileChanged);
        QSignalSpy historyRequested(m_controller.get(), &TimingController::historyRequested);
        tell(profile(20'000, 60'000, 5));
        QCOMPARE(profileChanged.size(), 1);
        QCOMPARE(historyRequested.size(), 0);
        QCOMPARE(m_controller->rollout(1).version, 5);
        QCOMPARE(m_journal->entries.last().step, u"changed"_s);
        QVERIFY(m_journal->entries.last().text.contains(u"v4 → v5: Heartbeat interval 10 s → 20 s"_s));
        // The same told again is no news.
        tell(profile(20'000, 60'000, 5));
        QCOMPARE(profileChanged.size(), 1);
        m_controller->refreshHistory(1);
        tell(profile(21'000, 60'000, 6));
        QCOMPARE(historyRequested.size(), 2);
        tell(TimingProfile());
        QCOMPARE(m_controller->rollout(1).appliedAt, 0);
        QCOMPARE(m_journal->entries.last().step, u"removed"_s);
    }

    void aLostAnswerThatWasWrittenIsFound()
    {
        tell(profile(10'000, 30'000, 1));
        m_controller->apply(1, profile(20'000), 1, {});
        m_controller->takeApplied(answer(TimingControllerOutcome::Unknown));
        tell(profile(20'000, 30'000, 2));
        QCOMPARE(m_journal->entries.last().step, u"applied"_s);
        QCOMPARE(m_journal->entries.last().by, u"ann@desk"_s);
        QCOMPARE(m_controller->rollout(1).version, 2);
    }

    void historyIsKept()
    {
        QSignalSpy changed(m_controller.get(), &TimingController::historyChanged);
        QVERIFY(!m_controller->history(1).known);
        TimingHistory history;
        history.source = 1;
        history.known = true;
        history.versions.append(TimingVersion{profile(10'000, 30'000, 3), 5, u"bob"_s, {}});
        m_controller->takeHistory(history);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(m_controller->history(1).versions.first().by, u"bob"_s);
    }

    void aTeamsFileExtendsTheLibraryOrLeavesIt()
    {
        QTemporaryDir folder;
        const auto put = [&folder](const QByteArray &text) {
            QFile file(folder.filePath(u"rules.json"_s));
            if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
                qFatal("cannot write a file of the test");
            return file.fileName();
        };
        QString error;
        QVERIFY(!m_controller->extendLibrary(folder.filePath(u"none.json"_s), &error));
        QVERIFY(error.startsWith(u"none.json cannot be read"_s));
        QVERIFY(!m_controller->extendLibrary(put("{\n\"presets\": [\n{ \"id\": 3 } ] }"), &error));
        QVERIFY2(error.startsWith(u"rules.json, line 3: "_s), qPrintable(error));
        QVERIFY(!m_controller->extendLibrary(put(QByteArray(2 << 20, ' ')), &error));
        const auto presets = m_controller->library().presets.size();
        QSignalSpy changed(m_controller.get(), &TimingController::libraryChanged);
        QVERIFY(m_controller->extendLibrary(
            put("{ \"presets\": [ { \"id\": \"x\", \"name\": \"X\", \"values\": { \"workerKeyTtl\": 5000 } } ] }"), &error));
        QCOMPARE(m_controller->library().presets.size(), presets + 1);
        QCOMPARE(changed.size(), 1);
    }
};

PULSEDECK_TEST(TimingControllerTest, runWithEvents)
#include "timingcontroller_test.moc"
