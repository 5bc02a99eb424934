// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"

#include <QByteArray>

namespace pulsedeck::fleet {

/// A Lua script from the resources, called by its hash once Redis has been given it. One per connection.
class Script
{
public:
    /// \a path is that of a resource that must exist.
    Script(RedisConnection &link, const QString &path);

    /// Sends the script to Redis; calls before the answer go out with the whole text. After a reconnect, again.
    void load();
    void call(std::initializer_list<QByteArrayView> keys, const std::vector<QByteArrayView> &arguments,
              RedisConnection::Handler handler);

private:
    RedisConnection &m_link;
    QByteArray m_text;
    QByteArray m_hash; ///< Empty until loaded.
    std::vector<QByteArrayView> m_words; ///< Used again for each call.
};

} // namespace pulsedeck::fleet
