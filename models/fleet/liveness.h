// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/worker.h"
#include "models/timing/timingprofile.h"

namespace pulsedeck {

struct LivenessResult
{
    Liveness liveness = Liveness::Unknown;
    qint64 nextChangeAt = 0; ///< Console's clock at which time alone can change it; 0 when only news can.
};

/// The age of the last beat from which on it is late, and stale. An actor is judged by its own registration: nobody
/// knows when it means to renew it, only when it ends. Pure.
qint64 lateAfterMs(const Worker &worker, const TimingProfile &profile);
qint64 staleAfterMs(const Worker &worker, const TimingProfile &profile);
/// The interval its beats are held against: measured, or else what the profile or its registration lets expect.
qint64 expectedIntervalMs(const Worker &worker, const TimingProfile &profile);

/// What a worker's beats and key say at \a now, given the profile in force. \a connected is whether its source is:
/// without it every worker that is not departed is Unknown. Pure.
LivenessResult deriveLiveness(const Worker &worker, const TimingProfile &profile, bool connected, qint64 now);

/// True for states an operator should look at: late, stale, no TTL, zombie, draining, shutting down, hung, garbled. Who
/// ended is not among them. The one definition: group headings, figures, saved views and the filter liveness:attention
/// all ask it.
bool needsAttention(const Worker &worker);
/// It went as it was told or by itself, and removed its key: a drain, an order to shut down, SIGTERM. False while it is
/// there.
bool endedInOrder(const Worker &worker);
/// Not merely slow: it died, hangs, lost its key, never had a TTL, or only its counters are left. Such a one is
/// announced while the order of the list is held.
bool isWorseThanLate(const Worker &worker);
/// The order inside a list of what needs attention: greater is worse, 0 for an ordinary worker.
int severity(const Worker &worker);
/// Fewer than three beats seen, and young enough that this says something.
bool isNew(const Worker &worker);

} // namespace pulsedeck
