// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QAbstractListModel>

namespace pulsedeck {

/// The events of one worker, newest first, at most maxRows. Rows come at the top and leave at the bottom. Consecutive
/// changes of its sessions are one row, which grows: the sessions of a busy worker do not hide other events.
class WorkerEventModel : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr int maxRows = 500;
    enum Role {
        TimeRole = Qt::UserRole + 1, ///< qint64, console's clock; 0 when not known
        KindRole, ///< FleetEventKind as int
        ToneRole, ///< EventTone as int
    };

    explicit WorkerEventModel(FleetStore &store, QObject *parent = nullptr);
    void setWorker(WorkerHandle handle);
    /// The store shows another time: its events do not begin where the console connected.
    void setPast() { m_past = true; }
    WorkerHandle worker() const { return m_handle; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        FleetEvent event; ///< Of several changes the sum: the count before the first and after the last, at the last's time.
        qint64 since = 0; ///< When the first of them was.
        int changes = 1;
        bool operator==(const Row &other) const;
        /// The same event, or the same run of changes, of which one may have grown since.
        bool isSame(const Row &other) const;
    };

    void refresh();
    std::vector<Row> wantedRows() const;
    void reset(std::vector<Row> rows);

    FleetStore &m_store;
    WorkerHandle m_handle = noWorker;
    quint32 m_serial = 0;
    bool m_past = false;
    std::vector<Row> m_rows; ///< Newest first.
};

} // namespace pulsedeck
