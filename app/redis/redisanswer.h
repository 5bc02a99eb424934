// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/redisreply.h"

#include <QCoreApplication>

#include <functional>

namespace pulsedeck {

/// The one answer every request gets.
struct RedisAnswer
{
    Q_DECLARE_TR_FUNCTIONS(RedisAnswer)

public:
    enum class Outcome : quint8 {
        Reply, ///< reply() holds it, and it is no error.
        Error, ///< Redis answered with an error; reply().bytes() is its text.
        Timeout, ///< No answer within the limit. Whether the server acted on it is unknown.
        Lost, ///< The connection ended first. Whether the server acted on it is unknown.
        Refused, ///< Never sent: no connection, or too much is waiting.
    };
    Outcome outcome = Outcome::Lost;
    RedisReply reply;
    qint64 elapsedUs = 0; ///< From writing to reading, for answered ones.
    bool repeatsPassword = false; ///< The error's text holds the password: text() leaves it out.

    bool ok() const { return outcome == Outcome::Reply; }
    /// True for an error that begins with the word, as in isError("NOPERM").
    bool isError(QByteArrayView word) const;
    /// What happened, in words, for anything but Reply.
    QString text() const;
};

using RedisHandler = std::function<void(const RedisAnswer &)>;

} // namespace pulsedeck
