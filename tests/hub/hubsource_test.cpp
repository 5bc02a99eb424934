// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/hubactors.h"
#include "models/sources/hubprotocol.h"
#include "tests/hub/hubrawclient.h"
#include "tests/hub/hubseen.h"
#include "tests/hub/hubwatch.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QSignalSpy>

using namespace pulsedeck;
using namespace pulsedeck::fleet;
using namespace Qt::StringLiterals;
using HubSourceOutcome = CommandProgress::Outcome;

namespace {

constexpr SourceId sourceId = 1;

} // namespace

class HubSourceTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void actorsBecomeWorkers();
    void renewalsAreBeats();
    void learnsTheTtl();
    void goneOnlyAfterSecondPass();
    void expiredAndLeft();
    void fiftyVanishMidWay();
    void wipeIsNoMassShutdown();
    void restartIsNoMassShutdown();
    void oneThatIsListedAsBeforeProvesThatTheHubRemembers();
    void graceEnds();
    void commands_data();
    void commands();
    void refusals();
    void lookUps();
    void timingIsRefused();
    void readOnlyRegistersNothing();
    void stopAndStart();
    void noTokenAnywhere();
    void manyActors();

private:
    bool start(int actors);
    bool waitPasses(int count);
    Command command(Act act, const QString &worker);
    /// Gives the hub's clients more than ten messages a second, so that tests need not wait for pages.
    static HubRules quickRules();

    std::unique_ptr<HubWatch> m_hub;
    std::unique_ptr<HubActors> m_actors;
    std::unique_ptr<HubSource> m_source;
    HubActorOptions m_actorOptions;
    HubSourceOptions m_options;
    HubSeen m_seen;
};

HubRules HubSourceTest::quickRules()
{
    HubRules rules;
    rules.burst = rules.perSecond = 100'000;
    return rules;
}

void HubSourceTest::init()
{
    m_hub = std::make_unique<HubWatch>();
    QVERIFY(m_hub->listen(quickRules()));
    m_seen = HubSeen();
    m_actorOptions = HubActorOptions();
    m_actorOptions.replaced = false;
    m_actorOptions.shutdownTakes = 100;
    m_options = HubSourceOptions();
    m_options.connection = m_hub->options();
    m_options.connection.limits.perSecond = m_options.connection.limits.burst = 50'000;
    m_options.passEveryMs = 30;
    m_options.ackWaitMs = 5'000;
}

void HubSourceTest::cleanup()
{
    m_source.reset();
    m_actors.reset();
    m_hub.reset();
}

bool HubSourceTest::start(int actors)
{
    m_actorOptions.count = actors;
    m_actors = std::make_unique<HubActors>(m_hub->server->core(), m_actorOptions, m_hub->clock);
    m_actors->start();
    const int limitMs = HubWatch::limitMs + 4 * actors; // Many take long where the machine is busy.
    if (!QTest::qWaitFor([&] { return m_actors->registered() == actors; }, limitMs))
        return false;
    m_source = std::make_unique<HubSource>(sourceId, m_options, m_hub->clock);
    m_seen.watch(m_source.get());
    // In an event loop of its own: hub and source share this thread, and no page should wait for a test that looks now
    // and then.
    QSignalSpy status(m_source.get(), &FleetSource::statusChanged);
    QElapsedTimer elapsed;
    elapsed.start();
    m_source->start();
    while (m_seen.status.state != SourceState::Sweeping && elapsed.elapsed() < 3 * limitMs)
        status.wait(limitMs);
    return m_seen.status.state == SourceState::Sweeping;
}

bool HubSourceTest::waitPasses(int count)
{
    int passes = 0;
    qint64 last = m_seen.view.wholeSince;
    return QTest::qWaitFor(
        [&] {
            passes += m_seen.view.wholeSince != last ? 1 : 0;
            last = m_seen.view.wholeSince;
            return passes >= count;
        },
        HubWatch::limitMs);
}

Command HubSourceTest::command(Act act, const QString &worker)
{
    Command one;
    one.id = QUuid::createUuid();
    one.group = QUuid::createUuid();
    one.act = act;
    one.source = sourceId;
    one.worker = worker.toUtf8();
    one.issuedAt = m_hub->clock.nowMs();
    one.by = u"me@here"_s;
    one.reason = u"test"_s;
    return one;
}

void HubSourceTest::actorsBecomeWorkers()
{
    QVERIFY(start(250));
    QCOMPARE(m_seen.texts.size(), 250);
    const auto sample = m_seen.sample("@(local/planner-1)");
    QVERIFY(sample);
    QCOMPARE(sample->status, WorkerStatus::Registered);
    QVERIFY(sample->keyPresent && sample->newBeat);
    QVERIFY(sample->flags.testFlag(WorkerFlag::PolledBeats));
    QCOMPARE(sample->learntTtl, 300'000);
    QVERIFY(sample->ttl > 280'000 && sample->ttl <= 300'000);
    QVERIFY(qAbs(sample->beatAt - m_hub->clock.nowMs()) < 20'000);
    QCOMPARE(sample->activeSessions, unknownValue);
    for (const WorkerText &text : m_seen.texts) {
        if (text.id == "@(local/planner-1)")
            QCOMPARE(text.type, QByteArray("agent"));
    }
    const ActorFacts facts = m_seen.actors.value(sample->number);
    QCOMPARE(facts.displayName, u"Planner 1"_s);
    QCOMPARE(facts.capabilities, (QStringList{u"agent"_s, u"planner"_s, u"reason"_s}));
    QCOMPARE(facts.version, 1);
    QCOMPARE(facts.expiresAt - facts.registeredAt, 300'000);
    QVERIFY(qAbs(facts.registeredAt - m_hub->clock.nowMs()) < 20'000);
    QCOMPARE(m_seen.actors.size(), 250);
    // Equal lists are one in memory, however many actors have them.
    QSet<const QString *> lists;
    for (const ActorFacts &one : std::as_const(m_seen.actors))
        lists.insert(one.capabilities.constData());
    QCOMPARE(lists.size(), 4);
    QCOMPARE(m_seen.view.total, 250);
    QCOMPARE(m_seen.view.pages, 3);
    QVERIFY(m_seen.view.wholeSince > 0);
    QVERIFY(m_seen.status.sweepEveryMs >= 30);
    QCOMPARE(m_seen.status.server, u"Signal Hub 0.1.0"_s);
    QVERIFY(m_seen.status.traits == hubTraits());
    QVERIFY(!m_seen.status.forgotten);
}

void HubSourceTest::renewalsAreBeats()
{
    HubRawClient actor(u"@(local/raw)"_s);
    QVERIFY(actor.join(m_hub->server->port()));
    const QString token = actor.registerActor(u"@(local/raw)"_s, {u"agent"_s}, 600)
                              .value(u"payload"_s)
                              .toObject()
                              .value(u"renewalToken"_s)
                              .toString();
    QVERIFY(start(0));
    QTRY_VERIFY_WITH_TIMEOUT(m_seen.sample("@(local/raw)"), HubWatch::limitMs);
    const WorkerSample first = *m_seen.sample("@(local/raw)");
    QCOMPARE(first.learntTtl, 600'000);
    QVERIFY(waitPasses(3));
    QCOMPARE(m_seen.beats.value(first.number), 1); // Seen again and again, and no beat.
    m_hub->clock.step(1'234);
    actor.ask(u"hub:renew"_s, QJsonObject{{u"renewalToken"_s, token}});
    const qint64 renewedAt = m_hub->clock.nowMs();
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.beats.value(first.number), 2, HubWatch::limitMs);
    const WorkerSample second = *m_seen.sample("@(local/raw)");
    // Its moment is known by the hub's times, however late it was seen; half a round trip of error.
    QVERIFY2(qAbs(second.beatAt - renewedAt) < 1'200, qPrintable(QString::number(second.beatAt - renewedAt)));
    QCOMPARE(second.lastHeartbeat - first.lastHeartbeat, second.beatAt - first.beatAt);
    QCOMPARE(second.learntTtl, 300'000);
    const ActorFacts facts = m_seen.actors.value(first.number);
    QCOMPARE(facts.version, 2);
    QVERIFY(qAbs(facts.expiresAt - (renewedAt + 300'000)) < 1'200);
}

void HubSourceTest::learnsTheTtl()
{
    m_actorOptions.ttl = 20'000;
    QVERIFY(start(10));
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.status.timing.workerKeyTtl, 20'000, HubWatch::limitMs);
    QCOMPARE(m_seen.status.timing.heartbeatInterval, 10'000);
    QCOMPARE(m_seen.status.timing.reaperStaleThreshold, 20'000);
    QCOMPARE(m_seen.status.timing.hubClientHeartbeat,
             TimingProfile().hubClientHeartbeat); // The others are as they were.
}

void HubSourceTest::goneOnlyAfterSecondPass()
{
    QVERIFY(start(5));
    // One list lacks an actor, as happens when others before it vanish while it is read; the next has it again.
    HubRegistry &registry = m_hub->server->core().registry();
    const QString address = u"@(local/planner-1)"_s;
    const HubActorEntry entry = *registry.find(address);
    int lists = 0;
    int listsWithout = 0;
    bool forGood = false;
    connect(m_hub->server.get(), &HubServer::received, m_source.get(), [&](const QByteArray &utf8) {
        if (!utf8.contains("hub:list_actors"))
            return;
        if (++lists == 1)
            registry.remove(address);
        else if (lists == 2)
            registry.put(entry);
        if (forGood)
            registry.remove(address);
        listsWithout += forGood && m_seen.ended.isEmpty() ? 1 : 0;
    });
    QTRY_VERIFY_WITH_TIMEOUT(lists >= 6, HubWatch::limitMs);
    QVERIFY(m_seen.ended.isEmpty());
    forGood = true;
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.ended.size(), 1, HubWatch::limitMs);
    QCOMPARE(listsWithout, 2);
    QCOMPARE(m_seen.ended.value(address.toUtf8()), WorkerEnd::Left);
    QCOMPARE(m_seen.texts.size(), 4);
}

void HubSourceTest::expiredAndLeft()
{
    m_actorOptions.ttl = 1'000;
    QVERIFY(start(6));
    const QStringList missing = m_actors->miss(1);
    QTRY_VERIFY_WITH_TIMEOUT(m_seen.ended.contains(missing.first().toUtf8()), HubWatch::limitMs);
    QCOMPARE(m_seen.ended.value(missing.first().toUtf8()), WorkerEnd::Expired);
    // It comes back under its address.
    QTRY_VERIFY_WITH_TIMEOUT(m_seen.sample(missing.first().toUtf8()), HubWatch::limitMs);
    const QStringList crashed = m_actors->crash(1, 600'000);
    QTRY_VERIFY_WITH_TIMEOUT(m_seen.ended.contains(crashed.first().toUtf8()), HubWatch::limitMs);
}

void HubSourceTest::fiftyVanishMidWay()
{
    QVERIFY(start(600));
    // At each second page of a pass fifty from the front go, so that the offsets after it jump over fifty live ones.
    int left = 3;
    connect(m_hub->server.get(), &HubServer::received, m_source.get(), [&](const QByteArray &utf8) {
        const QJsonObject message = QJsonDocument::fromJson(utf8).object();
        if (message.value(u"payload"_s).toObject().value(u"offset"_s).toInt() != 200 || left == 0)
            return;
        --left;
        QStringList front;
        for (const auto &[place, entry] : m_hub->server->core().registry().entries()) {
            if (front.size() < 50)
                front.append(entry.address);
        }
        for (const QString &address : front)
            m_hub->server->core().registry().remove(address);
    });
    QTRY_COMPARE_WITH_TIMEOUT(left, 0, HubWatch::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.texts.size(), 450, HubWatch::limitMs);
    QVERIFY(waitPasses(3));
    QSet<QByteArray> shown;
    for (const WorkerText &text : m_seen.texts)
        shown.insert(text.id);
    for (const auto &[place, entry] : m_hub->server->core().registry().entries())
        QVERIFY2(shown.contains(entry.address.toUtf8()), qPrintable(entry.address));
    QCOMPARE(shown.size(), 450);
}

void HubSourceTest::wipeIsNoMassShutdown()
{
    m_actorOptions.heartbeat = 600'000; // They notice nothing for now.
    QVERIFY(start(40));
    m_hub->server->core().wipe();
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.view.vitals.wipes, 1u, HubWatch::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.view.awaited, 40, HubWatch::limitMs);
    QVERIFY(waitPasses(4));
    QVERIFY(m_seen.ended.isEmpty()); // An empty list, and nobody is gone.
    QVERIFY2(m_seen.status.message.contains(u"forgot everything"_s)
                 && m_seen.status.message.contains(u"40 actors have not registered again yet"_s),
             qPrintable(m_seen.status.message));
    QVERIFY(m_seen.status.forgotten);
    QCOMPARE(m_seen.texts.size(), 40);
}

void HubSourceTest::restartIsNoMassShutdown()
{
    m_actorOptions.heartbeat = 400;
    QVERIFY(start(40));
    m_hub->server->goDown();
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.status.state, SourceState::Waiting, HubWatch::limitMs);
    QVERIFY2(m_seen.status.hint.contains(u"40 actors is unknown"_s), qPrintable(m_seen.status.hint));
    QString problem;
    QVERIFY(m_hub->server->comeUp(&problem));
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.status.state, SourceState::Sweeping, HubWatch::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_actors->registered(), 40, HubWatch::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.view.awaited, 0, HubWatch::limitMs);
    QVERIFY(waitPasses(3));
    QVERIFY(m_seen.ended.isEmpty());
    QVERIFY2(m_seen.status.message.contains(u"restarted"_s)
                 && m_seen.status.message.contains(u"all its actors have registered again"_s),
             qPrintable(m_seen.status.message));
}

void HubSourceTest::oneThatIsListedAsBeforeProvesThatTheHubRemembers()
{
    QVERIFY(start(40));
    // While nobody looks most of them leave, in order.
    m_actors->leave(30);
    m_hub->server->cut(-1);
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.status.generation, 2u, HubWatch::limitMs);
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.ended.size(), 30, HubWatch::limitMs);
    QCOMPARE(m_seen.view.awaited, 0);
    QVERIFY2(!m_seen.status.message.contains(u"restarted"_s), qPrintable(m_seen.status.message));
}

void HubSourceTest::graceEnds()
{
    m_actorOptions.heartbeat = 600'000;
    m_options.wipeGraceMs = 300;
    QVERIFY(start(8));
    m_hub->server->core().wipe();
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.ended.size(), 8, HubWatch::limitMs);
    for (const WorkerEnd end : m_seen.ended)
        QCOMPARE(end, WorkerEnd::Unseen);
}

void HubSourceTest::commands_data()
{
    QTest::addColumn<int>("act");
    QTest::addColumn<QString>("manner");
    QTest::addColumn<int>("outcome");
    QTest::addColumn<int>("refusal");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, Act act, const char *manner, HubSourceOutcome outcome, Refusal refusal,
                        const char *text) {
        QTest::newRow(name) << int(act) << QString::fromLatin1(manner) << int(outcome) << int(refusal)
                            << QString::fromLatin1(text);
    };
    row("shutdown", Act::Shutdown, "obeys", HubSourceOutcome::Acknowledged, Refusal::None, "answered by the actor");
    row("shutdown now", Act::ShutdownNow, "obeys", HubSourceOutcome::Acknowledged, Refusal::None, "answered by the actor");
    row("drain", Act::Drain, "obeys", HubSourceOutcome::Acknowledged, Refusal::None, "answered by the actor");
    row("no answer", Act::Drain, "deaf", HubSourceOutcome::Delivered, Refusal::None, "has not answered");
    row("refused", Act::Shutdown, "refuses", HubSourceOutcome::Refused, Refusal::ActorRefused, "cannot be left");
    row("unknown", Act::Shutdown, "unknown", HubSourceOutcome::Refused, Refusal::KeyGone, "not registered");
    row("expired", Act::Shutdown, "expired", HubSourceOutcome::Refused, Refusal::RegistrationExpired, "expired");
    row("resume", Act::Resume, "obeys", HubSourceOutcome::Refused, Refusal::Server, "undoes");
    row("reap", Act::Reap, "obeys", HubSourceOutcome::Refused, Refusal::Server, "itself");
    row("no answer of the hub", Act::Drain, "silent", HubSourceOutcome::Unknown, Refusal::None, "in time");
    row("lost", Act::Drain, "lost", HubSourceOutcome::Unknown, Refusal::None, "was lost");
}

void HubSourceTest::commands()
{
    QFETCH(int, act);
    QFETCH(QString, manner);
    m_options.connection.requestTimeoutMs = manner == u"silent"_s ? 1'500 : 10'000;
    m_options.ackWaitMs = manner == u"deaf"_s ? 200 : 10'000;
    QVERIFY(start(1));
    m_source->setWritable(true);
    QTRY_VERIFY_WITH_TIMEOUT(m_source->connection()->isRegistered(), HubWatch::limitMs);
    QVERIFY(m_seen.status.writable && m_seen.status.rights.known);
    QString target = u"@(local/planner-1)"_s;
    if (manner == u"deaf"_s)
        m_actors->deafen(1);
    else if (manner == u"refuses"_s)
        m_actors->makeRefuse(1);
    else if (manner == u"unknown"_s)
        target = u"@(local/nobody)"_s;
    else if (manner == u"expired"_s)
        m_hub->server->core().registry().find(target)->expiresAt = 1;
    else if (manner == u"silent"_s || manner == u"lost"_s)
        m_hub->server->setFault(HubFault::Silent);
    m_source->carryOut({command(Act(act), target)});
    if (manner == u"lost"_s) {
        QTRY_VERIFY_WITH_TIMEOUT(m_hub->heard.contains(u"hub:send"_s), HubWatch::limitMs);
        m_hub->server->cut(-1);
    }
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.progress.size(), 1, HubWatch::limitMs);
    const CommandProgress progress = m_seen.progress.first();
    QTEST(int(progress.outcome), "outcome");
    QTEST(int(progress.refusal), "refusal");
    QFETCH(QString, text);
    QVERIFY2(progress.text.contains(text), qPrintable(progress.text));
    if (manner == u"obeys"_s && progress.outcome == HubSourceOutcome::Acknowledged) {
        if (Act(act) == Act::Drain) {
            QTRY_COMPARE_WITH_TIMEOUT(m_seen.sample(target.toUtf8())->status, WorkerStatus::Draining, HubWatch::limitMs);
        } else {
            QTRY_COMPARE_WITH_TIMEOUT(m_seen.ended.value(target.toUtf8()), WorkerEnd::Drained, HubWatch::limitMs);
        }
    }
    QCOMPARE(m_seen.progress.size(), 1); // Exactly one.
}

void HubSourceTest::refusals()
{
    QVERIFY(start(1));
    m_source->carryOut({command(Act::Drain, u"@(local/planner-1)"_s)});
    QCOMPARE(m_seen.progress.takeFirst().refusal, Refusal::ReadOnlySource);
    m_source->setWritable(true);
    m_source->stop();
    m_source->carryOut({command(Act::Drain, u"@(local/planner-1)"_s)});
    QCOMPARE(m_seen.progress.takeFirst().refusal, Refusal::NotConnected);
    QCOMPARE(m_hub->count(u"hub:send"_s), 0);
}

void HubSourceTest::lookUps()
{
    QVERIFY(start(2));
    m_source->lookUp({command(Act::Drain, u"@(local/planner-1)"_s), command(Act::Drain, u"@(local/nobody)"_s)});
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.progress.size(), 2, HubWatch::limitMs);
    QCOMPARE(m_seen.progress[0].outcome, HubSourceOutcome::Found);
    QVERIFY(m_seen.progress[0].keyPresent);
    QCOMPARE(m_seen.progress[0].status, WorkerStatus::Registered);
    QVERIFY(!m_seen.progress[1].keyPresent);
    m_source->stop();
    m_source->lookUp({command(Act::Drain, u"@(local/planner-1)"_s)});
    QCOMPARE(m_seen.progress.last().outcome, HubSourceOutcome::Unknown);
}

void HubSourceTest::timingIsRefused()
{
    HubSource source(sourceId, m_options, m_hub->clock);
    QSignalSpy applied(&source, &FleetSource::timingApplied);
    QSignalSpy history(&source, &FleetSource::timingHistoryRead);
    source.applyTiming({});
    source.readTimingHistory();
    QCOMPARE(applied.first().first().value<TimingApplied>().outcome, TimingApplied::Outcome::Refused);
    QVERIFY(!history.first().first().value<TimingHistory>().known);
}

void HubSourceTest::readOnlyRegistersNothing()
{
    QVERIFY(start(3));
    QVERIFY(waitPasses(2));
    static const QSet<QString> reading{u"hub:connect"_s, u"hub:heartbeat"_s, u"hub:list_actors"_s};
    for (const QString &type : std::as_const(m_hub->heard))
        QVERIFY2(reading.contains(type), qPrintable(type));
}

void HubSourceTest::stopAndStart()
{
    QVERIFY(start(3));
    m_source->stop();
    QCOMPARE(m_seen.status.state, SourceState::Off);
    QTRY_COMPARE_WITH_TIMEOUT(m_hub->server->connections(), 0, HubWatch::limitMs);
    m_source->start();
    QTRY_COMPARE_WITH_TIMEOUT(m_seen.status.state, SourceState::Sweeping, HubWatch::limitMs);
    QCOMPARE(m_seen.status.generation, 2u);
    QCOMPARE(m_seen.texts.size(), 3);
}

void HubSourceTest::noTokenAnywhere()
{
    QVERIFY(start(5));
    QByteArray everything;
    for (const WorkerText &text : std::as_const(m_seen.texts)) {
        everything += text.id + text.type + text.host + text.statusText + text.drainedBy.toUtf8() + text.drainReason.toUtf8()
                      + text.problems.join(u' ').toUtf8();
    }
    everything += (m_seen.status.message + m_seen.status.hint + m_seen.status.server + m_seen.status.limits.join(u' ')).toUtf8();
    QVERIFY(everything.contains("@(local/"));
    QVERIFY(!everything.contains("renewal-"));
}

void HubSourceTest::manyActors()
{
    constexpr int count = 20'000;
    QVERIFY(start(count));
    QCOMPARE(m_seen.texts.size(), count);
    QCOMPARE(m_seen.view.pages, count / 100);
    QCOMPARE(m_seen.status.loaded, count);
    qInfo("20,000 actors read in %lld ms, without a rate limit", m_seen.view.passMs);
    QVERIFY2(m_seen.status.sweepEveryMs >= 2 * m_seen.view.passMs - 1, "no rest after a long pass");
}

PULSEDECK_TEST(HubSourceTest, runWithEvents)
#include "hubsource_test.moc"
