// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/layoutdialect.h"
#include "app/redis/listedclient.h"
#include "models/fleet/queuefacts.h"
#include "models/layouts/layoutacl.h"
#include "models/layouts/layoutreader.h"
#include "models/layouts/layouttraits.h"
#include "tests/source/namedworker.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Workers that are known by their connections: those of BullMQ and Bull, as real connections to a real Redis.
class ClientReaderTest : public QObject
{
    Q_OBJECT

    static Layout builtIn(const QString &name)
    {
        const LayoutReading reading = LayoutReader::readFile(QStringLiteral(PULSEDECK_LAYOUTS "/") + name + u".json"_s);
        for (const LayoutProblem &problem : reading.problems)
            qWarning("%s", qPrintable(problem.toString()));
        Layout layout = reading.layout.value_or(Layout());
        layout.sweepMs = 150; // Five seconds are long for a test.
        return layout;
    }

    static bool start(SourceWatch &watch, const QString &name = u"bullmq"_s)
    {
        const Layout layout = builtIn(name);
        watch.options.dialects = {[layout](RedisSession &session) {
            return std::make_unique<LayoutDialect>(session, layout, std::vector{traitsOf(layout)});
        }};
        RedisServer::Options options;
        options.tcp = true;
        if (!watch.server.start(options))
            return false;
        watch.client = std::make_unique<RedisClient>(watch.server.url());
        return true;
    }

    static bool isSeen(SourceWatch &watch, const RedisUrl &url)
    {
        watch.watch(url);
        return QTest::qWaitFor([&] { return watch.isWatching(); }, 20'000);
    }
    static bool isSeen(SourceWatch &watch) { return isSeen(watch, watch.server.url()); }

    /// The id of the worker of that name and queue; empty until it is connected.
    static QByteArray idOf(SourceWatch &watch, const QByteArray &queue, const QByteArray &worker = {})
    {
        const QByteArrayList found = NamedWorker::addresses(*watch.client, NamedWorker::nameOf(queue, worker));
        const QByteArray id = found.isEmpty() ? QByteArray() : QByteArray(queue + '/' + found.front());
        return worker.isEmpty() || id.isEmpty() ? id : QByteArray(id + '/' + worker);
    }
    static QString limits(const SourceWatch &watch) { return watch.status.limits.join(u' '); }
    static const QueueRecord *queue(const SourceWatch &watch, const QByteArray &name, const QString &system = u"bullmq"_s)
    {
        return watch.store.queues().find({1, system, name});
    }
    static QString queueText(const SourceWatch &watch, const QByteArray &name)
    {
        for (const QueueFacts &facts : queueFacts(watch.store)) {
            if (facts.key.name == name)
                return queueStateText(facts);
        }
        return {};
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    void linesOfConnections()
    {
        const ListedClient client =
            ListedClient::of("id=7 addr=10.4.5.12:51234 laddr=10.4.5.1:6379 fd=8 name=bull:ZW1haWxz:w:m age=12 "
                             "idle=3 flags=b db=0 cmd=bzpopmin user=default lib-name= resp=2");
        QCOMPARE(client.client, "7");
        QCOMPARE(client.addr, "10.4.5.12:51234");
        QCOMPARE(client.name, "bull:ZW1haWxz:w:m");
        QCOMPARE(client.age, "12");
        QCOMPARE(client.idle, "3");
        QCOMPARE(client.flags, "b");
        QCOMPARE(client.cmd, "bzpopmin");
        QCOMPARE(client.place(), "10.4.5.12:51234");
        QCOMPARE(ListedClient::of("id=9 addr=/run/redis.sock:0 name=x").place(), "unix:9");
        QCOMPARE(ListedClient::of("").place(), "unix:");
        QCOMPARE(ListedClient::of("addr name = =x id").name, "");
        // What no Redis writes: a name with spaces does not give itself another address.
        QCOMPARE(ListedClient::of("id=1 addr=a:1 name=x addr=b:2").addr, "a:1");
        QByteArrayList names;
        ListedClient::forEachNamed("id=1 name=\nid=2 name=a cmd=x\nid=3\n\n name=b\nid=4 name=cut of",
                                   [&names](const ListedClient &one) { names.append(one.name.toByteArray()); });
        QCOMPARE(names, (QByteArrayList{"a", "b"}));
        names.clear();
        ListedClient::forEachNamed(QByteArray(QByteArray(1'000'000, ' ') + " name=z\n"),
                                   [&names](const ListedClient &one) { names.append(one.name.toByteArray()); });
        QCOMPARE(names, (QByteArrayList{"z"}));
    }

    void aWorkerWaitsWorksAndIsGone()
    {
        SourceWatch watch;
        QVERIFY(start(watch));
        NamedWorker early(watch.server.tcpUrl(), NamedWorker::nameOf("emails", "mailer/1"), NamedWorker::popMin("emails"));
        TRY_TRUE(!idOf(watch, "emails", "mailer/1").isEmpty());
        const QByteArray id = idOf(watch, "emails", "mailer/1");
        QVERIFY(isSeen(watch));
        TRY_TRUE(watch.knows(id));
        TRY_EQUAL(watch.worker(id).status, WorkerStatus::Available);
        QCOMPARE(watch.liveness(id), u"alive"_s);
        QCOMPARE(watch.worker(id).host, "127.0.0.1");
        const WorkerHandle handle = watch.handle(id);
        QCOMPARE(watch.store.statusWord(handle), u"waiting for jobs"_s);
        QVERIFY(watch.store.facts(handle));
        QCOMPARE(watch.store.facts(handle)->queues, QStringList{u"emails"_s});
        QCOMPARE(watch.store.facts(handle)->label, u"mailer/1"_s);
        QCOMPARE(watch.worker(id).traits->basis, BeatBasis::Connection);
        QVERIFY(watch.worker(id).beatAt == 0 && watch.worker(id).activeSessions == unknownValue);

        // It gets a job: from then on it may as well be paused or hung.
        watch.run({"ZADD", "bull:emails:marker", "0", "0"});
        TRY_EQUAL(watch.worker(id).status, WorkerStatus::Other);
        QCOMPARE(watch.store.statusWord(handle), u"at work, paused or hung"_s);
        QCOMPARE(watch.liveness(id), u"alive"_s);
        QVERIFY(!watch.worker(id).isAtWork());
        early.wait(NamedWorker::popMin("emails"));
        TRY_EQUAL(watch.worker(id).status, WorkerStatus::Available);

        // One without a name starts; the same process connects again, which looks like another.
        NamedWorker late(watch.server.tcpUrl(), NamedWorker::nameOf("emails"), NamedWorker::popMin("emails"));
        TRY_TRUE(!idOf(watch, "emails").isEmpty());
        const QByteArray second = idOf(watch, "emails");
        TRY_TRUE(watch.knows(second));
        TRY_EQUAL(watch.store.queues().servers({1, u"bullmq"_s, "emails"}).size(), size_t(2));
        early.kill();
        TRY_EQUAL(watch.worker(id).liveness, Liveness::Departed);
        QCOMPARE(watch.worker(id).end, WorkerEnd::Left);
        QCOMPARE(livenessLabel(watch.worker(id)), u"gone"_s);
        NamedWorker again(watch.server.tcpUrl(), NamedWorker::nameOf("emails", "mailer/1"), NamedWorker::popMin("emails"));
        TRY_TRUE(!idOf(watch, "emails", "mailer/1").isEmpty());
        const QByteArray third = idOf(watch, "emails", "mailer/1");
        QVERIFY(third != id);
        TRY_TRUE(watch.knows(third));
        QCOMPARE(watch.liveness(third), u"alive"_s);
        QCOMPARE(watch.worker(id).end, WorkerEnd::Left);
        QVERIFY2(limits(watch).isEmpty(), qPrintable(limits(watch)));
        // Keys come and go without them.
        watch.run({"FLUSHALL"});
        const qint64 before = watch.worker(third).readAt;
        TRY_TRUE(watch.worker(third).readAt > before);
        QCOMPARE(watch.liveness(third), u"alive"_s);
    }

    /// They have one prefix and name their connections alike: a worker is that one's whose queue it serves, and counts once.
    void bullNextToBullMQ()
    {
        SourceWatch watch;
        QVERIFY(start(watch));
        const Layout bull = builtIn(u"bull"_s);
        watch.options.dialects.push_back([bull](RedisSession &session) {
            return std::make_unique<LayoutDialect>(session, bull, std::vector{traitsOf(bull)});
        });
        watch.run({"SET", "bull:old:stalled-check", "1", "PX", "600000"});
        watch.run({"RPUSH", "bull:old:wait", "1"});
        watch.run({"SET", "bull:old:id", "1"});
        watch.run({"HSET", "bull:new:meta", "version", "bullmq:6.7.0"});
        watch.run({"SET", "bull:new:stalled-check", "1", "PX", "600000"});
        watch.run({"RPUSH", "bull:new:wait", "1", "2"});
        watch.run({"SET", "bull:new:id", "2"});
        const NamedWorker first(watch.server.tcpUrl(), NamedWorker::nameOf("old"));
        const NamedWorker second(watch.server.tcpUrl(), NamedWorker::nameOf("new"));
        const NamedWorker third(watch.server.tcpUrl(), NamedWorker::nameOf("new", "named"));
        TRY_TRUE(first.isReady() && second.isReady() && third.isReady());
        QVERIFY(isSeen(watch));
        TRY_EQUAL(watch.store.figures().total, 3);
        QCOMPARE(watch.worker(idOf(watch, "old")).traits->layout, u"bull"_s);
        QCOMPARE(watch.worker(idOf(watch, "new")).traits->layout, u"bullmq"_s);
        QCOMPARE(watch.worker(idOf(watch, "new", "named")).traits->layout, u"bullmq"_s);
        TRY_TRUE(queue(watch, "old", u"bull"_s) && queue(watch, "old", u"bull"_s)->latest.waiting == 1);
        TRY_TRUE(queue(watch, "new") && queue(watch, "new")->latest.waiting == 2);
        QVERIFY(!queue(watch, "old") && !queue(watch, "new", u"bull"_s));
        QVERIFY2(limits(watch).isEmpty(), qPrintable(limits(watch)));
    }

    /// Before the first job of a queue, or after all of it was removed, only its beat is there, which a worker of either writes.
    void aWorkerThatIsThereBeforeTheFirstJob()
    {
        SourceWatch watch;
        QVERIFY(start(watch));
        watch.options.dialects.clear();
        watch.options.layouts = {builtIn(u"bullmq"_s), builtIn(u"bull"_s)};
        watch.run({"HSET", "bull:other:meta", "version", "bullmq:6.7.0"}); // By which BullMQ is found.
        watch.run({"SET", "bull:fresh:stalled-check", "1", "PX", "600000"});
        const NamedWorker worker(watch.server.tcpUrl(), NamedWorker::nameOf("fresh"), NamedWorker::popMin("fresh"));
        TRY_TRUE(!idOf(watch, "fresh").isEmpty());
        const QByteArray id = idOf(watch, "fresh");
        QVERIFY(isSeen(watch));
        TRY_TRUE(watch.knows(id));
        QCOMPARE(watch.worker(id).traits->layout, u"bullmq"_s);
        // BullMQ writes both with the first job.
        watch.run({"EVAL", "redis.call('INCR', KEYS[1]) return redis.call('HSET', KEYS[2], 'version', 'bullmq:6.7.0')", "2",
                   "bull:fresh:id", "bull:fresh:meta"});
        TRY_TRUE(queue(watch, "fresh"));
        const qint64 before = watch.worker(id).readAt;
        TRY_TRUE(watch.worker(id).readAt > before);
        QCOMPARE(watch.worker(id).traits->layout, u"bullmq"_s);
        QCOMPARE(watch.liveness(id), u"alive"_s);
        QCOMPARE(watch.store.figures().total, 1);
        QVERIFY(!queue(watch, "fresh", u"bull"_s));
    }

    /// Where it cannot be asked any more whose a queue is, the last answer counts; and it is not asked with every list.
    void anAnswerThatFailsChangesNothing()
    {
        SourceWatch watch;
        QVERIFY(start(watch));
        const Layout bull = builtIn(u"bull"_s);
        watch.options.dialects.push_back([bull](RedisSession &session) {
            return std::make_unique<LayoutDialect>(session, bull, std::vector{traitsOf(bull)});
        });
        watch.run({"HSET", "bull:new:meta", "version", "bullmq:6.7.0"});
        watch.run({"ACL", "SETUSER", "reader", "on", ">s3cret", "~*", "&*", "+@all"});
        const NamedWorker first(watch.server.tcpUrl(), NamedWorker::nameOf("new"));
        TRY_TRUE(!idOf(watch, "new").isEmpty());
        const QByteArray id = idOf(watch, "new");
        RedisUrl url = watch.server.url();
        url.user = u"reader"_s;
        url.password = u"s3cret"_s;
        QVERIFY(isSeen(watch, url));
        TRY_TRUE(watch.knows(id));
        QCOMPARE(watch.worker(id).traits->layout, u"bullmq"_s);
        watch.run({"ACL", "SETUSER", "reader", "-exists"});
        // One of a new queue makes both ask again: of that one it is not known, so that Bull shows it too.
        const NamedWorker second(watch.server.tcpUrl(), NamedWorker::nameOf("late"));
        const auto ofBull = [&watch](const QByteArray &name) {
            return watch.store.queues().servers({1, u"bull"_s, name}).size();
        };
        TRY_EQUAL(ofBull("late"), size_t(1));
        QCOMPARE(ofBull("new"), size_t(0));
        QCOMPARE(watch.worker(id).traits->layout, u"bullmq"_s);
        QCOMPARE(watch.liveness(id), u"alive"_s);
        const auto refused = [&watch] {
            const QByteArray figures = watch.run({"INFO", "commandstats"}).text;
            const QByteArray line = figures.mid(figures.indexOf("cmdstat_exists:")).split('\n').value(0);
            return line.mid(line.indexOf("rejected_calls=") + 15).split(',').value(0).toLongLong();
        };
        TRY_TRUE(refused() > 0);
        TRY_EQUAL(watch.store.queues().servers({1, u"bullmq"_s, "late"}).size(), size_t(1)); // So both have asked.
        const qint64 before = refused();
        for (int list = 0; list < 5; ++list) {
            const qint64 readAt = watch.worker(id).readAt;
            TRY_TRUE(watch.worker(id).readAt > readAt);
        }
        QVERIFY2(refused() <= before + 6, QByteArray::number(refused() - before).constData());
        QCOMPARE(ofBull("new"), size_t(0));
    }

    void namesThatSayNoQueue()
    {
        SourceWatch watch;
        QVERIFY(start(watch));
        std::vector<std::unique_ptr<NamedWorker>> connections;
        const auto add = [&](const QByteArray &name) {
            connections.push_back(std::make_unique<NamedWorker>(watch.server.tcpUrl(), name));
        };
        add("bull:!!!!:w:evil"); // No Base64.
        add("bull:abc"); // Nor this.
        add("bull::w:blank");
        add(NamedWorker::nameOf("a\nb", "lines"));
        add(NamedWorker::nameOf("\xff\xfe\xfd", "bytes"));
        add(NamedWorker::nameOf(QByteArray(600, 'q'), "long"));
        add("bull:ZW1haWxz:qe"); // It listens for events: no worker, and nothing to complain of.
        add("other:ZW1haWxz");
        add("");
        add(NamedWorker::nameOf("emails", "good"));
        TRY_TRUE(std::all_of(connections.begin(), connections.end(), [](const auto &one) { return one->isReady(); }));
        QVERIFY(isSeen(watch));
        TRY_TRUE(watch.knows(idOf(watch, "emails", "good")));
        QCOMPARE(watch.store.figures().total, 1);
        TRY_TRUE(limits(watch).contains(u"6 connections are left out"_s));
        QVERIFY(!watch.status.isPartial() || watch.status.gaps == ViewGap::EntriesLeftOut);
        connections.erase(connections.begin(), connections.begin() + 6);
        TRY_TRUE(limits(watch).isEmpty());
    }

    void withoutTheRightNoneCanBeSeen()
    {
        SourceWatch watch;
        QVERIFY(start(watch));
        watch.run({"HSET", "bull:emails:meta", "version", "bullmq:6.7.0"});
        watch.run({"RPUSH", "bull:emails:wait", "1"});
        watch.run({"SET", "bull:emails:stalled-check", "1", "PX", "600000"});
        watch.run({"ACL", "SETUSER", "reader", "on", ">s3cret", "~*", "&*", "+@all", "-client|list"});
        NamedWorker worker(watch.server.tcpUrl(), NamedWorker::nameOf("emails", "w"), NamedWorker::popMin("emails"));
        TRY_TRUE(!idOf(watch, "emails", "w").isEmpty());
        RedisUrl url = watch.server.url();
        url.user = u"reader"_s;
        url.password = u"s3cret"_s;
        QVERIFY(isSeen(watch, url));
        TRY_TRUE(limits(watch).contains(
            u"Workers of BullMQ cannot be seen, because they are known by their connections and CLIENT LIST is refused"_s));
        QVERIFY(watch.status.gaps.testFlag(ViewGap::WorkersUnread) && watch.status.isPartial());
        // It is not known who works here, which is not to say that nobody does.
        TRY_TRUE(queue(watch, "emails") && queue(watch, "emails")->latest.waiting == 1);
        QCOMPARE(queueText(watch, "emails"), u"active by its own beat, no worker seen"_s);
        watch.run({"DEL", "bull:emails:stalled-check"});
        TRY_EQUAL(queueText(watch, "emails"), u"jobs wait, nobody works here"_s);
        watch.run({"ACL", "SETUSER", "reader", "+client|list"});
        TRY_TRUE(watch.knows(idOf(watch, "emails", "w")));
        TRY_TRUE(limits(watch).isEmpty());
        TRY_EQUAL(queueText(watch, "emails"), u"active"_s); // Its beat may be switched off: somebody is connected.
    }

    /// What "layouts acl" prints is enough to find it, and to see its workers and queues.
    /// Each says so for itself, and neither takes the place of the other at every look.
    void withoutTheRightBothAreNamed()
    {
        SourceWatch watch;
        QVERIFY(start(watch));
        const Layout bull = builtIn(u"bull"_s);
        watch.options.dialects.push_back([bull](RedisSession &session) {
            return std::make_unique<LayoutDialect>(session, bull, std::vector{traitsOf(bull)});
        });
        watch.run({"ACL", "SETUSER", "least", "on", ">word", "allkeys", "allchannels", "+@all", "-client|list"});
        RedisUrl url = watch.server.url();
        url.user = u"least"_s;
        url.password = u"word"_s;
        QVERIFY(isSeen(watch, url));
        const auto names = [&watch](const QString &title) {
            return limits(watch).contains(u"Workers of %1 cannot be seen"_s.arg(title));
        };
        TRY_TRUE(names(u"BullMQ"_s) && names(u"Bull"_s));
        watch.run({"ACL", "SETUSER", "least", "+client|list"});
        TRY_TRUE(limits(watch).isEmpty());
    }

    void theLeastRightsAreEnough()
    {
        SourceWatch watch;
        QVERIFY(start(watch));
        watch.options.dialects.clear();
        watch.options.layouts = {builtIn(u"bullmq"_s)};
        watch.run({"HSET", "bull:emails:meta", "version", "bullmq:6.7.0"});
        watch.run({"RPUSH", "bull:emails:wait", "1"});
        NamedWorker worker(watch.server.tcpUrl(), NamedWorker::nameOf("emails", "w"), NamedWorker::popMin("emails"));
        TRY_TRUE(!idOf(watch, "emails", "w").isEmpty());
        QByteArrayList words = watchingRights(builtIn(u"bullmq"_s)).line("reader").split(' ');
        for (QByteArray &word : words)
            word.replace("PASSWORD", "s3cret");
        QVERIFY(watch.run(words).ok());
        RedisUrl url = watch.server.url();
        url.user = u"reader"_s;
        url.password = u"s3cret"_s;
        QVERIFY(isSeen(watch, url));
        TRY_TRUE(watch.knows(idOf(watch, "emails", "w")));
        TRY_TRUE(queue(watch, "emails") && queue(watch, "emails")->latest.waiting == 1);
        QVERIFY2(!watch.status.gaps.testFlag(ViewGap::WorkersUnread), qPrintable(limits(watch)));
        QVERIFY2(!limits(watch).contains(u"BullMQ"_s), qPrintable(limits(watch)));
    }

    /// One whose string is longer than the session reads.
    void aLongList()
    {
        SourceWatch watch;
        watch.options.connection.maxStringBytes = 2'000;
        QVERIFY(start(watch));
        std::vector<std::unique_ptr<NamedWorker>> workers;
        for (int i = 0; i < 30; ++i)
            workers.push_back(std::make_unique<NamedWorker>(watch.server.tcpUrl(), NamedWorker::nameOf("emails", "w"),
                                                            NamedWorker::popMin("emails")));
        TRY_EQUAL(NamedWorker::addresses(*watch.client, NamedWorker::nameOf("emails", "w")).size(), 30);
        QVERIFY(isSeen(watch));
        TRY_EQUAL(watch.store.figures().total, 30);
        workers.resize(10);
        TRY_EQUAL(watch.store.figures().total, 10);
        QVERIFY2(limits(watch).isEmpty(), qPrintable(limits(watch)));
    }

    void workersOfBull()
    {
        SourceWatch watch;
        QVERIFY(start(watch, u"bull"_s));
        watch.run({"SET", "bull:emails:stalled-check", "1764370982000", "PX", "30000"});
        watch.run({"RPUSH", "bull:emails:wait", "1", "2"});
        watch.run({"SET", "bull:emails:id", "2"});
        watch.run({"RPUSH", "bull:left:wait", "1"}); // Its beat is gone with its workers, and it is there.
        watch.run({"SET", "bull:left:id", "1"});
        const QByteArrayList waits{"BRPOPLPUSH", "bull:emails:none", "bull:emails:active", "0"};
        // Over a Unix socket all have one address, and are told apart all the same.
        NamedWorker one(watch.server.url(), NamedWorker::nameOf("emails"), waits);
        NamedWorker other(watch.server.url(), NamedWorker::nameOf("emails"));
        TRY_TRUE(one.isReady() && other.isReady());
        QVERIFY(isSeen(watch));
        TRY_EQUAL(watch.store.figures().total, 2);
        const std::vector<WorkerHandle> both = watch.store.queues().servers({1, u"bull"_s, "emails"});
        QCOMPARE(both.size(), size_t(2));
        TRY_TRUE(std::count_if(both.begin(), both.end(),
                               [&](WorkerHandle handle) { return watch.store.worker(handle).status == WorkerStatus::Available; })
                 == 1);
        QVERIFY(watch.store.worker(both.front()).id.startsWith("emails/unix:"));
        TRY_TRUE(queue(watch, "emails", u"bull"_s) && queue(watch, "emails", u"bull"_s)->latest.waiting == 2);
        QVERIFY(queue(watch, "emails", u"bull"_s)->latest.served);
        TRY_TRUE(queue(watch, "left", u"bull"_s) && queue(watch, "left", u"bull"_s)->latest.unserved);
        QCOMPARE(watch.store.queueState(*queue(watch, "left", u"bull"_s)), QueueState::Unserved);
        QVERIFY(traitsOf(builtIn(u"bull"_s))->offers(Act::PauseQueue));
    }

    /// Missing for two seconds after it has expired: nobody works here. Not missing while it is only renewed.
    void theBeatOfAQueue()
    {
        SourceWatch watch;
        QVERIFY(start(watch));
        watch.run({"HSET", "bull:idle:meta", "version", "bullmq:6.7.0"});
        watch.run({"HSET", "bull:jobs:meta", "version", "bullmq:6.7.0"});
        watch.run({"RPUSH", "bull:jobs:wait", "1"});
        watch.run({"SET", "bull:jobs:stalled-check", "1", "PX", "600000"});
        QVERIFY(isSeen(watch));
        TRY_TRUE(queue(watch, "jobs") && queue(watch, "idle"));
        QVERIFY(queue(watch, "jobs")->latest.served && !queue(watch, "jobs")->latest.unserved);
        QVERIFY2(!queue(watch, "idle")->latest.unserved, "only just looked at");
        TRY_EQUAL(queueText(watch, "idle"), u"no jobs, nobody works here"_s);
        QCOMPARE(watch.store.queueState(*queue(watch, "idle")), QueueState::Active);
        QCOMPARE(watch.store.queueState(*queue(watch, "jobs")), QueueState::Active);
        watch.run({"PEXPIRE", "bull:jobs:stalled-check", "1"});
        TRY_TRUE(!queue(watch, "jobs")->latest.served);
        QVERIFY(!queue(watch, "jobs")->latest.unserved);
        TRY_TRUE(queue(watch, "jobs")->latest.unserved);
        QCOMPARE(watch.store.queueState(*queue(watch, "jobs")), QueueState::Unserved);
        QCOMPARE(queueText(watch, "jobs"), u"jobs wait, nobody works here"_s);
        // Whose workers nobody counts: "nobody" is a number.
        const std::vector<QueueFacts> all = queueFacts(watch.store);
        const auto jobs = std::find_if(all.begin(), all.end(), [](const QueueFacts &one) { return one.key.name == "jobs"; });
        QVERIFY(jobs != all.end() && jobs->workersKnown && jobs->workerCount() == 0);
        watch.run({"HSET", "bull:jobs:meta", "paused", "1"});
        TRY_EQUAL(queueText(watch, "jobs"), u"paused"_s);
    }

    /// Its workers are connected to its primary.
    void aReplicaHasNoWorkers()
    {
        SourceWatch watch;
        QVERIFY(start(watch));
        RedisServer primary;
        RedisServer::Options options;
        options.tcp = true;
        QVERIFY(primary.start(options));
        watch.run({"REPLICAOF", "127.0.0.1", QByteArray::number(primary.tcpUrl().port)});
        TRY_TRUE(watch.run({"INFO", "replication"}).text.contains("master_link_status:up"));
        QVERIFY(isSeen(watch));
        TRY_TRUE(limits(watch).contains(u"this is a replica"_s));
    }

    /// A Redis that holds its queues shows its workers without having been told.
    void foundByItself()
    {
        SourceWatch watch;
        QVERIFY(start(watch));
        watch.options.dialects.clear();
        watch.options.layouts = {builtIn(u"bullmq"_s), builtIn(u"bull"_s)};
        watch.run({"HSET", "bull:emails:meta", "version", "bullmq:6.7.0"});
        watch.run({"SET", "bull:emails:stalled-check", "1", "PX", "30000"});
        NamedWorker worker(watch.server.tcpUrl(), NamedWorker::nameOf("emails", "w"), NamedWorker::popMin("emails"));
        TRY_TRUE(!idOf(watch, "emails", "w").isEmpty());
        QVERIFY(isSeen(watch));
        TRY_TRUE(watch.knows(idOf(watch, "emails", "w")));
        QCOMPARE(watch.worker(idOf(watch, "emails", "w")).traits->layout, u"bullmq"_s);
        QCOMPARE(watch.store.figures().total, 1);
    }
};

PULSEDECK_TEST(ClientReaderTest, runWithEvents)
#include "clientreader_test.moc"
