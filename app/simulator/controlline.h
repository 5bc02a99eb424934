// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/simulator/failuremode.h"

#include <QByteArray>

namespace pulsedeck::fleet {

/// One line of run-time control: "MODE [N [SECONDS]]", "drain [N]", "drain-set [N]", "outage [SECONDS [N]]", "status",
/// "quit". SECONDS is the down time of a crash (then it is back under its id), the length of a hang, the offset of a
/// skew (ahead if positive), and for late, garbage, wrong-type and no-ttl the time until it is over.
struct ControlLine
{
    enum class Verb { Nothing, Mode, Drain, DrainSet, Outage, Status, Quit };

    Verb verb = Verb::Nothing;
    FailureMode mode = FailureMode::None;
    QByteArray name; ///< The word as it was given.
    int count = 1;
    QByteArray worker; ///< Given instead of a count: this one, healthy or not.
    std::optional<double> seconds;

    /// Nothing, with the reason in words, for what is no order. Empty lines and comments (#) are Verb::Nothing.
    static std::optional<ControlLine> parse(const QByteArray &line, QString *problem);
};

} // namespace pulsedeck::fleet
