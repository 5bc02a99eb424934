// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSqlDatabase>
#include <QSqlError>
#include <QString>
#include <QVariant>

#include <sys/types.h>

namespace pulsedeck {

/// An error of a file, for a person.
struct DatabaseTrouble
{
    QString message; ///< Empty when all is well.
    QString hint;
    bool damaged = false; ///< It must not be written to: left alone until another file is in its place.

    explicit operator bool() const { return !message.isEmpty(); }
};

/// One connection to an SQLite file of Pulsedeck, made and used on one thread: how it is opened and made, whether it is still the
/// same file, and the ways it can fail. What is in it, and the sentences, are the subclasses'.
class DatabaseFile
{
public:
    enum class Mode { Write, Read };

    virtual ~DatabaseFile() = default;
    Q_DISABLE_COPY_MOVE(DatabaseFile)

    /// Opens it; for Mode::Write makes folder, file and schema where they are missing. Does nothing if it is open.
    DatabaseTrouble open(qint64 maxBytes = 0);
    void close();
    bool isOpen() const { return !m_connection.isEmpty(); }
    /// Whether the path still leads to the file that was opened (or found damaged).
    bool isSameFile() const;
    QSqlDatabase database() const;
    /// Runs one statement without values.
    DatabaseTrouble run(const QString &statement);
    DatabaseTrouble trouble(const QSqlError &error) const;
    const QString &path() const { return m_path; }

protected:
    enum class Failure {
        Damaged,
        ReadOnly,
        CannotOpen,
        Full,
        InputOutput, ///< detail: its words.
        Locked,
        Other, ///< detail: its words.
        NoDriver,
        NoFolder, ///< detail: the folder.
        CannotCreate, ///< detail: its words.
        Foreign, ///< Another program's.
        Newer, ///< Of a later version.
    };

    DatabaseFile(const QString &path, Mode mode)
        : m_path(path)
        , m_mode(mode)
    { }
    virtual DatabaseTrouble say(Failure failure, const QString &detail = {}) const = 0;
    /// The connection is open: settings, schema, versions.
    virtual DatabaseTrouble prepare(qint64 maxBytes) = 0;
    Mode mode() const { return m_mode; }

private:
    DatabaseTrouble makeFile();
    void rememberFile();

    QString m_path;
    QString m_connection;
    Mode m_mode;
    ino_t m_inode = 0;
    dev_t m_device = 0;
};

/// The first column of the first row, or an invalid one.
QVariant databaseValue(const QSqlDatabase &database, const QString &statement, QSqlError *error = nullptr);

} // namespace pulsedeck
