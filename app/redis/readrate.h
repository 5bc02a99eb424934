// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <deque>

namespace pulsedeck {

/// How many workers were read of late, and how long after the announcement of their change. A fleet of few workers that beat
/// seldom is looked at over a longer time than a busy one, so that its rate does not fall to 0 between two beats. A value;
/// milliseconds, console's clock.
class ReadRate
{
public:
    static constexpr qint64 longestMs = 30'000; ///< A read counts at the most this long.
    static constexpr qint64 shortestMs = 1'000; ///< What is looked at covers at least this, once it has passed.
    static constexpr int enough = 20; ///< So many reads are enough to tell a rate by.

    /// \a lagMs: since the change was announced; negative if it was not.
    void count(qint64 lagMs);
    /// Ends a stretch of time and works out the figures again. Not earlier than at the call before.
    void look(qint64 now);
    /// Begins again: nothing was read yet.
    void clear(qint64 now);

    double perSecond() const { return m_perSecond; }
    /// The mean; -1 if no announced change was read.
    qint64 lagMs() const { return m_lagMs; }

private:
    struct Stretch
    {
        qint64 from = 0;
        qint64 reads = 0;
        qint64 lagSumMs = 0;
        qint64 lags = 0;
    };
    std::deque<Stretch> m_stretches; ///< Oldest first; the last one is under way.
    double m_perSecond = 0;
    qint64 m_lagMs = -1;
};

} // namespace pulsedeck
