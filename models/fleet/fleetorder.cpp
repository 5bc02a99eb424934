// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetorder.h"

#include "models/core/prefetch.h"
#include "models/fleet/fleetsort.h"

#include <algorithm>
#include <limits>

namespace pulsedeck {

namespace {

/// Length of the longest run of rows that keep their sequence: all others have to move.
int longestKept(const std::vector<int> &positions)
{
    std::vector<int> tails;
    for (const int position : positions) {
        const auto it = std::lower_bound(tails.begin(), tails.end(), position);
        if (it == tails.end())
            tails.push_back(position);
        else
            *it = position;
    }
    return int(tails.size());
}

} // namespace

void FleetOrder::setSort(int column, Qt::SortOrder order)
{
    m_column = column;
    m_direction = order;
}

bool FleetOrder::accepts(WorkerHandle handle, qint64 now) const
{
    const Worker &worker = m_store.worker(handle);
    return worker.used && m_store.isSourceVisible(worker.source)
           && (m_filter.isEmpty() || m_filter.matches(m_store, handle, now));
}

FleetOrder::Rows FleetOrder::wanted(const std::vector<qint32> &rowOf, qint64 now)
{
    const FleetColumn &column = fleetColumns()[size_t(m_column)];
    const int capacity = m_store.capacity();

    const bool byAddress = column.id == FleetColumnId::Worker;
    Rows order;
    order.places.resize(size_t(capacity));
    std::vector<SortItem> items;
    items.reserve(size_t(capacity));
    constexpr int ahead = 8;
    for (int i = 0; i < capacity; ++i) {
        const WorkerHandle handle = WorkerHandle(i);
        if (i + 2 * ahead < capacity)
            prefetch(&m_store.worker(WorkerHandle(i + 2 * ahead)));
        if (i + ahead < capacity) {
            const Worker &soon = m_store.worker(WorkerHandle(i + ahead));
            prefetch(soon.id.constData());
            if (!m_filter.isEmpty())
                prefetch(soon.host.constData());
        }
        if (!accepts(handle, now))
            continue;
        order.places[handle] = m_groups.placeOf(handle, now);
        // Here and not with the rank below: what the filter has looked at is still near.
        const double key = column.byText ? 0.0 : column.sortKey(m_store, handle, now);
        const Worker &worker = m_store.worker(handle);
        items.push_back({key, 0, rowOf[handle] < 0 ? newPlace : quint32(rowOf[handle]), handle,
                         byAddress && !worker.traits->ids.typed ? worker.id.constData() : nullptr});
    }
    m_groups.rank();

    // Text columns have few distinct values: rank those once instead of comparing text a million times.
    std::vector<double> textRanks; // By the number the item holds as its key till then.
    if (column.byText) {
        QHash<QString, int> numbers;
        for (SortItem &item : items) {
            const QString text = column.text(m_store, item.handle, now);
            auto number = numbers.constFind(text);
            if (number == numbers.constEnd())
                number = numbers.insert(text, int(numbers.size()));
            item.key = *number;
        }
        QStringList texts = numbers.keys();
        texts.sort(Qt::CaseInsensitive);
        textRanks.resize(size_t(numbers.size()));
        for (qsizetype i = 0; i < texts.size(); ++i)
            textRanks[size_t(numbers.value(texts.at(i)))] = double(i);
    }
    constexpr double unknownKey = std::numeric_limits<double>::max();
    for (SortItem &item : items) {
        const FleetGroups::Place place = order.places[item.handle];
        item.rank = qMin(m_groups.group(size_t(place.group)).rank, qint64(1) << 40) * 1024 - place.severity;
        if (column.byText)
            item.key = textRanks[size_t(item.key)];
        if (m_direction == Qt::DescendingOrder && item.key != unknownKey)
            item.key = -item.key;
    }
    sortItems(&items, ComesBefore{m_direction == Qt::DescendingOrder});

    order.rows.reserve(items.size() + m_groups.size());
    const bool headings = m_groups.hasHeadings();
    qint32 group = -1;
    for (const SortItem &item : items) {
        const qint32 own = order.places[item.handle].group;
        if (headings && own != group) {
            group = own;
            order.rows.push_back(FleetRow::ofGroup(size_t(own)));
        }
        if (!headings || !m_groups.group(size_t(own)).collapsed)
            order.rows.push_back(FleetRow::ofWorker(item.handle));
    }
    return order;
}

bool FleetOrder::isMovedBy(const std::vector<WorkerHandle> &handles, qint64 now)
{
    const FleetColumnId column = FleetColumnId(m_column);
    const bool steadyKey = column == FleetColumnId::Worker || column == FleetColumnId::Type || column == FleetColumnId::Source
                           || column == FleetColumnId::Host || column == FleetColumnId::Started;
    if (!steadyKey)
        return true;
    for (const WorkerHandle handle : handles) {
        // A worker that went keeps its place, and leaves its heading's count.
        if (m_store.worker(handle).liveness == Liveness::Departed || m_groups.placeOf(handle, now) != m_groups.place(handle))
            return true;
        if (!m_filter.isEmpty() && accepts(handle, now) != (m_groups.place(handle).group >= 0))
            return true;
    }
    return false;
}

int FleetOrder::moves(const Rows &rows, const std::vector<qint32> &rowOf) const
{
    std::vector<int> positions;
    positions.reserve(rows.rows.size());
    int moved = 0;
    for (const FleetRow &row : rows.rows) {
        // The departed stand in the order they went until the next ordering: nobody waits for that.
        if (row.isGroup() && m_groups.group(row.group()).isDeparted())
            break;
        if (row.isGroup())
            continue;
        if (rowOf[row.worker()] >= 0)
            positions.push_back(rowOf[row.worker()]);
        else
            ++moved;
    }
    return moved + int(positions.size()) - longestKept(positions);
}

} // namespace pulsedeck
