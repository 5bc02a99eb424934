// SPDX-License-Identifier: GPL-3.0-or-later
// The real Sidekiq and the real RQ as the console shows them: at work and idle, flushed, stopped by a signal, killed.
#include "app/redis/dialectregistry.h"
#include "models/layouts/layoutcatalog.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/realworker.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using ActOutcome = CommandProgress::Outcome;

#define TRY_LONG(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, RealWorker::longestMs)

namespace {

QByteArray onlyWorker(const FleetStore &store)
{
    QByteArray id;
    for (WorkerHandle handle = 0; handle < WorkerHandle(store.capacity()); ++handle) {
        if (const Worker &worker = store.worker(handle); worker.used && worker.endedAt == 0)
            id = worker.id;
    }
    return id;
}

} // namespace

class RealWatchTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<SourceWatch> m_watch;
    std::unique_ptr<RealWorker> m_worker;
    std::vector<CommandProgress> m_progress;
    QByteArray m_id;

    Worker worker() const { return m_watch->worker(m_id); }
    QString liveness() const { return m_watch->liveness(m_id); }
    bool has(WorkerFlag flag) const { return worker().flags.testFlag(flag); }
    QByteArray rqKey() const { return "rq:worker:" + m_id; }
    qint64 listeners() const { return m_watch->run({"PUBSUB", "NUMSUB", "rq:pubsub:" + m_id}).elements.at(1).integer; }

    /// The whole way of a user: nothing is configured, the system is found.
    void watchSystems()
    {
        m_watch->options.layouts = LayoutCatalog::builtIn().layouts();
        m_watch->options.sweepMs = 500;
        RedisServer::Options options;
        options.tcp = true; // For workers of other languages.
        QVERIFY(m_watch->server.start(options));
        m_watch->client = std::make_unique<RedisClient>(m_watch->server.url());
        m_worker = std::make_unique<RealWorker>(u"redis://127.0.0.1:%1/0"_s.arg(m_watch->server.tcpUrl().port));
    }
    void see(const QByteArray &set)
    {
        TRY_LONG(m_watch->run({"SCARD", set}).integer == 1);
        m_watch->watch();
        QObject::connect(
            m_watch->source.get(), &FleetSource::commandsProgressed, m_watch->source.get(),
            [this](const QList<CommandProgress> &news) { m_progress.insert(m_progress.end(), news.begin(), news.end()); });
        m_watch->source->setWritable(true);
        TRY_LONG(m_watch->isWatching());
        TRY_LONG(!(m_id = onlyWorker(m_watch->store)).isEmpty());
    }
    void seeSidekiq()
    {
        if (RealWorker::sidekiq().isEmpty())
            QSKIP("Sidekiq is not installed: script/setup --tests installs ruby-sidekiq");
        watchSystems();
        QVERIFY(m_worker && m_worker->startSidekiq());
        see("processes");
    }
    void seeRq()
    {
        if (RealWorker::pythonWithRq().isEmpty())
            QSKIP("RQ is not installed: script/setup --tests installs python3-rq");
        watchSystems();
        QVERIFY(m_worker && m_worker->startRq());
        see("rq:workers");
    }
    void workAtRq(int seconds = 600)
    {
        QVERIFY(m_worker->enqueueRq(seconds));
        TRY_LONG(worker().status == WorkerStatus::Busy);
        TRY_LONG(m_worker->children().size() == 1);
    }
    bool goesOn() const { return !QTest::currentTestFailed() && m_worker && m_worker->isRunning(); }

    Command commandFor(Act act) const
    {
        Command command;
        command.id = QUuid::createUuid();
        command.group = command.id;
        command.act = act;
        command.source = 1;
        command.worker = m_id;
        command.lastHeartbeat = worker().lastHeartbeat;
        if (act == Act::PauseFleet || act == Act::ResumeFleet) {
            command.worker.clear();
            command.scope = ActScope::Fleet;
            command.system = u"rq"_s;
        }
        return command;
    }
    /// The first answer to a command; Unknown if none comes.
    CommandProgress carryOut(const Command &command)
    {
        m_watch->source->carryOut({command});
        return QTest::qWaitFor([&] { return said(command) > 0; }, RealWorker::longestMs) ? *find(command) : CommandProgress();
    }
    CommandProgress carryOut(Act act) { return carryOut(commandFor(act)); }
    std::vector<CommandProgress>::const_iterator find(const Command &command) const
    {
        return std::find_if(m_progress.begin(), m_progress.end(),
                            [&command](const CommandProgress &one) { return one.command == command.id; });
    }
    qint64 said(const Command &command) const
    {
        return std::count_if(m_progress.begin(), m_progress.end(),
                             [&command](const CommandProgress &one) { return one.command == command.id; });
    }
    bool isSaid(const Command &command, ActOutcome outcome) const
    {
        return std::any_of(m_progress.begin(), m_progress.end(),
                           [&](const CommandProgress &one) { return one.command == command.id && one.outcome == outcome; });
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }
    void init()
    {
        m_watch = std::make_unique<SourceWatch>();
        m_progress.clear();
        m_id.clear();
    }
    void cleanup()
    {
        m_worker.reset();
        m_watch.reset();
    }

    // Sidekiq ---------------------------------------------------------------------------------------------------------

    void sidekiqIdleAndAtWork()
    {
        seeSidekiq();
        if (!goesOn())
            return;
        TRY_LONG(liveness() == u"alive"_s);
        QCOMPARE(worker().pid, qint32(m_worker->pid()));
        QVERIFY(!worker().host.isEmpty() && m_id.startsWith(worker().host));
        QCOMPARE(worker().status, WorkerStatus::Available);
        QCOMPARE(worker().activeSessions, 0);
        QCOMPARE(worker().capacity, 2);
        QVERIFY(worker().isAgeProven());
        QVERIFY(worker().startedAt > 0);
        const LayoutFacts *facts = m_watch->store.facts(m_watch->handle(m_id));
        QVERIFY(facts);
        QCOMPARE(facts->queues, QStringList{u"default"_s});
        QVERIFY(facts->memory > 1'000'000);
        TRY_LONG(worker().beatCount >= 2);
        m_watch->run({"LPUSH", "queue:default",
                      R"({"class":"Job","args":[],"jid":"0123456789abcdef01234567","queue":"default","retry":false})"});
        TRY_LONG(worker().activeSessions == 1);
        QCOMPARE(worker().status, WorkerStatus::Available); // Its second thread waits.

        // All keys of it are written by each beat.
        m_watch->run({"FLUSHALL"});
        TRY_LONG(m_watch->run({"EXISTS", m_id}).integer == 1);
        TRY_LONG(worker().endedAt == 0 && liveness() == u"alive"_s && worker().activeSessions == 1);
        QCOMPARE(onlyWorker(m_watch->store), m_id);
    }

    void sidekiqHangsAndGoesOn()
    {
        seeSidekiq();
        if (!goesOn())
            return;
        TRY_LONG(worker().beatCount >= 2 && liveness() == u"alive"_s);
        m_worker->signal(SIGSTOP);
        // Two of its intervals without a beat.
        TRY_LONG(liveness() == u"late"_s);
        const Command dump = commandFor(Act::Dump);
        QCOMPARE(carryOut(dump).outcome, ActOutcome::Written);
        QCOMPARE(carryOut(Act::Shutdown).refusal, Refusal::SignalWaiting);
        QVERIFY(!isSaid(dump, ActOutcome::PickedUp));
        m_worker->signal(SIGCONT);
        TRY_LONG(liveness() == u"alive"_s);
        TRY_LONG(isSaid(dump, ActOutcome::PickedUp));
    }

    void sidekiqIsKilled()
    {
        seeSidekiq();
        if (!goesOn())
            return;
        TRY_LONG(liveness() == u"alive"_s);
        QVERIFY(m_worker->killAlone());
        // Its key is there for the rest of its minute: no ghost yet, and none is removed.
        QVERIFY(liveness() != u"ghost"_s);
        QCOMPARE(carryOut(Act::Reap).refusal, Refusal::KeyBack);
        QCOMPARE(m_watch->run({"SISMEMBER", "processes", m_id}).integer, 1);
        m_watch->run({"PEXPIRE", m_id, "1"}); // What a minute does.
        TRY_LONG(liveness() == u"ghost"_s);
        QCOMPARE(carryOut(Act::Drain).refusal, Refusal::KeyGone);
        QCOMPARE(carryOut(Act::Reap).outcome, ActOutcome::Done);
        TRY_LONG(liveness() != u"ghost"_s);
        QCOMPARE(m_watch->run({"SCARD", "processes"}).integer, 0);
    }

    // RQ --------------------------------------------------------------------------------------------------------------

    void rqIdleAndAtWork()
    {
        seeRq();
        if (!goesOn())
            return;
        TRY_LONG(liveness() == u"alive"_s);
        TRY_LONG(has(WorkerFlag::Listener));
        QCOMPARE(worker().status, WorkerStatus::Available);
        QCOMPARE(worker().pid, qint32(m_worker->pid()));
        QVERIFY(!worker().host.isEmpty());
        const LayoutFacts *facts = m_watch->store.facts(m_watch->handle(m_id));
        QVERIFY(facts);
        QCOMPARE(facts->queues, QStringList{u"default"_s});
        QVERIFY(facts->version.contains(u'.'));
        QCOMPARE(carryOut(Act::KillJob).refusal, Refusal::GuardFailed); // It has no job.
        workAtRq();
        if (!goesOn())
            return;
        // Its job's process dies alone: the job fails, the worker goes on.
        m_worker->killChildren();
        TRY_LONG(worker().status == WorkerStatus::Available && liveness() == u"alive"_s);
        QVERIFY(m_worker->isRunning());
        workAtRq();
        if (!goesOn())
            return;
        QCOMPARE(carryOut(Act::KillJob).outcome, ActOutcome::Written);
        TRY_LONG(worker().status == WorkerStatus::Available);
        QVERIFY(m_worker->isRunning());
    }

    void rqIsFlushed()
    {
        seeRq();
        if (!goesOn())
            return;
        TRY_LONG(liveness() == u"alive"_s && has(WorkerFlag::Listener));
        // An idle one writes nothing until its next job: it has no key at all, and is alive all the same.
        m_watch->run({"FLUSHALL"});
        TRY_LONG(!has(WorkerFlag::Registered) && m_watch->run({"DBSIZE"}).integer == 0);
        TRY_LONG(liveness() != u"alive"_s || has(WorkerFlag::Incomplete));
        QVERIFY2(worker().endedAt == 0, qPrintable(liveness()));
        // Then half a record, in no set.
        workAtRq(1);
        if (!goesOn())
            return;
        TRY_LONG(has(WorkerFlag::Incomplete) && !has(WorkerFlag::Registered));
        QCOMPARE(liveness(), u"alive"_s);
        QCOMPARE(onlyWorker(m_watch->store), m_id);
        // It still obeys.
        TRY_LONG(worker().status == WorkerStatus::Available);
        const Command stop = commandFor(Act::Shutdown);
        QCOMPARE(carryOut(stop).outcome, ActOutcome::Written);
        QVERIFY(m_worker->isGone());
        TRY_LONG(worker().endedAt > 0);
    }

    void rqIsSuspendedAndResumed()
    {
        seeRq();
        if (!goesOn())
            return;
        TRY_LONG(liveness() == u"alive"_s);
        QCOMPARE(carryOut(Act::ResumeFleet).refusal, Refusal::GuardFailed);
        QCOMPARE(carryOut(Act::PauseFleet).outcome, ActOutcome::Done);
        QCOMPARE(m_watch->run({"GET", "rq:suspended"}).text, "1");
        QCOMPARE(carryOut(Act::PauseFleet).refusal, Refusal::GuardFailed);
        const auto isPaused = [this] {
            const FleetPause *pause = m_watch->store.queues().fleetPause(1, u"rq"_s);
            return pause && pause->isPaused();
        };
        TRY_LONG(isPaused());
        QCOMPARE(m_watch->status.systems.value(0).note, u"suspended"_s);
        // An idle one notices after one more job.
        QVERIFY(worker().status == WorkerStatus::Available);
        QVERIFY(m_worker->enqueueRq(0));
        TRY_LONG(worker().status == WorkerStatus::Paused);
        QCOMPARE(carryOut(Act::ResumeFleet).outcome, ActOutcome::Done);
        TRY_LONG(worker().status == WorkerStatus::Available);
        TRY_LONG(!isPaused());
        QCOMPARE(m_watch->status.systems.value(0).note, u"not suspended"_s);
        QCOMPARE(m_watch->run({"EXISTS", "rq:suspended"}).integer, 0);
        QCOMPARE(liveness(), u"alive"_s);
    }

    void rqIsKilledIdle()
    {
        seeRq();
        if (!goesOn())
            return;
        TRY_LONG(liveness() == u"alive"_s && has(WorkerFlag::Listener));
        QVERIFY(m_worker->killAlone());
        QCOMPARE(listeners(), 0);
        // Its hash says idle for eight minutes; its closed connection says more.
        TRY_LONG(liveness() == u"crashed"_s);
        QCOMPARE(m_watch->run({"HGET", rqKey(), "state"}).text, "idle");
        QCOMPARE(carryOut(Act::Shutdown).refusal, Refusal::NobodyListens);
        QCOMPARE(carryOut(Act::Reap).refusal, Refusal::KeyBack);
        m_watch->run({"PEXPIRE", rqKey(), "1"});
        TRY_LONG(liveness() == u"ghost"_s);
        QCOMPARE(carryOut(Act::Reap).outcome, ActOutcome::Done);
        TRY_LONG(worker().liveness == Liveness::Departed);
        QCOMPARE(m_watch->run({"SCARD", "rq:workers"}).integer, 0);
        // No job was ever put into its queue, so only it named it.
        QCOMPARE(m_watch->run({"EXISTS", "rq:workers:default"}).integer, 0);
    }

    void rqIsKilledAtWork()
    {
        seeRq();
        if (!goesOn())
            return;
        workAtRq();
        if (!goesOn())
            return;
        TRY_LONG(has(WorkerFlag::Listener));
        const QByteArray job = m_watch->run({"HGET", rqKey(), "current_job"}).text;
        QVERIFY(!job.isEmpty());
        const auto jobs = [this] {
            const LayoutFacts *facts = m_watch->store.facts(m_watch->handle(m_id));
            return facts ? facts->jobs : QStringList();
        };
        TRY_LONG(jobs() == QStringList{QString::fromUtf8(job)});
        QVERIFY(m_worker->killAlone());
        QCOMPARE(m_worker->children().size(), 1);
        // The process of its job holds the connection of the dead one, so nothing shows its end before its record expires.
        QCOMPARE(listeners(), 1);
        m_watch->run({"PEXPIRE", rqKey(), "1"});
        TRY_LONG(liveness() != u"alive"_s);
        QVERIFY2(worker().endedAt == 0, qPrintable(liveness()));
        QCOMPARE(carryOut(Act::Reap).refusal, Refusal::StillListening);
        QCOMPARE(m_watch->run({"SCARD", "rq:workers"}).integer, 1);
        m_worker->killChildren();
        TRY_LONG(liveness() == u"ghost"_s && listeners() == 0);
        // What it worked on is on no list, and stays known here.
        QCOMPARE(jobs(), QStringList{QString::fromUtf8(job)});
        QCOMPARE(carryOut(Act::Reap).outcome, ActOutcome::Done);
        TRY_LONG(worker().liveness == Liveness::Departed);
    }

    void rqHangsAndGoesOn()
    {
        seeRq();
        if (!goesOn())
            return;
        TRY_LONG(liveness() == u"alive"_s && has(WorkerFlag::Listener));
        m_worker->signal(SIGSTOP);
        // Redis counts it as a receiver; it has heard nothing.
        const Command stop = commandFor(Act::Shutdown);
        QCOMPARE(carryOut(stop).outcome, ActOutcome::Written);
        TRY_LONG(isSaid(stop, ActOutcome::NotObeyed));
        TRY_LONG(has(WorkerFlag::Deaf));
        QVERIFY(m_worker->isRunning());
        m_worker->signal(SIGCONT);
        // What was sent is in its socket.
        QVERIFY(m_worker->isGone());
        TRY_LONG(isSaid(stop, ActOutcome::PickedUp));
        TRY_LONG(worker().endedAt > 0);
        QVERIFY(!has(WorkerFlag::Deaf));
    }
};

PULSEDECK_TEST(RealWatchTest, runWithEvents)
#include "realwatch_test.moc"
