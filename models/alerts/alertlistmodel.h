// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertengine.h"
#include "models/alerts/alertfilter.h"

#include <QAbstractTableModel>

#include <array>
#include <optional>

namespace pulsedeck {

enum class AlertColumn { State, Title, Place, Since, Time, Note };
constexpr int alertColumnCount = int(AlertColumn::Note) + 1;

/// Which alerts are listed, by what became of them.
enum class AlertShown { All, Firing, Pending, Silenced, Resolved };
constexpr int alertShownCount = int(AlertShown::Resolved) + 1;
/// What alerts are listed by, before their usual order.
enum class AlertOrder { State, Rule, Source };

/// The alerts of an engine as rows, in its order: what fires, what is silenced, what is pending, what is over; all of them, or
/// those that a filter finds. Listed by state each state has a heading, if there is more than one. GUI thread.
class AlertListModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    AlertListModel(const AlertEngine &engine, const FleetStore &store, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    Qt::ItemFlags flags(const QModelIndex &index) const override;

    /// Null if there is no such row, and for a heading.
    const Alert *alertAt(int row) const;
    /// Which state stands below, if the row is a heading.
    std::optional<AlertShown> headingAt(int row) const;
    /// The first alert; -1 if there is none.
    int firstRow() const;
    /// -1 if it is not there. Without \a firedAt it is the first one with this id.
    int rowOf(const QString &id, std::optional<qint64> firedAt = {}) const;
    /// Where it is, and what was done about it: "prod-eu · playwright · not acknowledged".
    QString lineText(const Alert &alert) const;
    /// Those that are listed.
    const std::vector<Alert> &all() const { return m_alerts; }
    /// How many there are in a state, whatever the filter; at the last refresh().
    int count(AlertShown shown) const { return m_counts[size_t(shown)]; }
    /// How many of those that are listed are in a state.
    int listed(AlertShown shown) const;
    void setFilter(const QString &text, AlertShown shown);
    void setOrder(AlertOrder order);

public slots:
    /// Reads the engine again. Rows that are the same alerts keep their indexes.
    void refresh();

private:
    struct Row
    {
        int alert = -1; ///< Its place in m_alerts; -1: a heading.
        AlertShown heading = AlertShown::All;

        bool operator==(const Row &) const = default;
    };
    std::vector<Row> rowsOf(const std::vector<Alert> &alerts) const;
    static QString headingText(AlertShown shown);
    QString timeText(const Alert &alert) const;
    QString noteText(const Alert &alert) const;

    const AlertEngine &m_engine;
    const FleetStore &m_store;
    std::vector<Alert> m_alerts;
    std::vector<Row> m_rows;
    std::array<int, alertShownCount> m_counts{};
    AlertFilter m_filter;
    AlertShown m_shown = AlertShown::All;
    AlertOrder m_order = AlertOrder::State;
};

} // namespace pulsedeck
