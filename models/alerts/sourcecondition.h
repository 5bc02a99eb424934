// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertcondition.h"

#include <QSet>

namespace pulsedeck {

/// Sources that are not connected although they should be, and replicas that are cut off from their master.
class SourceCondition final : public AlertCondition
{
public:
    SourceCondition(const AlertRule &rule, const AlertFleet &fleet)
        : AlertCondition(rule, fleet)
    { }

    void look(qint64 now, AlertFindings *findings) override;
    QString nameOf(const AlertFinding &finding) const override { return m_fleet.store().sourceName(finding.source); }

private:
    QSet<SourceId> m_lost;
};

} // namespace pulsedeck
