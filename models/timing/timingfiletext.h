// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/timingparameter.h"

#include <vector>

namespace pulsedeck {

/// The text of a file with timing values, and the values in it: an environment file, wrangler.toml or wrangler.jsonc. A value;
/// app/timing reads and writes such files.
///
/// A wrangler file may have environments of its own ("env.production"). They inherit no variable of the top level,
/// so that each is a profile by itself.
struct TimingFileText
{
    enum class Kind : quint8 { WorkerEnv, ProxyEnv, Wrangler };

    struct Value
    {
        TimingId id = TimingId::HeartbeatInterval;
        QString variable; ///< As written there.
        qint64 ms = 0;
        int line = 0; ///< From 1.
        bool inForce = true; ///< In its environment; false for one that another line or variable overrides.
        QString environment = {}; ///< Empty: the top level.
    };
    struct Problem
    {
        int line = 0;
        QString text; ///< "HEARTBEAT_INTERVAL: “ten” is not a whole number of seconds"
        QString environment = {};
    };

    Kind kind = Kind::WorkerEnv;
    QByteArray text; ///< Every byte as it was read.
    std::vector<Value> values;
    std::vector<Problem> problems;
    QStringList environments; ///< Named ones with a timing variable, readable or not.
    bool setsTopLevel = true; ///< The top level has one.

    /// The values that count in \a environment.
    std::vector<Value> inForce(const QString &environment) const;
    /// \a base with these values.
    TimingProfile profileOver(TimingProfile base, const QString &environment = {}) const;
    /// The profiles in the file: the top level (an empty name) if it sets a value or no environment does, and the
    /// environments. Never empty.
    QStringList profiles() const;
};

/// "environment production"; "top level" for an empty name.
QString timingEnvironmentText(const QString &environment);
/// A problem as a sentence with its place: "Line 3, environment production: …."
QString timingProblemText(const TimingFileText::Problem &problem);

} // namespace pulsedeck
