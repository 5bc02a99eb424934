// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "tests/commands/commandwatch.h"
#include "tests/fleet/fleetprocess.h"

namespace pulsedeck {

/// A ledger over a writable source, on a Redis with the simulated fleet: everything between the click and the worker is real.
struct LadderWatch : CommandWatch
{
    CommandLedger ledger{store, clock};
    FleetProcess fleet;
    std::unique_ptr<FleetView> view;

    LadderWatch()
    {
        options.timing.heartbeatInterval = 400;
        options.timing.drainTimeout = 20'000;
        ledger.setOperator(QStringLiteral("ann@desk"));
        QObject::connect(&ledger, &CommandLedger::carryOut, &store,
                         [this](SourceId, const QList<Command> &commands) { source->carryOut(commands); });
        QObject::connect(&ledger, &CommandLedger::lookUp, &store,
                         [this](SourceId, const QList<Command> &commands) { source->lookUp(commands); });
    }

    /// Both are gone before the ledger hears of it.
    ~LadderWatch()
    {
        ledger.disconnect(&store);
        source.reset();
    }

    /// Workers that beat each 0.4 s and have no sessions, and a console that sees them all. The later arguments win.
    bool startAll(const QStringList &further = {})
    {
        const QStringList arguments =
            QStringList{
                QStringLiteral("--workers"),      QStringLiteral("4"), QStringLiteral("--heartbeat"),     QStringLiteral("0.4"),
                QStringLiteral("--ttl"),          QStringLiteral("6"), QStringLiteral("--drain-timeout"), QStringLiteral("20"),
                QStringLiteral("--sessions"),     QStringLiteral("0"), QStringLiteral("--replace-after"), QStringLiteral("600"),
                QStringLiteral("--return-share"), QStringLiteral("0"), QStringLiteral("--seed"),          QStringLiteral("1")}
            + further;
        if (!startServer() || !fleet.startRegistered(server, arguments))
            return false;
        view = std::make_unique<FleetView>(server);
        begin(server.url());
        QObject::connect(source.get(), &FleetSource::commandsProgressed, &ledger, &CommandLedger::takeProgress);
        source->setWritable(true);
        return QTest::qWaitFor(
            [this] {
                const QByteArrayList ids = view->ids();
                return isWatching() && status.rights.known
                       && std::all_of(ids.cbegin(), ids.cend(), [this](const QByteArray &id) { return knows(id); });
            },
            20'000);
    }

    /// Gives the command and tells its key in the ledger.
    quint64 give(Act act, const QByteArray &id, qint64 ttlMs = 60'000)
    {
        CommandRequest request;
        request.act = act;
        request.workers = {handle(id)};
        request.ttlMs = ttlMs;
        request.reason = QStringLiteral("test");
        return ledger.group(ledger.issue(request))->entries.front();
    }

    const CommandEntry &entry(quint64 key) const { return *ledger.entry(key); }
    CommandStage stage(quint64 key) const { return entry(key).stage; }
    /// For a failing test: where it stands and what is said of it.
    QByteArray told(quint64 key) const
    {
        const CommandEntry &now = entry(key);
        return (stageText(now.stage) + QStringLiteral(": ") + refusalText(now.refusal) + QStringLiteral(" ") + now.text).toUtf8();
    }

    void setSessions(const QByteArray &id, int count)
    {
        run({"HSET", "cluster:active_connections", id, QByteArray::number(count)});
    }
};

} // namespace pulsedeck

/// Waits until a command stands there, and says where it stands instead if it never does.
#define TRY_STAGE(watch, key, expected)                                                                                          \
    QVERIFY2(QTest::qWaitFor([&] { return (watch)->stage(key) == (expected); }, 20'000), (watch)->told(key).constData())
