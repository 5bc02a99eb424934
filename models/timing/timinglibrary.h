// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingrule.h"

namespace pulsedeck {

/// Parameters, rule sets and presets: the built-in ones from resources/timing/timing.json, and a team's own from a file of the
/// same form (its "ruleSets" and "presets"; those with the id of a built-in one replace it). Texts are in the user's language
/// where the catalogue has them, so it is read after the translations were installed. A value.
struct TimingLibrary
{
    std::vector<TimingParameter> parameters; ///< All ten, in order of TimingId.
    std::vector<TimingRuleSet> ruleSets;
    std::vector<TimingPreset> presets;

    /// The built-in one; never fails (a test holds the resource).
    static const TimingLibrary &builtIn();
    /// Adds the rule sets and presets of \a json. On an error nothing is changed and \a error is "line 12: …".
    bool extend(const QByteArray &json, QString *error);

    const TimingParameter &parameter(TimingId id) const { return parameters[size_t(id)]; }
    /// Null if there is none with this id.
    const TimingRuleSet *ruleSet(const QString &id) const;
    const TimingPreset *preset(const QString &id) const;
};

} // namespace pulsedeck
