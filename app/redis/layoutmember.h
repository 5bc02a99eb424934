// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/beatclock.h"

#include <array>

namespace pulsedeck {

/// What a LayoutTier knows of one worker. Plain data in whole cache lines; times are the console's clock in ms, 0 for not known.
struct alignas(64) LayoutMember
{
    static constexpr size_t mostRegistries = 4;
    static constexpr quint8 silentAfterLooks = 2; ///< A worker that begins has its record a moment before it listens.

    WorkerNumber number = 0;
    bool present = false; ///< Its record was there at the last read.
    bool told = false; ///< The store shows it.
    bool ended = false; ///< The store was told of its end, and its record is still there.
    bool missed = false; ///< The server lost its record with all others: it is awaited, see Reregistration.
    bool appeared = false; ///< Seen to appear, and its TTL not read since.
    bool everDraining = false;
    bool gone = false; ///< Its record says that it has left.
    bool incomplete = false;
    bool ghost = false; ///< Shown as in the registry and without a record.
    bool deaf = false; ///< It received a command and did nothing.
    BeatClock beats; ///< Of a TTL or a time of expiry.
    size_t textHash = 0;
    qint64 stamp = 0; ///< As written, Unix ms by whoever's clock it is.
    qint64 stampBefore = 0; ///< Of the read before.
    qint64 seenAt = 0; ///< The moment a beat was last seen, where it is a stamp or score.
    qint64 readAt = 0;
    qint64 gap = 0; ///< Between its last beats.
    QByteArray score; ///< As the registry has it.
    std::array<quint32, mostRegistries> passes{}; ///< Of each registry, the last one that had it; 0: not in it.
    WorkerFlags flags;
    qint32 pttl = unknownValue;
    qint32 busy = unknownValue;
    qint32 processed = unknownValue;
    qint32 skew = unknownValue;
    quint32 generation = 0; ///< Of the last read.
    qint8 listeners = -1; ///< On its channel; -1 not asked yet.
    quint8 silentLooks = 0; ///< In a row that found no listener; at most silentAfterLooks.
    bool seenProven = false; ///< seenAt is a beat that was seen, not a time that its own clock claims.
    WorkerStatus status = WorkerStatus::Missing;
};

} // namespace pulsedeck
