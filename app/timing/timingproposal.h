// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/timing/timingfilereading.h"
#include "models/timing/timingfiles.h"

namespace pulsedeck {

/// Fills proposed, diff and notHeld of \a answer, for the environment it names, for a file that was read; false and its
/// error if the profile cannot be put into it. The diff shows names and timing values, and nothing else: no other
/// value, also not in the line that changes, and no comment. Pure.
bool makeProposal(const TimingFileReading &reading, const TimingProfile &profile, const TimingLibrary &library,
                  TimingFileAnswer *answer);

/// The changed lines with two lines of context. Both texts have the same number of lines: values do not span lines.
std::vector<TimingDiffLine> lineDiff(const QByteArray &before, const QByteArray &after);

} // namespace pulsedeck
