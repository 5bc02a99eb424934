// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubsource.h"

#include "app/hub/actormessage.h"
#include "models/core/format.h"
#include "models/sources/hubprotocol.h"

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

HubSource::HubSource(SourceId id, const HubSourceOptions &options, const Clock &clock, QObject *parent)
    : MessagingSource(parent)
    , m_id(id)
    , m_options(options)
    , m_clock(clock)
    , m_sleep(clock)
    , m_actors(id, options.connection.address, options.wipeGraceMs, [this](const FleetBatch &batch) { emit batchReady(batch); })
    , m_orders(id, options.ackWaitMs, clock, nullptr)
    , m_calls(id, options.connection.hub, clock, nullptr)
    , m_messageBudget(messagesPerSecond, 3 * messagesPerSecond)
    , m_byteBudget(options.messageBytesPerSecond, options.messageBytesAtOnce)
    , m_unaskedBudget(unaskedPerSecond, 2 * unaskedPerSecond)
    , m_bytesUnderWay(std::make_shared<std::atomic<qint64>>(0))
{
    for (QObject *part : std::initializer_list<QObject *>{&m_passTimer, &m_orders, &m_calls})
        part->setParent(this); // Moves to the I/O thread with it.
    m_passTimer.setSingleShot(true);
    connect(&m_passTimer, &QTimer::timeout, this, &HubSource::beginPass);
    connect(&m_orders, &HubOrders::progressed, this, &HubSource::commandsProgressed);
    connect(&m_orders, &HubOrders::accepted, this,
            [this](const QString &address, WorkerStatus status) { m_actors.setStatus(address, status, m_clock.nowMs()); });
    connect(&m_orders, &HubOrders::answeredUnasked, this, [this](const QByteArray &from, const CommandProgress &progress) {
        if (m_unaskedBudget.take(m_clock.nowMs())) // Anybody can send what looks like one.
            emit answeredUnasked(from, progress);
    });
    connect(&m_calls, &HubCallHandler::answered, this, &HubSource::callAnswered);
    connect(&m_calls, &HubCallHandler::subscriptionChanged, this, &HubSource::subscriptionChanged);
    m_status.source = id;
    m_status.traits = hubTraits();
    m_status.timing = options.timing;
    m_view.source = id;
}

HubSource::~HubSource()
{
    delete m_connection; // Its last answers come while this is still whole.
    m_orders.setConnection(nullptr);
    m_calls.setConnection(nullptr);
}

void HubSource::setToken(const HubSecret &token)
{
    const bool refused = m_connection && isLoginTrouble(m_connection->failure().kind);
    if (m_connection && (refused || token != m_options.connection.token))
        m_connection->setToken(token);
    m_options.connection.token = token;
}

void HubSource::prepareStart(const QString &message)
{
    if (m_connection)
        return; // One attempt goes on until the next begins.
    m_status.setTrouble({SourceTrouble::None, message, {}});
    setState(SourceState::Connecting);
}

void HubSource::cannotStart(const SourceFailure &failure)
{
    if (m_connection && m_connection->state() == HubConnection::State::Ready)
        return; // It stands, whatever is missing for the next one.
    if (m_connection && m_connection->state() != HubConnection::State::Closed) {
        retryNow(); // With the token there is.
        return;
    }
    if (m_connection)
        stop();
    m_status.retryAt = 0;
    m_status.setTrouble(failure);
    setState(SourceState::Failed);
}

void HubSource::start()
{
    if (m_connection) {
        m_connection->open();
        return;
    }
    m_connection = new HubConnection(m_options.connection, m_clock, this);
    connect(m_connection, &HubConnection::stateChanged, this, &HubSource::onState);
    connect(m_connection, &HubConnection::received, this, &HubSource::onMessage);
    connect(m_connection, &HubConnection::wiped, this, [this] { m_actors.forgotten(m_clock.nowMs()); });
    connect(m_connection, &HubConnection::beat, this, &HubSource::onBeat);
    connect(m_connection, &HubConnection::registeredChanged, this, [this](bool registered) {
        if (!registered)
            m_calls.onUnregistered();
        emitStatus();
        emitView();
    });
    m_connection->setRegistered(m_writable);
    m_orders.setConnection(m_connection);
    m_calls.setConnection(m_connection);
    m_status.setTrouble({});
    setState(SourceState::Connecting);
    m_connection->open();
}

void HubSource::stop()
{
    if (!m_connection) {
        m_status.setTrouble({});
        if (m_status.state != SourceState::Off)
            setState(SourceState::Off);
        if (!m_closing)
            emit ended();
        return;
    }
    HubConnection *const connection = std::exchange(m_connection, nullptr);
    connection->disconnect(this);
    m_passTimer.stop();
    m_actors.flush(m_clock.nowMs());
    // Every command and every call is answered before the source is off.
    m_orders.setConnection(nullptr);
    connection->close();
    m_orders.endWaits();
    m_calls.setConnection(nullptr);
    lookUpLater(true);
    // The hub is told, which takes a moment; nothing of it is heard any more.
    delete std::exchange(m_closing, connection);
    const auto closed = [this, connection] {
        connection->deleteLater();
        m_closing = nullptr;
        emit ended();
    };
    m_status.retryAt = 0;
    m_status.setTrouble({});
    setState(SourceState::Off);
    m_view.vitals.registered = false;
    emitView();
    if (connection->state() == HubConnection::State::Closed) {
        closed();
        return;
    }
    connect(connection, &HubConnection::stateChanged, this, [closed](HubConnection::State state) {
        if (state == HubConnection::State::Closed)
            closed();
    });
}

void HubSource::retryNow()
{
    if (!m_connection) {
        start();
    } else if (m_connection->state() == HubConnection::State::Ready) {
        if (m_passTimer.isActive())
            beginPass();
    } else {
        m_connection->retryNow();
    }
}

void HubSource::onState(HubConnection::State state)
{
    switch (state) {
    case HubConnection::State::Ready:
        m_actors.connected(m_clock.nowMs());
        m_listProblem.clear();
        m_status.generation = m_actors.generation();
        m_status.certificateUntil = m_connection->vitals().certificateUntil;
        m_status.retryAt = 0;
        m_status.loaded = 0;
        m_status.total = 0;
        setState(SourceState::Loading);
        beginPass();
        break;
    case HubConnection::State::Connecting:
        if (m_status.retryAt != 0) {
            m_status.retryAt = 0;
            emitStatus();
        }
        break;
    case HubConnection::State::Waiting:
    case HubConnection::State::Closed: {
        m_passTimer.stop();
        m_actors.flush(m_clock.nowMs());
        const int wait = m_connection->retryInMs();
        m_status.retryAt = wait >= 0 ? m_clock.nowMs() + wait : 0;
        if (m_status.lostAt == 0)
            m_status.lostAt = m_lastAnswerAt;
        m_status.setTrouble(m_connection->failure());
        setState(state == HubConnection::State::Closed ? SourceState::Failed : SourceState::Waiting);
        break;
    }
    case HubConnection::State::Closing:
        break;
    }
    emitView();
}

void HubSource::onBeat()
{
    const HubVitals vitals = m_connection->vitals();
    m_lastAnswerAt = vitals.lastAckAt;
    m_actors.setClockOffset(vitals.clockOffsetMs);
    m_status.clockKnown = vitals.clockKnown;
    m_status.clockOffsetMs = vitals.clockOffsetMs;
    m_status.roundTripMs = qint32(qMin<qint64>(vitals.roundTripMs, 1 << 30));
    m_status.server =
        vitals.serverVersion.isEmpty() ? QString() : QString(u"Signal Hub "_s + vitals.serverVersion) /* untranslated: a name */;
    emitStatus();
    emitView();
}

void HubSource::setState(SourceState state)
{
    if (state == SourceState::Loading || state == SourceState::Sweeping)
        m_status.lostAt = 0;
    if (m_status.state != state) {
        m_status.state = state;
        m_status.since = m_clock.nowMs();
    }
    emitStatus();
}

void HubSource::emitStatus()
{
    m_status.writable = m_writable;
    m_status.rights = rights();
    describe();
    emit statusChanged(m_status);
}

void HubSource::emitView()
{
    if (m_connection)
        m_view.vitals = m_connection->vitals();
    m_view.connected = m_connection && m_connection->state() == HubConnection::State::Ready;
    emit viewChanged(m_view);
}

void HubSource::applyTiming(const TimingApply &apply)
{
    TimingApplied answer;
    answer.id = apply.id;
    answer.source = m_id;
    answer.outcome = TimingApplied::Outcome::Refused;
    answer.refusal = Refusal::Server;
    answer.text = tr("a hub has no shared timing record");
    emit timingApplied(answer);
}

void HubSource::readTimingHistory()
{
    TimingHistory history;
    history.source = m_id;
    history.text = tr("a hub has no shared timing record");
    emit timingHistoryRead(history);
}

// For the ledger, and messages of others -----------------------------------------------------------------------------

namespace {

using LookupOutcome = CommandProgress::Outcome;

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
    for (const Act act : commonActs)
        rights.denied[size_t(act)] = m_writable ? hubTraits()->whyNot(act) : QString();
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
            m_orders.answer(command, LookupOutcome::Refused, Refusal::ReadOnlySource, {});
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
    DroppedMessages &dropped = m_view.messagesDropped;
    const qint64 now = steadyMs();
    const qint64 kept = qMin<qint64>(message.bytes(), mostPayloadBytes) + besides;
    if (m_bytesUnderWay->load() + kept > mostBytesUnderWay) {
        ++dropped.behind;
    } else if (!m_messageBudget.take(now)) {
        ++dropped.tooMany;
    } else if (!m_byteBudget.take(now, double(message.bytes()))) {
        ++dropped.tooLarge;
    } else {
        ActorMessage received = actorMessage(m_id, m_clock.nowMs(), message, application);
        *m_bytesUnderWay += kept;
        received.room =
            std::shared_ptr<void>(m_bytesUnderWay.get(), [underWay = m_bytesUnderWay, kept](void *) { *underWay -= kept; });
        emit messageReceived(received);
    }
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
        tellFound(command, LookupOutcome::Unknown, false, tr("not connected"));
        return;
    }
    const QString address = QString::fromUtf8(command.worker);
    m_connection->request(HubRequest::discover(address, {}), [this, command, address](const HubAnswer &answer) {
        const auto *found = answer.as<hub::Discovered>();
        if (!found) {
            tellFound(command, LookupOutcome::Unknown, false, answer.text());
            return;
        }
        const bool present = std::any_of(found->actors.begin(), found->actors.end(),
                                         [&address](const auto &one) { return one.address == address; });
        // Known from before the connection was lost, and not seen since: the hub may have forgotten it.
        const bool awaited = m_actors.knows(address) && !m_actors.isSeen(address);
        if (!present && awaited && m_lookUps.size() < mostLookedUpLater)
            m_lookUps.append(command);
        else
            tellFound(command, LookupOutcome::Found, present, {});
    });
}

/// After each pass: those that have been seen, and those that are gone for good.
void HubSource::lookUpLater(bool over)
{
    const QList<Command> waiting = std::exchange(m_lookUps, {});
    for (const Command &command : waiting) {
        const QString address = QString::fromUtf8(command.worker);
        if (over)
            tellFound(command, LookupOutcome::Unknown, false, tr("not connected"));
        else if (!m_actors.knows(address))
            tellFound(command, LookupOutcome::Found, false, {});
        else if (m_actors.isSeen(address))
            tellFound(command, LookupOutcome::Found, true, {});
        else
            m_lookUps.append(command);
    }
}

void HubSource::tellFound(const Command &command, LookupOutcome outcome, bool present, const QString &text)
{
    CommandProgress progress;
    progress.command = command.id;
    progress.source = m_id;
    progress.at = m_clock.nowMs();
    progress.outcome = outcome;
    progress.text = text;
    progress.keyPresent = present;
    if (present)
        progress.status = m_actors.status(QString::fromUtf8(command.worker));
    emit commandsProgressed({progress});
}

// How a HubSource reads the registry, page by page, and what it makes of it.

// Passes over the registry, page by page ------------------------------------------------------------------------------

void HubSource::beginPass()
{
    m_passTimer.stop();
    if (!m_connection || m_connection->state() != HubConnection::State::Ready)
        return;
    m_pages = 0;
    m_skipped = 0;
    m_status.loaded = 0;
    m_truncated = false;
    const bool slept = m_sleep.take() > 0; // What the store has from before is not true any more.
    m_actors.beginPass(slept);
    const qint64 now = m_clock.nowMs();
    m_view.everyMs = m_passBegan > 0 && m_actors.wholePasses() > 0 ? now - m_passBegan : 0;
    m_passBegan = now;
    askPage(0);
}

/// In turn, each page after the one before: an offset into a list that changes is a guess already.
void HubSource::askPage(int offset)
{
    const quint32 generation = m_actors.generation();
    const auto handler = [this, generation, offset](const HubAnswer &answer) {
        if (generation != m_actors.generation() || !m_connection || m_connection->state() != HubConnection::State::Ready)
            return;
        const qint64 now = m_clock.nowMs();
        const auto *list = answer.as<hub::ActorList>();
        if (!list) { // Refused or late: the pass begins again after a rest, and no actor is reported as gone for it.
            m_listProblem = tr("The hub did not list its actors: %1").arg(answer.text());
            m_actors.abandonPass();
            emitStatus();
            m_passTimer.start(m_options.passEveryMs);
            return;
        }
        m_lastAnswerAt = now;
        takePage(*list, now);
        const int read = int(list->actors.size()) + list->skipped;
        // A page without entries ends the pass whatever it says, or a hub could keep us paging for ever.
        if (list->hasMore && read > 0 && offset + read < mostActors) {
            askPage(offset + read);
            return;
        }
        m_truncated = list->hasMore && read > 0;
        endPass();
    };
    m_connection->request(HubRequest::listActors(offset), handler, 0, HubOutbox::Lane::Fleet);
}

void HubSource::takePage(const hub::ActorList &list, qint64 now)
{
    ++m_pages;
    m_skipped += list.skipped;
    m_listTotal = list.total;
    const bool listedBefore = m_actors.selfListed();
    for (const HubActor &actor : list.actors)
        m_actors.take(actor, now);
    const bool loading = m_status.state == SourceState::Loading;
    if (loading) {
        // Our own address is no actor of the fleet. Before it is met in the list, that it was registered says that it will be.
        const bool counted = m_actors.selfListed() || m_connection->isRegistered();
        m_view.total = qMax<qint64>(0, m_listTotal - (counted ? 1 : 0));
        m_status.loaded += int(list.actors.size()) - (m_actors.selfListed() && !listedBefore ? 1 : 0);
        m_status.total = int(qMin<qint64>(m_view.total, mostActors));
        m_actors.flush(now);
        emitStatus();
    }
}

void HubSource::endPass()
{
    const qint64 now = m_clock.nowMs();
    m_actors.endPass(now);
    m_view.awaited = m_actors.awaited();
    learnTiming();
    m_view.total = qMax<qint64>(0, m_listTotal - (m_actors.selfListed() ? 1 : 0));
    m_view.wholeSince = m_passBegan;
    m_view.passMs = now - m_passBegan;
    m_view.pages = m_pages;
    m_view.skipped = m_skipped;
    // As long a rest as the pass took: half of what the hub allows stays free for everything else.
    const int rest = int(qMax<qint64>(m_options.passEveryMs - m_view.passMs, m_view.passMs));
    m_status.sweepEveryMs = qint32(qMin<qint64>(m_view.passMs + rest, 1 << 30));
    m_listProblem.clear();
    if (m_status.state == SourceState::Loading)
        setState(SourceState::Sweeping);
    else
        emitStatus();
    emitView();
    lookUpLater(false);
    m_passTimer.start(rest);
}

/// A registration is renewed once or twice within its TTL, so that the TTL says when an actor is late and when it is
/// stale.
void HubSource::learnTiming()
{
    const qint64 ttl = m_actors.usualTtl();
    if (ttl == 0)
        return;
    TimingProfile timing = m_options.timing;
    timing.name = tr("learned from registrations");
    timing.heartbeatInterval = ttl / 2;
    timing.workerKeyTtl = ttl;
    timing.reaperStaleThreshold = ttl;
    timing.hubActorTtl = ttl;
    if (const qint64 advertised = m_connection->vitals().advertisedHeartbeatMs; advertised > 0)
        timing.hubServerHeartbeat = advertised;
    if (timing == m_status.timing)
        return;
    m_status.timing = timing;
    emitStatus();
}

// In words ------------------------------------------------------------------------------------------------------------

QString HubSource::aftermathText() const
{
    const bool wiped = m_actors.aftermath() == ListedActors::Aftermath::Wiped;
    if (m_actors.wholePasses() == 0) {
        return wiped
                   ? tr("The hub forgot everything (no message for 10 s). Its actors are not gone: they have to register again.")
                   : tr("The hub was restarted and has lost all registrations. Its actors are not gone: they have to register "
                        "again.");
    }
    if (m_view.awaited == 0) {
        return wiped ? tr("The hub forgot everything (no message for 10 s): all its actors have registered again.")
                     : tr("The hub was restarted and has lost all registrations: all its actors have registered again.");
    }
    return wiped
               ? tr("The hub forgot everything (no message for 10 s): %Ln actor(s) (has/have) not registered again yet. (It "
                    "is/They "
                    "are) not gone.",
                    nullptr, m_view.awaited)
               : tr("The hub was restarted and has lost all registrations: %Ln actor(s) (has/have) not registered again yet. (It "
                    "is/They are) not gone.",
                    nullptr, m_view.awaited);
}

/// Message, hint and limits of the status, for the state it is in.
void HubSource::describe()
{
    constexpr qint64 slowedShownMs = 60'000;
    using Aftermath = ListedActors::Aftermath;
    const qint64 now = m_clock.nowMs();
    const Aftermath aftermath = m_actors.aftermath();
    const bool awaiting = aftermath != Aftermath::None && (m_view.awaited > 0 || m_actors.wholePasses() == 0);
    m_status.forgotten = awaiting;
    switch (m_status.state) {
    case SourceState::Loading:
    case SourceState::Sweeping:
        m_status.setTrouble({m_listProblem.isEmpty() ? SourceTrouble::None : SourceTrouble::Unlisted, m_listProblem, {}});
        if (aftermath != Aftermath::None && m_listProblem.isEmpty()) {
            m_status.trouble = aftermath == Aftermath::Wiped ? SourceTrouble::Forgotten : SourceTrouble::Restarted;
            m_status.message = aftermathText();
            if (awaiting)
                m_status.hint =
                    tr("An actor that has not noticed yet keeps running. Actors that are still missing after %1 are shown as "
                       "departed, unseen.")
                        .arg(exactText(m_options.wipeGraceMs));
        }
        break;
    case SourceState::Waiting: {
        m_status.setTrouble(m_connection ? m_connection->failure() : SourceFailure());
        if (const int known = m_actors.count(); known > 0) {
            const QString unknown = tr("The state of its %Ln actor(s) is unknown until it is back.", nullptr, known);
            m_status.hint = m_status.hint.isEmpty() ? unknown : tr("%1 %2").arg(m_status.hint, unknown);
        }
        break;
    }
    case SourceState::Off:
    case SourceState::Connecting:
    case SourceState::Live:
    case SourceState::Stalled:
    case SourceState::Failed:
        break;
    }

    m_status.limits.clear();
    if (m_truncated)
        m_status.limits.append(tr("only the first %Ln actor(s) (is/are) shown", nullptr, mostActors));
    if (!m_connection)
        return;
    const HubVitals vitals = m_connection->vitals();
    if (!vitals.registrationProblem.isEmpty())
        m_status.limits.append(tr("actors cannot answer: %1").arg(vitals.registrationProblem));
    if (std::exchange(m_refusedForRate, vitals.refusedForRate) != vitals.refusedForRate)
        m_slowedAt = now;
    if (m_slowedAt != 0 && now - m_slowedAt < slowedShownMs) {
        m_status.limits.append(
            tr("slowed down: the hub accepts ten messages a second and has refused %Ln", nullptr, int(vitals.refusedForRate)));
    }
    if (const QString dropped = droppedMessagesText(m_view.messagesDropped); !dropped.isEmpty())
        m_status.limits.append(dropped);
}

} // namespace pulsedeck
