// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/commands/rollingoptions.h"

#include "models/core/enumtable.h"

#include <array>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Replacement = RollingOptions::Replacement;

constexpr auto replacementNames = std::to_array<NamedId<Replacement>>({
    {Replacement::None, "none"},
    {Replacement::SameHost, "same-host"},
    {Replacement::SameType, "same-type"},
});
static_assert(isInOrder(replacementNames, Replacement::SameType));

} // namespace

QJsonObject RollingOptions::toJson() const
{
    return {
        {u"atATime"_s, atATime},
        {u"floorPercent"_s, floorPercent},
        {u"replacement"_s, nameFromId(replacementNames, replacement)},
        {u"healthyBeats"_s, healthyBeats},
        {u"replacementWaitMs"_s, replacementWaitMs},
        {u"now"_s, now},
        {u"ttlMs"_s, ttlMs},
    };
}

std::optional<RollingOptions> RollingOptions::fromJson(const QJsonObject &json)
{
    RollingOptions options;
    const auto replacement = idFromName(replacementNames, json["replacement"_L1].toString());
    options.atATime = json["atATime"_L1].toInt(0);
    options.floorPercent = json["floorPercent"_L1].toInt(-1);
    options.healthyBeats = json["healthyBeats"_L1].toInt(-1);
    options.replacementWaitMs = json["replacementWaitMs"_L1].toInteger();
    options.now = json["now"_L1].toBool();
    options.ttlMs = json["ttlMs"_L1].toInteger();
    if (!replacement || options.atATime < 1 || options.floorPercent < 0 || options.floorPercent > 100 || options.healthyBeats < 0
        || options.replacementWaitMs < 0 || options.ttlMs < 1)
        return std::nullopt;
    options.replacement = *replacement;
    return options;
}

} // namespace pulsedeck
