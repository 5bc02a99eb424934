// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/lockfleet.h"

#include <algorithm>
#include <array>

namespace pulsedeck::fleet {

namespace {

// Only its holder renews a lock or gives it up; whoever finds it free takes it.
constexpr char renewOrTake[] = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('EXPIRE', KEYS[1], ARGV[2]) "
                               "else redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) end";
constexpr char giveUp[] = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end";

} // namespace

struct LockFleet::Lock
{
    const char *layout;
    QByteArrayView key;
    qint64 ttlMs;
    qint64 everyMs; ///< It is renewed, or tried.
    bool hasRandomWord = false; ///< In place of the name of the holder.
};

const LockFleet::Lock &LockFleet::lockOf(const QString &layout)
{
    static constexpr auto locks = std::to_array<Lock>({
        {"resque-scheduler", "resque:resque_scheduler_master_lock", 180'000, 5'000},
        {"redbeat", "redbeat::lock", 1'500'000, 300'000, true},
        {"lock-holder", "scheduler:lock", 30'000, 10'000},
    });
    const auto found =
        std::find_if(locks.begin(), locks.end(), [&layout](const Lock &one) { return layout == QLatin1StringView(one.layout); });
    Q_ASSERT(found != locks.end());
    return *found;
}

LockFleet::LockFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
    , m_lock(lockOf(options.layout))
{ }

QByteArray LockFleet::nameProcess(quint32 slot)
{
    return process(slot).host + ':' + QByteArray::number(process(slot).pid);
}

qint64 LockFleet::beatMs(quint32) const
{
    return scaled(m_lock.everyMs);
}

QByteArray LockFleet::valueOf(quint32 slot) const
{
    return m_lock.hasRandomWord ? m_words[slot] : process(slot).id;
}

void LockFleet::enroll(quint32 slot)
{
    constexpr int wordDigits = 32;
    m_words.resize(size());
    m_words[slot] = randomHex(wordDigits);
    beat(slot);
}

void LockFleet::beat(quint32 slot)
{
    send({"EVAL", renewOrTake, "1", m_lock.key, valueOf(slot), ttlWord(m_lock.ttlMs)});
}

void LockFleet::leave(quint32 slot)
{
    send({"EVAL", giveUp, "1", m_lock.key, valueOf(slot)});
}

void LockFleet::loseKeys(quint32)
{
    send({"DEL", m_lock.key});
}

} // namespace pulsedeck::fleet
