// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/hubtiming.h"

#include "models/hub/hubstore.h"

namespace pulsedeck {

HubTiming hubTiming(const HubStore *hubs, SourceId source)
{
    HubTiming timing;
    if (!hubs)
        return timing;
    for (const SourceId hub : hubs->hubs()) {
        if (hubs->has(source) && hub != source)
            continue;
        const HubView &view = hubs->view(hub);
        if (view.wholeSince == 0)
            continue;
        timing.hubs.push_back(hub);
        timing.actors += int(qMin<qint64>(view.total, FleetStore::maxWorkers));
        if (view.vitals.advertisedHeartbeatMs > 0)
            timing.advertised.push_back(view.vitals.advertisedHeartbeatMs);
        if (view.vitals.measuredHeartbeatMs > 0)
            timing.measured.push_back(view.vitals.measuredHeartbeatMs);
        if (view.vitals.keptHeartbeatMs > 0)
            timing.kept.push_back(view.vitals.keptHeartbeatMs);
    }
    return timing;
}

} // namespace pulsedeck
