// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alert.h"
#include "models/fleet/fleetstore.h"

#include <QAbstractTableModel>

namespace pulsedeck {

enum class AlertSubjectColumn { Name, Busy, Since, LastBeat, KeyLeft, Strip };
constexpr int alertSubjectColumnCount = int(AlertSubjectColumn::Strip) + 1;

/// What one alert is about, a row each: workers with their last beat and their key, queues and sources with the time only.
/// Up to Alert::mostSubjects. GUI thread.
class AlertSubjects : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit AlertSubjects(const FleetStore &store, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// Those of \a alert; null: none. The same ones keep their rows.
    void show(const Alert *alert);
    bool areWorkers() const { return m_areWorkers; }
    /// noWorker for a queue, a source, or a worker that is no longer in the list.
    WorkerHandle workerAt(int row) const;
    const FleetStore &store() const { return m_store; }

private:
    QString text(const AlertSubject &subject, AlertSubjectColumn column) const;

    const FleetStore &m_store;
    std::vector<AlertSubject> m_subjects;
    bool m_areWorkers = false;
};

} // namespace pulsedeck
