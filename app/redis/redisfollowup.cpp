// SPDX-License-Identifier: GPL-3.0-or-later
// What a RedisSource asks without being told: keys whose TTL is over, channels nobody listens on; and what it sends on.
#include "app/redis/redisnames.h"
#include "app/redis/redissource.h"

#include "app/redis/lostkey.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 listenersEveryMs = 1'000;
constexpr int listenersAtOnce = 500;
constexpr qint64 lostKeysEveryMs = 500;
constexpr qint64 longestCounter = 32;
constexpr qint64 goneMark = 1; // A moment long past.
constexpr qint64 shortestLateMs = 7'500; // One and a half of the shortest interval that is a default anywhere.

} // namespace

// Deadlines -----------------------------------------------------------------------------------------------------------

void RedisSource::watchDeadline(Slot slot)
{
    Record &record = m_records[slot];
    if (!record.present || record.pttl < 0)
        return;
    const qint64 expiry = record.readAt + record.pttl + deadlineGraceMs;
    const qint64 look = nextLook(record);
    const qint64 at = look > 0 ? qMin(look, expiry) : expiry;
    // One that is due earlier finds out then when the next is; a later one gives way.
    if (record.deadlineAt > 0 && record.deadlineAt <= at)
        return;
    record.deadlineAt = at;
    m_deadlines.push({at, slot, record.number});
}

/// With push: when a worker that has not beaten by then is read all the same, so that nobody is called late whose beat was merely
/// not announced. 0 for never.
qint64 RedisSource::nextLook(const Record &record) const
{
    const qint64 beatAt = record.beats.beatAt();
    const qint64 gap = record.gap > 0 ? record.gap : m_status.timing.version > 0 ? m_status.timing.heartbeatInterval : 0;
    if (!m_pushing || beatAt == 0 || gap == 0)
        return 0;
    // Late is one and a half intervals: before that, just before it, and then now and then.
    constexpr int hundredths[] = {125, 145, 200, 250, 300};
    for (const int share : hundredths) {
        const qint64 at = beatAt + gap * share / 100;
        if (at > record.readAt)
            return at;
    }
    return 0;
}

void RedisSource::fireDeadlines(qint64 now)
{
    bool any = false;
    while (!m_deadlines.empty() && m_deadlines.top().at <= now) {
        const Deadline due = m_deadlines.top();
        m_deadlines.pop();
        Record &record = m_records[due.slot];
        if (record.number != due.number || record.id.isEmpty())
            continue;
        if (record.commandUntil > 0 && now > record.commandUntil) {
            queueCommandRead(due.slot);
            any = true;
        }
        if (record.deadlineAt == 0 || due.at != record.deadlineAt)
            continue; // Another one took its place.
        record.deadlineAt = 0;
        if (!record.present || record.pttl < 0)
            continue;
        const qint64 look = nextLook(record);
        if (record.readAt + record.pttl + deadlineGraceMs > now && (look == 0 || look > now)) {
            watchDeadline(due.slot); // It has beaten since.
        } else {
            queueRead(due.slot);
            any = true;
        }
    }
    if (any)
        pump();
}

// Listeners -----------------------------------------------------------------------------------------------------------

void RedisSource::noteBeat(Slot slot)
{
    const Record &record = m_records[slot];
    // Without a proven age it has been watched without a beat since it was first read.
    const qint64 since = record.beats.isProven() ? record.beats.beatAt() : record.firstReadAt;
    m_lastBeats[slot] = record.present ? since : record.everPresent ? goneMark : 0;
}

/// Whether a worker's process still listens on its command channel: it does while it merely hangs, and not from the moment it
/// dies. Workers that are late or gone are asked each second, the others in turn.
void RedisSource::askListeners(qint64 now)
{
    if (m_listenersAsked || m_listenersDenied || now - m_listenersAt < listenersEveryMs || m_records.empty())
        return;
    m_listenersAt = now;
    std::vector<std::pair<Slot, WorkerNumber>> asked;
    // Where nobody told the timing, what would be late at the shortest interval in use is asked about.
    const qint64 lateAfter = m_status.timing.assumed ? shortestLateMs : m_status.timing.lateAfterMs();
    for (Slot slot = 0; slot < m_records.size() && asked.size() < listenersAtOnce; ++slot) {
        if (m_lastBeats[slot] == 0 || now - m_lastBeats[slot] <= lateAfter)
            continue;
        const Record &record = m_records[slot];
        if (!record.id.isEmpty() && record.listeners != 0)
            asked.emplace_back(slot, record.number);
    }
    for (int i = 0; i < listenersAtOnce; ++i) {
        m_listenerCursor = Slot((m_listenerCursor + 1) % m_records.size());
        const Record &record = m_records[m_listenerCursor];
        if (!record.id.isEmpty() && record.present)
            asked.emplace_back(m_listenerCursor, record.number);
        if (size_t(i) + 1 >= m_records.size())
            break;
    }
    if (asked.empty())
        return;
    std::vector<QByteArray> channels;
    std::vector<QByteArrayView> arguments{"PUBSUB", "NUMSUB"};
    channels.reserve(asked.size());
    for (const auto &[slot, number] : asked) {
        channels.push_back(commandPrefix.toByteArray() + m_records[slot].id);
        arguments.push_back(channels.back());
    }
    m_listenersAsked = true;
    const quint32 generation = m_generation;
    m_main->request(arguments, [this, generation, asked = std::move(asked)](const RedisAnswer &answer) {
        if (!current(generation))
            return;
        m_listenersAsked = false;
        if (answer.ok()) {
            takeListeners(asked, answer.reply);
        } else if (answer.outcome == RedisAnswer::Outcome::Error) {
            m_listenersDenied = true;
            m_status.listenersKnown = true;
            setLimit(Limit::Listeners, u"A crash cannot be told from a hang, as PUBSUB is refused: "_s + answer.text());
        }
    });
}

void RedisSource::takeListeners(const std::vector<std::pair<Slot, WorkerNumber>> &asked, const RedisReply &reply)
{
    const qint64 now = m_clock.nowMs();
    for (size_t i = 0; i < asked.size() && !m_anyListener; ++i)
        m_anyListener = reply.at(int(i) * 2 + 1).toInteger(0) > 0;
    for (size_t i = 0; i < asked.size(); ++i) {
        const auto [slot, number] = asked[i];
        Record &record = m_records[slot];
        if (record.number != number || record.id.isEmpty())
            continue;
        const qint64 count = reply.at(int(i) * 2 + 1).toInteger(0);
        const qint8 before = record.listeners;
        record.listeners = count > 0 ? 1 : 0;
        record.listened = record.listened || count > 0;
        // In a fleet that never listens (before the Pub/Sub path) silence on the channel means nothing: then only a
        // worker that listened before is known to have died. One of today's kind that never was heard to listen is dead
        // if it is late as well.
        const bool died = count == 0 && record.status != WorkerStatus::ShuttingDown
                          && (before == 1 || record.flags.testFlag(WorkerFlag::NoListener));
        const bool silent = count == 0 && m_anyListener && !record.flags.testFlag(WorkerFlag::Untyped)
                            && record.status != WorkerStatus::ShuttingDown;
        const WorkerFlags flags = record.flags;
        if (died && record.deafSince == 0)
            record.deafSince = now;
        else if (!died)
            record.deafSince = 0;
        record.flags.setFlag(WorkerFlag::NoListener, died);
        record.flags.setFlag(WorkerFlag::Silent, silent);
        record.flags.setFlag(WorkerFlag::Listener, count > 0);
        // Its key expired before it was asked who listens.
        const bool foundDead = !record.present && record.end == WorkerEnd::Expired && before != 1 && silent;
        if (foundDead)
            record.end = WorkerEnd::Crashed;
        if (record.told && record.flags != flags)
            addSample(record, false);
    }
    if (m_inFlight == 0)
        flush();
    if (!std::exchange(m_status.listenersKnown, true))
        emitStatus();
}

void RedisSource::askListener(Slot slot)
{
    if (m_listenersDenied)
        return;
    const QByteArray channel = commandPrefix.toByteArray() + m_records[slot].id;
    const std::vector<std::pair<Slot, WorkerNumber>> asked{{slot, m_records[slot].number}};
    const quint32 generation = m_generation;
    m_main->request({"PUBSUB", "NUMSUB", channel}, [this, generation, asked](const RedisAnswer &answer) {
        if (current(generation) && answer.ok())
            takeListeners(asked, answer.reply);
    });
}

// Lost keys -----------------------------------------------------------------------------------------------------------

/// Asks what tells a worker that ended from one that lives: its session counter, and whether its process listens.
void RedisSource::askLostKey(LostKey &lost, qint64 now)
{
    lost.askedAt = now;
    const Slot slot = lost.slot;
    const WorkerNumber number = lost.number;
    askListener(slot);
    if (!m_careful) {
        readLostCounter(slot, number);
        return;
    }
    // A counter that is larger than a number can be is not read, and the last one known stands.
    const quint32 generation = m_generation;
    m_main->request({"HSTRLEN", activeHash, m_records[slot].id}, [this, generation, slot, number](const RedisAnswer &answer) {
        if (!current(generation) || m_records[slot].number != number || m_records[slot].lostUntil == 0)
            return;
        if (answer.ok() && answer.reply.toInteger() <= longestCounter)
            readLostCounter(slot, number);
        else
            judgeLostKey(slot, m_clock.nowMs());
    });
}

void RedisSource::readLostCounter(Slot slot, WorkerNumber number)
{
    const quint32 generation = m_generation;
    m_main->request({"HMGET", activeHash, m_records[slot].id}, [this, generation, slot, number](const RedisAnswer &answer) {
        Record &record = m_records[slot];
        if (!current(generation) || record.number != number || record.id.isEmpty() || record.lostUntil == 0)
            return;
        if (answer.ok()) {
            bool ok = false;
            const qint64 value = decimalNumber(answer.reply.at(0).bytes(), &ok);
            constexpr qint64 most = std::numeric_limits<qint32>::max();
            record.active = ok ? qint32(std::clamp<qint64>(value, -most, most)) : unknownValue;
        }
        judgeLostKey(slot, m_clock.nowMs());
    });
}

void RedisSource::askLostKeys(qint64 now)
{
    std::erase_if(m_lostKeys, [this](const LostKey &lost) {
        const Record &record = m_records[lost.slot];
        return record.number != lost.number || record.id.isEmpty() || record.lostUntil == 0;
    });
    for (LostKey &lost : m_lostKeys) {
        if (now - lost.askedAt >= lostKeysEveryMs)
            askLostKey(lost, now);
    }
}

void RedisSource::judgeLostKey(Slot slot, qint64 now)
{
    Record &record = m_records[slot];
    LostKeyFacts facts;
    facts.sessions = record.active;
    facts.listeners = record.listeners;
    facts.listened = record.listened;
    facts.unseen = record.end == WorkerEnd::Unseen;
    // A drain that a console ordered lets the process stay.
    facts.toldToGo = record.everDraining
                     && (!record.flags.testFlag(WorkerFlag::DrainedByOperator) || record.flags.testFlag(WorkerFlag::Leaving));
    const bool over = now >= record.lostUntil;
    if (!over && mayLive(facts)) {
        if (!record.lostTold) {
            record.lostTold = true;
            addSample(record, false);
        }
    } else {
        if (over && mayLive(facts))
            record.end = WorkerEnd::Expired;
        record.lostUntil = 0;
        record.lostTold = record.lostWatched = false;
        record.readAt = now;
        finishAbsent(slot, true);
    }
    if (m_inFlight == 0)
        flush();
}

// Batches -------------------------------------------------------------------------------------------------------------

WorkerSample RedisSource::sampleOf(const Record &record, bool newBeat) const
{
    WorkerSample sample;
    sample.readAt = record.readAt;
    sample.beatAt = record.beats.beatAt();
    // Without a TTL nothing but the worker's own clock tells when it last beat.
    if (record.present && record.pttl == -1 && record.lastHeartbeat > 0 && m_clockOffset.isKnown())
        sample.beatAt = qMin(record.readAt, record.lastHeartbeat - m_clockOffset.offsetMs());
    sample.lastHeartbeat = record.lastHeartbeat;
    sample.commandUntil = record.commandUntil;
    sample.number = record.number;
    sample.flags = record.flags;
    sample.flags.setFlag(WorkerFlag::BadCounter, record.badCounters != 0);
    sample.flags.setFlag(WorkerFlag::NegativeSessions, record.active < 0 && record.active != unknownValue);
    sample.ttl = record.pttl;
    sample.learntTtl = record.beats.isLearnt() ? record.beats.ttl() : unknownValue;
    sample.activeSessions = record.active;
    sample.lifetimeSessions = record.lifetime;
    sample.clockSkew = record.skew;
    sample.status = record.status;
    sample.command = record.command;
    sample.end = record.present || record.lostUntil > 0 ? WorkerEnd::None : record.end;
    sample.keyPresent = record.present;
    sample.newBeat = newBeat;
    return sample;
}

void RedisSource::addSample(const Record &record, bool newBeat)
{
    // Whether a key that vanished is an end is told when it was asked.
    if (record.lostUntil > 0 && !record.present && !record.lostTold)
        return;
    m_batch.samples.append(sampleOf(record, newBeat));
    if (m_batch.samples.size() >= FleetBatch::maxSamples)
        flush();
}

void RedisSource::flush()
{
    if (m_batch.samples.isEmpty() && m_batch.texts.isEmpty() && m_batch.removed.isEmpty())
        return;
    m_batch.generation = m_generation;
    m_batch.at = m_clock.nowMs();
    emit batchReady(m_batch);
    m_batch.texts.clear();
    m_batch.samples.clear();
    m_batch.removed.clear();
}

} // namespace pulsedeck
