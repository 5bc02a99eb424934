// SPDX-License-Identifier: GPL-3.0-or-later
// Time on the Timeline page by mouse and keyboard: zooming, gaps, measuring, the overview, source pauses.
#include "models/core/format.h"
#include "tests/gui/timelinefixture.h"
#include "tests/support/patience.h"
#include "tests/support/testapplication.h"
#include "ui/common/segmentedrow.h"
#include "ui/common/tonelabel.h"
#include "ui/timeline/axisbar.h"
#include "ui/timeline/laneasker.h"
#include "ui/timeline/lanepast.h"
#include "ui/timeline/lanestepper.h"
#include "ui/timeline/lanesteps.h"
#include "ui/timeline/overviewbar.h"
#include "ui/timeline/pauseline.h"
#include "ui/timeline/reportpanel.h"

#include <QLayout>
#include <QPushButton>
#include <QSignalSpy>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// Goes from gap to gap on the page of a fixture, with an eye of its own on its history.
struct OwnStepper
{
    LanePast past;
    LaneAsker asker;
    LaneStepper stepper;

    explicit OwnStepper(const TimelineFixture &f)
        : past(f.scene.store, *f.history)
        , asker(*f.view, f.time(), &past)
        , stepper(*f.view, asker, f.page->flags(), f.time(), &past)
    { }
    bool knows(LaneId lane)
    {
        past.look(0, 1);
        return QTest::qWaitFor([&] { return past.lane(lane) != nullptr; }, patience);
    }
};

/// A history that records since then.
std::unique_ptr<MemoryHistory> recordingSince(qint64 from, qint64 now)
{
    auto history = std::make_unique<MemoryHistory>();
    history->given.recording = true;
    history->given.from = from;
    HistoryRun run;
    run.from = from;
    run.to = now;
    run.open = true;
    history->overview.runs = {run};
    history->overview.cells = {{from, 100, 100, 20, 0, 0}};
    return history;
}

} // namespace

class TimelineTimeTest : public QObject
{
    Q_OBJECT

private slots:
    void timeByKeys()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        f.key(Qt::Key_0);
        QVERIFY(f.time().isFitted() && f.time().isFollowing());
        const double whole = f.time().span();
        f.key(Qt::Key_Plus);
        QVERIFY(f.time().span() < whole);
        QVERIFY(f.time().isFollowing());
        QCOMPARE(f.time().to(), f.time().latest());
        auto *behind = f.part<ToneLabel>(*f.page, "behindNow");
        QVERIFY(!behind->isVisible());
        f.key(Qt::Key_Left);
        QVERIFY(!f.time().isFollowing());
        QVERIFY(behind->isVisible() && behind->text().contains(u"behind now"_s));
        QVERIFY(!f.part<QPushButton>(*f.page, "followNow")->isChecked());
        const double to = f.time().to();
        f.step(1'000);
        f.page->refresh();
        QCOMPARE(f.time().to(), to); // Time goes on, and what is looked at stays.
        f.key(Qt::Key_F);
        QVERIFY(f.time().isFollowing() && !behind->isVisible());
        f.key(Qt::Key_Plus);
        f.key(Qt::Key_Minus);
        f.key(Qt::Key_Left);
        f.key(Qt::Key_Right);
        f.key(Qt::Key_Right);
        QVERIFY(f.time().isFollowing());
        f.key(Qt::Key_0);
        f.key(Qt::Key_Left, Qt::AltModifier);
        QVERIFY(!f.time().isFitted());
        f.key(Qt::Key_Right, Qt::AltModifier);
        QVERIFY(f.time().isFitted());
    }

    /// A span is marked while it is what is shown, and none is while less is known.
    void onlyAShownSpanIsMarked()
    {
        TimelineFixture f(20, -1, 130); // Two minutes are known.
        f.openTimeline();
        auto *spans = f.page->findChild<SegmentedRow *>();
        QVERIFY(f.time().wanted() > f.time().span());
        QCOMPARE(spans->choice(), int(SegmentedRow::none));
        QTest::mouseClick(spans->button(15), Qt::LeftButton);
        QVERIFY(f.time().span() < 5 * 60'000);
        QCOMPARE(spans->choice(), int(SegmentedRow::none));
        f.time().setLimits(f.time().latest() - 20 * 60'000, f.time().latest());
        QCOMPARE(spans->choice(), 15);
        QVERIFY(spans->button(15)->isChecked());
        QTest::mouseClick(spans->button(5), Qt::LeftButton);
        QCOMPARE(f.time().span(), 5 * 60'000.0);
        QCOMPARE(spans->choice(), 5);
        f.time().zoom(2);
        QCOMPARE(spans->choice(), int(SegmentedRow::none));
    }

    /// How far behind now it is takes room, and what stands before it keeps its own.
    void theBarHasRoomBehindNow()
    {
        TimelineFixture f(20, 0, 130);
        f.openTimeline({1600, 900});
        auto *spans = f.page->findChild<SegmentedRow *>();
        auto *behind = f.part<ToneLabel>(*f.page, "behindNow");
        // At the places that they have by now: what changed is laid out first.
        const auto troubles = [&] {
            QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
            QStringList found;
            if (spans->width() < spans->sizeHint().width())
                found.append(u"the spans are %1 wide"_s.arg(spans->width()));
            const QWidget *const bar = behind->parentWidget();
            QList<QWidget *> parts = bar->findChildren<QWidget *>(Qt::FindDirectChildrenOnly);
            parts.removeIf([bar](const QWidget *part) { return part->isHidden() || bar->layout()->indexOf(part) < 0; });
            if (parts.size() < 5)
                found.append(u"only %1 parts"_s.arg(parts.size()));
            for (qsizetype i = 0; i < parts.size(); ++i) {
                for (qsizetype k = 0; k < i; ++k) {
                    if (parts[i]->geometry().intersects(parts[k]->geometry()))
                        found.append(u"%1 and %2 overlap"_s.arg(parts[k]->objectName(), parts[i]->objectName()));
                }
            }
            return found.join(u", "_s);
        };
        for (const int width : {1'300, 1'450, 1'600, 1'750, 1'900}) {
            f.window->resize(width, 900);
            f.time().followNow();
            f.time().setSpan(60'000);
            const auto where = [&]() -> QString { return QString::number(width) + u": "_s + troubles(); };
            QTRY_VERIFY2_WITH_TIMEOUT(troubles().isEmpty(), qPrintable(where()), patience);
            f.time().pan(-20'000);
            QVERIFY(behind->isVisible());
            QVERIFY2(troubles().isEmpty(), qPrintable(where()));
        }
    }

    void gapsByKeys()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        const WorkerHandle gappy = f.scene.find(FleetScene::Part::Gappy);
        f.window->fleetPage().showWorker(gappy);
        f.key(Qt::Key_0);
        f.key(Qt::Key_BracketLeft);
        QVERIFY(f.view->cursor());
        QVERIFY(f.settle());
        const LaneGeometry *lane = f.geometry(f.list().rowOf(gappy));
        QVERIFY(lane && !lane->gaps.empty());
        qint64 expected = lane->gaps.back().from();
        for (const LaneMark &mark : lane->marks)
            expected = std::max(expected, mark.at);
        for (const TimelineFlag &flag : f.page->flags().flags())
            expected = std::max(expected, flag.at);
        QCOMPARE(qint64(*f.view->cursor()), expected);
        const double latest = *f.view->cursor();
        f.key(Qt::Key_BracketLeft);
        f.key(Qt::Key_BracketRight);
        QCOMPARE(*f.view->cursor(), latest);
        // Beyond the last one there is none, which is said, and nothing moves.
        QSignalSpy noticed(f.page, &Page::noticed);
        for (int i = 0; i < 100 && noticed.isEmpty(); ++i)
            f.key(Qt::Key_BracketRight);
        QVERIFY(!noticed.isEmpty());
        f.page->escape();
        QVERIFY(!f.view->cursor());
    }

    void timeByMouse()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        f.key(Qt::Key_0);
        f.key(Qt::Key_Plus);
        f.key(Qt::Key_Plus);
        f.key(Qt::Key_Left);
        const QRect area = f.view->timeArea();
        const QPoint middle(area.left() + area.width() / 3, 200);
        const double at = f.view->scale().at(middle.x() - area.left());
        const double span = f.time().span();
        f.wheel(middle, 1);
        QVERIFY(f.time().span() < span);
        QVERIFY(std::abs(f.view->scale().at(middle.x() - area.left()) - at) < 2 * f.view->scale().msPerPixel());
        f.wheel(middle, -1);
        // Dragging moves time with the hand.
        const double from = f.time().from();
        f.drag(middle, middle + QPoint(60, 0));
        QVERIFY(std::abs(f.time().from() - (from - 60 * f.view->scale().msPerPixel())) < 2 * f.view->scale().msPerPixel());
        // With Shift the wheel pans; over the names, or with Ctrl, it scrolls.
        const double before = f.time().from();
        f.wheel(middle, -1, Qt::ShiftModifier);
        QVERIFY(f.time().from() > before);
        QCOMPARE(f.view->verticalScrollBar()->value(), 0);
        f.wheel({20, 200}, -1);
        const int scrolled = f.view->verticalScrollBar()->value();
        QVERIFY(scrolled > 0);
        f.wheel(middle, -1, Qt::ControlModifier);
        QVERIFY(f.view->verticalScrollBar()->value() > scrolled);
    }

    void measuring()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        const QRect area = f.view->timeArea();
        const QPoint from(area.left() + 100, 100);
        const double beginning = f.time().from();
        f.drag(from, from + QPoint(200, 0), Qt::ShiftModifier);
        QVERIFY(f.view->measured());
        QVERIFY(std::abs(f.view->measured()->to - f.view->measured()->from - 200 * f.view->scale().msPerPixel()) < 1'000);
        QCOMPARE(f.time().from(), beginning);
        f.page->escape();
        QVERIFY(!f.view->measured());
    }

    void aMeasuredTimeIsReported()
    {
        for (const bool recorded : {false, true}) {
            TimelineFixture f(20, 0, 60);
            const qint64 now = f.scene.clock.nowMs();
            if (recorded) {
                f.history = std::make_unique<MemoryHistory>();
                HistoryRun run;
                run.from = now - 3'600'000;
                run.to = now;
                f.history->overview.runs = {run};
            }
            f.openTimeline();
            auto *button = f.page->findChild<QPushButton *>(u"reportMeasured"_s);
            QVERIFY(!button->isVisible());
            const QRect area = f.view->timeArea();
            const QPoint from(area.left() + 300, 100);
            f.drag(from, from - QPoint(200, 0), Qt::ShiftModifier); // To the left, too.
            QVERIFY(f.view->measured());
            QCOMPARE(button->isVisible(), recorded);
            if (!recorded)
                continue;
            const MeasuredSpan span = *f.view->measured();
            f.click(*f.page, "reportMeasured");
            auto *panel = f.page->findChild<ReportPanel *>();
            QVERIFY(panel);
            TRY_TRUE(panel->report());
            QCOMPARE(panel->report()->scope.from, qint64(span.to));
            QVERIFY(std::abs(double(panel->report()->scope.to) - span.from) < 2);
            panel->close();
            f.page->escape();
            QVERIFY(!button->isVisible());
            f.window.reset();
        }
    }

    void gapsOfTheRecordingByKeys()
    {
        TimelineFixture f(20, 0, 60);
        const qint64 now = f.scene.clock.nowMs();
        const WorkerHandle handle = f.scene.find(FleetScene::Part::Healthy);
        const Worker &worker = f.scene.store.worker(handle);
        f.history = recordingSince(now - 7'200'000, now);
        const qint64 gap = now - 3'600'000;
        f.record(1, worker, worker.id, now - 7'200'000, now, gap);
        f.record(2, worker, "chromium:00000000-gone-4000-8000-000000000000", now - 7'000'000, now - 3'000'000, gap);
        f.openTimeline();
        TRY_TRUE(f.time().earliest() <= double(now - 7'200'000));
        // Of the lane that only the recording has: of this little time next to nothing was read yet.
        f.time().show(double(now - 3'110'000), double(now - 3'100'000));
        TRY_EQUAL(f.list().rows().back().kind, LaneRow::Kind::Gone);
        f.key(Qt::Key_End);
        QCOMPARE(f.view->currentRow(), int(f.list().rows().size()) - 1);
        f.key(Qt::Key_BracketLeft);
        QTRY_VERIFY_WITH_TIMEOUT(f.view->cursor() == std::optional(double(gap)), 20'000);
        QVERIFY(f.time().from() < double(gap) && f.time().to() > double(gap));
        f.view->setCursorTime(double(now - 6'900'000)); // More than one step of its search away.
        f.key(Qt::Key_BracketRight);
        QTRY_VERIFY_WITH_TIMEOUT(f.view->cursor() == std::optional(double(gap)), 20'000);
        // Of one that is there what it did before the store began to remember.
        f.view->setCurrentRow(f.list().rowOf(handle));
        f.view->setCursorTime(double(now - 1'000'000));
        f.key(Qt::Key_BracketLeft);
        QTRY_VERIFY_WITH_TIMEOUT(f.view->cursor() == std::optional(double(gap)), 20'000);
        f.view->setCursorTime(double(now - 7'000'000));
        f.key(Qt::Key_BracketRight);
        QTRY_VERIFY_WITH_TIMEOUT(f.view->cursor() == std::optional(double(gap)), 20'000);
        f.window.reset();
    }

    /// Its ring is full, so that older beats are in the recording alone: the nearest gap is not.
    void aGapOfTheStoreNeedsNoRecording()
    {
        TimelineFixture f(30, -1, 1'800);
        const qint64 now = f.scene.clock.nowMs();
        const WorkerHandle gappy = f.scene.find(FleetScene::Part::Gappy);
        const Worker &worker = f.scene.store.worker(gappy);
        QCOMPARE(f.scene.store.beats(gappy).size(), BeatHistory::capacity);
        f.history = recordingSince(now - 7'200'000, now);
        f.record(1, worker, worker.id, now - 7'200'000, now, now - 3'600'000);
        f.openTimeline();
        f.view->setCurrentRow(f.rowOf(FleetScene::Part::Gappy));
        {
            OwnStepper own(f);
            QVERIFY(own.knows(1));
            const size_t tracks = HistoryQuery(TracksQuery()).index();
            f.view->setCursorTime(double(now));
            for (int step = 0; step < 3; ++step) {
                LaneSteps steps;
                steps.add(f.page->flags().flags());
                steps.add(own.asker.story(gappy, qint64(f.time().from()), now), now);
                const std::optional<qint64> expected = steps.next(*f.view->cursor(), -1);
                QVERIFY(expected && *expected > f.scene.store.beats(gappy).at(0, now));
                const int asked = f.history->asked[tracks];
                own.stepper.go(-1);
                QCOMPARE(f.history->asked[tracks], asked);
                QCOMPARE(qint64(*f.view->cursor()), *expected);
            }
        }
        f.window.reset();
    }

    /// What it finds later must not take a hand away from where it is by then.
    void aSearchEndsWhereAHandGoesElsewhere()
    {
        enum class Hand { None, Cursor, Pan, Follow, Page };
        TimelineFixture f(20, 0, 60);
        const qint64 now = f.scene.clock.nowMs();
        const WorkerHandle handle = f.scene.find(FleetScene::Part::Healthy);
        const Worker &worker = f.scene.store.worker(handle);
        const qint64 gap = now - 3'600'000;
        f.history = recordingSince(now - 7'200'000, now);
        f.record(1, worker, worker.id, now - 7'200'000, now, gap);
        f.openTimeline();
        TRY_TRUE(f.time().earliest() <= double(now - 7'200'000));
        f.view->setCurrentRow(f.list().rowOf(handle));
        const double begin = double(gap) + 300'000;
        for (const Hand hand : {Hand::None, Hand::Cursor, Hand::Pan, Hand::Follow, Hand::Page}) {
            OwnStepper own(f);
            QVERIFY(own.knows(1));
            f.view->setCursorTime(begin);
            f.time().show(begin - 60'000, begin + 60'000);
            own.stepper.go(-1);
            QCOMPARE(*f.view->cursor(), begin); // It has to be read.
            if (hand == Hand::Cursor)
                f.view->setCursorTime(begin + 1'000);
            else if (hand == Hand::Pan)
                f.time().pan(10'000);
            else if (hand == Hand::Follow)
                f.time().followNow();
            else if (hand == Hand::Page)
                own.stepper.giveUp(); // It is hidden.
            const double from = f.time().from();
            const double cursor = *f.view->cursor();
            TRY_TRUE(own.past.story(1, gap, qint64(begin)));
            if (hand == Hand::None) {
                QCOMPARE(*f.view->cursor(), double(gap));
                continue;
            }
            QCOMPARE(*f.view->cursor(), cursor);
            QCOMPARE(f.time().from(), from);
        }
        f.window.reset();
    }

    void tipsHaveExactTimes()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        f.key(Qt::Key_0);
        QVERIFY(f.settle());
        const int row = f.rowOf(FleetScene::Part::Gappy);
        f.view->scrollToRow(row);
        QVERIFY(f.settle());
        const LaneGeometry *lane = f.geometry(row);
        QVERIFY(lane && !lane->gaps.empty());
        const LaneGap &gap = lane->gaps.front();
        const QString tip = f.view->tipAt(f.placeOf(row, double(gap.from() + gap.to) / 2));
        QVERIFY2(tip.contains(u"gap "_s + durationText(gap.length())), qPrintable(tip));
        QVERIFY2(tip.contains(clockTextTenths(gap.beat)) && tip.contains(clockTextTenths(gap.to)), qPrintable(tip));
        QVERIFY2(tip.contains(u"expected 10 s"_s) && tip.contains(u"missed"_s), qPrintable(tip));
        QVERIFY2(tip.contains(u"other lane"_s), qPrintable(tip));
        QVERIFY(!f.view->tipAt(f.nameOf(row)).isEmpty());
        QVERIFY(f.view->tipAt(f.placeOf(0, f.time().to() - 30'000)).contains(u"lane"_s));
    }

    void theOverviewMovesAndZooms()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        auto *overview = f.page->findChild<OverviewBar *>();
        QVERIFY(f.settle());
        f.time().show(f.time().latest() - 80'000, f.time().latest() - 40'000);
        const QRect shown = overview->shownRect();
        const auto press = [&](const QPoint &from, const QPoint &to) {
            QTest::mousePress(overview, Qt::LeftButton, {}, from);
            QMouseEvent move(QEvent::MouseMove, to, overview->mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
            QApplication::sendEvent(overview, &move);
            QTest::mouseRelease(overview, Qt::LeftButton, {}, to);
        };
        const double span = f.time().span();
        const double from = f.time().from();
        press(shown.center(), shown.center() + QPoint(30, 0));
        QVERIFY(f.time().from() > from);
        QVERIFY(std::abs(f.time().span() - span) < 1);
        const QRect moved = overview->shownRect();
        press({moved.left(), moved.center().y()}, {moved.left() - 40, moved.center().y()});
        QVERIFY(f.time().span() > span);
        press({overview->width() - 20, moved.center().y()}, {overview->width() - 20, moved.center().y()});
        QVERIFY(f.time().to() > f.time().latest() - 40'000);
        overview->setFocus();
        const double before = f.time().span();
        QTest::keyClick(overview, Qt::Key_Plus);
        QVERIFY(f.time().span() < before);
        QTest::keyClick(overview, Qt::Key_F);
        QVERIFY(f.time().isFollowing());
        QVERIFY2(overview->summary().contains(u"beats per second"_s), qPrintable(overview->summary()));
    }

    void aSourcePauseIsOneMessage()
    {
        TimelineFixture f(40, 0, 60);
        // The source is silent for half a minute, then all beat at once.
        f.scene.clock.step(33'000);
        FleetBatch batch;
        batch.source = FleetScene::prod;
        batch.generation = f.scene.store.sourceStatus(FleetScene::prod).generation;
        batch.at = f.scene.clock.nowMs();
        for (int i = 0; i < f.scene.store.capacity(); ++i) {
            const Worker &worker = f.scene.store.worker(WorkerHandle(i));
            if (!worker.used || worker.source != FleetScene::prod)
                continue;
            WorkerSample sample;
            sample.number = worker.number;
            sample.readAt = sample.beatAt = sample.lastHeartbeat = batch.at;
            sample.learntTtl = worker.learntTtl;
            sample.ttl = 29'000;
            sample.activeSessions = sample.lifetimeSessions = 0;
            sample.status = WorkerStatus::Available;
            sample.keyPresent = sample.newBeat = true;
            batch.samples.append(sample);
        }
        f.scene.store.apply(batch);
        f.scene.store.publish();
        f.openTimeline();
        auto *line = f.page->findChild<PauseLine *>();
        TRY_TRUE(line->isVisible());
        QVERIFY2(line->whole().contains(u"Source pause"_s) && line->whole().contains(u"missed beats together"_s),
                 qPrintable(line->whole()));
        QVERIFY(!f.page->flags().pauses().empty());
        const SourcePause pause = f.page->flags().pauses().front();
        QVERIFY(pause.late * 2 >= pause.there);
        f.click(*line, "showPause");
        QVERIFY(f.time().from() < double(pause.from) && f.time().to() >= double(pause.to));
        f.click(*line, "closePause");
        TRY_TRUE(!line->isVisible());
        QVERIFY(f.page->findChild<AxisBar *>()->summary().contains(u"paused"_s));
    }

    void aSourcePauseOfLongAgoIsSaid()
    {
        TimelineFixture f(20, 0, 60);
        const qint64 now = f.scene.clock.nowMs();
        const Worker &worker = f.scene.store.worker(f.scene.find(FleetScene::Part::Healthy));
        f.history = std::make_unique<MemoryHistory>();
        f.history->given.recording = true;
        f.history->given.from = now - 7'200'000;
        HistoryRun run;
        run.from = now - 7'200'000;
        run.to = now;
        run.open = true;
        f.history->overview.runs = {run};
        f.history->overview.cells = {{now - 7'200'000, 100, 100, 20, 0, 0}};
        // Of ten workers seven were silent for a minute, an hour ago.
        for (LaneId id = 1; id <= 10; ++id) {
            HistoryLane lane;
            lane.id = id;
            lane.source = f.scene.store.sourceName(worker.source);
            lane.system = worker.traits->fullKind();
            lane.name = "chromium:" + QByteArray::number(id);
            lane.host = id <= 4 ? "10.0.0.1:3131" : "10.0.0.2:3131";
            lane.first = now - 7'200'000;
            lane.last = now;
            f.history->lanes.push_back(lane);
            LaneTrack &track = f.history->tracks[id];
            for (const auto &[fact, value] : {std::pair(LaneFact::Status, qint64(WorkerStatus::Available)),
                                              {LaneFact::Liveness, qint64(Liveness::Alive)},
                                              {LaneFact::Interval, qint64(10'000)}})
                track.changes.push_back({id, fact, now - 7'200'000, value});
            for (qint64 at = now - 7'200'000; at < now; at += 10'000) {
                if (id > 7 || at < now - 3'600'000 || at >= now - 3'540'000)
                    track.beats.push_back(at);
            }
        }
        f.openTimeline();
        TRY_TRUE(f.time().earliest() <= double(now - 7'200'000));
        auto *line = f.page->findChild<PauseLine *>();
        QVERIFY(!line->isVisible());
        f.time().show(double(now - 3'700'000), double(now - 3'400'000));
        TRY_TRUE(line->isVisible());
        QVERIFY2(line->whole().contains(u"7 of 10"_s), qPrintable(line->whole()));
        TRY_TRUE(f.page->findChild<AxisBar *>()->summary().contains(u"paused"_s));
        // Elsewhere nothing is said.
        f.time().show(double(now - 3'000'000), double(now - 2'900'000));
        TRY_TRUE(!line->isVisible());
        f.window.reset();
    }

    void theLastLookIsKept()
    {
        TimelineFixture f(60, -1, 400);
        f.openTimeline();
        f.time().setSpan(5 * 60'000.0);
        QCOMPARE(f.page->navigationText(), u"5 min"_s);
        f.window->close();
        f.openTimeline();
        QCOMPARE(f.page->navigationText(), u"5 min"_s);
    }
};

PULSEDECK_TEST(TimelineTimeTest, runWithTheme)
#include "timelinetime_test.moc"
