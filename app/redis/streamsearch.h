// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/detectedsystems.h"
#include "app/redis/detectionrequests.h"

namespace pulsedeck {

/// Looks for systems whose workers read streams: streams are found by their type, as any name will do, and one shows a system if
/// it has a group of consumers. A few pages in a look, and one each time that it goes on. Lives with the look it is a part of.
class StreamSearch final : public QObject
{
    Q_OBJECT

public:
    static constexpr int leastPages = 3; ///< Of a look.
    static constexpr int mostPages = 20; ///< Each of some pageKeys keys.
    static constexpr int pageKeys = 5'000;
    static constexpr int mostTries = 20; ///< Streams of a page that are asked for their groups.
    static constexpr int keptBack = 60; ///< Commands that are left to the rest of the look.

    /// \a hasTime: whether the look may take further pages. \a requests and \a systems outlive this.
    StreamSearch(DetectionRequests &requests, DetectedSystems &systems, std::function<bool()> hasTime, QObject *parent);

    void look();
    /// One more page, if there is one.
    bool goOn();
    /// Whether all streams were looked at.
    bool isWhole() const;
    /// The same for one layout; true also for one that is not looked for so.
    bool isWhole(size_t layout) const;

signals:
    /// It has a group: DetectedSystems::find() gives the system after this.
    void found(size_t layout, const QByteArray &stream);

private:
    struct Way
    {
        size_t layout = 0;
        QByteArray pattern;
        QByteArray cursor = "0";
        int pages = 0;
        int tries = 0;
        bool whole = false;
        bool asked = false; ///< A page is under way, of goOn().
    };

    void scan(size_t which);
    void take(size_t which, const RedisReply &keys);

    DetectionRequests &m_requests;
    DetectedSystems &m_systems;
    const std::function<bool()> m_hasTime;
    std::vector<Way> m_ways;
};

} // namespace pulsedeck
