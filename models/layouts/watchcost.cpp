// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/watchcost.h"

#include <algorithm>

namespace pulsedeck {

namespace {

constexpr double assumedIntervalMs = 10'000; ///< Of beats of which no interval is known.
constexpr double countsEveryMs = 2'000;
constexpr double listenersEveryMs = 5'000;

} // namespace

double watchCommandsPerSecond(const Layout &layout, qint64 workers, qint64 queues)
{
    const double count = double(std::max<qint64>(0, workers));
    const bool isSwept = layout.watch == Layout::Watch::Sweep;
    double interval = double(layout.liveness.idle.intervalMs);
    if (interval <= 0 && !layout.liveness.intervalsMs.empty())
        interval = double(layout.liveness.intervalsMs.front());
    if (interval <= 0)
        interval = assumedIntervalMs;
    const double sweepMs = double(std::max<qint64>(1, layout.sweepMs));
    double perSecond = 0;
    // A record takes two: its fields, and its TTL.
    if (layout.record.type != LayoutRecord::Type::None)
        perSecond += 2 * count * 1'000 / (isSwept ? sweepMs : interval);
    if (isSwept)
        perSecond += double(layout.discover.size()) * 1'000 / sweepMs;
    if (!layout.liveness.listener.isEmpty())
        perSecond += 1'000 / listenersEveryMs;
    const LayoutQueues &counted = layout.queues;
    const size_t each = counted.depth.size() + counted.atWork.size() + counted.delayed.size() + counted.failed.size();
    perSecond += double(std::max<qint64>(0, queues)) * double(each) * 1'000 / countsEveryMs;
    return perSecond;
}

} // namespace pulsedeck
