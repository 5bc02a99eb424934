// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/lookupjudge.h"

namespace pulsedeck {

/// Whether a command is left for its worker to take, and its source reports when it was taken: see ActProof::PickUp.
bool isPickedUp(const CommandEntry &entry);

/// The pure judge of commands that are left for a worker to take: Sidekiq's signals, RQ's messages. That one was taken comes from
/// the source (judgePickUpNews); everything after that is seen of the worker: a drain is done when it is at work no longer, a
/// shutdown when it has gone, and every other act when it was taken. A worker that says it is available after it took a drain is
/// given the time that its system needs. One stage follows at a time; nothing for none.
Judgement judgePickUp(TrackedCommand &command, const CommandScene &scene);
/// Of one that has ended: it was taken later than anybody thought, or went by it.
Judgement judgePickUpAgain(TrackedCommand &command, const CommandScene &scene);
/// PickedUp or NotObeyed, as the source saw it. \a worker: null if the store does not show it.
Judgement judgePickUpNews(TrackedCommand &command, const CommandProgress &progress, const Worker *worker);
/// What became of one whose answer was lost, from what is there now.
Judgement judgePickUpFound(TrackedCommand &command, const CommandProgress &found, const LookupScene &scene);
/// When time alone may move it; 0 never.
qint64 nextPickUpAt(const TrackedCommand &command, const JudgedSource &source);

} // namespace pulsedeck
