// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/baseline.h"

#include "app/redis/workerreader.h"

#include <hiredis/hiredis.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <string>
#include <vector>

namespace pulsedeck::bench {

namespace {

constexpr std::string_view prefix = "worker:";
constexpr const char *pageSize = "2000"; // As the console asks.

[[noreturn]] void giveUp(const char *what)
{
    std::fprintf(stderr, "pulsedeck-bench: the bare client: %s\n", what);
    std::exit(1);
}

redisReply *next(redisContext *context)
{
    void *reply = nullptr;
    if (redisGetReply(context, &reply) != REDIS_OK)
        giveUp(context->errstr);
    auto *answer = static_cast<redisReply *>(reply);
    if (answer->type == REDIS_REPLY_ERROR)
        giveUp(answer->str);
    return answer;
}

void append(redisContext *context, std::initializer_list<std::string_view> words)
{
    std::array<const char *, 16> pointers{};
    std::array<size_t, 16> lengths{};
    size_t count = 0;
    for (const std::string_view word : words) {
        pointers[count] = word.data();
        lengths[count++] = word.size();
    }
    redisAppendCommandArgv(context, int(count), pointers.data(), lengths.data());
}

void appendHmget(redisContext *context, std::string_view key)
{
    static_assert(workerFields.size() == 7);
    append(context, {"HMGET", key, workerFields[0], workerFields[1], workerFields[2], workerFields[3], workerFields[4],
                     workerFields[5], workerFields[6]});
}

std::string_view bytes(const redisReply *reply)
{
    return {reply->str, reply->len};
}

} // namespace

BareClient::BareClient(const QByteArray &socketPath)
    : m_socketPath(socketPath)
    , m_context(redisConnectUnix(socketPath.constData()))
{
    if (!m_context || m_context->err)
        giveUp(m_context ? m_context->errstr : "no memory");
}

BareClient::~BareClient()
{
    redisFree(m_context);
}

void BareClient::flushAll()
{
    append(m_context, {"FLUSHALL"});
    freeReplyObject(next(m_context));
}

void BareClient::setStatus(const QByteArray &id, const char *status)
{
    const std::string key = std::string(prefix) + id.toStdString();
    append(m_context, {"HSET", key, "status", status});
    freeReplyObject(next(m_context));
}

void BareClient::fill(int workers)
{
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    const std::string stamp = std::to_string(now);
    static constexpr std::array<const char *, 3> types{"chromium", "firefox", "webkit"};
    constexpr int batch = 1'000;
    for (int from = 0; from < workers; from += batch) {
        const int to = std::min(workers, from + batch);
        for (int i = from; i < to; ++i) {
            char uuid[40];
            // Spread over the whole range, as real ids are.
            const unsigned mixed = unsigned(i) * 2654435761u;
            std::snprintf(uuid, sizeof uuid, "%08x-%04x-4%03x-8%03x-%012x", mixed, mixed >> 7 & 0xffffu, mixed >> 3 & 0xfffu,
                          mixed >> 11 & 0xfffu, unsigned(i));
            const std::string type = types[size_t(i) % types.size()];
            const std::string id = type + ':' + uuid;
            const std::string key = "worker:" + id;
            const std::string endpoint = "ws://10.0." + std::to_string(i / 250 % 250) + '.' + std::to_string(i % 250) + ":"
                                         + std::to_string(3000 + i % 50) + "/playwright/" + uuid;
            append(m_context, {"HSET", key, "id", uuid, "browserType", type, "endpoint", endpoint, "status", "available",
                               "startedAt", stamp, "lastHeartbeat", stamp});
            append(m_context, {"PEXPIRE", key, "3600000"});
            append(m_context, {"HSET", "cluster:active_connections", id, "1"});
            append(m_context, {"HSET", "cluster:lifetime_connections", id, "7"});
        }
        for (int i = 0; i < (to - from) * 4; ++i)
            freeReplyObject(next(m_context));
    }
}

int BareClient::readPipelined()
{
    enum class Kind : unsigned char { Scan, Active, Lifetime, Fields, Ttl };
    std::deque<Kind> expected;
    const auto scan = [&](std::string_view cursor) {
        append(m_context, {"SCAN", cursor, "MATCH", "worker:*", "COUNT", pageSize});
        expected.push_back(Kind::Scan);
    };
    const auto counters = [&](Kind kind, std::string_view cursor) {
        append(m_context, {"HSCAN", kind == Kind::Active ? "cluster:active_connections" : "cluster:lifetime_connections", cursor,
                           "COUNT", pageSize});
        expected.push_back(kind);
    };
    scan("0");
    counters(Kind::Active, "0");
    counters(Kind::Lifetime, "0");
    int workers = 0;
    qint64 sum = 0; // What is read is looked at, if only once.
    while (!expected.empty()) {
        const Kind kind = expected.front();
        expected.pop_front();
        redisReply *reply = next(m_context);
        switch (kind) {
        case Kind::Scan: {
            const std::string_view cursor = bytes(reply->element[0]);
            if (cursor != "0")
                scan(cursor);
            const redisReply *keys = reply->element[1];
            for (size_t i = 0; i < keys->elements; ++i) {
                const std::string_view key = bytes(keys->element[i]);
                if (!key.starts_with(prefix) || key.starts_with("worker:cmd:"))
                    continue;
                appendHmget(m_context, key);
                append(m_context, {"PTTL", key});
                expected.push_back(Kind::Fields);
                expected.push_back(Kind::Ttl);
            }
            break;
        }
        case Kind::Active:
        case Kind::Lifetime:
            if (const std::string_view cursor = bytes(reply->element[0]); cursor != "0")
                counters(kind, cursor);
            sum += qint64(reply->element[1]->elements);
            break;
        case Kind::Fields:
            workers += reply->element[0]->type == REDIS_REPLY_STRING;
            break;
        case Kind::Ttl:
            sum += reply->integer;
            break;
        }
        freeReplyObject(reply);
    }
    if (sum <= 0)
        giveUp("what was read makes no sense");
    return workers;
}

void BareClient::fillForeign(int keys)
{
    // In parts: a script that runs for more than five seconds is one that others may kill.
    constexpr int part = 100'000;
    for (int from = 0; from < keys; from += part) {
        append(m_context, {"EVAL", "for i = ARGV[1], ARGV[2] do redis.call('SET', 'cache:page:' .. i, i) end", "0",
                           std::to_string(from), std::to_string(std::min(keys, from + part) - 1)});
        freeReplyObject(next(m_context));
    }
}

void BareClient::scan(int pages, int count)
{
    std::string cursor = "0";
    for (int page = 0; page < pages; ++page) {
        append(m_context, {"SCAN", cursor, "COUNT", std::to_string(count)});
        redisReply *reply = next(m_context);
        cursor = bytes(reply->element[0]);
        freeReplyObject(reply);
    }
}

int BareClient::readOneByOne()
{
    std::vector<std::string> keys;
    std::string cursor = "0";
    do {
        append(m_context, {"SCAN", cursor, "MATCH", "worker:*", "COUNT", pageSize});
        redisReply *reply = next(m_context);
        cursor = bytes(reply->element[0]);
        for (size_t i = 0; i < reply->element[1]->elements; ++i)
            keys.emplace_back(bytes(reply->element[1]->element[i]));
        freeReplyObject(reply);
    } while (cursor != "0");
    int workers = 0;
    for (const std::string &key : keys) {
        appendHmget(m_context, key);
        redisReply *fields = next(m_context);
        append(m_context, {"PTTL", key});
        redisReply *ttl = next(m_context);
        workers += fields->element[0]->type == REDIS_REPLY_STRING && ttl->integer > 0;
        freeReplyObject(fields);
        freeReplyObject(ttl);
    }
    return workers;
}

int BareClient::command(const std::vector<std::string> &ids)
{
    for (const std::string &id : ids) {
        const std::string key = "worker:cmd:" + id;
        append(m_context, {"SET", key, "shutdown", "EX", "60", "NX"});
        append(m_context, {"PUBLISH", key, "shutdown"});
    }
    int set = 0;
    for (size_t i = 0; i < ids.size() * 2; ++i) {
        redisReply *reply = next(m_context);
        set += reply->type == REDIS_REPLY_STATUS;
        freeReplyObject(reply);
    }
    return set;
}

BareClient::Followed BareClient::follow(int ms)
{
    const auto cpuSeconds = [] {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
    };
    BareClient events(m_socketPath);
    append(m_context, {"CONFIG", "SET", "notify-keyspace-events", "Kh"});
    freeReplyObject(next(m_context));
    append(events.m_context, {"PSUBSCRIBE", "__keyspace@*__:worker:*"});
    freeReplyObject(next(events.m_context));
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
    const double from = cpuSeconds();
    Followed followed;
    while (std::chrono::steady_clock::now() < end) {
        redisReply *event = next(events.m_context);
        const std::string_view channel = bytes(event->element[2]);
        const std::string_view key = channel.substr(channel.find(':') + 1);
        appendHmget(m_context, key);
        append(m_context, {"PTTL", key});
        freeReplyObject(next(m_context));
        freeReplyObject(next(m_context));
        freeReplyObject(event);
        ++followed.reads;
    }
    followed.cpuSeconds = cpuSeconds() - from;
    append(m_context, {"CONFIG", "SET", "notify-keyspace-events", ""});
    freeReplyObject(next(m_context));
    return followed;
}

} // namespace pulsedeck::bench
