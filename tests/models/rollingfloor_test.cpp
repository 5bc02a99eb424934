// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/rollingworld.h"
#include "tests/support/testprogram.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTest>

#include <array>
#include <map>

using namespace Qt::StringLiterals;
using namespace pulsedeck;
using namespace pulsedeck::rollingtest;

/// What a rolling shutdown promises, on fleets and events nobody thought of.
class RollingFloorTest : public QObject
{
    Q_OBJECT

private slots:
    void theFloorHoldsOnRandomFleets_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 300; ++seed)
            QTest::newRow(qPrintable(QString::number(seed))) << seed;
    }

    /// Random fleets, options, deaths, births, stages in any order, pauses, restarts: at the moment of each send what
    /// is left of its type, were all gone who were sent, is at least the floor; nobody is sent twice; never more than
    /// allowed are under way.
    void theFloorHoldsOnRandomFleets()
    {
        QFETCH(const quint32, seed);
        QRandomGenerator random(seed);
        const auto chance = [&random](int percent) { return random.bounded(100) < percent; };
        World world;
        const QStringList types{u"chromium"_s, u"firefox"_s, QString()};
        for (int i = 0; i < 1 + random.bounded(3); ++i) {
            world.add(random.bounded(20), types[random.bounded(3)], true, SourceId(1 + random.bounded(2)));
            world.add(random.bounded(10), types[random.bounded(3)], false, SourceId(1 + random.bounded(2)));
        }
        for (World::Member &member : world.members) {
            if (chance(15))
                member.presence = Presence::Uncounted;
        }
        RollingOptions wanted = options(1 + random.bounded(6), random.bounded(101));
        wanted.replacement = RollingOptions::Replacement(random.bounded(3));
        wanted.healthyBeats = random.bounded(4);
        wanted.replacementWaitMs = 20'000;
        RollingPlan plan = world.begin(wanted);
        std::map<std::pair<SourceId, QString>, int> floors;
        for (const RollingView::Capacity &capacity : world.capacity())
            floors[{capacity.source, capacity.type}] = (capacity.available * wanted.floorPercent + 99) / 100;

        const std::array someStages{CommandStage::Requested,     CommandStage::Written,   CommandStage::Announced,
                                    CommandStage::PickedUp,      CommandStage::Emptying,  CommandStage::Overdue,
                                    CommandStage::Forgotten,     CommandStage::Unknown,   CommandStage::Gone,
                                    CommandStage::Gone,          CommandStage::Gone,      CommandStage::Lost,
                                    CommandStage::ExpiredUnread, CommandStage::Withdrawn, CommandStage::Refused};
        QSet<int> sentEver;
        for (int round = 0; round < 400 && !plan.hasEnded(); ++round) {
            world.now += random.bounded(3'000);
            for (World::Member &member : world.members) {
                if (chance(1) && member.presence == Presence::Counted)
                    member.presence = chance(50) ? Presence::Died : Presence::Left;
                else if (chance(3) && member.presence == Presence::Counted)
                    member.presence = Presence::Uncounted; // Late.
                else if (chance(30) && member.presence == Presence::Uncounted)
                    member.presence = Presence::Counted;
            }
            if (chance(10)) {
                const QString type = types[random.bounded(3)];
                world.add(1, type, false, SourceId(1 + random.bounded(2)));
                world.newcomers.push_back({world.members.back().source, world.members.back().id, type,
                                           chance(50) ? world.members[0].host : world.members.back().host, world.now, 0});
            }
            for (RollingView::Newcomer &newcomer : world.newcomers)
                newcomer.healthyBeats += random.bounded(2);
            for (size_t i = 0; i < plan.steps().size(); ++i) {
                const RollingStep &step = plan.steps()[i];
                if (step.state == StepState::Queued || isEnd(world.stages.value(step.command)) || !chance(30))
                    continue;
                const CommandStage stage = someStages[size_t(random.bounded(int(someStages.size())))];
                World::Member &member = world.of(plan, int(i));
                world.stages.insert(step.command, stage);
                if (stage == CommandStage::Gone)
                    member.presence = Presence::Left;
                else if (stage == CommandStage::Lost)
                    member.presence = Presence::Died;
                else if (stage == CommandStage::PickedUp && member.presence == Presence::Counted)
                    member.presence = Presence::Uncounted;
            }
            world.connected.clear();
            for (const SourceId source : {SourceId(1), SourceId(2)}) {
                if (!chance(5))
                    world.connected.push_back(source);
            }
            if (plan.state() == PlanState::Paused && chance(50))
                plan.resume();
            if (chance(2)) {
                std::optional<RollingPlan> read = RollingPlan::fromJson(plan.toJson());
                QVERIFY(read);
                const QStringList names = read->sourceNames();
                for (const QString &name : names)
                    read->setSourceId(name, name == u"prod"_s ? 1 : 2);
                plan = *read;
            }

            const bool wasPaused = plan.state() == PlanState::Paused;
            const Indexes sent = plan.advance(world.view());
            QVERIFY(!wasPaused || sent.empty());
            QVERIFY(plan.state() == PlanState::Running || sent.empty() || plan.hasEnded());
            QVERIFY(plan.state() != PlanState::Paused || !plan.explanation().isEmpty());
            QVERIFY(plan.underway() <= wanted.atATime);
            for (const int step : sent) {
                QVERIFY2(!sentEver.contains(step), "sent twice");
                sentEver.insert(step);
            }
            // What is left when all have gone who were told to and may still go.
            std::map<std::pair<SourceId, QString>, int> left;
            for (const World::Member &member : world.members) {
                if (member.presence == Presence::Counted)
                    ++left[{member.source, member.type}];
            }
            for (const int index : sentEver) {
                const RollingStep &step = plan.steps()[size_t(index)];
                if (world.of(plan, index).presence == Presence::Counted && !isEnd(world.stages.value(step.command)))
                    --left[{step.source, step.type}];
            }
            for (const int index : sent) {
                const RollingStep &step = plan.steps()[size_t(index)];
                if (world.of(plan, index).presence == Presence::Counted)
                    QVERIFY2(left[std::pair(step.source, step.type)] >= floors[std::pair(step.source, step.type)],
                             "floor undercut");
            }
        }
    }
};

PULSEDECK_TEST(RollingFloorTest, runPlain)
#include "rollingfloor_test.moc"
