// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/rollingplan.h"
#include "models/commands/writeaccess.h"

#include <QObject>
#include <QStringList>

#include <map>
#include <vector>

namespace pulsedeck {

class CommandLedger;
class Journal;
class SourceListModel;
struct RecordedCommand;

/// Runs rolling shutdowns: feeds plans with what the store shows, makes each step durable in the journal before the
/// ledger sends it, holds write access open meanwhile. GUI thread; looks at each publish.
class RollingRunner : public QObject
{
    Q_OBJECT

public:
    RollingRunner(FleetStore &store, SourceListModel &sources, CommandLedger &ledger, WriteAccess &access,
                  QObject *parent = nullptr);
    ~RollingRunner() override;

    /// Reads the unfinished plans of earlier runs from it; they appear Paused. The journal outlives this.
    void setJournal(Journal *journal);
    /// From now until takeHistory() no plan that was read back is taken up: what became of its commands is being asked.
    void expectHistory();
    /// The commands of earlier runs as the journal has them, so that a plan is taken up with all of them and their true times.
    /// Their sources are found by name.
    void takeHistory(const std::vector<RecordedCommand> &commands);

    QUuid begin(const std::vector<WorkerHandle> &workers, const RollingOptions &options, const QString &reason);
    void pause(const QUuid &group);
    void resume(const QUuid &group);
    void abort(const QUuid &group);
    void skip(const QUuid &group, const QUuid &command);

    /// Null if it is no rolling group.
    const RollingPlan *plan(const QUuid &group) const;
    /// Whether this group is a plan's, also one that was read back and waits for its sources.
    bool owns(const QUuid &group) const;
    int runningCount() const;

    /// A rolling shutdown that is not over.
    struct Unfinished
    {
        enum class State : quint8 {
            Running,
            Paused, ///< Goes on when it is resumed, and not before.
            Waiting, ///< Of an earlier run of the console; its sources have not been seen whole yet. Paused as well.
        };
        QUuid group;
        State state = State::Running;
        QStringList sources; ///< Names.
        int total = 0;
        int queued = 0; ///< No command was sent to them.
        int underway = 0;
    };
    /// Oldest first.
    std::vector<Unfinished> unfinished() const;

signals:
    void planChanged(const QUuid &group);
    /// Plans of an earlier run were read; those whose sources are there are reported by planChanged() too.
    void plansRead();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pulsedeck
