// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/act.h"

#include "models/core/enumtable.h"
#include "models/protocol/sourcetraits.h"
#include "models/protocol/worker.h"

namespace pulsedeck {

namespace {

bool isThere(const Worker &worker)
{
    return worker.endedAt == 0 && worker.status != WorkerStatus::ShuttingDown;
}

bool mayDrain(const Worker &worker)
{
    return worker.endedAt == 0
           && (worker.status == WorkerStatus::Available || worker.status == WorkerStatus::Registered
               || worker.status == WorkerStatus::Busy);
}

/// Stopped from taking work, where the worker itself takes a command that ends that.
bool isLeftToTake(const Worker &worker, Act act)
{
    return worker.endedAt == 0 && (worker.status == WorkerStatus::Draining || worker.status == WorkerStatus::Paused)
           && worker.traits->of(act).proof == ActProof::PickUp;
}

bool mayResume(const Worker &worker)
{
    const bool isToBeAsked = worker.endedAt == 0 && worker.traits->of(Act::Resume).asks;
    return isToBeAsked
           || (worker.status == WorkerStatus::Draining && worker.flags.testFlag(WorkerFlag::DrainedByOperator)
               && !worker.flags.testFlag(WorkerFlag::Leaving))
           || worker.flags.testFlag(WorkerFlag::DrainUndone) || isLeftToTake(worker, Act::Resume);
}

template <Act act> bool mayTake(const Worker &worker)
{
    return worker.endedAt == 0 && worker.traits->offers(act);
}

/// It does not beat any more, and what its system keeps of it never expires: nothing but a reap removes it.
bool staysForEver(const Worker &worker)
{
    return worker.liveness == Liveness::Stale && worker.traits->isLaidOut() && !worker.traits->has(SourceFact::Ttl)
           && worker.traits->basis != BeatBasis::Calls && worker.traits->offers(Act::Reap);
}

/// Of acts on a queue or a fleet.
bool noWorkers(const Worker &)
{
    return false;
}

constexpr ActRow shutdownRow{
    .id = Act::Shutdown,
    .name = "shutdown",
    .title = QT_TRANSLATE_NOOP("Act", "Shut down at next heartbeat"),
    .brief = QT_TRANSLATE_NOOP("Act", "Shut down"),
    .verb = QT_TRANSLATE_NOOP("Act", "Shut down"),
    .running = QT_TRANSLATE_NOOP("Act", "Shutting down"),
    .success = QT_TRANSLATE_NOOP("Act", "gone"),
    .done = QT_TRANSLATE_NOOP("Act", "done"),
    .wouldBe = QT_TRANSLATE_NOOP("Act", "would be shut down at its next heartbeat"),
    .intent = QT_TRANSLATE_NOOP("Act", "Shut down at next heartbeat; the command expires after %1 s."),
    .offer = QT_TRANSLATE_NOOP("Act", "Shut down"),
    .means = QT_TRANSLATE_N_NOOP(
        "Act", "(It takes/They take) no new sessions, (finishes those it has/finish those they have), then (exits/exit)."),
    .message = "worker:shutdown",
    .actorMeans = QT_TRANSLATE_N_NOOP("Act", "(It is/They are) sent worker:shutdown. If (it obeys/they obey), (it exits/they "
                                             "exit) and (its registration ends/their registrations end)."),
    .undoText = QT_TRANSLATE_NOOP("Act", "Until a worker reads it, Cancel command withdraws it."),
    .undo = Undo::UntilRead,
    .proof = Proof::Gone,
    .mark = CommandMark::Power,
    .concerns = isThere,
    .capacity = -1,
};
constexpr ActRow shutdownNowRow = [] {
    ActRow row = shutdownRow;
    row.id = Act::ShutdownNow;
    row.name = "shutdown-now";
    row.title = QT_TRANSLATE_NOOP("Act", "Shut down now");
    row.brief = nullptr;
    row.wouldBe = QT_TRANSLATE_NOOP("Act", "would be shut down now");
    row.offer = nullptr;
    row.intent = QT_TRANSLATE_NOOP("Act", "Shut down now; the command expires after %1 s.");
    row.undoText = QT_TRANSLATE_NOOP("Act", "It is announced at once and cannot be undone.");
    row.undo = Undo::Never;
    return row;
}();

constexpr auto actRows = std::to_array<ActRow>({
    shutdownRow,
    shutdownNowRow,
    {
        .id = Act::Drain,
        .name = "drain",
        .title = QT_TRANSLATE_NOOP("Act", "Drain"),
        .verb = QT_TRANSLATE_NOOP("Act", "Drain"),
        .running = QT_TRANSLATE_NOOP("Act", "Draining"),
        .success = QT_TRANSLATE_NOOP("Act", "drained"),
        .wouldBe = QT_TRANSLATE_NOOP("Act", "would be drained"),
        .intent = QT_TRANSLATE_NOOP("Act", "Take no new sessions and stay up."),
        .means = QT_TRANSLATE_N_NOOP("Act", "(It takes/They take) no new sessions, (finishes those it has/finish those they "
                                            "have), and (stays/stay) up until resumed or shut down."),
        .message = "worker:drain",
        .actorMeans = QT_TRANSLATE_N_NOOP("Act", "(It is/They are) sent worker:drain. If (it obeys/they obey), (it takes/they "
                                                 "take) no new work and (stays/stay) registered."),
        .undoText = QT_TRANSLATE_NOOP("Act", "Resume undoes it."),
        .undo = Undo::ByOther,
        .proof = Proof::Draining,
        .mark = CommandMark::Draining,
        .concerns = mayDrain,
        .capacity = -1,
    },
    {
        .id = Act::Resume,
        .name = "resume",
        .title = QT_TRANSLATE_NOOP("Act", "Resume"),
        .verb = QT_TRANSLATE_NOOP("Act", "Resume"),
        .running = QT_TRANSLATE_NOOP("Act", "Resuming"),
        .success = QT_TRANSLATE_NOOP("Act", "resumed"),
        .wouldBe = QT_TRANSLATE_NOOP("Act", "would be resumed"),
        .intent = QT_TRANSLATE_NOOP("Act", "Take new sessions again."),
        .means = QT_TRANSLATE_N_NOOP("Act", "(It is/They are) available again and (takes/take) new sessions."),
        .undoText = QT_TRANSLATE_NOOP("Act", "Drain undoes it."),
        .undo = Undo::ByOther,
        .proof = Proof::Available,
        .mark = CommandMark::Play,
        .concerns = mayResume,
        .capacity = 1,
    },
    {
        .id = Act::Cancel,
        .name = "cancel",
        .title = QT_TRANSLATE_NOOP("Act", "Cancel command"),
        .verb = QT_TRANSLATE_NOOP("Act", "Cancel"),
        .running = QT_TRANSLATE_NOOP("Act", "Cancelling"),
        .success = QT_TRANSLATE_NOOP("Act", "withdrawn"),
        .done = QT_TRANSLATE_NOOP("Act", "command withdrawn"),
        .wouldBe = QT_TRANSLATE_NOOP("Act", "its command would be withdrawn"),
        .intent = QT_TRANSLATE_NOOP("Act", "Withdraw the command that expires in %1 ms."),
        .things = QT_TRANSLATE_N_NOOP("Act", "%Ln command(s)"),
        .means = QT_TRANSLATE_N_NOOP("Act", "Commands that have not been read yet are withdrawn."),
        .undoText = QT_TRANSLATE_NOOP("Act", "A withdrawn command can be sent again."),
        .undo = Undo::ByRepeating,
        .proof = Proof::CommandGone,
        .mark = CommandMark::Undo,
        .concerns = [](const Worker &worker) { return worker.command == CommandState::Shutdown && worker.endedAt == 0; },
    },
    {
        .id = Act::Reap,
        .name = "reap",
        .title = QT_TRANSLATE_NOOP("Act", "Reap"),
        .verb = QT_TRANSLATE_NOOP("Act", "Reap"),
        .running = QT_TRANSLATE_NOOP("Act", "Reaping"),
        .success = QT_TRANSLATE_NOOP("Act", "reaped"),
        .done = QT_TRANSLATE_NOOP("Act", "counters removed"),
        .wouldBe = QT_TRANSLATE_NOOP("Act", "its counters would be removed"),
        .intent = QT_TRANSLATE_NOOP("Act", "Remove its counters if its key is still gone."),
        .things = QT_TRANSLATE_N_NOOP("Act", "%Ln zombie(s)"),
        .offer = QT_TRANSLATE_NOOP("Act", "Reap zombies"),
        .means = QT_TRANSLATE_N_NOOP("Act", "The counters of workers whose key is gone are removed by the reaper's own rule. "
                                            "This cannot be undone."),
        .undoText = QT_TRANSLATE_NOOP("Act", "Removed counters do not come back."),
        .undo = Undo::Never,
        .proof = Proof::CountersGone,
        .mark = CommandMark::Zombie,
        .concerns =
            [](const Worker &worker) {
                return worker.flags.testFlag(WorkerFlag::CountersLeft) || worker.liveness == Liveness::Ghost
                       || staysForEver(worker);
            },
    },
    {
        .id = Act::RemoveKey,
        .name = "remove-key",
        .title = QT_TRANSLATE_NOOP("Act", "Remove key"),
        .verb = QT_TRANSLATE_NOOP("Act", "Remove"),
        .running = QT_TRANSLATE_NOOP("Act", "Removing"),
        .success = QT_TRANSLATE_NOOP("Act", "removed"),
        .done = QT_TRANSLATE_NOOP("Act", "key removed"),
        .wouldBe = QT_TRANSLATE_NOOP("Act", "its key would be removed"),
        .intent = QT_TRANSLATE_NOOP("Act", "Remove the key if its heartbeat is still %1."),
        .things = QT_TRANSLATE_N_NOOP("Act", "%Ln key(s)"),
        .offer = QT_TRANSLATE_NOOP("Act", "Remove keys without TTL"),
        .means =
            QT_TRANSLATE_N_NOOP("Act", "Keys that never expire are removed if they have had no heartbeat since they were shown. "
                                       "This cannot be undone."),
        .undoText = QT_TRANSLATE_NOOP("Act", "A removed key does not come back unless its worker is alive and registers again."),
        .undo = Undo::Never,
        .proof = Proof::KeyGone,
        .mark = CommandMark::NoTtl,
        .concerns =
            [](const Worker &worker) {
                return worker.endedAt == 0 && worker.ttlAtRead == -1
                       && (worker.traits->hasKey() || worker.traits->offers(Act::RemoveKey));
            },
    },
    {
        .id = Act::Dump,
        .name = "dump",
        .title = QT_TRANSLATE_NOOP("Act", "Thread dump"),
        .verb = QT_TRANSLATE_NOOP("Act", "Request a thread dump of"),
        .running = QT_TRANSLATE_NOOP("Act", "Requesting a thread dump of"),
        .success = QT_TRANSLATE_NOOP("Act", "requested"),
        .done = QT_TRANSLATE_NOOP("Act", "thread dump requested"),
        .wouldBe = QT_TRANSLATE_NOOP("Act", "would be asked for a thread dump"),
        .intent = QT_TRANSLATE_NOOP("Act", "Write a thread dump to its log."),
        .means = QT_TRANSLATE_N_NOOP(
            "Act", "(It writes what its/They write what their) threads are doing to the log, and (goes/go) on working."),
        .undoText = QT_TRANSLATE_NOOP("Act", "There is nothing to undo."),
        .undo = Undo::Never,
        .proof = Proof::Taken,
        .mark = CommandMark::Sent,
        .concerns = mayTake<Act::Dump>,
    },
    {
        .id = Act::KillJob,
        .name = "kill-job",
        .title = QT_TRANSLATE_NOOP("Act", "Kill running job"),
        .verb = QT_TRANSLATE_NOOP("Act", "Kill the job of"),
        .running = QT_TRANSLATE_NOOP("Act", "Killing the job of"),
        .success = QT_TRANSLATE_NOOP("Act", "killed"),
        .done = QT_TRANSLATE_NOOP("Act", "job killed"),
        .wouldBe = QT_TRANSLATE_NOOP("Act", "would have its running job killed"),
        .intent = QT_TRANSLATE_NOOP("Act", "Kill the process of the running job."),
        .means = QT_TRANSLATE_N_NOOP("Act", "The (process of its running job is/processes of their running jobs are) killed: the "
                                            "(job fails/jobs fail). The (worker stays/workers stay)."),
        .undoText = QT_TRANSLATE_NOOP("Act", "A killed job does not go on."),
        .undo = Undo::Never,
        .proof = Proof::Taken,
        .mark = CommandMark::Power,
        .concerns = mayTake<Act::KillJob>,
    },
    {
        .id = Act::PauseFleet,
        .name = "pause-fleet",
        .title = QT_TRANSLATE_NOOP("Act", "Pause whole fleet"),
        .verb = QT_TRANSLATE_NOOP("Act", "Pause"),
        .running = QT_TRANSLATE_NOOP("Act", "Pausing"),
        .success = QT_TRANSLATE_NOOP("Act", "paused"),
        .wouldBe = QT_TRANSLATE_NOOP("Act", "would be paused"),
        .intent = QT_TRANSLATE_NOOP("Act", "Pause the whole fleet: %1."),
        .things = QT_TRANSLATE_N_NOOP("Act", "%Ln fleet(s)"),
        .means = QT_TRANSLATE_NOOP("Act", "No worker of the fleet takes a new job until the fleet is resumed."),
        .undoText = QT_TRANSLATE_NOOP("Act", "Resume whole fleet undoes it."),
        .undo = Undo::ByOther,
        .proof = Proof::Written,
        .mark = CommandMark::Off,
        .concerns = noWorkers,
    },
    {
        .id = Act::ResumeFleet,
        .name = "resume-fleet",
        .title = QT_TRANSLATE_NOOP("Act", "Resume whole fleet"),
        .verb = QT_TRANSLATE_NOOP("Act", "Resume"),
        .running = QT_TRANSLATE_NOOP("Act", "Resuming"),
        .success = QT_TRANSLATE_NOOP("Act", "resumed"),
        .wouldBe = QT_TRANSLATE_NOOP("Act", "would be resumed"),
        .intent = QT_TRANSLATE_NOOP("Act", "Resume the whole fleet: %1."),
        .things = QT_TRANSLATE_N_NOOP("Act", "%Ln fleet(s)"),
        .means = QT_TRANSLATE_NOOP("Act", "The workers of the fleet take new jobs again."),
        .undoText = QT_TRANSLATE_NOOP("Act", "Pause whole fleet undoes it."),
        .undo = Undo::ByOther,
        .proof = Proof::Written,
        .mark = CommandMark::Play,
        .concerns = noWorkers,
    },
    {
        .id = Act::PauseQueue,
        .name = "pause-queue",
        .title = QT_TRANSLATE_NOOP("Act", "Pause queue"),
        .verb = QT_TRANSLATE_NOOP("Act", "Pause"),
        .running = QT_TRANSLATE_NOOP("Act", "Pausing"),
        .success = QT_TRANSLATE_NOOP("Act", "paused"),
        .wouldBe = QT_TRANSLATE_NOOP("Act", "would be paused"),
        .intent = QT_TRANSLATE_NOOP("Act", "Pause the queue %1 of %2."),
        .things = QT_TRANSLATE_N_NOOP("Act", "%Ln queue(s)"),
        .means = QT_TRANSLATE_NOOP("Act", "No worker takes a job from the queue until it is resumed. Jobs may still be added."),
        .undoText = QT_TRANSLATE_NOOP("Act", "Resume queue undoes it."),
        .undo = Undo::ByOther,
        .proof = Proof::Written,
        .mark = CommandMark::Off,
        .concerns = noWorkers,
    },
    {
        .id = Act::ResumeQueue,
        .name = "resume-queue",
        .title = QT_TRANSLATE_NOOP("Act", "Resume queue"),
        .verb = QT_TRANSLATE_NOOP("Act", "Resume"),
        .running = QT_TRANSLATE_NOOP("Act", "Resuming"),
        .success = QT_TRANSLATE_NOOP("Act", "resumed"),
        .wouldBe = QT_TRANSLATE_NOOP("Act", "would be resumed"),
        .intent = QT_TRANSLATE_NOOP("Act", "Resume the queue %1 of %2."),
        .things = QT_TRANSLATE_N_NOOP("Act", "%Ln queue(s)"),
        .means = QT_TRANSLATE_NOOP("Act", "Workers take jobs from the queue again."),
        .undoText = QT_TRANSLATE_NOOP("Act", "Pause queue undoes it."),
        .undo = Undo::ByOther,
        .proof = Proof::Written,
        .mark = CommandMark::Play,
        .concerns = noWorkers,
    },
});
static_assert(isInOrder(actRows, Act::ResumeQueue), "one row per act, in the order of the enumeration");

constexpr auto scopeRows =
    std::to_array<NamedId<ActScope>>({{ActScope::Worker, "worker"}, {ActScope::Queue, "queue"}, {ActScope::Fleet, "fleet"}});
static_assert(isInOrder(scopeRows, ActScope::Fleet));

} // namespace

QString actScopeName(ActScope scope)
{
    return nameFromId(scopeRows, scope);
}

ActScope actScopeFromName(QStringView name)
{
    return idFromName(scopeRows, name).value_or(ActScope::Worker);
}

const ActRow &actRow(Act act)
{
    return actRows[size_t(act)];
}

QString actName(Act act)
{
    return QString::fromLatin1(actRow(act).name);
}

std::optional<Act> actFromName(QStringView name)
{
    return idFromName(actRows, name);
}

QString actText(const char *words)
{
    return tableText("Act", words);
}

QString actTitle(Act act)
{
    return actText(actRow(act).title);
}

} // namespace pulsedeck
