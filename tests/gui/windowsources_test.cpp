// SPDX-License-Identifier: GPL-3.0-or-later
// Sources in the window: navigation, Connections page, status bar, menus.
#include "tests/support/testapplication.h"
#include "ui/common/questiondialog.h"
#include "ui/fleet/fleetpage.h"
#include "ui/sources/connectdialog.h"
#include "ui/sources/connectionspage.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/statuscell.h"

#include "models/core/format.h"
#include "tests/gui/tabwalk.h"
#include "tests/gui/windowfixture.h"
#include "tests/gui/windowparts.h"
#include "tests/support/patience.h"

#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QScopeGuard>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;

class WindowSourcesTest : public QObject
{
    Q_OBJECT

private slots:
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
        status.setTrouble(
            {SourceTrouble::LoginWanted, u"redis.example.net:6303 asks for a password: set it for this source."_s, {}});
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
        // Next to the box a click only selects.
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

    /// Writing that is locked is not called read-only: that is what nothing unlocks.
    void theHeaderSaysWhetherItMayBeWritten()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        SourceSettings second = f.addSource(2, u"audit"_s);
        second.readOnly = true;
        f.sources.setSource(second);
        f.open();
        f.window->showPage(u"connections"_s);
        auto *page = visible<ConnectionsPage>(*f.window);
        const auto word = [page] { return page->findChild<QLabel *>(u"writing"_s)->text(); };
        QCOMPARE(word(), u"Writing locked"_s);
        f.access.unlock();
        f.setState(1, SourceState::Live);
        QCOMPARE(word(), u"Writing open"_s);
        page->showSource(2);
        QCOMPARE(word(), u"Read-only"_s);
    }

    /// Nothing of the settings is cut at the right: neither in two columns nor in one, whatever the size of the font.
    void settingsAreNotCut_data()
    {
        QTest::addColumn<double>("points");
        QTest::addColumn<QSize>("size");
        for (const double points : {9.0, 10.0, 11.0, 14.0}) {
            for (const QSize size : {QSize(1'600, 1'000), QSize(1'400, 900), QSize(1'280, 800)})
                QTest::addRow("%g pt, %d", points, size.width()) << points << size;
        }
    }

    void settingsAreNotCut()
    {
        QFETCH(double, points);
        QFETCH(QSize, size);
        const auto usual = qScopeGuard([] { Theme::instance().setBodyPointSize(0); });
        Theme::instance().setBodyPointSize(points);
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.open(size);
        f.window->showPage(u"connections"_s);
        SourceStatus status = f.store.sourceStatus(1);
        for (const auto &[layout, title] : {std::pair(u"sidekiq"_s, u"Sidekiq"_s), std::pair(u"rq"_s, u"RQ"_s)}) {
            FoundSystem system;
            system.layout = layout;
            system.title = title;
            system.workers = 12'000;
            system.queues = 120;
            system.watched = system.hasPrefix = true;
            system.evidence = "a-key-with-a-name-that-is-much-longer-than-any-column-of-this-page-has-room-for";
            status.systems.append(system);
        }
        status.look.systems = status.systems;
        status.look.unknown = {{"myapp:heartbeat:*", u"heartbeat-keys"_s, "myapp:heartbeat:", 12}};
        status.look.refused = {u"SCAN"_s, u"CLIENT LIST"_s};
        status.look.commands = 40;
        f.store.applyStatus(status);
        auto *page = visible<ConnectionsPage>(*f.window);
        auto *editor = page->findChild<QWidget *>(u"sourceEditor"_s);
        auto *settings = page->findChild<QPushButton *>(u"editSource"_s);
        if (!editor->isVisible())
            QTest::mouseClick(settings, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(editor->findChild<QWidget *>(u"system-rq"_s), 20'000);
        auto *scroll = editor->findChild<QScrollArea *>();
        const auto cut = [scroll] {
            QStringList names;
            for (const QWidget *each : scroll->widget()->findChildren<QWidget *>()) {
                const int right = each->mapTo(scroll->viewport(), QPoint(each->width(), 0)).x();
                if (each->isVisible() && right > scroll->viewport()->width())
                    names.append(QString::fromLatin1(each->metaObject()->className()) + u' ' + each->objectName());
            }
            return names.join(u", "_s);
        };
        QTRY_COMPARE_WITH_TIMEOUT(cut(), QString(), 20'000);
        QVERIFY(editor->width() <= page->width());
        // The cards of the environments, too, have the width that their words need.
        for (const char *name : {"environmentnone", "environmentproduction"}) {
            const auto *card = editor->findChild<QPushButton *>(QLatin1StringView(name));
            QVERIFY2(card->width() >= card->sizeHint().width(), name);
        }
    }

    /// The form is made after all that stands behind it.
    void tabGoesThroughTheSettingsInTheirPlace()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.open({1'600, 1'000});
        f.window->showPage(u"connections"_s);
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        SourceStatus status = f.store.sourceStatus(1);
        FoundSystem system;
        system.layout = u"celery"_s;
        system.title = u"Celery"_s;
        system.workers = 2;
        system.watched = system.hasPrefix = true;
        status.systems.append(system);
        status.look.systems = status.systems;
        status.look.commands = 40;
        f.store.applyStatus(status);
        auto *page = visible<ConnectionsPage>(*f.window);
        auto *editor = page->findChild<QWidget *>(u"sourceEditor"_s);
        QTRY_VERIFY_WITH_TIMEOUT(editor->isVisible() && editor->findChild<QWidget *>(u"system-celery"_s), 20'000);
        // Another environment is chosen, and there is something to save.
        QTest::mouseClick(editor->findChild<QPushButton *>(u"environmentstaging"_s), Qt::LeftButton);
        auto *save = editor->findChild<QPushButton *>(u"saveSource"_s);
        QTRY_VERIFY_WITH_TIMEOUT(save->isEnabled(), 20'000);

        const std::vector<TabStop> stops = walkTabs(*page->list());
        QCOMPARE(stops.back().widget, page->list());
        QStringList names;
        for (const TabStop &stop : stops)
            names.append(stop.name());
        const QString all = names.join(u' ');
        qsizetype before = -1;
        for (const QString &name : {u"url"_s, u"name"_s, u"environmentstaging"_s, u"readOnly"_s, u"system-celery"_s,
                                    u"prefix-celery"_s, u"revertSource"_s, u"saveSource"_s, u"disconnectSource"_s}) {
            const qsizetype at = names.indexOf(name);
            QVERIFY2(at > before, qPrintable(name + u" in "_s + all));
            before = at;
        }
        // From the first setting to the last button nothing else of the window is in between.
        for (qsizetype i = names.indexOf(u"url"_s); i <= before; ++i)
            QVERIFY2(page->isAncestorOf(stops[size_t(i)].widget), qPrintable(names.at(i) + u" in "_s + all));

        for (size_t i = stops.size(); i-- > 0;) {
            QVERIFY2(QApplication::focusWidget() == stops[i].widget, qPrintable(stops[i].name() + u" in "_s + all));
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Backtab, Qt::ShiftModifier);
        }
        QCOMPARE(QApplication::focusWidget(), page->list());
    }

    void refusedPasswordLeadsToThePasswordField()
    {
        WindowFixture f;
        f.addSource(1, u"lab"_s, SourceState::Failed);
        f.setState(1, SourceState::Failed, u"The password was refused"_s, u"Enter it again."_s);
        f.open();
        f.window->showPage(u"connections"_s);
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        QVERIFY(allTexts(*f.window).contains("The password was refused"_L1));
        auto *enter = f.window->findChild<QPushButton *>(u"enterPassword"_s);
        QVERIFY(enter->isVisible());
        QTest::mouseClick(enter, Qt::LeftButton);
        auto *dialog = f.window->findChild<ConnectDialog *>();
        QVERIFY(dialog);
        QVERIFY(QTest::qWaitForWindowActive(dialog, patience));
        TRY_TRUE(dialog->findChild<QLineEdit *>(u"password"_s)->hasFocus());
        QCOMPARE(dialog->settings().id, SourceId(1));

        f.setState(1, SourceState::Live);
        QVERIFY(!enter->isVisible());
    }

    void aButtonThatDisablesItselfKeepsTheKeyboardInItsPlace()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.open();
        f.window->showPage(u"connections"_s);
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        auto *page = visible<ConnectionsPage>(*f.window);
        auto *disconnectButton = page->findChild<QPushButton *>(u"disconnectSource"_s);
        disconnectButton->setFocus();
        QCOMPARE(QApplication::focusWidget(), disconnectButton);
        f.setState(1, SourceState::Off);
        TRY_TRUE(!disconnectButton->isEnabled());
        QWidget *now = QApplication::focusWidget();
        QVERIFY(now && now->parentWidget() == disconnectButton->parentWidget());
        QVERIFY(now->isEnabled());
    }

    void deleteOnASourceAsksToRemoveIt()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addSource(2, u"staging"_s);
        f.open();
        f.window->showPage(u"connections"_s);
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        auto *page = visible<ConnectionsPage>(*f.window);
        page->list()->setFocus();
        QTest::keyClick(page->list(), Qt::Key_Down);
        QTest::keyClick(page->list(), Qt::Key_Delete);
        auto *question = f.window->findChild<QDialog *>(u"removeQuestion"_s);
        QVERIFY(question && question->isVisible());
        QVERIFY(allTexts(*question).contains("Remove staging?"_L1));
    }

    void settingsAreEditedInPlace()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addSource(2, u"staging"_s);
        f.open({1440, 900});
        f.window->showPage(u"connections"_s);
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        auto *page = visible<ConnectionsPage>(*f.window);
        QSignalSpy wanted(f.window.get(), &MainWindow::connectRequested);
        const auto field = [page](const char *name) {
            for (auto *line : page->findChildren<QLineEdit *>(QString::fromLatin1(name))) {
                if (line->isVisible())
                    return line;
            }
            return static_cast<QLineEdit *>(nullptr);
        };
        auto *save = page->findChild<QPushButton *>(u"saveSource"_s);
        QVERIFY(field("name") && save->isVisible() && !save->isEnabled());
        field("name")->setFocus();
        field("name")->selectAll();
        QTest::keyClicks(field("name"), u"production"_s);
        QVERIFY(save->isEnabled());
        // What was typed is still there after another source was looked at.
        page->showSource(2);
        QVERIFY(!save->isEnabled());
        QCOMPARE(field("name")->text(), u"staging"_s);
        page->showSource(1);
        QCOMPARE(field("name")->text(), u"production"_s);
        QTest::mouseClick(save, Qt::LeftButton);
        QCOMPARE(wanted.size(), 1);
        const auto settings = wanted[0][0].value<SourceSettings>();
        QCOMPARE(settings.id, SourceId(1));
        QCOMPARE(settings.name, u"production"_s);
        QCOMPARE(settings.port, 6301);
        QVERIFY(!save->isEnabled());

        field("name")->selectAll();
        QTest::keyClicks(field("name"), u"x"_s);
        auto *revert = page->findChild<QPushButton *>(u"revertSource"_s);
        QTest::mouseClick(revert, Qt::LeftButton);
        QCOMPARE(field("name")->text(), u"prod"_s); // Nobody has taken the new name over here.
        QCOMPARE(wanted.size(), 1);
    }

    void aNarrowPageShowsSettingsOrFacts()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.open({1060, 680});
        f.window->showPage(u"connections"_s);
        auto *page = visible<ConnectionsPage>(*f.window);
        auto *settings = page->findChild<QPushButton *>(u"editSource"_s);
        auto *save = page->findChild<QPushButton *>(u"saveSource"_s);
        QVERIFY(settings->isVisible() && !save->isVisible());
        QTest::mouseClick(settings, Qt::LeftButton);
        QVERIFY(save->isVisible());
        QTest::mouseClick(settings, Qt::LeftButton);
        QVERIFY(!save->isVisible());
        f.window->resize(1440, 900);
        TRY_TRUE(save->isVisible() && !settings->isVisible());
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
        auto *question = f.window->findChild<QuestionDialog *>();
        QVERIFY(question && question->isVisible());
        QVERIFY(question->question().contains("prod"_L1));
        QCOMPARE(removed.count(), 0);
        // The dangerous button is not where Enter goes; it stands where those of the other dialogs do.
        QVERIFY(question->cancelButton()->isDefault() && !question->actButton()->autoDefault());
        QVERIFY(question->actButton()->x() > question->cancelButton()->x());
        // No title bar has to cut its title.
        QVERIFY(question->width() > question->fontMetrics().horizontalAdvance(question->windowTitle()) + 150);
        QTest::mouseClick(question->actButton(), Qt::LeftButton);
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
        QVERIFY(texts.contains("Writing locked"_L1));
        QVERIFY(texts.contains(QString(u' ' + zoneText(f.clock.nowMs()))));
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
        QVERIFY(words.contains(u"Edit…"_s) && words.contains(u"Remove…"_s) && words.contains(u"Show in the Fleet"_s));
    }
};

PULSEDECK_TEST(WindowSourcesTest, runWithTheme)

#include "windowsources_test.moc"
