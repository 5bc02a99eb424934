// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testapplication.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/fleetview.h"
#include "ui/hub/hubpanel.h"
#include "ui/sources/connectionspage.h"

#include "tests/gui/windowfixture.h"
#include "tests/support/patience.h"

#include <QContextMenuEvent>
#include <QLineEdit>
#include <QMenu>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// The whole window over a hub: from the fleet to the message console.
class HubWindowTest : public QObject
{
    Q_OBJECT

    static void addActors(WindowFixture &f, SourceId hub, int count)
    {
        f.addWorkers(hub, count);
        FleetBatch batch;
        batch.source = hub;
        batch.generation = 1;
        batch.at = f.clock.nowMs();
        for (int i = 0; i < count; ++i) {
            ActorFacts facts;
            facts.number = WorkerNumber(i);
            facts.capabilities = {u"agent"_s};
            facts.registeredAt = batch.at;
            facts.version = 1;
            batch.actors.append(facts);
        }
        f.store.apply(batch);
        f.store.publish();
    }

    /// The entry of the row's own menu, opened by the keyboard.
    static QAction *menuEntry(FleetView *view, const QString &start)
    {
        QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(20, 20), view->viewport()->mapToGlobal(QPoint(20, 20)));
        QApplication::sendEvent(view->viewport(), &event);
        for (QMenu *menu : view->findChildren<QMenu *>()) {
            if (!menu->isVisible())
                continue;
            for (QAction *action : menu->actions()) {
                if (action->text().startsWith(start))
                    return action;
            }
        }
        return nullptr;
    }

private slots:
    void aMessageIsWrittenFromTheFleet()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addHub(2, u"hub eu-1"_s);
        f.addWorkers(1, 1);
        addActors(f, 2, 2);
        f.open();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        auto *view = f.window->findChild<FleetView *>();
        f.window->fleetPage().showWorker(f.store.find(1, "chromium:worker-1-0"));
        QVERIFY(!menuEntry(view, u"Write a Message"_s)); // A worker in Redis has no address to write to.
        for (QMenu *menu : view->findChildren<QMenu *>())
            menu->close();
        f.window->fleetPage().showWorker(f.store.find(2, "chromium:worker-2-1"));
        QAction *write = menuEntry(view, u"Write a Message"_s);
        QVERIFY(write && write->isEnabled());
        write->trigger();
        QCOMPARE(f.window->currentPage(), u"connections"_s);
        auto *panel = f.window->findChild<HubPanel *>();
        QVERIFY(panel && panel->isVisible());
        QCOMPARE(panel->source(), SourceId(2));
        QCOMPARE(panel->currentTab(), u"messages"_s);
        const QList<QLineEdit *> fields = panel->findChildren<QLineEdit *>();
        QVERIFY(std::any_of(fields.begin(), fields.end(),
                            [](const QLineEdit *edit) { return edit->text() == u"chromium:worker-2-1"_s; }));
    }

    void theKeyboardGoesWithThePage()
    {
        WindowFixture f;
        f.addSource(1, u"prod"_s);
        f.addHub(2, u"hub eu-1"_s);
        addActors(f, 2, 2);
        f.open();
        QVERIFY(QTest::qWaitForWindowActive(f.window.get(), patience));
        // Where the keyboard was does not matter: on the page it goes on.
        for (const auto &[key, name] : {std::pair{Qt::Key_7, u"connections"_s},
                                        {Qt::Key_1, u"fleet"_s},
                                        {Qt::Key_5, u"commands"_s},
                                        {Qt::Key_7, u"connections"_s}}) {
            QTest::keyClick(f.window.get(), key, Qt::ControlModifier);
            QCOMPARE(f.window->currentPage(), name);
        }
        auto *page = f.window->findChild<ConnectionsPage *>();
        QVERIFY(page->isAncestorOf(QApplication::focusWidget()));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Down);
        QCOMPARE(page->currentSource(), SourceId(2));
    }
};

PULSEDECK_TEST(HubWindowTest, runWithTheme)

#include "hubwindow_test.moc"
