// SPDX-License-Identifier: GPL-3.0-or-later
// A Signal Hub's actors: listed under the hub's own limit, held, and what one page of them costs.
#include "app/hub/hubownaddress.h"
#include "app/hub/hubsource.h"
#include "bench/benchfleet.h"
#include "bench/loopwatch.h"
#include "bench/measures.h"
#include "bench/sourcerig.h"
#include "bench/statistics.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QJsonDocument>
#include <QJsonObject>
#include <QWebSocket>

#include <algorithm>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int listed = 2'000;
constexpr int held = 50'000;
constexpr int limitMs = 30'000;
const QString listId = u"hub-list-2000"_s;
const QString holdId = u"hub-hold-50k"_s;
const QString memoryId = u"hub-hold-50k-memory"_s;
const QString pageId = u"hub-page"_s;

/// The actors' list as text, as the hub sends it: one page of a hundred. Null if none came.
QByteArray firstPage(const HubAddress &hub)
{
    const auto request = [](const HubRequest &one) { return QString::fromUtf8(one.toWire(u"1"_s, u"@(bench/reader)"_s, 1)); };
    QWebSocket socket;
    QByteArray page;
    QEventLoop loop;
    QTimer::singleShot(limitMs, &loop, &QEventLoop::quit);
    QObject::connect(&socket, &QWebSocket::connected, &loop, [&] {
        socket.sendTextMessage(request(HubRequest::connectWith({u"console"_s}, {})));
        socket.sendTextMessage(request(HubRequest::listActors(0)));
    });
    QObject::connect(&socket, &QWebSocket::textMessageReceived, &loop, [&](const QString &text) {
        if (!text.contains(u"hub:actor_list"_s))
            return;
        page = text.toUtf8();
        loop.quit();
    });
    socket.open(hub.socketUrl());
    loop.exec();
    return page;
}

struct Listed
{
    double ms = -1;
    quint32 refused = 0;
    double cpuPerPageMs = 0; ///< Reading the socket, decoding, merging and the store's part.
};

Listed listOnce(const HubAddress &hub)
{
    HubSourceOptions options;
    options.connection.hub = hub;
    options.connection.address = hubOwnAddress(u"pulsedeck-bench"_s);
    quint32 refused = 0;
    int pages = 0;
    SourceRig rig([&options](const Clock &clock) { return new HubSource(1, options, clock); }, SourceRig::Table::With);
    QObject::connect(static_cast<HubSource *>(rig.source()), &HubSource::viewChanged, &rig, [&](const HubView &view) {
        refused = view.vitals.refusedForRate;
        pages = view.pages;
    });
    const double cpuUs = rig.ioCpuUs() + rig.storeCpuUs();
    rig.start();
    Listed result;
    result.ms = rig.waitUntilLive(listed, limitMs);
    const double usedUs = rig.ioCpuUs() + rig.storeCpuUs() - cpuUs;
    rig.run(100); // Until the view has told of it.
    result.refused = refused;
    result.cpuPerPageMs = pages > 0 ? usedUs / 1000 / pages : 0;
    return result;
}

/// Milliseconds for each of many runs of \a work.
template <typename Work> std::vector<double> timesOf(int runs, Work work)
{
    std::vector<double> times;
    for (int i = 0; i < runs; ++i) {
        const qint64 from = steadyNs();
        work();
        times.push_back(double(steadyNs() - from) / 1e6);
    }
    return times;
}

void measureList(Run &run)
{
    BenchHub hub;
    QString error;
    if (!hub.begin(listed, &error)) {
        run.fail(listId, error);
        return;
    }
    std::vector<double> times;
    std::vector<double> cpu;
    quint32 refused = 0;
    for (int round = 0; round < run.rounds(); ++round) {
        const Listed one = listOnce(hub.hub);
        if (one.ms < 0) {
            run.fail(listId, u"not all actors came within half a minute"_s);
            return;
        }
        times.push_back(one.ms);
        cpu.push_back(one.cpuPerPageMs);
        refused += one.refused;
    }
    const double ms = median(times);
    run.add({listId, u"connect → all 2,000 actors of a hub in the table, under its limit of 10 messages/s"_s, ms, u"ms"_s,
             u"longest round %1 ms; refusals %2"_s.arg(qRound(*std::max_element(times.begin(), times.end()))).arg(refused),
             u"≤ 1,500 ms, 0 refusals"_s, ms <= 1'500 && refused == 0, 0});

    const QByteArray page = firstPage(hub.hub);
    QString problem;
    if (page.isEmpty() || !HubMessage::read(page, &problem)) {
        run.fail(pageId, page.isEmpty() ? u"no page came"_s : problem);
        return;
    }
    constexpr int runs = 500;
    qint64 kept = 0; // So that nothing is left out as unused.
    const std::vector<double> decoded = timesOf(runs, [&] {
        const auto message = HubMessage::read(page, &problem);
        kept += message->as<hub::ActorList>()->actors.size();
    });
    const std::vector<double> json = timesOf(runs, [&] { kept += QJsonDocument::fromJson(page).object().size(); });
    const double whole = median(cpu);
    run.add({pageId, u"a page of 100 actors read, decoded and merged, on both threads"_s, whole, u"ms of CPU"_s,
             u"QJsonDocument::fromJson alone of the same %1 kB: %2 ms; decoded with all checks: %3 ms, p99 %4 ms"_s
                 .arg(page.size() / 1000)
                 .arg(median(json), 0, 'f', 2)
                 .arg(median(decoded), 0, 'f', 2)
                 .arg(quantile(decoded, 0.99), 0, 'f', 2),
             u"< 2 ms"_s, whole < 2 && kept > 0, 2});
}

void measureHold(Run &run)
{
    const auto hold = [&run](const QString &kind) {
        LineChild child;
        child.start(QCoreApplication::applicationFilePath(),
                    {u"--hold-child"_s, kind, QString::number(held), QString::number(run.rounds())});
        return QJsonDocument::fromJson(child.waitFor("answer", 120'000)).object();
    };
    const QJsonObject workers = hold(u"workers"_s);
    const QJsonObject actors = hold(u"actors"_s);
    if (workers.value("shown"_L1).toInt() != held || actors.value("shown"_L1).toInt() != held) {
        run.fail(holdId, u"not all of them were shown"_s);
        return;
    }
    const auto value = [](const QJsonObject &of, QLatin1StringView key) { return of.value(key).toDouble(); };
    const double p99 = value(actors, "tickP99"_L1);
    run.add({holdId, u"50,000 actors held, 10,000 changes/s: GUI thread busy per tick with store and table, p99"_s, p99, u"ms"_s,
             u"median %1 ms; 50,000 workers of a Redis: p99 %2 ms, median %3 ms"_s.arg(value(actors, "tickMedian"_L1), 0, 'f', 1)
                 .arg(value(workers, "tickP99"_L1), 0, 'f', 1)
                 .arg(value(workers, "tickMedian"_L1), 0, 'f', 1),
             u"≤ 16 ms"_s, p99 <= 16, 1});
    const double memory = value(actors, "memory"_L1);
    run.add({memoryId, u"their memory in store and table, with history"_s, memory, u"MB"_s,
             u"50,000 workers of a Redis: %1 MB"_s.arg(value(workers, "memory"_L1), 0, 'f', 1), u"≤ 125 MB"_s, memory <= 125, 1});
}

} // namespace

void measureHubs(Run &run)
{
    if (run.wants({listId, pageId}))
        measureList(run);
    if (run.wants({holdId, memoryId}))
        measureHold(run);
}

} // namespace pulsedeck::bench
