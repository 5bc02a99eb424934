// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisreply.h"
#include "tests/support/testprogram.h"

#include <QRandomGenerator>
#include <QTest>

using namespace pulsedeck;
using Result = RedisReader::Result;
using Type = RedisReply::Type;

namespace {

/// A reply as text, so that it can be compared: strings with their length, arrays in brackets.
QByteArray dump(const RedisReply &reply)
{
    switch (reply.type()) {
    case Type::Nil:
        return reply.isTooLarge() ? "large" : "nil";
    case Type::Integer:
        return QByteArray::number(reply.toInteger());
    case Type::String:
        return '"' + reply.bytes().toByteArray() + '"';
    case Type::Status:
        return '+' + reply.bytes().toByteArray();
    case Type::Error:
        return '-' + reply.bytes().toByteArray();
    case Type::Array:
        break;
    }
    QByteArray text = "[";
    for (int i = 0; i < reply.size(); ++i)
        text += (i > 0 ? " " : "") + dump(reply.at(i));
    return text + ']';
}

/// Everything the reader makes of pieces fed one after the other, ending in the error if there is one.
QByteArrayList readAll(RedisReader &reader, const QByteArrayList &pieces)
{
    QByteArrayList out;
    for (const QByteArray &piece : pieces) {
        reader.feed(piece);
        Result result;
        while ((result = reader.next()) == Result::Ready)
            out.append(dump(reader.reply()));
        if (result == Result::Broken) {
            out.append("broken");
            return out;
        }
    }
    return out;
}

QByteArray longString(qsizetype length)
{
    return '$' + QByteArray::number(length) + "\r\n" + QByteArray(length, 'x') + "\r\n";
}

const QByteArray sound = "+OK\r\n"
                         "-ERR no such key\r\n"
                         ":-42\r\n"
                         "$5\r\nhel\r\n\r\n"
                         "$0\r\n\r\n"
                         "$-1\r\n"
                         "*-1\r\n"
                         "*0\r\n"
                         "*3\r\n$1\r\na\r\n:7\r\n$-1\r\n"
                         "*2\r\n*2\r\n+x\r\n*1\r\n:1\r\n*3\r\n$2\r\nbb\r\n*0\r\n-E\r\n"
                         ":9223372036854775807\r\n"
                         "+\r\n";
const QByteArrayList soundDump{"+OK",
                               "-ERR no such key",
                               "-42",
                               "\"hel\r\n\"",
                               "\"\"",
                               "nil",
                               "nil",
                               "[]",
                               "[\"a\" 7 nil]",
                               "[[+x [1]] [\"bb\" [] -E]]",
                               "9223372036854775807",
                               "+"};

} // namespace

class RedisReaderTest : public QObject
{
    Q_OBJECT

private slots:
    void readsMergedReplies();
    void readsRepliesSplitAtEveryByte();
    void readsRepliesSplitIntoSingleBytes();
    void readsRepliesSplitAtRandom();
    void givesNilForWhatIsNotThere();
    void readsNumbers_data();
    void readsNumbers();
    void refusesMalformedBytes_data();
    void refusesMalformedBytes();
    void waitsForBytesThatNeverCome_data();
    void waitsForBytesThatNeverCome();
    void refusesWhatIsTooLarge_data();
    void refusesWhatIsTooLarge();
    void passesOverWhatIsTooLarge();
    void passesOverOnlyWhatItCan();
    void setsNothingAsideForPromises();
    void takesManyRepliesOfTheLargestSize();
    void staysBrokenUntilReset();
    void givesMemoryBackAfterAHugeReply();
    void survivesRandomBytes();
};

void RedisReaderTest::readsMergedReplies()
{
    RedisReader reader(1 << 20);
    QCOMPARE(readAll(reader, {sound}), soundDump);
    QCOMPARE(reader.next(), Result::NeedMore);
    QVERIFY(reader.error().isEmpty());
}

void RedisReaderTest::readsRepliesSplitAtEveryByte()
{
    for (qsizetype at = 0; at <= sound.size(); ++at) {
        RedisReader reader(1 << 20);
        QCOMPARE(readAll(reader, {sound.left(at), sound.mid(at)}), soundDump);
    }
}

void RedisReaderTest::readsRepliesSplitIntoSingleBytes()
{
    QByteArrayList pieces;
    for (const char c : sound)
        pieces.append(QByteArray(1, c));
    RedisReader reader(1 << 20);
    QCOMPARE(readAll(reader, pieces), soundDump);
}

void RedisReaderTest::readsRepliesSplitAtRandom()
{
    QRandomGenerator random(7);
    QByteArray many;
    QByteArrayList expected;
    for (int i = 0; i < 200; ++i) {
        many += sound;
        expected += soundDump;
    }
    for (int round = 0; round < 20; ++round) {
        QByteArrayList pieces;
        for (qsizetype at = 0; at < many.size();) {
            const qsizetype length = 1 + random.bounded(round % 2 == 0 ? 40 : 9'000);
            pieces.append(many.mid(at, length));
            at += length;
        }
        RedisReader reader(1 << 20);
        QCOMPARE(readAll(reader, pieces), expected);
    }
}

void RedisReaderTest::givesNilForWhatIsNotThere()
{
    const RedisReply none;
    QVERIFY(none.isNil());
    QVERIFY(none.bytes().isEmpty());
    QCOMPARE(none.size(), 0);
    QVERIFY(none.at(0).isNil());
    QCOMPARE(none.toInteger(5), 5);

    RedisReader reader(1 << 20);
    QVERIFY(reader.reply().isNil());
    reader.feed("*2\r\n:1\r\n$1\r\nx\r\n");
    QCOMPARE(reader.next(), Result::Ready);
    QVERIFY(reader.reply().at(-1).isNil());
    QVERIFY(reader.reply().at(2).isNil());
    QVERIFY(reader.reply().at(0).at(0).isNil());
    QVERIFY(reader.reply().at(0).bytes().isEmpty());
    QCOMPARE(reader.reply().at(1).size(), 0);
}

void RedisReaderTest::readsNumbers_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<qint64>("value");
    constexpr qint64 fallback = -7;
    QTest::newRow("integer") << QByteArray(":12\r\n") << qint64(12);
    QTest::newRow("string") << QByteArray("$2\r\n12\r\n") << qint64(12);
    QTest::newRow("negative") << QByteArray("$3\r\n-12\r\n") << qint64(-12);
    QTest::newRow("largest") << QByteArray("$19\r\n9223372036854775807\r\n") << std::numeric_limits<qint64>::max();
    QTest::newRow("smallest") << QByteArray("$20\r\n-9223372036854775808\r\n") << std::numeric_limits<qint64>::min();
    QTest::newRow("overflow") << QByteArray("$19\r\n9223372036854775808\r\n") << fallback;
    QTest::newRow("plus") << QByteArray("$3\r\n+12\r\n") << fallback;
    QTest::newRow("space") << QByteArray("$3\r\n 12\r\n") << fallback;
    QTest::newRow("trailing") << QByteArray("$3\r\n12x\r\n") << fallback;
    QTest::newRow("fraction") << QByteArray("$3\r\n1.5\r\n") << fallback;
    QTest::newRow("empty") << QByteArray("$0\r\n\r\n") << fallback;
    QTest::newRow("zero byte") << QByteArray("$2\r\n1\0\r\n", 8) << fallback;
    QTest::newRow("status") << QByteArray("+12\r\n") << fallback;
    QTest::newRow("nil") << QByteArray("$-1\r\n") << fallback;
    QTest::newRow("array") << QByteArray("*1\r\n:12\r\n") << fallback;
}

void RedisReaderTest::readsNumbers()
{
    QFETCH(QByteArray, bytes);
    RedisReader reader(1 << 20);
    reader.feed(bytes);
    QCOMPARE(reader.next(), Result::Ready);
    QTEST(reader.reply().toInteger(-7), "value");
}

void RedisReaderTest::refusesMalformedBytes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *name, const QByteArray &bytes) { QTest::newRow(name) << bytes; };
    row("text", "hello\r\n");
    row("HTTP", "HTTP/1.1 400 Bad Request\r\n");
    row("zero byte", QByteArray("\0\r\n", 3));
    row("line end", "\r\n");
    row("TLS alert", QByteArray("\x15\x03\x01\x00\x02\x02\x46", 7));
    row("number with letters", ":12a\r\n");
    row("number that is none", ":\r\n");
    row("number too large", ":99999999999999999999\r\n");
    row("length with letters", "$a\r\n");
    row("length without digits", "$\r\n");
    row("length below -1", "$-2\r\n");
    row("length too large", "$99999999999999999999\r\n");
    row("count with letters", "*a\r\n");
    row("count below -1", "*-2\r\n");
    row("count too large", "*99999999999999999999\r\n");
    row("count beyond an int", "*4294967297\r\n:1\r\n");
    row("string longer than it says", "$2\r\nabcd\r\n");
    row("string shorter than it says", "$4\r\nab\r\n+OK\r\n");
    row("nested garbage", "*2\r\n:1\r\n?\r\n");
    row("nested bad length", "*1\r\n$-9\r\nx\r\n");
    row("nesting too deep", QByteArray("*1\r\n").repeated(200) + ":1\r\n");
    row("RESP3 null", "_\r\n");
    row("RESP3 double", ",1.5\r\n");
    row("RESP3 boolean", "#t\r\n");
    row("RESP3 map", "%1\r\n+a\r\n+b\r\n");
    row("RESP3 set", "~1\r\n+a\r\n");
    row("RESP3 push", ">2\r\n+message\r\n+x\r\n");
    row("RESP3 big number", "(12345678901234567890\r\n");
    row("RESP3 verbatim", "=7\r\ntxt:abc\r\n");
    row("endless line", "+" + QByteArray(200'000, 'x'));
    row("endless header", "*" + QByteArray(200'000, '1'));
}

void RedisReaderTest::refusesMalformedBytes()
{
    QFETCH(QByteArray, bytes);
    RedisReader whole(1 << 20);
    QCOMPARE(readAll(whole, {"+before\r\n" + bytes}), QByteArrayList({"+before", "broken"}));
    QVERIFY(!whole.error().isEmpty());
    QVERIFY(whole.reply().isNil());

    // The same in small pieces; the end of the bytes may have to be there before it is seen.
    QByteArrayList pieces;
    for (qsizetype at = 0; at < bytes.size(); at += 3)
        pieces.append(bytes.mid(at, 3));
    RedisReader split(1 << 20);
    QCOMPARE(readAll(split, pieces), QByteArrayList({"broken"}));
    QVERIFY(!split.isOversize() || whole.isOversize());
}

void RedisReaderTest::waitsForBytesThatNeverCome_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("type") << QByteArray("$");
    QTest::newRow("half a line") << QByteArray("+O");
    QTest::newRow("carriage return") << QByteArray("+OK\r");
    QTest::newRow("half a string") << QByteArray("$5\r\nab");
    QTest::newRow("string without its end") << QByteArray("$2\r\nab\r");
    QTest::newRow("half an array") << QByteArray("*3\r\n:1\r\n:2\r\n");
    QTest::newRow("nested half") << QByteArray("*1\r\n*1\r\n*1\r\n");
}

void RedisReaderTest::waitsForBytesThatNeverCome()
{
    QFETCH(QByteArray, bytes);
    RedisReader reader(1 << 20);
    reader.feed(bytes);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(reader.next(), Result::NeedMore);
    QVERIFY(reader.reply().isNil());
    QVERIFY(reader.error().isEmpty());
}

void RedisReaderTest::refusesWhatIsTooLarge_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *name, const QByteArray &bytes) { QTest::newRow(name) << bytes; };
    row("header of a huge string", "$2000000000\r\n");
    row("header of a string beyond an int", "$9223372036854775807\r\n");
    row("header of a huge array", "*2000000000\r\n");
    row("nested header of a huge array", "*1\r\n*1\r\n*2000000000\r\n");
    row("many nested promises", QByteArray("*300\r\n").repeated(7));
    row("string over the bound", longString(20'000));
    row("many strings over the bound", "*40\r\n" + longString(500).repeated(40));
    row("many small elements", "*5000\r\n" + QByteArray(":1\r\n").repeated(5'000));
    row("unfinished string", "$90000\r\n" + QByteArray(16'000, 'x'));
}

void RedisReaderTest::refusesWhatIsTooLarge()
{
    QFETCH(QByteArray, bytes);
    constexpr qint64 bound = 8'192;
    RedisReader reader(bound);
    QCOMPARE(readAll(reader, {"+before\r\n" + bytes}), QByteArrayList({"+before", "broken"}));
    QVERIFY(reader.isOversize());
    QVERIFY2(reader.error().contains(QStringLiteral("8 KB")), qPrintable(reader.error()));
}

void RedisReaderTest::passesOverWhatIsTooLarge()
{
    const QByteArray bytes = "+before\r\n*4\r\n$1\r\na\r\n" + longString(3'000) + "*2\r\n" + longString(2'000) + ":7\r\n$-1\r\n"
                             + longString(5'000) + "+after\r\n";
    const QByteArrayList expected{"+before", "[\"a\" large [large 7] nil]", "large", "+after"};
    for (qsizetype at = 0; at <= bytes.size(); ++at) {
        RedisReader reader(8'192, 1'000);
        QCOMPARE(readAll(reader, {bytes.left(at), bytes.mid(at)}), expected);
        QCOMPARE(reader.next(), Result::NeedMore);
        QVERIFY(reader.error().isEmpty());
    }
    QByteArrayList single;
    for (const char c : bytes)
        single.append(QByteArray(1, c));
    RedisReader slow(8'192, 1'000);
    QCOMPARE(readAll(slow, single), expected);
    // Of many that together do not fit the first are kept and the others passed over.
    const QByteArrayList pieces{"*40\r\n" + longString(500).repeated(19), longString(500).repeated(21) + "+after\r\n"};
    RedisReader together(8'192, 1'000);
    QByteArrayList small;
    for (qsizetype at = 0; at < pieces.join().size(); at += 100)
        small.append(pieces.join().mid(at, 100));
    const QByteArrayList read = readAll(together, small);
    QCOMPARE(read.size(), 2);
    QVERIFY(read.first().contains("large") && read.first().contains('"'));
    QCOMPARE(read.last(), "+after");
    QVERIFY2(together.memory() < 20'000, qPrintable(QString::number(together.memory())));
}

void RedisReaderTest::passesOverOnlyWhatItCan()
{
    // The end of such a string is looked at, or what follows would be taken for something else.
    RedisReader reader(8'192, 1'000);
    QCOMPARE(readAll(reader, {"$3000\r\n", QByteArray(3'000, 'x'), "+OK\r\n"}), QByteArrayList({"large", "broken"}));
    QVERIFY(!reader.error().isEmpty());
    // No string of a Redis is so long, and promises of elements are bounded as ever.
    for (const QByteArray bytes : {"$2000000000\r\n", "*2000000000\r\n", "$9223372036854775807\r\n"}) {
        RedisReader other(8'192, 1'000);
        QCOMPARE(readAll(other, {bytes}), QByteArrayList({"broken"}));
        QVERIFY(other.isOversize());
    }
}

void RedisReaderTest::setsNothingAsideForPromises()
{
    // A hundred thousand times the header of a reply of two thousand million elements: done in an instant, because
    // nothing is set aside for them.
    for (int i = 0; i < 100'000; ++i) {
        static const QByteArrayView headers[] = {"*2000000000\r\n", "$2000000000\r\n"};
        RedisReader reader(8 << 20);
        reader.feed(headers[i % 2]);
        QCOMPARE(reader.next(), Result::Broken);
        QVERIFY(reader.isOversize());
    }
}

void RedisReaderTest::takesManyRepliesOfTheLargestSize()
{
    // The bound is for one reply, not for all of them.
    RedisReader reader(8'192);
    const QByteArray one = longString(8'000);
    for (int i = 0; i < 1'000; ++i) {
        reader.feed(one);
        QCOMPARE(reader.next(), Result::Ready);
        QCOMPARE(reader.reply().bytes().size(), 8'000);
    }
    reader.feed(one.repeated(50));
    for (int i = 0; i < 50; ++i)
        QCOMPARE(reader.next(), Result::Ready);
    QCOMPARE(reader.next(), Result::NeedMore);
}

void RedisReaderTest::staysBrokenUntilReset()
{
    RedisReader reader(1 << 20);
    reader.feed("?");
    QCOMPARE(reader.next(), Result::Broken);
    const QString error = reader.error();
    reader.feed("+OK\r\n");
    QCOMPARE(reader.next(), Result::Broken);
    QCOMPARE(reader.error(), error);
    reader.reset();
    QVERIFY(reader.error().isEmpty());
    reader.feed("+OK\r\n");
    QCOMPARE(reader.next(), Result::Ready);
    QCOMPARE(reader.reply().bytes(), "OK");
    reader.feed("*2\r\n:1\r\n");
    QCOMPARE(reader.next(), Result::NeedMore);
    reader.reset();
    reader.feed("+new\r\n");
    QCOMPARE(reader.next(), Result::Ready);
    QCOMPARE(reader.reply().bytes(), "new");
}

void RedisReaderTest::givesMemoryBackAfterAHugeReply()
{
    RedisReader reader(64 << 20);
    reader.feed(longString(32 << 20));
    QCOMPARE(reader.next(), Result::Ready);
    QCOMPARE(reader.reply().bytes().size(), 32 << 20);
    QVERIFY(reader.memory() > (32 << 20));
    for (int i = 0; i < 2; ++i) {
        reader.feed("+OK\r\n");
        QCOMPARE(reader.next(), Result::Ready);
    }
    QVERIFY2(reader.memory() < (1 << 20), qPrintable(QString::number(reader.memory())));
    QByteArray wrong = longString(32 << 20);
    wrong.replace(wrong.size() - 2, 2, "?!");
    reader.feed(wrong);
    QCOMPARE(reader.next(), Result::Broken);
    QVERIFY2(reader.memory() < (1 << 20), qPrintable(QString::number(reader.memory())));
}

void RedisReaderTest::survivesRandomBytes()
{
    // Not random letters only: pieces of the protocol put together wrongly reach further.
    static const QByteArrayView pieces[] = {"*",      "$",       ":",      "+", "-",  "\r\n",  "\r",     "\n",
                                            "0",      "1",       "2",      "3", "-1", "9999",  "*2\r\n", "$3\r\nabc\r\n",
                                            ":5\r\n", "$-1\r\n", "*0\r\n", "x", "%",  "_\r\n", "\0"};
    QRandomGenerator random(20240607);
    int whole = 0;
    for (int round = 0; round < 20'000; ++round) {
        RedisReader reader(4'096);
        for (int i = 0; i < 30; ++i) {
            reader.feed(pieces[random.bounded(int(std::size(pieces)))]);
            Result result;
            while ((result = reader.next()) == Result::Ready) {
                ++whole;
                dump(reader.reply());
            }
            if (result == Result::Broken) {
                QVERIFY(!reader.error().isEmpty());
                break;
            }
        }
    }
    QVERIFY(whole > 1'000);
}

PULSEDECK_TEST(RedisReaderTest, runWithEvents)
#include "redisreader_test.moc"
