// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisanswer.h"

#include "app/redis/redisfailure.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

bool RedisAnswer::isError(QByteArrayView word) const
{
    if (outcome != Outcome::Error)
        return false;
    const QByteArrayView text = reply.bytes();
    return text.startsWith(word) && (text.size() == word.size() || text.at(word.size()) == ' ');
}

QString RedisAnswer::text() const
{
    switch (outcome) {
    case Outcome::Reply:
        return {};
    case Outcome::Error:
        return repeatsPassword ? u"(the server's words are left out, as they repeat the password)"_s
                               : serverText(reply.bytes(), RedisUrl());
    case Outcome::Timeout:
        return u"The server did not answer in time. Whether it acted is unknown."_s;
    case Outcome::Lost:
        return u"The connection ended before the answer. Whether the server acted is unknown."_s;
    case Outcome::Refused:
        return u"It was not sent: there is no connection, or too much is waiting already."_s;
    }
    return {};
}

} // namespace pulsedeck
