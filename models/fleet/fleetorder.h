// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetcolumns.h"
#include "models/fleet/fleetfilter.h"
#include "models/fleet/fleetgroups.h"
#include "models/fleet/fleetsort.h"

#include <QCoreApplication>

#include <span>

namespace pulsedeck {

/// A row of the fleet table: a worker, the heading of a group, or the line that stands for its healthy workers.
class FleetRow
{
public:
    static FleetRow ofWorker(WorkerHandle handle) { return FleetRow(handle); }
    static FleetRow ofGroup(size_t group) { return FleetRow(quint32(group) | groupBit); }
    static FleetRow ofRest(size_t group) { return FleetRow(quint32(group) | groupBit | restBit); }
    /// A heading, or the line for the rest of a group: no worker.
    bool isGroup() const { return m_value & groupBit; }
    bool isRest() const { return isGroup() && (m_value & restBit); }
    size_t group() const { return m_value & ~(groupBit | restBit); }
    /// A number of its own for each row that is no worker, less than twice the number of groups.
    size_t line() const { return group() * 2 + (isRest() ? 1 : 0); }
    WorkerHandle worker() const { return m_value; }
    bool operator==(const FleetRow &) const = default;

private:
    static constexpr quint32 groupBit = 0x8000'0000u;
    static constexpr quint32 restBit = 0x4000'0000u; ///< Handles are smaller, too.
    explicit FleetRow(quint32 value)
        : m_value(value)
    { }

    quint32 m_value; ///< A handle, or a group's number with groupBit set.
};

/// Which workers the fleet table shows, and in which order: those that pass the filter, by groups; among those that need
/// attention the worst first; then by the sorted column. Equal rows keep their place.
/// On the thread of its store.
class FleetOrder
{
    Q_DECLARE_TR_FUNCTIONS(FleetOrder)

public:
    struct Rows
    {
        std::vector<FleetRow> rows;
        std::vector<FleetGroups::Place> places; ///< By handle.
    };

    FleetOrder(const FleetStore &store, FleetGroups &groups)
        : m_store(store)
        , m_groups(groups)
    { }

    void setFilter(const FleetFilter &filter) { m_filter = filter; }
    const FleetFilter &filter() const { return m_filter; }
    void setSort(int column, Qt::SortOrder order);
    /// Healthy workers that keep a row of their own: they are selected.
    void setPinned(std::vector<WorkerHandle> pinned);
    int column() const { return m_column; }
    Qt::SortOrder direction() const { return m_direction; }

    /// It passes the filter, and its source is visible.
    bool accepts(WorkerHandle handle, qint64 now) const;
    /// The rows as they should be now. \a rowOf is the present row of each worker, by handle; -1 for none. Changes nothing
    /// that is shown.
    Rows wanted(const std::vector<qint32> &rowOf, qint64 now);
    /// Whether the changes of these workers move rows.
    bool isMovedBy(const std::vector<WorkerHandle> &handles, qint64 now);
    /// How many rows stand elsewhere in \a rows than in \a rowOf; not the departed.
    int moves(const Rows &rows, const std::vector<qint32> &rowOf) const;

private:
    using Children = QHash<WorkerHandle, std::vector<WorkerHandle>>; ///< By the worker they hang under.
    void addGroup(size_t group, std::span<const SortItem> items, const Children &children, Rows *order);
    void sumUpRest(FleetGroups::Group &group) const;

    const FleetStore &m_store;
    FleetGroups &m_groups;
    std::vector<WorkerHandle> m_pinned; ///< Sorted.
    FleetFilter m_filter;
    int m_column = int(FleetColumnId::Worker);
    Qt::SortOrder m_direction = Qt::AscendingOrder;
};

} // namespace pulsedeck
