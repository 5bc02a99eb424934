// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/alerts/alertdispatcher.h"
#include "app/ctl/alerts/metricsserver.h"
#include "app/ctl/fleetcommand.h"

#include <QSet>

namespace pulsedeck {

/// pulsedeckctl alerts run: watches until interrupted, prints a line for each alert that fires, changes or is over, sends
/// them to the outlets of their rules, unless another program does (which is reported), and serves figures if a port is given. A
/// source that is lost, or refuses the login, does not end it: that is an alert.
class AlertsRun final : public FleetCommand
{
    Q_OBJECT

public:
    AlertsRun(const CtlOptions &options, const AlertPlan &plan, Output &output);
    void start() override;
    /// What is on its way to an outlet gets flushMs to arrive.
    void finish() override;

    static constexpr int flushMs = 2'000;

private:
    void take(const QString &id, AlertGroups::Event event);
    void tell(const QString &id, const QString &event);
    void tellGrown();
    QByteArray metrics() const;
    void tellTurns();
    void tellAttempt(const QString &outlet, const AlertAttempt &attempt);

    AlertEngine m_engine;
    SendingTurns m_turns;
    AlertDispatcher m_dispatcher;
    MetricsServer m_metrics;
    QTimer m_grow;
    QSet<QString> m_grown; ///< Alerts that fire and became about more or fewer.
    QMap<SourceId, QString> m_holders; ///< As they were reported.
    QSet<QString> m_failing; ///< Outlets.
    QTimer m_flush;
    bool m_flushed = false; ///< finish() has waited already, or waits.
};

} // namespace pulsedeck
