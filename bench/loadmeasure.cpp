// SPDX-License-Identifier: GPL-3.0-or-later
// From connecting to every worker in the table, against a bare client that only reads.
#include "bench/baseline.h"
#include "bench/benchfleet.h"
#include "bench/measures.h"
#include "bench/sourcerig.h"
#include "bench/statistics.h"

#include <QElapsedTimer>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int many = 100'000;
constexpr int few = 10'000;
constexpr int limitMs = 60'000;
const QString againstPipeline = u"load-100k"_s;
const QString againstOneByOne = u"load-10k"_s;

double loadMs(const QString &url, int workers)
{
    SourceRig rig(url, SourceRig::Table::With);
    rig.start();
    return rig.waitUntilLive(workers, limitMs);
}

template <typename Read> double readMs(int workers, Read read)
{
    QElapsedTimer time;
    time.start();
    return read() >= workers ? double(time.nsecsElapsed()) / 1e6 : -1;
}

/// Alternates the two, so that whatever else the machine does meets both.
template <typename Read>
bool compare(Run &run, const QString &id, const QString &url, int workers, Read read, double *ours, double *theirs)
{
    std::vector<double> console;
    std::vector<double> bare;
    for (int round = 0; round < run.rounds(); ++round) {
        bare.push_back(readMs(workers, read));
        console.push_back(loadMs(url, workers));
        if (bare.back() < 0 || console.back() < 0) {
            run.fail(id, u"not all workers came within a minute"_s);
            return false;
        }
    }
    *ours = median(console);
    *theirs = median(bare);
    return true;
}

} // namespace

void measureLoad(Run &run)
{
    if (!run.wants({againstPipeline, againstOneByOne}))
        return;
    BenchServer server;
    QString error;
    if (!server.start(&error)) {
        run.fail(u"load"_s, error);
        return;
    }
    BareClient bare(server.socketPath());
    double ours = 0;
    double theirs = 0;
    if (run.wants({againstPipeline})) {
        bare.fill(many);
        if (compare(
                run, againstPipeline, server.url(), many, [&] { return bare.readPipelined(); }, &ours, &theirs)) {
            run.add({againstPipeline, u"connect → all 100,000 workers in the table"_s, ours / theirs, u"×"_s,
                     u"%1 ms by a bare hiredis client in one pipeline; here %2 ms"_s.arg(qRound(theirs)).arg(qRound(ours)),
                     u"≤ 1.3 ×"_s, ours / theirs <= 1.3, 2});
        }
    }
    if (run.wants({againstOneByOne})) {
        bare.flushAll();
        bare.fill(few);
        if (compare(
                run, againstOneByOne, server.url(), few, [&] { return bare.readOneByOne(); }, &ours, &theirs)) {
            run.add({againstOneByOne, u"the same at 10,000, against one request after another"_s, theirs / ours, u"× faster"_s,
                     u"%1 ms by a blocking hiredis client; here %2 ms"_s.arg(qRound(theirs)).arg(qRound(ours)),
                     u"≥ 40 × faster"_s, theirs / ours >= 40, 1});
        }
    }
}

} // namespace pulsedeck::bench
