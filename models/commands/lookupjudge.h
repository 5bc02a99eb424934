// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/stagejudge.h"

namespace pulsedeck {

struct PastEnd;

/// What a look-up is judged by, in addition to what it found.
struct LookupScene
{
    const Worker *worker = nullptr; ///< Null if the store does not show it.
    JudgedSource source;
    qint64 now = 0; ///< Console's clock, ms.
    qint64 drainNoteAt = 0; ///< drainedAt of the note on the worker.
    qint64 drainWrittenAt = 0; ///< Of a Drain: Command::issuedAt by the console's clock; 0 if not known.
};

/// A look-up that does not settle it is repeated after so long; it only reads.
constexpr qint64 askAgainMs = 5'000;

/// The pure judge of look-ups: what became of a command to a worker in Redis whose answer was lost, from what is there now. It is
/// never tried again. A refusal is in the entry.
Judgement judgeFound(TrackedCommand &command, const CommandProgress &found, const LookupScene &scene);
/// Of an earlier run's command that had been answered, and whose worker is in no view any more. \a past: its end, if it was seen.
Judgement judgeFoundLeft(TrackedCommand &command, const CommandProgress &found, const PastEnd *past);
/// A Cancel that was answered, or found, too late.
Judgement judgeTooLate(TrackedCommand &command, const CommandProgress &progress);

} // namespace pulsedeck
