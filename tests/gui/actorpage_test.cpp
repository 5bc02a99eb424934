// SPDX-License-Identifier: GPL-3.0-or-later
// Actors of a hub on the Fleet page, next to workers.
#include "models/fleet/liveness.h"
#include "tests/gui/fleetpagefixture.h"
#include "tests/support/hubscene.h"
#include "tests/support/testapplication.h"
#include "ui/common/fleetwords.h"
#include "ui/common/stripgeometry.h"
#include "ui/common/tonelabel.h"
#include "ui/common/workerheading.h"
#include "ui/fleet/emptyfleet.h"
#include "ui/fleet/fleettoolbar.h"
#include "ui/fleet/intervalchart.h"
#include "ui/fleet/ttlchart.h"
#include "ui/fleet/workerdetail.h"
#include "ui/fleet/workerdock.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr FleetColumnId actorColumns[] = {FleetColumnId::Capabilities, FleetColumnId::Registered, FleetColumnId::Expires,
                                          FleetColumnId::Version};

struct ActorPage : FleetPageFixture
{
    std::unique_ptr<HubScene> hub;

    explicit ActorPage(int workers = 20)
        : FleetPageFixture(workers)
    { }
    void addHub(int actors = 12) { hub = std::make_unique<HubScene>(scene->store, scene->clock, actors); }
    bool shows(FleetColumnId column) const { return !view->isColumnHidden(int(column)); }
    /// By the menu that the toolbar's button opens.
    void choose(const QString &title) const
    {
        auto *toolbar = page->findChild<FleetToolbar *>();
        auto *menu = toolbar->columnsButton().findChild<QMenu *>();
        menu->popup(QPoint(0, 0));
        for (QAction *action : menu->actions()) {
            if (action->text() == title)
                action->trigger();
        }
        menu->hide();
    }
    int shownOfActors() const
    {
        return int(
            std::count_if(std::begin(actorColumns), std::end(actorColumns), [this](FleetColumnId id) { return shows(id); }));
    }
    WorkerDetail &detail() const { return page->findChild<WorkerDock *>()->detail(); }
};

QStringList labels(const QWidget &widget)
{
    QStringList texts;
    for (const QLabel *label : widget.findChildren<QLabel *>()) {
        if (label->isVisible())
            texts.append(label->text());
    }
    return texts;
}

} // namespace

class ActorPageTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        Theme::instance().install(*qApp);
        qRegisterMetaType<SourceId>("pulsedeck::SourceId");
    }

    void columnsComeWithTheHub()
    {
        ActorPage f;
        f.open({2200, 700});
        QCOMPARE(f.shownOfActors(), 0);
        f.addHub();
        QCOMPARE(f.shownOfActors(), 4);
        f.scene->store.removeSource(HubScene::source);
        f.scene->store.publish();
        QCOMPARE(f.shownOfActors(), 0);
        // They were never chosen: the next start begins without them.
        f.close();
        f.open({2200, 700});
        QCOMPARE(f.shownOfActors(), 0);
    }

    void makesRoomForThem()
    {
        ActorPage f;
        f.addHub();
        f.open({1100, 700});
        // Too narrow for all: no scrolling sideways, the strip stays, and what matters least steps aside.
        QVERIFY(f.shownOfActors() < 4);
        QVERIFY(!f.shows(FleetColumnId::Version));
        QVERIFY(f.view->columnWidth(int(FleetColumnId::Strip)) >= 56);
        QCOMPARE(f.view->horizontalScrollBar()->maximum(), 0);
        f.page->resize(2200, 700);
        QCOMPARE(f.shownOfActors(), 4);
        QVERIFY(f.shows(FleetColumnId::Interval));
        QCOMPARE(f.view->horizontalScrollBar()->maximum(), 0);
    }

    void theStripComesBeforeTheColumnsOfActors()
    {
        ActorPage f;
        f.open({1600, 700});
        QVERIFY(f.shows(FleetColumnId::Interval));
        f.addHub();
        const auto scaled = [](int pixels) { return Theme::instance().scaled(pixels); };
        const auto strip = [&f] { return f.view->columnWidth(int(FleetColumnId::Strip)); };
        QVERIFY(f.shows(FleetColumnId::Interval));
        QVERIFY(f.shows(FleetColumnId::Source));
        QVERIFY2(strip() >= scaled(170), qPrintable(QString::number(strip())));
        int few = 0;
        for (int width = 1200; width <= 2600; width += 50) {
            f.page->resize(width, 700);
            const QByteArray at = "at " + QByteArray::number(width);
            QVERIFY2(f.shownOfActors() >= few, at); // More room never takes one away.
            few = f.shownOfActors();
            QVERIFY2(few == 0 || strip() >= scaled(300), at);
            QVERIFY2(few == 0 || (f.shows(FleetColumnId::Interval) && f.shows(FleetColumnId::Capabilities)), at);
            QVERIFY2(f.shows(FleetColumnId::Source) || !f.shows(FleetColumnId::Interval), at);
            QVERIFY2(!f.shows(FleetColumnId::Version) || few == 4, at);
        }
        QCOMPARE(few, 4);
        // The strip's "now" is the right edge.
        const QHeaderView *header = f.view->horizontalHeader();
        const int stripAt = int(FleetColumnId::Strip);
        QCOMPARE(header->sectionViewportPosition(stripAt) + header->sectionSize(stripAt), f.view->viewport()->width());
        for (const FleetColumnId column : actorColumns)
            QVERIFY(header->visualIndex(int(column)) < header->visualIndex(stripAt));
    }

    void anOrderSomebodyMadeStays()
    {
        ActorPage f;
        f.addHub();
        f.open({2400, 700});
        QHeaderView *header = f.view->horizontalHeader();
        header->moveSection(header->visualIndex(int(FleetColumnId::Strip)), 2);
        f.close();
        f.open({2400, 700});
        QCOMPARE(f.view->horizontalHeader()->visualIndex(int(FleetColumnId::Strip)), 2);
        f.choose(u"Reset Columns"_s);
        header = f.view->horizontalHeader();
        QCOMPARE(header->visualIndex(int(FleetColumnId::Strip)), header->count() - 1);
    }

    void statusHasRoomForRegistered()
    {
        ActorPage f;
        f.open({1600, 700});
        const QFontMetrics body(Theme::instance().bodyFont());
        const QFontMetrics small(Theme::instance().smallFont());
        // A clock that is minutes off stands behind a mark of its own.
        QVERIFY(f.view->columnWidth(int(FleetColumnId::Status))
                >= body.horizontalAdvance(u"available"_s) + small.horizontalAdvance(u"−178.2 s"_s) + 16 + 15);
        f.addHub();
        const int width = f.view->columnWidth(int(FleetColumnId::Status));
        QVERIFY(width >= body.horizontalAdvance(u"registered"_s) + small.horizontalAdvance(u"returned"_s) + 16);
    }

    void actorsAreSummedUpAsActors()
    {
        ActorPage f;
        f.addHub();
        f.open({2200, 700});
        const auto *dock = f.page->findChild<WorkerDock *>();
        const int width = dock->width();
        f.page->setFilterText(u"source:hub-eu"_s);
        QCOMPARE(f.model().matchCount(), 12);
        f.view->selectAll();
        QVERIFY2(dock->note().startsWith(u"12 actors selected"_s), qPrintable(dock->note()));
        QVERIFY2(!dock->note().contains(u"session"_s), qPrintable(dock->note()));
        f.page->setFilterText({});
        f.view->selectAll();
        QVERIFY2(dock->note().contains(u" workers selected"_s), qPrintable(dock->note()));
        QVERIFY2(dock->note().contains(u"session"_s), qPrintable(dock->note()));
        f.page->showWorker(f.hub->handle(0));
        QCOMPARE(dock->width(), width);
    }

    void anAcceptedShutdownEndsShutDown()
    {
        ActorPage f;
        f.addHub();
        f.hub->say(0, WorkerStatus::ShuttingDown);
        f.hub->end(0, WorkerEnd::Drained);
        f.hub->say(1, WorkerStatus::Draining);
        f.hub->end(1, WorkerEnd::Drained);
        const qint64 now = f.scene->clock.nowMs();
        QCOMPARE(statusWords(f.scene->store, f.hub->handle(0), now, 30'000, {}).text, u"shut down"_s);
        QCOMPARE(statusWords(f.scene->store, f.hub->handle(1), now, 30'000, {}).text, u"drained"_s);
        QVERIFY(stateSentence(f.scene->store, f.hub->handle(0), now).startsWith(u"shut down "_s));
        f.open();
        // The window's word is the filter's.
        f.page->setFilterText(u"liveness:shut-down"_s);
        QCOMPARE(f.model().matchCount(), 1);
        QCOMPARE(f.model().rowOf(f.hub->handle(0)) >= 0, true);
    }

    void labelsOfTheChartDoNotLieOnOneAnother()
    {
        StepClock clock;
        FleetStore store(clock);
        HubScene hub(store, clock, 1, 30'000);
        for (const int gap : {14'000, 14'000, 13'000, 200'000, 14'000, 190'000, 14'000}) {
            clock.step(gap);
            hub.renew(0);
        }
        store.publish();
        IntervalChart chart;
        chart.resize(290, 100);
        chart.show();
        chart.showWorker(store, hub.handle(0), clock.nowMs());
        const auto placed = chart.placedLabels();
        QStringList texts;
        for (size_t i = 0; i < placed.size(); ++i) {
            texts.append(placed[i].text);
            QVERIFY(chart.rect().contains(placed[i].place.toAlignedRect()));
            for (size_t j = 0; j < i; ++j)
                QVERIFY2(!placed[i].place.intersects(placed[j].place), qPrintable(placed[i].text + u" on "_s + placed[j].text));
        }
        const QString all = texts.join(u", "_s);
        QVERIFY2(all.contains(u"registration 30 s"_s) && all.contains(u"late 22.5 s"_s), qPrintable(all));
        QVERIFY2(!all.contains(u"interval"_s), qPrintable(all)); // 8 s below, in a chart of 220 s: no room.
        QVERIFY2(all.contains(u"200.0"_s), qPrintable(all));
        chart.resize(290, 1'600);
        const auto roomy = chart.placedLabels();
        QVERIFY(std::any_of(roomy.begin(), roomy.end(), [](const auto &label) { return label.text.startsWith(u"interval"_s); }));
    }

    void summariesGetShorterRatherThanCut()
    {
        SectionTitle title(u"Gaps between renewals"_s, nullptr);
        const QStringList shorter{u"median 10.02 s · p99 16.2 s"_s, u"p99 16.2 s"_s};
        const QString whole = u"last 30 · median 10.02 s · p99 16.2 s"_s;
        title.setSummary(whole, shorter);
        title.resize(800, 20);
        title.show();
        QCOMPARE(title.shownSummary(), whole);
        title.resize(title.sizeHint().width() - 10, 20);
        QCOMPARE(title.shownSummary(), shorter[0]);
        QCOMPARE(title.toolTip(), whole);
        title.resize(QFontMetrics(Theme::instance().bodyFont()).horizontalAdvance(u"Gaps between renewals"_s) * 3 / 2, 20);
        QCOMPARE(title.shownSummary(), shorter[1]);
    }

    void nothingJumpsUnderThePointer()
    {
        ActorPage f;
        f.open({2200, 700});
        f.pointerOver(4);
        const int strip = f.view->columnWidth(int(FleetColumnId::Strip));
        f.addHub();
        QCOMPARE(f.shownOfActors(), 0);
        QCOMPARE(f.view->columnWidth(int(FleetColumnId::Strip)), strip);
        f.pointerAway();
        QCOMPARE(f.shownOfActors(), 4);
    }

    void staysAsArranged()
    {
        ActorPage f;
        f.addHub();
        f.open({2200, 700});
        f.choose(u"Version"_s);
        QCOMPARE(f.shownOfActors(), 3);
        f.close();
        f.open({2200, 700});
        QVERIFY(!f.shows(FleetColumnId::Version));
        QVERIFY(f.shows(FleetColumnId::Capabilities));
        f.scene->store.removeSource(HubScene::source);
        f.scene->store.publish();
        QCOMPARE(f.shownOfActors(), 3); // Chosen: whatever comes and goes.
        f.choose(u"Reset Columns"_s);
        QCOMPARE(f.shownOfActors(), 0);
    }

    void addressesAreCutInTheMiddle()
    {
        ActorPage f;
        f.addHub();
        f.open({2200, 700});
        const WorkerHandle actor = f.hub->handle(3);
        const int row = f.model().rowOf(actor);
        QVERIFY(row >= 0);
        const QModelIndex index = f.model().index(row, int(FleetColumnId::Worker));
        QCOMPARE(index.data(Qt::ToolTipRole).toString(), u"@(local/agent-3)\nPlanner 3"_s);
        // What looks like markup is not taken for it.
        f.hub->describe(3, u"<b>bold</b>"_s, {u"<img src=x>"_s});
        QVERIFY(index.data(Qt::ToolTipRole).toString().contains(u"&lt;b&gt;"_s));
        QVERIFY(index.siblingAtColumn(int(FleetColumnId::Capabilities)).data(Qt::ToolTipRole).toString().contains(u"&lt;img"_s));
    }

    void dockSpeaksOfARegistration()
    {
        ActorPage f;
        f.addHub();
        f.open({2200, 900});
        f.page->showWorker(f.hub->handle(0));
        WorkerDetail &detail = f.detail();
        QCOMPARE(detail.worker(), f.hub->handle(0));
        QCOMPARE(detail.fact(u"Address"_s), u"@(local/agent-0)"_s);
        QCOMPARE(detail.fact(u"Name"_s), u"Planner 0"_s);
        QCOMPARE(detail.fact(u"Capabilities"_s), u"agent, planner"_s);
        QCOMPARE(detail.fact(u"Version"_s), u"5"_s);
        QVERIFY2(detail.fact(u"Renewed"_s).contains(u"listed every 2.0 s"_s), qPrintable(detail.fact(u"Renewed"_s)));
        QVERIFY(detail.fact(u"Expires"_s).contains(u" · in "_s));
        QCOMPARE(detail.fact(u"Source"_s), u"hub-eu · agent"_s);
        QCOMPARE(detail.heading().stateText(), u"alive"_s);
        const QStringList texts = labels(detail);
        QVERIFY(texts.contains(u"Gaps between renewals"_s));
        QVERIFY(texts.contains(u"Registration"_s));
        for (const QString &text : texts) {
            for (const QString &word : {u"Key"_s, u"key"_s, u"Endpoint"_s, u"Sessions"_s, u"beat"_s, u"counter"_s})
                QVERIFY2(!text.contains(word), qPrintable(text));
        }
        f.scene->clock.step(149'000);
        f.hub->renew(0);
        f.scene->clock.step(150'000);
        f.hub->renew(0);
        QTRY_VERIFY_WITH_TIMEOUT(detail.intervals().summary().startsWith("last 2"_L1), 10'000);
        QVERIFY2(detail.ttl().summary().endsWith(u"left of 300 s"_s), qPrintable(detail.ttl().summary()));
        // And back to a worker: its rows are there again.
        f.page->showWorker(f.scene->find(FleetScene::Part::Draining));
        QVERIFY(detail.fact(u"Key"_s).startsWith(u"worker:"_s));
        QCOMPARE(detail.fact(u"Address"_s), QString());
        QVERIFY(labels(detail).contains(u"Beat intervals"_s));
    }

    void stripSaysRenewalsAreRare()
    {
        ActorPage f;
        f.addHub();
        const WorkerHandle actor = f.hub->handle(0);
        f.hub->renew(0);
        f.scene->clock.step(150'000);
        f.hub->renew(0);
        f.scene->clock.step(140'000);
        f.scene->store.publish();
        // 140 s after its last renewal of 300 s: an empty strip, and no gap painted into it.
        StripFacts facts = stripFacts(f.scene->store, actor);
        facts.uncertainMs = 2'000;
        StripGeometry strip;
        const StripScale scale{f.scene->clock.nowMs(), 120'000, 400};
        layoutStrip(f.scene->store.beats(actor), facts, scale, strip);
        QVERIFY(strip.ticks.empty());
        QVERIFY(strip.spans.empty());
        QCOMPARE(strip.lineFrom, 0);
        QCOMPARE(strip.lineTo, 400);
        QCOMPARE(strip.haze, 3); // Two seconds are 6.7 pixels.
        // When it is late the gap shows from where that began.
        f.scene->clock.step(120'000);
        f.scene->store.publish();
        QCOMPARE(f.scene->store.worker(actor).liveness, Liveness::Late);
        layoutStrip(f.scene->store.beats(actor), stripFacts(f.scene->store, actor), {f.scene->clock.nowMs(), 120'000, 400},
                    strip);
        QCOMPARE(strip.spans.size(), size_t(1));
        QCOMPARE(strip.spans.front().block, StripGeometry::Block::Late);
        QVERIFY(qAbs(strip.spans.front().left - 283) <= 2); // 35 s before now: 225 s after the renewal.
        // Cadences of minutes do not paint the strip full.
        facts.uncertainMs = 110'000;
        layoutStrip(f.scene->store.beats(actor), facts, scale, strip);
        QVERIFY(strip.haze <= 24);
    }

    void headerCountsThem()
    {
        ActorPage f;
        f.addHub(12);
        f.open({2200, 700});
        QTRY_VERIFY_WITH_TIMEOUT(labels(*f.page).join(u'\n').contains(u" · 12 actors"_s), 10'000);
    }

    void anEmptyHubIsTold()
    {
        ModelFleetOfHub empty;
        const EmptyFleet words = emptyFleet(empty.store, FleetFilter(), 0);
        QCOMPARE(words.title, u"No actors at hub-eu"_s);
        QVERIFY(!words.text.contains(u"key"_s));
    }

private:
    struct ModelFleetOfHub
    {
        StepClock clock;
        FleetStore store{clock};
        HubScene hub{store, clock, 0};
    };
};

PULSEDECK_TEST(ActorPageTest, runWithWidgets)
#include "actorpage_test.moc"
