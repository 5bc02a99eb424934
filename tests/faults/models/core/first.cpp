// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/first.h"

namespace pulsedeck {

void Cut::here() { }

} // namespace pulsedeck
