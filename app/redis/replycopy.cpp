// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/replycopy.h"

#include <limits>

namespace pulsedeck {

namespace {

// What it copies was bounded when it was read.
constexpr qint64 noBound = std::numeric_limits<qint64>::max() / 4;

void appendHead(QByteArray *out, char sign, qint64 number)
{
    out->append(sign).append(QByteArray::number(number)).append("\r\n");
}

} // namespace

ReplyCopy::ReplyCopy(const QByteArray &bytes)
    : m_reader(noBound)
{
    m_reader.feed(bytes);
    m_reader.next();
}

void ReplyCopy::append(QByteArray *out, const RedisReply &reply)
{
    switch (reply.type()) {
    case RedisReply::Type::Nil:
        out->append("$-1\r\n");
        break;
    case RedisReply::Type::Integer:
        appendInteger(out, reply.toInteger());
        break;
    case RedisReply::Type::String:
        appendText(out, reply.bytes());
        break;
    case RedisReply::Type::Status:
        out->append('+').append(reply.bytes()).append("\r\n");
        break;
    case RedisReply::Type::Error:
        out->append('-').append(reply.bytes()).append("\r\n");
        break;
    case RedisReply::Type::Array:
        appendArray(out, reply.size());
        for (int i = 0; i < reply.size(); ++i)
            append(out, reply.at(i));
        break;
    }
}

void ReplyCopy::appendArray(QByteArray *out, qsizetype size)
{
    appendHead(out, '*', size);
}

void ReplyCopy::appendInteger(QByteArray *out, qint64 value)
{
    appendHead(out, ':', value);
}

void ReplyCopy::appendText(QByteArray *out, QByteArrayView text)
{
    appendHead(out, '$', text.size());
    out->append(text).append("\r\n");
}

QByteArray ReplyCopy::error(QByteArrayView text)
{
    QByteArray line = text.toByteArray();
    return '-' + line.replace('\r', ' ').replace('\n', ' ') + "\r\n";
}

bool ReplyCopy::hasTooLarge(const RedisReply &reply)
{
    if (reply.isTooLarge())
        return true;
    for (int i = 0; i < reply.size(); ++i) {
        if (hasTooLarge(reply.at(i)))
            return true;
    }
    return false;
}

} // namespace pulsedeck
