// SPDX-License-Identifier: GPL-3.0-or-later
// The order of the fleet table: which workers, in which groups, in which sequence, when it changes, and what headings
// count. How a change is told to views: fleettablerows.cpp.
#include "models/fleet/fleettablemodel.h"

#include "models/core/prefetch.h"
#include "models/fleet/fleetsort.h"
#include "models/fleet/liveness.h"

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 orderEveryMs = 1'000; // The order refreshes at most this often.
constexpr qint64 fillingMs =
    2'000; // A list that was empty so short a time ago is being filled, not read: holding it would hold a mess.
constexpr qint64 goneKeepsPlaceMs = 60'000; // So long a gone worker stays where it was, then it joins the departed.
constexpr size_t mostRemoved = 1'024; // More that leave at once are told as one reset.
constexpr qint64 aimMs = 3'000; // So long after the pointer moved somebody may be about to click: nothing goes from under it.
constexpr qint64 departedRank = std::numeric_limits<qint64>::max();

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

int FleetTableModel::groupNumber(const QString &title, qint64 rank)
{
    const auto found = m_groupNumbers.constFind(title);
    if (found != m_groupNumbers.constEnd())
        return *found;
    const int number = int(m_groups.size());
    Group group;
    group.title = title;
    group.rank = rank;
    m_groups.push_back(std::move(group));
    m_groupNumbers.insert(title, number);
    return number;
}

/// As groupNumber(), without looking the title up for each of 100,000 workers.
int FleetTableModel::fixedGroup(FixedGroup which, QLatin1StringView title, qint64 rank)
{
    int &number = m_fixedGroups[size_t(which)];
    if (number < 0)
        number = groupNumber(title, rank);
    return number;
}

/// Headings without a rank of their own stand in alphabetical order.
void FleetTableModel::rankGroups()
{
    if (m_grouping == FleetGrouping::Attention || m_grouping == FleetGrouping::None)
        return;
    std::vector<Group *> groups;
    for (Group &group : m_groups) {
        if (group.rank != departedRank)
            groups.push_back(&group);
    }
    std::sort(groups.begin(), groups.end(), [](const Group *a, const Group *b) { return a->title < b->title; });
    for (size_t i = 0; i < groups.size(); ++i)
        groups[i]->rank = qint64(i);
}

bool FleetTableModel::accepts(WorkerHandle handle, qint64 now) const
{
    const Worker &worker = m_store.worker(handle);
    return worker.used && m_store.isSourceVisible(worker.source)
           && (m_filter.isEmpty() || m_filter.matches(m_store, handle, now));
}

/// Nothing is known of it now: its source is lost, or it was not read again since. (One that was read and is garbled is
/// another matter.)
bool FleetTableModel::isBlind(const Worker &worker) const
{
    return worker.liveness == Liveness::Unknown && !needsAttention(worker);
}

FleetTableModel::Place FleetTableModel::placeOf(WorkerHandle handle, qint64 now)
{
    const Worker &worker = m_store.worker(handle);
    const bool departed = worker.liveness == Liveness::Departed;
    const bool placed = handle < m_places.size() && m_places[handle].group >= 0;
    if (placed && isBlind(worker))
        return m_places[handle];
    if (placed && departed && now - worker.endedAt < goneKeepsPlaceMs) {
        // Nobody has to look at one that drained and went as it was told.
        if (!endedInOrder(worker) || !standsInAttention(handle))
            return m_places[handle];
    }
    if (departed && m_grouping != FleetGrouping::None)
        return {fixedGroup(DepartedGroup, "Departed"_L1, departedRank), 0};
    switch (m_grouping) {
    case FleetGrouping::None:
        return {fixedGroup(Ungrouped, {}, departed ? 1 : 0), 0};
    case FleetGrouping::Attention: {
        const int badness = severity(worker);
        return badness > 0 ? Place{fixedGroup(NeedsAttention, "Needs attention"_L1, 0), badness}
                           : Place{fixedGroup(Available, "Available"_L1, 1), 0};
    }
    case FleetGrouping::Type: {
        const QString &type = m_store.typeName(worker.type);
        return {groupNumber(type.isEmpty() ? u"no type"_s : type, 0), 0};
    }
    case FleetGrouping::Source:
        return {groupNumber(m_store.sourceName(worker.source), 0), 0};
    case FleetGrouping::Status:
        return {groupNumber(worker.endedAt > 0 ? u"key gone"_s : statusName(worker.status), 0), 0};
    case FleetGrouping::Liveness:
        return {groupNumber(livenessName(worker.liveness), 0), 0};
    }
    return {};
}

/// Changes nothing that is shown: who only wants to know what would move throws it away.
FleetTableModel::Order FleetTableModel::wantedOrder()
{
    const qint64 now = m_store.viewNow();
    const FleetColumn &column = fleetColumns()[size_t(m_sortColumn)];
    const int capacity = m_store.capacity();
    m_places.resize(size_t(capacity));
    m_counted.resize(size_t(capacity));
    m_rowOf.resize(size_t(capacity), -1);

    const bool byAddress = column.id == FleetColumnId::Worker;
    Order order;
    order.places.resize(size_t(capacity));
    std::vector<SortItem> items;
    items.reserve(m_rows.size() + 64);
    constexpr int ahead = 8;
    for (int i = 0; i < capacity; ++i) {
        const WorkerHandle handle = WorkerHandle(i);
        if (i + ahead < capacity)
            prefetch(m_store.worker(WorkerHandle(i + ahead)).id.constData());
        if (!accepts(handle, now))
            continue;
        order.places[handle] = placeOf(handle, now);
        // Here and not with the rank below: what the filter has looked at is still near.
        const double key = column.byText ? 0.0 : column.sortKey(m_store, handle, now);
        const Worker &worker = m_store.worker(handle);
        items.push_back({key, 0, m_rowOf[handle] < 0 ? newPlace : quint32(m_rowOf[handle]), handle,
                         worker.traits->registers() && byAddress ? worker.id.constData() : nullptr});
    }
    rankGroups();

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
        const Place place = order.places[item.handle];
        item.rank = qMin(m_groups[size_t(place.group)].rank, qint64(1) << 40) * 1024 - place.severity;
        if (column.byText)
            item.key = textRanks[size_t(item.key)];
        if (m_sortOrder == Qt::DescendingOrder && item.key != unknownKey)
            item.key = -item.key;
    }
    sortItems(&items, ComesBefore{m_sortOrder == Qt::DescendingOrder});

    order.rows.reserve(items.size() + m_groups.size());
    const bool headings = m_grouping != FleetGrouping::None;
    qint32 group = -1;
    for (const SortItem &item : items) {
        const qint32 own = order.places[item.handle].group;
        if (headings && own != group) {
            group = own;
            order.rows.push_back({quint32(own) | Entry::groupBit});
        }
        if (!headings || !m_groups[size_t(own)].collapsed)
            order.rows.push_back({item.handle});
    }
    return order;
}

/// What is wanted becomes what is shown.
void FleetTableModel::take(Order order, bool forceReset)
{
    m_orderedAt = m_store.viewNow();
    m_places = std::move(order.places);
    recountAll(m_places);
    adopt(std::move(order.rows), forceReset);
    sayCounts();
}

/// It has a place, and not among the departed.
bool FleetTableModel::standsAmongLiving(WorkerHandle handle) const
{
    const qint32 group = handle < m_places.size() ? m_places[handle].group : -1;
    return group >= 0 && m_groups[size_t(group)].rank != departedRank;
}

FleetTableModel::Counted FleetTableModel::countedIn(WorkerHandle handle, qint32 group) const
{
    const Worker &worker = m_store.worker(handle);
    Counted counted;
    counted.matches = true;
    counted.group = group;
    counted.known = !isBlind(worker);
    counted.part = qint8(worker.liveness);
    if (worker.liveness == Liveness::Alive || worker.liveness == Liveness::Settling) {
        const bool drains = worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::ShuttingDown;
        counted.part = qint8(drains ? DrainingPart : OtherPart);
    }
    return counted;
}

void FleetTableModel::count(const Counted &counted, int sign)
{
    m_matchCount += counted.matches ? sign : 0;
    if (counted.group < 0)
        return;
    Group &group = m_groups[size_t(counted.group)];
    if (counted.gone) {
        group.gone += sign;
        return;
    }
    if (!counted.known) {
        group.unknown += sign;
        return;
    }
    group.count += sign;
    group.parts[size_t(counted.part)] += sign;
}

/// Headings count who belongs to them now, also while the order is held: who goes, comes, or gets worse is counted at
/// once where it belongs. A gone worker that still keeps its place is counted apart in the heading above it.
void FleetTableModel::recount(WorkerHandle handle, qint64 now)
{
    if (m_counted.size() <= handle)
        m_counted.resize(size_t(m_store.capacity()));
    const bool departed = m_store.worker(handle).liveness == Liveness::Departed;
    const bool keepsPlace = departed && standsAmongLiving(handle);
    Counted counted;
    if (accepts(handle, now)) {
        const qint32 stands = handle < m_places.size() ? m_places[handle].group : -1;
        counted = countedIn(handle, departed ? stands : placeOf(handle, now).group);
        counted.gone = keepsPlace;
    }
    count(m_counted[handle], -1);
    count(counted, 1);
    m_counted[handle] = counted;
    m_goneWaits |= keepsPlace;
    if (keepsPlace)
        m_goneRows.insert(handle);
    else if (!m_goneRows.empty())
        m_goneRows.erase(handle);
}

/// Its handle is free for another.
void FleetTableModel::uncount(WorkerHandle handle)
{
    m_goneRows.erase(handle);
    if (handle < m_counted.size())
        count(std::exchange(m_counted[handle], Counted()), -1);
}

/// As recount() for all of them; \a fresh is where each would stand now, and so says who matches.
void FleetTableModel::recountAll(const std::vector<Place> &fresh)
{
    for (Group &group : m_groups) {
        group.count = group.unknown = group.gone = 0;
        group.parts.fill(0);
    }
    m_matchCount = 0;
    m_goneWaits = false;
    m_goneRows.clear();
    m_counted.assign(fresh.size(), Counted());
    for (size_t i = 0; i < fresh.size(); ++i) {
        const WorkerHandle handle = WorkerHandle(i);
        if (fresh[i].group < 0 && m_places[i].group < 0)
            continue;
        const bool departed = m_store.worker(handle).liveness == Liveness::Departed;
        const bool keepsPlace = departed && standsAmongLiving(handle);
        if (keepsPlace) {
            m_goneWaits = true;
            m_goneRows.insert(m_goneRows.end(), handle);
        }
        if (fresh[i].group < 0)
            continue;
        m_counted[i] = countedIn(handle, departed ? m_places[i].group : fresh[i].group);
        m_counted[i].gone = keepsPlace;
        count(m_counted[i], 1);
    }
}

/// New workers go to the end of their group without moving anything else.
void FleetTableModel::insertNew(const std::vector<WorkerHandle> &handles)
{
    const qint64 now = m_store.viewNow();
    m_places.resize(size_t(m_store.capacity()));
    m_rowOf.resize(size_t(m_store.capacity()), -1);
    std::vector<std::vector<Entry>> byGroup;
    bool any = false;
    for (const WorkerHandle handle : handles) {
        if (m_rowOf[handle] >= 0 || !accepts(handle, now))
            continue;
        const Place place = placeOf(handle, now);
        m_places[handle] = place;
        byGroup.resize(m_groups.size());
        byGroup[size_t(place.group)].push_back({handle});
        recount(handle, now);
        any = true;
    }
    if (m_rows.empty())
        m_filledFrom = now;
    rankGroups();
    const bool headings = m_grouping != FleetGrouping::None;
    for (size_t number = 0; number < byGroup.size(); ++number) {
        if (byGroup[number].empty())
            continue;
        // The end of the group: where the first heading of a later group stands.
        std::vector<Entry> entries = std::move(byGroup[number]);
        size_t row = m_rows.size();
        bool present = !headings;
        if (headings) {
            for (const int heading : groupRows()) {
                const size_t other = m_rows[size_t(heading)].value & ~Entry::groupBit;
                present |= other == number;
                if (m_groups[other].rank > m_groups[number].rank) {
                    row = size_t(heading);
                    break;
                }
            }
        }
        if (headings && m_groups[number].collapsed)
            entries.clear();
        if (!present)
            entries.insert(entries.begin(), {quint32(number) | Entry::groupBit});
        if (!entries.empty())
            insertRange(int(row), entries);
    }
    if (any)
        emit orderChanged();
    sayCounts();
}

/// While the order is held: who has been gone for its time joins the departed all the same, and a heading that has nobody left
/// goes with it. The rest stays where it is. Each place a row is taken from costs a walk over all that follow: of many that are
/// scattered some go now, the others the next time.
void FleetTableModel::letGoneGo(qint64 now)
{
    if (m_grouping == FleetGrouping::None)
        return; // There are no departed to join.
    std::vector<std::pair<int, WorkerHandle>> due; // With their rows, -1 in a group that is collapsed.
    size_t shown = 0;
    for (auto it = m_goneRows.begin(); it != m_goneRows.end();) {
        const WorkerHandle handle = *it;
        const Worker &worker = m_store.worker(handle);
        const bool waits = worker.used && worker.liveness == Liveness::Departed && standsAmongLiving(handle);
        if (waits && (now - worker.endedAt < goneKeepsPlaceMs || handle == m_kept)) {
            ++it;
            continue;
        }
        if (!waits) {
            it = m_goneRows.erase(it);
            continue;
        }
        due.emplace_back(rowOf(handle), handle);
        shown += due.back().first >= 0;
        ++it;
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
        m_goneRows.erase(handle);
        m_places[handle] = Place();
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

void FleetTableModel::removeEmptyHeadings()
{
    std::vector<int> members(m_groups.size(), 0);
    for (const Place &place : m_places) {
        if (place.group >= 0)
            ++members[size_t(place.group)];
    }
    std::vector<int> empty;
    for (const int row : groupRows()) {
        if (members[m_rows[size_t(row)].value & ~Entry::groupBit] == 0)
            empty.push_back(row);
    }
    removeRanges(empty);
}

bool FleetTableModel::movesOrder(const std::vector<WorkerHandle> &handles)
{
    const FleetColumnId column = FleetColumnId(m_sortColumn);
    const bool steadyKey = column == FleetColumnId::Worker || column == FleetColumnId::Type || column == FleetColumnId::Source
                           || column == FleetColumnId::Host || column == FleetColumnId::Started;
    if (!steadyKey)
        return true;
    const qint64 now = m_store.viewNow();
    for (const WorkerHandle handle : handles) {
        // A worker that went keeps its place, and leaves its heading's count.
        if (m_store.worker(handle).liveness == Liveness::Departed || !(placeOf(handle, now) == m_places[handle]))
            return true;
        if (!m_filter.isEmpty() && accepts(handle, now) != (m_places[handle].group >= 0))
            return true;
    }
    return false;
}

void FleetTableModel::onPublished(const FleetChanges &changes)
{
    if (changes.reset) {
        // Sources came, went, or were hidden: what was asked for is seen at once.
        take(wantedOrder(), true);
        return;
    }
    const qint64 now = m_store.viewNow();
    std::vector<int> rows;
    for (const WorkerHandle handle : changes.removed) {
        if (rowOf(handle) >= 0)
            rows.push_back(m_rowOf[handle]);
        uncount(handle);
        if (handle < m_places.size())
            m_places[handle] = Place();
    }
    if (!rows.empty()) {
        std::sort(rows.begin(), rows.end());
        if (rows.size() > mostRemoved) {
            take(wantedOrder(), true);
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
        m_orderDirty = movesOrder(changes.changed);
    sayCounts();
}

void FleetTableModel::reviewOrder()
{
    const qint64 now = m_store.viewNow();
    // A gone worker joins the departed and an age passes a filter's bound without news: look now and then.
    constexpr qint64 anywayEveryMs = 5'000;
    const bool due = m_orderDirty || m_filter.dependsOnTime() || (m_goneWaits && now - m_orderedAt >= anywayEveryMs);
    if (m_held && !m_goneRows.empty() && now - m_aimedAt >= aimMs && now - m_letGoAt >= orderEveryMs) {
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
    const Order order = wantedOrder();
    std::vector<int> positions;
    positions.reserve(order.rows.size());
    int moved = 0;
    for (const Entry &entry : order.rows) {
        // The departed stand in the order they went until the next ordering: nobody waits for that.
        if (entry.isGroup() && m_groups[entry.value & ~Entry::groupBit].rank == departedRank)
            break;
        if (entry.isGroup())
            continue;
        if (m_rowOf[entry.value] >= 0)
            positions.push_back(m_rowOf[entry.value]);
        else
            ++moved;
    }
    moved += int(positions.size()) - longestKept(positions);
    // What is shown stays as it is; only who matches may be others by now, since some filters depend on the time.
    recountAll(order.places);
    emitChanged({});
    sayCounts();
    setPendingMoves(moved);
}

} // namespace pulsedeck
