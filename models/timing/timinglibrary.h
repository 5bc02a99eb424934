// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingrule.h"

namespace pulsedeck {

/// Parameters, rule sets and presets: the built-in ones from resources/timing/timing.json, and a team's own from a file of the
/// same form (its "ruleSets" and "presets"; those with the id of a built-in one replace it). Texts are in the user's language
/// where the catalogue has them, so it is read after the translations were installed. That of a system which a layout describes
/// is made by systemTiming(). A value.
struct TimingLibrary
{
    QString system; ///< The layout's name; empty for the timing document.
    QString title; ///< "Sidekiq"; empty likewise.
    std::vector<TimingParameter> parameters; ///< All ten, or the system's own, in order of TimingId.
    std::vector<TimingRuleSet> ruleSets;
    std::vector<TimingPreset> presets;

    /// The built-in one; never fails (a test holds the resource).
    static const TimingLibrary &builtIn();
    /// Adds the rule sets and presets of \a json. On an error nothing is changed and \a error is "line 12: …".
    bool extend(const QByteArray &json, QString *error);

    /// Which of the system's own are measured and which judge beats: see judged().
    std::optional<TimingId> interval;
    std::optional<TimingId> keyTtl;
    std::optional<TimingId> limit;
    std::optional<TimingId> commandTtl;
    /// Whoever sets the interval changes all gaps by as much, from what each worker's own is. Otherwise it cannot be set, or
    /// workers beat in more than one pace, and no median tells what was configured.
    bool gapsFollowInterval = true;
    /// Of workers that beat in two paces: gaps and TTLs beyond it are those of the slower one, to which interval and keyTtl
    /// belong. 0: one pace.
    qint64 slowGapsFromMs = 0;

    bool isSystem() const { return !system.isEmpty(); }
    bool has(TimingId id) const
    {
        return isSystem() == isOwnTiming(id) && size_t(id) - size_t(parameters.front().id) < parameters.size();
    }
    const TimingParameter &parameter(TimingId id) const { return timingParameter(parameters, id); }
    std::optional<TimingId> find(const QString &name) const;
    /// All at their defaults.
    TimingProfile defaults() const;
    /// The profile by which beats are judged: of a system's own, interval, limit and the command's wait in the places of the
    /// timing document, and all others not used.
    TimingProfile judged(const TimingProfile &profile) const;
    /// The same for a what-if on recorded beats, which no version of a system with a fixed interval can change.
    TimingProfile judgedOnBeats(const TimingProfile &profile) const;
    /// The interval that WhatIf is to hold gaps against; 0: each worker's own.
    qint64 configuredInterval() const;
    /// There is a limit for beats, and it can be set.
    bool canSetLimit() const;
    /// Null if there is none with this id.
    const TimingRuleSet *ruleSet(const QString &id) const;
    const TimingPreset *preset(const QString &id) const;
};

} // namespace pulsedeck
