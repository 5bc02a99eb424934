// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/hub/hubstore.h"

#include <QString>

#include <vector>

namespace pulsedeck {

// The sentences about a hub, functions of what is known of it. Pure.

/// A fact and what explains it; the note may be empty.
struct HubWords
{
    QString value; ///< "–" for what is not known.
    QString note;
    bool trouble = false;
};

HubWords heartbeatWords(const HubVitals &vitals, bool connected);
HubWords lastAckWords(const HubVitals &vitals, bool connected, qint64 now);
HubWords roundTripWords(const HubVitals &vitals, bool connected);
HubWords budgetWords(const HubVitals &vitals, bool connected);
HubWords listWords(const HubView &view, bool connected, qint64 now);
HubWords wipesWords(const HubVitals &vitals);
HubWords unreadableWords(const HubVitals &vitals);
HubWords registrationWords(const HubVitals &vitals, bool connected, bool writable);
HubWords healthWords(const std::optional<HubHealth> &health, qint64 at, qint64 now);
HubWords queueWords(const std::optional<hub::QueueStats> &stats);
/// The newest rates in one sentence.
QString ratesText(const std::deque<HubMetricsSample> &samples, qint64 now);

/// Something that a hub reports of itself and that was observed to be otherwise.
struct HubDifference
{
    QString topic;
    QString reported;
    QString observed;
    bool operator==(const HubDifference &) const = default;
};
/// Only what was really observed.
std::vector<HubDifference> hubDifferences(const HubView &view, const std::optional<HubHealth> &health,
                                          const std::optional<hub::QueueStats> &stats,
                                          const std::deque<HubMetricsSample> &samples);

/// The actors of a hub that a message could reach: in the store, and not gone. With \a capability only those that have
/// it; empty for all.
int reachableActors(const FleetStore &store, SourceId hub, const QString &capability);
/// Addresses of such actors that contain \a part, at most \a most.
QStringList actorsLike(const FleetStore &store, SourceId hub, const QString &part, int most);
/// The capabilities that are known, sorted, at most \a most.
QStringList knownCapabilities(const FleetStore &store, SourceId hub, int most);

} // namespace pulsedeck
