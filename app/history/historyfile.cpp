// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/history/historyfile.h"

#include <QJsonDocument>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int schemaVersion = 2; ///< Since 2 states and lanes say which facts they have. Both are read.
constexpr int applicationId = 0x50'44'48'31; // "PDH1"

constexpr std::array<const char *, 4> partTables{"beats", "states", "fine", "minute"};

QString tableOf(HistoryFile::Part part)
{
    return QString::fromLatin1(partTables[size_t(part)]);
}

} // namespace

DatabaseTrouble HistoryFile::say(Failure failure, const QString &detail) const
{
    const auto because = [](const QString &what, const QString &hint, bool damaged = false) {
        return DatabaseTrouble{what, hint.trimmed(), damaged};
    };
    if (mode() == Mode::Read) {
        switch (failure) {
        case Failure::Damaged:
            return because(tr("The history %1 is damaged.").arg(path()), {}, true);
        case Failure::CannotOpen:
            return because(tr("The history %1 cannot be opened.").arg(path()),
                           tr("Check that the file is there and that you may read it."));
        case Failure::Foreign:
            return because(tr("%1 is not a history of Pulsedeck.").arg(path()), {}, true);
        case Failure::Newer:
            return because(tr("The history %1 was written by a newer Pulsedeck.").arg(path()), tr("Use that version."), true);
        default:
            break;
        }
    }
    const QString later =
        mode() == Mode::Read ? QString() : tr("What happens is kept in memory for some minutes; recording resumes by itself.");
    switch (failure) {
    case Failure::Damaged:
        return because(tr("The history %1 is damaged: nothing is recorded in it.").arg(path()),
                       tr("Move the file away, and a new history is started. The damaged file is not changed."), true);
    case Failure::ReadOnly:
        return because(tr("The history %1 cannot be written to.").arg(path()),
                       tr("Make the file and its folder writable.") % u' ' % later);
    case Failure::CannotOpen:
        return because(tr("The history %1 cannot be opened.").arg(path()),
                       tr("Check that its folder exists and belongs to you.") % u' ' % later);
    case Failure::Full:
        return because(tr("There is no space left for the history %1.").arg(path()),
                       tr("Free space on its disk.") % u' ' % later);
    case Failure::InputOutput:
        return because(tr("The history %1 cannot be read or written: %2.").arg(path(), detail),
                       tr("Check its disk.") % u' ' % later);
    case Failure::Locked:
        return because(tr("The history %1 is locked by another program.").arg(path()), later);
    case Failure::NoDriver:
        return because(tr("There is no history: Qt's SQLite driver is missing."),
                       tr("Install the package libqt6sql6-sqlite and start again."));
    case Failure::NoFolder:
        return because(tr("There is no history: the folder %1 cannot be created.").arg(detail),
                       tr("Check that the folder above it belongs to you.") % u' ' % later);
    case Failure::CannotCreate:
        return because(tr("The history %1 cannot be created: %2.").arg(path(), detail),
                       tr("Check that its folder belongs to you and that there is space.") % u' ' % later);
    case Failure::Foreign:
        return because(tr("%1 is not a history of Pulsedeck.").arg(path()),
                       tr("Move the file away, and a new history is started."), true);
    case Failure::Newer:
        return because(tr("The history %1 was written by a newer Pulsedeck.").arg(path()),
                       tr("Use that version, or move the file away, and a new history is started."), true);
    case Failure::Other:
        break;
    }
    return because(tr("The history %1 fails: %2.").arg(path(), detail), later);
}

DatabaseTrouble HistoryFile::prepare(qint64 maxBytes)
{
    QSqlError error;
    const int version = databaseValue(database(), u"PRAGMA user_version"_s, &error).toInt();
    if (error.isValid())
        return trouble(error);
    const int tables = databaseValue(database(), u"SELECT count(*) FROM sqlite_master"_s, &error).toInt();
    if (error.isValid())
        return trouble(error);
    const int owner = databaseValue(database(), u"PRAGMA application_id"_s).toInt();
    if (owner != applicationId && (tables > 0 || mode() == Mode::Read))
        return say(Failure::Foreign, {});
    if (version > schemaVersion)
        return say(Failure::Newer, {});
    if (mode() == Mode::Read)
        return {};
    if (databaseValue(database(), u"SELECT count(*) FROM sqlite_master WHERE name = 'exported'"_s).toInt() > 0) {
        return {tr("%1 is a span that was exported from a history: nothing is recorded in it.").arg(path()),
                tr("Show it by File, Open History File…, or with --show-history."), true};
    }
    // Freed pages are used again; only where the limit was lowered the file itself has to shrink.
    QStringList pragmas{u"PRAGMA auto_vacuum=INCREMENTAL"_s, u"PRAGMA journal_mode=WAL"_s,
                        u"PRAGMA journal_size_limit=16777216"_s, u"PRAGMA synchronous=NORMAL"_s};
    if (maxBytes > 0)
        pragmas.append(u"PRAGMA max_page_count="_s % QString::number(maxBytes / pageSize));
    for (const QString &pragma : std::as_const(pragmas)) {
        if (const DatabaseTrouble failed = run(pragma))
            return failed;
    }
    if (version > 0 && version < schemaVersion) // An earlier Pulsedeck would take what is written from now on for damaged.
        return run(u"PRAGMA user_version="_s % QString::number(schemaVersion));
    return version < schemaVersion ? makeSchema() : DatabaseTrouble();
}

DatabaseTrouble HistoryFile::endExport()
{
    // Without side files, so that it can be opened from where nothing can be written.
    for (const QString &each : {u"CREATE TABLE exported (at INTEGER NOT NULL)"_s,
                                u"INSERT INTO exported VALUES (strftime('%s') * 1000)"_s, u"PRAGMA journal_mode=DELETE"_s}) {
        if (const DatabaseTrouble failed = run(each))
            return failed;
    }
    return {};
}

DatabaseTrouble HistoryFile::makeSchema()
{
    if (const DatabaseTrouble failed = run(u"BEGIN IMMEDIATE"_s))
        return failed;
    DatabaseTrouble failed;
    if (databaseValue(database(), u"PRAGMA user_version"_s).toInt() < schemaVersion) {
        QStringList statements{
            u"CREATE TABLE run (id INTEGER PRIMARY KEY AUTOINCREMENT, began INTEGER NOT NULL, last INTEGER NOT NULL, "
            "host TEXT NOT NULL, pid INTEGER NOT NULL, version TEXT NOT NULL)"_s,
            u"CREATE TABLE segment (id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL, begins INTEGER NOT NULL, "
            "ends INTEGER NOT NULL, earliest INTEGER NOT NULL, latest INTEGER NOT NULL, beats INTEGER NOT NULL, "
            "overview BLOB NOT NULL)"_s,
            u"CREATE TABLE coarse (key INTEGER PRIMARY KEY, packed BLOB NOT NULL)"_s,
            u"CREATE TABLE lane (block INTEGER PRIMARY KEY, packed BLOB NOT NULL)"_s,
            u"CREATE TABLE lanelast (block INTEGER PRIMARY KEY, packed BLOB NOT NULL)"_s,
            u"CREATE TABLE nextlane (id INTEGER NOT NULL)"_s,
            u"INSERT INTO nextlane VALUES (1)"_s,
            u"CREATE TABLE tail (row INTEGER PRIMARY KEY AUTOINCREMENT, segment INTEGER NOT NULL, run INTEGER NOT NULL, "
            "begins INTEGER NOT NULL, packed BLOB NOT NULL)"_s,
            u"CREATE TABLE event (row INTEGER PRIMARY KEY, at INTEGER NOT NULL, facts TEXT NOT NULL)"_s,
            u"CREATE INDEX event_at ON event(at)"_s,
            u"PRAGMA application_id="_s % QString::number(applicationId),
            u"PRAGMA user_version="_s % QString::number(schemaVersion),
        };
        for (const char *table : partTables) {
            statements.prepend(u"CREATE TABLE "_s % QString::fromLatin1(table)
                               % u" (key INTEGER PRIMARY KEY, packed BLOB NOT NULL)"_s);
        }
        for (const QString &statement : std::as_const(statements)) {
            failed = run(statement);
            if (failed)
                break;
        }
    }
    if (!failed)
        failed = run(u"COMMIT"_s);
    if (failed)
        run(u"ROLLBACK"_s);
    return failed;
}

void HistoryFile::closeFile()
{
    m_statements.clear();
    close();
}

QSqlQuery &HistoryFile::statement(const QString &text)
{
    std::unique_ptr<QSqlQuery> &query = m_statements[text];
    if (!query) {
        query = std::make_unique<QSqlQuery>(database());
        query->setForwardOnly(true);
        if (!query->prepare(text))
            m_error = query->lastError();
    }
    query->finish();
    return *query;
}

bool HistoryFile::failed(const QSqlQuery &query)
{
    m_error = query.lastError();
    return false;
}

bool HistoryFile::execute(const QString &text, const QVariantList &values)
{
    QSqlQuery &query = statement(text);
    for (qsizetype i = 0; i < values.size(); ++i)
        query.bindValue(int(i), values.at(i));
    const bool ok = query.exec();
    if (!ok)
        failed(query);
    query.finish();
    return ok;
}

bool HistoryFile::inTransaction(const std::function<bool()> &work)
{
    if (!execute(u"BEGIN IMMEDIATE"_s))
        return false;
    if (work() && execute(u"COMMIT"_s))
        return true;
    const QSqlError error = m_error;
    execute(u"ROLLBACK"_s);
    m_error = error;
    return false;
}

qint64 HistoryFile::bytesInUse()
{
    const qint64 pages = databaseValue(database(), u"PRAGMA page_count"_s).toLongLong();
    return (pages - databaseValue(database(), u"PRAGMA freelist_count"_s).toLongLong()) * pageSize;
}

bool HistoryFile::readRuns(std::vector<HistoryRun> *runs)
{
    QSqlQuery &query = statement(u"SELECT id, began, last, host, pid, version FROM run ORDER BY id"_s);
    if (!query.exec())
        return failed(query);
    qint64 latest = std::numeric_limits<qint64>::min();
    while (query.next()) {
        HistoryRun run;
        run.id = query.value(0).toLongLong();
        run.from = query.value(1).toLongLong();
        run.to = query.value(2).toLongLong();
        run.host = query.value(3).toString();
        run.pid = query.value(4).toLongLong();
        run.version = query.value(5).toString();
        run.overlaps = run.from < latest;
        latest = qMax(latest, run.to);
        runs->push_back(run);
    }
    if (query.lastError().isValid())
        return failed(query);
    // What was removed since is not there any more.
    QSqlQuery &begins = statement(u"SELECT run, min(begins) FROM segment GROUP BY run"_s);
    if (!begins.exec())
        return failed(begins);
    while (begins.next()) {
        for (HistoryRun &run : *runs) {
            if (run.id == begins.value(0).toLongLong())
                run.from = qMax(run.from, begins.value(1).toLongLong());
        }
    }
    return true;
}

bool HistoryFile::readSegments(qint64 from, qint64 to, std::vector<SegmentInfo> *segments)
{
    QSqlQuery &query =
        statement(u"SELECT id, run, begins, ends, earliest, latest, beats FROM segment WHERE (begins < ? AND ends >= ?) "
                  "OR (beats > 0 AND earliest < ? AND latest >= ?) ORDER BY id"_s);
    for (int i = 0; i < 4; i += 2) {
        query.bindValue(i, to);
        query.bindValue(i + 1, from);
    }
    if (!query.exec())
        return failed(query);
    while (query.next()) {
        const SegmentInfo info{query.value(0).toLongLong(), query.value(1).toLongLong(), query.value(2).toLongLong(),
                               query.value(3).toLongLong(), query.value(4).toLongLong(), query.value(5).toLongLong(),
                               query.value(6).toULongLong()};
        if (info.touches(from, to))
            segments->push_back(info);
    }
    return !query.lastError().isValid() || failed(query);
}

HistoryFile::Found HistoryFile::readBlob(const QString &text, qint64 key, QByteArray *bytes)
{
    QSqlQuery &query = statement(text);
    query.bindValue(0, key);
    if (!query.exec()) {
        failed(query);
        return Found::Damaged;
    }
    if (!query.next()) {
        if (!query.lastError().isValid())
            return Found::No;
        failed(query);
        return Found::Damaged;
    }
    const auto found = m_compression.decompress(query.value(0).toByteArray());
    query.finish();
    if (!found)
        return Found::Damaged;
    *bytes = *found;
    return Found::Yes;
}

HistoryFile::Found HistoryFile::readPart(Part part, qint64 segment, LaneId block, QByteArray *bytes)
{
    return readBlob(u"SELECT packed FROM "_s % tableOf(part) % u" WHERE key = ?"_s, keyOf(segment, block), bytes);
}

bool HistoryFile::readBlocks(qint64 segment, std::vector<LaneId> *blocks)
{
    QSqlQuery &query = statement(u"SELECT key FROM states WHERE key BETWEEN ? AND ? ORDER BY key"_s);
    query.bindValue(0, keyOf(segment, 0));
    query.bindValue(1, keyOf(segment + 1, 0) - 1);
    if (!query.exec())
        return failed(query);
    while (query.next())
        blocks->push_back(LaneId(query.value(0).toLongLong() & 0xff'ffff));
    return !query.lastError().isValid() || failed(query);
}

bool HistoryFile::writePart(Part part, qint64 segment, LaneId block, QByteArrayView bytes)
{
    return execute(u"INSERT OR REPLACE INTO "_s % tableOf(part) % u" (key, packed) VALUES (?, ?)"_s,
                   {keyOf(segment, block), m_compression.compress(bytes)});
}

bool HistoryFile::readLanes(std::vector<HistoryLane> *lanes)
{
    QSqlQuery &query = statement(
        u"SELECT lane.packed, lanelast.packed FROM lane JOIN lanelast ON lane.block = lanelast.block ORDER BY lane.block"_s);
    if (!query.exec())
        return failed(query);
    bool sound = true;
    while (query.next()) {
        const auto packed = m_compression.decompress(query.value(0).toByteArray());
        const auto last = m_compression.decompress(query.value(1).toByteArray());
        std::vector<HistoryLane> some;
        ByteReader reader(packed ? QByteArrayView(*packed) : QByteArrayView());
        // A block of lanes that is damaged leaves their beats without a name; the rest can be read.
        if (!packed || !last || !unpackLanes(reader, &some)) {
            sound = false;
            continue;
        }
        ByteReader times(*last);
        const qint64 base = times.signedNumber();
        for (HistoryLane &lane : some)
            lane.last = base - times.signedNumber();
        lanes->insert(lanes->end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    return sound && (!query.lastError().isValid() || failed(query));
}

bool HistoryFile::writeLanes(LaneId block, std::span<const HistoryLane> lanes, bool described)
{
    qint64 base = 0;
    for (const HistoryLane &lane : lanes)
        base = qMax(base, lane.last);
    ByteWriter times;
    times.signedNumber(base);
    for (const HistoryLane &lane : lanes)
        times.signedNumber(base - lane.last);
    // Of their own: they change every five minutes, and what a lane is hardly ever.
    return execute(u"INSERT OR REPLACE INTO lanelast (block, packed) VALUES (?, ?)"_s,
                   {block, m_compression.compress(times.view())})
           && (!described
               || execute(u"INSERT OR REPLACE INTO lane (block, packed) VALUES (?, ?)"_s,
                          {block, m_compression.compress(packLanes(lanes).view())}));
}

bool HistoryFile::readEvents(const EventsQuery &query, EventsAnswer *answer)
{
    const int most = qBound(0, query.most, 100'000);
    QSqlQuery &rows = statement(u"SELECT facts FROM event WHERE at >= ? AND at < ? ORDER BY at DESC, row DESC LIMIT ?"_s);
    rows.bindValue(0, query.from);
    rows.bindValue(1, query.to);
    rows.bindValue(2, most + 1);
    if (!rows.exec())
        return failed(rows);
    while (rows.next())
        answer->events.push_back(historyEventOf(QJsonDocument::fromJson(rows.value(0).toString().toUtf8()).object()));
    rows.finish();
    answer->more = answer->events.size() > size_t(most);
    if (answer->more)
        answer->events.pop_back();
    std::reverse(answer->events.begin(), answer->events.end());
    return true;
}

bool HistoryFile::writeEvents(std::span<const HistoryEvent> events)
{
    for (const HistoryEvent &event : events) {
        const QString facts = QString::fromUtf8(QJsonDocument(historyEventJson(event)).toJson(QJsonDocument::Compact));
        if (!execute(u"INSERT INTO event (at, facts) VALUES (?, ?)"_s, {event.at, facts}))
            return false;
    }
    return true;
}

bool HistoryFile::removeSegment(qint64 segment)
{
    return inTransaction([&] {
        for (const char *table : partTables) {
            if (!execute(u"DELETE FROM "_s % QString::fromLatin1(table) % u" WHERE key BETWEEN ? AND ?"_s,
                         {keyOf(segment, 0), keyOf(segment + 1, 0) - 1}))
                return false;
        }
        return execute(u"DELETE FROM coarse WHERE key = ?"_s, {segment})
               && execute(u"DELETE FROM segment WHERE id = ?"_s, {segment});
    });
}

} // namespace pulsedeck
