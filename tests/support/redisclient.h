// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/redisurl.h"

#include <QByteArray>
#include <QByteArrayList>

#include <vector>

struct redisContext;

namespace pulsedeck {

/// An answer of Redis as a value.
struct RedisValue
{
    enum class Type { None, Nil, Integer, Text, Error, Array }; ///< None: there was no answer.
    Type type = Type::None;
    qint64 integer = 0;
    QByteArray text; ///< Of a text or an error, or why there is none.
    std::vector<RedisValue> elements;

    bool ok() const { return type != Type::None && type != Type::Error; }
};

/// A plain blocking client, so that a test can prepare and look at a server without the code it tests.
/// Plain TCP and Unix sockets only.
class RedisClient
{
public:
    explicit RedisClient(const RedisUrl &url);
    ~RedisClient();
    RedisClient(const RedisClient &) = delete;
    RedisClient &operator=(const RedisClient &) = delete;

    /// Waits up to ten seconds for the answer.
    RedisValue command(const QByteArrayList &arguments);
    /// All written before the first answer is read.
    std::vector<RedisValue> pipeline(const std::vector<QByteArrayList> &commands);

private:
    redisContext *m_context = nullptr;
};

} // namespace pulsedeck
