// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/journalmodel.h"

#include "models/core/visibletext.h"
#include "models/fleet/fleetcolumns.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString plainWords(const QString &name)
{
    return QString(name).replace(u'-', u' ');
}

} // namespace

QString journalTimeText(qint64 at, qint64 now)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(at);
    const QDate today = QDateTime::fromMSecsSinceEpoch(now).date();
    const QString clock = time.time().toString(u"HH:mm:ss"_s);
    if (time.date() == today)
        return clock;
    const QString format = time.date().year() == today.year() ? u"d MMM"_s : u"d MMM yyyy"_s;
    return QLocale::c().toString(time.date(), format) % u"  "_s % clock;
}

QString journalWhatText(const JournalEntry &entry)
{
    if (entry.act.isEmpty())
        return plainWords(entry.step);
    return entry.step.isEmpty() ? plainWords(entry.act) : QString(plainWords(entry.act) % u" · "_s % plainWords(entry.step));
}

JournalModel::JournalModel(Journal *journal, const Clock &clock, QObject *parent)
    : QAbstractTableModel(parent), m_journal(journal), m_clock(clock)
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
    m_rows.assign(page.entries.begin(), page.entries.end());
    m_news.clear();
    m_moreNews = false;
    m_more = page.more;
    m_matches = page.matches;
    m_atLeast = page.atLeast;
    m_newest = m_rows.empty() ? 0 : m_rows.front().row;
    endResetModel();
}

void JournalModel::takeMore(const JournalPage &page)
{
    m_more = page.more && page.error.isEmpty();
    if (page.entries.isEmpty())
        return;
    const int first = rowCount();
    beginInsertRows({}, first, first + int(page.entries.size()) - 1);
    m_rows.insert(m_rows.end(), page.entries.begin(), page.entries.end());
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
    beginInsertRows({}, 0, int(m_news.size()) - 1);
    m_rows.insert(m_rows.begin(), m_news.begin(), m_news.end());
    m_news.clear();
    endInsertRows();
    // From the bottom, where it can be read again.
    if (m_rows.size() > size_t(maxRows)) {
        beginRemoveRows({}, maxRows, rowCount() - 1);
        m_rows.resize(maxRows);
        m_more = true;
        endRemoveRows();
    }
}

int JournalModel::rowOf(qint64 journalRow) const
{
    const auto place = std::lower_bound(m_rows.begin(), m_rows.end(), journalRow,
                                        [](const JournalEntry &entry, qint64 row) { return entry.row > row; });
    return place != m_rows.end() && place->row == journalRow ? int(place - m_rows.begin()) : -1;
}

QString JournalModel::rowText(int row) const
{
    const JournalEntry &one = entry(row);
    QStringList parts{QDateTime::fromMSecsSinceEpoch(one.at).toString(Qt::ISODate)};
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
            return journalTimeText(one.at, m_clock.nowMs());
        case Kind:
            return journalKindName(one.kind);
        case Source:
            return visibleLine(one.source);
        case Worker:
            return shortId(one.worker);
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
            return QString(QDateTime::fromMSecsSinceEpoch(one.at, Qt::UTC).toString(u"yyyy-MM-dd HH:mm:ss.zzz"_s) % u" UTC"_s);
        if (index.column() == Worker)
            return visibleText(QString::fromUtf8(one.worker));
        return data(index, Qt::DisplayRole);
    case Qt::AccessibleTextRole: {
        // The first cell says the whole row, each other one what stands in it.
        if (index.column() != Time) {
            const QString text = data(index, Qt::DisplayRole).toString();
            return QString(headerData(index.column(), Qt::Horizontal, Qt::DisplayRole).toString() % u' '
                           % (text.isEmpty() ? u"–"_s : text));
        }
        QStringList parts{journalTimeText(one.at, m_clock.nowMs()), journalKindName(one.kind), journalWhatText(one)};
        if (!one.worker.isEmpty())
            parts.append(shortId(one.worker));
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
    static const QString titles[] = {u"Time"_s, u"Kind"_s, u"Source"_s, u"Worker"_s,
                                     u"What"_s, u"Who"_s, u"Reason"_s, u"Text"_s};
    return titles[section];
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
    query.beforeRow = m_rows.back().row;
    // The further somebody scrolls, the larger the steps.
    query.limit = std::clamp(rowCount() / 2, pageRows, 5'000);
    m_pageToken = m_journal->nextToken();
    m_journal->query(query, m_pageToken);
}

} // namespace pulsedeck
