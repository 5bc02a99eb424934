// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/recordedcommand.h"
#include "models/fleet/fleetstore.h"
#include "models/journal/journal.h"

namespace pulsedeck {

/// What a worker still has to do: "3 sessions open", "2 jobs at work", "sessions not known".
QString workLeftText(const SourceTraits &traits, qint32 count);
/// How long it took: "after 3.0 s", or, without the time that the command waited for its worker, "1.2 s after it took the
/// command, which had waited for 8.0 s". Empty where that is not known.
QString endedAfterText(const CommandEntry &entry);
/// What a command is for: "chromium:18f2…", "queue default", "whole fleet of RQ".
QString targetName(const Command &command, const SourceTraits &traits);
/// The words that an act would write for a worker or a queue, a line each; empty where its system does not tell them. \a queues:
/// see queuesWritten().
QStringList commandBytes(const SourceTraits &traits, Act act, const QByteArray &worker, const QByteArray &queue = {},
                         const QStringList &queues = {});
/// The queues that what an act writes for a worker is about: of a reap all that its system has, as it is written for each of
/// them, of a resume \a drained, else those that the worker serves. As far as they are known.
QStringList queuesWritten(const FleetStore &store, WorkerHandle handle, Act act, const QStringList &drained = {});

/// One sentence on where a command stands now, for the journal and for a tooltip. It holds no local time.
QString stageSentence(const CommandEntry &entry);

/// What needs attention at that stage, as a message on one worker; empty for what goes as it should. \a why: of a
/// refusal.
QString problemText(CommandStage stage, TraitsRef traits, const QByteArray &worker, qint64 ttlMs, const QString &why);

/// How long the answer of an actor is awaited after a message was delivered to it, before it counts as not answered.
constexpr qint64 answerWaitMs = 30'000;
/// Whether its message was delivered a moment ago and may still be answered. The stage is an end all the same; only the words
/// differ.
bool awaitsAnswer(const CommandEntry &entry, qint64 now);
/// stageSentence() as it is at \a now: an answer that is still awaited is not missing yet.
QString stageSentence(const CommandEntry &entry, qint64 now);

/// The journal's line on the stage a command has just reached at \a at.
JournalEntry journalLine(const RecordedCommand &recorded, qint64 at, const Clock &clock);

} // namespace pulsedeck
