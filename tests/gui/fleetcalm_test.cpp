// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/liveness.h"
#include "tests/gui/fleetpagefixture.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/fleet/attentionpill.h"
#include "ui/fleet/fleetselection.h"
#include "ui/fleet/fleettoolbar.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPaintEvent>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QToolButton>
#include <QWheelEvent>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Nothing jumps while it is read.
class FleetCalmTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().install(*qApp); }

    void orderWaitsWhileThePointerMoves()
    {
        FleetPageFixture f(60);
        f.open();
        const WorkerHandle healthy = f.model().handleAt(f.model().rowCount() - 6);
        QCOMPARE(f.scene->store.worker(healthy).liveness, Liveness::Alive);
        f.moving(1'000);
        QVERIFY(f.model().isHeld());
        const QList<quint32> before = f.order();
        f.scene->silence(healthy);
        f.moving(20'000);
        QCOMPARE(f.scene->store.worker(healthy).liveness, Liveness::Late);
        QCOMPARE(f.order(), before);
        QVERIFY(f.model().pendingMoves() > 0);
        auto *toolbar = f.page->findChild<FleetToolbar *>();
        QVERIFY2(toolbar->notice().contains("would move"_L1), qPrintable(toolbar->notice()));
        QVERIFY(toolbar->releaseButton().isVisible());

        // It rests, still over the list.
        f.scene->advance(1'500);
        QVERIFY(f.model().isHeld());
        f.scene->advance(1'000);
        QVERIFY(!f.model().isHeld());
        QVERIFY(f.model().standsInAttention(healthy));
        QVERIFY(f.model().rowOf(healthy) < before.indexOf(healthy));
        QVERIFY(!toolbar->releaseButton().isVisible());
        QCOMPARE(toolbar->notice(), QString());
    }

    void aBeatRepaintsOnlyWhatItChanges()
    {
        struct Paints : QObject
        {
            QList<QRegion> regions;
            bool eventFilter(QObject *, QEvent *event) override
            {
                if (event->type() == QEvent::Paint)
                    regions.append(static_cast<QPaintEvent *>(event)->region());
                return false;
            }
            /// What was painted since the last time, apart from a point at the edge. With that point there is always a paint to
            /// wait for, and whatever is to be painted comes with it.
            QRegion painted(QWidget &widget)
            {
                constexpr QRect point(0, 0, 1, 1);
                widget.update(point);
                if (!QTest::qWaitFor([&] { return !regions.isEmpty() && regions.last().intersects(point); }, patience))
                    return {};
                QRegion all;
                for (const QRegion &region : std::as_const(regions))
                    all += region;
                regions.clear();
                return all - point;
            }
        } paints;
        FleetPageFixture f(60);
        f.open();
        f.pointerAway();
        f.scene->advance(5'000);
        f.view->viewport()->installEventFilter(&paints);
        const WorkerHandle healthy = f.model().handleAt(f.model().rowCount() - 6);
        f.page->resize(1500, 1700); // All rows are seen.
        QVERIFY(!paints.painted(*f.view->viewport()).isEmpty());
        const quint32 beats = f.scene->store.worker(healthy).beatCount;
        bool seen = false;
        for (int step = 0; step < 300 && !seen; ++step) {
            f.scene->advance(100);
            const QRegion painted = paints.painted(*f.view->viewport());
            const int row = f.model().rowOf(healthy);
            const bool strip = painted.contains(f.rowCentre(row, FleetColumnId::Strip));
            const bool name = painted.contains(f.rowCentre(row));
            seen = f.scene->store.worker(healthy).beatCount > beats + 1 && strip && !name;
        }
        QVERIFY(seen);
        // What a source reports each second is in no row.
        SourceStatus status = f.scene->store.sourceStatus(1);
        status.updatesPerSecond += 1;
        f.scene->store.applyStatus(status);
        QVERIFY(paints.painted(*f.view->viewport()).isEmpty());
        status.timing.workerKeyTtl += 1;
        f.scene->store.applyStatus(status);
        QVERIFY(!paints.painted(*f.view->viewport()).isEmpty());
    }

    void aPointerThatRestsHoldsNothing()
    {
        FleetPageFixture f(60);
        f.open();
        f.pointerOver(5);
        f.scene->advance(4'000);
        QVERIFY(f.view->isPointerInside());
        QVERIFY(!f.model().isHeld());
        // What Qt tells a list that appears, or is laid out again, under a pointer that rests.
        const QPoint at = f.rowCentre(5);
        QEnterEvent enter(at, f.view->viewport()->mapTo(f.page.get(), at), f.view->viewport()->mapToGlobal(at));
        QCoreApplication::sendEvent(f.view->viewport(), &enter);
        QMouseEvent move(QEvent::MouseMove, at, f.view->viewport()->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
        QCoreApplication::sendEvent(f.view->viewport(), &move);
        QVERIFY(!f.model().isHeld());
        const WorkerHandle healthy = f.model().handleAt(f.model().rowCount() - 6);
        f.scene->silence(healthy);
        f.scene->advance(20'000);
        QVERIFY(f.model().standsInAttention(healthy));
        f.pointerOver(6);
        QVERIFY(f.model().isHeld());
        f.pointerAway(); // It moved a moment ago.
        QVERIFY(f.model().isHeld());
        f.scene->advance(3'000);
        QVERIFY(!f.model().isHeld());
    }

    void aKeyHoldsTheOrder()
    {
        FleetPageFixture f(60);
        f.open();
        QVERIFY(!f.model().isHeld());
        QTest::keyClick(f.view, Qt::Key_Down);
        QVERIFY(f.model().isHeld());
        f.scene->advance(3'000);
        QVERIFY(!f.model().isHeld());
    }

    void aSelectionHoldsNothingAndMovesWithItsRow()
    {
        FleetPageFixture f(60);
        f.open();
        const int row = f.model().rowCount() - 6;
        const WorkerHandle healthy = f.model().handleAt(row);
        f.page->showWorker(healthy);
        f.scene->advance(3'500);
        QVERIFY(!f.model().isHeld());
        QVERIFY(f.view->verticalScrollBar()->value() > 0); // It was scrolled to.
        const WorkerHandle neighbour = f.model().handleAt(row - 3);
        const int at = f.view->rowViewportPosition(row - 3);
        f.scene->silence(healthy);
        f.scene->advance(20'000);
        QVERIFY(f.model().standsInAttention(healthy));
        QVERIFY(f.model().rowOf(healthy) < row);
        QCOMPARE(f.view->selectedRows(), (std::vector<int>{f.model().rowOf(healthy)}));
        QCOMPARE(f.page->currentWorker(), healthy);
        QCOMPARE(f.view->currentIndex().row(), f.model().rowOf(healthy));
        QCOMPARE(f.view->rowViewportPosition(f.model().rowOf(neighbour)), at); // The view does not run after it.
    }

    void aLargeSelectionMovesWithItsRows()
    {
        FleetPageFixture f;
        f.scene = std::make_unique<FleetScene>(900, -1, 40);
        f.open();
        f.view->setFocus();
        QTest::keyClick(f.view, Qt::Key_A, Qt::ControlModifier);
        const size_t all = f.order().size();
        QCOMPARE(f.page->selectedWorkers().size(), all);
        f.page->model().sort(int(FleetColumnId::Sessions), Qt::DescendingOrder);
        QCOMPARE(f.page->selectedWorkers().size(), all);
        QCOMPARE(f.view->selectedRows().size(), all);
    }

    void whatIsWorseThanLateIsAnnouncedWhileTheOrderWaits()
    {
        FleetPageFixture f(60);
        f.open();
        auto *pill = f.page->findChild<AttentionPill *>();
        QVERIFY(!pill->isVisible()); // What was bad from the start is no news.
        const WorkerHandle dying = f.model().handleAt(f.model().rowCount() - 6);
        f.click(3);
        const std::vector<WorkerHandle> selected = f.page->selectedWorkers();
        f.moving(2'000);
        f.spoil(dying);
        f.moving(2'000);
        QVERIFY(isWorseThanLate(f.scene->store.worker(dying)));
        QVERIFY(!f.model().standsInAttention(dying));
        QVERIFY(pill->isVisible());
        QCOMPARE(pill->text(), u"1 new needs attention"_s);
        QTest::mouseClick(pill, Qt::LeftButton);
        QVERIFY(!f.model().isHeld());
        QVERIFY(f.model().standsInAttention(dying));
        QCOMPARE(f.view->currentIndex().row(), f.model().rowOf(dying));
        QVERIFY(f.view->viewport()->rect().contains(f.rowCentre(f.model().rowOf(dying))));
        QVERIFY(!pill->isVisible());
        QCOMPARE(f.page->selectedWorkers(), selected); // Looking is not selecting.
    }

    /// Neither over a heading's counts, nor one count over another: what has no room is counted.
    void headingsEndBeforeThePill()
    {
        const auto usual = qScopeGuard([] { Theme::instance().setBodyPointSize(0); });
        for (const qreal points : {9.0, 14.0}) {
            Theme::instance().setBodyPointSize(points);
            FleetPageFixture f(200);
            f.open({900, 500});
            auto *pill = f.page->findChild<AttentionPill *>();
            const auto last = [&f] {
                const std::vector<FleetView::HeadingPart> parts = f.view->headingParts(0);
                for (size_t i = 1; i < parts.size(); ++i)
                    QTest::qVerify(parts[i].place.left() > parts[i - 1].place.right(), "left of the next", "", __FILE__,
                                   __LINE__);
                return parts.back().place;
            };
            QVERIFY(f.model().isGroupRow(0));
            QVERIFY(last().right() <= f.view->viewport()->width());
            const WorkerHandle dying = f.model().handleAt(f.model().rowCount() - 6);
            f.moving(2'000);
            f.spoil(dying);
            f.moving(2'000);
            QVERIFY(pill->isVisible());
            const QRect cover = pill->geometry().translated(-f.view->viewport()->pos());
            QVERIFY2(last().right() < cover.left(), qPrintable(QString::number(last().right())));
            QVERIFY2(f.view->headingParts(0).back().text.startsWith(u'+'), qPrintable(f.view->headingParts(0).back().text));
            pill->click();
            QVERIFY(!pill->isVisible());
            // The room is used again.
            TRY_TRUE(last().right() >= cover.left() || !f.view->headingParts(0).back().text.startsWith(u'+'));
        }
    }

    void whatRisesOutOfSightIsAnnounced()
    {
        FleetPageFixture f(200);
        f.open();
        auto *pill = f.page->findChild<AttentionPill *>();
        f.view->verticalScrollBar()->setValue(80 * f.view->verticalHeader()->defaultSectionSize());
        const WorkerHandle dying = f.model().handleAt(f.model().rowCount() - 6);
        QVERIFY(!pill->isVisible());
        f.spoil(dying);
        f.scene->advance(1'100);
        QVERIFY(f.model().standsInAttention(dying));
        QVERIFY(!f.model().isHeld());
        QVERIFY(pill->isVisible());
        f.view->verticalScrollBar()->setValue(0); // There it is.
        QVERIFY(!pill->isVisible());
        // A list that stands at its top shows what rises: nothing to announce.
        const WorkerHandle second = f.model().handleAt(f.model().rowCount() - 7);
        f.spoil(second);
        for (int tick = 0; tick < 5; ++tick) {
            QVERIFY(!pill->isVisible());
            f.scene->advance(250);
        }
        QVERIFY(f.model().standsInAttention(second));
        QCOMPARE(f.view->verticalScrollBar()->value(), 0);
    }

    void aMenuHoldsTheOrder()
    {
        FleetPageFixture f(60);
        f.open();
        QMenu menu;
        menu.addAction(u"Something"_s);
        f.page->holdWhileOpen(&menu);
        emit menu.aboutToShow();
        f.scene->advance(30'000);
        QVERIFY(f.model().isHeld());
        emit menu.aboutToHide();
        QVERIFY(!f.model().isHeld());
    }

    void theFilterDoesNotMoveForTheNotice()
    {
        for (const int width : {1100, 1500}) {
            FleetPageFixture f(60);
            f.open({width, 700});
            auto *toolbar = f.page->findChild<FleetToolbar *>();
            f.pointerAway();
            QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
            const QRect before = toolbar->groupBox().geometry();
            const WorkerHandle healthy = f.model().handleAt(f.model().rowCount() - 6);
            f.scene->silence(healthy);
            f.moving(20'000);
            QVERIFY(toolbar->releaseButton().isVisible());
            QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
            QCOMPARE(toolbar->groupBox().geometry(), before);
        }
    }

    void releaseBringsTheOrderUpToDate()
    {
        FleetPageFixture f(60);
        f.open();
        const WorkerHandle healthy = f.model().handleAt(f.model().rowCount() - 6);
        f.scene->silence(healthy);
        f.moving(20'000);
        const QList<quint32> before = f.order();
        QTest::mouseClick(&f.page->findChild<FleetToolbar *>()->releaseButton(), Qt::LeftButton);
        QVERIFY(f.order() != before);
        QVERIFY(!f.model().isHeld());
        f.pointerOver(6); // Whoever aims at a row again needs it to stand still.
        QVERIFY(f.model().isHeld());
    }

    void escapeReleasesFirstAndClearsTheFilterThen()
    {
        FleetPageFixture f(60);
        f.open();
        f.page->setFilterText(u"not type:opera"_s);
        const WorkerHandle healthy = f.model().handleAt(f.model().rowCount() - 6);
        f.scene->silence(healthy);
        f.moving(20'000);
        QVERIFY(f.model().pendingMoves() > 0);
        f.page->escape();
        QCOMPARE(f.model().pendingMoves(), 0);
        QCOMPARE(f.page->filterText(), u"not type:opera"_s);
        f.page->escape();
        QCOMPARE(f.page->filterText(), QString());
    }

    void escapeClearsTheSelection()
    {
        FleetPageFixture f(60);
        f.open();
        f.click(3);
        f.scene->advance(3'500);
        f.page->escape();
        QVERIFY(f.view->selectedRows().empty());
        QVERIFY(f.page->selectedWorkers().empty());
    }

    void topVisibleRowStaysWhenRowsAppearAbove()
    {
        FleetPageFixture f(200);
        f.open();
        f.view->verticalScrollBar()->setValue(80 * f.view->verticalHeader()->defaultSectionSize() + 7);
        f.pointerOver(f.view->rowAt(100));
        const int top = f.view->rowAt(0);
        const WorkerHandle anchor = f.model().handleAt(top);
        QVERIFY(anchor != noWorker);
        const int offset = f.view->rowViewportPosition(top);
        // A worker with a bad field joins the group above while the order is held: at its end, so all below moves on.
        const WorkerHandle added = f.scene->addWorker(FleetScene::Part::BadField);
        QVERIFY(added != noWorker);
        QVERIFY(f.model().rowOf(added) < top);
        QCOMPARE(f.model().rowOf(anchor), top + 1);
        QCOMPARE(f.view->rowAt(0), top + 1);
        QCOMPARE(f.view->rowViewportPosition(top + 1), offset);
    }

    void aGroupThatComesAboveTheTopIsNotScrolledOutOfSight()
    {
        FleetPageFixture f;
        f.scene = std::make_unique<FleetScene>(60, 0);
        f.open();
        QVERIFY(f.model().isGroupRow(0));
        QVERIFY(f.view->verticalScrollBar()->maximum() > 0);
        f.pointerOver(5);
        QVERIFY(f.model().isHeld());
        const QString heading = f.model().index(0, 0).data().toString();
        const WorkerHandle added = f.scene->addWorker(FleetScene::Part::BadField);
        QCOMPARE(f.model().rowOf(added), 1);
        QVERIFY(f.model().index(0, 0).data().toString() != heading);
        QCOMPARE(f.view->verticalScrollBar()->value(), 0);
    }

    void selectionFollowsItsWorkersThroughAReset()
    {
        FleetPageFixture f(60);
        f.open();
        f.click(4);
        f.click(7, Qt::ControlModifier);
        const WorkerHandle current = f.page->currentWorker();
        std::vector<WorkerHandle> selected = f.view->workerSelection().selected();
        QCOMPARE(selected.size(), size_t(2));
        f.model().setGrouping(FleetGrouping::Type); // A reset: all rows are elsewhere.
        QCOMPARE(f.view->workerSelection().selected(), selected);
        QCOMPARE(f.page->currentWorker(), current);
        std::vector<int> rows;
        for (const WorkerHandle handle : selected)
            rows.push_back(f.model().rowOf(handle));
        std::sort(rows.begin(), rows.end());
        QCOMPARE(f.view->selectedRows(), rows);
        QCOMPARE(f.view->currentIndex().row(), f.model().rowOf(current));
    }

    void whatLeavesTheListLeavesTheSelection_data()
    {
        QTest::addColumn<QString>("way");
        for (const char *way : {"filter", "folded group", "hidden source", "unreadable filter", "grouped again and folded"})
            QTest::newRow(way) << QString::fromLatin1(way);
    }

    void whatLeavesTheListLeavesTheSelection()
    {
        QFETCH(const QString, way);
        FleetPageFixture f(60);
        f.open();
        QSignalSpy moved(f.page.get(), &FleetPage::selectionChanged);
        const WorkerHandle zombie = f.scene->find(FleetScene::Part::Zombie);
        const WorkerHandle healthy = f.scene->find(FleetScene::Part::Healthy);
        const SourceId source = f.scene->store.worker(zombie).source;
        f.click(f.model().rowOf(zombie));
        f.click(f.model().rowOf(healthy), Qt::ControlModifier);
        QCOMPARE(f.page->selectedWorkers(), (std::vector<WorkerHandle>{zombie, healthy}));
        moved.clear();
        if (way == "filter"_L1) {
            f.page->setFilterText(u"liveness:alive"_s);
            QCOMPARE(f.page->selectedWorkers(), (std::vector<WorkerHandle>{healthy}));
        } else if (way == "folded group"_L1) {
            f.model().setGroupCollapsed(0, true);
            QCOMPARE(f.page->selectedWorkers(), (std::vector<WorkerHandle>{healthy}));
        } else if (way == "grouped again and folded"_L1) {
            f.model().setGrouping(FleetGrouping::Source);
            QCOMPARE(f.page->selectedWorkers().size(), size_t(2));
            for (const int heading : std::vector<int>(f.model().groupRows().rbegin(), f.model().groupRows().rend()))
                f.model().setGroupCollapsed(heading, true);
            QVERIFY(f.page->selectedWorkers().empty());
        } else if (way == "hidden source"_L1) {
            f.scene->store.setSourceVisible(source, false);
            f.scene->store.publish();
            QVERIFY(f.page->selectedWorkers().empty() || f.scene->store.worker(healthy).source != source);
        } else {
            f.page->setFilterText(u"skew>1stype:webkit"_s);
            QVERIFY(f.page->selectedWorkers().empty());
            QCOMPARE(f.model().rowCount(), 0);
            QVERIFY(f.page->matchingWorkers().empty());
        }
        QVERIFY(!moved.isEmpty());
        const std::vector<WorkerHandle> left = f.page->selectedWorkers();
        QCOMPARE(f.view->selectedRows().size(), left.size());
        // Back in the list it is not selected again: nobody sees it being so.
        f.scene->store.setSourceVisible(source, true);
        f.scene->store.publish();
        f.page->setFilterText({});
        for (int i = 0; i < int(f.model().groupRows().size()); ++i)
            f.model().setGroupCollapsed(f.model().groupRows()[size_t(i)], false);
        QVERIFY(f.model().rowOf(zombie) >= 0);
        QCOMPARE(f.page->selectedWorkers(), left);
        QCOMPARE(f.view->selectedRows().size(), left.size());
    }

    void timeAloneTakesOneOutOfTheSelection()
    {
        FleetPageFixture f(60);
        f.open();
        f.page->setFilterText(u"liveness:alive"_s);
        const WorkerHandle healthy = f.scene->find(FleetScene::Part::Healthy);
        f.page->showWorker(healthy);
        QCOMPARE(f.page->selectedWorkers(), (std::vector<WorkerHandle>{healthy}));
        f.scene->silence(healthy);
        f.scene->advance(20'000);
        QCOMPARE(f.model().rowOf(healthy), -1);
        QVERIFY(f.page->selectedWorkers().empty());
    }

    void aWorkerThatTheFilterHidesIsOnlyLookedAt()
    {
        FleetPageFixture f(60);
        f.open();
        f.page->setFilterText(u"liveness:alive"_s);
        const WorkerHandle zombie = f.scene->find(FleetScene::Part::Zombie);
        // As a click on its cell of the map, or Go to Id, does.
        f.page->showWorker(zombie);
        QCOMPARE(f.page->currentWorker(), zombie);
        QVERIFY(f.page->selectedWorkers().empty());
        auto *words = f.page->findChild<QLabel *>(u"hiddenWorker"_s);
        QVERIFY(words->isVisible());
        QCOMPARE(words->text(), u"Not in the list: the filter hides it."_s);
        QTest::mouseClick(f.page->findChild<QPushButton *>(u"showInList"_s), Qt::LeftButton);
        QCOMPARE(f.page->filterText(), QString());
        QCOMPARE(f.page->selectedWorkers(), (std::vector<WorkerHandle>{zombie}));
        QVERIFY(!words->isVisible());
    }

    void theListStaysAtItsTopUntilSomebodyScrolls()
    {
        FleetPageFixture f;
        f.scene = std::make_unique<FleetScene>(60, 0);
        f.open();
        f.view->setFocus(); // The keyboard's cursor is on the first row there is.
        f.pointerOver(5);
        for (int i = 0; i < 3; ++i) {
            QVERIFY(f.scene->addWorker(FleetScene::Part::BadField) != noWorker);
            f.view->grab(); // Lays the rows out.
            f.scene->advance(4'000);
            f.view->grab();
            QCOMPARE(f.view->verticalScrollBar()->value(), 0);
            QCOMPARE(f.view->rowAt(0), 0);
            QVERIFY(f.model().isGroupRow(0));
        }
        // A wheel's turn is somebody.
        const QPointF at = f.rowCentre(6);
        QWheelEvent wheel(at, f.view->viewport()->mapToGlobal(at), {}, {0, -240}, Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(f.view->viewport(), &wheel);
        const int scrolled = f.view->verticalScrollBar()->value();
        QVERIFY(scrolled > 0);
        f.scene->addWorker(FleetScene::Part::BadField);
        QVERIFY(f.view->verticalScrollBar()->value() > scrolled); // What was visible stays where it is.
    }

    void pauseHoldsThePictureAndCounts()
    {
        FleetPageFixture f(60);
        f.open();
        auto *toolbar = f.page->findChild<FleetToolbar *>();
        QTest::mouseClick(&toolbar->pauseButton(), Qt::LeftButton);
        QVERIFY(f.scene->store.isPaused());
        const qint64 shown = f.scene->store.viewNow();
        f.scene->advance(15'000);
        QCOMPARE(f.scene->store.viewNow(), shown);
        QTRY_VERIFY_WITH_TIMEOUT(toolbar->notice().contains("waiting"_L1), 10'000);
        QVERIFY(toolbar->notice().startsWith("Paused since"_L1));
        f.page->togglePause();
        QVERIFY(!f.scene->store.isPaused());
        QVERIFY(!toolbar->notice().startsWith("Paused"_L1));
    }
};

PULSEDECK_TEST(FleetCalmTest, runWithWidgets)
#include "fleetcalm_test.moc"
