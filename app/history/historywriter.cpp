// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/historywriter.h"

#include "app/history/sqlhistory.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QSysInfo>
#include <QThread>

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int tendEveryMs = 600'000;
constexpr qint64 lanesTidiedEveryMs = 600'000;
/// A recording that stood still for longer, as the machine slept, did not go on in between.
constexpr qint64 pauseMs = 60'000;
constexpr int pagesInStep = 2'000;
constexpr qint64 mostFreeBytes = 32'000'000; ///< Freed pages are used again; more than that is given back.

qint64 segmentStart(qint64 at)
{
    return at - ((at % segmentMs) + segmentMs) % segmentMs;
}

size_t sizeOf(const HistoryFrame &frame)
{
    return frame.beats.size() + frame.changes.size() + frame.events.size();
}

} // namespace

HistoryWriter::HistoryWriter(const QString &path, HistoryFile::Mode mode, const HistoryLimits &limits, HistoryShared &shared,
                             qint64 maxBytes)
    : m_file(path, mode)
    , m_mode(mode)
    , m_limits(limits)
    , m_shared(shared)
    , m_maxBytes(maxBytes)
    , m_retryTimer(this)
    , m_sealTimer(this)
    , m_followTimer(this)
    , m_tendTimer(this)
{
    m_state.path = path;
    m_state.limits = limits;
    m_retryTimer.setInterval(retryMs);
    connect(&m_retryTimer, &QTimer::timeout, this, [this] {
        if (ensureOpen() && m_lock && hasToSeal())
            sealStep();
        publishState(false);
    });
    m_sealTimer.setSingleShot(true);
    connect(&m_sealTimer, &QTimer::timeout, this, [this] {
        if (sealStep() && hasToSeal())
            m_sealTimer.start(0);
        publishState(false);
    });
    m_followTimer.setInterval(followMs);
    connect(&m_followTimer, &QTimer::timeout, this, &HistoryWriter::follow);
    m_tendTimer.setInterval(tendEveryMs);
    connect(&m_tendTimer, &QTimer::timeout, this, &HistoryWriter::tend);
}

HistoryWriter::~HistoryWriter() = default;

bool HistoryWriter::post(std::variant<HistoryFrame, Question> job)
{
    const QMutexLocker lock(&m_mutex);
    if (const auto *frame = std::get_if<HistoryFrame>(&job)) {
        if (m_queued + sizeOf(*frame) > SqlHistory::maxQueued)
            return false;
        m_queued += sizeOf(*frame);
    }
    m_queue.push_back(std::move(job));
    if (!std::exchange(m_scheduled, true))
        QMetaObject::invokeMethod(this, &HistoryWriter::drain, Qt::QueuedConnection);
    return true;
}

void HistoryWriter::postLast()
{
    QMetaObject::invokeMethod(
        this,
        [this] {
            drain();
            if (m_lock && ensureOpen())
                sealAll();
            m_file.closeFile();
            m_lock.reset();
            thread()->quit();
        },
        Qt::QueuedConnection);
}

void HistoryWriter::start()
{
    m_tendTimer.start();
    ensureOpen();
    publishState(true);
}

void HistoryWriter::drain()
{
    std::deque<std::variant<HistoryFrame, Question>> jobs;
    {
        const QMutexLocker lock(&m_mutex);
        jobs.swap(m_queue);
        m_queued = 0;
        m_scheduled = false;
    }
    bool grew = false;
    for (auto &job : jobs) {
        if (auto *question = std::get_if<Question>(&job)) {
            ensureOpen();
            (*question)();
            continue;
        }
        take(std::move(std::get<HistoryFrame>(job)));
        grew = true;
    }
    if (grew && m_lock) {
        emit extended(m_now);
        if (hasToSeal() && !m_sealTimer.isActive() && !m_retryTimer.isActive())
            m_sealTimer.start(0);
    }
    publishState(false);
}

/// Ours are numbered here, as another run may have met the same lanes.
void HistoryWriter::take(HistoryFrame frame)
{
    const bool open = ensureOpen();
    if (m_mode == HistoryFile::Mode::Read || m_state.recorder != 0)
        return; // Another process records the same.
    if (!m_loaded) {
        m_state.lost += qint64(sizeOf(frame));
        return;
    }
    if (!open && m_trouble.damaged && m_shared.open.size() >= mostUnsealed)
        m_state.lost += qint64(sizeOf(frame));
    {
        const QMutexLocker lock(&m_shared.mutex);
        for (HistoryLane &lane : frame.lanes) {
            const LaneId own = lane.id;
            lane.id = m_shared.book.add(lane);
            if (own >= m_numbers.size())
                m_numbers.resize(size_t(own) + 1 + m_numbers.size() / 2, noLane);
            m_numbers[own] = lane.id;
        }
    }
    const auto numberOf = [this](LaneId own) { return own < m_numbers.size() ? m_numbers[own] : noLane; };
    for (HistoryBeat &beat : frame.beats)
        beat.lane = numberOf(beat.lane);
    for (LaneChange &change : frame.changes)
        change.lane = numberOf(change.lane);
    for (HistoryEvent &event : frame.events)
        event.lane = numberOf(event.lane);
    std::erase_if(frame.beats, [](const HistoryBeat &beat) { return beat.lane == noLane; });
    std::erase_if(frame.changes, [](const LaneChange &change) { return change.lane == noLane; });
    record(std::move(frame));
}

void HistoryWriter::record(HistoryFrame frame)
{
    if (m_shared.run.id == 0) {
        HistoryRun run;
        QSqlQuery &query = m_file.statement(u"SELECT seq FROM sqlite_sequence WHERE name = 'run'"_s);
        run.id = (query.exec() && query.next() ? query.value(0).toLongLong() : 0) + 1;
        query.finish();
        run.from = qMin(frame.at, frame.until);
        run.to = frame.until;
        run.host = QSysInfo::machineHostName();
        run.pid = QCoreApplication::applicationPid();
        run.version = QStringLiteral(PULSEDECK_VERSION);
        run.open = true;
        const QMutexLocker lock(&m_shared.mutex);
        m_shared.run = run;
    }
    const std::shared_ptr<OpenSegment> before = m_recording != 0 ? m_shared.open.back() : nullptr;
    const qint64 cut = segmentStart(frame.until);
    if (before && before->info().begins >= cut) {
        writeTail(frame, *before);
        return;
    }
    if (!before) {
        openSegment(qMin(frame.at, frame.until));
        writeTail(frame, *m_shared.open.back());
        return;
    }
    // The frame lies over the end of a segment: what was before goes into that one.
    const bool wentOn = frame.until - before->info().ends < pauseMs;
    HistoryFrame first;
    first.at = frame.at;
    first.until = wentOn ? cut : before->info().ends;
    first.lanes = frame.lanes;
    if (wentOn) {
        const auto late = std::stable_partition(frame.beats.begin(), frame.beats.end(),
                                                [&](const HistoryBeat &beat) { return frame.at + beat.offset < cut; });
        first.beats.assign(frame.beats.begin(), late);
        frame.beats.erase(frame.beats.begin(), late);
        const auto lateChange = std::stable_partition(frame.changes.begin(), frame.changes.end(),
                                                      [&](const LaneChange &change) { return change.at < cut; });
        first.changes.assign(frame.changes.begin(), lateChange);
        frame.changes.erase(frame.changes.begin(), lateChange);
    }
    writeTail(first, *before);
    openSegment(wentOn ? cut : qMin(frame.at, frame.until));
    writeTail(frame, *m_shared.open.back());
}

void HistoryWriter::openSegment(qint64 begins)
{
    {
        const QMutexLocker lock(&m_shared.mutex);
        m_shared.states.tidy();
        m_recording = m_nextSegment++;
        m_shared.open.push_back(std::make_shared<OpenSegment>(m_recording, m_shared.run.id, begins, m_shared.states));
    }
    // They come faster than they are sealed in between, or the disk has been full for so long that memory is, too.
    while (m_shared.open.size() > mostUnsealed) {
        if (!sealStep())
            dropOldest();
    }
}

void HistoryWriter::dropOldest()
{
    const QMutexLocker lock(&m_shared.mutex);
    m_state.lost += qint64(m_shared.open.front()->info().beats);
    if (m_sealing.segment == m_shared.open.front())
        m_sealing = Sealing();
    m_shared.open.erase(m_shared.open.begin());
}

void HistoryWriter::keep(const HistoryFrame &frame, OpenSegment &segment)
{
    const QMutexLocker lock(&m_shared.mutex);
    for (const HistoryBeat &beat : frame.beats) {
        const qint64 at = frame.at + beat.offset;
        segment.takeBeat(beat.lane, at);
        m_shared.states.takeBeat(beat.lane, at);
        m_shared.book.extend(beat.lane, at);
    }
    for (const LaneChange &change : frame.changes) {
        segment.takeChange(change);
        m_shared.states.take(change);
        m_shared.book.extend(change.lane, change.at);
    }
    segment.setUntil(frame.until);
    m_shared.run.to = qMax(m_shared.run.to, frame.until);
    m_now = frame.until;
}

void HistoryWriter::writeTail(const HistoryFrame &frame, OpenSegment &segment)
{
    m_events.insert(m_events.end(), frame.events.begin(), frame.events.end());
    if (m_events.size() > mostEventsWaiting) {
        m_state.lost += qint64(m_events.size() - mostEventsWaiting);
        m_events.erase(m_events.begin(), m_events.end() - qsizetype(mostEventsWaiting));
    }
    keep(frame, segment);
    if (!m_file.isOpen() || m_trouble.damaged)
        return;
    const HistoryRun &run = m_shared.run;
    const bool saveRun = !m_runStored || run.to - m_runSaved >= runSavedEveryMs;
    const bool ok = m_file.inTransaction([&] {
        if (saveRun
            && !m_file.execute(u"INSERT INTO run (id, began, last, host, pid, version) VALUES (?, ?, ?, ?, ?, ?) "
                               "ON CONFLICT(id) DO UPDATE SET last = excluded.last"_s,
                               {run.id, run.from, run.to, run.host, run.pid, run.version}))
            return false;
        return m_file.writeEvents(m_events)
               && m_file.execute(u"INSERT INTO tail (segment, run, begins, packed) VALUES (?, ?, ?, ?)"_s,
                                 {segment.info().id, run.id, segment.info().begins,
                                  m_file.compression().compress(packFrame(frame).view(), Compression::fastLevel)});
    });
    if (!ok) {
        failed();
        return;
    }
    m_events.clear();
    m_runStored = true;
    if (saveRun)
        m_runSaved = run.to;
    report({});
}

bool HistoryWriter::ensureOpen()
{
    // Written into a file that was moved or removed, the past would be lost without a word.
    if (m_file.isOpen() && !m_file.isSameFile()) {
        m_file.closeFile();
        m_lock.reset();
        m_runStored = false;
        m_sealing = Sealing();
        const QMutexLocker lock(&m_shared.mutex);
        m_shared.book.outdateAll();
    }
    if (m_trouble.damaged && m_file.isSameFile())
        return false;
    if (m_file.isOpen())
        return true;
    if (const DatabaseTrouble trouble = m_file.open(m_maxBytes)) {
        report(trouble);
        return false;
    }
    if (m_mode == HistoryFile::Mode::Read) {
        loadLanes();
        replayTail();
        refreshSpan();
        m_followTimer.start();
        return true;
    }
    if (!lockFile()) {
        loadLanes();
        replayTail();
        refreshSpan();
        m_followTimer.start();
        report({});
        return true;
    }
    if (!m_loaded)
        recover();
    refreshSpan();
    report({});
    tend();
    return true;
}

/// Whether this process records. If another one does, its id is in the state.
bool HistoryWriter::lockFile()
{
    auto lock = std::make_unique<QLockFile>(m_file.path() % u".lock"_s);
    lock->setStaleLockTime(0); // However long it lasts, it counts while its process runs.
    if (lock->tryLock(0)) {
        m_lock = std::move(lock);
        m_state.recorder = 0;
        return true;
    }
    qint64 pid = 0;
    QString host;
    QString program;
    if (lock->error() == QLockFile::LockFailedError && lock->getLockInfo(&pid, &host, &program))
        m_state.recorder = pid;
    else
        m_state.recorder = -1;
    return false;
}

void HistoryWriter::loadLanes()
{
    std::vector<HistoryLane> lanes;
    if (!m_file.readLanes(&lanes))
        failed();
    QSqlQuery &query = m_file.statement(u"SELECT id FROM nextlane"_s);
    const LaneId next = query.exec() && query.next() ? LaneId(query.value(0).toLongLong()) : 1;
    query.finish();
    const QMutexLocker lock(&m_shared.mutex);
    m_shared.book.load(lanes, next);
    m_shared.open.clear();
    m_shared.states.clear();
    m_tailRow = 0;
}

/// What an earlier process left: it may have been killed in the middle of anything.
void HistoryWriter::recover()
{
    QSqlQuery &query = m_file.statement(u"SELECT max((SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'segment'), "
                                        "(SELECT coalesce(max(segment), 0) FROM tail))"_s);
    m_nextSegment = (query.exec() && query.next() ? query.value(0).toLongLong() : 0) + 1;
    query.finish();
    QSqlQuery &last = m_file.statement(u"SELECT coalesce(max(id), 0) FROM segment"_s);
    const qint64 sealed = last.exec() && last.next() ? last.value(0).toLongLong() : 0;
    last.finish();
    const qint64 unfinished = HistoryFile::keyOf(sealed + 1, 0);
    for (const QString &table : {u"beats"_s, u"states"_s, u"fine"_s, u"minute"_s}) {
        if (!m_file.execute(u"DELETE FROM "_s % table % u" WHERE key >= ?"_s, {unfinished}))
            failed();
    }
    loadLanes();
    replayTail();
    qint64 runEnd = 0;
    qint64 run = 0;
    {
        const QMutexLocker lock(&m_shared.mutex);
        // Nothing is known of now: the states were those of the run that ended.
        m_shared.states.clear();
        if (!m_shared.open.empty()) {
            run = m_shared.open.back()->info().run;
            runEnd = m_shared.open.back()->info().ends;
        }
        m_shared.run = HistoryRun();
    }
    if (run != 0)
        m_file.execute(u"UPDATE run SET last = ? WHERE id = ? AND last < ?"_s, {runEnd, run, runEnd});
    m_loaded = true;
    if (hasToSeal())
        m_sealTimer.start(0);
    if (m_state.lost > 0)
        emit beganAnew();
}

bool HistoryWriter::replayTail()
{
    struct Row
    {
        qint64 row;
        qint64 segment;
        qint64 run;
        qint64 begins;
        QByteArray packed;
    };
    QSqlQuery &query = m_file.statement(u"SELECT row, segment, run, begins, packed FROM tail WHERE row > ? ORDER BY row"_s);
    query.bindValue(0, m_tailRow);
    if (!query.exec())
        return failed();
    std::vector<Row> rows;
    while (query.next()) {
        rows.push_back({query.value(0).toLongLong(), query.value(1).toLongLong(), query.value(2).toLongLong(),
                        query.value(3).toLongLong(), query.value(4).toByteArray()});
    }
    query.finish();
    for (const Row &row : rows) {
        m_tailRow = row.row;
        replay(row.segment, row.run, row.begins, row.packed);
    }
    return !rows.empty();
}

void HistoryWriter::replay(qint64 segment, qint64 run, qint64 begins, const QByteArray &packed)
{
    HistoryFrame frame;
    const auto bytes = m_file.compression().decompress(packed);
    if (!bytes || !unpackFrame(*bytes, &frame))
        return; // A row of half a second; what is around it is sound.
    const SegmentInfo *before = m_shared.open.empty() ? nullptr : &m_shared.open.back()->info();
    if (!before || before->id != segment) {
        const bool wentOn = before && before->run == run && before->ends == begins;
        if (!wentOn)
            loadStates(run, begins);
        const QMutexLocker lock(&m_shared.mutex);
        m_shared.open.push_back(std::make_shared<OpenSegment>(segment, run, begins, m_shared.states));
        if (m_shared.run.id != run) {
            m_shared.run = HistoryRun();
            m_shared.run.id = run;
            m_shared.run.from = m_shared.run.to = begins;
        }
        m_shared.run.open = m_state.recorder != 0;
    }
    {
        const QMutexLocker lock(&m_shared.mutex);
        for (const HistoryLane &lane : frame.lanes)
            m_shared.book.put(lane);
        const auto unknown = [this](LaneId lane) { return !m_shared.book.has(lane); };
        std::erase_if(frame.beats, [&](const HistoryBeat &beat) { return unknown(beat.lane); });
        std::erase_if(frame.changes, [&](const LaneChange &change) { return unknown(change.lane); });
    }
    keep(frame, *m_shared.open.back());
}

/// The states at the end of the segment of a run that ends then; of none if there is no such segment.
void HistoryWriter::loadStates(qint64 run, qint64 endsAt)
{
    LaneStates states;
    QSqlQuery &query = m_file.statement(u"SELECT id, begins FROM segment WHERE run = ? AND ends = ? ORDER BY id DESC LIMIT 1"_s);
    query.bindValue(0, run);
    query.bindValue(1, endsAt);
    if (query.exec() && query.next()) {
        const qint64 segment = query.value(0).toLongLong();
        const qint64 begins = query.value(1).toLongLong();
        query.finish();
        std::vector<LaneId> blocks;
        m_file.readBlocks(segment, &blocks);
        for (const LaneId number : blocks) {
            QByteArray stateBytes;
            QByteArray beatBytes;
            m_file.readPart(HistoryFile::Part::States, segment, number, &stateBytes);
            m_file.readPart(HistoryFile::Part::Beats, segment, number, &beatBytes);
            const SegmentBlock block(number, begins, stateBytes, beatBytes);
            block.eachLane([&states](LaneId lane, const LaneState &before, auto changes, const PackedBeats *beats) {
                LaneState state = before;
                for (const LaneChange &change : changes)
                    state.take(change.fact, change.value);
                if (beats && state.known)
                    eachBeat(*beats, [&state](qint64 at) { state.beatAt = qMax(state.beatAt, at); });
                if (state.known)
                    states.set(lane, state);
            });
        }
    }
    query.finish();
    const QMutexLocker lock(&m_shared.mutex);
    m_shared.states = std::move(states);
}

/// What another process recorded meanwhile.
void HistoryWriter::follow()
{
    if (!ensureOpen())
        return;
    if (m_state.recorder != 0) {
        tryToTakeOver();
        if (m_lock)
            return;
    }
    QSqlQuery &query = m_file.statement(u"SELECT coalesce(max(id), 0) FROM segment"_s);
    const qint64 sealed = query.exec() && query.next() ? query.value(0).toLongLong() : 0;
    query.finish();
    const bool grew = replayTail();
    bool fewer = false;
    {
        const QMutexLocker lock(&m_shared.mutex);
        fewer = std::erase_if(m_shared.open, [sealed](const auto &open) { return open->info().id <= sealed; }) > 0;
    }
    if (grew || fewer) {
        refreshSpan();
        emit extended(m_now);
    }
    publishState(false);
}

void HistoryWriter::tryToTakeOver()
{
    if (!lockFile())
        return;
    m_followTimer.stop();
    m_loaded = false;
    m_numbers.clear();
    recover();
    refreshSpan();
    report({});
    emit beganAnew();
    publishState(true);
}

bool HistoryWriter::hasToSeal() const
{
    return !m_shared.open.empty() && m_shared.open.front()->info().id != m_recording;
}

/// Seals some blocks of the oldest segment. False if that failed.
bool HistoryWriter::sealStep()
{
    if (!m_lock || !m_file.isOpen() || m_trouble.damaged || !hasToSeal())
        return false;
    if (m_sealing.segment != m_shared.open.front()) {
        m_sealing.segment = m_shared.open.front();
        m_sealing.sealer = std::make_unique<SegmentSealer>(m_file, m_sealing.segment->info());
        m_sealing.blocks = m_sealing.segment->blocks();
        m_sealing.done = 0;
    }
    const OpenSegment &segment = *m_sealing.segment;
    const size_t until = qMin(m_sealing.blocks.size(), m_sealing.done + blocksInStep);
    const bool last = until == m_sealing.blocks.size();
    const bool ok = m_file.inTransaction([&] {
        for (size_t i = m_sealing.done; i < until; ++i) {
            const LaneId block = m_sealing.blocks[i];
            QByteArray states;
            QByteArray beats;
            {
                const QMutexLocker lock(&m_shared.mutex);
                states = segment.states(block);
                beats = segment.beats(block);
                m_sealing.segment->forgetPacked(block);
            }
            if (!m_sealing.sealer->addBlock(block, states, beats))
                return false;
        }
        return !last || finishSeal(segment);
    });
    if (!ok) {
        m_sealing = Sealing(); // From its beginning: the levels of the blocks before are in the sealer.
        return failed();
    }
    m_sealing.done = until;
    if (last) {
        const QMutexLocker lock(&m_shared.mutex);
        for (const LaneId block : std::set<LaneId>(m_shared.book.outdated()))
            m_shared.book.setWritten(block);
        m_shared.open.erase(m_shared.open.begin());
        m_sealing = Sealing();
    }
    report({});
    if (last)
        tend();
    return true;
}

bool HistoryWriter::finishSeal(const OpenSegment &segment)
{
    std::vector<std::pair<LaneId, std::vector<HistoryLane>>> lanes;
    std::set<LaneId> outdated;
    LaneId next = 0;
    {
        const QMutexLocker lock(&m_shared.mutex);
        const qint64 until = segment.info().ends;
        m_shared.states.eachKnown([this, until](LaneId lane, const LaneState &) { m_shared.book.extend(lane, until); });
        outdated = m_shared.book.outdated();
        std::set<LaneId> blocks = outdated;
        for (const LaneId block : segment.blocks())
            blocks.insert(block);
        for (const LaneId block : blocks)
            lanes.emplace_back(block, m_shared.book.ofBlock(block));
        next = m_shared.book.next();
    }
    for (const auto &[block, some] : lanes) {
        if (!m_file.writeLanes(block, some, outdated.contains(block)))
            return false;
    }
    return m_sealing.sealer->finish() && m_file.execute(u"UPDATE nextlane SET id = ?"_s, {next})
           && m_file.execute(u"DELETE FROM tail WHERE segment = ?"_s, {segment.info().id});
}

void HistoryWriter::sealAll()
{
    m_recording = 0;
    while (hasToSeal() && sealStep()) { }
    const HistoryRun &run = m_shared.run;
    if (run.id != 0)
        m_file.execute(u"UPDATE run SET last = ? WHERE id = ?"_s, {run.to, run.id});
}

void HistoryWriter::setLimits(const HistoryLimits &limits)
{
    m_limits = m_state.limits = limits;
    tend();
    publishState(true);
}

void HistoryWriter::prune(qint64 before)
{
    m_pruneBefore = qMax(m_pruneBefore, before);
    tend();
    publishState(true);
}

/// Keeps the file within its limits, one segment at a time.
void HistoryWriter::tend()
{
    if (!m_lock || !m_file.isOpen() || m_trouble.damaged)
        return;
    if (removeOldest()) {
        QTimer::singleShot(0, this, &HistoryWriter::tend);
        return;
    }
    m_pruneBefore = 0;
    const qint64 free = databaseValue(m_file.database(), u"PRAGMA freelist_count"_s).toLongLong() * HistoryFile::pageSize;
    if (free > qMin(mostFreeBytes, m_limits.maxBytes)) {
        m_file.run(u"PRAGMA incremental_vacuum("_s % QString::number(pagesInStep) % u')');
        m_shrinks = true;
        QTimer::singleShot(0, this, &HistoryWriter::tend);
    } else if (std::exchange(m_shrinks, false)) {
        m_file.run(u"PRAGMA wal_checkpoint(PASSIVE)"_s); // Only then is the file itself shorter.
    }
    refreshSpan();
    publishState(false);
}

bool HistoryWriter::removeOldest()
{
    const qint64 now = m_now > 0 ? m_now : QDateTime::currentMSecsSinceEpoch();
    const qint64 before = qMax(now - m_limits.keepForMs, m_pruneBefore);
    QSqlQuery &query = m_file.statement(u"SELECT id, ends FROM segment WHERE ends <= ? ORDER BY id LIMIT 1"_s);
    query.bindValue(0, before);
    qint64 oldest = query.exec() && query.next() ? query.value(0).toLongLong() : 0;
    query.finish();
    if (oldest == 0 && m_file.bytesInUse() > m_limits.maxBytes) {
        QSqlQuery &first = m_file.statement(u"SELECT min(id) FROM segment"_s);
        oldest = first.exec() && first.next() ? first.value(0).toLongLong() : 0;
        first.finish();
    }
    if (oldest != 0 && !m_file.removeSegment(oldest)) {
        // One that is damaged cannot be taken apart; without its row it is not looked at any more.
        if (!m_file.execute(u"DELETE FROM segment WHERE id = ?"_s, {oldest}))
            return failed();
    }
    QSqlQuery &begin = m_file.statement(u"SELECT min(begins) FROM segment"_s);
    qint64 begins = begin.exec() && begin.next() && !begin.isNull(0) ? begin.value(0).toLongLong() : qMin(before, now);
    begin.finish();
    if (!m_shared.open.empty())
        begins = qMin(begins, m_shared.open.front()->info().begins);
    // What happened before the first segment began, as that the console started, belongs to it.
    const qint64 eventsBefore = oldest != 0 ? begins : before;
    if (!m_file.execute(u"DELETE FROM event WHERE row IN (SELECT row FROM event WHERE at < ? LIMIT 2000)"_s, {eventsBefore}))
        return failed();
    if (oldest == 0)
        return false;
    m_file.execute(
        u"DELETE FROM run WHERE id != ? AND id NOT IN (SELECT run FROM segment) AND id NOT IN (SELECT run FROM tail)"_s,
        {m_shared.run.id});
    if (m_now - m_lanesTidied >= lanesTidiedEveryMs || m_pruneBefore > 0) {
        m_lanesTidied = m_now;
        removeLanes(begins);
    }
    return true;
}

/// Lanes of which nothing is left. Their blocks are written with the next segment.
void HistoryWriter::removeLanes(qint64 before)
{
    const QMutexLocker lock(&m_shared.mutex);
    std::set<LaneId> known;
    m_shared.states.eachKnown([&known](LaneId lane, const LaneState &) { known.insert(lane); });
    for (LaneId lane = 1; lane < m_shared.book.next(); ++lane) {
        if (m_shared.book.has(lane) && m_shared.book.lastOf(lane) < before && !known.contains(lane))
            m_shared.book.remove(lane);
    }
}

void HistoryWriter::takeUnreadable(qint64 from, qint64 to)
{
    {
        const QMutexLocker lock(&m_shared.mutex);
        const std::pair span(from, to);
        if (std::find(m_shared.unreadable.begin(), m_shared.unreadable.end(), span) != m_shared.unreadable.end())
            return;
        m_shared.unreadable.push_back(span);
    }
    publishState(true);
}

bool HistoryWriter::failed()
{
    if (m_file.lastError().isValid())
        report(m_file.trouble(m_file.lastError()));
    return false;
}

void HistoryWriter::report(const DatabaseTrouble &trouble)
{
    m_trouble = trouble;
    m_state.message = trouble.message;
    m_state.hint = trouble.hint;
    m_state.recording = !trouble && m_lock;
    if (!trouble)
        m_retryTimer.stop();
    else if (!m_retryTimer.isActive())
        m_retryTimer.start();
}

void HistoryWriter::refreshSpan()
{
    if (!m_file.isOpen())
        return;
    m_state.bytes = m_file.bytesInUse();
    QSqlQuery &query = m_file.statement(u"SELECT min(begins), max(ends) FROM segment"_s);
    const bool any = query.exec() && query.next() && !query.isNull(0);
    m_state.from = any ? query.value(0).toLongLong() : 0;
    m_state.to = any ? query.value(1).toLongLong() : 0;
    query.finish();
}

void HistoryWriter::publishState(bool always)
{
    HistoryState state = m_state;
    if (state.message.isEmpty() && !m_shared.unreadable.empty()) {
        state.message = tr("%Ln parts of the history are damaged and cannot be read.", nullptr, int(m_shared.unreadable.size()));
        state.hint = tr("The rest can be read, and recording goes on.");
    }
    if (!m_shared.open.empty()) {
        const SegmentInfo &first = m_shared.open.front()->info();
        state.from = state.from == 0 ? first.begins : qMin(state.from, first.begins);
        state.to = qMax(state.to, m_shared.open.back()->info().ends);
    }
    // Where it ends moves with every frame: extended() says so.
    HistoryState same = state;
    same.to = m_published.to;
    if (!always && same == m_published)
        return;
    m_published = state;
    emit stateFound(state);
}

} // namespace pulsedeck
