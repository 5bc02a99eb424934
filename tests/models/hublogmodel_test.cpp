// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hub/hublogmodel.h"
#include "models/hub/jsontext.h"
#include "tests/support/stepclock.h"

#include <QAbstractItemModelTester>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class HubLogModelTest : public QObject
{
    Q_OBJECT

    StepClock m_clock;

    static HubMail mail(SourceId source, const QString &from, const QJsonValue &payload = QJsonObject())
    {
        HubMail made;
        made.source = source;
        made.at = 1'800'000'000'000;
        made.from = from;
        made.type = u"note"_s;
        made.payload = payload;
        made.bytes = 2;
        return made;
    }

private slots:
    void followsTheLog()
    {
        HubDesk desk(m_clock);
        desk.addHub(1, u"one"_s);
        desk.addHub(2, u"two"_s);
        desk.takeMail(mail(1, u"@(a/0)"_s));
        HubLogModel model(desk);
        QCOMPARE(model.rowCount(), 0);
        model.setHub(1);
        QCOMPARE(model.rowCount(), 1);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        desk.takeMail(mail(2, u"@(b/0)"_s)); // Another hub's.
        QCOMPARE(inserted.size(), 0);
        for (size_t i = 1; i < HubDesk::mostMessages + 5; ++i)
            desk.takeMail(mail(1, u"@(a/%1)"_s.arg(i)));
        QCOMPARE(model.rowCount(), int(HubDesk::mostMessages));
        QCOMPARE(removed.size(), 5);
        QCOMPARE(resets.size(), 0);
        QCOMPARE(model.index(0, HubLogModel::Peer).data().toString(), u"@(a/5)"_s);
        const auto whole = model.index(0, 0).data(HubLogModel::EntryRole).value<HubLogEntry>();
        QCOMPARE(whole.peer, u"@(a/5)"_s);
        QCOMPARE(model.rowOf(whole.key), 0);
        QCOMPARE(model.rowOf(whole.key - 1), -1);
        desk.removeHub(1);
        QCOMPARE(model.rowCount(), 0);
    }

    void keepsTheRulesOfAModel()
    {
        HubDesk desk(m_clock);
        desk.addHub(1, u"one"_s);
        HubLogModel model(desk);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setHub(1);
        for (int i = 0; i < 30; ++i)
            desk.takeMail(mail(1, u"@(a/%1)"_s.arg(i)));
        HubMail large = mail(1, u"@(a/large)"_s);
        large.bytes = HubDesk::mostPayloadBytes - 2 * 10; // Ten small ones have room beside it.
        desk.takeMail(large);
        QCOMPARE(model.rowCount(), 11);
        QCOMPARE(model.index(0, HubLogModel::Peer).data().toString(), u"@(a/20)"_s);
        desk.takeMail(large);
        QCOMPARE(model.rowCount(), 1);
    }

    void resultsComeLater()
    {
        HubDesk desk(m_clock);
        desk.addHub(1, u"one"_s);
        HubLogModel model(desk);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setHub(1);
        HubCall call;
        call.kind = HubCall::Kind::Publish;
        call.target = u"events"_s;
        const QUuid id = desk.call(1, call);
        QCOMPARE(model.index(0, HubLogModel::Peer).data().toString(), u"topic events"_s);
        QCOMPARE(model.index(0, HubLogModel::Result).data().toString(), u"waiting"_s);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        HubCallAnswer answer;
        answer.id = id;
        answer.outcome = HubCallAnswer::Outcome::Answered;
        answer.body = hub::Published{u"events"_s, 1};
        desk.takeAnswer(answer);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(model.index(0, HubLogModel::Result).data().toString(), u"1 subscriber"_s);
        QCOMPARE(model.index(0, 0).data(Qt::AccessibleTextRole).toString(), u"publish, topic events, 1 subscriber"_s);
    }

    void hostileWords()
    {
        HubDesk desk(m_clock);
        desk.addHub(1, u"one"_s);
        HubLogModel model(desk);
        model.setHub(1);
        const QString from = u"@(evil/\u202Egnp.exe)\n\u0007<b>x</b>"_s;
        desk.takeMail(mail(1, from, QJsonObject{{u"a\u202Eb"_s, u"\u0001\n<script>"_s}}));
        const QString peer = model.index(0, HubLogModel::Peer).data().toString();
        QVERIFY(!peer.contains(QChar(0x202E)) && !peer.contains(u'\n') && !peer.contains(QChar(7)));
        QVERIFY(peer.contains(u"<b>x</b>"_s)); // As it is; only widgets of plain text show it.
        QCOMPARE(model.index(0, HubLogModel::Payload).data().toString(), uR"({"a\u202eb": "\u0001\n<script>"})"_s);
    }

    void hugeAndDeep()
    {
        QJsonArray many;
        for (int i = 0; i < 100'000; ++i)
            many.append(i);
        QCOMPARE(jsonLineText(many).size(), 200);
        QVERIFY(jsonLineText(many).endsWith(u'…'));
        const JsonText cut = jsonIndentedText(many, 10'000);
        QVERIFY(cut.cut && cut.text.size() < 11'000);
        QVERIFY(cut.text.contains(u"more"_s));
        QJsonValue deep = 1;
        for (int i = 0; i < 500; ++i)
            deep = QJsonArray{deep};
        QVERIFY(jsonIndentedText(deep).cut);
        QVERIFY(jsonIndentedText(QString(1'000'000, u'x')).cut);
        QVERIFY(jsonIndentedText(QString(1'000'000, u'x')).text.size() < 5'000);
        const QJsonObject small{{u"a"_s, QJsonArray{1, true, QJsonValue(), 1.5}}};
        const JsonText whole = jsonIndentedText(small);
        QVERIFY(!whole.cut);
        QCOMPARE(whole.text, u"{\n  \"a\": [\n    1,\n    true,\n    null,\n    1.5\n  ]\n}"_s);
        QCOMPARE(jsonLineText(QJsonValue::Undefined), QString());
        QCOMPARE(jsonWhole(QJsonValue(u"x"_s)), u"\"x\""_s);
    }

    void typedJson_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        QTest::newRow("nothing") << u"  \n "_s << 0 << 0;
        QTest::newRow("object") << u"{\"a\": 1}"_s << 0 << 0;
        QTest::newRow("bare number") << u"42"_s << 0 << 0;
        QTest::newRow("bare text") << u"\"ä\""_s << 0 << 0;
        QTest::newRow("no comma") << u"{\n  \"a\": 1\n  \"b\": 2\n}"_s << 3 << 3;
        QTest::newRow("columns are characters") << u"{\"ääää\": x}"_s << 1 << 10;
        QTest::newRow("two values") << u"1, 2"_s << 1 << 1;
        QTest::newRow("brackets that close ours") << u"1], [2"_s << 1 << 2;
        QTest::newRow("unended") << u"{\"a\": "_s << 1 << 6;
    }
    void typedJson()
    {
        QFETCH(QString, text);
        QFETCH(int, line);
        QFETCH(int, column);
        const JsonInput input = readJson(text);
        QCOMPARE(input.problem.isEmpty(), line == 0);
        QCOMPARE(input.line, line);
        // Where exactly a parser stops is its own business, up to the character after.
        QVERIFY2(qAbs(input.column - column) <= 1, qPrintable(QString::number(input.column)));
        QCOMPARE(input.value.isUndefined(), line > 0 || text.trimmed().isEmpty());
    }
};

QTEST_GUILESS_MAIN(HubLogModelTest)
#include "hublogmodel_test.moc"
