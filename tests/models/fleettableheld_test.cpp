// SPDX-License-Identifier: GPL-3.0-or-later
// The fleet table while its order is held: who is gone goes all the same, in its time.
#include "tests/models/fleettablelook.h"
#include "tests/support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace pulsedeck::tabletest;
using namespace Qt::StringLiterals;

class FleetTableHeldTest : public QObject
{
    Q_OBJECT

    /// Half of \a count workers, every other one, go at once; a minute later the order is still held.
    static void letHalfGo(ModelFleet &fleet, FleetTableModel &model, WorkerNumber count)
    {
        for (WorkerNumber number = 0; number < count; ++number)
            fleet.add(number, "chromium:" + QByteArray::number(int(number)).rightJustified(4, '0'));
        pass(fleet, 0);
        pass(fleet, 3'000);
        model.setHeld(true);
        for (WorkerNumber number = 0; number < count; number += 2)
            fleet.apply(fleet.gone(number, WorkerEnd::Left, false));
        fleet.store.publish();
        beatOdd(fleet, 59'900, count);
    }
    static void beatOdd(ModelFleet &fleet, qint64 ms, WorkerNumber count)
    {
        for (qint64 left = ms; left > 0; left -= 9'000) {
            fleet.clock.step(qMin<qint64>(left, 9'000));
            for (WorkerNumber number = 1; number < count; number += 2)
                fleet.apply(fleet.alive(number));
            fleet.store.publish();
        }
    }
    static QVariant countOf(const FleetTableModel &model, int row)
    {
        return model.index(row, 0).data(FleetTableModel::GroupCountRole);
    }

private slots:
    void aHeldOrderLetsTheGoneGo()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (int i = 0; i < 4; ++i)
            fleet.add(WorkerNumber(i), QByteArray("chromium:") + char('a' + i));
        pass(fleet, 0);
        pass(fleet, 3'000);
        model.setHeld(true);
        model.setKept(fleet.store.find(1, "chromium:b")); // The cursor is on b.
        for (const WorkerNumber number : {0u, 1u})
            fleet.apply(fleet.gone(number, WorkerEnd::Left, false));
        pass(fleet, 1'000);
        beat(fleet, 50'000, 2, 3);
        QCOMPARE(rows(model), u"[Available 2] a b c d"_s);
        QCOMPARE(model.index(0, 0).data(FleetTableModel::GroupGoneRole).toInt(), 2); // Four rows, and it says so.
        QVERIFY(model.index(0, 0).data(Qt::AccessibleTextRole).toString().contains("2 workers, 2 gone"_L1));
        beat(fleet, 14'000, 2, 3);
        QCOMPARE(rows(model), u"[Available 2] b c d [Departed 1] a"_s);
        QCOMPARE(model.matchCount(), 4);
        // It goes when the cursor does.
        model.setKept(noWorker);
        beat(fleet, 2'000, 2, 3);
        QCOMPARE(rows(model), u"[Available 2] c d [Departed 2] a b"_s);
        QVERIFY(model.isHeld());
        QCOMPARE(model.pendingMoves(), 0);
    }

    void nothingGoesFromUnderAPointerThatAims()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        fleet.add(0, "chromium:a");
        fleet.add(1, "chromium:b");
        pass(fleet, 0);
        pass(fleet, 3'000);
        model.setHeld(true);
        fleet.apply(fleet.gone(0, WorkerEnd::Left, false));
        pass(fleet, 1'000);
        beat(fleet, 57'000, 1, 1);
        model.noteAim();
        beat(fleet, 2'500, 1, 1);
        QCOMPARE(rows(model), u"[Available 1] a b"_s);
        beat(fleet, 2'000, 1, 1);
        QCOMPARE(rows(model), u"[Available 1] b [Departed 1] a"_s);
    }

    void aHeldHeadingGoesWithItsLast()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        fleet.add(0, "chromium:a");
        fleet.add(1, "chromium:b");
        fleet.apply(fleet.alive(0, 0, WorkerStatus::Draining));
        pass(fleet, 0);
        pass(fleet, 3'000);
        QCOMPARE(rows(model), u"[Needs attention 1] a [Available 1] b"_s);
        model.setHeld(true);
        fleet.apply(fleet.gone(0, WorkerEnd::Drained, false));
        pass(fleet, 1'000);
        beat(fleet, 64'000, 1, 1);
        QCOMPARE(rows(model), u"[Available 1] b [Departed 1] a"_s);
        // Whom the filter does not let in is not put in again.
        model.setFilter(FleetFilter::parse(u"not liveness:gone"_s));
        QCOMPARE(rows(model), u"[Available 1] b"_s);
        fleet.add(2, "chromium:c");
        fleet.add(3, "chromium:d");
        pass(fleet, 1'000);
        fleet.apply(fleet.gone(2, WorkerEnd::Left, false));
        pass(fleet, 100);
        for (int i = 0; i < 8; ++i) {
            fleet.clock.step(9'000);
            fleet.apply(fleet.alive(1));
            fleet.apply(fleet.alive(3));
            fleet.store.publish();
        }
        QCOMPARE(rows(model), u"[Available 2] b d"_s);
        QCOMPARE(model.matchCount(), 2);
    }

    void scatteredRowsGoAFewAtATime()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        constexpr int count = 400;
        letHalfGo(fleet, model, count);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &FleetTableModel::orderChanged);
        beatOdd(fleet, 1'100, count);
        QCOMPARE(removed.size(), 64);
        QCOMPARE(model.groupRows().size(), size_t(2));
        QCOMPARE(countOf(model, 0), 200);
        QCOMPARE(countOf(model, model.groupRows()[1]), 64);
        QCOMPARE(model.matchCount(), count);
        // Not with each tick.
        changed.clear();
        for (int tick = 0; tick < 11; ++tick)
            pass(fleet, 80);
        QCOMPARE(removed.size(), 64);
        QCOMPARE(changed.size(), 0);
        // The rest follows, a second apart.
        beatOdd(fleet, 200, count);
        QCOMPARE(removed.size(), 128);
        beatOdd(fleet, 1'000, count);
        beatOdd(fleet, 1'000, count);
        QCOMPARE(removed.size(), count / 2);
        QCOMPARE(reset.size(), 0);
        QCOMPARE(countOf(model, 0), 200);
        QCOMPARE(model.groupRows()[1], 201);
        QCOMPARE(countOf(model, 201), 200);
        QCOMPARE(model.matchCount(), count);
        QVERIFY(model.isHeld());
    }

    void withoutGroupsNobodyHasToGo()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        model.setGrouping(FleetGrouping::None);
        letHalfGo(fleet, model, 6);
        QSignalSpy changed(&model, &FleetTableModel::orderChanged);
        beatOdd(fleet, 5'000, 6);
        QCOMPARE(rows(model), u"0 1 2 3 4 5"_s);
        QCOMPARE(changed.size(), 0);
        // Grouped again they stand where they belong, and are counted once.
        model.setGrouping(FleetGrouping::Attention);
        QCOMPARE(rows(model), u"[Available 3] 1 3 5 [Departed 3] 0 2 4"_s);
    }

    void aHandleUsedAgainIsCountedOnce_data()
    {
        QTest::addColumn<bool>("filtered");
        QTest::newRow("ends and leaves at once") << false;
        QTest::newRow("has no place when it leaves") << true;
    }

    void aHandleUsedAgainIsCountedOnce()
    {
        QFETCH(const bool, filtered);
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        const WorkerHandle first = fleet.add(0, "chromium:a");
        fleet.add(1, "chromium:b");
        pass(fleet, 0);
        pass(fleet, 3'000);
        model.setHeld(true);
        model.noteAim(); // Nothing is looked through for the gone meanwhile.
        if (filtered) {
            fleet.apply(fleet.gone(0, WorkerEnd::Left, false));
            pass(fleet, 100);
            model.setFilter(FleetFilter::parse(u"not liveness:gone"_s));
        } else {
            fleet.apply(fleet.gone(0, WorkerEnd::Left, false));
        }
        fleet.store.setDepartedForMs(0);
        pass(fleet, 100);
        QCOMPARE(rows(model), u"[Available 1] b"_s);
        QCOMPARE(fleet.add(2, "chromium:c"), first);
        pass(fleet, 100);
        QCOMPARE(rows(model), u"[Available 2] b c"_s);
        fleet.apply(fleet.alive(2));
        pass(fleet, 100);
        QCOMPARE(rows(model), u"[Available 2] b c"_s);
        QCOMPARE(model.matchCount(), 2);
    }
};

PULSEDECK_TEST(FleetTableHeldTest, runWithEvents)
#include "fleettableheld_test.moc"
