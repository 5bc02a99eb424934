// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/actpolicy.h"

#include "models/commands/commandpreview.h"

#include <algorithm>

namespace pulsedeck {

bool asksForReason(const CommandPreview &preview)
{
    const bool one = preview.acting.size() == 1 && preview.act != Act::RemoveKey && preview.unseenDrains == 0;
    return preview.friction == Friction::TypeName || (preview.friction == Friction::Reason && !one);
}

bool breaksFloor(const CommandPreview &preview, bool singled)
{
    if (singled && preview.acting.size() == 1)
        return false;
    return std::any_of(preview.capacity.begin(), preview.capacity.end(),
                       [](const CapacityChange &change) { return change.underFloor(); });
}

} // namespace pulsedeck
