// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redisconnection.h"

#include "app/redis/redisconnection_p.h"

#include <QIODevice>
#include <QTimer>

namespace pulsedeck {

using namespace Qt::StringLiterals;

RedisConnection::RedisConnection(const RedisUrl &url, const RedisConnectionOptions &options, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, url, options))
{ }

RedisConnection::~RedisConnection()
{
    ++d->epoch;
    d->state = State::Closed;
    d->announced = State::Closed;
    d->dropSocket();
    d->answerOrphans();
    // A handler may have asked again. One that does so for ever is let go.
    for (int round = 0; round < 8 && !d->refused.empty(); ++round)
        d->answerRefused();
}

void RedisConnection::open()
{
    if (d->state != State::Closed)
        return;
    d->backoff.reset();
    d->failure = {};
    d->startConnecting();
}

void RedisConnection::close()
{
    ++d->epoch;
    d->dropSocket();
    d->failure = {};
    d->state = State::Closed;
    if (d->answerOrphans())
        d->announce();
}

void RedisConnection::retryNow()
{
    if (d->state == State::Waiting)
        d->startConnecting();
}

RedisConnection::State RedisConnection::state() const
{
    return d->state;
}

quint32 RedisConnection::generation() const
{
    return d->generation;
}

RedisFailure RedisConnection::failure() const
{
    return d->failure;
}

int RedisConnection::retryInMs() const
{
    return d->state == State::Waiting ? qMax(0, d->retryTimer->remainingTime()) : -1;
}

int RedisConnection::pending() const
{
    return d->users;
}

qint64 RedisConnection::oldestPendingMs() const
{
    return d->queue.isEmpty() ? 0 : (Private::nowUs() - d->queue.front().sentAt) / 1000;
}

void RedisConnection::request(std::initializer_list<QByteArrayView> arguments, Handler handler)
{
    request(std::span<const QByteArrayView>(arguments.begin(), arguments.size()), std::move(handler));
}

void RedisConnection::request(std::span<const QByteArrayView> arguments, Handler handler)
{
    // An empty command would get no answer, and every later answer would go to the wrong request.
    if (d->state != State::Ready || arguments.empty()) {
        d->refuse(std::move(handler));
        return;
    }
    qint64 size = 0;
    for (const QByteArrayView argument : arguments)
        size += argument.size();
    const bool sent = d->hasRoom(size) && d->append(arguments);
    d->enqueue(std::move(handler), sent);
}

void RedisConnection::request(const RedisCommand &command, QByteArrayView value, Handler handler)
{
    if (d->state != State::Ready) {
        d->refuse(std::move(handler));
        return;
    }
    const bool sent = d->hasRoom(value.size());
    if (sent)
        command.appendTo(&d->out, value);
    d->enqueue(std::move(handler), sent);
}

void RedisConnection::subscribe(const QByteArray &channel)
{
    d->channels.push_back(channel);
}

void RedisConnection::prove()
{
    d->proved = true;
}

QByteArray RedisConnection::serverInfo() const
{
    return d->serverInfo;
}

qint64 RedisConnection::clientId() const
{
    return d->channelId;
}

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
