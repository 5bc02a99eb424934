// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourceprotocol.h"

#include <QLatin1StringView>

namespace pulsedeck {

// Names of the settings that only a Redis has: the nodes of its cluster, or what is about the Sentinels that watch it.
inline constexpr QLatin1StringView nodesSetting{"nodes"}; ///< Not empty: it is a cluster, and these are nodes of it.
inline constexpr QLatin1StringView masterSetting{"master"};
inline constexpr QLatin1StringView sentinelsSetting{"sentinels"}; ///< Those besides host and port.
inline constexpr QLatin1StringView sentinelUserSetting{"sentinelUser"};
inline constexpr QLatin1StringView sentinelPasswordSetting{"sentinelPassword"};
inline constexpr QLatin1StringView sentinelPasswordFromSetting{"sentinelPasswordFrom"}; ///< As SecretPlace::text().
inline constexpr QLatin1StringView sentinelTlsSetting{"sentinelTls"}; ///< "yes" or "no"; empty: as the master.

/// A Redis, or what speaks its protocol: addresses as RedisUrl has them, from the environment REDIS_URL.
const SourceProtocol &redisProtocol();

} // namespace pulsedeck
