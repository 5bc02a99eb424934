// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/systemscene.h"

namespace pulsedeck {

/// Queues made up on top of a FleetScene, as a source would report them: Sidekiq's "default" (served), "low" (paused), "exports"
/// (jobs wait, no worker) and "mailers" (no jobs) in the first source, Celery's "reports" (growing) in the second. \a minutes of
/// reports, ten seconds apart.
class QueueScene
{
public:
    explicit QueueScene(FleetScene &scene, int minutes = 15)
        : m_scene(scene)
    {
        addWorkers();
        const qint64 now = scene.clock.nowMs();
        for (qint64 ago = qint64(minutes) * 60'000; ago >= 0; ago -= 10'000)
            report(now - ago);
        scene.store.publish();
    }

    static QueueKey key(const QByteArray &name)
    {
        return name == "reports" ? QueueKey{FleetScene::staging, QStringLiteral("celery"), name}
                                 : QueueKey{FleetScene::prod, QStringLiteral("sidekiq"), name};
    }
    /// One more report of a queue.
    void send(const QueueSample &sample, SourceId source = FleetScene::prod)
    {
        FleetBatch batch;
        batch.source = source;
        batch.generation = m_scene.store.sourceStatus(source).generation;
        batch.at = m_scene.clock.nowMs();
        batch.queues.append(sample);
        m_scene.store.apply(batch);
    }
    QueueSample sample(const QByteArray &name, qint64 waiting, qint64 at = 0) const
    {
        QueueSample sample;
        sample.name = name;
        sample.traits = name == "reports" ? celeryTraits() : pausingTraits();
        sample.readAt = at > 0 ? at : m_scene.clock.nowMs();
        sample.waiting = waiting;
        sample.pausable = name != "reports";
        return sample;
    }
    /// Sidekiq with a way to pause queues; its processes are those of a SystemScene.
    static TraitsRef pausingTraits()
    {
        SourceTraits traits = *sidekiqTraits();
        for (const Act act : {Act::PauseQueue, Act::ResumeQueue}) {
            ActTraits &pause = traits.acts[size_t(act)];
            pause = {};
            pause.scope = ActScope::Queue;
            pause.means = QStringLiteral("No process takes jobs from it.");
            pause.writes = {{"SADD", "paused", "{queue}"}};
        }
        return TraitsRef::of(traits);
    }

private:
    /// 14 of Sidekiq, of which the first is deaf and the second drains; one of Celery.
    void addWorkers()
    {
        addWorkers(FleetScene::prod, 14, pausingTraits(),
                   {QStringLiteral("default"), QStringLiteral("low"), QStringLiteral("mailers")});
        addWorkers(FleetScene::staging, 1, celeryTraits(), {QStringLiteral("reports")});
    }
    void addWorkers(SourceId source, int count, TraitsRef traits, const QStringList &queues)
    {
        FleetBatch batch;
        batch.source = source;
        batch.generation = m_scene.store.sourceStatus(source).generation;
        batch.at = m_scene.clock.nowMs();
        for (int i = 0; i < count; ++i) {
            WorkerText text;
            text.number = WorkerNumber(200'000 + i);
            text.id = "jobs-" + QByteArray::number(i) + ":41:0f";
            text.type = "jobs";
            text.traits = traits;
            text.queues = queues;
            batch.texts.append(text);
            WorkerSample sample;
            sample.number = text.number;
            sample.readAt = m_scene.clock.nowMs();
            sample.beatAt = sample.readAt - 1'000;
            sample.status = i == 1 ? WorkerStatus::Draining : WorkerStatus::Available;
            sample.flags = i == 0 && count > 1 ? WorkerFlags(WorkerFlag::Deaf) : WorkerFlags();
            sample.activeSessions = 1;
            sample.clockSkew = 20;
            sample.ttl = 59'000;
            sample.learntTtl = 60'000;
            sample.keyPresent = true;
            sample.newBeat = true;
            batch.samples.append(sample);
        }
        m_scene.store.apply(batch);
    }

    void report(qint64 at)
    {
        const qint64 now = m_scene.clock.nowMs();
        QueueSample one = sample("default", 40 + at / 10'000 % 3, at);
        one.taken = at / 1'000 * 6; // 360 a minute.
        one.atWork = 26;
        one.oldestMs = 6'000;
        send(one);
        one = sample("low", 1'204, at);
        one.atWork = 0;
        one.paused = at > now - 5 * 60'000;
        send(one);
        send(sample("exports", 17, at));
        one = sample("mailers", 0, at);
        one.atWork = 0;
        send(one);
        one = sample("reports", 100 + (15 * 60'000 - (now - at)) / 3'000, at);
        one.taken = at / 1'000;
        one.unserved = false;
        send(one, FleetScene::staging);
    }

    FleetScene &m_scene;
};

} // namespace pulsedeck
