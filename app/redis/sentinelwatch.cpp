// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/sentinelwatch.h"

#include "app/redis/masterlookup.h"

#include <algorithm>
#include <utility>

namespace pulsedeck {

SentinelWatch::SentinelWatch(const RedisUrl &url, RedisConnectionOptions options, QObject *parent)
    : QObject(parent)
    , m_url(url)
    , m_options(std::move(options))
    , m_lookup(new MasterLookup(url, this))
{
    connect(m_lookup, &MasterLookup::found, this, &SentinelWatch::masterAt);
}

SentinelWatch::~SentinelWatch()
{
    stop();
}

void SentinelWatch::start()
{
    for (const RedisPlace &place : m_url.sentinels()) {
        auto connection = std::make_unique<RedisConnection>(m_url.sentinelUrl(place), m_options);
        connection->subscribe("+switch-master");
        connect(connection.get(), &RedisConnection::stateChanged, this,
                [this, one = connection.get()](RedisConnection::State state) { onState(*one, state); });
        connect(connection.get(), &RedisConnection::pushed, this, &SentinelWatch::onPushed);
        connection->open();
        m_connections.push_back(std::move(connection));
    }
}

void SentinelWatch::stop()
{
    m_lookup->stop();
    for (auto &connection : std::exchange(m_connections, {})) {
        connection->disconnect(this);
        connection.release()->deleteLater(); // It may be inside one of its signals.
    }
}

RedisFailure SentinelWatch::silence() const
{
    const bool silent = std::all_of(m_connections.begin(), m_connections.end(), [](const auto &one) {
        return one->state() != RedisConnection::State::Ready && one->failure().kind != RedisFailure::Kind::None;
    });
    return silent && !m_connections.empty() ? m_connections.front()->failure() : RedisFailure();
}

void SentinelWatch::onState(RedisConnection &connection, RedisConnection::State state)
{
    if (state == RedisConnection::State::Ready && connection.generation() > 1)
        m_lookup->start();
    if (state != RedisConnection::State::Connecting)
        emit heardChanged();
}

void SentinelWatch::onPushed(const RedisReply &message)
{
    // Name, old host and port, new host and port.
    const QByteArrayList words = message.at(2).bytes().toByteArray().split(' ');
    constexpr qsizetype newHost = 3;
    if (words.size() < newHost + 2 || words.constFirst() != m_url.master.toUtf8())
        return;
    bool isNumber = false;
    const int port = words.at(newHost + 1).toInt(&isNumber);
    if (isNumber && port > 0)
        emit masterAt({QString::fromUtf8(words.at(newHost)), port});
}

} // namespace pulsedeck
