// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/format.h"
#include "models/history/reportjson.h"
#include "models/history/reportpage.h"
#include "models/history/reportpictures.h"
#include "models/history/reportwords.h"
#include "tests/support/spanscene.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class ReportPageTest : public QObject
{
    Q_OBJECT

    static constexpr qint64 at = SpanScene::begins + 120'000;

    static SpanScene lostHost()
    {
        SpanScene scene;
        scene.addFleet();
        for (int i = 170; i < 180; ++i)
            SpanScene::lose(scene.entries[size_t(i)], at + i * 10);
        for (int i = 0; i < 12; ++i)
            SpanScene::silence(scene.entries[size_t(i * 13)], at - 30'000, at);
        SpanScene::drain(scene.entries[399], at + 100'000);
        HistoryEvent &event = scene.event(at - 60'000, "command");
        event.act = u"drain"_s;
        event.step = u"requested"_s;
        event.by = u"anna"_s;
        event.text = u"Drain requested"_s;
        return scene;
    }
    /// Whatever others can put into ids, hosts and texts.
    static SpanScene hostile()
    {
        SpanScene scene;
        const QByteArrayList words{"<script>alert(1)</script>",
                                   "\"><img src=x onerror=alert(1)>",
                                   "]]>&amp;&lt;",
                                   "'/**/--><style>*{display:none}</style>",
                                   "a\x01\x1b[31m\xff\xfe",
                                   "\xe2\x80\xae"
                                   "txet",
                                   "\xef\xbf\xbf\xef\xbf\xbe",
                                   "%1 %2 %Ln %%",
                                   QByteArray(512, 'x'),
                                   "\xf0\x9f\x92\x80",
                                   "</title></svg></main><h1>",
                                   "javascript:alert(1)"};
        for (int i = 0; i < 120; ++i) {
            const QByteArray &word = words.at(i % words.size());
            SpanScene::Entry &entry =
                scene.add(word + QByteArray::number(i), word, QString::fromUtf8(word), QString::fromUtf8(word));
            entry.lane.version = QString::fromUtf8(word);
            entry.lane.label = i % 2 == 0 ? QString::fromUtf8(word) : QString();
            entry.lane.queues = {QString::fromUtf8(word), QString(QChar(0xd800))};
            if (i % 3 == 0)
                SpanScene::lose(entry, at);
        }
        for (const QByteArray &word : words) {
            for (const char *kind : {"command", "timing", "console", "connection", "message", "outage", "version"}) {
                HistoryEvent &event = scene.event(at - 1'000, kind);
                event.source = event.act = event.step = event.by = event.text = QString::fromUtf8(word);
                event.lane = 1;
                event.facts = {{u"to"_s, QString::fromUtf8(word)}};
            }
        }
        return scene;
    }
    static QStringList elementsOf(const QByteArray &xml, QString *error)
    {
        QStringList names;
        QXmlStreamReader reader(xml);
        while (!reader.atEnd()) {
            if (reader.readNext() == QXmlStreamReader::StartElement)
                names.append(reader.name().toString());
        }
        *error = reader.hasError() ? u"%1 in line %2"_s.arg(reader.errorString()).arg(reader.lineNumber()) : QString();
        return names;
    }
    static QStringList memberNames(const QByteArray &json)
    {
        QStringList names;
        static const QRegularExpression member(u"\"([A-Za-z-]+)\":"_s);
        for (auto match = member.globalMatch(QString::fromUtf8(json)); match.hasNext();) {
            const QString name = match.next().captured(1);
            if (!names.contains(name))
                names.append(name);
        }
        return names;
    }

private slots:
    void initTestCase() { setShownZone(ShownZone::Utc); }

    void wordsSayTheFigures()
    {
        const SpanReport report = lostHost().report();
        QCOMPARE(headlines(report).constFirst().left(29), u"Lost: 10 of 400 workers, the "_s);
        QCOMPARE(causeHeadline(report.causes.front()), u"10 of 10 lost workers are on host 10.4.2.17."_s);
        const QStringList sentences = causeSentences(report.causes.front());
        QCOMPARE(sentences.at(0), u"It has 10 workers in all; 10 of them are among these."_s);
        QCOMPARE(sentences.at(1), u"Of the 390 other workers, 3 % were late or worse."_s);
        QVERIFY(sentences.at(2).contains(u"1 of 1,000,000,000 cases"_s));
        const QString text = reportText(report);
        QVERIFY(text.contains(u"before"_s));
        QVERIFY(!text.contains(u"because"_s, Qt::CaseInsensitive));
        QVERIFY(!text.contains(u"%1"_s));
        QVERIFY2(text.contains(u"Drain requested"_s), qPrintable(text));
    }

    void wordsWhereThereIsNoCause()
    {
        SpanScene scene;
        scene.addFleet();
        QCOMPARE(headlines(scene.report()), QStringList{u"None of 400 workers was late, was lost or ended."_s});
        SpanScene::lose(scene.entries[3], at);
        SpanReport report = scene.report();
        QCOMPARE(causeHeadline(report.causes.front()), QString());
        QVERIFY(causeSentences(report.causes.front()).constFirst().startsWith(u"Fewer than 3 workers"_s));
        for (const int i : {50, 101, 152, 203, 254, 305})
            SpanScene::lose(scene.entries[size_t(i)], at);
        report = scene.report();
        QVERIFY(causeSentences(report.causes.front()).constFirst().startsWith(u"No common cause:"_s));
        scene.runs.clear();
        scene.entries.clear();
        QCOMPARE(headlines(scene.report()), QStringList{u"Nothing was recorded in this time."_s});
    }

    void wordsOfAnOutage()
    {
        SpanScene scene;
        scene.addFleet();
        HistoryEvent &event = scene.event(at + 22'000, "outage");
        event.facts = {{u"from"_s, at}, {u"to"_s, at + 22'000}};
        for (size_t i = 0; i < 398; ++i)
            SpanScene::silence(scene.entries[i], at, at + 22'000);
        const QStringList lines = causeSentences(scene.report().causes.front());
        QVERIFY(lines.at(0).startsWith(u"398 of 400 workers were affected, nearly all"_s));
        QVERIFY(lines.at(1).startsWith(u"In the same time the source prod-eu did not answer: from "_s));
        QVERIFY(lines.at(1).endsWith(u"22.0 s."_s));
    }

    void aRateIsNeverRoundedToNoneOrAll()
    {
        SpanReport report = lostHost().report();
        SpanCause &cause = report.causes.front();
        cause.silentOutside = 1;
        QVERIFY(causeSentences(cause).at(1).contains(u"less than 1 %"_s));
        cause.silentOutside = 389;
        QVERIFY(causeSentences(cause).at(1).contains(u"99 %"_s));
        cause.silentOutside = 390;
        QVERIFY(causeSentences(cause).at(1).contains(u"100 %"_s));
        cause.silentOutside = 0;
        QVERIFY(causeSentences(cause).at(1).contains(u"none was late"_s));
    }

    void thePageIsWellFormedAndWhole()
    {
        const SpanReport report = lostHost().report();
        const QByteArray page = reportPage(report);
        QString error;
        const QStringList elements = elementsOf(page, &error);
        QCOMPARE(error, QString());
        QVERIFY(!elements.contains(u"script"_s));
        QVERIFY(!elements.contains(u"link"_s));
        QVERIFY(!elements.contains(u"img"_s));
        QVERIFY(elements.count(u"svg"_s) >= 3);
        QVERIFY(page.contains("10 of 10 lost workers are on host 10.4.2.17."));
        QVERIFY(page.contains("prefers-color-scheme:dark"));
        QVERIFY(page.contains("@media print"));
        // Nothing is loaded: no address but the names of the two vocabularies.
        QByteArray rest = page;
        rest.replace("http://www.w3.org/1999/xhtml", "").replace("http://www.w3.org/2000/svg", "");
        QVERIFY(!rest.contains("http:"));
        QVERIFY(!rest.contains("https:"));
        QVERIFY(!rest.contains("url("));
        static const QRegularExpression handler(u" on[a-z]+="_s);
        QVERIFY(!handler.match(QString::fromUtf8(rest)).hasMatch());
        // Each class of the pictures has its rule.
        static const QRegularExpression used(u"class=\"(p-[a-z]+)\""_s);
        for (auto match = used.globalMatch(QString::fromUtf8(page)); match.hasNext();)
            QVERIFY(page.contains(QByteArray("." + match.next().captured(1).toLatin1() + "{")));
    }

    void wordsOfOthersAreOnlyText()
    {
        const SpanReport report = hostile().report();
        QVERIFY(report.count(SpanGroup::Lost).workers == 40);
        const QByteArray page = reportPage(report);
        QString error;
        const QStringList elements = elementsOf(page, &error);
        QCOMPARE(error, QString());
        static const QStringList known{u"html"_s,   u"head"_s, u"meta"_s, u"title"_s, u"style"_s,   u"body"_s,  u"main"_s,
                                       u"header"_s, u"h1"_s,   u"h2"_s,   u"p"_s,     u"section"_s, u"svg"_s,   u"rect"_s,
                                       u"line"_s,   u"text"_s, u"path"_s, u"g"_s,     u"span"_s,    u"table"_s, u"thead"_s,
                                       u"tbody"_s,  u"tr"_s,   u"th"_s,   u"td"_s,    u"div"_s,     u"footer"_s};
        for (const QString &name : elements)
            QVERIFY2(known.contains(name), qPrintable(name));
        QCOMPARE(elements.count(u"style"_s), 1);
        QVERIFY(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        QVERIFY(!page.contains("\xe2\x80\xae"));
        QVERIFY(page.contains("[U+202E]"));
        QVERIFY(!page.contains('\x1b'));
        for (const ReportPictures::Look look :
             {ReportPictures::Look::OfPage, ReportPictures::Look::Dark, ReportPictures::Look::Light}) {
            const ReportPictures pictures(report, look);
            for (const QByteArray &picture : {pictures.beats(), pictures.affected(), pictures.lanes()}) {
                elementsOf(picture, &error);
                QCOMPARE(error, QString());
            }
        }
        QVERIFY(!reportText(report).contains(QChar(0x1b)));
        QVERIFY(!reportText(report).contains(QChar(0x202e)));
        const QJsonDocument json = QJsonDocument::fromJson(reportJson(report));
        QVERIFY(json.isObject());
        QVERIFY(!reportJson(report, JsonWriter::Escapes::Unprintable).contains("\xe2\x80\xae"));
    }

    void jsonHasWhatIsDocumented()
    {
        const SpanReport report = lostHost().report();
        const QByteArray bytes = reportJson(report);
        const QJsonObject json = QJsonDocument::fromJson(bytes).object();
        QCOMPARE(json["format"_L1].toString(), u"pulsedeck-report"_s);
        QCOMPARE(json["from"_L1].toString(), isoTimeText(SpanScene::begins));
        QCOMPARE(json["workers"_L1].toInt(), 400);
        QCOMPARE(json["groups"_L1]["lost"_L1]["workers"_L1].toInt(), 10);
        QCOMPARE(json["groups"_L1]["returned"_L1]["first"_L1].isNull(), true);
        const QJsonObject cause = json["causes"_L1].toArray().first().toObject();
        QCOMPARE(cause["likeliest"_L1]["trait"_L1].toString(), u"host"_s);
        QCOMPARE(cause["likeliest"_L1]["silentOutside"_L1].toInt(), 12);
        QVERIFY(cause["likeliest"_L1]["chance"_L1].toDouble() > 0);
        QVERIFY(cause["likeliest"_L1]["chance"_L1].toDouble() < 1e-9);
        QCOMPARE(json["steps"_L1]["received"_L1].toArray().size(), SpanSteps::most);
        QCOMPARE(json["changes"_L1].toArray().first()["act"_L1].toString(), u"drain"_s);
        // The same report is the same bytes.
        QCOMPARE(reportJson(lostHost().report()), bytes);

        QFile file(QStringLiteral(PULSEDECK_DOCS) + u"/report.md"_s);
        QVERIFY(file.open(QFile::ReadOnly));
        const QString text = QString::fromUtf8(file.readAll());
        for (const QString &name : memberNames(bytes + reportJson(hostile().report())))
            QVERIFY2(text.contains(u'`' + name + u'`'), qPrintable(name));
    }

    void emptyReportsHaveAllOfTheirParts()
    {
        SpanScene scene;
        scene.runs.clear();
        const SpanReport report = scene.report();
        QString error;
        elementsOf(reportPage(report), &error);
        QCOMPARE(error, QString());
        QVERIFY(QJsonDocument::fromJson(reportJson(report)).isObject());
        QVERIFY(reportText(report).contains(u"Nothing was recorded"_s));
    }
};

PULSEDECK_TEST(ReportPageTest, runWithEvents)
#include "reportpage_test.moc"
