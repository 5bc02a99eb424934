// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubcallhandler.h"
#include "app/hub/hubconnection.h"
#include "app/hub/huborders.h"
#include "app/hub/listedactors.h"
#include "models/core/sleepgauge.h"
#include "models/hub/messagingsource.h"

#include <atomic>
#include <memory>

namespace pulsedeck {

struct HubSourceOptions
{
    HubConnectionOptions connection;
    TimingProfile timing; ///< Its worker values are replaced by those learned from the TTL of the registrations.
    int passEveryMs = 2'000; ///< Between the starts of two passes over the registry; a pass that takes long is followed
                             ///< by as long a rest.
    int ackWaitMs = 1'500; ///< A command is reported as delivered when its actor has not answered for so long.
    /// After the hub forgot everything actors have so long to register again before they count as gone.
    int wipeGraceMs = 45'000;
    // Of messages of others, as they come over the wire; more is dropped and counted.
    double messageBytesPerSecond = 4 << 20;
    double messageBytesAtOnce = 8 << 20;
};

/// The actors of one Signal Hub as workers. Its list is read in pages, one after the other and within the rate limit, again
/// and again, as a hub announces no changes; ListedActors keeps what is in it. Drain and shutdown are messages to the actor:
/// HubOrders. Other requests to the hub: HubCallHandler. Lives on the I/O thread. Holds no token but its own.
class HubSource final : public MessagingSource
{
    Q_OBJECT

public:
    static constexpr int mostActors = 200'000;
    static constexpr int mostLookedUpLater = 4'000;
    // Of messages of others; more is dropped and counted.
    static constexpr double messagesPerSecond = 100;
    static constexpr double unaskedPerSecond = 2'000; ///< Answers to commands that are not remembered; more is not reported.
    static constexpr qint64 mostBytesUnderWay = 16 << 20; ///< Bytes passed on and not shown yet.

    HubSource(SourceId id, const HubSourceOptions &options, const Clock &clock, QObject *parent = nullptr);
    ~HubSource() override;

    /// For messages, topics and metrics. Null while off.
    HubConnection *connection() const { return m_connection; }

    /// For the connections to come; the one there is keeps what it has, and what it has had refreshed, unless the hub
    /// refused it or this is another one.
    void setToken(const HubSecret &token);
    void setSecret(const QString &secret) override { setToken(HubSecret(secret)); }
    void prepareStart(const QString &message) override;
    void cannotStart(const SourceFailure &failure) override;

public slots:
    void start() override;
    /// ended() follows when the hub has ended the session, or took too long.
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
    void call(const pulsedeck::HubCall &call) override;
    void keepTopic(const QString &topic) override { m_calls.keepTopic(topic); }

private:
    void onState(HubConnection::State state);
    void setState(SourceState state);
    void emitStatus();
    void emitView();
    void beginPass();
    void askPage(int offset);
    void takePage(const hub::ActorList &list, qint64 now);
    void endPass();
    void learnTiming();

    void onBeat();
    void describe();
    QString aftermathText() const;
    void lookUpOne(const Command &command);
    void tellFound(const Command &command, CommandProgress::Outcome outcome, bool present, const QString &text);
    void lookUpLater(bool over);
    void onMessage(const HubMessage &message);
    void passOn(const HubMessage &message, const hub::Application &application);
    CommandRights rights() const;

    const SourceId m_id;
    HubSourceOptions m_options;
    const Clock &m_clock;
    SleepGauge m_sleep;
    HubConnection *m_connection = nullptr;
    HubConnection *m_closing = nullptr; ///< Asked to end, and not closed yet.
    ListedActors m_actors;
    HubOrders m_orders;
    HubCallHandler m_calls;
    TokenBucket m_messageBudget;
    TokenBucket m_byteBudget;
    TokenBucket m_unaskedBudget;
    std::shared_ptr<std::atomic<qint64>> m_bytesUnderWay; ///< Bytes; given back on any thread, also when this is gone.
    QTimer m_passTimer;
    SourceStatus m_status;
    HubView m_view;
    QList<Command> m_lookUps; ///< Of actors that have not been seen since the reconnect.
    QString m_listProblem;
    qint64 m_passBegan = 0;
    qint64 m_slowedAt = 0; ///< When the hub last refused a message for its rate.
    quint32 m_refusedForRate = 0;
    qint64 m_lastAnswerAt = 0;
    qint64 m_listTotal = 0; ///< As the hub counts, our own address included.
    int m_pages = 0;
    int m_skipped = 0;
    bool m_writable = false;
    bool m_truncated = false;
};

} // namespace pulsedeck
