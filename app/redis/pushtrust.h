// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <vector>

namespace pulsedeck {

/// Whether the connection that announces changes still does. It can fail without looking so: its packets are dropped, or the
/// announcements go to another client. Two things show it: a PING that is not answered while the other connection is, and a beat
/// found by reading that had not been announced. The two connections are two sockets, and this program may be slow to read
/// either: a beat counts as not announced once a PING that was sent after it was found is answered, as the server sends both in
/// order. A value; milliseconds, console's clock.
class PushTrust
{
public:
    enum class Doubt {
        None,
        UnansweredPing,
        MissedBeat, ///< A key was written, and that was not announced.
    };
    static constexpr qint64 pingAfterMs = 500; ///< Of silence.
    static constexpr qint64 pingLimitMs = 1'000;
    static constexpr qint64 announcedWithinMs = 1'000; ///< An announcement usually comes; a PING asks only afterwards.

    /// Tracking has just been switched on.
    void begin(qint64 now);
    qint64 since() const { return m_since; }
    /// Something came by the connection.
    void heard(qint64 now);
    /// Whether a PING is due now; if so, it is taken as sent.
    bool wantsPing(qint64 now);
    /// The PING that was sent at \a sentAt was answered: what the server announced before has come.
    void answered(qint64 sentAt, qint64 now);
    /// The other connection answered a request that was sent at \a sentAt.
    void otherAnswered(qint64 sentAt) { m_otherAnswered = qMax(m_otherAnswered, sentAt); }
    /// A read of the key with this number found it written, unannounced so far.
    void foundWritten(quint32 key, qint64 now);
    /// The key was announced.
    void announced(quint32 key);
    Doubt judge(qint64 now) const;

private:
    struct Found
    {
        quint32 key;
        qint64 at;
    };
    static constexpr size_t mostFound = 1'000; ///< More say nothing more.

    std::vector<Found> m_found; ///< Oldest first.
    bool m_missed = false;
    bool m_asked = false; ///< A PING is under way, whatever else was heard meanwhile.
    qint64 m_since = 0;
    qint64 m_heardAt = 0;
    qint64 m_pingedAt = 0; ///< 0: none is under way.
    qint64 m_otherAnswered = 0;
};

} // namespace pulsedeck
