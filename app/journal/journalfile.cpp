// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/journalfile.h"

#include "models/commands/commandentry.h"
#include "models/journal/journal.h"

#include <QVariant>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int schemaVersion = 2;
constexpr int applicationId = 0x50'44'4a'31; // "PDJ1"
constexpr int pageSize = 4'096;

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

JournalTrouble JournalFile::say(Failure failure, const QString &detail) const
{
    const auto because = [](const QString &what, const QString &hint, bool damaged = false) {
        return JournalTrouble{what, hint, damaged};
    };
    switch (failure) {
    case Failure::Damaged:
        return because(tr("Nothing is recorded: the journal %1 is damaged.").arg(path()),
                       tr("Move the file away, and a new journal is started. The damaged file is not changed."), true);
    case Failure::ReadOnly:
        return because(tr("Nothing is recorded: the journal %1 cannot be written to.").arg(path()),
                       tr("Make the file and its folder writable; recording resumes by itself."));
    case Failure::CannotOpen:
        return because(tr("Nothing is recorded: the journal %1 cannot be opened.").arg(path()),
                       tr("Check that its folder exists and belongs to you; recording resumes by itself."));
    case Failure::Full:
        return because(tr("Nothing is recorded: there is no space left for the journal %1.").arg(path()),
                       tr("Free space on its disk; recording resumes by itself."));
    case Failure::InputOutput:
        return because(tr("Nothing is recorded: the journal %1 cannot be read or written: %2.").arg(path(), detail),
                       tr("Check its disk; recording resumes by itself."));
    case Failure::Locked:
        return because(tr("Nothing is recorded: the journal %1 is locked by another program.").arg(path()),
                       tr("Recording resumes by itself when that program releases it."));
    case Failure::NoDriver:
        return because(tr("Nothing is recorded: Qt's SQLite driver is missing."),
                       tr("Install the package libqt6sql6-sqlite and start again."));
    case Failure::NoFolder:
        return because(tr("Nothing is recorded: the folder %1 cannot be created.").arg(detail),
                       tr("Check that the folder above it belongs to you; recording starts by itself."));
    case Failure::CannotCreate:
        return because(tr("Nothing is recorded: the journal %1 cannot be created: %2.").arg(path(), detail),
                       tr("Check that its folder belongs to you and that there is space; recording starts by itself."));
    case Failure::Foreign:
        return because(tr("Nothing is recorded: %1 is not a journal of Pulsedeck.").arg(path()),
                       tr("Move the file away, and a new journal is started."), true);
    case Failure::Newer:
        return because(tr("Nothing is recorded: the journal %1 was written by a newer Pulsedeck.").arg(path()),
                       tr("Use that version, or move the file away, and a new journal is started."), true);
    case Failure::Other:
        break;
    }
    return because(tr("Nothing is recorded: the journal %1 fails: %2.").arg(path(), detail), {});
}

JournalTrouble JournalFile::prepare(qint64 maxBytes)
{
    QSqlError error;
    int version = databaseValue(database(), u"PRAGMA user_version"_s, &error).toInt();
    if (error.isValid())
        return trouble(error);
    const int tables = databaseValue(database(), u"SELECT count(*) FROM sqlite_master"_s, &error).toInt();
    if (error.isValid())
        return trouble(error);
    const int owner = databaseValue(database(), u"PRAGMA application_id"_s).toInt();
    if (owner != applicationId && tables > 0)
        return say(Failure::Foreign, {});
    if (version > schemaVersion)
        return say(Failure::Newer, {});
    if (mode() == Mode::Write) {
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
    m_hasIndex = databaseValue(database(), u"SELECT count(*) FROM sqlite_master WHERE name = 'search'"_s).toInt() > 0;
    return {};
}

JournalTrouble JournalFile::makeSchema(int *version)
{
    if (const JournalTrouble failed = run(u"BEGIN IMMEDIATE"_s))
        return failed;
    // Another console may have made it while this one waited.
    *version = databaseValue(database(), u"PRAGMA user_version"_s).toInt();
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

} // namespace pulsedeck
