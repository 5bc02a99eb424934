// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertrule.h"

class QSettings;

namespace pulsedeck {

/// Which rules an operator switched on or off in the window, kept in the settings. It counts for the window only: the file of
/// rules stays as it is. GUI thread.
class AlertSwitches
{
public:
    /// \a settings outlives it.
    explicit AlertSwitches(QSettings &settings);

    /// \a plan with its rules on and off as they were switched.
    AlertPlan applied(const AlertPlan &plan) const;
    /// A rule that is as in \a plan is not kept, nor is one that is not there any more.
    void set(const QString &rule, bool on, const AlertPlan &plan);

private:
    QSettings &m_settings;
};

} // namespace pulsedeck
