// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/layoutfacts.h"

#include <algorithm>

namespace pulsedeck {

LayoutFacts LayoutFacts::of(const WorkerText &text)
{
    LayoutFacts facts{
        text.label.left(mostLabel), text.version.left(mostVersion), text.queues, text.parent.left(mostParent), text.memory,
        text.jobs.mid(0, mostJobs)};
    for (QString &job : facts.jobs)
        job.truncate(mostJob);
    if (facts.queues.size() > mostQueues)
        facts.queues.resize(mostQueues);
    const auto tooLong = [](const QString &name) { return name.size() > mostQueueName; };
    // Who has nothing too long shares its list with whoever sent it.
    if (std::any_of(facts.queues.cbegin(), facts.queues.cend(), tooLong)) {
        for (QString &name : facts.queues)
            name.truncate(mostQueueName);
    }
    return facts;
}

} // namespace pulsedeck
