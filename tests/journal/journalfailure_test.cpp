// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/journalfile.h"
#include "tests/journal/journalwatch.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>

#include <sys/stat.h>

using namespace Qt::StringLiterals;

namespace pulsedeck {

/// What can happen to a file, and to who writes it.
class JournalFailureTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m_folder.reset(); }

    void keepsWhatWasAcknowledgedWhenKilled();
    void leavesADamagedFileAlone();
    void findsDamageInTheMiddle();
    void leavesAnotherProgramsFileAlone();
    void leavesANewerFileAlone();
    void saysWhenTheFolderCannotBeMade();
    void saysWhenNothingMayBeWritten_data();
    void saysWhenNothingMayBeWritten();
    void namesTheFileAndWhatFails_data();
    void namesTheFileAndWhatFails();
    void waitsForALock();
    void whatCannotBePreparedIsTriedAgain_data();
    void whatCannotBePreparedIsTriedAgain();
    void beginsAnewWhenTheFileIsMovedAway();

private:
    QString path() const { return m_folder->filePath(u"journal.sqlite"_s); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void JournalFailureTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void JournalFailureTest::keepsWhatWasAcknowledgedWhenKilled()
{
    // Again and again on the same file, each time killed at another moment of its work.
    qulonglong before = 0;
    for (int round = 0; round < 8; ++round) {
        QProcess writer;
        writer.start(QStringLiteral(JOURNALWRITER), {path()});
        QByteArray out;
        const int lines = 1 + QRandomGenerator::global()->bounded(60);
        while (out.count('\n') < lines) {
            QVERIFY2(writer.waitForReadyRead(patience), qPrintable(writer.errorString()));
            out += writer.readAllStandardOutput();
        }
        writer.kill();
        QVERIFY(writer.waitForFinished(patience));
        QCOMPARE(writer.exitStatus(), QProcess::CrashExit);
        out += writer.readAllStandardOutput();
        const QByteArrayList whole = out.left(out.lastIndexOf('\n')).split('\n');

        SqlJournal journal(path());
        JournalQuery query;
        query.limit = 10'000;
        // On a slow disk what the killed one left is read in for longer than a page waits for it.
        JournalPage page;
        const auto isRead = [&] { return (page = ask(journal, query)).error.isEmpty(); };
        QVERIFY2(QTest::qWaitFor(isRead, patience), qPrintable(page.error));
        QVERIFY(!page.more);
        const QStringList texts = textsOf(page).mid(0, page.entries.size() - qsizetype(before));
        QVERIFY(texts.size() >= whole.size());
        for (const QByteArray &number : whole)
            QVERIFY2(texts.contains(QString::fromLatin1(number)), number.constData());
        before = qulonglong(page.entries.size());
        const auto isWritten = [&] { return writeNow(journal, {entryOf(JournalKind::Console, u"after"_s)}); };
        QVERIFY2(QTest::qWaitFor(isWritten, patience), qPrintable(journal.state().message));
        ++before;
        QCOMPARE(fileValue(path(), u"PRAGMA integrity_check"_s).toString(), u"ok"_s);
    }
}

void JournalFailureTest::leavesADamagedFileAlone()
{
    const QByteArray garbage = "This was a journal once. " + QByteArray(20'000, '?');
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(garbage);
    file.close();
    SqlJournal journal(path());
    QVERIFY(!writeNow(journal, {entryOf(JournalKind::Command, u"intent"_s)}));
    QTRY_VERIFY_WITH_TIMEOUT(journal.state().message.contains(u"damaged"_s), patience);
    QVERIFY(!journal.state().recording);
    QVERIFY(journal.state().message.contains(path()));
    QVERIFY(journal.state().hint.contains(u"Move the file away"_s));
    QVERIFY(!ask(journal, {}).error.isEmpty());
    QVERIFY(plansOf(journal).isEmpty());
    QVERIFY(openCommands(journal).isEmpty());
    QVERIFY(!writeNow(journal, {entryOf(JournalKind::Command, u"another"_s)}));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), garbage);
    file.close();
    // Moved away, a new one is begun with the next entry.
    QVERIFY(file.rename(path() + u".damaged"_s));
    QVERIFY(writeNow(journal, {entryOf(JournalKind::Command, u"after"_s)}));
    QTRY_VERIFY_WITH_TIMEOUT(journal.state().recording && journal.state().message.isEmpty(), patience);
    QCOMPARE(textsOf(ask(journal, {})), QStringList{u"after"_s});
}

void JournalFailureTest::findsDamageInTheMiddle()
{
    {
        SqlJournal journal(path());
        QVERIFY(writeNow(journal, QList<JournalEntry>(3'000, entryOf(JournalKind::Fleet, QString(100, u'x')))));
    }
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadWrite));
    constexpr qint64 firstPages = 3 * 4'096;
    QVERIFY(file.size() > 20 * 4'096);
    file.seek(firstPages);
    file.write(QByteArray(int(file.size() - firstPages), '\xee'));
    file.close();
    SqlJournal journal(path());
    QVERIFY(!ask(journal, {}).error.isEmpty());
    QTRY_VERIFY_WITH_TIMEOUT(!journal.state().recording && journal.state().message.contains(u"damaged"_s), patience);
    QVERIFY(!writeNow(journal, {entryOf(JournalKind::Command, u"intent"_s)}));
}

void JournalFailureTest::leavesAnotherProgramsFileAlone()
{
    fileValue(path(), u"CREATE TABLE customers (name TEXT)"_s);
    SqlJournal journal(path());
    QVERIFY(!writeNow(journal, {entryOf(JournalKind::Command, u"intent"_s)}));
    QTRY_VERIFY_WITH_TIMEOUT(journal.state().message.contains(u"not a journal"_s), patience);
    QCOMPARE(fileValue(path(), u"SELECT count(*) FROM sqlite_master"_s).toInt(), 1);
}

void JournalFailureTest::leavesANewerFileAlone()
{
    {
        SqlJournal journal(path());
        QVERIFY(writeNow(journal, {entryOf(JournalKind::Command, u"intent"_s)}));
    }
    fileValue(path(), u"PRAGMA user_version=99"_s);
    SqlJournal journal(path());
    QVERIFY(!writeNow(journal, {entryOf(JournalKind::Command, u"intent"_s)}));
    QTRY_VERIFY_WITH_TIMEOUT(journal.state().message.contains(u"newer Pulsedeck"_s), patience);
    QCOMPARE(fileValue(path(), u"SELECT count(*) FROM entries"_s).toInt(), 1);
}

void JournalFailureTest::saysWhenTheFolderCannotBeMade()
{
    QFile inTheWay(m_folder->filePath(u"data"_s));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    SqlJournal journal(m_folder->filePath(u"data/journal.sqlite"_s));
    QVERIFY(!writeNow(journal, {entryOf(JournalKind::Command, u"intent"_s)}));
    QTRY_VERIFY_WITH_TIMEOUT(journal.state().message.contains(m_folder->filePath(u"data"_s)), patience);
    QVERIFY(!journal.state().recording);
    // Out of the way again, recording begins by itself.
    QVERIFY(inTheWay.remove());
    QVERIFY(writeNow(journal, {entryOf(JournalKind::Command, u"intent"_s)}));
    QTRY_VERIFY_WITH_TIMEOUT(journal.state().recording, patience);
}

void JournalFailureTest::saysWhenNothingMayBeWritten_data()
{
    QTest::addColumn<bool>("fileThere");
    QTest::newRow("folder") << false;
    QTest::newRow("file") << true;
}

void JournalFailureTest::saysWhenNothingMayBeWritten()
{
    QFETCH(bool, fileThere);
    if (fileThere) {
        SqlJournal journal(path());
        QVERIFY(writeNow(journal, {entryOf(JournalKind::Command, u"intent"_s)}));
    }
    if (fileThere)
        QVERIFY(QFile::setPermissions(path(), QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther));
    // Anybody may look, nobody may write: for root, too, whose rights the writer gives up.
    QCOMPARE(::chmod(QFile::encodeName(m_folder->path()).constData(), S_IRUSR | S_IXUSR | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH),
             0);
    QProcess writer;
    writer.start(QStringLiteral(JOURNALWRITER), {path(), u"--as-nobody"_s});
    QVERIFY(writer.waitForFinished(patience));
    const QString out = QString::fromUtf8(writer.readAllStandardOutput());
    QCOMPARE(::chmod(QFile::encodeName(m_folder->path()).constData(), S_IRWXU), 0);
    QCOMPARE(writer.exitCode(), 3);
    QVERIFY2(out.contains(path()) && out.contains(u"Nothing is recorded"_s), qPrintable(out));
    QVERIFY2(out.trimmed().contains(u'\n'), qPrintable(out));
    QCOMPARE(QFileInfo::exists(path()), fileThere);
}

void JournalFailureTest::waitsForALock()
{
    SqlJournal journal(path());
    QVERIFY(writeNow(journal, {entryOf(JournalKind::Command, u"one"_s)}));
    {
        QSqlDatabase other = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"lock"_s);
        other.setDatabaseName(path());
        QVERIFY(other.open());
        QSqlQuery query(other);
        QVERIFY(query.exec(u"BEGIN IMMEDIATE"_s));
        // Longer than it waits: it says so, and reading goes on meanwhile.
        QVERIFY(!writeNow(journal, {entryOf(JournalKind::Command, u"two"_s)}));
        QTRY_VERIFY_WITH_TIMEOUT(journal.state().message.contains(u"locked"_s), patience);
        QCOMPARE(textsOf(ask(journal, {})), QStringList{u"one"_s});
        QVERIFY(query.exec(u"ROLLBACK"_s));
        // It comes back by itself, without a write.
        QTRY_VERIFY_WITH_TIMEOUT(journal.state().recording, patience);
        QVERIFY(writeNow(journal, {entryOf(JournalKind::Command, u"three"_s)}));
    }
    QSqlDatabase::removeDatabase(u"lock"_s);
    QCOMPARE(textsOf(ask(journal, {})), (QStringList{u"three"_s, u"one"_s}));
}

void JournalFailureTest::whatCannotBePreparedIsTriedAgain_data()
{
    QTest::addColumn<QString>("table");
    QTest::newRow("ends") << u"ends"_s;
    QTest::newRow("plans") << u"plans"_s;
    QTest::newRow("entries") << u"entries"_s;
}

/// A file that was opened when one of the statements could not be prepared: it named no parameter, and all writing failed with
/// "Parameter count mismatch" from then on.
void JournalFailureTest::whatCannotBePreparedIsTriedAgain()
{
    QFETCH(QString, table);
    {
        SqlJournal made(path());
        QVERIFY(writeNow(made, {entryOf(JournalKind::Command, u"one"_s)}));
    }
    const auto rename = [this](const QString &from, const QString &to) {
        bool done = false;
        {
            QSqlDatabase other = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"rename"_s);
            other.setDatabaseName(path());
            QSqlQuery query(other.open() ? other : QSqlDatabase());
            done = query.exec(u"ALTER TABLE "_s + from + u" RENAME TO "_s + to);
        }
        QSqlDatabase::removeDatabase(u"rename"_s);
        return done;
    };
    QVERIFY(rename(table, u"elsewhere"_s));
    SqlJournal journal(path());
    QTRY_VERIFY_WITH_TIMEOUT(journal.state().message.contains(table), patience);
    QVERIFY(!writeNow(journal, {entryOf(JournalKind::Command, u"two"_s)}));
    journal.writeEnds({{u"prod"_s, "chromium:a", WorkerEnd::Left, 1}});
    QVERIFY(!writeNow(journal, {entryOf(JournalKind::Command, u"three"_s)}));
    QVERIFY2(journal.state().message.contains(table), qPrintable(journal.state().message));
    QVERIFY(rename(u"elsewhere"_s, table));
    // It comes back by itself.
    QTRY_VERIFY_WITH_TIMEOUT(journal.state().recording, patience);
    journal.writeEnds({{u"prod"_s, "chromium:a", WorkerEnd::Left, 1}});
    QVERIFY(writeNow(journal, {entryOf(JournalKind::Command, u"four"_s)}));
    QCOMPARE(textsOf(ask(journal, {})), (QStringList{u"four"_s, u"one"_s}));
}

void JournalFailureTest::namesTheFileAndWhatFails_data()
{
    QTest::addColumn<QString>("code"); // Of SQLite.
    QTest::addColumn<bool>("saysWhat");
    QTest::newRow("error") << u"1"_s << true;
    QTest::newRow("locked") << u"6"_s << false;
    QTest::newRow("read-only") << u"8"_s << false;
    QTest::newRow("disk") << u"10"_s << true;
    QTest::newRow("damaged") << u"11"_s << false;
    QTest::newRow("full") << u"13"_s << false;
    QTest::newRow("no folder") << u"14"_s << false;
}

void JournalFailureTest::namesTheFileAndWhatFails()
{
    QFETCH(QString, code);
    QFETCH(bool, saysWhat);
    // What looks like a place for another text is none.
    const QString file = m_folder->filePath(u"100%1 %2.sqlite"_s);
    const JournalTrouble trouble =
        JournalFile(file, JournalFile::Mode::Write).trouble({{}, u"%1 broke"_s, QSqlError::UnknownError, code});
    QVERIFY2(trouble.message.contains(file), qPrintable(trouble.message));
    QCOMPARE(trouble.message.contains(u": %1 broke."_s), saysWhat);
}

void JournalFailureTest::beginsAnewWhenTheFileIsMovedAway()
{
    SqlJournal journal(path());
    QVERIFY(writeNow(journal, {entryOf(JournalKind::Command, u"before"_s)}));
    for (const QString &side : {u""_s, u"-wal"_s, u"-shm"_s})
        QFile::rename(path() + side, path() + u".old"_s + side);
    QVERIFY(writeNow(journal, {entryOf(JournalKind::Command, u"after"_s)}));
    QCOMPARE(textsOf(ask(journal, {})), QStringList{u"after"_s});
    QCOMPARE(fileValue(path(), u"SELECT text FROM entries"_s).toString(), u"after"_s);
}

} // namespace pulsedeck

using pulsedeck::JournalFailureTest;
PULSEDECK_TEST(JournalFailureTest, pulsedeck::runWithEvents)
#include "journalfailure_test.moc"
