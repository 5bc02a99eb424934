// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/pastpaces.h"

#include <algorithm>
#include <limits>

namespace pulsedeck {

namespace {

// A worker that goes to work beats, and is read a moment later: the gap before that beat does not reach into the new pace, and
// the one after it not into the old one.
constexpr qint64 readLaterMs = 2'000;

void lengthen(GapLimits &limits, const GapLimits &other)
{
    limits.interval = std::max(limits.interval, other.interval);
    limits.lostAfter = std::max(limits.lostAfter, other.lostAfter);
}

} // namespace

GapLimits gapLimits(const Worker &worker, const Thresholds &thresholds, const TimingProfile &timing)
{
    // A gap shows where the actor counts as late, and is lost where its registration ends.
    if (worker.traits->registers())
        return {thresholds.late, thresholds.stale};
    const qint64 ttl = worker.learntTtl > 0 ? worker.learntTtl : timing.workerKeyTtl;
    return {thresholds.interval > 0 ? thresholds.interval : timing.heartbeatInterval,
            thresholds.stale > 0 ? std::min(ttl, thresholds.stale) : ttl};
}

bool isOtherPace(qint64 one, qint64 other)
{
    const qint64 shorter = std::min(one, other);
    return std::max(one, other) - shorter > std::max<qint64>(900, shorter * 8 / 100);
}

qint64 paceBeganAt(const BeatHistory &beats, qint64 before, qint64 after, qint64 now)
{
    constexpr int enoughStrangers = 2; // One beat that was missed, or came twice, is no change.
    const qint64 middle = (before + after) / 2;
    int began = beats.size() - 1;
    int strangers = 0;
    for (int i = began; i > 0 && strangers < enoughStrangers; --i) {
        const bool isLong = beats.at(i, now) - beats.at(i - 1, now) > middle;
        if (isLong == (after > before)) {
            began = i - 1;
            strangers = 0;
        } else {
            ++strangers;
        }
    }
    return began < 0 ? now : beats.at(began, now);
}

void PastPaces::add(qint64 until, const GapLimits &limits)
{
    if (!m_paces.empty() && until <= m_paces.back().until) {
        lengthen(m_paces.back().limits, limits);
        return;
    }
    if (m_paces.size() == most)
        m_paces.erase(m_paces.begin());
    m_paces.push_back({until, limits});
}

qint64 PastPaces::lastUntil() const
{
    // The beat that comes with the change is read a moment after it was written.
    constexpr qint64 readAfterMs = 250;
    return m_paces.empty() ? 0 : m_paces.back().until - readAfterMs;
}

qint64 PastPaces::heldUntil(qint64 intervalMs) const
{
    const auto last = std::find_if(m_paces.rbegin(), m_paces.rend(),
                                   [intervalMs](const Pace &pace) { return pace.limits.interval == intervalMs; });
    return last == m_paces.rend() ? 0 : last->until;
}

GapLimits PastPaces::over(qint64 from, qint64 to, const GapLimits &now) const
{
    GapLimits limits;
    bool found = false;
    const auto take = [&](qint64 begin, qint64 end, const GapLimits &held) {
        if (end > from + readLaterMs && begin + readLaterMs < to) {
            lengthen(limits, held);
            found = true;
        }
    };
    qint64 begin = std::numeric_limits<qint64>::min() / 2;
    for (const Pace &pace : m_paces) {
        take(begin, pace.until, pace.limits);
        begin = pace.until;
    }
    take(begin, std::numeric_limits<qint64>::max(), now);
    return found ? limits : now;
}

qint64 PastPaces::shortestInterval(const GapLimits &now) const
{
    qint64 shortest = now.interval;
    for (const Pace &pace : m_paces)
        shortest = std::min(shortest, pace.limits.interval);
    return shortest;
}

} // namespace pulsedeck
