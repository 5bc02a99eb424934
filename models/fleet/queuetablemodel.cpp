// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/queuetablemodel.h"

#include "models/core/enumtable.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

struct QueueColumnRow
{
    QueueColumn id;
    const char *title;
    const char *toolTip;
    int width; ///< In the design's pixels.
    bool number; ///< To the right, and the largest first when it is sorted by.
};

constexpr auto queueColumnRows = std::to_array<QueueColumnRow>({
    {QueueColumn::Queue, QT_TRANSLATE_NOOP("QueueTableModel", "Queue"), "", 124, false},
    {QueueColumn::System, QT_TRANSLATE_NOOP("QueueTableModel", "System"), "", 68, false},
    {QueueColumn::Source, QT_TRANSLATE_NOOP("QueueTableModel", "Source"), "", 76, false},
    {QueueColumn::Waiting, QT_TRANSLATE_NOOP("QueueTableModel", "Waiting"),
     QT_TRANSLATE_NOOP("QueueTableModel", "Jobs that wait. The bar is logarithmic, and hatched while the queue is paused"), 118,
     true},
    {QueueColumn::AtWork, QT_TRANSLATE_NOOP("QueueTableModel", "At work"),
     QT_TRANSLATE_NOOP("QueueTableModel", "Jobs of this queue that workers work on"), 60, true},
    {QueueColumn::Delayed, QT_TRANSLATE_NOOP("QueueTableModel", "Delayed"),
     QT_TRANSLATE_NOOP("QueueTableModel", "Jobs scheduled for later, retries among them"), 64, true},
    {QueueColumn::Oldest, QT_TRANSLATE_NOOP("QueueTableModel", "Oldest"),
     QT_TRANSLATE_NOOP("QueueTableModel", "How long the job that comes next has waited"), 62, true},
    {QueueColumn::In, QT_TRANSLATE_NOOP("QueueTableModel", "In/min"),
     QT_TRANSLATE_NOOP("QueueTableModel", "Jobs that came within the last minute"), 58, true},
    {QueueColumn::Out, QT_TRANSLATE_NOOP("QueueTableModel", "Out/min"),
     QT_TRANSLATE_NOOP("QueueTableModel", "Jobs that were taken within the last minute or, where that is not counted, done"), 62,
     true},
    {QueueColumn::Workers, QT_TRANSLATE_NOOP("QueueTableModel", "Workers here"),
     QT_TRANSLATE_NOOP("QueueTableModel",
                       "Workers that serve the queue, a cell for each, exceptions first; crashed and hung ones are not counted"),
     122, true},
    {QueueColumn::State, QT_TRANSLATE_NOOP("QueueTableModel", "State"), "", 184, true},
    {QueueColumn::History, QT_TRANSLATE_NOOP("QueueTableModel", "Waiting over time"), "", 126, true},
});
static_assert(isInOrder(queueColumnRows, QueueColumn::History), "one row per column, in the order of the enumeration");

/// What comes first where the list is sorted by state, and among equals the longer queue.
int urgency(const QueueFacts &queue)
{
    if (queue.asOf > 0)
        return -1;
    switch (queue.state) {
    case QueueState::Unserved:
        return 4;
    case QueueState::Growing:
        return 3;
    case QueueState::Paused:
        return 2;
    case QueueState::Active:
        break;
    }
    return queue.isIdle() ? 0 : 1;
}

/// By which a column of numbers is sorted.
double sortValue(const QueueFacts &queue, QueueColumn column)
{
    switch (column) {
    case QueueColumn::AtWork:
        return double(queue.latest.atWork);
    case QueueColumn::Delayed:
        return double(queue.latest.delayed);
    case QueueColumn::Oldest:
        return double(queue.latest.oldestMs);
    case QueueColumn::In:
        return queue.inPerMinute;
    case QueueColumn::Out:
        return queue.outPerMinute;
    case QueueColumn::Workers:
        return queue.workersKnown ? queue.workerCount() : -1;
    case QueueColumn::State:
        return urgency(queue);
    default:
        return double(queue.latest.waiting);
    }
}

} // namespace

bool QueueTableModel::Row::isSameAs(const Row &other) const
{
    return isHeading == other.isHeading
           && (isHeading ? heading.group == other.heading.group && heading.source == other.heading.source
                         : facts.key == other.facts.key);
}

bool QueueTableModel::Row::looksAs(const Row &other) const
{
    return isHeading ? heading == other.heading : facts.looksAs(other.facts);
}

QueueTableModel::QueueTableModel(const FleetStore &store, QObject *parent)
    : QAbstractTableModel(parent)
    , m_store(store)
    , m_filter(QueueFilter::parse({}))
{ }

QString QueueTableModel::groupOf(const QueueFacts &queue) const
{
    return m_grouping == QueueGrouping::Source   ? queue.source
           : m_grouping == QueueGrouping::System ? queue.latest.traits->system
                                                 : QString();
}

bool QueueTableModel::isBefore(const QueueFacts &one, const QueueFacts &other) const
{
    const bool descending = m_sortOrder == Qt::DescendingOrder;
    if (queueColumnRows[size_t(m_sortColumn)].number) {
        const double first = sortValue(one, m_sortColumn);
        const double second = sortValue(other, m_sortColumn);
        if (first != second)
            return descending ? first > second : first < second;
        if (one.latest.waiting != other.latest.waiting)
            return one.latest.waiting > other.latest.waiting;
    } else {
        const int order = textOf(one, m_sortColumn).compare(textOf(other, m_sortColumn), Qt::CaseInsensitive);
        if (order != 0)
            return descending ? order > 0 : order < 0;
    }
    const int names = one.name.compare(other.name, Qt::CaseInsensitive);
    return names != 0 ? names < 0 : one.key < other.key;
}

std::vector<QueueTableModel::Row> QueueTableModel::makeRows(bool reorder)
{
    std::vector<QueueFacts> queues = queueFacts(m_store);
    m_allCount = int(queues.size());
    std::erase_if(queues, [this](const QueueFacts &queue) {
        const bool jobs = queue.latest.waiting > 0 || queue.latest.atWork > 0 || queue.latest.delayed > 0;
        return (m_onlyWithJobs && !jobs) || !m_filter.matches(queue);
    });
    std::map<QueueKey, int> places;
    if (!reorder) {
        for (size_t row = 0; row < m_rows.size(); ++row) {
            if (!m_rows[row].isHeading)
                places.emplace(m_rows[row].facts.key, int(row));
        }
    }
    const auto placeOf = [&places](const QueueFacts &queue) {
        const auto place = places.find(queue.key);
        return place == places.end() ? std::numeric_limits<int>::max() : place->second;
    };
    // Sources are in their own order, systems by name.
    const auto compareGroups = [this](const QueueFacts &one, const QueueFacts &other) {
        return m_grouping == QueueGrouping::Source ? int(one.key.source) - int(other.key.source)
                                                   : groupOf(one).compare(groupOf(other));
    };
    std::sort(queues.begin(), queues.end(), [&](const QueueFacts &one, const QueueFacts &other) {
        if (const int groups = compareGroups(one, other); groups != 0)
            return groups < 0;
        if (!reorder) {
            const int first = placeOf(one);
            const int second = placeOf(other);
            if (first != second)
                return first < second;
        }
        return isBefore(one, other);
    });

    m_sums = {};
    m_matching.clear();
    m_wholes.clear();
    const bool all = int(queues.size()) == m_allCount;
    std::vector<Row> rows;
    std::map<std::pair<SourceId, QString>, Unsaid> unsaid;
    rows.reserve(queues.size() + 8);
    size_t heading = 0;
    for (size_t i = 0; i < queues.size(); ++i) {
        m_sums.add(queues[i]);
        m_matching.push_back(queues[i].key);
        Unsaid &system = unsaid[{queues[i].key.source, queues[i].key.system}];
        system.atWork += queues[i].latest.atWork < 0;
        system.rates.in += queues[i].inPerMinute < 0;
        system.rates.out += queues[i].outPerMinute < 0;
        if (m_grouping == QueueGrouping::None) {
            rows.push_back({false, {}, std::move(queues[i])});
            continue;
        }
        const QueueFacts &queue = queues[i];
        const SourceId source = m_grouping == QueueGrouping::Source ? queue.key.source : SourceId(0);
        const QString group = groupOf(queue);
        if (rows.empty() || rows[heading].heading.group != group || rows[heading].heading.source != source) {
            heading = rows.size();
            rows.push_back({true, {group, source, {}, {}, m_folded.contains({source, group})}, {}});
        }
        rows[heading].heading.sums.add(queue);
        if (!rows[heading].heading.folded)
            rows.push_back({false, {}, std::move(queues[i])});
    }
    if (all)
        addWholes(rows, unsaid);
    return rows;
}

/// What systems count for all of their queues together stands in the headings, and their rates are in the sums: none of their
/// queues has any, and with them none is unknown. Of some of the queues it says nothing.
void QueueTableModel::addWholes(std::vector<Row> &rows, const std::map<std::pair<SourceId, QString>, Unsaid> &unsaid)
{
    for (const auto &[of, without] : unsaid) {
        const SourceId source = of.first;
        const QueueRecord *whole = m_store.queues().whole(source, of.second);
        if (!whole || !m_store.sourceStatus(source).isConnected())
            continue;
        m_sums.addWhole(*whole, without.rates);
        m_wholes.insert(of);
        const QString note = queueWholeText(*whole, without.atWork > 0);
        const auto heading = std::find_if(rows.begin(), rows.end(), [&](const Row &row) {
            return row.isHeading
                   && (m_grouping == QueueGrouping::Source ? row.heading.source == source
                                                           : row.heading.group == whole->latest.traits->system);
        });
        if (heading == rows.end())
            continue;
        heading->heading.sums.addWhole(*whole, without.rates);
        if (!note.isEmpty())
            heading->heading.note += heading->heading.note.isEmpty() ? note : QString(u" · "_s + note);
    }
}

QStringList QueueTableModel::textsOf(QueueColumn column) const
{
    QStringList texts;
    for (const Row &row : m_rows) {
        const QString text = row.isHeading ? QString() : textOf(row.facts, column);
        if (!text.isEmpty() && !texts.contains(text) && texts.size() < 64)
            texts.append(text);
    }
    return texts;
}

void QueueTableModel::refresh(bool reorder)
{
    take(makeRows(reorder));
    emit refreshed();
}

/// Removes what is gone, appends what is new, brings both into the new order, and says which rows look different.
void QueueTableModel::take(std::vector<Row> rows)
{
    const auto isSame = [](const Row &one, const Row &other) { return one.isSameAs(other); };
    // As nearly always.
    if (std::equal(m_rows.begin(), m_rows.end(), rows.begin(), rows.end(), isSame)) {
        for (size_t row = 0; row < rows.size(); ++row) {
            const bool same = m_rows[row].looksAs(rows[row]);
            m_rows[row] = std::move(rows[row]);
            if (!same)
                emit dataChanged(index(int(row), 0), index(int(row), queueColumnCount - 1));
        }
        return;
    }
    constexpr size_t manyChanges = 100; // Then one reset costs less than telling of each.
    const auto identity = [](const Row &row) {
        return row.isHeading ? std::tuple(true, QueueKey{row.heading.source, row.heading.group, {}})
                             : std::tuple(false, row.facts.key);
    };
    std::map<std::tuple<bool, QueueKey>, int> now;
    for (size_t row = 0; row < rows.size(); ++row)
        now.emplace(identity(rows[row]), int(row));
    std::vector<int> gone;
    for (size_t row = 0; row < m_rows.size(); ++row) {
        if (!now.contains(identity(m_rows[row])))
            gone.push_back(int(row));
    }
    const size_t added = rows.size() - (m_rows.size() - gone.size());
    if (m_rows.empty() || rows.empty() || gone.size() + added > manyChanges) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    for (auto row = gone.rbegin(); row != gone.rend(); ++row) {
        beginRemoveRows({}, *row, *row);
        m_rows.erase(m_rows.begin() + *row);
        endRemoveRows();
    }
    if (added > 0) {
        std::map<std::tuple<bool, QueueKey>, int> before;
        for (size_t row = 0; row < m_rows.size(); ++row)
            before.emplace(identity(m_rows[row]), int(row));
        std::vector<Row> newcomers;
        for (const Row &row : rows) {
            if (!before.contains(identity(row)))
                newcomers.push_back(row);
        }
        beginInsertRows({}, int(m_rows.size()), int(m_rows.size() + newcomers.size()) - 1);
        m_rows.insert(m_rows.end(), newcomers.begin(), newcomers.end());
        endInsertRows();
    }
    emit layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList from = persistentIndexList();
    QModelIndexList to;
    for (const QModelIndex &index : from)
        to.append(createIndex(now.at(identity(m_rows[size_t(index.row())])), index.column()));
    changePersistentIndexList(from, to);
    m_rows = std::move(rows);
    emit layoutChanged({}, VerticalSortHint);
}

void QueueTableModel::setFilter(const QueueFilter &filter)
{
    m_filter = filter;
    refresh();
}

void QueueTableModel::setGrouping(QueueGrouping grouping)
{
    if (grouping == m_grouping)
        return;
    m_grouping = grouping;
    refresh();
}

void QueueTableModel::setOnlyWithJobs(bool only)
{
    m_onlyWithJobs = only;
    refresh();
}

void QueueTableModel::setFolded(int row, bool folded)
{
    const Heading *heading = headingAt(row);
    if (!heading || heading->folded == folded)
        return;
    if (folded)
        m_folded.insert({heading->source, heading->group});
    else
        m_folded.erase({heading->source, heading->group});
    refresh(false);
}

void QueueTableModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= queueColumnCount)
        return;
    m_sortColumn = QueueColumn(column);
    m_sortOrder = order;
    refresh();
}

const QueueFacts *QueueTableModel::factsAt(int row) const
{
    return row >= 0 && row < rowCount() && !m_rows[size_t(row)].isHeading ? &m_rows[size_t(row)].facts : nullptr;
}

const QueueTableModel::Heading *QueueTableModel::headingAt(int row) const
{
    return row >= 0 && row < rowCount() && m_rows[size_t(row)].isHeading ? &m_rows[size_t(row)].heading : nullptr;
}

const QueueRecord *QueueTableModel::recordAt(int row) const
{
    const QueueFacts *facts = factsAt(row);
    return facts ? m_store.queues().find(facts->key) : nullptr;
}

int QueueTableModel::rowOf(const QueueKey &key) const
{
    const auto row =
        std::find_if(m_rows.begin(), m_rows.end(), [&key](const Row &one) { return !one.isHeading && one.facts.key == key; });
    return row == m_rows.end() ? -1 : int(row - m_rows.begin());
}

std::vector<QueuePoint> QueueTableModel::waitingOverTime(qint64 now, qint64 spanMs) const
{
    std::vector<const QueueHistory *> histories;
    for (const QueueKey &key : m_matching) {
        if (const QueueRecord *record = m_store.queues().find(key))
            histories.push_back(&record->history);
    }
    std::vector<QueuePoint> points;
    for (int i = 0; i < trendPoints; ++i) {
        QueuePoint sum{now - spanMs + spanMs * (i + 1) / trendPoints, 0};
        bool known = false;
        for (const QueueHistory *history : histories) {
            if (const QueuePoint *point = history->at(sum.at)) {
                sum.waiting += point->waiting;
                known = true;
            }
        }
        if (known)
            points.push_back(sum);
    }
    return points;
}

std::vector<QueueFlow> QueueTableModel::flowOverTime(qint64 now, qint64 spanMs) const
{
    constexpr qint64 step = QueueStore::flowStepMs;
    std::vector<QueueFlow> sums;
    for (qint64 at = now - (spanMs - 1) / step * step; at <= now; at += step)
        sums.push_back({at, -1, -1});
    const auto add = [&sums](const QueueRecord *record) {
        if (!record)
            return;
        const std::vector<QueueFlow> &flow = record->flow;
        size_t next = 0;
        for (QueueFlow &sum : sums) {
            while (next < flow.size() && flow[next].at <= sum.at)
                ++next;
            // The last one up to then; one of long before says nothing of it.
            if (next == 0 || flow[next - 1].at <= sum.at - 2 * step)
                continue;
            const QueueFlow &known = flow[next - 1];
            if (known.in >= 0)
                sum.in = qMax(0.0, sum.in) + known.in;
            if (known.out >= 0)
                sum.out = qMax(0.0, sum.out) + known.out;
        }
    };
    for (const QueueKey &key : m_matching)
        add(m_store.queues().find(key));
    for (const auto &[source, system] : m_wholes)
        add(m_store.queues().whole(source, system));
    std::erase_if(sums, [](const QueueFlow &sum) { return sum.in < 0 && sum.out < 0; });
    return sums;
}

int QueueTableModel::columnWidth(QueueColumn column)
{
    return queueColumnRows[size_t(column)].width;
}

int QueueTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int QueueTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : queueColumnCount;
}

QString QueueTableModel::textOf(const QueueFacts &queue, QueueColumn column) const
{
    switch (column) {
    case QueueColumn::Queue:
        return queue.name;
    case QueueColumn::System:
        return queue.latest.traits->system;
    case QueueColumn::Source:
        return queue.source;
    case QueueColumn::Waiting:
        return queueCountText(queue.latest.waiting);
    case QueueColumn::AtWork:
        return queueCountText(queue.latest.atWork);
    case QueueColumn::Delayed:
        return queueCountText(queue.latest.delayed);
    case QueueColumn::Oldest:
        return queueAgeText(queue.latest.oldestMs);
    case QueueColumn::In:
        return queueRateText(queue.inPerMinute);
    case QueueColumn::Out:
        return queueRateText(queue.outPerMinute);
    case QueueColumn::Workers:
        return queue.workersKnown ? queueCountText(queue.workerCount()) : queueCountText(-1);
    case QueueColumn::State: {
        const QString note = queueStateNote(queue, m_store.viewNow());
        return note.isEmpty() ? queueStateText(queue) : QString(queueStateText(queue) + u' ' + note);
    }
    case QueueColumn::History:
        break;
    }
    return {};
}

QVariant QueueTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (const Heading *heading = headingAt(index.row())) {
        if ((role == Qt::DisplayRole && index.column() == 0) || role == Qt::AccessibleTextRole)
            return role == Qt::DisplayRole
                       ? heading->group
                       : tr("%1: %2 waiting, %3 at work, %Ln queue(s)", nullptr, heading->sums.queues)
                             .arg(heading->group, queueCountText(heading->sums.waiting), heading->sums.atWorkText());
        return {};
    }
    const QueueFacts &queue = *factsAt(index.row());
    const QueueColumn column = QueueColumn(index.column());
    if (role == Qt::DisplayRole)
        return textOf(queue, column);
    if (role == Qt::AccessibleTextRole && column == QueueColumn::Queue)
        return tr("%1, %2, %3 waiting").arg(queue.name, queueStateText(queue), queueCountText(queue.latest.waiting));
    if (role == Qt::AccessibleTextRole)
        return textOf(queue, column);
    if (role == Qt::ToolTipRole) {
        static constexpr auto figures = std::to_array<std::pair<QueueColumn, QueueFigure>>({
            {QueueColumn::AtWork, QueueFigure::AtWork},
            {QueueColumn::Delayed, QueueFigure::Delayed},
            {QueueColumn::Oldest, QueueFigure::Oldest},
            {QueueColumn::In, QueueFigure::In},
            {QueueColumn::Out, QueueFigure::Out},
            {QueueColumn::Workers, QueueFigure::Workers},
        });
        for (const auto &[of, figure] : figures) {
            if (of == column)
                return whyUnknown(queue, figure);
        }
    }
    return {};
}

QVariant QueueTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= queueColumnCount)
        return {};
    const QueueColumnRow &column = queueColumnRows[size_t(section)];
    if (role == Qt::DisplayRole)
        return tr(column.title);
    if (role == Qt::ToolTipRole && *column.toolTip)
        return tr(column.toolTip);
    if (role == Qt::TextAlignmentRole)
        return int(column.number && column.id > QueueColumn::Waiting && column.id < QueueColumn::Workers
                       ? Qt::AlignRight | Qt::AlignVCenter
                       : Qt::AlignLeft | Qt::AlignVCenter);
    return {};
}

Qt::ItemFlags QueueTableModel::flags(const QModelIndex &index) const
{
    return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::NoItemFlags;
}

} // namespace pulsedeck
