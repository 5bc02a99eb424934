// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/lockfleet.h"

namespace pulsedeck::fleet {

namespace {

constexpr qint64 redBeatTtlMs = 1'500'000;
constexpr qint64 redBeatEveryMs = 300'000;
constexpr qint64 masterLockTtlMs = 180'000;
constexpr qint64 masterLockEveryMs = 5'000;

// Only its holder renews a lock or gives it up; whoever finds it free takes it.
constexpr char renewOrTake[] = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('EXPIRE', KEYS[1], ARGV[2]) "
                               "else redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2]) end";
constexpr char giveUp[] = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end";

} // namespace

LockFleet::LockFleet(const FleetOptions &options, const Clock &clock, QObject *parent)
    : SystemFleet(options, clock, false, parent)
    , m_isRedBeat(options.layout == QLatin1StringView("redbeat"))
    , m_key(m_isRedBeat ? "redbeat::lock" : "resque:resque_scheduler_master_lock")
    , m_ttlMs(m_isRedBeat ? redBeatTtlMs : masterLockTtlMs)
{ }

QByteArray LockFleet::nameProcess(quint32 slot)
{
    return process(slot).host + ':' + QByteArray::number(process(slot).pid);
}

qint64 LockFleet::beatMs(quint32) const
{
    return scaled(m_isRedBeat ? redBeatEveryMs : masterLockEveryMs);
}

QByteArray LockFleet::valueOf(quint32 slot) const
{
    return m_isRedBeat ? m_words[slot] : process(slot).id;
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
    send({"EVAL", renewOrTake, "1", m_key, valueOf(slot), ttlWord(m_ttlMs)});
}

void LockFleet::leave(quint32 slot)
{
    send({"EVAL", giveUp, "1", m_key, valueOf(slot)});
}

void LockFleet::loseKeys(quint32)
{
    send({"DEL", m_key});
}

} // namespace pulsedeck::fleet
