// SPDX-License-Identifier: GPL-3.0-or-later
// Alerts at 100,000 workers and 20,000 beats a second: what the engine costs, and how long after its condition one is out.
#include "app/alerts/alertdispatcher.h"
#include "bench/baseline.h"
#include "bench/benchfleet.h"
#include "bench/measures.h"
#include "bench/sourcerig.h"
#include "bench/statistics.h"
#include "models/alerts/alertplanreader.h"

#include <QElapsedTimer>
#include <QEventLoop>
#include <QTcpServer>
#include <QTcpSocket>

#include <functional>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

constexpr int workers = 100'000;
constexpr double heartbeatSeconds = 5;
constexpr int limitMs = 60'000;
const QString costId = u"alert-cost"_s;
const QString delayId = u"alert-delay"_s;

/// Answers each request with 200, and says what has come.
class PostedServer : public QTcpServer
{
public:
    explicit PostedServer(std::function<void(const QByteArray &body)> posted)
    {
        connect(this, &QTcpServer::newConnection, this, [this, posted = std::move(posted)] {
            while (QTcpSocket *socket = nextPendingConnection()) {
                connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
                connect(socket, &QTcpSocket::readyRead, socket, [socket, posted, read = QByteArray()]() mutable {
                    read += socket->readAll();
                    const qsizetype head = read.indexOf("\r\n\r\n");
                    const qsizetype length = read.toLower().indexOf("content-length: ");
                    if (head < 0 || length < 0)
                        return;
                    const qsizetype from = length + qsizetype(qstrlen("content-length: "));
                    const qint64 body = read.mid(from, read.indexOf('\r', from) - from).toLongLong();
                    if (read.size() < head + 4 + body)
                        return;
                    const QByteArray message = std::exchange(read, {}).mid(head + 4);
                    socket->write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                    posted(message);
                });
            }
        });
    }
};

/// The CPU of the store in per cent of a core, with the engine and its usual rules or without, taken in turns.
void measureEngine(Run &run, SourceRig &rig)
{
    const int windowMs = run.quick ? 3'000 : 6'000;
    std::vector<double> with;
    std::vector<double> without;
    for (int round = 0; round < run.rounds(); ++round) {
        for (const bool on : {false, true}) {
            std::unique_ptr<AlertEngine> engine;
            if (on) {
                engine = std::make_unique<AlertEngine>(rig.store());
                engine->setPlan(AlertPlanReader::builtIn());
            }
            rig.run(2'000); // Its first look at all workers is not a beat's.
            const double before = rig.storeCpuUs();
            const quint64 beats = rig.store().beatsSeen();
            rig.run(windowMs);
            if (double(rig.store().beatsSeen() - beats) < workers / heartbeatSeconds * windowMs / 1'000 * 0.9) {
                run.fail(costId, u"fewer beats came than were sent"_s);
                return;
            }
            (on ? with : without).push_back((rig.storeCpuUs() - before) / windowMs / 10);
        }
    }
    const double engine = median(with) - median(without);
    run.add({costId, u"alerts by the built-in rules, 100,000 workers, 20,000 beats/s: CPU of the engine"_s, engine,
             u"% of a core"_s,
             u"the store takes %1 % without it and %2 % with it"_s.arg(median(without), 0, 'f', 1).arg(median(with), 0, 'f', 1),
             u"≤ 10 % of a core"_s, engine <= 10, 1});
}

/// From the write of a worker's status in Redis to the message at the receiver, one worker after another.
void measureDelay(Run &run, SourceRig &rig, const BenchServer &server)
{
    QElapsedTimer time;
    bool posted = false;
    QEventLoop loop;
    QByteArray expected; // Of earlier workers it is told meanwhile that it is over.
    PostedServer receiver([&](const QByteArray &body) {
        if (expected.isEmpty() || !body.contains(expected))
            return;
        posted = true;
        loop.quit();
    });
    if (!receiver.listen(QHostAddress::LocalHost)) {
        run.fail(delayId, receiver.errorString());
        return;
    }
    AlertOutlet outlet;
    outlet.name = u"receiver"_s;
    outlet.url = u"http://127.0.0.1:%1/"_s.arg(receiver.serverPort());
    AlertPlan plan = AlertPlanReader::builtIn();
    AlertRule rule;
    rule.name = u"drains"_s;
    rule.title = rule.finding = u"drains"_s;
    rule.match = u"status:draining"_s;
    rule.outlets = QStringList(outlet.name);
    plan.rules.append(rule);
    plan.outlets = {outlet};
    AlertEngine engine(rig.store());
    AlertDispatcher dispatcher(engine, rig.clock());
    engine.setPlan(plan);
    dispatcher.reload();
    rig.run(2'000);

    BareClient client(server.socketPath());
    WorkerHandle watched = noWorker;
    double storedMs = -1;
    const auto stored = QObject::connect(&rig.store(), &FleetStore::ticked, &loop, [&] {
        if (storedMs < 0 && watched != noWorker && rig.store().worker(watched).status == WorkerStatus::Draining)
            storedMs = double(time.nsecsElapsed()) / 1e6;
    });
    std::vector<double> delays;
    std::vector<double> inStore;
    int missed = 0;
    constexpr int waitMs = 3'000;
    const int samples = run.quick ? 20 : 60;
    for (int i = 0; i < samples; ++i) {
        watched = WorkerHandle(1 + i * 1'000);
        const QByteArray id = rig.store().worker(watched).id;
        expected = shortId(rig.store().worker(watched)).toUtf8();
        posted = false;
        storedMs = -1;
        time.start();
        client.setStatus(id, "draining");
        QTimer limit;
        limit.setSingleShot(true);
        QObject::connect(&limit, &QTimer::timeout, &loop, &QEventLoop::quit);
        limit.start(waitMs);
        if (!posted)
            loop.exec();
        // The worker's own beat writes its status again, and may come before the console has read it.
        if (!posted) {
            ++missed;
            continue;
        }
        delays.push_back(double(time.nsecsElapsed()) / 1e6);
        if (storedMs >= 0)
            inStore.push_back(storedMs);
    }
    QObject::disconnect(stored);
    if (missed > samples / 5) {
        run.fail(delayId, u"%1 of %2 alerts did not arrive within %3 ms"_s.arg(missed).arg(samples).arg(waitMs));
        return;
    }
    const double slow = quantile(delays, 0.95);
    run.add({delayId, u"status written in Redis → alert at its webhook, 100,000 workers, p95"_s, slow, u"ms"_s,
             u"p95 of %1, median %2 ms; of it until the store has published it %3 ms"_s.arg(delays.size())
                 .arg(median(delays), 0, 'f', 0)
                 .arg(median(inStore), 0, 'f', 0),
             u"≤ 500 ms"_s, slow <= 500, 0});
}

} // namespace

void measureAlerts(Run &run)
{
    if (!run.wants({costId, delayId}))
        return;
    BenchServer server;
    BenchSimulator simulator;
    QString error;
    if (!server.start(&error) || !simulator.begin(server.url(), workers, heartbeatSeconds, 120, &error)) {
        run.fail(costId, error);
        return;
    }
    SourceRig rig(server.url(), SourceRig::Table::Without);
    rig.start();
    if (rig.waitUntilLive(workers, limitMs) < 0) {
        run.fail(costId, u"not all workers came within a minute"_s);
        return;
    }
    rig.run(3'000);
    if (run.wants({costId}))
        measureEngine(run, rig);
    if (run.wants({delayId}))
        measureDelay(run, rig, server);
}

} // namespace pulsedeck::bench
