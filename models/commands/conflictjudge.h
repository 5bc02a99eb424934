// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandbook.h"
#include "models/commands/commandedworkers.h"

#include <QCoreApplication>

namespace pulsedeck {

/// Which command stands in the way of another one for the same worker, queue or fleet. Changes nothing. GUI thread.
class ConflictJudge
{
    Q_DECLARE_TR_FUNCTIONS(ConflictJudge)

public:
    ConflictJudge(CommandBook &book, CommandedWorkers &workers)
        : m_book(book)
        , m_workers(workers)
    { }

    /// Why it cannot be given now, and in \a text more of that; None if nothing is in the way.
    Refusal conflict(const CommandEntry &entry, QString *text);
    /// What a Cancel would withdraw: an open shutdown, or another open command that may still be withdrawn; 0 if there is none.
    quint64 withdrawableOf(const CommandedWorker &worker);

private:
    Refusal conflictOfTarget(const CommandEntry &entry, QString *text) const;

    CommandBook &m_book;
    CommandedWorkers &m_workers;
};

} // namespace pulsedeck
