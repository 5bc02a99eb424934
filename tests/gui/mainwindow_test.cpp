// SPDX-License-Identifier: GPL-3.0-or-later
// The window as a whole: welcome, pages, keys, theme, views, sizes.
#include "tests/support/testapplication.h"
#include "ui/common/page.h"
#include "ui/common/tonelabel.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/sourcebanner.h"
#include "ui/sources/connectdialog.h"
#include "ui/sources/connectionspage.h"
#include "ui/window/navigationmodel.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/noticebar.h"
#include "ui/window/statuscell.h"
#include "ui/window/welcomepage.h"

#include "models/core/format.h"
#include "tests/gui/windowfixture.h"
#include "tests/gui/windowparts.h"
#include "tests/support/patience.h"

#include <QFile>
#include <QFileDialog>
#include <QImage>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <ctime>
#include <utility>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

/// As small as a page can be.
class ToyPage : public Page
{
public:
    ToyPage()
        : Page(u"toy"_s, u"Toy"_s, Glyph::Info, nullptr)
    { }

    QString navigationText() const override { return count; }
    bool hasEscape() const override { return true; }
    QStringList views() const override { return {u"part"_s}; }
    void showView(const QString &view) override { shown = view; }
    void escape() override { ++escapes; }

    QString count;
    QString shown;
    int escapes = 0;
};

class MainWindowTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { Theme::instance().setChoice(ThemeChoice::System); }

    void thePageOfTheLastTimeIsShownAlsoIfItIsAddedLater()
    {
        for (const bool chosen : {false, true}) {
            WindowFixture f;
            f.settings.setValue(u"window/page"_s, u"later"_s);
            f.open();
            QCOMPARE(f.window->currentPage(), u"fleet"_s);
            if (chosen)
                f.window->showPage(u"queues"_s);
            f.window->addPage(new Page(u"later"_s, u"Later"_s, Glyph::Info, f.window.get()));
            QCOMPARE(f.window->currentPage(), chosen ? u"queues"_s : u"later"_s);
        }
    }

    void welcomeOffersTheDemo()
    {
        WindowFixture f;
        f.open();
        auto *welcome = visible<WelcomePage>(*f.window);
        QVERIFY(welcome);
        QVERIFY(!f.window->fleetPage().isVisible());
        QSignalSpy demo(f.window.get(), &MainWindow::demoRequested);
        auto *start = welcome->findChild<QPushButton *>(u"startDemo"_s);
        QTest::mouseClick(start, Qt::LeftButton);
        QCOMPARE(demo.count(), 1);
        QVERIFY(!start->isEnabled()); // It is starting: not twice.

        f.window->showNotice(u"The demo could not start"_s, u"Install redis-server."_s);
        QVERIFY(start->isEnabled());
        auto *notice = visible<NoticeBar>(*f.window);
        QVERIFY(notice);
        QVERIFY(notice->accessibleName().contains("Install redis-server"_L1));
        QTest::mouseClick(notice->findChild<QToolButton *>(u"closeNotice"_s), Qt::LeftButton);
        QVERIFY(!visible<NoticeBar>(*f.window));

        start->setFocus();
        QTest::keyClick(start, Qt::Key_Space);
        QCOMPARE(demo.count(), 2);
        f.window->setDemoRunning(true);
        QVERIFY(action(*f.window, u"Stop the Demo Fleet"_s));
        QSignalSpy stop(f.window.get(), &MainWindow::demoStopRequested);
        action(*f.window, u"Stop the Demo Fleet"_s)->trigger();
        QCOMPARE(stop.count(), 1);
    }

    void welcomeGivesWayToTheFleet()
    {
        WindowFixture f;
        f.open();
        QVERIFY(visible<WelcomePage>(*f.window));
        QCOMPARE(f.window->windowTitle(), u"Pulsedeck"_s);
        f.addSource(1, u"prod"_s);
        QVERIFY(f.window->fleetPage().isVisible());
        QVERIFY(!visible<WelcomePage>(*f.window));
        QCOMPARE(f.window->windowTitle(), u"Pulsedeck · Fleet"_s);
        f.sources.removeSource(1);
        QVERIFY(visible<WelcomePage>(*f.window));
    }

    void connectFromTheWelcomePage()
    {
        WindowFixture f;
        f.open();
        QSignalSpy requested(f.window.get(), &MainWindow::connectRequested);
        QTest::mouseClick(f.window->findChild<QPushButton *>(u"connectRedis"_s), Qt::LeftButton);
        auto *dialog = f.window->findChild<ConnectDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        auto *url = dialog->findChild<QLineEdit *>(u"url"_s);
        url->clear();
        QTest::keyClicks(url, u"redis://u:hunter2@example.net"_s);
        QTest::keyClick(url, Qt::Key_Return);
        QCOMPARE(requested.count(), 1);
        const auto settings = requested.first().first().value<SourceSettings>();
        QCOMPARE(settings.id, SourceId(0));
        QCOMPARE(settings.host, u"example.net"_s);
        QCOMPARE(settings.password, u"hunter2"_s);
    }

    void pagesByKeys()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.open();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        QCOMPARE(f.window->currentPage(), u"fleet"_s);
        QTest::keyClick(f.window.get(), Qt::Key_7, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"connections"_s);
        QVERIFY(visible<ConnectionsPage>(*f.window));
        QTest::keyClick(f.window.get(), Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"fleet"_s);

        QListView *pages = f.window->findChild<NavigationPanel *>()->pageList();
        pages->setFocus();
        QTest::keyClick(pages, Qt::Key_Down);
        QCOMPARE(f.window->currentPage(), u"queues"_s);
        QVERIFY(pages->hasFocus()); // The keyboard stays where it is.
        QTest::keyClick(f.window.get(), Qt::Key_7, Qt::ControlModifier);
        QTest::keyClick(f.window.get(), Qt::Key_F, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"fleet"_s);

        QVERIFY(!f.window->showPage(u"alerts"_s));
        for (const QString &name : MainWindow::pageNames())
            QVERIFY(f.window->showPage(name));
    }

    void aPageIsAddedByOneLine()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.open();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        auto *page = new ToyPage;
        f.window->addPage(page);
        QListView *pages = f.window->findChild<NavigationPanel *>()->pageList();
        const QModelIndex row = pages->model()->index(pages->model()->rowCount() - 2, 0); // Above the Connections page.
        QCOMPARE(row.data().toString(), u"Toy"_s);
        QTest::keyClick(f.window.get(), Qt::Key_8, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"connections"_s);
        QCOMPARE(pages->currentIndex().data().toString(), u"Connections"_s);
        QTest::keyClick(f.window.get(), Qt::Key_7, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"toy"_s);
        QCOMPARE(pages->currentIndex(), row);
        QVERIFY(page->isVisible());
        QCOMPARE(f.window->windowTitle(), u"Pulsedeck · Toy"_s);
        page->count = u"7"_s;
        emit page->countChanged();
        QCOMPARE(row.data(NavCountRole).toString(), u"7"_s);
        QTest::keyClick(f.window.get(), Qt::Key_Escape);
        QCOMPARE(page->escapes, 1);
        QVERIFY(f.window->extraViews().contains(u"toy-part"_s));
        QVERIFY(f.window->showView(u"toy-part"_s));
        QCOMPARE(page->shown, u"part"_s);
        // It has no filter of its own: Ctrl+F goes to that of the Fleet page.
        QTest::keyClick(f.window.get(), Qt::Key_F, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"fleet"_s);
        QVERIFY(f.window->showPage(u"toy"_s));
        emit page->filterRequested(u"type:firefox"_s);
        QCOMPARE(f.window->currentPage(), u"fleet"_s);
        QCOMPARE(f.window->fleetPage().filterText(), u"type:firefox"_s);
        emit page->noticed(u"It cannot be done"_s, {});
        QVERIFY(visible<NoticeBar>(*f.window)->accessibleName().contains(u"It cannot be done"_s));
        // What went well does not look like a warning.
        SourceBannerLine &line = f.window->findChild<SourceBanner *>()->line();
        const auto colours = [&line] {
            const QImage image = line.grab().toImage();
            return std::pair(image.pixelColor(1, 5), image.pixelColor(6, 5)); // Of its edge and its ground.
        };
        QVERIFY(colours().first == theme().late && colours().second != theme().win);
        emit page->succeeded(u"It is on its way"_s, {});
        QVERIFY(visible<NoticeBar>(*f.window)->accessibleName().contains(u"It is on its way"_s));
        QVERIFY(colours().first == theme().alive && colours().second == theme().win);
        emit page->noticed(u"It cannot be done"_s, {});
        QCOMPARE(colours().first, theme().late);
    }

    void legendByKey()
    {
        WindowFixture f;
        f.open();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        QTest::keyClick(f.window.get(), Qt::Key_F1);
        auto *legend = f.window->findChild<QDialog *>(u"legend"_s);
        QVERIFY(legend && legend->isVisible());
        QVERIFY(!legend->isModal());
        QTest::keyClick(legend, Qt::Key_Escape);
        QVERIFY(!legend->isVisible());
    }

    void spacePausesButNotOnButtons()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addWorkers(1, 3);
        f.open();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        QListView *pages = f.window->findChild<NavigationPanel *>()->pageList();
        pages->setFocus();
        QTest::keyClick(pages, Qt::Key_Space);
        QVERIFY(f.store.isPaused());
        QTest::keyClick(pages, Qt::Key_Space);
        QVERIFY(!f.store.isPaused());
        QListView *list = f.window->findChild<NavigationPanel *>()->sourceList();
        list->setFocus();
        list->setCurrentIndex(f.sources.index(0));
        QTest::keyClick(list, Qt::Key_Space);
        QVERIFY(!f.store.isPaused());
        QVERIFY(!f.store.isSourceVisible(1));
    }

    void themeSwitchesLive()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.open();
        action(*f.window, u"Dark"_s)->trigger();
        QVERIFY(theme().dark);
        TRY_EQUAL(f.window->palette().color(QPalette::Window), Theme::tokensFor(true).win);
        QVERIFY(f.window->grab().toImage().pixelColor(60, 400).lightness() < 64);
        action(*f.window, u"Light"_s)->trigger();
        QVERIFY(!theme().dark);
        TRY_EQUAL(f.window->palette().color(QPalette::Window), Theme::tokensFor(false).win);
        QVERIFY(f.window->grab().toImage().pixelColor(60, 400).lightness() > 192);
        QCOMPARE(f.settings.value(u"theme"_s).toString(), u"light"_s);
        QVERIFY(action(*f.window, u"Light"_s)->isChecked());
        Theme::instance().setChoice(ThemeChoice::Dark); // By an option, not by the menu.
        QVERIFY(action(*f.window, u"Dark"_s)->isChecked());
        QCOMPARE(f.settings.value(u"theme"_s).toString(), u"light"_s);
    }

    void noSecretAnywhere()
    {
        WindowFixture f;
        SourceSettings settings = f.addSource(1, u"prod"_s);
        settings.user = u"ops"_s;
        settings.password = u"hunter2-secret"_s;
        f.sources.setSource(settings);
        f.open();
        for (const SourceState state : {SourceState::Live, SourceState::Failed, SourceState::Waiting, SourceState::Off}) {
            f.setState(1, state, state == SourceState::Failed ? u"The password was refused"_s : QString());
            for (const QString &page : MainWindow::pageNames()) {
                f.window->showPage(page);
                QVERIFY(!allTexts(*f.window).contains(settings.password));
            }
        }
        f.window->openConnectDialog(settings);
        QVERIFY(!allTexts(*f.window).contains(settings.password));
        QString stored;
        for (const QString &key : f.settings.allKeys())
            stored += f.settings.value(key).toString();
        QVERIFY(!stored.contains(settings.password));
    }

    void theListIsExportedFromTheMenu()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addWorkers(1, 5);
        f.open();
        QAction *exportList = action(*f.window, u"Export List…"_s);
        QVERIFY(exportList && exportList->isEnabled());
        exportList->trigger();
        auto *dialog = f.window->findChild<QFileDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(dialog->acceptMode(), QFileDialog::AcceptSave);
        const QString path = f.folder.filePath(u"fleet.csv"_s);
        dialog->selectFile(path);
        QMetaObject::invokeMethod(dialog, "accept");
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path), 20'000);
        f.window->showPage(u"timing"_s);
        QVERIFY(!exportList->isEnabled());
    }

    void savedViews()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addWorkers(1, 5);
        f.open();
        auto *panel = f.window->findChild<NavigationPanel *>();
        QListView *views = panel->viewList();
        const QModelIndex first = views->model()->index(0, 0);
        QTest::mouseClick(views->viewport(), Qt::LeftButton, {}, views->visualRect(first).center());
        QCOMPARE(f.window->fleetPage().filterText(), u"liveness:attention"_s);
        QCOMPARE(views->currentIndex().row(), 0);
        f.window->fleetPage().setFilterText(u"type:firefox"_s);
        QVERIFY(!views->currentIndex().isValid());
        QVERIFY(action(*f.window, u"Save This Filter…"_s)->isEnabled());
        f.window->fleetPage().setFilterText({});
        QVERIFY(!action(*f.window, u"Save This Filter…"_s)->isEnabled());

        // Tab leads to the button above them; without a filter it says why nothing is saved.
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        panel->sourceList()->setFocus(Qt::TabFocusReason);
        QTest::keyClick(panel->sourceList(), Qt::Key_Tab);
        auto *save = panel->findChild<QToolButton *>(u"saveView"_s);
        QVERIFY(save && save->hasFocus());
        QTest::keyClick(save, Qt::Key_Space);
        QVERIFY(visible<NoticeBar>(*f.window)->accessibleName().contains("no filter"_L1));
        QVERIFY(!f.window->findChild<QDialog *>(u"saveViewQuestion"_s));
        QTest::keyClick(save, Qt::Key_Tab);
        QVERIFY(views->hasFocus());
        QTest::keyClick(views, Qt::Key_Backtab, Qt::ShiftModifier);
        QVERIFY(save->hasFocus());
        f.window->fleetPage().setFilterText(u"type:firefox"_s);
        QTest::keyClick(save, Qt::Key_Space);
        QVERIFY(f.window->findChild<QDialog *>(u"saveViewQuestion"_s));
    }

    void smallestWindowClipsNothing_data()
    {
        QTest::addColumn<qreal>("points");
        QTest::newRow("9 pt") << 9.0;
        QTest::newRow("11 pt") << 11.0;
    }

    void smallestWindowClipsNothing()
    {
        QFETCH(qreal, points);
        Theme::instance().setBodyPointSize(points);
        const auto restore = qScopeGuard([] { Theme::instance().setBodyPointSize(0); });
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        f.addSource(2, u"lab"_s, SourceState::Failed);
        f.setState(2, SourceState::Failed, u"The password was refused"_s, u"Fill in the user, or enter the password again."_s);
        f.open({1060, 680});
        QCOMPARE(f.window->size(), QSize(1060, 680));
        QVERIFY(f.window->findChild<NavigationPanel *>()->isCompact());
        f.window->showPage(u"connections"_s);
        auto *page = visible<ConnectionsPage>(*f.window);
        page->showSource(2);
        TRY_TRUE(page->findChild<QPushButton *>(u"enterPassword"_s)->isVisible());
        f.window->grab(); // Lays everything out.
        for (const auto *button : page->findChildren<QPushButton *>()) {
            if (!button->isVisible())
                continue;
            QVERIFY2(button->width() >= button->sizeHint().width(), qPrintable(button->text()));
            QVERIFY2(button->height() >= 24, qPrintable(button->text()));
            const QRect inWindow(button->mapTo(f.window.get(), QPoint()), button->size());
            QVERIFY2(f.window->rect().contains(inWindow), qPrintable(button->text()));
        }
        f.window->resize(1600, 900);
        QVERIFY(!f.window->findChild<NavigationPanel *>()->isCompact());
    }

    void geometryIsRemembered()
    {
        WindowFixture f;
        f.open({1234, 777});
        f.window->close();
        f.window = std::make_unique<MainWindow>(f.context());
        QCOMPARE(f.window->size(), QSize(1234, 777));
    }

    /// The machine's clock was wrong and is set: what is shown is right at once, and no age moves. One setting for the zone of
    /// all.
    void timesAreTheMachinesInOneZone()
    {
        const auto restore = qScopeGuard([zone = qgetenv("TZ"), had = qEnvironmentVariableIsSet("TZ")] {
            had ? qputenv("TZ", zone) : qunsetenv("TZ");
            ::tzset();
            setShownZone(ShownZone::Local);
        });
        qputenv("TZ", "America/New_York");
        ::tzset();
        WindowFixture f;
        const ShownClock shown(f.clock);
        f.clock.step(QDateTime(QDate(2027, 1, 15), QTime(12, 0), Qt::UTC).toMSecsSinceEpoch() - f.clock.nowMs());
        f.addSource(1, u"prod"_s);
        f.addWorkers(1, 3);
        f.open({1600, 900});
        auto *time = f.window->findChild<StatusCell *>(u"timeCell"_s);
        QVERIFY(time);
        QCOMPARE(time->accessibleName(), u"07:00:00 EST"_s);
        const qint64 event = f.clock.nowMs() - 60'000;
        QCOMPARE(clockText(event), u"06:59:00"_s);
        const Worker &worker = f.store.worker(0);
        const qint64 age = worker.beatAgeAt(f.store.viewNow());

        f.clock.setWall(2 * 3'600'000); // A correction by NTP, two hours late.
        f.window->refreshTimes();
        QCOMPARE(time->accessibleName(), u"09:00:00 EST"_s);
        QCOMPARE(clockText(event), u"08:59:00"_s); // When it was is known better now.
        f.store.publish();
        QCOMPARE(worker.beatAgeAt(f.store.viewNow()), age);
        QCOMPARE(f.store.figures().alive, 3);

        auto *zones = f.window->findChild<QMenu *>(u"timesMenu"_s);
        QVERIFY(zones);
        emit zones->aboutToShow();
        QVERIFY(zones->actions().at(0)->isChecked());
        zones->actions().at(1)->trigger();
        QCOMPARE(time->accessibleName(), u"14:00:00 UTC"_s);
        QCOMPARE(clockText(event), u"13:59:00"_s);
        f.window = std::make_unique<MainWindow>(f.context());
        QCOMPARE(f.window->findChild<StatusCell *>(u"timeCell"_s)->accessibleName(), u"14:00:00 UTC"_s);
    }
};

PULSEDECK_TEST(MainWindowTest, runWithTheme)

#include "mainwindow_test.moc"
