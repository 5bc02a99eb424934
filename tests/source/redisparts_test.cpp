// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/discoverybudget.h"
#include "app/redis/pushtrust.h"
#include "app/redis/pushverifier.h"
#include "app/redis/readrate.h"
#include "app/redis/replicawatch.h"
#include "app/redis/reregistration.h"
#include "app/redis/serveridentity.h"
#include "app/redis/viewlimits.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// The small classes a RedisSource judges by.
class RedisPartsTest : public QObject
{
    Q_OBJECT

private slots:
    void valkeyIsCalledValkey()
    {
        const ServerIdentity valkey = ServerIdentity::fromInfo("# "
                                                               "Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_"
                                                               "version:8.0.1\r\nrun_id:abc\r\nuptime_in_seconds:12\r\n");
        QCOMPARE(valkey.name(), u"Valkey 8.0.1"_s);
        QCOMPARE(valkey.runId, u"abc"_s);
        QCOMPARE(valkey.uptimeMs, 12'000);
        QCOMPARE(ServerIdentity::fromInfo("redis_version:7.0.15\r\n").name(), u"Redis 7.0.15"_s);
        const ServerIdentity none = ServerIdentity::fromInfo("nothing\r\nmy_run_id:x\r\nuptime_in_seconds:soon");
        QCOMPARE(none.name(), QString());
        QVERIFY(none.runId.isEmpty());
        QCOMPARE(none.uptimeMs, -1);
    }

    void aClientIsFoundByItsNumberAndName()
    {
        using Verdict = PushVerifier::Verdict;
        const QByteArray line = "id=7 addr=1.2.3.4:5 laddr=1.2.3.4:6 fd=8 name=pulsedeck-push-1f age=0 idle=0\n";
        QCOMPARE(PushVerifier::judgeList(line, 7, "pulsedeck-push-1f"), Verdict::Same);
        QCOMPARE(PushVerifier::judgeList(line, 7, "pulsedeck-push-1"), Verdict::Other);
        QCOMPARE(PushVerifier::judgeList(line, 70, "pulsedeck-push-1f"), Verdict::Other);
        QCOMPARE(PushVerifier::judgeList("", 7, "pulsedeck-push-1f"), Verdict::Other);
        // Where names are refused, nothing is known by them.
        QCOMPARE(PushVerifier::judgeList("id=7 addr=1.2.3.4:5 name= age=0\n", 7, "pulsedeck-push-1f"), Verdict::Unknown);
        QVERIFY(PushVerifier::makeName("a") != PushVerifier::makeName("a"));
    }

    void trustEndsWithAnUnansweredPing()
    {
        PushTrust trust;
        trust.begin(1'000);
        QVERIFY(!trust.wantsPing(1'400));
        QVERIFY(trust.wantsPing(1'500));
        QVERIFY(!trust.wantsPing(1'600)); // One is under way.
        trust.otherAnswered(1'400);
        QCOMPARE(trust.judge(3'000), PushTrust::Doubt::None); // Nobody is answered: that is a stall.
        trust.otherAnswered(1'550);
        QCOMPARE(trust.judge(2'400), PushTrust::Doubt::None);
        QCOMPARE(trust.judge(2'500), PushTrust::Doubt::UnansweredPing);
        trust.heard(2'500);
        QCOMPARE(trust.judge(2'600), PushTrust::Doubt::None);
    }

    void trustEndsWithABeatThatWasNotAnnounced()
    {
        PushTrust trust;
        trust.begin(1'000);
        trust.foundWritten(3, 2'000);
        trust.foundWritten(4, 2'500);
        QCOMPARE(trust.judge(2'900), PushTrust::Doubt::None);
        trust.announced(3); // It was only a moment behind.
        QCOMPARE(trust.judge(3'000), PushTrust::Doubt::None);
        trust.heard(3'450);
        QVERIFY(trust.wantsPing(3'500)); // Whether it is only unread so far is asked.
        QCOMPARE(trust.judge(20'000), PushTrust::Doubt::None);
        trust.answered(3'500, 20'000);
        QCOMPARE(trust.judge(20'000), PushTrust::Doubt::MissedBeat);
        trust.begin(4'000);
        QCOMPARE(trust.judge(9'000), PushTrust::Doubt::None);
    }

    // A program that is slow to read finds a beat by the one socket before its announcement by the other; it is no miss.
    void aBeatWhoseAnnouncementIsUnreadIsNotMissed()
    {
        PushTrust trust;
        trust.begin(1'000);
        trust.foundWritten(3, 2'000);
        trust.heard(2'990);
        QVERIFY(trust.wantsPing(3'000));
        QVERIFY(!trust.wantsPing(3'100));
        trust.announced(3);
        trust.answered(3'000, 9'000);
        QCOMPARE(trust.judge(9'000), PushTrust::Doubt::None);
        // An answer to a PING of before it was found says nothing of it.
        trust.heard(9'100);
        QVERIFY(trust.wantsPing(9'700));
        trust.foundWritten(4, 9'750);
        trust.answered(9'700, 12'000);
        QCOMPARE(trust.judge(12'000), PushTrust::Doubt::None);
        QVERIFY(trust.wantsPing(12'100));
        trust.answered(12'100, 12'200);
        QCOMPARE(trust.judge(12'200), PushTrust::Doubt::MissedBeat);
    }

    void aMasterIsAlwaysUpToDate()
    {
        ReplicaWatch watch;
        watch.take(ReplicaLink::fromInfo("# Replication\r\nrole:master\r\nconnected_slaves:2\r\n"), 1'000);
        QCOMPARE(ReplicaLink::fromInfo("# Replication\r\nrole:master\r\nconnected_slaves:2\r\n").replicas, 2);
        QCOMPARE(ReplicaLink::fromInfo("# Replication\r\nrole:slave\r\nconnected_slaves:2\r\n").replicas, -1);
        QCOMPARE(watch.trouble(), SourceTrouble::None);
        QVERIFY(!watch.isReplica());
        watch.take(ReplicaLink::fromInfo("nothing known"), 2'000);
        QCOMPARE(watch.trouble(), SourceTrouble::None);
    }

    void aReplicaIsAsOldAsItsLink()
    {
        const auto info = [](const char *link, int quiet, int down) -> QByteArray {
            return QByteArray("role:slave\r\nmaster_link_status:") + link + "\r\nmaster_last_io_seconds_ago:"
                   + QByteArray::number(quiet) + "\r\nmaster_link_down_since_seconds:" + QByteArray::number(down) + "\r\n";
        };
        ReplicaWatch watch;
        watch.take(ReplicaLink::fromInfo(info("up", 0, -1)), 100'000);
        QVERIFY(watch.isReplica());
        QCOMPARE(watch.trouble(), SourceTrouble::None);
        QCOMPARE(watch.truthEndedAt(), 0);
        // It stands still long before it is said to be down.
        watch.take(ReplicaLink::fromInfo(info("up", 5, -1)), 105'000);
        QCOMPARE(watch.trouble(), SourceTrouble::MasterSilent);
        QCOMPARE(watch.truthEndedAt(), 100'000);
        watch.take(ReplicaLink::fromInfo(info("down", -1, 2)), 162'000);
        QCOMPARE(watch.trouble(), SourceTrouble::MasterLost);
        QCOMPARE(watch.truthEndedAt(), 100'000);
        watch.take(ReplicaLink::fromInfo(info("up", 0, -1)), 163'000);
        QCOMPARE(watch.trouble(), SourceTrouble::None);
        QCOMPARE(watch.truthEndedAt(), 0);
        // One found broken says since when.
        ReplicaWatch late;
        late.take(ReplicaLink::fromInfo(info("down", -1, 60)), 500'000);
        QCOMPARE(late.trouble(), SourceTrouble::MasterLost);
        QCOMPARE(late.truthEndedAt(), 440'000);
    }

    void anIdleMasterTeachesItsReplicaPatience()
    {
        const auto quiet = [](int seconds) {
            return ReplicaLink::fromInfo(QByteArray(
                "role:slave\r\nmaster_link_status:up\r\nmaster_last_io_seconds_ago:" + QByteArray::number(seconds) + "\r\n"));
        };
        ReplicaWatch watch;
        qint64 now = 1'000'000;
        int troubled = 0;
        for (int second = 0; second < 60; ++second, now += 1'000) {
            watch.take(quiet(second % 10), now); // A master without writes says something every ten seconds.
            troubled += second >= 20 && watch.trouble() != SourceTrouble::None;
        }
        QCOMPARE(troubled, 0);
        QVERIFY(watch.quietLimitMs() > 9'000);
        for (int second = 0; second < 30; ++second, now += 1'000)
            watch.take(quiet(second), now);
        QCOMPARE(watch.trouble(), SourceTrouble::MasterSilent);
    }

    /// Two workers that beat together every 5 s: their rate does not fall to 0 from one beat to the next.
    void fewReadsMakeARate()
    {
        ReadRate rate;
        qint64 now = 10'000'000;
        rate.clear(now);
        for (int second = 1; second <= 60; ++second) {
            if (second % 5 == 1) {
                rate.count(40);
                rate.count(60);
            }
            now += 1'000;
            rate.look(now);
            QVERIFY2(rate.perSecond() >= 0.3, qPrintable(QString::number(second)));
            QCOMPARE(rate.lagMs(), qint64(50));
        }
        QVERIFY(rate.perSecond() < 0.5);
        // What is long ago counts no more.
        for (int second = 0; second < 32; ++second)
            rate.look(now += 1'000);
        QCOMPARE(rate.perSecond(), 0.0);
        QCOMPARE(rate.lagMs(), qint64(-1));
        // Of many the last second is enough.
        for (int i = 0; i < 300; ++i)
            rate.count(i < 100 ? 10 : -1);
        rate.look(now += 1'000);
        QCOMPARE(rate.perSecond(), 300.0);
        QCOMPARE(rate.lagMs(), qint64(10));
    }

    void lookingIsPaidFor()
    {
        DiscoveryBudget budget(50);
        qint64 now = 10'000'000;
        QVERIFY(budget.waitUs(now, 100) <= 0);
        budget.beginPass(now, 100);
        qint64 spent = 0;
        const qint64 began = now;
        for (int i = 0; i < 200; ++i) {
            if (const qint64 wait = budget.waitUs(now, 100); wait > 0)
                now += wait;
            now += 1'100; // The answer took 1.1 ms, of which 0.1 ms is the way.
            spent += 1'000;
            budget.spent(1'100);
        }
        budget.endPass();
        now += qMax<qint64>(0, budget.waitUs(now, 100));
        const double share = double(spent) / double(now - began);
        QVERIFY2(share <= 0.051 && share > 0.04, qPrintable(QString::number(share)));
        QCOMPARE(budget.passUs(100), 200 * 1'000 * 20);
        // An answer that waited behind others did not cost the server more.
        DiscoveryBudget busy(50);
        busy.beginPass(now, 100);
        busy.spent(500);
        busy.spent(40'000);
        QVERIFY(busy.waitUs(now, 100) <= 2 * 400 * 20);
        // That the way is shorter than it seemed at first is made up for.
        DiscoveryBudget misled(50);
        misled.beginPass(now, 5'000);
        for (int i = 0; i < 10; ++i)
            misled.spent(1'100);
        QVERIFY(misled.waitUs(now, 5'000) <= 0);
        QCOMPARE(misled.waitUs(now, 100), 10 * 1'000 * 20);
    }

    void limitsAreToldOnce()
    {
        const int first = 0;
        const int second = 0;
        ViewLimits several;
        QVERIFY(several.set(ViewLimits::Kind::Clients, u"One."_s, &first));
        QVERIFY(several.set(ViewLimits::Kind::Clients, u"Two."_s, &second));
        QVERIFY(!several.set(ViewLimits::Kind::Clients, u"One."_s, &first));
        QVERIFY(!several.end(ViewLimits::Kind::Clients));
        QVERIFY(several.end(ViewLimits::Kind::Clients, &first));
        QCOMPARE(several.texts(), QStringList(u"Two."_s));
        QVERIFY(several.has(ViewLimits::Kind::Clients));
        QVERIFY(several.set(ViewLimits::Kind::Clients, u"Two."_s, &first));
        QCOMPARE(several.texts(), QStringList(u"Two."_s)); // Said once.

        ViewLimits limits;
        QVERIFY(limits.set(ViewLimits::Kind::Keys, u"No."_s));
        QVERIFY(!limits.set(ViewLimits::Kind::Keys, u"No."_s));
        QVERIFY(limits.set(ViewLimits::Kind::LongKeys, u"One."_s));
        QVERIFY(limits.set(ViewLimits::Kind::Push, u"Push."_s));
        QCOMPARE(limits.gaps(), ViewGap::KeysUnlisted | ViewGap::EntriesLeftOut);
        QCOMPARE(limits.gapTexts(), QStringList{u"No."_s});
        QCOMPARE(limits.texts(), (QStringList{u"Push."_s, u"No."_s, u"One."_s}));
        QVERIFY(limits.end(ViewLimits::Kind::Keys));
        QVERIFY(!limits.end(ViewLimits::Kind::Keys));
        QCOMPARE(limits.gaps(), ViewGaps(ViewGap::EntriesLeftOut));
        LeftOut left;
        left.add(QByteArray("worker:\x01" + QByteArray(600, 'a')));
        QCOMPARE(left.names(), QString(u"worker: "_s + QString(32, u'a') + u'…'));
        left.add({});
        QCOMPARE(left.count(), 2);
        QVERIFY(left.names().endsWith(u", (too large to be read)"_s));
        left.add("a");
        left.add("b"); // One more than are named.
        QVERIFY(left.names().endsWith(u", a, …"_s));
    }

    void whoRegistersAgainIsAwaited()
    {
        Reregistration missing;
        QVERIFY(!missing.isAwaiting());
        missing.begin(Reregistration::Cause::Restarted, 1'000, 30'000);
        QVERIFY(missing.isAwaiting());
        QVERIFY(missing.trouble(u"Redis"_s).kind == SourceTrouble::None);
        missing.await();
        missing.await();
        QCOMPARE(missing.trouble(u"Valkey"_s).kind, SourceTrouble::Restarted);
        QCOMPARE(missing.trouble(u"Valkey"_s).text,
                 u"Valkey was restarted and has lost keys: 2 workers have not registered again yet. They are not gone."_s);
        missing.cameBack();
        QVERIFY(missing.trouble(u"Redis"_s).text.contains(u"1 worker has"_s));
        QVERIFY(!missing.isOver(30'999));
        QVERIFY(missing.isOver(31'000));
        missing.close();
        QVERIFY(!missing.isAwaiting());
        QVERIFY(!missing.isDone());
        missing.cameBack();
        QVERIFY(missing.isDone());
    }
};

PULSEDECK_TEST(RedisPartsTest, runWithEvents)

#include "redisparts_test.moc"
