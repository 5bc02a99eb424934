// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

/// "user@host", from the environment's USER or LOGNAME, else "operator@host": who stands in the journal, in the timing record and
/// in a drained worker's key.
QString operatorName();

} // namespace pulsedeck
