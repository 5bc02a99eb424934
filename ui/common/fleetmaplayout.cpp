// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/fleetmaplayout.h"

#include <algorithm>

namespace pulsedeck {

namespace {

FleetMapLayout layoutWith(const std::vector<FleetMapGroup> &groups, int width, const FleetMapMetrics &metrics, int perCell,
                          int pitch)
{
    FleetMapLayout layout;
    layout.perCell = perCell;
    layout.pitch = pitch;
    int left = 0;
    for (const FleetMapGroup &wanted : groups) {
        FleetMapLayout::Group group;
        if (wanted.workers > 0) {
            const int cells = (wanted.workers + perCell - 1) / perCell;
            group.columns = (cells + metrics.rows - 1) / metrics.rows;
            group.left = left;
            group.width = std::max(group.columns * pitch, wanted.leastWidth);
            left += group.width + metrics.gap;
        }
        layout.groups.push_back(group);
    }
    layout.fits = left - metrics.gap <= width;
    return layout;
}

} // namespace

FleetMapLayout layoutFleetMap(const std::vector<FleetMapGroup> &groups, int width, const FleetMapMetrics &metrics)
{
    constexpr int most = 1'000'000;
    const auto isNarrowest = [](const FleetMapLayout &layout) {
        return std::none_of(layout.groups.begin(), layout.groups.end(),
                            [](const FleetMapLayout::Group &group) { return group.columns > 1; });
    };
    for (int decade = 1; decade <= most; decade *= 10) {
        for (const int step : {1, 2, 5}) {
            for (const int pitch : {metrics.pitch, metrics.leastPitch}) {
                FleetMapLayout layout = layoutWith(groups, width, metrics, decade * step, pitch);
                if (layout.fits || (pitch == metrics.leastPitch && isNarrowest(layout)))
                    return layout;
            }
        }
    }
    return layoutWith(groups, width, metrics, most, metrics.leastPitch);
}

} // namespace pulsedeck
