// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/fleetsimulator.h"

#include "app/simulator/controlline.h"

namespace pulsedeck::fleet {

namespace {

constexpr qint64 usualOutageMs = 8'000;
constexpr int stopLimitMs = 2'000;
constexpr int beforeDeletingMs = 50;
constexpr qsizetype keysPerDelete = 256;
constexpr size_t namesSaid = 20;

} // namespace

FleetSimulator::FleetSimulator(const FleetOptions &options, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_context(options, clock)
    , m_listener(options.url, m_context.table)
    , m_proxy(m_context)
    , m_life(m_context, m_listener, m_proxy)
    , m_failures(m_context, m_life, m_proxy, m_listener)
    , m_timing(m_context)
    , m_rhythm(m_context, m_failures)
{
    m_ticker.setTimerType(Qt::PreciseTimer);
    m_ticker.setInterval(int(TimingWheel::tickMs));
    connect(&m_ticker, &QTimer::timeout, this, &FleetSimulator::tick);

    connect(&m_context.links, &FleetLinks::failed, this, &FleetSimulator::onFailed);
    connect(&m_listener, &CommandListener::failed, this, &FleetSimulator::onFailed);
    connect(&m_context.links, &FleetLinks::ready, this, &FleetSimulator::begin);
    connect(&m_listener, &CommandListener::ready, this, &FleetSimulator::begin);
    connect(&m_context.links, &FleetLinks::lost, this,
            [this](const QString &text) { emit complained(QStringLiteral("The connection was lost: %1").arg(text)); });

    connect(&m_listener, &CommandListener::timingChanged, &m_timing, [this] {
        if (m_begun)
            m_timing.read();
    });
    connect(&m_context.links, &FleetLinks::proxyReady, &m_timing, [this] {
        if (m_begun)
            m_timing.read(); // What was asked before the connection ended had no answer.
    });
    connect(&m_timing, &SharedTiming::settled, this, [this](bool changed) {
        if (changed) {
            m_life.timingChanged();
            m_proxy.timingChanged();
        }
        if (m_ticker.isActive() || m_context.stopping)
            return;
        m_ticker.start();
        m_proxy.start();
        m_life.start();
    });
    connect(&m_life, &WorkerLife::allRegistered, this, [this](qint64 elapsedMs) {
        emit said("registered " + QByteArray::number(m_context.options.workers) + " workers in "
                  + QByteArray::number(double(elapsedMs) / 1000.0, 'f', 2) + " s");
        m_rhythm.start();
    });
    connect(&m_life, &WorkerLife::complained, this, &FleetSimulator::complained);
    connect(&m_proxy, &Proxy::complained, this, &FleetSimulator::complained);
    connect(&m_timing, &SharedTiming::complained, this, &FleetSimulator::complained);
}

FleetSimulator::~FleetSimulator()
{
    // What is under way is answered while everything that hears of it is still there.
    m_context.stopping = true;
    m_ticker.stop();
    disconnect(&m_context.links, nullptr, this, nullptr);
    m_context.links.end();
    m_listener.end();
}

void FleetSimulator::start()
{
    m_context.links.open();
    m_listener.open();
    if (m_context.options.exitAfter > 0)
        QTimer::singleShot(int(m_context.options.exitAfter), this, &FleetSimulator::stop);
}

void FleetSimulator::begin()
{
    if (m_begun || !m_context.links.allReady() || !m_listener.isReady())
        return;
    m_begun = true;
    m_nextStats = m_context.clock.nowMs() + m_context.options.statsEvery;
    if (m_context.options.publishTiming)
        m_timing.publish();
    else
        m_timing.read();
}

void FleetSimulator::onFailed(const RedisFailure &failure)
{
    if (m_finished || m_begun)
        return;
    emit complained(failure.hint.isEmpty() ? failure.text : QString(failure.text + u' ' + failure.hint));
    finish(exitNoConnection);
}

void FleetSimulator::tick()
{
    const qint64 now = m_context.clock.nowMs();
    m_context.wheel.advance(now, [this](const TimingWheel::Entry &entry) { dispatch(entry); });
    m_life.tick();
    m_proxy.tick(now);
    m_rhythm.tick(now);
    if (m_context.options.statsEvery > 0 && now >= m_nextStats) {
        m_nextStats += m_context.options.statsEvery * (1 + (now - m_nextStats) / m_context.options.statsEvery);
        emit said(statusLine());
    }
}

void FleetSimulator::dispatch(const TimingWheel::Entry &entry)
{
    if (!m_context.table.living(entry.slot, entry.life))
        return;
    switch (entry.event) {
    case Event::Beat:
    case Event::RegisterAgain:
    case Event::DrainPoll:
    case Event::DrainDeadline:
    case Event::DeleteKey:
    case Event::Spawn:
    case Event::Return:
        m_life.handle(entry);
        break;
    case Event::SessionEnd:
        m_proxy.endSession(entry.slot);
        break;
    case Event::Strike:
    case Event::Resume:
    case Event::Kill:
    case Event::Mend:
    case Event::Leave:
    case Event::LoseKey:
    case Event::Unpin:
    case Event::Reconnect:
    case Event::RemoveRemains:
        m_failures.handle(entry);
        break;
    }
}

QByteArray FleetSimulator::statusLine()
{
    quint32 draining = 0;
    quint32 hung = 0;
    quint32 crashed = 0;
    for (quint32 slot = 0; slot < m_context.table.size(); ++slot) {
        const SimWorker &worker = m_context.table[slot];
        draining += worker.draining ? 1 : 0;
        hung += worker.hung ? 1 : 0;
        crashed += worker.process == SimWorker::Process::Crashed ? 1 : 0;
    }
    const WorkerLife::Counts &counts = m_life.counts();
    QByteArray line;
    const auto add = [&line](const char *key, quint64 value) {
        line += line.isEmpty() ? "" : " ";
        line += key;
        line += '=' + QByteArray::number(value);
    };
    add("beats", counts.beats);
    add("sent", counts.sent);
    add("registered", counts.running);
    add("lag_ms", quint64(counts.lagMs));
    add("sessions", m_proxy.openSessions());
    add("draining", draining);
    add("hung", hung);
    add("crashed", crashed);
    add("ended", counts.ended);
    add("reaped", m_proxy.reaped());
    add("heartbeat_ms", quint64(m_context.timing.heartbeatInterval));
    add("timing_version", quint64(m_context.timing.version));
    add("seed", m_context.options.seed);
    m_life.resetLag();
    return line;
}

void FleetSimulator::obey(const QByteArray &line)
{
    QString problem;
    const auto order = ControlLine::parse(line, &problem);
    if (!order) {
        emit said("error: " + problem.toUtf8());
        return;
    }
    std::vector<quint32> struck;
    switch (order->verb) {
    case ControlLine::Verb::Nothing:
        return;
    case ControlLine::Verb::Status:
        emit said(statusLine());
        return;
    case ControlLine::Verb::Quit:
        stop();
        return;
    case ControlLine::Verb::Outage:
        m_failures.outage(qint64(order->seconds.value_or(double(usualOutageMs) / 1000) * 1000));
        emit said("outage");
        return;
    case ControlLine::Verb::Drain:
    case ControlLine::Verb::DrainSet: {
        const bool publish = order->verb == ControlLine::Verb::Drain;
        struck =
            order->worker.isEmpty() ? m_failures.command(order->count, publish) : m_failures.commandOne(order->worker, publish);
        break;
    }
    case ControlLine::Verb::Mode: {
        FailureInjector::Manner manner;
        const bool ends = order->mode == FailureMode::Late || order->mode == FailureMode::Garbage
                          || order->mode == FailureMode::WrongType || order->mode == FailureMode::NoTtl;
        if (ends)
            manner.lastsMs = qint64(order->seconds.value_or(0) * 1000);
        else
            manner.seconds = order->seconds;
        struck = order->worker.isEmpty() ? m_failures.strike(order->mode, order->count, manner)
                                         : m_failures.strikeOne(order->mode, order->worker, manner);
        break;
    }
    }
    QByteArray answer = order->name + ' ' + QByteArray::number(struck.size());
    for (size_t i = 0; i < qMin(struck.size(), namesSaid); ++i)
        answer += ' ' + m_context.table[struck[i]].id().toByteArray();
    emit said(answer);
}

void FleetSimulator::nextFailure()
{
    emit said(failureModeName(m_rhythm.next()).toUtf8());
}

void FleetSimulator::outage()
{
    m_failures.outage(usualOutageMs);
    emit said("outage");
}

void FleetSimulator::stop()
{
    if (m_finished)
        return;
    const bool again = m_context.stopping;
    m_context.stopping = true;
    m_ticker.stop();
    if (again || !m_begun || !m_context.links.allReady()) {
        finish(0);
        return;
    }
    QTimer::singleShot(stopLimitMs, this, [this] { finish(0); });
    sayGoodbye();
    QTimer::singleShot(beforeDeletingMs, this, &FleetSimulator::deleteKeys);
}

void FleetSimulator::finish(int code)
{
    if (!std::exchange(m_finished, true))
        emit finished(code);
}

void FleetSimulator::sayGoodbye()
{
    for (quint32 slot = 0; slot < m_context.table.size(); ++slot) {
        SimWorker &worker = m_context.table[slot];
        if (worker.process != SimWorker::Process::Running || worker.hung || worker.cutOff)
            continue;
        RedisConnection &link = m_context.links.worker(slot);
        link.request({"HSET", worker.key(), "status", "shutting-down"}, {});
        link.request({"EXPIRE", worker.key(), "10"}, {});
        worker.pinned = false;
        m_proxy.release(slot);
        worker.process = SimWorker::Process::Leaving;
    }
}

void FleetSimulator::deleteKeys()
{
    // One DEL for many: what is seen in Redis is the same, and 100,000 workers are gone within the limit.
    std::vector<std::vector<QByteArrayView>> words(size_t(m_context.links.workerLinkCount()), {"DEL"});
    const auto send = [this, &words](size_t index) {
        if (words[index].size() > 1)
            m_context.links.workerLink(int(index)).request(words[index], {});
        words[index].resize(1);
    };
    for (quint32 slot = 0; slot < m_context.table.size(); ++slot) {
        const SimWorker &worker = m_context.table[slot];
        if (worker.process != SimWorker::Process::Leaving)
            continue;
        const auto index = size_t(m_context.links.linkOf(slot));
        words[index].push_back(worker.key());
        if (words[index].size() > keysPerDelete)
            send(index);
    }
    auto left = std::make_shared<int>(0);
    const auto finishOne = [this, left](const RedisAnswer &) {
        if (--*left == 0)
            finish(0);
    };
    *left = m_context.links.workerLinkCount() + 1;
    for (size_t index = 0; index < words.size(); ++index) {
        send(index);
        m_context.links.workerLink(int(index)).request({"PING"}, finishOne); // Answered when all before it is.
    }
    m_context.links.proxy().request({"PING"}, finishOne);
}

} // namespace pulsedeck::fleet
