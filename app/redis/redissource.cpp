// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redissource.h"

#include <QRandomGenerator>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int tickMs = 100;
constexpr qint64 timeEveryMs = 500; // TIME is also what notices a server that stopped answering.
constexpr qint64 roleEveryMs = 5'000;
constexpr qint64 replicaEveryMs = 1'000;
constexpr int pushAgainCapMs = 600'000;
constexpr qint64 uptimeSlackMs = 2'000; // A server tells its uptime in whole seconds.
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
    , m_sleep(clock)
    , m_commander(new RedisCommander(id, url, clock, this))
    , m_pushBackoff(options.pushAgainMs, pushAgainCapMs)
    , m_pushName(PushVerifier::makeName(options.connection.clientName))
{
    m_status.source = id;
    m_status.timing = options.timing;
    m_status.database = url.database;
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

    m_scanTimer = new QTimer(this);
    m_scanTimer->setSingleShot(true);
    m_scanTimer->setTimerType(Qt::PreciseTimer);
    connect(m_scanTimer, &QTimer::timeout, this, [this] { scanPage(m_scanCursor, m_readingAll); });
    for (const bool active : {false, true}) {
        QTimer *timer = new QTimer(this);
        timer->setSingleShot(true);
        timer->setTimerType(Qt::PreciseTimer);
        connect(timer, &QTimer::timeout, this, [this, active] { counterPage(active, m_counterCursor[active]); });
        m_counterTimers[active] = timer;
    }

    setState(SourceState::Connecting);
    RedisConnectionOptions mainOptions = m_options.connection;
    mainOptions.provedByOwner = true;
    m_main = new RedisConnection(m_url, mainOptions, this);
    connect(m_main, &RedisConnection::stateChanged, this, &RedisSource::onMainState);
    m_commander->setConnection(m_main);
    if (m_options.push) {
        RedisConnectionOptions options = m_options.connection;
        options.clientName = m_pushName;
        options.tellServer = true;
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
    for (QObject *part :
         {static_cast<QObject *>(m_main), static_cast<QObject *>(m_pushConnection), static_cast<QObject *>(m_collectTimer),
          static_cast<QObject *>(m_tickTimer), static_cast<QObject *>(m_pushWaitTimer), static_cast<QObject *>(m_scanTimer),
          static_cast<QObject *>(m_counterTimers[0]), static_cast<QObject *>(m_counterTimers[1])}) {
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
    m_collectTimer = m_tickTimer = m_pushWaitTimer = m_scanTimer = nullptr;
    m_counterTimers[0] = m_counterTimers[1] = nullptr;
    m_status.gaps = {};
    m_status.trouble = SourceTrouble::None;
    m_status.forgotten = false;
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
                if (current(generation) && m_pushing)
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
        setLimit(Limit::Push, u"No push for now: "_s + m_pushConnection->failure().text);
        m_knownReadAt = 0; // What was not announced any more is read at once.
        settle();
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
    m_limits.clear();
    m_status.gaps = {};
    m_replica.clear();
    m_infoRefused = m_roleRefused = false;
    m_clockOffset.clear();
    m_status.clockKnown = false;
    m_listenersDenied = false;
    m_listenersAsked = false;
    m_status.listenersKnown = false;
    askTime();
    askServer();
    askRole();
    readTiming();
    m_commander->probeRights();
    const quint32 generation = m_generation;
    askForPush([this, generation] {
        if (current(generation))
            beginFullView();
    });
}

/// Turns tracking on, if both connections are on the same server, and then calls \a then, whether it worked or not. Tracking
/// comes before the first read, so that no change falls between the two.
void RedisSource::askForPush(std::function<void()> then)
{
    m_pushing = false;
    if (!m_pushConnection || m_pushConnection->state() != RedisConnection::State::Ready) {
        if (m_pushConnection && !m_pushConnection->failure().text.isEmpty())
            setLimit(Limit::Push, u"No push: "_s + m_pushConnection->failure().text);
        then();
        return;
    }
    const qint64 client = m_pushConnection->clientId();
    if (client <= 0) {
        setLimit(Limit::Push, u"No push: CLIENT ID is not permitted."_s);
        then();
        return;
    }
    const quint32 generation = m_generation;
    const quint32 push = m_pushConnection->generation();
    PushVerifier::verify(*m_main, *m_pushConnection, m_pushName,
                         [this, generation, push, then = std::move(then)](PushVerifier::Verdict verdict) {
                             if (!current(generation))
                                 return;
                             const bool there = m_pushConnection && m_pushConnection->generation() == push
                                                && m_pushConnection->state() == RedisConnection::State::Ready;
                             if (there)
                                 takeVerdict(verdict, then);
                             else
                                 then(); // It is gone already, and asks again when it is back.
                         });
}

void RedisSource::takeVerdict(PushVerifier::Verdict verdict, std::function<void()> then)
{
    if (verdict != PushVerifier::Verdict::Same) {
        endPush(verdict == PushVerifier::Verdict::Other
                    ? u"No push: the two connections to this address reached different servers."_s
                    : u"No push: whether both connections are on the same server cannot be verified, as CLIENT LIST and INFO are "
                      "refused."_s);
        then();
        return;
    }
    const quint32 generation = m_generation;
    const qint64 client = m_pushConnection->clientId();
    m_main->request({"CLIENT", "TRACKING", "OFF"}, {});
    m_main->request({"CLIENT", "TRACKING", "ON", "REDIRECT", QByteArray::number(client), "BCAST", "PREFIX", "worker:", "PREFIX",
                     "cluster:", "PREFIX", "fleet:timing"},
                    [this, generation, then = std::move(then)](const RedisAnswer &answer) {
                        if (!current(generation))
                            return;
                        if (isEnd(answer))
                            return;
                        m_pushing = answer.ok();
                        m_pushTrust.begin(m_clock.nowMs());
                        if (answer.ok())
                            endLimit(Limit::Push);
                        else
                            setLimit(Limit::Push, u"No push: "_s + answer.text());
                        then();
                    });
}

/// Asks the push connection for a sign of life where it has been silent, and ends the trust in it where there is none or where a
/// beat was not announced.
void RedisSource::doubtPush(qint64 now)
{
    if (m_pushAgainAt > 0 && now >= m_pushAgainAt && m_pushConnection) {
        m_pushAgainAt = 0;
        m_pushConnection->open();
    }
    if (!m_pushing)
        return;
    if (m_pushTrust.wantsPing(now)) {
        const quint32 push = m_pushConnection->generation();
        m_pushConnection->request({"PING"}, [this, push](const RedisAnswer &answer) {
            if (m_running && m_pushConnection && m_pushConnection->generation() == push && !isEnd(answer))
                m_pushTrust.heard(m_clock.nowMs());
        });
    }
    switch (m_pushTrust.judge(now)) {
    case PushTrust::Doubt::None:
        break;
    case PushTrust::Doubt::UnansweredPing:
        endPush(u"No push: its connection has stopped answering, and what it announced is not relied on."_s);
        break;
    case PushTrust::Doubt::MissedBeat:
        endPush(u"No push: a heartbeat was found that had not been announced, so announcements are not relied on."_s);
        break;
    }
}

/// Announcements are not relied on any more: the fleet is read at a cadence, beginning now, and push is tried again later by a
/// new connection.
void RedisSource::endPush(const QString &why)
{
    const bool pushed = std::exchange(m_pushing, false);
    setLimit(Limit::Push, why);
    m_pushConnection->close();
    m_pushAgainAt = m_clock.nowMs() + m_pushBackoff.next(QRandomGenerator::global()->generateDouble());
    if (!pushed)
        return;
    m_main->request({"CLIENT", "TRACKING", "OFF"}, {});
    m_knownReadAt = 0;
    m_countersDirty = true;
    settle();
}

void RedisSource::beginFullView()
{
    m_fullView = false;
    m_status.loaded = 0;
    m_status.total = 0;
    m_kinds.assign(m_kinds.size(), TtlHint());
    m_scanOpen = m_countersOpenAgain = false;
    setState(SourceState::Loading);
    scan(true);
    readCounters();
}

/// Everything the full view consists of was answered, be it by a refusal.
bool RedisSource::isViewRead() const
{
    // Not "until nothing is under way": in a fleet that beats something always is.
    return m_begun && !m_scanning && !m_scanOpen && m_countersOpen == 0 && !m_countersOpenAgain && m_awaited == 0;
}

/// Called whenever a part of the full view is done: scan, counters, and every read they asked for.
void RedisSource::finishFullView()
{
    if (m_fullView || !isViewRead())
        return;
    m_fullView = true;
    m_knownReadAt = m_clock.nowMs();
    assumeTtls();
    flush();
    m_main->prove();
    settle();
}

/// The state a source with a full view is in: it is up to date, or a replica that cannot be.
void RedisSource::settle()
{
    if (!m_fullView || !m_begun)
        return;
    if (m_replica.trouble() == SourceTrouble::None) {
        setState(m_pushing ? SourceState::Live : SourceState::Sweeping);
        return;
    }
    m_status.trouble = m_replica.trouble();
    m_status.lostAt = m_replica.truthEndedAt();
    m_status.message = m_status.trouble == SourceTrouble::MasterLost
                           ? u"This replica has lost its master, and nothing new reaches it."_s
                           : u"This replica has heard nothing from its master for a while, so it may know nothing new."_s;
    m_status.hint =
        u"What it shows was true when it last heard from its master. Connect to the master, or wait until the link is back."_s;
    setState(SourceState::Stalled);
}

void RedisSource::onLost()
{
    if (m_begun)
        m_lostContactAt = m_lastAnswerAt;
    m_begun = false;
    m_pushing = false;
    m_scanning = false;
    m_scanOpen = m_countersOpenAgain = false;
    if (m_scanTimer) {
        m_scanTimer->stop();
        m_counterTimers[0]->stop();
        m_counterTimers[1]->stop();
    }
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
        record.queued = record.reading = record.again = record.commandQueued = record.awaited = record.commandAwaited =
            record.lostWatched = record.lostTold = false;
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
    m_status.trouble = SourceTrouble::None;
    m_status.forgotten = false;
    setState(m_main->state() == RedisConnection::State::Closed ? SourceState::Failed : SourceState::Waiting);
}

void RedisSource::onTick()
{
    if (!m_begun)
        return;
    const qint64 now = m_clock.nowMs();
    // What changed while the machine slept may never have been announced.
    if (m_sleep.take() > 0)
        beginFullView();
    checkStall(now);
    if (now - m_timeAskedAt >= timeEveryMs)
        askTime();
    if (now - m_roleAskedAt >= (m_replica.isReplica() ? replicaEveryMs : roleEveryMs))
        askRole();
    doubtPush(now);
    reviewAwaited(now);
    fireDeadlines(now);
    if (now - m_timingAskedAt >= (m_pushing ? m_options.reconcileMs : m_options.sweepMs))
        readTiming();
    if (m_fullView) {
        if (!m_pushing && now - m_knownReadAt >= sweepPeriodMs())
            readKnown(now);
        look(now);
        askListeners(now);
    } else {
        // What could not be sent, as too much was waiting, is sent now.
        if (m_scanOpen && !m_scanning)
            scan(true);
        if (m_countersOpenAgain && m_countersOpen == 0)
            readCounters();
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
    const bool stalled = m_status.state == SourceState::Stalled && !m_status.isCutOff();
    if (waited >= m_options.stallMs && !stalled) {
        if (!m_status.isCutOff())
            m_status.lostAt = now - waited;
        m_status.trouble = SourceTrouble::None;
        m_status.message = u"%1 does not answer."_s.arg(m_identity.product.isEmpty() ? u"Redis"_s : m_identity.product);
        m_status.hint = u"The connection stands but requests wait: the server may be busy with a slow command or saving."_s;
        setState(SourceState::Stalled);
    } else if (stalled && waited < m_options.stallMs) {
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
        m_pushTrust.otherAnswered(sentUs / 1000);
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
        if (current(generation) && answer.ok())
            takeServer(ServerIdentity::fromInfo(answer.reply.bytes()));
    });
}

void RedisSource::takeServer(const ServerIdentity &identity)
{
    const ServerIdentity before = std::exchange(m_identity, identity);
    const bool another = !before.runId.isEmpty() && !identity.runId.isEmpty() && before.runId != identity.runId;
    // Another process that has run for longer than we were away was not started in between: it is another server.
    const bool younger =
        m_lostContactAt > 0 && identity.uptimeMs >= 0 && identity.uptimeMs <= m_clock.nowMs() - m_lostContactAt + uptimeSlackMs;
    if (another && younger)
        awaitAnew(Reregistration::Cause::Restarted);
    m_status.server = identity.name();
    m_status.serverId = identity.runId;
}

/// Whether it is a replica, and one that hears its master. INFO says since when; where it is refused ROLE says whether.
void RedisSource::askRole()
{
    m_roleAskedAt = m_clock.nowMs();
    const quint32 generation = m_generation;
    if (!m_infoRefused) {
        m_main->request({"INFO", "replication"}, [this, generation](const RedisAnswer &answer) {
            if (!current(generation))
                return;
            m_infoRefused = answer.outcome == RedisAnswer::Outcome::Error;
            if (answer.ok())
                takeRole(ReplicaLink::fromInfo(answer.reply.bytes()));
        });
    }
    // The first time both, so that the first view does not come before the answer.
    if (m_roleRefused || (!m_infoRefused && m_fullView))
        return;
    m_main->request({"ROLE"}, [this, generation](const RedisAnswer &answer) {
        if (!current(generation) || !m_infoRefused)
            return;
        if (answer.ok()) {
            takeRole(ReplicaLink::fromRole(answer.reply));
        } else if (answer.outcome == RedisAnswer::Outcome::Error) {
            m_roleRefused = true;
            setLimit(Limit::Role,
                     u"Whether this is a replica that has lost its master cannot be told, as INFO and ROLE are refused."_s);
        }
    });
}

void RedisSource::takeRole(const ReplicaLink &link)
{
    const SourceTrouble before = m_replica.trouble();
    m_replica.take(link, m_clock.nowMs());
    if (m_replica.trouble() == before || !m_fullView)
        return;
    const bool stalled = m_status.state == SourceState::Stalled && !m_status.isCutOff();
    if (stalled)
        return; // What comes after that reads everything anew.
    if (m_replica.trouble() == SourceTrouble::None)
        beginFullView();
    else
        settle();
}

/// The server has lost its keys: from now on who is missing is awaited for a while.
void RedisSource::awaitAnew(Reregistration::Cause cause)
{
    for (Record &record : m_records)
        record.missed = false;
    constexpr int heartbeats = 3;
    m_reregistration.begin(cause, m_clock.nowMs(),
                           qMax<qint64>(m_options.reregisterMs, heartbeats * m_status.timing.heartbeatInterval));
}

void RedisSource::reviewAwaited(qint64 now)
{
    if (m_reregistration.isOver(now) && m_fullView) {
        m_reregistration.close();
        for (Slot slot = 0; slot < m_records.size(); ++slot) {
            if (m_records[slot].missed && !m_records[slot].id.isEmpty())
                queueRead(slot);
        }
        pump();
    }
    if (m_reregistration.isDone())
        m_reregistration.end();
    const bool told = m_status.forgotten;
    if (told || m_reregistration.isOpen())
        describe();
    if (told != m_status.forgotten)
        emitStatus();
}

/// What is wrong though it is connected and answers.
void RedisSource::describe()
{
    if (!m_status.isConnected())
        return;
    m_status.message = m_reregistration.message(m_identity.product.isEmpty() ? u"Redis"_s : m_identity.product);
    m_status.forgotten = !m_status.message.isEmpty();
    m_status.hint = m_status.forgotten ? m_reregistration.hint() : QString();
    if (!m_status.forgotten && m_status.isPartial()) {
        m_status.message = m_limits.gapTexts().join(u' ');
        m_status.hint = u"What is shown is not all there is."_s;
    }
}

void RedisSource::setLimit(Limit kind, const QString &text)
{
    const QStringList before = m_limits.texts();
    if (m_limits.set(kind, text))
        tellLimits(before);
}

void RedisSource::endLimit(Limit kind)
{
    const QStringList before = m_limits.texts();
    if (m_limits.end(kind))
        tellLimits(before);
}

/// \a before: its sentences until now, to be replaced. Those of others stay.
void RedisSource::tellLimits(const QStringList &before)
{
    m_status.limits.removeIf([&before](const QString &text) { return before.contains(text); });
    m_status.limits = m_limits.texts() + m_status.limits;
    m_status.gaps = m_limits.gaps();
    describe();
    emitStatus();
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
        m_status.trouble = SourceTrouble::None;
        m_status.message.clear();
        m_status.hint.clear();
    }
    if (m_status.state != state) {
        m_status.state = state;
        m_status.since = m_clock.nowMs();
    }
    describe();
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
    m_status.findEveryMs =
        qMax(m_status.sweepEveryMs, int(qMin<qint64>(m_keyBudget.passUs(m_clockOffset.roundTripUs()) / 1000, 3'600'000)));
    emit statusChanged(m_status);
}

} // namespace pulsedeck
