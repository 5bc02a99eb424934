// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/journalfile.h"

#include "models/commands/commandentry.h"
#include "models/journal/journal.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlQuery>
#include <QVariant>

#include <atomic>

#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int schemaVersion = 2;
constexpr int applicationId = 0x50'44'4a'31; // "PDJ1"
constexpr int pageSize = 4'096;

// Primary result codes of SQLite.
enum Code { Busy = 5, Locked = 6, ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CantOpen = 14, NotADatabase = 26 };

/// The last end that was seen of each worker; the row numbers only grow, so that new ends can be read alone.
QString endsTable()
{
    return u"CREATE TABLE ends (row INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, worker TEXT NOT NULL, at INTEGER "
           u"NOT NULL, "
           "end TEXT NOT NULL, UNIQUE(worker, source))"_s;
}

} // namespace

QString endsOfOldEntries()
{
    const QString command = QString::number(int(JournalKind::Command));
    const QString fleet = QString::number(int(JournalKind::Fleet));
    return u"SELECT row, source, worker, at, CASE "
           "WHEN kind = "_s
           % command
           % u" OR text LIKE '%after its drain%' OR text LIKE '%after the shutdown%' THEN 'drained' "
             "WHEN step = 'lost' THEN 'expired' WHEN text LIKE '%removed its own key%' THEN 'left' ELSE '' END AS end "
             "FROM entries WHERE worker != '' AND ((kind = "_s
           % fleet
           % u" AND step IN ('ended', 'lost', 'returned')) "
             "OR (kind = "_s
           % command % u" AND step = '"_s % stageName(CommandStage::Gone)
           % u"' AND text NOT LIKE '%not known%')) "
             "ORDER BY row"_s;
}

QVariant journalValue(const QSqlDatabase &database, const QString &statement, QSqlError *error)
{
    QSqlQuery query(database);
    query.setForwardOnly(true);
    if (query.exec(statement) && query.next())
        return query.value(0);
    if (error)
        *error = query.lastError();
    return {};
}

JournalTrouble JournalFile::trouble(const QSqlError &error) const
{
    const auto say = [](const QString &what, const QString &hint, bool damaged = false) {
        return JournalTrouble{what, hint, damaged};
    };
    const QString words = error.databaseText().isEmpty() ? error.driverText() : error.databaseText();
    switch (error.nativeErrorCode().toInt() & 0xff) {
    case Corrupt:
    case NotADatabase:
        return say(tr("Nothing is recorded: the journal %1 is damaged.").arg(m_path),
                   tr("Move the file away, and a new journal is started. The damaged file is not changed."), true);
    case ReadOnly:
        return say(tr("Nothing is recorded: the journal %1 cannot be written to.").arg(m_path),
                   tr("Make the file and its folder writable; recording resumes by itself."));
    case CantOpen:
        return say(tr("Nothing is recorded: the journal %1 cannot be opened.").arg(m_path),
                   tr("Check that its folder exists and belongs to you; recording resumes by itself."));
    case Full:
        return say(tr("Nothing is recorded: there is no space left for the journal %1.").arg(m_path),
                   tr("Free space on its disk; recording resumes by itself."));
    case IoError:
        return say(tr("Nothing is recorded: the journal %1 cannot be read or written: %2.").arg(m_path, words),
                   tr("Check its disk; recording resumes by itself."));
    case Busy:
    case Locked:
        return say(tr("Nothing is recorded: the journal %1 is locked by another program.").arg(m_path),
                   tr("Recording resumes by itself when that program releases it."));
    default:
        return say(tr("Nothing is recorded: the journal %1 fails: %2.").arg(m_path, words), {});
    }
}

QSqlDatabase JournalFile::database() const
{
    return QSqlDatabase::database(m_connection, false);
}

JournalTrouble JournalFile::run(const QString &statement)
{
    QSqlQuery query(database());
    if (query.exec(statement))
        return {};
    return trouble(query.lastError());
}

void JournalFile::rememberFile()
{
    struct stat facts = {};
    const bool known = ::stat(QFile::encodeName(m_path).constData(), &facts) == 0;
    m_inode = known ? facts.st_ino : 0;
    m_device = known ? facts.st_dev : 0;
}

bool JournalFile::isSameFile() const
{
    struct stat facts = {};
    return ::stat(QFile::encodeName(m_path).constData(), &facts) == 0 && facts.st_ino == m_inode && facts.st_dev == m_device;
}

JournalTrouble JournalFile::makeFile()
{
    const QFileInfo info(m_path);
    if (info.exists())
        return {};
    constexpr auto ownerFile = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
    QDir folder = info.dir();
    if (!folder.exists()) {
        // Only the last folder is the journal's own; those above are made as they usually are.
        const QFileInfo folderInfo(folder.absolutePath());
        if (!QDir().mkpath(folderInfo.absolutePath())
            || (!QDir().mkdir(folder.absolutePath(), ownerFile | QFileDevice::ExeOwner) && !folder.exists())) {
            return {tr("Nothing is recorded: the folder %1 cannot be created.").arg(folder.absolutePath()),
                    tr("Check that the folder above it belongs to you; recording starts by itself.")};
        }
    }
    // SQLite gives its side files the mode of this one.
    QFile file(m_path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly, ownerFile) && !QFileInfo::exists(m_path)) {
        return {tr("Nothing is recorded: the journal %1 cannot be created: %2.").arg(m_path, file.errorString()),
                tr("Check that its folder belongs to you and that there is space; recording starts by itself.")};
    }
    return {};
}

JournalTrouble JournalFile::open(qint64 maxBytes)
{
    if (isOpen())
        return {};
    if (!QSqlDatabase::isDriverAvailable(u"QSQLITE"_s)) {
        return {tr("Nothing is recorded: Qt's SQLite driver is missing."),
                tr("Install the package libqt6sql6-sqlite and start again.")};
    }
    if (m_mode == Mode::Write) {
        if (const JournalTrouble trouble = makeFile())
            return trouble;
    }
    static std::atomic<int> connections = 0;
    m_connection = u"journal "_s % QString::number(++connections);
    QSqlDatabase connection = QSqlDatabase::addDatabase(u"QSQLITE"_s, m_connection);
    connection.setDatabaseName(m_path);
    connection.setConnectOptions(m_mode == Mode::Read ? u"QSQLITE_BUSY_TIMEOUT=2000;QSQLITE_OPEN_READONLY"_s
                                                      : u"QSQLITE_BUSY_TIMEOUT=2000"_s);
    rememberFile();
    JournalTrouble found;
    if (!connection.open())
        found = trouble(connection.lastError());
    else
        found = prepare(maxBytes);
    connection = {};
    if (found)
        close();
    return found;
}

JournalTrouble JournalFile::prepare(qint64 maxBytes)
{
    QSqlError error;
    int version = journalValue(database(), u"PRAGMA user_version"_s, &error).toInt();
    if (error.isValid())
        return trouble(error);
    const int tables = journalValue(database(), u"SELECT count(*) FROM sqlite_master"_s, &error).toInt();
    if (error.isValid())
        return trouble(error);
    const int owner = journalValue(database(), u"PRAGMA application_id"_s).toInt();
    if (owner != applicationId && tables > 0) {
        return {tr("Nothing is recorded: %1 is not a journal of Pulsedeck.").arg(m_path),
                tr("Move the file away, and a new journal is started."), true};
    }
    if (version > schemaVersion) {
        return {tr("Nothing is recorded: the journal %1 was written by a newer Pulsedeck.").arg(m_path),
                tr("Use that version, or move the file away, and a new journal is started."), true};
    }
    if (m_mode == Mode::Write) {
        // Both hold for the connection or the file from now on; other consoles may be opening it at the same moment.
        for (const QString &pragma : {u"PRAGMA journal_mode=WAL"_s, u"PRAGMA journal_size_limit=16777216"_s,
                                      QString(u"PRAGMA max_page_count="_s % QString::number(maxBytes / pageSize))}) {
            if (maxBytes <= 0 && pragma.startsWith(u"PRAGMA max_page_count"_s))
                continue;
            if (const JournalTrouble failed = run(pragma))
                return failed;
        }
        if (version < schemaVersion) {
            if (const JournalTrouble failed = makeSchema(&version))
                return failed;
        }
    }
    m_version = version;
    m_hasIndex = journalValue(database(), u"SELECT count(*) FROM sqlite_master WHERE name = 'search'"_s).toInt() > 0;
    return {};
}

JournalTrouble JournalFile::makeSchema(int *version)
{
    if (const JournalTrouble failed = run(u"BEGIN IMMEDIATE"_s))
        return failed;
    // Another console may have made it while this one waited.
    *version = journalValue(database(), u"PRAGMA user_version"_s).toInt();
    JournalTrouble failed;
    if (*version == 1) {
        failed = migrate();
    } else if (*version < schemaVersion) {
        const QStringList statements{
            u"CREATE TABLE entries (row INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind INTEGER NOT NULL, "
            "source TEXT NOT NULL, worker TEXT NOT NULL, command TEXT NOT NULL, grp TEXT NOT NULL, act TEXT NOT NULL, "
            "step TEXT NOT NULL, who TEXT NOT NULL, reason TEXT NOT NULL, text TEXT NOT NULL, facts TEXT NOT NULL DEFAULT '')"_s,
            endsTable(),
            u"CREATE INDEX entries_at ON entries(at, kind)"_s,
            u"CREATE INDEX entries_worker ON entries(worker) WHERE worker != ''"_s,
            u"CREATE INDEX entries_command ON entries(command) WHERE command != ''"_s,
            u"CREATE INDEX entries_group ON entries(grp) WHERE grp != ''"_s,
            u"CREATE TABLE plans (grp TEXT PRIMARY KEY, first INTEGER NOT NULL, at INTEGER NOT NULL, ended INTEGER NOT NULL, "
            "plan TEXT NOT NULL)"_s,
            // How far the search index reaches: what is newer is looked through row by row.
            u"CREATE TABLE progress (indexed INTEGER NOT NULL)"_s,
            u"INSERT INTO progress VALUES (0)"_s,
            u"PRAGMA application_id="_s % QString::number(applicationId),
            u"PRAGMA user_version="_s % QString::number(schemaVersion),
        };
        for (const QString &statement : statements) {
            failed = run(statement);
            if (failed)
                break;
        }
        // Trigrams, so that any part of a worker's id is found. Without FTS5 searches look at each row.
        if (!failed) {
            run(u"CREATE VIRTUAL TABLE search USING fts5(source, worker, act, who, reason, text, content='entries', "
                "content_rowid='row', tokenize='trigram', detail=none)"_s);
        }
    }
    if (!failed)
        failed = run(u"COMMIT"_s);
    if (failed)
        run(u"ROLLBACK"_s);
    else
        *version = schemaVersion;
    return failed;
}

/// Version 1 had no facts, and the ends of workers only in sentences. A console of that version that has the file open goes on
/// writing its own form.
JournalTrouble JournalFile::migrate()
{
    for (const QString &statement :
         {u"ALTER TABLE entries ADD COLUMN facts TEXT NOT NULL DEFAULT ''"_s, endsTable(),
          QString(u"INSERT OR REPLACE INTO ends (source, worker, at, end) SELECT source, worker, at, end FROM ("_s
                  % endsOfOldEntries() % u")"_s),
          u"DELETE FROM ends WHERE end = ''"_s, QString(u"PRAGMA user_version="_s % QString::number(schemaVersion))}) {
        if (const JournalTrouble failed = run(statement))
            return failed;
    }
    return {};
}

void JournalFile::close()
{
    if (m_connection.isEmpty())
        return;
    database().close();
    QSqlDatabase::removeDatabase(m_connection);
    m_connection.clear();
    m_hasIndex = false;
    m_version = 0;
}

} // namespace pulsedeck
