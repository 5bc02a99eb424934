// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/alerts/alertcondition.h"

#include "models/alerts/capacitycondition.h"
#include "models/alerts/certificatecondition.h"
#include "models/alerts/queuecondition.h"
#include "models/alerts/sourcecondition.h"
#include "models/alerts/workercondition.h"
#include "models/fleet/fleetcolumns.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

std::unique_ptr<AlertCondition> AlertCondition::make(const AlertRule &rule, const AlertFleet &fleet)
{
    switch (rule.scope) {
    case AlertScope::Workers:
    case AlertScope::Drains:
        return std::make_unique<WorkerCondition>(rule, fleet);
    case AlertScope::Capacity:
        return std::make_unique<CapacityCondition>(rule, fleet);
    case AlertScope::Queues:
        return std::make_unique<QueueCondition>(rule, fleet);
    case AlertScope::Certificates:
        return std::make_unique<CertificateCondition>(rule, fleet);
    case AlertScope::Sources:
        break;
    }
    return std::make_unique<SourceCondition>(rule, fleet);
}

AlertCondition::AlertCondition(const AlertRule &rule, const AlertFleet &fleet)
    : m_rule(rule)
    , m_fleet(fleet)
{ }

AlertCondition::~AlertCondition() = default;

QString AlertCondition::systemOf(const AlertFinding &) const
{
    return {};
}

QString AlertCondition::meetSystem(TraitsRef traits) const
{
    if (!m_titles.contains(traits->layout))
        m_titles.insert(traits->layout, systemTitle(traits));
    return traits->layout;
}

QString AlertCondition::groupOf(const Worker &worker) const
{
    switch (m_rule.group) {
    case AlertGrouping::Each:
        return m_fleet.store().sourceName(worker.source) + u" · "_s + shortId(worker); // untranslated: two names
    case AlertGrouping::Host: {
        const QByteArray host = hostName(worker);
        return host.isEmpty() ? m_fleet.store().sourceName(worker.source) : QString::fromUtf8(host);
    }
    case AlertGrouping::Type: {
        const QString &type = m_fleet.store().typeName(worker.type);
        return type.isEmpty() ? meetSystem(worker.traits) : type;
    }
    case AlertGrouping::System:
        return meetSystem(worker.traits);
    case AlertGrouping::Source:
        return m_fleet.store().sourceName(worker.source);
    case AlertGrouping::All:
        break;
    }
    return {};
}

} // namespace pulsedeck
