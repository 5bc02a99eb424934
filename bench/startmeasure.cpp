// SPDX-License-Identifier: GPL-3.0-or-later
// From starting the program to its first painted window.
#include "bench/benchfleet.h"
#include "bench/loopwatch.h"
#include "bench/measures.h"
#include "bench/statistics.h"

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

void measureStart(Run &run)
{
    const QString id = u"start-to-paint"_s;
    if (!run.wants({id}))
        return;
    qputenv("QT_QPA_PLATFORM", "offscreen");
    std::vector<double> ms;
    QByteArray own;
    // The first round brings the program's files into memory and is not counted.
    for (int round = 0; round <= run.rounds(); ++round) {
        LineChild console;
        const qint64 from = steadyNs();
        console.start(programBeside(u"pulsedeck"_s), {u"--fresh"_s, u"--timings"_s, u"--exit-after"_s, u"10"_s});
        own = console.waitFor("first paint", 60'000);
        if (own.isNull()) {
            run.fail(id, u"the console did not paint within a minute"_s);
            return;
        }
        if (round > 0)
            ms.push_back(double(steadyNs() - from) / 1e6);
    }
    const double middle = median(ms);
    run.add({id, u"start of the process → first painted window"_s, middle, u"ms"_s,
             u"by the clock of its parent, median of %1; by its own %2"_s.arg(ms.size()).arg(QString::fromLatin1(own)),
             u"≤ 500 ms"_s, middle <= 500, 0});
}

} // namespace pulsedeck::bench
