// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/laneasker.h"

#include "ui/timeline/lanepast.h"
#include "ui/timeline/laneview.h"

#include <algorithm>
#include <utility>

namespace pulsedeck {

namespace {

/// A picture is used while one zooms until its pixels are this much off.
constexpr double pictureZoom = 1.6;
/// Rows that are one lane, in one question.
constexpr int mostStories = 400;

} // namespace

LaneAsker::LaneAsker(LaneView &view, TimeWindow &window, LanePast *past, QObject *parent)
    : QObject(parent)
    , m_view(view)
    , m_window(window)
    , m_past(past)
    , m_store(view.list().model().store())
    , m_feed(m_store)
    , m_events(m_store)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &LaneAsker::ask);
    connect(&m_feed, &LaneFeed::overviewed, this, &LaneAsker::overviewed);
    connect(&m_feed, &LaneFeed::ready, this, [this] {
        emit ready(m_feed.firstBeat());
        want(true);
    });
    connect(&m_feed, &LaneFeed::answered, this, [this](const SharedLanePicture &picture) {
        emit answered(picture);
        if (picture->last && std::exchange(m_pending, false))
            want(false);
    });
}

void LaneAsker::setActive(bool active)
{
    m_active = active;
    m_feed.setActive(active);
}

void LaneAsker::want(bool again)
{
    m_fresh = m_fresh || again;
    if (m_active && !m_soon.isActive())
        m_soon.start();
}

void LaneAsker::wantAsTimeGoes()
{
    const SharedLanePicture &picture = m_view.pictures().whole();
    // What is seen ends before the last picture does: nothing new can be in it.
    const bool newer = !picture || double(picture->now) <= m_window.to();
    if (!m_soon.isActive() && picture && newer)
        m_onlyTime = true;
    want(newer);
}

/// Whether the last picture has all that is seen, closely enough.
bool LaneAsker::coversView() const
{
    const SharedLanePicture &picture = m_view.pictures().whole();
    const double perPixel = m_view.scale().msPerPixel();
    if (!picture || double(picture->from) > m_window.from() || double(picture->to) < std::min(m_window.to(), double(picture->now))
        || picture->msPerPixel > perPixel * pictureZoom || picture->msPerPixel < perPixel / pictureZoom)
        return false;
    const auto [first, last] = m_view.wantedRows();
    for (int i = first; i < last; ++i) {
        const LaneRow &row = m_view.list().rows()[size_t(i)];
        if (row.isLane() ? !m_view.pictures().geometryOf(row) : row.standsForMany() && !m_view.pictures().foldOf(row))
            return false;
    }
    return true;
}

LaneStory LaneAsker::story(WorkerHandle handle, qint64 from, qint64 to)
{
    m_events.follow({m_store.worker(handle).serial});
    return knownLane(0, handle, from, to).whole();
}

/// Of one whose events are followed.
KnownLane LaneAsker::knownLane(quint64 key, WorkerHandle handle, qint64 from, qint64 to)
{
    KnownLane lane{key, storyOf(m_store, handle, m_events.of(m_store.worker(handle).serial)), nullptr, 0};
    // While its ring is not full the store knows its whole life, from its start on.
    lane.seam = lane.story.beats.empty() ? m_store.viewNow() : lane.story.beats.front();
    if (m_store.beats(handle).size() < BeatHistory::capacity && !lane.story.lives.empty())
        lane.seam = std::min(lane.seam, lane.story.lives.front().from);
    if (m_past && from < lane.seam)
        lane.before = m_past->story(m_past->laneOf(handle), from, std::min(to, lane.seam));
    return lane;
}

void LaneAsker::ask()
{
    const bool light = std::exchange(m_onlyTime, false) && coversView() && !m_feed.isRested();
    if (!m_active || (!m_fresh && coversView()))
        return;
    if (!m_feed.isIdle()) {
        m_pending = true; // One question at a time: else a hand that moves on and on would never get an answer.
        return;
    }
    m_fresh = false;
    LaneAsk ask;
    // All lanes are asked about once the store was taken over.
    ask.alone = light || !m_feed.isReady();
    // One span before and behind what is seen, so that panning has it already.
    ask.from = qint64(std::max(0.0, m_window.from() - m_window.span()));
    ask.to = qint64(m_window.to() + m_window.span());
    ask.msPerPixel = m_view.scale().msPerPixel();
    ask.order = m_view.list().order();
    const auto [first, last] = m_view.wantedRows();
    const qint64 until = std::min(ask.to, m_store.viewNow());
    // All at once: each that is new costs a pass over the events of the store.
    std::vector<quint32> serials;
    for (int i = first; i < last && int(serials.size()) < mostStories; ++i) {
        if (const LaneRow &row = m_view.list().rows()[size_t(i)]; row.kind == LaneRow::Kind::Lane)
            serials.push_back(m_store.worker(row.handle).serial);
    }
    m_events.follow(serials);
    int stories = 0;
    std::vector<LaneId> recorded; // Of which more than the store knows is to be read.
    for (int i = first; i < last; ++i) {
        const LaneRow &row = m_view.list().rows()[size_t(i)];
        if (row.kind == LaneRow::Kind::Lane && stories++ < mostStories) {
            const BeatHistory &beats = m_store.beats(row.handle);
            const qint64 known = beats.isEmpty() ? until : beats.at(0, until);
            if (const LaneId lane = m_past && ask.from < known ? m_past->laneOf(row.handle) : noLane; lane != noLane)
                recorded.push_back(lane);
            ask.stories.push_back(knownLane(row.key(), row.handle, ask.from, until));
        } else if (row.kind == LaneRow::Kind::Gone && m_past && stories++ < mostStories) {
            recorded.push_back(row.serial);
            if (auto before = m_past->story(row.serial, ask.from, until))
                ask.stories.push_back({row.key(), {}, std::move(before), 0});
        } else if (row.standsForMany()) {
            ask.ranges.push_back({row.key(), row.first, row.count, row.place()});
        }
    }
    if (m_past) {
        m_past->want(recorded, ask.from, until);
        wantPastFold(ask, until);
    }
    m_feed.ask(std::move(ask));
}

/// Rows of many lanes, for the time before the store knows all of them.
void LaneAsker::wantPastFold(LaneAsk &ask, qint64 until)
{
    const qint64 complete = m_view.pictures().whole() ? m_view.pictures().whole()->completeFrom : 0;
    if (complete > 0 && ask.from >= complete)
        return;
    // One step coarser than what is painted: it changes less often, and is asked for less often.
    const qint64 bucketMs = bucketFor(ask.msPerPixel * 2);
    const qint64 step = bucketMs * 200;
    const qint64 from = ask.from / step * step;
    const int buckets = int(std::min<qint64>(10'000, ((until - from) / step + 1) * step / bucketMs));
    m_past->wantFold(ask.ranges, *ask.order, from, bucketMs, buckets);
    std::vector<quint64> keys;
    for (const LaneRange &range : ask.ranges)
        keys.push_back(range.key);
    ask.past = m_past->fold(keys);
}

} // namespace pulsedeck
