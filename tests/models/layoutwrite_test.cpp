// SPDX-License-Identifier: GPL-3.0-or-later
// The words that commands of layouts write, as they are shown.
#include "models/commands/commandwords.h"
#include "models/layouts/layoutwrite.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class LayoutWriteTest : public QObject
{
    Q_OBJECT

    static Layout signalLayout()
    {
        Layout layout;
        layout.name = u"signals"_s;
        layout.idPattern = QRegularExpression(u"^(?<host>.+):(?<pid>[0-9]+)$"_s);
        layout.record.key = LayoutText("{prefix}{id}");
        LayoutOp push;
        push.kind = LayoutOp::Kind::LPush;
        push.key = LayoutText("{key}-signals");
        push.value = LayoutText("TSTP {host} {now-s}");
        push.expireS = 60;
        LayoutOp pause;
        pause.key = LayoutText("{prefix}{queue}:paused");
        pause.value = LayoutText("1");
        pause.onlyNew = true;
        LayoutCommand drain;
        drain.ops = {push};
        LayoutCommand stop;
        stop.act = Act::PauseQueue;
        stop.scope = ActScope::Queue;
        stop.ops = {pause};
        layout.commands = {drain, stop};
        return layout;
    }

private slots:
    void aWordIsShownAsItIsTyped_data()
    {
        QTest::addColumn<QByteArray>("word");
        QTest::addColumn<QString>("shown");
        QTest::newRow("plain") << "a:1-signals"_ba << u"a:1-signals"_s;
        QTest::newRow("empty") << ""_ba << u"''"_s;
        QTest::newRow("JSON") << "{\"command\": \"shutdown\"}"_ba << u"'{\"command\": \"shutdown\"}'"_s;
        QTest::newRow("quote") << "it's"_ba << u"\"it's\""_s;
        QTest::newRow("bytes") << "a\xff\n\"\\"_ba << u"\"a\\xff\\x0a\\\"\\\\\""_s;
    }
    void aWordIsShownAsItIsTyped()
    {
        QFETCH(QByteArray, word);
        QTEST(quotedWord(word), "shown");
    }

    void traitsTellWhatIsWritten()
    {
        SourceTraits traits;
        QVERIFY(!traits.hasOwnActs());
        QVERIFY(commandBytes(traits, Act::Drain, "w:1").isEmpty());
        describeWrites(traits, signalLayout(), "app:");
        QVERIFY(traits.hasOwnActs());
        QCOMPARE(traits.of(Act::Drain).lastsMs, 60'000);
        QCOMPARE(commandBytes(traits, Act::Drain, "web 1:17"),
                 QStringList({u"LPUSH 'app:web 1:17-signals' 'TSTP web 1 {now-s}'"_s, u"EXPIRE 'app:web 1:17-signals' 60"_s}));
        QCOMPARE(commandBytes(traits, Act::PauseQueue, {}, "{id}"), QStringList({u"SET app:{id}:paused 1 NX"_s}));
    }

    /// As it is sent: once for each queue that is known, and not at all where none is.
    void whatIsWrittenForEachQueueIsShownForEach()
    {
        LayoutOp ofQueue;
        ofQueue.kind = LayoutOp::Kind::SRem;
        ofQueue.key = LayoutText("{prefix}workers:{queue}");
        ofQueue.value = LayoutText("{prefix}worker:{id}");
        LayoutOp ofAll = ofQueue;
        ofAll.key = LayoutText("{prefix}workers");
        Layout layout;
        layout.prefix = "rq:";
        layout.reap.emplace();
        layout.reap->ops = {ofQueue, ofAll};
        SourceTraits traits;
        describeWrites(traits, layout, "rq:");
        QCOMPARE(commandBytes(traits, Act::Reap, "w1", {}, {u"default"_s, u"{id} low"_s}),
                 QStringList({u"SREM rq:workers:default rq:worker:w1"_s, u"SREM 'rq:workers:{id} low' rq:worker:w1"_s,
                              u"SREM rq:workers rq:worker:w1"_s}));
        QCOMPARE(commandBytes(traits, Act::Reap, "w1"), QStringList({u"SREM rq:workers rq:worker:w1"_s}));
    }

    void namesInAnIdAreEscaped_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("escaped");
        QTest::newRow("plain") << QByteArray("stream:orders") << QByteArray("stream:orders");
        QTest::newRow("separator") << QByteArray("a/b") << QByteArray("a%2Fb");
        QTest::newRow("percent") << QByteArray("50%2F") << QByteArray("50%252F");
        QTest::newRow("control") << QByteArray("a\n\x7f\0b", 5) << QByteArray("a%0A%7F%00b");
        QTest::newRow("utf-8") << QByteArray("größe") << QByteArray("größe");
        QTest::newRow("no utf-8") << QByteArray("\xff-\xc3\xb6") << QByteArray("%FF-%C3%B6");
        QTest::newRow("empty") << QByteArray() << QByteArray();
    }
    void namesInAnIdAreEscaped()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, escaped);
        QCOMPARE(escapedName(name, "/"), escaped);
        const QRegularExpression pattern(u"^(?<one>[^/]*)/(?<two>.*)$"_s);
        const LayoutVariables back = idVariables(pattern, escaped + '/' + escaped, true);
        QCOMPARE(back.value("one"), name);
        QCOMPARE(back.value("two"), name);
        QCOMPARE(idVariables(pattern, escaped + '/' + escaped).value("two"), escaped);
        // What is shown before a command is what it writes.
        SourceTraits traits;
        Layout layout;
        layout.discover.resize(1);
        layout.discover.front().kind = LayoutDiscovery::Kind::Stream;
        layout.idPattern = pattern;
        layout.reap.emplace();
        layout.reap->ops.resize(1);
        layout.reap->ops.front().kind = LayoutOp::Kind::XGroupDelConsumer;
        layout.reap->ops.front().key = LayoutText("{one}");
        layout.reap->ops.front().field = LayoutText("g");
        layout.reap->ops.front().value = LayoutText("{two}");
        describeWrites(traits, layout, {});
        QCOMPARE(commandBytes(traits, Act::Reap, escaped + '/' + escaped),
                 QStringList(QString(u"XGROUP DELCONSUMER "_s + quotedWord(name) + u" g "_s + quotedWord(name))));
    }

    void anActIsCalledAsItsSystemCallsIt()
    {
        SourceTraits traits;
        QCOMPARE(traits.actLabel(Act::Shutdown), u"Shut down"_s);
        traits.acts[size_t(Act::Drain)].name = u"Quiet"_s;
        traits.acts[size_t(Act::Shutdown)].name = u"Shut down"_s;
        QCOMPARE(traits.actLabel(Act::Drain), u"Quiet (drain)"_s);
        QCOMPARE(traits.actLabel(Act::Shutdown), u"Shut down"_s);
    }
};

PULSEDECK_TEST(LayoutWriteTest, runWithEvents)
#include "layoutwrite_test.moc"
