// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"
#include "app/simulator/simworker.h"

namespace pulsedeck::fleet {

/// Spoils the hash of a registered worker as \a kind says.
void writeGarbage(RedisConnection &link, const SimWorker &worker, GarbageKind kind);

/// Puts a string or a list where the worker's hash was; \a ttl in seconds, as EXPIRE takes it.
void writeWrongType(RedisConnection &link, const SimWorker &worker, QByteArrayView ttl);

} // namespace pulsedeck::fleet
