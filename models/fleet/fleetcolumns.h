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
    System,
    HostName, ///< Without a port, of every system.
    Pid,
    Status,
    LastBeat,
    Interval,
    TtlLeft,
    Sessions, ///< Or how busy it is, where it says how much it takes.
    Queues,
    Command,
    Strip, ///< The inline heartbeat timeline.
    Started,
    Lifetime,
    ClockSkew,
    Host, ///< The endpoint.
    Release, ///< The version of its system.
    Flags,
    Capabilities, ///< This and what follows: hub actors only.
    Registered,
    Expires,
    Version,
};
constexpr size_t fleetColumnCount = size_t(FleetColumnId::Version) + 1;

/// The widest usual content of a column, which sets its width; \a more pixels of the design are added for marks and gaps. The
/// widest of several samples counts.
struct ColumnSample
{
    enum When : quint8 { Always, Wide, WideWithActors, WithSystems }; ///< In which view it counts.

    FleetColumnId column;
    const char *body; ///< In the view's font; of the column of workers in that of ids.
    const char *small; ///< Behind it, in the small font.
    int more;
    When when = Always;
};

/// One column of the fleet table: everything that model, header, copying and column menu need.
struct FleetColumn
{
    FleetColumnId id;
    const char *key; ///< Stable name for settings, "lastBeat".
    const char *title; ///< In English; see name().
    const char *toolTip;
    Qt::Alignment alignment;
    int width; ///< In average characters of the view's font, where there is no sample; 0: takes what is left.
    bool hidden; ///< By default.
    /// A key to sort by: a value that is not known stays at the end in both directions, times are negated, so that ascending
    /// is the youngest first. Text columns give a key of 0 and are compared by text. It does not change with \a now alone.
    double (*sortKey)(const FleetStore &, WorkerHandle, qint64 now);
    QString (*text)(const FleetStore &, WorkerHandle, qint64 now);
    bool byText = false; ///< Sort by text (of few distinct values) rather than by sortKey.
    /// Its values change without news: they are repainted with every tick and beat. For others see FleetView::looksAsBefore().
    bool changesWithTime = false;

    /// The title in the user's language.
    QString name() const;
    /// The title as the header shows it: the narrow column of states has none.
    QString heading() const { return id == FleetColumnId::State ? QString() : name(); }
    /// The tool tip in the user's language.
    QString description() const;
};

std::span<const FleetColumn> fleetColumns();
std::span<const ColumnSample> columnSamples();
const FleetColumn &fleetColumn(FleetColumnId id);

/// The name of a system for people; of the fleet that the console was made for its word, since all are in Redis.
QString systemTitle(TraitsRef traits);
/// The name of a worker for people: its label, or the short form of its id.
QString workerName(const FleetStore &store, WorkerHandle handle);
/// "critical +2"; "–" where it does not say.
QString queuesText(const FleetStore &store, WorkerHandle handle);
/// What the age of its beats rests on, for people: "by its key's TTL".
QString beatBasisText(const Worker &worker);
/// "7 of 10", or the number of sessions; "–" where it does not say.
QString busyText(const Worker &worker);
/// The status the worker reports, for people: a word the console does not know as it came.
QString reportedStatus(const FleetStore &store, WorkerHandle handle);
/// The type of a worker; empty where its system has no types: its workers are of one then, named like the system.
QString typeText(const FleetStore &store, WorkerHandle handle);
/// The sentence for assistive technology: "7f3a9c12, draining, 2 sessions, 18 seconds left".
QString accessibleText(const FleetStore &store, WorkerHandle handle, qint64 now);
/// Text from outside for a tool tip: what looks like markup is shown as written.
QString toolTipText(const QString &text);
/// How it differs from the profile in force, for people; empty for nearly all.
QStringList driftTexts(const FleetStore &store, WorkerHandle handle);
/// One worker as a JSON object, with the keys pulsedeckctl prints; actors have more of them.
QJsonObject workerJson(const FleetStore &store, WorkerHandle handle, qint64 now);
/// The same, written at once; without the flags in \a hidden.
void writeWorker(JsonWriter &json, const FleetStore &store, WorkerHandle handle, qint64 now, WorkerFlags hidden = {});

} // namespace pulsedeck
