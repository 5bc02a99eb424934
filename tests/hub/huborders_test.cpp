// SPDX-License-Identifier: GPL-3.0-or-later
// Drain and shutdown as messages, and the actors' answers: late, twice, or somebody else's.
#include "models/commands/commandledger.h"
#include "tests/hub/hubrawclient.h"
#include "tests/hub/hubscene.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace pulsedeck::fleet;
using namespace Qt::StringLiterals;
using HubOrdersOutcome = CommandProgress::Outcome;

class HubOrdersTest : public QObject
{
    Q_OBJECT

private slots:
    void answeredAfterItWasDelivered();
    void refusedAfterItWasDelivered();
    void onlyTheActorsOwnWordCounts();
    void anUncertainOneMayStillBeAnswered();
    void whyNoAnswerCanCome();
    void manyAtOnce();
    void lockedWhileTheyWait();
    void drainingIsRemembered();
    void aLookUpWaitsForThoseToComeBack();
    void anAnswerToAnEarlierRunIsTaken_data();
    void anAnswerToAnEarlierRunIsTaken();

private:
    static void ack(HubRawClient &actor, const QString &to, const QUuid &command, const QJsonValue &accepted = true)
    {
        QJsonObject data{{u"commandId"_s, command.toString(QUuid::WithoutBraces)}, {u"accepted"_s, accepted}};
        if (accepted.isBool() && !accepted.toBool())
            data.insert(u"reason"_s, u"in the middle of it"_s);
        actor.send(actor.envelope(u"hub:send"_s, QJsonObject{{u"to"_s, to}, {u"type"_s, u"worker:ack"_s}, {u"data"_s, data}}, {},
                                  u"tell"_s));
    }
    static bool joinAs(HubRawClient &actor, const HubScene &scene, const QString &address)
    {
        return actor.join(scene.hub.server->port()) && !actor.registerActor(address).isEmpty();
    }
};

void HubOrdersTest::answeredAfterItWasDelivered()
{
    HubScene scene;
    scene.options.ackWaitMs = 100;
    QVERIFY(scene.start(1, true));
    const QStringList slow = scene.actors->slow(1, 800);
    const Command drain = scene.command(Act::Drain, slow.first());
    scene.source->carryOut({drain});
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 1, HubWatch::limitMs);
    QCOMPARE(scene.seen.progress[0].outcome, HubOrdersOutcome::Delivered);
    QCOMPARE(scene.seen.progress[0].text, u"delivered; the actor has not answered"_s);
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 2, HubWatch::limitMs);
    QCOMPARE(scene.seen.progress[1].outcome, HubOrdersOutcome::Acknowledged);
    QCOMPARE(scene.seen.progress[1].command, drain.id);
    QCOMPARE(scene.seen.progress[1].status, WorkerStatus::Draining);
}

void HubOrdersTest::refusedAfterItWasDelivered()
{
    HubScene scene;
    scene.options.ackWaitMs = 100;
    HubRawClient actor(u"@(local/raw)"_s);
    QVERIFY(joinAs(actor, scene, u"@(local/raw)"_s));
    QVERIFY(scene.start(0, true));
    const Command shutdown = scene.command(Act::Shutdown, u"@(local/raw)"_s);
    scene.source->carryOut({shutdown});
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 1, HubWatch::limitMs);
    QCOMPARE(scene.seen.progress[0].outcome, HubOrdersOutcome::Delivered);
    const QJsonObject told = actor.takeType(u"worker:shutdown"_s).value(u"payload"_s).toObject();
    QCOMPARE(told.value(u"commandId"_s).toString(), shutdown.id.toString(QUuid::WithoutBraces));
    QCOMPARE(told.value(u"by"_s).toString(), u"me@here"_s);
    QCOMPARE(told.value(u"reason"_s).toString(), u"test"_s);
    ack(actor, scene.options.connection.address, shutdown.id, false);
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 2, HubWatch::limitMs);
    QCOMPARE(scene.seen.progress[1].outcome, HubOrdersOutcome::Refused);
    QVERIFY2(scene.seen.progress[1].text.contains(u"in the middle of it"_s), qPrintable(scene.seen.progress[1].text));
    // Twice is once: what comes after the first answer changes nothing.
    ack(actor, scene.options.connection.address, shutdown.id, true);
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.received.size(), 2, HubWatch::limitMs);
    QCOMPARE(scene.seen.progress.size(), 2);
}

void HubOrdersTest::onlyTheActorsOwnWordCounts()
{
    HubScene scene;
    scene.options.ackWaitMs = 100;
    HubRawClient actor(u"@(local/raw)"_s);
    HubRawClient stranger(u"@(local/stranger)"_s);
    QVERIFY(joinAs(actor, scene, u"@(local/raw)"_s));
    QVERIFY(joinAs(stranger, scene, u"@(local/stranger)"_s));
    QVERIFY(scene.start(0, true));
    const QString me = scene.options.connection.address;
    const Command drain = scene.command(Act::Drain, u"@(local/raw)"_s);
    scene.source->carryOut({drain});
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 1, HubWatch::limitMs);
    ack(stranger, me, drain.id); // Somebody else.
    ack(actor, me, QUuid::createUuid()); // Nobody's command.
    ack(actor, me, drain.id, u"yes"_s); // No answer at all.
    actor.ask(
        u"hub:broadcast"_s, // To everybody, and so to nobody.
        QJsonObject{{u"type"_s, u"worker:ack"_s},
                    {u"data"_s, QJsonObject{{u"commandId"_s, drain.id.toString(QUuid::WithoutBraces)}, {u"accepted"_s, true}}}});
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.received.size(), 4, HubWatch::limitMs);
    QCOMPARE(scene.seen.progress.size(), 1);
    ack(actor, me, drain.id);
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 2, HubWatch::limitMs);
    QCOMPARE(scene.seen.progress[1].outcome, HubOrdersOutcome::Acknowledged);
}

void HubOrdersTest::anUncertainOneMayStillBeAnswered()
{
    HubScene scene;
    HubRawClient actor(u"@(local/raw)"_s);
    QVERIFY(joinAs(actor, scene, u"@(local/raw)"_s));
    QVERIFY(scene.start(0, true));
    scene.hub.server->setFault(HubFault::Late, 3'000);
    const Command drain = scene.command(Act::Drain, u"@(local/raw)"_s);
    scene.source->carryOut({drain});
    QTRY_VERIFY_WITH_TIMEOUT(scene.hub.heard.contains(u"hub:send"_s), HubWatch::limitMs);
    scene.hub.server->setFault(HubFault::None);
    scene.hub.server->cut(1); // The newest connection, the console's.
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 1, HubWatch::limitMs);
    QCOMPARE(scene.seen.progress[0].outcome, HubOrdersOutcome::Unknown);
    QTRY_VERIFY_WITH_TIMEOUT(scene.source->connection()->isRegistered(), HubWatch::limitMs);
    ack(actor, scene.options.connection.address, drain.id);
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 2, HubWatch::limitMs);
    QCOMPARE(scene.seen.progress[1].outcome, HubOrdersOutcome::Acknowledged);
}

void HubOrdersTest::whyNoAnswerCanCome()
{
    HubScene scene;
    scene.options.ackWaitMs = 100;
    HubRawClient actor(u"@(local/raw)"_s);
    QVERIFY(joinAs(actor, scene, u"@(local/raw)"_s));
    QVERIFY(scene.start(0, true));
    // Somebody takes our address out of the registry, or it never was there: the hub refuses to take it.
    scene.source->connection()->setRegistered(false);
    scene.source->carryOut({scene.command(Act::Drain, u"@(local/raw)"_s)});
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 1, HubWatch::limitMs);
    QCOMPARE(scene.seen.progress[0].outcome, HubOrdersOutcome::Delivered);
    QVERIFY2(scene.seen.progress[0].text.contains(u"address is not registered"_s), qPrintable(scene.seen.progress[0].text));
}

void HubOrdersTest::manyAtOnce()
{
    HubScene scene;
    QVERIFY(scene.start(300, true));
    QList<Command> commands;
    for (const WorkerText &text : std::as_const(scene.seen.texts))
        commands.append(scene.command(Act::Drain, QString::fromUtf8(text.id)));
    scene.source->carryOut(commands);
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 300, 3 * HubWatch::limitMs);
    for (const CommandProgress &one : std::as_const(scene.seen.progress))
        QCOMPARE(one.outcome, HubOrdersOutcome::Acknowledged);
}

void HubOrdersTest::lockedWhileTheyWait()
{
    HubScene scene(false); // With the hub's limit: most of them wait.
    QVERIFY(scene.start(60, true));
    QList<Command> commands;
    for (const WorkerText &text : std::as_const(scene.seen.texts))
        commands.append(scene.command(Act::Drain, QString::fromUtf8(text.id)));
    scene.source->carryOut(commands);
    scene.source->setWritable(false);
    const auto refused = std::count_if(scene.seen.progress.cbegin(), scene.seen.progress.cend(),
                                       [](const auto &one) { return one.refusal == Refusal::ReadOnlySource; });
    QCOMPARE(refused, 60 - HubOrders::mostUnderWay);
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 60, HubWatch::limitMs);
    QVERIFY(scene.hub.count(u"hub:send"_s) <= HubOrders::mostUnderWay);
}

/// A drain is seen by whoever looks, as long as the actor says so; another actor under the same address is fresh.
void HubOrdersTest::drainingIsRemembered()
{
    HubScene scene;
    HubRawClient actor(u"@(local/raw)"_s);
    QVERIFY(joinAs(actor, scene, u"@(local/raw)"_s));
    QVERIFY(scene.start(1, true));
    const Command drain = scene.command(Act::Drain, u"@(local/raw)"_s);
    scene.source->carryOut({drain});
    actor.takeType(u"worker:drain"_s);
    ack(actor, scene.options.connection.address, drain.id);
    const auto status = [&](const QByteArray &id) { return scene.seen.sample(id)->status; };
    QTRY_COMPARE_WITH_TIMEOUT(status("@(local/raw)"), WorkerStatus::Draining, HubWatch::limitMs);
    actor.registerActor(u"@(local/raw)"_s); // A sign of life says nothing new of its status.
    const auto version = [&] { return scene.seen.actors.value(scene.seen.sample("@(local/raw)")->number).version; };
    QTRY_COMPARE_WITH_TIMEOUT(version(), 2, HubWatch::limitMs);
    QCOMPARE(status("@(local/raw)"), WorkerStatus::Draining);
    HubRawClient next(u"@(local/raw)"_s);
    QVERIFY(joinAs(next, scene, u"@(local/raw)"_s));
    QTRY_COMPARE_WITH_TIMEOUT(status("@(local/raw)"), WorkerStatus::Registered, HubWatch::limitMs);
    // What an actor says in its metadata, another console sees as well.
    scene.source->carryOut({scene.command(Act::Drain, u"@(local/planner-1)"_s)});
    QTRY_COMPARE_WITH_TIMEOUT(status("@(local/planner-1)"), WorkerStatus::Draining, HubWatch::limitMs);
    HubSeen elsewhere;
    HubSourceOptions options = scene.options;
    options.connection.address = u"@(desktop/console-2)"_s;
    HubSource second(2, options, scene.hub.clock);
    elsewhere.watch(&second);
    second.start();
    QTRY_VERIFY_WITH_TIMEOUT(elsewhere.sample("@(local/planner-1)"), HubWatch::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(elsewhere.sample("@(local/planner-1)")->status, WorkerStatus::Draining, HubWatch::limitMs);
}

void HubOrdersTest::aLookUpWaitsForThoseToComeBack()
{
    HubScene scene;
    scene.actorOptions.heartbeat = 600'000; // They notice nothing for now.
    scene.options.wipeGraceMs = 2'000;
    QVERIFY(scene.start(5, true));
    scene.hub.server->core().wipe();
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.view.awaited, 5, HubWatch::limitMs);
    scene.source->lookUp(
        {scene.command(Act::Drain, u"@(local/planner-1)"_s), scene.command(Act::Drain, u"@(local/builder-2)"_s)});
    HubRawClient back(u"@(local/planner-1)"_s);
    QVERIFY(joinAs(back, scene, u"@(local/planner-1)"_s));
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 1, HubWatch::limitMs);
    QVERIFY(scene.seen.progress[0].keyPresent); // Back, and not called gone before.
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.progress.size(), 2, HubWatch::limitMs);
    QVERIFY(!scene.seen.progress[1].keyPresent); // Nobody waits for ever.
    QCOMPARE(scene.seen.ended.size(), 4);
}

void HubOrdersTest::anAnswerToAnEarlierRunIsTaken_data()
{
    QTest::addColumn<Act>("act");
    QTest::addColumn<bool>("accepted");
    QTest::addColumn<CommandStage>("stage");
    QTest::newRow("drain accepted") << Act::Drain << true << CommandStage::Done;
    QTest::newRow("shutdown accepted") << Act::Shutdown << true << CommandStage::PickedUp;
    QTest::newRow("shutdown refused") << Act::Shutdown << false << CommandStage::Refused;
}

/// The source remembers nothing of it, the ledger has it from the journal.
void HubOrdersTest::anAnswerToAnEarlierRunIsTaken()
{
    QFETCH(Act, act);
    QFETCH(bool, accepted);
    QFETCH(CommandStage, stage);
    HubScene scene;
    HubRawClient actor(u"@(local/raw)"_s);
    HubRawClient stranger(u"@(local/stranger)"_s);
    QVERIFY(joinAs(actor, scene, u"@(local/raw)"_s));
    QVERIFY(joinAs(stranger, scene, u"@(local/stranger)"_s));
    QVERIFY(scene.start(0, true));
    FleetStore store(scene.hub.clock);
    store.addSource(HubScene::sourceId, u"hub"_s);
    CommandLedger ledger(store, scene.hub.clock);
    HubSource *const source = scene.source.get();
    connect(source, &FleetSource::statusChanged, &store, &FleetStore::applyStatus);
    connect(source, &FleetSource::commandsProgressed, &ledger, &CommandLedger::takeProgress);
    connect(&ledger, &CommandLedger::lookUp, source, [source](SourceId, const QList<Command> &all) { source->lookUp(all); });
    connect(source, &HubSource::answeredUnasked, &ledger,
            [&](const QByteArray &from, const CommandProgress &progress) { takeUnaskedAnswer(ledger, from, progress); });
    store.applyStatus(scene.seen.status);
    store.publish();
    const Command command = scene.command(act, u"@(local/raw)"_s);
    const quint64 key = ledger.restore(command, scene.hub.clock.nowMs() - 5'000, false);
    const auto lookedUp = [&] {
        store.publish(); // Which is when a ledger looks at what is due.
        return ledger.entry(key)->lookedUpAt > 0;
    };
    QTRY_VERIFY_WITH_TIMEOUT(lookedUp(), HubWatch::limitMs);
    QCOMPARE(ledger.entry(key)->stage, CommandStage::Unknown);

    const QString me = scene.options.connection.address;
    ack(stranger, me, command.id, accepted); // Somebody else's word.
    ack(actor, me, QUuid::createUuid(), accepted); // Nobody's command.
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.received.size(), 2, HubWatch::limitMs);
    QCOMPARE(ledger.entry(key)->stage, CommandStage::Unknown);
    ack(actor, me, command.id, accepted);
    QTRY_COMPARE_WITH_TIMEOUT(ledger.entry(key)->stage, stage, HubWatch::limitMs);
    // Twice is once.
    ack(actor, me, command.id, !accepted);
    QTRY_COMPARE_WITH_TIMEOUT(scene.seen.received.size(), 4, HubWatch::limitMs);
    QCOMPARE(ledger.entry(key)->stage, stage);
}

PULSEDECK_TEST(HubOrdersTest, runWithEvents)
#include "huborders_test.moc"
