// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertengine.h"

#include <QAbstractTableModel>

namespace pulsedeck {

enum class AlertColumn { State, Title, Place, Since, Time, Note };
constexpr int alertColumnCount = int(AlertColumn::Note) + 1;

/// The alerts of an engine as rows, in its order: what fires, what is pending, what is over. GUI thread.
class AlertListModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    AlertListModel(const AlertEngine &engine, const FleetStore &store, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    /// Null if there is no such row.
    const Alert *alertAt(int row) const;
    /// -1 if it is not there.
    int rowOf(const QString &id, qint64 firedAt) const;
    /// Where it is, and what was done about it: "prod-eu · playwright · not acknowledged".
    QString lineText(const Alert &alert) const;
    const std::vector<Alert> &all() const { return m_alerts; }

public slots:
    /// Reads the engine again. Rows that are the same alerts keep their indexes.
    void refresh();

private:
    QString timeText(const Alert &alert) const;
    QString noteText(const Alert &alert) const;

    const AlertEngine &m_engine;
    const FleetStore &m_store;
    std::vector<Alert> m_alerts;
};

} // namespace pulsedeck
