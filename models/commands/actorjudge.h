// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/stagejudge.h"

namespace pulsedeck {

/// The pure judge of commands to actors of a hub. A hub reports that it has delivered a message, and nothing of what became of
/// it: only the actor's answer, and whether it stays registered, move its command further. \a command is open and was answered;
/// its actor is registered, or has ended.
Judgement judgeActor(TrackedCommand &command, const CommandScene &scene);
/// For one that was delivered: its actor may have gone since. An actor that went stays gone, since an address is a name:
/// another process may register it again.
Judgement judgeActorAgain(TrackedCommand &command, const CommandScene &scene);
/// The hub's word, or the actor's, of a message: Delivered or Acknowledged.
Judgement judgeActorAnswer(TrackedCommand &command, const CommandProgress &progress);
/// Looked up after a lost connection: that an actor is registered or not is all that a hub can say. \a worker: null if the
/// store does not show it.
Judgement judgeActorFound(TrackedCommand &command, const CommandProgress &found, const Worker *worker);

} // namespace pulsedeck
