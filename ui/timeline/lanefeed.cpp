// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanefeed.h"

#include "ui/timeline/lanestory.h"

#include <algorithm>
#include <limits>
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
    // A key that never expires was written once: no beat is expected.
    const bool beats = store.worker(handle).liveness != Liveness::NoTtl;
    lane.interval = !beats ? qint32(most) : qint32(std::clamp<qint64>(facts.limits.interval, 1, most));
    lane.lostAfter = qint32(std::clamp<qint64>(facts.limits.lostAfter, 1, most));
    lane.source = store.worker(handle).source;
    if (facts.past)
        lane.past = *facts.past;
    return lane;
}

/// Rows that overlap share the passes over their lanes: what no row begins or ends inside of is folded once.
QHash<quint64, FoldedLanes> foldRows(const LaneMirror &mirror, const LaneAsk &ask, const std::atomic<quint64> &newest)
{
    QHash<quint64, FoldedLanes> rows;
    if (!ask.order || ask.ranges.empty())
        return rows;
    const auto size = quint32(ask.order->size());
    std::vector<quint32> cuts;
    for (const LaneRange &range : ask.ranges) {
        cuts.push_back(std::min(range.first, size));
        cuts.push_back(std::min(range.first + range.count, size));
    }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    const qint64 bucketMs = bucketFor(ask.msPerPixel);
    const qint64 from = ask.from / bucketMs * bucketMs;
    const int buckets = int(std::min<qint64>(20'000, (ask.to - from) / bucketMs + 1));
    LaneFolder folder(from, bucketMs, buckets);
    std::vector<FoldedLanes> pieces(cuts.size());
    std::vector<bool> wanted(cuts.size());
    for (const LaneRange &range : ask.ranges) {
        const auto first = std::lower_bound(cuts.begin(), cuts.end(), range.first) - cuts.begin();
        for (auto piece = first; piece + 1 < qsizetype(cuts.size()) && cuts[size_t(piece)] < range.first + range.count; ++piece)
            wanted[size_t(piece)] = true;
    }
    for (size_t piece = 0; piece + 1 < cuts.size(); ++piece) {
        if (!wanted[piece])
            continue;
        if (newest.load(std::memory_order_relaxed) != ask.token)
            return {}; // Something newer is wanted.
        mirror.fold(std::span(*ask.order).subspan(cuts[piece], cuts[piece + 1] - cuts[piece]), ask.now, folder);
        pieces[piece] = folder.take();
    }
    const qint64 completeFrom = ask.past ? mirror.completeFrom(ask.now) : 0;
    for (size_t number = 0; number < ask.ranges.size(); ++number) {
        const LaneRange &range = ask.ranges[number];
        FoldedLanes row;
        for (size_t piece = 0; piece + 1 < cuts.size(); ++piece) {
            if (cuts[piece] < range.first || cuts[piece] >= range.first + range.count)
                continue;
            if (row.buckets.empty()) {
                row = pieces[piece];
                continue;
            }
            for (size_t i = 0; i < row.buckets.size(); ++i) {
                FoldedLanes::Bucket &sum = row.buckets[i];
                const FoldedLanes::Bucket &more = pieces[piece].buckets[i];
                sum.there += more.there;
                sum.late += more.late;
                sum.lost += more.lost;
                sum.unknown += more.unknown;
            }
        }
        if (ask.past && int(number) < ask.past->rows && !row.buckets.empty())
            replaceBefore(row, foldedRow(*ask.past, int(number), range.count), completeFrom);
        rows.insert(range.key, row);
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
    m_forget.setSingleShot(true);
    m_forget.setInterval(forgetAfterMs);
    connect(&m_forget, &QTimer::timeout, this, [this] {
        QMetaObject::invokeMethod(m_context, [mirror = m_mirror] { *mirror = LaneMirror(); });
        m_known.clear();
        m_known.shrink_to_fit();
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
    m_active = active;
    if (active) {
        m_forget.stop();
    } else {
        m_forget.start();
        m_touched.clear();
        m_isTouched.assign(m_isTouched.size(), 0);
        m_all = true;
    }
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

LaneNews LaneFeed::takeNews()
{
    LaneNews news;
    const qint64 now = m_store.viewNow();
    const auto capacity = size_t(m_store.capacity());
    if (std::exchange(m_all, false)) {
        m_touched.resize(capacity);
        for (size_t i = 0; i < capacity; ++i)
            m_touched[i] = WorkerHandle(i);
        if (m_known.empty())
            news.whole.reserve(capacity);
    }
    m_known.resize(std::max(m_known.size(), capacity));
    for (const WorkerHandle handle : m_touched) {
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
        const qint64 last = beats.isEmpty() ? 0 : beats.at(beats.size() - 1, now);
        const MirroredLane lane = mirrored(m_store, handle);
        const bool lost = !beats.isEmpty() && beats.at(0, now) > known.lastBeat; // More came than the ring holds.
        if (known.serial != worker.serial || lost) {
            news.whole.push_back({handle, lane, beats});
        } else {
            if (lane != known.lane)
                news.facts.emplace_back(handle, lane);
            int first = beats.size();
            while (first > 0 && beats.at(first - 1, now) > known.lastBeat)
                --first;
            for (; first < beats.size(); ++first)
                news.beats.emplace_back(handle, beats.at(first, now));
        }
        known = {worker.serial, last, lane};
    }
    m_touched.clear();
    std::fill(m_isTouched.begin(), m_isTouched.end(), quint8(0));
    size_t spans = 0;
    for (const SourceId source : m_store.sources()) {
        for (const UnknownSpan &span : m_store.unknownSpans(source))
            spans += span.to > 0 ? 2 : 1;
    }
    if (std::exchange(m_unknownSpans, spans) != spans) {
        for (const SourceId source : m_store.sources()) {
            news.unknown.resize(std::max<size_t>(news.unknown.size(), size_t(source) + 1));
            news.unknown[source] = m_store.unknownSpans(source);
        }
    }
    return news;
}

void LaneFeed::bringUpToDate()
{
    LaneNews news = takeNews();
    if (!news.isEmpty())
        QMetaObject::invokeMethod(m_context,
                                  [mirror = m_mirror, news = std::move(news)]() mutable { mirror->apply(std::move(news)); });
}

quint64 LaneFeed::ask(LaneAsk ask)
{
    if (!ask.alone) {
        bringUpToDate();
        m_asking.start();
    }
    ask.token = ++m_asked;
    ask.now = m_store.viewNow();
    m_newest->store(ask.token);
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
    QMetaObject::invokeMethod(m_context, [mirror = m_mirror, newest = m_newest, ask = std::move(ask), send] {
        if (newest->load() != ask.token)
            return;
        auto picture = std::make_shared<LanePicture>();
        picture->token = ask.token;
        picture->now = ask.now;
        picture->from = ask.from;
        picture->to = ask.to;
        picture->msPerPixel = ask.msPerPixel;
        for (const auto &[key, story] : ask.stories)
            picture->lanes.insert(key, layoutLane(story, ask.from, ask.to, ask.msPerPixel));
        picture->last = ask.alone;
        send(picture);
        if (ask.alone)
            return;
        auto whole = std::make_shared<LanePicture>(*picture);
        whole->whole = true;
        whole->completeFrom = mirror->completeFrom(ask.now);
        whole->rows = foldRows(*mirror, ask, *newest);
        if (newest->load() != ask.token)
            return;
        send(whole);
        auto judged = std::make_shared<LanePicture>(*whole);
        judged->last = true;
        judged->late = mirror->late(ask.from, ask.to, ask.now);
        judged->there = mirror->there(ask.from, ask.to, ask.now);
        judged->pauses = findSourcePauses(judged->late, judged->there);
        send(judged);
    });
    return m_asked;
}

void LaneFeed::askOverview(qint64 from, qint64 to)
{
    bringUpToDate();
    const qint64 now = m_store.viewNow();
    QMetaObject::invokeMethod(m_context, [this, mirror = m_mirror, from, to, now] {
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
