// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/travelchild.h"

#include "app/history/sqlhistory.h"
#include "bench/benchfleet.h"
#include "bench/lanefleet.h"
#include "bench/loopwatch.h"
#include "bench/statistics.h"
#include "models/history/historyrecorder.h"
#include "models/history/timetravel.h"
#include "ui/fleet/fleetpage.h"

#include <QJsonObject>

#include <vector>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int moments = 60;
constexpr int answerWithinMs = 60'000;

/// Milliseconds from setting the playhead until the Fleet page has painted that moment; -1 if that takes too long.
double scrubTo(TimeTravel &travel, FleetPage &page, qint64 at)
{
    const qint64 from = steadyNs();
    travel.goTo(at);
    if (!waitUntil([&travel] { return travel.isSettled(); }, answerWithinMs))
        return -1;
    page.repaint();
    return double(steadyNs() - from) / 1e6;
}

} // namespace

int travelChild(int argc, char **argv)
{
    LaneStage stage(argc, argv);
    SetClock &clock = stage.clock;
    FleetStore &store = stage.store;
    SqlHistory history(stage.folder.filePath(u"history.sqlite"_s));
    const int beats = QByteArray(argv[3]).toInt();
    {
        HistoryRecorder recorder(store, history, nullptr);
        fillLanes(store, clock, QByteArray(argv[2]).toInt(), beats, [&] { flushTo(recorder, history, clock.now); });
    }
    TimeTravel travel(store, stage.sources, history);
    FleetPage page(travel.fleet().store(), travel.fleet().sources(), stage.settings);
    page.resize(1'600, 1'000);
    page.show();
    travel.setSeen([&page] { return page.seenWorkers(); });
    QJsonObject answer;
    // The first one reads the names of all lanes, too.
    answer.insert(u"first"_s, scrubTo(travel, page, clock.now - 5'000));
    std::vector<double> scrubbed;
    const qint64 span = (beats - 1) * 10'000;
    for (int i = 0; i < moments; ++i)
        scrubbed.push_back(scrubTo(travel, page, clock.now - 1'000 - (i * 7'919 * 37) % span));
    answer.insert(u"median"_s, median(scrubbed));
    answer.insert(u"p99"_s, quantile(scrubbed, 0.99));
    // What it is measured against: a store and a list made new for the moment.
    std::vector<double> whole;
    for (int i = 0; i < 5; ++i) {
        const qint64 from = steadyNs();
        TimeTravel other(store, stage.sources, history);
        FleetPage otherPage(other.fleet().store(), other.fleet().sources(), stage.settings);
        otherPage.resize(1'600, 1'000);
        otherPage.show();
        other.goTo(clock.now - 2'000 - i * 3'000);
        waitUntil([&other] { return other.isSettled(); }, answerWithinMs);
        otherPage.repaint();
        whole.push_back(double(steadyNs() - from) / 1e6);
    }
    answer.insert(u"whole"_s, median(whole));
    answer.insert(u"workers"_s, travel.fleet().store().figures().total);
    printAnswer(answer);
    return 0;
}

} // namespace pulsedeck::bench
