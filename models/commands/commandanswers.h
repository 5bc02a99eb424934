// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandmover.h"

namespace pulsedeck {

/// Takes what sources answer: to a command that was sent, and to the question what became of one whose answer was lost. GUI
/// thread.
class CommandAnswers
{
public:
    CommandAnswers(FleetStore &store, CommandBook &book, CommandedWorkers &workers, CommandMover &mover, const Clock &clock);

    /// Returns the worker that another's command may have been found on; noWorker for none.
    WorkerHandle take(const CommandProgress &progress);

private:
    void takeWritten(quint64 key, TrackedCommand &command, const CommandProgress &progress);
    void takeDone(quint64 key, TrackedCommand &command, const CommandProgress &progress);
    void takeTooLate(quint64 key, TrackedCommand &command, const CommandProgress &progress);
    void takeFound(quint64 key, TrackedCommand &command, const CommandProgress &found);

    FleetStore &m_store;
    CommandBook &m_book;
    CommandedWorkers &m_workers;
    CommandMover &m_mover;
    const Clock &m_clock;
};

} // namespace pulsedeck
