// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/journal/databasefile.h"

#include <QCoreApplication>

namespace pulsedeck {

using JournalTrouble = DatabaseTrouble;

/// One connection to a journal file: its schema and its sentences.
class JournalFile : public DatabaseFile
{
    Q_DECLARE_TR_FUNCTIONS(JournalFile)

public:
    JournalFile(const QString &path, Mode mode)
        : DatabaseFile(path, mode)
    { }
    ~JournalFile() override { close(); }

    /// Whether searches have an index (SQLite with FTS5).
    bool hasIndex() const { return isOpen() && m_hasIndex; }
    /// A file that is only read may have an older version: 1 has neither facts nor ends.
    int version() const { return isOpen() ? m_version : 0; }

protected:
    JournalTrouble say(Failure failure, const QString &detail) const override;
    JournalTrouble prepare(qint64 maxBytes) override;

private:
    JournalTrouble makeSchema(int *version);
    JournalTrouble migrate();

    int m_version = 0;
    bool m_hasIndex = false;
};

/// How workers ended, from the sentences and steps of files before version 2: row, source, worker, at, and the name of the end,
/// empty for one that came back. In order of the rows; the last of a worker counts. The only place that reads such sentences.
QString endsOfOldEntries();

} // namespace pulsedeck
