// SPDX-License-Identifier: GPL-3.0-or-later
// The real Celery, as Debian has it, and the simulated one: seen as they are, told what to do, and seen to do it.
#include "app/redis/celeryscripts.h"
#include "app/redis/dialectregistry.h"
#include "models/commands/commandwords.h"
#include "models/fleet/liveness.h"
#include "models/layouts/layoutcatalog.h"
#include "tests/commands/commandwatch.h"
#include "tests/fleet/systemscene.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <csignal>
#include <unistd.h>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr int celeryMs = 60'000; // It takes seconds to start, and the machine may be busy.
constexpr char celeryBindings[] = "_kombu.binding.celery.pidbox";

/// That of Debian, which has Celery, where another one comes first. Empty if there is none.
QString pythonWithCelery()
{
    for (const QString &program : {u"python3"_s, u"/usr/bin/python3"_s}) {
        QProcess python;
        python.start(program, {u"-c"_s, u"import celery, redis"_s});
        if (python.waitForFinished() && python.exitCode() == 0)
            return program;
    }
    return {};
}

/// A worker in a process group of its own, so that its children end with it.
class CeleryWorker
{
public:
    ~CeleryWorker() { kill(); }

    bool start(const QString &python, const QString &folder, const QProcessEnvironment &environment, const QString &name)
    {
        m_process.setProcessEnvironment(environment);
        m_process.setWorkingDirectory(folder);
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.setChildProcessModifier([] { ::setsid(); });
        m_process.start(python, {u"-m"_s, u"celery"_s, u"-A"_s, u"app"_s, u"worker"_s, u"-c"_s, u"1"_s, u"-n"_s, name, u"-Q"_s,
                                 u"celery,slow"_s});
        return m_process.waitForStarted();
    }

    bool runs() const { return m_process.state() == QProcess::Running; }
    QByteArray log() { return m_process.readAll(); }

    /// All of it at once.
    void kill()
    {
        if (!runs())
            return;
        ::kill(-pid_t(m_process.processId()), SIGKILL);
        m_process.waitForFinished();
    }

private:
    QProcess m_process;
};

struct CeleryBench : CommandWatch
{
    SystemScene scene;
    QTemporaryDir folder;

    /// As far as they are known.
    QStringList queuesOf(const QByteArray &node) const
    {
        const LayoutFacts *facts = knows(node) ? store.facts(handle(node)) : nullptr;
        return facts ? facts->queues : QStringList();
    }
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    QString python;

    CeleryBench()
    {
        const Layout *layout = LayoutCatalog::builtIn().find(u"celery");
        options.dialects = {[layout](RedisSession &session) { return makeDialect(session, *layout, ""); }};
        options.timing = TimingProfile();
    }
    ~CeleryBench() { source.reset(); }

    bool start()
    {
        RedisServer::Options serverOptions;
        serverOptions.tcp = true;
        if (!server.start(serverOptions))
            return false;
        client = std::make_unique<RedisClient>(server.url());
        environment.insert(u"BROKER"_s, u"redis://127.0.0.1:%1/0"_s.arg(server.tcpUrl().port));
        QFile app(folder.filePath(u"app.py"_s));
        if (!app.open(QIODevice::WriteOnly))
            return false;
        app.write("import os, time\nfrom celery import Celery\napp = Celery('app', broker=os.environ['BROKER'])\n"
                  "@app.task(name='nap')\ndef nap(seconds):\n    time.sleep(seconds)\n");
        return watchWritable();
    }

    /// The simulated fleet in place of real workers.
    bool simulate(bool watches = true, const QStringList &further = {})
    {
        if (!scene.start(u"celery"_s, QStringList{u"--queues"_s, u"celery,slow"_s} + further))
            return false;
        client = std::make_unique<RedisClient>(scene.server().url());
        return !watches || watchWritable(scene.server().url());
    }

    /// As a user with these rights, of the simulated fleet's server.
    RedisUrl urlFor(const QByteArrayList &rights)
    {
        RedisUrl url = scene.server().url();
        const RedisUrl user = CommandWatch::urlFor(rights);
        url.user = user.user;
        url.password = user.password;
        return url;
    }

    bool startWorker(CeleryWorker &worker, const QString &name)
    {
        return worker.start(python, folder.path(), environment, name + u"@test"_s);
    }

    bool nap(int seconds, const QString &queue = u"celery"_s)
    {
        QProcess sender;
        sender.setProcessEnvironment(environment);
        sender.setWorkingDirectory(folder.path());
        sender.start(python, {u"-c"_s, u"import app; app.nap.apply_async((%1,), queue='%2')"_s.arg(seconds).arg(queue)});
        return sender.waitForFinished(celeryMs) && sender.exitCode() == 0;
    }

    /// What becomes of a command, in words, until nothing more is to come: "written picked-up".
    QString outcomes(Act act, const QByteArray &node, const QStringList &queues = {})
    {
        using Outcome = CommandProgress::Outcome;
        progress.clear();
        Command command = commandFor(act, node);
        command.queues = queues;
        source->carryOut({command});
        const bool shown = act == Act::Drain || act == Act::Resume;
        const auto isOver = [&] {
            if (progress.isEmpty())
                return false;
            return progress.first().outcome != Outcome::Written || !shown || progress.size() > 1;
        };
        if (!QTest::qWaitFor(isOver, celeryMs))
            return u"nothing"_s;
        QStringList words;
        for (const CommandProgress &one : std::as_const(progress)) {
            words.append(one.outcome == Outcome::Written     ? u"written"_s
                         : one.outcome == Outcome::PickedUp  ? u"picked-up"_s
                         : one.outcome == Outcome::Done      ? u"done"_s
                         : one.outcome == Outcome::Refused   ? u"refused"_s
                         : one.outcome == Outcome::NotObeyed ? u"not-obeyed"_s
                                                             : u"other"_s);
        }
        return words.join(u' ');
    }

    /// Nothing of the mailbox is in Redis any more.
    bool leavesNothing()
    {
        return QTest::qWaitFor(
            [this] {
                return run({"EXISTS", "_kombu.binding.reply.celery.pidbox"}).integer == 0
                       && run({"KEYS", "*.reply.celery.pidbox"}).elements.empty();
            },
            celeryMs);
    }

    bool isBound(const QByteArray &node)
    {
        return run({"SISMEMBER", celeryBindings, "\x06\x16\x06\x16" + node + ".celery.pidbox"}).integer == 1;
    }
};

} // namespace

#define TRY_CELERY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, celeryMs)

class RealCeleryTest : public QObject
{
    Q_OBJECT

    QString m_python;

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        m_python = pythonWithCelery();
    }

    void aRealWorkerIsSeen()
    {
        if (m_python.isEmpty())
            QSKIP("Celery is not installed: script/setup --tests installs python3-celery");
        CeleryBench bench;
        bench.python = m_python;
        QVERIFY(bench.start());
        CeleryWorker first;
        CeleryWorker second;
        QVERIFY(bench.startWorker(first, u"w1"_s));
        QVERIFY(bench.startWorker(second, u"w2"_s));
        TRY_CELERY(bench.worker("w1@test").beatCount >= 2 && bench.worker("w2@test").beatCount >= 2);
        QCOMPARE(bench.worker("w1@test").host, "test");
        QVERIFY(bench.worker("w1@test").pid > 0);
        QCOMPARE(bench.worker("w1@test").activeSessions, 0);
        QCOMPARE(bench.liveness("w1@test"), u"alive"_s);
        QVERIFY(!bench.worker("w1@test").flags.testFlag(WorkerFlag::ClockSkew));
        TRY_CELERY(bench.worker("w1@test").flags.testFlag(WorkerFlag::Registered));
        // At work it beats on.
        QVERIFY(bench.nap(8));
        TRY_CELERY(bench.worker("w1@test").activeSessions + bench.worker("w2@test").activeSessions == 1);
        const bool firstWorks = bench.worker("w1@test").activeSessions == 1;
        const QByteArray busy = firstWorks ? "w1@test" : "w2@test";
        const QByteArray idle = firstWorks ? "w2@test" : "w1@test";
        // Killed: silent, and its binding stays.
        (firstWorks ? second : first).kill();
        TRY_CELERY(bench.liveness(idle) == u"late"_s);
        QVERIFY(bench.isBound(idle));
        QCOMPARE(bench.liveness(busy), u"alive"_s);
        bench.clock.step(30'000);
        TRY_CELERY(bench.liveness(idle) == u"ghost"_s); // As to a view that is opened now.
    }

    void aRealWorkerObeys()
    {
        if (m_python.isEmpty())
            QSKIP("Celery is not installed: script/setup --tests installs python3-celery");
        CeleryBench bench;
        bench.python = m_python;
        QVERIFY(bench.start());
        CeleryWorker worker;
        CeleryWorker other;
        QVERIFY(bench.startWorker(worker, u"w1"_s));
        QVERIFY(bench.startWorker(other, u"w2"_s));
        TRY_CELERY(bench.worker("w1@test").beatCount >= 1 && bench.worker("w2@test").beatCount >= 1);
        QVERIFY2(bench.status.rights.missing.isEmpty(), qPrintable(bench.status.rights.missing.join(u", "_s)));
        // They beat before they can be written to.
        TRY_CELERY(bench.isBound("w1@test") && bench.isBound("w2@test"));
        // Drained: of all its queues, and it says so itself.
        QCOMPARE(bench.outcomes(Act::Drain, "w1@test"), u"written picked-up"_s);
        QCOMPARE(bench.progress.first().receivers, 2);
        TRY_CELERY(bench.worker("w1@test").status == WorkerStatus::Draining);
        QCOMPARE(bench.worker("w2@test").status, WorkerStatus::Available);
        QVERIFY(bench.leavesNothing());
        QCOMPARE(bench.outcomes(Act::Drain, "w1@test"), u"refused"_s); // It serves none any more.
        // What it takes back works again.
        QCOMPARE(bench.outcomes(Act::Resume, "w1@test"), u"written picked-up"_s);
        TRY_CELERY(bench.worker("w1@test").status == WorkerStatus::Available);
        QCOMPARE(bench.queuesOf("w1@test").size(), 2);
        // Stopped at work: it says that it leaves, and works on.
        QCOMPARE(bench.outcomes(Act::Drain, "w2@test"), u"written picked-up"_s);
        QVERIFY(bench.nap(15));
        TRY_CELERY(bench.worker("w1@test").activeSessions == 1);
        QCOMPARE(bench.outcomes(Act::Shutdown, "w1@test"), u"written"_s);
        TRY_CELERY(bench.worker("w1@test").status == WorkerStatus::ShuttingDown);
        QVERIFY(bench.worker("w1@test").flags.testFlag(WorkerFlag::StillWorking));
        QVERIFY(worker.runs());
        QCOMPARE(bench.outcomes(Act::Shutdown, "w1@test"), u"refused"_s); // A second one would be a cold one.
        // Its connection is closed as its process ends: that is seen, minutes before it would be taken as gone, and not earlier.
        TRY_CELERY(bench.worker("w1@test").end != WorkerEnd::None);
        QCOMPARE(bench.worker("w1@test").end, WorkerEnd::Left);
        TRY_CELERY(!worker.runs());
        // Stopped without work: it is gone at once.
        QCOMPARE(bench.outcomes(Act::Shutdown, "w2@test"), u"written"_s);
        TRY_CELERY(bench.worker("w2@test").end != WorkerEnd::None);
        TRY_CELERY(!other.runs());
        QVERIFY(bench.leavesNothing());
        QVERIFY2(!worker.log().contains("Traceback") && !other.log().contains("Traceback"), "no message was wrong");
    }

    void aSimulatedFleetObeys()
    {
        CeleryBench bench;
        QVERIFY(bench.simulate());
        const QByteArray node = "w1@app-1";
        TRY_CELERY(bench.worker(node).beatCount >= 2 && bench.worker("w2@app-1").beatCount >= 2);
        QCOMPARE(bench.outcomes(Act::Drain, node), u"written picked-up"_s);
        QCOMPARE(bench.worker("w2@app-1").status, WorkerStatus::Available);
        QCOMPARE(bench.outcomes(Act::Resume, node), u"written picked-up"_s);
        QCOMPARE(bench.outcomes(Act::Resume, "w2@app-1"), u"refused"_s); // What it served is not known.
        QCOMPARE(bench.outcomes(Act::Drain, "w9@nowhere"), u"refused"_s);
        QCOMPARE(bench.outcomes(Act::Reap, node), u"refused"_s);
        QCOMPARE(bench.outcomes(Act::Shutdown, node), u"written"_s);
        TRY_CELERY(bench.worker(node).end == WorkerEnd::Left);
        QVERIFY(bench.leavesNothing());
    }

    /// What one run of the console drained another one finds drained, and resumes.
    void anotherRunResumes()
    {
        if (m_python.isEmpty())
            QSKIP("Celery is not installed: script/setup --tests installs python3-celery");
        CeleryBench bench;
        bench.python = m_python;
        QVERIFY(bench.start());
        CeleryWorker first;
        CeleryWorker other;
        QVERIFY(bench.startWorker(first, u"w1"_s));
        QVERIFY(bench.startWorker(other, u"w2"_s));
        TRY_CELERY(bench.isBound("w1@test") && bench.isBound("w2@test"));
        TRY_CELERY(bench.worker("w1@test").beatCount >= 1 && bench.worker("w2@test").beatCount >= 1);
        QCOMPARE(bench.outcomes(Act::Drain, "w1@test"), u"written picked-up"_s);
        QStringList taken = bench.progress.first().queues;
        taken.sort();
        QCOMPARE(taken, (QStringList{u"celery"_s, u"slow"_s}));
        QVERIFY(!bench.worker("w1@test").flags.testFlag(WorkerFlag::NotConsuming)); // That is what was wanted.
        bench.source.reset();

        CeleryBench later;
        later.client = std::make_unique<RedisClient>(bench.server.url());
        QVERIFY(later.watchWritable(bench.server.url()));
        TRY_CELERY(later.worker("w1@test").status == WorkerStatus::Draining);
        TRY_CELERY(troubleOf(later.worker("w1@test")) == WorkerTrouble::NotConsuming);
        TRY_CELERY(later.queuesOf("w2@test").size() == 2);
        QCOMPARE(later.worker("w2@test").status, WorkerStatus::Available);
        QVERIFY(!later.worker("w2@test").flags.testFlag(WorkerFlag::NotAsked));
        QCOMPARE(later.outcomes(Act::Resume, "w1@test"), u"refused"_s);
        QVERIFY2(later.progress.first().text.contains(u"--queue"_s), qPrintable(later.progress.first().text));
        QCOMPARE(later.outcomes(Act::Resume, "w2@test"), u"refused"_s);
        QVERIFY2(later.progress.first().text.contains(u"it serves"_s), qPrintable(later.progress.first().text));
        QCOMPARE(later.outcomes(Act::Resume, "w1@test", taken), u"written picked-up"_s);
        TRY_CELERY(later.worker("w1@test").status == WorkerStatus::Available && later.queuesOf("w1@test").size() == 2);
        QVERIFY(later.leavesNothing());
        later.source.reset();

        // What Redis knew of them is lost: their events make them known, and they obey as before.
        later.run({"FLUSHALL"});
        CeleryBench after;
        after.client = std::make_unique<RedisClient>(bench.server.url());
        QVERIFY(after.watchWritable(bench.server.url()));
        QVERIFY2(after.knows("w1@test") && after.knows("w2@test"), "in the first view");
        TRY_CELERY(after.worker("w1@test").flags.testFlag(WorkerFlag::Unregistered));
        QCOMPARE(after.outcomes(Act::Drain, "w1@test"), u"written picked-up"_s);
        QCOMPARE(after.outcomes(Act::Shutdown, "w1@test"), u"written"_s);
        TRY_CELERY(!first.runs());
        QVERIFY(after.leavesNothing());
        after.source.reset();
        QVERIFY2(!first.log().contains("KeyError") && !other.log().contains("KeyError"), "no message was wrong");
    }

    void aQueueThatNobodyConsumesIsNotServed()
    {
        CeleryBench bench;
        QVERIFY(bench.simulate());
        TRY_CELERY(bench.worker("w1@app-1").beatCount >= 2 && bench.worker("w2@app-1").beatCount >= 2);
        bench.run({"RPUSH", "celery", "{}", "{}"});
        const auto state = [&bench] {
            bench.store.publish();
            for (const auto &[key, queue] : bench.store.queues().all()) {
                if (key.name == "celery" && queue.latest.waiting > 0)
                    return bench.store.queueState(queue);
            }
            return QueueState::Paused;
        };
        for (WorkerHandle handle = 0; handle < WorkerHandle(bench.store.capacity()); ++handle) {
            if (bench.store.worker(handle).used)
                QCOMPARE(bench.outcomes(Act::Drain, bench.store.worker(handle).id), u"written picked-up"_s);
        }
        bench.run({"RPUSH", "celery", "{}"});
        TRY_CELERY(state() == QueueState::Unserved);
        QVERIFY(bench.leavesNothing());
    }

    void theBytesAreToldBefore()
    {
        CeleryBench bench;
        QVERIFY(bench.simulate());
        const QByteArray node = "w1@app-1";
        TRY_CELERY(bench.worker(node).beatCount >= 1);
        const SourceTraits &traits = *bench.worker(node).traits;
        const auto body = [](const QString &line) {
            const QByteArray message = line.section(u' ', 2).toUtf8();
            return QByteArray::fromBase64(QJsonDocument::fromJson(message).object().value(u"body"_s).toString().toLatin1());
        };
        QStringList lines = commandBytes(traits, Act::Shutdown, node);
        QCOMPARE(lines.size(), 1);
        QVERIFY(lines.first().startsWith(u"PUBLISH /0.celery.pidbox "_s));
        QVERIFY(body(lines.first()).contains(R"("method":"shutdown")") && body(lines.first()).contains(R"(["w1@app-1"])"));
        lines = commandBytes(traits, Act::Drain, node);
        QCOMPARE(lines.size(), 3); // It has to be asked first, and is asked what is at work.
        QVERIFY(body(lines.first()).contains(R"("method":"active_queues")"));
        QVERIFY(lines.at(1).startsWith(u"cancel_consumer "_s));
        QVERIFY(body(lines.last()).contains(R"("method":"active")"));
        lines = commandBytes(traits, Act::Drain, node, {}, {u"celery"_s, u"slow"_s});
        QCOMPARE(lines.size(), 4);
        QVERIFY(body(lines.at(1)).contains(R"("queue":"celery")") && body(lines.at(2)).contains(R"("queue":"slow")"));
    }

    /// Its last beat may be older than the task that it works on.
    void whatIsAtWorkIsAskedWithTheDrain()
    {
        constexpr int mostTasks = 5; // That it takes at a time.
        qint32 first = unknownValue; // As it is first seen to drain.
        CeleryBench bench;
        auto beats = bench.worker({}).beatCount; // By then.
        QVERIFY(bench.simulate(true, {u"--speed"_s, u"1"_s})); // It beats every two seconds, as real ones do.
        const QByteArray node = "w1@app-1";
        TRY_CELERY(bench.worker(node).beatCount >= 2);
        QObject::connect(&bench.store, &FleetStore::published, &bench.store, [&first, &beats, &bench, node] {
            const WorkerHandle handle = bench.store.find(1, node);
            if (first != unknownValue || handle == noWorker || bench.store.worker(handle).status != WorkerStatus::Draining)
                return;
            first = bench.store.worker(handle).activeSessions;
            beats = bench.store.worker(handle).beatCount;
        });
        // A beat has the tasks too: with one more task it is drained again until none comes in between.
        int tasks = 0;
        auto before = beats;
        do {
            QVERIFY2(tasks < mostTasks, "a beat came first each time");
            if (tasks > 0) {
                QCOMPARE(bench.outcomes(Act::Resume, node), u"written picked-up"_s);
                TRY_CELERY(bench.worker(node).status == WorkerStatus::Available);
            }
            first = unknownValue;
            before = bench.worker(node).beatCount;
            TRY_CELERY(bench.worker(node).beatCount > before);
            before = bench.worker(node).beatCount;
            bench.scene.fleet().ask("work w1@app-1 3000"); // Seconds.
            ++tasks;
            QCOMPARE(bench.outcomes(Act::Drain, node), u"written picked-up"_s);
            TRY_CELERY(first != unknownValue);
        } while (beats > before);
        QCOMPARE(first, tasks);
        QVERIFY(bench.leavesNothing());
    }

    /// What another console ordered is not waited for until the workers are asked again.
    void aLookUpAsksTheWorker()
    {
        struct Nodes final : CeleryNodes
        {
            CeleryStanding standing(const QByteArray &) const override { return {}; }
            void tookQueues(const QByteArray &, const QStringList &) override { }
            void drains(const QByteArray &, const QStringList &) override { }
            void sentStop(const QByteArray &) override { }
            void wasSilent(const QByteArray &) override { }
            void tookActive(const QByteArray &, qint32) override { }
            void askSoon(const QByteArray &node) override { asked.append(node); }
            QByteArrayList asked;
        };
        Nodes nodes;
        CeleryScripts scripts(nodes, {}, 0, nullptr);
        RedisConnection connection(RedisUrl(), {});
        int answers = 0;
        for (const Act act : {Act::Drain, Act::Resume, Act::Shutdown}) {
            Command command;
            command.act = act;
            command.worker = actName(act).toLatin1();
            scripts.lookUp(connection, command, false, [&answers](const CommandProgress &) { ++answers; });
        }
        QTRY_COMPARE_WITH_TIMEOUT(answers, 3, 20'000);
        QCOMPARE(nodes.asked, (QByteArrayList{"drain", "resume"})); // Nobody answers after a shutdown.
    }

    /// Stopped, but connected: it is counted, and does nothing.
    void whoDoesNotAnswerIsSaidToBeSo()
    {
        CeleryBench bench;
        QVERIFY(bench.simulate());
        const QByteArray node = "w1@app-1";
        TRY_CELERY(bench.worker(node).beatCount >= 2);
        bench.scene.fleet().ask("hang w1@app-1");
        QCOMPARE(bench.outcomes(Act::Drain, node), u"refused"_s);
        QVERIFY(bench.progress.first().text.contains(u"does not answer"_s));
        TRY_CELERY(bench.worker(node).flags.testFlag(WorkerFlag::Deaf));
        QVERIFY(bench.leavesNothing()); // Also when nothing came.
        QCOMPARE(bench.outcomes(Act::Shutdown, node), u"written"_s);
        TRY_CELERY(bench.progress.size() == 2);
        QCOMPARE(bench.progress.last().outcome, CommandProgress::Outcome::NotObeyed);
        QCOMPARE(bench.outcomes(Act::Shutdown, node), u"refused"_s); // Once is all it is sent.
    }

    void whatMayNotBeSentIsKnownBefore()
    {
        CeleryBench bench;
        QVERIFY(bench.simulate(false));
        const RedisUrl url = bench.urlFor({"resetchannels",
                                           "&/0.celeryev/worker.*",
                                           "&/0.celery.pidbox",
                                           "%R~_kombu.binding.*",
                                           "%R~celery*",
                                           "%R~slow*",
                                           "~_kombu.binding.reply.celery.pidbox",
                                           "~*.reply.celery.pidbox",
                                           "+psubscribe",
                                           "+sscan",
                                           "+scan",
                                           "+llen",
                                           "+time",
                                           "+info",
                                           "+ping",
                                           "+publish",
                                           "+sadd",
                                           "+srem",
                                           "+lpop",
                                           "+del"});
        QVERIFY(bench.watchWritable(url));
        const CommandRights &rights = bench.status.rights;
        QVERIFY2(rights.whyNot(Act::Drain).isEmpty(), qPrintable(rights.whyNot(Act::Drain)));
        QVERIFY(rights.whyNot(Act::Shutdown).isEmpty());
        QVERIFY(rights.whyNot(Act::Reap).contains(u"SREM"_s)); // On the workers' own bindings.
        TRY_CELERY(bench.worker("w1@app-1").beatCount >= 2);
        QCOMPARE(bench.outcomes(Act::Drain, "w1@app-1"), u"written picked-up"_s);
        QVERIFY(bench.leavesNothing());
        bench.source.reset();
        bench.run({"ACL", "SETUSER", "console", "-publish"});
        QVERIFY(bench.watchWritable(url));
        QVERIFY(bench.status.rights.whyNot(Act::Shutdown).contains(u"PUBLISH"_s));
    }

    void aBindingIsRemovedOfTheDeadOnly()
    {
        if (m_python.isEmpty())
            QSKIP("Celery is not installed: script/setup --tests installs python3-celery");
        CeleryBench bench;
        bench.python = m_python;
        QVERIFY(bench.start());
        CeleryWorker worker;
        QVERIFY(bench.startWorker(worker, u"w1"_s));
        bench.run({"SADD", celeryBindings,
                   "\x06\x16\x06\x16"
                   "dead@test.celery.pidbox"});
        // It beats before it listens to commands.
        TRY_CELERY(bench.worker("w1@test").beatCount >= 1 && bench.isBound("w1@test"));
        TRY_CELERY(bench.liveness("dead@test") == u"ghost"_s);
        QCOMPARE(bench.outcomes(Act::Reap, "w1@test"), u"refused"_s);
        QVERIFY(bench.isBound("w1@test"));
        QCOMPARE(bench.outcomes(Act::Drain, "dead@test"), u"refused"_s);
        QCOMPARE(bench.outcomes(Act::Reap, "dead@test"), u"done"_s); // Nobody answers in its place.
        QVERIFY(!bench.isBound("dead@test"));
        QVERIFY(bench.leavesNothing());
        TRY_CELERY(bench.worker("dead@test").endedAt > 0);
    }
};

PULSEDECK_TEST(RealCeleryTest, runWithEvents)
#include "realcelery_test.moc"
