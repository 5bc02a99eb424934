// SPDX-License-Identifier: GPL-3.0-or-later
// The inside of RollingRunner, shared by the files that implement it and by nobody else.
#pragma once

#include "models/commands/processmark.h"
#include "models/commands/recordedcommand.h"
#include "models/commands/rollingrunner.h"
#include "models/commands/rollingsurvey.h"
#include "models/journal/journal.h"

#include <set>

namespace pulsedeck {

class RollingRunner::Private
{
public:
    /// Beside the plan in its record: which console runs it.
    static constexpr QLatin1StringView consoleKey{"console"};

    static bool isWhole(const SourceStatus &status)
    {
        return status.state == SourceState::Live || status.state == SourceState::Sweeping;
    }

    struct Run
    {
        RollingPlan plan;
        QHash<QUuid, quint64> keys; ///< Ledger keys of the plan's commands.
        bool restored = false;
        std::vector<SourceId> held; ///< Kept open for it.
        bool unsaved = false;
        bool endTold = false; ///< The journal has the line on its end.
        qint64 savedAt = 0;
    };

    Private(RollingRunner &owner, FleetStore &fleet, SourceListModel &sourceList, CommandLedger &commandLedger,
            WriteAccess &writeAccess)
        : q(owner)
        , store(fleet)
        , sources(sourceList)
        , ledger(commandLedger)
        , access(writeAccess)
    { }

    void onTicked();
    void look();
    void advance(Run &run, RollingSurvey &survey);
    RollingView viewOf(const Run &run, const RollingSurvey &survey) const;
    RollingSurvey surveyNow() const;
    void settle(Run &run);
    RollingRecord recordOf(const Run &run) const;
    JournalEntry endLine(const RollingPlan &plan) const;
    void save(Run &run);
    void send(Run &run, const std::vector<int> &steps);
    void onWritten(quint64 token);
    void mapKeys(Run &run) const;
    void takePlans(const QList<RollingRecord> &records);
    bool findSources(RollingPlan &plan) const;
    void adoptWaiting();
    void expectSteps();
    void adopt(RollingPlan plan);
    RecordedCommand recordedStep(const RollingStep &step, const Command &command) const;
    Run *find(const QUuid &group);

    RollingRunner &q;
    FleetStore &store;
    SourceListModel &sources;
    CommandLedger &ledger;
    WriteAccess &access;
    Journal *journal = nullptr;
    std::map<QUuid, Run> runs;
    std::vector<RollingPlan> waiting; ///< Read back; their sources have not been seen whole yet.
    QHash<QUuid, RecordedCommand> history; ///< Of earlier runs, by command.
    bool historyAwaited = false;
    QHash<quint64, std::vector<quint64>> unwritten; ///< Ledger keys that wait for the journal, by token.
    std::set<quint64> open; ///< Ledger keys of commands that take capacity and have not ended.
    const QString ownMark = ownProcessMark();
    qint64 lookedAt = 0;
    bool due = false;
};

} // namespace pulsedeck
