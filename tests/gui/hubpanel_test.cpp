// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/hubpanelfixture.h"
#include "tests/gui/tabwalk.h"
#include "tests/support/testapplication.h"
#include "ui/common/boxes.h"
#include "ui/common/hubwords.h"
#include "ui/hub/hubmetricschart.h"
#include "ui/hub/huboverview.h"

#include <QTabBar>
#include <QTabWidget>
#include <QTableView>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

using Kind = HubCall::Kind;
using Outcome = HubCallAnswer::Outcome;

/// Overview and discovery over a hub that is played by hand.
class HubPanelTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<HubPanelFixture<>> f;

private slots:
    void init() { f = std::make_unique<HubPanelFixture<>>(); }
    void cleanup() { f.reset(); }

    void tabsByKeyboard()
    {
        f->setState(SourceState::Sweeping);
        f->open();
        QCOMPARE(f->panel->currentTab(), u"overview"_s);
        auto *bar = f->part<QTabWidget>("hubTabs")->tabBar();
        bar->setFocus();
        QTest::keyClick(bar, Qt::Key_Tab, Qt::ControlModifier);
        QCOMPARE(f->panel->currentTab(), u"discover"_s);
        QTest::keyClick(f->panel.get(), Qt::Key_M, Qt::AltModifier);
        QTRY_COMPARE_WITH_TIMEOUT(f->panel->currentTab(), u"messages"_s, f->patience);
        f->panel->showTab(u"overview"_s);
        f->panel->showTab(u"no such tab"_s);
        QCOMPARE(f->panel->currentTab(), u"overview"_s);
        QTest::mouseClick(bar, Qt::LeftButton, {}, bar->tabRect(1).center());
        QCOMPARE(f->panel->currentTab(), u"discover"_s);
    }

    void theOverviewShowsThatItHasTheKeyboard()
    {
        f->setState(SourceState::Sweeping);
        f->open();
        const auto *overview = f->panel->findChild<HubOverview *>();
        const std::vector<TabStop> stops = walkTabs(*f->part<QTabWidget>("hubTabs")->tabBar());
        const auto stop =
            std::find_if(stops.begin(), stops.end(), [overview](const TabStop &one) { return one.widget == overview; });
        QVERIFY(stop != stops.end());
        QVERIFY(stop->marked);
    }

    void asksOnlyWhileOnShow()
    {
        f->open();
        QCOMPARE(f->count(Kind::Metrics), 1);
        QCOMPARE(f->count(Kind::Health), 1);
        f->answer(f->last(Kind::Metrics), hub::Metrics());
        f->panel->hide();
        f->clock.step(60'000);
        // The other hub is looked at now: the first is not asked in the same look.
        f->hubs.setWatched(f->other, true);
        QCOMPARE(f->count(Kind::Metrics), 2);
        f->hubs.setWatched(f->other, false);
        f->panel->show();
        QCOMPARE(f->count(Kind::Metrics), 3);
    }

    void nothingIsKnownYet()
    {
        f->open();
        QVERIFY(f->text("hubFact-heartbeat").startsWith(u'–'));
        QCOMPARE(f->text("hubFact-health"), u"–"_s);
        QCOMPARE(f->text("hubFact-queue"), u"–"_s);
        QCOMPARE(f->text("hubFact-roundTrip"), u"–"_s);
        QVERIFY(f->text("hubFact-list").startsWith(u'–'));
        QCOMPARE(f->text("hubFact-memory"), u"–"_s); // That nothing was seen of a hub never reached is no finding.
        QCOMPARE(f->text("hubFact-unreadable"), u"–"_s);
        QVERIFY(f->text("hubNote-budget").isEmpty());
        QCOMPARE(f->text("hubRates"), u"no metrics yet"_s);
        QVERIFY(!f->part<QWidget>("hubDifferences")->isVisible()); // Nothing was seen.
    }

    void overviewTellsWhatIsKept()
    {
        f->setState(SourceState::Sweeping);
        f->open();
        f->hubs.takeView(f->view());
        QCOMPARE(f->text("hubFact-heartbeat"), u"sent every 6 s, measured 6 s"_s);
        QVERIFY(f->text("hubNote-heartbeat").contains(u"advertises 300 s, but forgets everything after 10 s"_s));
        QCOMPARE(f->text("hubFact-list"), u"list of 214 actors read 1.2 s ago in 0.3 s, 3 pages"_s);
        QCOMPARE(f->text("hubFact-budget"), u"2 of 10 messages in the last second"_s);
        QCOMPARE(f->text("hubFact-memory"), u"none seen"_s);
        QCOMPARE(f->text("hubFact-unreadable"), u"none"_s);
        QVERIFY(f->text("hubNote-budget").contains(u"Never refused"_s));
        QCOMPARE(f->text("hubFact-roundTrip"), u"3 ms"_s);
        // Being registered is told once it is so, with what actors answer to.
        QCOMPARE(f->text("hubFact-registration"), u"being registered"_s);
        HubView known = f->view();
        known.vitals.address = u"@(pulsedeck/here-1-00ff)"_s;
        known.vitals.registered = true;
        f->hubs.takeView(known);
        QCOMPARE(f->text("hubFact-registration"), u"@(pulsedeck/here-1-00ff)"_s);
        QVERIFY(f->part<QWidget>("hubDifferences")->isVisible());
        f->clock.step(4'000);
        f->panel->refresh();
        QVERIFY(f->text("hubFact-list").contains(u"read 5.2 s ago"_s));
        // Lost: nothing is claimed of the present, and the list keeps its age.
        f->setState(SourceState::Waiting);
        QVERIFY(f->text("hubFact-budget").startsWith(u'–'));
        QCOMPARE(f->text("hubFact-roundTrip"), u"–"_s);
        QVERIFY(f->text("hubFact-list").contains(u"read 5.2 s ago"_s));
    }

    void healthyAndForgetful()
    {
        f->setState(SourceState::Sweeping);
        f->open();
        HubView view = f->view();
        view.vitals.wipes = 2;
        view.awaited = 12;
        f->hubs.takeView(view);
        HubHealth health;
        health.reachable = health.healthy = true;
        health.elapsedMs = 4;
        f->answer(f->last(Kind::Health), health);
        QVERIFY(f->text("hubFact-health").startsWith(u"ok, answered in 4 ms"_s));
        QVERIFY(f->text("hubNote-health").contains(u"can be healthy and have forgotten everything"_s));
        QCOMPARE(f->text("hubFact-memory"), u"The hub forgot everything twice"_s);
        QVERIFY(f->text("hubNote-list").contains(u"12 actors have not registered again"_s));
        const auto differences = hubDifferences(view, health, {}, {});
        QCOMPARE(differences.size(), size_t(2));
        QCOMPARE(differences[1].reported, u"GET /health: ok"_s);
        QCOMPARE(differences[1].observed, u"forgot everything twice"_s);
    }

    void figuresThatFail()
    {
        f->open();
        f->hubs.takeAnswer(f->answerTo(f->last(Kind::Metrics), Outcome::NotSent, u"not connected"_s));
        QVERIFY(f->part<QLabel>("figuresProblem")->isVisible());
        QVERIFY(f->text("figuresProblem").endsWith(u"not connected"_s));
        HubHealth health;
        health.problem = u"<b>connection refused</b>"_s;
        f->answer(f->last(Kind::Health), health);
        QVERIFY(f->text("hubFact-health").startsWith(u"not reachable"_s));
        QCOMPARE(f->text("hubNote-health"), u"<b>connection refused</b>"_s);
        QCOMPARE(f->part<QLabel>("hubNote-health")->textFormat(), Qt::PlainText);
    }

    void chartBreaksAtANewWindow()
    {
        f->setState(SourceState::Sweeping);
        f->open();
        auto *chart = f->part<HubMetricsChart>("hubMetrics");
        const auto sample = [this](qint64 received, qint64 window) {
            const QUuid before = f->last(Kind::Metrics).id;
            hub::Metrics metrics;
            metrics.received = received;
            metrics.windowStart = window;
            metrics.timestamp = f->clock.nowMs();
            f->answer(f->last(Kind::Metrics), metrics);
            f->clock.step(HubFigures::metricsEveryMs);
            QTRY_VERIFY_WITH_TIMEOUT(f->last(Kind::Metrics).id != before, f->patience);
        };
        sample(0, 1);
        sample(10, 1);
        sample(30, 1);
        QCOMPARE(chart->pieces(), 1);
        sample(2, 60'000);
        QCOMPARE(chart->pieces(), 1); // The first of the new window has no rate,
        sample(12, 60'000);
        QCOMPARE(chart->pieces(), 2); // and the next begins another piece.
        QVERIFY2(chart->summary().startsWith(u"received 2.0/s, sent 0/s, errors 0/s"_s), qPrintable(chart->summary()));
        QCOMPARE(chart->accessibleDescription(), chart->summary());
    }

    void discovers()
    {
        f->setState(SourceState::Sweeping);
        f->addActors(6);
        f->open();
        f->panel->showTab(u"discover"_s);
        QCOMPARE(f->part<QLineEdit>("discoverPattern")->text(), u"*"_s);
        f->type("discoverPattern", u"@(local/p*)"_s);
        f->type("discoverCapability", u"planner"_s);
        QTest::keyClick(f->part<QLineEdit>("discoverCapability"), Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(f->count(Kind::Discover), 1, f->patience);
        QCOMPARE(f->last(Kind::Discover).target, u"@(local/p*)"_s);
        QCOMPARE(f->last(Kind::Discover).capability, u"planner"_s);
        QVERIFY(!f->part<QPushButton>("discoverFind")->isEnabled()); // One at a time.
        hub::Discovered found;
        found.actors = {{u"@(local/planner-0)"_s, {u"agent"_s, u"planner"_s}}, {u"@(local/planner-900)"_s, {u"planner"_s}}};
        found.hasMore = true;
        f->answer(f->last(Kind::Discover), found);
        auto *table = f->part<QTableView>("discoverTable");
        QCOMPARE(table->model()->rowCount(), 2);
        QCOMPARE(table->model()->index(0, 1).data().toString(), u"agent, planner"_s);
        f->clock.step(12'000);
        f->panel->refresh();
        QCOMPARE(f->text("discoverStatus"), u"first 2 actors, there may be more · answered 12.0 s ago"_s);

        // Known to the fleet: shown there. Not known: written to.
        QSignalSpy requested(f->panel.get(), &HubPanel::workerRequested);
        table->selectRow(0);
        table->setFocus();
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(requested.size(), 1);
        QCOMPARE(requested.first().first().value<WorkerHandle>(), f->store.find(f->hub, "@(local/planner-0)"));
        const QPoint second = table->visualRect(table->model()->index(1, 0)).center();
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, second);
        QVERIFY(!f->part<QPushButton>("discoverShow")->isEnabled());
        QTest::mouseDClick(table->viewport(), Qt::LeftButton, {}, second);
        QCOMPARE(requested.size(), 1);
        QCOMPARE(f->panel->currentTab(), u"messages"_s);
        QCOMPARE(f->part<QLineEdit>("messageTo")->text(), u"@(local/planner-900)"_s);
    }

    void discoveryThatFails()
    {
        f->setState(SourceState::Sweeping);
        f->open();
        f->panel->showTab(u"discover"_s);
        f->press("discoverFind");
        QTRY_COMPARE_WITH_TIMEOUT(f->count(Kind::Discover), 1, f->patience);
        hub::Discovered found;
        found.actors = {{u"@(a/\u202E)\nb"_s, {}}};
        f->answer(f->last(Kind::Discover), found);
        auto *table = f->part<QTableView>("discoverTable");
        const QString shown = table->model()->index(0, 0).data().toString();
        QVERIFY(!shown.contains(QChar(0x202E)) && !shown.contains(u'\n'));
        f->press("discoverFind");
        QTRY_COMPARE_WITH_TIMEOUT(f->count(Kind::Discover), 2, f->patience);
        f->hubs.takeAnswer(f->answerTo(f->last(Kind::Discover), Outcome::NotSent, u"not connected"_s));
        QVERIFY(f->text("discoverStatus").startsWith(u"Not answered: not connected · before: 1 actor"_s));
        QCOMPARE(table->model()->rowCount(), 1); // What was found stays.
        // Each hub has its own.
        f->type("discoverPattern", u"x*"_s);
        f->panel->setSource(f->other);
        QCOMPARE(f->part<QLineEdit>("discoverPattern")->text(), u"*"_s);
        QCOMPARE(table->model()->rowCount(), 0);
        f->panel->setSource(f->hub);
        QCOMPARE(f->part<QLineEdit>("discoverPattern")->text(), u"x*"_s);
        QCOMPARE(table->model()->rowCount(), 1);
    }

    void factsStandOnTop()
    {
        auto *facts = new QWidget;
        auto *column = vbox(facts, 0, {16, 16, 16, 16});
        auto *last = new QLabel(u"facts"_s);
        column->addWidget(last);
        f->open();
        f->panel->setFactsWidget(facts);
        QTRY_VERIFY_WITH_TIMEOUT(last->isVisible(), f->patience);
        const auto top = [this](QWidget *widget) { return widget->mapTo(f->panel.get(), QPoint()).y(); };
        QWidget *const heading = f->part<QLabel>("hubFact-heartbeat")->parentWidget()->findChild<QLabel *>();
        QVERIFY(top(last) < top(heading));
        QTRY_COMPARE_WITH_TIMEOUT(top(heading) - top(last) - last->height(), px(16), f->patience); // One margin, not two.
    }

    void hubIsRemoved()
    {
        f->setState(SourceState::Sweeping);
        f->open();
        f->hubs.takeView(f->view());
        f->hubs.removeHub(f->hub);
        QVERIFY(f->text("hubFact-list").startsWith(u"being read"_s) || f->text("hubFact-list").startsWith(u'–'));
        f->panel->setSource(0);
        QCOMPARE(f->panel->source(), SourceId(0));
    }
};

PULSEDECK_TEST(HubPanelTest, runWithTheme)
#include "hubpanel_test.moc"
