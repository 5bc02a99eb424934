// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/alerts/alertreports.h"

#include "app/ctl/alerts/alertplanfile.h"
#include "app/ctl/fleettext.h"
#include "models/alerts/alertwords.h"
#include "models/core/format.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

CtlExit reportAlertRules(const CtlOptions &options, Output &output)
{
    const AlertPlanReading reading = loadAlertPlan(options.alertsFile);
    if (!reading.ok())
        return CtlExit::Findings;
    if (options.json)
        return output.print(printableJson(AlertPlanReader::write(reading.plan)), CtlExit::Done);
    std::vector<QStringList> rows{{u"NAME"_s, u"WHEN"_s, u"FOR"_s, u"GROUP"_s, u"ENVIRONMENT"_s, u"SEVERITY"_s, u"SENT TO"_s}};
    for (const AlertRule &rule : reading.plan.rules) {
        const QString hold = !rule.on ? u"off"_s : rule.holdMs == 0 ? u"at once"_s : exactText(rule.holdMs);
        rows.push_back({rule.name, rule.title, hold, alertGroupingName(rule.group), alertEnvironmentsText(rule),
                        alertSeverityName(rule.severity), rule.outlets.join(u", "_s)});
    }
    return output.print(textTable(rows, {}), CtlExit::Done);
}

} // namespace pulsedeck
