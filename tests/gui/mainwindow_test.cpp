// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetpage.h"
#include "ui/sources/connectdialog.h"
#include "ui/sources/connectionspage.h"
#include "ui/theme/tonelabel.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/noticebar.h"
#include "ui/window/statuscell.h"
#include "ui/window/welcomepage.h"

#include "tests/gui/windowfixture.h"

#include <QAction>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

namespace {

QAction *action(const MainWindow &window, const QString &text)
{
    for (QAction *candidate : window.findChildren<QAction *>()) {
        if (QString(candidate->text()).remove(u'&') == text)
            return candidate;
    }
    return nullptr;
}

template <typename Widget> Widget *visible(const QWidget &window)
{
    for (Widget *widget : window.findChildren<Widget *>()) {
        if (widget->isVisible())
            return widget;
    }
    return nullptr;
}

QString allTexts(const QWidget &window)
{
    QString all = window.windowTitle();
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        all += widget->toolTip() + widget->accessibleName() + widget->accessibleDescription() + widget->windowTitle()
               + u'\n';
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            all += label->text() + u'\n';
        if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
            all += button->text() + u'\n';
        if (const auto *field = qobject_cast<const QLineEdit *>(widget))
            all += field->text() + field->placeholderText() + u'\n';
        if (const auto *view = qobject_cast<const QListView *>(widget); view && view->model()) {
            for (int row = 0; row < view->model()->rowCount(); ++row) {
                const QModelIndex index = view->model()->index(row, 0);
                for (const int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole), int(Qt::AccessibleTextRole)})
                    all += index.data(role).toString() + u'\n';
            }
        }
    }
    return all;
}

} // namespace

class MainWindowTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { Theme::instance().setChoice(ThemeChoice::System); }

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
        QTest::mouseClick(notice->findChild<QAbstractButton *>(), Qt::LeftButton);
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
        QTest::mouseClick(f.window->findChild<QPushButton *>(u"connect"_s), Qt::LeftButton);
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

    void newSourceIsSelectedWhereItWasAsked()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.open();
        connect(f.window.get(), &MainWindow::connectRequested, this,
                [&f](const SourceSettings &settings) { f.addSource(7, settings.name); });
        f.window->showPage(u"connections"_s);
        auto *page = visible<ConnectionsPage>(*f.window);
        QCOMPARE(page->currentSource(), SourceId(1));
        QTest::mouseClick(page->findChild<QPushButton *>(u"addSource"_s), Qt::LeftButton);
        auto *dialog = f.window->findChild<ConnectDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        auto *url = dialog->findChild<QLineEdit *>(u"url"_s);
        QTest::keyClicks(url, u"redis://example.net:6400"_s);
        QTest::keyClick(url, Qt::Key_Return);
        QCOMPARE(page->currentSource(), SourceId(7));
        f.addSource(8, u"another"_s); // Not asked for here: what is looked at stays.
        QCOMPARE(page->currentSource(), SourceId(7));
    }

    void troubleIsToldWholeInTheStatusBar()
    {
        WindowFixture f;
        for (SourceId id = 1; id <= 5; ++id)
            f.addSource(id, u"production %1"_s.arg(id));
        SourceStatus status = f.store.sourceStatus(3);
        status.state = SourceState::Failed;
        status.message = u"redis.example.net:6303 asks for a password: set it for this source."_s;
        f.store.applyStatus(status);
        f.open({1280, 800});
        StatusCell *trouble = nullptr;
        for (StatusCell *cell : f.window->findChildren<StatusCell *>()) {
            if (cell->accessibleName().startsWith(u"production 3"_s))
                trouble = cell;
        }
        QVERIFY(trouble && trouble->isVisible() && trouble->isAlarm());
        QCOMPARE(trouble->width(), trouble->naturalWidth());
        for (StatusCell *cell : f.window->findChildren<StatusCell *>()) {
            if (cell->accessibleName().startsWith(u"production"_s))
                QVERIFY2(cell->isVisible() && cell->width() >= 60, qPrintable(cell->accessibleName()));
        }
    }

    void redisAndHubTogether()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addHub(2, u"hub eu-1"_s);
        f.addWorkers(1, 2);
        f.addWorkers(2, 3);
        f.open();
        f.window->showPage(u"connections"_s);
        auto *page = visible<ConnectionsPage>(*f.window);
        auto *facts = page->findChild<QWidget *>(u"hubFacts"_s);
        QVERIFY(!facts->isVisible());
        page->list()->setFocus();
        QTest::keyClick(page->list(), Qt::Key_Down);
        QCOMPARE(page->currentSource(), SourceId(2));
        QTRY_VERIFY_WITH_TIMEOUT(facts->isVisible(), 10'000);
        QSignalSpy disconnected(f.window.get(), &MainWindow::disconnectRequested);
        QTest::mouseClick(page->findChild<QPushButton *>(u"disconnectSource"_s), Qt::LeftButton);
        QCOMPARE(disconnected.count(), 1);
        QTest::keyClick(page->list(), Qt::Key_Up);
        QVERIFY(!facts->isVisible());
    }

    void pagesByKeys()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.open();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
        QCOMPARE(f.window->currentPage(), u"fleet"_s);
        QTest::keyClick(f.window.get(), Qt::Key_5, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"connections"_s);
        QVERIFY(visible<ConnectionsPage>(*f.window));
        QTest::keyClick(f.window.get(), Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"fleet"_s);

        QListView *pages = f.window->findChild<NavigationPanel *>()->pageList();
        pages->setFocus();
        QTest::keyClick(pages, Qt::Key_Down);
        QCOMPARE(f.window->currentPage(), u"timing"_s);
        QVERIFY(pages->hasFocus()); // The keyboard stays where it is.
        QTest::keyClick(f.window.get(), Qt::Key_5, Qt::ControlModifier);
        QTest::keyClick(f.window.get(), Qt::Key_F, Qt::ControlModifier);
        QCOMPARE(f.window->currentPage(), u"fleet"_s);

        QVERIFY(!f.window->showPage(u"timeline"_s));
        for (const QString &name : MainWindow::pageNames())
            QVERIFY(f.window->showPage(name));
    }

    void legendByKey()
    {
        WindowFixture f;
        f.open();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
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
        QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
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

    void sourcesHideAndShow()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addSource(2, u"staging"_s);
        f.open();
        QListView *list = f.window->findChild<NavigationPanel *>()->sourceList();
        QVERIFY(list->isVisible());
        const auto clickBox = [list, &f](int row) {
            const QRect rect = list->visualRect(f.sources.index(row));
            QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, QPoint(rect.left() + 22, rect.center().y()));
        };
        clickBox(1);
        QVERIFY(f.store.isSourceVisible(1));
        QVERIFY(!f.store.isSourceVisible(2));
        clickBox(1);
        QVERIFY(f.store.isSourceVisible(2));
        // Beside the box a click only chooses.
        const QRect rect = list->visualRect(f.sources.index(0));
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, QPoint(rect.left() + 70, rect.center().y()));
        QVERIFY(f.store.isSourceVisible(1));

        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(f.window->currentPage(), u"connections"_s);
        QCOMPARE(f.window->findChild<ConnectionsPage *>()->currentSource(), SourceId(1));
    }

    void connectionsPageActs()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addSource(2, u"staging"_s, SourceState::Off);
        f.open();
        f.window->showPage(u"connections"_s);
        auto *page = visible<ConnectionsPage>(*f.window);
        QSignalSpy disconnected(f.window.get(), &MainWindow::disconnectRequested);
        QSignalSpy reconnected(f.window.get(), &MainWindow::reconnectRequested);
        QTest::mouseClick(page->findChild<QPushButton *>(u"disconnectSource"_s), Qt::LeftButton);
        QCOMPARE(disconnected.count(), 1);
        QCOMPARE(disconnected.first().first().value<SourceId>(), SourceId(1));

        page->list()->setFocus();
        QTest::keyClick(page->list(), Qt::Key_Down);
        QCOMPARE(page->currentSource(), SourceId(2));
        QVERIFY(!page->findChild<QPushButton *>(u"disconnectSource"_s)->isEnabled());
        QTest::mouseClick(page->findChild<QPushButton *>(u"connectSource"_s), Qt::LeftButton);
        QCOMPARE(reconnected.count(), 1);
        QCOMPARE(reconnected.first().first().value<SourceId>(), SourceId(2));
        QTest::mouseClick(page->findChild<QPushButton *>(u"addSource"_s), Qt::LeftButton);
        QVERIFY(f.window->findChild<ConnectDialog *>());
    }

    void refusedPasswordLeadsToThePasswordField()
    {
        WindowFixture f;
        f.addSource(1, u"lab"_s, SourceState::Failed);
        f.setState(1, SourceState::Failed, u"The password was refused"_s, u"Enter it again."_s);
        f.open();
        f.window->showPage(u"connections"_s);
        QVERIFY(QTest::qWaitForWindowActive(f.window.get()));
        QVERIFY(allTexts(*f.window).contains("The password was refused"_L1));
        auto *enter = f.window->findChild<QPushButton *>(u"enterPassword"_s);
        QVERIFY(enter->isVisible());
        QTest::mouseClick(enter, Qt::LeftButton);
        auto *dialog = f.window->findChild<ConnectDialog *>();
        QVERIFY(dialog);
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        QTRY_VERIFY(dialog->findChild<QLineEdit *>(u"password"_s)->hasFocus());
        QCOMPARE(dialog->settings().id, SourceId(1));

        f.setState(1, SourceState::Live);
        QVERIFY(!enter->isVisible());
    }

    void removingAsksFirst()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.open();
        QSignalSpy removed(f.window.get(), &MainWindow::removeRequested);
        f.window->showPage(u"connections"_s);
        for (auto *button : f.window->findChildren<QPushButton *>()) {
            if (button->text() == u"Remove…"_s && button->isVisible())
                QTest::mouseClick(button, Qt::LeftButton);
        }
        auto *question = f.window->findChild<QMessageBox *>();
        QVERIFY(question);
        QVERIFY(question->text().contains("prod"_L1));
        QCOMPARE(removed.count(), 0);
        // The dangerous button is not where Enter goes.
        QVERIFY(question->defaultButton() == question->button(QMessageBox::Cancel));
        QTest::mouseClick(question->buttons().constFirst() == question->defaultButton()
                              ? question->buttons().constLast()
                              : question->buttons().constFirst(),
                          Qt::LeftButton);
        QCOMPARE(removed.count(), 1);
    }

    void statusCells()
    {
        WindowFixture f;
        f.addSource(1, u"prod-eu"_s);
        f.addSource(2, u"lab"_s, SourceState::Failed);
        f.setState(2, SourceState::Failed, u"The password was refused"_s);
        f.open({1600, 900});
        QString texts;
        StatusCell *lab = nullptr;
        for (StatusCell *cell : f.window->findChildren<StatusCell *>()) {
            if (!cell->isVisible())
                continue;
            texts += cell->accessibleName() + u'\n';
            if (cell->accessibleName().startsWith("lab"_L1))
                lab = cell;
        }
        QVERIFY(texts.contains(u"redis 6301 · live via push · 12 ms"_s));
        QVERIFY(texts.contains("The password was refused"_L1));
        QVERIFY(texts.contains("Read-only"_L1));
        QVERIFY(texts.contains(" UTC"_L1));
        QVERIFY(lab);
        QTest::mouseClick(lab, Qt::LeftButton);
        QCOMPARE(f.window->currentPage(), u"connections"_s);
        QCOMPARE(f.window->findChild<ConnectionsPage *>()->currentSource(), SourceId(2));

        // More sources than there is room for: none vanishes without a word.
        for (SourceId id = 3; id < 20; ++id)
            f.addSource(id, u"source-%1"_s.arg(id));
        f.window->resize(1060, 680);
        StatusCell *more = nullptr;
        for (StatusCell *cell : f.window->findChildren<StatusCell *>()) {
            if (cell->isVisible() && cell->accessibleName().contains("more"_L1))
                more = cell;
            if (cell->isVisible())
                QVERIFY(cell->geometry().right() <= f.window->width());
        }
        QVERIFY(more);
    }

    void themeSwitchesLive()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.open();
        action(*f.window, u"Dark"_s)->trigger();
        QVERIFY(theme().dark);
        QTRY_COMPARE(f.window->palette().color(QPalette::Window), Theme::tokensFor(true).win);
        QVERIFY(f.window->grab().toImage().pixelColor(60, 400).lightness() < 64);
        action(*f.window, u"Light"_s)->trigger();
        QVERIFY(!theme().dark);
        QTRY_COMPARE(f.window->palette().color(QPalette::Window), Theme::tokensFor(false).win);
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
        for (const SourceState state :
             {SourceState::Live, SourceState::Failed, SourceState::Waiting, SourceState::Off}) {
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
        f.setState(2, SourceState::Failed, u"The password was refused"_s,
                   u"Fill in the user, or enter the password again."_s);
        f.open({1060, 680});
        QCOMPARE(f.window->size(), QSize(1060, 680));
        QVERIFY(f.window->findChild<NavigationPanel *>()->isCompact());
        f.window->showPage(u"connections"_s);
        auto *page = visible<ConnectionsPage>(*f.window);
        page->showSource(2);
        QTRY_VERIFY(page->findChild<QPushButton *>(u"enterPassword"_s)->isVisible());
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

    void sourceMenuHasWhatWorks()
    {
        WindowFixture f;
        f.addSource(1, u"R&D"_s);
        f.open();
        QSignalSpy disconnected(f.window.get(), &MainWindow::disconnectRequested);
        for (auto *menu : f.window->menuBar()->findChildren<QMenu *>(Qt::FindDirectChildrenOnly)) {
            emit menu->aboutToShow();
            for (const QAction *each : menu->actions())
                QVERIFY2(each->isSeparator() || !each->text().isEmpty(), qPrintable(menu->title()));
        }
        QAction *source = action(*f.window, u"RD"_s); // action() takes the ampersands away.
        QVERIFY(source && source->menu());
        QStringList words;
        for (QAction *each : source->menu()->actions()) {
            words << QString(each->text()).remove(u'&');
            if (words.constLast() == "Disconnect"_L1)
                each->trigger();
        }
        QCOMPARE(disconnected.count(), 1);
        QVERIFY(words.contains(u"Edit…"_s) && words.contains(u"Remove…"_s) && words.contains(u"Show Its Workers"_s));
    }
};

int main(int argc, char **argv)
{
    return runWithTheme<MainWindowTest>(argc, argv);
}

#include "mainwindow_test.moc"
