// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingparameter.h"

#include <vector>

namespace pulsedeck {

/// A file in which timing values live: what was read, and the same text with values changed in place. Implemented for environment
/// files and wrangler.toml in app/timing; a value, no I/O in it.
struct TimingFileText
{
    enum class Kind : quint8 { WorkerEnv, ProxyEnv, Wrangler };

    struct Value
    {
        TimingId id = TimingId::HeartbeatInterval;
        QString variable; ///< As written there.
        qint64 ms = 0;
        int line = 0; ///< From 1.
        bool inForce = true; ///< False for one that another line or variable overrides.
    };
    struct Problem
    {
        int line = 0;
        QString text; ///< "HEARTBEAT_INTERVAL: “ten” is no whole number of seconds"
    };

    Kind kind = Kind::WorkerEnv;
    QByteArray text; ///< Every byte as it was read.
    std::vector<Value> values;
    std::vector<Problem> problems;
};

} // namespace pulsedeck
