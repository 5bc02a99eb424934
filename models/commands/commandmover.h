// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandbook.h"
#include "models/commands/commandedworkers.h"
#include "models/commands/intentrecorder.h"
#include "models/commands/stagejudge.h"
#include "models/fleet/fleetstore.h"

namespace pulsedeck {

/// Moves commands from stage to stage: shows the judges what the store knows of a command's worker and source, and writes into
/// the book what follows, until nothing does. GUI thread.
class CommandMover
{
public:
    CommandMover(FleetStore &store, CommandBook &book, CommandedWorkers &workers, IntentRecorder &recorder, const Clock &clock);

    // Sources, remembered so that their status need not be copied for every worker.
    JudgedSource factsOf(SourceId source) const { return m_facts.value(source); }
    void setFacts(SourceId source, const JudgedSource &facts) { m_facts.insert(source, facts); }
    void removeFacts(SourceId source) { m_facts.remove(source); }

    /// Null if the store does not show it any more.
    const Worker *workerOf(const CommandEntry &entry) const;

    /// It becomes the newest of its kind for its worker; of those that are for a worker.
    void enter(quint64 key);
    /// Nothing happens if it has ended, was not answered yet, or its view is not true.
    void judge(quint64 key);
    /// One that has ended.
    void judgeAgain(quint64 key, const Worker &worker);
    /// Whether there is a next stage.
    bool apply(quint64 key, const Judgement &judgement);
    void setStage(quint64 key, CommandStage stage, qint64 at = 0);
    void refuse(quint64 key, Refusal refusal, const CommandRemark &remark);
    /// Its worker was told to shut down, or may have been.
    void tell(const CommandEntry &entry);
    /// When time alone may move it is worked out again.
    void schedule(quint64 key);

private:
    CommandScene sceneOf(const TrackedCommand &command, const Worker &worker);

    FleetStore &m_store;
    CommandBook &m_book;
    CommandedWorkers &m_workers;
    IntentRecorder &m_recorder;
    const Clock &m_clock;
    QHash<SourceId, JudgedSource> m_facts;
};

} // namespace pulsedeck
