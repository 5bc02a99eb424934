// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/rollingwords.h"
#include "tests/models/rollingworld.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;
using namespace pulsedeck::rollingtest;

class RollingPlanTest : public QObject
{
    Q_OBJECT

private slots:
    void sendsAtMostSoManyAtATime()
    {
        World world;
        world.add(6, u"chromium"_s);
        RollingPlan plan = world.begin(options(2, 0));
        QCOMPARE(plan.advance(world.view()), (Indexes{0, 1}));
        QCOMPARE(plan.underway(), 2);
        QCOMPARE(plan.advance(world.view()), Indexes{});
        world.finish(plan, 1);
        QCOMPARE(plan.advance(world.view()), Indexes{2});
        world.finish(plan, 0);
        world.finish(plan, 2);
        QCOMPARE(plan.advance(world.view()), (Indexes{3, 4}));
        world.finish(plan, 3);
        world.finish(plan, 4);
        QCOMPARE(plan.advance(world.view()), Indexes{5});
        QCOMPARE(plan.state(), PlanState::Running);
        world.finish(plan, 5);
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.state(), PlanState::Finished);
        QCOMPARE(plan.finished(), 6);
        QVERIFY(plan.explanation().isEmpty());
    }

    void neverUndercutsTheFloorAndSaysThatItWaits()
    {
        World world;
        world.add(10, u"firefox"_s);
        RollingPlan plan = world.begin(options(5, 75)); // 7.5 of 10: 8 have to stay.
        QCOMPARE(plan.floorOf(1, u"firefox"_s), 8);
        QCOMPARE(plan.baselineOf(1, u"firefox"_s), 10);
        QCOMPARE(plan.advance(world.view()), (Indexes{0, 1}));
        // The store still shows them available: they count as gone all the same.
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.explanation(), u"firefox is at its floor of 8: 8 queued workers wait"_s);
        world.finish(plan, 0);
        world.finish(plan, 1);
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.state(), PlanState::Running);
        // Newcomers make room.
        world.add(1, u"firefox"_s, false);
        QCOMPARE(plan.advance(world.view()), Indexes{2});
    }

    void pausesWhenTheFloorCanNeverBeLeft()
    {
        World world;
        world.add(4, u"firefox"_s);
        RollingPlan plan = world.begin(options(2, 100));
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.state(), PlanState::Running);
        world.now += RollingPlan::patienceMs;
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.state(), PlanState::Paused);
        QVERIFY(plan.pausedByItself());
        QCOMPARE(plan.explanation(), u"firefox is at its floor of 4: 4 queued workers cannot go"_s);
        // Let go on, it waits for capacity without asking again.
        plan.resume();
        world.now += 10 * RollingPlan::patienceMs;
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.state(), PlanState::Running);
        QVERIFY(plan.explanation().contains(u"at its floor"_s));
        world.add(1, u"firefox"_s, false);
        QCOMPARE(plan.advance(world.view()), Indexes{0});
    }

    void keepsGoingWithOtherTypesWhileOneIsHeld()
    {
        World world;
        world.add(2, u"firefox"_s);
        world.add(4, u"chromium"_s);
        world.add(4, u"firefox"_s, true, 2);
        RollingPlan plan = world.begin(options(3, 60));
        // prod firefox: 2 of 2 have to stay; chromium: 3 of 4; staging firefox: 3 of 4.
        QCOMPARE(plan.floorOf(1, u"firefox"_s), 2);
        QCOMPARE(plan.floorOf(1, u"chromium"_s), 3);
        QCOMPARE(plan.floorOf(2, u"firefox"_s), 3);
        QCOMPARE(plan.advance(world.view()), (Indexes{2, 6}));
        QVERIFY2(plan.explanation().startsWith(u"firefox on prod is at its floor of 2"_s), qPrintable(plan.explanation()));
    }

    /// Three pools for each master neither stay for it, nor are they its replacement.
    void thoseBelowOthersAreNotCountedAmongThem()
    {
        World world;
        world.add(2, {});
        world.add(6, {}, false);
        for (size_t i = 2; i < world.members.size(); ++i)
            world.members[i].child = true;
        RollingOptions wanted = options(2, 50);
        wanted.replacement = RollingOptions::Replacement::SameType;
        wanted.healthyBeats = 1;
        RollingPlan plan = world.begin(wanted);
        QCOMPARE(plan.baselineOf(1, {}), 2);
        QCOMPARE(plan.floorOf(1, {}), 1);
        QCOMPARE(plan.advance(world.view()), Indexes{0});
        world.finish(plan, 0);
        world.newcomer("web-2:pool", {}, 5);
        world.newcomers.back().child = true;
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.steps()[0].state, RollingStep::State::WaitingReplacement);
        world.newcomer("web-2", {}, 5);
        plan.advance(world.view());
        QCOMPARE(plan.steps()[0].state, RollingStep::State::Finished);
        QCOMPARE(plan.steps()[0].replacedBy, "web-2");
    }

    void oneThatDrainsAlreadyCostsNothing()
    {
        World world;
        world.add(4, u"chromium"_s);
        world.members[3].presence = Presence::Uncounted;
        RollingPlan plan = world.begin(options(4, 100));
        QCOMPARE(plan.baselineOf(1, u"chromium"_s), 3);
        QCOMPARE(plan.advance(world.view()), Indexes{3});
    }

    void capacityThatWasNeverThereHasNoFloor()
    {
        World world;
        world.add(2, u"webkit"_s);
        for (World::Member &member : world.members)
            member.presence = Presence::Uncounted;
        RollingPlan plan = world.begin(options(2, 80));
        QCOMPARE(plan.floorOf(1, u"webkit"_s), 0);
        // They became available after all: the floor is a share of what was there.
        for (World::Member &member : world.members)
            member.presence = Presence::Counted;
        QCOMPARE(plan.advance(world.view()), (Indexes{0, 1}));
    }

    void deathsMeanwhileTakeTheRoomAway()
    {
        World world;
        world.add(10, u"chromium"_s);
        world.add(2, u"chromium"_s, false);
        RollingPlan plan = world.begin(options(3, 75)); // 9 of 12.
        world.members[10].presence = Presence::Died;
        QCOMPARE(plan.advance(world.view()), (Indexes{0, 1}));
        world.members[11].presence = Presence::Died; // 8 are left: below.
        world.finish(plan, 0);
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.state(), PlanState::Running); // One late beat would look the same.
        world.now += RollingPlan::patienceMs;
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.state(), PlanState::Paused);
        QCOMPARE(plan.explanation(), u"chromium fell below its floor: 8 available of 9 that should stay."_s);
        plan.resume();
        world.now += RollingPlan::patienceMs;
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.state(), PlanState::Running); // Accepted; nothing is sent all the same.
        world.add(3, u"chromium"_s, false);
        world.finish(plan, 1);
        QCOMPARE(plan.advance(world.view()), (Indexes{2, 3}));
        // A second fall is a reason of its own.
        for (size_t i = 12; i < world.members.size(); ++i)
            world.members[i].presence = Presence::Died;
        plan.advance(world.view());
        world.now += RollingPlan::patienceMs;
        plan.advance(world.view());
        QCOMPARE(plan.state(), PlanState::Paused);
    }

    void pausesOnEachAnomaly_data()
    {
        QTest::addColumn<CommandStage>("stage");
        QTest::addColumn<QString>("note");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("overdue") << CommandStage::Overdue << QString()
                                 << u"00000000 is overdue: it has been draining for longer than the drain timeout."_s;
        QTest::newRow("forgotten") << CommandStage::Forgotten << QString()
                                   << u"00000000 has forgotten its drain: it reports available again."_s;
        QTest::newRow("lost") << CommandStage::Lost << QString() << u"00000000 died before it had finished: its key expired."_s;
        QTest::newRow("expired") << CommandStage::ExpiredUnread << QString()
                                 << u"00000000 did not read the command in 60 s. It still sends heartbeats and takes work."_s;
        QTest::newRow("refused") << CommandStage::Refused << u"already commanded"_s
                                 << u"The command for 00000000 was refused: already commanded."_s;
        QTest::newRow("withdrawn") << CommandStage::Withdrawn << QString() << u"The command for 00000000 was withdrawn."_s;
        QTest::newRow("unknown") << CommandStage::Unknown << QString()
                                 << u"00000000: the connection was lost before the answer. It is looked up, not repeated."_s;
    }

    void pausesOnEachAnomaly()
    {
        QFETCH(const CommandStage, stage);
        QFETCH(const QString, note);
        QFETCH(const QString, sentence);
        World world;
        world.add(3, u"chromium"_s);
        RollingPlan plan = world.begin(options(1, 0));
        QCOMPARE(plan.advance(world.view()), Indexes{0});
        const QUuid command = plan.steps()[0].command;
        world.stages.insert(command, CommandStage::PickedUp);
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.state(), PlanState::Running);
        world.stages.insert(command, stage);
        world.notes.insert(command, note);
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.state(), PlanState::Paused);
        QVERIFY(plan.pausedByItself());
        QCOMPARE(plan.explanation(), sentence);
        QCOMPARE(plan.advance(world.view()), Indexes{}); // Paused stays paused.
        plan.resume();
        QCOMPARE(plan.advance(world.view()), Indexes{1}); // Accepted: it holds no place any more.
        QCOMPARE(plan.state(), PlanState::Running);
        QCOMPARE(plan.steps()[0].state, StepState::Failed);
        // One that goes late after all counts as gone.
        world.finish(plan, 0);
        plan.advance(world.view());
        QCOMPARE(plan.steps()[0].state, StepState::Finished);
    }

    void aWorkerThatDiesBeforeItsTurnPauses()
    {
        World world;
        world.add(3, u"chromium"_s);
        RollingPlan plan = world.begin(options(1, 0));
        QCOMPARE(plan.advance(world.view()), Indexes{0});
        world.members[1].presence = Presence::Died;
        world.finish(plan, 0);
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.explanation(), u"00000001 died before its turn came: its key expired."_s);
        plan.resume();
        QCOMPARE(plan.steps()[1].state, StepState::Skipped);
        QCOMPARE(plan.advance(world.view()), Indexes{2});
    }

    void aWorkerThatLeftInOrderIsPassedOver()
    {
        World world;
        world.add(2, u"chromium"_s);
        world.members[0].presence = Presence::Left;
        RollingPlan plan = world.begin(options(1, 0));
        QCOMPARE(plan.advance(world.view()), Indexes{1});
        QCOMPARE(plan.steps()[0].state, StepState::Skipped);
        QCOMPARE(plan.state(), PlanState::Running);
    }

    void pausesWhenASourceIsLost()
    {
        World world;
        world.add(2, u"chromium"_s);
        RollingPlan plan = world.begin(options(1, 0));
        world.connected = {2};
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.explanation(), u"prod is not connected: the state of its workers is not known."_s);
        plan.resume();
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.state(), PlanState::Running);
        QCOMPARE(plan.explanation(), u"Waits for prod to be connected again."_s);
        world.connected = {1, 2};
        QCOMPARE(plan.advance(world.view()), Indexes{0});
        world.connected = {};
        plan.advance(world.view());
        QCOMPARE(plan.state(), PlanState::Paused); // Lost again: asked again.
    }

    void pausesAsLongAsWritingIsBarred()
    {
        World world;
        world.add(2, u"chromium"_s);
        RollingPlan plan = world.begin(options(1, 0));
        world.barred.insert(1, u"Writing is locked."_s);
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.explanation(), u"Writing is locked."_s);
        plan.resume();
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.state(), PlanState::Paused);
        world.barred.clear();
        plan.resume();
        QCOMPARE(plan.advance(world.view()), Indexes{0});
    }

    void severalCausesAreAcceptedTogether()
    {
        World world;
        world.add(4, u"chromium"_s);
        RollingPlan plan = world.begin(options(2, 0));
        plan.advance(world.view());
        world.stages.insert(plan.steps()[0].command, CommandStage::ExpiredUnread);
        plan.advance(world.view());
        world.stages.insert(plan.steps()[1].command, CommandStage::Overdue); // While it is paused.
        plan.advance(world.view());
        QVERIFY2(plan.explanation().endsWith(u" And 1 more."_s), qPrintable(plan.explanation()));
        plan.resume();
        QCOMPARE(plan.advance(world.view()), (Indexes{2, 3}));
    }

    void waitsForAReplacementOfTheSameType()
    {
        World world;
        world.add(4, u"chromium"_s);
        RollingOptions wanted = options(1, 25);
        wanted.replacement = RollingOptions::Replacement::SameType;
        wanted.healthyBeats = 3;
        RollingPlan plan = world.begin(wanted);
        QCOMPARE(plan.advance(world.view()), Indexes{0});
        world.finish(plan, 0);
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.steps()[0].state, StepState::WaitingReplacement);
        QCOMPARE(plan.underway(), 1);
        world.newcomer("firefox:other", u"firefox"_s, 9);
        world.newcomer("chromium:new-1", u"chromium"_s, 2);
        QCOMPARE(plan.advance(world.view()), Indexes{}); // Not healthy long enough.
        world.newcomers[1].healthyBeats = 3;
        QCOMPARE(plan.advance(world.view()), Indexes{1});
        QCOMPARE(plan.steps()[0].replacedBy, "chromium:new-1"_ba);
        QCOMPARE(plan.steps()[0].state, StepState::Finished);
        // It does not count a second time.
        world.finish(plan, 1);
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.steps()[1].state, StepState::WaitingReplacement);
        world.now += wanted.replacementWaitMs;
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.state(), PlanState::Paused);
        QCOMPARE(plan.explanation(), u"No replacement for 00000001 came within 300 s."_s);
        plan.resume();
        QCOMPARE(plan.advance(world.view()), Indexes{2});
    }

    void whoWaitedForAReplacementIsGoneWhenItIsStopped()
    {
        World world;
        world.add(4, u"chromium"_s);
        RollingOptions wanted = options(2, 0);
        wanted.replacement = RollingOptions::Replacement::SameType;
        RollingPlan plan = world.begin(wanted);
        QCOMPARE(plan.advance(world.view()), (Indexes{0, 1}));
        world.finish(plan, 0);
        plan.advance(world.view());
        QCOMPARE(plan.steps()[0].state, StepState::WaitingReplacement);
        plan.abort();
        QCOMPARE(endSentence(plan.data()), u"Rolling shutdown stopped, 1 of 4 gone, 1 still under way, 2 skipped."_s);
        world.finish(plan, 1);
        plan.advance(world.view());
        QCOMPARE(endSentence(plan.data()), u"Rolling shutdown stopped, 2 of 4 gone, 2 skipped."_s);
    }

    void waitsForAReplacementOnTheSameHost()
    {
        World world;
        world.add(3, u"chromium"_s);
        RollingOptions wanted = options(2, 0);
        wanted.replacement = RollingOptions::Replacement::SameHost;
        RollingPlan plan = world.begin(wanted);
        QCOMPARE(plan.advance(world.view()), (Indexes{0, 1}));
        world.finish(plan, 0);
        world.finish(plan, 1);
        world.newcomer("chromium:elsewhere", u"chromium"_s, 9, "10.7.7.7:3131");
        QCOMPARE(plan.advance(world.view()), Indexes{});
        world.newcomer("chromium:here", u"chromium"_s, 9, world.members[1].host);
        QCOMPARE(plan.advance(world.view()), Indexes{2});
        QCOMPARE(plan.steps()[1].replacedBy, "chromium:here"_ba);
        QVERIFY(plan.steps()[0].replacedBy.isEmpty());
    }

    void theLastOnesDoNotPauseForNothing()
    {
        World world;
        world.add(2, u"chromium"_s);
        RollingPlan plan = world.begin(options(2, 0));
        plan.advance(world.view());
        world.finish(plan, 0);
        world.stages.insert(plan.steps()[1].command, CommandStage::Overdue);
        plan.advance(world.view());
        QCOMPARE(plan.state(), PlanState::Running);
        QVERIFY(plan.explanation().contains(u"overdue"_s));
        world.stages.insert(plan.steps()[1].command, CommandStage::Lost);
        plan.advance(world.view());
        QCOMPARE(plan.state(), PlanState::Finished);
        QCOMPARE(plan.explanation(), u"1 of 2 did not go: 00000001 (lost)."_s);
    }

    void isPausedResumedSkippedAndStopped()
    {
        World world;
        world.add(5, u"chromium"_s);
        RollingPlan plan = world.begin(options(1, 0));
        plan.pause(u"Paused by anna."_s);
        QVERIFY(!plan.pausedByItself());
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.explanation(), u"Paused by anna."_s);
        plan.resume();
        QCOMPARE(plan.advance(world.view()), Indexes{0});
        plan.skip(1);
        plan.skip(0); // Sent already: cannot be skipped.
        QCOMPARE(plan.steps()[0].state, StepState::Sent);
        world.finish(plan, 0);
        QCOMPARE(plan.advance(world.view()), Indexes{2});
        plan.abort();
        QCOMPARE(plan.state(), PlanState::Aborted);
        QCOMPARE(plan.explanation(), u"Stopped: 2 queued workers stay."_s);
        QCOMPARE(plan.queued(), 0);
        QCOMPARE(plan.underway(), 1);
        world.finish(plan, 2);
        QCOMPARE(plan.advance(world.view()), Indexes{});
        QCOMPARE(plan.underway(), 0);
        QCOMPARE(plan.state(), PlanState::Aborted);
        plan.resume();
        plan.pause(u"no"_s);
        QCOMPARE(plan.state(), PlanState::Aborted); // Ended stays ended.
    }

    void aFrozenViewDecidesNothing()
    {
        World world;
        world.add(2, u"chromium"_s);
        RollingPlan plan = world.begin(options(1, 0));
        RollingView view = world.view();
        view.frozen = true;
        QCOMPARE(plan.advance(view), Indexes{});
        QVERIFY(plan.explanation().contains(u"view is paused"_s));
        QCOMPARE(plan.advance(world.view()), Indexes{0});
        QVERIFY(plan.explanation().isEmpty());
    }

    void estimatesFromTheGuessAndThenFromThePace()
    {
        World world;
        world.add(10, u"chromium"_s);
        RollingPlan plan = world.begin(options(2, 0));
        QCOMPARE(plan.estimateMs(world.now, 30'000), 150'000); // Five rounds.
        plan.advance(world.view());
        world.now += 10'000;
        plan.advance(world.view());
        QCOMPARE(plan.estimateMs(world.now, 30'000), 140'000);
        world.finish(plan, 0);
        world.finish(plan, 1);
        plan.advance(world.view()); // Two went in 10 s: eight more take 40 s.
        QCOMPARE(plan.estimateMs(world.now, 30'000), 40'000);
        QCOMPARE(plan.estimateMs(world.now + 5'000, 30'000), 35'000);
        plan.pause(u"pause"_s);
        world.now += 1'000'000; // A pause is no part of the pace.
        plan.advance(world.view());
        QCOMPARE(plan.estimateMs(world.now, 30'000), 40'000);
        plan.abort();
        QCOMPARE(plan.estimateMs(world.now, 30'000), 0);
    }
};

PULSEDECK_TEST(RollingPlanTest, runWithEvents)
#include "rollingplan_test.moc"
