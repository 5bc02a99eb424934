// SPDX-License-Identifier: GPL-3.0-or-later
// The Timeline page over nine million beats: its first picture, and a frame while one pans and zooms.
#include "bench/benchfleet.h"
#include "bench/measures.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

void measureTimeline(Run &run)
{
    const QString first = u"timeline-first"_s;
    const QString folded = u"timeline-folded"_s;
    const QString lanes = u"timeline-lanes"_s;
    if (!run.wants({first, folded, lanes}))
        return;
    LineChild child;
    child.start(QCoreApplication::applicationFilePath(), {u"--timeline-child"_s, u"100000"_s, u"90"_s});
    const QJsonObject figures = QJsonDocument::fromJson(child.waitFor("answer", 180'000)).object();
    if (figures.isEmpty() || figures.value("first"_L1).toDouble() < 0) {
        run.fail(first, u"no answer in time"_s);
        return;
    }
    const auto value = [&figures](QLatin1StringView key) { return figures.value(key).toDouble(); };
    run.add({first, u"Timeline, 100,000 lanes × 15 min (9 million beats): page shown → its first whole picture painted"_s,
             value("first"_L1), u"ms"_s, u"folded, 1600×1000, offscreen"_s, u"≤ 100 ms"_s, value("first"_L1) <= 100, 0});
    const QString chart =
        u"a QChart of the 38 lanes on the screen alone: p99 %1 ms, median %2 ms"_s.arg(value("chartP99"_L1), 0, 'f', 1)
            .arg(value("chart"_L1), 0, 'f', 1);
    run.add({folded, u"the same, all folded: a frame while panning and zooming, p99"_s, value("foldedP99"_L1), u"ms"_s,
             u"median %1 ms; %2"_s.arg(value("folded"_L1), 0, 'f', 1).arg(chart), u"≤ 16 ms"_s, value("foldedP99"_L1) <= 16, 1});
    run.add({lanes, u"the same, a row for each lane"_s, value("lanesP99"_L1), u"ms"_s,
             u"median %1 ms; %2"_s.arg(value("lanes"_L1), 0, 'f', 1).arg(chart), u"≤ 16 ms"_s, value("lanesP99"_L1) <= 16, 1});
}

} // namespace pulsedeck::bench
