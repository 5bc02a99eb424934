// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pulsedeck {

/// A moment as it was typed: an absolute one, or so long before another.
struct MomentInput
{
    bool relative = false;
    qint64 ms = 0; ///< Unix ms; if relative, what is added: 0 or negative.
    QString error; ///< What is wrong, in words; empty if nothing is.

    bool ok() const { return error.isEmpty(); }
    qint64 from(qint64 moment) const { return relative ? moment + ms : ms; }
};

/// Reads "now", "-15min" and "15 min", so long before; "14:05", "14:05:30.5", the last time before \a now at which it was that;
/// "2026-11-28", "2026-11-28 14:05", and ISO 8601 with its zone. Without a zone a time is in the one that times are shown in.
/// Never guesses.
MomentInput readMoment(const QString &text, qint64 now);

} // namespace pulsedeck
