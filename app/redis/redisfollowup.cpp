// SPDX-License-Identifier: GPL-3.0-or-later
// What a RedisSource asks without being told: keys whose TTL is over, channels nobody listens on; and what it sends on.
#include "app/redis/redisnames.h"
#include "app/redis/redissource.h"

#include "app/redis/lostkey.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 listenersEveryMs = 1'000;
constexpr int listenersAtOnce = 500;
constexpr qint64 lostKeysEveryMs = 500;
constexpr qint64 longestCounter = 32;
constexpr qint64 goneMark = 1; // A moment long past.
constexpr qint64 subscribesWithinMs = 5'000; // A worker registers first and listens a moment later.

} // namespace

// Deadlines -----------------------------------------------------------------------------------------------------------

void RedisSource::watchDeadline(Slot slot)
{
    Record &record = m_records[slot];
    if (record.inDeadlines || !record.present || record.pttl < 0)
        return;
    record.inDeadlines = true;
    m_deadlines.push({record.readAt + record.pttl + deadlineGraceMs, slot, record.number});
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
        if (!record.inDeadlines)
            continue;
        record.inDeadlines = false;
        if (!record.present || record.pttl < 0)
            continue;
        if (record.readAt + record.pttl + deadlineGraceMs > now) {
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
    m_lastBeats[slot] = record.present ? record.beats.beatAt() : record.everPresent ? goneMark : 0;
}

/// Whether a worker's process still listens on its command channel: it does while it merely hangs, and not from the moment it
/// dies. Workers that are late or gone are asked each second, the others in turn.
void RedisSource::askListeners(qint64 now)
{
    if (m_listenersAsked || m_listenersDenied || now - m_listenersAt < listenersEveryMs || m_records.empty())
        return;
    m_listenersAt = now;
    std::vector<std::pair<Slot, WorkerNumber>> asked;
    const qint64 lateAfter = m_status.timing.lateAfterMs();
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
            addLimit(u"a crash cannot be told from a hang: "_s + answer.text());
        }
    });
}

void RedisSource::takeListeners(const std::vector<std::pair<Slot, WorkerNumber>> &asked, const RedisReply &reply)
{
    const qint64 now = m_clock.nowMs();
    for (size_t i = 0; i < asked.size(); ++i) {
        const auto [slot, number] = asked[i];
        Record &record = m_records[slot];
        if (record.number != number || record.id.isEmpty())
            continue;
        const qint64 count = reply.at(int(i) * 2 + 1).toInteger(0);
        const qint8 before = record.listeners;
        record.listeners = count > 0 ? 1 : 0;
        record.listened = record.listened || count > 0;
        m_anyListener = m_anyListener || count > 0;
        // In a fleet that never listens (before the Pub/Sub path) silence on the channel means nothing: then only a worker that
        // listened before is known to have died, or one of today's kind that is late as well.
        const bool settled = now - record.firstReadAt > subscribesWithinMs;
        const bool late = record.present && record.beats.beatAt() > 0
            && now - record.beats.beatAt() > m_status.timing.lateAfterMs();
        const bool odd = late && settled && m_anyListener && !record.flags.testFlag(WorkerFlag::Untyped);
        const bool died = count == 0 && record.status != WorkerStatus::ShuttingDown
            && (before == 1 || odd || (before == 0 && record.flags.testFlag(WorkerFlag::NoListener)));
        const WorkerFlags flags = record.flags;
        record.flags.setFlag(WorkerFlag::NoListener, died);
        record.flags.setFlag(WorkerFlag::Listener, count > 0);
        if (record.told && record.flags != flags)
            addSample(record, false);
    }
    if (m_inFlight == 0)
        flush();
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
    sample.flags.setFlag(WorkerFlag::NegativeSessions, record.active < 0 && record.active != unknownValue);
    sample.ttl = record.pttl;
    sample.learntTtl = record.beats.ttl();
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
