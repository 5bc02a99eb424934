// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/sources/hubprotocol.h"
#include "tests/models/rollingworld.h"
#include "tests/support/testprogram.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace pulsedeck;
using namespace pulsedeck::rollingtest;

/// A rolling shutdown that is kept and read back by the next start of the console.
class RollingPlanJsonTest : public QObject
{
    Q_OBJECT

private slots:
    void jsonRoundTrip()
    {
        World world;
        world.add(4, u"chromium"_s);
        world.add(2, u"firefox"_s, true, 2);
        world.members[3].child = true;
        world.members[1].id = QByteArray("odd\xff id%41:\n");
        RollingOptions wanted = options(2, 30);
        wanted.replacement = RollingOptions::Replacement::SameHost;
        wanted.healthyBeats = 7;
        wanted.now = true;
        wanted.ttlMs = 90'000;
        RollingPlan plan = world.begin(wanted);
        QCOMPARE(plan.advance(world.view()), (Indexes{0, 1}));
        world.finish(plan, 0);
        plan.advance(world.view());
        const QJsonObject json = QJsonDocument::fromJson(QJsonDocument(plan.toJson()).toJson()).object();
        std::optional<RollingPlan> read = RollingPlan::fromJson(json);
        QVERIFY(read);
        QCOMPARE(read->state(), PlanState::Paused);
        QCOMPARE(read->explanation(), u"The console was restarted."_s);
        QCOMPARE(read->group(), plan.group());
        QCOMPARE(read->options(), wanted);
        QCOMPARE(read->by(), u"anna@desk"_s);
        QCOMPARE(read->reason(), u"new image"_s);
        QCOMPARE(read->startedAt(), plan.startedAt());
        QCOMPARE(read->sourceNames(), (QStringList{u"prod"_s, u"staging"_s}));
        // Sources have other numbers now.
        read->setSourceId(u"prod"_s, 7);
        read->setSourceId(u"staging"_s, 3);
        QCOMPARE(read->floorOf(7, u"chromium"_s), plan.floorOf(1, u"chromium"_s));
        QCOMPARE(read->floorOf(3, u"firefox"_s), plan.floorOf(2, u"firefox"_s));
        QCOMPARE(read->baselineOf(7, u"chromium"_s), 3);
        QCOMPARE(read->baselineOf(7, u"chromium"_s, true), 1);
        QCOMPARE(read->steps().size(), plan.steps().size());
        for (size_t i = 0; i < plan.steps().size(); ++i) {
            const RollingStep &before = plan.steps()[i];
            const RollingStep &after = read->steps()[i];
            QCOMPARE(after.command, before.command);
            QCOMPARE(after.worker, before.worker);
            QCOMPARE(after.type, before.type);
            QCOMPARE(after.child, before.child);
            QCOMPARE(after.host, before.host);
            QCOMPARE(after.state, before.state);
            QCOMPARE(after.stage, before.stage);
            QCOMPARE(after.sentAt, before.sentAt);
            QCOMPARE(after.goneAt, before.goneAt);
            QCOMPARE(after.source, SourceId(before.source == 1 ? 7 : 3));
        }
        QJsonObject again = read->toJson();
        for (const QString &key : {u"state"_s, u"explanation"_s})
            again.insert(key, json.value(key));
        QCOMPARE(again, json);
    }

    void whatWasSentIsNeverSentAgainAfterARestart()
    {
        World world;
        world.add(4, u"chromium"_s);
        RollingPlan plan = world.begin(options(2, 0));
        QCOMPARE(plan.advance(world.view()), (Indexes{0, 1}));
        std::optional<RollingPlan> read = RollingPlan::fromJson(plan.toJson());
        QVERIFY(read);
        read->setSourceId(u"prod"_s, 1);
        QCOMPARE(read->advance(world.view()), Indexes{}); // Paused.
        read->resume();
        QCOMPARE(read->advance(world.view()), Indexes{}); // Both places are taken.
        world.finish(plan, 0);
        world.finish(plan, 1);
        QCOMPARE(read->advance(world.view()), (Indexes{2, 3}));
    }

    void anEndedPlanStaysEnded()
    {
        World world;
        world.add(2, u"chromium"_s);
        RollingPlan plan = world.begin(options(1, 0));
        plan.advance(world.view());
        plan.abort();
        std::optional<RollingPlan> read = RollingPlan::fromJson(plan.toJson());
        QVERIFY(read);
        QCOMPARE(read->state(), PlanState::Aborted);
        read->resume();
        QCOMPARE(read->advance(world.view()), Indexes{});
        QCOMPARE(read->state(), PlanState::Aborted);
    }

    /// As earlier versions wrote it: an actor by a flag, or by nothing but its address.
    void whatAWorkerIsIsRead_data()
    {
        QTest::addColumn<QByteArray>("worker");
        QTest::addColumn<bool>("flag");
        QTest::addColumn<bool>("registers");
        QTest::newRow("worker") << QByteArray("chromium:1") << false << false;
        QTest::newRow("actor") << QByteArray("chromium:1") << true << true;
        QTest::newRow("address") << QByteArray("@(a/b)") << false << true;
    }

    void whatAWorkerIsIsRead()
    {
        QFETCH(const QByteArray, worker);
        QFETCH(const bool, flag);
        QFETCH(const bool, registers);
        World world;
        world.add(1, u"chromium"_s);
        world.members[0].id = worker;
        QJsonObject json = world.begin(options(1, 0)).toJson();
        QJsonArray steps = json["steps"_L1].toArray();
        QJsonObject step = steps.first().toObject();
        QCOMPARE(step.take("kind"_L1).toString(), u"playwright:worker"_s);
        if (flag)
            step.insert(u"actor"_s, true);
        json.insert(u"steps"_s, QJsonArray{step});
        const std::optional<RollingPlan> read = RollingPlan::fromJson(json);
        QVERIFY(read);
        QCOMPARE(read->steps().front().traits, registers ? hubTraits() : TraitsRef());
        QCOMPARE(read->toJson()["steps"_L1][0]["kind"_L1].toString(), registers ? u"hub:actor"_s : u"playwright:worker"_s);
    }

    /// By its name; whatever its id looks like.
    void theKindOfAWorkerIsKept()
    {
        World world;
        world.add(1, u"chromium"_s);
        world.members[0].id = "@(a/b)";
        QJsonObject json = world.begin(options(1, 0)).toJson();
        QJsonArray steps = json["steps"_L1].toArray();
        QJsonObject step = steps.first().toObject();
        step.insert(u"kind"_s, u"lab:probe"_s);
        json.insert(u"steps"_s, QJsonArray{step});
        const std::optional<RollingPlan> read = RollingPlan::fromJson(json);
        QVERIFY(read);
        const TraitsRef probe = read->steps().front().traits;
        QCOMPARE(probe->kindName(), u"probe"_s);
        QVERIFY2(!probe->offers(Act::Shutdown), "nothing is known of it");
        QCOMPARE(read->toJson()["steps"_L1][0]["kind"_L1].toString(), u"lab:probe"_s);
    }

    void refusesBrokenJson()
    {
        World world;
        world.add(2, u"chromium"_s);
        const QJsonObject good = world.begin(options(1, 0)).toJson();
        QVERIFY(RollingPlan::fromJson(good));
        QVERIFY(!RollingPlan::fromJson({}));
        for (const QString &key : {u"version"_s, u"group"_s, u"options"_s, u"state"_s, u"types"_s}) {
            QJsonObject bad = good;
            bad.insert(key, u"nonsense"_s);
            QVERIFY2(!RollingPlan::fromJson(bad), qPrintable(key));
        }
        QJsonArray steps = good["steps"_L1].toArray();
        steps.append(steps.first()); // The same command twice.
        QJsonObject twice = good;
        twice.insert(u"steps"_s, steps);
        QVERIFY(!RollingPlan::fromJson(twice));
    }
};

PULSEDECK_TEST(RollingPlanJsonTest, runPlain)
#include "rollingplanjson_test.moc"
