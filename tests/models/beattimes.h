// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/beatcoding.h"

namespace pulsedeck {

inline BeatPacker packerOf(const std::vector<qint64> &times)
{
    BeatPacker packer;
    for (const qint64 at : times)
        packer.append(at);
    return packer;
}

} // namespace pulsedeck
