// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/failureinjector.h"

#include "app/simulator/commandlistener.h"
#include "app/simulator/garbage.h"
#include "app/simulator/proxy.h"
#include "app/simulator/workerlife.h"

#include <QTimer>

#include <algorithm>
#include <cmath>

namespace pulsedeck::fleet {

namespace {

using Use = SeededRandom::Use;
using Process = SimWorker::Process;

} // namespace

FailureInjector::FailureInjector(FleetContext &context, WorkerLife &life, Proxy &proxy, CommandListener &listener,
                                 QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_life(life)
    , m_proxy(proxy)
    , m_listener(listener)
{
    connect(&life, &WorkerLife::registered, this, &FailureInjector::settle);
    connect(&life, &WorkerLife::halfRegistered, this, [this](quint32 slot) {
        if (const qint64 lasts = m_remains.take(slot); lasts > 0)
            m_context.scheduleIn(lasts, Event::RemoveRemains, slot);
    });
}

std::optional<quint32> FailureInjector::pick(const std::vector<quint32> &others)
{
    const quint32 size = m_context.table.size();
    if (size == 0)
        return std::nullopt;
    const auto start = quint32(m_context.random.bits(Use::Pick, m_picks++) % size);
    for (quint32 i = 0; i < size; ++i) {
        const quint32 slot = (start + i) % size;
        if (m_context.table[slot].isHealthy() && std::find(others.begin(), others.end(), slot) == others.end())
            return slot;
    }
    return std::nullopt;
}

std::vector<quint32> FailureInjector::strike(FailureMode mode, int count, const Manner &manner)
{
    std::vector<quint32> struck;
    for (int i = 0; i < count; ++i) {
        if (mode == FailureMode::NoTtl) { // A new worker is needed that dies while it registers.
            const quint32 slot = m_life.spawnHalfRegistered();
            if (manner.lastsMs > 0)
                m_remains.insert(slot, manner.lastsMs);
            struck.push_back(slot);
            continue;
        }
        const auto slot = pick();
        if (!slot)
            break;
        begin(*slot, mode, manner);
        struck.push_back(*slot);
    }
    return struck;
}

bool FailureInjector::doom(FailureMode mode)
{
    const auto slot = pick();
    if (!slot)
        return false;
    m_context.table[*slot].mode = mode;
    settle(*slot);
    return true;
}

std::vector<quint32> FailureInjector::command(int count, bool publish)
{
    std::vector<quint32> commanded;
    for (int i = 0; i < count; ++i) {
        const auto slot = pick(commanded); // A commanded worker counts as healthy until it drains.
        if (!slot)
            break;
        m_proxy.command(*slot, publish);
        commanded.push_back(*slot);
    }
    return commanded;
}

std::optional<quint32> FailureInjector::running(const QByteArray &id) const
{
    const qint64 slot = m_context.table.find(id);
    if (slot < 0 || m_context.table[quint32(slot)].process != Process::Running)
        return std::nullopt;
    return quint32(slot);
}

std::vector<quint32> FailureInjector::strikeOne(FailureMode mode, const QByteArray &id, const Manner &manner)
{
    const auto slot = running(id);
    if (!slot || mode == FailureMode::NoTtl) // That takes a worker that does not run yet.
        return {};
    begin(*slot, mode, manner);
    return {*slot};
}

std::vector<quint32> FailureInjector::commandOne(const QByteArray &id, bool publish)
{
    const auto slot = running(id);
    if (!slot)
        return {};
    m_proxy.command(*slot, publish);
    return {*slot};
}

void FailureInjector::settle(quint32 slot)
{
    const SimWorker &worker = m_context.table[slot];
    switch (worker.mode) {
    case FailureMode::Late:
    case FailureMode::Skew:
    case FailureMode::Garbage:
    case FailureMode::WrongType:
        begin(slot, worker.mode, {});
        break;
    case FailureMode::Crash:
    case FailureMode::Hang:
    case FailureMode::StuckDrain:
    case FailureMode::ForgottenDrain:
    case FailureMode::Leave:
        m_context.scheduleIn(beats(m_context.random.between(2, 6, Use::Strike, worker.ordinal)), Event::Strike, slot);
        break;
    default:
        break;
    }
}

void FailureInjector::begin(quint32 slot, FailureMode mode, const Manner &manner)
{
    SimWorker &worker = m_context.table[slot];
    worker.mode = mode;
    switch (mode) {
    case FailureMode::Crash: {
        const bool returns = manner.seconds || m_context.random.unit(Use::Return, worker.ordinal) < m_context.options.returnShare;
        m_life.crash(slot, manner.seconds ? qint64(*manner.seconds * 1000) : m_context.options.downTimeFor(m_context.timing),
                     returns);
        break;
    }
    case FailureMode::Hang:
        beginHang(slot, manner);
        break;
    case FailureMode::Late:
        worker.late = true;
        if (manner.lastsMs > 0)
            m_context.scheduleIn(manner.lastsMs, Event::Mend, slot);
        break;
    case FailureMode::Skew:
        worker.skewMs = manner.seconds ? qint32(qBound(-2e9, *manner.seconds * 1000, 2e9)) : drawSkew(slot);
        if (manner.lastsMs > 0)
            m_context.scheduleIn(manner.lastsMs, Event::Leave, slot);
        break;
    case FailureMode::StuckDrain:
        m_proxy.pin(slot);
        m_proxy.command(slot, true);
        break;
    case FailureMode::ForgottenDrain:
        beginForgottenDrain(slot);
        break;
    case FailureMode::Garbage:
        worker.garbage = GarbageKind(1 + m_garbage++ % garbageKindCount);
        writeGarbage(m_context.links.worker(slot), worker, worker.garbage);
        if (manner.lastsMs > 0)
            m_context.scheduleIn(manner.lastsMs, Event::Leave, slot);
        break;
    case FailureMode::WrongType:
        writeWrongType(m_context.links.worker(slot), worker, QByteArray::number(wholeSeconds(m_context.timing.workerKeyTtl)));
        if (manner.lastsMs > 0)
            m_context.scheduleIn(manner.lastsMs, Event::Leave, slot);
        break;
    case FailureMode::Outage:
        m_life.setCutOff(slot, true);
        m_context.scheduleIn(manner.seconds ? qint64(*manner.seconds * 1000) : beats(4), Event::Reconnect, slot);
        break;
    case FailureMode::Leave:
        m_life.leave(slot);
        break;
    case FailureMode::None:
    case FailureMode::NoTtl:
    case FailureMode::Untyped:
        break;
    }
}

void FailureInjector::beginHang(quint32 slot, const Manner &manner)
{
    SimWorker &worker = m_context.table[slot];
    worker.hung = true;
    if (manner.seconds) {
        m_context.scheduleIn(qint64(*manner.seconds * 1000), Event::Resume, slot);
        return;
    }
    const double ttl = double(m_context.timing.workerKeyTtl);
    if (m_context.random.unit(Use::Hang, worker.ordinal) < 0.5)
        m_context.scheduleIn(qint64(ttl * m_context.random.between(0.5, 1.8, Use::Hang, worker.ordinal, 1)), Event::Resume, slot);
    else
        m_context.scheduleIn(qint64(ttl * 4), Event::Kill, slot);
}

void FailureInjector::beginForgottenDrain(quint32 slot)
{
    m_proxy.pin(slot);
    m_proxy.command(slot, true);
    // Long enough for draining to be seen, then the key or the connection is lost; the worker writes available. The
    // sessions last for some beats more, so that this can be seen too.
    m_context.scheduleIn(qMin(beats(1.2), m_context.timing.drainTimeout / 3), Event::LoseKey, slot);
    m_context.scheduleIn(qMin(beats(5), m_context.timing.drainTimeout * 3 / 4), Event::Unpin, slot);
}

void FailureInjector::loseKey(quint32 slot)
{
    const SimWorker &worker = m_context.table[slot];
    if (!worker.draining)
        return;
    if (m_forgotten++ % 2 == 0) { // A new connection: no time without a key.
        m_life.setCutOff(slot, true);
        m_life.setCutOff(slot, false);
    } else {
        m_context.links.proxy().request({"DEL", worker.key()}, {});
    }
}

qint32 FailureInjector::drawSkew(quint32 slot) const
{
    const quint32 ordinal = m_context.table[slot].ordinal;
    const double seconds = 2.0 * std::pow(1800.0, m_context.random.unit(Use::Skew, ordinal)); // 2 s to an hour.
    return qint32(seconds * 1000) * (m_context.random.bits(Use::Skew, ordinal, 1) % 2 == 0 ? 1 : -1);
}

void FailureInjector::outage(qint64 durationMs)
{
    if (m_context.links.isCut())
        return;
    m_context.links.cutWorkers();
    m_listener.cut();
    QTimer::singleShot(int(durationMs), this, [this] {
        m_context.links.restoreWorkers();
        m_listener.open();
    });
}

void FailureInjector::handle(const TimingWheel::Entry &entry)
{
    SimWorker &worker = m_context.table[entry.slot];
    switch (entry.event) {
    case Event::Strike:
        if (worker.process == Process::Running && !worker.draining) {
            const FailureMode mode = worker.mode;
            begin(entry.slot, mode, {});
        }
        break;
    case Event::Resume:
        m_life.resume(entry.slot);
        break;
    case Event::Kill:
        m_life.crash(entry.slot, m_context.options.replaceAfter, false);
        break;
    case Event::Mend:
        worker.late = false;
        worker.mode = FailureMode::None;
        break;
    case Event::Leave:
        m_life.leave(entry.slot);
        break;
    case Event::LoseKey:
        loseKey(entry.slot);
        break;
    case Event::Unpin:
        m_proxy.release(entry.slot);
        break;
    case Event::Reconnect:
        m_life.setCutOff(entry.slot, false);
        worker.mode = FailureMode::None;
        break;
    case Event::RemoveRemains:
        m_context.links.proxy().request({"DEL", worker.key()}, {});
        m_life.forget(entry.slot);
        break;
    default:
        break;
    }
}

} // namespace pulsedeck::fleet
