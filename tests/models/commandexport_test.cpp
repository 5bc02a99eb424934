// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/commandexport.h"
#include "models/core/csv.h"
#include "tests/models/ledgerfixture.h"
#include "tests/support/testprogram.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <set>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using CommandExportOutcome = CommandProgress::Outcome;

class CommandExportTest : public QObject
{
    Q_OBJECT

private slots:
    void everyActAndStageHasAWordOfItsOwn()
    {
        std::set<QString> words;
        for (const Act act : allActs) {
            QCOMPARE(actFromName(actName(act)), std::optional(act));
            QVERIFY(!actTitle(act).isEmpty());
            words.insert(actName(act));
        }
        QCOMPARE(words.size(), size_t(actCount));
        QVERIFY(!actFromName(u"Shutdown"));
        words.clear();
        for (int stage = 0; stage < stageCount; ++stage) {
            words.insert(stageName(CommandStage(stage)));
            QVERIFY(!stageName(CommandStage(stage)).contains(u' '));
        }
        QCOMPARE(words.size(), size_t(stageCount));
        QCOMPARE(stageName(CommandStage::PickedUp), u"picked-up"_s);
        words.clear();
        for (int refusal = 0; refusal <= int(Refusal::Server); ++refusal)
            words.insert(refusalText(Refusal(refusal)));
        QCOMPARE(words.size(), size_t(Refusal::Server) + 1);
    }

    void theWordsOfAStageFitTheWorkerAndTheAct()
    {
        const StageRow &done = stageRow(CommandStage::Done);
        QCOMPARE(done.sentence.text(false, false), u"It is done."_s);
        QCOMPARE(done.sentence.text(true, false), u"No session is left."_s);
        QCOMPARE(done.sentence.text(true, true), u"The actor accepted the drain."_s);
        // Where nothing else is said of an actor, it is what is said of a worker.
        const StageRow &withdrawn = stageRow(CommandStage::Withdrawn);
        QCOMPARE(withdrawn.sentence.text(true, true), withdrawn.sentence.text(true, false));
        QVERIFY(stageRow(CommandStage::Gone).brief.text(false, true).isEmpty());
        for (int stage = 0; stage < stageCount; ++stage) {
            const StageRow &row = stageRow(CommandStage(stage));
            // What a rolling shutdown pauses for it says, and no text asks for values that there are not.
            QVERIFY2(!(row.flags & StageRow::Pauses) || row.problem.plain, row.name);
            for (const StageWords &words : {row.sentence, row.brief, row.dock, row.problem}) {
                for (const bool registers : {false, true})
                    QVERIFY2(!words.text(true, registers).contains(u"%4"_s), row.name);
            }
        }
    }

    void aCellIsNoFormulaAndKeepsItsText_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("cell");
        QTest::newRow("plain") << u"new image"_s << QByteArray("new image");
        QTest::newRow("empty") << QString() << QByteArray();
        QTest::newRow("comma") << u"a,b"_s << QByteArray("\"a,b\"");
        QTest::newRow("quote") << u"a\"b"_s << QByteArray("\"a\"\"b\"");
        QTest::newRow("lines") << u"a\r\nb"_s << QByteArray("\"a\r\nb\"");
        QTest::newRow("formula") << u"=HYPERLINK(\"http://x\",1)"_s << QByteArray("\"'=HYPERLINK(\"\"http://x\"\",1)\"");
        QTest::newRow("plus") << u"+1"_s << QByteArray("'+1");
        QTest::newRow("minus") << u"-1+2"_s << QByteArray("'-1+2");
        QTest::newRow("at") << u"@SUM(A1)"_s << QByteArray("'@SUM(A1)");
        QTest::newRow("behind a tab") << u"\t=1+2"_s << QByteArray("'\t=1+2");
        QTest::newRow("within") << u"ann@ops"_s << QByteArray("ann@ops");
        QTest::newRow("unicode") << u"größer"_s << QByteArray("größer");
    }
    void aCellIsNoFormulaAndKeepsItsText()
    {
        QFETCH(QString, text);
        QTEST(csvCell(text), "cell");
    }

    void aCommandAsJson()
    {
        LedgerFixture f;
        const quint64 key = f.give(Act::ShutdownNow, f.add(0, "chromium:a", 3), u"new image"_s);
        f.answer(key, CommandExportOutcome::Written, 1);
        const QJsonObject object = commandJson(f.at(key));
        QCOMPARE(object.value("act"_L1).toString(), u"shutdown-now"_s);
        QCOMPARE(object.value("worker"_L1).toString(), u"chromium:a"_s);
        QCOMPARE(object.value("source"_L1).toString(), u"prod"_s);
        QCOMPARE(object.value("type"_L1).toString(), u"chromium"_s);
        QCOMPARE(object.value("stage"_L1).toString(), u"announced"_s);
        QCOMPARE(object.value("requestedAt"_L1).toString(), u"2027-01-15T08:00:00.000Z"_s);
        QVERIFY(object.value("pickedUpAt"_L1).isNull());
        QVERIFY(object.contains("endedAt"_L1));
        QCOMPARE(object.value("receivers"_L1).toInt(), 1);
        QCOMPARE(object.value("sessionsBefore"_L1).toInt(), 3);
        QVERIFY(object.value("sessionsCut"_L1).isNull());
        QCOMPARE(object.value("by"_L1).toString(), u"ann@ops"_s);
        QCOMPARE(object.value("reason"_L1).toString(), u"new image"_s);
        QCOMPARE(object.value("theirs"_L1).toBool(true), false);
    }

    void manyAsJsonAndCsv()
    {
        LedgerFixture f;
        const quint64 first = f.give(Act::Drain, f.add(0, "chromium:a"), u"=cmd|' /C calc'!A0"_s);
        const quint64 second = f.give(Act::Reap, f.add(1, "chromium:b"));
        const std::vector<quint64> keys{second, first, second + 100};
        const QJsonArray array = QJsonDocument::fromJson(commandsJson(f.ledger, keys)).array();
        QCOMPARE(array.size(), 2); // One of the keys is none.
        QCOMPARE(array.at(0).toObject().value("worker"_L1).toString(), u"chromium:b"_s);
        const QByteArrayList lines = commandsCsv(f.ledger, keys).split('\n');
        QCOMPARE(lines.size(), 4);
        QVERIFY(lines.at(0).startsWith("id,group,act,worker,"));
        QVERIFY(lines.at(0).endsWith('\r'));
        QVERIFY(lines.at(3).isEmpty());
        QCOMPARE(lines.at(1).count(','), lines.at(0).count(','));
        QVERIFY(lines.at(2).contains(",'=cmd|"));
        QVERIFY(!lines.at(2).contains(",=cmd"));
    }
};

PULSEDECK_TEST(CommandExportTest, runWithEvents)
#include "commandexport_test.moc"
