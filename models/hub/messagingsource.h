// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/hub/hubanswers.h"
#include "models/hub/hubcall.h"
#include "models/hub/hubview.h"
#include "models/protocol/fleetsource.h"

namespace pulsedeck {

/// A source whose system also passes messages on, see SourceFact::Messages: what a HubStore and its pages use of it besides its
/// workers. FleetSource::messaging() gives it. Thread as FleetSource has it.
class MessagingSource : public FleetSource
{
    Q_OBJECT

public:
    using FleetSource::FleetSource;

    MessagingSource *messaging() final { return this; }

public slots:
    /// Answered by callAnswered(), exactly once. What sends, and subscribing, is refused unless writable.
    virtual void call(const pulsedeck::HubCall &call) = 0;
    /// Before start(): a topic that an earlier source of the same system was asked for.
    virtual void keepTopic(const QString &topic) = 0;

signals:
    /// After each pass and each heartbeat, and when the connection came or went.
    void viewChanged(const pulsedeck::HubView &view);
    void callAnswered(const pulsedeck::HubCallAnswer &answer);
    /// What workers and other consoles sent us, their answers to commands included.
    void messageReceived(const pulsedeck::ActorMessage &message);
    /// An answer to a command that this source does not remember.
    void answeredUnasked(const QByteArray &from, const pulsedeck::CommandProgress &progress);
    void subscriptionChanged(pulsedeck::SourceId source, const pulsedeck::HubSubscription &subscription);
};

} // namespace pulsedeck
