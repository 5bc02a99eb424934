// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/sourcetraits.h"
#include "tests/gui/actionsfixture.h"

#include <QAction>
#include <QMenu>

#include <vector>

namespace pulsedeck {

/// A system whose acts have names and bytes of their own.
inline TraitsRef ownTraits()
{
    SourceTraits traits;
    traits.system = QStringLiteral("Sidekiq");
    traits.layout = QStringLiteral("sidekiq");
    traits.worker = QStringLiteral("process");
    traits.workers = QStringLiteral("processes");
    traits.counting = QStringLiteral("%Ln process(es)");
    ActTraits &drain = traits.acts[size_t(Act::Drain)];
    drain = {};
    drain.name = QStringLiteral("Quiet");
    drain.proof = ActProof::PickUp;
    drain.withdrawable = true;
    drain.means = QStringLiteral("It takes no new jobs and must exit later.");
    drain.writes = {{"LPUSH", "{id}-signals", "TSTP"}, {"EXPIRE", "{id}-signals", "60"}};
    ActTraits &dump = traits.acts[size_t(Act::Dump)];
    dump = drain;
    dump.name = QStringLiteral("Thread dump");
    traits.acts[size_t(Act::Resume)].whyNot = QStringLiteral("a quieted process cannot be resumed");
    for (const Act act : {Act::PauseFleet, Act::PauseQueue}) {
        ActTraits &pause = traits.acts[size_t(act)];
        const ActScope scope = pause.scope;
        pause = {};
        pause.scope = scope;
    }
    traits.acts[size_t(Act::PauseFleet)].name = QStringLiteral("Suspend all");
    traits.acts[size_t(Act::PauseQueue)].writes = {{"SET", "{queue}:paused", "1"}};
    return TraitsRef::of(traits);
}

inline QAction *actionOf(const QMenu &menu, const QString &name)
{
    for (QAction *action : menu.actions()) {
        if (action->objectName() == name)
            return action;
    }
    return nullptr;
}

/// The first workers become those of the system.
inline std::vector<WorkerHandle> ownWorkers(CommandFixture &f, int count, TraitsRef traits = ownTraits())
{
    const std::vector<WorkerHandle> workers = f.workers(count);
    for (const WorkerHandle handle : workers) {
        const Worker &worker = f.scene.store.worker(handle);
        FleetBatch batch;
        batch.source = worker.source;
        batch.generation = f.scene.store.sourceStatus(worker.source).generation;
        batch.at = f.scene.clock.nowMs();
        WorkerText text;
        text.number = worker.number;
        text.id = worker.id;
        text.type = "chromium";
        text.traits = traits;
        batch.texts.append(text);
        f.scene.store.apply(batch);
        f.report(handle, WorkerStatus::Available, 0);
    }
    return workers;
}

} // namespace pulsedeck
