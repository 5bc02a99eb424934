// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

namespace pulsedeck {

/// Whether it is the address of a console, this one or another: registered so that actors can answer it, but no capacity.
/// Recognised by the prefix that consoles use for their addresses.
inline bool isConsole(const Worker &worker)
{
    return worker.traits->has(SourceFact::Messages)
           && (worker.id.startsWith("@(pulsedeck/") || worker.id.startsWith("@(pulsedeckctl/"));
}

} // namespace pulsedeck
