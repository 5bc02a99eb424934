// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redissource.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int tickMs = 100;
constexpr qint64 timeEveryMs = 1'000; // TIME is also what notices a server that stopped answering.
constexpr qint64 statusEveryMs = 1'000;
constexpr qint64 loadingStatusEveryMs = 100;
constexpr int mostLimits = 12;
const QByteArray invalidateChannel = QByteArrayLiteral("__redis__:invalidate");

} // namespace

RedisSource::RedisSource(SourceId id, const RedisUrl &url, const RedisSourceOptions &options, const Clock &clock, QObject *parent)
    : FleetSource(parent)
    , m_id(id)
    , m_url(url)
    , m_options(options)
    , m_clock(clock)
    , m_commander(new RedisCommander(id, url, clock, this))
{
    m_status.source = id;
    m_status.timing = options.timing;
    m_batch.source = id;
    connect(m_commander, &RedisCommander::progressed, this, [this](const QList<CommandProgress> &progress) {
        flush(); // What was read before the answers is told before them.
        emit commandsProgressed(progress);
    });
    connect(m_commander, &RedisCommander::answered, this, &RedisSource::onCommandAnswered);
    connect(m_commander, &RedisCommander::rightsChanged, this, [this] {
        m_status.rights = m_commander->rights();
        emitStatus();
    });
}

RedisSource::~RedisSource()
{
    // Unanswered requests are answered Lost as the connections go, so they have to go while this is still whole.
    m_running = false;
    m_commander->disconnect(this);
    connect(m_commander, &RedisCommander::progressed, this, &FleetSource::commandsProgressed);
    delete m_main;
    delete m_pushConnection;
    m_commander->connectionLost();
    m_commander->flush(); // Of commands, unlike of the fleet, the last word is said.
}

void RedisSource::start()
{
    if (m_running)
        return;
    m_running = true;
    // Made here and not in the constructor: here is the I/O thread.
    m_collectTimer = new QTimer(this);
    m_collectTimer->setSingleShot(true);
    m_collectTimer->setTimerType(Qt::PreciseTimer);
    connect(m_collectTimer, &QTimer::timeout, this, &RedisSource::pump);
    m_pushWaitTimer = new QTimer(this);
    m_pushWaitTimer->setSingleShot(true);
    connect(m_pushWaitTimer, &QTimer::timeout, this, &RedisSource::begin);
    m_tickTimer = new QTimer(this);
    connect(m_tickTimer, &QTimer::timeout, this, &RedisSource::onTick);

    setState(SourceState::Connecting);
    m_main = new RedisConnection(m_url, m_options.connection, this);
    connect(m_main, &RedisConnection::stateChanged, this, &RedisSource::onMainState);
    m_commander->setConnection(m_main);
    if (m_options.push) {
        RedisConnectionOptions options = m_options.connection;
        options.clientName += "-push";
        m_pushConnection = new RedisConnection(m_url, options, this);
        m_pushConnection->subscribe(invalidateChannel);
        connect(m_pushConnection, &RedisConnection::stateChanged, this, &RedisSource::onPushState);
        connect(m_pushConnection, &RedisConnection::pushed, this, &RedisSource::onPushed);
        m_pushConnection->open();
    }
    m_main->open();
    m_tickTimer->start(tickMs);
}

void RedisSource::stop()
{
    if (!m_running)
        return;
    m_running = false;
    flush();
    onLost();
    for (QObject *part : {static_cast<QObject *>(m_main), static_cast<QObject *>(m_pushConnection),
                          static_cast<QObject *>(m_collectTimer), static_cast<QObject *>(m_tickTimer),
                          static_cast<QObject *>(m_pushWaitTimer)}) {
        if (part) {
            part->disconnect(this);
            part->deleteLater();
        }
    }
    if (m_main)
        m_main->close();
    if (m_pushConnection)
        m_pushConnection->close();
    m_commander->setConnection(nullptr);
    m_commander->flush(); // Every command is answered before the source is off.
    m_main = nullptr;
    m_pushConnection = nullptr;
    m_collectTimer = m_tickTimer = m_pushWaitTimer = nullptr;
    setState(SourceState::Off);
}

void RedisSource::retryNow()
{
    if (!m_running) {
        start();
        return;
    }
    if (m_main->state() == RedisConnection::State::Closed) {
        setState(SourceState::Connecting);
        m_main->open();
    } else if (m_main->state() == RedisConnection::State::Waiting) {
        m_main->retryNow();
    } else if (m_begun) {
        beginFullView();
        m_commander->probeRights();
    }
    if (m_pushConnection) {
        if (m_pushConnection->state() == RedisConnection::State::Closed)
            m_pushConnection->open();
        else if (m_pushConnection->state() == RedisConnection::State::Waiting)
            m_pushConnection->retryNow();
    }
}

void RedisSource::onMainState(RedisConnection::State state)
{
    switch (state) {
    case RedisConnection::State::Ready:
        m_lastAnswerAt = m_clock.nowMs();
        if (m_pushConnection && m_pushConnection->state() != RedisConnection::State::Ready
            && m_pushConnection->state() != RedisConnection::State::Closed)
            m_pushWaitTimer->start(m_options.pushWaitMs);
        else
            begin();
        break;
    case RedisConnection::State::Connecting:
        if (m_status.state == SourceState::Waiting || m_status.state == SourceState::Failed) {
            m_status.retryAt = 0;
            emitStatus();
        }
        break;
    case RedisConnection::State::Waiting:
    case RedisConnection::State::Closed:
        onLost();
        reportFailure(m_main->failure());
        break;
    }
}

void RedisSource::onPushState(RedisConnection::State state)
{
    if (state == RedisConnection::State::Ready) {
        if (m_pushWaitTimer->isActive()) {
            m_pushWaitTimer->stop();
            begin();
        } else if (m_begun) {
            // What changed while nobody told us has to be read once more.
            const quint32 generation = m_generation;
            askForPush([this, generation] {
                if (current(generation))
                    beginFullView();
            });
        }
        return;
    }
    const bool over = state == RedisConnection::State::Waiting || state == RedisConnection::State::Closed;
    if (over && m_pushWaitTimer->isActive() && m_pushConnection->failure().kind == RedisFailure::Kind::Refused) {
        m_pushWaitTimer->stop();
        begin();
    }
    if (over && m_pushing) {
        m_pushing = false;
        if (m_fullView)
            setState(SourceState::Sweeping);
    }
}

void RedisSource::begin()
{
    if (!m_main || m_main->state() != RedisConnection::State::Ready)
        return;
    m_begun = true;
    ++m_generation;
    m_status.generation = m_generation;
    m_status.message.clear();
    m_status.hint.clear();
    m_status.retryAt = 0;
    m_status.limits.clear();
    m_clockOffset.clear();
    m_status.clockKnown = false;
    m_listenersDenied = false;
    m_listenersAsked = false;
    askTime();
    askServer();
    readTiming();
    m_commander->probeRights();
    const quint32 generation = m_generation;
    askForPush([this, generation] {
        if (current(generation))
            beginFullView();
    });
}

/// Turns tracking on and then calls \a then, whether it worked or not. Tracking comes before the first read, so that no change
/// falls between the two.
void RedisSource::askForPush(std::function<void()> then)
{
    m_pushing = false;
    if (!m_pushConnection || m_pushConnection->state() != RedisConnection::State::Ready) {
        if (m_pushConnection && !m_pushConnection->failure().text.isEmpty())
            addLimit(u"no push: "_s + m_pushConnection->failure().text);
        then();
        return;
    }
    const qint64 client = m_pushConnection->clientId();
    if (client <= 0) {
        addLimit(u"no push: CLIENT ID is not permitted"_s);
        then();
        return;
    }
    const quint32 generation = m_generation;
    m_main->request({"CLIENT", "TRACKING", "OFF"}, {});
    m_main->request({"CLIENT", "TRACKING", "ON", "REDIRECT", QByteArray::number(client), "BCAST", "PREFIX", "worker:", "PREFIX",
                     "cluster:", "PREFIX", "fleet:timing"},
                    [this, generation, then = std::move(then)](const RedisAnswer &answer) {
                        if (!current(generation))
                            return;
                        m_pushing = answer.ok();
                        if (!answer.ok())
                            addLimit(u"no push: "_s + answer.text());
                        then();
                    });
}

void RedisSource::beginFullView()
{
    m_fullView = false;
    m_status.loaded = 0;
    m_status.total = 0;
    m_ttlVote.clear();
    setState(SourceState::Loading);
    scan(true);
    readCounters();
}

/// Called whenever a part of the full view is done: scan, counters, and every read they asked for.
void RedisSource::finishFullView()
{
    // Not "until nothing is under way": in a fleet that beats something always is.
    if (m_fullView || m_scanning || m_countersOpen > 0 || m_awaited > 0 || !m_begun)
        return;
    m_fullView = true;
    guessTtls();
    flush();
    setState(m_pushing ? SourceState::Live : SourceState::Sweeping);
}

void RedisSource::onLost()
{
    m_begun = false;
    m_pushing = false;
    m_scanning = false;
    m_rescan = false;
    m_fullView = false;
    m_countersOpen = 0;
    m_inFlight = 0;
    m_awaited = 0;
    m_readQueue.clear();
    m_commandQueue.clear();
    m_followed.clear();
    m_lostKeys.clear();
    m_commander->connectionLost();
    if (m_pushWaitTimer)
        m_pushWaitTimer->stop();
    for (Record &record : m_records) {
        record.queued = record.reading = record.again = record.commandQueued = record.awaited = record.commandAwaited
            = record.lostWatched = record.lostTold = false;
        record.announcedAt = 0;
        record.listeners = -1;
    }
    flush();
}

void RedisSource::reportFailure(const RedisFailure &failure)
{
    if (failure.kind == RedisFailure::Kind::Oversize)
        m_careful = true;
    m_status.message = failure.text;
    m_status.hint = failure.hint;
    const int wait = m_main->retryInMs();
    m_status.retryAt = wait >= 0 ? m_clock.nowMs() + wait : 0;
    if (m_status.lostAt == 0 && m_lastAnswerAt > 0)
        m_status.lostAt = m_lastAnswerAt;
    setState(m_main->state() == RedisConnection::State::Closed ? SourceState::Failed : SourceState::Waiting);
}

void RedisSource::onTick()
{
    if (!m_begun)
        return;
    const qint64 now = m_clock.nowMs();
    checkStall(now);
    if (now - m_timeAskedAt >= timeEveryMs)
        askTime();
    fireDeadlines(now);
    if (now - m_timingAskedAt >= (m_pushing ? m_options.reconcileMs : m_options.sweepMs))
        readTiming();
    if (m_fullView) {
        const int every = m_pushing ? m_options.reconcileMs : sweepPeriodMs();
        if (!m_scanning && now - m_scannedAt >= every)
            scan(!m_pushing);
        const bool countersDue = m_countersDirty || !m_pushing || now - m_countersAt >= m_options.reconcileMs;
        if (m_countersOpen == 0 && countersDue && now - m_countersAt >= counterPeriodMs())
            readCounters();
        askListeners(now);
    }
    readFollowed(now);
    askLostKeys(now);
    const qint64 every = m_status.state == SourceState::Loading ? loadingStatusEveryMs : statusEveryMs;
    if (now - m_statusSentAt >= every)
        emitStatus();
}

void RedisSource::checkStall(qint64 now)
{
    const qint64 waited = m_main->oldestPendingMs();
    if (waited == 0)
        m_lastAnswerAt = now;
    if (waited >= m_options.stallMs && m_status.state != SourceState::Stalled) {
        m_status.lostAt = now - waited;
        m_status.message = u"Redis does not answer"_s;
        m_status.hint = u"The connection stands but requests wait: the server may be busy with a slow command or saving."_s;
        setState(SourceState::Stalled);
    } else if (m_status.state == SourceState::Stalled && waited < m_options.stallMs) {
        m_status.message.clear();
        m_status.hint.clear();
        beginFullView();
    }
}

void RedisSource::askTime()
{
    m_timeAskedAt = m_clock.nowMs();
    const quint32 generation = m_generation;
    const qint64 sentUs = m_timeAskedAt * 1000;
    m_main->request({"TIME"}, [this, generation, sentUs](const RedisAnswer &answer) {
        if (!current(generation) || !answer.ok() || answer.reply.size() < 2)
            return;
        const qint64 serverUs = answer.reply.at(0).toInteger() * 1'000'000 + answer.reply.at(1).toInteger();
        m_clockOffset.add(sentUs, answer.elapsedUs, serverUs);
        m_status.clockKnown = true;
        m_status.clockOffsetMs = m_clockOffset.offsetMs();
        m_status.roundTripMs = qint32(qMin<qint64>((m_clockOffset.roundTripUs() + 999) / 1000, 1'000'000));
    });
}

void RedisSource::askServer()
{
    const quint32 generation = m_generation;
    m_main->request({"INFO", "server"}, [this, generation](const RedisAnswer &answer) {
        if (!current(generation) || !answer.ok())
            return;
        const QByteArrayView info = answer.reply.bytes();
        const QByteArrayView key("redis_version:");
        const qsizetype at = info.indexOf(key);
        if (at < 0)
            return;
        QByteArrayView version = info.sliced(at + key.size());
        const qsizetype end = version.indexOf('\r');
        version = version.first(qMin<qsizetype>(end < 0 ? version.size() : end, 32));
        m_status.server = u"Redis "_s + QString::fromUtf8(version);
    });
}

void RedisSource::addLimit(const QString &text)
{
    if (m_status.limits.contains(text) || m_status.limits.size() >= mostLimits)
        return;
    m_status.limits.append(text);
    emitStatus();
}

void RedisSource::setState(SourceState state)
{
    if (state == SourceState::Loading || state == SourceState::Live || state == SourceState::Sweeping) {
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

void RedisSource::emitStatus()
{
    const qint64 now = m_clock.nowMs();
    const qint64 passed = now - m_statusSentAt;
    if (passed >= statusEveryMs / 2) {
        m_status.updatesPerSecond = double(m_reads - m_readsAtLastStatus) * 1000.0 / double(passed);
        m_readsAtLastStatus = m_reads;
        m_status.lagMs = m_lagCount > 0 ? qint32(m_lagSumMs / m_lagCount) : unknownValue;
        m_lagSumMs = 0;
        m_lagCount = 0;
        m_statusSentAt = now;
    } else if (m_status.state == SourceState::Loading) {
        m_statusSentAt = now;
    }
    m_status.sweepEveryMs = sweepPeriodMs();
    emit statusChanged(m_status);
}

} // namespace pulsedeck
