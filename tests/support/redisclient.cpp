// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/redisclient.h"

#include <hiredis/hiredis.h>

namespace pulsedeck {

namespace {

RedisValue valueOf(const redisReply *reply)
{
    RedisValue value;
    switch (reply->type) {
    case REDIS_REPLY_INTEGER:
        value.type = RedisValue::Type::Integer;
        value.integer = reply->integer;
        break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
        value.type = RedisValue::Type::Text;
        value.text = QByteArray(reply->str, qsizetype(reply->len));
        break;
    case REDIS_REPLY_ERROR:
        value.type = RedisValue::Type::Error;
        value.text = QByteArray(reply->str, qsizetype(reply->len));
        break;
    case REDIS_REPLY_ARRAY:
        value.type = RedisValue::Type::Array;
        for (size_t i = 0; i < size_t(reply->elements); ++i)
            value.elements.push_back(valueOf(reply->element[i]));
        break;
    default:
        value.type = RedisValue::Type::Nil;
        break;
    }
    return value;
}

} // namespace

RedisClient::RedisClient(const RedisUrl &url)
{
    const timeval limit{10, 0};
    m_context = url.transport == RedisUrl::Transport::Unix
                    ? redisConnectUnixWithTimeout(url.path.toUtf8().constData(), limit)
                    : redisConnectWithTimeout(url.host.toUtf8().constData(), url.port, limit);
    if (!m_context || m_context->err)
        return;
    redisSetTimeout(m_context, limit);
    if (!url.user.isEmpty())
        command({"AUTH", url.user.toUtf8(), url.password.toUtf8()});
    else if (!url.password.isEmpty())
        command({"AUTH", url.password.toUtf8()});
    if (url.database != 0)
        command({"SELECT", QByteArray::number(url.database)});
}

RedisClient::~RedisClient()
{
    redisFree(m_context);
}

RedisValue RedisClient::command(const QByteArrayList &arguments)
{
    return pipeline({arguments}).front();
}

std::vector<RedisValue> RedisClient::pipeline(const std::vector<QByteArrayList> &commands)
{
    std::vector<RedisValue> values(commands.size());
    if (!m_context || m_context->err) {
        for (RedisValue &value : values)
            value.text = m_context ? QByteArray(m_context->errstr) : QByteArray("no memory");
        return values;
    }
    for (const QByteArrayList &arguments : commands) {
        std::vector<const char *> pointers;
        std::vector<size_t> lengths;
        for (const QByteArray &argument : arguments) {
            pointers.push_back(argument.constData());
            lengths.push_back(size_t(argument.size()));
        }
        redisAppendCommandArgv(m_context, int(arguments.size()), pointers.data(), lengths.data());
    }
    for (RedisValue &value : values) {
        void *reply = nullptr;
        if (redisGetReply(m_context, &reply) != REDIS_OK || !reply) {
            value.text = QByteArray(m_context->errstr);
            continue;
        }
        value = valueOf(static_cast<redisReply *>(reply));
        freeReplyObject(reply);
    }
    return values;
}

} // namespace pulsedeck
