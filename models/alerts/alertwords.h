// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alert.h"

namespace pulsedeck {

/// What an alert says, in one line: "14 workers on 10.4.2.17 within 2 s: crashed or lost", "124 workers on 124 hosts within 2 s:
/// crashed or lost", "w5@tasks-c: beats and consumes
/// nothing", "chromium: 106 of 120 workers can take work, 88 %".
QString alertTitle(const Alert &alert);
/// Who it is about: "prod-eu · sidekiq", or the rule's name where that is not known.
QString alertPlace(const Alert &alert);
/// The names of its subjects, the first \a most of them: "7f3a9c12, 5cb13f88 and 12 more"; empty if they have none.
QString alertSubjects(const Alert &alert, qsizetype most);
/// The names of its groups, the first \a most of them: "10.4.2.17, 10.4.2.18 and 122 more".
QString alertGroupNames(const Alert &alert, qsizetype most);
/// "firing", "pending", "resolved" for people.
QString alertStateText(AlertState state);
/// A rule as a sentence, with its conditions: "A worker is stale, for 10 s".
QString alertRuleText(const AlertRule &rule);
/// What makes one alert of several findings: "by host".
QString alertGroupingText(AlertGrouping grouping);
/// What a silence holds back: "A worker crashed or is lost: 10.4.2.17, 10.4.2.18", "every rule: prod-eu".
QString alertSilenceText(const AlertSilence &silence, const AlertPlan &plan);
/// "production, staging"; "all".
QString alertEnvironmentsText(const AlertRule &rule);

} // namespace pulsedeck
