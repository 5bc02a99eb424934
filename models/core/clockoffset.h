// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <array>

namespace pulsedeck {

/// The offset of a server's clock to ours, from answers that contain its time: of the last few samples the one with the smallest
/// round trip is believed, since its error is at most half of it. Milliseconds. A value.
class ClockOffset
{
public:
    /// \a sentUs and \a elapsedUs by our clock, \a serverUs as answered; all microseconds.
    void add(qint64 sentUs, qint64 elapsedUs, qint64 serverUs)
    {
        m_samples[size_t(m_count % m_samples.size())] = {elapsedUs, serverUs - (sentUs + elapsedUs / 2)};
        ++m_count;
    }
    void clear() { m_count = 0; }
    bool isKnown() const { return m_count > 0; }
    /// Server clock minus our clock.
    qint64 offsetMs() const { return isKnown() ? qRound64(double(best().offsetUs) / 1000.0) : 0; }
    /// Smallest round trip of the last few samples.
    qint64 roundTripUs() const { return isKnown() ? best().elapsedUs : 0; }

private:
    struct Sample
    {
        qint64 elapsedUs = 0;
        qint64 offsetUs = 0;
    };
    const Sample &best() const
    {
        const auto end = m_samples.begin() + qsizetype(std::min<size_t>(m_count, m_samples.size()));
        return *std::min_element(m_samples.begin(), end,
                                 [](const Sample &a, const Sample &b) { return a.elapsedUs < b.elapsedUs; });
    }

    std::array<Sample, 8> m_samples{};
    size_t m_count = 0;
};

} // namespace pulsedeck
