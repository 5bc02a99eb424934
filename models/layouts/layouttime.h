// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"

namespace pulsedeck {

/// A time as a layout says it is written, in Unix ms; 0 for what is no time, or before 2001 or after 2286, which no clock shows,
/// however wrong it goes. Any thread.
qint64 layoutTime(QByteArrayView text, LayoutUnit unit);

} // namespace pulsedeck
