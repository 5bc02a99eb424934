// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/streamsearch.h"

#include <algorithm>

namespace pulsedeck {

namespace {

/// A field of what XINFO answers: names and values in turn.
qint64 infoNumber(const RedisReply &row, QByteArrayView name)
{
    for (int i = 0; i + 1 < row.size(); i += 2) {
        if (row.at(i).bytes() == name)
            return row.at(i + 1).toInteger();
    }
    return 0;
}

} // namespace

StreamSearch::StreamSearch(DetectionRequests &requests, DetectedSystems &systems, std::function<bool()> hasTime, QObject *parent)
    : QObject(parent)
    , m_requests(requests)
    , m_systems(systems)
    , m_hasTime(std::move(hasTime))
{
    const std::vector<Layout> &layouts = m_systems.layouts();
    for (size_t i = 0; i < layouts.size(); ++i) {
        for (const LayoutDetection &detection : layouts[i].detect) {
            const bool typed = detection.type == LayoutKeyType::Stream && !detection.findsPrefix;
            if (detection.kind == LayoutDetection::Kind::Scan && typed)
                m_ways.push_back({i, detection.pattern.resolve({{"prefix", layouts[i].prefix}})});
        }
    }
}

void StreamSearch::look()
{
    for (size_t i = 0; i < m_ways.size(); ++i) {
        m_ways[i] = {m_ways[i].layout, m_ways[i].pattern};
        scan(i);
    }
}

bool StreamSearch::goOn()
{
    const auto way = std::find_if(m_ways.begin(), m_ways.end(), [](const Way &one) { return !one.whole && !one.asked; });
    if (way == m_ways.end())
        return false;
    way->tries = 0;
    scan(size_t(way - m_ways.begin()));
    return true;
}

bool StreamSearch::isWhole() const
{
    return std::all_of(m_ways.begin(), m_ways.end(), [](const Way &way) { return way.whole; });
}

bool StreamSearch::isWhole(size_t layout) const
{
    return std::all_of(m_ways.begin(), m_ways.end(), [layout](const Way &way) { return way.layout != layout || way.whole; });
}

void StreamSearch::scan(size_t which)
{
    Way &way = m_ways[which];
    ++way.pages;
    way.asked = !m_requests.isLooking(); // A look may send no more, and goes on later.
    const QByteArray count = QByteArray::number(pageKeys);
    m_requests.ask(
        {"SCAN", way.cursor, "MATCH", way.pattern, "TYPE", "stream", "COUNT", count}, [this, which](const RedisAnswer &answer) {
            Way &now = m_ways[which];
            now.asked = false;
            now.cursor = answer.ok() ? answer.reply.at(0).bytes().toByteArray() : QByteArray("0");
            now.whole = now.cursor == "0" || now.cursor.isEmpty();
            if (answer.ok())
                take(which, answer.reply.at(1));
            const bool mayTake = now.pages < leastPages || m_hasTime();
            if (!now.whole && m_requests.isLooking() && mayTake && now.pages < mostPages && m_requests.hasRoom(keptBack))
                scan(which);
        });
}

/// A stream by itself shows nothing, as many things are written to streams; one with a group of consumers does.
void StreamSearch::take(size_t which, const RedisReply &keys)
{
    Way &way = m_ways[which];
    for (int i = 0; i < keys.size() && way.tries < mostTries; ++i) {
        ++way.tries;
        const QByteArray stream = keys.at(i).bytes().toByteArray();
        m_requests.ask({"XINFO", "GROUPS", stream}, [this, stream, layout = way.layout](const RedisAnswer &answer) {
            if (!answer.ok() || answer.reply.size() == 0)
                return;
            emit found(layout, stream);
            DetectedSystems::System *const system = m_systems.find(layout, m_systems.layouts()[layout].prefix);
            if (!system)
                return;
            system->workers = qMax<qint64>(0, system->workers);
            system->queues = qMax<qint64>(0, system->queues) + 1;
            for (int group = 0; group < answer.reply.size(); ++group)
                system->workers += infoNumber(answer.reply.at(group), "consumers");
        });
    }
}

} // namespace pulsedeck
