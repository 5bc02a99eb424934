// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace pulsedeck {

/// The time as the console sees it. Everything in models takes it from here, so that tests can step it.
/// Implementations must be callable from any thread.
class Clock
{
public:
    virtual ~Clock() = default;

    /// Unix time in milliseconds. Never runs backwards within one process.
    virtual qint64 nowMs() const = 0;
};

} // namespace pulsedeck
