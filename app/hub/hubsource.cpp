// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubsource.h"

#include <initializer_list>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

HubSource::HubSource(SourceId id, const HubSourceOptions &options, const Clock &clock, QObject *parent)
    : FleetSource(parent)
    , m_id(id)
    , m_options(options)
    , m_clock(clock)
    , m_sleep(clock)
    , m_orders(id, options.ackWaitMs, clock, nullptr)
    , m_calls(id, options.connection.hub, clock, nullptr)
    , m_mailBudget(mailPerSecond, 3 * mailPerSecond)
    , m_mailBytes(options.mailBytesPerSecond, options.mailBytesAtOnce)
    , m_unaskedBudget(unaskedPerSecond, 2 * unaskedPerSecond)
    , m_mailUnderWay(std::make_shared<std::atomic<qint64>>(0))
{
    for (QObject *part : std::initializer_list<QObject *>{&m_passTimer, &m_orders, &m_calls})
        part->setParent(this); // Moves to the I/O thread with it.
    m_passTimer.setSingleShot(true);
    connect(&m_passTimer, &QTimer::timeout, this, &HubSource::beginPass);
    connect(&m_orders, &HubOrders::progressed, this, &HubSource::commandsProgressed);
    connect(&m_orders, &HubOrders::accepted, this, &HubSource::setStatus);
    connect(&m_orders, &HubOrders::answeredUnasked, this,
            [this](const QByteArray &from, const CommandProgress &progress) {
                if (m_unaskedBudget.take(m_clock.nowMs())) // Anybody can send what looks like one.
                    emit answeredUnasked(from, progress);
            });
    connect(&m_calls, &HubCalls::answered, this, &HubSource::callAnswered);
    connect(&m_calls, &HubCalls::subscriptionChanged, this, &HubSource::subscriptionChanged);
    m_status.source = id;
    m_status.kind = SourceKind::Hub;
    m_status.timing = options.timing;
    m_view.source = id;
    m_batch.source = id;
}

HubSource::~HubSource()
{
    delete m_connection; // Its last answers come while this is still whole.
    m_orders.setConnection(nullptr);
    m_calls.setConnection(nullptr);
}

void HubSource::setToken(const HubSecret &token)
{
    const bool refused = m_connection && m_connection->failure().kind == HubFailure::Kind::Unauthorized;
    if (m_connection && (refused || token != m_options.connection.token))
        m_connection->setToken(token);
    m_options.connection.token = token;
}

void HubSource::prepareStart(const QString &message)
{
    if (m_connection)
        return; // One attempt goes on until the next begins.
    m_status.message = message;
    m_status.hint.clear();
    setState(SourceState::Connecting);
}

void HubSource::cannotStart(const QString &message, const QString &hint)
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
    m_status.message = message;
    m_status.hint = hint;
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
    connect(m_connection, &HubConnection::wiped, this, [this] {
        m_forgot = true;
        awaitActors(Aftermath::Wiped);
    });
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
    m_status.message.clear();
    m_status.hint.clear();
    setState(SourceState::Connecting);
    m_connection->open();
}

void HubSource::stop()
{
    if (!m_connection) {
        m_status.message.clear();
        m_status.hint.clear();
        if (m_status.state != SourceState::Off)
            setState(SourceState::Off);
        if (!m_closing)
            emit ended();
        return;
    }
    HubConnection *const connection = std::exchange(m_connection, nullptr);
    connection->disconnect(this);
    m_passTimer.stop();
    flush();
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
    m_status.message.clear();
    m_status.hint.clear();
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
        ++m_generation;
        m_wholeInGeneration = 0;
        m_registeredAnew = 0;
        m_survivor = false;
        if (m_forgot)
            awaitActors(Aftermath::Wiped); // Nobody could register while it was away.
        m_knownBefore = int(m_slots.size());
        m_listProblem.clear();
        m_status.generation = m_generation;
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
        flush();
        const int wait = m_connection->retryInMs();
        m_status.retryAt = wait >= 0 ? m_clock.nowMs() + wait : 0;
        if (m_status.lostAt == 0)
            m_status.lostAt = m_lastAnswerAt;
        m_status.message = m_connection->failure().text;
        m_status.hint = m_connection->failure().hint;
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
    constexpr qint64 wrongMs = 500; // Offsets differ a little from beat to beat.
    const HubVitals vitals = m_connection->vitals();
    m_lastAnswerAt = vitals.lastAckAt;
    if (qAbs(vitals.clockOffsetMs - m_offsetMs) > wrongMs)
        m_tellAllNext = true;
    m_offsetMs = vitals.clockOffsetMs;
    m_status.clockKnown = vitals.clockKnown;
    m_status.clockOffsetMs = vitals.clockOffsetMs;
    m_status.roundTripMs = qint32(qMin<qint64>(vitals.roundTripMs, 1 << 30));
    m_status.server = vitals.serverVersion.isEmpty() ? QString() : QString(u"Signal Hub "_s + vitals.serverVersion);
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

void HubSource::flush()
{
    if (m_batch.texts.isEmpty() && m_batch.actors.isEmpty() && m_batch.samples.isEmpty() && m_batch.removed.isEmpty())
        return;
    m_batch.generation = m_generation;
    m_batch.at = m_clock.nowMs();
    emit batchReady(m_batch);
    m_batch.texts.clear();
    m_batch.actors.clear();
    m_batch.samples.clear();
    m_batch.removed.clear();
}

void HubSource::applyTiming(const TimingApply &apply)
{
    TimingApplied answer;
    answer.id = apply.id;
    answer.source = m_id;
    answer.outcome = TimingApplied::Outcome::Refused;
    answer.refusal = Refusal::Server;
    answer.text = u"a hub keeps no shared timing record"_s;
    emit timingApplied(answer);
}

void HubSource::readTimingHistory()
{
    TimingHistory history;
    history.source = m_id;
    history.text = u"a hub keeps no shared timing record"_s;
    emit timingHistoryRead(history);
}

} // namespace pulsedeck
