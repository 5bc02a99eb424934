// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QAbstractListModel>

namespace pulsedeck {

/// The events of one worker, newest first, at most maxRows. Rows come at the top and leave at the bottom.
class WorkerEventModel : public QAbstractListModel
{
    Q_OBJECT

public:
    static constexpr int maxRows = 500;
    enum Role {
        TimeRole = Qt::UserRole + 1, ///< qint64, console's clock; 0 when not known
        KindRole, ///< FleetEventKind as int
        SeverityRole, ///< 0 ordinary, 1 late, 2 stale or dead, 3 draining, 4 zombie, 5 command
    };

    explicit WorkerEventModel(FleetStore &store, QObject *parent = nullptr);
    void setWorker(WorkerHandle handle);
    WorkerHandle worker() const { return m_handle; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    void refresh();

    FleetStore &m_store;
    WorkerHandle m_handle = noWorker;
    quint32 m_serial = 0;
    std::vector<FleetEvent> m_rows; ///< Newest first.
};

} // namespace pulsedeck
