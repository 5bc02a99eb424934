// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/layoutmember.h"
#include "app/redis/redissession.h"
#include "models/layouts/layout.h"

namespace pulsedeck {

/// Judges the beats of the workers of one tier of a layout: by TTL, stamp, score or time of expiry, so that no worker's clock
/// decides anything once a beat was seen. All it learns is kept in the LayoutMember. Used where the session lives; the session
/// and \a liveness outlive it. Times are the console's clock in ms.
class LayoutBeats
{
public:
    /// One read of a record, or of a time of expiry. What the record says, LayoutMember::stamp among it, is in the member
    /// already.
    struct Reading
    {
        qint64 pttl = 0; ///< As PTTL answers; of a time of expiry what is left of it.
        qint64 readAt = 0;
        qint64 announcedAt = 0; ///< When its change was announced; 0: it was not.
        qint64 readBefore = 0; ///< When it was read before; 0: it was not.
        bool first = false; ///< Of this connection.
        bool registered = false; ///< It was seen to appear, or to be given a TTL.
    };

    LayoutBeats(const RedisSession &session, const LayoutLiveness &liveness)
        : m_session(session)
        , m_liveness(liveness)
    { }

    /// A record was read. True if it has beaten since the read before.
    bool take(LayoutMember &member, const Reading &reading) const;
    /// The time until which it lives was read. The same.
    bool takeExpiry(LayoutMember &member, const Reading &reading) const;
    /// A time that it writes itself, or that is written for it. True if it moved since the read before.
    bool takeStamp(LayoutMember &member, qint64 stamp, LayoutClock clock, qint64 now, qint64 announcedAt, bool first) const;
    /// When its record is to be read without an announcement; 0: never. \a pushing: changes are announced.
    qint64 dueAt(const LayoutMember &member, bool pushing) const;

private:
    qint32 fullTtl(const LayoutMember &member, qint64 pttl, qint64 now) const;
    void takeTtl(LayoutMember &member, const Reading &reading, bool *beat) const;

    const RedisSession &m_session;
    const LayoutLiveness &m_liveness;
};

} // namespace pulsedeck
