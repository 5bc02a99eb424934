// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/garbage.h"

#include "app/simulator/fleetcontext.h"

namespace pulsedeck::fleet {

namespace {

constexpr int hugeBytes = 100'000;
constexpr QByteArrayView binary("\x00\xff\xfe\r\n\x80\xc3\x28\x1b[31m\x7f", 15);

} // namespace

void writeGarbage(RedisConnection &link, const SimWorker &worker, GarbageKind kind)
{
    switch (kind) {
    case GarbageKind::None:
        break;
    case GarbageKind::NoEndpoint:
        link.request({"HDEL", worker.key(), "endpoint"}, {});
        break;
    case GarbageKind::EmptyStatus:
        link.request({"HSET", worker.key(), "status", ""}, {});
        break;
    case GarbageKind::StartedAtText:
        link.request({"HSET", worker.key(), "startedAt", "yesterday"}, {});
        break;
    case GarbageKind::HeartbeatText:
        link.request({"HSET", worker.key(), "lastHeartbeat", "soon"}, {});
        break;
    case GarbageKind::HugeEndpoint:
        link.request({"HSET", worker.key(), "endpoint", QByteArray("ws://").append(hugeBytes, 'x')}, {});
        break;
    case GarbageKind::BinaryStatus:
        link.request({"HSET", worker.key(), "status", binary}, {});
        break;
    case GarbageKind::OnlyId:
        link.request({"HDEL", worker.key(), "browserType", "endpoint", "status", "startedAt"}, {});
        break;
    case GarbageKind::CounterText:
        link.request({"HSET", activeKey, worker.id(), "many"}, {});
        break;
    case GarbageKind::HugeType:
        link.request({"HSET", worker.key(), "browserType", QByteArray(hugeBytes, '\xfe')}, {});
        break;
    }
}

void writeWrongType(RedisConnection &link, const SimWorker &worker, QByteArrayView ttl)
{
    if (worker.ordinal % 2 == 0) {
        link.request({"SET", worker.key(), "not a hash", "EX", ttl}, {});
        return;
    }
    link.request({"DEL", worker.key()}, {});
    link.request({"RPUSH", worker.key(), "not", "a", "hash"}, {});
    link.request({"EXPIRE", worker.key(), ttl}, {});
}

} // namespace pulsedeck::fleet
