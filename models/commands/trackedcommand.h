// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/recordedcommand.h"

namespace pulsedeck {

/// A command in the ledger: its entry, and what only its judges need. A value; times are the
/// console's clock in ms, keys are the ledger's, 0 for none.
struct TrackedCommand : RecordedCommand
{
    qint64 dueAt = 0; ///< When time alone may move it; 0 never.
    qint64 vanishedAt = 0; ///< When its command key was seen to be gone with no pick-up in sight.
    qint64 askAt = 0; ///< While Unknown: when to look it up, if its source is there.
    quint64 cancel = 0; ///< The newest Cancel for it.
    quint64 target = 0; ///< What a Cancel withdraws.
    CommandStage before = CommandStage::Written; ///< Where it stood when it ended, should its worker come back.
    qint32 sessionsHigh = unknownValue; ///< The most sessions since it was picked up.
    bool drainSeen = false; ///< It was seen to drain after it was picked up.
    bool keyLost = false; ///< Its worker's key is lost, which is no end yet.
    bool keySeen = false; ///< The store has shown its command key.
    bool sent = false;
    bool asked = false; ///< A look-up is under way.
    bool restored = false; ///< Of an earlier run: when its worker did what it shows now was not seen.
};

} // namespace pulsedeck
