// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/fleetpagefixture.h"
#include "ui/fleet/fleettoolbar.h"
#include "ui/fleet/placekeeper.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QPushButton>
#include <QToolButton>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Nothing jumps while it is read.
class FleetCalmTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::instance().install(*qApp); }

    void orderWaitsWhileThePointerIsOverTheList()
    {
        FleetPageFixture f(60);
        f.open();
        const WorkerHandle healthy = f.model().handleAt(f.model().rowCount() - 6);
        QCOMPARE(f.scene->store.worker(healthy).liveness, Liveness::Alive);
        f.pointerOver(5);
        QVERIFY(f.model().isHeld());
        const QList<quint32> before = f.order();
        f.scene->silence(healthy);
        f.scene->advance(20'000);
        QCOMPARE(f.scene->store.worker(healthy).liveness, Liveness::Late);
        QCOMPARE(f.order(), before);
        QVERIFY(f.model().pendingMoves() > 0);
        auto *toolbar = f.page->findChild<FleetToolbar *>();
        QVERIFY2(toolbar->notice().contains("would move"_L1), qPrintable(toolbar->notice()));
        QVERIFY(toolbar->releaseButton().isVisible());

        f.pointerAway();
        QVERIFY(!f.model().isHeld());
        QVERIFY(f.order() != before);
        QVERIFY(f.model().rowOf(healthy) < before.indexOf(healthy)); // It stands with what needs attention now.
        QVERIFY(!toolbar->releaseButton().isVisible());
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
            f.pointerOver(5);
            f.scene->silence(healthy);
            f.scene->advance(20'000);
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
        f.pointerOver(5);
        f.scene->silence(healthy);
        f.scene->advance(20'000);
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
        f.pointerOver(5);
        f.scene->silence(healthy);
        f.scene->advance(20'000);
        QVERIFY(f.model().pendingMoves() > 0);
        f.page->escape();
        QCOMPARE(f.model().pendingMoves(), 0);
        QCOMPARE(f.page->filterText(), u"not type:opera"_s);
        f.page->escape();
        QCOMPARE(f.page->filterText(), QString());
    }

    void selectionHoldsTheOrder()
    {
        FleetPageFixture f(60);
        f.open();
        f.click(3);
        f.pointerAway();
        QVERIFY(f.model().isHeld());
        f.page->escape();
        QVERIFY(f.view->selectedRows().empty());
        QVERIFY(!f.model().isHeld());
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
        std::vector<WorkerHandle> selected = f.view->places().selected();
        QCOMPARE(selected.size(), size_t(2));
        f.model().setGrouping(FleetGrouping::Type); // A reset: all rows are elsewhere.
        QCOMPARE(f.view->places().selected(), selected);
        QCOMPARE(f.page->currentWorker(), current);
        std::vector<int> rows;
        for (const WorkerHandle handle : selected)
            rows.push_back(f.model().rowOf(handle));
        std::sort(rows.begin(), rows.end());
        QCOMPARE(f.view->selectedRows(), rows);
        QCOMPARE(f.view->currentIndex().row(), f.model().rowOf(current));
    }

    void filteredOutSelectionComesBack()
    {
        FleetPageFixture f(60);
        f.open();
        const WorkerHandle zombie = f.scene->find(FleetScene::Part::Zombie);
        f.page->showWorker(zombie);
        f.page->setFilterText(u"liveness:alive"_s);
        QVERIFY(f.view->selectedRows().empty());
        QCOMPARE(f.page->currentWorker(), zombie);
        f.page->setFilterText({});
        QCOMPARE(f.view->selectedRows(), (std::vector<int>{f.model().rowOf(zombie)}));
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

QTEST_MAIN(FleetCalmTest)
#include "fleetcalm_test.moc"
