// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/playwrightdialect.h"

#include "app/redis/redisnames.h"
#include "app/redis/workerreader.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace pulsedeck {

namespace {

// Missing so shortly before its deadline, a key has expired: clocks and reads are not exact.
constexpr qint64 expiredEarlyMs = 100;
constexpr qint64 skewShownMs = 1'000;
constexpr qint64 ttlSlackMs = 1'000; // What is left is told in milliseconds, a moment after it was set.
constexpr qint64 followEveryMs = 300;
constexpr qint64 followForMs = 90'000; // Longer than a beat and an idle worker's way out; the sweep sees what takes longer.
constexpr size_t mostFollowed = 2'000;

/// Its key expired: had its process died before?
bool hasDied(WorkerFlags flags)
{
    return bool(flags & (WorkerFlags(WorkerFlag::NoListener) | WorkerFlag::Silent));
}

KeyWatch::Plan watchPlan()
{
    return {keyPrefix.toByteArray(), commandPrefix.toByteArray(), {workerFields.begin(), workerFields.end()}};
}

} // namespace

PlaywrightDialect::PlaywrightDialect(RedisSession &session)
    : m_session(session)
    , m_watch(session, watchPlan(), *this)
    , m_fleet(session, m_watch)
    , m_counters(m_fleet)
    , m_listeners(m_fleet)
    , m_commands(m_fleet)
    , m_lost(m_fleet, m_listeners, [this](Slot slot) { finishAbsent(slot, true); })
    , m_timing(session, [this] { assumeTtls(); })
{ }

// Life of a connection ------------------------------------------------------------------------------------------------

QByteArrayList PlaywrightDialect::prefixes() const
{
    return {keyPrefix.toByteArray(), "cluster:", timingKey.toByteArray()};
}

void PlaywrightDialect::begin()
{
    m_listeners.begin();
    m_timing.read();
}

void PlaywrightDialect::beginView()
{
    m_kinds.clear();
    m_watch.scan(true);
    m_counters.readAll();
}

void PlaywrightDialect::viewFinished()
{
    m_watch.viewFinished();
    assumeTtls();
}

void PlaywrightDialect::lost()
{
    m_watch.lost();
    m_counters.lost();
    m_listeners.lost();
    m_commands.lost();
    m_lost.lost();
    m_followed.clear();
    for (Slot slot = 0; slot < m_watch.size(); ++slot)
        m_fleet[slot].lostWatched = m_fleet[slot].lostTold = false;
}

void PlaywrightDialect::tick(qint64 now)
{
    m_watch.fireDeadlines(now);
    m_commands.fireDeadlines(now);
    m_timing.look(now);
    if (m_session.fullView) {
        // Command keys are found by scanning; where that takes long they are asked for by name.
        if (m_watch.sweep(now))
            m_commands.sweep(m_watch.scanPeriodMs() > 2 * sweepPeriodMs());
        m_watch.look(now);
        m_counters.look(now);
        m_listeners.look(now);
    } else {
        m_watch.resume();
        m_counters.resume();
    }
    readFollowed(now);
    m_lost.look(now);
}

void PlaywrightDialect::emptied(qint64 now)
{
    m_emptiedAt = now;
    m_counters.markChanged();
    m_timing.read();
    m_watch.scan(true);
}

void PlaywrightDialect::pushEnded()
{
    m_watch.sweepAtOnce();
    m_counters.markChanged();
}

void PlaywrightDialect::keysLost()
{
    for (Slot slot = 0; slot < m_watch.size(); ++slot)
        m_fleet[slot].missed = false;
}

void PlaywrightDialect::awaitingOver()
{
    for (Slot slot = 0; slot < m_watch.size(); ++slot) {
        if (m_fleet[slot].missed && !m_watch.id(slot).isEmpty())
            m_watch.queueRead(slot);
    }
    m_watch.pump();
}

void PlaywrightDialect::keyAdded(Slot slot)
{
    KnownWorker &worker = m_fleet.add(slot);
    worker.kind = m_kinds.kindOf(m_watch.id(slot));
    m_counters.workerAdded(worker);
}

void PlaywrightDialect::takeOther(QByteArrayView key, qint64)
{
    if (key.startsWith(commandPrefix))
        m_commands.found(key.sliced(commandPrefix.size()));
    else if (key == activeHash || key == lifetimeHash)
        m_counters.markChanged();
    else if (key == timingKey)
        m_timing.read();
}

// Reading -------------------------------------------------------------------------------------------------------------

void PlaywrightDialect::takeFields(Slot slot, const RedisReply &reply, quint32 tooLarge)
{
    KnownWorker &worker = m_fleet[slot];
    const QByteArray &id = m_watch.id(slot);
    const WorkerFields fields = decodeWorkerFields(reply, id, tooLarge);
    if (!fields.present && !fields.wrongType && !reply.isError())
        return;
    constexpr WorkerFlags read = WorkerFlags(WorkerFlag::Untyped) | WorkerFlag::BadField | WorkerFlag::WrongType
                                 | WorkerFlag::TooLarge | WorkerFlag::DrainedByOperator;
    worker.flags = (worker.flags & ~read) | fields.flags;
    worker.flags.setFlag(WorkerFlag::DrainedByOperator, fields.drainedByOperator);
    if (!fields.drainedByOperator)
        worker.flags.setFlag(WorkerFlag::Leaving, false);
    m_watch.setCareful(slot, fields.passedOver);
    // Whether its process listens now says later how its key went.
    if (fields.status == WorkerStatus::Draining && worker.status == WorkerStatus::Available && m_session.fullView)
        m_listeners.ask(slot);
    worker.status = fields.status;
    worker.heartbeatBefore = worker.lastHeartbeat;
    worker.lastHeartbeat = fields.lastHeartbeat;
    if (!worker.told || worker.textHash != fields.textHash) {
        worker.textHash = fields.textHash;
        worker.told = true;
        worker.noteHash = 0;
        m_session.addText(workerText(worker.number, id, fields));
    }
    // When and why is asked for these few only: two more fields would cost with every beat of the fleet.
    if (fields.drainedByOperator)
        readDrainNote(slot, workerText(worker.number, id, fields));
}

void PlaywrightDialect::takeRefused(Slot slot)
{
    if (m_fleet[slot].told && m_fleet[slot].present)
        m_fleet.report(slot);
}

void PlaywrightDialect::takeTtl(Slot slot, qint64 pttl, qint64 now, qint64 announcedAt)
{
    KnownWorker &worker = m_fleet[slot];
    if (pttl == -2) {
        takeAbsent(slot, now);
        m_fleet.noteBeat(slot);
        return;
    }
    if (!worker.told) {
        // A hash with none of the known fields, or one we may not read: listed all the same.
        worker.told = true;
        worker.flags |= WorkerFlag::BadField;
        WorkerFields none;
        none.present = true;
        m_session.addText(workerText(worker.number, m_watch.id(slot), none));
    }
    const bool beat = takePresent(slot, pttl, now, announcedAt);
    m_fleet.noteBeat(slot);
    m_fleet.report(slot, beat);
    m_watch.updateDeadline(slot);
}

/// Takes a read of a key that is there; true if it showed a beat not seen before.
bool PlaywrightDialect::takePresent(Slot slot, qint64 pttl, qint64 now, qint64 announcedAt)
{
    KnownWorker &worker = m_fleet[slot];
    if (!worker.present) {
        worker.beats.clear();
        worker.everDraining = false;
        worker.end = WorkerEnd::None;
        worker.firstReadAt = now;
        worker.appeared = m_session.fullView && m_session.pushing && announcedAt > 0;
        // One whose key was lost is the same process; who listens is still known.
        if (worker.lostUntil == 0) {
            worker.listeners = -1;
            worker.listened = false;
        }
    }
    worker.lostUntil = 0;
    worker.lostTold = worker.lostWatched = false;
    if (std::exchange(worker.missed, false))
        m_session.reregistration.cameBack();
    worker.everPresent = true;
    worker.flags.setFlag(WorkerFlag::NeverSeenAlive, false);
    worker.flags.setFlag(WorkerFlag::PolledBeats, !m_session.pushing);
    if (worker.status == WorkerStatus::Draining)
        worker.everDraining = true;

    BeatClock::Reading reading;
    reading.pttl = pttl;
    reading.readAt = now;
    // A TTL where there was none has just been set: no beat could be younger.
    const bool gotTtl = worker.present && worker.pttl == -1 && pttl > 0;
    const qint64 readBefore = worker.present ? worker.readAt : 0;
    const bool first = !worker.present || worker.generation != m_session.generation;
    worker.present = true;
    worker.generation = m_session.generation;
    worker.readAt = now;
    worker.pttl = qint32(std::clamp<qint64>(pttl, -1, std::numeric_limits<qint32>::max()));
    bool beat = false;
    if (pttl > 0) {
        reading.registered = std::exchange(worker.appeared, false) || gotTtl;
        reading.changedAgo = m_session.pushing && announcedAt > 0 && (!first || reading.registered) ? now - announcedAt : -1;
        reading.heartbeatChanged = worker.lastHeartbeat != worker.heartbeatBefore && worker.heartbeatBefore > 0;
        reading.shuttingDown = worker.status == WorkerStatus::ShuttingDown;
        reading.sinceLastRead = readBefore > 0 ? now - readBefore : -1;
        reading.expectedTtl = m_timing.tellsTtl() ? m_session.status.timing.workerKeyTtl : 0;
        beat = takeBeat(worker, reading);
        const bool unannounced = m_session.pushing && announcedAt == 0 && !first && readBefore > m_session.pushTrust.since();
        if (unannounced && reading.heartbeatChanged)
            m_watch.foundWritten(slot, now);
    }
    m_counters.judge(worker);
    setClaims(worker, now);
    return beat;
}

bool PlaywrightDialect::takeBeat(KnownWorker &worker, const BeatClock::Reading &reading)
{
    const qint64 before = worker.beats.isLearnt() ? worker.beats.beatAt() : 0;
    const bool beat = worker.beats.read(reading);
    if (beat && before > 0 && worker.beats.beatAt() > before) {
        // One odd gap changes little: this only tells when it is worth while to look without having been told.
        const qint64 gap = worker.beats.beatAt() - before;
        worker.gap = worker.gap > 0 ? std::clamp(gap, worker.gap / 2, worker.gap * 3 / 2) : gap;
    }
    if (!reading.shuttingDown)
        m_kinds.add(worker.kind, worker.pttl);
    if (!worker.beats.isLearnt())
        assumeTtl(worker);
    // A beat after its listener was gone: the process is not dead.
    if (beat)
        m_listeners.noteBeat(worker);
    return beat;
}

// When a worker is read though nobody announced it --------------------------------------------------------------------

qint64 PlaywrightDialect::dueAt(Slot slot) const
{
    const KnownWorker &worker = m_fleet[slot];
    if (!worker.present || worker.pttl < 0)
        return 0;
    const qint64 expiry = worker.readAt + worker.pttl + KeyWatch::deadlineGraceMs;
    const qint64 look = nextLook(worker);
    return look > 0 ? qMin(look, expiry) : expiry;
}

/// With push: when a worker that has not beaten by then is read all the same, so that nobody is called late whose beat was merely
/// not announced. 0 for never.
qint64 PlaywrightDialect::nextLook(const KnownWorker &worker) const
{
    const TimingProfile &timing = m_session.status.timing;
    const qint64 beatAt = worker.beats.beatAt();
    const qint64 gap = worker.gap > 0 ? worker.gap : timing.version > 0 ? timing.heartbeatInterval : 0;
    if (!m_session.pushing || beatAt == 0 || gap == 0)
        return 0;
    // Late is one and a half intervals: before that, just before it, and then now and then.
    constexpr int hundredths[] = {125, 145, 200, 250, 300};
    for (const int share : hundredths) {
        const qint64 at = beatAt + gap * share / 100;
        if (at > worker.readAt)
            return at;
    }
    return 0;
}

// Ends ----------------------------------------------------------------------------------------------------------------

/// A worker that was there is missing. Whether it is awaited, for the server has lost its keys, and has not ended.
bool PlaywrightDialect::awaitMissed(KnownWorker &worker)
{
    // On a replica that is cut off keys expire that were renewed long ago where it cannot see it.
    if (m_session.status.isCutOff() && worker.present) {
        worker.generation = 0;
        return true;
    }
    const Reregistration &back = m_session.reregistration;
    if (back.isAwaiting() && worker.present && worker.status != WorkerStatus::ShuttingDown) {
        if (!std::exchange(worker.missed, true))
            m_session.reregistration.await();
        worker.generation = 0; // Nobody sees how it ends, if it does.
        if (back.cause() == Reregistration::Cause::Emptied && m_session.status.truthFrom < m_emptiedAt) {
            m_session.status.truthFrom = m_emptiedAt;
            m_session.describe();
            m_session.report();
        }
        return true;
    }
    if (std::exchange(worker.missed, false))
        m_session.reregistration.cameBack();
    return false;
}

void PlaywrightDialect::takeAbsent(Slot slot, qint64 now)
{
    KnownWorker &worker = m_fleet[slot];
    if (awaitMissed(worker))
        return;
    const bool firstWord = worker.present || worker.readAt == 0;
    if (worker.present) {
        const qint64 deadline = worker.beats.expiresAt();
        if (worker.generation != m_session.generation)
            worker.end = WorkerEnd::Unseen;
        else if (deadline > 0 && now >= deadline - expiredEarlyMs)
            worker.end = hasDied(worker.flags) ? WorkerEnd::Crashed : WorkerEnd::Expired;
        else
            worker.end = worker.everDraining ? WorkerEnd::Drained : WorkerEnd::Left;
        // Taken away before its time: by its worker on the way out, or from a worker that lives.
        if (worker.end != WorkerEnd::Expired && worker.end != WorkerEnd::Crashed && worker.status != WorkerStatus::ShuttingDown) {
            const TimingProfile &timing = m_session.status.timing;
            const qint32 ttl = worker.beats.ttl();
            worker.lostUntil = now + timing.heartbeatInterval + (ttl > 0 ? ttl : timing.workerKeyTtl);
            // Who had stopped listening before did not take its key away: that it does not listen now says nothing.
            if (worker.listeners >= 0)
                worker.listened = worker.listeners > 0;
        }
    } else if (!worker.everPresent) {
        worker.end = WorkerEnd::Unseen;
        worker.flags |= WorkerFlag::NeverSeenAlive;
    }
    worker.present = false;
    worker.generation = m_session.generation;
    worker.readAt = now;
    worker.pttl = -2;
    worker.beats.clear();
    worker.flags &= ~(WorkerFlags(WorkerFlag::NoCounters) | WorkerFlag::ClockSkew | WorkerFlag::AgeEstimated);
    if (worker.lostUntil == 0)
        finishAbsent(slot, firstWord);
    else if (!worker.lostWatched)
        m_lost.add(slot);
}

/// It is gone for certain; \a firstWord: the store has not heard of it yet.
void PlaywrightDialect::finishAbsent(Slot slot, bool firstWord)
{
    KnownWorker &worker = m_fleet[slot];
    const bool counted = worker.hasCounters();
    if (counted && !worker.told) {
        worker.told = true;
        const QByteArray &id = m_watch.id(slot);
        WorkerFields none;
        none.type = QByteArrayView(id).first(qMax<qsizetype>(0, id.indexOf(':')));
        m_session.addText(workerText(worker.number, id, none));
    }
    if (worker.told && (counted || firstWord))
        m_fleet.report(slot);
    // Whether counters are left is known only once both hashes were read.
    if (!counted && m_counters.isCountedSince(worker))
        m_fleet.forget(slot);
    else if (!counted)
        m_counters.markChanged();
}

// Ages and clocks -----------------------------------------------------------------------------------------------------

/// What the worker's own clock claims, held against what the TTL says.
void PlaywrightDialect::setClaims(KnownWorker &worker, qint64 now)
{
    const qint64 beatAt = worker.beats.beatAt();
    const bool proven = worker.beats.isProven();
    const bool claimed = worker.lastHeartbeat > 0 && m_session.clockOffset.isKnown();
    worker.flags.setFlag(WorkerFlag::AgeEstimated, !proven);
    worker.skew = unknownValue;
    // Only a proven age says anything against the worker's own claim.
    if (claimed && beatAt > 0 && proven) {
        const qint64 claimedAge = m_session.serverNow(now) - worker.lastHeartbeat;
        worker.skew = qint32(std::clamp<qint64>(claimedAge - (now - beatAt), -(1LL << 30), 1LL << 30));
    }
    // A sweep may be a cadence late, and so may the beat's moment.
    const qint64 shown = skewShownMs + (worker.flags.testFlag(WorkerFlag::PolledBeats) ? sweepPeriodMs() : 0);
    worker.flags.setFlag(WorkerFlag::ClockSkew, worker.skew != unknownValue && qAbs(worker.skew) > shown);
}

/// Whether the shared record says what the worker's full TTL is. Not right after a change of it, when workers still are
/// on their way to it, nor for one that has more left than the record allows.
bool PlaywrightDialect::recordProves(const KnownWorker &worker, qint64 now) const
{
    const TimingProfile &timing = m_session.status.timing;
    if (!m_timing.tellsTtl() || timing.workerKeyTtl <= 0 || worker.pttl > timing.workerKeyTtl + ttlSlackMs)
        return false;
    const qint64 takenUpMs = timing.workerKeyTtl + timing.heartbeatInterval;
    return m_timing.writtenAt() <= 0 || m_session.serverNow(now) - m_timing.writtenAt() > takenUpMs;
}

/// A worker no beat was seen of yet: its TTL is the one it was told to use, or else an estimate, at least the most that
/// is left to any of its kind. Its own clock has no say.
void PlaywrightDialect::assumeTtl(KnownWorker &worker)
{
    if (worker.pttl <= 0)
        return;
    const qint64 told = m_session.status.timing.workerKeyTtl;
    if (recordProves(worker, worker.readAt))
        worker.beats.assume(qint32(qMin<qint64>(told, std::numeric_limits<qint32>::max())), true);
    else
        worker.beats.assume(m_kinds.ttl(worker.kind), false);
}

/// The full view is there, or the record in force is another: those without a beat are judged again.
void PlaywrightDialect::assumeTtls()
{
    if (!m_session.fullView)
        return;
    for (Slot slot = 0; slot < m_watch.size(); ++slot) {
        KnownWorker &worker = m_fleet[slot];
        if (!worker.present || worker.beats.isLearnt() || worker.pttl <= 0)
            continue;
        const qint64 before = worker.beats.beatAt();
        const WorkerFlags flagsBefore = worker.flags;
        const qint32 skewBefore = worker.skew;
        assumeTtl(worker);
        setClaims(worker, worker.readAt);
        m_fleet.noteBeat(slot);
        if (worker.beats.beatAt() != before || worker.skew != skewBefore || worker.flags != flagsBefore)
            m_fleet.report(slot);
    }
}

// Drain notes ---------------------------------------------------------------------------------------------------------

/// Asks when and why a worker was drained, and whether it was told to go since, each time it is read: it may have been resumed
/// and drained again in between. \a text is its text as just read, told again if the answer is news.
void PlaywrightDialect::readDrainNote(Slot slot, const WorkerText &text)
{
    static const std::vector<QByteArrayView> noteFields{"drainedAt", "drainReason", "shutdownGiven"};
    ++m_session.inFlight; // So that the batch waits for it, and so does a view that is not whole yet.
    const int awaited = m_watch.isAwaited(slot) ? 1 : 0;
    m_session.awaited += awaited;
    m_session.readFields(keyPrefix.toByteArray() + text.id, noteFields, [this, slot, text, awaited](const RedisAnswer &answer) {
        --m_session.inFlight;
        m_session.awaited -= awaited;
        if (answer.ok() && m_watch.isKnown(slot, text.number))
            takeDrainNote(slot, text, answer.reply);
        m_session.flushIfIdle();
        m_session.partRead();
    });
}

void PlaywrightDialect::takeDrainNote(Slot slot, const WorkerText &text, const RedisReply &reply)
{
    KnownWorker &worker = m_fleet[slot];
    WorkerText noted = text;
    addDrainNote(&noted, reply.at(0).bytes(), reply.at(1).bytes());
    const size_t hash = qHashMulti(7, noted.drainedAt, noted.drainReason) | 1;
    const bool leaving = !reply.at(2).bytes().isEmpty();
    const bool news = hash != worker.noteHash || leaving != worker.flags.testFlag(WorkerFlag::Leaving);
    if (hash != worker.noteHash) {
        worker.noteHash = hash;
        m_session.addText(noted);
    }
    worker.flags.setFlag(WorkerFlag::Leaving, leaving && worker.flags.testFlag(WorkerFlag::DrainedByOperator));
    // What the note is worth is judged with a sample.
    if (news && worker.told)
        m_fleet.report(slot);
}

// Commands and timing -------------------------------------------------------------------------------------------------

/// What was written is read at once, not when it is announced or swept; and without push the worker's own steps are looked for
/// more often than the sweep would.
void PlaywrightDialect::commandAnswered(const Command &command, CommandProgress::Outcome outcome)
{
    const Slot slot = m_watch.find(command.worker);
    if (slot == KeyWatch::noSlot)
        return;
    const Act act = command.act;
    if (outcome == CommandProgress::Outcome::Written)
        m_commands.note(slot, CommandState::Shutdown, m_session.now() + command.ttlMs);
    else if (outcome == CommandProgress::Outcome::Done && act == Act::Cancel)
        m_commands.note(slot, CommandState::None, 0);
    if (act == Act::Reap)
        m_counters.markChanged();
    m_watch.queueRead(slot);
    m_watch.collect(0);
    m_commands.queue(slot);
    // Whether a process listens says later whether it went, should its key vanish.
    const bool answersLater = act == Act::Shutdown || act == Act::ShutdownNow;
    if (answersLater || act == Act::Drain)
        m_listeners.ask(slot);
    if (answersLater && !m_session.pushing && m_followed.size() < mostFollowed)
        m_followed.push_back({slot, m_fleet[slot].number, m_session.now() + followForMs});
}

void PlaywrightDialect::readFollowed(qint64 now)
{
    if (m_followed.empty() || now - m_followedAt < followEveryMs)
        return;
    m_followedAt = now;
    std::erase_if(m_followed, [this, now](const Followed &followed) {
        return m_session.pushing || now > followed.until || !m_watch.isKnown(followed.slot, followed.number)
               || !m_fleet[followed.slot].present;
    });
    for (const Followed &followed : m_followed) {
        m_watch.queueRead(followed.slot);
        m_commands.queue(followed.slot);
    }
    m_watch.pump();
}

bool PlaywrightDialect::applyTiming(const TimingApply &apply)
{
    m_timing.apply(apply);
    return true;
}

bool PlaywrightDialect::readTimingHistory()
{
    m_timing.readHistory();
    return true;
}

} // namespace pulsedeck
