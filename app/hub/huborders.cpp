// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/huborders.h"

#include "app/hub/hubconnection.h"
#include "app/hub/hubtext.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Outcome = CommandProgress::Outcome;

} // namespace

HubOrders::HubOrders(SourceId source, int ackWaitMs, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_ackWaitMs(ackWaitMs)
    , m_clock(clock)
{ }

QString HubOrders::whyNot(Act act)
{
    switch (act) {
    case Act::Shutdown:
    case Act::ShutdownNow:
    case Act::Drain:
        return {};
    case Act::Resume:
        return u"an actor has no message that takes back a drain"_s;
    case Act::Cancel:
        return u"a message that was delivered cannot be withdrawn"_s;
    case Act::Reap:
    case Act::RemoveKey:
        return u"the hub removes expired registrations itself"_s;
    }
    return {};
}

void HubOrders::setConnection(HubConnection *connection)
{
    m_connection = connection;
    if (!m_connection)
        refuseWaiting(Refusal::NotConnected);
}

void HubOrders::carryOut(const Command &command)
{
    if (const QString why = whyNot(command.act); !why.isEmpty()) {
        answer(command, Outcome::Refused, Refusal::Server, why);
    } else if (!m_connection || m_connection->state() != HubConnection::State::Ready) {
        answer(command, Outcome::Refused, Refusal::NotConnected, {});
    } else {
        m_queue.push_back(command);
        feed();
    }
}

void HubOrders::refuseWaiting(Refusal refusal)
{
    const std::deque<Command> queue = std::exchange(m_queue, {});
    for (const Command &command : queue)
        answer(command, Outcome::Refused, refusal, {});
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
    const QString type = command.act == Act::Drain ? u"worker:drain"_s : u"worker:shutdown"_s;
    const QJsonObject data{{u"commandId"_s, command.id.toString(QUuid::WithoutBraces)},
                           {u"reason"_s, command.reason},
                           {u"by"_s, command.by}};
    m_connection->request(HubRequest::ask(QString::fromUtf8(command.worker), type, data),
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
        return; // The actor was faster than the hub's word that it was delivered.
    const Command command = order->command;
    const auto refuse = [&](Refusal refusal, const QString &text) {
        m_orders.erase(order);
        answer(command, Outcome::Refused, refusal, text);
    };
    switch (answered.outcome) {
    case HubAnswer::Outcome::Answered:
    case HubAnswer::Outcome::Sent:
        order->phase = Phase::Delivered;
        QTimer::singleShot(m_ackWaitMs, this, [this, id] { tellDelivered(id); });
        break;
    case HubAnswer::Outcome::UnknownActor:
        refuse(Refusal::KeyGone, answered.text());
        break;
    case HubAnswer::Outcome::Refused:
    case HubAnswer::Outcome::TooLarge:
        refuse(Refusal::Server, answered.text());
        break;
    case HubAnswer::Outcome::NotSent:
        refuse(Refusal::NotConnected, {});
        break;
    case HubAnswer::Outcome::TimedOut:
    case HubAnswer::Outcome::Lost: // It may have arrived, and the actor may say so.
        remember(id);
        answer(command, Outcome::Unknown, Refusal::None, answered.text());
        break;
    }
}

void HubOrders::tellDelivered(const QUuid &id)
{
    const auto order = m_orders.constFind(id);
    if (order == m_orders.constEnd() || order->phase != Phase::Delivered)
        return;
    const Command command = order->command;
    QString text = u"delivered; the actor has not answered"_s;
    if (!m_connection || !m_connection->isRegistered()) {
        text = u"delivered; no answer can come, since this console's address is not registered with the hub"_s;
        const QString why = m_connection ? m_connection->vitals().registrationProblem : QString();
        if (!why.isEmpty())
            text += u": "_s + why;
    }
    remember(id);
    answer(command, Outcome::Delivered, Refusal::None, text);
}

void HubOrders::endWaits()
{
    QList<QUuid> waiting;
    for (auto order = m_orders.cbegin(); order != m_orders.cend(); ++order) {
        if (order->phase == Phase::Delivered)
            waiting.append(order.key());
    }
    for (const QUuid &id : std::as_const(waiting))
        tellDelivered(id);
}

/// For an answer that may come later. What is too old or too much is forgotten: its command has ended as it was told.
void HubOrders::remember(const QUuid &id)
{
    const qint64 now = m_clock.nowMs();
    m_orders[id].phase = Phase::Told;
    m_told.push_back({now, id});
    while (m_told.size() > mostRemembered || now - m_told.front().first > rememberedMs) {
        m_orders.remove(m_told.front().second);
        m_told.pop_front();
    }
}

void HubOrders::hear(const HubMessage &message, const hub::Application &application)
{
    const QJsonObject data = application.payload.toObject();
    const auto order = m_orders.find(QUuid(data.value("commandId"_L1).toString()));
    if (order == m_orders.end() || order->command.worker != message.from().toUtf8())
        return; // Not ours, answered before, or somebody else's word for it.
    const QJsonValue accepts = data.value("accepted"_L1);
    if (!accepts.isUndefined() && !accepts.isBool())
        return;
    const Command command = order->command;
    m_orders.erase(order);
    if (accepts.toBool(true)) {
        answer(command, Outcome::Acknowledged, Refusal::None, u"answered by the actor"_s);
        emit accepted(message.from(),
                      command.act == Act::Drain ? WorkerStatus::Draining : WorkerStatus::ShuttingDown);
        return;
    }
    const QString reason = hubShownText(data.value("reason"_L1).toString());
    answer(command, Outcome::Refused, Refusal::Server,
           reason.isEmpty() ? u"the actor refused"_s : QString(u"the actor refused: "_s + reason));
}

void HubOrders::answer(const Command &command, Outcome outcome, Refusal refusal, const QString &text)
{
    CommandProgress progress;
    progress.command = command.id;
    progress.source = m_source;
    progress.at = m_clock.nowMs();
    progress.outcome = outcome;
    progress.refusal = refusal;
    progress.text = text;
    progress.status = WorkerStatus::Registered;
    if (outcome == Outcome::Acknowledged)
        progress.status = command.act == Act::Drain ? WorkerStatus::Draining : WorkerStatus::ShuttingDown;
    emit progressed({progress});
}

} // namespace pulsedeck
