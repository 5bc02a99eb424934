// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"

namespace pulsedeck {

/// About how many commands a second watching so many workers and queues of a layout takes: a read of each beat where changes are
/// announced, or of all of them in each sweep, and what is counted of the queues. -1 in a number: not known, and left out. Pure.
double watchCommandsPerSecond(const Layout &layout, qint64 workers, qint64 queues);

} // namespace pulsedeck
