// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <string>
#include <vector>

struct redisContext;

namespace pulsedeck::bench {

/// What the console is compared with, and how the server is filled: hiredis' own blocking client over a Unix socket, with
/// nothing of Pulsedeck in it. Any error ends the benchmark with its words, since nothing measured after it would be true.
class BareClient
{
public:
    explicit BareClient(const QByteArray &socketPath);
    ~BareClient();
    BareClient(const BareClient &) = delete;
    BareClient &operator=(const BareClient &) = delete;

    void flushAll();
    /// Worker hashes with counters, a TTL of an hour and a sound heartbeat.
    void fill(int workers);
    /// Writes the status of one worker, as it would.
    void setStatus(const QByteArray &id, const char *status);
    /// So many keys that no system knows.
    void fillForeign(int keys);
    /// So many pages of SCAN, one after another.
    void scan(int pages, int count);
    /// Everything the console reads for its first view, with as much in one pipeline as the cursors allow: SCAN and both HSCANs
    /// page by page, the next page asked for before the last one's workers, and HMGET and PTTL for every worker. Returns the
    /// workers read.
    int readPipelined();
    /// The same workers, found by SCAN, then read with one request after another: HMGET, wait, PTTL, wait.
    int readOneByOne();
    /// Sets the shutdown command of each and announces it, all in one pipeline: SET EX NX and PUBLISH. Returns the keys set.
    int command(const std::vector<std::string> &ids);

    struct Followed
    {
        double cpuSeconds = 0;
        int reads = 0;
    };
    /// Reads each worker again when its hash is written, for so long, and nothing else: HMGET and PTTL on a keyspace event.
    Followed follow(int ms);

private:
    QByteArray m_socketPath;
    redisContext *m_context;
};

} // namespace pulsedeck::bench
