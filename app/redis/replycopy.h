// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisreply.h"

namespace pulsedeck {

/// A reply of one's own: a RedisReply is gone after its handler, and what several servers answered has to become one. Replies are
/// written as bytes, as Redis would send them, and read again. Not copied; not thread-safe.
class ReplyCopy
{
public:
    /// \a bytes is one whole reply.
    explicit ReplyCopy(const QByteArray &bytes);
    /// Valid while this is.
    RedisReply reply() const { return m_reader.reply(); }

    /// The bytes of a reply. A string that was too large is written as Nil: see hasTooLarge().
    static void append(QByteArray *out, const RedisReply &reply);
    static void appendArray(QByteArray *out, qsizetype size);
    static void appendInteger(QByteArray *out, qint64 value);
    static void appendText(QByteArray *out, QByteArrayView text);
    static QByteArray error(QByteArrayView text);
    /// Whether a string of it, or of its elements, was too large to be kept.
    static bool hasTooLarge(const RedisReply &reply);

private:
    RedisReader m_reader;
};

} // namespace pulsedeck
