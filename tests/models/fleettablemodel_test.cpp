// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleettablemodel.h"
#include "models/fleet/liveness.h"
#include "tests/models/fleettablelook.h"
#include "tests/support/testprogram.h"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace pulsedeck::tabletest;
using namespace Qt::StringLiterals;

class FleetTableModelTest : public QObject
{
    Q_OBJECT

    /// Held or not: what the headings say is what the store says.
    static void compareWithFigures(const ModelFleet &fleet, const FleetTableModel &model)
    {
        int needing = 0;
        int matching = 0;
        for (int i = 0; i < fleet.store.capacity(); ++i) {
            const Worker &worker = fleet.store.worker(WorkerHandle(i));
            if (!worker.used || !fleet.store.isSourceVisible(worker.source)
                || !model.filter().matches(fleet.store, WorkerHandle(i), fleet.clock.nowMs()))
                continue;
            ++matching;
            needing += needsAttention(worker);
        }
        QCOMPARE(model.matchCount(), matching);
        if (model.filter().isEmpty())
            QCOMPARE(fleet.store.figures().attention, needing);
        for (const int heading : model.groupRows()) {
            const QModelIndex index = model.index(heading, 0);
            if (index.data().toString() != "Needs attention"_L1)
                continue;
            QCOMPARE(index.data(FleetTableModel::GroupCountRole).toInt(), needing);
            int parts = 0;
            const QVariantMap detail = index.data(FleetTableModel::GroupDetailRole).toMap();
            for (const QVariant &part : detail)
                parts += part.toInt();
            QCOMPARE(parts, needing);
        }
    }

private slots:
    void groupsWhatNeedsAttentionFirst()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (int i = 0; i < 4; ++i)
            fleet.add(WorkerNumber(i), QByteArray("chromium:") + char('a' + i));
        pass(fleet, 0);
        QCOMPARE(rows(model), u"[Available 4] a b c d"_s);
        fleet.clock.step(16'000);
        for (const WorkerNumber number : {0u, 1u, 2u})
            fleet.apply(fleet.alive(number));
        fleet.apply(fleet.alive(1, 0, WorkerStatus::Draining));
        fleet.store.publish();
        // Late is worse than draining.
        QCOMPARE(rows(model), u"[Needs attention 2] d b [Available 2] a c"_s);
        const QVariantMap detail = model.index(0, 0).data(FleetTableModel::GroupDetailRole).toMap();
        QCOMPARE(detail.value(u"late"_s).toInt(), 1);
        QCOMPARE(detail.value(u"draining"_s).toInt(), 1);
        QVERIFY(model.isGroupRow(0));
        QCOMPARE(model.flags(model.index(0, 0)) & Qt::ItemIsSelectable, Qt::NoItemFlags);
    }

    void aGoneWorkerKeepsItsPlaceForAMinute()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        fleet.add(0, "chromium:a");
        fleet.add(1, "chromium:b");
        pass(fleet, 1'000);
        fleet.apply(fleet.gone(0, WorkerEnd::Left, false));
        pass(fleet, 2'000);
        QCOMPARE(rows(model), u"[Available 1] a b"_s);
        for (int i = 0; i < 7; ++i) {
            fleet.clock.step(9'000);
            fleet.apply(fleet.alive(1));
            fleet.store.publish();
        }
        QCOMPARE(rows(model), u"[Available 1] b [Departed 1] a"_s);
    }

    void whoEndsAsToldLeavesWhatNeedsAttention()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        for (int i = 0; i < 3; ++i)
            fleet.add(WorkerNumber(i), QByteArray("chromium:") + char('a' + i));
        fleet.apply(fleet.alive(0, 0, WorkerStatus::Draining));
        fleet.apply(fleet.alive(1, 0, WorkerStatus::Draining));
        pass(fleet, 0);
        pass(fleet, 3'000);
        QCOMPARE(rows(model), u"[Needs attention 2] a b [Available 1] c"_s);
        fleet.apply(fleet.gone(0, WorkerEnd::Drained, true)); // Its counters are left for the reaper.
        fleet.apply(fleet.gone(1, WorkerEnd::Expired, false));
        pass(fleet, 1'000);
        // One that was lost keeps its place for a minute, so that it is seen where it was.
        QCOMPARE(rows(model), u"[Needs attention 0] b [Available 1] c [Departed 1] a"_s);
        QCOMPARE(fleet.store.figures().attention, 0);
    }

    void rowsOfALostSourceStayWhereTheyAre()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        fleet.add(0, "chromium:a");
        fleet.add(1, "chromium:b");
        fleet.clock.step(16'000);
        fleet.apply(fleet.alive(0));
        pass(fleet, 0);
        QCOMPARE(rows(model), u"[Needs attention 1] b [Available 1] a"_s);
        fleet.setState(SourceState::Waiting);
        pass(fleet, 6'000);
        // They stand where they stood, and are counted as what they are: unknown.
        QCOMPARE(rows(model), u"[Needs attention 0] b [Available 0] a"_s);
        QCOMPARE(model.index(0, 0).data(FleetTableModel::GroupUnknownRole).toInt(), 1);
        QCOMPARE(model.index(2, 0).data(FleetTableModel::GroupUnknownRole).toInt(), 1);
        QVERIFY(model.index(0, 0).data(FleetTableModel::GroupDetailRole).toMap().isEmpty());
        QCOMPARE(fleet.store.figures().attention, 0);
    }

    void holdsItsOrder()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (int i = 0; i < 3; ++i)
            fleet.add(WorkerNumber(i), QByteArray("chromium:") + char('b' + i));
        pass(fleet, 0);
        model.setHeld(true);
        pass(fleet, 3'000);
        fleet.clock.step(13'000);
        fleet.apply(fleet.alive(0));
        fleet.apply(fleet.alive(2));
        fleet.add(3, "chromium:a");
        fleet.store.publish();
        // The new one is at the end, the late one where it was though it is not counted there, and the wait is counted.
        QCOMPARE(rows(model), u"[Available 3] b c d a"_s);
        QVERIFY(model.pendingMoves() >= 2);
        model.setHeld(false);
        QCOMPARE(rows(model), u"[Needs attention 1] c [Available 3] a b d"_s);
        QCOMPARE(model.pendingMoves(), 0);
    }

    void headingsCountTrulyWhileHeld()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        for (int i = 0; i < 4; ++i)
            fleet.add(WorkerNumber(i), QByteArray("chromium:") + char('a' + i));
        fleet.apply(fleet.alive(0, 0, WorkerStatus::Draining));
        pass(fleet, 0);
        pass(fleet, 3'000);
        QCOMPARE(rows(model), u"[Needs attention 1] a [Available 3] b c d"_s);
        model.setHeld(true);
        fleet.clock.step(13'000);
        fleet.apply(fleet.alive(0, 0, WorkerStatus::Draining));
        fleet.apply(fleet.alive(1));
        fleet.apply(fleet.gone(3, WorkerEnd::Expired, true));
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        fleet.store.publish();
        QCOMPARE(rows(model), u"[Needs attention 3] a [Available 1] b c d"_s);
        QVERIFY(!changed.isEmpty());
        const QVariantMap detail = model.index(0, 0).data(FleetTableModel::GroupDetailRole).toMap();
        QCOMPARE(detail, (QVariantMap{{u"draining"_s, 1}, {u"late"_s, 1}, {u"zombie"_s, 1}}));
        QCOMPARE(fleet.store.figures().attention, 3);
        // Recovered, it is counted where it belongs at once too.
        fleet.apply(fleet.alive(2));
        fleet.store.publish();
        QCOMPARE(rows(model), u"[Needs attention 2] a [Available 2] b c d"_s);
        // One that ends as it was told needs nobody's attention; its row keeps its place for a minute.
        fleet.apply(fleet.gone(0, WorkerEnd::Drained, true));
        fleet.store.publish();
        QCOMPARE(rows(model), u"[Needs attention 1] a [Available 2] b c d"_s);
        QCOMPARE(fleet.store.figures().attention, 1);
    }

    void matchingIsWhatTheListHolds()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        for (int i = 0; i < 4; ++i)
            fleet.add(WorkerNumber(i), QByteArray("chromium:") + char('a' + i));
        fleet.add(4, "webkit:e", "webkit");
        pass(fleet, 0);
        model.setFilter(FleetFilter::parse(u"type:chromium liveness:alive"_s));
        pass(fleet, 3'000);
        const auto letters = [&] {
            QString text;
            for (const WorkerHandle handle : model.matching())
                text += QString::fromUtf8(fleet.store.worker(handle).id.right(1));
            return text;
        };
        QCOMPARE(letters(), u"abcd"_s);
        model.sort(int(FleetColumnId::Worker), Qt::DescendingOrder);
        QCOMPARE(letters(), u"dcba"_s);
        // Held, the list still shows b, which does not match any more.
        model.setHeld(true);
        fleet.clock.step(13'000);
        for (const WorkerNumber number : {0u, 2u})
            fleet.apply(fleet.alive(number));
        fleet.apply(fleet.gone(3, WorkerEnd::Left, false));
        fleet.store.publish();
        QVERIFY(model.rowOf(fleet.store.find(1, "chromium:b")) >= 0);
        QCOMPARE(letters(), u"ca"_s);
        model.setFilter(FleetFilter::parse(u"skew>1stype:webkit"_s));
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(letters(), QString());
        QCOMPARE(model.matchCount(), 0);
    }

    void aListBeingFilledIsNotHeld()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        model.setHeld(true); // The pointer happens to rest where the list appears.
        fleet.add(0, "chromium:c");
        pass(fleet, 0);
        fleet.add(1, "chromium:a");
        pass(fleet, 1'100);
        QCOMPARE(rows(model), u"[Available 2] a c"_s);
        pass(fleet, 2'000);
        fleet.add(2, "chromium:b");
        pass(fleet, 1'100);
        QCOMPARE(rows(model), u"[Available 3] a c b"_s);
    }

    void refreshesItsOrderOnceASecond()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        fleet.add(0, "chromium:a");
        fleet.add(1, "chromium:b");
        pass(fleet, 1'000);
        model.sort(int(FleetColumnId::Sessions), Qt::DescendingOrder);
        const auto setSessions = [&](WorkerNumber number, int sessions) {
            WorkerSample sample = fleet.alive(number);
            sample.activeSessions = sessions;
            fleet.apply(sample);
        };
        setSessions(1, 5);
        pass(fleet, 300);
        QCOMPARE(rows(model), u"[Available 2] a b"_s);
        setSessions(1, 6);
        pass(fleet, 800);
        QCOMPARE(rows(model), u"[Available 2] b a"_s);
    }

    void sortsByValueAndPutsTheUnknownLast()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        model.setGrouping(FleetGrouping::None);
        const int sessions[] = {9, 10, unknownValue};
        for (int i = 0; i < 3; ++i) {
            fleet.text(WorkerNumber(i), QByteArray("chromium:") + char('a' + i));
            WorkerSample sample = fleet.alive(WorkerNumber(i));
            sample.activeSessions = sessions[i];
            fleet.apply(sample);
        }
        pass(fleet, 0);
        model.sort(int(FleetColumnId::Sessions), Qt::AscendingOrder);
        QCOMPARE(rows(model), u"a b c"_s);
        model.sort(int(FleetColumnId::Sessions), Qt::DescendingOrder);
        QCOMPARE(rows(model), u"b a c"_s);
        QCOMPARE(model.index(0, int(FleetColumnId::Sessions)).data(FleetTableModel::SortRole).toDouble(), 10.0);
    }

    void sortsTextColumnsByText()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        model.setGrouping(FleetGrouping::None);
        fleet.add(0, "webkit:a", "webkit");
        fleet.add(1, "chromium:b", "chromium");
        fleet.add(2, "firefox:c", "firefox");
        pass(fleet, 0);
        model.sort(int(FleetColumnId::Type), Qt::AscendingOrder);
        QCOMPARE(rows(model), u"b c a"_s);
        model.sort(int(FleetColumnId::Type), Qt::DescendingOrder);
        QCOMPARE(rows(model), u"a c b"_s);
    }

    void groupsByTypeAndCollapses()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setGrouping(FleetGrouping::Type);
        fleet.add(0, "webkit:a", "webkit");
        fleet.add(1, "chromium:b", "chromium");
        fleet.add(2, "webkit:c", "webkit");
        pass(fleet, 1'500);
        QCOMPARE(rows(model), u"[chromium 1] b [webkit 2] a c"_s);
        model.setGroupCollapsed(2, true);
        QCOMPARE(rows(model), u"[chromium 1] b [webkit 2]"_s);
        fleet.add(3, "webkit:d", "webkit");
        pass(fleet, 1'500);
        QCOMPARE(rows(model), u"[chromium 1] b [webkit 3]"_s);
        QCOMPARE(model.matchCount(), 4);
        model.setGroupCollapsed(2, false);
        QCOMPARE(rows(model), u"[chromium 1] b [webkit 3] a c d"_s);
    }

    void filters()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        fleet.add(0, "webkit:a", "webkit");
        fleet.add(1, "chromium:b", "chromium");
        pass(fleet, 0);
        model.setFilter(FleetFilter::parse(u"type:webkit"_s));
        QCOMPARE(rows(model), u"[Available 1] a"_s);
        fleet.add(2, "webkit:c", "webkit");
        fleet.add(3, "chromium:d", "chromium");
        pass(fleet, 0);
        QCOMPARE(rows(model), u"[Available 2] a c"_s);
        // Time alone makes a row pass.
        model.setFilter(FleetFilter::parse(u"age>10s"_s));
        QCOMPARE(model.rowCount(), 0);
        pass(fleet, 11'000);
        QCOMPARE(model.matchCount(), 4);
    }

    void hiddenSourcesAndRemovedOnesLeaveAtOnce()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        fleet.add(0, "chromium:a");
        pass(fleet, 0);
        fleet.store.setSourceVisible(1, false);
        pass(fleet, 0);
        QCOMPARE(model.rowCount(), 0);
        fleet.store.setSourceVisible(1, true);
        pass(fleet, 0);
        QCOMPARE(model.rowCount(), 2);
        fleet.store.removeSource(1);
        pass(fleet, 0);
        QCOMPARE(model.rowCount(), 0);
    }

    void persistentIndexesFollowTheirWorker()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        for (int i = 0; i < 3; ++i)
            fleet.add(WorkerNumber(i), QByteArray("chromium:") + char('a' + i));
        pass(fleet, 0);
        const QPersistentModelIndex last = model.index(3, 2);
        QCOMPARE(model.handleAt(last.row()), fleet.store.find(1, "chromium:c"));
        model.sort(int(FleetColumnId::Worker), Qt::DescendingOrder);
        QCOMPARE(model.handleAt(last.row()), fleet.store.find(1, "chromium:c"));
        QCOMPARE(last.row(), 1);
    }

    void copies()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        fleet.add(0, "chromium:0d9e6f20-aaaa");
        pass(fleet, 0);
        const QString text = model.copyText({0, 1}, {int(FleetColumnId::Worker), int(FleetColumnId::Status)});
        QCOMPARE(text, u"Worker\tStatus\nchromium:0d9e6f20-aaaa\tavailable\n"_s);
        const QJsonArray array = QJsonDocument::fromJson(model.copyJson({1})).array();
        QCOMPARE(array.size(), 1);
        QCOMPARE(array.at(0).toObject()["id"_L1].toString(), u"0d9e6f20-aaaa"_s);
        QCOMPARE(array.at(0).toObject()["key"_L1].toString(), u"worker:chromium:0d9e6f20-aaaa"_s);
    }

    void marksThatTurnTheWritingAreSeen()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        const QByteArray id = QStringLiteral("chro\u202Emium:\u2066gnp.exe").toUtf8();
        fleet.add(0, id, QStringLiteral("chro\u202Emium").toUtf8());
        pass(fleet, 0);
        const int row = model.rowOf(fleet.store.find(1, id));
        QVERIFY(row >= 0);
        bool seen = false;
        for (int column = 0; column < model.columnCount(); ++column) {
            for (const int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole), int(Qt::AccessibleTextRole)}) {
                const QString text = model.index(row, column).data(role).toString();
                QVERIFY2(!text.contains(QChar(0x202E)) && !text.contains(QChar(0x2066)), qPrintable(text));
                seen = seen || text.contains(u"[U+2066]gnp.exe"_s);
            }
        }
        QVERIFY(seen);
        model.setGrouping(FleetGrouping::Type);
        for (int any = 0; any < model.rowCount(); ++any) {
            const QString text = model.index(any, 0).data().toString();
            QVERIFY2(!text.contains(QChar(0x202E)), qPrintable(text));
        }
        // What is copied is the id itself.
        QVERIFY(
            model.copyText({model.rowOf(fleet.store.find(1, id))}, {int(FleetColumnId::Worker)}).contains(QString::fromUtf8(id)));
    }

    void everyColumnHasTextAndASortKey()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        fleet.add(0, "chromium:a");
        pass(fleet, 0);
        QSet<QString> keys;
        for (int column = 0; column < model.columnCount(); ++column) {
            QVERIFY(fleetColumns()[size_t(column)].id == FleetColumnId(column));
            keys.insert(QString::fromLatin1(fleetColumns()[size_t(column)].key));
            QVERIFY(model.index(1, column).data(FleetTableModel::SortRole).isValid());
            model.sort(column, Qt::AscendingOrder);
            QCOMPARE(model.rowCount(), 2);
        }
        QCOMPARE(keys.size(), model.columnCount());
    }

    /// Whatever happens, rows, headings and look-ups agree, and views are told nothing impossible.
    void staysSoundUnderRandomNews()
    {
        ModelFleet fleet;
        FleetTableModel model(fleet.store);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QRandomGenerator random(20260214);
        WorkerNumber next = 0;
        std::vector<WorkerNumber> present;
        const QByteArray types[] = {"chromium", "firefox", "webkit", ""};
        for (int step = 0; step < 1'500; ++step) {
            const int act = int(random.bounded(100));
            if (act < 30 || present.empty()) {
                const QByteArray type = types[random.bounded(4)];
                fleet.text(next, type + ":" + QByteArray::number(random.bounded(400)), type);
                fleet.apply(fleet.alive(next));
                present.push_back(next++);
            } else {
                const size_t index = random.bounded(quint32(present.size()));
                const WorkerNumber number = present[index];
                if (act < 60) {
                    fleet.apply(fleet.alive(number, random.bounded(40'000)));
                } else if (act < 70) {
                    fleet.apply(fleet.alive(number, 0, WorkerStatus::Draining));
                } else if (act < 85) {
                    fleet.apply(fleet.gone(number, WorkerEnd(1 + random.bounded(4)), random.bounded(2) == 0));
                    fleet.remove(number);
                    present.erase(present.begin() + qsizetype(index));
                } else if (act < 88) {
                    model.setHeld(!model.isHeld());
                    model.setKept(random.bounded(2) ? model.handleAt(1) : noWorker);
                    if (random.bounded(8) == 0)
                        fleet.clock.step(61'000); // Who is gone has been gone for long then.
                } else if (act < 90) {
                    model.setGrouping(FleetGrouping(random.bounded(6)));
                } else if (act < 93) {
                    model.sort(int(random.bounded(quint32(model.columnCount()))),
                               random.bounded(2) ? Qt::AscendingOrder : Qt::DescendingOrder);
                } else if (act < 95) {
                    model.setFilter(FleetFilter::parse(random.bounded(2) ? u"type:chromium"_s : QString()));
                } else if (act < 97 && !model.groupRows().empty()) {
                    const int heading = model.groupRows()[random.bounded(quint32(model.groupRows().size()))];
                    model.setGroupCollapsed(heading, random.bounded(2) == 0);
                } else {
                    fleet.store.setSourceVisible(1, random.bounded(3) > 0);
                }
            }
            fleet.clock.step(random.bounded(2'000));
            fleet.store.publish();
            int headings = 0;
            for (int row = 0; row < model.rowCount(); ++row) {
                const WorkerHandle handle = model.handleAt(row);
                if (handle == noWorker) {
                    QVERIFY(model.isGroupRow(row));
                    QCOMPARE(model.groupRows()[size_t(headings++)], row);
                } else {
                    QCOMPARE(model.rowOf(handle), row);
                    QVERIFY(fleet.store.worker(handle).used);
                }
            }
            QCOMPARE(size_t(headings), model.groupRows().size());
            for (const int heading : model.groupRows())
                QVERIFY(model.index(heading, 0).data(FleetTableModel::GroupCountRole).toInt() >= 0);
            if (model.grouping() == FleetGrouping::Attention)
                compareWithFigures(fleet, model);
        }
    }

    void aHeadingIsReportedWhereWhatItSaysChanges()
    {
        ModelFleet fleet;
        for (WorkerNumber number = 0; number < 3; ++number)
            fleet.add(number, "chromium:" + QByteArray(1, char('a' + number)));
        fleet.store.publish();
        const FleetTableModel model(fleet.store);
        const auto headings = [&](const QSignalSpy &spy) {
            int count = 0;
            for (const QVariantList &arguments : spy) {
                for (int row = arguments.at(0).toModelIndex().row(); row <= arguments.at(1).toModelIndex().row(); ++row)
                    count += model.isGroupRow(row);
            }
            return count;
        };
        fleet.clock.step(1'000);
        fleet.apply(fleet.alive(1));
        fleet.store.publish(); // What it says first.
        QSignalSpy spy(&model, &QAbstractItemModel::dataChanged);
        fleet.clock.step(1'000);
        fleet.apply(fleet.alive(1));
        fleet.store.publish();
        QVERIFY(!spy.isEmpty());
        QCOMPARE(headings(spy), 0);
        fleet.apply(fleet.alive(1, 0, WorkerStatus::Draining));
        fleet.store.publish();
        QVERIFY(headings(spy) > 0);
    }
};

PULSEDECK_TEST(FleetTableModelTest, runWithEvents)
#include "fleettablemodel_test.moc"
