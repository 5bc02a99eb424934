// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/timingparameter.h"

#include "models/core/format.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

struct Field
{
    const char *name;
    qint64 TimingProfile::*value;
};

constexpr std::array<Field, timingCount> fields{{
    {"heartbeatInterval", &TimingProfile::heartbeatInterval},
    {"workerKeyTtl", &TimingProfile::workerKeyTtl},
    {"shutdownCommandTtl", &TimingProfile::shutdownCommandTtl},
    {"drainTimeout", &TimingProfile::drainTimeout},
    {"reaperStaleThreshold", &TimingProfile::reaperStaleThreshold},
    {"reaperRunInterval", &TimingProfile::reaperRunInterval},
    {"hubClientHeartbeat", &TimingProfile::hubClientHeartbeat},
    {"hubServerHeartbeat", &TimingProfile::hubServerHeartbeat},
    {"hubTimeout", &TimingProfile::hubTimeout},
    {"hubActorTtl", &TimingProfile::hubActorTtl},
}};

} // namespace

const char *timingName(TimingId id)
{
    return fields[size_t(id)].name;
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
    return id < TimingId::HubClientHeartbeat ? TimingDomain::Workers : TimingDomain::Hub;
}

qint64 timingValue(const TimingProfile &profile, TimingId id)
{
    return profile.*fields[size_t(id)].value;
}

void setTimingValue(TimingProfile &profile, TimingId id, qint64 ms)
{
    profile.*fields[size_t(id)].value = ms;
}

qint64 unitMs(TimingUnit unit)
{
    return unit == TimingUnit::Seconds ? 1'000 : 1;
}

QString timingText(qint64 ms)
{
    return ms == TimingProfile::notUsed ? u"none"_s : exactText(ms);
}

} // namespace pulsedeck
