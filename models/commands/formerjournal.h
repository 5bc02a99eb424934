// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandentry.h"
#include "models/journal/journal.h"

namespace pulsedeck {

/// How earlier versions wrote commands into the journal. The first kept everything in sentences and times of steps; the next had
/// facts, with notes and refusals in words, and with a flag for actors. All that reads these is here. Entries written now carry
/// names of notes, refusals and kinds, and a version.

/// From the sentence of an intent without facts: "Shut down now; the command expires after 60 s."
void takeFormerIntent(Command *command, const JournalEntry &intent);
/// From a step without facts, written down at \a at (console's clock).
void takeFormerStep(CommandEntry *entry, CommandStage stage, qint64 at);
/// From facts without a version: where they have no names of notes and refusals, from their words.
void takeFormerWords(CommandEntry *entry, const QJsonObject &facts);
/// Of what kind a worker is, where a record names none: an actor by a flag, or by an id as no worker in Redis has one; else a
/// worker in Redis.
TraitsRef formerKind(const QJsonObject &record, const QByteArray &worker);

} // namespace pulsedeck
