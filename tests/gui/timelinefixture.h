// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/gui/commandfixture.h"
#include "tests/support/memoryhistory.h"
#include "tests/support/patience.h"
#include "ui/fleet/fleetpage.h"
#include "ui/timeline/laneview.h"
#include "ui/timeline/timelinepage.h"

#include <QScrollBar>
#include <QWheelEvent>

namespace pulsedeck {

/// A window whose Timeline page is shown.
struct TimelineFixture : CommandFixture
{
    TimelinePage *page = nullptr;
    LaneView *view = nullptr;

    using CommandFixture::CommandFixture;
    std::unique_ptr<MemoryHistory> history; ///< None unless a test makes one.
    /// In the history: a lane of \a like's source and system that beats every ten seconds from \a from to \a to, but for a minute
    /// from \a gapAt on.
    void record(LaneId id, const Worker &like, const QByteArray &name, qint64 from, qint64 to, qint64 gapAt) const
    {
        HistoryLane lane;
        lane.id = id;
        lane.source = scene.store.sourceName(like.source);
        lane.system = like.traits->fullKind();
        lane.name = name;
        lane.type = QStringLiteral("chromium");
        lane.first = from;
        lane.last = to;
        history->lanes.push_back(lane);
        LaneTrack &track = history->tracks[id];
        for (const auto &[fact, value] : {std::pair(LaneFact::Status, qint64(WorkerStatus::Available)),
                                          {LaneFact::Liveness, qint64(Liveness::Alive)},
                                          {LaneFact::Interval, qint64(10'000)}})
            track.changes.push_back({id, fact, from, value});
        for (qint64 at = from; at < to; at += 10'000) {
            if (at < gapAt || at >= gapAt + 60'000)
                track.beats.push_back(at);
        }
    }
    void openTimeline(const QSize &size = {1500, 900})
    {
        WindowContext context{scene.store, scene.sources, scene.clock, settings, ledger, rolling, access, timing};
        context.history = history.get();
        window = std::make_unique<MainWindow>(context);
        window->resize(size);
        window->show();
        QVERIFY(QTest::qWaitForWindowActive(window.get(), patience)); // Keys go to an active window only.
        window->showPage(QStringLiteral("timeline"));
        page = window->findChild<TimelinePage *>();
        view = &page->lanes();
        view->setFocus();
        QVERIFY(settle());
    }
    /// What is asked for was answered, and painted.
    bool settle() const
    {
        page->refresh();
        return QTest::qWaitFor([this] { return page->isSettled() && view->pictures().whole() != nullptr; }, patience);
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

} // namespace pulsedeck
