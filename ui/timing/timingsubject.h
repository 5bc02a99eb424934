// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"
#include "models/timing/hubtiming.h"
#include "models/timing/measuredtiming.h"

namespace pulsedeck {

class TimingDraft;

/// What the Timing page is about now; its parts share it.
struct TimingSubject
{
    SourceId source = 0; ///< 0: there is none.
    QString system; ///< The word of a layout; empty: the fleet that the console was made for, or a hub.
    TimingDraft *draft = nullptr; ///< Null: there is no source.
    MeasuredTiming measured;
    HubTiming hubs;
};

} // namespace pulsedeck
