// SPDX-License-Identifier: GPL-3.0-or-later
// How a RedisSource passes commands on, how it looks after the workers that were commanded, and how it reads who drained one.
#include "app/redis/redisnames.h"
#include "app/redis/redissource.h"

#include <array>
#include <memory>

namespace pulsedeck {

namespace {

constexpr qint64 followEveryMs = 300;
constexpr qint64 followForMs = 90'000; // Longer than a beat and an idle worker's way out; the sweep sees what takes longer.
constexpr size_t mostFollowed = 2'000;
constexpr std::array<const char *, 3> noteFields{"drainedAt", "drainReason", "shutdownGiven"};
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
    // Whether a process listens says later whether it went, should its key vanish.
    if (act == Act::Shutdown || act == Act::ShutdownNow || act == Act::Drain)
        askListener(slot);
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

/// Asks when and why a worker was drained, and whether it was told to go since, each time it is read: it may have been resumed
/// and drained again in between. \a text is its text as just read, told anew if the answer is news.
void RedisSource::readDrainNote(Slot slot, const WorkerText &text)
{
    ++m_inFlight; // So that the batch waits for it, and so does a view that is not whole yet.
    const bool awaited = m_records[slot].awaited;
    m_awaited += awaited ? 1 : 0;
    if (!m_careful) {
        sendDrainNote(slot, text, 0, awaited);
        return;
    }
    const QByteArray key = keyPrefix.toByteArray() + text.id;
    const quint32 generation = m_generation;
    const auto tooLarge = std::make_shared<quint32>(0);
    for (int i = 0; i < int(noteFields.size()); ++i) {
        const bool last = i + 1 == int(noteFields.size());
        m_main->request({"HSTRLEN", key, noteFields[size_t(i)]},
                        [this, generation, slot, text, tooLarge, i, last, awaited](const RedisAnswer &answer) {
                            if (answer.ok() && answer.reply.toInteger() > longestNote)
                                *tooLarge |= 1u << i;
                            if (last && current(generation))
                                sendDrainNote(slot, text, *tooLarge, awaited);
                        });
    }
}

void RedisSource::sendDrainNote(Slot slot, const WorkerText &text, quint32 tooLarge, bool awaited)
{
    const QByteArray key = keyPrefix.toByteArray() + text.id;
    const quint32 generation = m_generation;
    std::array<QByteArrayView, noteFields.size() + 2> arguments{"HMGET", key};
    for (size_t i = 0; i < noteFields.size(); ++i)
        arguments[i + 2] = tooLarge >> i & 1u ? QByteArrayView("") : QByteArrayView(noteFields[i]);
    m_main->request(arguments, [this, generation, slot, text, awaited](const RedisAnswer &answer) {
        if (!current(generation))
            return;
        --m_inFlight;
        m_awaited -= awaited ? 1 : 0;
        const Record &record = m_records[slot];
        if (record.number == text.number && !record.id.isEmpty() && answer.ok())
            takeDrainNote(slot, text, answer.reply);
        if (m_inFlight == 0)
            flush();
        finishFullView();
    });
}

void RedisSource::takeDrainNote(Slot slot, const WorkerText &text, const RedisReply &reply)
{
    Record &record = m_records[slot];
    WorkerText noted = text;
    addDrainNote(&noted, reply.at(0).bytes(), reply.at(1).bytes());
    const size_t hash = qHashMulti(7, noted.drainedAt, noted.drainReason) | 1;
    const bool leaving = !reply.at(2).bytes().isEmpty();
    const bool news = hash != record.noteHash || leaving != record.flags.testFlag(WorkerFlag::Leaving);
    if (hash != record.noteHash) {
        record.noteHash = hash;
        m_batch.texts.append(noted);
    }
    record.flags.setFlag(WorkerFlag::Leaving, leaving && record.flags.testFlag(WorkerFlag::DrainedByOperator));
    // What the note is worth is judged with a sample.
    if (news && record.told)
        addSample(record, false);
}

} // namespace pulsedeck
