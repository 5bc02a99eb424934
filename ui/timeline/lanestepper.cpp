// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanestepper.h"

#include "ui/timeline/laneasker.h"
#include "ui/timeline/lanepast.h"
#include "ui/timeline/lanesteps.h"
#include "ui/timeline/laneview.h"

#include <algorithm>

namespace pulsedeck {

LaneStepper::LaneStepper(LaneView &view, LaneAsker &asker, const TimelineFlags &flags, TimeWindow &window, LanePast *past,
                         QObject *parent)
    : QObject(parent)
    , m_view(view)
    , m_asker(asker)
    , m_flags(flags)
    , m_window(window)
    , m_past(past)
{
    if (past)
        connect(past, &LanePast::changed, this, &LaneStepper::look);
}

void LaneStepper::go(int direction)
{
    Search search;
    const int row = m_view.currentRow();
    search.row = row >= 0 ? m_view.list().rows()[size_t(row)].key() : 0;
    search.direction = direction < 0 ? -1 : 1;
    search.cursor = m_view.cursor();
    search.windowFrom = m_window.from();
    search.following = m_window.isFollowing();
    search.from = search.cursor ? *search.cursor : direction > 0 ? m_window.from() : m_window.to();
    m_search = search;
    look();
}

void LaneStepper::giveUp()
{
    m_search.reset();
}

/// A hand went somewhere else meanwhile: what is found now would take it away from there.
bool LaneStepper::isLeft() const
{
    const int row = m_search->row == 0 ? -1 : m_view.list().rowOfKey(m_search->row);
    if (row != m_view.currentRow() || m_search->cursor != m_view.cursor() || m_search->following != m_window.isFollowing())
        return true;
    return !m_search->following && m_search->windowFrom != m_window.from(); // While it follows time moves it.
}

void LaneStepper::look()
{
    if (!m_search)
        return;
    if (isLeft()) {
        giveUp();
        return;
    }
    const int row = m_view.currentRow();
    const FleetStore &store = m_view.list().model().store();
    const qint64 now = store.viewNow();
    LaneSteps steps;
    steps.add(m_flags.flags());
    LaneId lane = noLane;
    qint64 until = now; // From here on the store knows it.
    if (row >= 0) {
        const LaneRow &shown = m_view.list().rows()[size_t(row)];
        if (shown.kind == LaneRow::Kind::Lane) {
            steps.add(m_asker.story(shown.handle, qint64(m_window.from()), now), now);
            const BeatHistory &beats = store.beats(shown.handle);
            if (!beats.isEmpty())
                until = beats.at(0, now) - 1;
            lane = m_past ? m_past->laneOf(shown.handle) : noLane;
        } else if (shown.kind == LaneRow::Kind::Gone) {
            lane = shown.serial;
        }
    }
    const double from = m_search->from;
    const int direction = m_search->direction;
    const HistoryLane *known = m_past && lane != noLane ? m_past->lane(lane) : nullptr;
    // What was recorded on this side of it, as far as it is looked at now.
    const qint64 first = known ? std::max(known->first, direction > 0 ? qint64(from) : known->first) : 0;
    const qint64 last = known ? std::min({known->last, until, direction < 0 ? qint64(from) : until}) : 0;
    const auto goTo = [this](std::optional<qint64> at) {
        const int side = m_search->direction;
        m_search.reset();
        if (!at) {
            emit nothingFound(side);
            return;
        }
        m_view.setCursorTime(double(*at));
        m_window.reveal(double(*at));
    };
    const std::optional<qint64> near = steps.next(from, direction);
    // One that is nearer than all that was recorded needs no look there.
    if (!known || first >= last || (near && (direction > 0 ? *near < first : *near > last))) {
        goTo(near);
        return;
    }
    while (true) {
        const qint64 begin = direction > 0 ? first : std::max(first, last - m_search->reachMs);
        const qint64 end = direction > 0 ? std::min(last, first + m_search->reachMs) : last;
        const auto story = m_past->story(lane, begin, end);
        if (!story) {
            m_past->want({lane}, begin, end); // It goes on when that has come.
            return;
        }
        LaneSteps all = steps;
        all.add(*story, std::min(known->last, until));
        const std::optional<qint64> found = all.next(from, direction);
        if ((begin == first && end == last) || (found && (direction > 0 ? *found <= end : *found >= begin))) {
            goTo(found);
            return;
        }
        m_search->reachMs *= reachGrows;
    }
}

} // namespace pulsedeck
