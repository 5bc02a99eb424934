// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

namespace pulsedeck {

/// Whether the note of an operator's drain is still valid. A drain writes status and note together; a worker that
/// registers again writes its status and leaves the note, and a drain by the fleet itself may follow. So the note alone
/// proves nothing: it belongs to the present drain only if nothing else can have set the status since.
class DrainStanding
{
public:
    enum class Kind : quint8 {
        Unseen, ///< The worker is draining, and the note was already there when this console first read it, or after a gap.
        Seen, ///< The drain began while this console watched; or the worker has shown that it stays.
        Stale, ///< The worker was seen available with this note on it.
    };

    /// One read of a worker whose note is there.
    struct Look
    {
        QString by;
        qint64 at = 0; ///< drainedAt; 0 if it was not read yet.
        qint64 readAt = 0; ///< Console's clock, ms.
        qint64 beatAt = 0;
        qint32 sessions = unknownValue;
        WorkerStatus status = WorkerStatus::Missing;
        bool watched = false; ///< The read before was on the same connection, and found the key.
        bool newBeat = false;
    };

    void see(const Look &look);
    Kind kind() const { return m_kind; }
    /// drainedAt of the note, which tells one drain from another; 0 if it is not known.
    qint64 at() const { return m_at; }

private:
    QString m_by;
    qint64 m_at = 0;
    qint64 m_emptySince = 0; ///< While Unseen: when it was first seen to drain with no session.
    Kind m_kind = Kind::Unseen;
    bool m_known = false;
};

} // namespace pulsedeck
