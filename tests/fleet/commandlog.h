// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/redisserver.h"

#include <QLocalSocket>

#include <vector>

namespace pulsedeck {

/// All commands a server is given, in their order and with its own times: MONITOR, from the construction on.
class CommandLog
{
public:
    struct Entry
    {
        double time = 0; ///< Seconds, by the server's clock.
        QByteArrayList words;
    };

    explicit CommandLog(const RedisServer &server);

    /// Waits for \a count commands that are one of \a names and have \a id in an argument; fewer if they do not come.
    std::vector<Entry> take(const QByteArray &id, const QByteArrayList &names, size_t count);
    /// All commands with \a id in an argument that change something, up to the one given; nothing if it does not come.
    std::vector<Entry> takeUntil(const QByteArray &id, const QByteArrayList &last);

private:
    bool next(Entry *entry);

    QLocalSocket m_socket;
    bool m_started = false;
};

} // namespace pulsedeck
