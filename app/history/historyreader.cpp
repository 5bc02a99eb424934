// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/historyreader.h"

#include <algorithm>
#include <array>
#include <map>
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
                track.changes.push_back(change);
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

HistoryReader::HistoryReader(const QString &path, HistoryShared &shared)
    : m_shared(shared)
    , m_segments(path, shared, cacheBytes, [this](qint64 from, qint64 to) { emit unreadable(from, to); })
{
    m_helper.setMaxThreadCount(1);
}

HistoryReader::~HistoryReader() = default;

void HistoryReader::answer(const HistoryQuery &query, quint64 token)
{
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

    std::vector<qint32> rowOf; // By lane; -1 for none.
    std::vector<bool> hasBlock;
    for (size_t row = 0; row < query.rows.size(); ++row) {
        const size_t end = row + 1 < query.rows.size() ? query.rows[row + 1] : query.order->size();
        for (size_t i = query.rows[row]; i < end && i < query.order->size(); ++i) {
            const LaneId lane = (*query.order)[i];
            if (lane >= rowOf.size()) {
                if (lane >= LaneId(1) << 26)
                    continue;
                rowOf.resize(size_t(lane) + 1 + rowOf.size() / 2, -1);
                hasBlock.resize(BeatBlock::blockOf(LaneId(rowOf.size())) + 1);
            }
            rowOf[lane] = qint32(row);
            hasBlock[BeatBlock::blockOf(lane)] = true;
        }
    }
    std::vector<LaneId> blocks;
    for (size_t number = 0; number < hasBlock.size(); ++number) {
        if (hasBlock[number])
            blocks.push_back(LaneId(number));
    }
    const auto rowAt = [&rowOf](LaneId lane) { return lane < rowOf.size() ? rowOf[lane] : -1; };

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
    beats = quint64(double(beats) * qMin(1.0, double(blocks.size()) * double(BeatBlock::lanes) / double(lanes)));
    if (beats > mostBeats) {
        // A cell of a level costs as much as some beats: one that holds no more than these is no gain.
        for (const qint64 level : {fineLevelMs, minuteLevelMs, coarseLevelMs}) {
            const double cells = double(query.order->size()) * double(to - query.from) / double(level);
            if (answer.bucketMs >= level && double(beats) > cells * beatsOfCell)
                answer.levelMs = level;
        }
    }
    const bool isShared = beats >= sharedBeats && qint64(answer.rows) * answer.buckets <= sharedCells;
    std::vector<LaneFold> folds(isShared ? 2 : 1, LaneFold(query.from, answer.bucketMs, answer.rows, answer.buckets));
    LaneFold &fold = folds.front();
    const auto addCells = [&](const LaneCells &cells, qint64 levelMs) {
        for (size_t i = 0; i < cells.lanes.size(); ++i) {
            if (const qint32 row = rowAt(cells.lanes[i]); row >= 0)
                fold.addCells(row, cells.from, levelMs, cells.of(i));
        }
    };
    for (const HistorySegment &segment : all) {
        if (answer.levelMs == coarseLevelMs && !segment.open) {
            QByteArray bytes;
            LaneCells cells;
            const auto found = m_segments.file().readBlob(u"SELECT packed FROM coarse WHERE key = ?"_s, segment.info.id, &bytes);
            if (found == HistoryFile::Found::Yes && unpackCells(bytes, segment.info.begins, &cells))
                addCells(cells, coarseLevelMs);
            else if (found != HistoryFile::Found::No)
                m_segments.noteDamage(segment);
            continue;
        }
        if (answer.levelMs > 0 && !segment.open) {
            const auto level = answer.levelMs == fineLevelMs ? HistoryFile::Part::Fine : HistoryFile::Part::Minute;
            for (const LaneId number : blocks) {
                LaneCells cells;
                const QByteArray bytes = m_segments.part(segment, level, number);
                if (bytes.isEmpty())
                    continue;
                if (unpackCells(bytes, segment.info.begins, &cells))
                    addCells(cells, answer.levelMs);
                else
                    m_segments.noteDamage(segment);
            }
            continue;
        }
        inHalves(segment, blocks, isShared, [&](size_t half, const std::vector<PackedBlock> &packed) {
            LaneFold &into = folds[half];
            into.beginSpan(segment.info.begins, segment.info.ends);
            const bool sound = eachLaneOf(packed, [&](LaneId lane, const LaneState &before, std::span<const LaneChange> changes,
                                                      const PackedBeats *packedBeats) {
                if (const qint32 row = rowAt(lane); row >= 0)
                    into.addLane(row, before, changes, packedBeats);
            });
            into.endSpan();
            return sound;
        });
    }
    if (isShared)
        fold.merge(std::move(folds.back()));
    answer.cells = fold.takeCells();
    return answer;
}

template <typename Work>
void HistoryReader::inHalves(const HistorySegment &segment, const std::vector<LaneId> &blocks, bool shared, Work work)
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
        // The helper has begun while the rest is still being read.
        m_helper.start([&] { sound[0] = work(size_t(0), first); });
        sound[1] = work(size_t(1), read(middle, blocks.size()));
        m_helper.waitForDone();
    } else {
        sound[0] = work(size_t(0), first);
    }
    if (!sound[0] || !sound[1])
        m_segments.noteDamage(segment);
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
    inHalves(*found, m_segments.blocksOf(*found), isShared, [&](size_t half, const std::vector<PackedBlock> &packed) {
        MomentAnswer &part = halves[half];
        return eachLaneOf(
            packed, [&](LaneId lane, const LaneState &before, std::span<const LaneChange> changes, const PackedBeats *beats) {
                LaneState state = before;
                for (const LaneChange &change : changes) {
                    if (change.at <= query.at)
                        state.take(change.fact, change.value);
                }
                if (!state.known)
                    return;
                if (beats) {
                    eachBeat(*beats, [&](qint64 at) {
                        if (at <= query.at)
                            state.beatAt = qMax(state.beatAt, at);
                    });
                }
                part.lanes.push_back(lane);
                part.states.push_back(state);
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
