// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/clock.h"
#include "models/journal/journal.h"

#include <QAbstractTableModel>

#include <vector>

namespace pulsedeck {

/// The entries that match a query over the journal, newest first as they were written and within seconds as they happened, read
/// in pages as they are needed. New entries are inserted at the top; while held they wait and are counted, so that nothing moves
/// while the user reads. At most maxRows are held in memory; beyond it the oldest are found by a narrower query. GUI thread.
class JournalModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Time, Kind, Source, Worker, What, Who, Reason, Text, columnCountValue };
    static constexpr int pageRows = 200;
    static constexpr int maxRows = 100'000;
    /// Events are collected and written a few seconds after they happened, each kind in its own time: an event so shortly before
    /// one that was written earlier is shown below that. A larger difference means that the clock was set in between.
    static constexpr qint64 orderWithinMs = 10'000;
    static constexpr int mostNews = 1'000; ///< More new entries than that are read again when they are shown.

    /// \a journal may be null: the model stays empty.
    JournalModel(Journal *journal, const Clock &clock, QObject *parent = nullptr);

    /// Reads again. Of \a query everything but its pages is used.
    void setQuery(const JournalQuery &query);
    const JournalQuery &query() const { return m_query; }
    /// The machine's clock was set, or times are shown in another zone.
    void refreshTimes();
    /// Reads the same query again.
    void reload();

    /// While held nothing is added at the top.
    void setHeld(bool held);
    /// New entries that wait.
    int newCount() const { return int(m_news.size()); }
    bool moreNews() const { return m_moreNews; } ///< There is more than newCount().
    void takeNews();

    bool isReading() const { return m_pageToken != 0; }
    /// All that match, -1 while not known.
    qint64 matches() const { return m_matches; }
    bool matchesAtLeast() const { return m_atLeast; }
    /// Why it could not be read; empty when all is well.
    const QString &error() const { return m_error; }
    const JournalEntry &entry(int row) const { return m_rows[size_t(row)]; }
    /// The place of an entry by its JournalEntry::row, or -1.
    int rowOf(qint64 journalRow) const;
    /// A row as one line of text: its columns with tabs between them.
    QString rowText(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

signals:
    /// Matches, news or reading changed.
    void statusChanged();

private:
    void takeAnswer(quint64 token, const JournalPage &page);
    void takeFirst(const JournalPage &page);
    void takeMore(const JournalPage &page);
    void takeNewest(const JournalPage &page);
    void askForNews();
    void insertNews();

    Journal *m_journal;
    const Clock &m_clock;
    JournalQuery m_query;
    std::vector<JournalEntry> m_rows; ///< As shown.
    qint64 m_oldest = 0; ///< The oldest journal row of those, 0 for none.
    std::vector<JournalEntry> m_news; ///< Newest first.
    QString m_error;
    qint64 m_matches = -1;
    qint64 m_newest = 0; ///< The newest journal row seen, news included.
    quint64 m_pageToken = 0; ///< The page being waited for; 0 for none.
    quint64 m_newsToken = 0;
    bool m_firstPage = false;
    bool m_more = false;
    bool m_atLeast = false;
    bool m_moreNews = false;
    bool m_newsDue = false;
    bool m_held = false;
};

} // namespace pulsedeck
