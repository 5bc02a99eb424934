// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandentry.h"

#include <QHash>

#include <vector>

namespace pulsedeck {

/// What the ledger remembers of a worker for as long as the store shows it. Keys are the ledger's, 0 for none.
struct CommandedWorker
{
    quint64 shutdown = 0; ///< The newest shutdown, open or ended.
    quint64 drain = 0; ///< The newest drain.
    quint64 other = 0; ///< The newest Resume, Reap or RemoveKey.
    bool foreignDrain = false; ///< The drain it is in was ordered by another console, and has an entry.
    bool commandKnown = false; ///< The command key that is there has an entry.
    bool commandShown = false; ///< A sample of the worker has shown that key.
    qint64 commandKnownAt = 0; ///< When the key was found to be there, milliseconds of the console's clock.
    bool told = false; ///< To shut down, or it may have been.

    void knowCommand(qint64 at)
    {
        commandKnown = true;
        commandShown = false;
        commandKnownAt = at;
    }
};

/// The workers that commands were given to. GUI thread.
class CommandedWorkers
{
public:
    /// Made if there is none. The reference holds until the next one is made.
    CommandedWorker &of(const CommandEntry &entry)
    {
        if (m_watched.size() <= entry.handle)
            m_watched.resize(size_t(entry.handle) + 1 + m_watched.size() / 2);
        m_watched[entry.handle] = true;
        return m_workers[entry.serial];
    }
    CommandedWorker *find(quint32 serial)
    {
        const auto found = m_workers.find(serial);
        return found == m_workers.end() ? nullptr : &*found;
    }
    /// Asked of every worker that changes: nearly all are not.
    bool contains(WorkerHandle handle) const { return handle < m_watched.size() && m_watched[handle]; }
    void remove(WorkerHandle handle, quint32 serial)
    {
        m_watched[handle] = false;
        m_workers.remove(serial);
    }

private:
    QHash<quint32, CommandedWorker> m_workers; ///< By Worker::serial.
    std::vector<quint8> m_watched; ///< By handle.
};

} // namespace pulsedeck
