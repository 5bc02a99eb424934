// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hub/hublogmodel.h"

#include "models/core/enumtable.h"
#include "models/core/format.h"
#include "models/hub/jsontext.h"

#include <iterator>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QString hubWayText(HubLogEntry::Way way)
{
    // In the order of the enumeration.
    static constexpr const char *texts[]{QT_TRANSLATE_NOOP("HubLogEntry", "ask"),
                                         QT_TRANSLATE_NOOP("HubLogEntry", "tell"),
                                         QT_TRANSLATE_NOOP("HubLogEntry", "broadcast"),
                                         QT_TRANSLATE_NOOP("HubLogEntry", "publish"),
                                         QT_TRANSLATE_NOOP("HubLogEntry", "command"),
                                         QT_TRANSLATE_NOOP("HubLogEntry", "received"),
                                         QT_TRANSLATE_NOOP("HubLogEntry", "received (broadcast)"),
                                         QT_TRANSLATE_NOOP("HubLogEntry", "publication")};
    static_assert(std::size(texts) == size_t(HubLogEntry::Way::Publication) + 1);
    return tableText("HubLogEntry", texts[size_t(way)]);
}

QString hubPeerText(const HubLogEntry &entry)
{
    if (entry.peer.isEmpty() && !entry.topic.isEmpty())
        return HubLogModel::tr("topic %1").arg(plainLine(entry.topic));
    return plainLine(entry.peer);
}

QString hubResultText(const HubLogEntry &entry)
{
    if (entry.waiting)
        return HubLogModel::tr("waiting");
    return plainLine(entry.result);
}

HubLogModel::HubLogModel(const HubStore &hubs, QObject *parent)
    : QAbstractTableModel(parent)
    , m_hubs(hubs)
{
    connect(&hubs, &HubStore::logAppended, this, &HubLogModel::onAppended);
    connect(&hubs, &HubStore::logChanged, this, &HubLogModel::onChanged);
    connect(&hubs, &HubStore::hubRemoved, this, [this](SourceId source) {
        if (source == m_source)
            reset();
    });
}

void HubLogModel::setHub(SourceId source)
{
    if (source == m_source)
        return;
    m_source = source;
    reset();
}

void HubLogModel::reset()
{
    beginResetModel();
    m_rows = m_hubs.log(m_source);
    endResetModel();
}

void HubLogModel::onAppended(SourceId source, int row, int gaveWay)
{
    if (source != m_source)
        return;
    const std::deque<HubLogEntry> &log = m_hubs.log(source);
    // A slot before this one may have sent something itself: the news then comes out of order, or is here already.
    if (size_t(row) >= log.size() || row + gaveWay != rowCount()) {
        reset();
        return;
    }
    if (gaveWay > 0) {
        beginRemoveRows({}, 0, gaveWay - 1);
        m_rows.erase(m_rows.begin(), m_rows.begin() + gaveWay);
        endRemoveRows();
    }
    beginInsertRows({}, row, row);
    m_rows.push_back(log[size_t(row)]);
    endInsertRows();
}

void HubLogModel::onChanged(SourceId source, int row)
{
    const std::deque<HubLogEntry> &log = m_hubs.log(source);
    if (source != m_source || size_t(row) >= log.size())
        return;
    const int mine = rowOf(log[size_t(row)].key);
    if (mine < 0)
        return;
    m_rows[size_t(mine)] = log[size_t(row)];
    emit dataChanged(index(mine, 0), index(mine, ColumnCount - 1));
}

int HubLogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int HubLogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant HubLogModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const HubLogEntry &entry = m_rows[size_t(index.row())];
    switch (role) {
    case EntryRole:
        return QVariant::fromValue(entry);
    case KeyRole:
        return QVariant::fromValue(entry.key);
    case Qt::AccessibleTextRole: {
        // The first cell says the whole row, each other one what stands in it.
        if (index.column() != 0)
            return data(index, Qt::DisplayRole);
        QStringList parts{hubWayText(entry.way), hubPeerText(entry), plainLine(entry.type), hubResultText(entry)};
        parts.removeAll(QString());
        return parts.join(u", "_s);
    }
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case Time:
        return clockText(entry.at);
    case Way:
        return hubWayText(entry.way);
    case Peer:
        return hubPeerText(entry);
    case Type:
        return plainLine(entry.type);
    case Topic:
        return plainLine(entry.topic);
    case Result:
        return hubResultText(entry);
    case Payload:
        return entry.exact.isEmpty() ? jsonLineText(entry.payload) : exactLineText(entry.exact);
    default:
        return {};
    }
}

QVariant HubLogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString titles[ColumnCount]{tr("Time"),  tr("Kind"),   tr("To or from"), tr("Type"),
                                      tr("Topic"), tr("Result"), tr("Data")};
    return section >= 0 && section < ColumnCount ? titles[section] : QVariant();
}

} // namespace pulsedeck
