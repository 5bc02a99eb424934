// SPDX-License-Identifier: GPL-3.0-or-later
// Fleets that a layout describes: compared with the same fleet read by code, and what other systems cost to find and to watch.
#include "app/redis/layoutdetector.h"
#include "bench/baseline.h"
#include "bench/benchfleet.h"
#include "bench/measures.h"
#include "bench/sourcerig.h"
#include "bench/statistics.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layoutreader.h"

#include <QElapsedTimer>
#include <QEventLoop>

#include <malloc.h>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int many = 100'000;
constexpr int limitMs = 60'000;
const QString loadId = u"layout-load"_s;
const QString beatId = u"layout-beat"_s;
const QString memoryId = u"layout-memory"_s;
const QString sidekiqId = u"sidekiq-2000"_s;
const QString sidekiqServerId = u"sidekiq-2000-redis"_s;
const QString celeryId = u"celery-5000"_s;
const QString detectId = u"detect"_s;

/// The hashes of the simulated fleet as somebody would describe their own.
const QByteArray hashes = R"({
  "layout": "bench", "schema": 1, "title": "Hashes", "understood": "tested",
  "words": { "worker": "worker", "workers": "workers", "unit": "session" },
  "detect": [{ "scan": "worker:*", "type": "hash" }],
  "discover": [{ "kind": "scan", "key": "worker:*", "type": "hash" }],
  "record": {
    "key": "worker:{id}", "type": "hash",
    "fields": { "state": "status", "started": "startedAt", "beat": "lastHeartbeat", "type": "browserType", "at": "endpoint" },
    "units": { "started": "ms", "beat": "ms" }
  },
  "identity": { "group": "browserType" },
  "liveness": { "by": "ttl", "fullTtl": [120], "interval": [10],
                "stamp": { "field": "beat", "unit": "ms", "clock": "worker" } },
  "status": [{ "if": { "state": "draining" }, "is": "draining" }, { "else": "available" }],
  "watch": "prefix", "watched": ["worker:"]
})";

RedisUrl parsed(const QString &url)
{
    QString error;
    return RedisUrl::parse(url, &error).value_or(RedisUrl());
}

RedisSourceOptions only(std::vector<Layout> layouts)
{
    RedisSourceOptions options;
    options.dialects.clear();
    options.layouts = std::move(layouts);
    return options;
}

double heapMb()
{
    const struct mallinfo2 now = ::mallinfo2();
    return double(now.uordblks + now.hblkhd) / 1024 / 1024;
}

struct Taken
{
    std::vector<double> loadMs;
    std::vector<double> beatUs;
    std::vector<double> megabytes;
};

/// One more of each; false if the fleet did not come or did not beat.
bool take(const Run &run, const QString &url, const RedisSourceOptions &options, Taken *taken)
{
    const double before = heapMb();
    SourceRig rig([&](const Clock &clock) { return new RedisSource(1, parsed(url), options, clock); }, SourceRig::Table::With);
    rig.start();
    const double loaded = rig.waitUntilLive(many, limitMs);
    if (loaded < 0)
        return false;
    rig.run(3'000); // The first view's own work is not a beat's.
    const double cpu = rig.ioCpuUs() + rig.storeCpuUs();
    const quint64 beats = rig.store().beatsSeen();
    rig.run(run.quick ? 3'000 : 6'000);
    const quint64 seen = rig.store().beatsSeen() - beats;
    if (seen == 0)
        return false;
    taken->loadMs.push_back(loaded);
    taken->beatUs.push_back((rig.ioCpuUs() + rig.storeCpuUs() - cpu) / double(seen));
    taken->megabytes.push_back(heapMb() - before);
    return true;
}

void measureHashes(Run &run)
{
    if (!run.wants({loadId, beatId, memoryId}))
        return;
    const LayoutReading layout = LayoutReader::read(hashes, u"bench.json"_s);
    BenchServer server;
    BenchSimulator simulator;
    QString error = layout.problems.empty() ? QString() : layout.problems.front().text;
    if (!layout.layout || !server.start(&error) || !simulator.begin(server.url(), many, 10, 120, &error)) {
        run.fail(loadId, error);
        return;
    }
    Taken byCode;
    Taken byLayout;
    // Alternating, so that whatever else the machine does meets both.
    for (int round = 0; round < run.rounds(); ++round) {
        if (!take(run, server.url(), {}, &byCode) || !take(run, server.url(), only({*layout.layout}), &byLayout)) {
            run.fail(loadId, u"not all workers came within a minute, or none of them beat"_s);
            return;
        }
    }
    const auto add = [&run](const QString &id, const QString &what, const std::vector<double> &ours,
                            const std::vector<double> &theirs, const QString &unit, int decimals) {
        const double ratio = median(ours) / median(theirs);
        run.add({id, what, ratio, u"×"_s,
                 u"by code: %1 %3; by layout: %2 %3"_s.arg(median(theirs), 0, 'f', decimals)
                     .arg(median(ours), 0, 'f', decimals)
                     .arg(unit),
                 u"≤ 1.3 ×"_s, ratio <= 1.3, 2});
    };
    add(loadId, u"100,000 workers that a layout describes, while they beat: connect → all in the table"_s, byLayout.loadMs,
        byCode.loadMs, u"ms"_s, 0);
    add(beatId, u"the same: CPU per beat at 10,000 beats/s"_s, byLayout.beatUs, byCode.beatUs, u"µs"_s, 1);
    add(memoryId, u"the same: memory of source, store and table"_s, byLayout.megabytes, byCode.megabytes, u"MB"_s, 0);
}

bool beginSystem(LineChild &child, const QString &layout, const QString &url, int workers, int speed = 1)
{
    return child.start(programBeside(u"pulsedeck-fleet"_s),
                       {url, u"--layout"_s, layout, u"--workers"_s, QString::number(workers), u"--speed"_s,
                        QString::number(speed), u"--parent-pid"_s, QString::number(::getpid())})
           && !child.waitFor("registered", limitMs).isNull();
}

void measureSidekiq(Run &run)
{
    constexpr int processes = 2'000;
    if (!run.wants({sidekiqId, sidekiqServerId}))
        return;
    BenchServer server;
    LineChild simulator;
    QString error = u"the simulator did not register its processes"_s;
    if (!server.start(&error) || !beginSystem(simulator, u"sidekiq"_s, server.url(), processes)) {
        run.fail(sidekiqId, error);
        return;
    }
    const int windowMs = run.quick ? 20'000 : 60'000; // Whole beats of 10 s.
    const double idle = server.cpuSeconds();
    QThread::msleep(ulong(windowMs));
    const double unwatched = server.cpuSeconds() - idle;
    SourceRig rig(
        [&](const Clock &clock) {
            return new RedisSource(1, parsed(server.url()), only(LayoutCatalog::builtIn().layouts()), clock);
        },
        SourceRig::Table::With);
    rig.start();
    if (rig.waitUntilLive(processes, limitMs) < 0) {
        run.fail(sidekiqId, u"not all processes came within a minute"_s);
        return;
    }
    rig.run(3'000);
    const double before = server.cpuSeconds();
    const double cpu = rig.ioCpuUs() + rig.storeCpuUs();
    const quint64 beats = rig.store().beatsSeen();
    rig.run(windowMs);
    const double ours = (rig.ioCpuUs() + rig.storeCpuUs() - cpu) / windowMs / 10;
    const double watched = server.cpuSeconds() - before;
    const double theirs = (watched - unwatched) * 1e5 / windowMs;
    run.add({sidekiqId, u"2,000 processes of Sidekiq watched: CPU of source, store and table"_s, ours, u"% of a core"_s,
             u"%1 beats/s"_s.arg(double(rig.store().beatsSeen() - beats) * 1000 / windowMs, 0, 'f', 0), u"≤ 1 % of a core"_s,
             ours <= 1, 2});
    run.add({sidekiqServerId, u"the same: what it adds to the CPU of redis-server"_s, theirs, u"% of a core"_s,
             u"redis-server without it: %1 %"_s.arg(unwatched * 1e5 / windowMs, 0, 'f', 2), u"≤ 1 % of a core"_s, theirs <= 1,
             2});
}

void measureCelery(Run &run)
{
    constexpr int workers = 2'000; // A beat every 2 s, five times as fast.
    if (!run.wants({celeryId}))
        return;
    BenchServer server;
    LineChild simulator;
    QString error = u"the simulator did not register its workers"_s;
    if (!server.start(&error) || !beginSystem(simulator, u"celery"_s, server.url(), workers, 5)) {
        run.fail(celeryId, error);
        return;
    }
    SourceRig rig(
        [&](const Clock &clock) {
            return new RedisSource(1, parsed(server.url()), only(LayoutCatalog::builtIn().layouts()), clock);
        },
        SourceRig::Table::With);
    rig.start();
    if (rig.waitUntilLive(workers, limitMs) < 0) {
        run.fail(celeryId, u"not all workers came within a minute"_s);
        return;
    }
    rig.run(3'000);
    const int windowMs = run.quick ? 6'000 : 20'000;
    const double cpu = rig.ioCpuUs() + rig.storeCpuUs();
    const quint64 beats = rig.store().beatsSeen();
    rig.run(windowMs);
    const double used = (rig.ioCpuUs() + rig.storeCpuUs() - cpu) / windowMs / 10;
    const double perSecond = double(rig.store().beatsSeen() - beats) * 1000 / windowMs;
    run.add({celeryId, u"events of 2,000 workers of Celery, 5,000/s: CPU of source, store and table"_s, used, u"% of a core"_s,
             u"%1 events/s came in"_s.arg(perSecond, 0, 'f', 0), u"≤ 25 % of a core"_s, used <= 25 && perSecond >= 4'500, 1});
}

void measureDetection(Run &run)
{
    constexpr int foreign = 1'000'000;
    if (!run.wants({detectId}))
        return;
    BenchServer server;
    LineChild sidekiq;
    QString error = u"the simulator did not register its processes"_s;
    if (!server.start(&error) || !beginSystem(sidekiq, u"sidekiq"_s, server.url(), 12)) {
        run.fail(detectId, error);
        return;
    }
    BareClient bare(server.socketPath());
    bare.fillForeign(foreign);
    std::vector<double> looks;
    std::vector<double> scans;
    int commands = 0;
    bool found = false;
    for (int round = 0; round < run.rounds(); ++round) {
        RedisConnection connection(parsed(server.url()), {});
        QEventLoop loop;
        QTimer::singleShot(limitMs, &loop, &QEventLoop::quit);
        QElapsedTimer time;
        LayoutDetector detector(connection, LayoutCatalog::builtIn().layouts());
        QObject::connect(&connection, &RedisConnection::stateChanged, &loop, [&](RedisConnection::State state) {
            if (state != RedisConnection::State::Ready)
                return;
            time.start();
            detector.look();
        });
        QObject::connect(&detector, &LayoutDetector::finished, &loop, [&] {
            looks.push_back(double(time.nsecsElapsed()) / 1e6);
            loop.quit();
        });
        connection.open();
        loop.exec();
        commands = detector.commandsSent();
        found = !detector.systems().empty();
        time.start();
        bare.scan(LayoutDetector::leastPages, LayoutDetector::pageKeys);
        scans.push_back(double(time.nsecsElapsed()) / 1e6);
        connection.close();
    }
    if (int(looks.size()) < run.rounds() || !found) {
        run.fail(detectId, u"nothing was found, or not in time"_s);
        return;
    }
    const double took = median(looks);
    run.add({detectId, u"which systems live in a Redis with a million keys of others"_s, took, u"ms"_s,
             u"%1 commands; %2 pages of SCAN by a bare hiredis client: %3 ms"_s.arg(commands)
                 .arg(LayoutDetector::leastPages)
                 .arg(median(scans), 0, 'f', 1),
             u"≤ 50 ms, ≤ 200 commands"_s, took <= 50 && commands <= 200, 1});
}

} // namespace

void measureLayouts(Run &run)
{
    measureHashes(run);
    measureSidekiq(run);
    measureCelery(run);
    measureDetection(run);
}

} // namespace pulsedeck::bench
