// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/journal/journal.h"

namespace pulsedeck {

/// Gives the store the ends that the journal has: at the start those of earlier runs, later those that other consoles with the
/// same file saw, whenever there are counters of workers whose end was not seen here. GUI thread.
class JournalEnds : public QObject
{
    Q_OBJECT

public:
    /// Both outlive this.
    JournalEnds(FleetStore &store, Journal &journal, QObject *parent = nullptr);

    /// The first answer has arrived.
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
    int m_unseen = 0; ///< How many there were at the last request.
    bool m_asking = false;
    bool m_again = false; ///< Something was added to the journal meanwhile.
    bool m_read = false;
};

} // namespace pulsedeck
