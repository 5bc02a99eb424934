// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "tests/support/stepclock.h"

namespace pulsedeck {

/// A store with one live source, and short ways to say what a source would.
struct ModelFleet
{
    StepClock clock;
    FleetStore store{clock};
    SourceStatus status;
    quint32 generation = 1;

    explicit ModelFleet(SourceId id = 1, const QString &name = QStringLiteral("prod"))
    {
        store.addSource(id, name);
        status.source = id;
        setState(SourceState::Live);
    }

    void setState(SourceState state)
    {
        status.state = state;
        status.generation = generation;
        status.since = clock.nowMs();
        store.applyStatus(status);
    }

    void text(WorkerNumber number, const QByteArray &id, const QByteArray &type = "chromium")
    {
        FleetBatch batch = emptyBatch();
        WorkerText text;
        text.number = number;
        text.id = id;
        text.type = type;
        text.host = "10.0.0." + QByteArray::number(number % 250) + ":3131";
        text.startedAt = clock.nowMs() - 60'000;
        batch.texts.append(text);
        store.apply(batch);
    }

    WorkerSample alive(WorkerNumber number, qint64 beatAge = 0, WorkerStatus workerStatus = WorkerStatus::Available) const
    {
        WorkerSample sample;
        sample.number = number;
        sample.readAt = clock.nowMs();
        sample.beatAt = clock.nowMs() - beatAge;
        sample.lastHeartbeat = sample.beatAt;
        sample.ttl = qint32(30'000 - beatAge);
        sample.learntTtl = 30'000;
        sample.activeSessions = 0;
        sample.lifetimeSessions = 0;
        sample.status = workerStatus;
        sample.keyPresent = true;
        sample.newBeat = true;
        return sample;
    }

    WorkerSample gone(WorkerNumber number, WorkerEnd end, bool counters) const
    {
        WorkerSample sample;
        sample.number = number;
        sample.readAt = clock.nowMs();
        sample.ttl = -2;
        sample.end = end;
        if (counters)
            sample.activeSessions = sample.lifetimeSessions = 1;
        return sample;
    }

    void apply(const WorkerSample &sample)
    {
        FleetBatch batch = emptyBatch();
        batch.samples.append(sample);
        store.apply(batch);
    }

    void remove(WorkerNumber number)
    {
        FleetBatch batch = emptyBatch();
        batch.removed.append(number);
        store.apply(batch);
    }

    /// A worker that has just beaten.
    WorkerHandle add(WorkerNumber number, const QByteArray &id, const QByteArray &type = "chromium")
    {
        text(number, id, type);
        apply(alive(number));
        return store.find(status.source, id);
    }

    FleetBatch emptyBatch() const
    {
        FleetBatch batch;
        batch.source = status.source;
        batch.generation = generation;
        batch.at = clock.nowMs();
        return batch;
    }
};

} // namespace pulsedeck
