// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/historyreader.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Every fact of \a state that is not as a new one has it, as changes at \a at.
void tellAll(LaneId lane, const LaneState &state, qint64 at, std::vector<LaneChange> &changes)
{
    const LaneState fresh;
    for (int i = 0; i < laneFactCount; ++i) {
        const auto fact = LaneFact(i);
        if (fact != LaneFact::Gone && (state.valueOf(fact) != fresh.valueOf(fact) || fact == LaneFact::Liveness))
            changes.push_back({lane, fact, at, state.valueOf(fact)});
    }
}

/// The track of a lane as it is put together of segments, in order.
struct TrackMaker
{
    LaneTrack track;
    LaneState state; ///< At the end of the segment before.
    qint64 run = 0;
    qint64 ends = 0;
    qint64 stepMs = 0; ///< As TracksQuery has it.
    std::array<size_t, laneFactCount> latest{}; ///< By fact: its last change in the track, counted from 1.

    void add(const SegmentInfo &info, qint64 from, qint64 to, const LaneState &before, std::span<const LaneChange> changes,
             const PackedBeats *beats)
    {
        if (beats) {
            eachBeat(*beats, [&](qint64 at) {
                if (at >= from && at < to)
                    track.beats.push_back(at);
            });
        }
        if (info.begins >= to || info.ends < from)
            return; // Only its beats are of this time.
        const bool wentOn = run == info.run && ends == info.begins;
        if (!wentOn) {
            end(from);
            if (before.known && info.begins >= from)
                tellAll(track.lane, before, info.begins, track.changes);
        }
        state = before;
        if (info.begins <= from)
            track.before = state;
        for (const LaneChange &change : changes) {
            state.take(change.fact, change.value);
            if (change.at < from)
                track.before = state;
            else if (change.at < to)
                keep(change);
        }
        if (beats) {
            eachBeat(*beats, [&](qint64 at) {
                state.beatAt = qMax(state.beatAt, at);
                if (at < from && track.before.known)
                    track.before.beatAt = qMax(track.before.beatAt, at);
            });
        }
        run = info.run;
        ends = info.ends;
    }

    void keep(const LaneChange &change)
    {
        size_t &last = latest[size_t(change.fact)];
        if (stepMs > 0 && last > 0 && track.changes[last - 1].at / stepMs == change.at / stepMs) {
            // At its own place in time, or the track would not go forward.
            track.changes.erase(track.changes.begin() + qsizetype(last) - 1);
            for (size_t &place : latest) {
                if (place > last)
                    --place;
            }
            track.changes.push_back(change);
            last = track.changes.size();
            return;
        }
        track.changes.push_back(change);
        last = track.changes.size();
    }

    /// Nothing of it can be read in this segment: it was not there, or the segment is damaged.
    void miss(const SegmentInfo &info, qint64 from, qint64 to)
    {
        if (info.begins >= to || info.ends < from)
            return;
        end(from);
        run = 0; // What comes is told from the beginning.
        ends = info.ends;
    }

    /// No recording went on from there.
    void end(qint64 from)
    {
        if (!state.known)
            return;
        if (ends >= from)
            track.changes.push_back({track.lane, LaneFact::Gone, ends, 1});
        else
            track.before = LaneState();
        state = LaneState();
    }
};

/// A row of fewer lanes is folded as fast as it is found again.
constexpr size_t lanesOfKeptRow = 8;

/// Calls \a each of every lane of these blocks, as SegmentBlock::eachLane() does. False if one is damaged: it is left out.
template <typename Each> bool eachLaneOf(const std::vector<PackedBlock> &blocks, Each each)
{
    bool sound = true;
    for (const PackedBlock &block : blocks) {
        const SegmentBlock decoded = block.decoded();
        if (decoded.isSound())
            decoded.eachLane(each);
        else
            sound = false;
    }
    return sound;
}

} // namespace

HistoryReader::HistoryReader(const QString &path, HistoryShared &shared, quint64 exactBeats)
    : m_shared(shared)
    , m_exactBeats(exactBeats)
    , m_segments(path, shared, cacheBytes, [this](qint64 from, qint64 to) { emit unreadable(from, to); })
{
    m_helper.setMaxThreadCount(1);
}

HistoryReader::~HistoryReader() = default;

void HistoryReader::answer(const HistoryQuery &query, quint64 token)
{
    if (m_segments.file().isOpen() && !m_segments.file().isSameFile())
        m_kept.clear();
    if (const DatabaseTrouble trouble = m_segments.open()) {
        // What is in memory can be asked for all the same.
        const QMutexLocker lock(&m_shared.mutex);
        if (m_shared.open.empty()) {
            emit answered(token, std::make_shared<const HistoryAnswer>(FailedAnswer{trouble.message}));
            return;
        }
    }
    emit answered(token,
                  std::make_shared<const HistoryAnswer>(std::visit([this](const auto &one) { return answerTo(one); }, query)));
}

HistoryAnswer HistoryReader::answerTo(const LanesQuery &query)
{
    return LanesAnswer{m_segments.lanes(query.from, query.to)};
}

HistoryAnswer HistoryReader::answerTo(const TracksQuery &query)
{
    std::map<LaneId, TrackMaker> makers;
    std::map<LaneId, std::vector<LaneId>> lanesOf; // By block.
    for (size_t i = 0; i < query.lanes.size() && i < size_t(History::mostTracks); ++i) {
        const LaneId lane = query.lanes[i];
        if (makers.try_emplace(lane).second) {
            makers[lane].track.lane = lane;
            makers[lane].stepMs = query.stepMs;
            lanesOf[BeatBlock::blockOf(lane)].push_back(lane);
        }
    }
    // Also the one before, which may end just there.
    for (const HistorySegment &segment : m_segments.segments(query.from, query.to)) {
        for (const auto &[number, lanes] : lanesOf) {
            const auto decoded = m_segments.block(segment, number);
            for (const LaneId lane : lanes) {
                TrackMaker &maker = makers[lane];
                const auto add = [&](LaneId, const LaneState &before, std::span<const LaneChange> changes,
                                     const PackedBeats *beats) {
                    maker.add(segment.info, query.from, query.to, before, changes, beats);
                };
                if (!decoded || !decoded->withLane(lane, add))
                    maker.miss(segment.info, query.from, query.to);
            }
        }
    }
    TracksAnswer answer;
    for (size_t i = 0; i < query.lanes.size() && i < size_t(History::mostTracks); ++i) {
        TrackMaker &maker = makers[query.lanes[i]];
        if (maker.ends < query.to)
            maker.end(query.from);
        // Runs may overlap, and a beat that two of them met is one.
        std::vector<qint64> &beats = maker.track.beats;
        if (!std::is_sorted(beats.begin(), beats.end()))
            std::sort(beats.begin(), beats.end());
        beats.erase(std::unique(beats.begin(), beats.end()), beats.end());
        std::stable_sort(maker.track.changes.begin(), maker.track.changes.end(),
                         [](const LaneChange &one, const LaneChange &other) { return one.at < other.at; });
        answer.tracks.push_back(maker.track);
    }
    return answer;
}

HistoryAnswer HistoryReader::answerTo(const FoldQuery &query)
{
    constexpr qint64 mostCells = 20'000'000;
    FoldAnswer answer;
    answer.from = query.from;
    answer.bucketMs = qMax<qint64>(1, query.bucketMs);
    answer.rows = int(query.rows.size());
    answer.buckets = qMax(0, query.buckets);
    if (!query.order || qint64(answer.rows) * answer.buckets > mostCells)
        return FailedAnswer{tr("The view is too large.")};
    const qint64 to = query.from + answer.bucketMs * answer.buckets;

    FoldTask task;
    std::vector<bool> hasBlock;
    for (size_t row = 0; row < query.rows.size(); ++row) {
        const size_t end =
            qMin<size_t>(row + 1 < query.rows.size() ? query.rows[row + 1] : query.order->size(), query.order->size());
        const size_t begin = qMin<size_t>(query.rows[row], end);
        task.names.push_back(FoldCache::nameOf(std::span(*query.order).subspan(begin, end - begin)));
        for (size_t i = begin; i < end; ++i) {
            const LaneId lane = (*query.order)[i];
            if (lane >= task.rowOf.size()) {
                if (lane >= LaneId(1) << 26)
                    continue;
                task.rowOf.resize(size_t(lane) + 1 + task.rowOf.size() / 2, -1);
                hasBlock.resize(BeatBlock::blockOf(LaneId(task.rowOf.size())) + 1);
            }
            task.rowOf[lane] = qint32(row);
            hasBlock[BeatBlock::blockOf(lane)] = true;
        }
    }
    for (size_t number = 0; number < hasBlock.size(); ++number) {
        if (hasBlock[number])
            task.blocks.push_back(LaneId(number));
    }

    const std::vector<HistorySegment> all = m_segments.segments(query.from, to);
    // As many beats as those of the segments, or of the lanes that are asked for if these are few.
    quint64 beats = 0;
    for (const HistorySegment &segment : all)
        beats += segment.info.beats;
    quint64 lanes = 1;
    {
        const QMutexLocker lock(&m_shared.mutex);
        lanes = qMax<quint64>(1, m_shared.book.next());
    }
    beats = quint64(double(beats) * qMin(1.0, double(task.blocks.size()) * double(BeatBlock::lanes) / double(lanes)));
    if (beats > m_exactBeats) {
        // A cell of a level costs as much as some beats: one that holds no more than these is no gain.
        for (const qint64 level : {fineLevelMs, minuteLevelMs, coarseLevelMs}) {
            const double cells = double(query.order->size()) * double(to - query.from) / double(level);
            if (answer.bucketMs >= level && double(beats) > cells * beatsOfCell)
                answer.levelMs = level;
        }
    }
    task.levelMs = answer.levelMs;
    task.isShared = beats >= sharedBeats && qint64(answer.rows) * answer.buckets <= sharedCells;
    std::vector<LaneFold> folds(task.isShared ? 2 : 1, LaneFold(query.from, answer.bucketMs, answer.rows, answer.buckets));
    std::vector<qint32> places(query.rows.size());
    std::iota(places.begin(), places.end(), 0);
    // What is kept has steps at whole multiples; a view of single lanes has more rows than would be kept.
    const qint64 stepMs = answer.levelMs > 0 ? answer.levelMs : answer.bucketMs;
    const bool fits = answer.levelMs > 0 || query.from % answer.bucketMs == 0;
    const bool worthIt = query.order->size() >= lanesOfKeptRow * query.rows.size();
    for (const HistorySegment &segment : all) {
        const SegmentInfo &info = segment.info;
        const qint64 spanned = qMax(info.ends, info.latest) - qMin(info.begins, info.beats > 0 ? info.earliest : info.begins);
        if (fits && worthIt && !segment.open && spanned / stepMs < mostKeptSteps)
            addKept(segment, task, stepMs, folds.front());
        else
            foldSegment(segment, task, places, folds);
    }
    if (task.isShared)
        folds.front().merge(std::move(folds.back()));
    answer.cells = folds.front().takeCells();
    return answer;
}

void HistoryReader::addKept(const HistorySegment &segment, const FoldTask &task, qint64 stepMs, LaneFold &fold)
{
    const SegmentInfo &info = segment.info;
    FoldCache::Key key{info.id, info.begins, stepMs, {}};
    std::vector<qint32> places(task.names.size(), -1); // Of rows that are not kept.
    qint32 missing = 0;
    for (size_t row = 0; row < task.names.size(); ++row) {
        key.row = task.names[row];
        if (key.row.lanes == 0)
            continue;
        if (const FoldCache::Cells *kept = m_kept.find(key))
            fold.addCells(int(row), kept->from, stepMs, kept->cells);
        else
            places[row] = missing++;
    }
    if (missing == 0)
        return;
    // A beat that was read late is older than its segment; levels of detail have it where the segment begins.
    const bool older = task.levelMs == 0 && info.beats > 0;
    const qint64 begins = older ? qMin(info.begins, info.earliest) : info.begins;
    const qint64 ends = older ? qMax(info.ends, info.latest + 1) : info.ends;
    const qint64 from = begins - ((begins % stepMs) + stepMs) % stepMs;
    const int buckets = int(qMax<qint64>(1, (ends - from + stepMs - 1) / stepMs));
    std::vector<LaneFold> folds(task.isShared ? 2 : 1, LaneFold(from, stepMs, missing, buckets));
    const bool sound = foldSegment(segment, task, places, folds);
    if (task.isShared)
        folds.front().merge(std::move(folds.back()));
    const std::vector<FoldCell> cells = folds.front().takeCells();
    for (size_t row = 0; row < places.size(); ++row) {
        if (places[row] < 0)
            continue;
        const auto first = cells.begin() + qsizetype(places[row]) * buckets;
        FoldCache::Cells made{from, {first, first + buckets}};
        fold.addCells(int(row), from, stepMs, made.cells);
        key.row = task.names[row];
        if (sound)
            m_kept.insert(key, std::move(made));
    }
}

bool HistoryReader::foldSegment(const HistorySegment &segment, const FoldTask &task, const std::vector<qint32> &places,
                                std::vector<LaneFold> &folds)
{
    const auto placeOf = [&](LaneId lane) {
        const qint32 row = lane < task.rowOf.size() ? task.rowOf[lane] : -1;
        return row < 0 ? -1 : places[size_t(row)];
    };
    bool sound = true;
    const auto addCells = [&](const QByteArray &bytes) {
        LaneCells cells;
        if (!unpackCells(bytes, segment.info.begins, &cells)) {
            m_segments.noteDamage(segment);
            sound = false;
            return;
        }
        for (size_t i = 0; i < cells.lanes.size(); ++i) {
            if (const qint32 place = placeOf(cells.lanes[i]); place >= 0)
                folds.front().addCells(place, cells.from, task.levelMs, cells.of(i));
        }
    };
    if (task.levelMs == coarseLevelMs && !segment.open) {
        QByteArray bytes;
        const auto found = m_segments.file().readBlob(u"SELECT packed FROM coarse WHERE key = ?"_s, segment.info.id, &bytes);
        if (found == HistoryFile::Found::Yes)
            addCells(bytes);
        else if (found != HistoryFile::Found::No)
            m_segments.noteDamage(segment);
        return sound && found == HistoryFile::Found::Yes;
    }
    if (task.levelMs > 0 && !segment.open) {
        const auto level = task.levelMs == fineLevelMs ? HistoryFile::Part::Fine : HistoryFile::Part::Minute;
        for (const LaneId number : task.blocks) {
            if (const QByteArray bytes = m_segments.part(segment, level, number); !bytes.isEmpty())
                addCells(bytes);
        }
        return sound;
    }
    return inHalves(segment, task.blocks, task.isShared, [&](size_t half, const std::vector<PackedBlock> &packed) {
        LaneFold &into = folds[half];
        into.beginSpan(segment.info.begins, segment.info.ends);
        const bool whole = eachLaneOf(packed, [&](LaneId lane, const LaneState &before, std::span<const LaneChange> changes,
                                                  const PackedBeats *packedBeats) {
            if (const qint32 place = placeOf(lane); place >= 0)
                into.addLane(place, before, changes, packedBeats);
        });
        into.endSpan();
        return whole;
    });
}

template <typename Work>
bool HistoryReader::inHalves(const HistorySegment &segment, const std::vector<LaneId> &blocks, bool shared, Work work)
{
    const size_t middle = shared ? (blocks.size() + 1) / 2 : blocks.size();
    const auto read = [&](size_t from, size_t to) {
        std::vector<PackedBlock> packed;
        for (size_t i = from; i < to; ++i) {
            if (PackedBlock block = m_segments.packedBlock(segment, blocks[i]); !block.isEmpty())
                packed.push_back(std::move(block));
        }
        return packed;
    };
    std::array<bool, 2> sound{true, true};
    const std::vector<PackedBlock> first = read(0, middle);
    if (shared) {
        // The helper has begun while the rest is still being read. Its thread stays for the next: waitForDone() would end it.
        m_helper.start([&] {
            sound[0] = work(size_t(0), first);
            m_helped.release();
        });
        sound[1] = work(size_t(1), read(middle, blocks.size()));
        m_helped.acquire();
    } else {
        sound[0] = work(size_t(0), first);
    }
    if (sound[0] && sound[1])
        return true;
    m_segments.noteDamage(segment);
    return false;
}

HistoryAnswer HistoryReader::answerTo(const EventsQuery &query)
{
    EventsAnswer answer;
    HistoryFile &file = m_segments.file();
    if (file.isOpen() && !file.readEvents(query, &answer))
        return FailedAnswer{file.trouble(file.lastError()).message};
    return answer;
}

std::vector<OverviewCell> HistoryReader::overviewOf(const HistorySegment &open)
{
    if (m_openSegment == open.info.id && open.info.ends - m_openUntil < openOverviewMs)
        return m_openOverview;
    SegmentLevels levels(open.info);
    for (const LaneId number : m_segments.blocksOf(open)) {
        if (const auto decoded = m_segments.block(open, number))
            levels.addBlock(*decoded);
    }
    m_openSegment = open.info.id;
    m_openUntil = open.info.ends;
    m_openOverview = levels.overview();
    return m_openOverview;
}

HistoryAnswer HistoryReader::answerTo(const OverviewQuery &)
{
    OverviewAnswer answer;
    answer.runs = m_segments.runs();
    std::map<qint64, OverviewCell> cells;
    const auto add = [&cells](const std::vector<OverviewCell> &some) {
        for (const OverviewCell &one : some) {
            OverviewCell &cell = cells[one.at];
            cell.at = one.at;
            cell.received += one.received;
            cell.expected += one.expected;
            cell.lanes = qMax(cell.lanes, one.lanes);
            cell.late += one.late;
            cell.lost += one.lost;
        }
    };
    const std::vector<HistorySegment> all =
        m_segments.segments(std::numeric_limits<qint64>::min(), std::numeric_limits<qint64>::max());
    std::set<qint64> open;
    for (const HistorySegment &segment : all) {
        if (segment.open) {
            open.insert(segment.info.id);
            add(overviewOf(segment));
        }
    }
    if (m_segments.file().isOpen()) {
        QSqlQuery &query = m_segments.file().statement(u"SELECT id, begins, ends, overview FROM segment ORDER BY id"_s);
        query.exec();
        while (query.next()) {
            std::vector<OverviewCell> some;
            const SegmentInfo info{
                .id = query.value(0).toLongLong(), .begins = query.value(1).toLongLong(), .ends = query.value(2).toLongLong()};
            if (open.contains(info.id))
                continue;
            if (unpackOverview(query.value(3).toByteArray(), info.begins, &some))
                add(some);
            else
                m_segments.noteDamage({info, nullptr});
        }
        query.finish();
    }
    for (const auto &[at, cell] : cells)
        answer.cells.push_back(cell);
    return answer;
}

HistoryAnswer HistoryReader::answerTo(const MomentQuery &query)
{
    MomentAnswer answer;
    answer.at = query.at;
    const std::vector<HistorySegment> all = m_segments.segments(query.at, query.at + 1);
    // Where runs overlap the later one counts, and of two that meet the one that begins there.
    const auto found = std::find_if(all.rbegin(), all.rend(), [&query](const HistorySegment &segment) {
        return segment.info.begins <= query.at && segment.info.ends >= query.at;
    });
    if (found == all.rend())
        return answer;
    answer.run = found->info.run;
    std::array<MomentAnswer, 2> halves;
    const bool isShared = found->info.beats >= sharedBeats;
    const std::vector<LaneId> blocks = m_segments.blocksOf(*found);
    // Room for all in the first, where they are put together: growing would copy them again and again.
    halves[0].lanes.reserve(blocks.size() * BeatBlock::lanes);
    halves[0].states.reserve(blocks.size() * BeatBlock::lanes);
    inHalves(*found, blocks, isShared, [&](size_t half, const std::vector<PackedBlock> &packed) {
        MomentAnswer &part = halves[half];
        if (half > 0) {
            part.lanes.reserve(packed.size() * BeatBlock::lanes);
            part.states.reserve(packed.size() * BeatBlock::lanes);
        }
        return eachLaneOf(
            packed, [&](LaneId lane, const LaneState &before, std::span<const LaneChange> changes, const PackedBeats *beats) {
                LaneState &state = part.states.emplace_back(before);
                for (const LaneChange &change : changes) {
                    if (change.at <= query.at)
                        state.take(change.fact, change.value);
                }
                if (!state.known) {
                    part.states.pop_back();
                    return;
                }
                part.lanes.push_back(lane);
                if (beats) {
                    qint64 latest = state.beatAt;
                    eachBeat(*beats, [&](qint64 at) {
                        if (at <= query.at)
                            latest = qMax(latest, at);
                    });
                    state.beatAt = latest;
                }
            });
    });
    answer.lanes = std::move(halves[0].lanes);
    answer.states = std::move(halves[0].states);
    answer.lanes.insert(answer.lanes.end(), halves[1].lanes.begin(), halves[1].lanes.end());
    answer.states.insert(answer.states.end(), halves[1].states.begin(), halves[1].states.end());
    return answer;
}

HistoryAnswer HistoryReader::answerTo(const SpansQuery &)
{
    SpansAnswer answer;
    answer.runs = m_segments.runs();
    const QMutexLocker lock(&m_shared.mutex);
    answer.unreadable = m_shared.unreadable;
    return answer;
}

} // namespace pulsedeck
