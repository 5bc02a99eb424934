// SPDX-License-Identifier: GPL-3.0-or-later
// How a HubSource passes commands to actors: as messages, asked for, and answered by worker:ack or by nobody.
#include "app/hub/hubsource.h"
#include "app/hub/hubtext.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Outcome = CommandProgress::Outcome;

/// The type of the message, or empty for an act that a hub has no such thing as.
QString messageType(Act act)
{
    switch (act) {
    case Act::Shutdown:
    case Act::ShutdownNow:
        return u"worker:shutdown"_s;
    case Act::Drain:
        return u"worker:drain"_s;
    case Act::Resume:
    case Act::Cancel:
    case Act::Reap:
    case Act::RemoveKey:
        break;
    }
    return {};
}

QString whyNot(Act act)
{
    switch (act) {
    case Act::Resume:
        return u"an actor has no message that takes back a drain"_s;
    case Act::Cancel:
        return u"a message that was delivered cannot be withdrawn"_s;
    case Act::Reap:
    case Act::RemoveKey:
        return u"the hub removes expired registrations itself"_s;
    default:
        return {};
    }
}

} // namespace

CommandRights HubSource::rights() const
{
    CommandRights rights;
    rights.known = m_writable;
    for (const Act act : allActs)
        rights.denied[size_t(act)] = m_writable ? whyNot(act) : QString();
    return rights;
}

void HubSource::setWritable(bool writable)
{
    m_writable = writable;
    if (m_connection)
        m_connection->setRegistered(writable);
    emitStatus();
}

void HubSource::carryOut(const QList<Command> &commands)
{
    for (const Command &command : commands) {
        if (!m_writable)
            answerCommand(command, Outcome::Refused, Refusal::ReadOnlySource, {});
        else if (messageType(command.act).isEmpty())
            answerCommand(command, Outcome::Refused, Refusal::Server, whyNot(command.act));
        else if (!m_connection || m_connection->state() != HubConnection::State::Ready)
            answerCommand(command, Outcome::Refused, Refusal::NotConnected, {});
        else
            sendCommand(command);
    }
}

void HubSource::sendCommand(const Command &command)
{
    m_waiting.insert(command.id, {command, nullptr});
    const QJsonObject data{{u"commandId"_s, command.id.toString(QUuid::WithoutBraces)},
                           {u"reason"_s, command.reason},
                           {u"by"_s, command.by}};
    const auto handler = [this, id = command.id](const HubAnswer &answer) {
        const auto waiting = m_waiting.find(id);
        if (waiting == m_waiting.end())
            return; // The actor was faster than the hub's word that it was delivered.
        switch (answer.outcome) {
        case HubAnswer::Outcome::Answered:
        case HubAnswer::Outcome::Sent:
            waiting->timer = new QTimer(this);
            waiting->timer->setSingleShot(true);
            connect(waiting->timer, &QTimer::timeout, this, [this, id] {
                settle(id, Outcome::Written, Refusal::None, u"delivered; the actor has not answered"_s);
            });
            waiting->timer->start(m_options.ackWaitMs);
            break;
        case HubAnswer::Outcome::UnknownActor:
            settle(id, Outcome::Refused, Refusal::KeyGone, answer.text());
            break;
        case HubAnswer::Outcome::Refused:
        case HubAnswer::Outcome::TooLarge:
            settle(id, Outcome::Refused, Refusal::Server, answer.text());
            break;
        case HubAnswer::Outcome::NotSent:
            settle(id, Outcome::Refused, Refusal::NotConnected, {});
            break;
        case HubAnswer::Outcome::TimedOut:
        case HubAnswer::Outcome::Lost:
            settle(id, Outcome::Unknown, Refusal::None, answer.text());
            break;
        }
    };
    m_connection->request(HubRequest::ask(QString::fromUtf8(command.worker), messageType(command.act), data), handler);
}

void HubSource::answerCommand(const Command &command, Outcome outcome, Refusal refusal, const QString &text)
{
    CommandProgress progress;
    progress.command = command.id;
    progress.source = m_id;
    progress.at = m_clock.nowMs();
    progress.outcome = outcome;
    progress.refusal = refusal;
    progress.text = text;
    progress.status = WorkerStatus::Registered;
    if (outcome == Outcome::Written && command.act == Act::ShutdownNow)
        progress.receivers = 1;
    emit commandsProgressed({progress});
}

void HubSource::settle(const QUuid &id, Outcome outcome, Refusal refusal, const QString &text)
{
    const auto found = m_waiting.find(id);
    if (found == m_waiting.end())
        return;
    const Waiting waiting = std::move(found.value());
    m_waiting.erase(found);
    if (waiting.timer)
        waiting.timer->deleteLater();
    answerCommand(waiting.command, outcome, refusal, text);
}

void HubSource::onMessage(const HubMessage &message)
{
    const auto *application = message.as<hub::Application>();
    if (message.type() == "worker:ack"_L1 && application && application->way == hub::Application::Way::Forwarded) {
        const QJsonObject data = application->payload.toObject();
        const QUuid id(data.value("commandId"_L1).toString());
        const auto waiting = m_waiting.constFind(id);
        const bool ours = waiting != m_waiting.constEnd() && waiting->command.worker == message.from().toUtf8();
        const bool accepted = data.value("accepted"_L1).toBool(true);
        if (ours && !accepted) {
            const QString reason = hubShownText(data.value("reason"_L1).toString());
            settle(id, Outcome::Refused, Refusal::Server, reason.isEmpty() ? u"the actor refused"_s : reason);
        } else if (ours) {
            const bool drain = waiting->command.act == Act::Drain;
            settle(id, Outcome::Written, Refusal::None, u"delivered, and answered by the actor"_s);
            setStatus(message.from(), drain ? WorkerStatus::Draining : WorkerStatus::ShuttingDown);
        }
    }
    emit messageReceived(message);
}

/// What an actor said of itself in its answer.
void HubSource::setStatus(const QString &address, WorkerStatus status)
{
    const auto slot = m_slots.constFind(address);
    if (slot == m_slots.constEnd())
        return;
    Record &record = m_records[*slot];
    record.status = status;
    m_batch.samples.append(sampleOf(record, m_clock.nowMs()));
    flush();
}

void HubSource::lookUp(const QList<Command> &commands)
{
    for (const Command &command : commands) {
        const auto tell = [this, command](Outcome outcome, bool present, const QString &text) {
            CommandProgress progress;
            progress.command = command.id;
            progress.source = m_id;
            progress.at = m_clock.nowMs();
            progress.outcome = outcome;
            progress.text = text;
            progress.keyPresent = present;
            const auto slot = m_slots.constFind(QString::fromUtf8(command.worker));
            if (present)
                progress.status = slot != m_slots.constEnd() ? m_records[*slot].status : WorkerStatus::Registered;
            emit commandsProgressed({progress});
        };
        if (!m_connection || m_connection->state() != HubConnection::State::Ready) {
            tell(Outcome::Unknown, false, u"not connected"_s);
            continue;
        }
        const QString address = QString::fromUtf8(command.worker);
        m_connection->request(HubRequest::discover(address, {}), [tell, address](const HubAnswer &answer) {
            const auto *found = answer.as<hub::Discovered>();
            if (!found) {
                tell(Outcome::Unknown, false, answer.text());
                return;
            }
            const bool present = std::any_of(found->actors.begin(), found->actors.end(),
                                             [&address](const auto &one) { return one.address == address; });
            tell(Outcome::Found, present, {});
        });
    }
}

} // namespace pulsedeck
