// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/queuefilter.h"

#include <QAbstractTableModel>

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace pulsedeck {

/// The columns of the Queues page, in their usual order.
enum class QueueColumn : quint8 { Queue, System, Source, Waiting, AtWork, Delayed, Oldest, In, Out, Workers, State, History };
constexpr int queueColumnCount = int(QueueColumn::History) + 1;

enum class QueueGrouping : quint8 { Source, System, None };

/// The queues of all visible sources as rows, sorted within groups, each group below a heading with its sums. It reads the store
/// only when refresh() is called, so that a page which is not shown costs nothing. Rows that stay keep their persistent indexes,
/// and with them selection and current row. GUI thread.
class QueueTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    /// The line above a group.
    struct Heading
    {
        QString group; ///< Its name: that of the source or of the system.
        SourceId source = 0; ///< Where it is a source.
        QueueSums sums;
        QString note; ///< What its systems count for all of their queues together; empty for most.
        bool folded = false;
        bool operator==(const Heading &) const = default;
    };

    explicit QueueTableModel(const FleetStore &store, QObject *parent = nullptr);

    /// Reads the store. Without \a reorder rows keep their order, and new ones come last in their group.
    void refresh(bool reorder = true);
    void setFilter(const QueueFilter &filter);
    const QueueFilter &filter() const { return m_filter; }
    void setGrouping(QueueGrouping grouping);
    QueueGrouping grouping() const { return m_grouping; }
    /// Leaves out queues in which nothing waits, is delayed or at work.
    void setOnlyWithJobs(bool only);
    void setFolded(int row, bool folded);
    QueueColumn sortColumn() const { return m_sortColumn; }
    Qt::SortOrder sortOrder() const { return m_sortOrder; }

    /// Null for a heading.
    const QueueFacts *factsAt(int row) const;
    /// Null for a queue.
    const Heading *headingAt(int row) const;
    /// Null if it is gone.
    const QueueRecord *recordAt(int row) const;
    /// -1 if it has no row.
    int rowOf(const QueueKey &key) const;
    /// Of all queues that match, also of those in folded groups.
    const QueueSums &sums() const { return m_sums; }
    /// How many jobs waited in all queues that match, at trendPoints moments within \a spanMs until \a now, oldest first. Moments
    /// before the first report are left out.
    std::vector<QueuePoint> waitingOverTime(qint64 now, qint64 spanMs) const;
    static constexpr int trendPoints = 90;
    /// How many jobs came and were taken per minute in the same queues, and in what their systems count together, every
    /// QueueStore::flowStepMs within \a spanMs until \a now, oldest first. Moments at which nothing was known are left out.
    std::vector<QueueFlow> flowOverTime(qint64 now, qint64 spanMs) const;
    /// How many queues there are, whatever the filter.
    int allCount() const { return m_allCount; }
    const FleetStore &store() const { return m_store; }
    /// The usual width of a column, in the design's pixels.
    static int columnWidth(QueueColumn column);
    /// The longest texts of a column, at most as many as there are sources or systems; for those that few rows differ in.
    QStringList textsOf(QueueColumn column) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    void sort(int column, Qt::SortOrder order) override;

signals:
    /// After each refresh.
    void refreshed();

private:
    struct Row
    {
        bool isHeading = false;
        Heading heading;
        QueueFacts facts; ///< Of a queue.

        bool isSameAs(const Row &other) const;
        bool looksAs(const Row &other) const;
    };

    std::vector<Row> makeRows(bool reorder);
    void take(std::vector<Row> rows);
    /// How many queues of a system do not say it.
    struct Unsaid
    {
        int atWork = 0;
        QueueSums::Without rates;
    };
    void addWholes(std::vector<Row> &rows, const std::map<std::pair<SourceId, QString>, Unsaid> &unsaid);
    QString groupOf(const QueueFacts &queue) const;
    bool isBefore(const QueueFacts &one, const QueueFacts &other) const;
    QString textOf(const QueueFacts &queue, QueueColumn column) const;

    const FleetStore &m_store;
    std::vector<Row> m_rows;
    QueueFilter m_filter;
    std::set<std::pair<SourceId, QString>> m_folded; ///< Source, 0 for a system, and name.
    std::vector<QueueKey> m_matching;
    std::set<std::pair<SourceId, QString>> m_wholes; ///< Source and system of what m_sums has of systems.
    QueueSums m_sums;
    QueueGrouping m_grouping = QueueGrouping::Source;
    QueueColumn m_sortColumn = QueueColumn::State;
    Qt::SortOrder m_sortOrder = Qt::DescendingOrder;
    int m_allCount = 0;
    bool m_onlyWithJobs = false;
};

} // namespace pulsedeck
