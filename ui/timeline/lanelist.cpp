// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/lanelist.h"

#include <algorithm>
#include <utility>

namespace pulsedeck {

LaneList::LaneList(FleetTableModel &model, QObject *parent)
    : QObject(parent)
    , m_model(model)
{
    connect(&model, &FleetTableModel::orderChanged, this, &LaneList::rebuild);
    connect(&model, &QAbstractItemModel::modelReset, this, &LaneList::rebuild);
    connect(&model.store(), &FleetStore::queuesChanged, this, [this] {
        size_t count = 0;
        for (const auto &entry : m_model.store().queues().all())
            count += m_model.store().isSourceVisible(entry.first.source);
        if (count != m_queues.size())
            rebuild();
    });
}

void LaneList::setActive(bool active)
{
    m_active = active;
    if (active && m_stale)
        build();
}

void LaneList::setHeights(int lane, int fold)
{
    if (std::exchange(m_laneHeight, lane) != lane || std::exchange(m_foldHeight, fold) != fold) {
        m_foldHeight = fold;
        lay();
    }
}

void LaneList::setRoom(int pixels)
{
    if (std::exchange(m_room, pixels) != pixels && isFolding())
        lay();
}

void LaneList::setFolding(bool folding)
{
    m_choice = folding;
    m_unfolded.clear();
    lay();
}

bool LaneList::isFolding() const
{
    return m_choice < 0 ? laneCount() > foldFrom : m_choice == 1;
}

void LaneList::setOnly(std::shared_ptr<const std::unordered_set<WorkerHandle>> only)
{
    if (!only && !m_only)
        return;
    if (only && m_only && *only == *m_only)
        return;
    m_only = std::move(only);
    rebuild();
}

void LaneList::setQueuesShown(bool shown)
{
    if (std::exchange(m_queuesShown, shown) != shown)
        rebuild();
}

void LaneList::setGone(std::vector<HistoryLane> gone)
{
    if (gone == m_gone)
        return;
    m_gone = std::move(gone);
    lay();
}

const HistoryLane *LaneList::goneLane(LaneId lane) const
{
    const auto found = std::find_if(m_gone.begin(), m_gone.end(), [lane](const HistoryLane &one) { return one.id == lane; });
    return found == m_gone.end() ? nullptr : &*found;
}

void LaneList::rebuild()
{
    m_stale = true;
    if (m_active)
        build();
}

void LaneList::build()
{
    m_stale = false;
    collect();
    lay();
}

/// The lanes of each group, also of those whose rows the list does not have because they are collapsed.
void LaneList::collect()
{
    auto order = std::make_shared<std::vector<WorkerHandle>>();
    m_sections.clear();
    const int rows = m_model.rowCount();
    const auto shown = [this](WorkerHandle handle) { return !m_only || m_only->contains(handle); };
    std::vector<std::vector<WorkerHandle>> hidden;
    bool anyCollapsed = false;
    for (const int row : m_model.groupRows())
        anyCollapsed = anyCollapsed || m_model.index(row, 0).data(FleetTableModel::GroupCollapsedRole).toBool();
    if (anyCollapsed) {
        for (int i = 0; i < m_model.store().capacity(); ++i) {
            const auto handle = WorkerHandle(i);
            const int group = m_model.groupOf(handle);
            if (group < 0 || m_model.rowOf(handle) >= 0 || !m_model.store().worker(handle).used)
                continue;
            if (hidden.size() <= size_t(group))
                hidden.resize(size_t(group) + 1);
            hidden[size_t(group)].push_back(handle);
        }
    }
    if (!m_model.isGroupRow(0) && rows > 0)
        m_sections.push_back({});
    for (int row = 0; row < rows; ++row) {
        if (m_model.isRestRow(row)) {
            Section &section = m_sections.back();
            section.restRow = row;
            section.restFirst = quint32(order->size());
            for (const WorkerHandle handle : m_model.restOf(row)) {
                if (shown(handle))
                    order->push_back(handle);
            }
        } else if (m_model.isGroupRow(row)) {
            Section section;
            section.modelRow = row;
            section.group = m_model.groupAt(row);
            section.first = quint32(order->size());
            section.collapsed = m_model.index(row, 0).data(FleetTableModel::GroupCollapsedRole).toBool();
            if (section.collapsed && size_t(section.group) < hidden.size()) {
                for (const WorkerHandle handle : hidden[size_t(section.group)]) {
                    if (shown(handle))
                        order->push_back(handle);
                }
            }
            m_sections.push_back(section);
        } else if (const WorkerHandle handle = m_model.handleAt(row); shown(handle)) {
            order->push_back(handle);
        }
        if (!m_sections.empty())
            m_sections.back().count = quint32(order->size()) - m_sections.back().first;
    }
    m_order = std::move(order);

    m_queues.clear();
    if (m_queuesShown) {
        for (const auto &entry : m_model.store().queues().all()) {
            if (m_model.store().isSourceVisible(entry.first.source))
                m_queues.push_back(entry.first);
        }
    }
}

bool LaneList::isFolded(WorkerHandle handle) const
{
    return !m_unfolded.contains(handle);
}

void LaneList::lay()
{
    m_rows.clear();
    m_rowOf.assign(size_t(m_model.store().capacity()), -1);
    quint32 perFold = 0;
    if (isFolding()) {
        // What is left for the folds when everything else has its place; each group has one at least.
        qint64 folded = 0;
        int others = 0;
        for (const Section &section : m_sections) {
            others += section.modelRow >= 0;
            if (section.collapsed)
                continue;
            for (quint32 i = 0; i < section.count; ++i) {
                if (isFolded((*m_order)[section.first + i]))
                    ++folded;
                else
                    ++others;
            }
        }
        others += m_queues.empty() ? 0 : 1;
        const int places = std::max(int(m_sections.size()), (m_room - others * m_laneHeight) / m_foldHeight);
        const auto sections = qint64(m_sections.size());
        perFold = quint32(
            std::max<qint64>(1, (folded + std::max<qint64>(1, places - sections) - 1) / std::max<qint64>(1, places - sections)));
    }
    std::vector<bool> placed(m_queues.size()); ///< Queues that stand under their workers.
    for (const Section &section : m_sections) {
        if (section.modelRow >= 0) {
            LaneRow heading;
            heading.kind = LaneRow::Kind::Heading;
            heading.modelRow = section.modelRow;
            heading.group = section.group;
            heading.first = section.first;
            heading.count = section.count;
            add(heading, m_laneHeight);
        }
        if (section.collapsed)
            continue;
        addLanes(section, perFold);
        for (size_t i = 0; i < m_queues.size(); ++i) {
            if (!placed[i] && belongs(m_queues[i], section)) {
                placed[i] = true;
                addQueue(i);
            }
        }
    }
    const auto others = quint32(std::count(placed.begin(), placed.end(), false));
    if (others > 0) {
        LaneRow heading;
        heading.kind = LaneRow::Kind::QueueHeading;
        heading.count = others;
        add(heading, m_laneHeight);
        for (size_t i = 0; i < m_queues.size() && !m_queuesFolded; ++i) {
            if (!placed[i])
                addQueue(i);
        }
    }
    if (!m_gone.empty()) {
        LaneRow heading;
        heading.kind = LaneRow::Kind::GoneHeading;
        heading.count = quint32(m_gone.size());
        add(heading, m_laneHeight);
        for (size_t i = 0; i < m_gone.size() && !m_goneFolded; ++i) {
            LaneRow row;
            row.kind = LaneRow::Kind::Gone;
            row.serial = m_gone[i].id;
            add(row, m_laneHeight);
        }
    }
    emit changed();
}

void LaneList::add(LaneRow row, int height)
{
    row.top = this->height();
    row.height = height;
    if (row.kind == LaneRow::Kind::Lane)
        m_rowOf[row.handle] = qint32(m_rows.size());
    m_rows.push_back(row);
}

/// Its workers are those of the group: where lanes are grouped by system or by source.
bool LaneList::belongs(const QueueKey &queue, const Section &section) const
{
    if (section.count == 0)
        return false;
    const Worker &worker = m_model.store().worker((*m_order)[section.first]);
    if (m_model.grouping() == FleetGrouping::System)
        return worker.traits->layout == queue.system;
    return m_model.grouping() == FleetGrouping::Source && worker.source == queue.source;
}

void LaneList::addQueue(size_t number)
{
    LaneRow row;
    row.kind = LaneRow::Kind::Queue;
    row.serial = quint32(number);
    add(row, m_laneHeight);
}

void LaneList::addLanes(const Section &section, quint32 perFold)
{
    const quint32 end = section.first + section.count;
    const quint32 restFrom = section.restRow >= 0 ? section.restFirst : end;
    quint32 folds = 0;
    for (quint32 i = section.first; i < end;) {
        const WorkerHandle handle = (*m_order)[i];
        if (perFold == 0 && i >= restFrom) {
            LaneRow rest;
            rest.kind = LaneRow::Kind::Rest;
            rest.modelRow = section.restRow;
            rest.group = section.group;
            rest.first = i;
            rest.count = end - i;
            add(rest, m_laneHeight);
            return;
        }
        LaneRow row;
        row.handle = handle;
        row.serial = m_model.store().worker(handle).serial;
        row.modelRow = m_model.rowOf(handle);
        row.group = section.group;
        row.first = i;
        row.count = 1;
        if (perFold > 0 && isFolded(handle)) {
            row.kind = LaneRow::Kind::Fold;
            row.number = ++folds;
            while (row.count < perFold && i + row.count < end && isFolded((*m_order)[i + row.count]))
                ++row.count;
            for (quint32 n = 0; n < row.count; ++n)
                m_rowOf[(*m_order)[i + n]] = qint32(m_rows.size());
            add(row, m_foldHeight);
        } else {
            add(row, m_laneHeight);
        }
        i += row.count;
    }
}

int LaneList::rowAt(int y) const
{
    if (y < 0 || y >= height())
        return -1;
    const auto next = std::upper_bound(m_rows.begin(), m_rows.end(), y, [](int at, const LaneRow &row) { return at < row.top; });
    return int(next - m_rows.begin()) - 1;
}

int LaneList::rowOf(WorkerHandle handle) const
{
    return handle < m_rowOf.size() ? m_rowOf[handle] : -1;
}

int LaneList::rowOfKey(quint64 key) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [key](const LaneRow &row) { return row.key() == key; });
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

std::vector<WorkerHandle> LaneList::lanesOf(const LaneRow &row) const
{
    if (row.kind == LaneRow::Kind::Lane)
        return {row.handle};
    const auto begin = m_order->begin() + qsizetype(std::min<size_t>(row.first, m_order->size()));
    return {begin, begin + qsizetype(std::min<size_t>(row.count, size_t(m_order->end() - begin)))};
}

void LaneList::unfold(int row)
{
    if (row < 0 || row >= int(m_rows.size()) || m_rows[size_t(row)].kind != LaneRow::Kind::Fold)
        return;
    for (const WorkerHandle handle : lanesOf(m_rows[size_t(row)]))
        m_unfolded.insert(handle);
    lay();
}

void LaneList::foldAgain()
{
    if (m_unfolded.empty())
        return;
    m_unfolded.clear();
    lay();
}

void LaneList::toggle(int row)
{
    if (row < 0 || row >= int(m_rows.size()))
        return;
    const LaneRow &wanted = m_rows[size_t(row)];
    if (wanted.kind == LaneRow::Kind::QueueHeading) {
        m_queuesFolded = !m_queuesFolded;
        lay();
    } else if (wanted.kind == LaneRow::Kind::GoneHeading) {
        m_goneFolded = !m_goneFolded;
        lay();
    } else if (wanted.kind == LaneRow::Kind::Heading) {
        const bool collapsed = m_model.index(wanted.modelRow, 0).data(FleetTableModel::GroupCollapsedRole).toBool();
        m_model.setGroupCollapsed(wanted.modelRow, !collapsed);
    } else if (wanted.kind == LaneRow::Kind::Rest) {
        m_model.setGroupCollapsed(wanted.modelRow, false);
    }
}

void LaneList::reveal(WorkerHandle handle)
{
    m_model.expandFor(handle);
    if (isFolding() && m_unfolded.insert(handle).second)
        lay();
}

} // namespace pulsedeck
