// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <Qt>

#include <span>

namespace pulsedeck {

class JsonWriter;

enum class FleetColumnId : quint8 {
    State, ///< The liveness glyph.
    Worker,
    Type,
    Source,
    Status,
    LastBeat,
    Interval,
    TtlLeft,
    Sessions,
    Command,
    Strip, ///< The inline heartbeat timeline.
    Started,
    Lifetime,
    ClockSkew,
    Host,
    Flags,
    Capabilities, ///< This and what follows: hub actors only.
    Registered,
    Expires,
    Version,
};

/// What usually stands in a column, at its widest: the column is as wide, and \a more in the design's pixels for marks and gaps.
/// Of several samples of a column the widest counts.
struct ColumnSample
{
    enum When : quint8 { Always, Wide, WideWithActors }; ///< In which view it counts.

    FleetColumnId column;
    const char *body; ///< In the view's font; of the column of workers in that of ids.
    const char *small; ///< Behind it, in the small font.
    int more;
    When when = Always;
};

/// One column of the fleet table: everything the model, the header, copy and the column menu need to know of it.
struct FleetColumn
{
    FleetColumnId id;
    const char *key; ///< Stable name for settings, "lastBeat".
    const char *title;
    const char *toolTip;
    Qt::Alignment alignment;
    int width; ///< In average characters of the view's font, where there is no sample; 0: takes what is left.
    bool hidden; ///< By default.
    /// A key that sorts as the column's values do; text columns give a key of 0 and are compared by text.
    double (*sortKey)(const FleetStore &, WorkerHandle, qint64 now);
    QString (*text)(const FleetStore &, WorkerHandle, qint64 now);
    bool byText; ///< Sort by text (of few distinct values) rather than by sortKey.
    bool changesWithTime; ///< Its values move without news.
};

std::span<const FleetColumn> fleetColumns();
std::span<const ColumnSample> columnSamples();
const FleetColumn &fleetColumn(FleetColumnId id);

/// The sentence for assistive technology: "7f3a9c12, draining, 2 sessions, 18 seconds left".
QString accessibleText(const FleetStore &store, WorkerHandle handle, qint64 now);
/// Text of others for a tool tip: what looks like markup there is shown as it was written.
QString toolTipText(const QString &text);
/// How it differs from the profile in force, for people; empty for nearly all.
QStringList driftTexts(const FleetStore &store, WorkerHandle handle);
/// One worker as a JSON object, with the keys pulsedeckctl prints; actors have more of them.
QJsonObject workerJson(const FleetStore &store, WorkerHandle handle, qint64 now);
/// The same, written at once; without the flags in \a hidden.
void writeWorker(JsonWriter &json, const FleetStore &store, WorkerHandle handle, qint64 now, WorkerFlags hidden = {});

} // namespace pulsedeck
