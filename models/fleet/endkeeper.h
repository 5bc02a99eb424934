// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/journal/journal.h"

namespace pulsedeck {

/// Gives the store the ends that the journal has: those of earlier runs at the start, and what other consoles on the same file
/// saw meanwhile, whenever there are counters of workers that nobody here saw end. GUI thread.
class EndKeeper : public QObject
{
    Q_OBJECT

public:
    /// Both outlive this.
    EndKeeper(FleetStore &store, Journal &journal, QObject *parent = nullptr);

    /// Whether the first answer is there.
    bool isRead() const { return m_read; }

signals:
    /// The first answer was given to the store.
    void read();

private:
    void take(const QList<EndRecord> &ends, qint64 lastRow);
    void look();
    void ask();

    FleetStore &m_store;
    Journal &m_journal;
    qint64 m_lastRow = 0;
    int m_unseen = 0; ///< How many there were when it was asked last.
    bool m_asking = false;
    bool m_again = false; ///< Something was added to the journal meanwhile.
    bool m_read = false;
};

} // namespace pulsedeck
