// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/huborders.h"

#include "app/hub/hubconnection.h"
#include "app/hub/hubtext.h"
#include "models/commands/commandledger.h"
#include "models/hub/hubcommand.h"
#include "models/sources/hubprotocol.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using OrderOutcome = CommandProgress::Outcome;

} // namespace

HubOrders::HubOrders(SourceId source, int ackWaitMs, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_ackWaitMs(ackWaitMs)
    , m_clock(clock)
{ }

void HubOrders::setConnection(HubConnection *connection)
{
    m_connection = connection;
    if (!m_connection)
        refuseWaiting(Refusal::NotConnected);
}

void HubOrders::carryOut(const Command &command)
{
    if (const QString why = hubTraits()->whyNot(command.act); !why.isEmpty()) {
        refuse(command, Refusal::Server, why);
    } else if (!m_connection || m_connection->state() != HubConnection::State::Ready) {
        refuse(command, Refusal::NotConnected);
    } else {
        m_queue.push_back(command);
        feed();
    }
}

void HubOrders::refuseWaiting(Refusal refusal)
{
    const std::deque<Command> queue = std::exchange(m_queue, {});
    for (const Command &command : queue)
        refuse(command, refusal);
}

void HubOrders::feed()
{
    while (m_connection && m_underWay < mostUnderWay && !m_queue.empty()) {
        const Command command = m_queue.front();
        m_queue.pop_front();
        send(command);
    }
}

void HubOrders::send(const Command &command)
{
    ++m_underWay;
    m_orders.insert(command.id, {command, Phase::Sent});
    m_connection->request(
        HubRequest::ask(QString::fromUtf8(command.worker), hubCommandType(command.act), hubCommandData(command)),
        [this, id = command.id](const HubAnswer &answer) {
            --m_underWay;
            takeAnswer(id, answer);
            feed();
        });
}

void HubOrders::takeAnswer(const QUuid &id, const HubAnswer &answered)
{
    const auto order = m_orders.find(id);
    if (order == m_orders.end())
        return; // The actor answered before the hub reported the delivery.
    const Command command = order->command;
    const auto takeRefusal = [&](Refusal refusal, const QString &text = {}) {
        m_orders.erase(order);
        refuse(command, refusal, text);
    };
    switch (answered.outcome) {
    case HubAnswer::Outcome::Answered:
    case HubAnswer::Outcome::Sent:
        order->phase = Phase::Delivered;
        QTimer::singleShot(m_ackWaitMs, this, [this, id] { reportDelivered(id); });
        break;
    case HubAnswer::Outcome::UnknownActor:
        takeRefusal(answered.hasExpired() ? Refusal::RegistrationExpired : Refusal::KeyGone, answered.text());
        break;
    case HubAnswer::Outcome::Refused:
    case HubAnswer::Outcome::TooLarge:
        takeRefusal(Refusal::Server, answered.text());
        break;
    case HubAnswer::Outcome::NotSent:
        takeRefusal(Refusal::NotConnected);
        break;
    case HubAnswer::Outcome::TimedOut:
    case HubAnswer::Outcome::Lost: // It may have arrived, and the actor may say so.
        remember(id);
        answer(command, OrderOutcome::Unknown, Refusal::None, {CommandNote::None, answered.text()});
        break;
    }
}

void HubOrders::reportDelivered(const QUuid &id)
{
    const auto order = m_orders.constFind(id);
    if (order == m_orders.constEnd() || order->phase != Phase::Delivered)
        return;
    const Command command = order->command;
    CommandRemark remark;
    remark.setNote(CommandNote::NotAnswered);
    if (!m_connection || !m_connection->isRegistered())
        remark.setNote(CommandNote::NoAnswerPossible, m_connection ? m_connection->vitals().registrationProblem : QString());
    remember(id);
    answer(command, OrderOutcome::Delivered, Refusal::None, remark);
}

void HubOrders::endWaits()
{
    QList<QUuid> waiting;
    for (auto order = m_orders.cbegin(); order != m_orders.cend(); ++order) {
        if (order->phase == Phase::Delivered)
            waiting.append(order.key());
    }
    for (const QUuid &id : std::as_const(waiting))
        reportDelivered(id);
}

/// For an answer that may come later. What is too old or too much is forgotten: its command has ended as it was reported.
void HubOrders::remember(const QUuid &id)
{
    const qint64 now = m_clock.nowMs();
    m_orders[id].phase = Phase::Reported;
    m_reported.push_back({now, id});
    while (m_reported.size() > mostRemembered || now - m_reported.front().first > rememberedMs) {
        m_orders.remove(m_reported.front().second);
        m_reported.pop_front();
    }
}

void HubOrders::hear(const HubMessage &message, const hub::Application &application)
{
    const QJsonObject data = application.payload.toObject();
    const QUuid id(data.value("commandId"_L1).toString());
    const QJsonValue accepts = data.value("accepted"_L1);
    if (id.isNull() || (!accepts.isUndefined() && !accepts.isBool()))
        return;
    const bool yes = accepts.toBool(true);
    const QString reason = yes ? QString() : hubShownText(data.value("reason"_L1).toString());
    const OrderOutcome outcome = yes ? OrderOutcome::Acknowledged : OrderOutcome::Refused;
    const Refusal refusal = yes ? Refusal::None : Refusal::ActorRefused;
    CommandRemark remark;
    remark.setNote(yes ? CommandNote::Answered : CommandNote::ActorRefused, reason);
    const auto order = m_orders.find(id);
    if (order == m_orders.end()) {
        // Answered before; or it is of an earlier run of this console, of which only the ledger knows.
        emit answeredUnasked(message.from().toUtf8(), progressOf(id, Act::Shutdown, outcome, refusal, remark));
        return;
    }
    if (order->command.worker != message.from().toUtf8())
        return; // Another actor cannot answer for it.
    const Command command = order->command;
    m_orders.erase(order);
    answer(command, outcome, refusal, remark);
    if (yes)
        emit accepted(message.from(), command.act == Act::Drain ? WorkerStatus::Draining : WorkerStatus::ShuttingDown);
}

CommandProgress HubOrders::progressOf(const QUuid &command, Act act, OrderOutcome outcome, Refusal refusal,
                                      const CommandRemark &remark) const
{
    CommandProgress progress;
    progress.command = command;
    progress.source = m_source;
    progress.at = m_clock.nowMs();
    progress.outcome = outcome;
    progress.refusal = refusal;
    progress.setRemark(remark);
    progress.status = WorkerStatus::Registered;
    if (outcome == OrderOutcome::Acknowledged)
        progress.status = act == Act::Drain ? WorkerStatus::Draining : WorkerStatus::ShuttingDown;
    return progress;
}

void HubOrders::answer(const Command &command, OrderOutcome outcome, Refusal refusal, const CommandRemark &remark)
{
    emit progressed({progressOf(command.id, command.act, outcome, refusal, remark)});
}

void HubOrders::refuse(const Command &command, Refusal refusal, const QString &text)
{
    answer(command, OrderOutcome::Refused, refusal, {CommandNote::None, text});
}

bool takeUnaskedAnswer(CommandLedger &ledger, const QByteArray &from, const CommandProgress &progress)
{
    const CommandEntry *entry = ledger.entry(progress.command);
    if (!entry || !entry->isAnswered() || entry->theirs)
        return false;
    const bool awaited = entry->stage == CommandStage::Unknown || entry->stage == CommandStage::Delivered;
    if (!awaited || entry->command.source != progress.source || entry->command.worker != from)
        return false;
    CommandProgress taken = progress; // Which act it was is known only here.
    if (taken.outcome == OrderOutcome::Acknowledged && entry->command.act == Act::Drain)
        taken.status = WorkerStatus::Draining;
    ledger.takeProgress({taken});
    return true;
}

} // namespace pulsedeck
