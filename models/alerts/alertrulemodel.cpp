// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertrulemodel.h"

#include "models/alerts/alertwords.h"
#include "models/core/format.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

AlertRuleModel::AlertRuleModel(const AlertEngine &engine, QObject *parent)
    : QAbstractTableModel(parent)
    , m_engine(engine)
{
    refresh();
}

int AlertRuleModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rules.size());
}

int AlertRuleModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : alertRuleColumnCount;
}

const AlertRule *AlertRuleModel::ruleAt(int row) const
{
    return row >= 0 && row < m_rules.size() ? &m_rules[row] : nullptr;
}

void AlertRuleModel::refresh()
{
    const bool same = m_rules == m_engine.plan().rules;
    if (!same)
        beginResetModel();
    m_rules = m_engine.plan().rules;
    m_counts.clear();
    for (const Alert &alert : m_engine.alerts()) {
        Counts &counts = m_counts[alert.rule.name];
        counts.firing += alert.isFiring() && !alert.isSilenced() ? 1 : 0;
        counts.silenced += alert.isFiring() && alert.isSilenced() ? 1 : 0;
        counts.pending += alert.state == AlertState::Pending ? 1 : 0;
    }
    if (!same)
        endResetModel();
    else if (!m_rules.isEmpty())
        emit dataChanged(index(0, int(AlertRuleColumn::Now)), index(rowCount() - 1, int(AlertRuleColumn::Now)));
}

QVariant AlertRuleModel::data(const QModelIndex &index, int role) const
{
    const AlertRule *rule = ruleAt(index.row());
    if (rule && role == Qt::CheckStateRole && index.column() == int(AlertRuleColumn::When))
        return rule->on ? Qt::Checked : Qt::Unchecked;
    if (!rule || (role != Qt::DisplayRole && role != Qt::ToolTipRole))
        return {};
    switch (AlertRuleColumn(index.column())) {
    case AlertRuleColumn::When:
        return rule->title;
    case AlertRuleColumn::For:
        if (rule->holdTiming)
            return tr("%1, or as reported").arg(exactText(rule->holdMs));
        return rule->holdMs == 0 ? tr("at once") : exactText(rule->holdMs);
    case AlertRuleColumn::Environment:
        return alertEnvironmentsText(*rule);
    case AlertRuleColumn::SentTo:
        return (QStringList(tr("window")) + rule->outlets).join(u", "_s);
    case AlertRuleColumn::Now:
        break;
    }
    if (!rule->on)
        return tr("off");
    const Counts counts = m_counts.value(rule->name);
    QStringList parts;
    if (counts.firing > 0)
        parts.append(tr("%1 firing").arg(counts.firing));
    if (counts.pending > 0)
        parts.append(tr("%1 pending").arg(counts.pending));
    if (counts.silenced > 0)
        parts.append(tr("%1 silenced").arg(counts.silenced));
    return parts.isEmpty() ? tr("ok") : parts.join(u", "_s);
}

Qt::ItemFlags AlertRuleModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags usual = QAbstractTableModel::flags(index);
    return index.column() == int(AlertRuleColumn::When) ? usual | Qt::ItemIsUserCheckable : usual;
}

bool AlertRuleModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const AlertRule *rule = ruleAt(index.row());
    const bool on = value.toInt() == Qt::Checked;
    if (!rule || role != Qt::CheckStateRole || !index.flags().testFlag(Qt::ItemIsUserCheckable) || rule->on == on)
        return false;
    emit switched(QString(rule->name), on); // The rules may be others afterwards.
    return true;
}

QVariant AlertRuleModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (AlertRuleColumn(section)) {
    case AlertRuleColumn::When:
        return tr("When");
    case AlertRuleColumn::For:
        return tr("For");
    case AlertRuleColumn::Environment:
        return tr("Environment");
    case AlertRuleColumn::SentTo:
        return tr("Sent to");
    case AlertRuleColumn::Now:
        break;
    }
    return tr("Now");
}

} // namespace pulsedeck
