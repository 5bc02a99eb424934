// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QtGlobal>

#include <vector>

namespace pulsedeck {

/// Times to pixels and back, and the ticks of an axis. Times are milliseconds on the console's clock, as doubles: what lies
/// between two milliseconds matters while one zooms. Whatever is given makes a scale that can be used: a span that is no number,
/// empty or backwards becomes leastSpan around its beginning, one that is too long is cut at its beginning, a width below one
/// pixel is one. A value; any thread but for ticks(), which depends on the shown zone.
class TimeScale
{
public:
    static constexpr double leastSpan = 1; ///< Milliseconds.
    static constexpr double longestSpan = 200.0 * 366 * 86'400'000; ///< Two centuries.
    static constexpr double latest = 200'000'000'000'000; ///< Year 8307; times lie between 0 and this.

    TimeScale() = default;
    TimeScale(double from, double to, double width);

    double from() const { return m_from; }
    double to() const { return m_to; }
    double span() const { return m_to - m_from; }
    double width() const { return m_width; }
    double msPerPixel() const { return span() / m_width; }

    /// Pixels from the left edge; outside of 0…width for a time outside. Cut at ten million, so that it fits into what paints.
    double x(double at) const;
    /// The time at a pixel.
    double at(double x) const;

    struct Tick
    {
        double at = 0;
        double x = 0;
        QString label;
        bool day = false; ///< A day begins here, and the label says which.
        bool operator==(const Tick &) const = default;
    };
    /// The distance of two ticks that stand \a leastPixels apart or more, in milliseconds; months and years as 30 and 365 days.
    double tickStep(double leastPixels) const;
    /// Round times of the shown zone, left to right, \a leastPixels apart or more; at most 1,000.
    std::vector<Tick> ticks(double leastPixels) const;

    bool operator==(const TimeScale &) const = default;

private:
    double m_from = 0;
    double m_to = leastSpan;
    double m_width = 1;
};

} // namespace pulsedeck
