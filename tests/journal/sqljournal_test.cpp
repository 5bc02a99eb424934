// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/journalsightings.h"
#include "tests/journal/journalwatch.h"

#include <QFileInfo>
#include <QScopeGuard>
#include <QSemaphore>
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
    void readsOpenCommands();
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
    constexpr auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther
        | QFile::ExeOther;
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
    row("kinds", [](JournalQuery &query) { query.kinds = {JournalKind::Timing, JournalKind::Fleet}; },
        {u"TTL 30 s to 45 s"_s, u"lost"_s});
    row("worker", [](JournalQuery &query) { query.worker = "chromium:7f3a9c12-aaaa"; }, {u"lost"_s, u"asked"_s});
    row("worker is exact", [](JournalQuery &query) { query.worker = "chromium:7f3a9c12"; }, {});
    row("group", [](JournalQuery &query) { query.group = QUuid(u"11111111-2222-4333-8444-555555555555"_s); }, {u"written"_s});
    row("all together", [](JournalQuery &query) {
        query.from = 500;
        query.until = 3'500;
        query.kinds = {JournalKind::Command};
        query.search = u"kernel"_s;
        query.worker = "chromium:7f3a9c12-aaaa";
    }, {u"asked"_s});
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
    QTest::newRow("blanks only") << u"   "_s
                                 << QStringList{u"Überwachung started"_s, u"TTL 30 s to 45 s"_s, u"connected to grid"_s,
                                                u"lost"_s, u"written"_s, u"asked"_s};
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
    QVERIFY(writeNow(journal, {stepOf(command, group, "w1", u"requested"_s), stepOf(QUuid::createUuid(), group, "w2", u"requested"_s),
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

void SqlJournalTest::readsOpenCommands()
{
    SqlJournal journal(path());
    const QUuid group = QUuid::createUuid();
    QList<JournalEntry> entries;
    const QStringList ends{u"gone"_s, u"done"_s, u"lost"_s, u"expired-unread"_s, u"withdrawn"_s, u"too-late"_s, u"refused"_s,
                           u"skipped"_s};
    for (const QString &end : ends) {
        const QUuid ended = QUuid::createUuid();
        entries.append(stepOf(ended, group, "ended", u"requested"_s));
        entries.append(stepOf(ended, group, "ended", u"written"_s));
        entries.append(stepOf(ended, group, "ended", end));
    }
    const QUuid first = QUuid::createUuid();
    const QUuid second = QUuid::createUuid();
    entries.append(stepOf(first, group, "first", u"requested"_s));
    entries.append(stepOf(second, group, "second", u"requested"_s));
    entries.append(stepOf(second, group, "second", u"written"_s));
    entries.append(stepOf(second, group, "second", u"overdue"_s));
    JournalEntry longAgo = stepOf(QUuid::createUuid(), group, "old", u"requested"_s);
    longAgo.at -= 7'200'000;
    entries.append(longAgo);
    QVERIFY(writeNow(journal, entries));
    const QList<JournalEntry> open = openCommands(journal);
    QCOMPARE(open.size(), 2);
    QCOMPARE(open.at(0).command, first);
    QCOMPARE(open.at(1).command, second);
    QCOMPARE(open.at(1).step, u"requested"_s);
    QCOMPARE(openCommands(journal, 10'000'000).size(), 3);
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
    QTRY_COMPARE_WITH_TIMEOUT(written.size(), 12, patience);
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

QTEST_GUILESS_MAIN(pulsedeck::SqlJournalTest)
#include "sqljournal_test.moc"
