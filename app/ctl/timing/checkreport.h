// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/timing/profileinput.h"
#include "models/timing/timingrule.h"

#include <QJsonObject>

namespace pulsedeck {

/// A profile held against a rule set, in three forms.
struct CheckReport
{
    const ProfileInput &input;
    const TimingRuleSet &rules;
    const TimingLibrary &library;
    TimingCheck check;

    /// One line a finding, "worker.env:3: must W1: …", and a summary.
    QByteArray text() const;
    QByteArray json() const;
    /// SARIF 2.1.0, for a CI that shows findings in the files' lines.
    QByteArray sarif() const;

    /// Where a finding is shown: the line of its left value, or of its right one if the left stands in no file.
    ProfileInput::Origin placeOf(const TimingFinding &finding) const;
    /// "Worker key TTL is 0.5 × the Heartbeat interval, it should be at least 20 s …: why".
    QString sentence(const TimingFinding &finding) const;
    /// "Worker key TTL at least 2 × Heartbeat interval".
    QString ruleText(const TimingRule &rule) const;
};

/// Names and milliseconds; null for what is not used.
QJsonObject profileJson(const TimingProfile &profile);

} // namespace pulsedeck
