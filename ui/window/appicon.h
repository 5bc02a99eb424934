// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>

namespace pulsedeck {

/// The program's icon, at every size a desktop asks for. GUI thread.
QIcon appIcon();

} // namespace pulsedeck
