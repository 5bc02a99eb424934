// SPDX-License-Identifier: GPL-3.0-or-later
// Commands to the real Sidekiq and the real RQ, as Debian has them: each command is obeyed, and seen to be.
#include "tests/commands/layoutbench.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>

using namespace pulsedeck;
using namespace Qt::StringLiterals;
using RealOutcome = CommandProgress::Outcome;

namespace {

constexpr int longestMs = 60'000; // A beat comes each 5 s, and the machine may be busy.

/// A Python that has RQ: that of Debian, where another one comes first. Empty if there is none.
QString pythonWithRq()
{
    for (const QString &program : {u"python3"_s, u"/usr/bin/python3"_s}) {
        QProcess python;
        python.start(program, {u"-c"_s, u"import rq"_s});
        if (python.waitForFinished() && python.exitCode() == 0)
            return program;
    }
    return {};
}

} // namespace

class RealWorkersTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<LayoutBench> m_bench;
    std::unique_ptr<QProcess> m_worker;
    QTemporaryDir m_folder;
    QString m_python;

    QString address() const { return u"redis://127.0.0.1:%1/0"_s.arg(m_bench->server.tcpUrl().port); }

    bool startWorker(const QString &program, const QStringList &arguments)
    {
        m_worker = std::make_unique<QProcess>();
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"REDIS_URL"_s, address());
        m_worker->setProcessEnvironment(environment);
        m_worker->setWorkingDirectory(m_folder.path());
        m_worker->setProcessChannelMode(QProcess::MergedChannels);
        m_worker->start(program, arguments);
        return m_worker->waitForStarted();
    }

    bool isGone()
    {
        return QTest::qWaitFor([this] { return m_worker->state() == QProcess::NotRunning; }, longestMs);
    }

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
            longestMs);
        if (!there)
            qWarning("%s", m_worker->readAll().constData());
        return found;
    }

    bool becomes(const QByteArray &key, const QByteArray &field, const QByteArray &value)
    {
        return QTest::qWaitFor([&] { return m_bench->run({"HGET", key, field}).text == value; }, longestMs);
    }

    void startRq()
    {
        m_python = pythonWithRq();
        if (m_python.isEmpty())
            QSKIP("RQ is not installed: script/setup --tests installs python3-rq");
        QVERIFY(m_bench->start(TestLayouts::rq(), "rq:"));
        QVERIFY(startWorker(m_python,
                            {u"-c"_s, u"from rq.cli import main; main()"_s, u"worker"_s, u"-u"_s, address(), u"default"_s}));
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
        if (m_worker) {
            m_worker->kill();
            m_worker->waitForFinished();
        }
        m_worker.reset();
        m_bench.reset();
    }

    void sidekiqIsQuietedAndStopped()
    {
        const QString sidekiq = QStandardPaths::findExecutable(u"sidekiq"_s);
        if (sidekiq.isEmpty())
            QSKIP("Sidekiq is not installed: script/setup --tests installs ruby-sidekiq");
        QVERIFY(m_bench->start(TestLayouts::sidekiq()));
        QFile job(m_folder.filePath(u"job.rb"_s));
        QVERIFY(job.open(QIODevice::WriteOnly));
        job.write("class Job\n  include Sidekiq::Worker\n  def perform; end\nend\n");
        job.close();
        QVERIFY(startWorker(sidekiq, {u"-r"_s, u"./job.rb"_s, u"-c"_s, u"2"_s, u"-q"_s, u"default"_s}));
        const QByteArray id = member("processes");
        QVERIFY(!id.isEmpty());
        QVERIFY(becomes(id, "quiet", "false"));

        const Command dump = m_bench->commandFor(Act::Dump, id);
        QCOMPARE(m_bench->carryOut(dump).outcome, RealOutcome::Written);
        QVERIFY(m_bench->isSaid(dump, RealOutcome::PickedUp, longestMs));
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
        QVERIFY(m_bench->isSaid(quiet, RealOutcome::PickedUp, longestMs));
        QVERIFY(becomes(id, "quiet", "true"));
        const Command stop = m_bench->commandFor(Act::Shutdown, id);
        QCOMPARE(m_bench->carryOut(stop).outcome, RealOutcome::Written);
        QVERIFY(m_bench->isSaid(stop, RealOutcome::PickedUp, longestMs));
        QVERIFY(isGone());
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
            longestMs));
        const Command stop = m_bench->commandFor(Act::Shutdown, name);
        const CommandProgress written = m_bench->carryOut(stop);
        QCOMPARE(written.outcome, RealOutcome::Written);
        QCOMPARE(written.receivers, 1);
        QVERIFY(m_bench->isSaid(stop, RealOutcome::PickedUp, longestMs));
        QVERIFY(isGone());
        QCOMPARE(m_bench->carryOut(Act::Shutdown, name).refusal, Refusal::KeyGone);
    }

    void rqAtWorkIsToldOnceAndItsJobIsKilled()
    {
        startRq();
        if (QTest::currentTestFailed() || !m_worker)
            return;
        const QByteArray key = member("rq:workers");
        const QByteArray name = key.mid(10);
        QProcess enqueue;
        enqueue.start(m_python, {u"-c"_s,
                                 u"import redis, rq, sys\n"
                                 "rq.Queue('default', connection=redis.from_url(sys.argv[1])).enqueue('time.sleep', 600)"_s,
                                 address()});
        QVERIFY(QTest::qWaitFor([&] { return enqueue.state() == QProcess::NotRunning; }, longestMs));
        QVERIFY2(enqueue.exitCode() == 0, enqueue.readAllStandardError().constData());
        QVERIFY(becomes(key, "state", "busy"));
        const Command stop = m_bench->commandFor(Act::Shutdown, name);
        QCOMPARE(m_bench->carryOut(stop).outcome, RealOutcome::Written);
        QVERIFY(m_bench->isSaid(stop, RealOutcome::PickedUp, longestMs));
        // A second one would be a cold stop.
        QCOMPARE(m_bench->carryOut(Act::Shutdown, name).refusal, Refusal::AlreadyShuttingDown);
        QVERIFY(m_worker->state() == QProcess::Running);
        QCOMPARE(m_bench->carryOut(Act::KillJob, name).outcome, RealOutcome::Done);
        QVERIFY(isGone());
    }
};

PULSEDECK_TEST(RealWorkersTest, runWithEvents)
#include "realworkers_test.moc"
