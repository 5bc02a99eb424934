// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"

namespace pulsedeck {

/// A time as a layout says it is written, in Unix ms; 0 for what is no time, or before 2001 or after 2286, which no clock shows,
/// however wrong it goes. Any thread.
qint64 layoutTime(QByteArrayView text, LayoutUnit unit);

/// The same of a text that may be a JSON object with a time in it: the first of its members heartbeat, last_heartbeat,
/// lastHeartbeat, beat, last_beat, lastBeat, last_seen, lastSeen, seen, ts, timestamp, time, at, updated_at and updatedAt that is
/// one, or else the only member that is one. 0 for a longer one than longestTimedJson. resources/lua/command-layout.lua does the
/// same before a command. Any thread.
qint64 layoutTimeIn(QByteArrayView text, LayoutUnit unit);
constexpr qsizetype longestTimedJson = 16 * 1024; ///< Bytes.

} // namespace pulsedeck
