// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

namespace pulsedeck {

/// The address of a console, this one's or another's: registered so that actors can answer it, and no capacity. By the
/// beginning of the addresses that consoles give themselves.
inline bool isConsole(const Worker &worker)
{
    return worker.traits->has(SourceFact::Messages)
           && (worker.id.startsWith("@(pulsedeck/") || worker.id.startsWith("@(pulsedeckctl/"));
}

} // namespace pulsedeck
