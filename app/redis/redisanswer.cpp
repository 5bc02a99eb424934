// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisanswer.h"

#include "app/redis/redisfailure.h"

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
        return repeatsPassword ? passwordHiddenText() : serverText(reply.bytes(), RedisUrl());
    case Outcome::Timeout:
        return tr("The server did not answer in time. Whether it acted is unknown.");
    case Outcome::Lost:
        return tr("The connection ended before the answer. Whether the server acted is unknown.");
    case Outcome::Refused:
        return tr("It was not sent: there is no connection, or too much is waiting already.");
    }
    return {};
}

} // namespace pulsedeck
