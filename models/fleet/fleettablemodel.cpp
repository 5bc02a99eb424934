// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleettablemodel.h"

#include "models/core/visibletext.h"
#include "models/fleet/liveness.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

FleetTableModel::FleetTableModel(FleetStore &store, QObject *parent)
    : QAbstractTableModel(parent)
    , m_store(store)
{
    connect(&m_store, &FleetStore::published, this, &FleetTableModel::onPublished);
    connect(&m_store, &FleetStore::ticked, this, &FleetTableModel::reviewOrder);
    take(wantedOrder(), true);
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
    const Entry entry = m_rows[size_t(index.row())];
    if (entry.isGroup())
        return groupData(m_groups[entry.value & ~Entry::groupBit], index.column(), role);

    const FleetColumn &column = fleetColumns()[size_t(index.column())];
    const WorkerHandle handle = entry.value;
    switch (role) {
    case Qt::DisplayRole:
        return visibleLine(column.text(m_store, handle, m_store.viewNow()));
    case Qt::TextAlignmentRole:
        return int(column.alignment.toInt());
    case Qt::AccessibleTextRole:
        // The first cells say the whole row, each other one what stands in it.
        if (column.id == FleetColumnId::State || column.id == FleetColumnId::Worker)
            return visibleLine(accessibleText(m_store, handle, m_store.viewNow()));
        return visibleLine(QString::fromUtf8(column.title) + u' ' + column.text(m_store, handle, m_store.viewNow()));
    case Qt::ToolTipRole:
        if (column.id == FleetColumnId::Worker) {
            const QString id = QString::fromUtf8(m_store.worker(handle).id);
            const ActorFacts *facts = m_store.actor(handle);
            return toolTipText(facts && !facts->displayName.isEmpty() ? QString(id + u'\n' + facts->displayName) : id);
        }
        if (column.id == FleetColumnId::Source || column.id == FleetColumnId::Capabilities
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

QVariant FleetTableModel::groupData(const Group &group, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole:
        return column == 0 ? QVariant(visibleLine(group.title)) : QVariant(QString());
    case Qt::AccessibleTextRole:
        if (column != 0)
            return QString();
        return QString(u"Group %1, %2 workers, %3%4"_s.arg(visibleLine(group.title))
                           .arg(group.count)
                           .arg(QString((group.unknown > 0 ? u"%1 unknown, "_s.arg(group.unknown) : QString())
                                        % (group.gone > 0 ? u"%1 gone, "_s.arg(group.gone) : QString())),
                                group.collapsed ? u"collapsed"_s : u"expanded"_s));
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
        if (m_grouping == FleetGrouping::Attention && group.rank == 0)
            return attentionCounts(group);
        return {};
    default:
        return {};
    }
}

QVariantMap FleetTableModel::attentionCounts(const Group &group)
{
    QVariantMap map;
    for (int part = 0; part < partCount; ++part) {
        if (group.parts[size_t(part)] > 0)
            map.insert(part == DrainingPart ? statusName(WorkerStatus::Draining)
                       : part == OtherPart  ? u"other"_s
                                            : livenessName(Liveness(part)),
                       group.parts[size_t(part)]);
    }
    return map;
}

QVariant FleetTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const FleetColumn &column = fleetColumns()[size_t(section)];
    switch (role) {
    case Qt::DisplayRole:
        return QString::fromUtf8(column.title);
    case Qt::ToolTipRole:
        return QString::fromUtf8(column.toolTip);
    case Qt::TextAlignmentRole:
        return int(column.alignment.toInt());
    case Qt::AccessibleTextRole:
        return column.title[0] ? QString::fromUtf8(column.title) : u"State"_s;
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
    m_sortColumn = column;
    m_sortOrder = order;
    reorderNow();
}

void FleetTableModel::setFilter(const FleetFilter &filter)
{
    m_filter = filter;
    m_orderDirty = false;
    take(wantedOrder(), true);
}

void FleetTableModel::setGrouping(FleetGrouping grouping)
{
    if (grouping == m_grouping)
        return;
    beginResetModel();
    m_grouping = grouping;
    // Rows still point into the old groups: empty both before the new order is made.
    m_rows.clear();
    m_groups.clear();
    m_groupNumbers.clear();
    m_fixedGroups.fill(-1);
    m_places.clear();
    m_counted.clear();
    m_matchCount = 0;
    std::fill(m_rowOf.begin(), m_rowOf.end(), -1);
    Order order = wantedOrder();
    m_rows = std::move(order.rows);
    m_places = std::move(order.places);
    recountAll(m_places);
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
    Group &group = m_groups[m_rows[size_t(row)].value & ~Entry::groupBit];
    if (group.collapsed == collapsed)
        return;
    group.collapsed = collapsed;
    take(wantedOrder(), false);
    emitChanged({});
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
    take(wantedOrder(), false);
}

WorkerHandle FleetTableModel::handleAt(int row) const
{
    if (row < 0 || row >= int(m_rows.size()) || m_rows[size_t(row)].isGroup())
        return noWorker;
    return m_rows[size_t(row)].value;
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
    appendLine([](const FleetColumn &column) { return column.title[0] ? QString::fromUtf8(column.title) : u"State"_s; });
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
    for (size_t i = 0; i < m_places.size(); ++i) {
        const WorkerHandle handle = WorkerHandle(i);
        if (m_places[i].group >= 0 && m_store.worker(handle).liveness != Liveness::Departed && accepts(handle, now))
            workers.push_back(handle);
    }
    const auto place = [this](WorkerHandle handle) { return std::pair(quint32(m_rowOf[handle]), handle); }; // No row: last.
    std::sort(workers.begin(), workers.end(), [&](WorkerHandle a, WorkerHandle b) { return place(a) < place(b); });
    return workers;
}

bool FleetTableModel::standsInAttention(WorkerHandle handle) const
{
    const qint32 attention = m_fixedGroups[NeedsAttention];
    return attention >= 0 && handle < m_places.size() && m_places[handle].group == attention;
}

void FleetTableModel::sayCounts()
{
    if (m_matchCount != std::exchange(m_saidMatches, m_matchCount))
        emit matchCountChanged(m_matchCount);
}

void FleetTableModel::setPendingMoves(int moves)
{
    if (moves == m_pendingMoves)
        return;
    m_pendingMoves = moves;
    emit pendingMovesChanged(moves);
}

} // namespace pulsedeck
