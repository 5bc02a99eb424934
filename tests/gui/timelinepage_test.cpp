// SPDX-License-Identifier: GPL-3.0-or-later
// The Timeline page by mouse and keyboard: lanes of the Fleet page, time, gaps, measuring, folding, the overview, source pauses.
#include "models/core/format.h"
#include "tests/gui/commandfixture.h"
#include "tests/support/memoryhistory.h"
#include "tests/support/queuescene.h"
#include "tests/support/testapplication.h"
#include "ui/common/searchfield.h"
#include "ui/common/segmentedrow.h"
#include "ui/common/tonelabel.h"
#include "ui/common/workerlist.h"
#include "ui/fleet/fleetpage.h"
#include "ui/queues/queuespage.h"
#include "ui/theme/theme.h"
#include "ui/timeline/axisbar.h"
#include "ui/timeline/laneview.h"
#include "ui/timeline/overviewbar.h"
#include "ui/timeline/pauseline.h"
#include "ui/timeline/reportpanel.h"
#include "ui/timeline/timelinepage.h"
#include "ui/timeline/timelinetoolbar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QImage>
#include <QMenu>
#include <QPaintEvent>
#include <QPainter>
#include <QPushButton>
#include <QScreen>
#include <QScrollBar>
#include <QSignalSpy>
#include <QWheelEvent>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// A fixed scene: a healthy lane, gaps by severity, a drain with its command, an expiry with counters left, beats too close to be
/// told apart, a group with a pause in it, folded lanes, a queue.
QImage paintedLanes()
{
    constexpr qint64 now = 1'800'000'000'000;
    constexpr int height = 22;
    QImage image(600, 8 * height, QImage::Format_RGB32);
    image.fill(theme().base);
    QPainter painter(&image);
    LanePainter lanes;
    lanes.setScale(TimeScale(double(now - 300'000), double(now), 600), 0);
    const auto story = [](qint64 step, qint64 until) {
        LaneStory made;
        made.paces = {{0, step, 3 * step}};
        for (qint64 at = now - 290'000; at < until; at += step)
            made.beats.push_back(at);
        made.lives = {{now - 290'000, now}};
        return made;
    };
    int row = 0;
    const auto paint = [&](const LaneStory &made, bool ended = false) {
        lanes.paintLane(painter, QRect(0, row++ * height, 600, height), layoutLane(made, now - 300'000, now, 500), ended);
    };
    paint(story(10'000, now));
    LaneStory gaps = story(10'000, now);
    std::erase_if(gaps.beats, [](qint64 at) {
        return (at > now - 250'000 && at < now - 230'000) || (at > now - 180'000 && at < now - 110'000);
    });
    paint(gaps);
    LaneStory drain = story(10'000, now - 60'000);
    drain.states = {{StripGeometry::Block::Draining, now - 120'000, now - 60'000}};
    drain.marks = {{StripGeometry::Mark::Start, now - 290'000},
                   {StripGeometry::Mark::CommandSent, now - 135'000},
                   {StripGeometry::Mark::CommandRead, now - 120'000},
                   {StripGeometry::Mark::End, now - 60'000}};
    drain.lives = {{now - 290'000, now - 60'000}};
    paint(drain, true);
    LaneStory expired = story(10'000, now - 150'000);
    expired.lives = {{now - 290'000, now - 120'000}};
    expired.marks = {{StripGeometry::Mark::Expired, now - 120'000}};
    expired.leftovers = {{now - 120'000, now}};
    paint(expired);
    LaneStory dense = story(1'000, now);
    dense.states = {{StripGeometry::Block::Unknown, now - 100'000, now - 70'000}};
    paint(dense);
    FoldedLanes group{now - 300'000, 1'000, {}};
    for (int i = 0; i < 300; ++i) {
        FoldedLanes::Bucket bucket;
        bucket.there = 40;
        bucket.late = i >= 100 && i < 120 ? 38 : i >= 200 && i < 220 ? 8 : 0;
        bucket.lost = i >= 210 && i < 220 ? 2 : 0;
        group.buckets.push_back(bucket);
    }
    lanes.paintGroup(painter, QRect(0, row++ * height, 600, height), group);
    for (int i = 0; i < 5; ++i)
        lanes.paintFold(painter, QRect(0, row * height + i * 4, 600, 4), group);
    lanes.paintPause(painter, QRect(0, 0, 600, 6 * height), double(now - 200'000), double(now - 180'000));
    ++row;
    lanes.paintDepth(painter, QRect(0, row * height, 600, height),
                     {{now - 280'000, 3}, {now - 200'000, 40}, {now - 100'000, 1'000}}, now, 1'000);
    return image;
}

/// A window whose Timeline page is shown.
struct TimelineFixture : CommandFixture
{
    TimelinePage *page = nullptr;
    LaneView *view = nullptr;

    using CommandFixture::CommandFixture;
    std::unique_ptr<MemoryHistory> history; ///< None unless a test makes one.
    void openTimeline(const QSize &size = {1500, 900})
    {
        WindowContext context{scene.store, scene.sources, scene.clock, settings, ledger, rolling, access, timing};
        context.history = history.get();
        window = std::make_unique<MainWindow>(context);
        window->resize(size);
        window->show();
        QVERIFY(QTest::qWaitForWindowActive(window.get())); // Keys go to an active window only.
        window->showPage(u"timeline"_s);
        page = window->findChild<TimelinePage *>();
        view = &page->lanes();
        view->setFocus();
        settle();
    }
    /// What is asked for was answered, and painted.
    void settle() const
    {
        page->refresh();
        QTRY_VERIFY(page->isSettled());
        QTRY_VERIFY(view->pictures().whole() != nullptr);
    }
    TimeWindow &time() const { return page->time(); }
    LaneList &list() const { return view->list(); }
    FleetTableModel &model() const { return window->fleetPage().model(); }
    int rowOf(FleetScene::Part part) const { return list().rowOf(scene.find(part)); }
    /// The place of a row and a time in the viewport; scrolled to, if it has to be.
    QPoint placeOf(int row, double at) const
    {
        view->scrollToRow(row);
        const LaneRow &lane = list().rows()[size_t(row)];
        return {view->laneColumn() + int(view->scale().x(at)), lane.top + lane.height / 2 - view->verticalScrollBar()->value()};
    }
    QPoint nameOf(int row) const { return {view->laneColumn() / 2, placeOf(row, time().from()).y()}; }
    using CommandFixture::click;
    void click(const QPoint &place) const { QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, place); }
    void drag(const QPoint &from, const QPoint &to, Qt::KeyboardModifiers modifiers = {}) const
    {
        QTest::mousePress(view->viewport(), Qt::LeftButton, modifiers, from);
        QMouseEvent move(QEvent::MouseMove, to, view->viewport()->mapToGlobal(to), Qt::NoButton, Qt::LeftButton, modifiers);
        QApplication::sendEvent(view->viewport(), &move);
        QTest::mouseRelease(view->viewport(), Qt::LeftButton, modifiers, to);
    }
    void wheel(const QPoint &place, int steps, Qt::KeyboardModifiers modifiers = {}) const
    {
        QWheelEvent event(place, view->viewport()->mapToGlobal(place), {}, {0, steps * 120}, Qt::NoButton, modifiers,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(view->viewport(), &event);
    }
    void key(int key, Qt::KeyboardModifiers modifiers = {}) const { QTest::keyClick(view, Qt::Key(key), modifiers); }
    const LaneGeometry *geometry(int row) const { return view->pictures().geometryOf(list().rows()[size_t(row)]); }
};

/// How many pixels differ by more than antialiasing does; of two pictures of the same size.
qint64 differentPixels(const QImage &one, const QImage &other)
{
    qint64 different = 0;
    for (int y = 0; y < one.height(); ++y) {
        for (int x = 0; x < one.width(); ++x) {
            const QRgb a = one.pixel(x, y);
            const QRgb b = other.pixel(x, y);
            different += std::abs(qRed(a) - qRed(b)) + std::abs(qGreen(a) - qGreen(b)) + std::abs(qBlue(a) - qBlue(b)) > 24;
        }
    }
    return different;
}

/// What of a widget was painted.
class PaintedRegion : public QObject
{
public:
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Paint)
            region += static_cast<QPaintEvent *>(event)->region();
        return false;
    }
    QRegion region;
};

} // namespace

class TimelinePageTest : public QObject
{
    Q_OBJECT

private slots:
    void lanesAreTheRowsOfTheFleetPage()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        int lanes = 0;
        for (int row = 0; row < f.model().rowCount(); ++row) {
            const WorkerHandle handle = f.model().handleAt(row);
            if (handle == noWorker)
                continue;
            ++lanes;
            QVERIFY(f.list().rowOf(handle) >= 0);
        }
        QVERIFY(lanes > 50);
        // In its order.
        int before = -1;
        for (const LaneRow &row : f.list().rows()) {
            QVERIFY(row.modelRow > before);
            before = row.modelRow;
        }
        // Every lane in sight has what its worker did.
        const LaneGeometry *healthy = f.geometry(f.rowOf(FleetScene::Part::Healthy));
        QVERIFY(healthy && healthy->ticks.size() > 5);
        const LaneGeometry *late = f.geometry(f.rowOf(FleetScene::Part::LateByMuch));
        QVERIFY(late && !late->gaps.empty() && late->gaps.back().open);
        QVERIFY(f.view->rowText(f.rowOf(FleetScene::Part::LateByMuch)).contains(u"longest gap"_s));
        // Groups are collapsed and expanded on both pages.
        const LaneRow heading = f.list().rows().front();
        QCOMPARE(heading.kind, LaneRow::Kind::Heading);
        f.click(f.nameOf(0));
        QVERIFY(f.model().index(heading.modelRow, 0).data(FleetTableModel::GroupCollapsedRole).toBool());
        QVERIFY(f.list().rowOf(f.scene.find(FleetScene::Part::LateByMuch)) < 0);
        QCOMPARE(f.list().rows().front().count, heading.count); // Its lanes are still in its band.
        f.click(f.nameOf(0));
        QVERIFY(f.rowOf(FleetScene::Part::LateByMuch) >= 0);
        auto *group = f.part<QComboBox>(*f.page, "laneGroup");
        group->setCurrentIndex(group->findData(int(FleetGrouping::Type)));
        emit group->activated(group->currentIndex());
        QCOMPARE(f.model().grouping(), FleetGrouping::Type);
        f.settle();
        QVERIFY(f.view->pictures().foldOf(f.list().rows().front()) != nullptr);
    }

    void filterAndSelectionAreShared()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        QTest::keyClick(f.window.get(), Qt::Key_F, Qt::ControlModifier);
        auto *field = f.part<SearchField>(*f.page, "laneFilter");
        QVERIFY(field->hasFocus());
        QTest::keyClicks(field, u"liveness:late"_s);
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(f.view->hasFocus());
        QTRY_COMPARE(f.model().filter().text(), u"liveness:late"_s);
        QCOMPARE(f.window->fleetPage().filterText(), u"liveness:late"_s);
        QVERIFY(f.rowOf(FleetScene::Part::Healthy) < 0);
        f.page->escape();
        QTRY_VERIFY(f.rowOf(FleetScene::Part::Healthy) >= 0);
        QCOMPARE(field->text(), QString());
        // What cannot be read matches nothing, and says why.
        f.window->fleetPage().setFilterText(u"age>many"_s);
        QTRY_COMPARE(field->text(), u"age>many"_s);
        QTRY_VERIFY(f.part<ToneLabel>(*f.page, "laneFilterProblem")->text().contains(u"age>many"_s));
        f.page->escape();
        QTRY_VERIFY(f.rowOf(FleetScene::Part::Healthy) >= 0);

        const WorkerHandle stale = f.scene.find(FleetScene::Part::Stale);
        f.click(f.nameOf(f.list().rowOf(stale)));
        QCOMPARE(f.window->fleetPage().selectedWorkers(), (std::vector<WorkerHandle>{stale}));
        const WorkerHandle other = f.scene.find(FleetScene::Part::Draining);
        f.window->fleetPage().showWorker(other);
        QCOMPARE(f.view->currentRow(), f.list().rowOf(other));
        f.key(Qt::Key_Return);
        QCOMPARE(f.window->currentPage(), u"fleet"_s);
        QCOMPARE(f.window->fleetPage().currentWorker(), other);
    }

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

    void rowsByKeys()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        f.key(Qt::Key_Home);
        QCOMPARE(f.view->currentRow(), 0);
        f.key(Qt::Key_Return);
        QVERIFY(f.model().index(0, 0).data(FleetTableModel::GroupCollapsedRole).toBool());
        f.key(Qt::Key_Return);
        f.key(Qt::Key_Down);
        QCOMPARE(f.view->currentRow(), 1);
        QCOMPARE(f.window->fleetPage().selectedWorkers(), (std::vector<WorkerHandle>{f.list().rows()[1].handle}));
        QVERIFY(!f.view->accessibleDescription().isEmpty());
        f.key(Qt::Key_End);
        const int last = int(f.list().rows().size()) - 1;
        QCOMPARE(f.view->currentRow(), last);
        QCOMPARE(f.view->verticalScrollBar()->value(), f.view->verticalScrollBar()->maximum());
        f.key(Qt::Key_PageUp);
        QVERIFY(f.view->currentRow() < last - 3);
        f.key(Qt::Key_Up);
        QVERIFY(f.view->currentRow() >= 0);
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
        f.settle();
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
            QTRY_VERIFY(panel->report());
            QCOMPARE(panel->report()->scope.from, qint64(span.to));
            QVERIFY(std::abs(double(panel->report()->scope.to) - span.from) < 2);
            panel->close();
            f.page->escape();
            QVERIFY(!button->isVisible());
            f.window.reset();
        }
    }

    void tipsHaveExactTimes()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        f.key(Qt::Key_0);
        f.settle();
        const int row = f.rowOf(FleetScene::Part::Gappy);
        f.view->scrollToRow(row);
        f.settle();
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

    void manyLanesAreFolded()
    {
        TimelineFixture f(2'400, 0, 40);
        f.openTimeline({1300, 800});
        QVERIFY(f.list().isFolding());
        // All of them have a place on the screen.
        QVERIFY(f.list().height() <= f.view->viewport()->height() + 40);
        int fold = -1;
        quint32 lanes = 0;
        for (size_t i = 0; i < f.list().rows().size(); ++i) {
            if (f.list().rows()[i].kind != LaneRow::Kind::Fold)
                continue;
            fold = fold < 0 ? int(i) : fold;
            lanes += f.list().rows()[i].count;
        }
        QVERIFY(fold >= 0);
        QVERIFY(lanes > 2'000);
        f.settle();
        const LaneRow folded = f.list().rows()[size_t(fold)];
        QVERIFY(f.view->pictures().foldOf(folded) != nullptr);
        QVERIFY(f.view->tipAt(f.placeOf(fold, f.time().to() - 5'000)).contains(u"unfold"_s));
        // One click unfolds, Esc folds again.
        f.click(f.placeOf(fold, f.time().to() - 5'000));
        QCOMPARE(f.list().rows()[size_t(fold)].kind, LaneRow::Kind::Lane);
        QVERIFY(f.list().rowOf(folded.handle) == fold);
        f.settle();
        QVERIFY(f.geometry(fold) != nullptr);
        f.page->escape(); // The moment that was clicked.
        f.page->escape();
        QVERIFY(!f.list().hasUnfolded());
        f.list().setFolding(false);
        QVERIFY(f.list().height() > 2'400 * 20);
    }

    void theOverviewMovesAndZooms()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        auto *overview = f.page->findChild<OverviewBar *>();
        f.settle();
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

    void onlyLanesWithGaps()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline({1700, 900});
        f.key(Qt::Key_0);
        auto *box = f.part<QCheckBox>(*f.page, "onlyGaps");
        box->setChecked(true);
        f.settle();
        QTRY_VERIFY(f.rowOf(FleetScene::Part::Skewed) < 0);
        QVERIFY(f.rowOf(FleetScene::Part::Gappy) >= 0);
        box->setChecked(false);
        QTRY_VERIFY(f.rowOf(FleetScene::Part::Skewed) >= 0);
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
        QTRY_VERIFY(line->isVisible());
        QVERIFY2(line->whole().contains(u"Source pause"_s) && line->whole().contains(u"missed beats together"_s),
                 qPrintable(line->whole()));
        QVERIFY(!f.page->flags().pauses().empty());
        const SourcePause pause = f.page->flags().pauses().front();
        QVERIFY(pause.late * 2 >= pause.there);
        f.click(*line, "showPause");
        QVERIFY(f.time().from() < double(pause.from) && f.time().to() >= double(pause.to));
        f.click(*line, "closePause");
        QTRY_VERIFY(!line->isVisible());
        QVERIFY(f.page->findChild<AxisBar *>()->summary().contains(u"paused"_s));
    }

    void theOrderIsShared()
    {
        TimelineFixture f(20, 0, 60);
        f.openTimeline({1600, 900});
        auto *box = f.page->findChild<QComboBox *>(u"laneSort"_s);
        QVERIFY(box->isVisible());
        FleetTableModel &rows = f.window->fleetPage().model();
        const int worker = box->findData(int(FleetColumnId::Worker));
        QVERIFY(worker >= 0);
        const int beat = box->findData(int(FleetColumnId::LastBeat));
        QVERIFY(beat >= 0);
        emit box->activated(beat);
        QCOMPARE(rows.sortColumn(), int(FleetColumnId::LastBeat));
        QCOMPARE(rows.sortOrder(), Qt::AscendingOrder);
        QCOMPARE(box->currentIndex(), beat);
        emit box->activated(beat);
        QCOMPARE(rows.sortOrder(), Qt::DescendingOrder);
        QVERIFY(box->currentText().endsWith(u"↓"_s));
        // Chosen on the Fleet page it is here, too.
        f.window->fleetPage().list().setSorting(int(FleetColumnId::Worker), Qt::AscendingOrder);
        QCOMPARE(box->currentIndex(), worker);
        f.window.reset();
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
        QTRY_VERIFY(f.time().earliest() <= double(now - 7'200'000));
        auto *line = f.page->findChild<PauseLine *>();
        QVERIFY(!line->isVisible());
        f.time().show(double(now - 3'700'000), double(now - 3'400'000));
        QTRY_VERIFY(line->isVisible());
        QVERIFY2(line->whole().contains(u"7 of 10"_s), qPrintable(line->whole()));
        QTRY_VERIFY(f.page->findChild<AxisBar *>()->summary().contains(u"paused"_s));
        // Elsewhere nothing is said.
        f.time().show(double(now - 3'000'000), double(now - 2'900'000));
        QTRY_VERIFY(!line->isVisible());
        f.window.reset();
    }

    void queuesAreLanesOfDepth()
    {
        TimelineFixture f(12, 0, 40);
        QueueScene queues(f.scene);
        f.openTimeline();
        int row = -1;
        for (size_t i = 0; i < f.list().rows().size(); ++i) {
            if (f.list().rows()[i].kind == LaneRow::Kind::Queue && f.list().queues()[f.list().rows()[i].serial].name == "low")
                row = int(i);
        }
        QVERIFY(row >= 0);
        QVERIFY(f.view->rowText(row).contains(u"1,204"_s));
        const auto countHeadings = [&] {
            return std::count_if(f.list().rows().begin(), f.list().rows().end(),
                                 [](const LaneRow &one) { return one.kind == LaneRow::Kind::QueueHeading; });
        };
        QCOMPARE(countHeadings(), 1);
        // By system, each stands under its workers.
        f.window->fleetPage().list().setGrouping(FleetGrouping::System);
        QCOMPARE(countHeadings(), 0);
        int heading = -1;
        for (size_t i = 0; i < f.list().rows().size(); ++i) {
            const LaneRow &one = f.list().rows()[i];
            if (one.kind == LaneRow::Kind::Heading)
                heading = int(i);
            if (one.kind == LaneRow::Kind::Queue)
                QVERIFY(f.scene.store.worker((*f.list().order())[f.list().rows()[size_t(heading)].first]).traits->layout
                        == f.list().queues()[one.serial].system);
        }
        f.window->fleetPage().list().setGrouping(FleetGrouping::Attention);
        f.view->setCurrentRow(row);
        f.key(Qt::Key_Return);
        QCOMPARE(f.window->currentPage(), u"queues"_s);
    }

    void nothingIsFollowedWhileItIsHidden()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        f.window->showPage(u"fleet"_s);
        const auto token = f.view->pictures().whole()->token;
        QSignalSpy laid(&f.list(), &LaneList::changed);
        f.scene.advance(5'000);
        const WorkerHandle late = f.scene.find(FleetScene::Part::LateByMuch);
        f.window->fleetPage().showWorker(late);
        QCoreApplication::processEvents();
        QCOMPARE(f.view->pictures().whole()->token, token);
        QVERIFY(laid.isEmpty());
        // Shown again it has what came meanwhile, and who was selected.
        f.window->showPage(u"timeline"_s);
        f.settle();
        QCOMPARE(f.view->currentRow(), f.list().rowOf(late));
        QTRY_VERIFY(f.view->pictures().whole()->token > token);
        const LaneGeometry *lane = f.geometry(f.rowOf(FleetScene::Part::Healthy));
        QVERIFY(lane && !lane->ticks.empty());
    }

    void thePastComesFromTheHistory()
    {
        TimelineFixture f(20, 0, 60);
        const qint64 now = f.scene.clock.nowMs();
        const WorkerHandle handle = f.scene.find(FleetScene::Part::Healthy);
        const Worker &worker = f.scene.store.worker(handle);
        f.history = std::make_unique<MemoryHistory>();
        f.history->given.recording = true;
        f.history->given.from = now - 7'200'000;
        // The same worker an hour ago, with a gap of a minute; and one that is no longer there.
        const auto record = [&](LaneId id, const QByteArray &name, qint64 from, qint64 to, qint64 gapAt) {
            HistoryLane lane;
            lane.id = id;
            lane.source = f.scene.store.sourceName(worker.source);
            lane.system = worker.traits->fullKind();
            lane.name = name;
            lane.type = u"chromium"_s;
            lane.first = from;
            lane.last = to;
            f.history->lanes.push_back(lane);
            LaneTrack &track = f.history->tracks[id];
            for (const auto &[fact, value] : {std::pair(LaneFact::Status, qint64(WorkerStatus::Available)),
                                              {LaneFact::Liveness, qint64(Liveness::Alive)},
                                              {LaneFact::Interval, qint64(10'000)}})
                track.changes.push_back({id, fact, from, value});
            for (qint64 at = from; at < to; at += 10'000) {
                if (at < gapAt || at >= gapAt + 60'000)
                    track.beats.push_back(at);
            }
        };
        record(1, worker.id, now - 7'200'000, now, now - 3'600'000);
        record(2, "chromium:00000000-gone-4000-8000-000000000000", now - 7'000'000, now - 3'400'000, now - 3'600'000);
        f.history->tracks[2].changes.push_back({2, LaneFact::End, now - 3'400'000, qint64(WorkerEnd::Drained)});
        HistoryRun first;
        first.from = now - 7'200'000;
        first.to = now - 3'000'000;
        HistoryRun second;
        second.from = now - 2'400'000;
        second.to = now;
        second.open = true;
        f.history->overview.runs = {first, second};
        f.history->overview.cells = {{now - 7'200'000, 100, 100, 20, 0, 0}, {now - 3'600'000, 90, 100, 20, 3, 1}};
        f.history->cell.worst = quint8(Liveness::Alive);
        f.history->cell.received = f.history->cell.expected = 1;
        HistoryEvent timing;
        timing.at = now - 3'650'000;
        timing.kind = u"timing"_s;
        timing.step = u"applied"_s;
        timing.by = u"op-2"_s;
        f.history->events = {timing};
        HistoryEvent version = timing;
        version.kind = u"version"_s;
        version.source = u"prod"_s;
        version.facts = {{u"to"_s, u"2.8.1"_s}};
        f.history->events.push_back(version);

        f.openTimeline();
        QTRY_VERIFY(f.time().earliest() <= double(now - 7'200'000));
        f.time().show(double(now - 3'700'000), double(now - 3'300'000));
        const int row = f.list().rowOf(handle);
        f.view->scrollToRow(row);
        QTRY_VERIFY(f.geometry(row) && f.geometry(row)->longest >= 70'000);
        const LaneGeometry *lane = f.geometry(row);
        QVERIFY(std::any_of(lane->gaps.begin(), lane->gaps.end(), [](const LaneGap &gap) { return gap.lost; }));
        const QString tip = f.view->tipAt(f.placeOf(row, double(now - 3'570'000)));
        QVERIFY2(tip.contains(u"gap "_s), qPrintable(tip));
        // Who else was late is older than the store remembers: the history says it.
        QTRY_VERIFY(f.view->tipAt(f.placeOf(row, double(now - 3'570'000))).contains(u"1 other lane was late then"_s));
        // One that began while the store watched keeps its start.
        const WorkerHandle fresh = f.scene.addWorker();
        f.scene.advance(25'000);
        f.time().followNow();
        QTRY_VERIFY(f.geometry(f.list().rowOf(fresh)) && !f.geometry(f.list().rowOf(fresh))->marks.empty());
        QCOMPARE(f.geometry(f.list().rowOf(fresh))->marks.front().mark, StripGeometry::Mark::Start);
        f.time().show(double(now - 3'700'000), double(now - 3'300'000));
        // The one that is gone has a lane at the end, with its end.
        QTRY_COMPARE(f.list().rows().back().kind, LaneRow::Kind::Gone);
        const int gone = int(f.list().rows().size()) - 1;
        f.view->scrollToRow(gone);
        QTRY_VERIFY(f.geometry(gone) && !f.geometry(gone)->ticks.empty());
        QCOMPARE(f.geometry(gone)->marks.back().mark, StripGeometry::Mark::End);
        QVERIFY(f.view->rowText(gone).contains(u"last seen"_s));
        f.key(Qt::Key_End);
        f.key(Qt::Key_Return); // There is nothing to open.
        QCOMPARE(f.window->currentPage(), u"timeline"_s);
        // What happened then is flagged, and the time between two recordings is marked.
        auto *axis = f.page->findChild<AxisBar *>();
        QTRY_VERIFY2(axis->summary().contains(u"timing"_s) && axis->summary().contains(u"version 2.8.1"_s),
                     qPrintable(axis->summary()));
        QVERIFY(f.page->sourceText().contains(u"Recorded since"_s));
        // A filter of the present hides it, one of its id does not.
        f.window->fleetPage().setFilterText(u"gone"_s);
        QTRY_COMPARE(f.list().rows().back().kind, LaneRow::Kind::Gone);
        f.window->fleetPage().setFilterText(u"liveness:alive"_s);
        QTRY_VERIFY(f.list().rows().back().kind != LaneRow::Kind::Gone);
        f.window->fleetPage().setFilterText({});
        // It can no longer be written: that is said, and the page goes on.
        HistoryState broken;
        broken.message = u"The disk is full."_s;
        f.history->setState(broken);
        QVERIFY(f.page->sourceText().contains(u"The disk is full."_s));
        f.window.reset();
    }

    /// What lanes look like, pixel by pixel within a tolerance. No text is in it, so that fonts do not matter. A changed look is
    /// written by PULSEDECK_WRITE_PICTURES=1, and is to be looked at.
    void lanesLookAsTheyDid_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("lanes-dark") << true;
        QTest::newRow("lanes-light") << false;
    }
    void lanesLookAsTheyDid()
    {
        QFETCH(bool, dark);
        Theme::instance().setChoice(dark ? ThemeChoice::Dark : ThemeChoice::Light);
        const QImage painted = paintedLanes();
        Theme::instance().setChoice(ThemeChoice::System);
        const QString file = QStringLiteral(PULSEDECK_PICTURES "/%1.png").arg(QLatin1StringView(QTest::currentDataTag()));
        if (qEnvironmentVariableIsSet("PULSEDECK_WRITE_PICTURES"))
            QVERIFY(painted.save(file));
        const QImage kept = QImage(file).convertToFormat(QImage::Format_RGB32);
        QCOMPARE(kept.size(), painted.size());
        const qint64 different = differentPixels(kept, painted);
        // One pixel in two hundred: antialiasing differs from one version of Qt to the next.
        QVERIFY2(different * 200 <= qint64(kept.width()) * kept.height(), qPrintable(QString::number(different)));
    }

    /// Panning does not paint the names, and leaves on the window what painting everything would.
    void panningPaintsTheTimesAlone()
    {
        TimelineFixture f(60, -1, 130);
        f.openTimeline();
        // No timer in between: only what is to be painted.
        const auto paint = [&f] { QCoreApplication::sendPostedEvents(f.window.get(), QEvent::UpdateRequest); };
        f.view->viewport()->update();
        paint();
        PaintedRegion painted;
        f.view->viewport()->installEventFilter(&painted);
        f.time().pan(-0.2 * f.time().span());
        paint();
        QCOMPARE(painted.region.boundingRect().left(), f.view->timeArea().left() - 1);
        QCOMPARE(painted.region.boundingRect().right(), f.view->viewport()->rect().right());
        const QPoint place = f.view->viewport()->mapTo(f.window.get(), QPoint());
        const QSize size = f.view->viewport()->size();
        const QImage seen = f.window->screen()
                                ->grabWindow(f.window->winId(), place.x(), place.y(), size.width(), size.height())
                                .toImage()
                                .convertToFormat(QImage::Format_RGB32);
        const QImage whole = f.view->viewport()->grab().toImage().convertToFormat(QImage::Format_RGB32);
        QCOMPARE(seen.size(), whole.size());
        QVERIFY(differentPixels(seen, whole) < 50); // A mark with smooth edges is cut elsewhere by the region that is painted.
        // A name that changes is painted.
        painted.region = {};
        f.page->refresh();
        paint();
        QCOMPARE(painted.region.boundingRect().left(), 0);
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

PULSEDECK_TEST(TimelinePageTest, runWithTheme)
#include "timelinepage_test.moc"
