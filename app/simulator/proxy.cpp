// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/proxy.h"

static void initFleetResources()
{
    Q_INIT_RESOURCE(fleet); // Resources of a static library are not found without being asked for.
}

namespace pulsedeck::fleet {

namespace {

using Use = SeededRandom::Use;

constexpr int sampleSize = 6; ///< Workers the selector compares.
constexpr double mostSessionsPerSecond = 500; ///< A bound on what sessions cost Redis in large fleets.
constexpr int mostAsking = 1000; ///< Selections without an answer.
constexpr QByteArrayView reaperPage("1000");

RedisConnection &prepared(RedisConnection &link)
{
    initFleetResources();
    return link;
}

} // namespace

Proxy::Proxy(FleetContext &context, QObject *parent)
    : QObject(parent)
    , m_context(context)
    , m_selector(prepared(context.links.proxy()), QStringLiteral(":/fleet/selector.lua"))
    , m_reaper(context.links.proxy(), QStringLiteral(":/fleet/reaper.lua"))
{
    connect(&context.links, &FleetLinks::proxyReady, this, [this] {
        m_selector.load();
        m_reaper.load();
        m_reaping = false;
    });
}

void Proxy::start()
{
    m_running = true;
    m_lastTick = m_lastReap = m_context.clock.nowMs();
}

void Proxy::timingChanged()
{
    m_lastReap = m_context.clock.nowMs(); // A proxy that takes over new values starts its timer again.
}

void Proxy::tick(qint64 nowMs)
{
    if (!m_running || m_context.stopping || !FleetLinks::isReady(m_context.links.proxy()))
        return;
    if (nowMs - m_lastReap >= m_context.timing.reaperRunInterval && !m_reaping) {
        m_lastReap = nowMs;
        m_reaping = true;
        reap("0");
    }
    const double wanted = m_context.options.sessions * m_context.options.slotsPerWorker * m_context.options.workers;
    if (wanted > 0) {
        const double perSecond = qMin(wanted / (double(m_context.options.sessionLength) / 1000.0), mostSessionsPerSecond);
        m_owed = qMin(m_owed + perSecond * double(nowMs - m_lastTick) / 1000.0, double(mostAsking));
        while (m_owed >= 1) {
            m_owed -= 1;
            if (m_asking < mostAsking && double(m_open) + m_asking < wanted * 1.1)
                openSession();
        }
    }
    m_lastTick = nowMs;
}

void Proxy::openSession()
{
    const quint64 number = m_begun++;
    const QByteArray most = QByteArray::number(m_context.options.slotsPerWorker);
    const QByteArray limit = QByteArray::number(m_context.options.lifetimeLimit);
    m_arguments.assign({most, limit});
    for (quint64 i = 0; i < sampleSize; ++i) {
        const auto slot = quint32(m_context.random.bits(Use::Candidate, number, i) % m_context.table.size());
        if (m_context.table[slot].idLength > 0)
            m_arguments.push_back(m_context.table[slot].id());
    }
    ++m_asking;
    m_selector.call({activeKey, lifetimeKey}, m_arguments, [this](const RedisAnswer &answer) {
        --m_asking;
        onSelected(answer);
    });
}

void Proxy::onSelected(const RedisAnswer &answer)
{
    if (answer.outcome == RedisAnswer::Outcome::Error && !answer.isError("NOSCRIPT"))
        emit complained(QStringLiteral("The selector failed: %1").arg(answer.text()));
    if (!answer.ok() || answer.reply.size() != 3)
        return;
    const QByteArrayView id = answer.reply.at(0).bytes();
    const qint64 found = m_context.table.find(id);
    if (found < 0) {
        closeOne(id);
        return;
    }
    const auto slot = quint32(found);
    SimWorker &worker = m_context.table[slot];
    if (worker.process != SimWorker::Process::Running || m_context.stopping) {
        closeOne(id); // The key outlives its process: the connection is refused and the reservation given back.
        return;
    }
    ++worker.sessions;
    ++m_open;
    const double mean =
        qMax(double(m_context.options.sessionLength), 1000.0 * m_context.options.sessions * m_context.options.slotsPerWorker
                                                          * m_context.options.workers / mostSessionsPerSecond);
    m_context.scheduleIn(qint64(mean * m_context.random.between(0.25, 1.75, Use::Session, m_begun)), Event::SessionEnd, slot);
    const int limit = m_context.options.lifetimeLimit;
    if (limit > 0 && answer.reply.at(2).toInteger() >= limit && !worker.draining)
        command(slot, true);
}

void Proxy::closeOne(QByteArrayView id)
{
    m_context.links.proxy().request({"HINCRBY", activeKey, id, "-1"}, {});
}

void Proxy::endSession(quint32 slot)
{
    SimWorker &worker = m_context.table[slot];
    if (worker.pinned || worker.sessions == 0)
        return;
    --worker.sessions;
    --m_open;
    closeOne(worker.id());
}

void Proxy::pin(quint32 slot)
{
    SimWorker &worker = m_context.table[slot];
    worker.pinned = true;
    if (worker.sessions > 0)
        return;
    ++worker.sessions;
    ++m_open;
    RedisConnection &link = m_context.links.proxy();
    link.request({"HINCRBY", activeKey, worker.id(), "1"}, {});
    link.request({"HINCRBY", lifetimeKey, worker.id(), "1"}, {});
}

void Proxy::release(quint32 slot)
{
    SimWorker &worker = m_context.table[slot];
    worker.pinned = false;
    while (worker.sessions > 0)
        endSession(slot);
}

void Proxy::command(quint32 slot, bool publish)
{
    const SimWorker &worker = m_context.table[slot];
    const QByteArray ttl = QByteArray::number(wholeSeconds(m_context.timing.shutdownCommandTtl));
    m_context.links.proxy().request({"SET", worker.commandKey(), "shutdown", "EX", ttl, "NX"},
                                    [this, slot, life = worker.life, publish](const RedisAnswer &answer) {
                                        const SimWorker *commanded = m_context.table.living(slot, life);
                                        if (publish && commanded && answer.ok()
                                            && !answer.reply.isNil()) // Nil: it is commanded already.
                                            m_context.links.proxy().request({"PUBLISH", commanded->commandKey(), "shutdown"}, {});
                                    });
}

void Proxy::reap(const QByteArray &cursor)
{
    m_reaper.call({lifetimeKey, activeKey}, {cursor, reaperPage}, [this](const RedisAnswer &answer) {
        if (answer.outcome == RedisAnswer::Outcome::Error && !answer.isError("NOSCRIPT"))
            emit complained(QStringLiteral("The reaper failed: %1").arg(answer.text()));
        if (answer.ok())
            m_reaped += quint64(answer.reply.at(1).toInteger());
        const QByteArray next = answer.ok() ? answer.reply.at(0).bytes().toByteArray() : QByteArray("0");
        if (next == "0")
            m_reaping = false;
        else
            reap(next);
    });
}

} // namespace pulsedeck::fleet
