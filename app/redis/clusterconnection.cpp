// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/clusterconnection.h"

#include "app/redis/redisfailure.h"
#include "app/redis/replycopy.h"

#include <QPointer>
#include <QSet>

#include <algorithm>
#include <map>

namespace pulsedeck {

namespace {

// Two nodes that have not heard of each other's news yet may each name the other.
constexpr int hopsAtOnce = 3;
// A slot on its way is there within milliseconds, one with very large keys within seconds.
constexpr int laterMs = 50;
constexpr int mostPutOffs = 100;

struct Redirection
{
    int slot = -1;
    RedisPlace place;
};

/// "MOVED 3999 127.0.0.1:6381", or the same with ASK. The host is empty, or "?" with Redis 7, where the node does not know it: it
/// is that of the asked.
std::optional<Redirection> redirectionIn(QByteArrayView words, const RedisPlace &asked)
{
    const QByteArrayList parts = words.toByteArray().split(' ');
    if (parts.size() < 3)
        return std::nullopt;
    bool isSlot = false;
    bool isPort = false;
    Redirection found;
    found.slot = parts.at(1).toInt(&isSlot);
    const qsizetype colon = parts.at(2).lastIndexOf(':');
    found.place.port = parts.at(2).mid(colon + 1).toInt(&isPort);
    found.place.host = QString::fromUtf8(parts.at(2).left(qMax<qsizetype>(0, colon)));
    if (found.place.host.isEmpty() || found.place.host == u"?")
        found.place.host = asked.host;
    const bool sound = isSlot && isPort && found.slot >= 0 && found.slot < ClusterSlots::count && found.place.port > 0
                       && found.place.port <= 65535;
    return sound ? std::optional(found) : std::nullopt;
}

} // namespace

/// Answers of several nodes, until all are there.
struct ClusterConnection::Gathering
{
    ClusterRoute::Merge merge = ClusterRoute::Merge::First;
    RedisHandler handler;
    std::vector<QByteArray> parts; ///< The bytes of each answer.
    std::vector<std::vector<int>> places; ///< Of the elements of each part, for Merge::Places.
    int elements = 0;
    int left = 0;
    int refused = 0; ///< Parts that were never sent.
    qint64 elapsedUs = 0;
    RedisAnswer::Outcome outcome = RedisAnswer::Outcome::Reply;
    QByteArray error;

    void take(size_t part, const RedisAnswer &answer)
    {
        if (answer.ok() && !ReplyCopy::hasTooLarge(answer.reply)) {
            ReplyCopy::append(&parts[part], answer.reply);
        } else if (answer.ok() || answer.outcome == RedisAnswer::Outcome::Error) {
            if (outcome == RedisAnswer::Outcome::Reply)
                outcome = RedisAnswer::Outcome::Error;
            if (error.isEmpty())
                error = answer.ok() ? QByteArray("ERR a value is too large") : answer.reply.bytes().toByteArray();
        } else {
            refused += answer.outcome == RedisAnswer::Outcome::Refused ? 1 : 0;
            outcome = answer.outcome;
        }
        // Of a TIME only the first node's own way counts, or the clocks would be compared wrongly.
        if (merge != ClusterRoute::Merge::First)
            elapsedUs = qMax(elapsedUs, answer.elapsedUs);
        else if (part == 0)
            elapsedUs = answer.elapsedUs;
        if (--left == 0)
            finish();
    }

    void finish()
    {
        RedisAnswer answer;
        // Nothing was sent only if no part of it was.
        answer.outcome = refused > 0 && refused < int(parts.size()) ? RedisAnswer::Outcome::Lost : outcome;
        answer.elapsedUs = elapsedUs;
        if (answer.outcome != RedisAnswer::Outcome::Reply && answer.outcome != RedisAnswer::Outcome::Error) {
            handler(answer);
            return;
        }
        const ReplyCopy copy(outcome == RedisAnswer::Outcome::Error ? ReplyCopy::error(error) : merged());
        answer.reply = copy.reply();
        handler(answer);
    }

    QByteArray merged() const
    {
        std::vector<std::unique_ptr<ReplyCopy>> replies;
        if (merge != ClusterRoute::Merge::First) {
            for (const QByteArray &part : parts)
                replies.push_back(std::make_unique<ReplyCopy>(part));
        }
        QByteArray bytes;
        switch (merge) {
        case ClusterRoute::Merge::First:
            return parts.front();
        case ClusterRoute::Merge::Sum: {
            qint64 sum = 0;
            for (const auto &reply : replies)
                sum += reply->reply().toInteger(0);
            ReplyCopy::appendInteger(&bytes, sum);
            break;
        }
        case ClusterRoute::Merge::SumPairs: {
            const RedisReply first = replies.front()->reply();
            ReplyCopy::appendArray(&bytes, first.size());
            for (int i = 0; i + 1 < first.size(); i += 2) {
                qint64 sum = 0;
                for (const auto &reply : replies)
                    sum += reply->reply().at(i + 1).toInteger(0);
                ReplyCopy::append(&bytes, first.at(i));
                ReplyCopy::appendInteger(&bytes, sum);
            }
            break;
        }
        case ClusterRoute::Merge::Union: {
            QSet<QByteArray> known;
            QByteArray texts;
            for (const auto &reply : replies) {
                for (int i = 0; i < reply->reply().size(); ++i) {
                    const QByteArray text = reply->reply().at(i).bytes().toByteArray();
                    if (known.contains(text))
                        continue;
                    known.insert(text);
                    ReplyCopy::appendText(&texts, text);
                }
            }
            ReplyCopy::appendArray(&bytes, known.size());
            bytes += texts;
            break;
        }
        case ClusterRoute::Merge::Places: {
            std::vector<RedisReply> all(static_cast<size_t>(elements));
            for (size_t part = 0; part < parts.size(); ++part) {
                for (size_t i = 0; i < places[part].size(); ++i)
                    all[size_t(places[part][i])] = replies[part]->reply().at(int(i));
            }
            ReplyCopy::appendArray(&bytes, elements);
            for (const RedisReply &reply : all)
                ReplyCopy::append(&bytes, reply);
            break;
        }
        }
        return bytes;
    }
};

ClusterConnection::ClusterConnection(const RedisUrl &url, const ClusterSlots &map, const RedisConnectionOptions &options,
                                     const std::vector<RedisSubscription> &channels)
    : m_url(url)
    , m_options(options)
    , m_channels(channels)
    , m_map(map)
    , m_laterTimer(this)
{
    m_options.reconnect = m_options.recognize = m_options.everyMaster = false;
    m_owners.fill(-1);
    m_laterTimer.setSingleShot(true);
    connect(&m_laterTimer, &QTimer::timeout, this, &ClusterConnection::sendLater);
}

ClusterConnection::~ClusterConnection()
{
    end();
}

void ClusterConnection::open()
{
    for (const RedisPlace &place : m_map.masters())
        addNode(place);
    for (int slot = 0; slot < ClusterSlots::count; ++slot)
        m_owners[size_t(slot)] = qint16(m_map.masterOf(slot)); // The first nodes are the masters, in this order.
    for (const Node &node : m_nodes)
        node.connection->open();
}

void ClusterConnection::end()
{
    if (std::exchange(m_ended, true))
        return;
    m_laterTimer.stop();
    for (const Node &node : m_nodes)
        node.connection->disconnect(this);
    const RedisAnswer lost; // Outcome::Lost
    // Handlers may do anything but delete this: the owner holds it until this returns.
    for (size_t i = 0; i < m_nodes.size(); ++i) {
        m_nodes[i].connection->close();
        for (const CallRef &call : std::exchange(m_nodes[i].waiting, {}))
            finish(call, lost);
    }
    for (const CallRef &call : std::exchange(m_later, {}))
        finish(call, lost);
    for (const auto &[bytes, handler] : std::exchange(m_here, {})) {
        if (handler)
            handler(lost);
    }
}

bool ClusterConnection::follow(const ClusterSlots &map)
{
    if (map.masters() != m_map.masters())
        return false;
    m_map = map;
    for (int slot = 0; slot < ClusterSlots::count; ++slot)
        m_owners[size_t(slot)] = qint16(m_map.masterOf(slot));
    return true;
}

std::vector<RedisConnection *> ClusterConnection::masters() const
{
    std::vector<RedisConnection *> all;
    for (qsizetype i = 0; i < m_map.masters().size(); ++i)
        all.push_back(m_nodes[size_t(i)].connection.get());
    return all;
}

qint64 ClusterConnection::oldestPendingMs() const
{
    qint64 oldest = 0;
    for (const Node &node : m_nodes)
        oldest = qMax(oldest, node.connection->oldestPendingMs());
    return oldest;
}

void ClusterConnection::setReadDelay(int ms)
{
    m_readDelayMs = ms;
    for (const Node &node : m_nodes)
        node.connection->setReadDelay(ms);
}

qint64 ClusterConnection::heldMs() const
{
    qint64 held = 0;
    for (const Node &node : m_nodes)
        held = qMax(held, node.connection->heldMs()); // Only one is being read.
    return held;
}

// Nodes ---------------------------------------------------------------------------------------------------------------

int ClusterConnection::addNode(const RedisPlace &place)
{
    const int index = int(m_nodes.size());
    auto connection = std::make_unique<RedisConnection>(m_url.masterUrl(place), m_options);
    for (const RedisSubscription &one : m_channels) {
        if (one.word == "PSUBSCRIBE")
            connection->psubscribe(one.channel);
        else
            connection->subscribe(one.channel);
    }
    connection->setReadDelay(m_readDelayMs);
    connect(connection.get(), &RedisConnection::pushed, this, &ClusterConnection::pushed);
    connect(connection.get(), &RedisConnection::stateChanged, this,
            [this, index](RedisConnection::State state) { onState(index, state); });
    m_nodes.push_back({place, std::move(connection), {}});
    return index;
}

int ClusterConnection::nodeAt(const RedisPlace &place)
{
    const auto found = std::find_if(m_nodes.begin(), m_nodes.end(), [&place](const Node &node) { return node.place == place; });
    if (found != m_nodes.end())
        return int(found - m_nodes.begin());
    if (m_nodes.size() >= 2 * size_t(ClusterSlots::mostMasters))
        return 0; // Ever more are named: that one says so again, and after a few hops it is over.
    const int index = addNode(place);
    m_nodes[size_t(index)].connection->open();
    return index;
}

void ClusterConnection::onState(int node, RedisConnection::State state)
{
    if (state == RedisConnection::State::Closed) {
        emit ended(m_nodes[size_t(node)].connection->failure());
        return;
    }
    if (state != RedisConnection::State::Ready)
        return;
    for (const CallRef &call : std::exchange(m_nodes[size_t(node)].waiting, {}))
        send(node, call);
    const bool all = std::all_of(m_nodes.begin(), m_nodes.begin() + m_map.masters().size(),
                                 [](const Node &one) { return one.connection->state() == RedisConnection::State::Ready; });
    if (all && !std::exchange(m_ready, true))
        emit ready();
}

/// A slot that nobody has is asked for at the first node, which says so.
int ClusterConnection::nodeOf(int slot) const
{
    return slot < 0 ? 0 : qMax<int>(0, m_owners[size_t(slot)]);
}

// Requests ------------------------------------------------------------------------------------------------------------

void ClusterConnection::request(std::span<const QByteArrayView> words, RedisHandler handler)
{
    const ClusterRoute route = ClusterRoute::of(words);
    switch (route.to) {
    case ClusterRoute::To::Slot: {
        const int slot = ClusterSlots::slotOf(words[size_t(route.key)]);
        start(RedisConnection::formatted(words), slot, nodeOf(slot), std::move(handler));
        break;
    }
    case ClusterRoute::To::First:
        start(RedisConnection::formatted(words), -1, 0, std::move(handler));
        break;
    case ClusterRoute::To::All:
        toAll(words, route.merge, std::move(handler));
        break;
    case ClusterRoute::To::Split:
        split(words, route, std::move(handler));
        break;
    case ClusterRoute::To::Scan:
        scan(words, route.key, std::move(handler));
        break;
    case ClusterRoute::To::Refused:
        answerHere(
            tr("In a cluster each client has connections to several nodes, so the lists of connections do not tell workers "
               "apart."),
            std::move(handler));
        break;
    }
}

void ClusterConnection::request(const PreparedRequest &command, QByteArrayView key, RedisHandler handler)
{
    QByteArray bytes;
    command.appendTo(&bytes, key);
    const int slot = ClusterSlots::slotOf(key);
    start(std::move(bytes), slot, nodeOf(slot), std::move(handler));
}

void ClusterConnection::start(QByteArray bytes, int slot, int node, RedisHandler handler)
{
    auto call = std::make_shared<Call>();
    call->bytes = std::move(bytes);
    call->handler = std::move(handler);
    call->slot = slot;
    ++m_pending;
    send(node, call);
}

void ClusterConnection::send(int node, const CallRef &call)
{
    Node &to = m_nodes[size_t(node)];
    if (to.connection->state() != RedisConnection::State::Ready && to.connection->state() != RedisConnection::State::Closed) {
        to.waiting.push_back(call);
        return;
    }
    if (std::exchange(call->asking, false))
        to.connection->request({"ASKING"}, {});
    to.connection->requestBytes(call->bytes, [this, node, call](const RedisAnswer &answer) { take(node, call, answer); });
}

void ClusterConnection::take(int node, const CallRef &call, const RedisAnswer &answer)
{
    if (answer.outcome != RedisAnswer::Outcome::Error || m_ended || !redirected(node, call, answer.reply.bytes()))
        finish(call, answer);
}

/// True if the call goes on elsewhere or later, or was answered.
bool ClusterConnection::redirected(int node, const CallRef &call, QByteArrayView words)
{
    const bool moved = words.startsWith("MOVED ");
    if (moved || words.startsWith("ASK ")) {
        const std::optional<Redirection> there = redirectionIn(words, m_nodes[size_t(node)].place);
        if (!there)
            return false;
        const int next = nodeAt(there->place);
        if (moved) {
            m_owners[size_t(there->slot)] = qint16(next);
            emit doubted();
        }
        if (++call->hops > hopsAtOnce)
            return putOff(call);
        call->asking = !moved;
        send(next, call);
        return true;
    }
    if (words.startsWith("TRYAGAIN"))
        return putOff(call);
    if (words.startsWith("CLUSTERDOWN")) {
        // Whatever else would be read now is missing as well: it is a loss, and no answer.
        const RedisFailure why = clusterDownFailure(0, m_nodes[size_t(node)].connection->url());
        const QPointer<ClusterConnection> guard(this);
        finish(call, RedisAnswer());
        if (guard && !m_ended)
            emit ended(why); // Last: this is gone afterwards.
        return true;
    }
    return false;
}

/// False if it was put off too often already.
bool ClusterConnection::putOff(const CallRef &call)
{
    if (++call->tries > mostPutOffs)
        return false;
    call->hops = 0;
    m_later.push_back(call);
    if (!m_laterTimer.isActive())
        m_laterTimer.start(laterMs);
    return true;
}

void ClusterConnection::finish(const CallRef &call, const RedisAnswer &answer)
{
    --m_pending;
    const RedisHandler handler = std::move(call->handler);
    if (handler)
        handler(answer); // Last: this may be gone afterwards.
}

void ClusterConnection::sendLater()
{
    for (const CallRef &call : std::exchange(m_later, {}))
        send(nodeOf(call->slot), call);
}

RedisHandler ClusterConnection::partOf(const std::shared_ptr<Gathering> &gathering, size_t part)
{
    return [gathering, part](const RedisAnswer &answer) { gathering->take(part, answer); };
}

void ClusterConnection::toAll(std::span<const QByteArrayView> words, ClusterRoute::Merge merge, RedisHandler handler)
{
    auto gathering = std::make_shared<Gathering>();
    gathering->merge = merge;
    gathering->handler = handler ? std::move(handler) : [](const RedisAnswer &) {};
    const size_t count = size_t(m_map.masters().size());
    gathering->parts.resize(count);
    gathering->left = int(count);
    const QByteArray bytes = RedisConnection::formatted(words);
    for (size_t i = 0; i < count; ++i)
        start(bytes, -1, int(i), partOf(gathering, i));
}

void ClusterConnection::split(std::span<const QByteArrayView> words, const ClusterRoute &route, RedisHandler handler)
{
    std::map<int, std::vector<int>> bySlot;
    for (size_t i = size_t(route.key); i < words.size(); ++i)
        bySlot[ClusterSlots::slotOf(words[i])].push_back(int(i) - route.key);
    auto gathering = std::make_shared<Gathering>();
    gathering->merge = route.merge;
    gathering->handler = handler ? std::move(handler) : [](const RedisAnswer &) {};
    gathering->parts.resize(bySlot.size());
    gathering->left = int(bySlot.size());
    gathering->elements = int(words.size()) - route.key;
    for (const auto &[slot, places] : bySlot)
        gathering->places.push_back(places);
    size_t part = 0;
    for (const auto &[slot, places] : bySlot) {
        std::vector<QByteArrayView> some(words.begin(), words.begin() + route.key);
        for (const int place : places)
            some.push_back(words[size_t(place) + size_t(route.key)]);
        start(RedisConnection::formatted(some), slot, nodeOf(slot), partOf(gathering, part++));
    }
}

/// Cursors are written as "node:cursor" of one master after the other; who asks only gives them back, and compares with "0".
void ClusterConnection::scan(std::span<const QByteArrayView> words, int cursorAt, RedisHandler handler)
{
    const QByteArray cursor = words[size_t(cursorAt)].toByteArray();
    const qsizetype colon = cursor.indexOf(':');
    const int node = colon < 0 ? 0 : cursor.left(colon).toInt();
    if (node < 0 || node >= m_map.masters().size()) {
        answerHere(tr("This cursor is none of the cluster."), std::move(handler));
        return;
    }
    const QByteArray own = cursor.mid(colon + 1);
    std::vector<QByteArrayView> asked(words.begin(), words.end());
    asked[size_t(cursorAt)] = own;
    const int last = int(m_map.masters().size()) - 1;
    start(RedisConnection::formatted(asked), -1, node, [node, last, handler = std::move(handler)](const RedisAnswer &answer) {
        if (!handler)
            return;
        const QByteArrayView next = answer.reply.at(0).bytes();
        const bool over = next == QByteArrayView("0");
        if (!answer.ok() || !answer.reply.isArray() || (over && node == last)) {
            handler(answer);
            return;
        }
        QByteArray bytes;
        ReplyCopy::appendArray(&bytes, 2);
        QByteArray packedCursor = QByteArray::number(over ? node + 1 : node) + ':';
        packedCursor.append(next);
        ReplyCopy::appendText(&bytes, packedCursor);
        ReplyCopy::append(&bytes, answer.reply.at(1));
        const ReplyCopy copy(bytes);
        RedisAnswer packed = answer;
        packed.reply = copy.reply();
        handler(packed);
    });
}

/// An error that no server gave.
void ClusterConnection::answerHere(const QString &text, RedisHandler handler)
{
    m_here.emplace_back(ReplyCopy::error(QByteArray("ERR " + text.toUtf8())), std::move(handler));
    if (m_here.size() > 1)
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            const QPointer<ClusterConnection> guard(this);
            auto now = std::exchange(m_here, {});
            for (size_t i = 0; i < now.size(); ++i) {
                if (!now[i].second)
                    continue;
                const ReplyCopy copy(now[i].first);
                RedisAnswer answer;
                // What ends while they are answered is lost to the rest of them.
                answer.outcome = guard && !m_ended ? RedisAnswer::Outcome::Error : RedisAnswer::Outcome::Lost;
                answer.reply = copy.reply();
                now[i].second(answer);
            }
        },
        Qt::QueuedConnection);
}

} // namespace pulsedeck
