// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>

namespace pulsedeck {

// The names workers and proxy use in Redis.
inline constexpr QByteArrayView keyPrefix("worker:");
inline constexpr QByteArrayView commandPrefix("worker:cmd:"); // Of the command's key, and of the channel of the same name.
inline constexpr QByteArrayView activeHash("cluster:active_connections");
inline constexpr QByteArrayView lifetimeHash("cluster:lifetime_connections");
inline constexpr QByteArrayView timingKey("fleet:timing"); // The record, and the channel of the same name.
inline constexpr QByteArrayView timingHistoryKey("fleet:timing:history");

} // namespace pulsedeck
