// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandentry.h"
#include "models/commands/commandpreview.h"
#include "ui/common/fleetwords.h"
#include "ui/theme/glyphs.h"

#include <QString>

namespace pulsedeck {

/// The words for commands, in one place, so that table, dock, dialog and page use the same. Pure.

Glyph actGlyph(Act act);
/// Whether it takes capacity away or brings it back, which the dialog shows.
inline bool changesCapacity(Act act)
{
    return actRow(act).capacity != 0;
}

/// "14 workers", "3 zombies", "1 queue": what an act acts on.
QString actedOnText(Act act, qint64 count);
/// "14 workers", "1 actor", "3 workers and 2 actors": \a actors of \a count.
QString workersText(qint64 count, qint64 actors);
/// "Shut down 14 workers now", "Drain 1 worker", "Reap 3 zombies": for a button. \a actors: how many of them are actors.
QString actButtonText(Act act, qint64 count, qint64 actors = 0);
/// The same in the words of the one system that all of \a preview belong to, if it has its own: "Quiet (drain) 1 process".
QString actButtonText(const CommandPreview &preview);
/// "Shut down 14 chromium workers on prod-eu?"
QString actQuestion(Act act, qint64 count, const QString &type, const QString &source, qint64 actors = 0);
/// In the words of their system, as above: "Quiet (drain) 12 processes on prod?"
QString actQuestion(const CommandPreview &preview, const QString &type, const QString &source);
/// What it means, for each system that acts: its own sentence where it has one.
QString actMeaning(const CommandPreview &preview);
/// What an act on queues or fleets hits: "Pause queue mail on prod?", "Suspend all (pause whole fleet): the whole fleet of RQ on
/// prod?"
QString targetQuestion(const TargetPreview &preview, const FleetStore &store);
/// "Shut down workers", "Drain actors", "Shut down workers and actors": the title of the window that asks.
QString actWindowTitle(Act act, qint64 count, qint64 actors);
/// What it means for the workers, one sentence; what it means for the actors among them, where there are any.
QString actMeaning(Act act, int count = 2, int actors = 0);
/// "Shut down", "Shut down now", "Drain": as short as possible.
QString shortAct(Act act);
/// What a row says at its end: "queued", "1 session cut", "already commanded"; empty for what goes as it should.
QString noteText(const CommandEntry &entry);
/// "Shutting down 14 workers": a window's title while it runs.
QString actRunning(Act act, qint64 count, qint64 actors = 0);
/// The same for \a count of the workers of \a preview; "Quiet (drain) · 3 processes" where their system names its acts.
QString actRunning(const CommandPreview &preview, qint64 count);
/// What success is called: "gone", "drained", "resumed", "withdrawn", "reaped", "removed".
QString successWord(Act act);

/// \a drain: the command is one, and is in force as soon as it is written.
Glyph stageGlyph(CommandStage stage, bool drain = false);
Glyph stageGlyph(const CommandEntry &entry);
/// Ordinary for what goes as it should.
Tone stageTone(CommandStage stage);
/// An end or a state that needs attention.
bool isProblem(const CommandEntry &entry);
/// For a narrow column: "54 s left", "read 3.1 s", "expired unread".
QString shortStage(const CommandEntry &entry, qint64 now);
/// What became of the command, as a sentence for the dock: "The command was read at 14:12:24.5, too late to cancel."
QString commandSentence(const CommandEntry &entry, qint64 now);
/// What is wrong, with the worker's name, for the line under a list; empty if nothing is.
QString problemSentence(const CommandEntry &entry);
/// "expires in 41 s" while the command key waits to be read; empty otherwise.
QString expiryText(const CommandEntry &entry, qint64 now);

} // namespace pulsedeck
