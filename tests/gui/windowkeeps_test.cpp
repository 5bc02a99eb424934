// SPDX-License-Identifier: GPL-3.0-or-later
// What a window asks before it closes, what it says at the next start, what it remembers, and how it marks production.
#include "tests/gui/windowfixture.h"
#include "tests/gui/windowparts.h"
#include "tests/models/rollingscene.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/commands/commandactions.h"
#include "ui/commands/commanddialog.h"
#include "ui/common/environmentlist.h"
#include "ui/fleet/columnarrangement.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/fleetview.h"
#include "ui/sources/connectdialog.h"
#include "ui/timing/durationspin.h"
#include "ui/timing/timingtable.h"
#include "ui/window/pausedrolls.h"
#include "ui/window/quitquestion.h"
#include "ui/window/savedviews.h"
#include "ui/window/statuscell.h"

#include <QDockWidget>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QStandardItemModel>
#include <QTableView>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

QuitQuestion *windowKeepsQuestion(const WindowFixture &f)
{
    return visible<QuitQuestion>(*f.window);
}

void quit(const WindowFixture &f)
{
    f.window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
    QTest::keyClick(f.window.get(), Qt::Key_Q, Qt::ControlModifier);
}

/// Rolls through the three workers of source 1.
QUuid roll(WindowFixture &f)
{
    std::vector<WorkerHandle> workers;
    for (int i = 0; i < 3; ++i)
        workers.push_back(f.store.find(1, "chromium:worker-1-" + QByteArray::number(i)));
    f.access.unlock();
    RollingOptions options;
    options.atATime = 1;
    options.floorPercent = 0;
    return f.rolling.begin(workers, options, u"leaks"_s);
}

void windowKeepsSetEnvironment(WindowFixture &f, SourceId id, SourceEnvironment environment)
{
    SourceSettings settings = f.sources.settings(id);
    settings.environment = environment;
    f.sources.setSource(settings);
}

} // namespace

class WindowKeepsTest : public QObject
{
    Q_OBJECT

private slots:
    void closesAtOnceWhereNothingIsLeftUndone()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.open();
        quit(f);
        QVERIFY(!windowKeepsQuestion(f));
        QVERIFY(!f.window->isVisible());
    }

    void asksBeforeItLeavesARoll()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addWorkers(1, 3);
        const QUuid group = roll(f);
        f.open();
        quit(f);
        QuitQuestion *asked = windowKeepsQuestion(f);
        QVERIFY(asked);
        const QString texts = allTexts(*asked);
        QVERIFY2(texts.contains("rolling shutdown on prod pauses"_L1), qPrintable(texts));
        QVERIFY(texts.contains("of 3 workers still queued"_L1));
        QVERIFY(texts.contains("cannot be resumed"_L1)); // Nothing is recorded here.
        quit(f);
        QCOMPARE(f.window->findChildren<QuitQuestion *>().size(), 1);
        QVERIFY(QTest::qWaitForWindowActive(asked, patience));
        QTest::keyClick(asked->focusWidget(), Qt::Key_Return); // Enter stays.
        QVERIFY(!windowKeepsQuestion(f));
        QVERIFY(f.window->isVisible());
        f.rolling.pause(group);
        quit(f);
        QVERIFY(!f.window->isVisible()); // What is paused already stays so, asked or not.
        f.window->show();
        f.rolling.resume(group);
        quit(f);
        QTest::mouseClick(windowKeepsQuestion(f)->findChild<QPushButton *>(u"quit"_s), Qt::LeftButton);
        QVERIFY(!f.window->isVisible());
    }

    void asksBeforeATimingDraftIsLost()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addWorkers(1, 3);
        f.open();
        f.window->showPage(u"timing"_s);
        auto *field = f.window->findChild<TimingTable *>()->field(TimingId::WorkerKeyTtl);
        field->setFocus();
        auto *edit = field->findChild<QLineEdit *>();
        edit->selectAll();
        QTest::keyClicks(edit, u"47"_s);
        QTest::keyClick(edit, Qt::Key_Return);
        quit(f);
        QVERIFY(windowKeepsQuestion(f));
        QVERIFY2(allTexts(*windowKeepsQuestion(f)).contains("timing draft for prod is lost: 1 value was edited"_L1),
                 qPrintable(allTexts(*windowKeepsQuestion(f))));
        QTest::keyClick(windowKeepsQuestion(f)->focusWidget(), Qt::Key_Escape);
        QVERIFY(f.window->isVisible());
        QCOMPARE(field->text(), u"47 s"_s); // Nothing of it is lost by asking.
    }

    /// The page it was left on is the one it comes back to, and from any page it is seen that a roll waits.
    void aPausedRollIsToldOnEveryPageAtTheNextStart()
    {
        rollingtest::MemoryJournal journal;
        {
            WindowFixture f;
            f.addSource(1, u"prod"_s);
            f.addWorkers(1, 3);
            f.rolling.setJournal(&journal);
            roll(f);
        }
        QCOMPARE(journal.plans.size(), 1);
        WindowFixture f;
        f.addSource(1, u"prod"_s, SourceState::Connecting);
        f.rolling.setJournal(&journal);
        f.open();
        auto *line = f.window->findChild<PausedRolls *>();
        for (const QString &page : MainWindow::pageNames()) {
            f.window->showPage(page);
            QVERIFY2(line->isVisible(), qPrintable(page));
        }
        QVERIFY2(line->text().contains("The rolling shutdown on prod is paused"_L1), qPrintable(line->text()));
        QVERIFY(line->text().contains("when its source is connected"_L1));
        auto *show = line->findChild<QPushButton *>(u"showPausedRoll"_s);
        QTest::mouseClick(show, Qt::LeftButton);
        QCOMPARE(f.window->currentPage(), u"connections"_s);

        f.addWorkers(1, 3);
        f.setState(1, SourceState::Live);
        f.clock.step(1'000);
        f.store.publish();
        QTRY_VERIFY_WITH_TIMEOUT(line->text().contains("only when you resume it"_L1), 10'000);
        QTest::mouseClick(show, Qt::LeftButton);
        QCOMPARE(f.window->currentPage(), u"commands"_s);
        const QUuid group = f.rolling.unfinished().front().group;
        f.access.unlock();
        f.rolling.resume(group);
        QVERIFY(!line->isVisible());
        f.rolling.pause(group);
        QVERIFY(line->isVisible());
        f.rolling.abort(group);
        QVERIFY(!line->isVisible());
    }

    void nothingIsPaintedWhileItIsMinimised()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.open();
        QCoreApplication::processEvents();
        auto *view = f.window->findChild<FleetView *>();
        struct Paints : QObject
        {
            int count = 0;
            bool eventFilter(QObject *, QEvent *event) override
            {
                count += event->type() == QEvent::Paint;
                return false;
            }
        } paints;
        view->viewport()->installEventFilter(&paints);
        f.window->showMinimized();
        QCoreApplication::processEvents();
        paints.count = 0;
        view->viewport()->update();
        QCoreApplication::processEvents();
        QCOMPARE(paints.count, 0);
        f.window->showNormal();
        TRY_TRUE(paints.count > 0);
    }

    void remembersPageDockSplittersAndColumns()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addWorkers(1, 3);
        f.open({1600, 900});
        const auto dock = [&] { return f.window->fleetPage().findChild<QDockWidget *>(u"workerDock"_s); };
        const auto splitter = [&] { return f.window->findChild<QSplitter *>(u"activitySplitter"_s); };
        const auto table = [&] { return f.window->findChild<QTableView *>(u"commandTable"_s); };
        f.window->fleetPage().showWorker(f.store.find(1, "chromium:worker-1-0"));
        if (!dock()->isVisible())
            f.window->fleetPage().dockAction()->trigger();
        QCoreApplication::sendPostedEvents(); // It is as it was left, which is nothing yet.
        f.window->fleetPage().findChild<QMainWindow *>()->resizeDocks({dock()}, {480}, Qt::Horizontal);
        TRY_EQUAL(dock()->width(), 480);
        const auto openActivity = [&] {
            f.window->showPage(u"activity"_s);
            f.window->grab(); // Lays it out.
            splitter()->widget(1)->show(); // As the first entry chosen does; there is none here.
            TRY_TRUE(splitter()->sizes().at(1) > 0);
        };
        openActivity();
        QSplitterHandle *handle = splitter()->handle(1);
        const QPoint middle = handle->rect().center();
        QTest::mousePress(handle, Qt::LeftButton, {}, middle);
        QTest::mouseMove(handle, middle - QPoint(90, 0));
        QTest::mouseRelease(handle, Qt::LeftButton, {}, middle - QPoint(90, 0));
        const QList<int> sizes = splitter()->sizes();
        QVERIFY(sizes.at(0) > sizes.at(1) && sizes.at(1) > 240);
        f.window->showPage(u"commands"_s);
        f.window->grab();
        const int before = table()->columnWidth(0);
        table()->horizontalHeader()->resizeSection(0, before + 40);
        QCoreApplication::sendPostedEvents();
        QCOMPARE(table()->columnWidth(0), before + 40);
        f.window->resize(1590, 900); // The columns are laid out again: what was chosen stays.
        QCOMPARE(table()->columnWidth(0), before + 40);
        f.window->resize(1600, 900);
        f.window->close();

        f.window = std::make_unique<MainWindow>(f.context());
        f.window->show();
        QCOMPARE(f.window->currentPage(), u"commands"_s);
        f.window->grab();
        QCOMPARE(table()->columnWidth(0), before + 40);
        openActivity();
        QCOMPARE(splitter()->sizes(), sizes);
        f.window->showPage(u"fleet"_s);
        f.window->fleetPage().showWorker(f.store.find(1, "chromium:worker-1-0"));
        if (!dock()->isVisible())
            f.window->fleetPage().dockAction()->trigger();
        TRY_EQUAL(dock()->width(), 480);
        QCoreApplication::sendPostedEvents();
        dock()->setFloating(true);
        f.window->close();
        f.window.reset();
        QVERIFY(f.settings.value(u"fleet/dockFloating"_s).toBool());
        f.window = std::make_unique<MainWindow>(f.context());
        QVERIFY(dock()->isFloating());
        f.window->show();
        QVERIFY(dock()->isFloating());
    }

    /// What another window saved stays, and what a version before wrote as one list is taken over.
    void savedViewsOfTwoWindowsStandBesideEachOther()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"views.ini"_s);
        QVERIFY(QFile::link(folder.path(), folder.filePath(u"other-way"_s))); // As another process comes to it.
        {
            QSettings old(file, QSettings::IniFormat);
            old.beginWriteArray(u"views"_s);
            old.setArrayIndex(0);
            old.setValue(u"name"_s, u"mine"_s);
            old.setValue(u"filter"_s, u"type:chromium"_s);
            old.endArray();
        }
        const auto own = [](const SavedViews &views) {
            QStringList names;
            for (int row = 0; row < views.rowCount(); ++row) {
                if (views.isOwn(row))
                    names.append(views.index(row).data().toString());
            }
            return names;
        };
        QSettings first(file, QSettings::IniFormat);
        SavedViews a(first);
        QCOMPARE(own(a), QStringList{u"mine"_s});
        first.sync();
        QSettings second(folder.filePath(u"other-way/views.ini"_s), QSettings::IniFormat);
        SavedViews b(second);
        QCOMPARE(own(b), QStringList{u"mine"_s});
        QVERIFY(a.save(u"of a"_s, u"type:firefox"_s));
        first.sync();
        QVERIFY(b.save(u"of b"_s, u"type:webkit"_s));
        second.sync();
        b.remove(b.rowOf(u"type:chromium"_s));
        second.sync();
        QSettings third(folder.filePath(u"./views.ini"_s), QSettings::IniFormat);
        QStringList all = own(SavedViews(third));
        all.sort();
        QCOMPARE(all, (QStringList{u"of a"_s, u"of b"_s}));
    }

    /// Of the columns, too, a window writes only what it has changed.
    void columnsOfTwoWindowsDoNotUndoEachOther()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(u"columns.ini"_s);
        QVERIFY(QFile::link(folder.path(), folder.filePath(u"other-way"_s))); // As another process comes to it.
        QSettings first(file, QSettings::IniFormat);
        QSettings second(folder.filePath(u"other-way/columns.ini"_s), QSettings::IniFormat);
        const auto columnsOf = [](QHeaderView &header, QSettings &settings) {
            return std::make_unique<ColumnArrangement>(header, settings, nullptr);
        };
        QStandardItemModel model(1, int(fleetColumns().size()));
        QHeaderView firstHeader(Qt::Horizontal);
        QHeaderView secondHeader(Qt::Horizontal);
        for (QHeaderView *header : {&firstHeader, &secondHeader}) {
            header->setModel(&model);
            header->setSectionsMovable(true);
        }
        auto a = columnsOf(firstHeader, first);
        auto b = columnsOf(secondHeader, second);
        a->setShown(FleetColumnId::Interval, false);
        a.reset(); // Written down.
        first.sync();
        b->setShown(FleetColumnId::Interval, true); // As it is for it anyway.
        secondHeader.setSortIndicator(int(FleetColumnId::LastBeat), Qt::DescendingOrder);
        b.reset();
        second.sync();
        QHeaderView thirdHeader(Qt::Horizontal);
        thirdHeader.setModel(&model);
        QSettings third(folder.filePath(u"./columns.ini"_s), QSettings::IniFormat);
        auto c = columnsOf(thirdHeader, third);
        QVERIFY(!c->isShown(FleetColumnId::Interval));
        QCOMPARE(thirdHeader.sortIndicatorSection(), int(FleetColumnId::LastBeat));
    }

    void productionIsMarkedWhereverItIs()
    {
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        f.addSource(2, u"staging"_s);
        f.addWorkers(1, 2);
        f.open({1440, 900});
        auto *view = f.window->fleetPage().findChild<FleetView *>();
        const auto edge = [&](int row) {
            const QImage image = view->viewport()->grab().toImage();
            const QRect rect = view->visualRect(view->model()->index(row, 1));
            return image.pixelColor(0, rect.center().y());
        };
        int row = 0;
        while (view->model()->index(row, 1).data().toString().isEmpty() && row < view->model()->rowCount() - 1)
            ++row;
        const int last = view->model()->rowCount() - 1;
        const QColor before = edge(last);
        windowKeepsSetEnvironment(f, 1, SourceEnvironment::Production);
        const QColor after = edge(last);
        QVERIFY(before != after);
        // At four fifths of its strength over the row's ground.
        const QColor wanted = theme().envProd;
        QVERIFY2(qAbs(after.red() - (wanted.red() * 4 + before.red()) / 5) <= 2, qPrintable(after.name()));
        QVERIFY2(qAbs(after.blue() - (wanted.blue() * 4 + before.blue()) / 5) <= 2, qPrintable(after.name()));

        bool inStatusBar = false;
        for (const auto *cell : f.window->findChildren<StatusCell *>())
            inStatusBar = inStatusBar || cell->environment() == SourceEnvironment::Production;
        QVERIFY(inStatusBar);
        QVERIFY(f.sources.index(0).data(Qt::AccessibleTextRole).toString().startsWith("prod-eu, production, "_L1));
        QVERIFY(!f.sources.index(1).data(Qt::AccessibleTextRole).toString().contains("production"_L1));
    }

    void actsOnProductionAskForItsName()
    {
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        f.addWorkers(1, 20); // One of them is far from the floor.
        f.open();
        f.access.unlock();
        auto *actions = f.window->findChild<CommandActions *>();
        const std::vector<WorkerHandle> one{f.store.find(1, "chromium:worker-1-0")};
        actions->ask(Act::Drain, one);
        auto *dialog = visible<CommandDialog>(*f.window);
        QVERIFY(dialog);
        QVERIFY(!dialog->findChild<QLineEdit *>(u"confirm"_s)->isVisible()); // Of one that serves nobody said what.
        dialog->close();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        windowKeepsSetEnvironment(f, 1, SourceEnvironment::Production);
        f.access.unlock(); // It became production: it is locked until somebody means it.
        actions->ask(Act::Drain, one);
        dialog = visible<CommandDialog>(*f.window);
        QVERIFY(dialog);
        auto *tags = dialog->findChild<EnvironmentList *>();
        QVERIFY(tags->isVisible());
        QCOMPARE(tags->accessibleName(), u"prod-eu, production"_s);
        auto *confirm = dialog->findChild<QLineEdit *>(u"confirm"_s);
        auto *act = dialog->findChild<QPushButton *>(u"act"_s);
        QVERIFY(confirm->isVisible());
        QVERIFY(!act->isEnabled());
        dialog->findChild<QLineEdit *>(u"reason"_s)->setText(u"leaks"_s);
        QVERIFY(!act->isEnabled());
        QTest::keyClicks(confirm, u"prod-eu"_s);
        QVERIFY(act->isEnabled());
        // Taking something back is never held up.
        dialog->close();
        QCOMPARE(previewCommand(f.store, f.ledger, f.access, Act::Resume, one, 0).friction, Friction::Plain);
    }

    void theFormSetsTheEnvironment()
    {
        WindowFixture f;
        f.sources.setRemembered(false);
        f.open();
        f.window->openConnectDialogFor(SourceKind::Redis);
        auto *dialog = visible<ConnectDialog>(*f.window);
        QVERIFY(dialog);
        QCOMPARE(dialog->settings().environment, SourceEnvironment::None);
        QTest::mouseClick(dialog->findChild<QPushButton *>(u"environmentproduction"_s), Qt::LeftButton);
        QCOMPARE(dialog->settings().environment, SourceEnvironment::Production);
        QVERIFY(allTexts(*dialog).contains("asks for its name"_L1) || allTexts(*dialog).contains("ask for its name"_L1));
        // Nothing is remembered by this window, and it does not say so.
        QVERIFY(allTexts(*dialog).contains("Not remembered"_L1));
        QVERIFY(!allTexts(*dialog).contains("Remembered, without"_L1));
    }
};

PULSEDECK_TEST(WindowKeepsTest, runWithTheme)

#include "windowkeeps_test.moc"
