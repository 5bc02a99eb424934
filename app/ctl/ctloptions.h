// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/redisurl.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace pulsedeck {

/// What pulsedeckctl ends with.
enum class CtlExit {
    Done = 0,
    Findings = 1, ///< Done, and something an operator should look at was seen.
    Usage = 2, ///< The command line, or the output cannot be written.
    NoConnection = 3,
};

/// The command line of pulsedeckctl, read. Pure.
struct CtlOptions
{
    enum class Action { List, Watch, Help, Version, Wrong };

    Action action = Action::Wrong;
    QString problem; ///< For Wrong: one sentence, without any password.
    std::vector<RedisUrl> urls;
    QString where; ///< A filter, checked already.
    bool json = false;
    int timeoutMs = 15'000; ///< For the first full view.
    int exitAfterMs = 0; ///< 0: until interrupted.

    /// \a arguments without the program's name. The environment is used when no URL is given.
    static CtlOptions parse(const QStringList &arguments, const QProcessEnvironment &environment);
    static QString helpText();
};

} // namespace pulsedeck
