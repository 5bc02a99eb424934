// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/hub/hubmessage.h"
#include "models/core/clock.h"
#include "models/protocol/command.h"

#include <QHash>
#include <QObject>

#include <deque>

namespace pulsedeck {

class CommandLedger;
struct HubAnswer;
class HubConnection;

/// Drain and shutdown as messages to actors, and what the actors answer. An actor answers with a message worker:ack
/// {commandId, accepted, reason} to our own address. A command not answered in time is reported as Delivered; its answer
/// counts when it comes later, once, and only from the actor the command went to. Lives on the I/O thread.
class HubOrders : public QObject
{
    Q_OBJECT

public:
    static constexpr int mostUnderWay = 4; ///< At once, so that other messages find their way between.
    static constexpr size_t mostRemembered = 4'000; ///< Delivered or uncertain, for an answer that comes later …
    static constexpr qint64 rememberedMs = 15 * 60'000; ///< … within so long.

    HubOrders(SourceId source, int ackWaitMs, const Clock &clock, QObject *parent);

    /// Null before the connection ends for good: what has not been sent is refused then.
    void setConnection(HubConnection *connection);
    void carryOut(const Command &command);
    /// Everything not sent is refused; answers to what was sent still count.
    void refuseWaiting(Refusal refusal);
    /// Delivered commands whose actors still had time are reported now.
    void endWaits();
    /// A forwarded worker:ack.
    void hear(const HubMessage &message, const hub::Application &application);
    void answer(const Command &command, CommandProgress::Outcome outcome, Refusal refusal, const CommandRemark &remark);
    void refuse(const Command &command, Refusal refusal, const QString &text = {});

signals:
    void progressed(const QList<pulsedeck::CommandProgress> &progress);
    /// An actor answered a command that is not remembered here: given by an earlier run, or too long ago. Whoever knows
    /// the command may take it, if it is one to \a from: see takeUnaskedAnswer().
    void answeredUnasked(const QByteArray &from, const pulsedeck::CommandProgress &progress);
    /// What an actor said of itself by accepting.
    void accepted(const QString &address, pulsedeck::WorkerStatus status);

private:
    enum class Phase : quint8 {
        Sent,
        Delivered, ///< The hub's word; the actor has some time left.
        Reported, ///< As Delivered or Unknown: only the actor's answer can follow.
    };
    struct Order
    {
        Command command;
        Phase phase = Phase::Sent;
    };

    CommandProgress progressOf(const QUuid &command, Act act, CommandProgress::Outcome outcome, Refusal refusal,
                               const CommandRemark &remark) const;
    void feed();
    void send(const Command &command);
    void takeAnswer(const QUuid &id, const HubAnswer &answer);
    void reportDelivered(const QUuid &id);
    void remember(const QUuid &id);

    const SourceId m_source;
    const int m_ackWaitMs;
    const Clock &m_clock;
    HubConnection *m_connection = nullptr;
    std::deque<Command> m_queue;
    QHash<QUuid, Order> m_orders;
    std::deque<std::pair<qint64, QUuid>> m_reported; ///< Oldest first.
    int m_underWay = 0;
};

/// Gives what HubOrders::answeredUnasked() reported to the ledger: true if it knows the command as one that was given to \a from,
/// an actor of that hub, and that such an answer can still move. GUI thread.
bool takeUnaskedAnswer(CommandLedger &ledger, const QByteArray &from, const CommandProgress &progress);

} // namespace pulsedeck
