// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/rollingfloors.h"
#include "models/commands/rollingoptions.h"

namespace pulsedeck {

enum class RollingState : quint8 { Running, Paused, Aborted, Finished };

/// What a rolling shutdown consists of, as it is kept for the next start of the console. A value.
struct RollingPlanData
{
    QUuid group;
    RollingOptions options;
    RollingFloors floors;
    std::vector<RollingStep> steps;
    RollingState state = RollingState::Running;
    bool pausedByItself = false;
    QString explanation;
    QString by;
    QString reason;
    qint64 startedAt = 0;
    qint64 activeMs = 0; ///< Time spent running.
    qint64 activeAtEnd = 0; ///< The same when the last worker went.

    int count(RollingStep::State state) const;
    int underway() const;
    bool hasEnded() const { return state == RollingState::Aborted || state == RollingState::Finished; }

    /// Its times are written by the machine's clock: \a wallOffset is Clock::wallOffsetMs(). Any thread.
    QJsonObject toJson(qint64 wallOffset) const;
    /// Read back it is Paused ("The console was restarted."), unless it had ended. Nothing if it is not whole.
    static std::optional<RollingPlanData> fromJson(const QJsonObject &json, qint64 wallOffset);
};

} // namespace pulsedeck
