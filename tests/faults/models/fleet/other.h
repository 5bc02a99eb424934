// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pulsedeck {

class alignas(8) Doubled
{ };

} // namespace pulsedeck
