// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/fleetdialect.h"
#include "app/redis/layoutscripts.h"
#include "app/redis/recordreader.h"
#include "app/redis/streamreader.h"

#include <QCoreApplication>

namespace pulsedeck {

/// What a StreamDialect knows of one consumer. Times are the console's clock in ms, 0 for not yet.
struct StreamConsumer
{
    WorkerNumber number = 0;
    QByteArray stream;
    QByteArray group;
    bool told = false; ///< The store shows it.
    bool missed = false; ///< The server lost it with all its keys: it is awaited, see Reregistration.
    quint32 pass = 0; ///< The last one that had it.
    quint32 generation = 0; ///< Of the connection on which it was last read.
    qint64 readAt = 0;
    qint64 calledAt = 0; ///< As Redis counts it, see StreamReader::Consumer::idleMs.
    qint64 pending = 0;
    WorkerStatus status = WorkerStatus::Available;
};

/// The consumers of stream groups as workers. Redis says how long ago each last called, by its own clock, so no worker's clock is
/// involved. One that called lately lives. One that did not is late and stale if it has entries that it does not acknowledge, or
/// if entries wait in its group and none of its consumers reads. Any other may wait, or be gone: nothing tells them apart, and it
/// is said to be unknown (Unheard). Nothing is announced of consumers: they are read at a cadence. Queues are streams with a
/// group: what waits is what the groups were not given yet. Bounded as StreamReader is. Lives on the I/O thread.
class StreamDialect final : public FleetDialect, private StreamReader::Taker
{
    Q_DECLARE_TR_FUNCTIONS(StreamDialect)

public:
    static constexpr int mostQueues = 1'000;

    /// \a layout: with the prefix in force.
    StreamDialect(RedisSession &session, const Layout &layout, TraitsRef traits);
    ~StreamDialect() override;

    QByteArrayList prefixes() const override { return {}; }
    void beginView() override;
    bool isViewRead() const override { return m_reader->isRead(); }
    void lost() override;
    void tick(qint64 now) override;
    void takeAnnounced(const RedisReply &, qint64) override { }
    void emptied(qint64) override { m_reader->readSoon(); }
    void keysLost() override;
    void awaitingOver() override;
    int sweepPeriodMs() const override { return m_reader->sweepPeriodMs(int(m_layout.sweepMs)); }
    int scanPeriodMs() const override { return m_reader->scanPeriodMs(); }
    bool knows(const QByteArray &worker) const override;
    const ActScripts *scripts() const override { return &m_scripts; }
    void commandAnswered(const Command &command, CommandProgress::Outcome outcome) override;

private:
    using Consumers = QHash<QByteArray, StreamConsumer>;

    void takeConsumer(const StreamReader::Consumer &consumer) override;
    void takeStream(const QByteArray &stream, const std::vector<StreamReader::Group> &groups) override;
    void passed() override;

    QByteArray idOf(const StreamReader::Consumer &consumer) const;
    void tellText(const QByteArray &id, StreamConsumer &consumer, const StreamReader::Consumer &read);
    void report(const StreamConsumer &consumer, bool beat);
    bool isUnheard(const StreamConsumer &consumer) const;
    void noteCall(const StreamConsumer &consumer);
    /// Entries have waited in its group for so long, and none of its consumers was given any: one that reads would be.
    bool isStuck(const StreamConsumer &consumer) const;
    /// False: it is to be forgotten.
    bool judgeMissing(StreamConsumer &consumer);
    void end(StreamConsumer &consumer, WorkerEnd how);
    void endQueue(const QByteArray &stream);

    RedisSession &m_session;
    const Layout m_layout;
    const TraitsRef m_traits;
    const RecordReader m_records;
    const LayoutScripts m_scripts;
    QByteArray m_separators; ///< What stands between the parts of an id.
    StreamReader *const m_reader; ///< A child of the session, deleted here.
    Consumers m_consumers; ///< By id.
    QSet<QByteArray> m_queues;
    QHash<QByteArray, QHash<QByteArray, qint64>>
        m_waiting; ///< By stream and group: since when entries wait and no consumer calls.
    LeftOut m_leftOut; ///< Of the pass under way.
    quint32 m_pass = 1; ///< Number of the pass under way.
};

} // namespace pulsedeck
