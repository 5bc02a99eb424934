// SPDX-License-Identifier: GPL-3.0-or-later
// Commands to the real Sidekiq and the real RQ, as Debian has them: each command is obeyed, and seen to be.
#include "models/fleet/liveness.h"
#include "models/layouts/layoutcatalog.h"
#include "tests/commands/layoutbench.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/realworker.h"
#include "tests/support/testprogram.h"

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using RealOutcome = CommandProgress::Outcome;

class RealWorkersTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<LayoutBench> m_bench;
    std::unique_ptr<RealWorker> m_worker;

    QString address() const { return u"redis://127.0.0.1:%1/0"_s.arg(m_bench->server.tcpUrl().port); }

    /// The only member of a set, once there is one.
    QByteArray member(const QByteArray &set)
    {
        QByteArray found;
        const bool there = QTest::qWaitFor(
            [&] {
                const RedisValue members = m_bench->run({"SMEMBERS", set});
                if (!members.elements.empty())
                    found = members.elements.front().text;
                return !found.isEmpty();
            },
            RealWorker::longestMs);
        if (!there)
            qWarning("%s", m_worker->output().constData());
        return found;
    }

    bool becomes(const QByteArray &key, const QByteArray &field, const QByteArray &value)
    {
        return QTest::qWaitFor([&] { return m_bench->run({"HGET", key, field}).text == value; }, RealWorker::longestMs);
    }

    void startRq()
    {
        if (RealWorker::pythonWithRq().isEmpty())
            QSKIP("RQ is not installed: script/setup --tests installs python3-rq");
        QVERIFY(m_bench->start(TestLayouts::rq(), "rq:"));
        m_worker = std::make_unique<RealWorker>(address());
        QVERIFY(m_worker->startRq());
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }
    void init() { m_bench = std::make_unique<LayoutBench>(); }
    void cleanup()
    {
        m_worker.reset();
        m_bench.reset();
    }

    void sidekiqIsQuietedAndStopped()
    {
        if (RealWorker::sidekiq().isEmpty())
            QSKIP("Sidekiq is not installed: script/setup --tests installs ruby-sidekiq");
        QVERIFY(m_bench->start(TestLayouts::sidekiq()));
        m_worker = std::make_unique<RealWorker>(address());
        QVERIFY(m_worker->startSidekiq());
        const QByteArray id = member("processes");
        QVERIFY(!id.isEmpty());
        QVERIFY(becomes(id, "quiet", "false"));

        const Command dump = m_bench->commandFor(Act::Dump, id);
        QCOMPARE(m_bench->carryOut(dump).outcome, RealOutcome::Written);
        QVERIFY(m_bench->isSaid(dump, RealOutcome::PickedUp, RealWorker::longestMs));
        // Withdrawn in time, it is not obeyed.
        QCOMPARE(m_bench->carryOut(Act::Shutdown, id).outcome, RealOutcome::Written);
        Command cancel = m_bench->commandFor(Act::Cancel, id);
        cancel.undoes = Act::Shutdown;
        const RealOutcome undone = m_bench->carryOut(cancel).outcome;
        if (undone == RealOutcome::TooLate)
            QSKIP("The beat came between a command and its withdrawal");
        QCOMPARE(undone, RealOutcome::Done);

        const Command quiet = m_bench->commandFor(Act::Drain, id);
        QCOMPARE(m_bench->carryOut(quiet).outcome, RealOutcome::Written);
        QVERIFY(m_bench->isSaid(quiet, RealOutcome::PickedUp, RealWorker::longestMs));
        QVERIFY(becomes(id, "quiet", "true"));
        const Command stop = m_bench->commandFor(Act::Shutdown, id);
        QCOMPARE(m_bench->carryOut(stop).outcome, RealOutcome::Written);
        QVERIFY(m_bench->isSaid(stop, RealOutcome::PickedUp, RealWorker::longestMs));
        QVERIFY(m_worker->isGone());
        QCOMPARE(m_bench->run({"SISMEMBER", "processes", id}).integer, 0);
        // Its hash stays for a while, and is no worker any more.
        QCOMPARE(m_bench->carryOut(Act::Drain, id).outcome, RealOutcome::Refused);
    }

    void rqEndsWhenItIsIdle()
    {
        startRq();
        if (QTest::currentTestFailed() || !m_worker)
            return;
        const QByteArray key = member("rq:workers");
        QVERIFY(key.startsWith("rq:worker:"));
        const QByteArray name = key.mid(10);
        QVERIFY(becomes(key, "state", "idle"));
        QVERIFY(QTest::qWaitFor(
            [&] {
                return m_bench->run({"PUBSUB", "NUMSUB", "rq:pubsub:" + name}).elements.at(1).integer == 1;
            },
            RealWorker::longestMs));
        const Command stop = m_bench->commandFor(Act::Shutdown, name);
        const CommandProgress written = m_bench->carryOut(stop);
        QCOMPARE(written.outcome, RealOutcome::Written);
        QCOMPARE(written.receivers, 1);
        QVERIFY(m_bench->isSaid(stop, RealOutcome::PickedUp, RealWorker::longestMs));
        QVERIFY(m_worker->isGone());
        QCOMPARE(m_bench->carryOut(Act::Shutdown, name).refusal, Refusal::KeyGone);
    }

    /// Killed with the process of its job, it leaves a record that says for a minute that it works: nobody listens, and that is
    /// all there is to see for who looks afterwards.
    void rqKilledBeforeItWasLookedAtIsFlagged()
    {
        startRq();
        if (QTest::currentTestFailed() || !m_worker)
            return;
        const QByteArray key = member("rq:workers");
        const QByteArray name = key.mid(10);
        QVERIFY(m_worker->enqueueRq(600));
        QVERIFY(becomes(key, "state", "busy"));
        QVERIFY(m_worker->killAlone());
        m_worker->killChildren();
        // The process of the job holds the listener's socket as well, and takes a moment to end on a busy machine.
        QVERIFY(QTest::qWaitFor(
            [&] {
                return m_bench->run({"PUBSUB", "NUMSUB", "rq:pubsub:" + name}).elements.at(1).integer == 0;
            },
            RealWorker::longestMs));
        QVERIFY(m_bench->run({"EXISTS", key}).integer == 1);

        SourceWatch later;
        later.options.layouts = LayoutCatalog::builtIn().layouts();
        later.watch(m_bench->server.url());
        QVERIFY(QTest::qWaitFor([&] { return later.knows(name); }, RealWorker::longestMs));
        QVERIFY(QTest::qWaitFor([&] { return troubleOf(later.worker(name)) == WorkerTrouble::NobodyListens; },
                                RealWorker::longestMs));
        QVERIFY(needsAttention(later.worker(name)));
        later.source.reset();
    }

    void rqAtWorkIsToldOnceAndItsJobIsKilled()
    {
        startRq();
        if (QTest::currentTestFailed() || !m_worker)
            return;
        const QByteArray key = member("rq:workers");
        const QByteArray name = key.mid(10);
        QVERIFY(m_worker->enqueueRq(600));
        QVERIFY(becomes(key, "state", "busy"));
        const Command stop = m_bench->commandFor(Act::Shutdown, name);
        QCOMPARE(m_bench->carryOut(stop).outcome, RealOutcome::Written);
        QVERIFY(m_bench->isSaid(stop, RealOutcome::PickedUp, RealWorker::longestMs));
        // A second one would be a cold stop.
        QCOMPARE(m_bench->carryOut(Act::Shutdown, name).refusal, Refusal::AlreadyShuttingDown);
        QVERIFY(m_worker->isRunning());
        QCOMPARE(m_bench->carryOut(Act::KillJob, name).outcome, RealOutcome::Done);
        QVERIFY(m_worker->isGone());
    }
};

PULSEDECK_TEST(RealWorkersTest, runWithEvents)
#include "realworkers_test.moc"
