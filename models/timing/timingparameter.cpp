// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/timingparameter.h"

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
    if (ms == TimingProfile::notUsed)
        return u"none"_s;
    if (ms < 0)
        return QString(u'−' + timingText(-ms));
    if (ms < 1'000)
        return QString::number(ms) + u" ms"_s;
    if (ms % 1'000 != 0)
        return QString::number(double(ms) / 1'000, 'g', 15) + u" s"_s;
    // Up to ten minutes seconds compare at a glance with the seconds beside them.
    const qint64 seconds = ms / 1'000;
    if (seconds <= 600)
        return QString::number(seconds) + u" s"_s;
    QStringList parts;
    const qint64 hours = seconds / 3'600;
    if (hours > 0)
        parts.append(QString::number(hours) + u" h"_s);
    if (seconds % 3'600 / 60 > 0)
        parts.append(QString::number(seconds % 3'600 / 60) + u" min"_s);
    if (seconds % 60 > 0)
        parts.append(QString::number(seconds % 60) + u" s"_s);
    return parts.join(u' ');
}

} // namespace pulsedeck
