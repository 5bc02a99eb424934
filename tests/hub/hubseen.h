// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubsource.h"

#include <QHash>

namespace pulsedeck {

/// What a console knows of the actors: every batch and status of the source, as they came.
struct HubSeen
{
    QHash<WorkerNumber, WorkerText> texts;
    QHash<WorkerNumber, ActorFacts> actors;
    QHash<WorkerNumber, WorkerSample> samples;
    QHash<WorkerNumber, int> beats;
    QHash<QByteArray, WorkerEnd> ended;
    SourceStatus status;
    HubView view;
    QList<CommandProgress> progress;
    QList<HubCallAnswer> answers;
    QList<ActorMessage> received;
    QHash<QString, HubSubscription> subscriptions;

    void watch(HubSource *source)
    {
        QObject::connect(source, &FleetSource::batchReady, source, [this](const FleetBatch &batch) {
            for (const WorkerText &text : batch.texts)
                texts.insert(text.number, text);
            for (const ActorFacts &facts : batch.actors)
                actors.insert(facts.number, facts);
            for (const WorkerSample &sample : batch.samples) {
                samples.insert(sample.number, sample);
                beats[sample.number] += sample.newBeat ? 1 : 0;
                if (!sample.keyPresent)
                    ended.insert(texts.value(sample.number).id, sample.end);
            }
            for (const WorkerNumber number : batch.removed) {
                texts.remove(number);
                actors.remove(number);
                samples.remove(number);
            }
        });
        QObject::connect(source, &FleetSource::statusChanged, source, [this](const SourceStatus &one) { status = one; });
        QObject::connect(source, &HubSource::viewChanged, source, [this](const HubView &one) { view = one; });
        QObject::connect(source, &HubSource::callAnswered, source, [this](const HubCallAnswer &one) { answers.append(one); });
        QObject::connect(source, &HubSource::messageReceived, source, [this](const ActorMessage &one) { received.append(one); });
        QObject::connect(source, &HubSource::subscriptionChanged, source,
                         [this](SourceId, const HubSubscription &one) { subscriptions.insert(one.topic, one); });
        QObject::connect(source, &FleetSource::commandsProgressed, source,
                         [this](const QList<CommandProgress> &all) { progress += all; });
    }
    std::optional<WorkerSample> sample(const QByteArray &id) const
    {
        for (const WorkerText &text : texts) {
            if (text.id == id)
                return samples.value(text.number);
        }
        return std::nullopt;
    }
};

} // namespace pulsedeck
