// SPDX-License-Identifier: GPL-3.0-or-later
// The console at rest over a fleet of the demo's size, seen and minimised, compared with a bare client that only reads the same
// beats.
#include "bench/baseline.h"
#include "bench/benchfleet.h"
#include "bench/measures.h"

#include <QThread>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int workers = 60;
constexpr int actors = 24;
constexpr double heartbeatSeconds = 2;
const QString seenId = u"rest-visible"_s;
const QString minimisedId = u"rest-minimised"_s;

} // namespace

void measureRest(Run &run)
{
    if (!run.wants({seenId, minimisedId}))
        return;
    BenchServer server;
    BenchSimulator simulator;
    BenchHub hub;
    LiveConsole console;
    QString error;
    if (!server.start(&error) || !simulator.begin(server.url(), workers, heartbeatSeconds, 12, &error)
        || !hub.begin(actors, &error)) {
        run.fail(seenId, error);
        return;
    }
    console.open({server.url(), hub.hub.socketUrl().toString()});
    if (console.ask("live " + QByteArray::number(workers)).isEmpty()) {
        run.fail(seenId, u"the console did not show all workers"_s);
        return;
    }
    const int windowMs = run.quick ? 15'000 : 60'000;
    const auto cpu = [&] {
        QThread::msleep(15'000); // Nobody's hand was at work for so long.
        console.ask("begin");
        QThread::msleep(ulong(windowMs));
        return console.ask("end").value(u"cpu"_s).toDouble();
    };
    const double seen = cpu();
    console.ask("minimise");
    const double minimised = cpu();
    console.say("quit");
    BareClient bare(server.socketPath());
    const double theirs = bare.follow(windowMs).cpuSeconds / windowMs * 1e5;
    const QString against = u"a bare hiredis client that reads the same beats: %1 %"_s.arg(theirs, 0, 'f', 2);
    run.add({seenId, u"60 workers that beat every 2 s and 24 actors, no input, Fleet page visible: CPU of the console"_s, seen,
             u"% of a core"_s, against, u"≤ 1.5 % of a core"_s, seen <= 1.5, 2});
    run.add({minimisedId, u"the same, minimised"_s, minimised, u"% of a core"_s, against, u"≤ 0.3 % of a core"_s,
             minimised <= 0.3, 2});
}

} // namespace pulsedeck::bench
