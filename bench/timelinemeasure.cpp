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

/// What the page answers, over so many lanes of so many beats; empty if it takes too long.
QJsonObject timelineFigures(int lanes, int beats, int spanMs)
{
    LineChild child;
    child.start(QCoreApplication::applicationFilePath(),
                {u"--timeline-child"_s, QString::number(lanes), QString::number(beats), QString::number(spanMs)});
    return QJsonDocument::fromJson(child.waitFor("answer", 240'000)).object();
}

/// A row of frames; those of a QChart next to it.
void addFrames(Run &run, const QString &id, const QString &what, const QJsonObject &figures, QLatin1StringView name)
{
    const auto value = [&figures](const QString &key) { return figures.value(key).toDouble(); };
    const double p99 = value(name + u"P99"_s);
    run.add({id, what, p99, u"ms"_s,
             u"median %1 ms; a QChart of the 38 lanes on the screen alone: p99 %2 ms, median %3 ms"_s.arg(value(name), 0, 'f', 1)
                 .arg(value(u"chartP99"_s), 0, 'f', 1)
                 .arg(value(u"chart"_s), 0, 'f', 1),
             u"≤ 16 ms"_s, p99 <= 16, 1});
}

} // namespace

void measureTimeline(Run &run)
{
    measureTravel(run);
    const QString first = u"timeline-first"_s;
    const QString folded = u"timeline-folded"_s;
    const QString lanes = u"timeline-lanes"_s;
    if (run.wants({first, folded, lanes})) {
        const QJsonObject figures = timelineFigures(100'000, 90, 300'000);
        const double shown = figures.value("first"_L1).toDouble(-1);
        if (shown < 0) {
            run.fail(first, u"no answer in time"_s);
        } else {
            run.add({first, u"Timeline, 100,000 lanes × 15 min (9 million beats): page shown → its first whole picture painted"_s,
                     shown, u"ms"_s, u"folded, 1600×1000, offscreen"_s, u"≤ 100 ms"_s, shown <= 100, 0});
            addFrames(run, folded, u"the same, all folded: a frame while panning and zooming, p99"_s, figures, "folded"_L1);
            addFrames(run, lanes, u"the same, a row for each lane"_s, figures, "lanes"_L1);
        }
    }
    const QString day = u"timeline-day"_s;
    if (!run.wants({day}))
        return;
    const QJsonObject figures = timelineFigures(1'000, 8'640, 6 * 3'600'000);
    if (figures.isEmpty())
        run.fail(day, u"no answer in time"_s);
    else
        addFrames(run, day, u"Timeline, 1,000 lanes × 24 h recorded, 6 h of them shown: a frame while panning and zooming, p99"_s,
                  figures, "lanes"_L1);
}

} // namespace pulsedeck::bench
