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
    explicit JournalReader(const QString &path) : m_file(path, JournalFile::Mode::Read) {}

    void query(const JournalQuery &query, quint64 token);
    void readPlans();
    void readOpenCommands(qint64 withinMs);

signals:
    void answered(quint64 token, const pulsedeck::JournalPage &page);
    void plansRead(const QList<pulsedeck::RollingRecord> &plans);
    void commandsRead(const QList<pulsedeck::JournalEntry> &intents);
    void damaged(const QString &message, const QString &hint);

private:
    /// Empty if it may be read.
    QString open();
    QString note(const QSqlError &error);

    JournalFile m_file;
};

} // namespace pulsedeck
