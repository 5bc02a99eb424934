// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertswitches.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>

namespace pulsedeck {

namespace {

constexpr QLatin1StringView alertSwitchesKey{"alerts/switches"};

QJsonObject keptSwitches(const QSettings &settings)
{
    return QJsonDocument::fromJson(settings.value(alertSwitchesKey).toByteArray()).object();
}

} // namespace

AlertSwitches::AlertSwitches(QSettings &settings)
    : m_settings(settings)
{ }

AlertPlan AlertSwitches::applied(const AlertPlan &plan) const
{
    const QJsonObject kept = keptSwitches(m_settings);
    AlertPlan switched = plan;
    for (AlertRule &rule : switched.rules)
        rule.on = kept.value(rule.name).toBool(rule.on);
    return switched;
}

void AlertSwitches::set(const QString &rule, bool on, const AlertPlan &plan)
{
    const QJsonObject before = keptSwitches(m_settings);
    QJsonObject kept;
    for (const AlertRule &one : plan.rules) {
        const bool is = one.name == rule ? on : before.value(one.name).toBool(one.on);
        if (is != one.on)
            kept.insert(one.name, is);
    }
    m_settings.setValue(alertSwitchesKey, QJsonDocument(kept).toJson(QJsonDocument::Compact));
}

} // namespace pulsedeck
