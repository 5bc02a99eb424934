// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertcondition.h"

#include <QHash>

namespace pulsedeck {

/// Sources whose server has a certificate that ends soon, as it was at the last connection: a renewed one is seen at the next.
class CertificateCondition final : public AlertCondition
{
public:
    CertificateCondition(const AlertRule &rule, const AlertFleet &fleet)
        : AlertCondition(rule, fleet)
    { }

    void look(qint64 now, AlertFindings *findings) override;
    QString nameOf(const AlertFinding &finding) const override { return m_fleet.store().sourceName(finding.source); }

private:
    QHash<SourceId, qint64> m_ending; ///< Until when, as it was said.
};

} // namespace pulsedeck
