// SPDX-License-Identifier: GPL-3.0-or-later
// The queues of the real Sidekiq and the real RQ, with jobs whose arguments nobody but their workers may see.
#include "app/redis/dialectregistry.h"
#include "app/redis/redissource.h"
#include "app/sources/systemclock.h"
#include "models/fleet/queuefacts.h"
#include "models/layouts/layoutreader.h"
#include "tests/support/redisclient.h"
#include "tests/support/redisserver.h"
#include "tests/support/relay.h"
#include "tests/support/testprogram.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr int queueLongestMs = 60'000; // A beat comes each 5 s, and the machine may be busy.
const QByteArray secretWord = "open-sesame-8842";

} // namespace

class RealQueuesTest : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<RedisServer> m_server;
    std::unique_ptr<Relay> m_relay;
    std::unique_ptr<FleetStore> m_store;
    std::unique_ptr<RedisSource> m_source;
    std::vector<std::unique_ptr<QProcess>> m_programs;
    QTemporaryDir m_folder;
    QTimer m_publisher;
    int m_samples = 0;

    QString address() const { return u"redis://127.0.0.1:%1/0"_s.arg(m_server->tcpUrl().port); }

    QProcess *start(const QString &program, const QStringList &arguments)
    {
        auto process = std::make_unique<QProcess>();
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"REDIS_URL"_s, address());
        environment.insert(u"PYTHONPATH"_s, m_folder.path());
        process->setProcessEnvironment(environment);
        process->setWorkingDirectory(m_folder.path());
        process->setProcessChannelMode(QProcess::MergedChannels);
        process->start(program, arguments);
        m_programs.push_back(std::move(process));
        return m_programs.back()->waitForStarted() ? m_programs.back().get() : nullptr;
    }

    bool write(const QString &name, const QByteArray &text) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    }

    /// Runs to its end.
    bool carryOut(const QString &program, const QStringList &arguments)
    {
        QProcess *process = start(program, arguments);
        if (!process || !QTest::qWaitFor([process] { return process->state() == QProcess::NotRunning; }, queueLongestMs))
            return false;
        if (process->exitCode() != 0)
            qWarning("%s", process->readAll().constData());
        return process->exitCode() == 0;
    }

    bool watch(const QString &name)
    {
        const LayoutReading reading = LayoutReader::readFile(QStringLiteral(PULSEDECK_LAYOUTS "/") + name + u".json"_s);
        if (!reading.layout)
            return false;
        RedisSourceOptions options;
        options.dialects.clear();
        options.dialects.push_back(
            [layout = *reading.layout](RedisSession &session) { return makeDialect(session, layout, layout.prefix); });
        m_relay = std::make_unique<Relay>();
        m_relay->record();
        if (!m_relay->listen({m_server->tcpUrl()}))
            return false;
        m_source = std::make_unique<RedisSource>(1, m_relay->url(), options, m_clock);
        connect(m_source.get(), &FleetSource::batchReady, m_store.get(), [this](const FleetBatch &batch) {
            m_samples += int(batch.queues.size());
            m_store->apply(batch);
        });
        connect(m_source.get(), &FleetSource::statusChanged, m_store.get(), &FleetStore::applyStatus);
        m_source->start();
        return true;
    }

    QueueFacts queue(const QString &name) const
    {
        for (const QueueFacts &one : queueFacts(*m_store)) {
            if (one.name == name)
                return one;
        }
        return {};
    }

    template <typename Fits> bool becomes(const QString &name, Fits fits)
    {
        const bool does = QTest::qWaitFor([&] { return fits(queue(name)); }, queueLongestMs);
        if (!does) {
            const QueueFacts one = queue(name);
            qWarning("%s: waiting %lld, at work %lld, oldest %lld, in %f, out %f", qPrintable(one.name), one.latest.waiting,
                     one.latest.atWork, one.latest.oldestMs, one.inPerMinute, one.outPerMinute);
            for (WorkerHandle handle = 0; handle < WorkerHandle(m_store->capacity()); ++handle)
                qWarning("worker %u has done %d; counted %lld", handle, m_store->worker(handle).lifetimeSessions,
                         one.latest.done);
        }
        return does;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
    }
    void init()
    {
        m_server = std::make_unique<RedisServer>();
        RedisServer::Options options;
        options.tcp = true;
        QVERIFY(m_server->start(options));
        m_store = std::make_unique<FleetStore>(m_clock);
        m_store->addSource(1, u"test"_s);
        m_publisher.disconnect();
        connect(&m_publisher, &QTimer::timeout, m_store.get(), &FleetStore::publish);
        m_publisher.start(50);
    }
    void cleanup()
    {
        m_publisher.stop();
        if (m_relay) {
            QVERIFY(m_samples > 0);
            QVERIFY2(!m_relay->recorded().contains(secretWord), "An argument of a job was read");
        }
        for (const auto &program : m_programs) {
            program->kill();
            program->waitForFinished();
        }
        m_programs.clear();
        m_source.reset();
        m_store.reset();
        m_relay.reset();
        m_server.reset();
        m_samples = 0;
    }

    void sidekiq()
    {
        const QString program = QStandardPaths::findExecutable(u"sidekiq"_s);
        if (program.isEmpty())
            QSKIP("Sidekiq is not installed: script/setup --tests installs ruby-sidekiq");
        QVERIFY(write(u"job.rb"_s, "require 'sidekiq'\nclass Job\n  include Sidekiq::Worker\n"
                                   "  def perform(word, seconds); sleep seconds; end\nend\n"));
        QVERIFY(write(u"push.rb"_s, "require './job'\nword, seconds, count, queue = ARGV\n"
                                    "count.to_i.times { Job.set(queue: queue).perform_async(word, seconds.to_f) }\n"));
        const auto push = [this](const char *seconds, const char *count, const char *queue) {
            return carryOut(u"ruby"_s, {u"push.rb"_s, QString::fromLatin1(secretWord), QString::fromLatin1(seconds),
                                        QString::fromLatin1(count), QString::fromLatin1(queue)});
        };
        QVERIFY(push("30", "1", "slow"));
        QVERIFY(push("0.05", "40", "mailers"));
        QVERIFY(watch(u"sidekiq"_s));
        QVERIFY(
            becomes(u"mailers"_s, [](const QueueFacts &one) { return one.latest.waiting == 40 && one.latest.oldestMs >= 0; }));
        QCOMPARE(queue(u"mailers"_s).latest.atWork, 0);
        QVERIFY(becomes(u"mailers"_s, [](const QueueFacts &one) { return one.latest.oldestMs >= 3'000; }));
        QVERIFY(start(program,
                      {u"-r"_s, u"./job.rb"_s, u"-c"_s, u"2"_s, u"-q"_s, u"slow"_s, u"-q"_s, u"mailers"_s, u"-q"_s, u"never"_s}));
        QVERIFY(becomes(u"slow"_s, [](const QueueFacts &one) { return one.latest.atWork == 1 && one.latest.waiting == 0; }));
        QVERIFY(becomes(u"mailers"_s, [](const QueueFacts &one) { return one.latest.waiting == 0 && one.latest.atWork == 0; }));
        QCOMPARE(queue(u"mailers"_s).latest.oldestMs, -1);
        QCOMPARE(queue(u"never"_s).latest.waiting, 0); // Only the process names it.
        QCOMPARE(queue(u"mailers"_s).outPerMinute, -1.0);
        const QueueRecord *whole = m_store->queues().whole(1, u"sidekiq"_s);
        QVERIFY(whole);
        QVERIFY(QTest::qWaitFor([whole] { return whole->outPerMinute > 0; }, queueLongestMs));
        QVERIFY(whyUnknown(queue(u"mailers"_s), QueueFigure::Out).contains(u"all of its queues"_s));
    }

    void rq()
    {
        QString python;
        for (const QString &candidate : {u"python3"_s, u"/usr/bin/python3"_s}) {
            QProcess probe;
            probe.start(candidate, {u"-c"_s, u"import rq"_s});
            if (probe.waitForFinished() && probe.exitCode() == 0) {
                python = candidate;
                break;
            }
        }
        if (python.isEmpty())
            QSKIP("RQ is not installed: script/setup --tests installs python3-rq");
        QVERIFY(write(u"tasks.py"_s, "import time\ndef task(word, seconds):\n    time.sleep(seconds)\n"));
        QVERIFY(write(u"push.py"_s, "import os, sys\nfrom redis import Redis\nfrom rq import Queue\nfrom tasks import task\n"
                                    "word, seconds, count, queue = sys.argv[1:]\n"
                                    "q = Queue(queue, connection=Redis.from_url(os.environ['REDIS_URL']))\n"
                                    "for i in range(int(count)):\n    q.enqueue(task, word, float(seconds))\n"));
        const auto push = [&](const char *seconds, const char *count) {
            return carryOut(python, {u"push.py"_s, QString::fromLatin1(secretWord), QString::fromLatin1(seconds),
                                     QString::fromLatin1(count), u"high"_s});
        };
        QVERIFY(push("0", "6"));
        QVERIFY(watch(u"rq"_s));
        QVERIFY(
            becomes(u"high"_s, [](const QueueFacts &one) { return one.latest.waiting == 6 && one.latest.oldestMs >= 2'000; }));
        QVERIFY(start(python, {u"-c"_s, u"from rq.cli import main; main()"_s, u"worker"_s, u"-u"_s, address(), u"high"_s}));
        QVERIFY(becomes(u"high"_s, [](const QueueFacts &one) { return one.latest.waiting == 0 && one.workerCount() == 1; }));
        QCOMPARE(queue(u"high"_s).latest.oldestMs, -1);
        QVERIFY(becomes(u"high"_s, [](const QueueFacts &one) { return one.outPerMinute >= 0; }));
        QVERIFY(push("0", "4"));
        QVERIFY(becomes(u"high"_s, [](const QueueFacts &one) { return one.outPerMinute > 0 && one.inPerMinute > 0; }));
        QVERIFY(push("20", "1"));
        QVERIFY(becomes(u"high"_s, [](const QueueFacts &one) { return one.latest.atWork == 1; }));
    }
};

PULSEDECK_TEST(RealQueuesTest, runWithEvents)
#include "realqueues_test.moc"
