// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/timingprofile.h"
#include "models/protocol/worker.h"

#include <QStringList>

namespace pulsedeck {

/// How a worker differs from the profile in force for its source.
enum class Drift : quint8 {
    None = 0,
    Interval = 1,
    Ttl = 2,
    Both = 3,
};
/// "interval", "ttl": the words of the filter language; empty for None.
QStringList driftNames(Drift drift);
/// More than 8 % and more than \a slackMs off: a beat's jitter and a read's delay are no drift.
bool differsFromSet(qint64 measured, qint64 set, qint64 slackMs);
inline constexpr qint64 intervalSlackMs = 900;
inline constexpr qint64 ttlSlackMs = 1'500;
/// Measured interval more than 8 % and 0.9 s off (a beat's jitter is no drift), or a learnt TTL more than 8 % and 1.5 s off. None
/// where nothing is measured.
Drift driftOf(const Worker &worker, const TimingProfile &profile);

} // namespace pulsedeck
