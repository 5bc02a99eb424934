// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/fleet/fleetprocess.h"

#include <QJsonObject>

namespace pulsedeck {

/// A simulated fleet of another system on a Redis of its own, and a plain client to look at it. No process follows one that
/// ended, no job comes by itself, and the times of the system are twenty times as short, unless further arguments say otherwise.
class SystemScene
{
public:
    static constexpr int limitMs = 25'000;

    bool start(const QString &layout, const QStringList &further = {});

    RedisValue ask(const QByteArrayList &words) { return m_client->command(words); }
    QByteArray text(const QByteArrayList &words) { return ask(words).text; }
    qint64 number(const QByteArrayList &words) { return ask(words).integer; }
    QByteArray field(const QByteArray &key, const QByteArray &name) { return text({"HGET", key, name}); }
    QHash<QByteArray, QByteArray> hash(const QByteArray &key);
    /// Of a set, a sorted set or a list, sorted.
    QByteArrayList members(const QByteArray &key);
    bool exists(const QByteArray &key) { return number({"EXISTS", key}) == 1; }
    bool isMember(const QByteArray &set, const QByteArray &member) { return number({"SISMEMBER", set, member}) == 1; }
    qint64 pttl(const QByteArray &key) { return number({"PTTL", key}); }
    qint64 length(const QByteArray &list) { return number({"LLEN", list}); }
    qint64 listeners(const QByteArray &channel);
    static QJsonObject json(const QByteArray &text);

    FleetProcess &fleet() { return *m_fleet; }
    RedisServer &server() { return *m_server; }

private:
    std::unique_ptr<RedisServer> m_server;
    std::unique_ptr<RedisClient> m_client;
    std::unique_ptr<FleetProcess> m_fleet;
};

} // namespace pulsedeck
