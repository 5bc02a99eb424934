// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandledger.h"
#include "models/journal/journal.h"
#include "tests/models/modelfleet.h"

#include <QHash>

namespace pulsedeck {

/// A journal that answers when a test says so.
class FakeJournal final : public Journal
{
public:
    struct Write
    {
        QList<JournalEntry> entries;
        quint64 token = 0;
    };

    using Journal::Journal;

    void record(const QList<JournalEntry> &entries, quint64 token, const QList<RollingRecord> &) override
    {
        writes.append({entries, token});
        if (token != 0 && answersAtOnce)
            emit written(token, works);
    }
    void query(const JournalQuery &, quint64) override { }
    void readPlans() override { }
    void readCommandHistory(qint64) override { }
    JournalState state() const override { return {}; }

    /// The steps recorded of a worker, in order.
    QStringList steps(const QByteArray &worker) const
    {
        QStringList words;
        for (const Write &one : writes) {
            for (const JournalEntry &entry : one.entries) {
                if (entry.worker == worker)
                    words.append(entry.step);
            }
        }
        return words;
    }

    QList<Write> writes;
    bool answersAtOnce = true;
    bool works = true;
};

/// A ledger over a model fleet, with what it sends caught and short ways to answer.
struct LedgerFixture
{
    using Outcome = CommandProgress::Outcome;

    ModelFleet fleet;
    CommandLedger ledger{fleet.store, fleet.clock};
    QList<Command> sent;
    QList<Command> asked;
    int sendings = 0;

    LedgerFixture()
    {
        ledger.setOperator(QStringLiteral("ann@ops"));
        QObject::connect(&ledger, &CommandLedger::carryOut, &ledger, [this](SourceId, const QList<Command> &commands) {
            ++sendings;
            sent += commands;
        });
        QObject::connect(&ledger, &CommandLedger::lookUp, &ledger,
                         [this](SourceId, const QList<Command> &commands) { asked += commands; });
    }

    WorkerHandle add(WorkerNumber number, const QByteArray &id, qint32 sessions = 0)
    {
        fleet.text(number, id);
        return see(sample(number, WorkerStatus::Available, sessions), id);
    }

    WorkerSample sample(WorkerNumber number, WorkerStatus status, qint32 sessions = 0, bool commanded = false) const
    {
        WorkerSample sample = fleet.alive(number, 0, status);
        sample.activeSessions = sessions;
        if (commanded) {
            sample.command = CommandState::Shutdown;
            sample.commandUntil = fleet.clock.nowMs() + 60'000;
        }
        return sample;
    }

    /// A sample of a worker that an operator drained.
    WorkerSample drained(WorkerNumber number, qint32 sessions = 0) const
    {
        WorkerSample one = sample(number, WorkerStatus::Draining, sessions);
        one.flags = WorkerFlag::DrainedByOperator;
        return one;
    }

    void note(WorkerNumber number, const QByteArray &id, const QString &by, qint64 at)
    {
        FleetBatch batch = fleet.emptyBatch();
        WorkerText text;
        text.number = number;
        text.id = id;
        text.type = "chromium";
        text.drainedBy = by;
        text.drainReason = QStringLiteral("patching");
        text.drainedAt = at;
        batch.texts.append(text);
        fleet.store.apply(batch);
    }

    WorkerHandle see(const WorkerSample &sample, const QByteArray &id = {})
    {
        fleet.apply(sample);
        fleet.store.publish();
        return id.isEmpty() ? noWorker : fleet.store.find(fleet.status.source, id);
    }

    /// Time goes on, and the console looks.
    void step(qint64 ms)
    {
        fleet.clock.step(ms);
        fleet.store.publish();
    }

    quint64 give(Act act, WorkerHandle handle, const QString &reason = {})
    {
        CommandRequest request;
        request.act = act;
        request.workers = {handle};
        request.reason = reason;
        ledger.issue(request);
        return ledger.firstKey() + quint64(ledger.size()) - 1;
    }

    const CommandEntry &at(quint64 key) const { return *ledger.entry(key); }
    CommandStage stage(quint64 key) const { return at(key).stage; }

    CommandProgress progress(quint64 key, Outcome outcome) const
    {
        CommandProgress one;
        one.command = at(key).command.id;
        one.source = at(key).command.source;
        one.at = fleet.clock.nowMs();
        one.outcome = outcome;
        return one;
    }

    void answer(quint64 key, Outcome outcome, qint32 receivers = unknownValue)
    {
        CommandProgress one = progress(key, outcome);
        one.receivers = receivers;
        ledger.takeProgress({one});
    }

    void refuse(quint64 key, Refusal refusal)
    {
        CommandProgress one = progress(key, Outcome::Refused);
        one.refusal = refusal;
        ledger.takeProgress({one});
    }

    quint64 written(Act act, WorkerHandle handle, qint32 receivers = unknownValue)
    {
        const quint64 key = give(act, handle);
        answer(key, Outcome::Written, receivers);
        return key;
    }

    void lose()
    {
        fleet.status.lostAt = fleet.clock.nowMs();
        fleet.setState(SourceState::Waiting);
        fleet.store.publish();
    }

    void find()
    {
        ++fleet.generation;
        fleet.status.lostAt = 0;
        fleet.setState(SourceState::Loading);
    }

    void live()
    {
        fleet.setState(SourceState::Live);
        fleet.store.publish();
    }
};

} // namespace pulsedeck
