// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/workerlife.h"

#include "app/simulator/decimal.h"
#include "app/simulator/proxy.h"

namespace pulsedeck::fleet {

namespace {

using Use = SeededRandom::Use;
using Process = SimWorker::Process;

constexpr int registrationWindow = 12'000; ///< Requests under way per connection while the fleet registers.
constexpr qint64 drainPollMs = 1'000;
constexpr qint64 leavingMs = 50; ///< How long shutting-down is visible.
constexpr QByteArrayView leavingTtl("10");

} // namespace

WorkerLife::WorkerLife(FleetContext &context, CommandListener &listener, Proxy &proxy, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_listener(listener)
    , m_proxy(proxy)
{
    timingChanged();
    connect(&listener, &CommandListener::shutdownHeard, this, [this](quint32 slot) {
        if (m_context.table[slot].hung)
            m_context.table[slot].commandHeard = true;
        else
            drain(slot);
    });
    connect(&listener, &CommandListener::subscribed, this, [this](quint32 slot, quint32 life) {
        if (m_context.table.living(slot, life))
            countFirst(slot);
    });
    connect(&context.links, &FleetLinks::workerLinkRemade, this, [this](int index) {
        for (quint32 slot = 0; slot < m_context.table.size(); ++slot) {
            // A worker that gets a new connection registers again, and one that drains forgets in Redis that it does.
            // For the others that is no more than a beat, which comes anyway.
            const SimWorker &worker = m_context.table[slot];
            if (m_context.links.linkOf(slot) == index && worker.draining && worker.process == Process::Running && !worker.hung)
                registerWorker(slot);
        }
    });
}

void WorkerLife::start()
{
    m_startMs = m_context.clock.nowMs();
    m_firstModes = m_context.options.shares.assign(m_context.options.workers, m_context.random);
    for (int i = 0; i < m_context.options.workers; ++i)
        m_context.table.addSlot();
    tick();
}

void WorkerLife::tick()
{
    while (m_nextFirst < m_firstModes.size() && !m_context.stopping) {
        RedisConnection &link = m_context.links.worker(m_nextFirst);
        if (!FleetLinks::isReady(link) || link.pending() > registrationWindow || m_listener.pending() > registrationWindow)
            return;
        spawn(m_nextFirst, m_firstModes[m_nextFirst]);
        ++m_nextFirst;
    }
}

void WorkerLife::timingChanged()
{
    m_ttl = QByteArray::number(wholeSeconds(m_context.timing.workerKeyTtl));
}

void WorkerLife::handle(const TimingWheel::Entry &entry)
{
    SimWorker &worker = m_context.table[entry.slot];
    switch (entry.event) {
    case Event::Beat:
        beat(entry.slot);
        break;
    case Event::RegisterAgain:
        registerWorker(entry.slot);
        break;
    case Event::DrainPoll:
        pollDrain(entry.slot);
        break;
    case Event::DrainDeadline:
        if (worker.draining && worker.process == Process::Running && !worker.hung)
            leave(entry.slot);
        break;
    case Event::DeleteKey:
        deleteKey(entry.slot);
        break;
    case Event::Spawn:
        spawn(entry.slot, worker.typed ? FailureMode::None : FailureMode::Untyped);
        break;
    case Event::Return:
        worker.mode = worker.typed ? FailureMode::None : FailureMode::Untyped;
        worker.startedAt = m_context.clock.nowMs();
        registerWorker(entry.slot);
        break;
    default:
        break;
    }
}

void WorkerLife::spawn(quint32 slot, FailureMode mode)
{
    if (m_context.stopping)
        return;
    SimWorker &worker = m_context.table[slot];
    m_context.table.assume(slot, mode != FailureMode::Untyped, m_context.random);
    worker.clearProcess();
    worker.mode = mode;
    worker.startedAt = m_context.clock.nowMs();
    if (mode == FailureMode::Skew || mode == FailureMode::Late)
        emit registered(slot); // These belong to the process from its first word on.
    registerWorker(slot);
}

void WorkerLife::registerWorker(quint32 slot)
{
    SimWorker &worker = m_context.table[slot];
    RedisConnection &link = m_context.links.worker(slot);
    if (worker.process != Process::Running)
        worker.process = Process::Registering;
    if (!FleetLinks::isReady(link) || worker.cutOff) {
        if (worker.process == Process::Registering)
            m_context.scheduleIn(500, Event::RegisterAgain, slot);
        return;
    }
    const QByteArray endpoint = endpointOf(slot, worker.ordinal, m_context.random);
    const Decimal startedAt(worker.startedAt + worker.skewMs);
    const Decimal now(m_context.clock.nowMs() + worker.skewMs);
    link.request({"HSETNX", activeKey, worker.id(), "0"}, {});
    link.request({"HSETNX", lifetimeKey, worker.id(), "0"}, {});

    const bool halfOnly = worker.mode == FailureMode::NoTtl;
    RedisConnection::Handler afterSet;
    if (halfOnly) {
        afterSet = [this, slot, life = worker.life](const RedisAnswer &answer) {
            if (m_context.table.living(slot, life))
                onRegistered(slot, answer.ok());
        };
    }
    if (worker.typed) {
        link.request({"HSET", worker.key(), "id", worker.uuid(), "browserType", worker.type(), "endpoint", endpoint, "status",
                      "available", "startedAt", startedAt.view(), "lastHeartbeat", now.view()},
                     std::move(afterSet));
    } else {
        link.request({"HSET", worker.key(), "id", worker.uuid(), "endpoint", endpoint, "status", "available", "startedAt",
                      startedAt.view(), "lastHeartbeat", now.view()},
                     std::move(afterSet));
    }
    if (halfOnly)
        return; // The process dies here.
    link.request({"EXPIRE", worker.key(), m_ttl}, [this, slot, life = worker.life](const RedisAnswer &answer) {
        if (!m_context.table.living(slot, life))
            return;
        if (answer.outcome == RedisAnswer::Outcome::Error)
            complainAbout("A registration", answer);
        onRegistered(slot, answer.ok());
    });
}

void WorkerLife::onRegistered(quint32 slot, bool ok)
{
    SimWorker &worker = m_context.table[slot];
    if (worker.process != Process::Registering)
        return; // It registered again because its key was gone.
    if (!ok) {
        m_context.scheduleIn(1'000, Event::RegisterAgain, slot);
        return;
    }
    if (worker.mode == FailureMode::NoTtl) {
        countFirst(slot);
        worker.process = Process::Running; // So that it is counted out as any other.
        ++m_counts.running;
        crash(slot, m_context.options.replaceAfter, false);
        emit halfRegistered(slot);
        return;
    }
    worker.process = Process::Running;
    ++m_counts.running;
    m_listener.add(slot);
    if (!worker.typed)
        countFirst(slot); // The others when their subscription is confirmed.

    // The first workers register in a rush; but their beats are spread over the interval.
    const double interval = double(m_context.timing.heartbeatInterval);
    const bool first = worker.ordinal < m_firstModes.size();
    const double phase = first ? m_context.random.unit(Use::Phase, worker.ordinal) : 1.0;
    worker.beatDue = m_context.clock.nowMs() + qint64(interval * phase);
    m_context.schedule(worker.beatDue, Event::Beat, slot);
    if (worker.mode != FailureMode::None && worker.mode != FailureMode::Skew && worker.mode != FailureMode::Late)
        emit registered(slot);
}

void WorkerLife::countFirst(quint32 slot)
{
    SimWorker &worker = m_context.table[slot];
    if (worker.counted || worker.extra)
        return;
    worker.counted = true;
    if (++m_counted == m_firstModes.size())
        emit allRegistered(m_context.clock.nowMs() - m_startMs);
}

void WorkerLife::scheduleBeat(quint32 slot)
{
    SimWorker &worker = m_context.table[slot];
    const double interval = double(m_context.timing.heartbeatInterval);
    double gap = interval;
    if (worker.late && m_context.random.unit(Use::Lateness, worker.ordinal, worker.beats) < 0.4)
        gap = interval * m_context.random.between(1.6, 2.8, Use::LateGap, worker.ordinal, worker.beats);
    const double spread = m_context.options.jitter * interval;
    gap += m_context.random.between(-spread, spread, Use::Jitter, worker.ordinal, worker.beats);
    const qint64 now = m_context.clock.nowMs();
    worker.beatDue += qint64(gap);
    if (worker.beatDue <= now) // After a stall of the machine no beat is made up for.
        worker.beatDue = now + qint64(gap);
    m_context.schedule(worker.beatDue, Event::Beat, slot);
}

void WorkerLife::beat(quint32 slot)
{
    SimWorker &worker = m_context.table[slot];
    if (worker.process != Process::Running || worker.hung)
        return; // resume() begins again.
    m_counts.lagMs = qMax(m_counts.lagMs, m_context.clock.nowMs() - worker.beatDue);
    ++worker.beats;
    scheduleBeat(slot);
    RedisConnection &link = m_context.links.worker(slot);
    if (worker.beatUnderway || worker.cutOff || !FleetLinks::isReady(link))
        return;
    worker.beatUnderway = true;
    ++m_counts.beats;
    link.request({"EXISTS", worker.key()}, [this, slot, life = worker.life](const RedisAnswer &answer) {
        SimWorker *beating = m_context.table.living(slot, life);
        if (!beating)
            return;
        beating->beatUnderway = false;
        if (answer.outcome == RedisAnswer::Outcome::Error)
            complainAbout("A beat", answer);
        if (answer.ok() && beating->process == Process::Running && !beating->hung && !beating->cutOff)
            onExists(slot, answer.reply.toInteger() > 0);
    });
}

void WorkerLife::onExists(quint32 slot, bool exists)
{
    SimWorker &worker = m_context.table[slot];
    RedisConnection &link = m_context.links.worker(slot);
    if (exists) {
        const Decimal now(m_context.clock.nowMs() + worker.skewMs);
        const bool broken = worker.garbage == GarbageKind::HeartbeatText;
        link.request({"HSET", worker.key(), "lastHeartbeat", broken ? QByteArrayView("soon") : now.view()},
                     [this](const RedisAnswer &answer) { m_counts.sent += answer.ok() ? 1 : 0; });
        link.request({"EXPIRE", worker.key(), m_ttl}, {});
    } else {
        registerWorker(slot);
    }
    link.request({"GET", worker.commandKey()}, [this, slot, life = worker.life](const RedisAnswer &answer) {
        const SimWorker *reading = m_context.table.living(slot, life);
        if (!reading || reading->draining || reading->hung || !answer.ok() || answer.reply.bytes() != QByteArrayView("shutdown"))
            return;
        m_context.links.worker(slot).request({"DEL", reading->commandKey()}, {});
        drain(slot);
    });
}

void WorkerLife::drain(quint32 slot)
{
    SimWorker &worker = m_context.table[slot];
    if (worker.process != Process::Running || worker.draining)
        return; // A worker that drains ignores further commands.
    worker.draining = true;
    m_context.links.worker(slot).request({"HSET", worker.key(), "status", "draining"}, {});
    m_context.scheduleIn(drainPollMs, Event::DrainPoll, slot);
    m_context.scheduleIn(m_context.timing.drainTimeout, Event::DrainDeadline, slot);
}

void WorkerLife::pollDrain(quint32 slot)
{
    SimWorker &worker = m_context.table[slot];
    if (worker.process != Process::Running || worker.hung)
        return;
    m_context.scheduleIn(drainPollMs, Event::DrainPoll, slot);
    if (worker.cutOff || !FleetLinks::isReady(m_context.links.worker(slot)))
        return;
    m_context.links.worker(slot).request(
        {"HGET", activeKey, worker.id()}, [this, slot, life = worker.life](const RedisAnswer &answer) {
            const SimWorker *polling = m_context.table.living(slot, life);
            if (!polling || polling->process != Process::Running || polling->hung || !answer.ok())
                return;
            // Missing or negative ends the drain as 0 does; text that is no number does not.
            if (answer.reply.isNil() || answer.reply.toInteger(1) <= 0)
                leave(slot);
        });
}

void WorkerLife::leave(quint32 slot)
{
    SimWorker &worker = m_context.table[slot];
    if (worker.process != Process::Running)
        return;
    worker.process = Process::Leaving;
    if (!worker.cutOff) {
        RedisConnection &link = m_context.links.worker(slot);
        link.request({"HSET", worker.key(), "status", "shutting-down"}, {});
        link.request({"EXPIRE", worker.key(), leavingTtl}, {});
    }
    m_context.scheduleIn(leavingMs, Event::DeleteKey, slot);
}

void WorkerLife::deleteKey(quint32 slot)
{
    SimWorker &worker = m_context.table[slot];
    if (!worker.cutOff)
        m_context.links.worker(slot).request({"DEL", worker.key()}, {});
    endProcess(slot, Process::None);
    if (worker.extra)
        forget(slot);
    else
        m_context.scheduleIn(
            qint64(double(m_context.options.replaceAfter) * m_context.random.between(0.7, 1.3, Use::Replace, worker.ordinal)),
            Event::Spawn, slot);
}

void WorkerLife::crash(quint32 slot, qint64 downMs, bool returns)
{
    SimWorker &worker = m_context.table[slot];
    if (worker.process != Process::Running && worker.process != Process::Leaving)
        return;
    endProcess(slot, Process::Crashed);
    worker.mode = FailureMode::Crash;
    if (!worker.extra)
        m_context.scheduleIn(downMs, returns ? Event::Return : Event::Spawn, slot);
}

void WorkerLife::endProcess(quint32 slot, SimWorker::Process after)
{
    SimWorker &worker = m_context.table[slot];
    m_listener.remove(slot);
    m_proxy.release(slot);
    --m_counts.running;
    ++m_counts.ended;
    ++worker.life;
    worker.clearProcess();
    worker.process = after;
}

void WorkerLife::resume(quint32 slot)
{
    SimWorker &worker = m_context.table[slot];
    if (worker.process != Process::Running || !worker.hung)
        return;
    worker.hung = false;
    worker.mode = worker.typed ? FailureMode::None : FailureMode::Untyped;
    worker.beatDue = m_context.clock.nowMs();
    beat(slot);
    if (worker.commandHeard)
        drain(slot);
    worker.commandHeard = false;
}

void WorkerLife::setCutOff(quint32 slot, bool cutOff)
{
    SimWorker &worker = m_context.table[slot];
    if (worker.process != Process::Running || worker.cutOff == cutOff)
        return;
    worker.cutOff = cutOff;
    if (cutOff) {
        m_listener.remove(slot);
        return;
    }
    m_listener.add(slot);
    if (worker.draining)
        registerWorker(slot);
}

quint32 WorkerLife::spawnHalfRegistered()
{
    const quint32 slot = m_context.table.addSlot();
    m_context.table[slot].extra = true;
    spawn(slot, FailureMode::NoTtl);
    return slot;
}

void WorkerLife::forget(quint32 slot)
{
    ++m_context.table[slot].life;
    m_context.table[slot].process = Process::None;
    m_context.table.freeSlot(slot);
}

void WorkerLife::complainAbout(const char *what, const RedisAnswer &answer)
{
    const qint64 now = m_context.clock.nowMs();
    if (now - m_lastComplaint < 5'000)
        return; // What ails one ails thousands.
    m_lastComplaint = now;
    emit complained(QStringLiteral("%1 failed: %2").arg(QString::fromLatin1(what), answer.text()));
}

} // namespace pulsedeck::fleet
