// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/timing/recordfields.h"

#include "models/timing/timinglibrary.h"

#include <algorithm>

namespace pulsedeck {

namespace {

constexpr qsizetype longestBy = 128;
constexpr qsizetype longestReason = 512;
constexpr qsizetype longestNumber = 18; // Digits that surely fit.

QString words(const QByteArray &text, qsizetype longest)
{
    return QString::fromUtf8(text.left(longest * 4)).simplified().left(longest);
}

} // namespace

TimingVersion timingVersionOf(const QHash<QByteArray, QByteArray> &fields, QStringList *problems)
{
    QHash<QByteArray, QByteArray> sound = fields;
    if (sound.value("version").trimmed().size() > longestNumber)
        sound.remove("version");
    TimingVersion version;
    version.profile = TimingProfile::fromRecord(sound, problems);

    const std::vector<TimingParameter> &parameters = TimingLibrary::builtIn().parameters;
    const auto there = [&sound](const TimingParameter &parameter) {
        return sound.contains(QByteArray(timingName(parameter.id)));
    };
    const bool whole = std::all_of(parameters.begin(), parameters.end(), [&there](const TimingParameter &parameter) {
        return parameter.mayBeAbsent || there(parameter);
    });
    for (const TimingParameter &parameter : parameters) {
        if (whole && parameter.mayBeAbsent && !there(parameter))
            setTimingValue(version.profile, parameter.id, TimingProfile::notUsed);
    }

    bool ok = false;
    const QByteArray at = fields.value("updatedAt").trimmed();
    const qint64 updatedAt = at.size() <= longestNumber ? at.toLongLong(&ok) : 0;
    version.at = ok && updatedAt > 0 ? updatedAt : 0;
    version.by = words(fields.value("updatedBy"), longestBy);
    version.reason = words(fields.value("reason"), longestReason);
    return version;
}

} // namespace pulsedeck
