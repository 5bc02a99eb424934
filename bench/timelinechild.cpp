// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/timelinechild.h"

#include "app/history/sqlhistory.h"
#include "bench/benchfleet.h"
#include "bench/lanefleet.h"
#include "bench/loopwatch.h"
#include "bench/statistics.h"
#include "models/history/historyrecorder.h"
#include "ui/fleet/fleetpage.h"
#include "ui/timeline/laneview.h"
#include "ui/timeline/timelinepage.h"

#include <QChart>
#include <QChartView>
#include <QJsonObject>
#include <QScatterSeries>
#include <QValueAxis>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int visibleLanes = 38; ///< So many lanes of the page stand on a screen of 1,000 pixels.
constexpr int frames = 300;
constexpr int answerWithinMs = 30'000;
constexpr int chartMs = 20'000; ///< It may take seconds for a frame.

/// Milliseconds until the page has a picture of all its lanes and has painted it; -1 if that takes too long.
double firstPicture(TimelinePage &page)
{
    const qint64 from = steadyNs();
    page.show();
    if (!waitUntil([&page] { return page.lanes().pictures().whole() != nullptr; }, answerWithinMs))
        return -1;
    page.lanes().viewport()->repaint();
    return double(steadyNs() - from) / 1e6;
}

/// Milliseconds for each frame while one pans and zooms, from \a span before now on: what the step makes the page do, and
/// painting it.
std::vector<double> moveAbout(TimelinePage &page, double span)
{
    std::vector<double> ms;
    TimeWindow &time = page.time();
    time.show(time.latest() - 2 * span, time.latest() - span);
    for (int frame = 0; frame < frames; ++frame) {
        const qint64 from = steadyNs();
        const int step = frame % 60;
        if (step < 20)
            time.pan(-time.span() / 50);
        else if (step < 40)
            time.pan(time.span() / 50);
        else
            time.zoomAt(time.from() + time.span() / 3, step < 50 ? 1.1 : 1 / 1.1);
        page.lanes().viewport()->repaint(page.lanes().timeArea());
        QCoreApplication::processEvents(); // Axis and overview, and what it asks for.
        ms.push_back(double(steadyNs() - from) / 1e6);
    }
    return ms;
}

using LanePoints = std::vector<QList<QPointF>>;

/// The beats of the lanes on the screen, as the store has them.
LanePoints pointsOf(const FleetStore &store)
{
    LanePoints lanes(visibleLanes);
    for (int lane = 0; lane < visibleLanes; ++lane) {
        const BeatHistory &beats = store.beats(WorkerHandle(lane));
        for (int i = 0; i < beats.size(); ++i)
            lanes[size_t(lane)].append({double(beats.at(i, store.viewNow())), double(lane)});
    }
    return lanes;
}

/// The same of a history.
LanePoints pointsOf(History &history)
{
    LanePoints lanes(visibleLanes);
    TracksQuery query{0, std::numeric_limits<qint64>::max(), {}};
    for (LaneId lane = 2; lane < 2 + LaneId(visibleLanes); ++lane) // The first one is the source.
        query.lanes.push_back(lane);
    const SharedHistoryAnswer answer = askHistory(history, query);
    if (const auto *found = std::get_if<TracksAnswer>(answer.get())) {
        for (size_t lane = 0; lane < found->tracks.size(); ++lane) {
            for (const qint64 at : found->tracks[lane].beats)
                lanes[lane].append({double(at), double(lane)});
        }
    }
    return lanes;
}

/// The same movements with Qt's own charts, of the lanes on the screen alone.
std::vector<double> moveChart(const LanePoints &points, double latest, double moved)
{
    auto *chart = new QChart;
    chart->legend()->hide();
    chart->setAnimationOptions(QChart::NoAnimation);
    auto *time = new QValueAxis;
    auto *lanes = new QValueAxis;
    chart->addAxis(time, Qt::AlignBottom);
    chart->addAxis(lanes, Qt::AlignLeft);
    for (int lane = 0; lane < visibleLanes; ++lane) {
        auto *series = new QScatterSeries;
        series->setMarkerShape(QScatterSeries::MarkerShapeRectangle);
        series->setMarkerSize(4);
        series->replace(points[size_t(lane)]);
        chart->addSeries(series);
        series->attachAxis(time);
        series->attachAxis(lanes);
    }
    lanes->setRange(-1, visibleLanes);
    QChartView view(chart);
    view.resize(1'600, 1'000);
    view.show();
    std::vector<double> ms;
    double shown = latest - 2 * moved;
    double span = moved;
    const qint64 began = steadyNs();
    for (int frame = 0; frame < frames / 3 && steadyNs() - began < chartMs * 1'000'000LL; ++frame) {
        const qint64 from = steadyNs();
        const int step = frame % 60;
        if (step < 40)
            shown += (step < 20 ? -1 : 1) * span / 50;
        else
            span *= step < 50 ? 1 / 1.1 : 1.1;
        time->setRange(shown, shown + span);
        view.viewport()->repaint();
        QCoreApplication::processEvents();
        ms.push_back(double(steadyNs() - from) / 1e6);
    }
    return ms;
}

} // namespace

int timelineChild(int argc, char **argv)
{
    LaneStage stage(argc, argv);
    FleetStore &store = stage.store;
    const double span = QByteArray(argv[4]).toDouble();
    std::unique_ptr<SqlHistory> history;
    std::unique_ptr<HistoryRecorder> recorder;
    // More than a store remembers is recorded.
    const int beats = QByteArray(argv[3]).toInt();
    if (beats > BeatHistory::capacity) {
        history = std::make_unique<SqlHistory>(stage.folder.filePath(u"history.sqlite"_s));
        recorder = std::make_unique<HistoryRecorder>(store, *history, nullptr);
    }
    fillLanes(store, stage.clock, QByteArray(argv[2]).toInt(), beats, [&] {
        if (recorder)
            flushTo(*recorder, *history, stage.clock.now);
    });
    FleetPage fleet(store, stage.sources, stage.settings);
    QJsonObject answer;
    {
        TimelinePage page(store, fleet.list(), nullptr, history.get(), stage.settings);
        page.resize(1'600, 1'000);
        answer.insert(u"first"_s, firstPicture(page));
        const std::vector<double> folded = moveAbout(page, span);
        page.lanes().list().setFolding(false);
        const std::vector<double> lanes = moveAbout(page, span);
        answer.insert(u"folded"_s, median(folded));
        answer.insert(u"foldedP99"_s, quantile(folded, 0.99));
        answer.insert(u"lanes"_s, median(lanes));
        answer.insert(u"lanesP99"_s, quantile(lanes, 0.99));
    }
    const std::vector<double> chart = moveChart(history ? pointsOf(*history) : pointsOf(store), double(store.viewNow()), span);
    answer.insert(u"chart"_s, median(chart));
    answer.insert(u"chartP99"_s, quantile(chart, 0.99));
    printAnswer(answer);
    return 0;
}

} // namespace pulsedeck::bench
