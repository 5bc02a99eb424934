// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/reregistration.h"

#include "models/core/format.h"

namespace pulsedeck {

void Reregistration::begin(Cause cause, qint64 now, qint64 graceMs)
{
    *this = Reregistration();
    m_cause = cause;
    m_graceMs = graceMs;
    m_until = now + graceMs;
}

SourceFailure Reregistration::trouble(const QString &server) const
{
    if (!isOpen() || m_awaited <= 0)
        return {};
    const QString hint =
        tr("A worker registers again with its next heartbeat. Workers that are still missing after %1 are shown as "
           "departed, unseen.")
            .arg(exactText(m_graceMs));
    if (m_cause == Cause::Restarted) {
        return {SourceTrouble::Restarted,
                tr("%1 was restarted and has lost keys: %Ln worker(s) (has/have) not registered again yet. (It is/They are) not "
                   "gone.",
                   nullptr, m_awaited)
                    .arg(server),
                hint};
    }
    if (m_cause == Cause::FailedOver) {
        return {SourceTrouble::Restarted,
                tr("A failover has led to another %1, and keys are missing there: %Ln worker(s) (has/have) not registered again "
                   "yet. (It is/They are) not gone.",
                   nullptr, m_awaited)
                    .arg(server),
                hint};
    }
    return {
        SourceTrouble::Emptied,
        tr("%1 was emptied: %Ln worker(s) (has/have) not registered again yet. (It is/They are) not gone.", nullptr, m_awaited)
            .arg(server),
        hint};
}

} // namespace pulsedeck
