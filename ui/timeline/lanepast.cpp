// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanepast.h"

#include "models/history/lanefold.h"
#include "ui/timeline/rangepieces.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 overviewAgainMs = 10'000;
constexpr qint64 lanesAgainMs = 60'000; ///< All lanes are many.
constexpr qint64 strangersAgainMs = 5'000; ///< Where a worker in sight has no lane.
/// A lane of which nothing came for so long may have ended. Of a file that is only shown no lane is there any more.
constexpr qint64 silentMs = 30'000;
constexpr qint64 eventsAgainMs = 2'000;
/// A recording that begins again so soon has missed nothing that a lane would show.
constexpr qint64 shortestUnwatchedMs = 1'500;

quint64 takeAskers(History &history)
{
    const quint64 first = history.nextToken();
    for (int i = 0; i < 4; ++i)
        history.nextToken();
    return first;
}

} // namespace

LanePast::LanePast(const FleetStore &store, History &history, QObject *parent)
    : QObject(parent)
    , m_store(store)
    , m_history(history)
    , m_asker(takeAskers(history))
{
    connect(&history, &History::answered, this, &LanePast::take);
    connect(&history, &History::stateChanged, this, &LanePast::changed);
}

QString LanePast::nameOf(const QString &source, const QString &system, const QByteArray &id)
{
    return source + u'\n' + system + u'\n' + QString::fromUtf8(id);
}

void LanePast::look(qint64 from, qint64 to)
{
    const qint64 now = m_store.clock().nowMs();
    const auto isDue = [now](qint64 last, qint64 every) { return last == 0 || now - last >= every || now < last; };
    if (m_lanesToken == 0 && isDue(m_lanesAt, std::exchange(m_strangers, false) ? strangersAgainMs : lanesAgainMs)) {
        m_lanesAt = now;
        m_lanesToken = m_history.nextToken();
        m_history.ask(LanesQuery{0, now + 1}, m_lanesToken, m_asker);
    }
    if (isDue(m_lookedAt, overviewAgainMs)) {
        m_lookedAt = now;
        m_overviewToken = m_history.nextToken();
        m_history.ask(OverviewQuery(), m_overviewToken, m_asker + 1);
    }
    const bool covered = from >= m_eventsFrom && to <= m_eventsTo;
    if (!covered || isDue(m_eventsAt, eventsAgainMs)) {
        if (m_eventsToken != 0)
            return; // One question at a time.
        m_eventsAt = now;
        m_eventsFrom = from - (to - from);
        m_eventsTo = to + (to - from);
        m_eventsToken = m_history.nextToken();
        m_history.ask(EventsQuery{m_eventsFrom, m_eventsTo, 2'000}, m_eventsToken, m_asker + 2);
    }
}

LaneId LanePast::laneOf(WorkerHandle handle)
{
    const Worker &worker = m_store.worker(handle);
    if (m_laneOf.size() <= handle)
        m_laneOf.resize(size_t(handle) + 1);
    auto &[serial, lane] = m_laneOf[handle];
    if (serial == worker.serial && lane != noLane)
        return lane;
    serial = worker.serial;
    lane = m_directory->byName.value(nameOf(m_store.sourceName(worker.source), worker.traits->fullKind(), worker.id), noLane);
    m_strangers = m_strangers || lane == noLane;
    return lane;
}

const HistoryLane *LanePast::lane(LaneId id) const
{
    const std::vector<HistoryLane> &lanes = m_directory->lanes;
    const auto found =
        std::lower_bound(lanes.begin(), lanes.end(), id, [](const HistoryLane &one, LaneId wanted) { return one.id < wanted; });
    return found != lanes.end() && found->id == id ? &*found : nullptr;
}

std::shared_ptr<const LaneStory> LanePast::story(LaneId lane, qint64 from, qint64 to) const
{
    const auto found = m_stories.find(lane);
    return found != m_stories.end() && found->second.from <= from && found->second.to >= to ? found->second.story : nullptr;
}

void LanePast::want(const std::vector<LaneId> &lanes, qint64 from, qint64 to)
{
    m_wanted.clear();
    for (const LaneId lane : lanes) {
        const auto kept = m_stories.find(lane);
        if (kept != m_stories.end())
            kept->second.used = ++m_used;
        if (!story(lane, from, to))
            m_wanted.push_back(lane);
    }
    m_wantedFrom = from;
    m_wantedTo = to;
    askTracks();
}

void LanePast::askTracks()
{
    if (m_wanted.empty() || m_tracksToken != 0)
        return; // The answer under way asks again.
    TracksQuery query;
    // Some more, so that panning has it already.
    const qint64 span = m_wantedTo - m_wantedFrom;
    query.from = m_tracksFrom = std::max<qint64>(0, m_wantedFrom - span);
    query.to = m_tracksTo = m_wantedTo + span;
    query.lanes.assign(m_wanted.begin(), m_wanted.begin() + qsizetype(std::min<size_t>(m_wanted.size(), History::mostTracks)));
    m_tracksToken = m_history.nextToken();
    m_history.ask(query, m_tracksToken, m_asker + 3);
}

std::shared_ptr<const FoldAnswer> LanePast::fold(const std::vector<quint64> &keys) const
{
    return keys == m_foldKeys ? m_fold : nullptr;
}

void LanePast::wantFold(const std::vector<LaneRange> &ranges, const std::vector<WorkerHandle> &order, qint64 from,
                        qint64 bucketMs, int buckets)
{
    std::vector<quint64> keys;
    auto lanes = std::make_shared<std::vector<LaneId>>();
    FoldQuery query;
    ++m_foldNumber;
    const auto isNew = [this](LaneId lane) {
        if (m_inFold.size() <= lane)
            m_inFold.resize(size_t(lane) + 1);
        return std::exchange(m_inFold[lane], m_foldNumber) != m_foldNumber;
    };
    keys.reserve(ranges.size());
    for (const LaneRange &range : ranges)
        keys.push_back(range.key);
    // A history counts a lane in one row: it is asked about the pieces, of which rows that overlap are made.
    const RangePieces pieces(ranges, order.size());
    std::vector<size_t> rowAt(pieces.count() + 1); // Of each piece; behind the last one, how many rows there are.
    for (size_t piece = 0; piece < pieces.count(); ++piece) {
        rowAt[piece] = query.rows.size();
        if (pieces.users(piece) == 0)
            continue;
        query.rows.push_back(quint32(lanes->size()));
        for (quint32 i = pieces.first(piece); i < pieces.end(piece); ++i) {
            const LaneId lane = laneOf(order[i]);
            if (lane != noLane && isNew(lane))
                lanes->push_back(lane);
        }
    }
    rowAt.back() = query.rows.size();
    std::vector<std::pair<size_t, size_t>> rows;
    for (size_t number = 0; number < ranges.size(); ++number)
        rows.emplace_back(rowAt[pieces.of(number).first], rowAt[pieces.of(number).second]);
    if (lanes->empty())
        return;
    query.from = from;
    query.bucketMs = bucketMs;
    query.buckets = buckets;
    if (m_askedFold.order && keys == m_askedKeys && from == m_askedFold.from && bucketMs == m_askedFold.bucketMs
        && buckets == m_askedFold.buckets && query.rows == m_askedFold.rows && *m_askedFold.order == *lanes)
        return;
    query.order = std::move(lanes);
    m_askedFold = query;
    m_askedKeys = std::move(keys);
    m_askedRows = std::move(rows);
    m_foldToken = m_history.nextToken();
    m_history.ask(query, m_foldToken, m_asker + 4);
}

void LanePast::take(quint64 token, const SharedHistoryAnswer &answer)
{
    if (token == 0 || !answer)
        return;
    if (token == m_lanesToken) {
        if (!std::holds_alternative<LanesAnswer>(*answer)) {
            m_lanesToken = 0;
            return;
        }
        QPointer<LanePast> self(this);
        QThreadPool::globalInstance()->start([self, answer, before = m_store.clock().nowMs() - (state().shown ? -1 : silentMs)] {
            auto directory = directoryOf(answer, before);
            // To the thread of the application: this may be gone by then.
            QMetaObject::invokeMethod(QCoreApplication::instance(), [self, directory] {
                if (self)
                    self->takeDirectory(directory);
            });
        });
    } else if (token == m_tracksToken) {
        if (std::holds_alternative<TracksAnswer>(*answer)) {
            readTracks(answer);
        } else {
            m_tracksToken = 0;
            askTracks();
        }
    } else if (token == m_foldToken) {
        if (std::holds_alternative<FoldAnswer>(*answer))
            readFold(answer);
    } else if (token == m_eventsToken) {
        m_eventsToken = 0;
        if (const auto *events = std::get_if<EventsAnswer>(answer.get())) {
            if (m_events != events->events) {
                m_events = events->events;
                emit eventsChanged();
            }
        }
    } else if (token == m_overviewToken) {
        if (const auto *overview = std::get_if<OverviewAnswer>(answer.get()))
            takeOverview(*overview);
    }
}

std::shared_ptr<const LanePast::Directory> LanePast::directoryOf(const SharedHistoryAnswer &answer, qint64 before)
{
    auto directory = std::make_shared<Directory>();
    directory->lanes = std::get<LanesAnswer>(*answer).lanes;
    std::sort(directory->lanes.begin(), directory->lanes.end(),
              [](const HistoryLane &a, const HistoryLane &b) { return a.id < b.id; });
    directory->byName.reserve(qsizetype(directory->lanes.size()));
    std::vector<size_t> ended;
    for (size_t i = 0; i < directory->lanes.size(); ++i) {
        const HistoryLane &lane = directory->lanes[i];
        if (lane.kind != LaneKind::Worker)
            continue;
        directory->byName.insert(nameOf(lane.source, lane.system, lane.name), lane.id);
        if (lane.last < before)
            ended.push_back(i);
    }
    const size_t most = std::min(ended.size(), 2 * mostGone);
    directory->isCut = most < ended.size();
    std::partial_sort(ended.begin(), ended.begin() + qsizetype(most), ended.end(), [&](size_t a, size_t b) {
        const HistoryLane &one = directory->lanes[a];
        const HistoryLane &other = directory->lanes[b];
        return one.last != other.last ? one.last > other.last : one.id < other.id;
    });
    for (size_t i = 0; i < most; ++i)
        directory->ended.push_back(directory->lanes[ended[i]]);
    return directory;
}

void LanePast::takeDirectory(std::shared_ptr<const Directory> directory)
{
    m_lanesToken = 0;
    const bool more = directory->lanes.size() != m_directory->lanes.size();
    m_directory = std::move(directory);
    m_gone.clear();
    m_moreGone = m_directory->isCut;
    for (const HistoryLane &lane : m_directory->ended) {
        const std::vector<SourceId> sources = m_store.sources();
        const bool there = std::any_of(sources.begin(), sources.end(), [&](SourceId source) {
            return m_store.sourceName(source) == lane.source
                   && m_store.find(source, lane.name, TraitsRef::named(lane.system)->layout) != noWorker;
        });
        if (there)
            continue;
        if (m_gone.size() < mostGone)
            m_gone.push_back(lane);
        else
            m_moreGone = true;
    }
    emit lanesChanged();
    if (more)
        emit changed();
}

bool LanePast::wasWatched(qint64 at) const
{
    return std::any_of(m_runs.begin(), m_runs.end(), [at](const LaneTimes &run) { return run.from < at && run.to >= at; });
}

/// Away from the GUI thread: a day of a page of lanes is a million beats.
void LanePast::readTracks(const SharedHistoryAnswer &answer)
{
    const qint64 from = m_tracksFrom;
    const qint64 to = std::min(m_tracksTo, m_store.clock().nowMs());
    std::vector<qint64> lasts; // Of each track, until when its lane is known.
    for (const LaneTrack &track : std::get<TracksAnswer>(*answer).tracks) {
        const HistoryLane *known = lane(track.lane);
        lasts.push_back(known ? known->last : to);
    }
    QPointer<LanePast> self(this);
    QThreadPool::globalInstance()->start(
        [self, answer, from, to, watched = wasWatched(from), lasts = std::move(lasts), unwatched = m_unwatched] {
            Stories stories;
            for (const LaneTrack &track : std::get<TracksAnswer>(*answer).tracks) {
                auto story = std::make_shared<LaneStory>(storyOf(track, from, to, watched));
                // Its console ended before it did: what came then is not known.
                std::vector<LaneTimes> &lives = story->lives;
                if (const qint64 last = lasts[stories.size()]; !lives.empty() && lives.back().to > last)
                    lives.back().to = std::max(lives.back().from, last);
                for (const LaneTimes &time : unwatched)
                    story->states.push_back({StripGeometry::Block::Unknown, time.from, time.to});
                stories.emplace_back(track.lane, std::move(story));
            }
            // To the thread of the application: this may be gone by then.
            QMetaObject::invokeMethod(QCoreApplication::instance(), [self, stories = std::move(stories)] {
                if (self)
                    self->takeStories(stories);
            });
        });
}

void LanePast::takeStories(const Stories &stories)
{
    m_tracksToken = 0;
    for (const auto &[lane, story] : stories) {
        m_stories[lane] = {story, m_tracksFrom, m_tracksTo, ++m_used};
        std::erase(m_wanted, lane);
    }
    makeRoom();
    emit changed();
    askTracks();
}

/// What nobody asked for of late gives way.
void LanePast::makeRoom()
{
    size_t beats = 0;
    std::vector<std::pair<quint64, LaneId>> byUse;
    for (const auto &[lane, kept] : m_stories) {
        beats += kept.story->beats.size();
        byUse.emplace_back(kept.used, lane);
    }
    if (m_stories.size() <= mostStories && beats <= mostBeats)
        return;
    std::sort(byUse.begin(), byUse.end());
    for (const auto &[used, lane] : byUse) {
        const bool isShown = m_stories.size() <= size_t(History::mostTracks); // The answer that came is one of so many at most.
        if (m_stories.size() <= mostStories && (beats <= mostBeats || isShown))
            break;
        const auto oldest = m_stories.find(lane);
        beats -= oldest->second.story->beats.size();
        m_stories.erase(oldest);
    }
}

std::shared_ptr<const FoldAnswer> LanePast::rowsOf(const FoldAnswer &answer, const FoldRows &rows)
{
    auto fold = std::make_shared<FoldAnswer>();
    fold->from = answer.from;
    fold->bucketMs = answer.bucketMs;
    fold->levelMs = answer.levelMs;
    fold->buckets = answer.buckets;
    fold->rows = int(rows.size());
    fold->cells.resize(rows.size() * size_t(answer.buckets));
    FoldCell *cell = fold->cells.data();
    for (const auto &[first, end] : rows) {
        for (size_t row = first; row < end && int(row) < answer.rows; ++row) {
            for (int bucket = 0; bucket < answer.buckets; ++bucket)
                mergeCells(cell[bucket], answer.at(int(row), bucket));
        }
        cell += answer.buckets;
    }
    return fold;
}

/// Away from the GUI thread: some hundred rows of a wide view are tens of megabytes.
void LanePast::readFold(const SharedHistoryAnswer &answer)
{
    QPointer<LanePast> self(this);
    QThreadPool::globalInstance()->start([self, answer, token = m_foldToken, rows = m_askedRows] {
        auto fold = rowsOf(std::get<FoldAnswer>(*answer), rows);
        // To the thread of the application: this may be gone by then.
        QMetaObject::invokeMethod(QCoreApplication::instance(), [self, token, fold = std::move(fold)]() mutable {
            if (self)
                self->takeFold(token, std::move(fold));
        });
    });
}

void LanePast::takeFold(quint64 token, std::shared_ptr<const FoldAnswer> fold)
{
    if (token != m_foldToken)
        return; // Other rows or another time were asked for since, which is to be answered.
    m_fold = std::move(fold);
    m_foldKeys = m_askedKeys;
    emit changed();
}

LaneOverview LanePast::wholeTime() const
{
    LaneOverview whole;
    if (m_overview.cells.empty())
        return whole;
    constexpr qint64 mostBuckets = 100'000;
    whole.from = m_overview.cells.front().at;
    whole.bucketMs = std::max<qint64>(1, m_overview.stepMs);
    const qint64 buckets = std::min(mostBuckets, (m_overview.cells.back().at - whole.from) / whole.bucketMs + 1);
    for (auto *each : {&whole.beats, &whole.late, &whole.lost})
        each->resize(size_t(buckets));
    for (const OverviewCell &cell : m_overview.cells) {
        const qint64 bucket = (cell.at - whole.from) / whole.bucketMs;
        if (bucket < 0 || bucket >= buckets)
            continue;
        whole.beats[size_t(bucket)] = cell.received;
        whole.late[size_t(bucket)] = cell.late + cell.lost;
        whole.lost[size_t(bucket)] = cell.lost;
    }
    whole.earliest = m_earliest;
    return whole;
}

void LanePast::takeOverview(const OverviewAnswer &answer)
{
    m_overview = answer;
    m_runs.clear();
    for (const HistoryRun &run : answer.runs)
        m_runs.push_back({run.from, run.open ? std::max(run.to, m_store.clock().nowMs()) : run.to});
    std::sort(m_runs.begin(), m_runs.end(), [](const LaneTimes &a, const LaneTimes &b) { return a.from < b.from; });
    m_unwatched.clear();
    qint64 until = 0;
    for (const LaneTimes &run : m_runs) {
        if (until > 0 && run.from - until > shortestUnwatchedMs)
            m_unwatched.push_back({until, run.from});
        until = std::max(until, run.to);
    }
    m_earliest = m_runs.empty() ? 0 : m_runs.front().from;
    emit overviewChanged();
}

} // namespace pulsedeck
