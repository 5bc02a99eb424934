// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/protocol/timingprofile.h"

#include "models/protocol/timingparameter.h"

#include <QCoreApplication>

namespace pulsedeck {

namespace {

constexpr qint64 longestMs = 365LL * 24 * 3600 * 1000;

} // namespace

TimingProfile TimingProfile::assumedDocument()
{
    TimingProfile profile;
    profile.assumed = true;
    return profile;
}

TimingProfile TimingProfile::demo()
{
    TimingProfile profile;
    profile.name = QCoreApplication::translate("TimingProfile", "Demo");
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
    for (const TimingId id : allTimings) {
        const auto found = record.constFind(QByteArray(timingName(id)));
        if (found == record.constEnd())
            continue;
        bool ok = false;
        const qint64 value = found->trimmed().toLongLong(&ok);
        if (ok && value > 0 && value <= longestMs)
            setTimingValue(profile, id, value);
        else if (problems)
            problems->append(
                QCoreApplication::translate("TimingProfile", "%1 is not a number of milliseconds; the default is used")
                    .arg(QString::fromLatin1(timingName(id))));
    }
    bool ok = false;
    const qint64 version = record.value("version").trimmed().toLongLong(&ok);
    if (ok && version > 0)
        profile.version = version;
    profile.name = profile.version > 0 ? QStringLiteral("v%1").arg(profile.version)
                                       : QCoreApplication::translate("TimingProfile", "shared record");
    return profile;
}

QHash<QByteArray, QByteArray> TimingProfile::toRecord() const
{
    QHash<QByteArray, QByteArray> record;
    for (const TimingId id : allTimings) {
        if (timingValue(*this, id) != notUsed)
            record.insert(QByteArray(timingName(id)), QByteArray::number(timingValue(*this, id)));
    }
    record.insert("version", QByteArray::number(version));
    return record;
}

} // namespace pulsedeck
