// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/masterlookup.h"

#include "app/redis/redisanswer.h"
#include "app/redis/redisconnection.h"

#include <utility>

namespace pulsedeck {

namespace {

/// A Sentinel that answers says more than one that cannot be reached.
bool saysMore(const RedisFailure &one, const RedisFailure &other)
{
    const auto rank = [](const RedisFailure &failure) {
        return failure.kind == RedisFailure::Kind::None                                                         ? 0
               : failure.kind == RedisFailure::Kind::Unreachable || failure.kind == RedisFailure::Kind::Timeout ? 1
                                                                                                                : 2;
    };
    return rank(one) > rank(other);
}

} // namespace

MasterLookup::MasterLookup(const RedisUrl &url, QObject *parent)
    : QObject(parent)
    , m_url(url)
    , m_seeds(url.sentinels())
{ }

MasterLookup::~MasterLookup()
{
    stop();
}

void MasterLookup::start()
{
    stop();
    m_failure = {};
    m_asked = 0;
    askNext();
}

void MasterLookup::stop()
{
    drop();
}

void MasterLookup::doubt()
{
    m_first = (m_first + 1) % m_seeds.size();
}

void MasterLookup::drop()
{
    if (!m_connection)
        return;
    m_connection->disconnect(this);
    m_connection->deleteLater();
    std::exchange(m_connection, nullptr)->close(); // What it has not answered is answered Lost, and passed over.
}

void MasterLookup::askNext()
{
    drop();
    if (m_asked == m_seeds.size()) {
        emit failed(m_failure);
        return;
    }
    const RedisPlace &seed = m_seeds.at((m_first + m_asked++) % m_seeds.size());
    RedisConnectionOptions options;
    options.connectTimeoutMs = options.replyTimeoutMs = seedLimitMs;
    options.reconnect = options.recognize = false;
    options.clientName = {};
    m_connection = new RedisConnection(m_url.sentinelUrl(seed), options, this);
    connect(m_connection, &RedisConnection::stateChanged, this, [this](RedisConnection::State state) {
        if (state == RedisConnection::State::Ready) {
            m_connection->request({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", m_url.master.toUtf8()},
                                  [this, asked = m_connection](const RedisAnswer &answer) {
                                      if (asked == m_connection)
                                          take(answer);
                                  });
        } else if (state == RedisConnection::State::Closed) {
            RedisFailure failure = m_connection->failure();
            failure.text = tr("No Sentinel says where the master %1 is. %2").arg(m_url.master, failure.text);
            giveUp(failure);
        }
    });
    m_connection->open();
}

void MasterLookup::giveUp(const RedisFailure &failure)
{
    if (saysMore(failure, m_failure))
        m_failure = failure;
    askNext();
}

void MasterLookup::take(const RedisAnswer &answer)
{
    if (answer.outcome == RedisAnswer::Outcome::Lost || answer.outcome == RedisAnswer::Outcome::Timeout)
        return; // The connection is Closed next, and says why.
    const RedisUrl &at = m_connection->url();
    if (!answer.ok()) {
        giveUp(sentinelRefusal(answer.reply.bytes(), at));
        return;
    }
    bool isNumber = false;
    const int port = answer.reply.at(1).bytes().toByteArray().toInt(&isNumber);
    const QString host = QString::fromUtf8(answer.reply.at(0).bytes());
    if (answer.reply.isArray() && isNumber && port > 0 && port <= 65535 && !host.isEmpty()) {
        m_first = (m_first + m_asked - 1) % m_seeds.size();
        drop();
        emit found({host, port});
        return;
    }
    // It watches no master of that name: which ones it does watch helps to correct it.
    m_connection->request({"SENTINEL", "MASTERS"}, [this, asked = m_connection](const RedisAnswer &masters) {
        if (asked == m_connection)
            takeNames(masters);
    });
}

void MasterLookup::takeNames(const RedisAnswer &answer)
{
    if (answer.outcome != RedisAnswer::Outcome::Lost && answer.outcome != RedisAnswer::Outcome::Timeout)
        giveUp(unknownMasterFailure(m_url.master, answer.reply, m_connection->url()));
}

} // namespace pulsedeck
