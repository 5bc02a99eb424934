// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fleet/systemscene.h"

#include <QJsonDocument>

#include <algorithm>

namespace pulsedeck {

bool SystemScene::start(const QString &layout, const QStringList &further)
{
    m_server = std::make_unique<RedisServer>();
    if (!m_server->start()) {
        qWarning("%s", qPrintable(m_server->errorString()));
        return false;
    }
    m_client = std::make_unique<RedisClient>(m_server->url());
    m_fleet = std::make_unique<FleetProcess>();
    QStringList arguments{QStringLiteral("--layout"), layout};
    const auto add = [&](const char *name, const char *value) {
        if (!further.contains(QLatin1StringView(name)))
            arguments << QString::fromLatin1(name) << QString::fromLatin1(value);
    };
    add("--workers", "2");
    add("--sessions", "0");
    add("--speed", "20");
    add("--replace-after", "3600");
    add("--down-time", "3600");
    add("--seed", "5");
    return m_fleet->startRegistered(*m_server, arguments + further);
}

QHash<QByteArray, QByteArray> SystemScene::hash(const QByteArray &key)
{
    QHash<QByteArray, QByteArray> fields;
    const RedisValue value = ask({"HGETALL", key});
    for (size_t i = 0; i + 1 < value.elements.size(); i += 2)
        fields.insert(value.elements[i].text, value.elements[i + 1].text);
    return fields;
}

QByteArrayList SystemScene::members(const QByteArray &key)
{
    const QByteArray type = text({"TYPE", key});
    const RedisValue value = type == "zset"   ? ask({"ZRANGE", key, "0", "-1"})
                             : type == "list" ? ask({"LRANGE", key, "0", "-1"})
                                              : ask({"SMEMBERS", key});
    QByteArrayList found;
    for (const RedisValue &element : value.elements)
        found.append(element.text);
    std::sort(found.begin(), found.end());
    return found;
}

qint64 SystemScene::listeners(const QByteArray &channel)
{
    const RedisValue value = ask({"PUBSUB", "NUMSUB", channel});
    return value.elements.size() == 2 ? value.elements[1].integer : -1;
}

QJsonObject SystemScene::json(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object();
}

} // namespace pulsedeck
