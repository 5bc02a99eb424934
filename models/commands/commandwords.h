// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/recordedcommand.h"
#include "models/journal/journal.h"

namespace pulsedeck {

/// One sentence on where a command stands now, for the journal and for a tooltip. It holds no local time.
QString stageSentence(const CommandEntry &entry);

/// How long an actor that a message was delivered to is waited for, before it is said that it has not answered.
constexpr qint64 answerWaitMs = 30'000;
/// Whether its message was delivered a moment ago and may still be answered. The stage is an end all the same: this is how one
/// speaks of it.
bool awaitsAnswer(const CommandEntry &entry, qint64 now);
/// stageSentence() as it is at \a now: who is still waited for has not failed to answer.
QString stageSentence(const CommandEntry &entry, qint64 now);

/// The journal's line on the stage a command has just reached at \a at.
JournalEntry journalLine(const RecordedCommand &recorded, qint64 at, const Clock &clock);

} // namespace pulsedeck
