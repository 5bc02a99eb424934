// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timinglibrary.h"
#include "ui/theme/glyphs.h"

#include <QString>

namespace pulsedeck {

/// The words of the Timing page, in one place. Pure.

/// As a field shows it, always in seconds where they are whole: "300 s", "2.5 s", "500 ms", "none".
QString fieldText(qint64 ms);
/// The line below a parameter's name: the variable that sets it, or where the constant is.
QString timingKey(const TimingParameter &parameter);
/// Where a constant has to be changed: "drain timeout: a constant in worker/src/index.ts".
QString constantText(const TimingParameter &parameter, qint64 ms);

/// "Set to 20 s", "Set reaper run interval to 20 s" if it is not \a own that changes, "Set 3 values"; empty without changes.
QString fixText(const std::vector<TimingChange> &changes, TimingId own, const TimingLibrary &library);
/// Each change on a line of its own: "Worker key TTL → 20 s".
QString changeList(const std::vector<TimingChange> &changes, const TimingLibrary &library);

/// "2.4× fewer beats", "1.5× more beats", "as many beats"; empty if an interval is not used.
QString trafficText(qint64 fromIntervalMs, qint64 toIntervalMs);
/// The same as a share, "−58 %", "+25 %", "0 %".
QString trafficShare(qint64 fromIntervalMs, qint64 toIntervalMs);

/// "≥ 2×", "> 1×", for a mark on the ladder.
QString boundText(const TimingRule &rule);
/// The mark of a finding: broken must, broken recommended, broken advice, fine, not checked.
Glyph findingGlyph(const TimingFinding &finding);
/// "error", "warning", "advice", "fine", "not checked": the word next to the mark.
QString findingWord(const TimingFinding &finding);
/// The finding as a sentence: "Worker key TTL should be at least 20 s (2 × heartbeat interval of 10 s). One beat may be lost."
QString findingSentence(const TimingFinding &finding, const TimingLibrary &library);

/// Which values differ, in few words: "heartbeat interval 15 → 10 s", "4 values differ".
QString differenceText(const TimingProfile &from, const TimingProfile &to, const TimingLibrary &library);
/// How many of the ten values differ.
int differenceCount(const TimingProfile &from, const TimingProfile &to);
/// Equal in all ten values, whatever their names and versions.
bool sameTiming(const TimingProfile &a, const TimingProfile &b);

} // namespace pulsedeck
