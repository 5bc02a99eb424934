// SPDX-License-Identifier: GPL-3.0-or-later
// What the ledger makes of commands that others gave.
#include "models/commands/commandwords.h"
#include "tests/models/ledgerfixture.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using CommandLedgerTheirsOutcome = CommandProgress::Outcome;

class CommandLedgerTheirsTest : public QObject
{
    Q_OBJECT

private slots:
    void aCommandOfSomebodyElseIsFollowed()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 1);
        f.fleet.clock.step(1'000);
        f.see(f.sample(0, WorkerStatus::Available, 1, true));
        QCOMPARE(f.ledger.size(), 1);
        const quint64 key = f.ledger.firstKey();
        QVERIFY(f.at(key).theirs);
        QVERIFY(f.at(key).command.by.isEmpty()); // The proxy and an operator look the same.
        QCOMPARE(f.stage(key), CommandStage::Written);
        QCOMPARE(f.at(key).commandUntil, f.fleet.clock.nowMs() + 60'000);
        QVERIFY(f.ledger.group(f.at(key).command.group)->theirs);
        QCOMPARE(f.at(f.give(Act::Shutdown, worker)).refusal, Refusal::AlreadyCommanded);
        f.fleet.clock.step(1'000);
        f.see(f.sample(0, WorkerStatus::Draining, 1, true));
        QCOMPARE(f.stage(key), CommandStage::PickedUp);
        QVERIFY(f.ledger.wasToldToShutDown(worker));
        f.fleet.clock.step(1'000);
        f.see(f.fleet.gone(0, WorkerEnd::Drained, false));
        QCOMPARE(f.stage(key), CommandStage::Gone);
        QVERIFY(f.sent.isEmpty());
    }

    void theirCommandIsNotTakenForANewOneWhenItHasEnded()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        f.see(f.sample(0, WorkerStatus::Available, 0, true));
        const quint64 key = f.ledger.firstKey();
        f.ledger.cancel({key}, {});
        f.answer(key + 1, CommandLedgerTheirsOutcome::Done);
        QCOMPARE(f.stage(key), CommandStage::Withdrawn);
        f.see(f.sample(0, WorkerStatus::Available, 0, true));
        QCOMPARE(f.ledger.size(), 2);
        f.fleet.clock.step(500);
        f.see(f.sample(0, WorkerStatus::Available));
        f.fleet.clock.step(500);
        f.see(f.sample(0, WorkerStatus::Available, 0, true)); // This is.
        QCOMPARE(f.ledger.size(), 3);
        QVERIFY(!f.ledger.wasToldToShutDown(worker));
    }

    void somebodyWasFaster()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 key = f.give(Act::Shutdown, worker);
        f.see(f.sample(0, WorkerStatus::Available, 0, true)); // Whose it is nobody can say yet.
        QCOMPARE(f.ledger.size(), 1);
        f.refuse(key, Refusal::AlreadyCommanded);
        f.step(100);
        QCOMPARE(f.stage(key), CommandStage::Refused);
        QCOMPARE(f.ledger.size(), 2);
        QVERIFY(f.at(key + 1).theirs);
    }

    /// The sample waits in the store while the answer is taken at once.
    void aSampleFromBeforeTheAnswerSaysNothingOfOurs()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 key = f.give(Act::ShutdownNow, worker);
        f.fleet.clock.step(10);
        f.fleet.apply(f.sample(0, WorkerStatus::Available));
        f.fleet.clock.step(10);
        f.answer(key, CommandLedgerTheirsOutcome::Written, 1);
        f.fleet.store.publish();
        f.fleet.clock.step(10);
        f.see(f.sample(0, WorkerStatus::Draining, 0, true));
        QCOMPARE(f.ledger.size(), 1); // It is ours, and there is no other.
        QCOMPARE(f.stage(key), CommandStage::PickedUp);
        f.fleet.clock.step(10);
        f.see(f.fleet.gone(0, WorkerEnd::Drained, false));
        QCOMPARE(f.stage(key), CommandStage::Gone);
    }

    void aDrainOfSomebodyElseSaysWhoAndWhy()
    {
        LedgerFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 2);
        f.fleet.clock.step(1'000);
        f.see(f.drained(0, 2)); // The note comes a moment later.
        f.step(100);
        QCOMPARE(f.ledger.size(), 0);
        f.note(0, "chromium:a", u"bob@ops"_s, f.fleet.clock.nowMs() - 500);
        f.step(100);
        QCOMPARE(f.ledger.size(), 1);
        const quint64 key = f.ledger.firstKey();
        QVERIFY(f.at(key).theirs);
        QCOMPARE(f.at(key).command.act, Act::Drain);
        QCOMPARE(f.at(key).command.by, u"bob@ops"_s);
        QCOMPARE(f.at(key).command.reason, u"patching"_s);
        f.see(f.drained(0, 2));
        QCOMPARE(f.ledger.size(), 1);
        QCOMPARE(f.at(f.give(Act::Drain, worker)).refusal, Refusal::AlreadyCommanded);
        f.answer(f.give(Act::Resume, worker), CommandLedgerTheirsOutcome::Done);
        QCOMPARE(f.stage(key), CommandStage::Withdrawn);
    }

    void tenThousandAtTheFirstViewComeInPortions()
    {
        LedgerFixture f;
        constexpr int many = 10'000;
        for (WorkerNumber i = 0; i < many; ++i) {
            f.fleet.text(i, "chromium:" + QByteArray::number(i));
            f.fleet.apply(f.sample(i, i % 2 ? WorkerStatus::Draining : WorkerStatus::Available, 1, true));
        }
        f.fleet.store.publish();
        QVERIFY(f.ledger.size() > 0);
        QVERIFY(f.ledger.size() < many);
        for (int i = 0; i < 100 && f.ledger.size() < many; ++i)
            f.step(50);
        QCOMPARE(f.ledger.size(), many);
        QCOMPARE(f.ledger.openCount(), many);
        QCOMPARE(f.ledger.groups().size(), size_t(1));
        QCOMPARE(f.ledger.group(f.ledger.groups().front())->counts[size_t(CommandStage::PickedUp)], many / 2);
        QVERIFY(f.sent.isEmpty());
    }

    /// Whose a drain is says the journal, and until it has answered nobody does.
    void aDrainOfAnEarlierRunIsOwnWithItsTimes()
    {
        LedgerFixture f;
        f.fleet.clock.setWall(3'600'000);
        f.ledger.expectHistory();
        const qint64 drainedAt = f.fleet.clock.wallNowMs() - 600'000;
        for (const WorkerNumber number : {0u, 1u}) {
            const QByteArray id = "chromium:" + QByteArray::number(number);
            f.add(number, id);
            f.note(number, id, QStringLiteral("ann@ops"), drainedAt + number * 60'000);
            f.see(f.drained(number));
        }
        f.step(10'000);
        QCOMPARE(f.ledger.size(), 0);
        RecordedCommand drain;
        CommandEntry &entry = drain.entry;
        entry.command.id = QUuid::createUuid();
        entry.command.group = QUuid::createUuid();
        entry.command.act = Act::Drain;
        entry.command.worker = "chromium:0";
        entry.command.issuedAt = drainedAt;
        entry.command.reason = QStringLiteral("kernel update");
        entry.sourceName = f.fleet.store.sourceName(f.fleet.status.source);
        entry.stage = CommandStage::Done;
        entry.requestedAt = entry.writtenAt = f.fleet.clock.fromWall(drainedAt);
        f.ledger.takePastDrains({drain});
        f.step(100);
        QCOMPARE(f.ledger.size(), 2);
        const CommandEntry *own = f.ledger.entry(entry.command.id);
        QVERIFY(own && !own->theirs);
        QCOMPARE(own->stage, CommandStage::Done);
        QCOMPARE(own->writtenAt, entry.writtenAt);
        QCOMPARE(own->command.reason, entry.command.reason);
        // The other was ordered by somebody else, when its note says.
        const CommandEntry &other =
            f.at(f.ledger.entry(f.ledger.firstKey()) == own ? f.ledger.firstKey() + 1 : f.ledger.firstKey());
        QVERIFY(other.theirs);
        QCOMPARE(other.requestedAt, f.fleet.clock.fromWall(drainedAt + 60'000));
        QCOMPARE(other.writtenAt, other.requestedAt);
        // What was resumed and drained again is not what it was.
        f.see(f.sample(0, WorkerStatus::Available));
        f.note(0, "chromium:0", QStringLiteral("bob@ops"), drainedAt + 400'000);
        f.see(f.drained(0));
        f.step(100);
        QCOMPARE(f.ledger.size(), 3);
        QVERIFY(f.at(f.ledger.firstKey() + 2).theirs);
    }
};

PULSEDECK_TEST(CommandLedgerTheirsTest, runWithEvents)
#include "commandledgertheirs_test.moc"
