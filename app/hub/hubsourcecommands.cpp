// SPDX-License-Identifier: GPL-3.0-or-later
// What a HubSource does for the ledger and hears from others.
#include "app/hub/hubmail.h"
#include "app/hub/hubsource.h"

#include <algorithm>
#include <chrono>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Outcome = CommandProgress::Outcome;

qint64 steadyMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

CommandRights HubSource::rights() const
{
    CommandRights rights;
    rights.known = m_writable;
    for (const Act act : allActs)
        rights.denied[size_t(act)] = m_writable ? HubOrders::whyNot(act) : QString();
    return rights;
}

void HubSource::setWritable(bool writable)
{
    m_writable = writable;
    m_calls.setWritable(writable);
    if (!writable)
        m_orders.refuseWaiting(Refusal::ReadOnlySource);
    if (m_connection)
        m_connection->setRegistered(writable);
    emitStatus();
}

void HubSource::carryOut(const QList<Command> &commands)
{
    for (const Command &command : commands) {
        if (m_writable)
            m_orders.carryOut(command);
        else
            m_orders.answer(command, Outcome::Refused, Refusal::ReadOnlySource, {});
    }
}

void HubSource::call(const HubCall &call)
{
    m_calls.call(call);
}

void HubSource::onMessage(const HubMessage &message)
{
    const auto *application = message.as<hub::Application>();
    if (!application)
        return;
    // A broadcast or a publication reaches many: no actor answers a command by one.
    if (message.type() == "worker:ack"_L1 && application->way == hub::Application::Way::Forwarded)
        m_orders.hear(message, *application);
    passOn(message, *application);
}

/// To whoever shows it, unless it is more than anybody can take: nothing that others send may pile up here, or keep the
/// thread from its heartbeats.
void HubSource::passOn(const HubMessage &message, const hub::Application &application)
{
    constexpr qint64 besides = 1'024; // What a message takes besides its data, about.
    HubMailDropped &dropped = m_view.mailDropped;
    const qint64 now = steadyMs();
    const qint64 kept = qMin<qint64>(message.bytes(), mostMailBytes) + besides;
    if (m_mailUnderWay->load() + kept > mostMailUnderWay) {
        ++dropped.behind;
    } else if (!m_mailBudget.take(now)) {
        ++dropped.tooMany;
    } else if (!m_mailBytes.take(now, double(message.bytes()))) {
        ++dropped.tooLarge;
    } else {
        HubMail mail = hubMail(m_id, m_clock.nowMs(), message, application);
        *m_mailUnderWay += kept;
        mail.room = std::shared_ptr<void>(m_mailUnderWay.get(),
                                          [underWay = m_mailUnderWay, kept](void *) { *underWay -= kept; });
        emit mailReceived(mail);
    }
}

/// What an actor said of itself in its answer.
void HubSource::setStatus(const QString &address, WorkerStatus status)
{
    const auto slot = m_slots.constFind(address);
    if (slot == m_slots.constEnd())
        return;
    Record &record = m_records[*slot];
    if (record.generation != m_generation)
        return; // Not seen since the connection came back: nothing is told of it before.
    record.status = status;
    m_batch.samples.append(sampleOf(record, m_clock.nowMs()));
    flush();
}

// Looking up ----------------------------------------------------------------------------------------------------------

void HubSource::lookUp(const QList<Command> &commands)
{
    for (const Command &command : commands)
        lookUpOne(command);
}

void HubSource::lookUpOne(const Command &command)
{
    if (!m_connection || m_connection->state() != HubConnection::State::Ready) {
        tellFound(command, Outcome::Unknown, false, u"not connected"_s);
        return;
    }
    const QString address = QString::fromUtf8(command.worker);
    m_connection->request(HubRequest::discover(address, {}), [this, command, address](const HubAnswer &answer) {
        const auto *found = answer.as<hub::Discovered>();
        if (!found) {
            tellFound(command, Outcome::Unknown, false, answer.text());
            return;
        }
        const bool present = std::any_of(found->actors.begin(), found->actors.end(),
                                         [&address](const auto &one) { return one.address == address; });
        // Known from before the connection was lost, and not seen since: the hub may have forgotten it.
        const auto slot = m_slots.constFind(address);
        const bool awaited = slot != m_slots.constEnd() && m_records[*slot].generation != m_generation;
        if (!present && awaited && m_lookUps.size() < mostLookedUpLater)
            m_lookUps.append(command);
        else
            tellFound(command, Outcome::Found, present, {});
    });
}

/// After each pass: those that have been seen, and those that are gone for good.
void HubSource::lookUpLater(bool over)
{
    const QList<Command> waiting = std::exchange(m_lookUps, {});
    for (const Command &command : waiting) {
        const auto slot = m_slots.constFind(QString::fromUtf8(command.worker));
        if (over)
            tellFound(command, Outcome::Unknown, false, u"not connected"_s);
        else if (slot == m_slots.constEnd())
            tellFound(command, Outcome::Found, false, {});
        else if (m_records[*slot].generation == m_generation)
            tellFound(command, Outcome::Found, true, {});
        else
            m_lookUps.append(command);
    }
}

void HubSource::tellFound(const Command &command, Outcome outcome, bool present, const QString &text)
{
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
}

} // namespace pulsedeck
