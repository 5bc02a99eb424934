// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/fleetorder.h"

#include "models/core/format.h"
#include "models/core/prefetch.h"
#include "models/fleet/liveness.h"

#include <algorithm>
#include <limits>
#include <map>

using namespace Qt::StringLiterals;

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
    Children children;
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
        if (m_store.worker(handle).child) {
            const WorkerHandle parent = m_groups.parentOf(handle);
            if (parent != noWorker && accepts(parent, now)) {
                children[parent].push_back(handle);
                continue;
            }
        }
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
    for (size_t i = 0; i < m_groups.size(); ++i)
        m_groups.group(i).rest.clear();
    for (size_t from = 0; from < items.size();) {
        const qint32 group = order.places[items[from].handle].group;
        size_t end = m_groups.hasHeadings() ? from + 1 : items.size();
        while (end < items.size() && order.places[items[end].handle].group == group)
            ++end;
        addGroup(size_t(group), std::span(items).subspan(from, end - from), children, &order);
        from = end;
    }
    return order;
}

void FleetOrder::setPinned(std::vector<WorkerHandle> pinned)
{
    m_pinned = std::move(pinned);
    std::sort(m_pinned.begin(), m_pinned.end());
}

/// The rows of one group, in order. Where healthy workers collapse, a few stand while there is room, and all that are
/// selected or that a child in need of attention hangs under; the others become one line.
void FleetOrder::addGroup(size_t number, std::span<const SortItem> items, const Children &children, Rows *order)
{
    FleetGroups::Group &group = m_groups.group(number);
    if (m_groups.hasHeadings())
        order->rows.push_back(FleetRow::ofGroup(number));
    if (m_groups.hasHeadings() && group.collapsed)
        return;
    const auto add = [&](WorkerHandle handle) {
        order->rows.push_back(FleetRow::ofWorker(handle));
        const auto hung = children.constFind(handle);
        if (hung == children.constEnd())
            return;
        std::vector<WorkerHandle> below = *hung;
        std::sort(below.begin(), below.end(),
                  [this](WorkerHandle a, WorkerHandle b) { return m_store.worker(a).id < m_store.worker(b).id; });
        for (const WorkerHandle one : below)
            order->rows.push_back(FleetRow::ofWorker(one));
    };
    const auto isShown = [&](WorkerHandle handle) {
        if (order->places[handle].severity > 0 || std::binary_search(m_pinned.begin(), m_pinned.end(), handle))
            return true;
        const auto hung = children.constFind(handle);
        return hung != children.constEnd() && std::any_of(hung->begin(), hung->end(), [this](WorkerHandle one) {
                   return needsAttention(m_store.worker(one));
               });
    };
    const bool collapses = m_groups.collapsesHealthy() && !group.showsAll && !group.isDeparted();
    constexpr qsizetype usualRows = 4; // So many stand in a group without exceptions.
    qsizetype shown = collapses
                          ? std::count_if(items.begin(), items.end(), [&](const SortItem &item) { return isShown(item.handle); })
                          : qsizetype(items.size());
    // One row less is no gain over the line that takes its place.
    const qsizetype room = qMax<qsizetype>(0, usualRows - shown);
    if (!collapses || qsizetype(items.size()) - shown <= room + 1) {
        for (const SortItem &item : items)
            add(item.handle);
        return;
    }
    qsizetype left = room;
    for (const SortItem &item : items) {
        const bool own = isShown(item.handle);
        if (own || left > 0)
            add(item.handle);
        else
            group.rest.push_back(item.handle);
        left -= own ? 0 : 1;
    }
    sumUpRest(group);
    order->rows.push_back(FleetRow::ofRest(number));
}

/// "422 more, all available · 1,201 of 2,110 busy", or by their words: "36 more, 24 idle, 12 busy".
void FleetOrder::sumUpRest(FleetGroups::Group &group) const
{
    std::map<std::pair<int, int>, std::pair<int, WorkerHandle>> words; // By status and word: how many, and one of them.
    qint64 busy = 0;
    qint64 capacity = 0;
    for (const WorkerHandle handle : group.rest) {
        const Worker &worker = m_store.worker(handle);
        auto &[count, one] = words[{int(worker.status), int(worker.statusWord)}];
        ++count;
        one = handle;
        if (worker.capacity > 0) {
            capacity += worker.capacity;
            busy += qMax(0, worker.activeSessions);
        }
    }
    const int all = int(group.rest.size());
    QString text;
    if (words.size() == 1) {
        text = tr("%1 more, all %2", "workers, and what they all are")
                   .arg(groupedNumber(all), reportedStatus(m_store, words.begin()->second.second));
    } else {
        std::vector<std::pair<int, WorkerHandle>> counts;
        counts.reserve(size_t(words.size()));
        for (const auto &word : words)
            counts.push_back(word.second);
        std::sort(counts.begin(), counts.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
        constexpr size_t mostWords = 3;
        QStringList parts{tr("%1 more").arg(groupedNumber(all))};
        for (size_t i = 0; i < qMin(mostWords, counts.size()); ++i)
            parts.append(tr("%1 %2", "a count and a state")
                             .arg(groupedNumber(counts[i].first), reportedStatus(m_store, counts[i].second)));
        text = parts.join(u", "_s);
    }
    if (capacity > 0)
        text = tr("%1 · %2 of %3 busy", "422 more, all available").arg(text, groupedNumber(busy), groupedNumber(capacity));
    group.changed = group.changed || group.restText != text;
    group.restText = text;
}

bool FleetOrder::isMovedBy(const std::vector<WorkerHandle> &handles, qint64 now)
{
    const FleetColumnId column = FleetColumnId(m_column);
    const bool steadyKey = column == FleetColumnId::Worker || column == FleetColumnId::Type || column == FleetColumnId::Source
                           || column == FleetColumnId::Host || column == FleetColumnId::Started || column == FleetColumnId::System
                           || column == FleetColumnId::HostName || column == FleetColumnId::Pid || column == FleetColumnId::Queues
                           || column == FleetColumnId::Release;
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
