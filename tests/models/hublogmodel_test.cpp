// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/visibletext.h"
#include "models/hub/hublogmodel.h"
#include "models/hub/jsontext.h"
#include "tests/support/stepclock.h"
#include "tests/support/testprogram.h"

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

    static ActorMessage mail(SourceId source, const QString &from, const QJsonValue &payload = QJsonObject())
    {
        ActorMessage made;
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
        HubStore hubs(m_clock);
        hubs.addHub(1, u"one"_s);
        hubs.addHub(2, u"two"_s);
        hubs.takeActorMessage(mail(1, u"@(a/0)"_s));
        HubLogModel model(hubs);
        QCOMPARE(model.rowCount(), 0);
        model.setHub(1);
        QCOMPARE(model.rowCount(), 1);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        hubs.takeActorMessage(mail(2, u"@(b/0)"_s)); // Another hub's.
        QCOMPARE(inserted.size(), 0);
        for (size_t i = 1; i < HubLog::mostMessages + 5; ++i)
            hubs.takeActorMessage(mail(1, u"@(a/%1)"_s.arg(i)));
        QCOMPARE(model.rowCount(), int(HubLog::mostMessages));
        QCOMPARE(removed.size(), 5);
        QCOMPARE(resets.size(), 0);
        QCOMPARE(model.index(0, HubLogModel::Peer).data().toString(), u"@(a/5)"_s);
        const auto whole = model.index(0, 0).data(HubLogModel::EntryRole).value<HubLogEntry>();
        QCOMPARE(whole.peer, u"@(a/5)"_s);
        QCOMPARE(model.rowOf(whole.key), 0);
        QCOMPARE(model.rowOf(whole.key - 1), -1);
        hubs.removeHub(1);
        QCOMPARE(model.rowCount(), 0);
    }

    void keepsTheRulesOfAModel()
    {
        HubStore hubs(m_clock);
        hubs.addHub(1, u"one"_s);
        HubLogModel model(hubs);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setHub(1);
        for (int i = 0; i < 30; ++i)
            hubs.takeActorMessage(mail(1, u"@(a/%1)"_s.arg(i)));
        ActorMessage large = mail(1, u"@(a/large)"_s);
        large.bytes = HubLog::mostPayloadBytes - 2 * 10; // Ten small ones have room next to it.
        hubs.takeActorMessage(large);
        QCOMPARE(model.rowCount(), 11);
        QCOMPARE(model.index(0, HubLogModel::Peer).data().toString(), u"@(a/20)"_s);
        hubs.takeActorMessage(large);
        QCOMPARE(model.rowCount(), 1);
    }

    void resultsComeLater()
    {
        HubStore hubs(m_clock);
        hubs.addHub(1, u"one"_s);
        HubLogModel model(hubs);
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setHub(1);
        HubCall call;
        call.kind = HubCall::Kind::Publish;
        call.target = u"events"_s;
        const QUuid id = hubs.call(1, call);
        QCOMPARE(model.index(0, HubLogModel::Peer).data().toString(), u"topic events"_s);
        QCOMPARE(model.index(0, HubLogModel::Result).data().toString(), u"waiting"_s);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        HubCallAnswer answer;
        answer.id = id;
        answer.outcome = HubCallAnswer::Outcome::Answered;
        answer.body = hub::Published{u"events"_s, 1};
        hubs.takeAnswer(answer);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(model.index(0, HubLogModel::Result).data().toString(), u"1 subscriber"_s);
        QCOMPARE(model.index(0, 0).data(Qt::AccessibleTextRole).toString(), u"publish, topic events, 1 subscriber"_s);
    }

    void hostileWords()
    {
        HubStore hubs(m_clock);
        hubs.addHub(1, u"one"_s);
        HubLogModel model(hubs);
        model.setHub(1);
        const QString from = u"@(evil/\u202Egnp.exe)\n\u0007<b>x</b>"_s;
        hubs.takeActorMessage(mail(1, from, QJsonObject{{u"a\u202Eb"_s, u"\u0001\n<script>"_s}}));
        const QString peer = model.index(0, HubLogModel::Peer).data().toString();
        QVERIFY(!peer.contains(QChar(0x202E)) && !peer.contains(u'\n') && !peer.contains(QChar(7)));
        QVERIFY(peer.contains(u"<b>x</b>"_s)); // As it is; only widgets of plain text show it.
        QCOMPARE(model.index(0, HubLogModel::Payload).data().toString(), uR"({"a\u202eb": "\u0001\n<script>"})"_s);
    }

    void unseenCharactersAreSeen()
    {
        QCOMPARE(visibleText(u"gnp\u202Eexe.txt"_s), u"gnp[U+202E]exe.txt"_s);
        QCOMPARE(visibleText(u"a\nb\tc\x1b[31m"_s), u"a\nb\tc[U+001B][31m"_s);
        QCOMPARE(visibleLine(u"a\nb\tc\x1b[31m\u2066x\u2069"_s), u"a b c [31m[U+2066]x[U+2069]"_s);
        QCOMPARE(visibleText(u"Größe 🐦 العربية 日本"_s),
                 u"Größe 🐦 العربية 日本"_s); // Letters of any direction are no marks.
        QCOMPARE(visibleText(QString::fromUcs4(U"\U000E0041")), u"[U+E0041]"_s);
        QCOMPARE(visibleText(QString(QChar(0xD800)) + u'x'), u"[U+D800]x"_s);
        QVERIFY(visibleText(u"worker\u200B1"_s) != visibleText(u"worker1"_s));
        for (const char16_t mark : {u'\u202A', u'\u202B', u'\u202C', u'\u202D', u'\u202E', u'\u2066', u'\u2067', u'\u2068',
                                    u'\u2069', u'\u200E', u'\u200F', u'\u061C'})
            QVERIFY(isUnseen(mark) && !visibleLine(QString(QChar(mark))).contains(QChar(mark)));
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
        QCOMPARE(input.exact.isEmpty(), input.value.isUndefined());
    }

    void exactJson_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("exact");
        QTest::newRow("digits") << u" 12345678901234567890 "_s << QByteArray("12345678901234567890");
        QTest::newRow("order, ways to write a number") << u"{ \"z\" : 1.0 ,\n \"a\" : [ 1E+2, -0, 0.10 ], \"z\": null }"_s
                                                       << QByteArray("{\"z\":1.0,\"a\":[1E+2,-0,0.10],\"z\":null}");
        QTest::newRow("texts") << u"[\" a , \\\"b\\\" : {\", \"\\u00e4\\/\", \"\"]"_s
                               << QByteArray("[\" a , \\\"b\\\" : {\",\"\xc3\xa4/\",\"\"]");
        QTest::newRow("a line end in a text") << u"\"a\nb\""_s << QByteArray("\"a\\nb\"");
        QTest::newRow("empty ones") << u"[ { } , [ ] , true ]"_s << QByteArray("[{},[],true]");
        for (const char *const none : {"01", "1.", "-", "+1", ".5", "1e", "0x10", "1.e2", "-01"})
            QTest::newRow(none) << QString::fromLatin1(none) << QByteArray();
    }
    void exactJson()
    {
        QFETCH(QString, text);
        QFETCH(QByteArray, exact);
        const JsonInput input = readJson(text);
        QCOMPARE(input.exact, exact);
        QCOMPARE(input.problem.isEmpty(), !exact.isEmpty());
        QCOMPARE(input.line > 0, exact.isEmpty());
        if (exact.isEmpty())
            return;
        // It says the same as the value, and is what others read.
        const QJsonDocument again = QJsonDocument::fromJson('[' + exact + ']');
        QCOMPARE(again.array().first(), input.value);
        QCOMPARE(readJson(exactWhole(exact)).exact, exact);
        QCOMPARE(readJson(exactLineText(exact)).exact, exact);
        QCOMPARE(readJson(exactIndentedText(exact).text).exact, exact);
    }

    void exactTextIsBounded()
    {
        const QByteArray digits("12345678901234567890");
        QCOMPARE(exactLineText("{\"b\":[" + digits + "],\"a\":1}"), u"{\"b\": [12345678901234567890], \"a\": 1}"_s);
        QCOMPARE(exactIndentedText("{\"b\":[" + digits + "],\"a\":{}}").text,
                 u"{\n  \"b\": [\n    12345678901234567890\n  ],\n  \"a\": {}\n}"_s);
        QByteArray many("[0");
        for (int i = 1; i < 100'000; ++i)
            many += ',' + QByteArray::number(i);
        many += ']';
        QCOMPARE(exactLineText(many).size(), 200);
        const JsonText cut = exactIndentedText(many, 10'000);
        QVERIFY(cut.cut && cut.text.size() < 11'000);
        QVERIFY(exactIndentedText(QByteArray(500, '[') + QByteArray(500, ']')).cut);
        QCOMPARE(exactLineText("\"\u202E\""), u"\"\\u202e\""_s);
    }

    void whatWasSentIsShownAsItWasSent()
    {
        HubStore hubs(m_clock);
        hubs.addHub(1, u"one"_s);
        HubLogModel model(hubs);
        model.setHub(1);
        const JsonInput input = readJson(u"{\"id\":12345678901234567890,\"a\":1}"_s);
        HubCall call;
        call.kind = HubCall::Kind::Tell;
        call.target = u"@(a)"_s;
        call.type = u"x"_s;
        call.data = input.value;
        call.exact = input.exact;
        hubs.call(1, call);
        QCOMPARE(model.index(0, HubLogModel::Payload).data().toString(), u"{\"id\": 12345678901234567890, \"a\": 1}"_s);
        QCOMPARE(hubDataBytes(call), input.exact.size());
    }
};

PULSEDECK_TEST(HubLogModelTest, runWithEvents)
#include "hublogmodel_test.moc"
