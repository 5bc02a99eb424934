// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/journalmodel.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"

#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Whether \a later, written after \a earlier, happened before it and belongs below.
bool isBelow(const JournalEntry &later, const JournalEntry &earlier)
{
    return later.at < earlier.at && earlier.at - later.at <= JournalModel::orderWithinMs;
}

/// Puts \a entry, written after all \a rows, among them: as near to the top as it may.
size_t placeFromTop(const std::vector<JournalEntry> &rows, const JournalEntry &entry)
{
    size_t place = 0;
    while (place < rows.size() && isBelow(entry, rows[place]))
        ++place;
    return place;
}

/// The same for one written before all of them, from the bottom.
size_t placeFromBottom(const std::vector<JournalEntry> &rows, const JournalEntry &entry)
{
    size_t place = rows.size();
    while (place > 0 && isBelow(rows[place - 1], entry))
        --place;
    return place;
}

} // namespace

JournalModel::JournalModel(Journal *journal, const Clock &clock, QObject *parent)
    : QAbstractTableModel(parent)
    , m_journal(journal)
    , m_clock(clock)
{
    if (!journal)
        return;
    connect(journal, &Journal::answered, this, &JournalModel::takeAnswer);
    connect(journal, &Journal::appended, this, &JournalModel::askForNews);
    connect(journal, &Journal::stateChanged, this, [this] {
        if (!m_error.isEmpty())
            reload();
    });
}

void JournalModel::setQuery(const JournalQuery &query)
{
    m_query = query;
    m_query.beforeRow = 0;
    m_query.afterRow = 0;
    m_query.limit = pageRows;
    reload();
}

void JournalModel::reload()
{
    if (!m_journal)
        return;
    // Rows stay until the answer is there: what is typed fast does not make the list flicker.
    m_pageToken = m_journal->nextToken();
    m_newsToken = 0;
    m_newsDue = false;
    m_firstPage = true;
    m_journal->query(m_query, m_pageToken);
    emit statusChanged();
}

void JournalModel::refreshTimes()
{
    emit headerDataChanged(Qt::Horizontal, Time, Time);
    if (rowCount() > 0)
        emit dataChanged(index(0, Time), index(rowCount() - 1, Time));
}

void JournalModel::takeAnswer(quint64 token, const JournalPage &page)
{
    if (token != 0 && token == m_newsToken) {
        m_newsToken = 0;
        takeNewest(page);
    } else if (token != 0 && token == m_pageToken) {
        m_pageToken = 0;
        m_error = page.error;
        if (m_firstPage)
            takeFirst(page);
        else
            takeMore(page);
    } else {
        return; // Of an earlier query.
    }
    emit statusChanged();
    if (m_newsDue && m_newsToken == 0)
        askForNews();
}

void JournalModel::takeFirst(const JournalPage &page)
{
    m_firstPage = false;
    beginResetModel();
    m_rows.clear();
    m_rows.reserve(size_t(page.entries.size()));
    for (const JournalEntry &one : page.entries)
        m_rows.insert(m_rows.begin() + qptrdiff(placeFromBottom(m_rows, one)), one);
    m_oldest = page.entries.isEmpty() ? 0 : page.entries.last().row;
    m_news.clear();
    m_moreNews = false;
    m_more = page.more;
    m_matches = page.matches;
    m_atLeast = page.atLeast;
    m_newest = page.entries.isEmpty() ? 0 : page.entries.first().row;
    endResetModel();
}

void JournalModel::takeMore(const JournalPage &page)
{
    m_more = page.more && page.error.isEmpty();
    if (page.entries.isEmpty())
        return;
    m_oldest = page.entries.last().row;
    std::vector<JournalEntry> below;
    for (const JournalEntry &one : page.entries) {
        const size_t place = placeFromBottom(below, one);
        const size_t among = place == 0 ? placeFromBottom(m_rows, one) : m_rows.size();
        if (among < m_rows.size()) {
            beginInsertRows({}, int(among), int(among));
            m_rows.insert(m_rows.begin() + qptrdiff(among), one);
            endInsertRows();
        } else {
            below.insert(below.begin() + qptrdiff(place), one);
        }
    }
    if (below.empty())
        return;
    const int first = rowCount();
    beginInsertRows({}, first, first + int(below.size()) - 1);
    m_rows.insert(m_rows.end(), below.begin(), below.end());
    endInsertRows();
}

void JournalModel::askForNews()
{
    if (!m_journal)
        return;
    if (m_firstPage || m_newsToken != 0) {
        m_newsDue = true; // It may have been read just before this came.
        return;
    }
    m_newsDue = false;
    if (m_rows.empty() && m_news.empty()) {
        reload();
        return;
    }
    JournalQuery query = m_query;
    query.afterRow = m_newest;
    query.limit = mostNews;
    m_newsToken = m_journal->nextToken();
    m_journal->query(query, m_newsToken);
}

void JournalModel::takeNewest(const JournalPage &page)
{
    if (page.entries.isEmpty() || !page.error.isEmpty())
        return;
    m_newest = page.entries.first().row;
    // So much at once is not put in at the top: it leaves a hole below it, or is more than anybody waits for.
    if (page.more || m_news.size() + size_t(page.entries.size()) > size_t(mostNews))
        m_moreNews = true;
    m_news.insert(m_news.begin(), page.entries.begin(), page.entries.end());
    if (m_news.size() > size_t(mostNews))
        m_news.resize(mostNews);
    if (m_matches >= 0 && !m_atLeast)
        m_matches += page.entries.size();
    if (!m_held)
        insertNews();
}

void JournalModel::setHeld(bool held)
{
    m_held = held;
}

void JournalModel::takeNews()
{
    insertNews();
    emit statusChanged();
}

void JournalModel::insertNews()
{
    if (m_moreNews) {
        reload();
        return;
    }
    if (m_news.empty())
        return;
    std::vector<JournalEntry> above;
    for (auto one = m_news.rbegin(); one != m_news.rend(); ++one) {
        const size_t among = placeFromTop(m_rows, *one);
        if (among > 0) {
            beginInsertRows({}, int(among), int(among));
            m_rows.insert(m_rows.begin() + qptrdiff(among), *one);
            endInsertRows();
        } else {
            above.insert(above.begin() + qptrdiff(placeFromTop(above, *one)), *one);
        }
    }
    m_news.clear();
    if (!above.empty()) {
        beginInsertRows({}, 0, int(above.size()) - 1);
        m_rows.insert(m_rows.begin(), above.begin(), above.end());
        endInsertRows();
    }
    if (m_oldest == 0)
        m_oldest = m_rows.back().row;
    // From the bottom, where it can be read again.
    if (m_rows.size() > size_t(maxRows)) {
        beginRemoveRows({}, maxRows, rowCount() - 1);
        m_rows.resize(maxRows);
        const auto oldest = std::min_element(m_rows.begin(), m_rows.end(),
                                             [](const JournalEntry &a, const JournalEntry &b) { return a.row < b.row; });
        m_oldest = oldest->row;
        m_more = true;
        endRemoveRows();
    }
}

int JournalModel::rowOf(qint64 journalRow) const
{
    const auto place =
        std::find_if(m_rows.begin(), m_rows.end(), [journalRow](const JournalEntry &entry) { return entry.row == journalRow; });
    return place == m_rows.end() ? -1 : int(place - m_rows.begin());
}

QString JournalModel::rowText(int row) const
{
    const JournalEntry &one = entry(row);
    QStringList parts{fullWallTimeText(one.at)};
    for (int column = Kind; column < columnCountValue; ++column)
        parts.append(index(row, column).data().toString());
    return parts.join(u'\t');
}

int JournalModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int JournalModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : columnCountValue;
}

QVariant JournalModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const JournalEntry &one = entry(index.row());
    switch (role) {
    case Qt::DisplayRole:
        switch (Column(index.column())) {
        case Time:
            return wallDayText(one.at, m_clock.wallNowMs());
        case Kind:
            return journalKindText(one.kind);
        case Source:
            return visibleLine(one.source);
        case Worker:
            return shortWorker(one);
        case What:
            return journalWhatText(one);
        case Who:
            return visibleLine(one.by);
        case Reason:
            return visibleLine(one.reason);
        case Text:
            return visibleLine(one.text);
        case columnCountValue:
            break;
        }
        return {};
    case Qt::ToolTipRole:
        if (index.column() == Time)
            return fullWallTimeText(one.at);
        if (index.column() == Worker)
            return visibleText(QString::fromUtf8(one.worker));
        return data(index, Qt::DisplayRole);
    case Qt::AccessibleTextRole: {
        // The first cell reads out the whole row, the others their own text.
        if (index.column() != Time) {
            const QString text = data(index, Qt::DisplayRole).toString();
            return QString(headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString() % u' '
                           % (text.isEmpty() ? u"–"_s : text));
        }
        QStringList parts{wallDayText(one.at, m_clock.wallNowMs()), journalKindText(one.kind), journalWhatText(one)};
        if (!one.worker.isEmpty())
            parts.append(shortWorker(one));
        parts.append(one.text);
        return visibleLine(parts.join(u", "_s));
    }
    default:
        return {};
    }
}

QVariant JournalModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole || section < 0 || section >= columnCountValue)
        return {};
    static const QString titles[] = {tr("Time (%1)"), tr("Kind"), tr("Source"), tr("Worker"),
                                     tr("What"),      tr("Who"),  tr("Reason"), tr("Text")};
    return section == Time ? titles[section].arg(zoneText(m_clock.wallNowMs())) : titles[section];
}

bool JournalModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_more && m_pageToken == 0 && rowCount() < maxRows;
}

void JournalModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    JournalQuery query = m_query;
    query.beforeRow = m_oldest;
    // The further somebody scrolls, the larger the steps.
    query.limit = std::clamp(rowCount() / 2, pageRows, 5'000);
    m_pageToken = m_journal->nextToken();
    m_journal->query(query, m_pageToken);
}

} // namespace pulsedeck
