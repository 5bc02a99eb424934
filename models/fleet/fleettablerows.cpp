// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the fleet table: how they become those of another order, and how that is told to views.
#include "models/fleet/fleettablemodel.h"

#include <algorithm>

namespace pulsedeck {

void FleetTableModel::adopt(std::vector<Entry> order, bool forceReset)
{
    setPendingMoves(0);
    if (order == m_rows) {
        emitChanged({});
        return;
    }
    // Positions in the new order: by handle, and by group for headings.
    std::vector<int> newRowOf(m_rowOf.size(), -1);
    std::vector<int> newRowOfGroup(m_groups.size(), -1);
    for (size_t i = 0; i < order.size(); ++i) {
        if (order[i].isGroup())
            newRowOfGroup[order[i].value & ~Entry::groupBit] = int(i);
        else
            newRowOf[order[i].value] = int(i);
    }
    std::vector<bool> kept(order.size(), false);
    std::vector<int> gone;
    size_t ranges = 0;
    bool before = false;
    for (size_t i = 0; i < m_rows.size(); ++i) {
        const int to = m_rows[i].isGroup()                 ? newRowOfGroup[m_rows[i].value & ~Entry::groupBit]
                       : m_rows[i].value < newRowOf.size() ? newRowOf[m_rows[i].value]
                                                           : -1;
        if (to >= 0)
            kept[size_t(to)] = true;
        else
            gone.push_back(int(i));
        ranges += to < 0 && !before;
        before = to < 0;
    }
    before = false;
    for (const bool stays : kept) {
        ranges += !stays && !before;
        before = !stays;
    }
    if (m_rows.empty())
        m_filledFrom = m_store.viewNow();
    if (forceReset || ranges > mostRanges || m_rows.empty()) {
        beginResetModel();
        m_rows = std::move(order);
        indexRows();
        endResetModel();
        emit orderChanged();
        return;
    }
    removeRanges(gone);
    std::vector<Entry> survivors;
    survivors.reserve(m_rows.size());
    for (size_t i = 0; i < order.size(); ++i) {
        if (kept[i])
            survivors.push_back(order[i]);
    }
    permute(survivors);
    for (size_t i = 0; i < order.size();) {
        if (kept[i]) {
            ++i;
            continue;
        }
        size_t end = i;
        while (end < order.size() && !kept[end])
            ++end;
        insertRange(int(i), {order.begin() + qsizetype(i), order.begin() + qsizetype(end)});
        i = end;
    }
    emitChanged({});
    emit orderChanged();
}

void FleetTableModel::permute(const std::vector<Entry> &survivors)
{
    if (survivors == m_rows)
        return;
    emit layoutAboutToBeChanged({}, VerticalSortHint);
    std::vector<int> groupRow(m_groups.size(), -1);
    std::vector<Entry> old = survivors;
    old.swap(m_rows);
    indexRows();
    for (size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i].isGroup())
            groupRow[m_rows[i].value & ~Entry::groupBit] = int(i);
    }
    const QModelIndexList from = persistentIndexList();
    QModelIndexList to;
    to.reserve(from.size());
    for (const QModelIndex &one : from) {
        const Entry entry = old[size_t(one.row())];
        const int row = entry.isGroup() ? groupRow[entry.value & ~Entry::groupBit] : m_rowOf[entry.value];
        to.append(index(row, one.column()));
    }
    changePersistentIndexList(from, to);
    emit layoutChanged({}, VerticalSortHint);
}

void FleetTableModel::insertRange(int row, const std::vector<Entry> &entries)
{
    beginInsertRows({}, row, row + int(entries.size()) - 1);
    m_rows.insert(m_rows.begin() + row, entries.begin(), entries.end());
    indexRows(size_t(row));
    endInsertRows();
}

/// \a rows in ascending order.
void FleetTableModel::removeRanges(std::vector<int> rows)
{
    while (!rows.empty()) {
        const int last = rows.back();
        int first = last;
        while (!rows.empty() && rows.back() == first) {
            rows.pop_back();
            if (!rows.empty() && rows.back() == first - 1)
                --first;
        }
        beginRemoveRows({}, first, last);
        for (int row = first; row <= last; ++row) {
            if (!m_rows[size_t(row)].isGroup())
                m_rowOf[m_rows[size_t(row)].value] = -1;
        }
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        indexRows(size_t(first));
        endRemoveRows();
    }
}

void FleetTableModel::indexRows(size_t from)
{
    if (from == 0)
        std::fill(m_rowOf.begin(), m_rowOf.end(), -1);
    m_headings.erase(std::lower_bound(m_headings.begin(), m_headings.end(), int(from)), m_headings.end());
    for (size_t i = from; i < m_rows.size(); ++i) {
        if (m_rows[i].isGroup())
            m_headings.push_back(int(i));
        else
            m_rowOf[m_rows[i].value] = qint32(i);
    }
}

void FleetTableModel::emitChanged(const std::vector<WorkerHandle> &handles)
{
    static const QList<int> roles{Qt::DisplayRole,  SortRole,      Qt::AccessibleTextRole, GroupCountRole,
                                  GroupUnknownRole, GroupGoneRole, GroupDetailRole};
    const int lastColumn = columnCount() - 1;
    constexpr size_t mostSignals = 2'000;
    if (handles.size() > mostSignals) {
        if (!m_rows.empty())
            emit dataChanged(index(0, 0), index(int(m_rows.size()) - 1, lastColumn), roles);
        return;
    }
    std::vector<int> rows;
    rows.reserve(handles.size() + 4);
    for (const WorkerHandle handle : handles) {
        if (const int row = rowOf(handle); row >= 0)
            rows.push_back(row);
    }
    for (const int row : groupRows())
        rows.push_back(row);
    std::sort(rows.begin(), rows.end());
    for (size_t i = 0; i < rows.size();) {
        size_t end = i + 1;
        while (end < rows.size() && rows[end] <= rows[end - 1] + 1)
            ++end;
        emit dataChanged(index(rows[i], 0), index(rows[end - 1], lastColumn), roles);
        i = end;
    }
}

} // namespace pulsedeck
