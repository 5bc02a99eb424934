// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubstore.h"

#include <QAbstractTableModel>

namespace pulsedeck {

/// The messages of one hub, oldest first. Holds its own rows, so that it never shows one that the log of the hub has dropped
/// already. GUI thread; HubStore outlives it.
class HubLogModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Time, Way, Peer, Type, Topic, Result, Payload, ColumnCount };
    enum Role {
        EntryRole = Qt::UserRole, ///< The whole HubLogEntry.
        KeyRole, ///< HubLogEntry::key.
    };

    explicit HubLogModel(const HubStore &hubs, QObject *parent = nullptr);

    void setHub(SourceId source);
    SourceId hub() const { return m_source; }
    const HubLogEntry &entry(int row) const { return m_rows[size_t(row)]; }
    /// -1 if it is not there any more.
    int rowOf(quint64 key) const { return hubLogRow(m_rows, key); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    void onAppended(SourceId source, int row, int gaveWay);
    void onChanged(SourceId source, int row);
    void reset();

    const HubStore &m_hubs;
    SourceId m_source = 0;
    std::deque<HubLogEntry> m_rows;
};

/// "ask", "broadcast", "received": what a row of the log is.
QString hubWayText(HubLogEntry::Way way);
/// With whom: an address, "every actor", or "topic events". Fit to be shown.
QString hubPeerText(const HubLogEntry &entry);
/// What became of it: "waiting", "delivered after 3 ms"; empty for what was received.
QString hubResultText(const HubLogEntry &entry);

} // namespace pulsedeck
