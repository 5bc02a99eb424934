// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertcondition.h"
#include "models/fleet/queuefilter.h"

#include <map>

namespace pulsedeck {

/// Queues that match a filter. One of a source that is lost stays as it was.
class QueueCondition final : public AlertCondition
{
public:
    QueueCondition(const AlertRule &rule, const AlertFleet &fleet);

    void lookAgain() override { m_seen = 0; }
    void look(qint64 now, AlertFindings *findings) override;
    QString nameOf(const AlertFinding &finding) const override;
    QString systemOf(const AlertFinding &finding) const override;

private:
    struct Known
    {
        quint64 number = 0;
        bool held = false;
        quint64 seen = 0;
    };
    QString groupOfQueue(const QueueFacts &queue) const;
    const QueueKey *keyOf(const AlertFinding &finding) const;

    const QueueFilter m_match;
    const QueueFilter m_keep;
    std::map<QueueKey, Known> m_queues;
    quint64 m_lastNumber = 0;
    quint64 m_seen = 0; ///< AlertFleet::queuesRead() that was looked at.
};

} // namespace pulsedeck
