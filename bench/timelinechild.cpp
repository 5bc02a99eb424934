// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/timelinechild.h"

#include "bench/lanefleet.h"
#include "bench/loopwatch.h"
#include "bench/statistics.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/fleet/fleetpage.h"
#include "ui/theme/theme.h"
#include "ui/timeline/laneview.h"
#include "ui/timeline/timelinepage.h"

#include <QChart>
#include <QChartView>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScatterSeries>
#include <QSettings>
#include <QTemporaryDir>
#include <QValueAxis>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int visibleLanes = 38; ///< So many lanes of the page stand on a screen of 1,000 pixels.
constexpr int frames = 300;
constexpr int answerWithinMs = 30'000;

/// Milliseconds until the page has a picture of all its lanes and has painted it; -1 if that takes too long.
double firstPicture(TimelinePage &page)
{
    const qint64 from = steadyNs();
    page.show();
    while (!page.lanes().pictures().whole()) {
        if (steadyNs() - from > answerWithinMs * 1'000'000LL)
            return -1;
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
    }
    page.lanes().viewport()->repaint();
    return double(steadyNs() - from) / 1e6;
}

/// Milliseconds for each frame while one pans and zooms: what the step makes the page do, and painting it.
std::vector<double> moveAbout(TimelinePage &page)
{
    std::vector<double> ms;
    TimeWindow &time = page.time();
    time.show(time.latest() - 600'000, time.latest() - 300'000);
    for (int frame = 0; frame < frames; ++frame) {
        const qint64 from = steadyNs();
        const int step = frame % 60;
        if (step < 20)
            time.pan(-time.span() / 50);
        else if (step < 40)
            time.pan(time.span() / 50);
        else
            time.zoomAt(time.from() + time.span() / 3, step < 50 ? 1.1 : 1 / 1.1);
        page.lanes().viewport()->repaint();
        QCoreApplication::processEvents(); // Axis and overview, and what it asks for.
        ms.push_back(double(steadyNs() - from) / 1e6);
    }
    return ms;
}

/// The same with Qt's own charts, of the lanes on the screen alone.
std::vector<double> moveChart(const FleetStore &store)
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
        const BeatHistory &beats = store.beats(WorkerHandle(lane));
        QList<QPointF> points;
        for (int i = 0; i < beats.size(); ++i)
            points.append({double(beats.at(i, store.viewNow())), double(lane)});
        series->replace(points);
        chart->addSeries(series);
        series->attachAxis(time);
        series->attachAxis(lanes);
    }
    lanes->setRange(-1, visibleLanes);
    QChartView view(chart);
    view.resize(1'600, 1'000);
    view.show();
    std::vector<double> ms;
    const auto latest = double(store.viewNow());
    double shown = latest - 600'000;
    double span = 300'000;
    for (int frame = 0; frame < frames / 3; ++frame) {
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
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    Theme::instance().install(application);
    QTemporaryDir folder;
    QSettings settings(folder.filePath(u"bench.ini"_s), QSettings::IniFormat);
    SetClock clock;
    FleetStore store(clock);
    SourceListModel sources(store);
    fillLanes(store, clock, QByteArray(argv[2]).toInt(), QByteArray(argv[3]).toInt());
    FleetPage fleet(store, sources, settings);
    QJsonObject answer;
    {
        TimelinePage page(store, fleet.list(), nullptr, nullptr, settings);
        page.resize(1'600, 1'000);
        answer.insert(u"first"_s, firstPicture(page));
        const std::vector<double> folded = moveAbout(page);
        page.lanes().list().setFolding(false);
        const std::vector<double> lanes = moveAbout(page);
        answer.insert(u"folded"_s, median(folded));
        answer.insert(u"foldedP99"_s, quantile(folded, 0.99));
        answer.insert(u"lanes"_s, median(lanes));
        answer.insert(u"lanesP99"_s, quantile(lanes, 0.99));
    }
    const std::vector<double> chart = moveChart(store);
    answer.insert(u"chart"_s, median(chart));
    answer.insert(u"chartP99"_s, quantile(chart, 0.99));
    std::printf("answer %s\n", QJsonDocument(answer).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
    return 0;
}

} // namespace pulsedeck::bench
