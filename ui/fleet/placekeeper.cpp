// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/placekeeper.h"

#include "ui/fleet/fleetview.h"

#include <QHeaderView>
#include <QItemSelectionModel>
#include <QScopedValueRollback>
#include <QScrollBar>

#include <algorithm>

namespace pulsedeck {

PlaceKeeper::PlaceKeeper(FleetView &view, FleetTableModel &model, QObject *parent)
    : QObject(parent)
    , m_view(view)
    , m_model(model)
{
    connect(&model, &QAbstractItemModel::rowsAboutToBeInserted, this, &PlaceKeeper::noteTop);
    connect(&model, &QAbstractItemModel::rowsAboutToBeRemoved, this, &PlaceKeeper::noteTop);
    connect(&model, &QAbstractItemModel::modelAboutToBeReset, this, &PlaceKeeper::noteTop);
    view.setModel(&model);
    connect(&model, &QAbstractItemModel::rowsInserted, this, [this] {
        restoreTop();
        restoreSelection();
    });
    connect(&model, &QAbstractItemModel::rowsRemoved, this, &PlaceKeeper::restoreTop);
    connect(&model, &QAbstractItemModel::modelReset, this, [this] {
        restoreTop();
        restoreSelection();
    });
    connect(view.selectionModel(), &QItemSelectionModel::selectionChanged, this, &PlaceKeeper::onSelectionChanged);
    connect(view.selectionModel(), &QItemSelectionModel::currentChanged, this, &PlaceKeeper::onSelectionChanged);
    // A departed worker that left the store is no longer selected.
    connect(&model.store(), &FleetStore::published, this, [this](const FleetChanges &changes) {
        if (changes.removed.empty() && !changes.reset)
            return;
        const FleetStore &store = m_model.store();
        const size_t before = m_serials.size();
        std::erase_if(m_serials, [&](quint32 serial) { return store.findSerial(serial) == noWorker; });
        if (before != m_serials.size())
            emit selectionMoved();
    });
}

std::vector<WorkerHandle> PlaceKeeper::selected() const
{
    std::vector<WorkerHandle> handles;
    handles.reserve(m_serials.size());
    for (const quint32 serial : m_serials) {
        if (const WorkerHandle handle = m_model.store().findSerial(serial); handle != noWorker)
            handles.push_back(handle);
    }
    return handles;
}

WorkerHandle PlaceKeeper::current() const
{
    if (std::find(m_serials.begin(), m_serials.end(), m_current) == m_serials.end())
        return m_serials.empty() ? noWorker : m_model.store().findSerial(m_serials.front());
    return m_model.store().findSerial(m_current);
}

void PlaceKeeper::onSelectionChanged()
{
    // A filter hides selected rows, which is not the operator deselecting them.
    if (m_restoring)
        return;
    const FleetStore &store = m_model.store();
    m_serials.clear();
    for (const QItemSelectionRange &range : m_view.selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row) {
            if (const WorkerHandle handle = m_model.handleAt(row); handle != noWorker)
                m_serials.push_back(store.worker(handle).serial);
        }
    }
    const WorkerHandle handle = m_model.handleAt(m_view.currentIndex().row());
    m_current = handle == noWorker ? 0 : store.worker(handle).serial;
    emit selectionMoved();
}

void PlaceKeeper::select(WorkerHandle handle)
{
    const int row = m_model.rowOf(handle);
    if (row >= 0) {
        const QModelIndex index = m_model.index(row, int(FleetColumnId::Worker));
        m_view.selectionModel()->setCurrentIndex(index,
                                                 QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        m_view.scrollTo(index, QAbstractItemView::EnsureVisible);
        return;
    }
    {
        const QScopedValueRollback guard(m_restoring, true);
        m_view.selectionModel()->clearSelection();
    }
    m_current = m_model.store().worker(handle).serial;
    m_serials = {m_current};
    emit selectionMoved();
}

void PlaceKeeper::clear()
{
    {
        const QScopedValueRollback guard(m_restoring, true);
        m_view.selectionModel()->clearSelection();
    }
    m_serials.clear();
    emit selectionMoved();
}

void PlaceKeeper::noteTop()
{
    m_restoring = true; // Until restored: rows that go must not change what is remembered.
    const int row = m_view.rowAt(0);
    m_topWorker = m_model.handleAt(row);
    m_topHeading.clear();
    if (row < 0)
        return;
    if (m_model.isGroupRow(row))
        m_topHeading = m_model.index(row, 0).data().toString();
    m_topOffset = m_view.rowViewportPosition(row);
}

void PlaceKeeper::restoreTop()
{
    m_restoring = false;
    int row = m_topWorker == noWorker ? -1 : m_model.rowOf(m_topWorker);
    if (row < 0 && !m_topHeading.isEmpty()) {
        for (const int heading : m_model.groupRows()) {
            if (m_model.index(heading, 0).data().toString() == m_topHeading)
                row = heading;
        }
    }
    if (row < 0)
        return;
    // While nobody reads, a list that stands at its top stays there and shows what is new. So does one that begins with
    // a heading, wherever the pointer rests: a group that comes above it must not be scrolled out of sight.
    if (m_view.verticalScrollBar()->value() == 0 && (!m_model.isHeld() || !m_topHeading.isEmpty()))
        return;
    const int height = m_view.verticalHeader()->defaultSectionSize();
    m_view.layoutNow();
    m_view.verticalScrollBar()->setValue(row * height - m_topOffset);
}

void PlaceKeeper::restoreSelection()
{
    if (m_serials.empty())
        return;
    const QScopedValueRollback guard(m_restoring, true);
    const FleetStore &store = m_model.store();
    std::vector<int> rows;
    rows.reserve(m_serials.size());
    for (const quint32 serial : m_serials) {
        const WorkerHandle handle = store.findSerial(serial);
        if (const int row = handle == noWorker ? -1 : m_model.rowOf(handle); row >= 0)
            rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end());
    QItemSelection selection;
    const int lastColumn = m_model.columnCount() - 1;
    for (size_t i = 0; i < rows.size();) {
        size_t end = i + 1;
        while (end < rows.size() && rows[end] == rows[end - 1] + 1)
            ++end;
        selection.select(m_model.index(rows[i], 0), m_model.index(rows[end - 1], lastColumn));
        i = end;
    }
    m_view.selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
    const WorkerHandle handle = store.findSerial(m_current);
    const int row = handle == noWorker ? -1 : m_model.rowOf(handle);
    if (row >= 0 && m_view.currentIndex().row() != row)
        m_view.selectionModel()->setCurrentIndex(m_model.index(row, int(FleetColumnId::Worker)),
                                                 QItemSelectionModel::NoUpdate);
}

} // namespace pulsedeck
