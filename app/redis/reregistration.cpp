// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/reregistration.h"

using namespace Qt::StringLiterals;

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
    const QString what = m_cause == Cause::Restarted ? u"%1 was restarted and has lost keys: "_s : u"%1 was emptied: "_s;
    const QString who = m_awaited == 1 ? u"1 worker has not registered again yet. It is not gone."_s
                                       : u"%1 workers have not registered again yet. They are not gone."_s.arg(m_awaited);
    const QString hint =
        u"A worker registers again with its next heartbeat. Who is still missing after %1 s is shown as departed, unseen."_s;
    return {m_cause == Cause::Restarted ? SourceTrouble::Restarted : SourceTrouble::Emptied, what.arg(server) + who,
            hint.arg(m_graceMs / 1'000)};
}

} // namespace pulsedeck
