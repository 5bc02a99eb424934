// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/runningsources.h"

#include "app/console/tokensearch.h"
#include "app/hub/huborders.h"
#include "app/hub/hubownaddress.h"
#include "app/protocols/allprotocols.h"

#include <QPointer>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

RunningSources::RunningSources(const Listeners &listeners, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_to(listeners)
    , m_clock(clock)
    , m_hubAddress(hubOwnAddress())
{
    m_thread.setObjectName(u"io"_s);
    m_thread.start();
    connect(&m_to.ledger, &CommandLedger::carryOut, this, [this](SourceId id, const QList<Command> &commands) {
        m_to.access.touch(id);
        send(id, commands, &FleetSource::carryOut);
    });
    connect(&m_to.ledger, &CommandLedger::lookUp, this,
            [this](SourceId id, const QList<Command> &commands) { send(id, commands, &FleetSource::lookUp); });
    connect(&m_to.timing, &TimingController::applyRequested, this, &RunningSources::applyTiming);
    connect(&m_to.timing, &TimingController::historyRequested, this, [this](SourceId id) {
        if (FleetSource *const source = find(id))
            QMetaObject::invokeMethod(source, &FleetSource::readTimingHistory);
    });
    connect(&m_to.hubs, &HubStore::callRequested, this, &RunningSources::call);
    connect(&m_to.access, &WriteAccess::sourceWritable, this, [this](SourceId id, bool writable) {
        if (FleetSource *const source = find(id))
            QMetaObject::invokeMethod(source, [source, writable] { source->setWritable(writable); });
    });
}

RunningSources::~RunningSources()
{
    for (const auto &[id, running] : m_running)
        retire(running);
    m_running.clear();
    // Hubs are told that the console leaves, and answer at once; a hub that does not has a limit of its own, shorter than this.
    m_gone->tryAcquire(m_retired, endLimitMs);
    m_thread.quit();
    m_thread.wait();
}

FleetSource *RunningSources::find(SourceId id) const
{
    const auto found = m_running.find(id);
    return found == m_running.end() ? nullptr : found->second.source;
}

void RunningSources::run(const SourceSettings &settings)
{
    end(settings.id);
    SourceRequest request;
    request.ownAddress = freeAddress();
    request.layouts = m_layouts;
    FleetSource *const source = sourceFactory(settings.kind).makeSource(settings.id, settings, request, m_clock);
    if (MessagingSource *const hub = source->messaging())
        link(hub, settings);
    else
        m_to.hubs.removeHub(settings.id); // It may have been one.
    source->moveToThread(&m_thread);
    FleetStore &store = m_to.store;
    connect(source, &FleetSource::batchReady, &store, &FleetStore::apply);
    connect(source, &FleetSource::statusChanged, &store, &FleetStore::applyStatus);
    // A first full view is shown at once and not at the next tick.
    connect(source, &FleetSource::statusChanged, &store, [&store, loading = false](const SourceStatus &status) mutable {
        const bool whole = status.state == SourceState::Live || status.state == SourceState::Sweeping;
        if (std::exchange(loading, status.state == SourceState::Loading) && whole)
            store.publish();
    });
    connect(source, &FleetSource::commandsProgressed, &m_to.ledger, &CommandLedger::takeProgress);
    connect(source, &FleetSource::timingApplied, &m_to.timing, &TimingController::takeApplied);
    connect(source, &FleetSource::timingHistoryRead, &m_to.timing, &TimingController::takeHistory);
    m_running[settings.id].source = source;
    const bool writable = m_to.access.allows(settings.id);
    QMetaObject::invokeMethod(
        source,
        [source, writable, seen = m_seen] {
            source->setWritable(writable);
            source->setSeen(seen);
        },
        Qt::QueuedConnection);
    start(settings, false);
}

void RunningSources::lookForSystems(SourceId id)
{
    if (FleetSource *const source = find(id))
        QMetaObject::invokeMethod(source, &FleetSource::lookForSystems);
}

void RunningSources::setSeen(bool seen)
{
    if (std::exchange(m_seen, seen) == seen)
        return;
    for (const auto &[id, running] : m_running)
        QMetaObject::invokeMethod(running.source, [source = running.source, seen] { source->setSeen(seen); });
}

// Hubs ----------------------------------------------------------------------------------------------------------------

MessagingSource *RunningSources::findMessaging(SourceId id) const
{
    FleetSource *const source = find(id);
    return source ? source->messaging() : nullptr;
}

/// Another one for each further hub: two names may be one hub, which would end the older of two equal connections.
QString RunningSources::freeAddress() const
{
    const bool taken = std::any_of(m_running.begin(), m_running.end(),
                                   [](const auto &one) { return one.second.source->messaging() != nullptr; });
    return taken ? hubOwnAddress() : m_hubAddress;
}

void RunningSources::link(MessagingSource *source, const SourceSettings &settings)
{
    connect(source, &MessagingSource::viewChanged, &m_to.hubs, &HubStore::takeView);
    connect(source, &MessagingSource::callAnswered, &m_to.hubs, &HubStore::takeAnswer);
    connect(source, &MessagingSource::messageReceived, &m_to.hubs, &HubStore::takeActorMessage);
    connect(source, &MessagingSource::answeredUnasked, &m_to.ledger,
            [&ledger = m_to.ledger](const QByteArray &from, const CommandProgress &progress) {
                takeUnaskedAnswer(ledger, from, progress);
            });
    connect(source, &MessagingSource::subscriptionChanged, &m_to.hubs, &HubStore::takeSubscription);
    m_to.hubs.addHub(settings.id, settings.name);
    for (const HubSubscription &one : m_to.hubs.subscriptions(settings.id))
        source->keepTopic(one.topic);
}

/// With the token as it is now: a keychain may hold another one since the last time.
void RunningSources::start(const SourceSettings &settings, bool again)
{
    FleetSource *const source = m_running.at(settings.id).source;
    const quint32 asked = m_running.at(settings.id).asked = ++m_asked;
    const auto go = [this, id = settings.id, source, again, asked](const FoundToken &found) {
        const auto running = m_running.find(id);
        if (running == m_running.end() || running->second.asked != asked)
            return; // It was removed, changed or disconnected while the keychain was asked.
        QMetaObject::invokeMethod(source, [source, found, again] {
            if (found.failure.kind != SourceTrouble::None) {
                source->cannotStart(found.failure);
                return;
            }
            source->setSecret(found.token);
            if (again)
                source->retryNow();
            else
                source->start();
        });
    };
    if (settings.passwordFrom.from == SecretPlace::From::Keychain)
        QMetaObject::invokeMethod(source, [source] { source->prepareStart(tr("Asking the keychain for the password")); });
    if (settings.tokenFrom == TokenFrom::Keychain)
        QMetaObject::invokeMethod(source, [source] { source->prepareStart(tr("Asking the keychain for the token")); });
    const QPointer<RunningSources> guard(this);
    findToken(settings, m_to.secrets, [guard, go](const FoundToken &found) {
        if (guard)
            go(found);
    });
}

void RunningSources::call(SourceId id, const HubCall &call)
{
    if (call.sends())
        m_to.access.touch(id);
    if (MessagingSource *const hub = findMessaging(id)) {
        QMetaObject::invokeMethod(hub, [hub, call] { hub->call(call); });
        return;
    }
    HubCallAnswer answer;
    answer.id = call.id;
    answer.source = id;
    answer.kind = call.kind;
    answer.at = m_clock.nowMs();
    answer.outcome = HubCallAnswer::Outcome::NotSent;
    answer.text = tr("not connected");
    // Later, as every other answer, when the caller has returned.
    QMetaObject::invokeMethod(
        &m_to.hubs, [&hubs = m_to.hubs, answer] { hubs.takeAnswer(answer); }, Qt::QueuedConnection);
}

// All -----------------------------------------------------------------------------------------------------------------

/// Hands commands to the thread of the source; one that is gone refuses them.
void RunningSources::send(SourceId id, const QList<Command> &commands, void (FleetSource::*slot)(const QList<Command> &))
{
    if (FleetSource *const source = find(id)) {
        QMetaObject::invokeMethod(source, [source, slot, commands] { (source->*slot)(commands); });
        return;
    }
    QList<CommandProgress> refused;
    for (const Command &command : commands) {
        CommandProgress progress;
        progress.command = command.id;
        progress.source = id;
        progress.at = m_clock.nowMs();
        progress.outcome = CommandProgress::Outcome::Refused;
        progress.refusal = Refusal::NotConnected;
        refused.append(progress);
    }
    m_to.ledger.takeProgress(refused);
}

void RunningSources::applyTiming(SourceId id, const TimingApply &apply)
{
    m_to.access.touch(id);
    if (FleetSource *const source = find(id)) {
        QMetaObject::invokeMethod(source, [source, apply] { source->applyTiming(apply); });
        return;
    }
    TimingApplied refused;
    refused.id = apply.id;
    refused.source = id;
    refused.outcome = TimingApplied::Outcome::Refused;
    refused.refusal = Refusal::NotConnected;
    refused.text = refusalText(Refusal::NotConnected);
    m_to.timing.takeApplied(refused);
}

/// Ends it on its own thread, a hub's connection in order, and then deletes it there. Its answers to commands and calls
/// are heard until then.
void RunningSources::retire(const Running &running)
{
    FleetSource *const source = running.source;
    source->disconnect(&m_to.store);
    ++m_retired;
    QObject::connect(
        source, &QObject::destroyed, source, [gone = m_gone] { gone->release(); }, Qt::DirectConnection);
    if (MessagingSource *const hub = source->messaging()) {
        QObject::disconnect(hub, &MessagingSource::viewChanged, &m_to.hubs, nullptr);
        QObject::disconnect(hub, &MessagingSource::subscriptionChanged, &m_to.hubs, nullptr);
    }
    QMetaObject::invokeMethod(source, [source] {
        QObject::connect(source, &FleetSource::ended, source, &QObject::deleteLater);
        source->end();
    });
}

void RunningSources::end(SourceId id)
{
    const auto found = m_running.find(id);
    if (found == m_running.end())
        return;
    retire(found->second);
    m_running.erase(found);
}

void RunningSources::stop(SourceId id)
{
    const auto found = m_running.find(id);
    if (found == m_running.end())
        return;
    found->second.asked = ++m_asked; // A keychain may still be asked for it: that starts nothing any more.
    QMetaObject::invokeMethod(found->second.source, &FleetSource::stop, Qt::QueuedConnection);
}

void RunningSources::reconnect(const SourceSettings &settings)
{
    stop(settings.id);
    retry(settings);
}

void RunningSources::retry(const SourceSettings &settings)
{
    const auto found = m_running.find(settings.id);
    if (found == m_running.end())
        run(settings);
    else
        start(settings, true);
}

} // namespace pulsedeck
