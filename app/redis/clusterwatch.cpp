// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/clusterwatch.h"

#include "app/redis/redisfailure.h"
#include "app/redis/serveridentity.h"

#include <QPointer>

#include <utility>

namespace pulsedeck {

namespace {

constexpr int nextNodeMs = 250;
constexpr int doubtMs = 50;
constexpr int manyRanges = 1'000; // An answer of some 100 KB.

/// A node that answers says more than one that cannot be reached.
bool nodeAnswered(const RedisFailure &failure)
{
    return failure.kind != RedisFailure::Kind::None && failure.kind != RedisFailure::Kind::Unreachable
           && failure.kind != RedisFailure::Kind::Timeout;
}

} // namespace

ClusterWatch::ClusterWatch(const RedisUrl &url, const QList<RedisPlace> &seeds, QObject *parent)
    : QObject(parent)
    , m_url(url)
    , m_given(seeds)
    , m_places(seeds)
    , m_timer(this)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        if (m_connection)
            ask();
        else
            connectNext();
    });
}

ClusterWatch::~ClusterWatch()
{
    drop();
}

void ClusterWatch::start()
{
    m_wanted = true;
    m_tried = 0;
    m_failure = {};
    m_timer.start(0);
}

void ClusterWatch::stop()
{
    m_wanted = false;
    m_timer.stop();
    drop();
}

void ClusterWatch::doubt()
{
    if (m_connection && !m_asking && m_timer.remainingTime() > doubtMs)
        m_timer.start(doubtMs);
}

void ClusterWatch::drop()
{
    m_asking = false;
    if (!m_connection)
        return;
    m_connection->disconnect(this);
    m_connection->deleteLater();
    std::exchange(m_connection, nullptr)->close(); // What it has not answered is answered Lost, and passed over.
}

void ClusterWatch::connectNext()
{
    drop();
    RedisConnectionOptions options;
    options.connectTimeoutMs = options.replyTimeoutMs = nodeLimitMs;
    options.reconnect = options.recognize = false;
    options.clientName = {};
    m_connection = new RedisConnection(m_url.masterUrl(m_places.at(m_at)), options, this);
    connect(m_connection, &RedisConnection::attempting, this, &ClusterWatch::attempting);
    connect(m_connection, &RedisConnection::stateChanged, this, [this](RedisConnection::State state) {
        if (state == RedisConnection::State::Ready)
            ask();
        else if (state == RedisConnection::State::Closed)
            giveUp(m_connection->failure());
    });
    m_connection->open();
}

void ClusterWatch::ask()
{
    if (m_asking || m_connection->state() != RedisConnection::State::Ready)
        return; // The answer comes, or the connection is Ready or Closed in a moment.
    m_asking = true;
    m_down = false;
    const auto by = [this, asked = m_connection](void (ClusterWatch::*take)(const RedisAnswer &)) {
        return [this, asked, take](const RedisAnswer &answer) {
            const bool ended = answer.outcome == RedisAnswer::Outcome::Lost || answer.outcome == RedisAnswer::Outcome::Timeout;
            if (asked == m_connection && !ended)
                (this->*take)(answer);
        };
    };
    m_connection->request({"CLUSTER", "INFO"}, by(&ClusterWatch::takeState));
    m_connection->request({"CLUSTER", "SLOTS"}, by(&ClusterWatch::takeMap));
}

void ClusterWatch::takeState(const RedisAnswer &answer)
{
    // Where that is not permitted, only the map is known.
    m_down = answer.ok() && infoValue(answer.reply.bytes(), "cluster_state") == QByteArrayView("fail");
}

void ClusterWatch::takeMap(const RedisAnswer &answer)
{
    m_asking = false;
    const RedisUrl &at = m_connection->url();
    if (!answer.ok()) {
        giveUp(clusterRefusal(answer.reply.bytes(), at));
        return;
    }
    const std::optional<ClusterSlots> map = ClusterSlots::fromReply(answer.reply, {at.host, at.port});
    if (map)
        remember(*map);
    if (!map && answer.reply.size() > 0) {
        giveUp(clusterMapFailure(ClusterSlots::mostMasters, at));
        return;
    }
    if (m_down || !map) {
        // While nobody waits for it, whoever has lost a connection is the first to notice.
        giveUp(clusterDownFailure(map ? map->unserved() : ClusterSlots::count, at));
        return;
    }
    m_wanted = false;
    m_tried = 0;
    m_timer.start(m_everyMs);
    emit found(*map); // Last: this may be gone afterwards.
}

/// This node is of no use: the next one is asked, and if all were, whoever waits is told.
void ClusterWatch::giveUp(const RedisFailure &failure)
{
    drop();
    if (m_failure.kind == RedisFailure::Kind::None || (nodeAnswered(failure) && !nodeAnswered(m_failure)))
        m_failure = failure;
    m_at = (m_at + 1) % m_places.size();
    ++m_tried;
    const bool over = m_tried >= m_places.size();
    // Before a first map there is nothing to keep up to date: whoever waits for one asks again in time.
    if (!over || m_mapped)
        m_timer.start(m_wanted && !over ? 0 : nextNodeMs);
    if (!over)
        return;
    m_tried = 0;
    const RedisFailure why = std::exchange(m_failure, {});
    if (std::exchange(m_wanted, false))
        emit failed(why);
}

void ClusterWatch::remember(const ClusterSlots &map)
{
    m_mapped = true;
    m_everyMs = map.ranges() > manyRanges ? 10 * pollMs : pollMs;
    const RedisPlace now = m_places.at(m_at);
    m_places = {now};
    for (const QList<RedisPlace> &more : {map.masters(), map.replicas(), m_given}) {
        for (const RedisPlace &place : more) {
            if (m_places.size() < mostSeeds && !m_places.contains(place))
                m_places.append(place);
        }
    }
    m_at = 0;
}

} // namespace pulsedeck
