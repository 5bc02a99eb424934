// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"

#include <QHash>
#include <QObject>

namespace pulsedeck {

/// Which command of a worker is to be shown next to it: the open one, or the newest that ended not long ago, unless another
/// console has ordered something since or the worker is seen to do the opposite. Bounded by the ledger. GUI thread.
class LatestCommands : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 successShownMs = 60'000;
    static constexpr qint64 problemShownMs = 15 * 60'000;

    LatestCommands(const FleetStore &store, CommandLedger &ledger, QObject *parent = nullptr);

    /// Null if there is none to show at \a now.
    const CommandEntry *of(WorkerHandle handle, qint64 now) const;
    /// However long ago; null if the ledger keeps none.
    const CommandEntry *last(WorkerHandle handle) const;

private:
    void take(quint64 first, quint64 last);

    const FleetStore &m_store;
    CommandLedger &m_ledger;
    QHash<quint32, quint64> m_keys; ///< By Worker::serial.
};

} // namespace pulsedeck
