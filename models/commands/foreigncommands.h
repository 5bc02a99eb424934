// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandbook.h"
#include "models/commands/commandedworkers.h"
#include "models/fleet/fleetstore.h"

#include <QSet>

#include <deque>

namespace pulsedeck {

/// Recognises commands that this console did not give: other operators' and the proxy's, as Redis shows them. Adds them to the
/// book, those given together in one group. A first view may bring thousands at once: more than 500 are taken up tick by tick.
/// GUI thread.
class ForeignCommands
{
public:
    /// What looking at a worker brought to light.
    struct Noticed
    {
        std::optional<RecordedCommand> recalled; ///< A drain of an earlier run that is in force.
        std::vector<quint64> added; ///< Keys of others' commands.
    };

    ForeignCommands(FleetStore &store, CommandBook &book, CommandedWorkers &workers, const Clock &clock);

    // What may turn out to be this console's: see CommandLedger.
    void expectHistory() { m_historyAwaited = true; }
    void expectSteps(const QSet<std::pair<QString, QByteArray>> &workers) { m_stepsAwaited = workers; }
    void takePastDrains(const std::vector<RecordedCommand> &drains);

    Noticed notice(WorkerHandle handle);

    /// A new tick: as many may be added again. Returns how many workers wait for another look.
    size_t beginTick();
    /// The next of them; nothing once as many were added as a tick takes. noWorker for one that the store no longer shows.
    std::optional<WorkerHandle> takeWaiting();

private:
    bool isAwaited(const Worker &worker) const;
    bool showsNewCommand(const Worker &worker, CommandedWorker *mine);
    std::optional<RecordedCommand> recall(const Worker &worker, qint64 drainedAt);
    quint64 add(WorkerHandle handle, Act act);
    QUuid groupFor(const Command &command, qint64 now) const;

    FleetStore &m_store;
    CommandBook &m_book;
    CommandedWorkers &m_workers;
    const Clock &m_clock;
    std::deque<std::pair<WorkerHandle, quint32>> m_waiting; ///< Put off to the next tick, with their serials.
    QHash<QUuid, RecordedCommand> m_pastDrains; ///< Of earlier runs, ended there; by command.
    QSet<std::pair<QString, QByteArray>> m_stepsAwaited; ///< By name of the source and worker.
    bool m_historyAwaited = false;
    int m_left = 0; ///< How many more may be added until the next tick.
};

} // namespace pulsedeck
