// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/lostkey.h"

namespace pulsedeck {

bool mayLive(const LostKeyFacts &facts)
{
    if (facts.listeners == 0 && facts.listened)
        return false; // Its process is away.
    if (facts.listeners > 0 && !facts.toldToGo)
        return true;
    // A fleet that never listens says nothing by its silence: then sessions that were not closed are all there is to go
    // by.
    return facts.sessions > 0 && (facts.listeners > 0 || !facts.unseen || facts.toldToGo);
}

} // namespace pulsedeck
