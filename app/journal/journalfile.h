// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QSqlDatabase>
#include <QSqlError>
#include <QString>

#include <sys/types.h>

namespace pulsedeck {

/// An error of a journal file, for a person.
struct JournalTrouble
{
    QString message; ///< Empty when all is well.
    QString hint;
    bool damaged = false; ///< It must not be written to: left alone until another file is in its place.

    explicit operator bool() const { return !message.isEmpty(); }
};

/// One connection to a journal file, made and used on one thread. Knows the schema and the ways a file can fail.
class JournalFile
{
    Q_DECLARE_TR_FUNCTIONS(JournalFile)

public:
    enum class Mode { Write, Read };

    JournalFile(const QString &path, Mode mode)
        : m_path(path)
        , m_mode(mode)
    { }
    ~JournalFile() { close(); }
    Q_DISABLE_COPY_MOVE(JournalFile)

    /// Opens it; for Mode::Write makes folder, file and schema where they are missing. Does nothing if it is open.
    JournalTrouble open(qint64 maxBytes = 0);
    void close();
    bool isOpen() const { return !m_connection.isEmpty(); }
    /// Whether the path still leads to the file that was opened (or found damaged).
    bool isSameFile() const;
    QSqlDatabase database() const;
    /// Runs one statement without values.
    JournalTrouble run(const QString &statement);
    JournalTrouble trouble(const QSqlError &error) const;
    const QString &path() const { return m_path; }
    /// Whether searches have an index (SQLite with FTS5).
    bool hasIndex() const { return m_hasIndex; }
    /// A file that is only read may have an older version: 1 has neither facts nor ends.
    int version() const { return m_version; }

private:
    JournalTrouble makeFile();
    JournalTrouble makeSchema(int *version);
    JournalTrouble migrate();
    JournalTrouble prepare(qint64 maxBytes);
    void rememberFile();

    QString m_path;
    QString m_connection;
    Mode m_mode;
    ino_t m_inode = 0;
    dev_t m_device = 0;
    int m_version = 0;
    bool m_hasIndex = false;
};

/// How workers ended, from the sentences and steps of files before version 2: row, source, worker, at, and the name of the end,
/// empty for one that came back. In order of the rows; the last of a worker counts. The only place that reads such sentences.
QString endsOfOldEntries();

/// The first column of the first row, or an invalid one.
QVariant journalValue(const QSqlDatabase &database, const QString &statement, QSqlError *error = nullptr);

} // namespace pulsedeck
