// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/rediscluster.h"

#include "tests/support/patience.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int masters = RedisCluster::nodes / 2;
constexpr int slotCount = 16'384;

} // namespace

bool RedisCluster::start()
{
    RedisServer::Options options;
    options.tcp = options.cluster = true;
    options.arguments = {u"--cluster-node-timeout"_s, u"15000"_s, u"--repl-diskless-sync-delay"_s, u"0"_s};
    for (RedisServer &server : m_servers) {
        if (!server.start(options)) {
            m_error = server.errorString();
            return false;
        }
    }
    for (int i = 0; i < masters; ++i) {
        const int first = slotCount * i / masters;
        const int last = slotCount * (i + 1) / masters - 1;
        if (!node(i).command({"CLUSTER", "ADDSLOTSRANGE", QByteArray::number(first), QByteArray::number(last)}).ok()) {
            m_error = u"The slots are not taken."_s;
            return false;
        }
    }
    for (size_t i = 1; i < nodes; ++i) {
        // Different epochs, so that the nodes need not sort them out.
        m_servers[i].command({"CLUSTER", "SET-CONFIG-EPOCH", QByteArray::number(qint64(i) + 1)});
        m_servers[i].command(
            {"CLUSTER", "MEET", "127.0.0.1", QByteArray::number(port(0)), QByteArray::number(node(0).busPort())});
    }
    const auto knowsAll = [](const RedisServer &server) {
        return server.command({"CLUSTER", "INFO"}).text.contains("cluster_known_nodes:6");
    };
    if (!QTest::qWaitFor([&] { return std::all_of(m_servers.begin(), m_servers.end(), knowsAll); }, patience)) {
        m_error = u"The nodes do not find each other."_s;
        return false;
    }
    for (int i = masters; i < nodes; ++i) {
        const QByteArray master = id(i - masters);
        if (!QTest::qWaitFor([&] { return node(i).command({"CLUSTER", "REPLICATE", master}).ok(); }, patience)) {
            m_error = u"A replica does not take its master."_s;
            return false;
        }
    }
    if (!QTest::qWaitFor([this] { return isWhole(); }, patience)) {
        m_error = u"The cluster does not come to work."_s;
        return false;
    }
    return true;
}

bool RedisCluster::isWhole() const
{
    return std::all_of(m_servers.begin(), m_servers.end(), [](const RedisServer &server) {
        if (!server.isRunning())
            return true;
        const QByteArray replication = server.command({"INFO", "replication"}).text;
        if (!server.command({"CLUSTER", "INFO"}).text.contains("cluster_state:ok")
            || (replication.contains("role:slave") && !replication.contains("master_link_status:up")))
            return false;
        // First and last slot, the master, its replica.
        const std::vector<RedisValue> rows = server.command({"CLUSTER", "SLOTS"}).elements;
        return std::all_of(rows.begin(), rows.end(), [](const RedisValue &row) { return row.elements.size() == 4; });
    });
}

bool RedisCluster::failsOverSoon() const
{
    return std::all_of(m_servers.begin(), m_servers.end(), [](const RedisServer &server) {
        return !server.isRunning() || server.command({"CONFIG", "SET", "cluster-node-timeout", "2000"}).ok();
    });
}

RedisUrl RedisCluster::url() const
{
    RedisUrl url = m_servers.front().tcpUrl();
    url.isCluster = true;
    for (int i = 1; i < nodes; ++i)
        url.furtherNodes.append({url.host, port(i)});
    return url;
}

int RedisCluster::masterOf(int slot, int besides) const
{
    for (int i = 0; i < nodes; ++i) {
        if (i == besides || !m_servers[size_t(i)].isRunning())
            continue;
        for (const RedisValue &row : m_servers[size_t(i)].command({"CLUSTER", "SLOTS"}).elements) {
            if (row.elements.size() < 3 || slot < row.elements[0].integer || slot > row.elements[1].integer)
                continue;
            const qint64 at = row.elements[2].elements.at(1).integer;
            for (int k = 0; k < nodes; ++k) {
                if (port(k) == at && k != besides && m_servers[size_t(k)].isRunning())
                    return k;
            }
        }
    }
    return -1;
}

int RedisCluster::replica() const
{
    for (int i = nodes - 1; i >= 0; --i) {
        const RedisServer &server = m_servers[size_t(i)];
        if (server.isRunning() && server.command({"INFO", "replication"}).text.contains("role:slave"))
            return i;
    }
    return -1;
}

RedisValue RedisCluster::command(const QByteArrayList &words)
{
    int at = 0;
    RedisValue value;
    // For a moment after a slot has moved two nodes may each name the other, and after a failover one that is gone may be named.
    (void)QTest::qWaitFor(
        [&] {
            const bool known = std::any_of(m_servers.begin(), m_servers.end(), [at](const RedisServer &server) {
                return server.isRunning() && server.tcpUrl().port == at;
            });
            for (int i = 0; i < nodes && !known; ++i) {
                if (m_servers[size_t(i)].isRunning())
                    at = port(i);
            }
            RedisUrl url = m_servers.front().tcpUrl();
            url.port = at;
            std::unique_ptr<RedisClient> &client = m_clients[at];
            if (!client)
                client = std::make_unique<RedisClient>(url);
            value = client->command(words);
            if (value.type == RedisValue::Type::None)
                client.reset();
            const bool moved = value.text.startsWith("MOVED ");
            if (moved)
                at = value.text.mid(value.text.lastIndexOf(':') + 1).toInt();
            return value.ok() || (!moved && value.type == RedisValue::Type::Error && !value.text.startsWith("CLUSTERDOWN"));
        },
        patience);
    return value;
}

bool RedisCluster::moveSlot(int slot, int from, int to, const std::function<void()> &between)
{
    const QByteArray number = QByteArray::number(slot);
    const QByteArray there = id(to);
    const auto step = [&between](bool done) {
        if (between)
            between();
        return done;
    };
    if (!step(node(to).command({"CLUSTER", "SETSLOT", number, "IMPORTING", id(from)}).ok())
        || !step(node(from).command({"CLUSTER", "SETSLOT", number, "MIGRATING", there}).ok()))
        return false;
    for (const RedisValue &key : node(from).command({"CLUSTER", "GETKEYSINSLOT", number, "1000"}).elements) {
        if (!step(node(from).command({"MIGRATE", "127.0.0.1", QByteArray::number(port(to)), key.text, "0", "5000"}).ok()))
            return false;
    }
    // First where it is now, then where it was, so that it is nowhere unknown.
    for (const int index : {to, from}) {
        if (!step(node(index).command({"CLUSTER", "SETSLOT", number, "NODE", there}).ok()))
            return false;
    }
    // The others would hear of it, but may until then say otherwise to those that ask them.
    for (RedisServer &server : m_servers) {
        if (server.isRunning() && server.command({"ROLE"}).elements.front().text == "master")
            server.command({"CLUSTER", "SETSLOT", number, "NODE", there});
    }
    return true;
}

} // namespace pulsedeck
