// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/redis/pushtrust.h"
#include "app/redis/readrate.h"
#include "app/redis/redissourceoptions.h"
#include "app/redis/reregistration.h"
#include "app/redis/serveridentity.h"
#include "app/redis/viewlimits.h"
#include "models/core/clock.h"
#include "models/core/clockoffset.h"
#include "models/protocol/fleetbatch.h"
#include "models/protocol/sourcestatus.h"
#include "models/protocol/timingrecord.h"

#include <QObject>

namespace pulsedeck {

/// What the parts of a RedisSource share: the connection they ask, how far it has come, and what they report. The source sets
/// the state, its parts read it. Lives on the I/O thread. Times are the console's clock in milliseconds.
class RedisSession final : public QObject
{
    Q_OBJECT

public:
    using Limit = ViewLimits::Kind;

    RedisSession(SourceId id, const RedisUrl &url, const RedisSourceOptions &options, const Clock &clock, QObject *parent);

    // Requests. Only answers of the present connection are given to a handler: nothing can be concluded from the end of a
    // connection, and lost() of every part resets what was under way.

    bool isReady() const { return connection && connection->state() == RedisConnection::State::Ready; }
    bool isCurrent(quint32 ofGeneration) const { return connection && ofGeneration == generation && running; }
    void ask(std::span<const QByteArrayView> words, RedisConnection::Handler handler);
    void ask(std::initializer_list<QByteArrayView> words, RedisConnection::Handler handler);
    /// The same by another connection to the same server; without one by the session's own.
    void askBy(RedisConnection *other, std::span<const QByteArrayView> words, RedisConnection::Handler handler);
    /// Asks how long the \a fields of a hash are and calls \a then with a bit per field that is too large to be read. The
    /// bytes of \a key and \a fields are copied.
    void askSizes(QByteArrayView key, std::span<const QByteArrayView> fields, const std::function<void(quint32 tooLarge)> &then);
    /// HMGET of all \a fields but those too large, which are answered as missing.
    void askFields(QByteArrayView key, std::span<const QByteArrayView> fields, quint32 tooLarge,
                   RedisConnection::Handler handler);
    /// Both: sizes first where that is needed. The bytes of \a fields must outlive the answer.
    void readFields(const QByteArray &key, const std::vector<QByteArrayView> &fields, RedisConnection::Handler handler);

    qint64 now() const { return clock.nowMs(); }
    /// By the server's clock.
    qint64 serverNow(qint64 now) const { return now + clockOffset.offsetMs(); }

    // Workers, collected into batches.

    void addText(const WorkerText &text) { m_batch.texts.append(text); }
    void addSample(const WorkerSample &sample);
    void addRemoved(WorkerNumber number) { m_batch.removed.append(number); }
    void addQueue(const QueueSample &queue) { m_batch.queues.append(queue); }
    void addPause(const PauseSample &pause) { m_batch.pauses.append(pause); }
    void addWorkerJobs(const WorkerJobs &jobs);
    void flush();
    /// When nothing is under way whose answer belongs to the same batch.
    void flushIfIdle()
    {
        if (inFlight == 0)
            flush();
    }
    /// A worker was read. \a lagMs: since its change was announced; negative if it was not.
    void countRead(qint64 lagMs);

    // The source's status.

    void setState(SourceState state);
    /// \a by: see ViewLimits::set().
    void setLimit(Limit kind, const QString &text, const void *by = nullptr);
    void endLimit(Limit kind, const void *by = nullptr);
    void clearLimits();
    bool hasLimit(Limit kind) const { return m_limits.has(kind); }
    /// What is wrong with the shared timing record, each in a sentence; the list is bounded.
    void setTimingProblems(const QStringList &texts);
    /// Says in words what is wrong though the source is connected and answers.
    void describe();
    /// The status has changed, or it is time to repeat it.
    void report();
    qint64 reportedAt() const { return m_reportedAt; }
    /// "Redis" or "Valkey".
    QString product() const;
    /// A part of the full view is read, or refused. Of 100,000 reads only the last is worth a signal.
    void partRead()
    {
        if (!fullView && awaited == 0)
            emit viewPartRead();
    }

    const SourceId id;
    const RedisUrl url;
    const RedisSourceOptions options;
    bool seen = true; ///< See FleetSource::setSeen().
    const Clock &clock;
    RedisConnection *connection = nullptr; ///< Null while the source is off.
    SourceStatus status;
    ClockOffset clockOffset;
    PushTrust pushTrust;
    Reregistration reregistration;
    ServerIdentity identity; ///< Of the server last connected to.
    quint32 generation = 0; ///< Counts connections taken into use.
    WorkerNumber nextNumber = 0; ///< Of all parts together.
    int workers = 0; ///< Known to all parts together.
    int inFlight = 0; ///< Requests whose answers the next batch waits for.
    int awaited = 0; ///< Requests the full view waits for.
    bool running = false;
    bool begun = false; ///< The present connection has been taken into use.
    bool pushing = false; ///< Changes are announced.
    qint64 pushClient = 0; ///< CLIENT ID of the connection they are announced on; 0 while there is none.
    bool fullView = false; ///< Everything there was has been read once on this connection.
    bool replica = false; ///< The server is one: workers are connected to another.
    bool careful = false; ///< A reply was larger than one may be: sizes are asked before values, and smaller pages.

signals:
    void batchReady(const pulsedeck::FleetBatch &batch);
    void statusChanged(const pulsedeck::SourceStatus &status);
    /// Comes before statusChanged(), for what is worked out only then.
    void reporting();
    void viewPartRead();
    void timingApplied(const pulsedeck::TimingApplied &applied);
    void timingHistoryRead(const pulsedeck::TimingHistory &history);

private:
    void tellLimits();

    FleetBatch m_batch;
    ViewLimits m_limits;
    qint64 m_reportedAt = 0;
    ReadRate m_rate;
};

} // namespace pulsedeck
