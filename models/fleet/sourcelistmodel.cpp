// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/sourcelistmodel.h"

#include "models/core/format.h"
#include "models/fleet/queuefacts.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

SourceListModel::SourceListModel(FleetStore &store, QObject *parent)
    : QAbstractListModel(parent)
    , m_store(store)
{
    connect(&m_store, &FleetStore::sourceChanged, this, &SourceListModel::refresh);
    connect(&m_store, &FleetStore::queuesChanged, this, &SourceListModel::refreshPauses);
}

int SourceListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_settings.size());
}

QVariant SourceListModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= int(m_settings.size()))
        return {};
    const SourceSettings &settings = m_settings[size_t(index.row())];
    const SourceStatus status = m_store.sourceStatus(settings.id);
    const auto countText = [&] {
        const int count = m_store.sourceWorkerCount(settings.id);
        if (status.isCountUnknown() && status.isConnected())
            return tr("%1 unknown", "workers or actors").arg(traitText(status.traits->workers));
        if (m_store.isCountKnown(settings.id))
            return status.traits->counted(count);
        const QString what = traitText(status.traits->workers);
        return count > 0 ? tr("%1 unknown, %Ln when the connection was lost", "workers or actors", count).arg(what)
                         : tr("%1 unknown", "workers or actors").arg(what);
    };
    const auto stateText = [&] {
        QString text = sourceStateText(status, m_store.viewNow());
        if (status.isConnected() && status.roundTripMs != unknownValue)
            text += u" · "_s + roundTripText(status.roundTripMs);
        return text;
    };
    switch (role) {
    case Qt::DisplayRole:
        return settings.name;
    case Qt::CheckStateRole:
        return settings.visible ? Qt::Checked : Qt::Unchecked;
    case Qt::AccessibleTextRole: {
        QStringList parts{settings.name, stateText(), countText()};
        if (settings.environment != SourceEnvironment::None)
            parts.insert(1, environmentText(settings.environment));
        if (const QString paused = pausedText(settings.id); !paused.isEmpty())
            parts.append(paused);
        if (!settings.visible)
            parts.append(tr("hidden"));
        return parts.join(u", "_s);
    }
    case Qt::ToolTipRole: {
        QStringList lines{settings.name, settings.address(), stateText()};
        if (settings.environment != SourceEnvironment::None)
            lines.insert(1, environmentText(settings.environment));
        if (!status.message.isEmpty())
            lines.append(status.message);
        if (!status.hint.isEmpty())
            lines.append(status.hint);
        lines.append(countText());
        if (status.isConnected()) {
            for (const FleetPause *pause : m_store.queues().fleetPauses(settings.id)) {
                if (pause->isPaused())
                    lines.append(fleetPauseText(m_store, settings.id, *pause));
            }
        }
        if (const SourceId twin = m_store.twinOf(settings.id))
            lines.append(sameServerText(m_store.sourceName(twin)));
        if (status.isConnected() && status.traits->has(SourceFact::Push)) {
            lines.append(tr("Updates read per second: %1").arg(decimalText(status.updatesPerSecond, 1)));
            if (status.lagMs != unknownValue)
                lines.append(tr("%1 from a change to its display").arg(durationText(status.lagMs)));
        }
        if (const int refused = m_store.refusedWorkers(settings.id))
            lines.append(refusedText(refused, m_store.mostWorkers()));
        lines.append(status.allLimits());
        return lines.join(u'\n');
    }
    case SourceIdRole:
        return uint(settings.id);
    case CountRole:
        return m_store.isCountKnown(settings.id) ? m_store.sourceWorkerCount(settings.id) : -1;
    case StateRole:
        return int(status.state);
    case EnvironmentRole:
        return int(settings.environment);
    case PausedRole:
        return pausedText(settings.id);
    case StateTextRole:
        return stateText();
    case TroubleRole:
        return int(status.trouble);
    case AddressRole:
        return settings.address();
    default:
        return {};
    }
}

bool SourceListModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || index.row() >= int(m_settings.size()) || role != Qt::CheckStateRole)
        return false;
    SourceSettings &settings = m_settings[size_t(index.row())];
    const bool visible = value.toInt() == Qt::Checked;
    if (settings.visible == visible)
        return true;
    settings.visible = visible;
    m_store.setSourceVisible(settings.id, visible);
    emit dataChanged(index, index, {Qt::CheckStateRole, Qt::AccessibleTextRole});
    emit visibilityChanged(settings.id, visible);
    return true;
}

Qt::ItemFlags SourceListModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable | Qt::ItemNeverHasChildren;
}

void SourceListModel::setSource(const SourceSettings &settings)
{
    const int row = rowOf(settings.id);
    if (row < 0) {
        beginInsertRows({}, int(m_settings.size()), int(m_settings.size()));
        m_settings.push_back(settings);
        endInsertRows();
    } else {
        m_settings[size_t(row)] = settings;
        emit dataChanged(index(row), index(row));
    }
    m_store.addSource(settings.id, settings.name, settings.traits());
    m_store.setSourceName(settings.id, settings.name);
    m_store.setSourceVisible(settings.id, settings.visible);
}

void SourceListModel::removeSource(SourceId id)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    beginRemoveRows({}, row, row);
    m_settings.erase(m_settings.begin() + row);
    endRemoveRows();
    m_store.removeSource(id);
}

SourceSettings SourceListModel::settings(SourceId id) const
{
    const int row = rowOf(id);
    return row < 0 ? SourceSettings() : m_settings[size_t(row)];
}

SourceId SourceListModel::idAt(int row) const
{
    return row >= 0 && row < int(m_settings.size()) ? m_settings[size_t(row)].id : SourceId(0);
}

int SourceListModel::rowOf(SourceId id) const
{
    const auto found =
        std::find_if(m_settings.begin(), m_settings.end(), [id](const SourceSettings &settings) { return settings.id == id; });
    return found == m_settings.end() ? -1 : int(found - m_settings.begin());
}

QString SourceListModel::pausedText(SourceId id) const
{
    if (!m_store.sourceStatus(id).isConnected())
        return {}; // What was read before the connection went may be over.
    QStringList labels;
    for (const FleetPause *pause : m_store.queues().fleetPauses(id)) {
        if (pause->isPaused())
            labels.append(fleetPauseLabel(*pause));
    }
    return labels.size() > 1 ? tr("%Ln fleet(s) paused", nullptr, int(labels.size())) : labels.join(QString());
}

void SourceListModel::refreshPauses()
{
    for (const SourceSettings &settings : m_settings) {
        if (const QString text = pausedText(settings.id); m_paused.value(settings.id) != text) {
            m_paused[settings.id] = text;
            refresh(settings.id);
        }
    }
}

void SourceListModel::refresh(SourceId id)
{
    // The name is of the settings.
    static const QList<int> roles{Qt::ToolTipRole, Qt::AccessibleTextRole, CountRole, StateRole, StateTextRole, TroubleRole,
                                  PausedRole};
    if (const int row = rowOf(id); row >= 0)
        emit dataChanged(index(row), index(row), roles);
}

} // namespace pulsedeck
