// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetselection.h"

#include "ui/fleet/fleetview.h"

#include <QHash>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QScopedValueRollback>
#include <QScrollBar>

#include <algorithm>
#include <utility>

namespace pulsedeck {

namespace {

/// A selection model keeps an index for each selected row through a new layout; more than so many are made again
/// instead.
constexpr size_t mostThroughLayout = 500;

} // namespace

FleetSelection::FleetSelection(FleetView &view, FleetTableModel &model, QObject *parent)
    : QObject(parent)
    , m_view(view)
    , m_model(model)
{
    connect(&model, &QAbstractItemModel::rowsAboutToBeInserted, this, &FleetSelection::beginChange);
    connect(&model, &QAbstractItemModel::rowsAboutToBeRemoved, this, [this] {
        beginChange();
        m_selectionLost = true; // Who is taken out may be put in elsewhere before the change is over.
    });
    connect(&model, &QAbstractItemModel::modelAboutToBeReset, this, [this] {
        beginChange();
        m_selectionLost = true;
    });
    connect(&model, &QAbstractItemModel::layoutAboutToBeChanged, this, [this] {
        beginChange();
        if (m_picks.size() <= mostThroughLayout)
            return;
        m_selectionLost = true;
        m_view.selectionModel()->clearSelection();
    });
    view.setModel(&model);
    connect(&model, &FleetTableModel::orderChanged, this, &FleetSelection::settle);
    connect(view.selectionModel(), &QItemSelectionModel::selectionChanged, this, &FleetSelection::onSelectionChanged);
    connect(view.selectionModel(), &QItemSelectionModel::currentChanged, this, &FleetSelection::onSelectionChanged);
    connect(view.verticalScrollBar(), &QScrollBar::valueChanged, this, [this](int value) {
        if (!m_changing)
            m_away = value > 0;
    });
    connect(&model.store(), &FleetStore::published, this, [this](const FleetChanges &changes) {
        if ((changes.removed.empty() && !changes.reset) || m_lookedAt.serial == 0 || isThere(m_lookedAt))
            return;
        m_lookedAt = {};
        emit selectionMoved();
    });
}

FleetSelection::Pick FleetSelection::pickOf(WorkerHandle handle) const
{
    return handle == noWorker ? Pick() : Pick{handle, m_model.store().worker(handle).serial};
}

bool FleetSelection::isThere(const Pick &pick) const
{
    const FleetStore &store = m_model.store();
    return pick.serial != 0 && int(pick.handle) < store.capacity() && store.worker(pick.handle).used
           && store.worker(pick.handle).serial == pick.serial;
}

bool FleetSelection::isListed(const Pick &pick) const
{
    return isThere(pick) && m_model.rowOf(pick.handle) >= 0;
}

std::vector<WorkerHandle> FleetSelection::selected() const
{
    std::vector<WorkerHandle> handles;
    handles.reserve(m_picks.size());
    for (const Pick &pick : m_picks) {
        if (isListed(pick))
            handles.push_back(pick.handle);
    }
    return handles;
}

WorkerHandle FleetSelection::current() const
{
    if (isListed(m_current) && std::find(m_picks.begin(), m_picks.end(), m_current) != m_picks.end())
        return m_current.handle;
    const auto first = std::find_if(m_picks.begin(), m_picks.end(), [this](const Pick &pick) { return isListed(pick); });
    return first == m_picks.end() ? noWorker : first->handle;
}

WorkerHandle FleetSelection::lookedAt() const
{
    return m_picks.empty() && isThere(m_lookedAt) ? m_lookedAt.handle : noWorker;
}

void FleetSelection::onSelectionChanged()
{
    if (m_changing)
        return;
    m_picks.clear();
    for (const QItemSelectionRange &range : m_view.selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row) {
            if (const WorkerHandle handle = m_model.handleAt(row); handle != noWorker)
                m_picks.push_back(pickOf(handle));
        }
    }
    m_current = pickOf(m_model.handleAt(m_view.currentIndex().row()));
    if (!m_picks.empty())
        m_lookedAt = {};
    emit selectionMoved();
}

void FleetSelection::select(WorkerHandle handle)
{
    const int row = m_model.rowOf(handle);
    if (row >= 0) {
        m_lookedAt = {};
        const QModelIndex index = m_model.index(row, int(FleetColumnId::Worker));
        m_view.selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        m_view.scrollTo(index, QAbstractItemView::EnsureVisible);
        return;
    }
    clearPicks();
    m_current = {};
    m_lookedAt = pickOf(handle);
    emit selectionMoved();
}

void FleetSelection::reveal(WorkerHandle handle)
{
    const int row = m_model.rowOf(handle);
    if (row < 0)
        return;
    const QModelIndex index = m_model.index(row, int(FleetColumnId::Worker));
    m_view.selectionModel()->setCurrentIndex(index, QItemSelectionModel::NoUpdate);
    m_view.layoutNow();
    // With its heading, where both fit.
    if ((row + 1) * m_view.verticalHeader()->defaultSectionSize() <= m_view.viewport()->height())
        m_view.verticalScrollBar()->setValue(0);
    else
        m_view.scrollTo(index, QAbstractItemView::PositionAtCenter);
}

void FleetSelection::clear()
{
    clearPicks();
    m_lookedAt = {};
    emit selectionMoved();
}

void FleetSelection::clearPicks()
{
    const QScopedValueRollback guard(m_changing, true);
    m_view.selectionModel()->clearSelection();
    m_picks.clear();
}

void FleetSelection::beginChange()
{
    if (m_changing)
        return;
    m_changing = true;
    // The view would scroll to its current row wherever that goes.
    m_view.setAutoScroll(false);
    noteLandmarks();
}

/// The model's rows are as they will be: the selection and what is visible are put right at once.
void FleetSelection::settle()
{
    if (!m_changing)
        return;
    restoreLandmarks();
    bool moved = prune();
    if (isListed(m_lookedAt)) {
        m_picks = {m_lookedAt};
        m_current = m_lookedAt;
        m_lookedAt = {};
        m_selectionLost = moved = true;
    }
    if (std::exchange(m_selectionLost, false))
        restoreSelection();
    m_view.setAutoScroll(true);
    m_changing = false;
    if (moved)
        emit selectionMoved();
}

/// Who is not in the list is not selected. Returns whether anybody was.
bool FleetSelection::prune()
{
    return std::erase_if(m_picks, [this](const Pick &pick) { return !isListed(pick); }) > 0;
}

void FleetSelection::noteLandmarks()
{
    m_landmarks.clear();
    if (!m_away)
        return;
    const int height = m_view.viewport()->height();
    for (int row = m_view.rowAt(0); row >= 0 && row < m_model.rowCount(); ++row) {
        const int offset = m_view.rowViewportPosition(row);
        if (offset >= height)
            break;
        Landmark mark;
        mark.offset = offset;
        mark.worker = m_model.handleAt(row);
        if (m_model.isGroupRow(row))
            mark.heading = m_model.index(row, 0).data().toString();
        m_landmarks.push_back(mark);
    }
}

void FleetSelection::restoreLandmarks()
{
    m_view.layoutNow();
    if (!m_away) {
        m_view.verticalScrollBar()->setValue(0);
        return;
    }
    QHash<QString, int> headings;
    for (const int row : m_model.groupRows())
        headings.insert(m_model.index(row, 0).data().toString(), row);
    // Where most of what was visible stays at its pixel: the topmost row alone may be the one that went elsewhere.
    const int height = m_view.verticalHeader()->defaultSectionSize();
    QHash<int, int> votes;
    int best = 0;
    int value = -1;
    for (const Landmark &mark : m_landmarks) {
        const int row = mark.heading.isEmpty() ? m_model.rowOf(mark.worker) : headings.value(mark.heading, -1);
        if (row < 0)
            continue;
        const int wanted = row * height - mark.offset;
        if (const int count = ++votes[wanted]; count > best) {
            best = count;
            value = wanted;
        }
    }
    m_view.verticalScrollBar()->setValue(best > 0 ? value : 0); // Where nothing of it is left the list begins again.
    m_away = m_view.verticalScrollBar()->value() > 0;
}

void FleetSelection::restoreSelection()
{
    std::vector<int> rows;
    rows.reserve(m_picks.size());
    for (const Pick &pick : m_picks)
        rows.push_back(m_model.rowOf(pick.handle));
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
    const int row = isListed(m_current) ? m_model.rowOf(m_current.handle) : -1;
    if (row >= 0 && m_view.currentIndex().row() != row)
        m_view.selectionModel()->setCurrentIndex(m_model.index(row, int(FleetColumnId::Worker)), QItemSelectionModel::NoUpdate);
}

} // namespace pulsedeck
