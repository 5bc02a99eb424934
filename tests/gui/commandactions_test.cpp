// SPDX-License-Identifier: GPL-3.0-or-later
// What is offered for whom, and how it is reached: keys, menus, the dock, the lock.
#include "tests/gui/actionsfixture.h"
#include "tests/gui/confirmunlock.h"
#include "tests/gui/windowfixture.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/activity/activitytoolbar.h"
#include "ui/commands/commandmenu.h"
#include "ui/commands/commandquestion.h"
#include "ui/commands/workercommands.h"
#include "ui/common/commandtexts.h"
#include "ui/common/fleetmap.h"
#include "ui/fleet/filterfield.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/fleetview.h"
#include "ui/fleet/workerdock.h"
#include "ui/window/noticebar.h"
#include "ui/window/statuscell.h"

#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QSignalSpy>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

QString lockWords(const MainWindow &window)
{
    return window.findChild<StatusCell *>(u"lockCell"_s)->accessibleName();
}

QAction *find(const QMenu &menu, const QString &name)
{
    for (QAction *action : menu.actions()) {
        if (action->objectName() == name)
            return action;
    }
    return nullptr;
}

QMenu *commandsMenu(const MainWindow &window)
{
    for (QMenu *menu : window.menuBar()->findChildren<QMenu *>(Qt::FindDirectChildrenOnly)) {
        if (QString(menu->title()).remove(u'&') == "Commands"_L1)
            return menu;
    }
    return nullptr;
}

} // namespace

class CommandActionsTest : public QObject
{
    Q_OBJECT

private slots:
    void lockedUnlockedDrained()
    {
        CommandFixture f;
        f.open();
        const WorkerHandle worker = f.workers(1).front();
        f.report(worker, WorkerStatus::Available, 0);
        f.window->fleetPage().showWorker(worker);
        auto *dock = f.window->findChild<WorkerCommands *>();
        auto *drain = f.part<QPushButton>(*dock, "drain");
        QVERIFY(dock->isVisible());
        QVERIFY(!drain->isEnabled());
        QCOMPARE(drain->toolTip(), u"Writing is locked. Ctrl+L unlocks for 5 min."_s);
        QVERIFY(lockWords(*f.window).startsWith("Writing locked"_L1));

        // Locked: the key says why, and opens nothing.
        QTest::keyClick(f.window.get(), Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!f.dialog());
        auto *notice = f.window->findChild<NoticeBar *>();
        QVERIFY(notice->isVisible());
        QVERIFY(notice->accessibleName().contains("Ctrl+L"_L1));

        QTest::keyClick(f.window.get(), Qt::Key_L, Qt::ControlModifier);
        QVERIFY(!f.access.isUnlocked()); // It asks first.
        confirmUnlock(*f.window);
        QVERIFY(f.access.isUnlocked());
        QCOMPARE(lockWords(*f.window), u"Writing open, 2 sources · locks in 5:00"_s);
        TRY_TRUE(drain->isEnabled());
        f.window->activateWindow(); // As a window manager does when the question has gone.
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        QTest::keyClick(f.window.get(), Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
        CommandDialog *dialog = f.dialog();
        QVERIFY(dialog && dialog->isAsking());
        QVERIFY(dialog->question().isSmall());
        QVERIFY(f.sent.isEmpty()); // The key alone changes nothing.
        QCOMPARE(f.part<QPushButton>(*dialog, "act")->text(), u"Drain 1 worker"_s);
        f.click(*dialog, "act");
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(f.sent.first().act, Act::Drain);
        QCOMPARE(f.sent.first().by, u"ops@desk"_s);
        QVERIFY(!f.dialog());

        // The same key locks again.
        QTest::keyClick(f.window.get(), Qt::Key_L, Qt::ControlModifier);
        QVERIFY(!f.access.isUnlocked());
        TRY_TRUE(!drain->isEnabled());
    }

    void theButtonsOfTheDockStandStill()
    {
        CommandFixture f;
        f.open();
        f.access.unlock();
        const WorkerHandle worker = f.workers(1).front();
        f.report(worker, WorkerStatus::Available, 0);
        f.window->fleetPage().showWorker(worker);
        auto *dock = f.window->findChild<WorkerCommands *>();
        auto *shutDown = f.part<QPushButton>(*dock, "shutDown");
        QTRY_VERIFY_WITH_TIMEOUT(dock->isVisible() && shutDown->isEnabled() && dock->line().isEmpty(), 10'000);
        const auto place = [&] {
            QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
            return shutDown->mapTo(f.window.get(), QPoint(0, 0));
        };
        const QPoint before = place();
        CommandRequest request;
        request.workers = {worker};
        f.ledger.issue(request);
        QTRY_VERIFY_WITH_TIMEOUT(!dock->line().isEmpty(), 10'000);
        QCOMPARE(place(), before);
        f.answerAll(CommandProgress::Outcome::Written);
        QTRY_VERIFY_WITH_TIMEOUT(dock->line().contains(u"expires"_s) || dock->line().size() > 40, 10'000);
        QCOMPARE(place(), before);
        f.access.lock();
        QCOMPARE(place(), before);
    }

    void deleteOpensTheDialogOnly()
    {
        CommandFixture f;
        f.open();
        f.access.unlock();
        f.window->fleetPage().showWorker(f.workers(1).front());
        QTest::keyClick(f.window.get(), Qt::Key_Delete);
        CommandDialog *dialog = f.dialog();
        QVERIFY(dialog);
        QCOMPARE(dialog->question().draft().act(), Act::Shutdown);
        QVERIFY(f.sent.isEmpty());
        QCOMPARE(f.ledger.size(), 0);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QVERIFY(!f.dialog());
        QVERIFY(f.sent.isEmpty());

        // In a field it is the field's own key.
        f.window->fleetPage().focusFilter();
        auto *line = qobject_cast<QLineEdit *>(QApplication::focusWidget());
        if (line) {
            QTest::keyClick(line, Qt::Key_Delete);
            QVERIFY(!f.dialog());
        }
    }

    void whatWasNotPossibleIsToldNoLongerThanItIsTrue()
    {
        CommandFixture f;
        f.open();
        QTest::keyClick(f.window.get(), Qt::Key_Delete); // Nothing is selected.
        auto *notice = f.window->findChild<NoticeBar *>();
        QVERIFY(notice->isVisible());
        QVERIFY2(notice->accessibleName().contains("Nothing was shut down"_L1), qPrintable(notice->accessibleName()));
        f.window->fleetPage().showWorker(f.workers(1).front());
        QVERIFY(!notice->isVisible());
        // A notice of the program itself stays.
        f.window->showNotice(u"The demo could not start"_s, u"Install redis-server."_s);
        f.window->fleetPage().showWorker(f.workers(2).back());
        QVERIFY(notice->isVisible());
    }

    void tabLeadsFromTheListIntoTheDock()
    {
        CommandFixture f;
        f.open();
        f.window->fleetPage().showWorker(f.workers(1).front());
        auto *view = f.window->findChild<FleetView *>();
        auto *dock = f.window->findChild<WorkerDock *>();
        TRY_TRUE(dock->isVisible());
        view->setFocus();
        QTest::keyClick(view, Qt::Key_Tab);
        QVERIFY(dock->isAncestorOf(QApplication::focusWidget()));
        // And out of it without going round in it.
        for (int i = 0; i < 12 && dock->isAncestorOf(QApplication::focusWidget()); ++i)
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QVERIFY(!dock->isAncestorOf(QApplication::focusWidget()));
    }

    void shiftF10OpensTheMenuOfTheRow()
    {
        CommandFixture f;
        f.open();
        f.window->fleetPage().showWorker(f.workers(1).front());
        auto *view = f.window->findChild<FleetView *>();
        view->setFocus();
        QTest::keyClick(view, Qt::Key_F10, Qt::ShiftModifier);
        QMenu *menu = nullptr;
        TRY_TRUE((menu = qobject_cast<QMenu *>(QApplication::activePopupWidget())));
        bool history = false;
        for (const QAction *action : menu->actions())
            history = history || (action->text() == "Show in Activity"_L1 && action->isEnabled());
        QVERIFY(history);
        menu->close();
    }

    void fromAWorkerToItsHistory()
    {
        CommandFixture f;
        f.open();
        const WorkerHandle worker = f.workers(1).front();
        f.window->fleetPage().showWorker(worker);
        QTest::keyClick(f.window.get(), Qt::Key_E, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"activity"_s);
        auto *toolbar = f.window->findChild<ActivityToolbar *>();
        QCOMPARE(toolbar->query().worker, f.scene.store.worker(worker).id);
        f.window->showPage(u"fleet"_s);
        f.window->fleetPage().escape();
        QTest::keyClick(f.window.get(), Qt::Key_E, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"activity"_s); // Of nobody in particular: as it was left.
    }

    void theDockOffersWhatAZombieNeeds()
    {
        CommandFixture f(60, -1, 130); // With workers in every state.
        f.open();
        f.access.unlock();
        const auto button = [&f](const char *name) {
            return f.window->findChild<WorkerCommands *>()->findChild<QPushButton *>(QString::fromLatin1(name));
        };
        f.window->fleetPage().showWorker(f.workers(1).front());
        QVERIFY(button("drain")->isVisible() && !button("reap")->isVisible() && !button("removeKey")->isVisible());
        const WorkerHandle zombie = f.scene.find(FleetScene::Part::Zombie);
        QVERIFY(zombie != noWorker);
        f.window->fleetPage().showWorker(zombie);
        QVERIFY(button("reap")->isVisible() && button("reap")->isEnabled());
        QVERIFY(!button("drain")->isVisible() && !button("shutDown")->isVisible() && !button("cancelCommand")->isVisible());
        QTest::mouseClick(button("reap"), Qt::LeftButton);
        TRY_TRUE(f.dialog());
        QVERIFY2(f.dialog()->windowTitle().contains("Reap"_L1), qPrintable(f.dialog()->windowTitle()));
        f.dialog()->close();
        f.window->fleetPage().showWorker(f.scene.find(FleetScene::Part::NoTtl));
        QVERIFY(button("removeKey")->isVisible() && button("removeKey")->isEnabled());
    }

    void readOnlySourceSaysSo()
    {
        CommandFixture f;
        SourceSettings prod = f.scene.sources.settings(FleetScene::prod);
        prod.readOnly = true;
        f.scene.sources.setSource(prod);
        f.open();
        f.access.unlock();
        const WorkerHandle worker = f.workers(1).front();
        f.window->fleetPage().showWorker(worker);
        auto *shutDown = f.part<QPushButton>(*f.window, "shutDown");
        QVERIFY(!shutDown->isEnabled());
        QVERIFY2(shutDown->toolTip().contains("read-only"_L1, Qt::CaseInsensitive), qPrintable(shutDown->toolTip()));
        QTest::keyClick(f.window.get(), Qt::Key_Delete);
        QVERIFY(!f.dialog());
    }

    void missingRightIsNamed()
    {
        ActionsFixture f;
        SourceStatus status = f.scene.store.sourceStatus(FleetScene::prod);
        status.writable = true;
        status.rights.known = true;
        status.rights.denied[size_t(Act::Drain)] = u"EVAL is not permitted"_s;
        f.scene.store.applyStatus(status);
        f.access.unlock();
        CommandActions &actions = f.actions;
        const auto drain = actions.offer(Act::Drain, f.workers(1));
        QVERIFY(!drain.enabled);
        QVERIFY2(drain.toolTip.contains("EVAL"_L1), qPrintable(drain.toolTip));
        QVERIFY(actions.offer(Act::Shutdown, f.workers(1)).enabled);
        QVERIFY(!actions.offer(Act::Shutdown, {}).enabled);
    }

    void forbiddenForGood()
    {
        CommandFixture f;
        f.access.setForbidden(true);
        f.open();
        QVERIFY(lockWords(*f.window).contains("--read-only"_L1));
        QTest::keyClick(f.window.get(), Qt::Key_L, Qt::ControlModifier);
        QTest::mouseClick(f.window->findChild<StatusCell *>(u"lockCell"_s), Qt::LeftButton);
        QVERIFY(!f.access.isUnlocked());
    }

    void contextMenuUnlocks()
    {
        ActionsFixture f;
        CommandActions &actions = f.actions;
        QMenu menu;
        fillCommandMenu(menu, actions, f.workers(3), true);
        QCOMPARE(menu.actions().first()->objectName(), u"unlockWriting"_s);
        QVERIFY(!find(menu, u"shutdown"_s)->isEnabled());
        QCOMPARE(find(menu, u"shutdown"_s)->text(), u"Shut Down 3 Workers…"_s);
        menu.actions().first()->trigger();
        confirmUnlock(f.ground);
        QVERIFY(f.access.isUnlocked());
        QMenu open;
        fillCommandMenu(open, actions, f.workers(3), true);
        QVERIFY(!find(open, u"unlockWriting"_s));
        QVERIFY(find(open, u"shutdown"_s)->isEnabled());
        QVERIFY(!find(open, u"resume"_s)); // Of no use to any of them.
    }

    void allThatMatch()
    {
        CommandFixture f;
        f.open();
        f.access.unlock();
        f.window->fleetPage().setFilterText(u"type:firefox source:prod-eu"_s);
        const std::vector<WorkerHandle> matching = f.window->fleetPage().matchingWorkers();
        QCOMPARE(int(matching.size()), f.window->fleetPage().model().matchCount());
        QVERIFY(matching.size() > 5);
        QMenu *commands = commandsMenu(*f.window);
        QVERIFY(commands);
        emit commands->aboutToShow();
        auto *all = commands->findChild<QMenu *>(u"allMatching"_s);
        QVERIFY(all);
        QCOMPARE(all->title(), u"All %1 That Match the Filter"_s.arg(matching.size()));
        emit all->aboutToShow();
        QAction *shutDown = find(*all, u"shutdown"_s);
        QVERIFY(shutDown && shutDown->isEnabled());
        shutDown->trigger();
        QVERIFY(f.dialog());
        QCOMPARE(f.part<QPushButton>(*f.dialog(), "act")->text(), u"Shut down %1 workers"_s.arg(matching.size()));
    }

    /// Whatever the key or menu: what is not in the list on screen is not reached.
    void noActReachesWhatTheFilterHides()
    {
        CommandFixture f;
        f.open();
        f.access.unlock();
        FleetPage &page = f.window->fleetPage();
        const std::vector<WorkerHandle> workers = f.workers(3);
        for (const WorkerHandle worker : workers)
            f.report(worker, WorkerStatus::Draining, 1);
        auto *view = page.findChild<FleetView *>();
        for (const WorkerHandle worker : workers) {
            const QModelIndex index = page.model().index(page.model().rowOf(worker), int(FleetColumnId::Worker));
            QTest::mouseClick(view->viewport(), Qt::LeftButton, Qt::ControlModifier, view->visualRect(index).center());
        }
        QCOMPARE(page.selectedWorkers().size(), size_t(3));
        auto *dock = f.window->findChild<WorkerCommands *>();
        QVERIFY(dock->isVisible());

        // By hand: Ctrl+F, the filter, Enter, and back to the list.
        QTest::keyClick(f.window.get(), Qt::Key_F, Qt::ControlModifier);
        auto *line = page.findChild<FilterField *>();
        QTest::keyClicks(&line->line(), u"type:firefox"_s);
        QTest::keyClick(&line->line(), Qt::Key_Return);
        QTest::keyClick(&line->line(), Qt::Key_Return);
        QVERIFY(view->hasFocus());
        QVERIFY(page.selectedWorkers().empty());
        QVERIFY(!dock->isVisible());
        QTest::keyClick(view, Qt::Key_Delete);
        QVERIFY(!f.dialog());
        QTest::keyClick(view, Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(!f.dialog());
        QMenu *menu = commandsMenu(*f.window);
        emit menu->aboutToShow();
        for (const char *act : {"drain", "shutdown", "cancel"})
            QVERIFY2(!find(*menu, QString::fromLatin1(act))->isEnabled(), act);
        emit menu->aboutToHide();

        // A cell of the map shows the worker, and makes it nobody's aim.
        auto *map = f.window->findChild<FleetMap *>();
        QTest::mouseClick(map, Qt::LeftButton, {}, map->cellRectOf(workers.front()).center());
        QCOMPARE(page.currentWorker(), workers.front());
        QVERIFY(!dock->isVisible());
        QTest::keyClick(view, Qt::Key_Delete);
        QVERIFY(!f.dialog());

        // A filter that cannot be read shows nobody, whatever is pressed.
        page.setFilterText(u"skew>1stype:webkit"_s);
        view->setFocus();
        QTest::keyClick(view, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(view, Qt::Key_Delete);
        QVERIFY(!f.dialog());
        QVERIFY(f.window->findChild<NoticeBar *>()->accessibleName().contains("cannot be read"_L1));
        emit menu->aboutToShow();
        QVERIFY(!menu->findChild<QMenu *>(u"allMatching"_s)->isEnabled());
        emit menu->aboutToHide();
        QVERIFY(f.sent.isEmpty());
    }

    void allThatMatchSaysWhoIsFolded()
    {
        CommandFixture f;
        f.open();
        f.access.unlock();
        FleetPage &page = f.window->fleetPage();
        page.model().setGroupCollapsed(page.model().groupRows().front(), true);
        QMenu *menu = commandsMenu(*f.window);
        emit menu->aboutToShow();
        const QString title = menu->findChild<QMenu *>(u"allMatching"_s)->title();
        QCOMPARE(title, u"All %1 That Match the Filter, %1 of Them in Folded Groups"_s.arg(page.matchingWorkers().size()));
        emit menu->aboutToHide();
    }

    void theOrderIsHeldWhileAnActIsPrepared()
    {
        CommandFixture f;
        f.open();
        f.access.unlock();
        FleetPage &page = f.window->fleetPage();
        page.showWorker(f.workers(1).front());
        f.step(4'000);
        QVERIFY(!page.model().isHeld());
        QTest::keyClick(f.window.get(), Qt::Key_Delete);
        QVERIFY(f.dialog() && f.dialog()->isAsking());
        f.step(30'000);
        QVERIFY(page.model().isHeld());
        f.dialog()->reject();
        f.step(100);
        QVERIFY(!page.model().isHeld());
    }

    /// It may never be read: since when nothing is heard stands with it.
    void aCommandSaysThatItsWorkerIsSilent()
    {
        CommandFixture f;
        f.open();
        f.access.unlock();
        const WorkerHandle worker = f.workers(1).front();
        f.report(worker, WorkerStatus::Available, 2);
        f.window->fleetPage().showWorker(worker);
        auto *dock = f.window->findChild<WorkerCommands *>();
        CommandRequest request;
        request.workers = {worker};
        f.ledger.issue(request);
        f.answerAll(CommandProgress::Outcome::Written);
        QTRY_VERIFY2_WITH_TIMEOUT(dock->line().contains("expires in"_L1), qPrintable(dock->line()), patience);
        QVERIFY2(!dock->line().contains("heard"_L1), qPrintable(dock->line()));
        f.step(18'000);
        const Worker &silent = f.scene.store.worker(worker);
        QVERIFY(silent.liveness == Liveness::Late || silent.liveness == Liveness::Stale);
        const QString since = u"Nothing was heard of it since %1."_s.arg(columnDayText(silent.beatAt, f.scene.store.viewNow()));
        QTRY_VERIFY2_WITH_TIMEOUT(dock->line().endsWith(since), qPrintable(dock->line()), 20'000);
        QVERIFY2(dock->line().contains("expires in"_L1), qPrintable(dock->line()));
    }

    void cancelInTimeAndTooLate()
    {
        CommandFixture f;
        f.open();
        f.access.unlock();
        const WorkerHandle worker = f.workers(1).front();
        f.report(worker, WorkerStatus::Available, 2);
        f.window->fleetPage().showWorker(worker);
        auto *dock = f.window->findChild<WorkerCommands *>();
        auto *cancel = f.part<QPushButton>(*dock, "cancelCommand");
        QVERIFY(!cancel->isEnabled());
        // "Cancel" alone leaves a dialog: the act says what it cancels, wherever it stands.
        QCOMPARE(cancel->text(), u"Cancel command"_s);
        QCOMPARE(shortAct(Act::Cancel), u"Cancel command"_s);
        QCOMPARE(TraitsRef()->actLabel(Act::Cancel), u"Cancel command"_s);

        CommandRequest request;
        request.workers = {worker};
        f.ledger.issue(request);
        const Command first = f.sent.first();
        f.answerAll(CommandProgress::Outcome::Written);
        TRY_TRUE(cancel->isEnabled());
        QTRY_VERIFY2_WITH_TIMEOUT(dock->line().contains("expires in"_L1), qPrintable(dock->line()), patience);
        QTest::mouseClick(cancel, Qt::LeftButton);
        QCOMPARE(f.sent.size(), 1);
        QCOMPARE(f.sent.first().act, Act::Cancel);
        f.answerAll(CommandProgress::Outcome::Done);
        QCOMPARE(f.ledger.entry(first.id)->stage, CommandStage::Withdrawn);
        QTRY_VERIFY2_WITH_TIMEOUT(dock->line().contains("withdrawn"_L1), qPrintable(dock->line()), patience);

        f.ledger.issue(request);
        const Command second = f.sent.first();
        f.answerAll(CommandProgress::Outcome::Written);
        f.step(4'000);
        f.report(worker, WorkerStatus::Draining, 2);
        QCOMPARE(f.ledger.entry(second.id)->stage, CommandStage::PickedUp);
        TRY_TRUE(!cancel->isEnabled());
        QTRY_VERIFY2_WITH_TIMEOUT(dock->line().contains("too late to cancel"_L1), qPrintable(dock->line()), patience);
    }

    void pagesByKey()
    {
        CommandFixture f;
        f.open();
        QTest::keyClick(f.window.get(), Qt::Key_5, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"commands"_s);
        QTest::keyClick(f.window.get(), Qt::Key_E, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"activity"_s);
        QTest::keyClick(f.window.get(), Qt::Key_7, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"connections"_s);
        QTest::keyClick(f.window.get(), Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"fleet"_s);
    }
};

PULSEDECK_TEST(CommandActionsTest, runWithTheme)

#include "commandactions_test.moc"
