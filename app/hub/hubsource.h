// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubcalls.h"
#include "app/hub/hubconnection.h"
#include "app/hub/huborders.h"
#include "models/core/sleepgauge.h"
#include "models/hub/hubcall.h"
#include "models/protocol/fleetsource.h"

#include <QHash>
#include <QSet>

#include <atomic>
#include <memory>
#include <vector>

namespace pulsedeck {

struct HubSourceOptions
{
    HubConnectionOptions connection;
    TimingProfile timing; ///< Its worker values give way to what is learnt of the registrations' TTL.
    int passEveryMs = 2'000; ///< Between the starts of two passes over the registry; a pass that takes long is followed
                             ///< by as long a rest.
    int ackWaitMs = 1'500; ///< A command is told as delivered when its actor has not answered for so long.
    int wipeGraceMs =
        45'000; ///< After the hub forgot everything actors have so long to register again before they count as gone.
    // Of others' messages, as they come over the wire; what is more is dropped and told.
    double mailBytesPerSecond = 4 << 20;
    double mailBytesAtOnce = 8 << 20;
};

/// The actors of one Signal Hub as workers. The registry is read in pages, in turn, under the rate limit, again and
/// again: nothing is told of changes. A renewal or another registration is a beat, its moment taken from the hub's own
/// times; who is missing in two whole passes is gone. After the hub forgot everything the missing are awaited, not
/// gone. Drain and shutdown are messages to the actor: HubOrders. What else is asked of a hub: HubCalls. Lives on the
/// I/O thread. Holds no token but its own.
class HubSource final : public FleetSource
{
    Q_OBJECT

public:
    static constexpr int mostActors = 200'000;
    static constexpr int mostLookedUpLater = 4'000;
    // Of others' messages; more than that is dropped and told.
    static constexpr double mailPerSecond = 100;
    static constexpr double unaskedPerSecond = 2'000; ///< Answers to commands that are not remembered; more is not told.
    static constexpr qint64 mostMailUnderWay = 16 << 20; ///< Bytes kept that have not reached whoever shows them.

    HubSource(SourceId id, const HubSourceOptions &options, const Clock &clock, QObject *parent = nullptr);
    ~HubSource() override;

    /// For what is not the fleet's: messages, topics, metrics. Null while off.
    HubConnection *connection() const { return m_connection; }

    /// For the connections to come; the one there is keeps what it has, and what it has had refreshed, unless the hub
    /// refused it or this is another one.
    void setToken(const HubSecret &token);
    void setSecret(const QString &secret) override { setToken(HubSecret(secret)); }
    void prepareStart(const QString &message) override;
    void cannotStart(const SourceFailure &failure) override;

public slots:
    void start() override;
    /// ended() follows: the hub has been told and the connection is closed, or it took too long.
    void stop() override;
    void end() override { stop(); }
    void retryNow() override;
    /// True registers the console's own address too, so that actors can answer.
    void setWritable(bool writable) override;
    void carryOut(const QList<pulsedeck::Command> &commands) override;
    void lookUp(const QList<pulsedeck::Command> &commands) override;
    /// A hub has no shared timing record: always refused.
    void applyTiming(const pulsedeck::TimingApply &apply) override;
    void readTimingHistory() override;
    /// Answered by callAnswered(), exactly once. What sends, and subscribing, is refused unless writable.
    void call(const pulsedeck::HubCall &call);
    /// Before start(): a topic that an earlier source of the same hub was asked for.
    void keepTopic(const QString &topic) { m_calls.keepTopic(topic); }

signals:
    /// After each pass and each heartbeat, and when the connection came or went.
    void viewChanged(const pulsedeck::HubView &view);
    void callAnswered(const pulsedeck::HubCallAnswer &answer);
    /// What actors and other consoles sent us, their answers to commands included.
    void mailReceived(const pulsedeck::HubMail &mail);
    /// HubOrders::answeredUnasked().
    void answeredUnasked(const QByteArray &from, const pulsedeck::CommandProgress &progress);
    void subscriptionChanged(pulsedeck::SourceId source, const pulsedeck::HubSubscription &subscription);

private:
    /// Why actors that are missing are awaited.
    enum class Aftermath : quint8 {
        None,
        Wiped, ///< The hub forgot everything.
        Restarted, ///< Most of its registrations were gone when it was back.
    };
    struct Record
    {
        QString address; ///< Empty for a free place.
        QString connectionId;
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
        bool saysStatus = false; ///< Its metadata tell its status.
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
    void takeStatus(Record &record, const HubActor &actor);
    void tellFacts(const Record &record, const HubActor &actor);
    void remove(size_t slot, WorkerEnd end, qint64 now);
    void learnTiming();
    WorkerSample sampleOf(const Record &record, qint64 now) const;
    void flush();
    qint64 fromHub(qint64 hubMs) const { return hubMs - m_offsetMs; }

    void onBeat();
    void describe();
    QString aftermathText() const;
    void awaitActors(Aftermath why);
    void lookUpOne(const Command &command);
    void tellFound(const Command &command, CommandProgress::Outcome outcome, bool present, const QString &text);
    void lookUpLater(bool over);
    void onMessage(const HubMessage &message);
    void passOn(const HubMessage &message, const hub::Application &application);
    void setStatus(const QString &address, WorkerStatus status);
    CommandRights rights() const;

    const SourceId m_id;
    HubSourceOptions m_options;
    const Clock &m_clock;
    SleepGauge m_sleep;
    HubConnection *m_connection = nullptr;
    HubConnection *m_closing = nullptr; ///< Told to end, and not closed yet.
    HubOrders m_orders;
    HubCalls m_calls;
    TokenBucket m_mailBudget;
    TokenBucket m_mailBytes;
    TokenBucket m_unaskedBudget;
    std::shared_ptr<std::atomic<qint64>> m_mailUnderWay; ///< Bytes; given back on any thread, also when this is gone.
    QTimer m_passTimer;
    SourceStatus m_status;
    HubView m_view;
    FleetBatch m_batch;
    std::vector<Record> m_records;
    std::vector<size_t> m_free;
    QHash<QString, size_t> m_slots;
    QSet<QStringList> m_capabilities; ///< One copy of each list, whoever has it.
    QList<Command> m_lookUps; ///< Of actors that have not been seen since the reconnect.
    QString m_listProblem;
    qint64 m_offsetMs = 0; ///< Hub's clock minus ours.
    qint64 m_passBegan = 0;
    qint64 m_awaitUntil = 0; ///< After a wipe; 0 if nobody is awaited.
    qint64 m_slowedAt = 0; ///< When the hub last refused a message for its rate.
    quint32 m_refusedForRate = 0;
    qint64 m_lastAnswerAt = 0;
    quint32 m_pass = 0;
    quint32 m_generation = 0;
    quint32 m_wholeInGeneration = 0; ///< Whole passes since the connection stands.
    WorkerNumber m_nextNumber = 0;
    qint64 m_listTotal = 0; ///< As the hub counts, our own address included.
    int m_pages = 0;
    int m_skipped = 0;
    bool m_selfListed = false; ///< In this pass.
    bool m_survivor = false; ///< Since the connection stands one is listed as registered when it was before: the hub remembers.
    int m_registeredAnew = 0; ///< Since the connection stands: known before, and the hub counts them from one.
    int m_knownBefore = 0; ///< When the connection came to stand.
    Aftermath m_aftermath = Aftermath::None;
    bool m_forgot = false; ///< The last connection ended because the hub forgot everything; until the first whole pass.
    bool m_tellAll = false; ///< In this pass everybody is told of: the hub's clock was read wrongly before.
    bool m_tellAllNext = false;
    bool m_passOpen = false; ///< Begun and not whole: what is begun again counts as the same.
    bool m_writable = false;
    bool m_truncated = false;
};

} // namespace pulsedeck
