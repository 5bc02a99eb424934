// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/fleetcommand.h"
#include "app/ctl/settlewait.h"
#include "models/alerts/alertengine.h"

namespace pulsedeck {

/// pulsedeckctl alerts check: one look, one line, and the exit codes of a Nagios plugin. A look has no past: what a rule finds
/// counts at once, however long it asks it to hold.
class AlertsCheck final : public FleetCommand
{
    Q_OBJECT

public:
    /// As monitoring systems read an exit code.
    enum class Verdict { Ok = 0, Warning = 1, Critical = 2, Unknown = 3 };
    static constexpr size_t mostNamed = 10; ///< Alerts in the line; the rest is counted.

    AlertsCheck(const CtlOptions &options, const AlertPlan &plan, Output &output);
    void finish() override;

    /// "CRITICAL: 2 critical, 1 warning; …": \a alerts are those that fire, \a workers are in view, \a trouble is what was not
    /// read.
    static QString line(Verdict verdict, const std::vector<Alert> &alerts, int workers, const QStringList &trouble);

private:
    void look();
    void goOn();

    AlertPlan m_plan;
    SettleWait m_settle;
    QTimer m_queues; ///< Queues are counted after workers were read.
    bool m_settled = false;
};

} // namespace pulsedeck
