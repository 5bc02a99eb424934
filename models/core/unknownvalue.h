// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <limits>

namespace pulsedeck {

/// Stands for a number that is not known; no measured value reaches it.
constexpr qint32 unknownValue = std::numeric_limits<qint32>::min();

} // namespace pulsedeck
