// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/channellisteners.h"

#include "app/redis/redisnames.h"

#include <utility>

namespace pulsedeck {

namespace {

constexpr qint64 listenersEveryMs = 1'000;
constexpr size_t listenersAtOnce = 500;
constexpr qint64 shortestLateMs = 7'500; // One and a half of the shortest interval that is a default anywhere.

} // namespace

void ChannelListeners::begin()
{
    m_denied = m_asked = false;
    m_session.status.listenersKnown = false;
    m_begunAt = m_session.now();
    if (m_session.reregistration.cause() != Reregistration::Cause::FailedOver)
        return;
    // Who listened did so on the server before.
    for (Slot slot = 0; slot < m_fleet.watch.size(); ++slot)
        m_fleet[slot].flags.setFlag(WorkerFlag::Listener, false);
}

/// After a failover workers listen and beat again one by one. Until then it is neither known to be away, nor to hang: while there
/// was no master it could not beat.
bool ChannelListeners::mayListenLater(const KnownWorker &worker, qint64 count) const
{
    if (!m_session.reregistration.isAwaiting())
        return false;
    return count == 0
           || (m_session.reregistration.cause() == Reregistration::Cause::FailedOver && worker.beats.beatAt() < m_begunAt);
}

void ChannelListeners::lost()
{
    for (Slot slot = 0; slot < m_fleet.watch.size(); ++slot)
        m_fleet[slot].listeners = -1;
}

void ChannelListeners::look(qint64 now)
{
    const Slot size = m_fleet.watch.size();
    // Where there are no workers there is nothing to wait for.
    if (m_fleet.watch.count() == 0 && !std::exchange(m_session.status.listenersKnown, true))
        m_session.report();
    if (m_asked || m_denied || now - m_lookedAt < listenersEveryMs || size == 0)
        return;
    m_lookedAt = now;
    Asked asked;
    // Where nobody told the timing, what would be late at the shortest interval in use is asked about.
    const TimingProfile &timing = m_session.status.timing;
    const qint64 lateAfter = timing.assumed ? shortestLateMs : timing.lateAfterMs();
    for (Slot slot = 0; slot < size && asked.size() < listenersAtOnce; ++slot) {
        const qint64 since = m_fleet.unbeatenSince(slot);
        if (since == 0 || now - since <= lateAfter)
            continue;
        if (!m_fleet.watch.id(slot).isEmpty() && m_fleet[slot].listeners != 0)
            asked.emplace_back(slot, m_fleet[slot].number);
    }
    for (size_t i = 0; i < qMin(listenersAtOnce, size_t(size)); ++i) {
        m_cursor = (m_cursor + 1) % size;
        if (!m_fleet.watch.id(m_cursor).isEmpty() && m_fleet[m_cursor].present)
            asked.emplace_back(m_cursor, m_fleet[m_cursor].number);
    }
    if (!asked.empty())
        send(std::move(asked), true);
}

void ChannelListeners::ask(Slot slot)
{
    if (!m_denied)
        send({{slot, m_fleet[slot].number}}, false);
}

void ChannelListeners::send(Asked asked, bool inTurn)
{
    std::vector<QByteArray> channels;
    std::vector<QByteArrayView> words{"PUBSUB", "NUMSUB"};
    channels.reserve(asked.size());
    for (const auto &[slot, number] : asked) {
        channels.push_back(commandPrefix.toByteArray() + m_fleet.watch.id(slot));
        words.push_back(channels.back());
    }
    m_asked = m_asked || inTurn;
    m_session.ask(words, [this, inTurn, asked = std::move(asked)](const RedisAnswer &answer) {
        m_asked = m_asked && !inTurn;
        if (answer.ok()) {
            take(asked, answer.reply);
        } else if (inTurn && answer.outcome == RedisAnswer::Outcome::Error) {
            m_denied = true;
            m_session.status.listenersKnown = true;
            m_session.setLimit(RedisSession::Limit::Listeners,
                               tr("Crashed and hung workers look the same, because PUBSUB is refused: %1").arg(answer.text()));
        }
    });
}

void ChannelListeners::take(const Asked &asked, const RedisReply &reply)
{
    const qint64 now = m_session.now();
    for (size_t i = 0; i < asked.size() && !m_any; ++i)
        m_any = reply.at(int(i) * 2 + 1).toInteger(0) > 0;
    for (size_t i = 0; i < asked.size(); ++i) {
        const auto [slot, number] = asked[i];
        if (!m_fleet.watch.isKnown(slot, number))
            continue;
        KnownWorker &worker = m_fleet[slot];
        const qint64 count = reply.at(int(i) * 2 + 1).toInteger(0);
        if (mayListenLater(worker, count)) {
            worker.listeners = -1;
            if (worker.flags.testFlag(WorkerFlag::Listener)) {
                worker.flags.setFlag(WorkerFlag::Listener, false);
                if (worker.told)
                    m_fleet.report(slot);
            }
            continue;
        }
        const qint8 before = worker.listeners;
        worker.listeners = count > 0 ? 1 : 0;
        worker.listened = worker.listened || count > 0;
        // In a fleet that never listens (before the Pub/Sub path) silence on the channel means nothing: then only a
        // worker that listened before is known to have died. One of today's kind that never was heard to listen is dead
        // if it is late as well.
        const bool died = count == 0 && worker.status != WorkerStatus::ShuttingDown
                          && (before == 1 || worker.flags.testFlag(WorkerFlag::NoListener));
        const bool silent =
            count == 0 && m_any && !worker.flags.testFlag(WorkerFlag::Untyped) && worker.status != WorkerStatus::ShuttingDown;
        const WorkerFlags flags = worker.flags;
        if (died && worker.deafSince == 0)
            worker.deafSince = now;
        else if (!died)
            worker.deafSince = 0;
        worker.flags.setFlag(WorkerFlag::NoListener, died);
        worker.flags.setFlag(WorkerFlag::Silent, silent);
        worker.flags.setFlag(WorkerFlag::Listener, count > 0);
        // Its key expired before it was asked who listens.
        if (!worker.present && worker.end == WorkerEnd::Expired && before != 1 && silent)
            worker.end = WorkerEnd::Crashed;
        if (worker.told && worker.flags != flags)
            m_fleet.report(slot);
    }
    m_session.flushIfIdle();
    if (!std::exchange(m_session.status.listenersKnown, true))
        m_session.report();
}

void ChannelListeners::noteBeat(KnownWorker &worker) const
{
    if (worker.deafSince == 0 || worker.beats.beatAt() <= worker.deafSince)
        return;
    worker.flags.setFlag(WorkerFlag::NoListener, false);
    worker.deafSince = 0;
    worker.listeners = -1;
}

} // namespace pulsedeck
