// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fleet/commandlog.h"

#include <algorithm>

namespace pulsedeck {

namespace {

constexpr int limitMs = 30'000;

bool concerns(const CommandLog::Entry &entry, const QByteArray &id)
{
    return std::any_of(entry.words.begin(), entry.words.end(), [&id](const QByteArray &word) { return word.contains(id); });
}

} // namespace

CommandLog::CommandLog(const RedisServer &server)
{
    m_socket.connectToServer(server.url().path);
    m_socket.waitForConnected(limitMs);
    m_socket.write("MONITOR\r\n");
    while (!m_socket.canReadLine() && m_socket.waitForReadyRead(limitMs)) { }
    m_started = m_socket.readLine().startsWith("+OK");
}

bool CommandLog::next(Entry *entry)
{
    while (!m_socket.canReadLine()) {
        if (!m_started || !m_socket.waitForReadyRead(limitMs))
            return false;
    }
    // +1700000000.123456 [0 unix:/path] "HSET" "key" "field" "value"
    const QByteArray line = m_socket.readLine().trimmed();
    entry->time = line.mid(1, line.indexOf(' ') - 1).toDouble();
    entry->words.clear();
    const qsizetype start = line.indexOf("] \"");
    if (start < 0)
        return true;
    QByteArray words = line.mid(start + 3);
    words.chop(1);
    for (qsizetype from = 0;;) {
        const qsizetype end = words.indexOf("\" \"", from);
        entry->words.append(words.mid(from, end < 0 ? -1 : end - from));
        if (end < 0)
            break;
        from = end + 3;
    }
    return true;
}

std::vector<CommandLog::Entry> CommandLog::take(const QByteArray &id, const QByteArrayList &names, size_t count)
{
    std::vector<Entry> entries;
    Entry entry;
    while (entries.size() < count && next(&entry)) {
        if (!entry.words.isEmpty() && names.contains(entry.words.first()) && concerns(entry, id))
            entries.push_back(entry);
    }
    return entries;
}

std::vector<CommandLog::Entry> CommandLog::takeUntil(const QByteArray &id, const QByteArrayList &last)
{
    static const QByteArrayList changing{"HSET", "HDEL", "HINCRBY", "HSETNX", "SET", "DEL", "EXPIRE", "PUBLISH"};
    std::vector<Entry> entries;
    Entry entry;
    while (next(&entry)) {
        if (entry.words.isEmpty() || !changing.contains(entry.words.first()) || !concerns(entry, id))
            continue;
        entries.push_back(entry);
        if (entry.words == last)
            return entries;
    }
    return {};
}

} // namespace pulsedeck
