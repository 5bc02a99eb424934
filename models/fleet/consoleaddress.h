// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <algorithm>

namespace pulsedeck {

/// Whether it is the address of a console, this one or another: registered so that actors can answer it, but no capacity.
/// Recognised by how the ids of consoles begin in its system.
inline bool isConsole(const Worker &worker)
{
    const QByteArrayList &consoles = worker.traits->ids.consoles;
    return std::any_of(consoles.begin(), consoles.end(),
                       [&worker](const QByteArray &beginning) { return worker.id.startsWith(beginning); });
}

} // namespace pulsedeck
