// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandentry.h"
#include "models/journal/journal.h"

namespace pulsedeck {

/// How earlier versions wrote commands into the journal. The first kept everything in sentences and times of steps; the next had
/// facts, with notes and refusals in words. All that reads such words is here. Entries written now carry the names of notes and
/// refusals.

/// From the sentence of an intent without facts: "Shut down now; the command expires after 60 s."
void takeFormerIntent(Command *command, const JournalEntry &intent);
/// From a step without facts, written down at \a at (console's clock).
void takeFormerStep(CommandEntry *entry, CommandStage stage, qint64 at);
/// Where \a facts have no names of notes and refusals: from their words.
void takeFormerWords(CommandEntry *entry, const QJsonObject &facts);
/// Whether an id is an actor's address: no worker in Redis has such a one.
bool isFormerActor(const QByteArray &worker);

} // namespace pulsedeck
