// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/commandpreview.h"

#include <QJsonObject>

namespace pulsedeck {

/// What has become of a command, for a line of text: "written, waits for its next heartbeat, at most 60 s", "gone
/// after 2.1 s".
QString commandText(const CommandEntry &entry);
/// What would be done to a worker: "would be shut down at its next heartbeat, 3 sessions".
QString dryRunText(Act act, const Worker &worker);
/// "chromium on redis 6379: 10 → 8 available (floor 5)".
QString capacityText(const FleetStore &store, const CapacityChange &change);
/// A worker nothing is done to, as the object commands are printed as; \a stage is "left-out" or "dry-run".
QJsonObject idleJson(const FleetStore &store, WorkerHandle handle, Act act, const QString &stage, const QString &text);

} // namespace pulsedeck
