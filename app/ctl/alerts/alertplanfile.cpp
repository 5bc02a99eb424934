// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/alerts/alertplanfile.h"

#include "app/ctl/fleettext.h"
#include "app/ctl/output.h"

#include <QFileInfo>

namespace pulsedeck {

AlertPlanReading readAlertPlan(const QString &file)
{
    const QString path = file.isEmpty() ? AlertPlanReader::userFile() : file;
    AlertPlanReading reading;
    if (!file.isEmpty() || QFileInfo::exists(path))
        reading = AlertPlanReader::readFile(path);
    reading.plan = AlertPlanReader::builtIn().with(reading.plan);
    return reading;
}

AlertPlanReading loadAlertPlan(const QString &file)
{
    AlertPlanReading reading = readAlertPlan(file);
    for (const LayoutProblem &problem : reading.problems)
        Output::complain(printable(problem.toString()));
    return reading;
}

} // namespace pulsedeck
