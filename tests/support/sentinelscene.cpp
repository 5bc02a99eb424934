// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sentinelscene.h"

#include "tests/support/patience.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

bool SentinelScene::start()
{
    for (RedisServer &server : m_servers) {
        RedisServer::Options options;
        options.tcp = true;
        options.arguments = {u"--repl-diskless-sync-delay"_s, u"0"_s};
        if (&server != &m_servers.front())
            options.arguments << u"--replicaof"_s << u"127.0.0.1"_s << QString::number(m_servers.front().tcpUrl().port);
        if (!server.start(options)) {
            m_error = server.errorString();
            return false;
        }
    }
    const auto isLinked = [](const RedisServer &server) {
        return server.command({"INFO", "replication"}).text.contains("link_status:up");
    };
    if (!QTest::qWaitFor([&] { return isLinked(m_servers[1]) && isLinked(m_servers[2]); }, patience)) {
        m_error = u"The replicas do not reach their master."_s;
        return false;
    }
    for (RedisServer &sentinel : m_sentinels) {
        RedisServer::Options options;
        options.tcp = true;
        options.sentinel = "sentinel monitor orders 127.0.0.1 " + QByteArray::number(m_servers.front().tcpUrl().port)
                           + " 2\nsentinel down-after-milliseconds orders 1000\nsentinel failover-timeout orders 6000\n"
                             "sentinel parallel-syncs orders 2\n";
        if (!sentinel.start(options)) {
            m_error = sentinel.errorString();
            return false;
        }
    }
    const auto isReady = [](const RedisServer &sentinel) {
        return sentinel.command({"SENTINEL", "CKQUORUM", "orders"}).text.startsWith("OK 3")
               && sentinel.command({"SENTINEL", "REPLICAS", "orders"}).elements.size() == 2;
    };
    if (!QTest::qWaitFor([&] { return std::all_of(m_sentinels.begin(), m_sentinels.end(), isReady); }, patience)) {
        m_error = u"The Sentinels do not find each other."_s;
        return false;
    }
    return true;
}

RedisUrl SentinelScene::url() const
{
    RedisUrl url = m_sentinels.front().tcpUrl();
    url.master = u"orders"_s;
    for (size_t i = 1; i < m_sentinels.size(); ++i)
        url.furtherSentinels.append({url.host, m_sentinels[i].tcpUrl().port});
    return url;
}

int SentinelScene::masterPort() const
{
    for (const RedisServer &sentinel : m_sentinels) {
        if (!sentinel.isRunning())
            continue;
        const RedisValue place = sentinel.command({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", "orders"});
        if (place.elements.size() == 2)
            return place.elements[1].text.toInt();
    }
    return 0;
}

RedisServer *SentinelScene::serverAt(int port)
{
    const auto found = std::find_if(m_servers.begin(), m_servers.end(),
                                    [port](const RedisServer &server) { return server.tcpUrl().port == port; });
    return found == m_servers.end() ? nullptr : &*found;
}

bool SentinelScene::failOver()
{
    return m_sentinels.front().command({"SENTINEL", "FAILOVER", "orders"}).ok();
}

bool SentinelScene::hasMasterBesides(int port) const
{
    return std::any_of(m_servers.begin(), m_servers.end(), [port](const RedisServer &server) {
        if (server.tcpUrl().port == port || !server.isRunning())
            return false;
        const RedisValue role = server.command({"ROLE"});
        return !role.elements.empty() && role.elements.front().text == "master";
    });
}

} // namespace pulsedeck
