// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertplanreader.h"

namespace pulsedeck {

/// The built-in rules with those of \a file, or of alerts.json in the settings folder if that is empty and there is one.
AlertPlanReading readAlertPlan(const QString &file);
/// The same; what is wrong with the file is reported on standard error.
AlertPlanReading loadAlertPlan(const QString &file);

} // namespace pulsedeck
