// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetevents.h"
#include "models/protocol/sourcetraits.h"

#include <QString>

namespace pulsedeck {

// What is said of an event: in the list of a worker's events, and in the journal. All words are in one table. GUI thread.

/// How an event is marked; the window has a colour for each.
enum class EventTone : quint8 { Ordinary, Late, Dead, Draining, Zombie, Command, Good, Gone };
EventTone eventTone(const FleetEvent &event);

/// A line for the list of a worker's events: "beat gap 14.2 s, expected 10.0 s".
/// \a traits: of the worker; one that has a registration, a connection or a system of its own, and no key, has words of its own.
QString eventText(const FleetEvent &event, const SourceTraits &traits = *TraitsRef());

/// The journal's word for it: "lost", "stale"; empty for what is not worth an entry. Not translated.
QString eventStep(const FleetEvent &event);
/// A sentence for the journal; \a who is its subject, "Worker 7f3a9c12".
QString eventSentence(const FleetEvent &event, const SourceTraits &traits, const QString &who);
/// One sentence for the same step of many workers, some of which are \a named.
QString eventSummary(const QString &step, int count, const QStringList &named);
/// "7f3a9c12, 88c1d2e0 and 145 more".
QString withRest(const QStringList &named, int count);

} // namespace pulsedeck
