// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/commands/rollingrunner.h"
#include "models/fleet/sourcelistmodel.h"
#include "models/journal/journal.h"
#include "tests/models/modelfleet.h"
#include "tests/models/rollingworld.h"

#include <QObject>

namespace pulsedeck::rollingtest {

/// A journal that keeps plans and answers when it is told to.
class MemoryJournal : public Journal
{
public:
    enum class Answer { AtOnce, Later, Fails, Never };
    Answer answer = Answer::AtOnce;
    QHash<QUuid, RollingRecord> plans;
    QList<quint64> open; ///< Tokens not answered yet.
    QList<JournalEntry> lines;
    bool full = false; ///< As a journal whose queue is: a write with entries is refused whole.
    bool materialises = true; ///< Makes the plan's text at once, as a journal does on its own thread.

    void record(const QList<JournalEntry> &entries, quint64 token, const QList<RollingRecord> &records) override
    {
        if (full && !entries.isEmpty()) {
            if (token != 0)
                emit written(token, false);
            return;
        }
        lines += entries;
        for (const RollingRecord &record : records)
            plans.insert(record.group, materialises ? RollingRecord{record.group, record.content(), record.ended} : record);
        if (token == 0)
            return;
        open.append(token);
        if (answer == Answer::AtOnce || answer == Answer::Fails)
            answerAll(answer == Answer::AtOnce);
    }
    void answerAll(bool ok)
    {
        const QList<quint64> tokens = std::exchange(open, {});
        for (const quint64 token : tokens)
            emit written(token, ok);
    }
    void query(const JournalQuery &, quint64) override { }
    void readPlans() override
    {
        QList<RollingRecord> unfinished;
        for (const RollingRecord &record : std::as_const(plans)) {
            if (!record.ended)
                unfinished.append(record);
        }
        emit plansRead(unfinished);
    }
    void readCommandHistory(qint64) override { }
    JournalState state() const override { return {true, {}, {}, {}, -1, 0}; }
};

/// A console's models, with a fleet that a test moves by hand.
struct RollingScene
{
    ModelFleet fleet;
    SourceListModel sources{fleet.store};
    WriteAccess access{fleet.store, sources, fleet.clock};
    CommandLedger ledger{fleet.store, fleet.clock};
    RollingRunner runner{fleet.store, sources, ledger, access};
    QList<Command> sent;
    QList<Command> lookedUp;

    explicit RollingScene(SourceId id = 1)
        : fleet(id)
    {
        SourceSettings settings;
        settings.id = id;
        settings.name = QStringLiteral("prod");
        sources.setSource(settings);
        ledger.setOperator(QStringLiteral("anna@desk"));
        QObject::connect(&ledger, &CommandLedger::carryOut, &ledger,
                         [this](SourceId, const QList<Command> &commands) { sent += commands; });
        QObject::connect(&ledger, &CommandLedger::lookUp, &ledger,
                         [this](SourceId, const QList<Command> &commands) { lookedUp += commands; });
        access.unlock();
        fleet.store.publish();
    }

    std::vector<WorkerHandle> add(WorkerNumber first, int count, const QByteArray &type = "chromium")
    {
        std::vector<WorkerHandle> handles;
        for (int i = 0; i < count; ++i)
            handles.push_back(fleet.add(first + WorkerNumber(i), type + ":w" + QByteArray::number(int(first) + i), type));
        fleet.store.publish();
        return handles;
    }

    /// Time passes while everybody beats who is there.
    void tick(qint64 ms = 300)
    {
        fleet.clock.step(ms);
        for (int handle = 0; handle < fleet.store.capacity(); ++handle) {
            const Worker &worker = fleet.store.worker(WorkerHandle(handle));
            if (worker.used && worker.endedAt == 0)
                fleet.apply(fleet.alive(worker.number, 0, worker.status));
        }
        fleet.store.publish();
    }

    void answer(const Command &command, CommandProgress::Outcome outcome = CommandProgress::Outcome::Written)
    {
        CommandProgress progress;
        progress.command = command.id;
        progress.source = command.source;
        progress.at = fleet.clock.nowMs();
        progress.outcome = outcome;
        ledger.takeProgress({progress});
    }

    /// The worker of this command reads it, drains and goes.
    void obey(const Command &command)
    {
        answer(command);
        const WorkerHandle handle = fleet.store.find(command.source, command.worker);
        const WorkerNumber number = fleet.store.worker(handle).number;
        fleet.clock.step(50);
        fleet.apply(fleet.alive(number, 0, WorkerStatus::Draining));
        fleet.store.publish();
        fleet.clock.step(50);
        fleet.apply(fleet.gone(number, WorkerEnd::Drained, false));
        fleet.store.publish();
    }

    const RollingPlan &plan(const QUuid &group) const { return *runner.plan(group); }
};

} // namespace pulsedeck::rollingtest
