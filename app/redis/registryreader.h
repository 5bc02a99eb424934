// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/scanpages.h"
#include "app/redis/trackedreads.h"
#include "models/layouts/layout.h"

namespace pulsedeck {

/// Reads the members of one set, sorted set or hash in which a system registers its workers, in pages (SSCAN, ZSCAN, HSCAN), when
/// its key was announced and at a cadence. Each pass has a number; who is in none of the last pass has been taken out. Lives on
/// the I/O thread, belongs to a LayoutDialect.
class RegistryReader final : public QObject
{
    Q_OBJECT

public:
    /// A member, and its score or value; empty for a set. Valid during the call.
    using Take = std::function<void(QByteArrayView member, QByteArrayView score)>;
    /// A pass is over; \a whole is false if it was refused, or the key is of another type.
    using Passed = std::function<void(bool whole)>;

    RegistryReader(RedisSession &session, LayoutDiscovery::Kind kind, const QByteArray &key, TrackedReads *tracked, Take take,
                   Passed passed, QObject *parent);

    const QByteArray &key() const { return m_key; }
    /// Reads it now, or again if it is being read.
    void read();
    void lost();
    /// It has changed: it is read half a second later, so that a fleet that restarts does not fill the connection.
    void markChanged() { m_changed = true; }
    /// \a everyMs: the cadence where nothing is announced.
    void look(qint64 now, qint64 everyMs);
    /// It was read, or refused, since the view began.
    bool isRead() const { return m_read; }
    /// The last pass was refused.
    bool isRefused() const { return m_refused; }
    void beginView() { m_read = false; }

private:
    void ended(const RedisAnswer &last);

    RedisSession &m_session;
    const LayoutDiscovery::Kind m_kind;
    const QByteArray m_key;
    const Take m_take;
    const Passed m_passed;
    DiscoveryBudget m_budget{10};
    ScanPages m_pages;
    qint64 m_readAt = 0;
    bool m_reading = false;
    bool m_again = false;
    bool m_changed = false;
    bool m_read = false;
    bool m_refused = false;
};

} // namespace pulsedeck
