// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetsort.h"
#include "tests/support/testprogram.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <limits>

using namespace pulsedeck;

class FleetSortTest : public QObject
{
    Q_OBJECT

private slots:
    void numbersInTextsCompareAsNumbers()
    {
        QVERIFY(compareNaturally("agent-9", "agent-10") < 0);
        QVERIFY(compareNaturally("agent-010", "agent-9") > 0);
        QCOMPARE(compareNaturally("agent-9", "agent-9"), 0);
        QVERIFY(compareNaturally("agent", "agent-1") < 0);
    }

    void sortsAsAComparisonDoes_data()
    {
        QTest::addColumn<int>("misplaced"); // Of a hundred that have a place; they stand wrong.
        QTest::addColumn<int>("fresh"); // Of a hundred; they have no place yet.
        QTest::addColumn<bool>("descending");
        for (const bool descending : {false, true}) {
            for (const auto &[misplaced, fresh] : {std::pair(0, 0), {1, 1}, {0, 50}, {100, 0}, {30, 30}, {0, 100}})
                QTest::addRow("%d wrong %d new %s", misplaced, fresh, descending ? "down" : "up")
                    << misplaced << fresh << descending;
        }
    }

    void sortsAsAComparisonDoes()
    {
        QFETCH(int, misplaced);
        QFETCH(int, fresh);
        QFETCH(bool, descending);
        static const char *const texts[] = {"@(a/9)", "@(a/10)", "@(b)"};
        constexpr double last = std::numeric_limits<double>::max();
        QRandomGenerator random(7);
        std::vector<SortItem> items;
        for (WorkerHandle handle = 0; handle < 3'000; ++handle) {
            SortItem item{double(random.bounded(-40, 40)) / 8, qint64(random.bounded(-100, 3'000)), newPlace, handle};
            if (random.bounded(20) == 0)
                item.key = -0.0;
            if (random.bounded(20) == 0)
                item.key = last;
            if (random.bounded(50) == 0)
                item.rank = (qint64(1) << 50);
            if (random.bounded(10) == 0) {
                item.key = 1e15;
                item.text = texts[random.bounded(3)];
            }
            items.push_back(item);
        }
        const ComesBefore comesBefore{descending};
        std::sort(items.begin(), items.end(), comesBefore);
        quint32 place = 0;
        for (SortItem &item : items) {
            if (random.bounded(100) < misplaced)
                item.rank = random.bounded(3'000);
            item.place = random.bounded(100) < fresh ? newPlace : place++;
        }
        std::sort(items.begin(), items.end(), [](const SortItem &a, const SortItem &b) { return a.handle < b.handle; });
        std::vector<SortItem> wanted = items;
        std::sort(wanted.begin(), wanted.end(), comesBefore);
        sortItems(&items, comesBefore);
        const auto handles = [](const std::vector<SortItem> &of) {
            std::vector<WorkerHandle> list;
            for (const SortItem &item : of)
                list.push_back(item.handle);
            return list;
        };
        QCOMPARE(handles(items), handles(wanted));
    }

    void nothingIsSorted()
    {
        std::vector<SortItem> none;
        sortItems(&none, {});
        QVERIFY(none.empty());
    }
};

PULSEDECK_TEST(FleetSortTest, runWithEvents)
#include "fleetsort_test.moc"
