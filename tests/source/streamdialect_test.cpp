// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/dialectregistry.h"
#include "app/redis/fleetdialect.h"
#include "app/redis/streamreader.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layoutreader.h"
#include "models/layouts/layouttraits.h"
#include "models/layouts/layoutwrite.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/testprogram.h"

#include <QTest>
#include <QUuid>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

/// A consumer as programs are written: it waits for an entry on a connection of its own, and then for the next one.
class RealConsumer final : public QObject
{
public:
    RealConsumer(const RedisUrl &url, const QByteArray &stream, const QByteArray &group, const QByteArray &name)
        : m_stream(stream)
        , m_group(group)
        , m_name(name)
        , m_connection(url)
    {
        connect(&m_connection, &RedisConnection::stateChanged, this, [this](RedisConnection::State state) {
            if (state == RedisConnection::State::Ready)
                next();
        });
        m_connection.open();
    }
    ~RealConsumer() override { m_connection.disconnect(this); }

    QByteArrayList entries; ///< That it was given.
    QByteArray refused; ///< What Redis said when it could not wait any more.
    bool acknowledges = false;

private:
    void next()
    {
        m_connection.request({"XREADGROUP", "GROUP", m_group, m_name, "COUNT", "1", "BLOCK", "2000", "STREAMS", m_stream, ">"},
                             [this](const RedisAnswer &answer) {
                                 if (answer.outcome == RedisAnswer::Outcome::Error)
                                     refused = answer.text().toUtf8();
                                 if (!answer.ok())
                                     return;
                                 const RedisReply entry = answer.reply.at(0).at(1).at(0);
                                 if (entry.isArray()) {
                                     entries.append(entry.at(0).bytes().toByteArray());
                                     if (acknowledges)
                                         m_connection.request({"XACK", m_stream, m_group, entries.last()}, {});
                                 }
                                 next();
                             });
    }

    const QByteArray m_stream;
    const QByteArray m_group;
    const QByteArray m_name;
    RedisConnection m_connection;
};

Layout streamLayout()
{
    LayoutReading reading = LayoutReader::readFile(QStringLiteral(PULSEDECK_LAYOUTS "/streams.json"));
    for (const LayoutProblem &problem : reading.problems)
        qWarning("%s", qPrintable(problem.toString()));
    Layout layout = reading.layout.value_or(Layout());
    // Nothing here takes as long as it does in earnest.
    layout.sweepMs = 100;
    layout.liveness.idle = {5'000, 1'000, 3'000};
    layout.liveness.busy = {0, 1'500, 3'000};
    return layout;
}

} // namespace

/// Consumers of stream groups in a real Redis, some of them real ones that wait there.
class StreamDialectTest : public QObject
{
    Q_OBJECT

    static void modes()
    {
        QTest::addColumn<bool>("push");
        QTest::newRow("push") << true;
        QTest::newRow("sweep") << false;
    }

    static bool begin(SourceWatch &watch, const Layout &layout = streamLayout(), const QByteArray &prefix = "")
    {
        watch.options.dialects.clear();
        watch.options.dialects.push_back(
            [layout, prefix](RedisSession &session) { return makeDialect(session, layout, prefix); });
        return !layout.isNull();
    }

    static bool isSeen(SourceWatch &watch)
    {
        watch.watch();
        return QTest::qWaitFor([&] { return watch.isWatching(); }, 20'000);
    }

    static QueueSample queue(const SourceWatch &watch, const QByteArray &name)
    {
        for (const auto &[key, queue] : watch.store.queues().all()) {
            if (key.name == name)
                return queue.latest;
        }
        return {};
    }

    static bool hasQueue(const SourceWatch &watch, const QByteArray &name) { return queue(watch, name).readAt > 0; }

    static bool isUnheard(const SourceWatch &watch, const QByteArray &id)
    {
        return watch.worker(id).flags.testFlag(WorkerFlag::Unheard);
    }

    static bool saysLimit(const SourceWatch &watch, const QString &part)
    {
        return std::any_of(watch.status.limits.begin(), watch.status.limits.end(),
                           [&part](const QString &limit) { return limit.contains(part); });
    }

    /// Gives \a name one entry of the stream, as XREADGROUP does.
    static QByteArray give(SourceWatch &watch, const QByteArray &stream, const QByteArray &group, const QByteArray &name)
    {
        const QByteArray id = watch.run({"XADD", stream, "*", "job", "{}"}).text;
        watch.run({"XREADGROUP", "GROUP", group, name, "STREAMS", stream, ">"});
        return id;
    }

    static CommandProgress reap(SourceWatch &watch, const QByteArray &worker)
    {
        CommandProgress answer;
        bool there = false;
        QObject context;
        QObject::connect(watch.source.get(), &FleetSource::commandsProgressed, &context,
                         [&](const QList<CommandProgress> &progress) {
                             for (const CommandProgress &one : progress) {
                                 answer = one;
                                 there = true;
                             }
                         });
        watch.source->setWritable(true);
        Command command;
        command.id = QUuid::createUuid();
        command.group = QUuid::createUuid();
        command.act = Act::Reap;
        command.source = 1;
        command.worker = worker;
        watch.source->carryOut({command});
        if (!QTest::qWaitFor([&] { return there; }, 20'000))
            qWarning("no answer");
        return answer;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void aConsumerWaitsWorksAndIsSilent_data() { modes(); }
    void aConsumerWaitsWorksAndIsSilent()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        QVERIFY(begin(watch));
        QVERIFY(watch.startServer());
        watch.run({"XGROUP", "CREATE", "stream:orders", "workers", "$", "MKSTREAM"});
        RealConsumer steady(watch.server.url(), "stream:orders", "workers", "steady");
        QVERIFY(isSeen(watch));
        const QByteArray id = "stream:orders/workers/steady";
        TRY_TRUE(hasQueue(watch, "stream:orders"));
        QCOMPARE(queue(watch, "stream:orders").waiting, 0);
        // It is given an entry and works on it.
        watch.run({"XADD", "stream:orders", "*", "job", "{}"});
        TRY_EQUAL(steady.entries.size(), 1);
        TRY_TRUE(watch.knows(id));
        const Worker first = watch.worker(id);
        QCOMPARE(watch.liveness(id), u"alive"_s);
        QCOMPARE(first.activeSessions, 1);
        QCOMPARE(watch.store.typeName(first.type), u"workers"_s);
        QCOMPARE(first.traits->layout, u"streams"_s);
        QCOMPARE(ageBasisName(first), u"calls"_s);
        QVERIFY(first.isAgeProven());
        QCOMPARE(watch.store.facts(watch.handle(id))->queues, QStringList{u"stream:orders"_s});
        QCOMPARE(watch.store.facts(watch.handle(id))->label, u"steady"_s);
        TRY_EQUAL(queue(watch, "stream:orders").atWork, 1);
        // It does not acknowledge, as it hangs: that is late, and later stale.
        TRY_EQUAL(watch.liveness(id), u"late"_s);
        TRY_EQUAL(watch.liveness(id), u"stale"_s);
        QVERIFY(!isUnheard(watch, id));
        // It has nothing to do any more. Redis 7.0 does not know that it waits; nobody calls it lost.
        watch.run({"XACK", "stream:orders", "workers", steady.entries.first()});
        TRY_TRUE(watch.worker(id).activeSessions == 0);
        const bool callsAreSeen =
            watch.run({"XINFO", "CONSUMERS", "stream:orders", "workers"}).elements.at(0).elements.size() > 6;
        if (!callsAreSeen)
            TRY_EQUAL(watch.liveness(id), u"unknown"_s);
        QCOMPARE(isUnheard(watch, id), !callsAreSeen);
        QVERIFY(!needsAttention(watch.worker(id)) || callsAreSeen);
        // With the next entry it is heard again.
        const quint32 beats = watch.worker(id).beatCount;
        steady.acknowledges = true;
        watch.run({"XADD", "stream:orders", "*", "job", "{}"});
        TRY_EQUAL(watch.liveness(id), u"alive"_s);
        QVERIFY(!isUnheard(watch, id));
        TRY_TRUE(watch.worker(id).beatCount > beats);
        TRY_EQUAL(watch.worker(id).activeSessions, 0);
        // Deleted, it has left; and as it still waits, its next entry brings it back under its name.
        watch.run({"XGROUP", "DELCONSUMER", "stream:orders", "workers", "steady"});
        TRY_EQUAL(watch.worker(id).end, WorkerEnd::Left);
        watch.run({"XADD", "stream:orders", "*", "job", "{}"});
        TRY_TRUE(watch.worker(id).endedAt == 0 && watch.liveness(id) == u"alive"_s);
        QVERIFY(watch.worker(id).flags.testFlag(WorkerFlag::Returned));
    }

    /// Entries wait, and it is given none: whoever read would have been.
    void aConsumerThatDoesNotRead()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        QVERIFY(watch.startServer());
        watch.run({"XGROUP", "CREATE", "s", "g", "0", "MKSTREAM"});
        watch.run({"XACK", "s", "g", give(watch, "s", "g", "gone")});
        QVERIFY(isSeen(watch));
        TRY_TRUE(isUnheard(watch, "s/g/gone"));
        watch.run({"XADD", "s", "*", "job", "{}"});
        TRY_EQUAL(watch.liveness("s/g/gone"), u"stale"_s);
        QVERIFY(!isUnheard(watch, "s/g/gone"));
        QVERIFY(needsAttention(watch.worker("s/g/gone")));
        // Another one reads, though not fast enough: that this one is given nothing says nothing of it any more.
        watch.run({"XADD", "s", "*", "job", "{}"});
        watch.run({"XREADGROUP", "GROUP", "g", "reads", "COUNT", "1", "STREAMS", "s", ">"});
        TRY_TRUE(isUnheard(watch, "s/g/gone"));
        TRY_EQUAL(queue(watch, "s").waiting, 1);
        give(watch, "s", "g", "reads");
        TRY_TRUE(isUnheard(watch, "s/g/gone"));
        QCOMPARE(reap(watch, "s/g/gone").outcome, CommandProgress::Outcome::Done);
    }

    void whatIsDeletedHasLeft_data() { modes(); }
    void whatIsDeletedHasLeft()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        QVERIFY(begin(watch));
        QVERIFY(watch.startServer());
        for (const char *stream : {"s:deleted", "s:group", "s:other", "s:kept"}) {
            watch.run({"XGROUP", "CREATE", stream, "g", "0", "MKSTREAM"});
            give(watch, stream, "g", "c");
        }
        watch.run({"XGROUP", "CREATE", "s:kept", "h", "0"});
        give(watch, "s:kept", "h", "c");
        RealConsumer waiting(watch.server.url(), "s:deleted", "g", "waits");
        QVERIFY(isSeen(watch));
        QCOMPARE(watch.store.figures().total, 5);
        QVERIFY2(watch.knows("s:kept/h/c") && watch.knows("s:kept/g/c"), "one name in two groups is two workers");
        watch.run({"DEL", "s:deleted"});
        watch.run({"XGROUP", "DESTROY", "s:group", "g"});
        watch.run({"DEL", "s:other"});
        watch.run({"SET", "s:other", "a text"});
        watch.run({"XGROUP", "DESTROY", "s:kept", "g"});
        for (const char *id : {"s:deleted/g/c", "s:group/g/c", "s:other/g/c", "s:kept/g/c"})
            TRY_EQUAL(watch.worker(id).end, WorkerEnd::Left);
        TRY_TRUE(!hasQueue(watch, "s:deleted") && !hasQueue(watch, "s:group") && !hasQueue(watch, "s:other"));
        QVERIFY(hasQueue(watch, "s:kept"));
        QCOMPARE(watch.worker("s:kept/h/c").endedAt, 0);
        QVERIFY2(watch.status.limits.isEmpty(), qPrintable(watch.status.limits.join(u' ')));
        TRY_TRUE(!waiting.refused.isEmpty());
        // A stream that comes later is found.
        watch.run({"XGROUP", "CREATE", "s:late", "g", "0", "MKSTREAM"});
        give(watch, "s:late", "g", "c");
        TRY_TRUE(watch.knows("s:late/g/c"));
    }

    void afterAFlush_data() { modes(); }
    void afterAFlush()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        QVERIFY(begin(watch));
        QVERIFY(watch.startServer());
        const auto make = [&watch](const QByteArray &name) {
            watch.run({"XGROUP", "CREATE", "s", "g", "0", "MKSTREAM"});
            give(watch, "s", "g", name);
        };
        make("back");
        make("lost");
        QVERIFY(isSeen(watch));
        QVERIFY(watch.knows("s/g/back") && watch.knows("s/g/lost"));
        watch.run({"FLUSHALL"});
        if (push)
            TRY_TRUE(watch.status.forgotten);
        else
            TRY_EQUAL(watch.worker("s/g/back").end, WorkerEnd::Left);
        make("back");
        TRY_TRUE(watch.knows("s/g/back") && watch.worker("s/g/back").endedAt == 0);
        TRY_EQUAL(watch.worker("s/g/lost").end, push ? WorkerEnd::Unseen : WorkerEnd::Left);
        TRY_TRUE(!watch.status.forgotten);
        // The connection is lost, and what was deleted meanwhile is not there any more.
        watch.run({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
        watch.run({"XGROUP", "DELCONSUMER", "s", "g", "back"});
        TRY_TRUE(watch.worker("s/g/back").endedAt > 0);
    }

    /// Any client chooses the names of streams, groups and consumers.
    void hostileNames()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        QVERIFY(watch.startServer());
        struct Name
        {
            QByteArray stream, group, consumer, id;
        };
        const std::vector<Name> names{
            {"a", "b/c", "d", "a/b%2Fc/d"},
            {"a/b", "c", "d", "a%2Fb/c/d"},
            {"100%", "g%2Fh", "c", "100%25/g%252Fh/c"},
            {"s", "g", QByteArray("\xff\xfe\0x", 4), "s/g/%FF%FE%00x"},
            {"line\nbreak", "g", "esc\x1b[31m", "line%0Abreak/g/esc%1B[31m"},
            {"größe", "g", "c, d", "größe/g/c, d"},
        };
        for (const Name &name : names) {
            watch.run({"XGROUP", "CREATE", name.stream, name.group, "0", "MKSTREAM"});
            give(watch, name.stream, name.group, name.consumer);
        }
        watch.run({"XGROUP", "CREATE", "s", QByteArray(2'000, 'g'), "0"});
        give(watch, "s", QByteArray(2'000, 'g'), "c");
        watch.run({"XGROUP", "CREATE", "s", "", "0"});
        give(watch, "s", "", "nameless group");
        watch.run({"XGROUP", "CREATECONSUMER", "s", "g", ""});
        QVERIFY(isSeen(watch));
        const Layout layout = streamLayout();
        for (const Name &name : names) {
            QVERIFY2(watch.knows(name.id), name.id.constData());
            const LayoutVariables back = idVariables(layout.idPattern, name.id, true);
            QCOMPARE(back.value("stream"), name.stream);
            QCOMPARE(back.value("group"), name.group);
            QCOMPARE(back.value("consumer"), name.consumer);
            const QStringList queues = watch.store.facts(watch.handle(name.id))->queues;
            QCOMPARE(queues.size(), 1);
        }
        QCOMPARE(watch.store.figures().total, int(names.size()));
        TRY_TRUE(saysLimit(watch, u"3 consumer"_s));
        // Each is deleted by its own name and no other.
        for (const Name &name : names)
            watch.run({"XACK", name.stream, name.group,
                       watch.run({"XPENDING", name.stream, name.group, "-", "+", "1"}).elements.at(0).elements.at(0).text});
        for (const Name &name : names) {
            const CommandProgress answer = reap(watch, name.id);
            QVERIFY2(answer.outcome == CommandProgress::Outcome::Done, qPrintable(answer.text));
            TRY_EQUAL(watch.worker(name.id).end, WorkerEnd::Left);
        }
        QCOMPARE(watch.run({"XINFO", "CONSUMERS", "s", QByteArray(2'000, 'g')}).elements.size(), size_t(1));
    }

    void whatWaitsMayBeUnknown()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        QVERIFY(watch.startServer());
        watch.run({"XGROUP", "CREATE", "known", "g", "0", "MKSTREAM"});
        watch.run({"XGROUP", "CREATE", "known", "h", "0"});
        QByteArrayList entries;
        for (int i = 0; i < 5; ++i) {
            watch.run({"XADD", "known", "*", "job", "{}"});
            entries.append(watch.run({"XADD", "unknown", "*", "job", "{}"}).text);
        }
        watch.run({"XREADGROUP", "GROUP", "h", "c", "COUNT", "2", "STREAMS", "known", ">"});
        watch.run({"XGROUP", "CREATE", "unknown", "g", "0"});
        watch.run({"XDEL", "unknown", entries.at(2)});
        watch.run({"XGROUP", "SETID", "unknown", "g", entries.at(1)});
        watch.run({"XADD", "nobody", "*", "job", "{}"});
        QVERIFY(isSeen(watch));
        TRY_TRUE(hasQueue(watch, "known") && hasQueue(watch, "unknown"));
        QCOMPARE(queue(watch, "known").waiting, 5 + 3); // Each of two groups has to be given all.
        QCOMPARE(queue(watch, "known").atWork, 2);
        QCOMPARE(queue(watch, "unknown").waiting, -1);
        QVERIFY2(!hasQueue(watch, "nobody"), "without a group it is no queue");
        QVERIFY(!queue(watch, "known").pausable);
    }

    void aConsumerIsDeletedOnlyWithoutEntries()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        QVERIFY(watch.startServer());
        watch.run({"XGROUP", "CREATE", "s", "g", "0", "MKSTREAM"});
        const QByteArray entry = give(watch, "s", "g", "c");
        QVERIFY(isSeen(watch));
        const CommandProgress refused = reap(watch, "s/g/c");
        QCOMPARE(refused.outcome, CommandProgress::Outcome::Refused);
        QCOMPARE(refused.text, u"It has entries that are not acknowledged, and they would be lost."_s);
        QCOMPARE(watch.run({"XPENDING", "s", "g"}).elements.at(0).integer, 1);
        watch.run({"XACK", "s", "g", entry});
        QCOMPARE(reap(watch, "s/g/c").outcome, CommandProgress::Outcome::Done);
        TRY_EQUAL(watch.worker("s/g/c").end, WorkerEnd::Left);
        QVERIFY(watch.run({"XINFO", "CONSUMERS", "s", "g"}).elements.empty());
        // Its group is gone when the command comes.
        give(watch, "s", "g", "d");
        TRY_TRUE(watch.knows("s/g/d"));
        watch.run({"DEL", "s"});
        const CommandProgress gone = reap(watch, "s/g/d");
        QCOMPARE(gone.outcome, CommandProgress::Outcome::Refused);
        QCOMPARE(gone.refusal, Refusal::KeyGone);
    }

    void refusalsAreSaid()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        QVERIFY(watch.startServer());
        watch.run({"XGROUP", "CREATE", "s:a", "g", "0", "MKSTREAM"});
        give(watch, "s:a", "g", "c");
        watch.run({"XGROUP", "CREATE", "t:b", "g", "0", "MKSTREAM"});
        give(watch, "t:b", "g", "c");
        watch.run({"ACL", "SETUSER", "default", "resetkeys", "%R~s:*", "~worker:*", "~cluster:*", "~fleet:*"});
        QVERIFY(isSeen(watch));
        TRY_TRUE(watch.knows("s:a/g/c"));
        QVERIFY(!watch.knows("t:b/g/c"));
        TRY_TRUE(saysLimit(watch, u"because XINFO is refused"_s));
        QVERIFY(watch.status.isPartial());
        // The right is given, and taken away again: who was known is not called gone.
        watch.run({"ACL", "SETUSER", "default", "~*"});
        TRY_TRUE(watch.knows("t:b/g/c") && watch.status.limits.isEmpty());
        watch.run({"ACL", "SETUSER", "default", "-xinfo"});
        TRY_TRUE(saysLimit(watch, u"because XINFO is refused"_s));
        QCOMPARE(watch.worker("t:b/g/c").endedAt, 0);
        watch.run({"ACL", "SETUSER", "default", "+xinfo", "-scan"});
        TRY_TRUE(saysLimit(watch, u"Streams cannot be looked for"_s));
        QCOMPARE(watch.worker("t:b/g/c").endedAt, 0);
    }

    void namesThatPileUpAreBounded()
    {
        SourceWatch watch;
        QVERIFY(begin(watch));
        QVERIFY(watch.startServer());
        watch.run({"XGROUP", "CREATE", "s:few", "g", "0", "MKSTREAM"});
        give(watch, "s:few", "g", "c");
        watch.run({"XGROUP", "CREATE", "s:many", "g", "0", "MKSTREAM"});
        const QByteArray count = QByteArray::number(StreamReader::mostConsumers + 1);
        const RedisValue made = watch.run({"EVAL",
                                           "for i = 1, tonumber(ARGV[1]) do redis.call('XGROUP', 'CREATECONSUMER', KEYS[1], 'g', "
                                           "'run-' .. i) end return 1",
                                           "1", "s:many", count});
        QVERIFY2(made.ok(), made.text.constData());
        QVERIFY(isSeen(watch));
        TRY_TRUE(watch.knows("s:few/g/c"));
        TRY_TRUE(saysLimit(watch, u"The group g of s:many has "_s));
        QCOMPARE(watch.store.figures().total, 1);
        // One less, and all of them are shown.
        watch.run({"XGROUP", "DELCONSUMER", "s:many", "g", "run-1"});
        TRY_EQUAL(watch.store.figures().total, StreamReader::mostConsumers + 1);
        TRY_TRUE(watch.status.limits.isEmpty());
    }

    void otherIdsOfALayoutOfOnesOwn()
    {
        SourceWatch watch;
        const LayoutReading reading = LayoutReader::read(R"({"layout": "own", "schema": 1, "title": "Own", "prefix": "jobs:",
            "detect": [{"scan": "{prefix}*", "type": "stream"}],
            "discover": [{"kind": "stream", "key": "{prefix}*", "memberIs": "{stream}|{group}|{member}"}],
            "idPattern": "^(?<stream>[^|]+)[|](?<group>[^|]+)[|](?<consumer>(?<host>[^|]+)-(?<pid>[0-9]+))$",
            "record": {"type": "none", "fields": {"busy": "@pending"}},
            "identity": {"host": "$host", "pid": "$pid"},
            "status": [{"if": {"busy": "0"}, "is": "available"}, {"else": "busy", "word": "at it"}],
            "liveness": {"by": "score", "idle": {"interval": 1, "lateAfter": 2}},
            "watch": "sweep", "sweepEvery": 1})",
                                                         u"own.json"_s);
        for (const LayoutProblem &problem : reading.problems)
            qWarning("%s", qPrintable(problem.toString()));
        QVERIFY(reading.layout);
        QVERIFY(begin(watch, *reading.layout, "jobs:"));
        QVERIFY(watch.startServer());
        for (const char *stream : {"jobs:mail", "other:mail"})
            watch.run({"XGROUP", "CREATE", stream, "g|h", "0", "MKSTREAM"});
        give(watch, "jobs:mail", "g|h", "web-1-77");
        give(watch, "other:mail", "g|h", "web-2-78");
        QVERIFY(isSeen(watch));
        const QByteArray id = "jobs:mail|g%7Ch|web-1-77";
        TRY_TRUE(watch.knows(id));
        QCOMPARE(watch.store.figures().total, 1);
        QCOMPARE(watch.worker(id).host, "web-1");
        QCOMPARE(watch.worker(id).pid, 77);
        QCOMPARE(watch.worker(id).status, WorkerStatus::Busy);
        QCOMPARE(watch.store.typeName(watch.worker(id).type), u"Own"_s);
        QVERIFY2(watch.store.queues().all().empty(), "the layout names none");
    }

    /// Workers that are found otherwise, and a stream as their queue: what waits is not its length.
    void aStreamIsTheQueueOfOthers()
    {
        SourceWatch watch;
        const LayoutReading reading = LayoutReader::read(R"({"layout": "own", "schema": 1, "title": "Own", "prefix": "my:",
            "detect": [{"exists": "{prefix}queues", "type": "set"}],
            "discover": [{"kind": "scan", "key": "{prefix}w:*", "type": "hash"}],
            "record": {"key": "{prefix}w:{id}", "type": "hash", "fields": {"busy": "n"}},
            "liveness": {"by": "ttl", "interval": [1]},
            "queues": {"kind": "set", "key": "{prefix}queues", "depth": [{"lag": "{prefix}q:{queue}"}]},
            "watch": "prefix", "watched": ["{prefix}"]})",
                                                         u"own.json"_s);
        QVERIFY(reading.layout);
        QVERIFY(begin(watch, *reading.layout, "my:"));
        QVERIFY(watch.startServer());
        watch.run({"SADD", "my:queues", "mail", "none"});
        for (int i = 0; i < 5; ++i)
            watch.run({"XADD", "my:q:mail", "*", "job", "{}"});
        watch.run({"XGROUP", "CREATE", "my:q:mail", "g", "0"});
        watch.run({"XREADGROUP", "GROUP", "g", "c", "COUNT", "3", "STREAMS", "my:q:mail", ">"});
        QVERIFY(isSeen(watch));
        TRY_EQUAL(queue(watch, "mail").waiting, 2);
        TRY_TRUE(hasQueue(watch, "none"));
        QCOMPARE(queue(watch, "none").waiting, -1);
    }

    /// Found as any system is; a stream that has no group shows nothing.
    void streamsAreDetected()
    {
        SourceWatch watch;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer());
        for (int i = 0; i < 50; ++i)
            watch.run({"SET", "some:" + QByteArray::number(i), "text"});
        watch.run({"XADD", "log", "*", "line", "x"});
        watch.registerWorker("chromium:a");
        QVERIFY(isSeen(watch));
        QCOMPARE(watch.status.systems.size(), 1);
        watch.run({"XGROUP", "CREATE", "stream:orders", "workers", "0", "MKSTREAM"});
        give(watch, "stream:orders", "workers", "c");
        watch.source->lookForSystems();
        TRY_TRUE(watch.knows("stream:orders/workers/c"));
        QVERIFY(watch.knows("chromium:a"));
        QCOMPARE(watch.status.systems.size(), 2);
        TRY_TRUE(hasQueue(watch, "stream:orders"));
        QVERIFY(!hasQueue(watch, "log"));
    }
};

PULSEDECK_TEST(StreamDialectTest, runWithEvents)

#include "streamdialect_test.moc"
