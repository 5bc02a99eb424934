// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubconnection.h"
#include "models/fleet/fleetsource.h"

#include <QHash>
#include <QUuid>

#include <vector>

namespace pulsedeck {

struct HubSourceOptions
{
    HubConnectionOptions connection;
    TimingProfile timing; ///< Its worker values give way to what is learnt of the registrations' TTL.
    int passEveryMs = 2'000; ///< Between the starts of two passes over the registry; a pass that takes long is followed
                             ///< by as long a rest.
    int ackWaitMs = 2'500; ///< A command is told as delivered when its actor has not answered for so long.
    int wipeGraceMs =
        45'000; ///< After the hub forgot everything actors have so long to register anew before they count as gone.
};

/// How old and how whole the view of one hub is. A value.
struct HubView
{
    SourceId source = 0;
    HubVitals vitals;
    qint64 wholeSince =
        0; ///< Console's clock, when the last whole pass began: nothing shown is older. 0 before the first.
    qint64 passMs = 0; ///< How long it took.
    qint64 everyMs = 0; ///< From its start to the start of the one before; 0 if unknown.
    int pages = 0; ///< It had.
    qint64 total = 0; ///< Actors, as the hub counts them.
    int skipped = 0; ///< Entries of the last pass that could not be read.
    int awaited = 0; ///< Actors that have not registered anew since the hub forgot them.
};

/// The actors of one Signal Hub as workers. The registry is read in pages, in turn, under the rate limit, again and
/// again: nothing is told of changes. A renewal or another registration is a beat, its moment taken from the hub's own
/// times; who is missing in two whole passes is gone. After the hub forgot everything the missing are awaited, not
/// gone. Drain and shutdown are messages to the actor. Lives on the I/O thread. Holds no token but its own.
class HubSource final : public FleetSource
{
    Q_OBJECT

public:
    static constexpr int mostActors = 200'000;

    HubSource(SourceId id, const HubSourceOptions &options, const Clock &clock, QObject *parent = nullptr);
    ~HubSource() override;

    /// For what is not the fleet's: messages, topics, metrics. Null while off.
    HubConnection *connection() const { return m_connection; }

public slots:
    void start() override;
    void stop() override;
    void retryNow() override;
    /// True registers the console's own address too, so that actors can answer.
    void setWritable(bool writable) override;
    void carryOut(const QList<pulsedeck::Command> &commands) override;
    void lookUp(const QList<pulsedeck::Command> &commands) override;
    /// A hub has no shared timing record: always refused.
    void applyTiming(const pulsedeck::TimingApply &apply) override;
    void readTimingHistory() override;

signals:
    /// After each pass and each heartbeat.
    void viewChanged(const pulsedeck::HubView &view);
    /// What actors and other consoles sent us, their answers to commands included.
    void messageReceived(const pulsedeck::HubMessage &message);

private:
    struct Record
    {
        QString address; ///< Empty for a free place.
        WorkerNumber number = 0;
        quint32 seenInPass = 0;
        quint32 generation = 0; ///< When it was last told of.
        size_t textHash = 0;
        qint64 firstRegisteredAt = 0; ///< Hub's clock, like all that follow.
        qint64 registeredAt = 0;
        qint64 beatAt = 0;
        std::optional<qint64> expiresAt;
        qint64 version = -1;
        WorkerStatus status = WorkerStatus::Registered;
    };
    struct Waiting
    {
        Command command;
        QTimer *timer = nullptr; ///< Runs once the command is delivered.
    };

    void onState(HubConnection::State state);
    void setState(SourceState state);
    void emitStatus();
    void emitView();
    void beginPass();
    void askPage(int offset);
    void takePage(const hub::ActorList &list, qint64 now);
    void takeActor(const HubActor &actor, qint64 now);
    void endPass();
    void sweepMissing(qint64 now);
    bool lostMost() const;
    void remove(size_t slot, WorkerEnd end, qint64 now);
    void learnTiming();
    WorkerSample sampleOf(const Record &record, qint64 now) const;
    void flush();
    qint64 fromHub(qint64 hubMs) const { return hubMs - m_offsetMs; }

    void sendCommand(const Command &command);
    void answerCommand(const Command &command, CommandProgress::Outcome outcome, Refusal refusal, const QString &text);
    void settle(const QUuid &id, CommandProgress::Outcome outcome, Refusal refusal, const QString &text);
    void onMessage(const HubMessage &message);
    void setStatus(const QString &address, WorkerStatus status);
    CommandRights rights() const;

    const SourceId m_id;
    const HubSourceOptions m_options;
    const Clock &m_clock;
    HubConnection *m_connection = nullptr;
    QTimer m_passTimer;
    SourceStatus m_status;
    HubView m_view;
    FleetBatch m_batch;
    std::vector<Record> m_records;
    std::vector<size_t> m_free;
    QHash<QString, size_t> m_slots;
    QHash<QUuid, Waiting> m_waiting; ///< Commands that are not answered yet.
    qint64 m_offsetMs = 0; ///< Hub's clock minus ours.
    qint64 m_passBegan = 0;
    qint64 m_awaitUntil = 0; ///< After a wipe; 0 if nobody is awaited.
    qint64 m_lastAnswerAt = 0;
    quint32 m_pass = 0;
    quint32 m_generation = 0;
    quint32 m_wholeInGeneration = 0; ///< Whole passes since the connection stands.
    WorkerNumber m_nextNumber = 0;
    int m_pages = 0;
    int m_skipped = 0;
    bool m_passOpen = false; ///< Begun and not whole: what is begun anew counts as the same.
    bool m_writable = false;
    bool m_truncated = false;
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::HubView)
