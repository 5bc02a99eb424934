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
    layout.labelLines = metrics.labelLines;
    int cellsEnd = 0; // Here and in labelEnds with the gap behind them.
    int end = 0;
    int line = 0;
    std::vector<int> labelEnds(size_t(metrics.labelLines), 0);
    for (const FleetMapGroup &wanted : groups) {
        FleetMapLayout::Group group;
        if (wanted.workers > 0) {
            const int cells = (wanted.workers + perCell - 1) / perCell;
            group.columns = (cells + metrics.rows - 1) / metrics.rows;
            group.line = line;
            group.left = std::max(cellsEnd, labelEnds[size_t(line)]);
            group.width = std::max(group.columns * pitch, wanted.leastWidth);
            cellsEnd = group.left + group.columns * pitch + metrics.gap;
            labelEnds[size_t(line)] = group.left + wanted.leastWidth + metrics.gap;
            end = std::max(end, group.left + group.width);
            line = (line + 1) % metrics.labelLines;
        }
        layout.groups.push_back(group);
    }
    layout.fits = end <= width;
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
