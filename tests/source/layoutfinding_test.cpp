// SPDX-License-Identifier: GPL-3.0-or-later
// Systems are found when a connection is made, and later, and are watched unless they are switched off.
#include "app/redis/dialectregistry.h"
#include "models/layouts/layoutcatalog.h"
#include "tests/source/layoutscene.h"
#include "tests/support/testprogram.h"

#include <QSignalSpy>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class LayoutFindingTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }

    /// What is there is found when the connection is made, and again when it is asked for; nothing is to be configured.
    void detectedSystemsAreWatched_data() { layoutModes(); }
    void detectedSystemsAreWatched()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        watch.options.layouts = LayoutCatalog::builtIn().layouts();
        QVERIFY(watch.startServer());
        const QByteArray id = "app-1:18412:9f2c41ab77de";
        sidekiqProcess(watch, id);
        watch.registerWorker("chromium:a");
        QVERIFY(isLayoutSeen(watch));
        QVERIFY2(watch.knows(id), "in the first view");
        QVERIFY(watch.knows("chromium:a"));
        QCOMPARE(watch.worker(id).traits->layout, u"sidekiq"_s);
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        watch.run({"HSET", "rq:worker:one", "birth", "2026-11-28T10:00:00.000000Z", "queues", "a", "pid", "1", "state", "idle"});
        watch.run({"EXPIRE", "rq:worker:one", "480"});
        watch.source->lookForSystems();
        TRY_TRUE(watch.knows("one"));
        const QList<FoundSystem> systems = watch.status.systems;
        QStringList names;
        for (const FoundSystem &system : systems) {
            QVERIFY(system.watched);
            names.append(system.layout);
        }
        names.sort();
        QCOMPARE(names, (QStringList{u"playwright"_s, u"rq"_s, u"sidekiq"_s}));
        // All of them go on beating.
        QTimer beating;
        QObject::connect(&beating, &QTimer::timeout, &watch.store, [&] {
            sidekiqProcess(watch, id);
            watch.beat("chromium:a");
        });
        beating.start(300);
        TRY_TRUE(watch.worker(id).beatCount >= 2 && watch.worker("chromium:a").beatCount >= 2);
    }

    /// A system that is switched off is neither looked for nor watched, today's fleet included; and nothing at all may be left.
    void systemsSwitchedOffAreNotWatched_data() { layoutModes(); }
    void systemsSwitchedOffAreNotWatched()
    {
        SourceWatch watch;
        QFETCH(bool, push);
        watch.options.push = push;
        SystemChoices choices;
        choices[u"playwright"_s].on = choices[u"rq"_s].on = false;
        watch.options.layouts = chosenLayouts(LayoutCatalog::builtIn().layouts(), choices);
        watch.options.dialects.clear();
        QVERIFY(watch.startServer());
        const QByteArray id = "app-1:18412:9f2c41ab77de";
        watch.registerWorker("chromium:a");
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        QVERIFY(isLayoutSeen(watch)); // With no system at all.
        QVERIFY(watch.status.systems.isEmpty());
        sidekiqProcess(watch, id);
        watch.source->lookForSystems();
        TRY_TRUE(watch.knows(id));
        QVERIFY(!watch.knows("chromium:a"));
        QVERIFY(!watch.knows("one"));
        QCOMPARE(watch.status.systems.size(), 1);
        QCOMPARE(watch.status.look.systems, watch.status.systems);
    }

    /// Where nothing is found it is looked for again by itself, less and less often.
    void itIsLookedForAgainWhereNothingIs()
    {
        SourceWatch watch;
        watch.options.layouts = chosenLayouts(LayoutCatalog::builtIn().layouts(), {});
        QVERIFY(watch.startServer());
        QVERIFY(isLayoutSeen(watch));
        const auto looks = [&watch] {
            const QByteArray stats = watch.run({"INFO", "commandstats"}).text;
            const qsizetype at = stats.indexOf("cmdstat_type:calls=");
            return at < 0 ? 0 : stats.mid(at + 19, 10).split(',').front().toInt();
        };
        const int first = looks();
        QVERIFY(first > 0);
        watch.clock.step(11'000);
        TRY_TRUE(looks() > first);
        const int second = looks();
        // Now twice as long: eleven seconds are not enough.
        QSignalSpy told(watch.source.get(), &FleetSource::statusChanged);
        watch.clock.step(11'000);
        TRY_TRUE(told.count() >= 2);
        QCOMPARE(looks(), second);
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        watch.clock.step(11'000);
        TRY_TRUE(!watch.status.systems.isEmpty());
    }

    void aSystemThatIsStartedLaterIsFound()
    {
        SourceWatch watch;
        watch.options.layouts = chosenLayouts(LayoutCatalog::builtIn().layouts(), {});
        QVERIFY(watch.startServer());
        watch.run({"SADD", "rq:workers", "rq:worker:one"});
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.status.systems.size() == 1);
        const QByteArray id = "app-1:18412:9f2c41ab77de";
        sidekiqProcess(watch, id);
        watch.clock.step(31'000);
        TRY_TRUE(watch.status.systems.size() == 2);
        TRY_TRUE(watch.knows(id));
        QVERIFY(watch.knows("one"));
    }

    /// However long ago the last look was: the key that shows a system by itself is asked for every 30 s, with few commands.
    void aSystemThatIsStartedMuchLaterIsFoundAsSoon()
    {
        SourceWatch watch;
        watch.options.layouts = chosenLayouts(LayoutCatalog::builtIn().layouts(), {});
        QVERIFY(watch.startServer());
        const QByteArray id = "app-1:18412:9f2c41ab77de";
        sidekiqProcess(watch, id);
        QVERIFY(isLayoutSeen(watch));
        TRY_TRUE(watch.status.systems.size() == 1);
        const auto calls = [&watch](const QByteArray &command) {
            const QByteArray stats = watch.run({"INFO", "commandstats"}).text;
            const QByteArray name = "cmdstat_" + command + ":calls=";
            const qsizetype at = stats.indexOf(name);
            return at < 0 ? 0 : stats.mid(at + name.size(), 10).split(',').front().toInt();
        };
        // Looks after 30 and after 60 s: the next one is in two minutes. Each finds one more process, which shows that it is
        // over.
        int looked = 0;
        for (int look = 0; look < 2; ++look) {
            sidekiqProcess(watch, "app-1:1841" + QByteArray::number(look) + ":9f2c41ab77de");
            looked = calls("client|list");
            TRY_TRUE((watch.clock.step(1'000), calls("client|list") > looked));
            TRY_TRUE(watch.status.systems.at(0).workers == look + 2);
            looked = calls("client|list");
        }
        QSignalSpy reported(watch.source.get(), &FleetSource::statusChanged);
        const int asked = calls("type");
        watch.clock.step(31'000);
        TRY_TRUE(calls("type") > asked);
        TRY_TRUE(reported.count() >= 2); // What was asked is answered by then.
        QVERIFY2(calls("type") - asked < 40, "few commands");
        QCOMPARE(calls("client|list"), looked);
        QCOMPARE(watch.status.systems.size(), 1);
        registerRqWorker(watch, "one");
        watch.clock.step(31'000); // The next look is further away.
        TRY_TRUE(watch.status.systems.size() == 2);
        TRY_TRUE(watch.knows("one"));
        for (const FoundSystem &system : std::as_const(watch.status.systems)) // As after a whole look.
            QVERIFY2(system.workers == (system.layout == u"rq"_s ? 1 : 3), qPrintable(system.layout));
    }
};

PULSEDECK_TEST(LayoutFindingTest, runWithEvents)
#include "layoutfinding_test.moc"
