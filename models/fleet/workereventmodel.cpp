// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/workereventmodel.h"

#include <QDateTime>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

int severityOf(const FleetEvent &event)
{
    switch (event.kind) {
    case FleetEventKind::BeatGap:
    case FleetEventKind::WentLate:
    case FleetEventKind::ClockSkewSeen:
    case FleetEventKind::DrainForgotten:
    case FleetEventKind::DrainUndone:
    case FleetEventKind::KeyLost:
    case FleetEventKind::ProblemSeen:
    case FleetEventKind::SourceLost:
        return 1;
    case FleetEventKind::WentStale:
    case FleetEventKind::KeyExpired:
    case FleetEventKind::ListenerLost:
        return 2;
    case FleetEventKind::StatusChanged:
        return event.b == int(WorkerStatus::Draining) || event.b == int(WorkerStatus::ShuttingDown) ? 3 : 0;
    case FleetEventKind::CountersLeft:
    case FleetEventKind::CountersReaped:
        return 4;
    case FleetEventKind::CommandSeen:
    case FleetEventKind::CommandGone:
        return 5;
    default:
        return 0;
    }
}

} // namespace

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

void WorkerEventModel::refresh()
{
    if (m_handle == noWorker || m_store.findSerial(m_serial) != m_handle) {
        if (!m_rows.empty()) {
            beginResetModel();
            m_rows.clear();
            endResetModel();
        }
        return;
    }
    const Worker &worker = m_store.worker(m_handle);
    std::vector<FleetEvent> events = m_store.events().ofWorker(m_serial, worker.source, maxRows - 2);
    if (worker.firstSeenAt == 0)
        events.insert(events.begin(), {0, m_serial, 0, 0, worker.source, FleetEventKind::Found});
    std::reverse(events.begin(), events.end());

    // Events only ever come at the top and leave at the bottom: tell views just that, so that nothing jumps.
    const auto same = [](const FleetEvent &a, const FleetEvent &b) {
        return a.at == b.at && a.kind == b.kind && a.a == b.a && a.b == b.b && a.worker == b.worker;
    };
    size_t fresh = 0;
    if (!m_rows.empty()) {
        while (fresh < events.size() && !same(events[fresh], m_rows.front()))
            ++fresh;
    }
    // Of one millisecond an ordinary event may come to stand below a routine one that was there before.
    const size_t kept = std::min(m_rows.size(), events.size() - fresh);
    const bool aligned = std::equal(m_rows.begin(), m_rows.begin() + qsizetype(kept), events.begin() + qsizetype(fresh), same);
    if (m_rows.empty() || fresh == events.size() || !aligned) {
        if (m_rows.empty() && events.empty())
            return;
        beginResetModel();
        m_rows = std::move(events);
        endResetModel();
        return;
    }
    if (fresh > 0) {
        beginInsertRows({}, 0, int(fresh) - 1);
        m_rows.insert(m_rows.begin(), events.begin(), events.begin() + qsizetype(fresh));
        endInsertRows();
    }
    if (m_rows.size() > events.size()) {
        beginRemoveRows({}, int(events.size()), int(m_rows.size()) - 1);
        m_rows.resize(events.size());
        endRemoveRows();
    }
}

QVariant WorkerEventModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= int(m_rows.size()))
        return {};
    const FleetEvent &event = m_rows[size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return eventText(event, event.worker != 0 && m_store.worker(m_handle).actor);
    case TimeRole:
        return event.at;
    case KindRole:
        return int(event.kind);
    case SeverityRole:
        return severityOf(event);
    case Qt::ToolTipRole:
        return event.at > 0 ? QDateTime::fromMSecsSinceEpoch(event.at).toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s) : QString();
    default:
        return {};
    }
}

} // namespace pulsedeck
