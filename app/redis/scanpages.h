// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/discoverybudget.h"
#include "app/redis/redissession.h"
#include "app/redis/trackedreads.h"

#include <QTimer>

namespace pulsedeck {

/// Asks for the pages of one SCAN or HSCAN, one after the other and as a DiscoveryBudget allows. A first full view is read
/// without waiting and paid for afterwards. The next page is asked for before the present one is read, so that Redis never
/// waits for this program. The budget's passes are begun and ended by the owner.
class ScanPages final : public QObject
{
public:
    using Take = std::function<void(const RedisReply &items)>;
    using Ended = std::function<void(const RedisAnswer &last)>;

    /// \a words is the command, with an empty one for the cursor. \a ended follows the last page, or the first answer that is
    /// none.
    ScanPages(RedisSession &session, DiscoveryBudget &budget, std::vector<QByteArray> words, Take take, Ended ended,
              QObject *parent);

    /// Pages are asked for by this connection while it tracks reads; may be null.
    void setTracked(TrackedReads *tracked) { m_tracked = tracked; }
    void begin();
    void stop() { m_timer.stop(); }
    /// Names of the present pass that are too long for a worker; the owner adds them.
    LeftOut &leftOut() { return m_leftOut; }

private:
    void ask(const QByteArray &cursor);
    void onAnswer(const RedisAnswer &answer);

    RedisSession &m_session;
    DiscoveryBudget &m_budget;
    const std::vector<QByteArray> m_words;
    const Take m_take;
    const Ended m_ended;
    TrackedReads *m_tracked = nullptr;
    QTimer m_timer; ///< Until the pass may go on.
    QByteArray m_cursor; ///< Where it goes on then.
    LeftOut m_leftOut;
};

} // namespace pulsedeck
