// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/journal/journalfile.h"
#include "models/journal/journal.h"

namespace pulsedeck {

/// The reading half of SqlJournal, on a thread and a connection of its own that cannot write.
class JournalReader : public QObject
{
    Q_OBJECT

public:
    explicit JournalReader(const QString &path)
        : m_file(path, JournalFile::Mode::Read)
    { }

    void query(const JournalQuery &query, quint64 token);
    void readPlans();
    void readCommandHistory(qint64 withinMs);
    void readEnds(qint64 afterRow);

signals:
    void answered(quint64 token, const pulsedeck::JournalPage &page);
    void plansRead(const QList<pulsedeck::RollingRecord> &plans);
    void commandHistoryRead(const QList<pulsedeck::JournalEntry> &entries);
    void endsRead(const QList<pulsedeck::EndRecord> &ends, qint64 lastRow);
    void damaged(const QString &message, const QString &hint);

private:
    /// Empty if it may be read.
    QString open();
    QString note(const QSqlError &error);
    bool hasFacts() const { return m_file.version() >= 2; }
    QList<JournalEntry> entriesWhere(const QString &condition, const QVariantList &values, int most);

    JournalFile m_file;
};

} // namespace pulsedeck
