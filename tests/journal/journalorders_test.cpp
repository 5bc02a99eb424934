// SPDX-License-Identifier: GPL-3.0-or-later
// What another console, or pulsedeckctl, writes into a journal that is shared with it.
#include "app/journal/readonlyjournal.h"
#include "models/commands/commandwords.h"
#include "models/commands/journalorders.h"
#include "tests/journal/journalwatch.h"
#include "tests/models/modelfleet.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTemporaryDir>

#include <utility>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// A console that follows the journal, with two workers that do not say whether they drain.
struct FollowingConsole
{
    ModelFleet fleet;
    SqlJournal journal;
    CommandLedger ledger{fleet.store, fleet.clock};
    JournalOrders orders{ledger, journal, fleet.clock};

    explicit FollowingConsole(const QString &path)
        : journal(path)
    {
        fleet.setState(SourceState::Loading); // They were there before it looked.
        WorkerNumber number = 0;
        for (const char *id : {"w1@tasks", "w2@tasks"}) {
            fleet.text(++number, id);
            WorkerSample sample = fleet.alive(number);
            sample.flags = WorkerFlag::NotAsked;
            fleet.apply(sample);
        }
        fleet.setState(SourceState::Live);
    }

    QString drainedBy(const QByteArray &id) const { return fleet.store.knownDrain(fleet.store.find(1, id)).by; }
};

/// A journal whose file is closed by another program in the moment in which the steps of an order are asked for, once.
class BusyOnceJournal final : public Journal
{
public:
    explicit BusyOnceJournal(const QString &path)
        : m_file(path)
    {
        connect(&m_file, &Journal::answered, this, &Journal::answered);
        connect(&m_file, &Journal::appended, this, &Journal::appended);
    }
    void query(const JournalQuery &query, quint64 token) override
    {
        if (query.group.isNull() || std::exchange(m_refused, true)) {
            m_file.query(query, token);
            return;
        }
        JournalPage busy;
        busy.error = u"database is locked"_s;
        QMetaObject::invokeMethod(
            this, [this, token, busy] { emit answered(token, busy); }, Qt::QueuedConnection);
    }
    void readPlans() override { }
    void readCommandHistory(qint64) override { }
    void readEnds(qint64) override { }
    JournalState state() const override { return {}; }
    bool hasRefused() const { return m_refused; }

protected:
    void record(const QList<JournalEntry> &, quint64, const QList<RollingRecord> &) override { }

private:
    ReadOnlyJournal m_file;
    bool m_refused = false;
};

} // namespace

class JournalOrdersTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_files = 0;

    QString freshPath() { return m_folder.filePath(u"%1.sqlite"_s.arg(++m_files)); }

    /// A step of an act on a worker, as a ledger records it.
    static JournalEntry step(const RecordedCommand &recorded, CommandStage stage, const Clock &clock)
    {
        RecordedCommand now = recorded;
        now.entry.stage = stage;
        if (stage == CommandStage::Requested)
            now.entry.writtenAt = 0;
        if (isEnd(stage))
            now.entry.endedAt = clock.nowMs();
        return journalLine(now, clock.nowMs(), clock);
    }

    static RecordedCommand command(Act act, const QByteArray &worker, const QString &by, const QUuid &group, const Clock &clock)
    {
        RecordedCommand recorded;
        CommandEntry &entry = recorded.entry;
        entry.command.id = QUuid::createUuid();
        entry.command.group = group;
        entry.command.act = act;
        entry.command.worker = worker;
        entry.command.by = by;
        entry.command.queues = {u"celery"_s};
        entry.command.issuedAt = clock.toWall(clock.nowMs());
        entry.sourceName = u"prod"_s;
        entry.requestedAt = entry.writtenAt = clock.nowMs();
        return recorded;
    }

private slots:
    void whoDrainedIsKnownAsSoonAsItIsWritten()
    {
        const QString path = freshPath();
        SqlJournal other(path);
        const StepClock clock;
        const QUuid group = QUuid::createUuid();
        // Before the console began: that is in the history, which is not asked for here.
        const RecordedCommand before = command(Act::Drain, "w2@tasks", u"eve@ops"_s, QUuid::createUuid(), clock);
        QVERIFY(writeNow(other, {step(before, CommandStage::Requested, clock), step(before, CommandStage::Written, clock)}));
        FollowingConsole console(path);
        QTRY_VERIFY_WITH_TIMEOUT(console.orders.isFollowing(), patience);
        const RecordedCommand first = command(Act::Drain, "w1@tasks", u"ada@ops"_s, group, clock);
        QVERIFY(writeNow(other, {step(first, CommandStage::Requested, clock)}));
        QVERIFY(console.drainedBy("w1@tasks").isEmpty());
        // The step that was written later names its command; who gave it stands with the first one.
        QVERIFY(writeNow(other, {step(first, CommandStage::Written, clock)}));
        QTRY_COMPARE_WITH_TIMEOUT(console.drainedBy("w1@tasks"), u"ada@ops"_s, patience);
        QCOMPARE(console.drainedBy("w2@tasks"), QString());
        QCOMPARE(console.ledger.size(), 0); // It is no command of this console.

        const RecordedCommand resumed = command(Act::Resume, "w1@tasks", u"bob@ops"_s, QUuid::createUuid(), clock);
        QVERIFY(writeNow(other, {step(resumed, CommandStage::Requested, clock), step(resumed, CommandStage::Done, clock)}));
        QTRY_COMPARE_WITH_TIMEOUT(console.drainedBy("w1@tasks"), QString(), patience);
        // A later step of the same group says nothing new of the first worker.
        const RecordedCommand second = command(Act::Drain, "w2@tasks", u"ada@ops"_s, group, clock);
        QVERIFY(writeNow(other, {step(second, CommandStage::Requested, clock), step(second, CommandStage::Written, clock)}));
        QTRY_COMPARE_WITH_TIMEOUT(console.drainedBy("w2@tasks"), u"ada@ops"_s, patience);
        QCOMPARE(console.drainedBy("w1@tasks"), QString());
    }

    void anOrderIsReadAgainAfterAFailure()
    {
        const QString path = freshPath();
        SqlJournal other(path);
        const StepClock clock;
        BusyOnceJournal journal(path);
        std::vector<RecordedCommand> taken;
        const JournalOrders orders({{}, [&taken](const std::vector<RecordedCommand> &some) { taken = some; }}, journal, clock);
        QTRY_VERIFY_WITH_TIMEOUT(orders.isFollowing(), patience);
        const RecordedCommand drain = command(Act::Drain, "w1@tasks", u"ada@ops"_s, QUuid::createUuid(), clock);
        QVERIFY(writeNow(other, {step(drain, CommandStage::Requested, clock), step(drain, CommandStage::Written, clock)}));
        QTRY_COMPARE_WITH_TIMEOUT(taken.size(), size_t(1), patience);
        QVERIFY(journal.hasRefused());
        QCOMPARE(taken.front().entry.command.by, u"ada@ops"_s);
    }

    /// Workers that say what they do only when they are asked are asked as soon as an order for them is known.
    void whoWasOrderedIsLookedUp()
    {
        const QString path = freshPath();
        SqlJournal other(path);
        FollowingConsole console(path);
        QTRY_VERIFY_WITH_TIMEOUT(console.orders.isFollowing(), patience);
        QList<Command> asked;
        connect(&console.ledger, &CommandLedger::lookUp, &console.ledger,
                [&asked](SourceId, const QList<Command> &commands) { asked += commands; });
        const StepClock clock;
        CommandEntry mine = command(Act::Resume, "w1@tasks", u"me@desk"_s, QUuid::createUuid(), clock).entry;
        mine.requestedAt = mine.writtenAt = clock.nowMs() - 1'000;
        QVERIFY(!console.ledger.isOvertaken(mine));
        const RecordedCommand drain = command(Act::Drain, "w1@tasks", u"ada@ops"_s, QUuid::createUuid(), clock);
        QVERIFY(writeNow(other, {step(drain, CommandStage::Requested, clock), step(drain, CommandStage::Written, clock)}));
        QTRY_COMPARE_WITH_TIMEOUT(asked.size(), 1, patience);
        QCOMPARE(asked.first().worker, "w1@tasks");
        QCOMPARE(asked.first().source, console.fleet.status.source);
        QVERIFY(console.ledger.isOvertaken(mine));
        mine.requestedAt = mine.writtenAt = clock.nowMs() + 1'000;
        QVERIFY(!console.ledger.isOvertaken(mine)); // That one is the newer of both.
        // It has said that it drains: later steps ask for nothing.
        console.fleet.apply(console.fleet.alive(1, 0, WorkerStatus::Draining));
        console.fleet.store.publish();
        QVERIFY(writeNow(other, {step(drain, CommandStage::PickedUp, clock)}));
        const RecordedCommand second = command(Act::Drain, "w2@tasks", u"ada@ops"_s, QUuid::createUuid(), clock);
        QVERIFY(writeNow(other, {step(second, CommandStage::Requested, clock), step(second, CommandStage::Written, clock)}));
        QTRY_COMPARE_WITH_TIMEOUT(asked.size(), 2, patience);
        QCOMPARE(asked.last().worker, "w2@tasks");
    }

    /// More than one answer holds.
    void aLargeGroupIsReadToItsBeginning()
    {
        const QString path = freshPath();
        FollowingConsole console(path);
        QTRY_VERIFY_WITH_TIMEOUT(console.orders.isFollowing(), patience);
        SqlJournal other(path);
        const StepClock clock;
        const QUuid group = QUuid::createUuid();
        const RecordedCommand first = command(Act::Drain, "w1@tasks", u"ada@ops"_s, group, clock);
        QList<JournalEntry> steps{step(first, CommandStage::Requested, clock), step(first, CommandStage::Written, clock)};
        for (int i = 0; i < JournalOrders::mostRows; ++i) {
            const RecordedCommand next = command(Act::Drain, "x" + QByteArray::number(i) + "@tasks", u"ada@ops"_s, group, clock);
            steps += {step(next, CommandStage::Requested, clock), step(next, CommandStage::Written, clock)};
        }
        QVERIFY(writeNow(other, steps));
        QTRY_COMPARE_WITH_TIMEOUT(console.drainedBy("w1@tasks"), u"ada@ops"_s, patience);
    }
};

PULSEDECK_TEST(JournalOrdersTest, runWithEvents)
#include "journalorders_test.moc"
