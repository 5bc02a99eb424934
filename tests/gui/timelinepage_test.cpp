// SPDX-License-Identifier: GPL-3.0-or-later
// The Timeline page by mouse and keyboard: lanes of the Fleet page, folding, queues, what was recorded.
#include "tests/gui/timelinefixture.h"
#include "tests/support/patience.h"
#include "tests/support/queuescene.h"
#include "tests/support/testapplication.h"
#include "ui/common/searchfield.h"
#include "ui/common/tonelabel.h"
#include "ui/common/workerlist.h"
#include "ui/queues/queuespage.h"
#include "ui/timeline/axisbar.h"
#include "ui/timeline/timelinetoolbar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QSignalSpy>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class TimelinePageTest : public QObject
{
    Q_OBJECT

private slots:
    void lanesAreTheRowsOfTheFleetPage()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        int lanes = 0;
        for (int row = 0; row < f.model().rowCount(); ++row) {
            const WorkerHandle handle = f.model().handleAt(row);
            if (handle == noWorker)
                continue;
            ++lanes;
            QVERIFY(f.list().rowOf(handle) >= 0);
        }
        QVERIFY(lanes > 50);
        // In its order.
        int before = -1;
        for (const LaneRow &row : f.list().rows()) {
            QVERIFY(row.modelRow > before);
            before = row.modelRow;
        }
        // Every lane in sight has what its worker did.
        const LaneGeometry *healthy = f.geometry(f.rowOf(FleetScene::Part::Healthy));
        QVERIFY(healthy && healthy->ticks.size() > 5);
        const LaneGeometry *late = f.geometry(f.rowOf(FleetScene::Part::LateByMuch));
        QVERIFY(late && !late->gaps.empty() && late->gaps.back().open);
        QVERIFY(f.view->rowText(f.rowOf(FleetScene::Part::LateByMuch)).contains(u"longest gap"_s));
        // Groups are collapsed and expanded on both pages.
        const LaneRow heading = f.list().rows().front();
        QCOMPARE(heading.kind, LaneRow::Kind::Heading);
        f.click(f.nameOf(0));
        QVERIFY(f.model().index(heading.modelRow, 0).data(FleetTableModel::GroupCollapsedRole).toBool());
        QVERIFY(f.list().rowOf(f.scene.find(FleetScene::Part::LateByMuch)) < 0);
        QCOMPARE(f.list().rows().front().count, heading.count); // Its lanes are still in its band.
        f.click(f.nameOf(0));
        QVERIFY(f.rowOf(FleetScene::Part::LateByMuch) >= 0);
        auto *group = f.part<QComboBox>(*f.page, "laneGroup");
        group->setCurrentIndex(group->findData(int(FleetGrouping::Type)));
        emit group->activated(group->currentIndex());
        QCOMPARE(f.model().grouping(), FleetGrouping::Type);
        QVERIFY(f.settle());
        QVERIFY(f.view->pictures().foldOf(f.list().rows().front()) != nullptr);
    }

    /// Behind its mark, in a window of 1600.
    void theFilterSaysWholeWhatItIs()
    {
        TimelineFixture f(20, 0, 60);
        f.openTimeline({1600, 900});
        const auto *field = f.part<SearchField>(*f.page, "laneFilter");
        const QFontMetrics metrics(field->font());
        QTRY_VERIFY_WITH_TIMEOUT(metrics.horizontalAdvance(field->placeholderText()) + px(36) <= field->width(), 20'000);
        QCOMPARE(field->accessibleName(), u"Filter lanes"_s);
    }

    void filterAndSelectionAreShared()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        QTest::keyClick(f.window.get(), Qt::Key_F, Qt::ControlModifier);
        auto *field = f.part<SearchField>(*f.page, "laneFilter");
        QVERIFY(field->hasFocus());
        QTest::keyClicks(field, u"liveness:late"_s);
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(f.view->hasFocus());
        TRY_EQUAL(f.model().filter().text(), u"liveness:late"_s);
        QCOMPARE(f.window->fleetPage().filterText(), u"liveness:late"_s);
        QVERIFY(f.rowOf(FleetScene::Part::Healthy) < 0);
        f.page->escape();
        TRY_TRUE(f.rowOf(FleetScene::Part::Healthy) >= 0);
        QCOMPARE(field->text(), QString());
        // What cannot be read matches nothing, and says why.
        f.window->fleetPage().setFilterText(u"age>many"_s);
        TRY_EQUAL(field->text(), u"age>many"_s);
        TRY_TRUE(f.part<ToneLabel>(*f.page, "laneFilterProblem")->text().contains(u"age>many"_s));
        f.page->escape();
        TRY_TRUE(f.rowOf(FleetScene::Part::Healthy) >= 0);

        const WorkerHandle stale = f.scene.find(FleetScene::Part::Stale);
        f.click(f.nameOf(f.list().rowOf(stale)));
        QCOMPARE(f.window->fleetPage().selectedWorkers(), (std::vector<WorkerHandle>{stale}));
        const WorkerHandle other = f.scene.find(FleetScene::Part::Draining);
        f.window->fleetPage().showWorker(other);
        QCOMPARE(f.view->currentRow(), f.list().rowOf(other));
        f.key(Qt::Key_Return);
        QCOMPARE(f.window->currentPage(), u"fleet"_s);
        QCOMPARE(f.window->fleetPage().currentWorker(), other);
    }

    void rowsByKeys()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        f.key(Qt::Key_Home);
        QCOMPARE(f.view->currentRow(), 0);
        f.key(Qt::Key_Return);
        QVERIFY(f.model().index(0, 0).data(FleetTableModel::GroupCollapsedRole).toBool());
        f.key(Qt::Key_Return);
        f.key(Qt::Key_Down);
        QCOMPARE(f.view->currentRow(), 1);
        QCOMPARE(f.window->fleetPage().selectedWorkers(), (std::vector<WorkerHandle>{f.list().rows()[1].handle}));
        QVERIFY(!f.view->accessibleDescription().isEmpty());
        f.key(Qt::Key_End);
        const int last = int(f.list().rows().size()) - 1;
        QCOMPARE(f.view->currentRow(), last);
        QCOMPARE(f.view->verticalScrollBar()->value(), f.view->verticalScrollBar()->maximum());
        f.key(Qt::Key_PageUp);
        QVERIFY(f.view->currentRow() < last - 3);
        f.key(Qt::Key_Up);
        QVERIFY(f.view->currentRow() >= 0);
    }

    void manyLanesAreFolded()
    {
        TimelineFixture f(2'400, 0, 40);
        f.openTimeline({1300, 800});
        QVERIFY(f.list().isFolding());
        // All of them have a place on the screen.
        QVERIFY(f.list().height() <= f.view->viewport()->height() + 40);
        int fold = -1;
        quint32 lanes = 0;
        for (size_t i = 0; i < f.list().rows().size(); ++i) {
            if (f.list().rows()[i].kind != LaneRow::Kind::Fold)
                continue;
            fold = fold < 0 ? int(i) : fold;
            lanes += f.list().rows()[i].count;
        }
        QVERIFY(fold >= 0);
        QVERIFY(lanes > 2'000);
        QVERIFY(f.settle());
        const LaneRow folded = f.list().rows()[size_t(fold)];
        QVERIFY(f.view->pictures().foldOf(folded) != nullptr);
        QVERIFY(f.view->tipAt(f.placeOf(fold, f.time().to() - 5'000)).contains(u"unfold"_s));
        // One click unfolds, Esc folds again.
        f.click(f.placeOf(fold, f.time().to() - 5'000));
        QCOMPARE(f.list().rows()[size_t(fold)].kind, LaneRow::Kind::Lane);
        QVERIFY(f.list().rowOf(folded.handle) == fold);
        QVERIFY(f.settle());
        QVERIFY(f.geometry(fold) != nullptr);
        f.page->escape(); // The moment that was clicked.
        f.page->escape();
        QVERIFY(!f.list().hasUnfolded());
        f.list().setFolding(false);
        QVERIFY(f.list().height() > 2'400 * 20);
    }

    void onlyLanesWithGaps()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline({1700, 900});
        f.key(Qt::Key_0);
        auto *box = f.part<QCheckBox>(*f.page, "onlyGaps");
        box->setChecked(true);
        QVERIFY(f.settle());
        TRY_TRUE(f.rowOf(FleetScene::Part::Skewed) < 0);
        QVERIFY(f.rowOf(FleetScene::Part::Gappy) >= 0);
        box->setChecked(false);
        TRY_TRUE(f.rowOf(FleetScene::Part::Skewed) >= 0);
    }

    void theOrderIsShared()
    {
        TimelineFixture f(20, 0, 60);
        f.openTimeline({1600, 900});
        auto *box = f.page->findChild<QComboBox *>(u"laneSort"_s);
        QVERIFY(box->isVisible());
        FleetTableModel &rows = f.window->fleetPage().model();
        const int worker = box->findData(int(FleetColumnId::Worker));
        QVERIFY(worker >= 0);
        const int beat = box->findData(int(FleetColumnId::LastBeat));
        QVERIFY(beat >= 0);
        emit box->activated(beat);
        QCOMPARE(rows.sortColumn(), int(FleetColumnId::LastBeat));
        QCOMPARE(rows.sortOrder(), Qt::AscendingOrder);
        QCOMPARE(box->currentIndex(), beat);
        emit box->activated(beat);
        QCOMPARE(rows.sortOrder(), Qt::DescendingOrder);
        QVERIFY(box->currentText().endsWith(u"↓"_s));
        // Chosen on the Fleet page it is here, too.
        f.window->fleetPage().list().setSorting(int(FleetColumnId::Worker), Qt::AscendingOrder);
        QCOMPARE(box->currentIndex(), worker);
        f.window.reset();
    }

    void queuesAreLanesOfDepth()
    {
        TimelineFixture f(12, 0, 40);
        QueueScene queues(f.scene);
        f.openTimeline();
        int row = -1;
        for (size_t i = 0; i < f.list().rows().size(); ++i) {
            if (f.list().rows()[i].kind == LaneRow::Kind::Queue && f.list().queues()[f.list().rows()[i].serial].name == "low")
                row = int(i);
        }
        QVERIFY(row >= 0);
        QVERIFY(f.view->rowText(row).contains(u"1,204"_s));
        const auto countHeadings = [&] {
            return std::count_if(f.list().rows().begin(), f.list().rows().end(),
                                 [](const LaneRow &one) { return one.kind == LaneRow::Kind::QueueHeading; });
        };
        QCOMPARE(countHeadings(), 1);
        // By system, each stands under its workers.
        f.window->fleetPage().list().setGrouping(FleetGrouping::System);
        QCOMPARE(countHeadings(), 0);
        int heading = -1;
        for (size_t i = 0; i < f.list().rows().size(); ++i) {
            const LaneRow &one = f.list().rows()[i];
            if (one.kind == LaneRow::Kind::Heading)
                heading = int(i);
            if (one.kind == LaneRow::Kind::Queue)
                QVERIFY(f.scene.store.worker((*f.list().order())[f.list().rows()[size_t(heading)].first]).traits->layout
                        == f.list().queues()[one.serial].system);
        }
        f.window->fleetPage().list().setGrouping(FleetGrouping::Attention);
        f.view->setCurrentRow(row);
        f.key(Qt::Key_Return);
        QCOMPARE(f.window->currentPage(), u"queues"_s);
    }

    void nothingIsFollowedWhileItIsHidden()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        f.window->showPage(u"fleet"_s);
        const auto token = f.view->pictures().whole()->token;
        QSignalSpy laid(&f.list(), &LaneList::changed);
        f.scene.advance(5'000);
        const WorkerHandle late = f.scene.find(FleetScene::Part::LateByMuch);
        f.window->fleetPage().showWorker(late);
        QCoreApplication::processEvents();
        QCOMPARE(f.view->pictures().whole()->token, token);
        QVERIFY(laid.isEmpty());
        // Shown again it has what came meanwhile, and who was selected.
        f.window->showPage(u"timeline"_s);
        QVERIFY(f.settle());
        QCOMPARE(f.view->currentRow(), f.list().rowOf(late));
        TRY_TRUE(f.view->pictures().whole()->token > token);
        const LaneGeometry *lane = f.geometry(f.rowOf(FleetScene::Part::Healthy));
        QVERIFY(lane && !lane->ticks.empty());
    }

    void thePastComesFromTheHistory()
    {
        TimelineFixture f(20, 0, 60);
        const qint64 now = f.scene.clock.nowMs();
        const WorkerHandle handle = f.scene.find(FleetScene::Part::Healthy);
        const Worker &worker = f.scene.store.worker(handle);
        f.history = std::make_unique<MemoryHistory>();
        f.history->given.recording = true;
        f.history->given.from = now - 7'200'000;
        // The same worker an hour ago, with a gap of a minute; and one that is no longer there.
        f.record(1, worker, worker.id, now - 7'200'000, now, now - 3'600'000);
        f.record(2, worker, "chromium:00000000-gone-4000-8000-000000000000", now - 7'000'000, now - 3'400'000, now - 3'600'000);
        f.history->tracks[2].changes.push_back({2, LaneFact::End, now - 3'400'000, qint64(WorkerEnd::Drained)});
        HistoryRun first;
        first.from = now - 7'200'000;
        first.to = now - 3'000'000;
        HistoryRun second;
        second.from = now - 2'400'000;
        second.to = now;
        second.open = true;
        f.history->overview.runs = {first, second};
        f.history->overview.cells = {{now - 7'200'000, 100, 100, 20, 0, 0}, {now - 3'600'000, 90, 100, 20, 3, 1}};
        f.history->cell.worst = quint8(Liveness::Alive);
        f.history->cell.received = f.history->cell.expected = 1;
        HistoryEvent timing;
        timing.at = now - 3'650'000;
        timing.kind = u"timing"_s;
        timing.step = u"applied"_s;
        timing.by = u"op-2"_s;
        f.history->events = {timing};
        HistoryEvent version = timing;
        version.kind = u"version"_s;
        version.source = u"prod"_s;
        version.facts = {{u"to"_s, u"2.8.1"_s}};
        f.history->events.push_back(version);

        f.openTimeline();
        TRY_TRUE(f.time().earliest() <= double(now - 7'200'000));
        f.time().show(double(now - 3'700'000), double(now - 3'300'000));
        const int row = f.list().rowOf(handle);
        f.view->scrollToRow(row);
        TRY_TRUE(f.geometry(row) && f.geometry(row)->longest >= 70'000);
        const LaneGeometry *lane = f.geometry(row);
        QVERIFY(std::any_of(lane->gaps.begin(), lane->gaps.end(), [](const LaneGap &gap) { return gap.lost; }));
        const QString tip = f.view->tipAt(f.placeOf(row, double(now - 3'570'000)));
        QVERIFY2(tip.contains(u"gap "_s), qPrintable(tip));
        // Who else was late is older than the store remembers: the history says it.
        TRY_TRUE(f.view->tipAt(f.placeOf(row, double(now - 3'570'000))).contains(u"1 other lane was late then"_s));
        // One that began while the store watched keeps its start.
        const WorkerHandle fresh = f.scene.addWorker();
        f.scene.advance(25'000);
        f.time().followNow();
        TRY_TRUE(f.geometry(f.list().rowOf(fresh)) && !f.geometry(f.list().rowOf(fresh))->marks.empty());
        QCOMPARE(f.geometry(f.list().rowOf(fresh))->marks.front().mark, StripGeometry::Mark::Start);
        f.time().show(double(now - 3'700'000), double(now - 3'300'000));
        // The one that is gone has a lane at the end, with its end.
        TRY_EQUAL(f.list().rows().back().kind, LaneRow::Kind::Gone);
        const int gone = int(f.list().rows().size()) - 1;
        f.view->scrollToRow(gone);
        TRY_TRUE(f.geometry(gone) && !f.geometry(gone)->ticks.empty());
        QCOMPARE(f.geometry(gone)->marks.back().mark, StripGeometry::Mark::End);
        QVERIFY(f.view->rowText(gone).contains(u"last seen"_s));
        f.key(Qt::Key_End);
        f.key(Qt::Key_Return); // There is nothing to open.
        QCOMPARE(f.window->currentPage(), u"timeline"_s);
        // What happened then is flagged, and the time between two recordings is marked.
        auto *axis = f.page->findChild<AxisBar *>();
        QTRY_VERIFY2_WITH_TIMEOUT(axis->summary().contains(u"timing"_s) && axis->summary().contains(u"version 2.8.1"_s),
                                  qPrintable(axis->summary()), patience);
        QVERIFY(f.page->sourceText().contains(u"Recorded since"_s));
        // A filter of the present hides it, one of its id does not.
        f.window->fleetPage().setFilterText(u"gone"_s);
        TRY_EQUAL(f.list().rows().back().kind, LaneRow::Kind::Gone);
        f.window->fleetPage().setFilterText(u"liveness:alive"_s);
        TRY_TRUE(f.list().rows().back().kind != LaneRow::Kind::Gone);
        f.window->fleetPage().setFilterText({});
        // It can no longer be written: that is said, and the page goes on.
        HistoryState broken;
        broken.message = u"The disk is full."_s;
        f.history->setState(broken);
        QVERIFY(f.page->sourceText().contains(u"The disk is full."_s));
        f.window.reset();
    }
};

PULSEDECK_TEST(TimelinePageTest, runWithTheme)
#include "timelinepage_test.moc"
