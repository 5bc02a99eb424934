// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QByteArray>

#include <vector>

namespace pulsedeck {

/// Text that is safe on a terminal: control characters, which a hostile key may hold, are replaced.
QString printable(const QString &text);
/// Late, stale, a zombie, without TTL, or garbled: what exit code 1 stands for.
bool isFinding(const Worker &worker);
/// An aligned table with a line of headings, for people.
QByteArray fleetTable(const FleetStore &store, const std::vector<WorkerHandle> &workers, qint64 now);
/// A JSON array, one object per worker and line.
QByteArray fleetJson(const FleetStore &store, const std::vector<WorkerHandle> &workers, qint64 now);

} // namespace pulsedeck
