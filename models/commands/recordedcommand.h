// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandentry.h"
#include "models/core/clock.h"
#include "models/journal/journal.h"

#include <optional>
#include <vector>

namespace pulsedeck {

class FleetStore;

/// A command as the journal keeps it, for the next start of the console. The times of the entry are on the console's scale; it
/// has no worker's handle, and its source is whoever has the name in sourceName.
struct RecordedCommand
{
    CommandEntry entry;
    qint64 drainNoteBefore = 0; ///< drainedAt of a console's drain that its worker was in before, as noted.
    bool wasDraining = false; ///< Its worker drained before.
};

/// Everything of it that its journal entry has no column for, times by the machine's clock. What is not set is left out.
/// Its kind of worker is named: one of a kind that no protocol has registered is read as TraitsRef::named() has it.
QJsonObject commandFacts(const RecordedCommand &recorded, const Clock &clock);

/// A command as its intent in the journal describes it; nothing if the line is no intent. For CommandLedger::restore().
std::optional<Command> commandFromIntent(const JournalEntry &intent, SourceId source);
/// Puts together what the \a steps of one command say, oldest first: the last facts. Steps without facts are those of earlier
/// versions: see formerjournal.h. Nothing if there is no intent.
std::optional<RecordedCommand> commandFromHistory(const QList<JournalEntry> &steps, const Clock &clock);
/// The same of many commands of this console, in the order of their first steps; what Journal::readCommandHistory() answers.
std::vector<RecordedCommand> commandsFromHistory(const QList<JournalEntry> &entries, const Clock &clock);

/// The store learns who drained a worker that was drained of queues and was written to, or who paused a queue or all workers of a
/// system; or that it was resumed. Commands are given in the order of their times; those of other acts change nothing.
void noteOrder(FleetStore &store, const CommandEntry &entry);

} // namespace pulsedeck
