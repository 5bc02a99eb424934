// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandentry.h"
#include "models/core/clock.h"
#include "models/journal/journal.h"

#include <optional>

namespace pulsedeck {

/// A command as the journal keeps it, for the next start of the console. The times of the entry are on the console's scale; it
/// has no worker's handle, and its source is whoever has the name in sourceName.
struct RecordedCommand
{
    CommandEntry entry;
    qint64 drainNoteBefore = 0; ///< drainedAt of a console's drain that its worker was in before, as noted.
    bool wasDraining = false; ///< Its worker drained before.
};

/// Everything of it that its journal entry has no column for, times by the machine's clock. What is not set is left out.
QJsonObject commandFacts(const RecordedCommand &recorded, const Clock &clock);

/// Puts together what the \a steps of one command say, oldest first: the last facts, and of steps that have none, as they were
/// written by earlier versions, the time of each and the intent's sentence (commandFromIntent). Nothing if there is no intent.
std::optional<RecordedCommand> commandFromHistory(const QList<JournalEntry> &steps, const Clock &clock);

/// The stage with this name, as stageName() gives it.
std::optional<CommandStage> stageFromName(const QString &name);

} // namespace pulsedeck
