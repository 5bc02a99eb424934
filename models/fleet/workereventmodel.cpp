// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/workereventmodel.h"

#include "models/core/format.h"
#include "models/fleet/eventwords.h"

#include <algorithm>

namespace pulsedeck {

WorkerEventModel::WorkerEventModel(FleetStore &store, QObject *parent)
    : QAbstractListModel(parent)
    , m_store(store)
{
    connect(&m_store, &FleetStore::published, this, [this](const FleetChanges &) { refresh(); });
}

void WorkerEventModel::setWorker(WorkerHandle handle)
{
    m_handle = handle;
    m_serial = handle == noWorker ? 0 : m_store.worker(handle).serial;
    beginResetModel();
    m_rows.clear();
    endResetModel();
    refresh();
}

int WorkerEventModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

bool WorkerEventModel::Row::operator==(const Row &other) const
{
    return event.at == other.event.at && event.kind == other.event.kind && event.a == other.event.a && event.b == other.event.b
           && event.worker == other.event.worker && since == other.since && changes == other.changes;
}

bool WorkerEventModel::Row::isSame(const Row &other) const
{
    if (event.kind != FleetEventKind::SessionsChanged || other.event.kind != FleetEventKind::SessionsChanged)
        return *this == other;
    // It grows at its end, and loses its beginning to the bound of the events.
    return since <= other.event.at && other.since <= event.at;
}

std::vector<WorkerEventModel::Row> WorkerEventModel::wantedRows() const
{
    const Worker &worker = m_store.worker(m_handle);
    std::vector<Row> rows;
    const std::vector<FleetEvent> events = m_store.events().ofWorker(m_serial, worker.source, maxRows - 2);
    const auto begins = std::find_if(events.begin(), events.end(), [](const FleetEvent &event) {
        return event.worker != 0 && (event.kind == FleetEventKind::Found || event.kind == FleetEventKind::Registered);
    });
    if (begins == events.end() && worker.firstSeenAt == 0 && !m_past)
        rows.push_back({{0, m_serial, 0, 0, worker.source, FleetEventKind::Found}, 0});
    const qint64 knownFrom = begins != events.end() ? begins->at : worker.firstSeenAt;
    for (const FleetEvent &event : events) {
        // What happened to the connection before it was known did not happen to it.
        if (event.worker == 0 && event.at < knownFrom)
            continue;
        Row *last = rows.empty() ? nullptr : &rows.back();
        if (last && event.kind == FleetEventKind::SessionsChanged && last->event.kind == event.kind) {
            last->event.at = event.at;
            last->event.b = event.b;
            ++last->changes;
        } else {
            rows.push_back({event, event.at});
        }
    }
    std::reverse(rows.begin(), rows.end());
    return rows;
}

void WorkerEventModel::reset(std::vector<Row> rows)
{
    if (m_rows.empty() && rows.empty())
        return;
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

void WorkerEventModel::refresh()
{
    if (m_handle == noWorker || m_store.findSerial(m_serial) != m_handle) {
        reset({});
        return;
    }
    std::vector<Row> rows = wantedRows();
    // Events only ever come at the top and leave at the bottom: tell views just that, so that nothing jumps.
    size_t fresh = 0;
    while (!m_rows.empty() && fresh < rows.size() && !rows[fresh].isSame(m_rows.front()))
        ++fresh;
    // Of one millisecond an ordinary event may come to stand below a routine one that was there before.
    const size_t kept = std::min(m_rows.size(), rows.size() - fresh);
    const bool aligned = std::equal(m_rows.begin(), m_rows.begin() + qsizetype(kept), rows.begin() + qsizetype(fresh),
                                    [](const Row &a, const Row &b) { return a.isSame(b); });
    if (m_rows.empty() || fresh == rows.size() || !aligned) {
        reset(std::move(rows));
        return;
    }
    if (fresh > 0) {
        beginInsertRows({}, 0, int(fresh) - 1);
        m_rows.insert(m_rows.begin(), rows.begin(), rows.begin() + qsizetype(fresh));
        endInsertRows();
    }
    if (m_rows.size() > rows.size()) {
        beginRemoveRows({}, int(rows.size()), int(m_rows.size()) - 1);
        m_rows.resize(rows.size());
        endRemoveRows();
    }
    for (size_t row = fresh; row < m_rows.size(); ++row) {
        if (m_rows[row] == rows[row])
            continue;
        m_rows[row] = rows[row];
        emit dataChanged(index(int(row)), index(int(row)));
    }
}

QVariant WorkerEventModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= int(m_rows.size()))
        return {};
    const Row &row = m_rows[size_t(index.row())];
    const FleetEvent &event = row.event;
    const SourceTraits &traits = event.worker != 0 ? *m_store.worker(m_handle).traits : *TraitsRef();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        if (row.changes > 1)
            return tr("%1, %Ln changes", nullptr, row.changes).arg(eventText(event, traits));
        return eventText(event, traits);
    case TimeRole:
        return event.at;
    case KindRole:
        return int(event.kind);
    case ToneRole:
        return int(eventTone(event));
    case Qt::ToolTipRole:
        if (row.changes > 1)
            return tr("%1 to %2", "two times").arg(fullTimeText(row.since), fullTimeText(event.at));
        return event.at > 0 ? fullTimeText(event.at) : QString();
    default:
        return {};
    }
}

} // namespace pulsedeck
