// SPDX-License-Identifier: GPL-3.0-or-later
// Where alerts go: a real HTTP receiver that answers, fails, hangs, redirects and does not end; and commands.
#include "app/alerts/alertdispatcher.h"
#include "app/alerts/webhooksender.h"
#include "models/alerts/alertplanreader.h"
#include "tests/models/modelfleet.h"
#include "tests/support/patience.h"
#include "tests/support/testprogram.h"
#include "tests/support/webhookreceiver.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr AlertPace quick{10, 40, 60'000, 20, 40};

AlertOutlet hook(const WebhookReceiver &receiver)
{
    AlertOutlet outlet;
    outlet.name = u"ops"_s;
    outlet.url = receiver.url();
    outlet.timeoutMs = patience;
    return outlet;
}

AlertOutlet command(const QStringList &arguments)
{
    AlertOutlet outlet;
    outlet.name = u"call"_s;
    outlet.kind = AlertOutlet::Kind::Command;
    outlet.command = arguments;
    outlet.timeoutMs = patience;
    return outlet;
}

/// The end of one attempt.
AlertAttempt attemptOf(const AlertOutlet &outlet, const QByteArray &message = "{}")
{
    const std::unique_ptr<AlertSender> sender = AlertSender::make(outlet);
    QSignalSpy ended(sender.get(), &AlertSender::ended);
    sender->send(message);
    if (ended.isEmpty() && !ended.wait(patience))
        return {false, false, u"It did not end"_s};
    return ended.front().front().value<AlertAttempt>();
}

/// A fleet, an engine with one rule that sends to one outlet, and the sending of it.
struct SendScene
{
    ModelFleet fleet;
    AlertEngine engine{fleet.store};
    AlertDispatcher dispatcher{engine, fleet.clock, quick};

    explicit SendScene(const AlertOutlet &outlet)
    {
        engine.setPlan(planFor(outlet));
        dispatcher.reload();
        for (const WorkerNumber number : {1u, 251u, 501u}) // All on 10.0.0.1.
            fleet.add(number, "chromium:" + QByteArray::number(number).rightJustified(8, '0') + "-1");
        step();
    }
    static AlertPlan planFor(const AlertOutlet &outlet)
    {
        AlertPlan plan = AlertPlanReader::builtIn();
        plan.rules = {*plan.rule(u"workers-lost"_s)};
        plan.rules.front().outlets = QStringList{outlet.name, u"desktop"_s};
        plan.rules.front().clearMs = 0;
        plan.outlets = {outlet};
        return plan;
    }
    void step()
    {
        fleet.clock.step(100);
        fleet.store.publish();
    }
    void crash(WorkerNumber number)
    {
        WorkerSample sample = fleet.alive(number);
        sample.flags = WorkerFlag::NoListener;
        fleet.apply(sample);
        step();
    }
    AlertOutletState state() const { return dispatcher.states().first(); }
};

QJsonObject firstOf(const WebhookReceiver::Request &request)
{
    return QJsonDocument::fromJson(request.body).array().at(0).toObject();
}

} // namespace

class AlertOutletsTest : public QObject
{
    Q_OBJECT

private slots:
    void aMessageIsPostedAndSigned()
    {
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        AlertOutlet outlet = hook(receiver);
        qputenv("PULSEDECK_TEST_KEY", "a key");
        outlet.secretVariable = u"PULSEDECK_TEST_KEY"_s;
        const AlertAttempt attempt = attemptOf(outlet, "[{\"a\":1}]");
        QVERIFY(attempt.ok);
        QCOMPARE(attempt.text, u"200"_s);
        const WebhookReceiver::Request request = receiver.requests.front();
        QCOMPARE(request.path, "/alerts");
        QCOMPARE(request.body, "[{\"a\":1}]");
        QCOMPARE(request.headers.value("content-type"), "application/json");
        const QByteArray timestamp = request.headers.value("x-pulsedeck-timestamp");
        QVERIFY(qAbs(timestamp.toLongLong() - QDateTime::currentSecsSinceEpoch()) < 60);
        QCOMPARE(request.headers.value("x-pulsedeck-signature"), WebhookSender::signature("a key", timestamp, request.body));
        // By another program: printf '1700000000.[]' | openssl dgst -sha256 -hmac 'a key'.
        QCOMPARE(WebhookSender::signature("a key", "1700000000", "[]"),
                 "sha256=52694ecadd903835888280b154de0760b7bb8d02cefeae6bf87ce5627b011a32");
    }

    void withoutItsKeyNothingIsSent()
    {
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        AlertOutlet outlet = hook(receiver);
        qunsetenv("PULSEDECK_TEST_KEY");
        outlet.secretVariable = u"PULSEDECK_TEST_KEY"_s;
        AlertAttempt attempt = attemptOf(outlet);
        QVERIFY(!attempt.ok && attempt.again);
        QVERIFY(attempt.text.contains(u"PULSEDECK_TEST_KEY"_s));
        const QTemporaryDir folder;
        outlet.secretVariable.clear();
        outlet.secretFile = folder.filePath(u"key"_s);
        QVERIFY(!attemptOf(outlet).ok);
        QVERIFY(receiver.requests.empty());
        QFile file(outlet.secretFile);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("a key\n");
        file.close();
        QVERIFY(attemptOf(outlet).ok);
        const WebhookReceiver::Request &request = receiver.requests.front();
        QCOMPARE(request.headers.value("x-pulsedeck-signature"),
                 WebhookSender::signature("a key", request.headers.value("x-pulsedeck-timestamp"), "{}"));
    }

    void aRedirectIsNotFollowed()
    {
        WebhookReceiver receiver;
        WebhookReceiver other;
        QVERIFY(receiver.start());
        QVERIFY(other.start());
        receiver.plans = {{WebhookReceiver::Kind::Answer, 307, other.url().toLatin1()}};
        const AlertAttempt attempt = attemptOf(hook(receiver));
        QVERIFY(!attempt.ok && !attempt.again);
        QVERIFY2(attempt.text.contains(u"redirect"_s), qPrintable(attempt.text));
        QCOMPARE(receiver.requests.size(), size_t(1));
        QVERIFY(other.requests.empty());
    }

    void whatHangsOrNeverEndsIsEnded()
    {
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        AlertOutlet outlet = hook(receiver);
        receiver.plans = {{WebhookReceiver::Kind::Endless}};
        QVERIFY(attemptOf(outlet).ok); // Its status was good; the rest is not read.
        receiver.plans.assign(20, {WebhookReceiver::Kind::Close}); // Qt itself tries again.
        const AlertAttempt closed = attemptOf(outlet);
        QVERIFY(!closed.ok && closed.again);
        receiver.plans.assign(20, {WebhookReceiver::Kind::Hang});
        outlet.timeoutMs = 200;
        const AlertAttempt hung = attemptOf(outlet);
        QVERIFY(!hung.ok && hung.again);
        QCOMPARE(hung.text, u"No answer within 200 ms"_s);
        receiver.close();
        outlet.timeoutMs = patience;
        const AlertAttempt refused = attemptOf(outlet);
        QVERIFY(!refused.ok && refused.again);
        QVERIFY(!refused.text.contains(u"alerts"_s)); // The path may be a secret.
    }

    void whatIsRefusedForGoodIsLostAndTheRestIsTriedAgain()
    {
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        receiver.plans = {{.status = 400}, {.status = 503}, {.status = 429}, {.status = 200}};
        AlertQueue queue(hook(receiver), quick);
        QSignalSpy attempted(&queue, &AlertQueue::attempted);
        queue.add(u"a"_s, "1");
        queue.add(u"b"_s, "2");
        queue.add(u"b"_s, "3"); // Of an alert only the last message waits.
        QTRY_VERIFY_WITH_TIMEOUT(queue.isIdle(), patience);
        QCOMPARE(attempted.size(), 4);
        QCOMPARE(queue.state().lost, 1);
        QCOMPARE(queue.state().sent, 1);
        QVERIFY(queue.state().ok);
        QByteArrayList bodies;
        for (const WebhookReceiver::Request &request : receiver.requests)
            bodies.append(request.body);
        QCOMPARE(bodies, (QByteArrayList{"1", "3", "3", "3"}));
    }

    void aQueueIsBounded()
    {
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        receiver.plans = {{WebhookReceiver::Kind::Hang}};
        AlertQueue queue(hook(receiver), quick);
        for (size_t i = 0; i < AlertQueue::mostWaiting + 5; ++i)
            queue.add(QString::number(i), QByteArray::number(qulonglong(i)));
        QCOMPARE(queue.state().waiting, int(AlertQueue::mostWaiting));
        QCOMPARE(queue.state().lost, 5);
    }

    void whatIsNotDeliveredInTimeIsGivenUp()
    {
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        for (int i = 0; i < 1'000; ++i)
            receiver.plans.push_back({.status = 503});
        AlertPace pace = quick;
        pace.giveUpMs = 100;
        AlertQueue queue(hook(receiver), pace);
        queue.add(u"a"_s, "1");
        QTRY_VERIFY_WITH_TIMEOUT(queue.isIdle(), patience);
        QCOMPARE(queue.state().lost, 1);
        QVERIFY(receiver.requests.size() >= 2);
        QCOMPARE(queue.state().last, u"503"_s);
    }

    void aCommandGetsTheMessage()
    {
        const QTemporaryDir folder;
        const QString file = folder.filePath(u"out"_s);
        const AlertAttempt attempt = attemptOf(command({u"/bin/sh"_s, u"-c"_s, u"cat > \"$0\""_s, file}), "[{\"a\":1}]");
        QVERIFY2(attempt.ok, qPrintable(attempt.text));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(written.readAll(), "[{\"a\":1}]");
        QCOMPARE(attemptOf(command({u"/bin/sh"_s, u"-c"_s, u"exit 3"_s})).text, u"Exit code 3"_s);
        QVERIFY(!attemptOf(command({folder.filePath(u"none"_s)})).ok);
        AlertOutlet slow = command({u"/bin/sleep"_s, u"1000"_s});
        slow.timeoutMs = 200;
        const AlertAttempt killed = attemptOf(slow);
        QVERIFY(!killed.ok && killed.again);
        QCOMPARE(killed.text, u"Killed after 200 ms"_s);
    }

    void anAlertIsToldAtOnceThenWholeThenOver()
    {
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        SendScene scene(hook(receiver));
        scene.crash(1);
        scene.crash(251);
        scene.crash(501);
        // The first one as soon as its message is through, then all together.
        QTRY_COMPARE_WITH_TIMEOUT(receiver.requests.size(), size_t(2), patience);
        QCOMPARE(firstOf(receiver.requests[0])["labels"_L1]["alertname"_L1].toString(), u"workers-lost"_s);
        QVERIFY(firstOf(receiver.requests[1])["annotations"_L1]["summary"_L1].toString().startsWith(u"3 workers on 10.0.0.1"_s));
        for (const WorkerNumber number : {1u, 251u, 501u})
            scene.fleet.apply(scene.fleet.alive(number));
        scene.step();
        QTRY_COMPARE_WITH_TIMEOUT(receiver.requests.size(), size_t(3), patience);
        QVERIFY(firstOf(receiver.requests[2]).contains("endsAt"_L1));
        QCOMPARE(firstOf(receiver.requests[2])["labels"_L1], firstOf(receiver.requests[0])["labels"_L1]);
        QTRY_VERIFY_WITH_TIMEOUT(scene.dispatcher.isIdle(), patience);
        QCOMPARE(scene.state().sent, 3);
    }

    void aSilencedAlertIsToldWhenItsSilenceIsOver()
    {
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        SendScene scene(hook(receiver));
        const QString silence =
            scene.engine.addSilence({.until = scene.fleet.clock.wallNowMs() + 60'000, .by = u"op"_s, .reason = u"rebuilt"_s});
        scene.crash(1);
        QVERIFY(scene.dispatcher.isIdle());
        scene.fleet.clock.step(60'000);
        WorkerSample still = scene.fleet.alive(1);
        still.flags = WorkerFlag::NoListener;
        scene.fleet.apply(still);
        scene.step();
        QTRY_COMPARE_WITH_TIMEOUT(receiver.requests.size(), size_t(1), patience);
        QVERIFY(!scene.engine.endSilence(silence)); // It was over.
    }

    void alertmanagerIsToldAgainAndAgain()
    {
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        AlertOutlet outlet = hook(receiver);
        outlet.repeatMs = 50;
        SendScene scene(outlet);
        scene.crash(1);
        QTRY_VERIFY_WITH_TIMEOUT(receiver.requests.size() >= 3, patience);
        const QString id = scene.engine.alerts().front().id;
        QVERIFY(scene.engine.acknowledge(id, {scene.fleet.clock.wallNowMs(), u"op"_s, u"on it"_s}));
        const size_t before = receiver.requests.size();
        QTRY_VERIFY_WITH_TIMEOUT(receiver.requests.size() >= before + 2, patience); // It would take it for over.
        QVERIFY(firstOf(receiver.requests.back())["annotations"_L1].toObject().contains("acknowledged"_L1));
        scene.fleet.apply(scene.fleet.alive(1));
        scene.step();
        QTRY_VERIFY_WITH_TIMEOUT(firstOf(receiver.requests.back()).contains("endsAt"_L1), patience);
        QTRY_VERIFY_WITH_TIMEOUT(scene.dispatcher.isIdle(), patience);
    }

    void ofTwoProgramsOneSends()
    {
        const QTemporaryDir folder;
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        const AlertOutlet outlet = hook(receiver);
        const AlertPlan plan = SendScene::planFor(outlet);
        const QMap<SourceId, SendingSource> sources{{1, {u"@redis://db:6379/0"_s}}};
        auto first = std::make_unique<SendingTurns>(folder.filePath(u"made"_s));
        first->set(sources, plan);
        QVERIFY(first->isMine(1));
        QVERIFY(first->holder(1).isEmpty());

        SendingTurns turns(folder.filePath(u"made"_s));
        QSignalSpy taken(&turns, &SendingTurns::taken);
        turns.set({}, {});
        QVERIFY(turns.isMine(1)); // Nothing is known of it.
        AlertOutlet other = outlet;
        other.url += u"/other"_s;
        turns.set(sources, SendScene::planFor(other));
        QVERIFY(turns.isMine(1)); // It goes elsewhere.
        turns.set({{1, {u"@redis://db:6380/0"_s}}}, plan);
        QVERIFY(turns.isMine(1)); // Another source.
        AlertPlan more = plan;
        more.rules.append(plan.rules.front());
        more.rules.back().name = u"mine"_s;
        turns.set(sources, more);
        QVERIFY(turns.isMine(1)); // By the first one's rules some of it is not found.
        more.rules.back().environments = {SourceEnvironment::Production};
        turns.set({{1, {u"@redis://db:6379/0"_s, SourceEnvironment::Production}}}, more);
        QVERIFY(turns.isMine(1));
        turns.set(sources, more);
        QVERIFY(!turns.isMine(1)); // The rule is not about this source.
        more.rules.back().environments.clear();
        more.rules.back().on = false;
        more.rules.front().title = u"Un travailleur est perdu"_s; // In the language of the program.
        turns.set(sources, more);
        QVERIFY(!turns.isMine(1));
        turns.set(sources, plan);
        QVERIFY(!turns.isMine(1));
        QVERIFY2(turns.holder(1).contains(QString::number(QCoreApplication::applicationPid())), qPrintable(turns.holder(1)));

        SendScene scene(outlet);
        scene.dispatcher.setTurns(&turns);
        scene.crash(1);
        QVERIFY(scene.dispatcher.isIdle()); // Its own turn would have begun at once.
        QCOMPARE(scene.state().sent, 0);
        first.reset(); // It ends.
        QTRY_COMPARE_WITH_TIMEOUT(receiver.requests.size(), size_t(1), patience);
        QCOMPARE(taken.size(), 1);
        QVERIFY(turns.isMine(1) && turns.holder(1).isEmpty());
        for (const WorkerNumber number : {1u, 251u, 501u})
            scene.fleet.apply(scene.fleet.alive(number));
        scene.step();
        QTRY_COMPARE_WITH_TIMEOUT(receiver.requests.size(), size_t(2), patience);
        QVERIFY(firstOf(receiver.requests.back()).contains("endsAt"_L1));
    }

    void whatIsNotWatchedIsSentByAnotherProgram()
    {
        const QTemporaryDir folder;
        AlertOutlet outlet;
        outlet.name = u"ops"_s;
        const AlertPlan plan = SendScene::planFor(outlet);
        const QMap<SourceId, SendingSource> watched{{1, {u"@redis://db:6379/0"_s}}};
        const QMap<SourceId, SendingSource> hidden{{1, {u"@redis://db:6379/0"_s, SourceEnvironment::None, false}}};
        SendingTurns window(folder.path());
        window.set(watched, plan);
        auto other = std::make_unique<SendingTurns>(folder.path());
        other->set(watched, plan);
        QVERIFY(window.isMine(1) && !other->isMine(1));
        QSignalSpy otherTook(other.get(), &SendingTurns::taken);
        window.set(hidden, plan);
        QVERIFY(window.isMine(1)); // Nobody else has it yet.
        QTRY_VERIFY_WITH_TIMEOUT(other->isMine(1), patience);
        QCOMPARE(otherTook.size(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(!window.isMine(1) && !window.holder(1).isEmpty(), patience);
        QSignalSpy taken(&window, &SendingTurns::taken);
        other.reset();
        QTRY_VERIFY_WITH_TIMEOUT(window.isMine(1), patience);
        QVERIFY(taken.isEmpty()); // It does not look there.
        SendingTurns third(folder.path());
        third.set(watched, plan);
        QVERIFY(third.isMine(1)); // It was not kept.
        third.set({}, {});
        window.set(watched, plan);
        QCOMPARE(taken.size(), 1); // What fires meanwhile is to be sent.
        third.set(watched, plan);
        QVERIFY(window.isMine(1) && !third.isMine(1));
    }

    /// Another program sends what is found in one source, and later the alert is about one of ours as well.
    void anAlertThatGrowsIntoASourceOfOursIsSent()
    {
        const QTemporaryDir folder;
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        const AlertOutlet outlet = hook(receiver);
        const AlertPlan plan = SendScene::planFor(outlet);
        SendingTurns other(folder.path());
        other.set({{1, {u"@redis://a:6379/0"_s}}}, plan);
        SendingTurns turns(folder.path());
        turns.set({{1, {u"@redis://a:6379/0"_s}}, {2, {u"@redis://b:6379/0"_s}}}, plan);
        QVERIFY(!turns.isMine(1) && turns.isMine(2));
        SendScene scene(outlet);
        scene.dispatcher.setTurns(&turns);
        scene.fleet.store.addSource(2, u"stage"_s);
        scene.fleet.status.source = 2;
        scene.fleet.setState(SourceState::Live);
        scene.fleet.add(1, "chromium:0000000a-1"); // On 10.0.0.1 too.
        scene.step();
        scene.fleet.status.source = 1;
        scene.crash(1);
        QCOMPARE(scene.engine.firing(), 1);
        QVERIFY(scene.dispatcher.isIdle());
        scene.fleet.status.source = 2;
        scene.crash(1);
        QCOMPARE(scene.engine.firing(), 1); // The same host.
        QTRY_COMPARE_WITH_TIMEOUT(receiver.requests.size(), size_t(1), patience);
        QVERIFY(firstOf(receiver.requests[0])["annotations"_L1]["summary"_L1].toString().startsWith(u"2 workers on 10.0.0.1"_s));
    }

    void whereNoLockCanBeMadeAllSend()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"file"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        AlertOutlet outlet;
        outlet.name = u"ops"_s;
        SendingTurns turns(folder.filePath(u"file/below"_s)); // No folder can be made there.
        turns.set({{1, {u"@redis://db:6379/0"_s}}}, SendScene::planFor(outlet));
        QVERIFY(turns.isMine(1));
    }

    void oneThatWasAcknowledgedWhileSilencedDoesNotCall()
    {
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        AlertOutlet outlet = hook(receiver);
        outlet.format = AlertOutlet::Format::Webhook;
        SendScene scene(outlet);
        const qint64 wall = scene.fleet.clock.wallNowMs();
        const QString silence = scene.engine.addSilence({.until = wall + 60'000, .by = u"op"_s, .reason = u"rebuilt"_s});
        scene.crash(1);
        QVERIFY(scene.engine.acknowledge(scene.engine.alerts().front().id, {wall, u"op"_s, u"on it"_s}));
        QVERIFY(scene.engine.endSilence(silence));
        QVERIFY(scene.dispatcher.isIdle());
        scene.fleet.apply(scene.fleet.alive(1));
        scene.step();
        QTRY_COMPARE_WITH_TIMEOUT(receiver.requests.size(), size_t(1), patience); // Its end is sent.
        QCOMPARE(QJsonDocument::fromJson(receiver.requests.front().body)["status"_L1].toString(), u"resolved"_s);
    }

    void aTestSaysThatItIsOne()
    {
        WebhookReceiver receiver;
        QVERIFY(receiver.start());
        SendScene scene(hook(receiver));
        QVERIFY(!scene.dispatcher.sendTest(u"none"_s));
        QVERIFY(scene.dispatcher.sendTest(u"ops"_s));
        QTRY_COMPARE_WITH_TIMEOUT(receiver.requests.size(), size_t(1), patience);
        QCOMPARE(firstOf(receiver.requests.front())["labels"_L1]["alertname"_L1].toString(), u"test"_s);
        QVERIFY(firstOf(receiver.requests.front()).contains("endsAt"_L1));
    }
};

PULSEDECK_TEST(AlertOutletsTest, runWithEvents)
#include "alertoutlets_test.moc"
