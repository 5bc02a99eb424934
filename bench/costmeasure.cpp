// SPDX-License-Identifier: GPL-3.0-or-later
// What one beat costs, whatever the number of workers.
#include "bench/benchfleet.h"
#include "bench/measures.h"
#include "bench/sourcerig.h"
#include "bench/statistics.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr double beatsPerSecond = 10'000;
constexpr int limitMs = 60'000;
const QString id = u"cost-per-beat"_s;

/// CPU microseconds per beat of the I/O thread and of apply() and publish(); 0 with a word in the run's failures.
double costAt(Run &run, int workers)
{
    BenchServer server;
    BenchSimulator simulator;
    QString error;
    const double heartbeat = workers / beatsPerSecond;
    if (!server.start(&error) || !simulator.begin(server.url(), workers, heartbeat, 120, &error)) {
        run.fail(id, error);
        return 0;
    }
    SourceRig rig(server.url(), SourceRig::Table::Without);
    rig.start();
    if (rig.waitUntilLive(workers, limitMs) < 0) {
        run.fail(id, u"not all workers came within a minute"_s);
        return 0;
    }
    rig.run(3'000); // The first view's own work is not a beat's.
    std::vector<double> costs;
    const int windowMs = run.quick ? 2'000 : 4'000;
    for (int round = 0; round < run.rounds(); ++round) {
        const double cpu = rig.ioCpuUs() + rig.storeCpuUs();
        const quint64 beats = rig.store().beatsSeen();
        rig.run(windowMs);
        const quint64 seen = rig.store().beatsSeen() - beats;
        if (seen < quint64(beatsPerSecond * windowMs / 1000 * 0.9)) {
            run.fail(id, u"only %1 beats came in %2 ms at %3 workers"_s.arg(seen).arg(windowMs).arg(workers));
            return 0;
        }
        costs.push_back((rig.ioCpuUs() + rig.storeCpuUs() - cpu) / double(seen));
    }
    return median(costs);
}

} // namespace

void measureCost(Run &run)
{
    if (!run.wants({id}))
        return;
    std::vector<double> costs;
    for (const int workers : {1'000, 10'000, 100'000}) {
        costs.push_back(costAt(run, workers));
        if (costs.back() <= 0)
            return;
    }
    const auto [least, most] = std::minmax_element(costs.begin(), costs.end());
    const double apart = (*most / *least - 1) * 100;
    run.add({id, u"spread of the cost per beat at 1,000, 10,000 and 100,000 workers"_s, apart, u"%"_s,
             u"%1, %2 and %3 µs of CPU per beat, at 10,000 beats/s each"_s.arg(costs[0], 0, 'f', 1)
                 .arg(costs[1], 0, 'f', 1)
                 .arg(costs[2], 0, 'f', 1),
             u"≤ 25 %"_s, apart <= 25, 0});
}

} // namespace pulsedeck::bench
