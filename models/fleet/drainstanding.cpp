// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/fleet/drainstanding.h"

namespace pulsedeck {

namespace {

// A worker that is leaving checks its sessions each second and exits when there are none.
constexpr qint64 goesWithinMs = 3'000;

} // namespace

void DrainStanding::see(const Look &look)
{
    const bool another = look.at > 0 && m_at > 0 && (look.at != m_at || look.by != m_by);
    if (!m_known || another) {
        m_known = true;
        m_kind = look.watched ? Kind::Seen : Kind::Unseen;
        m_at = look.at;
        m_by = look.by;
        m_emptySince = 0;
    } else if (!look.watched && m_kind == Kind::Seen) {
        m_kind = Kind::Unseen;
    }
    if (m_at == 0) {
        m_at = look.at;
        m_by = look.by;
    }
    if (look.status == WorkerStatus::Available)
        m_kind = Kind::Stale;
    // A worker that drains without a session and keeps beating is not leaving.
    const bool empty = look.status == WorkerStatus::Draining && look.sessions <= 0 && look.sessions != unknownValue;
    if (m_kind != Kind::Unseen || !empty || !look.watched)
        m_emptySince = m_kind == Kind::Unseen && empty ? look.readAt : 0;
    else if (m_emptySince == 0)
        m_emptySince = look.readAt;
    else if (look.newBeat && look.beatAt >= m_emptySince + goesWithinMs)
        m_kind = Kind::Seen;
}

} // namespace pulsedeck
