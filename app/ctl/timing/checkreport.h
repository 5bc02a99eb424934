// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/timing/profileinput.h"
#include "models/timing/timingfiletext.h"
#include "models/timing/timingrule.h"

#include <QJsonArray>
#include <QJsonObject>

namespace pulsedeck {

/// A profile held against a rule set, in three forms: of one of the environments, where files have such.
struct CheckReport
{
    const ProfileInput &input;
    const TimingRuleSet &rules;
    const TimingLibrary &library;
    TimingCheck check;

    /// Stands before its findings: "environment production: "; empty if there is one profile only.
    QString prefix() const { return isNamed ? timingEnvironmentText(input.environment) + u": " : QString(); }
    bool isNamed = false; ///< There are several profiles.

    /// One line a finding, "worker.env:3: must W1: …", and a summary.
    QString text() const;
    QJsonObject json() const;
    /// Results of SARIF 2.1.0, for a CI that shows findings in the files' lines; see sarifLog().
    QJsonArray sarif() const;
    bool mayApply() const { return input.isReadable() && check.mayApply(); }

    /// Where a finding is shown: the line of its left value, or of its right one if the left stands in no file.
    ProfileInput::Origin placeOf(const TimingFinding &finding) const;
    /// "Worker key TTL is 0.5 × the Heartbeat interval, it should be at least 20 s …: why".
    QString sentence(const TimingFinding &finding) const;
    /// "Worker key TTL at least 2 × Heartbeat interval".
    QString ruleText(const TimingRule &rule) const;
};

/// The reports of all profiles as one file of SARIF; there is one at least.
QByteArray sarifLog(const std::vector<CheckReport> &reports);

/// Names and milliseconds; null for what is not used.
QJsonObject profileJson(const TimingProfile &profile);
QJsonObject changeJson(TimingId id, qint64 from, qint64 to);

} // namespace pulsedeck
