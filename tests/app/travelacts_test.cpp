// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"
#include "app/history/sqlhistory.h"
#include "tests/support/redisserver.h"
#include "tests/support/testapplication.h"
#include "ui/alerts/alertspage.h"
#include "ui/commands/commandactions.h"
#include "ui/common/workerlist.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/fleetview.h"
#include "ui/queues/queuespage.h"
#include "ui/theme/theme.h"
#include "ui/timeline/timelinepage.h"
#include "ui/window/mainwindow.h"
#include "ui/window/statusstrip.h"
#include "ui/window/windowmenus.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QDialog>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QToolButton>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Time travel leaves no act possible: a console that may write, a real Redis, and every way by which a worker is commanded.
class TravelActsTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    /// All keys but the worker's own heartbeat fields would be the work of the console.
    static QByteArray contents(const RedisServer &server)
    {
        QByteArrayList lines;
        for (const RedisValue &key : server.command({"KEYS", "*"}).elements) {
            QByteArray line = key.text;
            if (server.command({"TYPE", key.text}).text == "hash") {
                for (const RedisValue &part : server.command({"HGETALL", key.text}).elements)
                    line += ' ' + part.text;
            }
            lines.append(line);
        }
        std::sort(lines.begin(), lines.end());
        return lines.join('\n');
    }

    /// Everything in it that could be chosen is chosen, but what only copies, filters or shows.
    static QStringList chooseAll(QMenu &menu)
    {
        QStringList enabled;
        for (QAction *action : menu.actions()) {
            if (action->menu()) {
                emit action->menu()->aboutToShow();
                enabled += chooseAll(*action->menu());
            } else if (action->isEnabled() && !action->isSeparator()) {
                const QString text = QString(action->text()).remove(u'&');
                enabled += text;
                if (!text.startsWith(u"Copy"_s) && !text.startsWith(u"Filter"_s))
                    action->trigger();
            }
        }
        return enabled;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        QStandardPaths::setTestModeEnabled(true);
    }
    void cleanup() { Theme::instance().setPast(false); }

    void noActIsPossible()
    {
        constexpr int waitMs = 20'000;
        RedisServer server;
        QVERIFY2(server.start(), qPrintable(server.errorString()));
        const QByteArray beat = QByteArray::number(QDateTime::currentMSecsSinceEpoch());
        QVERIFY(
            server
                .command({"HSET", "worker:chromium:aaaaaaaa", "id", "aaaaaaaa", "browserType", "chromium", "endpoint",
                          "ws://10.0.0.1:3131/playwright/path", "status", "available", "startedAt", beat, "lastHeartbeat", beat})
                .ok());
        QVERIFY(server.command({"EXPIRE", "worker:chromium:aaaaaaaa", "600"}).ok());
        CommandLine line;
        line.urls = {server.url().display()};
        line.historyFile = m_folder.filePath(u"history.sqlite"_s);
        QSettings settings(m_folder.filePath(u"travel.ini"_s), QSettings::IniFormat);
        Console console(line, settings);
        QString error;
        QVERIFY2(console.start(&error), qPrintable(error));
        QTRY_COMPARE_WITH_TIMEOUT(console.store().figures().total, 1, waitMs);
        console.access().unlock();
        QTRY_VERIFY_WITH_TIMEOUT(console.store().sourceStatus(1).writable, waitMs);
        MainWindow &window = console.window();
        window.activateWindow();
        auto *actions = window.findChild<CommandActions *>();
        const std::vector<WorkerHandle> workers{console.store().find(1, "chromium:aaaaaaaa")};
        window.fleetPage().showWorker(workers.front());
        QVERIFY(actions->offer(Act::Drain, workers).enabled); // Else the test would prove nothing.
        // Until it is recorded that the worker was there.
        const qint64 seen = console.clock().nowMs();
        QTRY_VERIFY_WITH_TIMEOUT(console.history()->state().to > seen + 500, waitMs);
        const qint64 there = console.history()->state().to;
        const QByteArray before = contents(server);

        emit window.findChild<TimelinePage *>()->momentRequested(there);
        QTRY_VERIFY_WITH_TIMEOUT(window.isSettled(), waitMs);
        QVERIFY(window.showPage(u"fleet"_s));
        auto *past = window.findChild<FleetPage *>(u"pastFleet"_s);
        QVERIFY(past && past->isVisible());
        QTRY_COMPARE_WITH_TIMEOUT(past->model().store().figures().total, 1, waitMs);
        past->showWorker(past->model().store().find(1, "chromium:aaaaaaaa"));
        QCOMPARE(past->selectedWorkers().size(), size_t(1));

        // By key, from every page.
        for (const QString &page : MainWindow::pageNames()) {
            QVERIFY(window.showPage(page));
            QTest::keyClick(&window, Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
            QTest::keyClick(&window, Qt::Key_Delete);
            QVERIFY(window.findChildren<QDialog *>().isEmpty());
        }
        // Alerts are of now: nothing of them is shown as if it had been so then, in the title neither.
        window.setTitleNote(u"3 alerts"_s);
        QVERIFY(window.showPage(u"alerts"_s));
        QVERIFY(!window.findChild<AlertsPage *>()->isVisible());
        QVERIFY2(window.windowTitle().contains(u"ago"_s) && !window.windowTitle().contains(u"3 alerts"_s),
                 qPrintable(window.windowTitle()));
        for (const Qt::Key key : {Qt::Key_A, Qt::Key_S})
            QTest::keyClick(&window, key);
        QVERIFY(window.findChildren<QDialog *>().isEmpty());
        QVERIFY(window.showPage(u"fleet"_s));
        // By the menus of the window.
        auto *menus = window.findChild<WindowMenus *>();
        emit menus->commandsMenu->aboutToShow();
        for (const QAction *offered : menus->commandsMenu->actions())
            QVERIFY2(offered == menus->lock || offered->isSeparator() || !offered->isEnabled(), qPrintable(offered->text()));
        emit menus->timingMenu->aboutToShow();
        for (const QAction *offered : menus->timingMenu->actions()) {
            const QString text = QString(offered->text()).remove(u'&');
            for (const QString &ofNow : {u"Review Changes"_s, u"Write to"_s, u"Read Values"_s, u"Load Your Own Rules"_s})
                QVERIFY2(!text.startsWith(ofNow) || !offered->isEnabled(), qPrintable(text));
        }
        // By the context menu, of the past list and of the lanes, which are of the present.
        auto *list = past->findChild<FleetView *>();
        QVERIFY(list);
        QContextMenuEvent contextMenu(QContextMenuEvent::Keyboard, {20, 20}, list->mapToGlobal(QPoint(20, 20)));
        QApplication::sendEvent(list, &contextMenu);
        QMenu *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
        QVERIFY(menu);
        const QStringList offered = chooseAll(*menu);
        QVERIFY(!offered.isEmpty());
        menu->close();
        for (const QString &each : offered)
            QVERIFY2(!each.contains(u"Drain"_s) && !each.contains(u"Shut"_s) && !each.contains(u"Reap"_s), qPrintable(each));
        past->setFilterText({});
        QMenu lanes;
        window.fleetPage().list().fillMenu(lanes);
        QCOMPARE(chooseAll(lanes), QStringList());
        QVERIFY(window.findChildren<QDialog *>().isEmpty());
        // By the buttons of the docks: there are none that act.
        QVERIFY(past->findChildren<WorkerActsPanel *>().isEmpty());
        QVERIFY(window.showPage(u"queues"_s));
        auto *queues = window.findChild<QueuesPage *>(u"pastQueues"_s);
        for (QAbstractButton *button : queues->findChildren<QAbstractButton *>()) {
            if (button->text().contains(u"queue"_s, Qt::CaseInsensitive) && button->isEnabled())
                button->click();
        }
        // By what carries acts out.
        for (int act = 0; act < actCount; ++act) {
            actions->ask(Act(act), workers);
            actions->askTargets(Act(act), {{1, ActScope::Queue, "mail", console.store().worker(workers.front()).traits}});
        }
        actions->unlock();
        QVERIFY(window.findChildren<QDialog *>().isEmpty());
        QCOMPARE(console.ledger().size(), 0);
        QCOMPARE(contents(server), before);

        // And as soon as it is back, it can again.
        window.findChild<QPushButton *>(u"backToNow"_s)->click();
        QVERIFY(window.showPage(u"fleet"_s));
        window.fleetPage().showWorker(workers.front()); // A filter that was tried above had hidden it.
        QVERIFY(actions->offer(Act::Drain, workers).enabled);
        QTest::keyClick(&window, Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(window.findChildren<QDialog *>().size(), 1);
        window.findChildren<QDialog *>().front()->reject();
    }
};

PULSEDECK_TEST(TravelActsTest, runWithTheme)
#include "travelacts_test.moc"
