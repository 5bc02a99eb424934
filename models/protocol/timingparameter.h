// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/timingprofile.h"

#include <QString>
#include <QStringList>

#include <array>
#include <optional>

namespace pulsedeck {

/// The ten parameters of the timing document, in its order. Values from FirstOwn on are the own ones of a system that a layout
/// describes; see ownTiming().
enum class TimingId : quint8 {
    HeartbeatInterval,
    WorkerKeyTtl,
    ShutdownCommandTtl,
    DrainTimeout,
    ReaperStaleThreshold,
    ReaperRunInterval,
    HubClientHeartbeat,
    HubServerHeartbeat,
    HubTimeout,
    HubActorTtl,
    FirstOwn,
};
constexpr int timingCount = 10;
constexpr std::array<TimingId, timingCount> allTimings{
    TimingId::HeartbeatInterval,    TimingId::WorkerKeyTtl,      TimingId::ShutdownCommandTtl, TimingId::DrainTimeout,
    TimingId::ReaperStaleThreshold, TimingId::ReaperRunInterval, TimingId::HubClientHeartbeat, TimingId::HubServerHeartbeat,
    TimingId::HubTimeout,           TimingId::HubActorTtl};

/// The parameter at \a index of a layout, from 0; below TimingProfile::mostOwn.
constexpr TimingId ownTiming(size_t index)
{
    return TimingId(size_t(TimingId::FirstOwn) + index);
}
constexpr bool isOwnTiming(TimingId id)
{
    return id >= TimingId::FirstOwn;
}
/// One more than the greatest TimingId.
constexpr int timingSlots = timingCount + TimingProfile::mostOwn;

enum class TimingDomain : quint8 { Workers, Hub, System };

/// "heartbeatInterval": the field of the shared record, the word of JSON and of pulsedeckctl. Of a system's own parameter only
/// TimingParameter::name says it: here it is "own".
const char *timingName(TimingId id);
/// "heartbeat interval", within a sentence.
QString timingLabel(TimingId id);
std::optional<TimingId> timingFromName(QByteArrayView name);
TimingDomain timingDomain(TimingId id);

/// The value in ms; TimingProfile::notUsed where the system has no such thing.
qint64 timingValue(const TimingProfile &profile, TimingId id);
void setTimingValue(TimingProfile &profile, TimingId id, qint64 ms);

/// The unit in which a place holds a value.
enum class TimingUnit : quint8 {
    Milliseconds,
    Seconds,
    MillisecondsText, ///< Milliseconds in quotes, as wrangler.toml has them.
};
/// 1 or 1,000: a value has to be a multiple of it to fit.
qint64 unitMs(TimingUnit unit);

/// A variable of a file or of the environment that sets a parameter.
struct TimingVariable
{
    QString name; ///< "HEARTBEAT_INTERVAL"
    QString file; ///< Kind of file: "worker.env", "proxy.env", "wrangler.toml".
    TimingUnit unit = TimingUnit::Seconds;
    bool wins = false; ///< Where both are set this one counts (HB_INTERVAL_SECONDS).
};

/// What is known of a parameter besides its value. Read from resources/timing/timing.json, with its texts translated.
struct TimingParameter
{
    TimingId id = TimingId::HeartbeatInterval;
    QString name; ///< Its machine word: timingName(), or the name in the layout.
    QString label;
    QString inSentence; ///< The label within a sentence: "worker key TTL".
    QString purpose; ///< One sentence: what it is for.
    QString place; ///< Where the code has it: "worker/src/config.ts".
    QString symbol; ///< The name there: "server.heartbeatInterval"; empty for a constant without one.
    QString setBy; ///< How it is set: "HEARTBEAT_INTERVAL", "a code change".
    TimingUnit placeUnit = TimingUnit::Milliseconds;
    qint64 defaultMs = 0;
    qint64 minimumMs = 1;
    qint64 maximumMs = 0;
    std::vector<TimingVariable> variables; ///< Empty: nothing but a code change sets it.
    bool needsRestart = true;
    bool mayBeAbsent = false; ///< Some systems have no such thing.
    bool fixed = false; ///< It cannot be set.
    std::vector<std::pair<QString, qint64>> byVersion; ///< See LayoutTimingParameter::byVersion.
    /// It follows from another one, as of · factor + plus, and is at least a second. Then it is fixed, too.
    struct Follows
    {
        TimingId of = TimingId::HeartbeatInterval;
        double factor = 1;
        qint64 plusMs = 0;
    };
    std::optional<Follows> follows;
};
/// Of \a parameters, which stand in the order of their ids without gaps, the one with \a id.
const TimingParameter &timingParameter(const std::vector<TimingParameter> &parameters, TimingId id);
/// Sets those that follow from others. They stand after what they follow.
void followTiming(TimingProfile &profile, const std::vector<TimingParameter> &parameters);

/// "10 s", "2.5 s", "500 ms", "5 min", "1 min 30 s": a value as a person writes it, exact. "none" for notUsed.
QString timingText(qint64 ms);

} // namespace pulsedeck
