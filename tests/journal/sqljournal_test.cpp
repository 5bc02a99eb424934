// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/journalsightings.h"
#include "tests/journal/journalwatch.h"
#include "tests/support/testprogram.h"

#include "app/journal/journalreader.h"
#include "models/commands/recordedcommand.h"
#include "tests/support/stepclock.h"

#include <QDir>
#include <QFileInfo>
#include <QScopeGuard>
#include <QSemaphore>
#include <QSqlError>
#include <QTemporaryDir>
#include <QThread>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

class SqlJournalTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m_folder.reset(); }

    void makesAPrivateFile();
    void keepsEveryField();
    void answersInTheOrderOfTheCalls();
    void pages();
    void filters_data();
    void filters();
    void searches_data();
    void searches();
    void searchesWithTheIndexAsWithout();
    void readsTheStepsOfACommand();
    void readsCommandHistory();
    void keepsFacts();
    void keepsEnds();
    void readsEndsOfOlderFiles();
    void bringsOlderFilesUpToDate();
    void recoversCommandsOfOlderFiles();
    void keepsPlans();
    void onlyTheLastOfWaitingPlansIsMade();
    void writesAtTheEnd();
    void sharesTheFile();
    void recordsAnEventOnceWhoeverSawIt();
    void manyAtOnce();
    void costsLittle();

private:
    /// Entries of any age are kept.
    static constexpr qint64 forEver = 100LL * 365 * 24 * 3'600'000;

    QString path() const { return m_folder->filePath(u"data/journal.sqlite"_s); }
    void fill(Journal &journal);

    std::unique_ptr<QTemporaryDir> m_folder;
};

void SqlJournalTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void SqlJournalTest::makesAPrivateFile()
{
    SqlJournal journal(path());
    QSignalSpy changed(&journal, &Journal::stateChanged);
    QVERIFY(changed.wait(patience));
    QVERIFY2(journal.state().recording, qPrintable(journal.state().message));
    QCOMPARE(journal.state().path, path());
    QCOMPARE(journal.state().entries, 0);
    QCOMPARE(journal.state().keptForMs, 90LL * 24 * 3'600'000);
    QVERIFY(journal.state().maxEntries > 0);
    constexpr auto others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    QVERIFY(!(QFileInfo(path()).permissions() & others));
    QVERIFY(!(QFileInfo(m_folder->filePath(u"data"_s)).permissions() & others));
    QVERIFY(writeNow(journal, {entryOf(JournalKind::Console, u"started"_s)}));
    QVERIFY(!(QFileInfo(path() + u"-wal"_s).permissions() & others));
    QCOMPARE(fileValue(path(), u"PRAGMA journal_mode"_s).toString(), u"wal"_s);
}

void SqlJournalTest::keepsEveryField()
{
    JournalEntry entry;
    entry.at = 1'800'000'000'123;
    entry.kind = JournalKind::Command;
    entry.source = u"grid Köln"_s;
    entry.worker = "chromium:7f3a9c12-1111-4222-8333-444455556666";
    entry.command = QUuid::createUuid();
    entry.group = QUuid::createUuid();
    entry.act = u"shutdown-now"_s;
    entry.step = u"picked-up"_s;
    entry.by = u"anna@console"_s;
    entry.reason = u"kernel; DROP TABLE entries; -- 'quoted' \"twice\" 漢字 🙂"_s;
    entry.text = u"Worker says draining"_s;
    {
        SqlJournal journal(path(), forEver);
        QVERIFY(writeNow(journal, {entry, JournalEntry()}));
    }
    SqlJournal journal(path(), forEver);
    const JournalPage page = ask(journal, {});
    QVERIFY2(page.error.isEmpty(), qPrintable(page.error));
    QCOMPARE(page.entries.size(), 2);
    const JournalEntry &read = page.entries.at(1);
    QVERIFY(read.row > 0);
    QCOMPARE(read.at, entry.at);
    QCOMPARE(read.kind, entry.kind);
    QCOMPARE(read.source, entry.source);
    QCOMPARE(read.worker, entry.worker);
    QCOMPARE(read.command, entry.command);
    QCOMPARE(read.group, entry.group);
    QCOMPARE(read.act, entry.act);
    QCOMPARE(read.step, entry.step);
    QCOMPARE(read.by, entry.by);
    QCOMPARE(read.reason, entry.reason);
    QCOMPARE(read.text, entry.text);
    const JournalEntry &empty = page.entries.at(0);
    QVERIFY(empty.command.isNull() && empty.group.isNull() && empty.worker.isEmpty() && empty.text.isEmpty());
}

void SqlJournalTest::answersInTheOrderOfTheCalls()
{
    SqlJournal journal(path());
    // A question sees all that was written before it, waiting for nothing.
    for (int i = 0; i < 50; ++i)
        journal.write({entryOf(JournalKind::Fleet, QString::number(i))});
    const JournalPage page = ask(journal, {});
    QCOMPARE(page.entries.size(), 50);
    QCOMPARE(page.entries.first().text, u"49"_s);
    QCOMPARE(page.entries.last().text, u"0"_s);
    QCOMPARE(page.matches, 50);
}

void SqlJournalTest::pages()
{
    SqlJournal journal(path(), forEver);
    QList<JournalEntry> entries;
    for (int i = 0; i < 2'345; ++i)
        entries.append(entryOf(i % 5 == 0 ? JournalKind::Connection : JournalKind::Fleet, QString::number(i), 1'000'000 + i));
    QVERIFY(writeNow(journal, entries));

    for (const bool byKind : {false, true}) {
        JournalQuery query;
        query.limit = 100;
        if (byKind)
            query.kinds = {JournalKind::Fleet};
        QStringList seen;
        int pages = 0;
        for (bool more = true; more; ++pages) {
            const JournalPage page = ask(journal, query);
            QVERIFY2(page.error.isEmpty(), qPrintable(page.error));
            QVERIFY(page.entries.size() <= 100);
            QCOMPARE(page.matches, pages == 0 ? (byKind ? 1'876 : 2'345) : -1);
            seen += textsOf(page);
            query.beforeRow = page.entries.last().row;
            more = page.more;
        }
        QStringList expected;
        for (auto entry = entries.crbegin(); entry != entries.crend(); ++entry) {
            if (!byKind || entry->kind == JournalKind::Fleet)
                expected.append(entry->text);
        }
        QCOMPARE(seen, expected);
        QCOMPARE(pages, byKind ? 19 : 24);
    }
    JournalQuery news;
    news.limit = 11;
    news.afterRow = ask(journal, news).entries.last().row;
    QCOMPARE(ask(journal, news).entries.size(), 10);
}

void SqlJournalTest::fill(Journal &journal)
{
    const auto make = [](JournalKind kind, qint64 at, const QByteArray &worker, const QString &text, const QString &reason = {}) {
        JournalEntry entry = entryOf(kind, text, at);
        entry.worker = worker;
        entry.reason = reason;
        return entry;
    };
    QList<JournalEntry> entries{
        make(JournalKind::Command, 1'000, "chromium:7f3a9c12-aaaa", u"asked"_s, u"Kernel UPDATE"_s),
        make(JournalKind::Command, 2'000, "firefox:00112233-bbbb", u"written"_s, u"100% load"_s),
        make(JournalKind::Fleet, 3'000, "chromium:7f3a9c12-aaaa", u"lost"_s),
        make(JournalKind::Connection, 4'000, {}, u"connected to grid"_s),
        make(JournalKind::Timing, 5'000, {}, u"TTL 30 s to 45 s"_s),
        make(JournalKind::Console, 6'000, {}, u"Überwachung started"_s),
    };
    entries[3].source = u"Grid North"_s;
    entries[1].by = u"berta@host"_s;
    entries[1].act = u"drain"_s;
    entries[1].group = QUuid(u"11111111-2222-4333-8444-555555555555"_s);
    QVERIFY(writeNow(journal, entries));
}

void SqlJournalTest::filters_data()
{
    QTest::addColumn<JournalQuery>("query");
    QTest::addColumn<QStringList>("texts");
    const auto row = [](const char *name, const std::function<void(JournalQuery &)> &set, const QStringList &texts) {
        JournalQuery query;
        set(query);
        QTest::newRow(name) << query << texts;
    };
    row("from", [](JournalQuery &query) { query.from = 5'000; }, {u"Überwachung started"_s, u"TTL 30 s to 45 s"_s});
    row("until is exclusive", [](JournalQuery &query) { query.until = 2'000; }, {u"asked"_s});
    row("range", [](JournalQuery &query) { query.from = 2'000, query.until = 4'000; }, {u"lost"_s, u"written"_s});
    row("kinds",
        [](JournalQuery &query) {
            query.kinds = {JournalKind::Timing, JournalKind::Fleet};
        },
        {u"TTL 30 s to 45 s"_s, u"lost"_s});
    row("worker", [](JournalQuery &query) { query.worker = "chromium:7f3a9c12-aaaa"; }, {u"lost"_s, u"asked"_s});
    row("worker is exact", [](JournalQuery &query) { query.worker = "chromium:7f3a9c12"; }, {});
    row("group", [](JournalQuery &query) { query.group = QUuid(u"11111111-2222-4333-8444-555555555555"_s); }, {u"written"_s});
    row("all together",
        [](JournalQuery &query) {
            query.from = 500;
            query.until = 3'500;
            query.kinds = {JournalKind::Command};
            query.search = u"kernel"_s;
            query.worker = "chromium:7f3a9c12-aaaa";
        },
        {u"asked"_s});
}

void SqlJournalTest::filters()
{
    QFETCH(JournalQuery, query);
    QFETCH(QStringList, texts);
    SqlJournal journal(path(), forEver);
    fill(journal);
    const JournalPage page = ask(journal, query);
    QVERIFY2(page.error.isEmpty(), qPrintable(page.error));
    QCOMPARE(textsOf(page), texts);
    QCOMPARE(page.matches, texts.size());
    QVERIFY(!page.more);
}

void SqlJournalTest::searches_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<QStringList>("texts");
    QTest::newRow("middle of an id") << u"3a9c"_s << QStringList{u"lost"_s, u"asked"_s};
    QTest::newRow("any case") << u"kERNEL"_s << QStringList{u"asked"_s};
    QTest::newRow("each word somewhere") << u"update 7f3a"_s << QStringList{u"asked"_s};
    QTest::newRow("one word nowhere") << u"update 0011"_s << QStringList{};
    QTest::newRow("source") << u"north"_s << QStringList{u"connected to grid"_s};
    QTest::newRow("by") << u"berta@"_s << QStringList{u"written"_s};
    QTest::newRow("act") << u"drain"_s << QStringList{u"written"_s};
    QTest::newRow("percent is itself") << u"100%"_s << QStringList{u"written"_s};
    QTest::newRow("underscore is itself") << u"7_3a"_s << QStringList{};
    QTest::newRow("two letters") << u"45"_s << QStringList{u"TTL 30 s to 45 s"_s};
    QTest::newRow("short and long") << u"45 ttl"_s << QStringList{u"TTL 30 s to 45 s"_s};
    QTest::newRow("other letters") << u"überW"_s << QStringList{u"Überwachung started"_s};
    QTest::newRow("quotes") << u"\"lost\" OR 'x'"_s << QStringList{};
    QTest::newRow("words of the index's language") << u"NEAR(lost) *"_s << QStringList{};
    QTest::newRow("blanks only") << u"   "_s << QStringList{u"Überwachung started"_s,
                                                            u"TTL 30 s to 45 s"_s,
                                                            u"connected to grid"_s,
                                                            u"lost"_s,
                                                            u"written"_s,
                                                            u"asked"_s};
}

void SqlJournalTest::searches()
{
    QFETCH(QString, words);
    QFETCH(QStringList, texts);
    SqlJournal journal(path(), forEver);
    fill(journal);
    const JournalPage page = search(journal, words);
    QVERIFY2(page.error.isEmpty(), qPrintable(page.error));
    QCOMPARE(textsOf(page), texts);
    // The same once they are in the index.
    QTRY_COMPARE_WITH_TIMEOUT(fileValue(path(), u"SELECT indexed FROM progress"_s).toInt(), 6, patience);
    const JournalPage again = search(journal, words);
    QVERIFY2(again.error.isEmpty(), qPrintable(again.error));
    QCOMPARE(textsOf(again), texts);
    QCOMPARE(again.matches, texts.size());
}

void SqlJournalTest::searchesWithTheIndexAsWithout()
{
    SqlJournal journal(path());
    QList<JournalEntry> entries;
    QStringList expected;
    for (int i = 0; i < 1'500; ++i) {
        entries.append(entryOf(JournalKind::Fleet, u"worker w%1 lost"_s.arg(i)));
        if (QString::number(i).contains(u"77"_s))
            expected.prepend(entries.last().text);
    }
    QVERIFY(writeNow(journal, entries.mid(0, 1'000)));
    QTRY_COMPARE_WITH_TIMEOUT(fileValue(path(), u"SELECT indexed FROM progress"_s).toInt(), 1'000, patience);
    // Half of it is new: asked in the same breath, so that the index cannot know it.
    journal.write(entries.mid(1'000));
    JournalQuery query;
    query.search = u"77 lost"_s;
    query.limit = 7;
    QStringList seen;
    for (bool more = true; more;) {
        const JournalPage page = ask(journal, query);
        QVERIFY2(page.error.isEmpty(), qPrintable(page.error));
        if (seen.isEmpty())
            QCOMPARE(page.matches, expected.size());
        seen += textsOf(page);
        more = page.more;
        query.beforeRow = page.entries.last().row;
    }
    QCOMPARE(seen, expected);
}

void SqlJournalTest::readsTheStepsOfACommand()
{
    SqlJournal journal(path());
    const QUuid command = QUuid::createUuid();
    const QUuid group = QUuid::createUuid();
    QVERIFY(
        writeNow(journal, {stepOf(command, group, "w1", u"requested"_s), stepOf(QUuid::createUuid(), group, "w2", u"requested"_s),
                           stepOf(command, group, "w1", u"written"_s)}));
    JournalQuery ofCommand;
    ofCommand.command = command;
    JournalQuery ofGroup;
    ofGroup.group = group;
    const JournalPage page = ask(journal, ofCommand);
    QCOMPARE(page.entries.size(), 2);
    QCOMPARE(page.entries.first().step, u"written"_s);
    QCOMPARE(ask(journal, ofGroup).entries.size(), 3);
}

/// Whole groups, so that a shutdown of forty-eight is one of forty-eight after a restart, and drains that may be in force.
void SqlJournalTest::readsCommandHistory()
{
    SqlJournal journal(path());
    const QUuid group = QUuid::createUuid();
    const QUuid over = QUuid::createUuid();
    QList<JournalEntry> entries;
    const auto add = [&](const QUuid &command, const QUuid &of, const QStringList &steps, const QString &act = u"shutdown"_s) {
        for (const QString &step : steps) {
            JournalEntry entry = stepOf(command, of, "w", step);
            entry.act = act;
            entries.append(entry);
        }
    };
    const QUuid first = QUuid::createUuid();
    const QUuid second = QUuid::createUuid();
    add(first, group, {u"requested"_s, u"written"_s, u"gone"_s});
    add(second, group, {u"requested"_s, u"written"_s, u"overdue"_s});
    for (const QString &end :
         {u"gone"_s, u"lost"_s, u"expired-unread"_s, u"withdrawn"_s, u"too-late"_s, u"refused"_s, u"skipped"_s})
        add(QUuid::createUuid(), over, {u"requested"_s, u"written"_s, end});
    const QUuid inForce = QUuid::createUuid();
    add(inForce, over, {u"requested"_s, u"written"_s, u"done"_s}, u"drain"_s);
    add(QUuid::createUuid(), over, {u"requested"_s, u"written"_s, u"done"_s, u"withdrawn"_s}, u"drain"_s);
    JournalEntry longAgo = stepOf(QUuid::createUuid(), QUuid::createUuid(), "old", u"requested"_s);
    longAgo.at -= 7'200'000;
    entries.append(longAgo);
    QVERIFY(writeNow(journal, entries));

    QStringList steps;
    for (const JournalEntry &entry : openCommands(journal)) {
        const QString who = entry.command == first     ? u"first"_s
                            : entry.command == second  ? u"second"_s
                            : entry.command == inForce ? u"drain"_s
                                                       : u"another"_s;
        steps.append(who + u' ' + entry.step);
    }
    QCOMPARE(steps,
             (QStringList{u"first requested"_s, u"first written"_s, u"first gone"_s, u"second requested"_s, u"second written"_s,
                          u"second overdue"_s, u"drain requested"_s, u"drain written"_s, u"drain done"_s}));
    QCOMPARE(openCommands(journal, 10'000'000).size(), 10); // And the one of two hours ago.

    // A rolling shutdown that has not ended is whole, whatever became of its commands.
    QVERIFY(writeNow(journal, {}, {{over, {}, false}}));
    QCOMPARE(openCommands(journal).size(), 6 + 7 * 3 + 3 + 4);
}

void SqlJournalTest::keepsFacts()
{
    SqlJournal journal(path());
    JournalEntry entry = stepOf(QUuid::createUuid(), QUuid::createUuid(), "w1", u"requested"_s);
    entry.facts = {{u"ttlMs"_s, 90'000}, {u"text"_s, u"it drains “already”"_s}};
    QVERIFY(writeNow(journal, {entry, entryOf(JournalKind::Console, u"Console started"_s)}));
    const JournalPage page = ask(journal, {});
    QCOMPARE(page.entries.size(), 2);
    QVERIFY(page.entries.first().facts.isEmpty());
    QCOMPARE(page.entries.last().facts, entry.facts);
}

namespace {

QList<EndRecord> endsOf(Journal &journal, qint64 *last = nullptr)
{
    QSignalSpy read(&journal, &Journal::endsRead);
    journal.readEnds(last ? *last : 0);
    if (!read.wait(patience))
        return {};
    if (last)
        *last = read.last().at(1).toLongLong();
    return read.last().at(0).value<QList<EndRecord>>();
}

QString textOf(const QList<EndRecord> &ends)
{
    QStringList parts;
    for (const EndRecord &end : ends)
        parts.append(QString::fromUtf8(end.worker) + u' ' + endName(end.end) + u' ' + QString::number(end.at));
    return parts.join(u", "_s);
}

} // namespace

void SqlJournalTest::keepsEnds()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    {
        SqlJournal journal(path());
        journal.writeEnds({{u"prod"_s, "a", WorkerEnd::Left, now}, {u"prod"_s, "b", WorkerEnd::Expired, now + 1}});
        journal.writeEnds({{u"prod"_s, "a", WorkerEnd::Drained, now + 2}, {u"staging"_s, "a", WorkerEnd::Left, now + 3}});
        journal.writeEnds({{u"prod"_s, "b", WorkerEnd::None, now + 4}}); // It is back.
    }
    SqlJournal journal(path());
    qint64 last = 0;
    QCOMPARE(textOf(endsOf(journal, &last)), u"a drained %1, a left %2"_s.arg(now + 2).arg(now + 3));
    QVERIFY(endsOf(journal, &last).isEmpty());
    // What another console saw meanwhile.
    SqlJournal other(path());
    other.writeEnds({{u"prod"_s, "c", WorkerEnd::Crashed, now}});
    QVERIFY(writeNow(other, {}));
    QCOMPARE(textOf(endsOf(journal, &last)), u"c crashed %1"_s.arg(now));
}

/// A file as version 1 made it, with what it said of workers.
static void makeOldFile(const QString &path)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"old"_s);
        database.setDatabaseName(path);
        QVERIFY(database.open());
        QSqlQuery query(database);
        const auto line = [](int kind, const QString &worker, const QString &step, const QString &text, const QString &act = {}) {
            static qint64 at = QDateTime::currentMSecsSinceEpoch() - 60'000;
            return u"INSERT INTO entries (at, kind, source, worker, command, grp, act, step, who, reason, text) VALUES (%1, %2, "
                   u"'prod', "
                   "'%3', '', '', '%4', '%5', '', '', '%6')"_s.arg(at++)
                       .arg(kind)
                       .arg(worker, act, step, text);
        };
        for (const QString &statement :
             {u"CREATE TABLE entries (row INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind INTEGER NOT NULL, source "
              u"TEXT NOT "
              "NULL, worker TEXT NOT NULL, command TEXT NOT NULL, grp TEXT NOT NULL, act TEXT NOT NULL, step TEXT NOT NULL, who "
              "TEXT NOT "
              "NULL, reason TEXT NOT NULL, text TEXT NOT NULL)"_s,
              u"CREATE INDEX entries_at ON entries(at, kind)"_s,
              u"CREATE INDEX entries_worker ON entries(worker) WHERE worker != ''"_s,
              u"CREATE INDEX entries_command ON entries(command) WHERE command != ''"_s,
              u"CREATE INDEX entries_group ON entries(grp) WHERE grp != ''"_s,
              u"CREATE TABLE plans (grp TEXT PRIMARY KEY, first INTEGER NOT NULL, at INTEGER NOT NULL, ended INTEGER NOT NULL, "
              u"plan TEXT NOT "
              "NULL)"_s,
              u"CREATE TABLE progress (indexed INTEGER NOT NULL)"_s, u"INSERT INTO progress VALUES (0)"_s,
              u"PRAGMA application_id=%1"_s.arg(0x50'44'4a'31), u"PRAGMA user_version=1"_s,
              line(1, u"drained"_s, u"ended"_s, u"Worker drained ended after its drain"_s),
              line(1, u"left"_s, u"ended"_s, u"Worker left ended: it removed its own key"_s),
              line(1, u"lost"_s, u"lost"_s, u"Worker lost was lost: its key expired, nobody beat any more"_s),
              line(1, u"back"_s, u"lost"_s, u"Worker back was lost: its key expired, nobody beat any more"_s),
              line(1, u"back"_s, u"returned"_s, u"Worker back returned under the same id after 3.0 s"_s),
              line(1, u"unseen"_s, u"ended"_s, u"Worker unseen ended while there was no connection"_s),
              line(0, u"told"_s, u"gone"_s, u"Gone after 4.0 s."_s, u"shutdown"_s),
              line(0, u"guess"_s, u"gone"_s, u"Gone. (it went unseen; whether by this command is not known)"_s, u"shutdown"_s)})
            QVERIFY2(query.exec(statement), qPrintable(query.lastError().text() + statement));
    }
    QSqlDatabase::removeDatabase(u"old"_s);
}

namespace {

QStringList namesOf(const QList<EndRecord> &ends)
{
    QStringList names;
    for (const EndRecord &end : ends) {
        if (end.end != WorkerEnd::None)
            names.append(QString::fromUtf8(end.worker) + u' ' + endName(end.end));
    }
    names.sort();
    return names;
}

} // namespace

void SqlJournalTest::bringsOlderFilesUpToDate()
{
    makeOldFile(path());
    SqlJournal journal(path());
    QVERIFY(writeNow(journal, {entryOf(JournalKind::Console, u"Console started"_s)}));
    QVERIFY2(journal.state().recording, qPrintable(journal.state().message));
    QCOMPARE(ask(journal, {}).entries.size(), 9);
    QCOMPARE(namesOf(endsOf(journal)), (QStringList{u"drained drained"_s, u"left left"_s, u"lost expired"_s, u"told drained"_s}));
    QCOMPARE(fileValue(path(), u"PRAGMA user_version"_s).toInt(), 2);
    QCOMPARE(fileValue(path(), u"SELECT count(*) FROM ends"_s).toInt(), 4);
}

/// Who may only read it, as a list does, leaves it as it is.
void SqlJournalTest::readsEndsOfOlderFiles()
{
    makeOldFile(path());
    JournalReader reader(path());
    QList<EndRecord> ends;
    connect(&reader, &JournalReader::endsRead, this, [&ends](const QList<EndRecord> &read) { ends = read; });
    reader.readEnds(0);
    // Of one that came back the last word counts.
    QCOMPARE(namesOf(ends),
             (QStringList{u"back expired"_s, u"drained drained"_s, u"left left"_s, u"lost expired"_s, u"told drained"_s}));
    QCOMPARE(ends.at(4).end, WorkerEnd::None);
    QList<JournalEntry> steps;
    connect(&reader, &JournalReader::answered, this, [&steps](quint64, const JournalPage &page) { steps = page.entries; });
    reader.query({}, 1);
    QCOMPARE(steps.size(), 8);
    QCOMPARE(fileValue(path(), u"PRAGMA user_version"_s).toInt(), 1);
}

/// What an earlier version had under way is recovered from its sentences, what this one had from its facts.
void SqlJournalTest::recoversCommandsOfOlderFiles()
{
    makeOldFile(path());
    const QUuid former = QUuid::createUuid();
    const qint64 at = QDateTime::currentMSecsSinceEpoch() - 20'000;
    for (const auto &[step, text] : {std::pair(u"requested"_s, u"Shut down now; the command expires after 90 s."_s),
                                     std::pair(u"written"_s, u"The command key is set."_s)}) {
        fileValue(path(),
                  u"INSERT INTO entries (at, kind, source, worker, command, grp, act, step, who, reason, text) VALUES (%1, 0, "
                  "'prod', 'former', '%2', '', 'shutdown-now', '%3', 'ann@ops', 'why', '%4')"_s.arg(at)
                      .arg(former.toString(QUuid::WithoutBraces), step, text));
    }
    SqlJournal journal(path());
    JournalEntry intent = stepOf(QUuid::createUuid(), QUuid::createUuid(), "present", u"requested"_s);
    intent.act = u"shutdown"_s;
    intent.text = u"A sentence that says nothing of 7 s."_s;
    intent.facts = {{u"ttlMs"_s, 45'000}, {u"issuedAt"_s, intent.at}, {u"refusal"_s, u"key-gone"_s}, {u"note"_s, u"key-back"_s}};
    QVERIFY(writeNow(journal, {intent}));
    QHash<QUuid, QList<JournalEntry>> steps;
    for (const JournalEntry &entry : openCommands(journal))
        steps[entry.command].append(entry);
    QCOMPARE(steps.size(), 2);
    const StepClock clock(at);
    const std::optional<RecordedCommand> old = commandFromHistory(steps.value(former), clock);
    QVERIFY(old);
    QCOMPARE(old->entry.command.ttlMs, qint64(90'000));
    QCOMPARE(old->entry.stage, CommandStage::Written);
    QCOMPARE(old->entry.commandUntil, old->entry.writtenAt + 90'000);
    const std::optional<RecordedCommand> present = commandFromHistory(steps.value(intent.command), clock);
    QVERIFY(present);
    QCOMPARE(present->entry.command.ttlMs, qint64(45'000));
    QCOMPARE(present->entry.refusal, Refusal::KeyGone);
    QCOMPARE(present->entry.note, CommandNote::KeyBack);
}

void SqlJournalTest::keepsPlans()
{
    const RollingRecord first{QUuid::createUuid(), {{u"atMost"_s, 3}}, false};
    RollingRecord second{QUuid::createUuid(), {{u"atMost"_s, 5}}, false};
    {
        SqlJournal journal(path());
        QVERIFY(writeNow(journal, {}, {first, second}));
        second.plan.insert(u"done"_s, 7);
        QVERIFY(writeNow(journal, {entryOf(JournalKind::Command, u"step"_s)}, {second}));
    }
    SqlJournal journal(path());
    QList<RollingRecord> plans = plansOf(journal);
    QCOMPARE(plans.size(), 2);
    QCOMPARE(plans.at(0).group, first.group);
    QCOMPARE(plans.at(0).plan, first.plan);
    QCOMPARE(plans.at(1).plan, second.plan);
    second.ended = true;
    QVERIFY(writeNow(journal, {}, {second}));
    plans = plansOf(journal);
    QCOMPARE(plans.size(), 1);
    QCOMPARE(plans.first().group, first.group);
}

void SqlJournalTest::onlyTheLastOfWaitingPlansIsMade()
{
    // They outlive the journal: a test that fails lets its writer go on.
    QSemaphore begun;
    QSemaphore goOn;
    std::array<std::atomic<int>, 4> made{};
    std::atomic<bool> madeHere = false;
    const QUuid group = QUuid::createUuid();
    SqlJournal journal(path());
    const auto release = qScopeGuard([&] { goOn.release(); });
    QSignalSpy written(&journal, &Journal::written);
    const auto record = [&, here = QThread::currentThread()](int number, const std::shared_ptr<int> &held = {}) {
        return RollingRecord{group, {}, false, [&, here, number, held] {
                                 ++made[size_t(number)];
                                 madeHere = madeHere || QThread::currentThread() == here;
                                 if (number == 0) {
                                     begun.release();
                                     goOn.acquire();
                                 }
                                 return QJsonObject{{u"number"_s, number}};
                             }};
    };
    journal.write({}, 0, {record(0)});
    QVERIFY(begun.tryAcquire(1, patience)); // The writer has the first in hand, and waits; the others queue up behind it.
    auto superseded = std::make_shared<int>();
    auto promised = std::make_shared<int>();
    const std::weak_ptr<int> first = superseded;
    const std::weak_ptr<int> second = promised;
    journal.write({}, 0, {record(1, std::exchange(superseded, {}))});
    QVERIFY(!first.expired());
    const quint64 token = journal.nextToken();
    journal.write({}, token, {record(2, std::exchange(promised, {}))});
    QVERIFY(first.expired()); // It does not even wait any longer.
    journal.write({}, 0, {record(3)});
    QVERIFY(!second.expired()); // Somebody waits for this one.
    goOn.release();
    const QList<RollingRecord> plans = plansOf(journal);
    QCOMPARE(plans.size(), 1);
    QCOMPARE(plans.first().plan, (QJsonObject{{u"number"_s, 3}}));
    QTRY_COMPARE_WITH_TIMEOUT(written.size(), 1, patience);
    QCOMPARE(written.first().at(0).toULongLong(), token);
    QVERIFY(written.first().at(1).toBool());
    QCOMPARE(made[0], 1);
    QCOMPARE(made[1], 0);
    QVERIFY(made[2] <= 1);
    QCOMPARE(made[3], 1);
    QVERIFY(!madeHere); // All on a thread of the journal's.
}

void SqlJournalTest::writesAtTheEnd()
{
    {
        SqlJournal journal(path());
        for (int i = 0; i < 500; ++i)
            journal.write({entryOf(JournalKind::Fleet, QString::number(i))});
    }
    QCOMPARE(fileValue(path(), u"SELECT count(*) FROM entries"_s).toInt(), 500);
}

void SqlJournalTest::sharesTheFile()
{
    SqlJournal one(path());
    SqlJournal other(path());
    QSignalSpy appended(&other, &Journal::appended);
    // Both write at once, each write its own transaction.
    for (int i = 0; i < 100; ++i) {
        one.write({entryOf(JournalKind::Fleet, u"one"_s)}, one.nextToken());
        other.write({entryOf(JournalKind::Fleet, u"other"_s)}, other.nextToken());
    }
    QVERIFY(writeNow(one, {entryOf(JournalKind::Fleet, u"one"_s)}));
    QVERIFY(writeNow(other, {entryOf(JournalKind::Fleet, u"other"_s)}));
    QCOMPARE(ask(one, {}).entries.size(), 202);
    QCOMPARE(search(other, u"one"_s).entries.size(), 101);
    QVERIFY(one.state().recording && other.state().recording);

    // What only the first writes the second hears of.
    QTRY_COMPARE_WITH_TIMEOUT(other.state().entries, 202, patience);
    appended.clear();
    one.write({entryOf(JournalKind::Fleet, u"news"_s)});
    QTRY_VERIFY_WITH_TIMEOUT(!appended.isEmpty() && other.state().entries == 203, patience);
}

/// Two consoles on one journal: what both see is one event, what each does is its own.
void SqlJournalTest::recordsAnEventOnceWhoeverSawIt()
{
    SqlJournal first(path());
    SqlJournal second(path());
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const auto seen = [&](const QString &step, qint64 at, const QByteArray &worker = "chromium:a") {
        JournalEntry entry = entryOf(JournalKind::Fleet, u"Worker a "_s % step, at);
        entry.source = u"prod"_s;
        entry.worker = worker;
        entry.step = step;
        entry.seen = true;
        return entry;
    };
    const auto count = [&](const QString &search = {}) {
        JournalQuery query;
        query.search = search;
        return ask(first, query).entries.size();
    };
    QVERIFY(writeNow(first, {seen(u"lost"_s, now)}));
    QVERIFY(writeNow(second, {seen(u"lost"_s, now + 40)}));
    QCOMPARE(count(), 1);
    QCOMPARE(second.state().entries, 1); // It counts what is there.
    // What one console sees twice are two events, whoever tells of the second first.
    QVERIFY(writeNow(second, {seen(u"returned"_s, now + 1'000), seen(u"lost"_s, now + 3'000)}));
    QVERIFY(writeNow(first, {seen(u"returned"_s, now + 1'010), seen(u"lost"_s, now + 2'990)}));
    QCOMPARE(count(), 3);
    // Another worker, another step, another time: another event.
    QVERIFY(writeNow(second, {seen(u"lost"_s, now + 50, "chromium:b"), seen(u"stale"_s, now)}));
    QVERIFY(writeNow(second, {seen(u"lost"_s, now + JournalSightings::sameWithinMs + 5'000)}));
    QCOMPARE(count(), 6);
    // A clock that is off is found by each console that comes to it, and told of once.
    QVERIFY(writeNow(first, {seen(u"clock-skew"_s, now)}));
    QVERIFY(writeNow(second, {seen(u"clock-skew"_s, now + 20 * 60'000)}));
    QCOMPARE(count(u"clock-skew"_s), 1);
    // What an operator did stands for each who did it.
    QVERIFY(writeNow(first, {entryOf(JournalKind::Console, u"Write access unlocked"_s, now)}));
    QVERIFY(writeNow(second, {entryOf(JournalKind::Console, u"Write access unlocked"_s, now)}));
    QCOMPARE(count(u"unlocked"_s), 2);
    // A command of one console is not the other's discovery, at none of its steps.
    const QUuid id = QUuid::createUuid();
    JournalEntry intent = stepOf(id, id, "chromium:c", u"requested"_s);
    intent.at = now;
    intent.source = u"prod"_s;
    intent.act = u"shutdown-now"_s;
    QVERIFY(writeNow(first, {intent}));
    JournalEntry theirs = stepOf(QUuid::createUuid(), QUuid::createUuid(), "chromium:c", u"written"_s);
    theirs.at = now + 60;
    theirs.source = u"prod"_s;
    theirs.seen = true;
    JournalEntry gone = theirs;
    gone.step = u"done"_s;
    gone.at = now + 300'000;
    QVERIFY(writeNow(second, {theirs, gone}));
    QCOMPARE(count(u"chromium:c"_s), 1);
    // One from neither is recorded by whoever is first.
    theirs.worker = gone.worker = "chromium:d";
    QVERIFY(writeNow(second, {theirs}));
    QVERIFY(writeNow(first, {theirs}));
    QCOMPARE(count(u"chromium:d"_s), 1);
}

void SqlJournalTest::manyAtOnce()
{
    SqlJournal journal(path());
    // More than the queue takes: some are refused and say so, none is lost without a word.
    QSignalSpy written(&journal, &Journal::written);
    const QList<JournalEntry> block(50'000, entryOf(JournalKind::Fleet, u"x"_s));
    for (int i = 0; i < 12; ++i)
        journal.write(block, journal.nextToken());
    QTRY_COMPARE_WITH_TIMEOUT(written.size(), 12, 2 * patience); // 600,000 entries.
    int taken = 0;
    for (const auto &arguments : written)
        taken += arguments.at(1).toBool() ? 1 : 0;
    QVERIFY(taken >= 4);
    QCOMPARE(ask(journal, {}).matches, qMin(taken * 50'000, 100'000));
    QVERIFY(ask(journal, {}).atLeast);
    QCOMPARE(journal.state().lost, qint64(12 - taken) * 50'000);
    QCOMPARE(journal.state().entries, qint64(taken) * 50'000);
}

void SqlJournalTest::costsLittle()
{
    SqlJournal journal(path());
    QVERIFY(writeNow(journal, {entryOf(JournalKind::Console, u"started"_s)}));
    QList<JournalEntry> entries;
    for (int i = 0; i < 1'000; ++i)
        entries.append(stepOf(QUuid::createUuid(), QUuid::createUuid(), "chromium:7f3a9c12", u"requested"_s));
    QElapsedTimer timer;
    timer.start();
    journal.write(entries);
    const qint64 handedOver = timer.nsecsElapsed() / 1'000;
    QVERIFY2(handedOver < 20'000, qPrintable(u"%1 µs on the calling thread"_s.arg(handedOver)));
    timer.start();
    QVERIFY(writeNow(journal, entries));
    const double each = double(timer.nsecsElapsed()) / 1e6 / 1'000;
    QVERIFY2(each < 5, qPrintable(u"%1 ms per entry"_s.arg(each)));
    qInfo("%.3f ms per entry", each);
}

} // namespace pulsedeck

using pulsedeck::SqlJournalTest;
PULSEDECK_TEST(SqlJournalTest, pulsedeck::runWithEvents)
#include "sqljournal_test.moc"
