// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/historyreader.h"

#include "app/history/segmentsealer.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QLockFile>

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

bool isRecorded(const QString &path)
{
    const QString lockPath = path % u".lock"_s;
    if (!QFile::exists(lockPath))
        return false;
    QLockFile lock(lockPath);
    lock.setStaleLockTime(0);
    return !lock.tryLock(0) && lock.error() == QLockFile::LockFailedError;
}

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

} // namespace

HistoryReader::HistoryReader(const QString &path, HistoryShared &shared)
    : m_file(path, HistoryFile::Mode::Read)
    , m_shared(shared)
    , m_cache(cacheBytes)
{ }

HistoryReader::~HistoryReader() = default;

void HistoryReader::answer(const HistoryQuery &query, quint64 token)
{
    if (m_file.isOpen() && !m_file.isSameFile()) {
        m_file.closeFile();
        m_cache.clear();
    }
    if (const DatabaseTrouble trouble = m_file.open()) {
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

/// In the order they were recorded.
std::vector<HistoryReader::Segment> HistoryReader::segments(qint64 from, qint64 to)
{
    std::vector<Segment> open;
    {
        // Before the file is asked: one that is sealed in between is met twice, and never missed.
        const QMutexLocker lock(&m_shared.mutex);
        for (const auto &segment : m_shared.open)
            open.push_back({segment->info(), segment});
    }
    std::vector<SegmentInfo> sealed;
    if (m_file.isOpen())
        m_file.readSegments(from, to, &sealed);
    std::vector<Segment> all;
    for (const SegmentInfo &info : sealed) {
        if (std::none_of(open.begin(), open.end(), [&info](const Segment &one) { return one.info.id == info.id; }))
            all.push_back({info, nullptr});
    }
    for (const Segment &segment : open) {
        if (segment.info.touches(from, to))
            all.push_back(segment);
    }
    return all;
}

std::vector<LaneId> HistoryReader::blocksOf(const Segment &segment)
{
    if (segment.open) {
        const QMutexLocker lock(&m_shared.mutex);
        return segment.open->blocks();
    }
    std::vector<LaneId> blocks;
    if (!m_file.readBlocks(segment.info.id, &blocks))
        noteDamage(segment);
    return blocks;
}

void HistoryReader::noteDamage(const Segment &segment)
{
    emit unreadable(segment.info.begins, segment.info.ends);
}

QByteArray HistoryReader::part(const Segment &segment, HistoryFile::Part part, LaneId block)
{
    if (segment.open) {
        const QMutexLocker lock(&m_shared.mutex);
        return part == HistoryFile::Part::Beats ? segment.open->beats(block) : segment.open->states(block);
    }
    const QPair<qint64, int> key(HistoryFile::keyOf(segment.info.id, block), int(part));
    if (const Bytes *known = m_cache.object(key)) {
        return known->bytes;
    }
    auto bytes = std::make_unique<Bytes>();
    bytes->found = m_file.readPart(part, segment.info.id, block, &bytes->bytes);
    if (bytes->found == HistoryFile::Found::Damaged)
        noteDamage(segment);
    const QByteArray result = bytes->bytes;
    m_cache.insert(key, bytes.release(), qsizetype(sizeof(Bytes)) + result.size());
    return result;
}

std::unique_ptr<SegmentBlock> HistoryReader::block(const Segment &segment, LaneId block)
{
    QByteArray states = part(segment, HistoryFile::Part::States, block);
    QByteArray beats = part(segment, HistoryFile::Part::Beats, block);
    if (states.isEmpty() && beats.isEmpty())
        return nullptr;
    auto decoded = std::make_unique<SegmentBlock>(block, segment.info.begins, std::move(states), std::move(beats));
    if (decoded->isSound())
        return decoded;
    noteDamage(segment);
    return nullptr;
}

HistoryAnswer HistoryReader::answerTo(const LanesQuery &query)
{
    LanesAnswer answer;
    const QMutexLocker lock(&m_shared.mutex);
    m_shared.states.eachKnown([this](LaneId lane, const LaneState &) { m_shared.book.extend(lane, m_shared.run.to); });
    for (LaneId id = 1; id < m_shared.book.next(); ++id) {
        if (!m_shared.book.has(id))
            continue;
        HistoryLane lane = m_shared.book.lane(id);
        if (lane.first < query.to && lane.last >= query.from)
            answer.lanes.push_back(std::move(lane));
    }
    return answer;
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
    for (const Segment &segment : segments(query.from, query.to)) {
        for (const auto &[number, lanes] : lanesOf) {
            const auto decoded = block(segment, number);
            for (const LaneId lane : lanes) {
                TrackMaker &maker = makers[lane];
                const auto add = [&](LaneId, const LaneState &before, std::span<const LaneChange> changes,
                                     const PackedBeats *beats) {
                    maker.add(segment.info, query.from, query.to, before, changes, beats);
                };
                if (!decoded || !decoded->withLane(lane, add))
                    maker.add(segment.info, query.from, query.to, LaneState(), {}, nullptr);
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
    LaneFold fold(query.from, answer.bucketMs, answer.rows, answer.buckets);

    std::vector<qint32> rowOf; // By lane; -1 for none.
    std::set<LaneId> blocks;
    for (size_t row = 0; row < query.rows.size(); ++row) {
        const size_t end = row + 1 < query.rows.size() ? query.rows[row + 1] : query.order->size();
        for (size_t i = query.rows[row]; i < end && i < query.order->size(); ++i) {
            const LaneId lane = (*query.order)[i];
            if (lane >= rowOf.size()) {
                if (lane >= LaneId(1) << 26)
                    continue;
                rowOf.resize(size_t(lane) + 1 + rowOf.size() / 2, -1);
            }
            rowOf[lane] = qint32(row);
            blocks.insert(BeatBlock::blockOf(lane));
        }
    }
    const auto rowAt = [&rowOf](LaneId lane) { return lane < rowOf.size() ? rowOf[lane] : -1; };

    const std::vector<Segment> all = segments(query.from, to);
    // As many beats as those of the segments, or of the lanes that are asked for if these are few.
    quint64 beats = 0;
    for (const Segment &segment : all)
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
    const auto addCells = [&](const LaneCells &cells, qint64 levelMs) {
        for (size_t i = 0; i < cells.lanes.size(); ++i) {
            if (const qint32 row = rowAt(cells.lanes[i]); row >= 0)
                fold.addCells(row, cells.from, levelMs, cells.of(i));
        }
    };
    for (const Segment &segment : all) {
        if (answer.levelMs == coarseLevelMs && !segment.open) {
            QByteArray bytes;
            LaneCells cells;
            const auto found = m_file.readBlob(u"SELECT packed FROM coarse WHERE key = ?"_s, segment.info.id, &bytes);
            if (found == HistoryFile::Found::Yes && unpackCells(bytes, segment.info.begins, &cells))
                addCells(cells, coarseLevelMs);
            else if (found != HistoryFile::Found::No)
                noteDamage(segment);
            continue;
        }
        if (answer.levelMs > 0 && !segment.open) {
            const auto level = answer.levelMs == fineLevelMs ? HistoryFile::Part::Fine : HistoryFile::Part::Minute;
            for (const LaneId number : blocks) {
                LaneCells cells;
                const QByteArray bytes = part(segment, level, number);
                if (bytes.isEmpty())
                    continue;
                if (unpackCells(bytes, segment.info.begins, &cells))
                    addCells(cells, answer.levelMs);
                else
                    noteDamage(segment);
            }
            continue;
        }
        fold.beginSpan(segment.info.begins, segment.info.ends);
        for (const LaneId number : blocks) {
            if (const auto decoded = block(segment, number)) {
                decoded->eachLane(
                    [&](LaneId lane, const LaneState &before, std::span<const LaneChange> changes, const PackedBeats *packed) {
                        if (const qint32 row = rowAt(lane); row >= 0)
                            fold.addLane(row, before, changes, packed);
                    });
            }
        }
        fold.endSpan();
    }
    answer.cells = fold.takeCells();
    return answer;
}

HistoryAnswer HistoryReader::answerTo(const EventsQuery &query)
{
    EventsAnswer answer;
    const int most = qBound(0, query.most, 100'000);
    if (!m_file.isOpen())
        return answer;
    QSqlQuery &rows = m_file.statement(u"SELECT facts FROM event WHERE at >= ? AND at < ? ORDER BY at DESC, row DESC LIMIT ?"_s);
    rows.bindValue(0, query.from);
    rows.bindValue(1, query.to);
    rows.bindValue(2, most + 1);
    if (!rows.exec())
        return FailedAnswer{m_file.trouble(rows.lastError()).message};
    while (rows.next())
        answer.events.push_back(historyEventOf(QJsonDocument::fromJson(rows.value(0).toString().toUtf8()).object()));
    rows.finish();
    answer.more = answer.events.size() > size_t(most);
    if (answer.more)
        answer.events.pop_back();
    std::reverse(answer.events.begin(), answer.events.end());
    return answer;
}

std::vector<OverviewCell> HistoryReader::overviewOf(const Segment &open)
{
    if (m_openSegment == open.info.id && open.info.ends - m_openUntil < openOverviewMs)
        return m_openOverview;
    SegmentLevels levels(open.info);
    for (const LaneId number : blocksOf(open)) {
        if (const auto decoded = block(open, number))
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
    answer.runs = runs();
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
    const std::vector<Segment> all = segments(std::numeric_limits<qint64>::min(), std::numeric_limits<qint64>::max());
    std::set<qint64> open;
    for (const Segment &segment : all) {
        if (segment.open) {
            open.insert(segment.info.id);
            add(overviewOf(segment));
        }
    }
    if (m_file.isOpen()) {
        QSqlQuery &query = m_file.statement(u"SELECT id, begins, ends, overview FROM segment ORDER BY id"_s);
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
                noteDamage({info, nullptr});
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
    const std::vector<Segment> all = segments(query.at, query.at + 1);
    // Where runs overlap the later one counts, and of two that meet the one that begins there.
    const auto found = std::find_if(all.rbegin(), all.rend(), [&query](const Segment &segment) {
        return segment.info.begins <= query.at && segment.info.ends >= query.at;
    });
    if (found == all.rend())
        return answer;
    answer.run = found->info.run;
    for (const LaneId number : blocksOf(*found)) {
        const auto decoded = block(*found, number);
        if (!decoded)
            continue;
        decoded->eachLane(
            [&](LaneId lane, const LaneState &before, std::span<const LaneChange> changes, const PackedBeats *beats) {
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
                answer.lanes.push_back(lane);
                answer.states.push_back(state);
            });
    }
    return answer;
}

std::vector<HistoryRun> HistoryReader::runs()
{
    std::vector<HistoryRun> runs;
    if (m_file.isOpen())
        m_file.readRuns(&runs);
    const QMutexLocker lock(&m_shared.mutex);
    const HistoryRun &now = m_shared.run;
    if (now.id == 0)
        return runs;
    const auto stored = std::find_if(runs.begin(), runs.end(), [&now](const HistoryRun &run) { return run.id == now.id; });
    if (stored == runs.end()) {
        runs.push_back(now);
    } else {
        stored->to = qMax(stored->to, now.to);
        stored->open = now.open;
    }
    return runs;
}

HistoryAnswer HistoryReader::answerTo(const SpansQuery &)
{
    SpansAnswer answer;
    answer.runs = runs();
    const QMutexLocker lock(&m_shared.mutex);
    answer.unreadable = m_shared.unreadable;
    return answer;
}

bool HistoryReader::copySegment(HistoryFile &file, const Segment &segment)
{
    const qint64 id = segment.info.id;
    if (segment.open) {
        SegmentSealer sealer(file, segment.info);
        for (const LaneId number : blocksOf(segment)) {
            if (!sealer.addBlock(number, part(segment, HistoryFile::Part::States, number),
                                 part(segment, HistoryFile::Part::Beats, number)))
                return false;
        }
        return sealer.finish();
    }
    const auto copy = [&](const QString &table, qint64 first, qint64 last) {
        QSqlQuery &rows = m_file.statement(u"SELECT key, packed FROM "_s % table % u" WHERE key BETWEEN ? AND ?"_s);
        rows.bindValue(0, first);
        rows.bindValue(1, last);
        if (!rows.exec()) {
            noteDamage(segment);
            return true; // The rest is worth having.
        }
        while (rows.next()) {
            if (!file.execute(u"INSERT OR REPLACE INTO "_s % table % u" (key, packed) VALUES (?, ?)"_s,
                              {rows.value(0), rows.value(1)}))
                return false;
        }
        if (rows.lastError().isValid())
            noteDamage(segment);
        rows.finish();
        return true;
    };
    for (const QString &table : {u"beats"_s, u"states"_s, u"fine"_s, u"minute"_s}) {
        if (!copy(table, HistoryFile::keyOf(id, 0), HistoryFile::keyOf(id + 1, 0) - 1))
            return false;
    }
    if (!copy(u"coarse"_s, id, id))
        return false;
    QSqlQuery &row =
        m_file.statement(u"SELECT id, run, begins, ends, earliest, latest, beats, overview FROM segment WHERE id = ?"_s);
    row.bindValue(0, id);
    if (!row.exec() || !row.next())
        return true; // Removed meanwhile, as it is too old.
    QVariantList values;
    for (int i = 0; i < 8; ++i)
        values.append(row.value(i));
    row.finish();
    return file.execute(u"INSERT OR REPLACE INTO segment (id, run, begins, ends, earliest, latest, beats, overview) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s,
                        values);
}

QString HistoryReader::writeExport(HistoryFile &file, qint64 from, qint64 to)
{
    const std::vector<Segment> all = segments(from, to);
    qint64 begins = to;
    qint64 ends = from;
    std::set<qint64> touched;
    for (const Segment &segment : all) {
        if (segment.info.ends <= from && segment.info.latest < from)
            continue; // It only meets the span.
        if (!file.inTransaction([&] { return copySegment(file, segment); }))
            return file.trouble(file.lastError()).message;
        begins = qMin(begins, segment.info.begins);
        ends = qMax(ends, segment.info.ends);
        touched.insert(segment.info.run);
    }
    const bool ok = file.inTransaction([&] {
        for (const HistoryRun &run : runs()) {
            if (touched.contains(run.id)
                && !file.execute(u"INSERT INTO run (id, began, last, host, pid, version) VALUES (?, ?, ?, ?, ?, ?)"_s,
                                 {run.id, qMax(run.from, begins), qMin(run.to, ends), run.host, run.pid, run.version}))
                return false;
        }
        std::map<LaneId, std::vector<HistoryLane>> lanes;
        LaneId next = 1;
        auto known = answerTo(LanesQuery{begins, ends + 1});
        for (HistoryLane &lane : std::get<LanesAnswer>(known).lanes) {
            next = qMax(next, lane.id + 1);
            lanes[BeatBlock::blockOf(lane.id)].push_back(std::move(lane));
        }
        for (const auto &[number, some] : lanes) {
            if (!file.writeLanes(number, some, true))
                return false;
        }
        auto events = answerTo(EventsQuery{begins, ends + 1, 100'000});
        const auto *found = std::get_if<EventsAnswer>(&events);
        return (!found || file.writeEvents(found->events)) && file.execute(u"UPDATE nextlane SET id = ?"_s, {next});
    });
    if (!ok)
        return file.trouble(file.lastError()).message;
    // Without side files, so that it can be opened from where nothing can be written.
    return file.run(u"PRAGMA journal_mode=DELETE"_s).message;
}

void HistoryReader::exportSpan(qint64 from, qint64 to, const QString &path, quint64 token)
{
    // What is there is replaced: that must not be a history that is still read or recorded.
    const QFileInfo target(path);
    if (target.exists()
        && (target.canonicalFilePath() == QFileInfo(m_file.path()).canonicalFilePath()
            || isRecorded(target.canonicalFilePath()))) {
        emit exported(token, tr("%1 is in use as a history: choose another file.").arg(path));
        return;
    }
    if (!m_file.isOpen())
        m_file.open();
    const QString partial = path % u".part"_s;
    QFile::remove(partial);
    QString error;
    {
        HistoryFile file(partial, HistoryFile::Mode::Write);
        error = file.open().message;
        if (error.isEmpty())
            error = writeExport(file, from, to);
    }
    if (error.isEmpty()) {
        // With the side files of the one before, which SQLite would read as those of the new one.
        for (const QString &old : {path, QString(path % u"-wal"_s), QString(path % u"-shm"_s)})
            QFile::remove(old);
        QFile file(partial);
        if (!file.rename(path))
            error = file.errorString();
    }
    if (!error.isEmpty())
        QFile::remove(partial);
    emit exported(token, error);
}

} // namespace pulsedeck
