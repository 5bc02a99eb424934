// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertlistmodel.h"

#include "models/alerts/alertwords.h"
#include "models/core/format.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

AlertShown shownAs(const Alert &alert)
{
    if (alert.state == AlertState::Resolved)
        return AlertShown::Resolved;
    if (alert.state == AlertState::Pending)
        return AlertShown::Pending;
    return alert.isSilenced() ? AlertShown::Silenced : AlertShown::Firing;
}

} // namespace

AlertListModel::AlertListModel(const AlertEngine &engine, const FleetStore &store, QObject *parent)
    : QAbstractTableModel(parent)
    , m_engine(engine)
    , m_store(store)
{
    refresh();
}

int AlertListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int AlertListModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : alertColumnCount;
}

void AlertListModel::refresh()
{
    std::vector<Alert> alerts = m_engine.alerts();
    m_counts = {};
    for (const Alert &alert : alerts) {
        ++m_counts[size_t(AlertShown::All)];
        ++m_counts[size_t(shownAs(alert))];
    }
    std::erase_if(alerts, [this](const Alert &alert) {
        return (m_shown != AlertShown::All && m_shown != shownAs(alert)) || !m_filter.matches(alert, noteText(alert));
    });
    std::stable_sort(alerts.begin(), alerts.end(), [this](const Alert &a, const Alert &b) {
        switch (m_order) {
        case AlertOrder::Rule:
            return a.rule.title < b.rule.title;
        case AlertOrder::Source:
            return a.sources < b.sources;
        case AlertOrder::State:
            break;
        }
        return shownAs(a) < shownAs(b); // Silenced ones stand behind those that call.
    });
    std::vector<Row> rows = rowsOf(alerts);
    const bool same = rows == m_rows
                      && std::equal(alerts.begin(), alerts.end(), m_alerts.begin(), m_alerts.end(),
                                    [](const Alert &a, const Alert &b) { return a.id == b.id && a.firedAt == b.firedAt; });
    if (!same)
        beginResetModel();
    m_alerts = std::move(alerts);
    m_rows = std::move(rows);
    if (!same)
        endResetModel();
    else if (!m_alerts.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, alertColumnCount - 1));
}

std::vector<AlertListModel::Row> AlertListModel::rowsOf(const std::vector<Alert> &alerts) const
{
    const bool headed = m_order == AlertOrder::State && !alerts.empty() && shownAs(alerts.front()) != shownAs(alerts.back());
    std::vector<Row> rows;
    for (int i = 0; i < int(alerts.size()); ++i) {
        const AlertShown shown = shownAs(alerts[size_t(i)]);
        if (headed && (i == 0 || shownAs(alerts[size_t(i) - 1]) != shown))
            rows.push_back({-1, shown});
        rows.push_back({i, shown});
    }
    return rows;
}

int AlertListModel::listed(AlertShown shown) const
{
    return int(std::count_if(m_alerts.begin(), m_alerts.end(),
                             [shown](const Alert &alert) { return shown == AlertShown::All || shownAs(alert) == shown; }));
}

void AlertListModel::setFilter(const QString &text, AlertShown shown)
{
    m_filter = AlertFilter::parse(text);
    m_shown = shown;
    refresh();
}

void AlertListModel::setOrder(AlertOrder order)
{
    m_order = order;
    refresh();
}

const Alert *AlertListModel::alertAt(int row) const
{
    return row >= 0 && row < int(m_rows.size()) && m_rows[size_t(row)].alert >= 0 ? &m_alerts[size_t(m_rows[size_t(row)].alert)]
                                                                                  : nullptr;
}

std::optional<AlertShown> AlertListModel::headingAt(int row) const
{
    if (row < 0 || row >= int(m_rows.size()) || m_rows[size_t(row)].alert >= 0)
        return {};
    return m_rows[size_t(row)].heading;
}

int AlertListModel::firstRow() const
{
    return m_alerts.empty() ? -1 : m_rows.front().alert < 0 ? 1 : 0;
}

int AlertListModel::rowOf(const QString &id, std::optional<qint64> firedAt) const
{
    const auto rowWhere = [this](const auto &isIt) {
        const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                        [&](const Row &row) { return row.alert >= 0 && isIt(m_alerts[size_t(row.alert)]); });
        return found == m_rows.end() ? -1 : int(found - m_rows.begin());
    };
    const int row = rowWhere([&](const Alert &one) { return one.id == id && (!firedAt || one.firedAt == *firedAt); });
    // One that was pending fires now.
    return row >= 0 || firedAt.value_or(0) > 0 ? row : rowWhere([&](const Alert &one) { return one.id == id; });
}

Qt::ItemFlags AlertListModel::flags(const QModelIndex &index) const
{
    return headingAt(index.row()) ? Qt::NoItemFlags : QAbstractTableModel::flags(index);
}

QString AlertListModel::timeText(const Alert &alert) const
{
    const qint64 now = m_store.viewNow();
    switch (alert.state) {
    case AlertState::Pending:
        return tr("%1 of %2").arg(countText(now - alert.since), countText(alert.holdMs));
    case AlertState::Firing:
        return countText(now - alert.firedAt);
    case AlertState::Resolved:
        break;
    }
    return tr("lasted %1").arg(countText(alert.resolvedAt - alert.firedAt));
}

QString AlertListModel::noteText(const Alert &alert) const
{
    if (alert.state == AlertState::Resolved)
        return alert.ending.isEmpty() ? tr("until %1").arg(columnDayText(alert.resolvedAt, m_store.viewNow())) : alert.ending;
    if (!alert.known)
        return tr("its source is lost");
    if (alert.isSilenced()) {
        for (const AlertSilence &silence : m_engine.silences()) {
            if (silence.id == alert.silence)
                return tr("silenced until %1 by %2: %3").arg(wallClockText(silence.until), silence.by, silence.reason);
        }
    }
    if (alert.acknowledged)
        return tr("acknowledged by %1: %2").arg(alert.acknowledged.by, alert.acknowledged.reason);
    return alert.isFiring() ? tr("not acknowledged") : tr("pending");
}

QString AlertListModel::lineText(const Alert &alert) const
{
    const QString note = noteText(alert);
    return note.isEmpty() ? alertPlace(alert) : QString(alertPlace(alert) + u" · "_s + note);
}

QString AlertListModel::headingText(AlertShown shown)
{
    switch (shown) {
    case AlertShown::Firing:
        return tr("Firing", "heading of alerts");
    case AlertShown::Pending:
        return tr("Pending", "heading of alerts");
    case AlertShown::Silenced:
        return tr("Silenced", "heading of alerts");
    case AlertShown::Resolved:
    case AlertShown::All:
        break;
    }
    return tr("Resolved in 24 h", "heading of alerts");
}

QVariant AlertListModel::data(const QModelIndex &index, int role) const
{
    if (const auto heading = headingAt(index.row()))
        return index.column() == int(AlertColumn::Title) && (role == Qt::DisplayRole || role == Qt::AccessibleTextRole)
                   ? headingText(*heading)
                   : QVariant();
    const Alert *alert = alertAt(index.row());
    if (!alert || !index.isValid())
        return {};
    if (role == Qt::ToolTipRole)
        return QString(alertTitle(*alert) + u'\n' + lineText(*alert));
    if (role == Qt::AccessibleTextRole && index.column() == int(AlertColumn::Title))
        return tr("%1, %2, %3")
            .arg(alertStateText(alert->state), alertTitle(*alert),
                 alert->state == AlertState::Pending ? alertPlace(*alert) : lineText(*alert)); // It is said once.
    if (role != Qt::DisplayRole)
        return {};
    switch (AlertColumn(index.column())) {
    case AlertColumn::State:
        return alert->isFiring() && alert->isSilenced() ? tr("silenced") : alertStateText(alert->state);
    case AlertColumn::Title:
        return alertTitle(*alert);
    case AlertColumn::Place:
        return alertPlace(*alert);
    case AlertColumn::Since:
        return columnDayText(alert->since, m_store.viewNow());
    case AlertColumn::Time:
        return timeText(*alert);
    case AlertColumn::Note:
        break;
    }
    return noteText(*alert);
}

QVariant AlertListModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (AlertColumn(section)) {
    case AlertColumn::State:
        return tr("State");
    case AlertColumn::Title:
        return tr("Alert");
    case AlertColumn::Place:
        return tr("Where");
    case AlertColumn::Since:
        return tr("Since");
    case AlertColumn::Time:
        return tr("Time");
    case AlertColumn::Note:
        break;
    }
    return tr("Note");
}

} // namespace pulsedeck
