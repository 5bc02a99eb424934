// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/format.h"
#include "models/history/timetravel.h"
#include "tests/gui/windowfixture.h"
#include "tests/gui/windowparts.h"
#include "tests/support/memoryhistory.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/activity/activitypage.h"
#include "ui/commands/commandactions.h"
#include "ui/common/tonelabel.h"
#include "ui/fleet/fleetheader.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/intervalchart.h"
#include "ui/fleet/ttlchart.h"
#include "ui/queues/queueheadings.h"
#include "ui/queues/queuesheader.h"
#include "ui/queues/queuespage.h"
#include "ui/timeline/axisbar.h"
#include "ui/timeline/timelinepage.h"
#include "ui/timeline/timewindow.h"
#include "ui/timing/timingpage.h"
#include "ui/window/navigationmodel.h"
#include "ui/window/navigationpanel.h"
#include "ui/window/presentonlypage.h"
#include "ui/window/travelbar.h"
#include "ui/window/windowmenus.h"

#include <QDialog>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// A window over three workers of the present, with an hour of history in which there were two, one of them late.
struct TravelFixture : WindowFixture
{
    MemoryHistory history;
    qint64 now = clock.nowMs();
    qint64 start = now - 3'600'000;
    LaneId last = 0;

    TravelFixture()
    {
        addSource(1, u"prod"_s);
        addWorkers(1, 3);
        store.publish();
        lane(LaneKind::Source, {}, {{LaneFact::State, qint64(SourceState::Live)}});
        lane(LaneKind::Worker, "chromium:worker-1-0", {{LaneFact::Liveness, qint64(Liveness::Alive)}});
        lane(LaneKind::Worker, "chromium:worker-1-1", {{LaneFact::Liveness, qint64(Liveness::Late)}});
        lane(LaneKind::Queue, "mail", {{LaneFact::Waiting, 7}});
        HistoryRun run;
        run.id = 1;
        run.from = start;
        run.to = now;
        history.overview.runs = {run};
        history.given.from = start;
        history.given.recording = true;
    }

    void lane(LaneKind kind, const QByteArray &name, const std::vector<std::pair<LaneFact, qint64>> &facts)
    {
        HistoryLane made;
        made.id = ++last;
        made.kind = kind;
        made.source = u"prod"_s;
        made.name = name;
        made.system = kind == LaneKind::Queue ? QString() : sources.settings(1).traits()->fullKind();
        made.first = start;
        made.last = now;
        history.lanes.push_back(made);
        LaneTrack track;
        track.lane = made.id;
        for (const auto &[fact, value] : facts)
            track.changes.push_back({made.id, fact, start, value});
        if (kind == LaneKind::Worker) {
            for (qint64 at = start; at < now; at += 10'000)
                track.beats.push_back(at);
        }
        history.tracks[made.id] = track;
    }

    void openAt(qint64 at)
    {
        auto travelled = context();
        travelled.history = &history;
        window = std::make_unique<MainWindow>(travelled);
        window->resize(1400, 860);
        window->show();
        window->activateWindow();
        goTo(at);
    }
    void goTo(qint64 at)
    {
        emit window->findChild<TimelinePage *>()->momentRequested(at);
        QTRY_VERIFY_WITH_TIMEOUT(window->isSettled(), patience);
    }
    FleetPage *past() const { return window->findChild<FleetPage *>(u"pastFleet"_s); }
    TravelBar &bar() const { return *window->findChild<TravelBar *>(); }
    Page *shown() const
    {
        for (Page *page : window->findChildren<Page *>()) {
            if (page->isVisible())
                return page;
        }
        return nullptr;
    }
};

} // namespace

class WindowTravelTest : public QObject
{
    Q_OBJECT

private slots:
    void cleanup() { Theme::instance().setPast(false); }

    void theWholeWindowShowsTheMomentAndSaysSo()
    {
        TravelFixture f;
        f.openAt(f.start + 600'000);
        QVERIFY(f.window->showPage(u"fleet"_s));
        QCOMPARE(f.shown(), f.past());
        QCOMPARE(f.past()->model().store().figures().total, 2);
        QCOMPARE(f.past()->model().store().figures().late, 1);
        QVERIFY(f.bar().isVisible());
        QVERIFY2(f.bar().text().startsWith(u"This is how it was at "_s) && f.bar().text().endsWith(u"50 min ago"_s),
                 qPrintable(f.bar().text()));
        QVERIFY2(f.window->windowTitle().contains(f.bar().momentText()), qPrintable(f.window->windowTitle()));
        QCOMPARE(theme().win, theme().pastWin);
        // The sources at the left are those of then, and the counts of the pages too.
        const QListView *list = f.window->findChild<NavigationPanel *>()->sourceList();
        QCOMPARE(list->model()->index(0, 0).data(SourceListModel::CountRole).toInt(), 2);
        QCOMPARE(f.past()->navigationText(), u"2"_s);
        // What is not kept is not made up: events, the rate of beats, the counts of the saved views.
        QVERIFY(!allTexts(*f.past()).contains(u"already there when the console connected"_s));
        for (int row = 0; row < f.window->findChild<NavigationPanel *>()->viewList()->model()->rowCount(); ++row)
            QCOMPARE(f.window->findChild<NavigationPanel *>()->viewList()->model()->index(row, 0).data(NavCountRole).toString(),
                     QString());
        QVERIFY(f.window->showPage(u"queues"_s));
        auto *queues = f.window->findChild<QueuesPage *>(u"pastQueues"_s);
        QCOMPARE(f.shown(), queues);
        QCOMPARE(queues->navigationText(), u"1"_s);
        for (const auto *name : {"commands", "connections"}) {
            QVERIFY(f.window->showPage(QString::fromLatin1(name)));
            QVERIFY(qobject_cast<PresentOnlyPage *>(f.shown()));
        }
        // The way back is on every page.
        f.shown()->findChild<QPushButton *>()->click();
        QVERIFY(!f.bar().isVisible());
        QVERIFY(!qobject_cast<PresentOnlyPage *>(f.shown()));
        QVERIFY(theme().win != theme().pastWin);
        QVERIFY(!f.window->windowTitle().contains(u"ago"_s));
        QCOMPARE(list->model()->index(0, 0).data(SourceListModel::CountRole).toInt(), 3);
        QVERIFY(f.window->showPage(u"fleet"_s));
        QCOMPARE(f.shown(), &f.window->fleetPage());
    }

    /// The timing that was in force, and the what-if on the beats until then.
    void theTimingPageIsOfThatMoment()
    {
        TravelFixture f;
        TimingProfile first;
        first.version = 3;
        first.name = u"v3"_s;
        TimingProfile second = first;
        second.version = 4;
        second.name = u"v4"_s;
        second.workerKeyTtl = 60'000;
        const qint64 changed = f.start + 1'800'000;
        f.history.lanes.front().timings = {laneTimingText(first), laneTimingText(second)};
        std::vector<LaneChange> &source = f.history.tracks[1].changes;
        for (const auto &[at, timing] : {std::pair(f.start, first), std::pair(changed, second)})
            source.push_back({1, LaneFact::Version, at, laneVersionMark(laneTimingText(timing))});
        // One worker was silent for 45 s in the twentieth minute.
        std::erase_if(f.history.tracks[2].beats,
                      [&f](qint64 at) { return at > f.start + 1'140'000 && at < f.start + 1'185'000; });
        f.openAt(f.start + 1'080'000);
        QVERIFY(f.window->showPage(u"timing"_s));
        const auto settled = [&f] { return QTest::qWaitFor([&f] { return f.window->isSettled(); }, patience); };
        QVERIFY(settled());
        QWidget *page = f.shown();
        QCOMPARE(page->objectName(), u"pastTiming"_s);
        const auto text = [page](const QString &name) { return page->findChild<ToneLabel *>(name)->text(); };
        QTRY_COMPARE_WITH_TIMEOUT(text(u"deathCount"_s), u"0"_s, patience);
        QCOMPARE(text(u"recordingBanner"_s), u"On the beats recorded up to %1"_s.arg(clockText(f.start + 1'080'000)));
        QCOMPARE(f.shown()->navigationText(), u"v3"_s);
        f.goTo(f.start + 1'380'000);
        QTRY_COMPARE_WITH_TIMEOUT(text(u"deathCount"_s), u"1"_s, patience);
        QCOMPARE(f.shown()->navigationText(), u"v3"_s);
        // The later timing would have let it live.
        f.goTo(changed + 60'000);
        QTRY_COMPARE_WITH_TIMEOUT(text(u"deathCount"_s), u"0"_s, patience);
        QCOMPARE(f.shown()->navigationText(), u"v4"_s);
        QVERIFY(f.past()->model().store().timing(1) == second);
        // Back again: a draft without an edit follows an older one, too.
        f.goTo(f.start + 1'380'000);
        QTRY_COMPARE_WITH_TIMEOUT(text(u"deathCount"_s), u"1"_s, patience);
        f.shown()->findChild<QPushButton *>(u"setSafe0"_s)->click();
        QTRY_COMPARE_WITH_TIMEOUT(text(u"deathCount"_s), u"0"_s, patience);
        QVERIFY(allTexts(*page).contains(u"What is shown is the past: go back to now to apply."_s));
        QVERIFY(f.window->findChild<TimingPage *>(u"timingPage"_s)->openDrafts().empty());
    }

    /// A page that somebody adds shows nothing of now as if it had been so then, unless it says that it has a past.
    void aPageWithoutAPastIsNotShown()
    {
        struct NowPage : Page
        {
            explicit NowPage(QWidget *parent)
                : Page(u"news"_s, u"News"_s, Glyph::Info, parent)
            { }
            QString navigationText() const override { return u"3"_s; }
        };
        TravelFixture f;
        auto travelled = f.context();
        travelled.history = &f.history;
        f.window = std::make_unique<MainWindow>(travelled);
        auto *news = new NowPage(f.window.get());
        f.window->addPage(news);
        f.window->setTitleNote(u"3 firing"_s);
        f.window->show();
        f.window->activateWindow();
        QVERIFY(f.window->showPage(u"news"_s));
        QVERIFY(news->isVisible());
        QVERIFY(f.window->windowTitle().contains(u"3 firing"_s));
        f.goTo(f.start + 600'000);
        QVERIFY(!news->isVisible());
        auto *standIn = qobject_cast<PresentOnlyPage *>(f.shown());
        QVERIFY(standIn);
        QCOMPARE(standIn->name(), u"news"_s);
        QVERIFY(!f.window->windowTitle().contains(u"3 firing"_s));
        standIn->findChild<QPushButton *>()->click();
        QVERIFY(news->isVisible());
        QVERIFY(f.window->windowTitle().contains(u"3 firing"_s));
    }

    /// Values can be tried on what was recorded; what needs the present is off in the menus, and says why.
    void whatTimingNeedsThePresentForIsOff()
    {
        TravelFixture f;
        f.openAt(f.start + 600'000);
        QVERIFY(f.window->showPage(u"timing"_s));
        auto *menus = f.window->findChild<WindowMenus *>();
        const auto entry = [menus](const QString &text) -> QAction * {
            emit menus->timingMenu->aboutToShow();
            for (QAction *action : menus->timingMenu->actions()) {
                if (QString(action->text()).remove(u'&').startsWith(text))
                    return action;
            }
            return nullptr;
        };
        QVERIFY(menus->timingMenu->toolTipsVisible());
        for (const auto &[text, why] : {std::pair(u"Review Changes"_s, u"go back to now to apply"_s),
                                        {u"Read Values from a File"_s, u"go back to now to read or write"_s},
                                        {u"Write to a Worker's .env"_s, u"go back to now to read or write"_s},
                                        {u"Write to a Proxy's .env"_s, u"go back to now to read or write"_s},
                                        {u"Write to a wrangler.toml"_s, u"go back to now to read or write"_s},
                                        {u"Load Your Own Rules"_s, u"go back to now to load"_s}}) {
            const QAction *off = entry(text);
            QVERIFY2(off && !off->isEnabled(), qPrintable(text));
            QVERIFY2(off->toolTip().contains(why), qPrintable(text + off->toolTip()));
        }
        for (const QString &text : {u"Constants in Code"_s, u"Load a Recording"_s, u"Compare Profiles"_s}) {
            const QAction *on = entry(text);
            QVERIFY2(on && on->isEnabled(), qPrintable(text));
        }
        // Back in the present they say nothing of the past.
        f.window->findChild<QPushButton *>(u"backToNow"_s)->click();
        QVERIFY(!entry(u"Load Your Own Rules"_s)->toolTip().contains(u"go back"_s));
        QVERIFY(entry(u"Load Your Own Rules"_s)->isEnabled());
    }

    /// As they do now: for as long as is chosen. What is seen at a moment has twenty minutes; the rest comes where it rests.
    void linesOfQueuesGoHoursBack()
    {
        TravelFixture f;
        f.history.tracks[4].changes.front().value = 40; // The queue "mail": as much only in its first minutes.
        f.history.tracks[4].changes.push_back({4, LaneFact::Waiting, f.start + 300'000, 7});
        f.settings.setValue(u"queues/minutes"_s, 60);
        f.openAt(f.start + 3'000'000);
        QVERIFY(f.window->showPage(u"queues"_s));
        auto *queues = f.window->findChild<QueuesPage *>(u"pastQueues"_s);
        auto *header = queues->findChild<QueuesHeader *>();
        QVERIFY(header);
        QTRY_VERIFY2_WITH_TIMEOUT(header->trendSummary().contains(u"most 40"_s), qPrintable(header->trendSummary()), patience);
        QVERIFY2(header->trendSummary().contains(u"then 7"_s), qPrintable(header->trendSummary()));
        QVERIFY(!queues->findChild<QToolButton *>(u"queuePause"_s)->isVisible());
        // Another moment has lines of its own: all of the time before it is the first minutes'.
        f.goTo(f.start + 280'000);
        QTRY_VERIFY2_WITH_TIMEOUT(header->trendSummary().contains(u"then 40"_s), qPrintable(header->trendSummary()), patience);
        f.goTo(f.start + 2'900'000);
        QTRY_VERIFY2_WITH_TIMEOUT(header->trendSummary().contains(u"most 40"_s) && header->trendSummary().contains(u"then 7"_s),
                                  qPrintable(header->trendSummary()), patience);
    }

    /// Also where there are many: those that do not come with the moment follow.
    void everyQueueHasItsLine()
    {
        constexpr size_t queues = 2 * PastFleet::queuesAtOnce + 51;
        TravelFixture f;
        for (size_t i = 1; i < queues; ++i)
            f.lane(LaneKind::Queue, "queue-" + QByteArray::number(i), {{LaneFact::Waiting, 5}});
        f.openAt(f.start + 3'000'000);
        QVERIFY(f.window->showPage(u"queues"_s));
        const QueueStore &then = f.past()->model().store().queues();
        QCOMPARE(then.all().size(), queues);
        const auto withLines = [&then] {
            return std::count_if(then.all().begin(), then.all().end(), [](const auto &entry) {
                const QueueHistory &line = entry.second.history;
                return line.fine().size() > 30 && line.coarse().size() > 40;
            });
        };
        QTRY_COMPARE_WITH_TIMEOUT(size_t(withLines()), queues, patience);
        const auto *note = f.window->findChild<QueuesPage *>(u"pastQueues"_s)->findChild<ToneLabel *>(u"queueLinesNote"_s);
        QVERIFY(note && !note->isVisible());
    }

    void itSaysHowManyQueuesHaveTheirLines()
    {
        TravelFixture f;
        for (size_t i = 1; i < PastFleet::mostLines + 51; ++i)
            f.lane(LaneKind::Queue, "queue-" + QByteArray::number(i), {{LaneFact::Waiting, 5}});
        f.openAt(f.start + 3'000'000);
        QVERIFY(f.window->showPage(u"queues"_s));
        const auto *note = f.window->findChild<QueuesPage *>(u"pastQueues"_s)->findChild<ToneLabel *>(u"queueLinesNote"_s);
        QVERIFY(note && note->isVisible());
        QCOMPARE(note->text(), u"Lines beyond 20 min for 2,000 of 2,051 queues"_s);
    }

    void chartsEndAtTheMoment()
    {
        TravelFixture f;
        f.openAt(f.start + 600'000);
        const QString moment = clockText(f.start + 600'000);
        QVERIFY(f.window->showPage(u"fleet"_s));
        const FleetStore &then = f.past()->model().store();
        const WorkerHandle worker = then.find(1, "chromium:worker-1-1");
        QVERIFY(worker != noWorker);
        IntervalChart gaps;
        gaps.showWorker(then, worker, then.viewNow());
        QCOMPARE(gaps.endText(), moment);
        TtlChart ttl;
        ttl.showWorker(then, worker, then.viewNow());
        QCOMPARE(ttl.endText(), moment);
        gaps.showWorker(f.store, f.store.find(1, "chromium:worker-1-1"), f.store.viewNow());
        QCOMPARE(gaps.endText(), u"now"_s);
        auto *strips = f.past()->findChild<FleetHeader *>();
        QVERIFY(strips);
        QTRY_COMPARE_WITH_TIMEOUT(strips->endText(), moment, patience);
        QVERIFY(f.window->showPage(u"queues"_s));
        auto *headings = f.window->findChild<QueuesPage *>(u"pastQueues"_s)->findChild<QueueHeadings *>();
        QVERIFY(headings);
        QTRY_COMPARE_WITH_TIMEOUT(headings->axisTexts(px(400)).last(), moment, patience);
        // Those of now end now.
        QCOMPARE(f.window->fleetPage().findChild<FleetHeader *>()->endText(), u"now"_s);
        f.goTo(f.start + 700'000);
        QTRY_COMPARE_WITH_TIMEOUT(headings->axisTexts(px(400)).last(), clockText(f.start + 700'000), patience);
    }

    void aWindowOnAFileHasNoWayBackToNow()
    {
        TravelFixture f;
        f.history.given.shown = true;
        f.openAt(f.start + 600'000);
        auto *back = f.window->findChild<QPushButton *>(u"backToNow"_s);
        QCOMPARE(back->text(), u"To the end"_s);
        QVERIFY(f.window->showPage(u"commands"_s));
        QVERIFY(!f.shown()->findChild<QPushButton *>()->isVisible());
        back->click();
        QTRY_VERIFY_WITH_TIMEOUT(f.window->isSettled(), patience);
        QVERIFY(f.bar().isVisible());
        QCOMPARE(f.past()->model().store().viewNow(), f.now - 1);
    }

    void theColourGoesWithTheWindow()
    {
        TravelFixture f;
        f.openAt(f.start + 600'000);
        QCOMPARE(theme().win, theme().pastWin);
        f.window.reset();
        QVERIFY(theme().win != theme().pastWin);
    }

    void aTimeThatWasNotRecordedIsSaidToBeSo()
    {
        TravelFixture f;
        f.openAt(f.start - 600'000);
        QVERIFY(f.window->showPage(u"fleet"_s));
        QVERIFY2(f.bar().text().startsWith(u"Nothing was recorded at "_s), qPrintable(f.bar().text()));
        QCOMPARE(f.past()->model().store().figures().total, 0);
        QVERIFY(allTexts(*f.past()).contains(u"Nothing is known of that moment"_s));
    }

    void filterGroupingAndSelectionAreShared()
    {
        TravelFixture f;
        f.openAt(f.start + 600'000);
        QVERIFY(f.window->showPage(u"fleet"_s));
        f.past()->setFilterText(u"worker-1-1"_s);
        QTRY_COMPARE_WITH_TIMEOUT(f.window->fleetPage().filterText(), u"worker-1-1"_s, patience);
        QTRY_COMPARE_WITH_TIMEOUT(f.past()->model().matchCount(), 1, patience);
        f.past()->showWorker(f.past()->model().store().find(1, "chromium:worker-1-1"));
        QCOMPARE(f.window->fleetPage().currentWorker(), f.store.find(1, "chromium:worker-1-1"));
        // A worker of the present that was not there then is not shown as if it had been.
        emit f.window->findChild<ActivityPage *>()->recordedWorkerRequested(u"prod"_s, "chromium:worker-1-0");
        QCOMPARE(f.past()->currentWorker(), f.past()->model().store().find(1, "chromium:worker-1-0"));
        emit f.window->findChild<TimelinePage *>()->workerRequested(f.store.find(1, "chromium:worker-1-2"));
        QVERIFY(allTexts(*f.window).contains(u"The worker was not there then."_s));
    }

    void theAxisAndTheKeysMoveThePlayhead()
    {
        TravelFixture f;
        auto travelled = f.context();
        travelled.history = &f.history;
        f.window = std::make_unique<MainWindow>(travelled);
        f.window->resize(1400, 860);
        f.window->show();
        f.window->activateWindow();
        QVERIFY(f.window->showPage(u"timeline"_s));
        QTRY_VERIFY_WITH_TIMEOUT(QApplication::focusWidget() != nullptr, patience);
        auto *timeline = f.window->findChild<TimelinePage *>();
        auto *axis = f.window->findChild<AxisBar *>();
        const int x = timeline->lanes().laneColumn() + 200;
        QTest::mouseClick(axis, Qt::LeftButton, {}, QPoint(x, axis->height() - 6));
        QTRY_VERIFY_WITH_TIMEOUT(f.bar().isVisible() && f.window->isSettled(), patience);
        QVERIFY(!timeline->time().isFollowing());
        const QString before = f.bar().text();
        QTest::mousePress(axis, Qt::LeftButton, {}, QPoint(x, axis->height() - 6));
        QTest::mouseMove(axis, QPoint(x + 150, axis->height() - 6));
        QTest::mouseRelease(axis, Qt::LeftButton, {}, QPoint(x + 150, axis->height() - 6));
        QTRY_VERIFY_WITH_TIMEOUT(f.bar().text() != before && f.window->isSettled(), patience);
        auto *play = f.bar().findChild<QToolButton *>(u"playPast"_s);
        QTest::keyClick(&timeline->lanes(), Qt::Key_Space);
        QCOMPARE(play->text(), u"Halt"_s);
        QTest::keyClick(&timeline->lanes(), Qt::Key_Space);
        QCOMPARE(play->text(), u"Play"_s);
        QVERIFY(!f.store.isPaused()); // Space means something else now.
        QTest::keyClick(&timeline->lanes(), Qt::Key_End, Qt::AltModifier);
        QVERIFY(!f.bar().isVisible());
        // P: where the pointer is, or what was clicked last.
        timeline->lanes().setCursorTime(double(f.now - 120'000));
        QTest::keyClick(&timeline->lanes(), Qt::Key_P);
        QVERIFY(f.bar().isVisible());
    }

    void nothingCanBeCommandedFromThePast()
    {
        TravelFixture f;
        f.access.unlock();
        f.openAt(f.start + 600'000);
        auto *actions = f.window->findChild<CommandActions *>();
        const std::vector<WorkerHandle> all{f.store.find(1, "chromium:worker-1-0"), f.store.find(1, "chromium:worker-1-1")};
        for (const Act act : CommandActions::offered) {
            const CommandActions::Offer offer = actions->offer(act, all);
            QVERIFY(!offer.enabled);
            QVERIFY2(offer.toolTip.contains(u"go back to now to act"_s), qPrintable(offer.toolTip));
            actions->ask(act, all);
        }
        actions->askTargets(Act::PauseQueue, {});
        actions->unlock();
        QVERIFY(f.window->findChildren<QDialog *>().isEmpty());
        QVERIFY(f.window->showPage(u"fleet"_s));
        for (const auto &[key, modifiers] : {std::pair(Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier),
                                             std::pair(Qt::Key_Delete, Qt::KeyboardModifiers())}) {
            QTest::keyClick(f.past(), key, modifiers);
            QVERIFY(f.window->findChildren<QDialog *>().isEmpty());
            QVERIFY(allTexts(*f.window).contains(u"go back to now to act"_s));
        }
        QCOMPARE(f.ledger.size(), 0);
        f.window->findChild<QPushButton *>(u"backToNow"_s)->click();
        QVERIFY(actions->offer(Act::Drain, all).toolTip != u"This is how it was"_s);
        QVERIFY(!actions->offer(Act::Drain, all).toolTip.contains(u"go back to now"_s));
    }
};

PULSEDECK_TEST(WindowTravelTest, runWithTheme)
#include "windowtravel_test.moc"
