// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <array>

namespace pulsedeck {

enum class SourceKind : quint8 {
    Redis,
    Hub, ///< A Signal Hub.
};
constexpr std::array<SourceKind, 2> allSourceKinds{SourceKind::Redis, SourceKind::Hub};

} // namespace pulsedeck
