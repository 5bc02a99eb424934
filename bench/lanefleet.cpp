// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/lanefleet.h"

#include "ui/theme/theme.h"

#include <QEventLoop>
#include <QTimer>

#include <vector>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr qint64 intervalMs = 10'000;
constexpr int answerMs = 300'000; ///< Longer than that is no answer.

quint32 nextRandom(quint32 &seed, quint32 below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/// Before there is an application.
int &offscreen(int &argc)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    return argc;
}

} // namespace

LaneStage::LaneStage(int &argc, char **argv)
    : application(offscreen(argc), argv)
    , settings(folder.filePath(u"bench.ini"_s), QSettings::IniFormat)
    , store(clock)
    , sources(store)
{
    Theme::instance().install(application);
}

void fillLanes(FleetStore &store, SetClock &clock, int lanes, int beats, const std::function<void()> &after)
{
    store.addSource(1, u"bench"_s);
    SourceStatus status;
    status.source = 1;
    status.state = SourceState::Live;
    status.generation = 1;
    store.applyStatus(status);
    quint32 seed = 1;
    std::vector<qint64> offsets;
    for (int lane = 0; lane < lanes; ++lane)
        offsets.push_back(nextRandom(seed, intervalMs));
    for (int beat = 0; beat < beats; ++beat) {
        const qint64 from = SetClock::startMs + beat * intervalMs;
        clock.now = from + intervalMs;
        FleetBatch batch;
        batch.source = 1;
        batch.generation = 1;
        batch.at = clock.now;
        for (int lane = 0; lane < lanes; ++lane) {
            if (beat == 0) {
                WorkerText text;
                text.number = WorkerNumber(lane);
                text.id = "chromium:" + QByteArray::number(lane, 16).rightJustified(8, '0') + "-0000-4000-8000-000000000000";
                text.type = "chromium";
                text.host = "10.0.0.1:3131";
                batch.texts.append(text);
            } else if (nextRandom(seed, 1'000) == 0) {
                continue;
            }
            WorkerSample sample;
            sample.number = WorkerNumber(lane);
            sample.readAt = clock.now;
            sample.beatAt = from + offsets[size_t(lane)] + nextRandom(seed, 100);
            sample.lastHeartbeat = sample.beatAt;
            sample.ttl = 29'000;
            sample.learntTtl = 30'000;
            sample.activeSessions = 0;
            sample.lifetimeSessions = 0;
            sample.status = WorkerStatus::Available;
            sample.keyPresent = true;
            sample.newBeat = true;
            batch.samples.append(sample);
        }
        store.apply(batch);
        store.publish();
        if (after)
            after();
    }
}

bool waitUntil(const std::function<bool()> &is, int withinMs)
{
    bool over = false;
    QTimer end;
    end.setSingleShot(true);
    QObject::connect(&end, &QTimer::timeout, &end, [&over] { over = true; });
    end.start(withinMs);
    while (!is() && !over)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    return is();
}

void flushTo(HistoryRecorder &recorder, const History &history, qint64 to)
{
    recorder.flush();
    waitUntil([&] { return history.state().to >= to; }, answerMs);
}

SharedHistoryAnswer askHistory(History &history, const HistoryQuery &query)
{
    QEventLoop loop;
    auto found = std::make_shared<const HistoryAnswer>(FailedAnswer{u"no answer"_s});
    const quint64 token = history.nextToken();
    QObject::connect(&history, &History::answered, &loop, [&](quint64 answered, const SharedHistoryAnswer &answer) {
        if (answered != token)
            return;
        found = answer;
        loop.quit();
    });
    QTimer::singleShot(answerMs, &loop, &QEventLoop::quit);
    history.ask(query, token, 0);
    loop.exec();
    return found;
}

} // namespace pulsedeck::bench
