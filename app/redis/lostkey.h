// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/worker.h"

namespace pulsedeck {

/// What is known of a worker whose key vanished before its TTL was over, and without a word of shutting down.
struct LostKeyFacts
{
    qint32 sessions = unknownValue; ///< Its active counter as just read; unknownValue if there is none.
    qint8 listeners = -1; ///< On its command channel as just asked: 1 some, 0 none, -1 not known.
    bool listened = false; ///< Somebody listened there when the key vanished, or since.
    bool toldToGo = false; ///< It drained, and not only by an operator's drain: with no session left it goes.
    bool unseen = false; ///< It vanished while there was no connection.
};

/// Whether the worker may live: it registers again at its next beat, draining or not, as long as its process does. A
/// worker that ends in order leaves no session, and its process stops listening. Pure.
bool mayLive(const LostKeyFacts &facts);

} // namespace pulsedeck
