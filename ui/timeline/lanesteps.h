// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timeline/lanestory.h"
#include "ui/timeline/timelineflags.h"

#include <optional>

namespace pulsedeck {

/// What the keys for the next and the previous gap or event stop at: gaps and marks of one lane, and the flags. Pure.
class LaneSteps
{
public:
    /// \a now: where a gap ends that goes on.
    void add(const LaneStory &story, qint64 now);
    void add(const std::vector<TimelineFlag> &flags);
    /// The nearest after \a from, before it if \a direction is negative; nothing if there is none.
    std::optional<qint64> next(double from, int direction) const;

private:
    std::vector<qint64> m_places;
};

} // namespace pulsedeck
