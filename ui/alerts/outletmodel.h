// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/alerts/outletboard.h"

#include <QAbstractListModel>

namespace pulsedeck {

/// The outlets of a board as rows. GUI thread.
class OutletModel : public QAbstractListModel
{
    Q_OBJECT

public:
    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

    /// Null if there is no such row.
    const OutletRow *outletAt(int row) const;
    const std::vector<OutletRow> &all() const { return m_rows; }
    void setRows(std::vector<OutletRow> rows);

private:
    std::vector<OutletRow> m_rows;
};

} // namespace pulsedeck
