// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace pulsedeck {

/// The time as the console sees it. Everything in models takes it from here, so that tests can step it. There are two scales: the
/// console's, which nothing ever sets, so that ages and deadlines never jump; and the machine's, the wall clock, which a person
/// reads and which is written down (journal, drain notes, timing records), so that other programs understand it. What is kept in
/// memory is on the console's scale. Implementations must be callable from any thread.
class Clock
{
public:
    virtual ~Clock() = default;

    /// The console's scale: milliseconds that began as Unix time. Never runs backwards within one process, and goes on while the
    /// machine sleeps.
    virtual qint64 nowMs() const = 0;
    /// What is added to a time on the console's scale to get it on the machine's as that is set now. 0 until the user sets the
    /// machine's clock; a time from before counts as what it is by the corrected clock.
    virtual qint64 wallOffsetMs() const { return 0; }
    /// For how much of the time that nowMs() counted this program did not run, as the machine slept or it was stopped.
    virtual qint64 sleptMs() const { return 0; }
    /// It stands at a moment that is not now: of the past, or the end of a file.
    virtual bool isStopped() const { return false; }

    qint64 wallNowMs() const { return nowMs() + wallOffsetMs(); }
    /// A time of this console as Unix ms by the machine's clock; 0, which is no time, stays 0.
    qint64 toWall(qint64 at) const { return at > 0 ? at + wallOffsetMs() : at; }
    qint64 fromWall(qint64 wall) const { return wall > 0 ? wall - wallOffsetMs() : wall; }
};

} // namespace pulsedeck
