// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandtablemodel.h"
#include "tests/models/ledgerfixture.h"
#include "tests/support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using CommandTableModelOutcome = CommandProgress::Outcome;

namespace {

struct TableFixture : LedgerFixture
{
    CommandTableModel model{ledger, fleet.clock};
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};

    QString text(int row, CommandColumn column) const { return model.index(row, int(column)).data().toString(); }

    QUuid giveAll(Act act, int count, const QString &reason = {})
    {
        CommandRequest request;
        request.act = act;
        request.reason = reason;
        for (int i = 0; i < count; ++i)
            request.workers.push_back(add(WorkerNumber(i), "chromium:" + QByteArray::number(i)));
        return ledger.issue(request);
    }
};

} // namespace

class CommandTableModelTest : public QObject
{
    Q_OBJECT

private slots:
    void theNewestComesFirstAndAGroupStandsInItsOrder()
    {
        TableFixture f;
        const QUuid group = f.giveAll(Act::Drain, 3);
        const quint64 last = f.give(Act::Reap, f.add(3, "chromium:3"));
        QCOMPARE(f.model.rowCount(), 4);
        QCOMPARE(f.model.keyAt(0), last);
        QCOMPARE(f.model.rowOf(last), 0);
        QCOMPARE(f.model.rowOf(last - 1), 3);
        QCOMPARE(f.model.rowOf(last - 3), 1); // The group below it, in its order.
        QCOMPARE(f.model.rowOf(last + 1), -1);
        CommandFilter filter;
        filter.group = group;
        f.model.setFilter(filter);
        QCOMPARE(f.model.rowCount(), 3);
        QCOMPARE(f.model.keyAt(0), f.ledger.group(group)->entries.front());
        QCOMPARE(f.model.rowOf(f.model.keyAt(2)), 2);
        // The group grows at its end.
        CommandRequest more;
        more.act = Act::Drain;
        more.group = group;
        more.workers = {f.add(4, "chromium:4")};
        QSignalSpy inserted(&f.model, &QAbstractItemModel::rowsInserted);
        f.ledger.issue(more);
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(inserted.first().at(1).toInt(), 3);
    }

    /// A roll of many: those whose turn has come stand above those that wait for theirs, and no row moves for it.
    void thoseUnderWayStandAboveThoseQueued()
    {
        TableFixture f;
        CommandRequest request;
        request.act = Act::Shutdown;
        for (int i = 0; i < 30; ++i)
            request.workers.push_back(f.add(WorkerNumber(i), "chromium:" + QByteArray::number(i)));
        const QUuid roll = f.ledger.enqueue(request);
        const quint64 single = f.give(Act::Drain, f.add(40, "chromium:40"));
        const std::vector<quint64> keys = f.ledger.group(roll)->entries;
        f.ledger.release({keys[0], keys[1], keys[2]});
        QCOMPARE(f.model.keyAt(0), single);
        for (int row = 1; row <= 30; ++row) {
            const bool queued = f.model.entryAt(row)->stage == CommandStage::Queued;
            QCOMPARE(queued, row > 3);
        }
    }

    void rowsStayWhereTheyAre()
    {
        TableFixture f;
        f.giveAll(Act::Shutdown, 5);
        const QPersistentModelIndex index = f.model.index(2, 0);
        const quint64 key = f.model.keyAt(2);
        QSignalSpy moved(&f.model, &QAbstractItemModel::layoutChanged);
        QSignalSpy reset(&f.model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
        f.answer(key, CommandTableModelOutcome::Written);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.first().at(0).toModelIndex().row(), 2);
        QCOMPARE(f.model.index(2, 0).data(CommandTableModel::StageRole).toInt(), int(CommandStage::Written));
        f.refuse(key + 1, Refusal::KeyGone);
        f.give(Act::Reap, f.add(9, "chromium:9"));
        QVERIFY(index.isValid());
        QCOMPARE(index.row(), 3); // One came above it.
        QCOMPARE(f.model.keyAt(index.row()), key);
        QVERIFY(moved.isEmpty());
        QVERIFY(reset.isEmpty());
    }

    void neighboursChangeInOneSignal()
    {
        TableFixture f;
        f.giveAll(Act::Shutdown, 100);
        QList<CommandProgress> answers;
        for (int row = 10; row < 60; ++row)
            answers.append(f.progress(f.model.keyAt(row), CommandTableModelOutcome::Written));
        QSignalSpy changed(&f.model, &QAbstractItemModel::dataChanged);
        f.ledger.takeProgress(answers);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.first().at(0).toModelIndex().row(), 10);
        QCOMPARE(changed.first().at(1).toModelIndex().row(), 59);
    }

    void theFilterShowsWhatItSays()
    {
        TableFixture f;
        f.giveAll(Act::Shutdown, 4, u"new image"_s);
        const quint64 first = f.ledger.firstKey();
        f.answer(first, CommandTableModelOutcome::Written);
        f.refuse(first + 1, Refusal::NotPermitted);
        f.answer(first + 2, CommandTableModelOutcome::Unknown);
        CommandFilter filter;
        filter.show = CommandFilter::Show::Ended;
        f.model.setFilter(filter);
        QCOMPARE(f.model.rowCount(), 1);
        QCOMPARE(f.model.keyAt(0), first + 1);
        filter.show = CommandFilter::Show::Problems;
        f.model.setFilter(filter);
        QCOMPARE(f.model.rowCount(), 2);
        filter.show = CommandFilter::Show::Running;
        f.model.setFilter(filter);
        QCOMPARE(f.model.rowCount(), 3);
        // What no longer matches stays in its place until it is asked for again.
        f.refuse(first + 3, Refusal::KeyGone);
        QCOMPARE(f.model.rowCount(), 3);
        QCOMPARE(f.model.index(2, 0).data(CommandTableModel::StageRole).toInt(), int(CommandStage::Refused));
        f.model.refilter();
        QCOMPARE(f.model.rowCount(), 2);
        filter = {};
        filter.text = u"IMAGE permitted"_s;
        f.model.setFilter(filter);
        QCOMPARE(f.model.rowCount(), 1);
        filter.text = u"10.0.0.2:3131"_s;
        f.model.setFilter(filter);
        QCOMPARE(f.model.rowCount(), 1);
        filter.text = u"nowhere"_s;
        f.model.setFilter(filter);
        QCOMPARE(f.model.rowCount(), 0);
    }

    void whatBeginsToMatchComesToItsPlace()
    {
        TableFixture f;
        f.giveAll(Act::Shutdown, 6);
        CommandFilter filter;
        filter.show = CommandFilter::Show::Ended;
        f.model.setFilter(filter);
        const quint64 first = f.ledger.firstKey();
        f.refuse(first + 3, Refusal::KeyGone);
        QCOMPARE(f.model.rowCount(), 1);
        QList<CommandProgress> answers;
        for (const quint64 key : {first, first + 1, first + 2, first + 4}) {
            CommandProgress one = f.progress(key, CommandTableModelOutcome::Refused);
            one.refusal = Refusal::KeyGone;
            answers.append(one);
        }
        QSignalSpy inserted(&f.model, &QAbstractItemModel::rowsInserted);
        f.ledger.takeProgress(answers);
        QCOMPARE(inserted.size(), 2); // Above and below the one that was there.
        QCOMPARE(f.model.rowCount(), 5);
        for (int row = 0; row < 5; ++row)
            QCOMPARE(f.model.keyAt(row), first + quint64(row));
    }

    void cellsSayHowFarItIs()
    {
        TableFixture f;
        const WorkerHandle worker = f.add(0, "chromium:7f3a9c12-0000-4000-8000-000000000000", 3);
        const quint64 key = f.give(Act::Shutdown, worker, u"new image"_s);
        QCOMPARE(f.text(0, CommandColumn::Worker), u"7f3a9c12"_s);
        QCOMPARE(f.text(0, CommandColumn::Act), u"Shut down at next heartbeat"_s);
        QCOMPARE(f.text(0, CommandColumn::Sent), u"requested"_s);
        f.answer(key, CommandTableModelOutcome::Written);
        f.fleet.clock.step(2'000);
        QCOMPARE(f.text(0, CommandColumn::Delivered), u"0:58 left"_s);
        f.fleet.clock.step(2'400);
        f.see(f.sample(0, WorkerStatus::Draining, 3));
        QCOMPARE(f.text(0, CommandColumn::Delivered), u"+4.4 s"_s);
        f.fleet.clock.step(13'000);
        f.see(f.sample(0, WorkerStatus::Draining, 1));
        QCOMPARE(f.text(0, CommandColumn::Draining), u"1 left · 0:13"_s);
        QCOMPARE(f.text(0, CommandColumn::Sessions), u"3 → 1"_s);
        QCOMPARE(f.text(0, CommandColumn::By), u"ann@ops"_s);
        QCOMPARE(f.text(0, CommandColumn::Reason), u"new image"_s);
        QVERIFY(f.model.index(0, 0).data(Qt::AccessibleTextRole).toString().contains("emptying"_L1));
    }

    void aDrainThatWasNotSeenToEndHasADash()
    {
        TableFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a", 3);
        f.answer(f.give(Act::Shutdown, worker, u"new image"_s), CommandTableModelOutcome::Written);
        f.fleet.clock.step(2'000);
        f.see(f.sample(0, WorkerStatus::Draining, 3));
        f.fleet.clock.step(20'000);
        f.see(f.fleet.gone(0, WorkerEnd::Expired, true)); // Between two reads.
        QCOMPARE(f.text(0, CommandColumn::Draining), u"–"_s);
        const QModelIndex cell = f.model.index(0, int(CommandColumn::Draining));
        QVERIFY(cell.data(Qt::ToolTipRole).toString().contains("is not known"_L1));
    }

    void whatGivesWayLeaves()
    {
        TableFixture f;
        const WorkerHandle worker = f.add(0, "chromium:a");
        const quint64 open = f.written(Act::Shutdown, worker);
        CommandRequest request;
        request.act = Act::Drain;
        request.workers.assign(size_t(CommandLedger::maxEntries) - 1, worker);
        f.ledger.issue(request);
        QCOMPARE(f.model.rowCount(), CommandLedger::maxEntries);
        QSignalSpy removed(&f.model, &QAbstractItemModel::rowsRemoved);
        request.workers.assign(3, worker);
        f.ledger.issue(request);
        QCOMPARE(removed.size(), 1);
        QCOMPARE(f.model.rowCount(), CommandLedger::maxEntries);
        QCOMPARE(f.model.keyAt(f.model.rowCount() - 1), open);
        QCOMPARE(f.model.rowOf(open + 1), -1);
        QVERIFY(f.model.rowOf(open + 4) >= 0);
    }
};

PULSEDECK_TEST(CommandTableModelTest, runWithEvents)
#include "commandtablemodel_test.moc"
