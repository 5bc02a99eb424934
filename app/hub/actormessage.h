// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubmessage.h"
#include "models/hub/hubcall.h"

namespace pulsedeck {

constexpr qint64 mostPayloadBytes = 64 * 1024; ///< Of a payload, as compact JSON; of more only the beginning is kept.

/// A message of another actor as a person may see it: tokens replaced, and too much of it cut. \a message holds
/// \a application.
ActorMessage actorMessage(SourceId source, qint64 at, const HubMessage &message, const hub::Application &application);

} // namespace pulsedeck
