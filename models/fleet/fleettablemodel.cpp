// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleettablemodel.h"

#include "models/core/visibletext.h"
#include "models/fleet/liveness.h"
#include "models/fleet/systemsummary.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 orderEveryMs = 1'000; // The order refreshes at most this often.
constexpr qint64 fillingMs =
    2'000; // A list that was empty so short a time ago is being filled, not read: holding it would hold a mess.
constexpr size_t mostRemoved = 1'024; // More that leave at once are reported as one reset.
constexpr qint64 aimMs = 3'000; // So long after the pointer moved somebody may be about to click: nothing goes from under it.
// More separate changes at once than this are reported as one reset, or take their time.
constexpr size_t mostRanges = 64;

} // namespace

FleetTableModel::FleetTableModel(FleetStore &store, QObject *parent)
    : QAbstractTableModel(parent)
    , m_store(store)
    , m_groups(store)
    , m_order(store, m_groups)
    , m_counts(store, m_groups)
{
    connect(&m_store, &FleetStore::published, this, &FleetTableModel::onPublished);
    connect(&m_store, &FleetStore::ticked, this, &FleetTableModel::reviewOrder);
    take(wantedRows(), true);
}

int FleetTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int FleetTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(fleetColumns().size());
}

QVariant FleetTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= int(m_rows.size()) || index.column() >= columnCount())
        return {};
    const FleetRow row = m_rows[size_t(index.row())];
    if (row.isRest())
        return restData(m_groups.group(row.group()), index.column(), role);
    if (row.isGroup())
        return groupData(m_groups.group(row.group()), index.column(), role);

    const FleetColumn &column = fleetColumns()[size_t(index.column())];
    const WorkerHandle handle = row.worker();
    switch (role) {
    case Qt::DisplayRole:
        return visibleLine(column.text(m_store, handle, m_store.viewNow()));
    case Qt::TextAlignmentRole:
        return int(column.alignment.toInt());
    case Qt::AccessibleTextRole:
        // The first cells say the whole row, each other one what stands in it.
        if (column.id == FleetColumnId::State || column.id == FleetColumnId::Worker)
            return visibleLine(accessibleText(m_store, handle, m_store.viewNow()));
        return visibleLine(column.name() + u' ' + column.text(m_store, handle, m_store.viewNow()));
    case Qt::ToolTipRole:
        if (column.id == FleetColumnId::Worker) {
            const QString id = QString::fromUtf8(m_store.worker(handle).id);
            const ActorFacts *facts = m_store.actor(handle);
            return toolTipText(facts && !facts->displayName.isEmpty() ? QString(id + u'\n' + facts->displayName) : id);
        }
        if (column.id == FleetColumnId::LastBeat && m_store.hasOtherSystems())
            return beatBasisText(m_store.worker(handle));
        if (const LayoutFacts *facts = m_store.facts(handle); column.id == FleetColumnId::Queues && facts)
            return toolTipText(facts->queues.join(u'\n'));
        if (column.id == FleetColumnId::Source || column.id == FleetColumnId::HostName || column.id == FleetColumnId::Capabilities
            || column.id == FleetColumnId::Registered || column.id == FleetColumnId::Expires)
            return toolTipText(column.text(m_store, handle, m_store.viewNow()));
        if (const QStringList problems = m_store.problems(handle); column.id == FleetColumnId::State && !problems.isEmpty())
            return toolTipText(problems.join(u'\n'));
        return {};
    case HandleRole:
        return QVariant::fromValue(handle);
    case SortRole:
        if (column.byText)
            return column.text(m_store, handle, m_store.viewNow());
        return column.sortKey(m_store, handle, m_store.viewNow());
    case IsGroupRole:
        return false;
    default:
        return {};
    }
}

QVariant FleetTableModel::restData(const FleetGroups::Group &group, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return column == 0 ? QVariant(visibleLine(group.restText)) : QVariant(QString());
    case Qt::AccessibleTextRole:
        return column == 0 ? QString(visibleLine(group.restText) + u", "_s + tr("collapsed")) : QString();
    case Qt::TextAlignmentRole:
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    case HandleRole:
        return QVariant::fromValue(noWorker);
    case IsGroupRole:
    case IsRestRole:
    case GroupCollapsedRole:
        return true;
    default:
        return {};
    }
}

/// What stands at the right of the headings of systems. It looks at every worker: seldom is enough.
void FleetTableModel::sumUpSystems()
{
    constexpr qint64 everyMs = 5'000;
    const qint64 now = m_store.viewNow();
    if (grouping() != FleetGrouping::System || (m_summedAt > 0 && now - m_summedAt < everyMs && now >= m_summedAt))
        return;
    m_summedAt = now;
    std::vector<SystemSummary> sums(m_groups.size());
    for (size_t i = 0; i < m_groups.places().size(); ++i) {
        const qint32 group = m_groups.places()[i].group;
        if (group >= 0 && !m_groups.group(size_t(group)).isDeparted())
            sums[size_t(group)].add(m_store, WorkerHandle(i));
    }
    for (size_t i = 0; i < sums.size(); ++i) {
        FleetGroups::Group &group = m_groups.group(i);
        const QString text = sums[i].text(m_store);
        group.changed = group.changed || text != group.summary;
        group.summary = text;
    }
}

QVariant FleetTableModel::groupData(const FleetGroups::Group &group, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return column == 0 ? QVariant(visibleLine(group.title)) : QVariant(QString());
    case Qt::AccessibleTextRole: {
        if (column != 0)
            return QString();
        QStringList parts{tr("Group %1").arg(visibleLine(group.title)), tr("%Ln worker(s)", nullptr, group.count)};
        if (group.unknown > 0)
            parts.append(tr("%Ln unknown", nullptr, group.unknown));
        if (group.gone > 0)
            parts.append(tr("%Ln gone", nullptr, group.gone));
        parts.append(group.collapsed ? tr("collapsed") : tr("expanded"));
        return parts.join(u", "_s);
    }
    case Qt::TextAlignmentRole:
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    case HandleRole:
        return QVariant::fromValue(noWorker);
    case IsGroupRole:
        return true;
    case GroupCollapsedRole:
        return group.collapsed;
    case GroupCountRole:
        return group.count;
    case GroupUnknownRole:
        return group.unknown;
    case GroupGoneRole:
        return group.gone;
    case GroupDetailRole:
        return m_groups.attentionCounts(group);
    case GroupSummaryRole:
        return group.summary;
    default:
        return {};
    }
}

QVariant FleetTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const FleetColumn &column = fleetColumns()[size_t(section)];
    switch (role) {
    case Qt::DisplayRole:
        if (column.id == FleetColumnId::Sessions && m_store.hasOtherSystems())
            return tr("Busy");
        return column.heading();
    case Qt::ToolTipRole:
        return column.description();
    case Qt::TextAlignmentRole:
        return int(column.alignment.toInt());
    case Qt::AccessibleTextRole:
        return column.name();
    default:
        return {};
    }
}

Qt::ItemFlags FleetTableModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    if (isGroupRow(index.row()))
        return Qt::ItemIsEnabled;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

void FleetTableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= columnCount())
        return;
    m_order.setSort(column, order);
    reorderNow();
}

void FleetTableModel::setFilter(const FleetFilter &filter)
{
    m_order.setFilter(filter);
    m_orderDirty = false;
    take(wantedRows(), true);
}

void FleetTableModel::setGrouping(FleetGrouping grouping)
{
    if (grouping == m_groups.grouping())
        return;
    beginResetModel();
    // Rows still point into the old groups: empty both before the new order is made.
    m_rows.clear();
    m_groups.setGrouping(grouping);
    std::fill(m_rowOf.begin(), m_rowOf.end(), -1);
    FleetOrder::Rows order = wantedRows();
    m_rows = std::move(order.rows);
    m_groups.setPlaces(std::move(order.places));
    m_counts.recountAll(m_groups.places());
    m_summedAt = 0;
    sumUpSystems();
    indexRows();
    endResetModel();
    setPendingMoves(0);
    emit orderChanged();
    sayCounts();
}

void FleetTableModel::setGroupCollapsed(int row, bool collapsed)
{
    if (!isGroupRow(row))
        return;
    FleetGroups::Group &group = m_groups.group(m_rows[size_t(row)].group());
    if (m_rows[size_t(row)].isRest()) {
        if (collapsed)
            return;
        group.showsAll = true;
        take(wantedRows(), false);
        return;
    }
    if (group.collapsed == collapsed)
        return;
    group.collapsed = collapsed;
    group.changed = true;
    take(wantedRows(), false);
    emitChanged({});
}

void FleetTableModel::setHealthyCollapsed(bool collapsed)
{
    m_groups.setHealthyCollapsed(collapsed);
    for (size_t i = 0; i < m_groups.size(); ++i)
        m_groups.group(i).showsAll = false;
    take(wantedRows(), false);
}

void FleetTableModel::expandFor(WorkerHandle handle)
{
    const FleetGroups::Place place = m_groups.place(handle);
    if (place.group < 0 || rowOf(handle) >= 0)
        return;
    FleetGroups::Group &group = m_groups.group(size_t(place.group));
    group.changed = group.changed || group.collapsed;
    group.collapsed = false;
    group.showsAll = true;
    take(wantedRows(), false);
}

void FleetTableModel::setHeld(bool held)
{
    if (held == m_held)
        return;
    m_held = held;
    if (!held)
        reorderNow();
}

void FleetTableModel::reorderNow()
{
    m_orderDirty = false;
    take(wantedRows(), false);
}

WorkerHandle FleetTableModel::handleAt(int row) const
{
    if (row < 0 || row >= int(m_rows.size()) || m_rows[size_t(row)].isGroup())
        return noWorker;
    return m_rows[size_t(row)].worker();
}

int FleetTableModel::rowOf(WorkerHandle handle) const
{
    return handle < m_rowOf.size() ? m_rowOf[handle] : -1;
}

bool FleetTableModel::isGroupRow(int row) const
{
    return row >= 0 && row < int(m_rows.size()) && m_rows[size_t(row)].isGroup();
}

QString FleetTableModel::copyText(const std::vector<int> &rows, const std::vector<int> &columnNumbers) const
{
    const qint64 now = m_store.viewNow();
    QString text;
    const auto appendLine = [&](const auto &cell) {
        QStringList cells;
        for (const int column : columnNumbers)
            cells.append(cell(fleetColumns()[size_t(column)]));
        text += cells.join(u'\t') + u'\n';
    };
    appendLine([](const FleetColumn &column) { return column.name(); });
    for (const int row : rows) {
        const WorkerHandle handle = handleAt(row);
        if (handle == noWorker)
            continue;
        appendLine([&](const FleetColumn &column) {
            // Copied text is pasted elsewhere: there the whole id is wanted.
            return column.id == FleetColumnId::Worker ? QString::fromUtf8(m_store.worker(handle).id)
                                                      : column.text(m_store, handle, now);
        });
    }
    return text;
}

QByteArray FleetTableModel::copyJson(const std::vector<int> &rows) const
{
    const qint64 now = m_store.viewNow();
    QJsonArray array;
    for (const int row : rows) {
        if (const WorkerHandle handle = handleAt(row); handle != noWorker)
            array.append(workerJson(m_store, handle, now));
    }
    return QJsonDocument(array).toJson();
}

std::vector<WorkerHandle> FleetTableModel::matching() const
{
    std::vector<WorkerHandle> workers;
    const qint64 now = m_store.viewNow();
    for (size_t i = 0; i < m_groups.places().size(); ++i) {
        const WorkerHandle handle = WorkerHandle(i);
        if (m_groups.places()[i].group >= 0 && m_store.worker(handle).liveness != Liveness::Departed
            && m_order.accepts(handle, now))
            workers.push_back(handle);
    }
    const auto place = [this](WorkerHandle handle) { return std::pair(quint32(m_rowOf[handle]), handle); }; // No row: last.
    std::sort(workers.begin(), workers.end(), [&](WorkerHandle a, WorkerHandle b) { return place(a) < place(b); });
    return workers;
}

void FleetTableModel::sayCounts()
{
    if (matchCount() != std::exchange(m_saidMatches, matchCount()))
        emit matchCountChanged(matchCount());
}

void FleetTableModel::setPendingMoves(int moves)
{
    if (moves == m_pendingMoves)
        return;
    m_pendingMoves = moves;
    emit pendingMovesChanged(moves);
}

FleetOrder::Rows FleetTableModel::wantedRows()
{
    m_rowOf.resize(size_t(m_store.capacity()), -1);
    return m_order.wanted(m_rowOf, m_store.viewNow());
}

void FleetTableModel::recount(WorkerHandle handle, qint64 now)
{
    m_counts.recount(handle, m_order.accepts(handle, now), now);
}

/// What is wanted becomes what is shown.
void FleetTableModel::take(FleetOrder::Rows order, bool forceReset)
{
    m_orderedAt = m_store.viewNow();
    m_groups.setPlaces(std::move(order.places));
    m_counts.recountAll(m_groups.places());
    sumUpSystems();
    adopt(std::move(order.rows), forceReset);
    sayCounts();
}

void FleetTableModel::adopt(std::vector<FleetRow> order, bool forceReset)
{
    setPendingMoves(0);
    if (order == m_rows) {
        emitChanged({});
        return;
    }
    if (m_rows.empty())
        m_filledFrom = m_store.viewNow();
    if (forceReset || m_rows.empty()) {
        reset(std::move(order));
        return;
    }
    // Positions in the new order: by handle, and by line for headings and what stands for the rest of a group.
    std::vector<int> newRowOf(m_rowOf.size(), -1);
    std::vector<int> newRowOfGroup(m_groups.size() * 2, -1);
    for (size_t i = 0; i < order.size(); ++i) {
        if (order[i].isGroup())
            newRowOfGroup[order[i].line()] = int(i);
        else
            newRowOf[order[i].worker()] = int(i);
    }
    std::vector<bool> kept(order.size(), false);
    std::vector<int> gone;
    size_t ranges = 0;
    bool before = false;
    for (size_t i = 0; i < m_rows.size(); ++i) {
        const int to = m_rows[i].isGroup()                    ? newRowOfGroup[m_rows[i].line()]
                       : m_rows[i].worker() < newRowOf.size() ? newRowOf[m_rows[i].worker()]
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
    if (ranges > mostRanges) {
        reset(std::move(order));
        return;
    }
    removeRanges(gone);
    std::vector<FleetRow> survivors;
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

void FleetTableModel::reset(std::vector<FleetRow> order)
{
    beginResetModel();
    m_rows = std::move(order);
    indexRows();
    endResetModel();
    emit orderChanged();
}

void FleetTableModel::permute(const std::vector<FleetRow> &survivors)
{
    if (survivors == m_rows)
        return;
    emit layoutAboutToBeChanged({}, VerticalSortHint);
    std::vector<int> groupRow(m_groups.size() * 2, -1);
    std::vector<FleetRow> old = survivors;
    old.swap(m_rows);
    indexRows();
    for (size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i].isGroup())
            groupRow[m_rows[i].line()] = int(i);
    }
    const QModelIndexList from = persistentIndexList();
    QModelIndexList to;
    to.reserve(from.size());
    for (const QModelIndex &one : from) {
        const FleetRow entry = old[size_t(one.row())];
        const int row = entry.isGroup() ? groupRow[entry.line()] : m_rowOf[entry.worker()];
        to.append(index(row, one.column()));
    }
    changePersistentIndexList(from, to);
    emit layoutChanged({}, VerticalSortHint);
}

/// New workers go to the end of their group without moving anything else.
void FleetTableModel::insertNew(const std::vector<WorkerHandle> &handles)
{
    const qint64 now = m_store.viewNow();
    m_rowOf.resize(size_t(m_store.capacity()), -1);
    std::vector<std::vector<FleetRow>> byGroup;
    bool any = false;
    for (const WorkerHandle handle : handles) {
        if (m_rowOf[handle] >= 0 || !m_order.accepts(handle, now))
            continue;
        const FleetGroups::Place place = m_groups.placeOf(handle, now);
        m_groups.setPlace(handle, place);
        byGroup.resize(m_groups.size());
        // Healthy ones join the line that stands for them, and children their parents, at the next ordering.
        const bool joins = !m_groups.group(size_t(place.group)).rest.empty() && place.severity == 0;
        if (!joins)
            byGroup[size_t(place.group)].push_back(FleetRow::ofWorker(handle));
        recount(handle, now);
        any = true;
    }
    if (m_rows.empty())
        m_filledFrom = now;
    m_groups.rank();
    const bool headings = m_groups.hasHeadings();
    for (size_t number = 0; number < byGroup.size(); ++number) {
        if (byGroup[number].empty())
            continue;
        // The end of the group: where the first heading of a later group stands.
        std::vector<FleetRow> entries = std::move(byGroup[number]);
        size_t row = m_rows.size();
        bool present = !headings;
        if (headings) {
            for (const int heading : groupRows()) {
                const size_t other = m_rows[size_t(heading)].group();
                present |= other == number;
                if (m_groups.group(other).rank > m_groups.group(number).rank) {
                    row = size_t(heading);
                    break;
                }
            }
        }
        if (headings && m_groups.group(number).collapsed)
            entries.clear();
        if (!present)
            entries.insert(entries.begin(), FleetRow::ofGroup(number));
        if (!entries.empty())
            insertRange(int(row), entries);
    }
    if (any)
        emit orderChanged();
    sayCounts();
}

void FleetTableModel::insertRange(int row, const std::vector<FleetRow> &entries)
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
                m_rowOf[m_rows[size_t(row)].worker()] = -1;
        }
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        indexRows(size_t(first));
        endRemoveRows();
    }
}

void FleetTableModel::removeEmptyHeadings()
{
    const std::vector<int> members = m_groups.members();
    std::vector<int> empty;
    for (const int row : groupRows()) {
        if (members[m_rows[size_t(row)].group()] == 0)
            empty.push_back(row);
    }
    removeRanges(empty);
}

void FleetTableModel::indexRows(size_t from)
{
    if (from == 0)
        std::fill(m_rowOf.begin(), m_rowOf.end(), -1);
    m_headings.erase(std::lower_bound(m_headings.begin(), m_headings.end(), int(from)), m_headings.end());
    for (size_t i = from; i < m_rows.size(); ++i) {
        if (m_rows[i].isGroup() && !m_rows[i].isRest())
            m_headings.push_back(int(i));
        else if (!m_rows[i].isGroup())
            m_rowOf[m_rows[i].worker()] = qint32(i);
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
    for (const int row : groupRows()) {
        if (!std::exchange(m_groups.group(m_rows[size_t(row)].group()).changed, false))
            continue;
        rows.push_back(row);
        for (int below = row + 1; below < int(m_rows.size()) && !m_groups.group(m_rows[size_t(row)].group()).rest.empty();
             ++below) {
            if (m_rows[size_t(below)].isRest()) {
                rows.push_back(below);
                break;
            }
        }
    }
    std::sort(rows.begin(), rows.end());
    for (size_t i = 0; i < rows.size();) {
        size_t end = i + 1;
        while (end < rows.size() && rows[end] <= rows[end - 1] + 1)
            ++end;
        emit dataChanged(index(rows[i], 0), index(rows[end - 1], lastColumn), roles);
        i = end;
    }
}

void FleetTableModel::onPublished(const FleetChanges &changes)
{
    if (changes.reset) {
        // Sources came, went, or were hidden: what was asked for is seen at once.
        take(wantedRows(), true);
        return;
    }
    const qint64 now = m_store.viewNow();
    std::vector<int> rows;
    for (const WorkerHandle handle : changes.removed) {
        if (rowOf(handle) >= 0)
            rows.push_back(m_rowOf[handle]);
        m_counts.uncount(handle);
        m_groups.setPlace(handle, {});
    }
    if (!rows.empty()) {
        std::sort(rows.begin(), rows.end());
        if (rows.size() > mostRemoved) {
            take(wantedRows(), true);
            return;
        }
        removeRanges(rows);
        m_orderDirty = true;
        emit orderChanged();
    }
    for (const WorkerHandle handle : changes.changed) {
        if (m_store.worker(handle).used) // Else it ended and left the store at once.
            recount(handle, now);
    }
    if (!changes.added.empty()) {
        insertNew(changes.added);
        m_orderDirty = true;
    }
    emitChanged(changes.changed);
    if (!m_orderDirty && !changes.changed.empty())
        m_orderDirty = m_order.isMovedBy(changes.changed, now);
    sayCounts();
}

void FleetTableModel::reviewOrder()
{
    const qint64 now = m_store.viewNow();
    // A gone worker joins the departed and an age passes a filter's bound without news: look now and then.
    constexpr qint64 anywayEveryMs = 5'000;
    const bool due = m_orderDirty || filter().dependsOnTime() || (m_counts.goneWaits() && now - m_orderedAt >= anywayEveryMs);
    if (m_held && m_counts.anyGone() && now - m_aimedAt >= aimMs && now - m_letGoAt >= orderEveryMs) {
        m_letGoAt = now;
        letGoneGo(now);
    }
    if (!due || now - m_orderedAt < orderEveryMs)
        return;
    if (!m_held || now - m_filledFrom < fillingMs) {
        reorderNow();
        return;
    }
    // Counting costs what ordering costs: less often for a long list.
    const qint64 countEveryMs = m_rows.size() > 20'000 ? 3 * orderEveryMs : orderEveryMs;
    if (now - m_countedAt < countEveryMs)
        return;
    m_countedAt = now;
    const FleetOrder::Rows order = wantedRows();
    const int moved = m_order.moves(order, m_rowOf);
    // What is shown stays as it is; only who matches may be others by now, since some filters depend on the time.
    m_counts.recountAll(order.places);
    emitChanged({});
    sayCounts();
    setPendingMoves(moved);
}

/// While the order is held: who has been gone for its time joins the departed all the same, and a heading that has nobody left
/// goes with it. The rest stays where it is. Each place a row is taken from costs a walk over all that follow: of many that are
/// scattered some go now, the others the next time.
void FleetTableModel::letGoneGo(qint64 now)
{
    if (!m_groups.hasHeadings())
        return; // There are no departed to join.
    std::vector<std::pair<int, WorkerHandle>> due; // With their rows, -1 in a group that is collapsed.
    size_t shown = 0;
    for (const WorkerHandle handle : m_counts.goneLongAgo(now, m_kept)) {
        due.emplace_back(rowOf(handle), handle);
        shown += due.back().first >= 0;
    }
    if (due.empty())
        return;
    if (shown > mostRemoved) {
        reorderNow(); // A fleet went: nothing that was aimed at stands where it stood anyway.
        return;
    }
    std::sort(due.begin(), due.end());
    std::vector<WorkerHandle> gone;
    std::vector<int> rows;
    size_t ranges = 0;
    for (const auto &[row, handle] : due) {
        if (row >= 0) {
            ranges += rows.empty() || rows.back() != row - 1;
            if (ranges > mostRanges)
                break;
            rows.push_back(row);
        }
        gone.push_back(handle);
        m_counts.letGo(handle);
        m_groups.setPlace(handle, {});
    }
    removeRanges(rows);
    removeEmptyHeadings();
    insertNew(gone);
    for (const WorkerHandle handle : gone)
        recount(handle, now); // Also of one that the filter does not let in again.
    emitChanged({});
    m_countedAt = 0;
    emit orderChanged();
    sayCounts();
}

} // namespace pulsedeck
