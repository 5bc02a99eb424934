// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/timingparameter.h"

namespace pulsedeck {

/// A duration as it was typed or pasted.
struct DurationInput
{
    qint64 ms = 0; ///< Only if ok().
    QString error; ///< What is wrong, in words; empty if nothing is.
    bool ok() const { return error.isEmpty(); }
};

/// Reads "20", "20 s", "1m30s", "1 min 30 s", "500 ms", "2.5", "2,5 s", "1:30", "1 h", "1d"; a bare number is in \a bare. Exact:
/// a fraction of a millisecond, a sign, text, a comma that may stand for thousands ("1,500"), a unit out of order or too large a
/// number is an error and never rounded.
DurationInput readDuration(QStringView text, TimingUnit bare);

} // namespace pulsedeck
