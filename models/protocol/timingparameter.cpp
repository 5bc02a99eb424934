// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/timingparameter.h"

#include "models/core/format.h"

#include <QCoreApplication>

namespace pulsedeck {

namespace {

struct Field
{
    const char *name;
    const char *label;
    qint64 TimingProfile::*value;
};

constexpr std::array<Field, timingCount> fields{{
    {"heartbeatInterval", QT_TRANSLATE_NOOP("TimingParameter", "heartbeat interval"), &TimingProfile::heartbeatInterval},
    {"workerKeyTtl", QT_TRANSLATE_NOOP("TimingParameter", "key TTL"), &TimingProfile::workerKeyTtl},
    {"shutdownCommandTtl", QT_TRANSLATE_NOOP("TimingParameter", "command TTL"), &TimingProfile::shutdownCommandTtl},
    {"drainTimeout", QT_TRANSLATE_NOOP("TimingParameter", "drain timeout"), &TimingProfile::drainTimeout},
    {"reaperStaleThreshold", QT_TRANSLATE_NOOP("TimingParameter", "stale threshold"), &TimingProfile::reaperStaleThreshold},
    {"reaperRunInterval", QT_TRANSLATE_NOOP("TimingParameter", "reaper interval"), &TimingProfile::reaperRunInterval},
    {"hubClientHeartbeat", QT_TRANSLATE_NOOP("TimingParameter", "hub client heartbeat"), &TimingProfile::hubClientHeartbeat},
    {"hubServerHeartbeat", QT_TRANSLATE_NOOP("TimingParameter", "hub server heartbeat"), &TimingProfile::hubServerHeartbeat},
    {"hubTimeout", QT_TRANSLATE_NOOP("TimingParameter", "hub timeout"), &TimingProfile::hubTimeout},
    {"hubActorTtl", QT_TRANSLATE_NOOP("TimingParameter", "hub actor TTL"), &TimingProfile::hubActorTtl},
}};

} // namespace

const char *timingName(TimingId id)
{
    if (isOwnTiming(id))
        return "own";
    return fields[size_t(id)].name;
}

QString timingLabel(TimingId id)
{
    if (isOwnTiming(id))
        return {};
    return QCoreApplication::translate("TimingParameter", fields[size_t(id)].label);
}

std::optional<TimingId> timingFromName(QByteArrayView name)
{
    for (const TimingId id : allTimings) {
        if (name == QByteArrayView(fields[size_t(id)].name))
            return id;
    }
    return std::nullopt;
}

TimingDomain timingDomain(TimingId id)
{
    if (isOwnTiming(id))
        return TimingDomain::System;
    return id < TimingId::HubClientHeartbeat ? TimingDomain::Workers : TimingDomain::Hub;
}

qint64 timingValue(const TimingProfile &profile, TimingId id)
{
    return isOwnTiming(id) ? profile.own[size_t(id) - timingCount] : profile.*fields[size_t(id)].value;
}

void setTimingValue(TimingProfile &profile, TimingId id, qint64 ms)
{
    if (isOwnTiming(id))
        profile.own[size_t(id) - timingCount] = ms;
    else
        profile.*fields[size_t(id)].value = ms;
}

const TimingParameter &timingParameter(const std::vector<TimingParameter> &parameters, TimingId id)
{
    return parameters[size_t(id) - size_t(parameters.front().id)];
}

void followTiming(TimingProfile &profile, const std::vector<TimingParameter> &parameters)
{
    constexpr qint64 leastMs = 1'000;
    for (const TimingParameter &parameter : parameters) {
        if (!parameter.follows)
            continue;
        const qint64 of = timingValue(profile, parameter.follows->of);
        const qint64 ms = of > 0 ? qMax(leastMs, qRound64(double(of) * parameter.follows->factor) + parameter.follows->plusMs)
                                 : qint64(TimingProfile::notUsed);
        setTimingValue(profile, parameter.id, ms);
    }
}

qint64 unitMs(TimingUnit unit)
{
    return unit == TimingUnit::Seconds ? 1'000 : 1;
}

QString timingText(qint64 ms)
{
    return ms == TimingProfile::notUsed ? QCoreApplication::translate("TimingParameter", "none") : exactText(ms);
}

} // namespace pulsedeck
