// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetorder.h"
#include "models/fleet/headingcounts.h"

#include <QAbstractTableModel>

#include <vector>

namespace pulsedeck {

/// The fleet as a table that keeps its own order: a vector of row numbers over the store, filtered, grouped and sorted
/// without a proxy. Group headings are rows of their own. While the order is held rows keep their places,
/// new ones are put at the end of their group, and nothing is taken away but what left the store and who has been gone
/// for a minute: such a one joins the departed, held or not. What headings count is true at every publish, wherever the
/// rows stand meanwhile.
class FleetTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role {
        HandleRole = Qt::UserRole + 1, ///< WorkerHandle, or noWorker for a group heading.
        SortRole, ///< The typed value the column sorts by.
        IsGroupRole, ///< bool
        GroupCollapsedRole, ///< bool, for headings
        GroupCountRole, ///< int, for headings: workers that belong to the group now, collapsed or not, wherever their
                        ///< rows stand
        GroupUnknownRole, ///< int, for headings: workers that stand in the group and of which nothing is known now; not
                          ///< in the count
        GroupGoneRole, ///< int, for headings: workers that are gone and still keep their place there; not in the count
        GroupDetailRole, ///< QVariantMap, for the heading of the attention group: counts by word ("stale", "late", …)
    };

    enum RestRole {
        IsRestRole = GroupDetailRole + 1, ///< bool: the line that stands for the healthy workers of a group
        GroupSummaryRole, ///< QString, for headings of systems: sources, version, beat and TTL
    };

    explicit FleetTableModel(FleetStore &store, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Applies at once, also while held: the operator asked for it.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    int sortColumn() const { return m_order.column(); }
    Qt::SortOrder sortOrder() const { return m_order.direction(); }

    FleetStore &store() const { return m_store; }
    void setFilter(const FleetFilter &filter);
    const FleetFilter &filter() const { return m_order.filter(); }
    void setGrouping(FleetGrouping grouping);
    FleetGrouping grouping() const { return m_groups.grouping(); }
    /// Of a heading; of a line for the rest of a group, to show its rows one by one.
    void setGroupCollapsed(int row, bool collapsed);
    /// Healthy workers of a system stand in one line; see FleetGroups. Groups that were expanded collapse again.
    void setHealthyCollapsed(bool collapsed);
    bool collapsesHealthy() const { return m_groups.collapsesHealthy(); }
    /// Expands the group that the worker is folded into.
    void expandFor(WorkerHandle handle);
    /// These keep a row of their own from the next ordering on.
    void setPinned(std::vector<WorkerHandle> pinned) { m_order.setPinned(std::move(pinned)); }
    bool isRestRow(int row) const { return isGroupRow(row) && m_rows[size_t(row)].isRest(); }
    /// The workers that a line for the rest of a group stands for.
    const std::vector<WorkerHandle> &restOf(int row) const { return m_groups.group(m_rows[size_t(row)].group()).rest; }
    /// The worker hangs under the one above it.
    bool isHung(WorkerHandle handle) const { return m_groups.parentOf(handle) != noWorker; }

    /// Holds the order: the user is about to act on a row. Released, it is brought up to date at once.
    void setHeld(bool held);
    bool isHeld() const { return m_held; }
    /// The worker under the cursor: while the order is held its row stays, however long it has been gone. noWorker: none.
    void setKept(WorkerHandle handle) { m_kept = handle; }
    /// The pointer moves over the list: for a few seconds nothing goes from under it.
    void noteAim() { m_aimedAt = m_store.viewNow(); }
    /// Rows that would move if the order were released; counted at most once a second.
    int pendingMoves() const { return m_pendingMoves; }
    /// Brings the order up to date now, held or not.
    void reorderNow();

    /// noWorker for a heading or a row that is not there.
    WorkerHandle handleAt(int row) const;
    /// -1 when the worker is not in the list.
    int rowOf(WorkerHandle handle) const;
    bool isGroupRow(int row) const;
    /// Rows that are headings, in order; not the lines for the rest of a group.
    const std::vector<int> &groupRows() const { return m_headings; }
    /// The group that a heading, or the line for the rest of a group, stands for: groupOf() its workers. -1 for other rows.
    int groupAt(int row) const { return isGroupRow(row) ? int(m_rows[size_t(row)].group()) : -1; }
    /// The group a worker stands in, collapsed or not; -1 if it is not in the list.
    int groupOf(WorkerHandle handle) const { return m_groups.place(handle).group; }
    /// Workers that match the filter, in collapsed groups too.
    int matchCount() const { return m_counts.matches(); }
    /// Those of the list, in its order, that match the filter now and have not departed; those in collapsed groups come
    /// last.
    std::vector<WorkerHandle> matching() const;
    /// It has a row, or belongs into a group that is folded.
    bool contains(WorkerHandle handle) const { return m_groups.place(handle).group >= 0; }
    /// It stands among what needs attention. Always false where the list is grouped by something else.
    bool standsInAttention(WorkerHandle handle) const { return m_groups.standsInAttention(handle); }

    /// Workers of the rows as tab-separated text with a heading line, columns as given.
    QString copyText(const std::vector<int> &rows, const std::vector<int> &columns) const;
    /// The same workers as a JSON array of objects, as pulsedeckctl prints them.
    QByteArray copyJson(const std::vector<int> &rows) const;

signals:
    /// Rows moved, came or went: spans and scroll anchors have to be looked at again.
    void orderChanged();
    void pendingMovesChanged(int moves);
    void matchCountChanged(int matches);

private:
    void onPublished(const FleetChanges &changes);
    FleetOrder::Rows wantedRows();
    void take(FleetOrder::Rows order, bool forceReset);
    void adopt(std::vector<FleetRow> order, bool forceReset);
    void reset(std::vector<FleetRow> order);
    void permute(const std::vector<FleetRow> &survivors);
    void insertNew(const std::vector<WorkerHandle> &handles);
    void insertRange(int row, const std::vector<FleetRow> &entries);
    void removeRanges(std::vector<int> rows);
    void removeEmptyHeadings();
    void indexRows(size_t from = 0);
    void emitChanged(const std::vector<WorkerHandle> &handles);
    void recount(WorkerHandle handle, qint64 now);
    void sayCounts();
    void letGoneGo(qint64 now);
    void reviewOrder();
    void setPendingMoves(int moves);
    QVariant groupData(const FleetGroups::Group &group, int column, int role) const;
    QVariant restData(const FleetGroups::Group &group, int column, int role) const;
    void sumUpSystems();

    FleetStore &m_store;
    FleetGroups m_groups; ///< Places as of the last ordering.
    FleetOrder m_order;
    HeadingCounts m_counts;
    std::vector<FleetRow> m_rows;
    std::vector<qint32> m_rowOf; ///< By handle; -1 when not in the list.
    std::vector<int> m_headings; ///< Rows that are headings, ascending.
    qint64 m_orderedAt = 0;
    qint64 m_summedAt = 0; ///< When the headings of systems were last summed up.
    qint64 m_countedAt = 0;
    qint64 m_filledFrom = 0; ///< When the list was last empty.
    int m_pendingMoves = 0;
    int m_saidMatches = 0; ///< As views heard last.
    bool m_held = false;
    bool m_orderDirty = false;
    WorkerHandle m_kept = noWorker;
    qint64 m_aimedAt = 0;
    qint64 m_letGoAt = 0; ///< When it was last looked who has been gone for its time, while held.
};

} // namespace pulsedeck
