// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QByteArray>
#include <QStringList>

#include <vector>

class QJsonObject;

namespace pulsedeck {

/// Text that is safe on a terminal: control characters, which a hostile key may hold, are replaced.
QString printable(const QString &text);
/// What it reports, in its system's own word where there is one ("quiet", "suspended"); empty: nothing.
QString shownStatus(const FleetStore &store, WorkerHandle handle);
/// "1 worker", "3 workers".
QString workersText(size_t count);
/// JSON that is safe on a terminal and still the same JSON: control and format characters are escaped.
QByteArray printableJson(const QByteArray &json);
QByteArray printableJson(const QJsonObject &object); ///< In one line, without its end.
/// What exit code 1 stands for: late, stale, crashed, hung, its key lost, without TTL, unreadable, garbled, a drain
/// forgotten or undone, and counters left with sessions or by a worker that was seen to be lost. Counters without
/// sessions, of a worker that was never seen, are what an orderly end leaves for the reaper.
bool isFinding(const Worker &worker);
/// Nothing is known of it, and something should be: not so of one whose system makes no calls while there is nothing to do.
bool isUnknown(const Worker &worker);
/// "The clocks of 5 of 5 workers are 90 s behind Redis' clock. Ages shown here do not use them." if most of a source's
/// workers are off by the same, more than a second: hosts share their clocks, so it is one finding. Else empty.
QString fleetSkewText(const FleetStore &store, SourceId source);
/// An aligned table with a line of headings, for people; \a actors: the columns that actors fill.
QByteArray fleetTable(const FleetStore &store, const std::vector<WorkerHandle> &workers, qint64 now, bool actors = false);
/// The same for any rows of equally many cells, the first being the headings; \a right holds the columns of numbers.
/// Empty cells become "–".
QByteArray textTable(const std::vector<QStringList> &rows, const QList<int> &right);
/// A JSON array, one object per worker and line.
QByteArray fleetJson(const FleetStore &store, const std::vector<WorkerHandle> &workers, qint64 now);

} // namespace pulsedeck
