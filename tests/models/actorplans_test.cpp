// SPDX-License-Identifier: GPL-3.0-or-later
// Before commands to actors are given: what is previewed of them, and rolling plans that they are part of.
#include "models/commands/commandpreview.h"
#include "models/commands/rollingplan.h"
#include "models/commands/rollingsurvey.h"
#include "models/fleet/sourcelistmodel.h"
#include "tests/models/actorsfixture.h"
#include "tests/support/testprogram.h"

#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

class ActorPlansTest : public QObject
{
    Q_OBJECT

private slots:
    void previewsActors();
    void previewsMixedSelections();
    void rollsAndPausesForSilence();
};

void ActorPlansTest::previewsActors()
{
    Actors a;
    SourceListModel sources(a.fleet.store);
    for (const SourceId id : a.fleet.store.sources()) {
        SourceSettings settings;
        settings.id = id;
        settings.name = a.fleet.store.sourceName(id);
        settings.kind = id == HubScene::source ? SourceKind::Hub : SourceKind::Redis;
        sources.setSource(settings);
    }
    WriteAccess access(a.fleet.store, sources, a.fleet.clock);
    std::vector<WorkerHandle> all;
    for (int i = 0; i < 8; ++i)
        all.push_back(a.hub.handle(i));
    const auto preview = [&](Act act, int floor = 0) { return previewCommand(a.fleet.store, a.ledger, access, act, all, floor); };
    const CommandPreview shutdown = preview(Act::Shutdown);
    QCOMPARE(shutdown.acting.size(), size_t(8));
    QCOMPARE(shutdown.actors, 8);
    QCOMPARE(shutdown.withKey(), 0);
    QCOMPARE(shutdown.sessionsUnknown, 0);
    QCOMPARE(shutdown.intervalMs, 0);
    QVERIFY(!shutdown.undoable);
    QCOMPARE(shutdown.undoText, u"A message that was delivered cannot be withdrawn."_s);
    // Capacity by the first capability: 6 agents, 2 … as they are.
    int before = 0;
    for (const CapacityChange &change : shutdown.capacity) {
        before += change.before;
        QCOMPARE(change.after, 0);
        QVERIFY(change.type == u"agent"_s || change.type == u"browser"_s);
    }
    QCOMPARE(before, 8);
    QCOMPARE(preview(Act::Shutdown, 80).friction, Friction::TypeName);
    QCOMPARE(preview(Act::Drain).acting.size(), size_t(8));
    // Also while locked, when the hub has not said what it cannot do.
    const QHash<Act, QString> never{{Act::Resume, u"there is no message that undoes an actor's drain"_s},
                                    {Act::Cancel, u"a message that was delivered cannot be withdrawn"_s},
                                    {Act::Reap, u"the hub removes expired registrations itself"_s},
                                    {Act::RemoveKey, u"the hub removes expired registrations itself"_s}};
    for (const bool told : {false, true}) {
        if (told)
            a.hub.deny();
        for (auto act = never.cbegin(); act != never.cend(); ++act) {
            const CommandPreview one = preview(act.key());
            QVERIFY(one.isEmpty());
            QCOMPARE(one.leftOut.front().why, Exclusion(Exclusion::Reason::NotOffered, act.value()));
            QCOMPARE(exclusionText(one.leftOut.front().why), act.value());
        }
    }
    // One that accepted a drain does not drain twice.
    a.hub.say(0, WorkerStatus::Draining);
    QCOMPARE(preview(Act::Drain).acting.size(), size_t(7));
    QCOMPARE(preview(Act::Drain).leftOut.front().why, Exclusion(Exclusion::Reason::Draining));
    // Takes work as long as it is registered and alive.
    QVERIFY(takesSessions(a.fleet.store.worker(a.hub.handle(1))));
    QVERIFY(!takesSessions(a.fleet.store.worker(a.hub.handle(0))));
}

void ActorPlansTest::previewsMixedSelections()
{
    Actors a;
    SourceListModel sources(a.fleet.store);
    WriteAccess access(a.fleet.store, sources, a.fleet.clock);
    const WorkerHandle worker = a.add(0, "chromium:11111111-1111-4222-8333-444444444444", 3);
    const WorkerHandle actor = a.hub.handle(0);
    for (int i = 0; i < 6; ++i) {
        a.step(10'000);
        a.see(a.sample(0, WorkerStatus::Available, 3));
    }
    const CommandPreview both = previewCommand(a.fleet.store, a.ledger, access, Act::Shutdown, {worker, actor}, 0);
    QCOMPARE(both.acting.size(), size_t(2));
    QCOMPARE(both.actors, 1);
    QCOMPARE(both.sessions, 3);
    // The heartbeat is the worker's: a renewal every few minutes must not count.
    QCOMPARE(both.intervalMs, 10'000);
    QVERIFY(both.undoable);
    QVERIFY(both.undoText.contains(u"A message to an actor cannot be withdrawn."_s));
    const CommandPreview cancel = previewCommand(a.fleet.store, a.ledger, access, Act::Cancel, {worker, actor}, 0);
    QCOMPARE(cancel.leftOut.size(), size_t(2));
}

void ActorPlansTest::rollsAndPausesForSilence()
{
    std::vector<RollingStep> steps;
    for (int i = 0; i < 3; ++i) {
        RollingStep step;
        step.command = QUuid::createUuid();
        step.source = HubScene::source;
        step.worker = HubScene::address(i);
        step.type = u"agent"_s;
        steps.push_back(step);
    }
    RollingOptions options;
    options.atATime = 1;
    options.floorPercent = 0;
    options.replacement = RollingOptions::Replacement::None;
    RollingPlan plan(QUuid::createUuid(), options, steps, {{HubScene::source, u"agent"_s, 3}}, 1'000, {}, {});
    RollingView view;
    view.now = 1'000;
    view.connected = {HubScene::source};
    view.capacity = {{HubScene::source, u"agent"_s, 3}};
    QCOMPARE(plan.advance(view), std::vector<int>{0});
    view.stages.insert(steps[0].command, CommandStage::Delivered);
    view.now += 2'000;
    QCOMPARE(plan.advance(view), std::vector<int>{});
    QCOMPARE(plan.state(), RollingPlan::State::Paused);
    QVERIFY(plan.pausedByItself());
    QCOMPARE(plan.explanation(),
             u"@(local/agent-0) did not answer: the message was delivered, and whether it goes is not known."_s);
    plan.resume();
    view.now += 1'000;
    QCOMPARE(plan.advance(view), std::vector<int>{1});
    // The next one answers and goes; the first goes after all.
    view.stages.insert(steps[1].command, CommandStage::PickedUp);
    QCOMPARE(plan.advance(view), std::vector<int>{});
    view.stages.insert(steps[1].command, CommandStage::Gone);
    view.stages.insert(steps[0].command, CommandStage::Gone);
    view.now += 1'000;
    QCOMPARE(plan.advance(view), std::vector<int>{2});
    QCOMPARE(plan.state(), RollingPlan::State::Running);
}

PULSEDECK_TEST(ActorPlansTest, runWithEvents)
#include "actorplans_test.moc"
