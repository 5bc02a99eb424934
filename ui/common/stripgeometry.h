// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <vector>

namespace pulsedeck {

/// Time to pixels: the right edge is now, the left edge is \a span milliseconds earlier. All times fall on one grid of
/// whole pixels that moves as a whole, so that marks never shiver against each other while the strip scrolls.
struct StripScale
{
    qint64 now = 0;
    qint64 span = 120'000;
    int width = 1;

    double pixelsPerMs() const { return double(width) / double(span); }
    /// May lie outside 0…width.
    int x(qint64 time) const;
    /// The time under a pixel, exact to one pixel.
    qint64 timeAt(int x) const;
};

/// All a strip needs to know besides the beats: times are the console's clock, 0 where there is none.
struct StripFacts
{
    GapLimits limits{10'000, 30'000}; ///< Beyond lostAfter a block is of full height.
    const PastPaces *past = nullptr; ///< What they were before; null: the same.
    qint64 startedAt = 0; ///< Seen to register or to return.
    qint64 endedAt = 0;
    qint64 drainingSince = 0;
    qint64 commandAt = 0;
    bool commandRead = false; ///< When it began to drain.
    qint64 commandReadAt = 0; ///< The same where that time itself was seen.
    bool keyExpired = false; ///< It ended by its TTL.
    bool countersLeft = false;
    bool departed = false;
    bool ghost = false; ///< Registered, and no key.
    qint32 uncertainMs = 0; ///< Time between the reads that see its beats: what lies between two is not known. 0: all are seen.
    const std::vector<UnknownSpan> *unknown = nullptr;
};

/// What has to be painted, in pixels, left to right. Kept and filled again for each row: nothing is allocated once
/// it has grown to the size of a full ring.
struct StripGeometry
{
    enum class Block : quint8 {
        Late, ///< Past the interval: a low block.
        Lost, ///< Past threshold or TTL: a block of full height.
        Draining,
        Unknown,
    };
    enum class Mark : quint8 { Start, End, Expired, CommandSent, CommandRead };

    struct Span
    {
        Block block;
        int left;
        int right;
        qint32 gapMs; ///< The whole gap, for the label of its first block; 0 when it carries none.
    };
    struct Place
    {
        Mark mark;
        int x;
    };

    std::vector<int> ticks;
    std::vector<Span> spans;
    std::vector<Place> marks;
    int lineFrom = 0; ///< The thin line of life; none when from >= to.
    int lineTo = 0;
    int dotsFrom = 0; ///< The dotted line while only counters are left.
    int dotsTo = 0;
    struct Band
    {
        int left;
        int right;
    };
    std::vector<Band> bands; ///< Beats closer than closestTicks.
    static constexpr int closestTicks = 3; ///< Pixels.
    int haze = 0; ///< Half the width of what is uncertain around each tick; 0 for none.

    void clear();
};

/// How far past its interval a beat may come before a gap shows: 0.9 s or 8 %, the greater.
qint64 gapTolerance(qint64 interval);
/// Reads from the store what a worker's strip needs.
StripFacts stripFacts(const FleetStore &store, WorkerHandle handle);
/// Pure. Fills \a out; marks and blocks outside the window are left out or cut to it.
void layoutStrip(const BeatHistory &beats, const StripFacts &facts, const StripScale &scale, StripGeometry &out);

} // namespace pulsedeck
