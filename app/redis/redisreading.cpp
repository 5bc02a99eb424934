// SPDX-License-Identifier: GPL-3.0-or-later
// How a RedisSource reads one worker and what it makes of the answers: presence, beats, TTL, skew, end, command, listeners.
#include "app/redis/redisnames.h"
#include "app/redis/redissource.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostInFlight = 2'000; // Worker reads under way at once: enough to keep Redis busy, few enough to stay prompt.
constexpr qint64 expiredEarlyMs =
    100; // Missing so shortly before its deadline, a key has expired: clocks and reads are not exact.
constexpr qint64 skewShownMs = 1'000;
constexpr qint64 ttlSlackMs = 1'000; // What is left is told in milliseconds, a moment after it was set.
constexpr qint64 longestField = 64 * 1024; // Fields above it are not even asked for once one proved too large.

/// Its key expired: had its process died before?
bool hasDied(WorkerFlags flags)
{
    return bool(flags & (WorkerFlags(WorkerFlag::NoListener) | WorkerFlag::Silent));
}

QByteArrayView withPrefix(QByteArray &scratch, QByteArrayView prefix, QByteArrayView id)
{
    scratch.resize(0);
    scratch.append(prefix);
    scratch.append(id);
    return scratch;
}

} // namespace

void RedisSource::queueRead(Slot slot)
{
    Record &record = m_records[slot];
    if (!m_fullView && !record.awaited && record.readInScan != m_scanNumber) {
        record.awaited = true;
        ++m_awaited;
    }
    if (record.queued)
        return;
    if (record.reading) {
        record.again = true;
        return;
    }
    record.queued = true;
    record.queuedInScan = m_scanNumber;
    m_readQueue.push_back(slot);
}

void RedisSource::queueCommandRead(Slot slot)
{
    Record &record = m_records[slot];
    // Once per scan: a view is not whole before it is known who was told to go.
    if (!m_fullView && record.commandInScan != m_scanNumber) {
        record.commandInScan = m_scanNumber;
        m_awaited += record.commandAwaited ? 0 : 1;
        record.commandAwaited = true;
    }
    if (record.commandQueued)
        return;
    record.commandQueued = true;
    m_commandQueue.push_back(slot);
}

void RedisSource::commandReadDone(Record &record)
{
    if (!record.commandAwaited)
        return;
    record.commandAwaited = false;
    --m_awaited;
    finishFullView();
}

void RedisSource::pump()
{
    if (!m_begun)
        return;
    size_t taken = 0;
    while (taken < m_readQueue.size() && m_inFlight < mostInFlight) {
        if (taken + 4 < m_readQueue.size())
            prefetch(&m_records[m_readQueue[taken + 4]]);
        if (taken + 2 < m_readQueue.size())
            prefetch(m_records[m_readQueue[taken + 2]].id.constData());
        sendRead(m_readQueue[taken++]);
    }
    m_readQueue.erase(m_readQueue.begin(), m_readQueue.begin() + qsizetype(taken));

    const quint32 generation = m_generation;
    constexpr size_t commandsAtOnce = 1'000;
    const size_t commands = qMin(m_commandQueue.size(), commandsAtOnce);
    for (size_t i = 0; i < commands; ++i) {
        const Slot slot = m_commandQueue[i];
        Record &record = m_records[slot];
        record.commandQueued = false;
        if (record.id.isEmpty())
            continue;
        const WorkerNumber number = record.number;
        const QByteArrayView key = withPrefix(m_keyScratch, commandPrefix, record.id);
        const auto take = [this, generation, slot, number](const RedisAnswer &answer) {
            if (!current(generation) || m_records[slot].number != number || m_records[slot].id.isEmpty())
                return;
            if (answer.ok()) {
                takeCommandWord(slot, answer.reply.isArray() ? answer.reply.at(0) : answer.reply);
                if (m_limits.has(Limit::Commands))
                    endLimit(Limit::Commands);
            } else if (answer.outcome == RedisAnswer::Outcome::Error) {
                setLimit(Limit::Commands, u"Commands cannot be seen, as they cannot be read: "_s + answer.text());
            }
        };
        // MGET is what least rights include; it says nil for a key of another type, whose TTL then tells that it is there.
        if (m_careful)
            m_main->request({"GETRANGE", key, "0", "15"}, take);
        else
            m_main->request({"MGET", key}, take);
        m_main->request({"PTTL", key}, [this, generation, slot, number](const RedisAnswer &answer) {
            if (!current(generation) || m_records[slot].number != number || m_records[slot].id.isEmpty())
                return;
            if (answer.ok())
                takeCommandTtl(slot, answer.reply.toInteger(-2));
            commandReadDone(m_records[slot]);
        });
    }
    m_commandQueue.erase(m_commandQueue.begin(), m_commandQueue.begin() + qsizetype(commands));
    if (!m_commandQueue.empty())
        m_collectTimer->start(m_options.collectMs);
}

void RedisSource::sendRead(Slot slot)
{
    Record &record = m_records[slot];
    record.queued = false;
    if (record.id.isEmpty())
        return;
    record.reading = true;
    ++m_inFlight;
    if (!m_careful && !record.careful) {
        sendPlainly(slot);
        return;
    }
    // Sizes first: one enormous field, which is not kept, must not come over the connection with each beat.
    const quint32 generation = m_generation;
    const WorkerNumber number = record.number;
    const QByteArrayView key = withPrefix(m_keyScratch, keyPrefix, record.id);
    auto large = std::make_shared<quint32>(0);
    for (int i = 0; i < int(workerFields.size()); ++i) {
        const bool last = i + 1 == int(workerFields.size());
        m_main->request({"HSTRLEN", key, workerFields[size_t(i)]},
                        [this, generation, slot, number, large, i, last](const RedisAnswer &answer) {
                            if (!current(generation) || m_records[slot].number != number)
                                return;
                            if (answer.ok() && answer.reply.toInteger() > longestField)
                                *large |= 1u << i;
                            if (last)
                                sendFields(slot, *large);
                        });
    }
}

/// The usual way, taken 20,000 times a second: nothing is formatted, and the handlers are small enough to need no memory of
/// their own.
void RedisSource::sendPlainly(Slot slot)
{
    static const RedisCommand fields = [] {
        std::vector<QByteArrayView> arguments{"HMGET", ""};
        arguments.insert(arguments.end(), workerFields.begin(), workerFields.end());
        return RedisCommand(arguments, 1);
    }();
    static const RedisCommand pttl({"PTTL", ""}, 1);
    const WorkerNumber number = m_records[slot].number;
    const QByteArrayView key = withPrefix(m_keyScratch, keyPrefix, m_records[slot].id);
    // Whatever is unanswered when a connection ends is answered before the next begins, so no answer is of another generation.
    m_main->request(fields, key, [this, slot, number](const RedisAnswer &answer) {
        if (current(m_generation) && (answer.ok() || answer.outcome == RedisAnswer::Outcome::Error))
            takeFields(slot, number, answer.reply, 0);
    });
    m_main->request(pttl, key, [this, slot, number](const RedisAnswer &answer) {
        if (current(m_generation))
            finishPttl(slot, number, answer);
    });
}

void RedisSource::sendFields(Slot slot, quint32 tooLarge)
{
    const Record &record = m_records[slot];
    const quint32 generation = m_generation;
    const WorkerNumber number = record.number;
    const QByteArrayView key = withPrefix(m_keyScratch, keyPrefix, record.id);
    std::array<QByteArrayView, workerFields.size() + 2> arguments{"HMGET", key};
    for (size_t i = 0; i < workerFields.size(); ++i)
        arguments[i + 2] = tooLarge >> i & 1u ? QByteArrayView("") : QByteArrayView(workerFields[i]);
    m_main->request(arguments, [this, generation, slot, number, tooLarge](const RedisAnswer &answer) {
        if (!current(generation))
            return;
        if (answer.ok() || answer.outcome == RedisAnswer::Outcome::Error)
            takeFields(slot, number, answer.reply, tooLarge);
    });
    m_main->request({"PTTL", key}, [this, generation, slot, number](const RedisAnswer &answer) {
        if (current(generation))
            finishPttl(slot, number, answer);
    });
}

void RedisSource::finishPttl(Slot slot, WorkerNumber number, const RedisAnswer &answer)
{
    if (isEnd(answer))
        return; // Not read. What was under way has been reset, or is about to be.
    --m_inFlight;
    if (answer.outcome == RedisAnswer::Outcome::Refused) {
        // Too much was waiting: it is asked again.
        m_records[slot].reading = false;
        if (!m_records[slot].id.isEmpty())
            queueRead(slot);
        if (!m_collectTimer->isActive())
            m_collectTimer->start(m_options.collectMs);
        return;
    }
    if (answer.ok() && m_limits.has(Limit::Ttls))
        endLimit(Limit::Ttls);
    if (answer.ok() && m_records[slot].number == number && !m_records[slot].id.isEmpty())
        finishRead(slot, number, answer.reply.toInteger(-2));
    else if (answer.outcome == RedisAnswer::Outcome::Error)
        setLimit(Limit::Ttls, u"Whether workers live cannot be seen, as PTTL is refused: "_s + answer.text());
    readDone(slot);
}

void RedisSource::takeFields(Slot slot, WorkerNumber number, const RedisReply &reply, quint32 tooLarge)
{
    Record &record = m_records[slot];
    if (record.number != number || record.id.isEmpty())
        return;
    if (reply.isError() && !reply.bytes().startsWith("WRONGTYPE"))
        setLimit(Limit::Workers, u"What workers say of themselves cannot be read, as HMGET is refused."_s);
    else if (!reply.isError() && m_limits.has(Limit::Workers))
        endLimit(Limit::Workers);
    const WorkerFields fields = decodeWorkerFields(reply, record.id, tooLarge);
    record.fieldsPresent = fields.present || fields.wrongType;
    if (!record.fieldsPresent && !reply.isError())
        return;
    constexpr WorkerFlags read = WorkerFlags(WorkerFlag::Untyped) | WorkerFlag::BadField | WorkerFlag::WrongType
                                 | WorkerFlag::TooLarge | WorkerFlag::DrainedByOperator;
    record.flags = (record.flags & ~read) | fields.flags;
    record.flags.setFlag(WorkerFlag::DrainedByOperator, fields.drainedByOperator);
    if (!fields.drainedByOperator)
        record.flags.setFlag(WorkerFlag::Leaving, false);
    record.careful = fields.passedOver;
    // Whether its process listens now says later how its key went.
    if (fields.status == WorkerStatus::Draining && record.status == WorkerStatus::Available && m_fullView)
        askListener(slot);
    record.status = fields.status;
    record.heartbeatBefore = record.lastHeartbeat;
    record.lastHeartbeat = fields.lastHeartbeat;
    if (!record.told || record.textHash != fields.textHash) {
        record.textHash = fields.textHash;
        record.told = true;
        record.noteHash = 0;
        m_batch.texts.append(workerText(record.number, record.id, fields));
    }
    // When and why is asked for these few only: two more fields would cost with every beat of the fleet.
    if (fields.drainedByOperator)
        readDrainNote(slot, workerText(record.number, record.id, fields));
}

void RedisSource::finishRead(Slot slot, WorkerNumber number, qint64 pttl)
{
    Q_UNUSED(number)
    Record &record = m_records[slot];
    const qint64 now = m_clock.nowMs();
    ++m_reads;
    if (pttl == -2) {
        takeAbsent(slot, now);
        noteBeat(slot);
        return;
    }
    if (!record.told) {
        // A hash with none of the known fields, or one we may not read: listed all the same.
        record.told = true;
        record.flags |= WorkerFlag::BadField;
        WorkerFields none;
        none.present = true;
        m_batch.texts.append(workerText(record.number, record.id, none));
    }
    const bool beat = takePresent(record, pttl, now);
    noteBeat(slot);
    addSample(record, beat);
    watchDeadline(slot);
}

/// Takes a read of a key that is there; true if it showed a beat not seen before.
bool RedisSource::takePresent(Record &record, qint64 pttl, qint64 now)
{
    const bool first = !record.present || record.generation != m_generation;
    if (!record.present) {
        record.beats.clear();
        record.everDraining = false;
        record.end = WorkerEnd::None;
        record.firstReadAt = now;
        record.appeared = m_fullView && m_pushing && record.announcedAt > 0;
        // One whose key was lost is the same process; who listens is still known.
        if (record.lostUntil == 0) {
            record.listeners = -1;
            record.listened = false;
        }
    }
    record.lostUntil = 0;
    record.lostTold = record.lostWatched = false;
    // A TTL where there was none has just been set: no beat could be younger.
    const bool gotTtl = record.present && record.pttl == -1 && pttl > 0;
    const qint64 sinceLastRead = record.present && record.readAt > 0 ? now - record.readAt : -1;
    const qint64 readBefore = record.present ? record.readAt : 0;
    if (std::exchange(record.missed, false))
        m_reregistration.cameBack();
    record.present = true;
    record.everPresent = true;
    record.generation = m_generation;
    record.readAt = now;
    record.pttl = qint32(std::clamp<qint64>(pttl, -1, std::numeric_limits<qint32>::max()));
    record.flags.setFlag(WorkerFlag::NeverSeenAlive, false);
    record.flags.setFlag(WorkerFlag::PolledBeats, !m_pushing);
    if (record.status == WorkerStatus::Draining)
        record.everDraining = true;
    if (record.announcedAt > 0) {
        m_lagSumMs += now - record.announcedAt;
        ++m_lagCount;
    }
    bool beat = false;
    if (pttl > 0) {
        BeatClock::Reading reading;
        reading.pttl = pttl;
        reading.readAt = now;
        reading.registered = std::exchange(record.appeared, false) || gotTtl;
        reading.changedAgo =
            m_pushing && record.announcedAt > 0 && (!first || reading.registered) ? now - record.announcedAt : -1;
        reading.heartbeatChanged = record.lastHeartbeat != record.heartbeatBefore && record.heartbeatBefore > 0;
        reading.shuttingDown = record.status == WorkerStatus::ShuttingDown;
        reading.sinceLastRead = sinceLastRead;
        reading.expectedTtl = m_ttlTold ? m_status.timing.workerKeyTtl : 0;
        const qint64 beatBefore = record.beats.isLearnt() ? record.beats.beatAt() : 0;
        beat = record.beats.read(reading);
        if (beat && beatBefore > 0 && record.beats.beatAt() > beatBefore) {
            // One odd gap changes little: this only tells when it is worth while to look without having been told.
            const qint64 gap = record.beats.beatAt() - beatBefore;
            record.gap = record.gap > 0 ? std::clamp(gap, record.gap / 2, record.gap * 3 / 2) : gap;
        }
        const bool untold = m_pushing && record.announcedAt == 0 && !first && readBefore > m_pushTrust.since();
        if (untold && reading.heartbeatChanged)
            m_pushTrust.foundWritten(Slot(&record - m_records.data()), now);
        if (record.status != WorkerStatus::ShuttingDown && record.kind < m_kinds.size())
            m_kinds[record.kind].add(record.pttl);
        if (!record.beats.isLearnt())
            assumeTtl(record);
        // Whoever beats after its listener was gone is no dead process: an older worker, or one that listens anew.
        if (beat && record.deafSince > 0 && record.beats.beatAt() > record.deafSince) {
            record.flags.setFlag(WorkerFlag::NoListener, false);
            record.deafSince = 0;
            record.listeners = -1;
        }
    }
    record.announcedAt = 0;
    judgeCounters(record);
    setClaims(record, now);
    return beat;
}

/// What the worker's own clock claims, held against what the TTL says.
void RedisSource::setClaims(Record &record, qint64 now)
{
    const qint64 beatAt = record.beats.beatAt();
    const bool proven = record.beats.isProven();
    const bool claimed = record.lastHeartbeat > 0 && m_clockOffset.isKnown();
    record.flags.setFlag(WorkerFlag::AgeEstimated, !proven);
    record.skew = unknownValue;
    // Only a proven age says anything against the worker's own claim.
    if (claimed && beatAt > 0 && proven) {
        const qint64 claimedAge = serverNow(now) - record.lastHeartbeat;
        record.skew = qint32(std::clamp<qint64>(claimedAge - (now - beatAt), -(1LL << 30), 1LL << 30));
    }
    // A sweep may be a cadence late, and so may the beat's moment.
    const qint64 shown = skewShownMs + (record.flags.testFlag(WorkerFlag::PolledBeats) ? sweepPeriodMs() : 0);
    record.flags.setFlag(WorkerFlag::ClockSkew, record.skew != unknownValue && qAbs(record.skew) > shown);
}

/// Whether the shared record says what the worker's full TTL is. Not right after a change of it, when workers still are
/// on their way to it, nor for one that has more left than the record allows.
bool RedisSource::recordProves(const Record &record, qint64 now) const
{
    const TimingProfile &timing = m_status.timing;
    if (!m_ttlTold || timing.workerKeyTtl <= 0 || record.pttl > timing.workerKeyTtl + ttlSlackMs)
        return false;
    const qint64 takenUpMs = timing.workerKeyTtl + timing.heartbeatInterval;
    return m_timingWrittenAt <= 0 || (m_clockOffset.isKnown() ? serverNow(now) : now) - m_timingWrittenAt > takenUpMs;
}

/// A worker no beat was seen of yet: its TTL is the one it was told to use, or else an estimate, at least the most that
/// is left to any of its kind. Its own clock has no say.
void RedisSource::assumeTtl(Record &record)
{
    if (record.pttl <= 0)
        return;
    if (recordProves(record, record.readAt))
        record.beats.assume(qint32(qMin<qint64>(m_status.timing.workerKeyTtl, std::numeric_limits<qint32>::max())), true);
    else if (record.kind < m_kinds.size())
        record.beats.assume(m_kinds[record.kind].ttl(), false);
}

/// The full view is there, or the record in force is another: those without a beat are judged again.
void RedisSource::assumeTtls()
{
    for (Record &record : m_records) {
        if (record.id.isEmpty() || !record.present || record.beats.isLearnt() || record.pttl <= 0)
            continue;
        const qint64 before = record.beats.beatAt();
        const WorkerFlags flagsBefore = record.flags;
        const qint32 skewBefore = record.skew;
        assumeTtl(record);
        setClaims(record, record.readAt);
        noteBeat(Slot(&record - m_records.data()));
        if (record.beats.beatAt() != before || record.skew != skewBefore || record.flags != flagsBefore)
            addSample(record, false);
    }
}

quint16 RedisSource::kindOf(QByteArrayView id)
{
    constexpr int mostKinds = 1'000; // Types are few in a sound fleet.
    if (m_kinds.empty())
        m_kinds.emplace_back();
    const qsizetype colon = id.indexOf(':');
    if (colon <= 0)
        return 0;
    const QByteArray type = QByteArray::fromRawData(id.data(), colon);
    const auto found = m_kindNumbers.constFind(type);
    if (found != m_kindNumbers.constEnd())
        return *found;
    if (m_kinds.size() >= mostKinds)
        return 0;
    const quint16 number = quint16(m_kinds.size());
    m_kinds.emplace_back();
    m_kindNumbers.insert(QByteArray(id.data(), colon), number);
    return number;
}

/// A worker that was there is missing. Whether it is awaited, for the server has lost its keys, and has not ended.
bool RedisSource::awaitMissed(Record &record)
{
    // On a replica that is cut off keys expire that were renewed long ago where it cannot see it.
    if (m_status.isCutOff() && record.present) {
        record.generation = 0;
        record.announcedAt = 0;
        return true;
    }
    if (m_reregistration.isAwaiting() && record.present && record.status != WorkerStatus::ShuttingDown) {
        if (!std::exchange(record.missed, true))
            m_reregistration.await();
        record.generation = 0; // Nobody sees how it ends, if it does.
        record.announcedAt = 0;
        if (m_reregistration.cause() == Reregistration::Cause::Emptied && m_status.truthFrom < m_flushedAt) {
            m_status.truthFrom = m_flushedAt;
            describe();
            emitStatus();
        }
        return true;
    }
    if (std::exchange(record.missed, false))
        m_reregistration.cameBack();
    return false;
}

void RedisSource::takeAbsent(Slot slot, qint64 now)
{
    Record &record = m_records[slot];
    if (awaitMissed(record))
        return;
    const bool wasPresent = record.present;
    const bool firstWord = wasPresent || record.readAt == 0;
    if (wasPresent) {
        const qint64 deadline = record.beats.expiresAt();
        if (record.generation != m_generation)
            record.end = WorkerEnd::Unseen;
        else if (deadline > 0 && now >= deadline - expiredEarlyMs)
            record.end = hasDied(record.flags) ? WorkerEnd::Crashed : WorkerEnd::Expired;
        else
            record.end = record.everDraining ? WorkerEnd::Drained : WorkerEnd::Left;
        // Taken away before its time: by its worker on the way out, or from a worker that lives.
        if (record.end != WorkerEnd::Expired && record.end != WorkerEnd::Crashed && record.status != WorkerStatus::ShuttingDown) {
            const qint32 ttl = record.beats.ttl();
            record.lostUntil = now + m_status.timing.heartbeatInterval + (ttl > 0 ? ttl : m_status.timing.workerKeyTtl);
            // Who had stopped listening before did not take its key away: that it does not listen now says nothing.
            if (record.listeners >= 0)
                record.listened = record.listeners > 0;
        }
    } else if (!record.everPresent) {
        record.end = WorkerEnd::Unseen;
        record.flags |= WorkerFlag::NeverSeenAlive;
    }
    record.present = false;
    record.generation = m_generation;
    record.readAt = now;
    record.announcedAt = 0;
    record.pttl = -2;
    record.beats.clear();
    record.flags &= ~(WorkerFlags(WorkerFlag::NoCounters) | WorkerFlag::ClockSkew | WorkerFlag::AgeEstimated);
    if (record.lostUntil == 0) {
        finishAbsent(slot, firstWord);
    } else if (!record.lostWatched) {
        record.lostWatched = true;
        m_lostKeys.push_back({slot, record.number, 0});
        askLostKey(m_lostKeys.back(), now);
    }
}

/// It is gone for certain; \a firstWord: the store has not heard of it yet.
void RedisSource::finishAbsent(Slot slot, bool firstWord)
{
    Record &record = m_records[slot];
    const bool counted = record.active != unknownValue || record.lifetime != unknownValue || record.badCounters != 0;
    if (counted && !record.told) {
        record.told = true;
        WorkerFields none;
        const qsizetype colon = record.id.indexOf(':');
        none.type = colon > 0 ? QByteArrayView(record.id).first(colon) : QByteArrayView();
        m_batch.texts.append(workerText(record.number, record.id, none));
    }
    if (record.told && (counted || firstWord))
        addSample(record, false);
    // Whether counters are left is known only once both hashes were read.
    if (!counted && m_countersDone > record.bornPass)
        forget(slot);
    else if (!counted)
        m_countersDirty = true;
}

void RedisSource::readDone(Slot slot)
{
    Record &record = m_records[slot];
    record.reading = false;
    record.readInScan = m_scanNumber;
    if (record.awaited) {
        record.awaited = false;
        --m_awaited;
    }
    if (record.again && !record.id.isEmpty()) {
        record.again = false;
        queueRead(slot);
    }
    if (!m_readQueue.empty() && m_fullView && m_pushing) {
        if (!m_collectTimer->isActive())
            m_collectTimer->start(m_options.collectMs);
    }
    // Refill before the pipeline runs dry, so that Redis is never kept waiting.
    if (!m_fullView || !m_pushing || m_readQueue.size() > size_t(mostInFlight)) {
        if (m_inFlight < mostInFlight / 2)
            pump();
    }
    if (m_status.state == SourceState::Loading)
        ++m_status.loaded;
    if (m_inFlight == 0)
        flush();
    finishFullView();
}

void RedisSource::takeCommandWord(Slot slot, const RedisReply &value)
{
    const QByteArrayView word = value.bytes();
    m_records[slot].command = word.isEmpty()       ? CommandState::None
                              : word == "shutdown" ? CommandState::Shutdown
                                                   : CommandState::Other;
}

void RedisSource::takeCommandTtl(Slot slot, qint64 pttl)
{
    Record &record = m_records[slot];
    if (pttl == -2)
        record.command = CommandState::None;
    else if (record.command == CommandState::None)
        record.command = CommandState::Other; // There, and no text.
    record.commandUntil = record.command != CommandState::None && pttl > 0 ? m_clock.nowMs() + pttl : 0;
    if (record.commandUntil > 0) {
        // An expiring command key is announced late too; ask when its time is over.
        m_deadlines.push({record.commandUntil + deadlineGraceMs, slot, record.number});
    }
    if (record.told)
        addSample(record, false);
    if (m_inFlight == 0)
        flush();
}

} // namespace pulsedeck
