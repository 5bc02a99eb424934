// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace pulsedeck::fleet {

/// What is due. Who acts on it stands in FleetSimulator::dispatch().
enum class Event : quint8 {
    Beat,
    RegisterAgain, ///< A registration that got no answer is tried once more.
    DrainPoll,
    DrainDeadline,
    DeleteKey, ///< The last act of a worker that leaves.
    Spawn, ///< A new worker takes the place of one that ended.
    Return, ///< A crashed worker comes back under its id.
    SessionEnd,
    Strike, ///< The failure mode a worker was drawn for begins.
    Resume, ///< A hung worker goes on.
    Kill, ///< A hung worker is ended from outside.
    Mend, ///< A worker stops being late.
    Leave, ///< A worker is asked to go by SIGTERM.
    LoseKey, ///< The key or the connection of a draining worker is lost.
    Unpin, ///< The sessions that held up a drain end.
    Reconnect, ///< A worker that was cut off reaches Redis again.
    RemoveRemains, ///< A key without TTL is removed, as an operator would.
};

/// Timers for hundreds of thousands of things at a cost that does not depend on their number: a ring of buckets of
/// tickMs each. What is due later than one turn of the ring waits in its bucket for its turn. Single-threaded.
template <typename Happening> class BasicTimingWheel
{
public:
    static constexpr qint64 tickMs = 10;

    struct Entry
    {
        qint64 tick = 0;
        quint32 slot = 0;
        quint32 life = 0; ///< The worker's life the entry belongs to; whoever acts on it drops entries of earlier lives.
        Happening event = Happening::Beat;
    };

    /// \a nowMs is the time of the clock later given to advance().
    explicit BasicTimingWheel(qint64 nowMs)
        : m_tick(nowMs / tickMs)
        , m_buckets(bucketCount)
    { }

    /// Fires at the first advance() at or after \a dueMs, and never before the next tick.
    void schedule(qint64 dueMs, Happening event, quint32 slot, quint32 life)
    {
        const qint64 tick = qMax(m_tick + 1, (dueMs + tickMs - 1) / tickMs);
        m_buckets[size_t(tick) & mask].push_back({tick, slot, life, event});
        ++m_size;
    }

    /// Calls \a fire with each entry due by now, in order of their ticks. \a fire may schedule.
    template <typename Fire> void advance(qint64 nowMs, Fire fire)
    {
        const qint64 last = nowMs / tickMs;
        while (m_tick < last) {
            ++m_tick;
            std::vector<Entry> &bucket = m_buckets[size_t(m_tick) & mask];
            if (bucket.empty())
                continue;
            m_due.swap(bucket);
            for (const Entry &entry : m_due) {
                if (entry.tick > m_tick)
                    bucket.push_back(entry);
            }
            for (const Entry &entry : m_due) {
                if (entry.tick <= m_tick) {
                    --m_size;
                    fire(entry);
                }
            }
            m_due.clear();
        }
    }

    size_t size() const { return m_size; }

private:
    static constexpr size_t bucketCount = 4096;
    static constexpr size_t mask = bucketCount - 1;

    qint64 m_tick;
    size_t m_size = 0;
    std::vector<std::vector<Entry>> m_buckets;
    std::vector<Entry> m_due;
};

/// That of the fleet of browser workers.
using TimingWheel = BasicTimingWheel<Event>;

} // namespace pulsedeck::fleet
