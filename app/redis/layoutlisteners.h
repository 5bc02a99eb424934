// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/layouttier.h"

#include <QCoreApplication>

namespace pulsedeck {

/// Asks who listens on the channels of a layout's workers: PUBSUB NUMSUB for those known, each second, and PUBSUB CHANNELS for
/// those that listen and have neither record nor registration. A listener is proof of an open socket, not of a worker that obeys.
/// Lives on the I/O thread, belongs to a LayoutDialect.
class LayoutListeners
{
    Q_DECLARE_TR_FUNCTIONS(LayoutListeners)

public:
    LayoutListeners(RedisSession &session, LayoutTier &tier, const Layout &layout, const LayoutVariables &variables);

    ~LayoutListeners();

    void begin();
    void lost();
    void look(qint64 now);

private:
    void setAwaited(bool awaited);
    void askCounts();
    void askChannels();

    RedisSession &m_session;
    LayoutTier &m_tier;
    QByteArray m_before; ///< What stands around the id in a channel's name.
    QByteArray m_after;
    qint64 m_lookedAt = 0;
    qint64 m_listedAt = 0;
    LayoutTier::Slot m_cursor = 0;
    bool m_asked = false;
    bool m_denied = false;
    bool m_awaited = false; ///< Since the connection began, and until each worker was looked at often enough.
    bool m_lists = false; ///< The layout finds workers by their channels.
    bool m_keysElsewhere = false; ///< Other databases of the server have keys.
};

} // namespace pulsedeck
