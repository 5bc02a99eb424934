// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QVariantList>

namespace pulsedeck {

/// What a JournalQuery asks for, as SQL over a connection. Words of three characters and more are looked up in the index of
/// trigrams and then compared; rows that are not in the index yet, and shorter words, are looked through row by row.
class JournalSql
{
public:
    static constexpr int mostCounted = 100'000; ///< Counting matches stops here.
    static constexpr int mostInPage = 10'000;

    JournalSql(const QSqlDatabase &database, const JournalQuery &query, bool hasIndex, bool hasFacts = true);

    /// Reads one page, counted when it is the first.
    QSqlError read(JournalPage *page);

private:
    struct Part
    {
        enum class Way : quint8 {
            Rows, ///< Row by row, or by an index that leads to few.
            Search, ///< By the search index.
            ByTime, ///< By time and kind alone: the rows are looked up for the page only.
        };
        QString from; ///< "entries …" and its WHERE, but for what bounds the rows.
        QVariantList values;
        Way way = Way::Rows;
    };

    void addCondition(const QString &condition, const QVariant &value);
    void addWord(const QString &word);
    std::vector<Part> parts() const;
    QSqlError readRows(const Part &part, int most, QList<JournalEntry> *entries) const;
    QSqlError count(const Part &part, int most, qint64 *found) const;

    QSqlDatabase m_database;
    JournalQuery m_query;
    QStringList m_conditions;
    QVariantList m_values;
    QString m_match; ///< For the index; empty if it cannot be used.
    bool m_hasFacts;
    bool m_narrow = false; ///< A worker, a command or a group leads to few rows.
};

/// The columns of an entry in the order entryFrom() reads them.
/// A file of before version 2 has no facts.
QString journalColumns(bool hasFacts = true);
JournalEntry journalEntryFrom(const class QSqlQuery &row);

} // namespace pulsedeck
