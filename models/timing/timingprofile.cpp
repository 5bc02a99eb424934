// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/timingprofile.h"

#include <array>

namespace pulsedeck {

namespace {

struct Field
{
    const char *id;
    qint64 TimingProfile::*value;
};

// The ids of contracts' parameter table; the order is that of the table.
constexpr std::array<Field, 10> fields{{
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

constexpr qint64 longestMs = 365LL * 24 * 3600 * 1000;

} // namespace

TimingProfile TimingProfile::demo()
{
    TimingProfile profile;
    profile.name = QStringLiteral("Demo");
    profile.heartbeatInterval = 2'000;
    profile.workerKeyTtl = 12'000;
    profile.shutdownCommandTtl = 20'000;
    profile.drainTimeout = 20'000;
    profile.reaperStaleThreshold = 6'000;
    profile.reaperRunInterval = 30'000;
    return profile;
}

TimingProfile TimingProfile::fromRecord(const QHash<QByteArray, QByteArray> &record, QStringList *problems)
{
    TimingProfile profile;
    for (const Field &field : fields) {
        const auto found = record.constFind(QByteArray(field.id));
        if (found == record.constEnd())
            continue;
        bool ok = false;
        const qint64 value = found->trimmed().toLongLong(&ok);
        if (ok && value > 0 && value <= longestMs)
            profile.*field.value = value;
        else if (problems)
            problems->append(QStringLiteral("%1 is not a number of milliseconds, the default is used")
                                 .arg(QString::fromLatin1(field.id)));
    }
    bool ok = false;
    const qint64 version = record.value("version").trimmed().toLongLong(&ok);
    if (ok && version > 0)
        profile.version = version;
    profile.name = profile.version > 0 ? QStringLiteral("v%1").arg(profile.version) : QStringLiteral("shared record");
    return profile;
}

QHash<QByteArray, QByteArray> TimingProfile::toRecord() const
{
    QHash<QByteArray, QByteArray> record;
    for (const Field &field : fields)
        record.insert(QByteArray(field.id), QByteArray::number(this->*field.value));
    record.insert("version", QByteArray::number(version));
    return record;
}

} // namespace pulsedeck
