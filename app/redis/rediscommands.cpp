// SPDX-License-Identifier: GPL-3.0-or-later
// How a RedisSource passes commands on, how it looks after the workers that were commanded, and how it reads who drained one.
#include "app/redis/redisnames.h"
#include "app/redis/redissource.h"

#include <memory>

namespace pulsedeck {

namespace {

constexpr qint64 followEveryMs = 300;
constexpr qint64 followForMs = 90'000; // Longer than a beat and an idle worker's way out; the sweep sees what takes longer.
constexpr size_t mostFollowed = 2'000;
constexpr qint64 longestNote = 64 * 1024; // As for a worker's fields, once one proved too large.

} // namespace

void RedisSource::setWritable(bool writable)
{
    m_status.writable = writable;
    m_commander->setWritable(writable);
    emitStatus();
}

void RedisSource::carryOut(const QList<Command> &commands)
{
    m_commander->carryOut(commands);
}

void RedisSource::lookUp(const QList<Command> &commands)
{
    m_commander->lookUp(commands, m_careful);
}

/// What was written is read at once, not when it is announced or swept; and without push the worker's own steps are looked for
/// more often than the sweep would.
void RedisSource::onCommandAnswered(const Command &command, CommandProgress::Outcome outcome)
{
    if (!m_begun || !m_running)
        return;
    const Slot slot = find(command.worker);
    if (slot == noSlot)
        return;
    // Known from now on: no sample made after the answer may say that there is no command, or whoever listens would take
    // the one that is read next for another's.
    Record &record = m_records[slot];
    const Act act = command.act;
    if (outcome == CommandProgress::Outcome::Written) {
        record.command = CommandState::Shutdown;
        record.commandUntil = m_clock.nowMs() + command.ttlMs;
    } else if (outcome == CommandProgress::Outcome::Done && act == Act::Cancel) {
        record.command = CommandState::None;
        record.commandUntil = 0;
    }
    if (act == Act::Reap)
        m_countersDirty = true;
    queueRead(slot);
    queueCommandRead(slot);
    if (!m_collectTimer->isActive())
        m_collectTimer->start(0);
    const bool answersLater = act == Act::Shutdown || act == Act::ShutdownNow;
    if (answersLater && !m_pushing && m_followed.size() < mostFollowed)
        m_followed.push_back({slot, record.number, m_clock.nowMs() + followForMs});
}

void RedisSource::readFollowed(qint64 now)
{
    if (m_followed.empty() || now - m_followedAt < followEveryMs)
        return;
    m_followedAt = now;
    std::erase_if(m_followed, [this, now](const Followed &followed) {
        const Record &record = m_records[followed.slot];
        return m_pushing || now > followed.until || record.number != followed.number || record.id.isEmpty() || !record.present;
    });
    for (const Followed &followed : m_followed) {
        queueRead(followed.slot);
        queueCommandRead(followed.slot);
    }
    pump();
}

/// Asks when and why a worker was drained, each time it is read: it may have been resumed and drained again in between. \a text is
/// its text as just read, told anew if the answer is news.
void RedisSource::readDrainNote(Slot slot, const WorkerText &text)
{
    ++m_inFlight; // So that the batch waits for it.
    if (!m_careful) {
        sendDrainNote(slot, text, true, true);
        return;
    }
    const QByteArray key = keyPrefix.toByteArray() + text.id;
    const quint32 generation = m_generation;
    const auto isShort = [](const RedisAnswer &answer) { return !answer.ok() || answer.reply.toInteger() <= longestNote; };
    const auto withTime = std::make_shared<bool>(true);
    m_main->request({"HSTRLEN", key, "drainedAt"}, [withTime, isShort](const RedisAnswer &answer) { *withTime = isShort(answer); });
    m_main->request({"HSTRLEN", key, "drainReason"}, [this, generation, slot, text, withTime, isShort](const RedisAnswer &answer) {
        if (current(generation))
            sendDrainNote(slot, text, *withTime, isShort(answer));
    });
}

void RedisSource::sendDrainNote(Slot slot, const WorkerText &text, bool withTime, bool withReason)
{
    const QByteArray key = keyPrefix.toByteArray() + text.id;
    const quint32 generation = m_generation;
    const auto take = [this, generation, slot, text](const RedisAnswer &answer) {
        if (!current(generation))
            return;
        --m_inFlight;
        Record &record = m_records[slot];
        const bool same = record.number == text.number && !record.id.isEmpty();
        if (same && answer.ok()) {
            WorkerText noted = text;
            addDrainNote(&noted, answer.reply.at(0).bytes(), answer.reply.at(1).bytes());
            const size_t hash = qHashMulti(7, noted.drainedAt, noted.drainReason) | 1;
            if (hash != record.noteHash) {
                record.noteHash = hash;
                m_batch.texts.append(noted);
            }
        }
        if (m_inFlight == 0)
            flush();
    };
    m_main->request({"HMGET", key, withTime ? "drainedAt" : "", withReason ? "drainReason" : ""}, take);
}

} // namespace pulsedeck
