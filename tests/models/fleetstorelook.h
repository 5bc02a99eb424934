// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/models/modelfleet.h"

#include <algorithm>
#include <vector>

namespace pulsedeck {

/// What happened to a worker, as the store tells it.
inline std::vector<FleetEventKind> eventKinds(const ModelFleet &fleet, WorkerHandle handle)
{
    std::vector<FleetEventKind> list;
    const Worker &worker = fleet.store.worker(handle);
    for (const FleetEvent &event : fleet.store.events().ofWorker(worker.serial, worker.source, 100))
        list.push_back(event.kind);
    return list;
}

inline bool hasEvent(const ModelFleet &fleet, WorkerHandle handle, FleetEventKind kind)
{
    const auto list = eventKinds(fleet, handle);
    return std::find(list.begin(), list.end(), kind) != list.end();
}

/// A fleet whose source tells no timing.
inline void tellNothing(ModelFleet &fleet)
{
    fleet.status.timing = TimingProfile::assumedDocument();
    fleet.setState(SourceState::Live);
}

/// It drains, and its command channel has no subscriber any more.
inline WorkerHandle addDrainingDeaf(ModelFleet &fleet)
{
    const WorkerHandle handle = fleet.add(0, "chromium:a");
    WorkerSample sample = fleet.alive(0, 1'000, WorkerStatus::Draining);
    sample.flags = WorkerFlag::NoListener;
    fleet.apply(sample);
    return handle;
}

inline WorkerText textOf(WorkerNumber number, const QByteArray &id, const QString &layout)
{
    WorkerText text;
    text.number = number;
    text.id = id;
    SourceTraits traits;
    traits.layout = layout;
    text.traits = TraitsRef::of(traits);
    return text;
}

/// A worker with this note on it, as its key is read.
inline WorkerSample notedSample(ModelFleet &fleet, WorkerStatus status, qint64 drainedAt, int sessions = 1)
{
    FleetBatch batch = fleet.emptyBatch();
    WorkerText text;
    text.number = 0;
    text.id = "chromium:a";
    text.type = "chromium";
    text.drainedBy = QStringLiteral("bob@desk");
    text.drainedAt = drainedAt;
    batch.texts.append(text);
    fleet.store.apply(batch);
    WorkerSample sample = fleet.alive(0, 0, status);
    sample.activeSessions = sessions;
    sample.flags = WorkerFlag::DrainedByOperator;
    return sample;
}

} // namespace pulsedeck
