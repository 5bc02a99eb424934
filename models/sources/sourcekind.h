// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace pulsedeck {

enum class SourceKind : quint8 {
    Redis,
    Hub, ///< A Signal Hub.
};

} // namespace pulsedeck
