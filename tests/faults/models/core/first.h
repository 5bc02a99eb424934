// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/other.h"

namespace pulsedeck {

class Doubled;

class Doubled
{ };

class FirstOne;

class Cut
{
    void here();
    void there();
};

} // namespace pulsedeck
