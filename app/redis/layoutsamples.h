// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/layoutmember.h"
#include "models/layouts/layout.h"
#include "models/protocol/fleetbatch.h"

namespace pulsedeck {

/// What the store is told of the workers of one tier of a layout, made of what is known of them. Pure; \a liveness outlives it.
class LayoutSamples
{
public:
    /// \a hasRecord: each has a key of its own.
    LayoutSamples(const LayoutLiveness &liveness, bool hasRecord)
        : m_liveness(liveness)
        , m_hasRecord(hasRecord)
    { }

    /// It is there. \a registered: a registry has it. \a beat: this read saw one. \a sweepMs: how often beats are looked for
    /// where they are not announced.
    WorkerSample present(const LayoutMember &member, bool registered, bool beat, int sweepMs) const;
    /// A registry has it, and it has no record.
    static WorkerSample ghost(const LayoutMember &member);
    /// It has ended. \a now: the console's clock, ms.
    WorkerSample ended(const LayoutMember &member, WorkerEnd how, qint64 now) const;

private:
    const LayoutLiveness &m_liveness;
    const bool m_hasRecord;
};

} // namespace pulsedeck
