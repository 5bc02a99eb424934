// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/commandactions.h"
#include "ui/common/fleetwords.h"

namespace pulsedeck {

/// A part of a group's bar: how many commands are at these stages.
struct StageShare
{
    using Kind = StagePart;
    Kind kind = Kind::Queued;
    int count = 0;
    QString word; ///< "sent, not read yet"
    CommandStage stage = CommandStage::Queued; ///< The first of those with this word.
};

/// A group of commands as a whole, worked out from ledger and plan. A value.
struct GroupSummary
{
    bool valid = false;
    Act act = Act::Shutdown;
    bool theirs = false;
    bool rolling = false;
    bool running = false; ///< Some are open, or were delivered a moment ago and may still be answered.
    bool paused = false;
    bool canPause = false;
    int total = 0;
    int succeeded = 0;
    int queued = 0;
    int awaited = 0; ///< Delivered, and still waited for.
    int cancellable = 0; ///< Not read yet: Cancel can still withdraw them.
    QString title; ///< "7 of 14 gone"
    QString detail; ///< "rolling, 2 at a time · running 1:43 · about 1:50 left"
    QString message; ///< What needs attention: why it is paused, or the newest problem.
    Glyph messageGlyph = Glyph::Info;
    std::vector<StageShare> shares; ///< In the order of the bar, without empty ones.

    qint64 sessionsActive = 0;
    qint64 sessionsEnded = 0;
    qint64 sessionsCut = 0;
    bool sessionsKnown = false;
    std::optional<TraitsRef> system; ///< See CommandGroup::system: its words count what is at work.
    int available = -1; ///< Of the types a rolling shutdown touches; -1 if it is none.
    int baseline = 0;
    int floorPercent = 0;
    int replacements = -1; ///< Found so far; -1 if none are waited for.
};

/// The counts only, which cost little: for lists.
std::vector<StageShare> sharesOf(const CommandGroup &group, int awaited);
/// "3 sent, not read yet".
QString shareText(const StageShare &share);
/// How many of it were delivered a moment ago and are still waited for. Looks at each entry if any was delivered at all.
int awaitedOf(const CommandContext &context, const CommandGroup &group);
/// Whether anything of it is under way: it is open, or may still be answered.
bool isUnderway(const CommandGroup &group, int awaited);
/// "Quiet (drain) · 14 processes": a line of the list. \a brief: without the console's own word for what a system calls
/// otherwise.
QString groupTitle(const CommandGroup &group, bool brief = false);
/// With what takes a look at each entry: for the group on show.
GroupSummary summarise(const CommandContext &context, const QUuid &group);

} // namespace pulsedeck
