// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redissession.h"

namespace pulsedeck {

/// A script of the console's that only reads, for what must not leave Redis: EVAL_RO, or EVAL where Redis is older than 7. Where
/// neither may be called it is not called again before a minute is over. Lives on the I/O thread.
class ReadingScript
{
public:
    /// \a name: of a file in resources/lua.
    ReadingScript(RedisSession &session, const char *name);

    /// \a take is called with the answer unless it is an error; \a ended always, while the connection lasts.
    void call(const std::vector<QByteArray> &keys, const std::vector<QByteArray> &arguments,
              std::function<void(const RedisReply &)> take, std::function<void()> ended = {});
    /// It may not be called, or not what it calls.
    bool isRefused() const { return m_refusedAt > 0; }
    void lost() { m_refusedAt = 0; }

private:
    RedisSession &m_session;
    const QByteArray m_text;
    bool m_old = false; ///< Redis does not know EVAL_RO.
    qint64 m_refusedAt = 0;
};

} // namespace pulsedeck
