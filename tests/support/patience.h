// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pulsedeck {

constexpr int patience = 30'000; ///< Milliseconds; far more than anything takes, for a machine that is busy.

} // namespace pulsedeck
