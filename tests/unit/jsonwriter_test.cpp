// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/fleettext.h"
#include "models/core/jsonwriter.h"
#include "tests/support/testprogram.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

#include <limits>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// The bytes are those of QJsonDocument, and those of printableJson() where nothing unprintable may be written.
class JsonWriterTest : public QObject
{
    Q_OBJECT

private slots:
    void writesTextsAsQtDoes_data();
    void writesTextsAsQtDoes();
    void writesEveryCharacter();
    void nests();
    void writesNumbers();
    void replacesWhatIsNoUtf8();
};

namespace {

QByteArray written(const QString &text, JsonWriter::Escapes escapes)
{
    QByteArray out;
    JsonWriter json(out, escapes);
    json.beginObject();
    json.member("text"_L1, text);
    json.endObject();
    return out;
}

} // namespace

void JsonWriterTest::writesTextsAsQtDoes_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("plain") << u"chromium:7f3a9c12"_s;
    QTest::newRow("quotes") << u"a \"b\" c\\d /e"_s;
    QTest::newRow("controls") << u"a\b\f\n\r\t\x1b[31m\x7f"_s;
    QTest::newRow("other scripts") << u"Größe – 大きさ"_s;
    QTest::newRow("a pair") << u"😀 and 𝄞"_s;
    QTest::newRow("halves of pairs") << QString(u"a"_s + QChar(0xd800) + u'b' + QChar(0xdc00) + QChar(0xd801));
    QTest::newRow("direction") << u"abc\u202Edef\u2028"_s;
}

void JsonWriterTest::writesTextsAsQtDoes()
{
    QFETCH(QString, text);
    const QJsonObject object{{u"text"_s, text}};
    QCOMPARE(written(text, JsonWriter::Escapes::Needed), QJsonDocument(object).toJson(QJsonDocument::Compact));
    QCOMPARE(written(text, JsonWriter::Escapes::Unprintable), printableJson(object));
}

void JsonWriterTest::writesEveryCharacter()
{
    for (uint c = 0; c <= 0xffff; ++c) {
        const QString text = QString(u"<"_s + QChar(ushort(c)) + u'>');
        const QJsonObject object{{u"text"_s, text}};
        if (written(text, JsonWriter::Escapes::Needed) != QJsonDocument(object).toJson(QJsonDocument::Compact)
            || written(text, JsonWriter::Escapes::Unprintable) != printableJson(object))
            QFAIL(qPrintable(u"U+%1 is written in another way"_s.arg(QString::number(c, 16))));
    }
}

void JsonWriterTest::nests()
{
    QByteArray out;
    JsonWriter json(out);
    json.beginObject();
    json.member("empty"_L1, QStringList());
    json.member("flags"_L1, QStringList{u"a"_s, u"b\""_s});
    json.name("list"_L1);
    json.beginArray();
    json.beginObject();
    json.endObject();
    json.value(true);
    json.value(false);
    json.value(nullptr);
    json.endArray();
    json.member("name"_L1, QByteArray("worker:a"));
    json.endObject();
    const QJsonObject object{{u"empty"_s, QJsonArray()},
                             {u"flags"_s, QJsonArray{u"a"_s, u"b\""_s}},
                             {u"list"_s, QJsonArray{QJsonObject(), true, false, QJsonValue()}},
                             {u"name"_s, u"worker:a"_s}};
    QCOMPARE(out, QJsonDocument(object).toJson(QJsonDocument::Compact));
}

void JsonWriterTest::writesNumbers()
{
    for (const qint64 number : {qint64(0), qint64(-1), qint64(1'795'960'991'402), std::numeric_limits<qint64>::min(),
                                std::numeric_limits<qint64>::max()}) {
        QByteArray out;
        JsonWriter(out).value(number);
        QCOMPARE(out, QByteArray::number(number));
    }
}

void JsonWriterTest::replacesWhatIsNoUtf8()
{
    QByteArray out;
    JsonWriter(out).value("a\xff\xc3\xa4"_ba);
    QCOMPARE(QString::fromUtf8(out), u"\"a\uFFFDä\""_s);
}

PULSEDECK_TEST(JsonWriterTest, runPlain)
#include "jsonwriter_test.moc"
