// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleettablemodel.h"
#include "ui/common/emptynote.h"

namespace pulsedeck {

/// Why the list of workers is empty, and what the next step is.
struct EmptyFleet : EmptyWords
{
    Q_DECLARE_TR_FUNCTIONS(EmptyFleet)

public:
    enum class Step { None, ClearFilter, Retry, Edit, Connect };

    Step step = Step::None;
    SourceId source = 0;
    bool settled = true; ///< False while something is still on its way.

    /// For the button; empty without a step.
    QString stepLabel() const;

    bool operator==(const EmptyFleet &) const = default;
};

/// A function of the sources and the list.
EmptyFleet emptyFleet(const FleetStore &store, const FleetFilter &filter, int matches);

} // namespace pulsedeck
