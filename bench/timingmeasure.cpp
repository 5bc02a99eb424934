// SPDX-License-Identifier: GPL-3.0-or-later
// What a keystroke on the Timing page costs, without the painting.
#include "bench/loopwatch.h"
#include "bench/measures.h"
#include "bench/statistics.h"
#include "models/timing/timinglibrary.h"
#include "models/timing/whatif.h"

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int workers = 100'000;
constexpr int beatsEach = 60;

/// Steady workers at 10 s with some jitter; every thousandth gap is late by up to a minute.
BeatRecording recording()
{
    BeatRecording made;
    made.workers.reserve(workers);
    made.beats.reserve(size_t(workers) * beatsEach);
    quint32 seed = 1;
    const auto random = [&seed](quint32 below) {
        seed = seed * 1664525u + 1013904223u;
        return qint64((seed >> 8) % below);
    };
    constexpr qint64 start = 1'700'000'000'000;
    for (int w = 0; w < workers; ++w) {
        BeatRecording::Worker worker;
        worker.id = "chromium:" + QByteArray::number(w);
        worker.interval = 10'000;
        worker.first = quint32(made.beats.size());
        worker.count = beatsEach;
        qint64 beat = start + random(10'000);
        for (int i = 0; i < beatsEach; ++i) {
            made.beats.push_back(beat);
            beat += 9'900 + random(200) + (random(1'000) == 0 ? random(60'000) : 0);
        }
        made.to = qMax(made.to, beat);
        made.workers.push_back(worker);
    }
    made.from = start;
    return made;
}

} // namespace

void measureTiming(Run &run)
{
    if (!run.wants({u"what-if-key"_s, u"what-if-build"_s, u"timing-check"_s}))
        return;
    const BeatRecording beats = recording();
    std::vector<double> builds;
    for (int round = 0; round < run.rounds(); ++round) {
        const qint64 from = steadyNs();
        const WhatIf built(beats);
        builds.push_back(double(steadyNs() - from) / 1e6);
    }
    const WhatIf whatIf(beats);
    const TimingLibrary &library = TimingLibrary::builtIn();
    std::vector<double> keys;
    std::vector<double> checks;
    qint64 deaths = 0;
    for (int i = 0; i < 1'000; ++i) {
        TimingProfile draft;
        draft.heartbeatInterval = 5'000 + i * 10;
        draft.workerKeyTtl = 10'000 + (i * 7919) % 60'000;
        qint64 from = steadyNs();
        deaths += whatIf.answer(draft).deaths;
        deaths += qint64(whatIf.curve(draft, draft.heartbeatInterval, 90'000).size());
        keys.push_back(double(steadyNs() - from) / 1e6);
        from = steadyNs();
        deaths += checkTiming(draft, library.ruleSets.back(), library.parameters).broken(TimingSeverity::Must);
        checks.push_back(double(steadyNs() - from) / 1e6);
    }
    if (deaths == 0) {
        run.fail(u"what-if-key"_s, u"no draft was answered"_s);
        return;
    }
    const double build = median(builds);
    const double key = quantile(keys, 0.99);
    run.add({u"what-if-key"_s, u"what-if of a keystroke, 100,000 workers × 60 beats, p99"_s, key, u"ms"_s,
             u"answer and curve, median %1 ms; one pass over all beats instead: %2 ms"_s.arg(median(keys), 0, 'f', 3)
                 .arg(build, 0, 'f', 0),
             u"≤ 50 ms"_s, key <= 50, 2});
    run.add({u"what-if-build"_s,
             u"preparing a recording for it, off the GUI thread"_s,
             build,
             u"ms"_s,
             u"median of %1"_s.arg(builds.size()),
             {},
             true,
             0});
    const double check = quantile(checks, 0.99);
    run.add({u"timing-check"_s, u"all timing rules checked, p99"_s, check, u"ms"_s,
             u"median %1 ms"_s.arg(median(checks), 0, 'f', 4), u"≤ 1 ms"_s, check <= 1, 4});
}

} // namespace pulsedeck::bench
