// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetcolumns.h"
#include "models/fleet/fleetfilter.h"
#include "models/fleet/fleetstore.h"

#include <QAbstractTableModel>

#include <array>
#include <set>
#include <vector>

namespace pulsedeck {

enum class FleetGrouping : quint8 { None, Attention, Type, Source, Status, Liveness };

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

    explicit FleetTableModel(FleetStore &store, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Applies at once, also while held: the operator asked for it.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;
    int sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_sortOrder; }

    FleetStore &store() const { return m_store; }
    void setFilter(const FleetFilter &filter);
    const FleetFilter &filter() const { return m_filter; }
    void setGrouping(FleetGrouping grouping);
    FleetGrouping grouping() const { return m_grouping; }
    void setGroupCollapsed(int row, bool collapsed);

    /// Holds the order: somebody is about to act on a row. Released, it is brought up to date at once.
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
    /// Rows that are headings, in order.
    const std::vector<int> &groupRows() const { return m_headings; }
    /// Workers that match the filter, in collapsed groups too.
    int matchCount() const { return m_matchCount; }
    /// Those of the list, in its order, that match the filter now and have not departed; those in collapsed groups come
    /// last.
    std::vector<WorkerHandle> matching() const;
    /// It has a row, or belongs into a group that is folded.
    bool contains(WorkerHandle handle) const { return handle < m_places.size() && m_places[handle].group >= 0; }
    /// It stands among what needs attention. Always false where the list is grouped by something else.
    bool standsInAttention(WorkerHandle handle) const;

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
    struct Entry
    {
        quint32 value; ///< A handle, or a group's number with groupBit set.
        static constexpr quint32 groupBit = 0x8000'0000u;
        bool isGroup() const { return value & groupBit; }
        bool operator==(const Entry &) const = default;
    };
    /// What a heading tells apart: a liveness, or of those alive who drains and who needs attention for something else.
    enum Part { DrainingPart = int(Liveness::Departed) + 1, OtherPart, partCount };
    struct Group
    {
        QString title;
        qint64 rank = 0; ///< Position among the headings.
        int count = 0;
        int unknown = 0;
        int gone = 0; ///< Not in count.
        bool collapsed = false;
        std::array<int, partCount> parts{}; ///< Of count, by Part.
    };
    /// Where a worker belongs: its group and, inside the group of what needs attention, how bad it is.
    struct Place
    {
        qint32 group = -1; ///< Index into m_groups; -1 when it was never placed.
        qint32 severity = 0;
        bool operator==(const Place &) const = default;
    };

    /// How a worker is counted: as it is now, while its place is as of the last ordering.
    struct Counted
    {
        qint32 group = -1; ///< -1: in no heading.
        qint8 part = 0;
        bool matches = false;
        bool known = true;
        bool gone = false; ///< Departed, and still where it stood.
    };
    struct Order
    {
        std::vector<Entry> rows;
        std::vector<Place> places; ///< By handle.
    };

    static constexpr size_t mostRanges =
        64; ///< More separate changes at once than this are told as one reset, or take their time.

    void onPublished(const FleetChanges &changes);
    bool accepts(WorkerHandle handle, qint64 now) const;
    Place placeOf(WorkerHandle handle, qint64 now);
    int groupNumber(const QString &title, qint64 rank);
    enum FixedGroup { Ungrouped, NeedsAttention, Available, DepartedGroup, fixedGroupCount };
    int fixedGroup(FixedGroup which, QLatin1StringView title, qint64 rank);
    void rankGroups();
    Order wantedOrder();
    void take(Order order, bool forceReset);
    void adopt(std::vector<Entry> order, bool forceReset);
    void permute(const std::vector<Entry> &survivors);
    void insertNew(const std::vector<WorkerHandle> &handles);
    void insertRange(int row, const std::vector<Entry> &entries);
    void removeRanges(std::vector<int> rows);
    void indexRows(size_t from = 0);
    void emitChanged(const std::vector<WorkerHandle> &handles);
    bool isBlind(const Worker &worker) const;
    bool standsAmongLiving(WorkerHandle handle) const;
    Counted countedIn(WorkerHandle handle, qint32 group) const;
    void count(const Counted &counted, int sign);
    void recount(WorkerHandle handle, qint64 now);
    void uncount(WorkerHandle handle);
    void recountAll(const std::vector<Place> &fresh);
    void sayCounts();
    void letGoneGo(qint64 now);
    void removeEmptyHeadings();
    bool movesOrder(const std::vector<WorkerHandle> &handles);
    void reviewOrder();
    void setPendingMoves(int moves);
    QVariant groupData(const Group &group, int column, int role) const;
    static QVariantMap attentionCounts(const Group &group);

    FleetStore &m_store;
    FleetFilter m_filter;
    std::vector<Entry> m_rows;
    std::vector<qint32> m_rowOf; ///< By handle; -1 when not in the list.
    std::vector<Place> m_places; ///< By handle, as of the last ordering.
    std::vector<Counted> m_counted; ///< By handle, as of the last publish.
    std::vector<int> m_headings; ///< Rows that are headings, ascending.
    std::vector<Group> m_groups;
    QHash<QString, int> m_groupNumbers;
    std::array<int, fixedGroupCount> m_fixedGroups{-1, -1, -1, -1}; ///< Numbers of the groups nearly all workers are in.
    FleetGrouping m_grouping = FleetGrouping::Attention;
    int m_sortColumn = int(FleetColumnId::Worker);
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    qint64 m_orderedAt = 0;
    qint64 m_countedAt = 0;
    qint64 m_filledFrom = 0; ///< When the list was last empty.
    int m_pendingMoves = 0;
    int m_matchCount = 0;
    int m_saidMatches = 0; ///< As views were told last.
    bool m_held = false;
    bool m_orderDirty = false;
    std::set<WorkerHandle> m_goneRows; ///< Departed, still where they stood, and counted as gone there.
    WorkerHandle m_kept = noWorker;
    qint64 m_aimedAt = 0;
    qint64 m_letGoAt = 0; ///< When it was last looked who has been gone for its time, while held.
    bool m_goneWaits = false; ///< A gone worker still keeps its place, and time alone will move it.
};

} // namespace pulsedeck
