// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisreply.h"
#include "models/protocol/fleetbatch.h"

#include <array>

namespace pulsedeck {

/// The fields of worker:W the console reads, in the order they are asked for.
inline constexpr std::array<const char *, 7> workerFields{"id",        "browserType",   "endpoint", "status",
                                                          "startedAt", "lastHeartbeat", "drainedBy"};

/// What one HMGET of a worker's fields returned, valid or not.
struct WorkerFields
{
    bool present = false; ///< Any field was there.
    bool wrongType = false; ///< The key is not a hash.
    bool drainedByOperator = false; ///< drainedBy is there, whatever it says.
    bool passedOver = false; ///< A field is so large that it was not kept by the connection, or not asked for.
    bool typeOdd = false; ///< browserType is there and is no word.
    WorkerStatus status = WorkerStatus::Missing;
    WorkerFlags flags; ///< BadField, TooLarge, WrongType, Untyped.
    qint64 startedAt = 0;
    qint64 lastHeartbeat = 0;
    QByteArrayView type; ///< Valid as long as the reply is.
    QByteArrayView host; ///< Of the endpoint; its path is left out here already.
    QByteArrayView statusText; ///< For WorkerStatus::Other.
    QByteArrayView drainedBy;
    size_t textHash = 0; ///< Changes when anything of WorkerText would.
};

/// Decodes the answer to HMGET workerFields, trusting nothing: any field may be missing, empty, no number, no text, or enormous.
/// \a tooLarge has a bit per field that was not asked for because of its size.
WorkerFields decodeWorkerFields(const RedisReply &reply, QByteArrayView id, quint32 tooLarge = 0);

/// The describing part for the store; \a fields as just decoded.
WorkerText workerText(WorkerNumber number, const QByteArray &id, const WorkerFields &fields);

/// Puts when and why it was drained into a text; the two fields as they came, empty if they did not.
void addDrainNote(WorkerText *text, QByteArrayView drainedAt, QByteArrayView drainReason);

/// Host and port of "ws://host:port/path"; empty if it is no such address. Never the path, never user info.
QByteArrayView endpointHost(QByteArrayView endpoint);

/// A plain decimal number of at most 18 digits, with an optional minus; \a ok false otherwise.
qint64 decimalNumber(QByteArrayView text, bool *ok);

} // namespace pulsedeck
