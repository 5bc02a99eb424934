// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace pulsedeck {

/// Lengths of the fleet map in pixels.
struct FleetMapMetrics
{
    int cell = 4; ///< Side of an ordinary cell.
    int pitch = 6; ///< From cell to cell.
    int leastPitch = 5; ///< Cells may stand so close when that lets each worker have its own.
    int rows = 6;
    int gap = 12; ///< Between groups.
    int labelLines = 1; ///< Labels stand on so many lines in turn: with two each has the room of two groups.
};

/// A group to be placed.
struct FleetMapGroup
{
    int workers = 0; ///< 0: it takes no room.
    int leastWidth = 0; ///< For its label.
};

/// Where the groups of the map stand. Cells fill columns from the top, so that a growing group only grows to the right.
struct FleetMapLayout
{
    struct Group
    {
        int left = 0;
        int columns = 0;
        int width = 0; ///< Of its columns or its label, whichever is wider.
        int line = 0; ///< On which its label stands.
    };

    int perCell = 1; ///< Workers a cell stands for.
    int pitch = 6;
    int labelLines = 1;
    bool fits = true;
    std::vector<Group> groups;
};

/// Pure. The smallest round number of workers a cell with which all groups fit in \a width. Where no number would help,
/// since labels and gaps alone are too wide, it is the smallest with which each group has one column, and fits is false.
FleetMapLayout layoutFleetMap(const std::vector<FleetMapGroup> &groups, int width, const FleetMapMetrics &metrics);

} // namespace pulsedeck
