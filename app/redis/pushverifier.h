// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisconnection.h"

#include <functional>

namespace pulsedeck {

/// Finds out whether two connections reached the same server. One address may lead to several: behind a balancer the number of
/// a client on one of them belongs to another client elsewhere, and CLIENT TRACKING … REDIRECT accepts it nevertheless.
///
/// The push connection has a name of its own; the other one asks for the client with its number and looks for that name
/// (CLIENT LIST ID, Redis 6.2). Where that is refused or the names are not kept, both are asked for their run id.
class PushVerifier
{
public:
    enum class Verdict {
        Same,
        Other, ///< They are on different servers.
        Unknown, ///< Neither way is permitted.
    };
    using Answer = std::function<void(Verdict)>;

    /// A name no other client bears, beginning with \a base.
    static QByteArray makeName(const QByteArray &base);
    /// Answers once, from the event loop, unless \a main ends before: then not at all. Both are Ready; \a name is that of \a
    /// push, which was asked for its server's INFO.
    static void verify(RedisConnection &main, const RedisConnection &push, const QByteArray &name, Answer answer);

    /// What the answer to CLIENT LIST ID \a id says. Pure.
    static Verdict judgeList(QByteArrayView list, qint64 id, QByteArrayView name);
};

} // namespace pulsedeck
