// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanesteps.h"

namespace pulsedeck {

void LaneSteps::add(const LaneStory &story, qint64 now)
{
    for (const LaneGap &gap : gapsOf(story, 0, now))
        m_places.push_back(gap.from());
    for (const LaneMark &mark : story.marks)
        m_places.push_back(mark.at);
}

void LaneSteps::add(const std::vector<TimelineFlag> &flags)
{
    for (const TimelineFlag &flag : flags)
        m_places.push_back(flag.at);
}

std::optional<qint64> LaneSteps::next(double from, int direction) const
{
    std::optional<qint64> found;
    for (const qint64 at : m_places) {
        const bool beyond = direction > 0 ? double(at) > from + 0.5 : double(at) < from - 0.5;
        if (beyond && (!found || (direction > 0 ? at < *found : at > *found)))
            found = at;
    }
    return found;
}

} // namespace pulsedeck
