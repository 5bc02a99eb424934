// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/layouts/layoutcatalog.h"
#include "tests/fleet/fleetprocess.h"
#include "tests/source/sourcewatch.h"
#include "tests/support/testprogram.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <map>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// Fleets of thirteen systems in one Redis, each a program of its own, and browser workers next to them: one source shows all of
/// them under their systems, none twice, and asks no more than it may.
class TenSystemsTest : public QObject
{
    Q_OBJECT

    using Counts = std::map<QString, int>;
    using Queues = std::map<QString, QStringList>;

    SourceWatch m_watch;
    std::vector<std::unique_ptr<FleetProcess>> m_fleets;

    /// Workers that have not ended, by system.
    static Counts workersOf(const SourceWatch &watch)
    {
        Counts counts;
        for (int handle = 0; handle < watch.store.capacity(); ++handle) {
            const Worker &worker = watch.store.worker(WorkerHandle(handle));
            if (worker.used && worker.endedAt == 0)
                ++counts[worker.traits->layout];
        }
        return counts;
    }

    static Queues queuesOf(const SourceWatch &watch)
    {
        Queues queues;
        for (const auto &[key, queue] : watch.store.queues().all())
            queues[key.system].append(QString::fromUtf8(key.name));
        for (auto &[system, names] : queues)
            names.sort();
        return queues;
    }

    static QString texts(const Counts &counts)
    {
        QStringList list;
        for (const auto &[system, count] : counts)
            list.append(u"%1 %2"_s.arg(system).arg(count));
        return list.join(u", "_s);
    }

    static QString texts(const Queues &queues)
    {
        QStringList list;
        for (const auto &[system, names] : queues)
            list.append(system + u": "_s + names.join(u' '));
        return list.join(u", "_s);
    }

    qint64 commandsOfServer()
    {
        const QByteArray info = m_watch.run({"INFO", "stats"}).text;
        const qsizetype at = info.indexOf("total_commands_processed:");
        return info.mid(at + 25, info.indexOf('\r', at) - at - 25).toLongLong();
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        QVERIFY(m_watch.startServer());
        m_watch.options.layouts = LayoutCatalog::builtIn().layouts();
        int seed = 10;
        for (const char *layout : {"sidekiq", "rq", "celery", "resque", "horizon", "asynq", "saq", "arq", "dramatiq", "bullmq",
                                   "streams", "resque-scheduler", "redbeat"}) {
            m_fleets.push_back(std::make_unique<FleetProcess>());
            const QStringList arguments{
                u"--layout"_s, QString::fromLatin1(layout), u"--workers"_s, u"2"_s, u"--sessions"_s,       u"0"_s,
                u"--seed"_s,   QString::number(++seed),     u"--slots"_s,   u"1"_s, u"--session-length"_s, u"5000"_s};
            QVERIFY2(m_fleets.back()->startRegistered(m_watch.server, arguments), layout);
            // Jobs wait in each, more than are taken.
            const QByteArray first = QByteArray(layout) == "streams" ? " stream:orders" : QByteArray();
            m_fleets.back()->ask("jobs 5" + first);
            if (!first.isEmpty())
                m_fleets.back()->ask("jobs 5 stream:mails");
        }
        m_watch.registerWorker("chromium:a");
        m_watch.registerWorker("chromium:b");
        m_watch.run({"XADD", "log:events", "*", "line", "x"}); // No system's.
    }

    void allAreShownOnce()
    {
        m_watch.watch();
        QTRY_VERIFY_WITH_TIMEOUT(m_watch.isWatching(), 30'000);
        const Counts expected{
            {u"playwright"_s, 2}, {u"sidekiq"_s, 2}, {u"rq"_s, 2},      {u"celery"_s, 2},           {u"resque"_s, 2},
            {u"horizon"_s, 6}, // Two masters, and a supervisor of each for each of two queues.
            {u"asynq"_s, 2},      {u"saq"_s, 2},     {u"arq"_s, 1}, // One key for all workers of a queue.
            {u"dramatiq"_s, 2},   {u"bullmq"_s, 2},  {u"streams"_s, 2}, {u"resque-scheduler"_s, 1}, {u"redbeat"_s, 1}};
        QTRY_VERIFY2_WITH_TIMEOUT(workersOf(m_watch) == expected, qPrintable(texts(workersOf(m_watch))), 30'000);
        QStringList systems;
        for (const FoundSystem &system : std::as_const(m_watch.status.systems)) {
            QVERIFY2(system.watched, qPrintable(system.title));
            systems.append(system.layout);
        }
        systems.sort();
        QStringList names;
        for (const auto &[name, count] : expected)
            names.append(name);
        QCOMPARE(systems, names);
        QVERIFY2(m_watch.status.limits.isEmpty(), qPrintable(m_watch.status.limits.join(u' ')));
        // Horizon's masters count, its supervisors hang under them.
        int masters = 0;
        for (int handle = 0; handle < m_watch.store.capacity(); ++handle) {
            const Worker &worker = m_watch.store.worker(WorkerHandle(handle));
            masters += worker.used && worker.traits->layout == u"horizon" && !worker.child;
        }
        QCOMPARE(masters, 2);
        // Nobody is called dead, and nobody is in two systems.
        QSet<QByteArray> ids;
        for (int handle = 0; handle < m_watch.store.capacity(); ++handle) {
            const Worker &worker = m_watch.store.worker(WorkerHandle(handle));
            if (!worker.used)
                continue;
            QVERIFY2(!ids.contains(worker.id), worker.id.constData());
            ids.insert(worker.id);
            const bool lives = worker.liveness == Liveness::Alive || worker.liveness == Liveness::Settling
                               || worker.traits->layout == u"playwright"; // Nobody beats for these.
            QVERIFY2(lives, qPrintable(QString::fromUtf8(worker.id) + u' ' + livenessName(worker)));
        }
    }

    void allQueuesAreUnderTheirSystem()
    {
        const QStringList usual{u"default"_s, u"mailers"_s};
        const auto complete = [&] {
            const Queues queues = queuesOf(m_watch);
            const auto has = [&queues](const QString &system, const QStringList &names) {
                const auto found = queues.find(system);
                return found != queues.end() && std::all_of(names.begin(), names.end(), [&](const QString &name) {
                           return found->second.contains(name);
                       });
            };
            return has(u"sidekiq"_s, {u"default"_s}) && has(u"rq"_s, {u"default"_s}) && has(u"celery"_s, {u"celery"_s})
                   && has(u"resque"_s, {u"default"_s}) && has(u"asynq"_s, {u"default"_s}) && has(u"bullmq"_s, {u"default"_s})
                   && has(u"streams"_s, {u"stream:mails"_s, u"stream:orders"_s});
        };
        QTRY_VERIFY2_WITH_TIMEOUT(complete(), qPrintable(texts(queuesOf(m_watch))), 30'000);
        qInfo("%s", qPrintable(texts(queuesOf(m_watch))));
        // No queue of one system is listed under another.
        const Queues queues = queuesOf(m_watch);
        QCOMPARE(queues.at(u"streams"_s), (QStringList{u"stream:mails"_s, u"stream:orders"_s}));
        QVERIFY(!queues.contains(u"redbeat"_s) && !queues.contains(u"resque-scheduler"_s));
        for (const auto &[key, queue] : m_watch.store.queues().all()) {
            const bool ofStream = key.name.startsWith("stream:");
            QVERIFY2(ofStream == (key.system == u"streams"), key.name.constData());
            if (key.system == u"streams")
                QCOMPARE(queue.latest.waiting, 4); // One of five is at work.
        }
    }

    /// With the fleets stopped it is this source alone that asks.
    void itAsksNoMoreThanItMay()
    {
        for (const auto &fleet : m_fleets)
            fleet->signal(SIGSTOP);
        m_watch.source->stop();
        qint64 idle = commandsOfServer();
        QTRY_VERIFY_WITH_TIMEOUT(commandsOfServer() - std::exchange(idle, commandsOfServer()) <= 2, 10'000);
        const qint64 before = commandsOfServer();
        m_watch.source->start();
        QTRY_VERIFY_WITH_TIMEOUT(m_watch.isWatching(), 30'000);
        const qint64 view = commandsOfServer() - before;
        QVERIFY2(view < 600, QByteArray::number(view).constData());
        const qint64 from = commandsOfServer();
        QElapsedTimer clock;
        clock.start();
        QTRY_VERIFY_WITH_TIMEOUT(clock.elapsed() > 5'000, 20'000);
        const qint64 perSecond = (commandsOfServer() - from) * 1000 / clock.elapsed();
        qInfo("%lld commands for the first view, then %lld a second", qlonglong(view), qlonglong(perSecond));
        QVERIFY2(perSecond < 150, QByteArray::number(perSecond).constData());
        for (const auto &fleet : m_fleets)
            fleet->signal(SIGCONT);
    }

    void cleanupTestCase()
    {
        m_watch.source.reset();
        m_fleets.clear();
    }
};

PULSEDECK_TEST(TenSystemsTest, runWithEvents)

#include "tensystems_test.moc"
