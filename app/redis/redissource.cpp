// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/redissource.h"

#include <algorithm>
#include <utility>

namespace pulsedeck {

namespace {

constexpr int tickMs = 100;
constexpr qint64 timeEveryMs = 500; // TIME is also what notices a server that stopped answering.
constexpr qint64 roleEveryMs = 5'000;
constexpr qint64 replicaEveryMs = 1'000;
constexpr qint64 uptimeSlackMs = 2'000; // A server tells its uptime in whole seconds.
constexpr qint64 statusEveryMs = 1'000;
// While nobody can see the console; what changes the state of the source is reported at once all the same.
constexpr int unseenTickMs = 500;
constexpr qint64 unseenTimeEveryMs = 1'000;
constexpr qint64 unseenStatusEveryMs = 4'000;
constexpr qint64 loadingStatusEveryMs = 100;

} // namespace

RedisSource::RedisSource(SourceId id, const RedisUrl &url, const RedisSourceOptions &options, const Clock &clock, QObject *parent)
    : FleetSource(parent)
    , m_session(new RedisSession(id, url, options, clock, this))
    , m_sleep(clock)
    , m_tickTimer(this)
    , m_trackingWait(this)
{
    for (const DialectMaker &make : options.dialects)
        m_dialects.push_back(make(*m_session));
    std::vector<const ActScripts *> scripts;
    for (const auto &dialect : m_dialects) {
        if (dialect->scripts())
            scripts.push_back(dialect->scripts());
    }
    m_scripts = new ScriptRunner(
        id, url, clock, scripts, [this](const Command &command, const ActScripts *after) { return scriptsFor(command, after); },
        this);
    m_trackingWait.setSingleShot(true);
    connect(&m_trackingWait, &QTimer::timeout, this, &RedisSource::begin);
    connect(&m_tickTimer, &QTimer::timeout, this, &RedisSource::onTick);
    connect(m_session, &RedisSession::batchReady, this, &FleetSource::batchReady);
    connect(m_session, &RedisSession::reporting, this, &RedisSource::fillStatus);
    connect(m_session, &RedisSession::statusChanged, this, &FleetSource::statusChanged);
    connect(m_session, &RedisSession::viewPartRead, this, &RedisSource::finishFullView);
    connect(m_session, &RedisSession::timingApplied, this, &FleetSource::timingApplied);
    connect(m_session, &RedisSession::timingHistoryRead, this, &FleetSource::timingHistoryRead);
    connect(m_scripts, &ScriptRunner::progressed, this, [this](const QList<CommandProgress> &progress) {
        m_session->flush(); // What was read before the answers is reported before them.
        emit commandsProgressed(progress);
    });
    connect(m_scripts, &ScriptRunner::answered, this, [this](const Command &command, CommandProgress::Outcome outcome) {
        for (const auto &dialect : m_dialects) {
            if (m_session->begun && m_session->running && concerns(*dialect, command))
                dialect->commandAnswered(command, outcome);
        }
    });
    connect(m_scripts, &ScriptRunner::rightsChanged, this, [this] {
        m_session->status.rights = m_scripts->rights();
        m_session->report();
    });
    if (url.isSentinel() && options.connection.reconnect) {
        RedisConnectionOptions connection = options.connection;
        connection.recognize = false;
        m_sentinels = std::make_unique<SentinelWatch>(url, connection);
        connect(m_sentinels.get(), &SentinelWatch::masterAt, this, &RedisSource::onMasterAt);
        connect(m_sentinels.get(), &SentinelWatch::heardChanged, this, [this] {
            if (m_session->begun)
                reviewSentinels();
        });
    }
    if (!options.push)
        return;
    m_tracking = std::make_unique<KeyTracking>(*m_session, prefixes());
    connect(m_tracking.get(), &KeyTracking::connected, this, &RedisSource::onTracking);
    connect(m_tracking.get(), &KeyTracking::failed, this, &RedisSource::onTrackingFailed);
    connect(m_tracking.get(), &KeyTracking::ended, this, &RedisSource::onTrackingEnded);
    connect(m_tracking.get(), &KeyTracking::announced, this, &RedisSource::onAnnounced);
}

QByteArrayList RedisSource::prefixes() const
{
    QByteArrayList prefixes;
    for (const auto &dialect : m_dialects)
        prefixes += dialect->prefixes();
    return prefixes;
}

RedisSource::~RedisSource()
{
    // Unanswered requests are answered Lost as the connections go, so they have to go while this is still whole.
    m_session->running = false;
    m_scripts->disconnect(this);
    connect(m_scripts, &ScriptRunner::progressed, this, &FleetSource::commandsProgressed);
    leave();
    m_tracking.reset();
    m_sentinels.reset();
    delete m_session->connection;
    m_session->connection = nullptr;
    m_scripts->connectionLost();
    m_scripts->flush(); // Commands, unlike workers, are reported to the end.
    // As the systems go, connections of their own end, and that is reported: the status is not to be filled from those half gone.
    const auto going = std::exchange(m_dialects, {});
}

/// Whatever ends the connection from here: what a system wrote for it alone goes first.
void RedisSource::leave()
{
    if (!m_session->connection || m_session->connection->state() != RedisConnection::State::Ready)
        return;
    for (const auto &dialect : m_dialects)
        dialect->leave();
    m_session->connection->sendNow();
}

void RedisSource::start()
{
    if (m_session->running)
        return;
    m_session->running = true;
    m_session->setState(SourceState::Connecting);
    RedisConnectionOptions options = m_session->options.connection;
    options.provedByOwner = true;
    m_session->connection = new RedisConnection(m_session->url, options, this); // Made here: here is the I/O thread.
    connect(m_session->connection, &RedisConnection::stateChanged, this, &RedisSource::onMainState);
    m_scripts->setConnection(m_session->connection);
    if (m_tracking)
        m_tracking->start();
    if (m_sentinels)
        m_sentinels->start();
    m_session->connection->open();
    m_tickTimer.start(m_session->seen ? tickMs : unseenTickMs);
}

void RedisSource::prepareStart(const QString &message)
{
    if (m_session->running)
        return; // One attempt goes on until the next begins.
    m_session->status.setTrouble({SourceTrouble::None, message, {}});
    m_session->setState(SourceState::Connecting);
}

void RedisSource::cannotStart(const SourceFailure &failure)
{
    if (m_session->running) {
        const RedisConnection::State state = m_session->connection->state();
        if (state != RedisConnection::State::Closed) {
            if (state != RedisConnection::State::Ready)
                retryNow(); // With the password there is.
            return; // It stands, whatever is missing for the next one.
        }
        stop();
    }
    m_session->status.retryAt = 0;
    m_session->status.setTrouble(failure);
    m_session->setState(SourceState::Failed);
}

void RedisSource::setSeen(bool seen)
{
    m_session->seen = seen;
    if (m_tickTimer.isActive())
        m_tickTimer.start(seen ? tickMs : unseenTickMs);
    if (m_tracking)
        m_tracking->reviewSeen();
    if (seen && m_session->begun)
        m_session->report();
}

void RedisSource::stop()
{
    if (!m_session->running)
        return;
    m_session->running = false;
    m_session->flush();
    leave();
    onLost();
    m_tickTimer.stop();
    m_session->connection->disconnect(this);
    m_session->connection->deleteLater();
    m_session->connection->close();
    if (m_tracking)
        m_tracking->stop();
    if (m_sentinels)
        m_sentinels->stop();
    m_scripts->setConnection(nullptr);
    m_scripts->flush(); // Every command is answered before the source is off.
    m_session->connection = nullptr;
    m_session->status.gaps = {};
    m_session->status.trouble = SourceTrouble::None;
    m_session->status.forgotten = false;
    m_session->setState(SourceState::Off);
}

void RedisSource::retryNow()
{
    if (!m_session->running) {
        start();
        return;
    }
    RedisConnection *connection = m_session->connection;
    if (connection->state() == RedisConnection::State::Closed) {
        m_session->setState(SourceState::Connecting);
        connection->open();
    } else if (connection->state() == RedisConnection::State::Waiting) {
        connection->retryNow();
    } else if (m_session->begun) {
        beginFullView();
        m_scripts->probeRights();
    }
    if (m_tracking)
        m_tracking->retryNow();
}

// Writing -------------------------------------------------------------------------------------------------------------

void RedisSource::setWritable(bool writable)
{
    m_session->status.writable = writable;
    m_scripts->setWritable(writable);
    m_session->report();
}

/// The dialect reads the worker that is meant. Two systems may have a worker of the same id.
bool RedisSource::concerns(const FleetDialect &dialect, const Command &command)
{
    const ActScripts *scripts = dialect.scripts();
    return dialect.knows(command.worker) && (command.system.isEmpty() || (scripts && scripts->system() == command.system));
}

/// Of the system that is meant, and where that is there under several prefixes, of the one that knows the worker. If none does,
/// what was left for it may be under any of them: then one is asked \a after the other.
const ActScripts *RedisSource::scriptsFor(const Command &command, const ActScripts *after) const
{
    const QString system = after ? after->system() : command.system;
    const ActScripts *first = nullptr;
    bool passed = !after;
    for (const auto &dialect : m_dialects) {
        const ActScripts *scripts = dialect->scripts();
        if (command.scope == ActScope::Worker && concerns(*dialect, command))
            return after ? nullptr : scripts;
        if (!first && passed && scripts && (system.isEmpty() || scripts->system() == system))
            first = scripts;
        passed = passed || scripts == after;
    }
    return command.scope == ActScope::Worker || !command.system.isEmpty() ? first : nullptr;
}

void RedisSource::carryOut(const QList<Command> &commands)
{
    m_scripts->carryOut(commands);
}

void RedisSource::lookUp(const QList<Command> &commands)
{
    m_scripts->lookUp(commands, m_session->careful);
}

void RedisSource::applyTiming(const TimingApply &apply)
{
    const bool taken =
        std::any_of(m_dialects.begin(), m_dialects.end(), [&apply](const auto &dialect) { return dialect->applyTiming(apply); });
    if (taken)
        return;
    TimingApplied refused;
    refused.id = apply.id;
    refused.source = m_session->id;
    refused.outcome = TimingApplied::Outcome::Refused;
    refused.refusal = Refusal::Server;
    refused.text = tr("this system has no shared timing record");
    emit timingApplied(refused);
}

void RedisSource::readTimingHistory()
{
    const bool taken =
        std::any_of(m_dialects.begin(), m_dialects.end(), [](const auto &dialect) { return dialect->readTimingHistory(); });
    if (taken)
        return;
    TimingHistory history;
    history.source = m_session->id;
    history.text = tr("this system has no shared timing record");
    emit timingHistoryRead(history);
}

// Life of the connections ---------------------------------------------------------------------------------------------

void RedisSource::onMainState(RedisConnection::State state)
{
    SourceStatus &status = m_session->status;
    switch (state) {
    case RedisConnection::State::Ready:
        m_lastAnswerAt = m_session->now();
        if (m_tracking && m_tracking->isConnecting())
            m_trackingWait.start(m_session->options.pushWaitMs);
        else
            begin();
        break;
    case RedisConnection::State::Connecting:
        if (status.state == SourceState::Waiting || status.state == SourceState::Failed) {
            status.retryAt = 0;
            m_session->report();
        }
        break;
    case RedisConnection::State::Waiting:
    case RedisConnection::State::Closed:
        onLost();
        reportFailure(m_session->connection->failure());
        break;
    }
}

void RedisSource::onTracking()
{
    if (m_trackingWait.isActive()) {
        m_trackingWait.stop();
        begin();
    } else if (m_session->begun) {
        // What changed without being announced has to be read once more.
        m_tracking->switchOn([this, asked = m_session->generation] {
            if (m_session->isCurrent(asked) && m_session->pushing)
                beginFullView();
        });
    }
}

void RedisSource::onTrackingFailed()
{
    if (m_trackingWait.isActive() && m_tracking->isRefused()) {
        m_trackingWait.stop();
        begin();
    }
}

void RedisSource::onTrackingEnded()
{
    for (const auto &dialect : m_dialects)
        dialect->pushEnded();
    settle();
}

void RedisSource::onAnnounced(const RedisReply &keys, qint64 at)
{
    if (keys.isNil()) {
        // FLUSHALL or FLUSHDB, maybe of another database.
        awaitRegistrations(Reregistration::Cause::Emptied);
        for (const auto &dialect : m_dialects)
            dialect->emptied(m_session->now());
        return;
    }
    for (const auto &dialect : m_dialects)
        dialect->takeAnnounced(keys, at);
}

/// A failover is over.
void RedisSource::onMasterAt(const RedisPlace &master)
{
    if (!m_session->connection)
        return;
    const RedisFailure why = masterMovedFailure(m_session->url.master, master, m_session->connection->target());
    m_session->connection->follow(master, why);
    if (m_tracking)
        m_tracking->follow(master, why);
}

/// What the master before had not passed on when it went is lost, and no worker could renew its key in between.
void RedisSource::noteMaster()
{
    if (m_session->connection->isCluster()) {
        noteMasters();
        return;
    }
    if (!m_session->url.isSentinel())
        return;
    const RedisUrl &target = m_session->connection->target();
    const RedisPlace before = std::exchange(m_master, {target.host, target.port});
    m_replicas = -1;
    nameServer();
    if (!before.host.isEmpty() && before != m_master)
        awaitRegistrations(Reregistration::Cause::FailedOver);
}

/// The same for the masters of a cluster.
void RedisSource::noteMasters()
{
    QMap<QString, QString> now;
    for (const RedisConnection *master : m_session->connection->masters()) {
        const QString place = master->target().shortName();
        now.insert(place, m_runIds.value(place));
    }
    const bool moved = !m_runIds.isEmpty() && now.keys() != m_runIds.keys();
    m_runIds = now;
    nameServer();
    if (moved)
        awaitRegistrations(Reregistration::Cause::FailedOver);
    askMasters();
}

/// One that was started while it was away has lost its keys.
void RedisSource::askMasters()
{
    for (RedisConnection *master : m_session->connection->masters()) {
        m_session->askBy(master, std::initializer_list<QByteArrayView>{"INFO", "server"},
                         [this, place = master->target().shortName()](const RedisAnswer &answer) {
                             const QString runId = answer.ok() ? ServerIdentity::fromInfo(answer.reply.bytes()).runId : QString();
                             const QString before = std::exchange(m_runIds[place], runId);
                             if (!before.isEmpty() && !runId.isEmpty() && before != runId && !m_session->reregistration.isOpen())
                                 awaitRegistrations(Reregistration::Cause::Restarted);
                         });
    }
}

void RedisSource::reviewSentinels()
{
    const RedisFailure silence = m_sentinels ? m_sentinels->silence() : RedisFailure();
    if (silence.kind == RedisFailure::Kind::None)
        m_session->endLimit(RedisSession::Limit::Sentinels);
    else
        m_session->setLimit(RedisSession::Limit::Sentinels,
                            tr("No Sentinel is heard, so a failover is noticed only when the connection to the master ends: %1")
                                .arg(silence.text));
}

/// Behind Sentinels also which server it is at the moment, and how many could take its place.
void RedisSource::nameServer()
{
    QString name = m_session->identity.name();
    if (m_session->connection->isCluster()) {
        name = tr("%1, a cluster of %Ln master(s)", "Redis 7.0.15, a cluster of 3 masters", int(m_runIds.size()))
                   .arg(name.isEmpty() ? m_session->product() : name);
    }
    if (m_session->url.isSentinel()) {
        name = tr("%1 at %2", "Redis 7.0.15 at host:6379").arg(name.isEmpty() ? m_session->product() : name, m_master.text());
        if (m_replicas >= 0)
            name = tr("%1 with %Ln replica(s)", "Redis 7.0.15 at host:6379 with 2 replicas", m_replicas).arg(name);
    }
    m_session->status.server = name;
}

void RedisSource::begin()
{
    if (!m_session->isReady())
        return;
    SourceStatus &status = m_session->status;
    m_session->begun = true;
    ++m_session->generation;
    status.generation = m_session->generation;
    status.setTrouble({});
    status.retryAt = 0;
    m_session->clearLimits();
    m_replica.clear();
    m_infoRefused = m_roleRefused = m_unsaved = false;
    m_session->clockOffset.clear();
    status.clockKnown = false;
    status.certificateUntil = m_session->connection->certificateUntil();
    noteMaster();
    reviewSentinels();
    askTime();
    askServer();
    askRole();
    if (m_session->options.layouts.empty())
        beginWatching();
    else
        beginDetection();
}

/// Which systems are there is known before the first view: it holds all of them.
void RedisSource::beginDetection()
{
    m_session->setState(SourceState::Loading);
    m_detector = std::make_unique<LayoutDetector>(*m_session->connection, m_session->options.layouts);
    connect(m_detector.get(), &LayoutDetector::finished, this, [this, asked = m_session->generation] {
        if (!m_session->isCurrent(asked) || !m_session->begun)
            return;
        const bool first = m_detectedAt == 0;
        m_detectedAt = m_session->now();
        const size_t before = m_dialects.size();
        takeDetected();
        if (first || m_dialects.size() != before)
            beginWatching();
    });
    connect(m_detector.get(), &LayoutDetector::found, this, [this, asked = m_session->generation] {
        if (!m_session->isCurrent(asked) || !m_session->begun)
            return;
        const size_t before = m_dialects.size();
        takeDetected();
        if (m_dialects.size() != before)
            beginWatching();
    });
    m_detectedAt = 0;
    m_detector->look();
}

/// Whether it is watched: by the dialect that it has, or by one that it gets now.
bool RedisSource::watchSystem(const Layout &layout, const QByteArray &prefix)
{
    if (std::find(m_detected.begin(), m_detected.end(), std::pair(layout.name, prefix)) != m_detected.end())
        return true;
    auto dialect = makeDialect(*m_session, layout, prefix);
    if (!dialect)
        return false;
    if (dialect->scripts())
        m_scripts->add(*dialect->scripts());
    m_dialects.push_back(std::move(dialect));
    m_detected.emplace_back(layout.name, prefix);
    return true;
}

/// Systems that are there and not watched yet get a dialect.
void RedisSource::takeDetected()
{
    QList<FoundSystem> systems;
    for (FoundSystem system : m_detector->systems()) {
        const Layout &layout = *m_detector->layout(system.layout);
        // One that needs no dialect of its own is watched by those that are always there.
        system.watched = isAlwaysWatched(layout) || watchSystem(layout, system.prefix);
        systems.append(system);
    }
    // What a new look did not reach yet is there as before.
    if (!m_detector->isWhole()) {
        for (const FoundSystem &known : std::as_const(m_session->status.systems)) {
            const auto isSame = [&](const FoundSystem &one) { return one.layout == known.layout && one.prefix == known.prefix; };
            if (std::none_of(systems.cbegin(), systems.cend(), isSame))
                systems.append(known);
        }
    }
    // A lock that the operator has named may be free at the moment, and then nothing shows it.
    for (const Layout &layout : m_session->options.layouts) {
        if (layout.prefixIsSet && layout.findsOnly(LayoutDiscovery::Kind::Lock))
            watchSystem(layout, layout.prefix);
    }
    if (m_tracking)
        m_tracking->setPrefixes(prefixes());
    DetectionReport look = m_detector->report();
    look.systems = systems;
    if (m_session->status.look != look) {
        m_session->status.systems = systems;
        m_session->status.look = look;
        m_session->report();
    }
}

/// Keys that the look did not reach are looked at page by page. Systems are looked for again: one may be started later.
void RedisSource::lookFurther(qint64 now)
{
    constexpr qint64 lastAgainMs = 300'000;
    constexpr qint64 glanceEveryMs = 30'000;
    if (!m_detector || m_detectedAt == 0)
        return;
    // Sooner while there is nothing to show, and again soon after each system that is found.
    const qsizetype known = m_session->status.systems.size();
    const qint64 firstAgainMs = known == 0 ? 10'000 : 30'000;
    if (std::exchange(m_systemsKnown, known) != known)
        m_lookAgainMs = firstAgainMs;
    if (!m_detector->isWhole()) {
        m_detector->goOn();
        m_detectedAt = now;
    } else if (now - m_detectedAt >= qMax(m_lookAgainMs, firstAgainMs)) {
        // Less and less often: a Redis may stay as it is.
        m_lookAgainMs = qMin(2 * qMax(m_lookAgainMs, firstAgainMs), lastAgainMs);
        lookForSystems();
    } else if (now - qMax(m_detectedAt, m_glancedAt) >= glanceEveryMs) {
        m_glancedAt = now;
        m_detector->glance();
    }
}

void RedisSource::lookForSystems()
{
    if (!m_detector || !m_session->begun)
        return;
    m_detectedAt = m_session->now();
    m_detector->look();
}

/// The systems are known: tracking first, then the first view.
void RedisSource::beginWatching()
{
    for (const auto &dialect : m_dialects)
        dialect->begin();
    m_scripts->probeRights();
    if (!m_tracking) {
        m_session->pushing = false;
        beginFullView();
        return;
    }
    m_tracking->switchOn([this, asked = m_session->generation] {
        if (m_session->isCurrent(asked))
            beginFullView();
    });
}

void RedisSource::beginFullView()
{
    m_session->fullView = false;
    m_session->status.loaded = 0;
    m_session->status.total = 0;
    m_session->setState(SourceState::Loading);
    for (const auto &dialect : m_dialects)
        dialect->beginView();
    // Everything may be switched off, or not be there: then nothing is read, and that is the whole view.
    if (m_dialects.empty())
        finishFullView();
}

/// Called whenever a part of the full view is done. It is there when everything it consists of was answered, be it by a refusal;
/// not "when nothing is under way": in a fleet that beats something always is.
void RedisSource::finishFullView()
{
    const bool read =
        m_session->begun && m_session->awaited == 0 && (!m_detector || m_detectedAt > 0)
        && std::all_of(m_dialects.begin(), m_dialects.end(), [](const auto &dialect) { return dialect->isViewRead(); });
    if (m_session->fullView || !read)
        return;
    m_session->fullView = true;
    for (const auto &dialect : m_dialects)
        dialect->viewFinished();
    m_session->flush();
    m_session->connection->prove();
    settle();
}

/// The state a source with a full view is in: it is up to date, or a replica that cannot be.
void RedisSource::settle()
{
    if (!m_session->fullView || !m_session->begun)
        return;
    if (m_replica.trouble() == SourceTrouble::None) {
        m_session->setState(m_session->pushing ? SourceState::Live : SourceState::Sweeping);
        return;
    }
    SourceStatus &status = m_session->status;
    status.lostAt = m_replica.truthEndedAt();
    status.setTrouble(
        {m_replica.trouble(),
         m_replica.trouble() == SourceTrouble::MasterLost
             ? tr("This replica has lost its master, and nothing new reaches it.")
             : tr("This replica has received nothing from its master for a while, so its data may be out of date."),
         tr("The data is as of the last contact with the master. Connect to the master, or wait until the link is back.")});
    m_session->setState(SourceState::Stalled);
}

void RedisSource::onLost()
{
    if (m_session->begun)
        m_lostContactAt = m_lastAnswerAt;
    m_session->begun = m_session->pushing = m_session->fullView = false;
    m_session->inFlight = m_session->awaited = 0;
    m_trackingWait.stop();
    m_detector.reset();
    for (const auto &dialect : m_dialects)
        dialect->lost();
    m_scripts->connectionLost();
    m_session->flush();
}

void RedisSource::reportFailure(const RedisFailure &failure)
{
    if (failure.kind == RedisFailure::Kind::TooLarge)
        m_session->careful = true;
    SourceStatus &status = m_session->status;
    status.setTrouble(failure);
    const int wait = m_session->connection->retryInMs();
    status.retryAt = wait >= 0 ? m_session->now() + wait : 0;
    if (status.lostAt == 0 && m_lastAnswerAt > 0)
        status.lostAt = m_lastAnswerAt;
    status.forgotten = false;
    const bool closed = m_session->connection->state() == RedisConnection::State::Closed;
    m_session->setState(closed ? SourceState::Failed : SourceState::Waiting);
}

void RedisSource::onTick()
{
    if (!m_session->begun)
        return;
    const qint64 now = m_session->now();
    // What changed while the machine slept may never have been announced.
    if (m_sleep.take() > 0)
        beginFullView();
    checkStall(now);
    if (now - m_timeAskedAt >= (m_session->seen ? timeEveryMs : unseenTimeEveryMs))
        askTime();
    if (now - m_roleAskedAt >= (m_replica.isReplica() ? replicaEveryMs : roleEveryMs))
        askRole();
    if (m_tracking)
        m_tracking->doubt(now);
    reviewAwaited(now);
    lookFurther(now);
    for (const auto &dialect : m_dialects)
        dialect->tick(now);
    const qint64 every = m_session->status.state == SourceState::Loading ? loadingStatusEveryMs
                         : m_session->seen                               ? statusEveryMs
                                                                         : unseenStatusEveryMs;
    if (now - m_session->reportedAt() >= every)
        m_session->report();
}

void RedisSource::checkStall(qint64 now)
{
    SourceStatus &status = m_session->status;
    const qint64 waited = m_session->connection->oldestPendingMs();
    if (waited == 0)
        m_lastAnswerAt = now;
    const int limit = m_session->options.stallMs;
    if (waited >= limit && !isStalled()) {
        if (!status.isCutOff())
            status.lostAt = now - waited;
        status.setTrouble(
            {SourceTrouble::Silent, tr("%1 does not answer.").arg(m_session->product()),
             tr("The connection is open but requests wait: the server may be busy with a slow command or saving.")});
        m_session->setState(SourceState::Stalled);
    } else if (isStalled() && waited < limit) {
        status.setTrouble({});
        beginFullView();
    }
}

// The server ----------------------------------------------------------------------------------------------------------

void RedisSource::askTime()
{
    m_timeAskedAt = m_session->now();
    const qint64 sentUs = m_timeAskedAt * 1000;
    m_session->ask({"TIME"}, [this, sentUs](const RedisAnswer &answer) {
        if (!answer.ok() || answer.reply.size() < 2)
            return;
        m_session->pushTrust.otherAnswered(sentUs / 1000);
        const qint64 serverUs = answer.reply.at(0).toInteger() * 1'000'000 + answer.reply.at(1).toInteger();
        ClockOffset &offset = m_session->clockOffset;
        offset.add(sentUs, answer.elapsedUs, serverUs);
        SourceStatus &status = m_session->status;
        status.clockKnown = true;
        status.clockOffsetMs = offset.offsetMs();
        status.roundTripMs = qint32(qMin<qint64>((offset.roundTripUs() + 999) / 1000, 1'000'000));
    });
}

void RedisSource::askServer()
{
    m_session->ask({"INFO", "server"}, [this](const RedisAnswer &answer) {
        if (answer.ok())
            takeServer(ServerIdentity::fromInfo(answer.reply.bytes()));
    });
}

void RedisSource::takeServer(const ServerIdentity &identity)
{
    const ServerIdentity before = std::exchange(m_session->identity, identity);
    const bool another = !before.runId.isEmpty() && !identity.runId.isEmpty() && before.runId != identity.runId;
    // Another process that has run for longer than we were away was not started in between: it is another server.
    const qint64 away = m_session->now() - m_lostContactAt + uptimeSlackMs;
    const bool younger = m_lostContactAt > 0 && identity.uptimeMs >= 0 && identity.uptimeMs <= away;
    // After a failover it is another server anyway.
    if (another && younger && !m_session->connection->isCluster()
        && m_session->reregistration.cause() != Reregistration::Cause::FailedOver)
        awaitRegistrations(Reregistration::Cause::Restarted);
    nameServer();
    m_session->status.serverId = identity.runId;
}

/// Whether it is a replica, and one that hears its master. INFO says since when; where it is refused ROLE says whether.
void RedisSource::askRole()
{
    m_roleAskedAt = m_session->now();
    askWrites();
    if (!m_infoRefused) {
        m_session->ask({"INFO", "replication"}, [this](const RedisAnswer &answer) {
            m_infoRefused = answer.outcome == RedisAnswer::Outcome::Error;
            if (answer.ok())
                takeRole(ReplicaLink::fromInfo(answer.reply.bytes()));
        });
    }
    // The first time both, so that the first view does not come before the answer.
    if (m_roleRefused || (!m_infoRefused && m_session->fullView))
        return;
    m_session->ask({"ROLE"}, [this](const RedisAnswer &answer) {
        if (!m_infoRefused)
            return;
        if (answer.ok()) {
            takeRole(ReplicaLink::fromRole(answer.reply));
        } else if (answer.outcome == RedisAnswer::Outcome::Error) {
            m_roleRefused = true;
            m_session->setLimit(
                RedisSession::Limit::Role,
                tr("INFO and ROLE are refused, so it is not known whether this is a replica that has lost its master."));
        }
    });
}

/// A server whose last snapshot failed refuses writes, those of workers among them, until one succeeds; and PING, so that it is
/// known before a command is given.
void RedisSource::askWrites()
{
    m_session->ask({"PING"}, [this](const RedisAnswer &answer) {
        const bool unsaved = answer.isError("MISCONF");
        if (std::exchange(m_unsaved, unsaved) == unsaved)
            return;
        if (unsaved)
            m_session->setLimit(RedisSession::Limit::Writes,
                                tr("%1 cannot save to disk and refuses all writes (MISCONF), also those of its workers: they "
                                   "cannot beat, and commands are refused. Its log says why.")
                                    .arg(m_session->product()));
        else
            m_session->endLimit(RedisSession::Limit::Writes);
        m_scripts->probeRights();
    });
}

void RedisSource::takeRole(const ReplicaLink &link)
{
    if (link.replica && m_session->url.isSentinel()) {
        m_session->connection->leave(notMasterFailure(m_session->url.master, m_session->connection->target()));
        return;
    }
    if (link.known && std::exchange(m_replicas, link.replicas) != link.replicas && m_session->url.isSentinel())
        nameServer();
    const SourceTrouble before = m_replica.trouble();
    m_replica.take(link, m_session->now());
    m_session->replica = m_replica.isReplica();
    // What comes after a stall reads everything again.
    if (m_replica.trouble() == before || !m_session->fullView || isStalled())
        return;
    if (m_replica.trouble() == SourceTrouble::None)
        beginFullView();
    else
        settle();
}

/// The server has lost its keys: from now on who is missing is awaited for a while.
void RedisSource::awaitRegistrations(Reregistration::Cause cause)
{
    m_keysLostAt = m_session->now();
    Reregistration &awaited = m_session->reregistration;
    if (cause == Reregistration::Cause::Emptied && awaited.isAwaiting() && awaited.cause() == cause) {
        // Each connection that tracks tells a flush, and those missing may have been read between the two.
        awaited.beginAgain(m_keysLostAt);
        return;
    }
    qint64 graceMs = 0;
    for (const auto &dialect : m_dialects) {
        dialect->keysLost();
        graceMs = qMax(graceMs, dialect->longestBeatMs());
    }
    // The slowest of them has to beat once at least: it is no end that it has not yet.
    constexpr int heartbeats = 3;
    constexpr qint64 longestGraceMs = 120'000; // One that beats once an hour is not waited for.
    graceMs = qMin(graceMs + graceMs / 2, longestGraceMs);
    graceMs = qMax<qint64>(graceMs, heartbeats * m_session->status.timing.heartbeatInterval);
    awaited.begin(cause, m_keysLostAt, qMax<qint64>(m_session->options.reregisterMs, graceMs));
}

void RedisSource::reviewAwaited(qint64 now)
{
    Reregistration &awaited = m_session->reregistration;
    if (awaited.isOver(now) && m_session->fullView) {
        awaited.close();
        for (const auto &dialect : m_dialects)
            dialect->awaitingOver();
    }
    if (awaited.isDone())
        awaited.end();
    // Of those that are missing nothing is known any more. Another database may have been emptied: then none is missing. After a
    // reconnect nothing that was read before it is held for true anyway.
    if (awaited.isAwaiting() && awaited.cause() == Reregistration::Cause::Emptied && awaited.awaited() > 0)
        m_session->status.truthFrom = qMax(m_session->status.truthFrom, m_keysLostAt);
    const bool told = m_session->status.forgotten;
    if (told || awaited.isOpen())
        m_session->describe();
    if (told != m_session->status.forgotten)
        m_session->report();
}

void RedisSource::fillStatus()
{
    SourceStatus &status = m_session->status;
    status.sweepEveryMs = m_session->options.sweepMs;
    int scanMs = 0;
    for (const auto &dialect : m_dialects) {
        status.sweepEveryMs = qMax(status.sweepEveryMs, dialect->sweepPeriodMs());
        scanMs = qMax(scanMs, dialect->scanPeriodMs());
    }
    status.findEveryMs = qMax(status.sweepEveryMs, scanMs);
}

} // namespace pulsedeck
