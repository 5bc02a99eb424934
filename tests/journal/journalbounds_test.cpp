// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/journal/journalwatch.h"
#include "tests/support/testprogram.h"

#include <QDeadlineTimer>
#include <QScopeGuard>
#include <QSemaphore>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;

namespace pulsedeck {

constexpr qint64 hour = 3'600'000;

/// What keeps the file from growing for ever.
class JournalBoundsTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m_folder.reset(); }

    void removesWhatIsTooOld();
    void removesTheOldestBeyondTheBound();
    void theIndexForgetsWhatIsRemoved();
    void whatAnotherProgramIndexesMeanwhileIsNoFault();
    void stopsAtTheSizeAndGoesOn();
    void aFullQueueTakesAPlan();

private:
    QString path() const { return m_folder->filePath(u"journal.sqlite"_s); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void JournalBoundsTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void JournalBoundsTest::removesWhatIsTooOld()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    {
        SqlJournal journal(path());
        QList<JournalEntry> entries;
        for (int i = 0; i < 3'000; ++i)
            entries.append(entryOf(JournalKind::Fleet, u"old"_s, now - 10 * hour));
        for (int i = 0; i < 7; ++i)
            entries.append(entryOf(JournalKind::Fleet, u"new"_s, now - hour / 2));
        QVERIFY(writeNow(journal, entries));
    }
    SqlJournal journal(path(), hour);
    QTRY_COMPARE_WITH_TIMEOUT(journal.state().entries, 7, patience);
    const JournalPage page = ask(journal, {});
    QCOMPARE(page.entries.size(), 7);
    QVERIFY(textsOf(page).contains(u"new"_s) && !textsOf(page).contains(u"old"_s));
    QCOMPARE(journal.state().keptForMs, hour);
}

void JournalBoundsTest::removesTheOldestBeyondTheBound()
{
    SqlJournal journal(path(), JournalLimits{hour, 500, 0});
    QList<JournalEntry> entries;
    for (int i = 0; i < 1'234; ++i)
        entries.append(entryOf(JournalKind::Fleet, QString::number(i)));
    QVERIFY(writeNow(journal, entries));
    QTRY_COMPARE_WITH_TIMEOUT(journal.state().entries, 500, patience);
    const JournalPage page = ask(journal, {});
    QCOMPARE(page.entries.size(), 500);
    QCOMPARE(page.entries.first().text, u"1233"_s);
    QCOMPARE(page.entries.last().text, u"734"_s);
    QCOMPARE(journal.state().maxEntries, 500);
}

void JournalBoundsTest::theIndexForgetsWhatIsRemoved()
{
    {
        SqlJournal journal(path());
        QList<JournalEntry> entries;
        for (int i = 0; i < 300; ++i)
            entries.append(entryOf(JournalKind::Fleet, u"elderly %1"_s.arg(i)));
        QVERIFY(writeNow(journal, entries));
        QTRY_COMPARE_WITH_TIMEOUT(fileValue(path(), u"SELECT indexed FROM progress"_s).toInt(), 300, patience);
    }
    SqlJournal journal(path(), JournalLimits{hour, 10, 0});
    QTRY_COMPARE_WITH_TIMEOUT(journal.state().entries, 10, patience);
    const JournalPage page = search(journal, u"elderly"_s);
    QVERIFY2(page.error.isEmpty(), qPrintable(page.error));
    QCOMPARE(page.matches, 10);
    QCOMPARE(fileValue(path(), u"SELECT count(*) FROM search WHERE search MATCH 'eld'"_s).toInt(), 10);
    QCOMPARE(fileValue(path(), u"PRAGMA integrity_check"_s).toString(), u"ok"_s);
}

/// Between a look at what is to be indexed and the lock, another program that has the lock may index just that.
void JournalBoundsTest::whatAnotherProgramIndexesMeanwhileIsNoFault()
{
    QStringList messages;
    SqlJournal journal(path());
    connect(&journal, &Journal::stateChanged, &journal,
            [&messages](const JournalState &state) { messages.append(state.message); });
    QVERIFY(writeNow(journal, {entryOf(JournalKind::Fleet, u"one"_s)}));
    QTRY_COMPARE_WITH_TIMEOUT(fileValue(path(), u"SELECT indexed FROM progress"_s).toInt(), 1, patience);
    {
        QSqlDatabase other = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"indexes"_s);
        const auto close = qScopeGuard([&other] {
            other = QSqlDatabase();
            QSqlDatabase::removeDatabase(u"indexes"_s);
        });
        other.setDatabaseName(path());
        other.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=5000"_s);
        QVERIFY(other.open());
        QVERIFY(writeNow(journal, {entryOf(JournalKind::Fleet, u"two"_s)}));
        QSqlQuery query(other);
        QVERIFY(query.exec(u"BEGIN IMMEDIATE"_s));
        // Until it waits for the lock, and answers nothing meanwhile.
        QSignalSpy answered(&journal, &Journal::answered);
        constexpr int answersWithinMs = 300;
        QDeadlineTimer limit(patience);
        do
            journal.query({}, journal.nextToken());
        while (answered.wait(answersWithinMs) && !limit.hasExpired());
        QVERIFY(query.exec(u"INSERT INTO search (rowid, source, worker, act, who, reason, text) SELECT row, source, worker, act, "
                           "who, reason, text FROM entries WHERE row > (SELECT indexed FROM progress)"_s));
        QVERIFY(query.exec(u"UPDATE progress SET indexed = (SELECT max(row) FROM entries)"_s));
        QVERIFY(query.exec(u"COMMIT"_s));
        query.finish();
    }
    QCOMPARE(search(journal, u"two"_s).matches, 1); // It goes on.
    const QString told = messages.join(u'\n');
    QVERIFY2(!told.contains(u"constraint"_s), qPrintable(told));
    QTRY_VERIFY_WITH_TIMEOUT(journal.state().recording, patience);
    QVERIFY(writeNow(journal, {entryOf(JournalKind::Fleet, u"three"_s)}));
    QTRY_COMPARE_WITH_TIMEOUT(fileValue(path(), u"SELECT indexed FROM progress"_s).toInt(), 3, patience);
}

void JournalBoundsTest::stopsAtTheSizeAndGoesOn()
{
    constexpr qint64 bytes = 400'000;
    QList<JournalEntry> entries;
    for (int i = 0; i < 100; ++i)
        entries.append(entryOf(JournalKind::Fleet, QString(1'000, u'x')));
    {
        SqlJournal journal(path(), JournalLimits{hour, 100'000, false, bytes});
        QSignalSpy changed(&journal, &Journal::stateChanged);
        int taken = 0;
        while (taken < 50 && writeNow(journal, entries))
            ++taken;
        QVERIFY2(taken > 0 && taken < 10, qPrintable(QString::number(taken)));
        QTRY_VERIFY_WITH_TIMEOUT(!journal.state().recording, patience);
        QVERIFY(journal.state().message.contains(path()) && journal.state().message.contains(u"space"_s));
        QVERIFY(!journal.state().hint.isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(journal.state().lost, 100, patience);
        // All of a write or nothing.
        QCOMPARE(ask(journal, {}).matches, taken * 100);
        // A smaller one still finds a place; the state says that it works again.
        QVERIFY(writeNow(journal, {entryOf(JournalKind::Fleet, u"small"_s)}));
        QTRY_VERIFY_WITH_TIMEOUT(journal.state().recording, patience);
        QVERIFY(changed.size() >= 3);
    }
    SqlJournal journal(path());
    QVERIFY(writeNow(journal, entries));
}

/// It refuses entries, and what comes with them; what a plan has come to is no entry.
void JournalBoundsTest::aFullQueueTakesAPlan()
{
    QSemaphore begun;
    QSemaphore goOn;
    const RollingRecord slow{QUuid::createUuid(), {}, false, [&] {
                                 begun.release();
                                 goOn.acquire();
                                 return QJsonObject();
                             }};
    const RollingRecord stopped{QUuid::createUuid(), {}, false};
    const RollingRecord refused{QUuid::createUuid(), {}, false};
    SqlJournal journal(path());
    const auto release = qScopeGuard([&] { goOn.release(); });
    QVERIFY(writeNow(journal, {}, {stopped}));
    journal.write({}, 0, {slow});
    QVERIFY(begun.tryAcquire(1, patience)); // The writer is busy: what follows waits.
    journal.write(QList<JournalEntry>(SqlJournal::maxQueued, entryOf(JournalKind::Fleet, u"x"_s)));
    journal.write({entryOf(JournalKind::Command, u"one more"_s)}, 0, {refused});
    journal.write({}, 0, {RollingRecord{stopped.group, {}, true}});
    QCOMPARE(journal.state().lost, 1);
    goOn.release();
    const QList<RollingRecord> unfinished = plansOf(journal);
    QCOMPARE(unfinished.size(), 1);
    QCOMPARE(unfinished.first().group, slow.group);
}

} // namespace pulsedeck

using pulsedeck::JournalBoundsTest;
PULSEDECK_TEST(JournalBoundsTest, pulsedeck::runWithEvents)
#include "journalbounds_test.moc"
