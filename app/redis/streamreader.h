// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/scanpages.h"

#include <QCoreApplication>
#include <QSet>

#include <deque>

namespace pulsedeck {

/// Finds streams by SCAN and reads their groups and consumers (XINFO GROUPS, XINFO CONSUMERS), pass by pass: all streams, then
/// all groups, a few requests at a time. No entry is read. Bounded: mostStreams, mostGroups of one stream, mostConsumers of one
/// group, mostInAll. Whatever is deleted meanwhile is not in the pass. Lives on the I/O thread, belongs to a StreamDialect.
class StreamReader final : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostStreams = 1'000;
    static constexpr int mostGroups = 100;
    /// Of one group: there are programs that take a new name at each start and never delete one.
    static constexpr int mostConsumers = 10'000;
    static constexpr int mostInAll = 50'000;
    static constexpr int requestsPerSecond = 1'000;
    static constexpr int consumersPerSecond = 20'000;

    struct Group
    {
        QByteArray stream;
        QByteArray name;
        qint64 pending = 0;
        qint64 lag = -1; ///< Entries that were not delivered yet; -1: Redis does not know, or is older than 7.0.
        qint64 consumers = 0;
        qint64 read = -1; ///< Entries that were delivered to it since the stream began; -1: as for lag.
    };
    /// Valid during the call.
    struct Consumer
    {
        QByteArrayView stream;
        QByteArrayView group;
        QByteArrayView name;
        qint64 pending = 0;
        qint64 idleMs = 0; ///< Since its last call; up to Redis 7.0 since it was given an entry.
        qint64 inactiveMs = -1; ///< Since it was given an entry, from Redis 7.2 on; -1: never, or not known.
    };
    class Taker
    {
    public:
        virtual ~Taker() = default;
        virtual void takeConsumer(const Consumer &consumer) = 0;
        /// Its groups at this moment; none: it has no group, or it is not there any more.
        virtual void takeStream(const QByteArray &stream, const std::vector<Group> &groups) = 0;
        /// All streams known were read, or refused; see isUnread().
        virtual void passed() = 0;
    };

    /// How many entries the groups of a stream were not given yet, all together, by what XINFO GROUPS answered; -1: not known.
    static qint64 lagOf(const RedisReply &groups);

    /// \a pattern: glob-style, of the keys.
    StreamReader(RedisSession &session, const QByteArray &pattern, Taker &taker);

    /// Streams are looked for, and then read.
    void beginView();
    /// That was done, or refused.
    bool isRead() const { return m_read; }
    void lost();
    /// Reads again when it is time: known streams after \a everyMs, others as often as the budget allows.
    void look(qint64 now, int everyMs);
    /// As soon as may be.
    void readSoon() { m_passedAt = 0; }
    /// Streams are looked for as soon as may be.
    void findSoon() { m_scannedAt = 0; }
    int sweepPeriodMs(int everyMs) const;
    int scanPeriodMs() const;
    /// In the pass that has just ended nothing was heard of the group: its consumers are as they were.
    bool isUnread(const QByteArray &stream, const QByteArray &group) const;

private:
    struct Request
    {
        QByteArray stream;
        QByteArray group; ///< May have no name.
        bool ofGroup = false; ///< Otherwise the groups of the stream are asked for.
    };

    void scanEnded(const RedisAnswer &last);
    void beginPass();
    void pump();
    void takeGroups(const QByteArray &stream, const RedisAnswer &answer);
    void takeConsumers(const Request &request, const RedisAnswer &answer);
    void answered();
    void tellLimits();

    RedisSession &m_session;
    Taker &m_taker;
    DiscoveryBudget m_budget{10};
    ScanPages m_pages;
    QSet<QByteArray> m_found; ///< By the scan under way.
    QSet<QByteArray> m_streams;
    std::deque<Request> m_queue; ///< Not sent yet.
    QSet<std::pair<QByteArray, QByteArray>> m_unread; ///< Of the pass; with a null group all of the stream.
    QString m_refusal; ///< Of the pass: what Redis said to XINFO.
    QStringList m_tooMany; ///< Of the pass, in sentences.
    qint64 m_scannedAt = 0;
    qint64 m_passedAt = 0;
    int m_underWay = 0;
    qint64 m_requests = 0; ///< Of the pass.
    qint64 m_consumers = 0;
    qint64 m_expected = 0; ///< Consumers of the groups that were asked.
    int m_lastCostMs = 0; ///< What the last pass takes at the rates above.
    bool m_scanning = false;
    bool m_passing = false;
    bool m_read = false;
    bool m_again = false; ///< The view began while something was under way.
    bool m_manyStreams = false;
    bool m_manyConsumers = false;
};

} // namespace pulsedeck
