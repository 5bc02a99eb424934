// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/outletmodel.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

int OutletModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

const OutletRow *OutletModel::outletAt(int row) const
{
    return row >= 0 && row < int(m_rows.size()) ? &m_rows[size_t(row)] : nullptr;
}

QVariant OutletModel::data(const QModelIndex &index, int role) const
{
    const OutletRow *outlet = outletAt(index.row());
    if (!outlet)
        return {};
    if (role == Qt::DisplayRole)
        return outlet->title;
    if (role != Qt::ToolTipRole && role != Qt::AccessibleTextRole)
        return {};
    QStringList parts{outlet->title, outlet->detail, outlet->last, outlet->count};
    parts.removeAll(QString());
    return parts.join(role == Qt::ToolTipRole ? u"\n"_s : u", "_s);
}

void OutletModel::setRows(std::vector<OutletRow> rows)
{
    const bool same = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                 [](const OutletRow &a, const OutletRow &b) { return a.name == b.name; });
    if (!same)
        beginResetModel();
    m_rows = std::move(rows);
    if (!same)
        endResetModel();
    else if (!m_rows.empty())
        emit dataChanged(index(0), index(rowCount() - 1));
}

} // namespace pulsedeck
