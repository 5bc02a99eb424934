// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubsource.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

HubSource::HubSource(SourceId id, const HubSourceOptions &options, const Clock &clock, QObject *parent)
    : FleetSource(parent)
    , m_id(id)
    , m_options(options)
    , m_clock(clock)
{
    m_passTimer.setParent(this); // Moves to the I/O thread with it.
    m_passTimer.setSingleShot(true);
    connect(&m_passTimer, &QTimer::timeout, this, &HubSource::beginPass);
    m_status.source = id;
    m_status.timing = options.timing;
    m_view.source = id;
    m_batch.source = id;
}

HubSource::~HubSource()
{
    delete m_connection; // Its last answers come while this is still whole.
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
    connect(m_connection, &HubConnection::wiped, this,
            [this] { m_awaitUntil = m_clock.nowMs() + m_options.wipeGraceMs; });
    connect(m_connection, &HubConnection::beat, this, [this] {
        const HubVitals vitals = m_connection->vitals();
        m_lastAnswerAt = vitals.lastAckAt;
        m_offsetMs = vitals.clockOffsetMs;
        m_status.clockKnown = vitals.clockKnown;
        m_status.clockOffsetMs = vitals.clockOffsetMs;
        m_status.roundTripMs = qint32(qMin<qint64>(vitals.roundTripMs, 1 << 30));
        m_status.server = vitals.serverVersion.isEmpty() ? QString() : QString(u"Signal Hub "_s + vitals.serverVersion);
        emitStatus();
        emitView();
    });
    m_connection->setRegistered(m_writable);
    setState(SourceState::Connecting);
    m_connection->open();
}

void HubSource::stop()
{
    if (!m_connection)
        return;
    HubConnection *const connection = std::exchange(m_connection, nullptr);
    connection->disconnect(this);
    m_passTimer.stop();
    flush();
    connection->close(); // Every command is answered before the source is off.
    const QList<QUuid> delivered = m_waiting.keys();
    for (const QUuid &id : delivered)
        settle(id, CommandProgress::Outcome::Written, Refusal::None, u"delivered"_s);
    // The hub is told, which takes a moment; nothing of it is heard any more.
    connect(connection, &HubConnection::stateChanged, connection, [connection](HubConnection::State state) {
        if (state == HubConnection::State::Closed)
            connection->deleteLater();
    });
    if (connection->state() == HubConnection::State::Closed)
        connection->deleteLater();
    setState(SourceState::Off);
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
        const HubFailure &failure = m_connection->failure();
        m_status.message = failure.text;
        m_status.hint = failure.hint;
        const int wait = m_connection->retryInMs();
        m_status.retryAt = wait >= 0 ? m_clock.nowMs() + wait : 0;
        if (m_status.lostAt == 0)
            m_status.lostAt = m_lastAnswerAt;
        setState(state == HubConnection::State::Closed ? SourceState::Failed : SourceState::Waiting);
        break;
    }
    case HubConnection::State::Closing:
        break;
    }
}

void HubSource::setState(SourceState state)
{
    if (state == SourceState::Loading || state == SourceState::Sweeping) {
        m_status.lostAt = 0;
        m_status.message.clear();
        m_status.hint.clear();
    }
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
    m_status.limits.clear();
    if (m_truncated)
        m_status.limits.append(u"only the first %1 actors are shown"_s.arg(mostActors));
    if (m_connection && !m_connection->vitals().registrationProblem.isEmpty())
        m_status.limits.append(u"actors cannot answer: "_s + m_connection->vitals().registrationProblem);
    emit statusChanged(m_status);
}

void HubSource::emitView()
{
    if (m_connection)
        m_view.vitals = m_connection->vitals();
    emit viewChanged(m_view);
}

void HubSource::flush()
{
    if (m_batch.texts.isEmpty() && m_batch.samples.isEmpty() && m_batch.removed.isEmpty())
        return;
    m_batch.generation = m_generation;
    m_batch.at = m_clock.nowMs();
    emit batchReady(m_batch);
    m_batch.texts.clear();
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
