// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/rollingplandata.h"

namespace pulsedeck {

// The words for a rolling shutdown. Pure.

/// What is wrong with a command that was handed out; empty if nothing is.
QString commandCause(const RollingStep &step, const RollingView &view, qint64 ttlMs);
QString diedCause(const RollingStep &step);
/// "firefox is at its floor of 12: 2 queued workers wait". \a stuck: nothing that is awaited could change that.
QString floorText(const RollingFloors &floors, int type, int blocked, bool stuck);
/// What was not as planned when it ended; empty if every worker went.
QString summaryOf(const RollingPlanData &plan);
/// How it ended, for the journal: "Rolling shutdown ended, 3 of 5 gone, 2 skipped. …"; empty while it has not.
QString endSentence(const RollingPlanData &plan);

} // namespace pulsedeck
