// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertengine.h"

#include <QAbstractTableModel>

namespace pulsedeck {

enum class AlertRuleColumn { When, For, Environment, SentTo, Now };
constexpr int alertRuleColumnCount = int(AlertRuleColumn::Now) + 1;

/// The rules of an engine's plan as sentences, and how many alerts each has now. GUI thread.
class AlertRuleModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit AlertRuleModel(const AlertEngine &engine, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    /// Whether a rule is on; switched() follows, and who listens has to see to it.
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    const AlertRule *ruleAt(int row) const;

public slots:
    void refresh();

signals:
    void switched(const QString &rule, bool on);

private:
    struct Counts
    {
        int firing = 0;
        int pending = 0;
        int silenced = 0;
    };
    const AlertEngine &m_engine;
    QList<AlertRule> m_rules;
    QHash<QString, Counts> m_counts;
};

} // namespace pulsedeck
