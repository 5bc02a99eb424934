// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/databasefile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlQuery>

#include <atomic>

#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// Primary result codes of SQLite.
enum Code {
    Busy = 5,
    CodeLocked = 6,
    CodeReadOnly = 8,
    IoError = 10,
    Corrupt = 11,
    CodeFull = 13,
    CantOpen = 14,
    NotADatabase = 26
};

} // namespace

QVariant databaseValue(const QSqlDatabase &database, const QString &statement, QSqlError *error)
{
    QSqlQuery query(database);
    query.setForwardOnly(true);
    if (query.exec(statement) && query.next())
        return query.value(0);
    if (error)
        *error = query.lastError();
    return {};
}

DatabaseTrouble DatabaseFile::trouble(const QSqlError &error) const
{
    const QString words = error.databaseText().isEmpty() ? error.driverText() : error.databaseText();
    switch (error.nativeErrorCode().toInt() & 0xff) {
    case Corrupt:
    case NotADatabase:
        return say(Failure::Damaged);
    case CodeReadOnly:
        return say(Failure::ReadOnly);
    case CantOpen:
        return say(Failure::CannotOpen);
    case CodeFull:
        return say(Failure::Full);
    case IoError:
        return say(Failure::InputOutput, words);
    case Busy:
    case CodeLocked:
        return say(Failure::Locked);
    default:
        return say(Failure::Other, words);
    }
}

QSqlDatabase DatabaseFile::database() const
{
    return QSqlDatabase::database(m_connection, false);
}

DatabaseTrouble DatabaseFile::run(const QString &statement)
{
    QSqlQuery query(database());
    if (query.exec(statement))
        return {};
    return trouble(query.lastError());
}

void DatabaseFile::rememberFile()
{
    struct stat facts = {};
    const bool known = ::stat(QFile::encodeName(m_path).constData(), &facts) == 0;
    m_inode = known ? facts.st_ino : 0;
    m_device = known ? facts.st_dev : 0;
}

bool DatabaseFile::isSameFile() const
{
    struct stat facts = {};
    return ::stat(QFile::encodeName(m_path).constData(), &facts) == 0 && facts.st_ino == m_inode && facts.st_dev == m_device;
}

DatabaseTrouble DatabaseFile::makeFile()
{
    const QFileInfo info(m_path);
    if (info.exists())
        return {};
    constexpr auto ownerFile = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
    QDir folder = info.dir();
    if (!folder.exists()) {
        // Only the last folder is the file's own; those above are made as they usually are.
        const QFileInfo folderInfo(folder.absolutePath());
        if (!QDir().mkpath(folderInfo.absolutePath())
            || (!QDir().mkdir(folder.absolutePath(), ownerFile | QFileDevice::ExeOwner) && !folder.exists()))
            return say(Failure::NoFolder, folder.absolutePath());
    }
    // SQLite gives its side files the mode of this one.
    QFile file(m_path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly, ownerFile) && !QFileInfo::exists(m_path))
        return say(Failure::CannotCreate, file.errorString());
    return {};
}

DatabaseTrouble DatabaseFile::open(qint64 maxBytes)
{
    if (isOpen())
        return {};
    if (!QSqlDatabase::isDriverAvailable(u"QSQLITE"_s))
        return say(Failure::NoDriver);
    if (m_mode == Mode::Write) {
        if (const DatabaseTrouble trouble = makeFile())
            return trouble;
    }
    static std::atomic<int> connections = 0;
    m_connection = u"database "_s % QString::number(++connections);
    QSqlDatabase connection = QSqlDatabase::addDatabase(u"QSQLITE"_s, m_connection);
    connection.setDatabaseName(m_path);
    connection.setConnectOptions(m_mode == Mode::Read ? u"QSQLITE_BUSY_TIMEOUT=2000;QSQLITE_OPEN_READONLY"_s
                                                      : u"QSQLITE_BUSY_TIMEOUT=2000"_s);
    rememberFile();
    DatabaseTrouble found;
    if (!connection.open())
        found = trouble(connection.lastError());
    else
        found = prepare(maxBytes);
    connection = {};
    if (found)
        close();
    return found;
}

void DatabaseFile::close()
{
    if (m_connection.isEmpty())
        return;
    database().close();
    QSqlDatabase::removeDatabase(m_connection);
    m_connection.clear();
}

} // namespace pulsedeck
