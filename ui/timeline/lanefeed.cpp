// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanefeed.h"

#include "ui/timeline/lanestory.h"
#include "ui/timeline/rangepieces.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

namespace pulsedeck {

namespace {

/// In less than this a fleet has too few beats for a rate.
constexpr qint64 shortestOverviewMs = 10'000;

MirroredLane mirrored(const FleetStore &store, WorkerHandle handle)
{
    const StripFacts facts = stripFacts(store, handle);
    constexpr qint64 most = std::numeric_limits<qint32>::max();
    MirroredLane lane;
    lane.startedAt = facts.startedAt;
    lane.endedAt = facts.departed || facts.countersLeft ? std::max<qint64>(1, facts.endedAt) : 0;
    lane.crashedSince = lane.endedAt > 0 ? store.crashedBeforeEnd(handle) : store.crashedSince(handle);
    // A key that never expires was written once: no beat is expected.
    const bool beats = store.worker(handle).liveness != Liveness::NoTtl;
    lane.interval = !beats ? qint32(most) : qint32(std::clamp<qint64>(facts.limits.interval, 1, most));
    lane.lostAfter = qint32(std::clamp<qint64>(facts.limits.lostAfter, 1, most));
    lane.source = store.worker(handle).source;
    if (facts.past)
        lane.past = *facts.past;
    return lane;
}

/// Rows that overlap share the passes over their lanes.
QHash<quint64, FoldedLanes> foldRows(const LaneMirror &mirror, const LaneAsk &ask, const std::atomic<quint64> &newest)
{
    QHash<quint64, FoldedLanes> rows;
    if (!ask.order || ask.ranges.empty())
        return rows;
    const qint64 bucketMs = bucketFor(ask.msPerPixel);
    const qint64 from = ask.from / bucketMs * bucketMs;
    const int buckets = int(std::min<qint64>(20'000, (ask.to - from) / bucketMs + 1));
    LaneFolder folder(from, bucketMs, buckets);
    const RangePieces pieces(ask.ranges, ask.order->size());
    std::vector<FoldedLanes> folded(pieces.count());
    std::vector<int> users(pieces.count());
    for (size_t piece = 0; piece < pieces.count(); ++piece) {
        users[piece] = pieces.users(piece);
        if (users[piece] == 0)
            continue;
        if (newest.load(std::memory_order_relaxed) != ask.token)
            return {}; // Something newer is wanted.
        mirror.fold(std::span(*ask.order).subspan(pieces.first(piece), pieces.end(piece) - pieces.first(piece)), ask.now, folder);
        folded[piece] = folder.take();
    }
    const qint64 completeFrom = ask.past ? mirror.completeFrom(ask.now) : 0;
    // Rows of one piece are many, and take it as it is once what is made of several has added them up.
    for (const size_t number : pieces.largestFirst()) {
        const LaneRange &range = ask.ranges[number];
        const auto [first, end] = pieces.of(number);
        FoldedLanes row;
        for (size_t piece = first; piece < end; ++piece) {
            const bool last = --users[piece] == 0;
            if (row.buckets.empty()) {
                if (last)
                    row = std::move(folded[piece]);
                else
                    row = folded[piece];
                continue;
            }
            for (size_t i = 0; i < row.buckets.size(); ++i) {
                FoldedLanes::Bucket &sum = row.buckets[i];
                const FoldedLanes::Bucket &more = folded[piece].buckets[i];
                sum.there += more.there;
                sum.late += more.late;
                sum.lost += more.lost;
                sum.unknown += more.unknown;
            }
        }
        if (ask.past && int(number) < ask.past->rows && !row.buckets.empty())
            replaceBefore(row, foldedRow(*ask.past, int(number), range.count), completeFrom);
        rows.emplace(range.key, std::move(row));
    }
    return rows;
}

} // namespace

LaneFeed::LaneFeed(const FleetStore &store, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_context(new QObject)
{
    m_thread.setObjectName(QStringLiteral("lanes"));
    m_context->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_context, &QObject::deleteLater);
    m_thread.start(QThread::LowPriority);
    connect(&store, &FleetStore::published, this, &LaneFeed::onPublished);
    m_nextSlice.setSingleShot(true);
    connect(&m_nextSlice, &QTimer::timeout, this, &LaneFeed::takeSlice);
    m_forget.setSingleShot(true);
    m_forget.setInterval(forgetAfterMs);
    connect(&m_forget, &QTimer::timeout, this, [this] {
        QMetaObject::invokeMethod(m_context, [mirror = m_mirror] { *mirror = LaneMirror(); });
        m_known.clear();
        m_known.shrink_to_fit();
        m_unknownSpans = std::numeric_limits<size_t>::max(); // They are sent again, even if they stay as they are.
    });
}

LaneFeed::~LaneFeed()
{
    m_newest->store(0); // What is under way is of no use any more.
    m_thread.quit();
    m_thread.wait();
}

void LaneFeed::setActive(bool active)
{
    if (std::exchange(m_active, active) == active)
        return;
    m_ready = false;
    if (active) {
        m_forget.stop();
        beginRound();
        return;
    }
    m_forget.start();
    m_nextSlice.stop();
    m_round.clear();
    // What waits is answered when the page is shown again.
    m_waiting.insert(m_waiting.begin(), std::move_iterator(m_afterRound.begin()), std::move_iterator(m_afterRound.end()));
    m_afterRound.clear();
    m_touched.clear();
    m_isTouched.assign(m_isTouched.size(), 0);
    m_all = true;
}

void LaneFeed::onPublished(const FleetChanges &changes)
{
    if (!m_active)
        return;
    if (changes.reset)
        m_all = true;
    for (const auto *list : {&changes.added, &changes.changed, &changes.removed}) {
        for (const WorkerHandle handle : *list)
            note(handle);
    }
}

void LaneFeed::note(WorkerHandle handle)
{
    if (m_isTouched.size() <= handle)
        m_isTouched.resize(size_t(handle) + 1);
    if (!std::exchange(m_isTouched[handle], quint8(1)))
        m_touched.push_back(handle);
}

void LaneFeed::whenUpToDate(std::function<void()> job)
{
    m_waiting.push_back(std::move(job));
    if (m_active && !m_nextSlice.isActive())
        beginRound();
}

void LaneFeed::beginRound()
{
    m_afterRound.swap(m_waiting);
    m_round.clear();
    m_roundDone = 0;
    if (std::exchange(m_all, false)) {
        m_firstBeat = 0;
        m_round.resize(size_t(m_store.capacity()));
        std::iota(m_round.begin(), m_round.end(), WorkerHandle(0));
    } else {
        m_round.swap(m_touched);
    }
    m_touched.clear();
    std::fill(m_isTouched.begin(), m_isTouched.end(), quint8(0));
    takeSlice();
}

void LaneFeed::takeSlice()
{
    const size_t end = std::min(m_round.size(), m_roundDone + lanesInSlice);
    LaneNews news = takeNews(m_roundDone, end);
    m_roundDone = end;
    const bool last = end == m_round.size();
    if (last)
        takeUnknownSpans(news);
    if (!news.isEmpty())
        QMetaObject::invokeMethod(m_context,
                                  [mirror = m_mirror, news = std::move(news)]() mutable { mirror->apply(std::move(news)); });
    if (!last) {
        m_nextSlice.start(0);
        return;
    }
    m_round.clear();
    for (const auto &job : m_afterRound)
        QMetaObject::invokeMethod(m_context, job);
    m_afterRound.clear();
    if (!std::exchange(m_ready, true))
        emit ready();
    // What was asked for meanwhile is about a later moment.
    if (!m_waiting.empty() && m_active && !m_nextSlice.isActive())
        beginRound();
}

/// Of these lanes of the round.
LaneNews LaneFeed::takeNews(size_t first, size_t end)
{
    LaneNews news;
    const qint64 now = m_store.viewNow();
    const auto capacity = size_t(m_store.capacity());
    m_known.resize(std::max(m_known.size(), capacity));
    for (size_t i = first; i < end; ++i) {
        const WorkerHandle handle = m_round[i];
        if (handle >= capacity)
            continue;
        Known &known = m_known[handle];
        const Worker &worker = m_store.worker(handle);
        if (!worker.used) {
            if (std::exchange(known.serial, 0) != 0)
                news.gone.push_back(handle);
            continue;
        }
        const BeatHistory &beats = m_store.beats(handle);
        const qint64 oldest = beats.isEmpty() ? 0 : beats.at(0, now);
        const qint64 last = beats.isEmpty() ? 0 : beats.at(beats.size() - 1, now);
        if (oldest > 0 && (m_firstBeat == 0 || oldest < m_firstBeat))
            m_firstBeat = oldest;
        const MirroredLane lane = mirrored(m_store, handle);
        const bool lost = oldest > known.lastBeat; // More came than the ring holds.
        if (known.serial != worker.serial || lost) {
            if (news.whole.empty())
                news.whole.reserve(end - i);
            news.whole.push_back({handle, lane, beats});
        } else {
            if (lane != known.lane)
                news.facts.emplace_back(handle, lane);
            int fresh = beats.size();
            while (fresh > 0 && beats.at(fresh - 1, now) > known.lastBeat)
                --fresh;
            for (; fresh < beats.size(); ++fresh)
                news.beats.emplace_back(handle, beats.at(fresh, now));
        }
        known = {worker.serial, last, lane};
    }
    return news;
}

void LaneFeed::takeUnknownSpans(LaneNews &news)
{
    size_t spans = 0;
    for (const SourceId source : m_store.sources()) {
        for (const UnknownSpan &span : m_store.unknownSpans(source))
            spans += span.to > 0 ? 2 : 1;
    }
    if (std::exchange(m_unknownSpans, spans) == spans)
        return;
    for (const SourceId source : m_store.sources()) {
        news.unknown.resize(std::max<size_t>(news.unknown.size(), size_t(source) + 1));
        news.unknown[source] = m_store.unknownSpans(source);
    }
}

quint64 LaneFeed::ask(LaneAsk asked)
{
    asked.token = ++m_asked;
    asked.now = m_store.viewNow();
    m_newest->store(asked.token);
    const auto ask = std::make_shared<const LaneAsk>(std::move(asked));
    const auto send = [this](const std::shared_ptr<LanePicture> &picture) {
        // This outlives the thread, which its destructor ends.
        QMetaObject::invokeMethod(this, [this, picture] {
            if (picture->last)
                m_answered = picture->token;
            if (picture->whole && picture->last)
                m_wholeMs = m_asking.elapsed();
            emit answered(picture);
        });
    };
    const auto single = std::make_shared<LanePicture>();
    QMetaObject::invokeMethod(m_context, [newest = m_newest, ask, single, send] {
        single->token = ask->token;
        single->now = ask->now;
        single->from = ask->from;
        single->to = ask->to;
        single->msPerPixel = ask->msPerPixel;
        if (newest->load() != ask->token)
            return;
        for (const KnownLane &lane : ask->stories)
            single->lanes.insert(lane.key, layoutLane(lane.whole(), ask->from, ask->to, ask->msPerPixel));
        single->last = ask->alone;
        send(single);
    });
    if (ask->alone)
        return m_asked;
    m_asking.start();
    whenUpToDate([mirror = m_mirror, newest = m_newest, ask, single, send] {
        if (newest->load() != ask->token)
            return;
        auto whole = std::make_shared<LanePicture>(*single);
        whole->whole = true;
        whole->completeFrom = mirror->completeFrom(ask->now);
        whole->rows = foldRows(*mirror, *ask, *newest);
        if (newest->load() != ask->token)
            return;
        for (const LaneRange &range : ask->ranges) {
            if (range.place != 0)
                whole->keyAt.insert(range.place, range.key);
        }
        send(whole);
        auto judged = std::make_shared<LanePicture>(*whole);
        judged->last = true;
        judged->late = mirror->late(ask->from, ask->to, ask->now);
        judged->there = mirror->there(ask->from, ask->to, ask->now);
        judged->pauses = findSourcePauses(judged->late, judged->there);
        send(judged);
    });
    return m_asked;
}

void LaneFeed::askOverview(qint64 from, qint64 to)
{
    const qint64 now = m_store.viewNow();
    whenUpToDate([this, mirror = m_mirror, from, to, now] {
        LaneOverview overview;
        overview.earliest = mirror->earliest(now);
        overview.bucketMs = std::max(shortestOverviewMs, bucketFor(double(std::max<qint64>(1, to - from)) / overviewBuckets));
        overview.from = from / overview.bucketMs * overview.bucketMs;
        const int buckets = int((to - overview.from) / overview.bucketMs) + 1;
        overview.beats = mirror->beats(overview.from, overview.bucketMs, buckets, now);
        overview.late.resize(size_t(buckets));
        overview.lost.resize(size_t(buckets));
        for (const LateLane &late : mirror->late(overview.from, to + 1, now)) {
            const auto bucket = size_t(std::max<qint64>(0, late.from - overview.from) / overview.bucketMs);
            if (bucket < overview.late.size()) {
                ++overview.late[bucket];
                overview.lost[bucket] += late.lost;
            }
        }
        QMetaObject::invokeMethod(this, [this, overview] { emit overviewed(overview); });
    });
}

} // namespace pulsedeck
