// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>

#include <optional>

namespace pulsedeck {

/// Share in percent of the available workers of each type that should stay, until an operator sets another in the window.
constexpr int defaultFloorPercent = 80;

/// What the operator chose for a rolling shutdown. A value.
struct RollingOptions
{
    enum class Replacement : quint8 {
        None,
        SameHost, ///< A new worker on the same host:port.
        SameType, ///< A new worker of the same type on the same source.
    };

    int atATime = 2; ///< At most so many under way, 1 or more.
    int floorPercent = defaultFloorPercent; ///< Of the available workers of a type when the plan began, 0…100.
    Replacement replacement = Replacement::None;
    int healthyBeats = 3; ///< A replacement counts when it has so many.
    qint64 replacementWaitMs = 5 * 60 * 1000; ///< Without one after so long the plan pauses.
    bool now = false; ///< ShutdownNow instead of Shutdown.
    qint64 ttlMs = 60'000;

    QJsonObject toJson() const;
    static std::optional<RollingOptions> fromJson(const QJsonObject &json);
    bool operator==(const RollingOptions &) const = default;
};

} // namespace pulsedeck
