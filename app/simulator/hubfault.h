// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace pulsedeck::fleet {

/// What a hub's answers suffer on their way to sockets.
enum class HubFault : quint8 {
    None,
    Silent, ///< Nothing is sent any more. Sockets stay open.
    Late, ///< Everything comes later by so many milliseconds.
    Twice, ///< Everything comes two times.
    Shuffle, ///< What is sent within a short time comes in reverse order.
    Astray, ///< Answers have the id of a request that was never made.
    Garble, ///< Half of each message, which is no JSON.
    Binary, ///< In binary frames.
    Fragments, ///< In frames of a few bytes, with pings between.
    Oversize, ///< Before each message one of nine megabytes.
    Imitate, ///< Before each answer a forwarded message that says it is hub:error for the same request, and one that
             ///< says hub:disconnect.
};

constexpr int hubFaultCount = 11;

/// "silent", "late" …; "normal" for None.
std::optional<HubFault> hubFaultFromName(const QByteArray &name);

} // namespace pulsedeck::fleet
