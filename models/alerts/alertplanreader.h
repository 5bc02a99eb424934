// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertrule.h"
#include "models/layouts/layoutproblem.h"

#include <QByteArray>
#include <QJsonObject>

#include <vector>

namespace pulsedeck {

/// What a file of alerts says, or what is wrong with it.
struct AlertPlanReading
{
    AlertPlan plan; ///< Empty if there is a problem.
    std::vector<LayoutProblem> problems; ///< At most LayoutDocument::mostProblems.

    bool ok() const { return problems.empty(); }
};

/// Reads rules and outlets strictly: an unknown field, a filter that cannot be read, an outlet that is not there is a problem,
/// and then nothing counts. GUI thread, as filters are read with their words.
class AlertPlanReader
{
public:
    static AlertPlanReading read(const QByteArray &json, const QString &file = {});
    static AlertPlanReading readFile(const QString &path);
    /// alerts.json in the settings folder of the user, whether it is there or not.
    static QString userFile();
    /// The rules that are there without a file, in resources/alerts/alerts.json. Their texts are translated.
    static const AlertPlan &builtIn();
    /// As read() takes it.
    static QByteArray write(const AlertPlan &plan);
    /// The JSON schema, for editors.
    static QByteArray schema();
};

} // namespace pulsedeck
