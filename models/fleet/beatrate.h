// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <array>
#include <vector>

namespace pulsedeck {

/// How many beats were seen in each of the last seconds. Times are the console's clock in Unix milliseconds. A value.
class BeatRate
{
public:
    static constexpr int seconds = 60;

    void add(qint64 at);
    /// Of each of the last whole seconds before \a now, oldest first.
    std::vector<int> perSecond(qint64 now) const;
    /// The mean of the last five of them.
    double recent(qint64 now) const;
    /// Since the beginning.
    quint64 seen() const { return m_seen; }

private:
    std::array<int, seconds + 1> m_counts{}; ///< A ring over the seconds.
    qint64 m_newest = 0; ///< The newest second that has a beat.
    quint64 m_seen = 0;
};

} // namespace pulsedeck
