// SPDX-License-Identifier: GPL-3.0-or-later
// The console under load: 100,000 workers, 20,000 beats a second, the Fleet page visible.
#include "bench/baseline.h"
#include "bench/benchfleet.h"
#include "bench/measures.h"
#include "bench/statistics.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QThread>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int workers = 100'000;
constexpr double heartbeatSeconds = 5;

struct Window
{
    std::vector<double> cpu;
    std::vector<double> storedP99;
    std::vector<double> paintedP99;
    std::vector<double> stallP99;
    std::vector<double> iterationP99;
    std::vector<double> stallLongest;
    double stored = 0;
    double painted = 0;
    double unseen = 0;
    double busy = 0;
    double storedMedian = 0;
    double paintedMedian = 0;
    double redisCpu = 0;
    double simulatorCpu = 0;
};

Window watch(const Run &run, LiveConsole &console, const BenchServer &server, const BenchSimulator &simulator)
{
    Window window;
    const int roundMs = run.quick ? 10'000 : 8'000;
    for (int round = 0; round < run.rounds(); ++round) {
        console.ask("begin");
        const double redis = server.cpuSeconds();
        const double fleet = cpuSecondsOf(simulator.pid());
        QThread::msleep(ulong(roundMs));
        const QJsonObject figures = console.ask("end");
        const auto take = [&figures](const QString &key) { return figures.value(key).toDouble(); };
        window.cpu.push_back(take(u"cpu"_s));
        window.storedP99.push_back(take(u"storedP99"_s));
        window.paintedP99.push_back(take(u"paintedP99"_s));
        window.stallP99.push_back(take(u"stallP99"_s));
        window.iterationP99.push_back(take(u"iterationP99"_s));
        window.stallLongest.push_back(take(u"stallLongest"_s));
        window.stored += take(u"stored"_s);
        window.painted += take(u"painted"_s);
        window.unseen += take(u"unseen"_s);
        window.busy = take(u"busy"_s) * 100;
        window.storedMedian = take(u"storedMedian"_s);
        window.paintedMedian = take(u"paintedMedian"_s);
        window.redisCpu = (server.cpuSeconds() - redis) / roundMs * 1e5;
        window.simulatorCpu = (cpuSecondsOf(simulator.pid()) - fleet) / roundMs * 1e5;
    }
    return window;
}

/// \a bareCpu: of a bare client that reads as many beats a second, in per cent of a core.
void report(Run &run, const Window &window, double bareCpu)
{
    const double cpu = median(window.cpu);
    run.add(
        {u"live-cpu"_s, u"100,000 workers, 20,000 beats/s, Fleet page visible: CPU of the console"_s, cpu, u"% of a core"_s,
         u"a bare hiredis client that reads as many beats, one after another: %1 %; redis-server took %2 %, the simulator %3 %"_s
             .arg(bareCpu, 0, 'f', 0)
             .arg(window.redisCpu, 0, 'f', 0)
             .arg(window.simulatorCpu, 0, 'f', 0),
         u"≤ 8 % of a core"_s, cpu <= 8, 1});
    const double stored = median(window.storedP99);
    run.add({u"beat-to-store"_s, u"beat written → in the store, p99"_s, stored, u"ms"_s,
             u"%1 beats, median %2 ms"_s.arg(window.stored, 0, 'f', 0).arg(window.storedMedian, 0, 'f', 0), u"≤ 120 ms"_s,
             stored <= 120, 0});
    const double painted = median(window.paintedP99);
    run.add({u"beat-to-paint"_s, u"beat written → painted for a visible row, p99"_s, painted, u"ms"_s,
             u"%1 beats of visible rows, median %2 ms"_s.arg(window.painted, 0, 'f', 0).arg(window.paintedMedian, 0, 'f', 0),
             u"≤ 220 ms"_s, painted <= 220, 0});
    const double stallP99 = median(window.stallP99);
    run.add({u"gui-stall-p99"_s, u"GUI event-loop stall, live, p99"_s, stallP99, u"ms"_s,
             u"over time; over iterations %1 ms; the loop is busy %2 % of the time"_s.arg(median(window.iterationP99), 0, 'f', 1)
                 .arg(window.busy, 0, 'f', 0),
             u"≤ 16 ms"_s, stallP99 <= 16, 1});
    const double longest = greatest(window.stallLongest);
    run.add({u"gui-stall-max"_s, u"GUI event-loop stall, live, longest"_s, longest, u"ms"_s, u"of all rounds"_s, u"≤ 50 ms"_s,
             longest <= 50, 1});
}

/// Both ends of the window lie in a silence that the simulator keeps, so no beat is under way at either.
void countBeats(Run &run, LiveConsole &console, BenchSimulator &simulator)
{
    constexpr double silenceSeconds = 4;
    const auto counts = [&] {
        simulator.holdBeats(silenceSeconds, workers);
        QThread::msleep(2'000);
        return std::pair(simulator.status().value("sent"), qint64(console.ask("beats").value(u"beats"_s).toDouble()));
    };
    const auto [sentBefore, seenBefore] = counts();
    QThread::msleep(run.quick ? 25'000 : 65'000);
    const auto [sentAfter, seenAfter] = counts();
    const qint64 sent = sentAfter - sentBefore;
    const qint64 lost = sent - (seenAfter - seenBefore);
    run.add({u"beats-lost"_s, run.quick ? u"beats lost over 20 s"_s : u"beats lost over 60 s"_s, double(lost), u"beats"_s,
             u"%1 sent by the simulator"_s.arg(sent), u"0"_s, lost == 0 && sent > 0, 0});
}

void touch(Run &run, LiveConsole &console)
{
    const int rounds = run.quick ? 2 : 5;
    const QJsonObject filter = console.ask("filter 7f3 " + QByteArray::number(rounds));
    const auto add = [&run](const QString &id, const QString &what, const QJsonObject &figures, double aim) {
        const double ms = figures.value(u"p95"_s).toDouble();
        const int count = figures.value(u"count"_s).toInt();
        run.add({id, what, ms, u"ms"_s,
                 u"p95 of %1, median %2 ms, longest %3 ms, beats coming in meanwhile"_s.arg(count)
                     .arg(figures.value(u"median"_s).toDouble(), 0, 'f', 0)
                     .arg(figures.value(u"longest"_s).toDouble(), 0, 'f', 0),
                 u"≤ %1 ms"_s.arg(aim), count > 0 && ms <= aim, 0});
    };
    add(u"filter-key"_s, u"key typed into the filter → repainted, 100,000 workers"_s, filter, 50);
    add(u"sort-click"_s, u"click on a column's header → repainted, 100,000 workers"_s,
        console.ask("sort " + QByteArray::number(rounds)), 100);
}

} // namespace

void measureLive(Run &run)
{
    const QStringList watched{u"live-cpu"_s, u"beat-to-store"_s, u"beat-to-paint"_s, u"gui-stall-p99"_s, u"gui-stall-max"_s};
    const QStringList touched{u"filter-key"_s, u"sort-click"_s};
    const QStringList all = watched + touched + QStringList{u"beats-lost"_s, u"gui-stall-load"_s, u"resident-memory"_s};
    if (!run.wants(all))
        return;
    BenchServer server;
    BenchSimulator simulator;
    LiveConsole console;
    QString error;
    if (!server.start(&error) || !simulator.begin(server.url(), workers, heartbeatSeconds, 30, &error)) {
        run.fail(u"live"_s, error);
        return;
    }
    constexpr int bareMs = 2'000;
    const BareClient::Followed bare =
        run.wants(watched) ? BareClient(server.socketPath()).follow(bareMs) : BareClient::Followed();
    const double bareCpu = bare.cpuSeconds / qMax(1, bare.reads) * workers / heartbeatSeconds * 100;
    console.open({server.url()});
    const QJsonObject load = console.ask("live " + QByteArray::number(workers));
    if (load.isEmpty()) {
        run.fail(u"live"_s, u"the console did not show all workers"_s);
        return;
    }
    const auto loading = [&load](const QString &key) { return load.value(key).toDouble(); };
    run.add({u"gui-stall-load"_s, u"GUI event-loop stall while 100,000 workers load, longest"_s, loading(u"stallLongest"_s),
             u"ms"_s,
             u"p99 over time %1 ms; loaded in %2 ms while all of them beat"_s.arg(loading(u"stallP99"_s), 0, 'f', 0)
                 .arg(loading(u"ms"_s), 0, 'f', 0),
             QString(), true, 1});
    QThread::msleep(15'000); // Three beats of each worker: the first view's own work is over.
    if (run.wants(watched))
        report(run, watch(run, console, server, simulator), bareCpu);
    if (run.wants(touched))
        touch(run, console);
    if (run.wants({u"beats-lost"_s}))
        countBeats(run, console, simulator);
    if (run.wants({u"resident-memory"_s})) {
        console.ask("begin");
        QThread::msleep(1'000);
        const double mb = console.ask("end").value(u"residentMb"_s).toDouble();
        run.add({u"resident-memory"_s, u"resident memory at 100,000 workers with history"_s, mb, u"MB"_s,
                 u"the console's process after all of the above"_s, u"≤ 250 MB"_s, mb > 0 && mb <= 250, 0});
    }
    console.say("quit");
}

} // namespace pulsedeck::bench
