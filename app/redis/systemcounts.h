// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/detectedsystems.h"
#include "app/redis/detectionrequests.h"
#include "app/redis/recordreader.h"

#include <functional>
#include <optional>

namespace pulsedeck {

/// Counts the workers and queues of systems that were found, where few commands say it, and takes what the records of some
/// workers tell: queues, versions, work. Lives with the look it counts for.
class SystemCounts final : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostRecords = 32; ///< Of a system, that are read.
    static constexpr qint64 mostLookedAt = 1'000; ///< Members of a registry, whether they have a key.

    /// \a requests and \a systems outlive this.
    SystemCounts(DetectionRequests &requests, DetectedSystems &systems, QObject *parent);

    /// Also who of those that are registered lives, which takes commands that watching does not.
    void setCountsLiving(bool counts) { m_countsLiving = counts; }
    /// The system at this place has just been found.
    void count(size_t place);
    /// Whether a queue is another system's, of a layout by its place; nothing: it is not known.
    using IsOthers = std::function<std::optional<bool>(size_t layout, const LayoutConditions &unless, const QByteArray &queue)>;
    /// All workers that are known by their connections. \a clients: CLIENT LIST. Those of which it is not known whose they are do
    /// not count: there are at least the others. Only the last call counts.
    void countConnections(const QByteArray &clients, const IsOthers &isOthers);

private:
    using System = DetectedSystems::System;

    void readPause(size_t place);
    /// The record of the timing that workers, proxies and consoles share, where its system has it.
    void readTiming(size_t place);
    void countRegistered(size_t place, const LayoutDiscovery &discovery);
    void takeMembers(size_t place, const RedisReply &members);
    void countAlive(size_t place, const QByteArrayList &keys);
    void readQueues(size_t place);
    void readRecords(size_t place, const QByteArrayList &keys);
    void takeRecord(System &system, const RecordReading &reading, const WorkerText &text);
    void countScores(size_t place, const LayoutDiscovery &discovery);

    DetectionRequests &m_requests;
    DetectedSystems &m_systems;
    bool m_countsLiving = false;
};

} // namespace pulsedeck
