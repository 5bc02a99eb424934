// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/clusterslots.h"

#include <algorithm>

namespace pulsedeck {

namespace {

/// CRC-16 of the polynomial x^16 + x^12 + x^5 + 1, as XMODEM begins and ends it: Qt's qChecksum() is another one.
constexpr std::array<quint16, 256> makeSlotTable()
{
    constexpr unsigned polynomial = 0x1021;
    std::array<quint16, 256> table{};
    for (unsigned byte = 0; byte < 256; ++byte) {
        unsigned crc = byte << 8;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 0x8000) != 0 ? (crc << 1) ^ polynomial : crc << 1;
        table[byte] = quint16(crc);
    }
    return table;
}

constexpr std::array<quint16, 256> slotTable = makeSlotTable();

/// Host and port of one node in a row; no port if it is not given.
RedisPlace nodeIn(const RedisReply &node, const RedisPlace &asked)
{
    const QString host = QString::fromUtf8(node.at(0).bytes());
    const qint64 port = node.at(1).toInteger(0);
    return {host.isEmpty() || host == u'?' ? asked.host : host, port > 0 && port <= 65535 ? int(port) : 0};
}

bool isBefore(const RedisPlace &one, const RedisPlace &other)
{
    return one.host != other.host ? one.host < other.host : one.port < other.port;
}

} // namespace

int ClusterSlots::slotOf(QByteArrayView key)
{
    if (const qsizetype open = key.indexOf('{'); open >= 0) {
        const qsizetype close = key.indexOf('}', open + 1);
        if (close > open + 1)
            key = key.sliced(open + 1, close - open - 1);
    }
    unsigned crc = 0;
    for (const char c : key)
        crc = ((crc << 8) & 0xffff) ^ slotTable[((crc >> 8) ^ uchar(c)) & 0xff];
    return int(crc % unsigned(count));
}

std::optional<ClusterSlots> ClusterSlots::fromReply(const RedisReply &reply, const RedisPlace &asked)
{
    if (!reply.isArray())
        return std::nullopt;
    ClusterSlots map;
    map.m_ranges = reply.size();
    // First slot, last slot, the master, its replicas.
    constexpr int masterField = 2;
    for (int i = 0; i < reply.size(); ++i) {
        const RedisReply row = reply.at(i);
        const RedisPlace master = nodeIn(row.at(masterField), asked);
        if (master.port == 0 || map.m_masters.size() >= mostMasters)
            return std::nullopt;
        if (!map.m_masters.contains(master))
            map.m_masters.append(master);
        for (int k = masterField + 1; k < row.size(); ++k) {
            const RedisPlace replica = nodeIn(row.at(k), asked);
            if (replica.port > 0 && map.m_replicas.size() < mostMasters && !map.m_replicas.contains(replica))
                map.m_replicas.append(replica);
        }
    }
    if (map.m_masters.isEmpty())
        return std::nullopt;
    std::sort(map.m_masters.begin(), map.m_masters.end(), isBefore);
    for (int i = 0; i < reply.size(); ++i) {
        const RedisReply row = reply.at(i);
        const qint64 first = row.at(0).toInteger(-1);
        const qint64 last = row.at(1).toInteger(-1);
        if (first < 0 || last >= count)
            return std::nullopt;
        const auto owner = qint16(map.m_masters.indexOf(nodeIn(row.at(masterField), asked)));
        for (qint64 slot = first; slot <= last; ++slot)
            map.m_owners[size_t(slot)] = owner;
    }
    return map;
}

int ClusterSlots::unserved() const
{
    return int(std::count(m_owners.begin(), m_owners.end(), qint16(-1)));
}

} // namespace pulsedeck
