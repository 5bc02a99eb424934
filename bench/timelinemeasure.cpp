// SPDX-License-Identifier: GPL-3.0-or-later
// The Timeline page over nine million beats: its first picture, and a frame while one pans and zooms. And scrubbing: the whole
// console at another moment.
#include "bench/benchfleet.h"
#include "bench/measures.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

void measureTravel(Run &run)
{
    const QString scrub = u"travel-scrub"_s;
    if (!run.wants({scrub}))
        return;
    LineChild child;
    child.start(QCoreApplication::applicationFilePath(), {u"--travel-child"_s, u"100000"_s, u"45"_s});
    const QJsonObject figures = QJsonDocument::fromJson(child.waitFor("answer", 240'000)).object();
    const double p99 = figures.value("p99"_L1).toDouble(-1);
    if (p99 < 0 || figures.value("workers"_L1).toInt() < 99'000) {
        run.fail(scrub, u"no answer in time, or not of all"_s);
        return;
    }
    run.add({scrub, u"Timeline, 100,000 lanes: playhead moved → the Fleet page has painted that moment, p99"_s, p99, u"ms"_s,
             u"median %1 ms, the first %2 ms; with a new store and list each time %3 ms"_s
                 .arg(figures.value("median"_L1).toDouble(), 0, 'f', 0)
                 .arg(figures.value("first"_L1).toDouble(), 0, 'f', 0)
                 .arg(figures.value("whole"_L1).toDouble(), 0, 'f', 0),
             u"≤ 100 ms"_s, p99 <= 100, 0});
}

} // namespace

void measureTimeline(Run &run)
{
    measureTravel(run);
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
