// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/celerydialect.h"

#include "models/layouts/layouttraits.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace pulsedeck {

namespace {

constexpr char bindingsKey[] = "_kombu.binding.celery.pidbox";
// Before a node in a member of the bindings: no routing key, no pattern.
constexpr char beforeNode[] = "\x06\x16\x06\x16";
constexpr char afterNode[] = ".celery.pidbox";
constexpr qint64 bindingsEveryMs = 5'000;
constexpr qint64 judgeEveryMs = 500;
constexpr qint64 heartbeatMs = 2'200; // By then each worker at the usual pace was heard.
constexpr qint64 firstRoundMs = 4'500; // Two heartbeats, each 2 s after the one before.
constexpr qint64 shownSkewMs = 1'000;
// A worker is late after two of its intervals, and not before that.
constexpr qint64 lateAtLeastMs = 6'000;
constexpr qint64 staleAtLeastMs = 30'000;

LayoutVariables variablesOf(const QByteArray &prefix)
{
    return {{"prefix", prefix}};
}

Layout placed(const Layout &layout, const QByteArray &prefix)
{
    Layout there = layout;
    there.prefix = prefix;
    return there;
}

qint64 intervalOf(const CeleryMember &member)
{
    return qint64(member.event.frequency * 1000);
}

qint64 staleAfter(qint64 intervalMs)
{
    return qMax<qint64>(3 * intervalMs, staleAtLeastMs);
}

} // namespace

CeleryDialect::CeleryDialect(RedisSession &session, const Layout &layout, const QByteArray &prefix)
    : QObject(&session)
    , m_session(session)
    , m_layout(placed(layout, prefix))
    , m_variables(variablesOf(prefix))
    , m_traits(makeTraits(m_layout))
    , m_events(new CeleryEvents(session, CeleryEvents::patternOf(prefix, session.url.database), this))
    , m_exits(new CeleryExits(session, this))
    , m_scripts(new CeleryScripts(*this, prefix, session.url.database, this))
    , m_bindings(new RegistryReader(
          session, LayoutDiscovery::Kind::Set, prefix + bindingsKey, nullptr,
          [this](QByteArrayView member, QByteArrayView) { takeBinding(member); }, [this](bool whole) { bindingsPassed(whole); },
          this))
    , m_queues(session, layout, m_variables, TraitsRef::of(m_traits))
{
    m_scripts->describe(m_traits);
    m_queues.setTraits(traitsFor(2));
    connect(m_events, &CeleryEvents::heard, this, &CeleryDialect::takeEvent);
    connect(m_exits, &CeleryExits::ended, this, &CeleryDialect::takeExit);
    connect(m_events, &CeleryEvents::switched, this, [this] {
        if (!m_events->isListening())
            freeze();
        // Who cannot hear workers does not know that nobody serves a queue.
        SourceTraits deaf = m_traits;
        deaf.facts.setFlag(SourceFact::Queues, false);
        m_queues.setTraits(m_events->isListening() ? traitsFor(2) : TraitsRef::of(deaf));
        m_session.partRead();
    });
    m_queues.setObserver([this](const QueueSample &queue) { takeQueue(queue); });
}

CeleryDialect::~CeleryDialect() = default;

// Life of the connection ----------------------------------------------------------------------------------------------

void CeleryDialect::begin()
{
    m_session.status.listening = true;
    m_events->begin();
}

void CeleryDialect::beginView()
{
    m_events->begin();
    m_bindings->beginView();
    m_bindings->read();
}

/// Whoever is bound is waited for until it was heard, or is silent: a list that is printed once has all of them.
bool CeleryDialect::isViewRead() const
{
    if (!m_bindings->isRead() || !m_events->isSettled())
        return false;
    const qint64 since = m_events->listeningSince();
    const qint64 listens = m_session.now() - since;
    if (since == 0 || listens >= hearWithinMs)
        return true;
    // Who lost its binding, as by FLUSHALL, is known by its heartbeat alone.
    if (listens < heartbeatMs)
        return false;
    return std::all_of(m_members.cbegin(), m_members.cend(),
                       [since](const CeleryMember &member) { return !member.bound || member.heardAt >= since; });
}

void CeleryDialect::viewFinished()
{
    judge(m_session.now());
    m_queues.readSoon();
}

void CeleryDialect::lost()
{
    m_session.status.listening = m_session.status.weighing = false;
    freeze();
    m_events->stop();
    m_exits->lost();
    m_bindings->lost();
    m_queues.lost();
    m_growth.clear();
}

void CeleryDialect::tick(qint64 now)
{
    m_events->review(now);
    m_exits->look(now);
    const qint64 since = m_events->listeningSince();
    const bool listening = !m_events->isSettled() || (since > 0 && now - since < firstRoundMs);
    if (std::exchange(m_session.status.listening, listening) != listening)
        m_session.report();
    m_bindings->look(now, bindingsEveryMs);
    askQueues(now);
    if (m_session.fullView)
        m_queues.look(now);
    if (now - m_judgedAt >= judgeEveryMs) {
        m_judgedAt = now;
        judge(now);
    }
    if (!m_session.fullView)
        m_session.partRead();
    m_session.flushIfIdle();
}

bool CeleryDialect::knows(const QByteArray &worker) const
{
    const auto found = m_members.constFind(worker);
    return found != m_members.cend() && found->told;
}

// What is heard and read ----------------------------------------------------------------------------------------------

CeleryMember *CeleryDialect::memberFor(const QByteArray &node)
{
    const auto known = m_members.find(node);
    if (known != m_members.end())
        return &known.value();
    if (m_members.size() >= mostWorkers) {
        m_session.setLimit(RedisSession::Limit::TooMany,
                           tr("There are more than %Ln worker(s): the rest is not shown.", nullptr, mostWorkers), this);
        return nullptr;
    }
    CeleryMember &fresh = m_members[node];
    fresh.number = m_session.nextNumber++;
    fresh.firstSeenAt = m_session.now();
    fresh.wasThere = !m_session.fullView;
    ++m_session.workers;
    return &fresh;
}

void CeleryDialect::takeEvent(const CeleryEvent &event)
{
    CeleryMember *known = memberFor(event.node);
    if (!known)
        return;
    CeleryMember &member = *known;
    const qint64 now = m_session.now();
    const bool first = member.heardAt == 0;
    if (first)
        member.wasThere = event.kind != CeleryEvent::Kind::Online;
    // One that began again has forgotten what it was told.
    if (event.kind == CeleryEvent::Kind::Online && !first) {
        if (member.told && !member.ghost && member.event.pid != event.pid) {
            end(member, member.offlineAt > 0 ? WorkerEnd::Left : WorkerEnd::Expired);
            m_session.flush(); // The end is news of its own: a command may wait for it.
            const bool bound = member.bound;
            const quint32 pass = member.pass;
            member = {};
            member.firstSeenAt = now;
            member.bound = bound;
            member.pass = pass;
            member.number = m_session.nextNumber++;
        }
        member.drained = member.drainedHere = member.stopSent = member.deaf = false;
        member.askedAt = 0;
        member.queues.reset();
        member.served.clear();
    }
    const bool other =
        member.event.pid != event.pid || member.event.version != event.version || member.event.frequency != event.frequency;
    if (event.active > 0 || event.processed != member.event.processed || member.progressAt == 0)
        member.progressAt = now;
    const bool wasGhost = std::exchange(member.ghost, false);
    member.heardAt = now;
    member.frozen = false;
    member.event = event;
    member.offlineAt = event.kind == CeleryEvent::Kind::Offline ? now : 0;
    if (member.offlineAt > 0 && event.active == 0) {
        m_exits->alsoLeft(now);
        // It had nothing to do, so it is gone. One that was heard for the first time now is not worth a row.
        if (member.told)
            report(member, false);
        end(member, member.drained ? WorkerEnd::Drained : WorkerEnd::Left);
        m_members.remove(event.node);
        --m_session.workers;
        return;
    }
    if (!member.told || other || wasGhost)
        tellText(event.node, member);
    report(member, event.kind != CeleryEvent::Kind::Offline);
    m_session.countRead(-1);
    if (member.offlineAt > 0)
        m_exits->begin(event.node, now, member.firstSeenAt);
    else
        m_exits->forget(event.node);
}

/// The connection on which it said that it leaves is closed: its last task is through.
void CeleryDialect::takeExit(const QByteArray &node)
{
    const auto found = m_members.find(node);
    if (found == m_members.end() || found->offlineAt == 0)
        return;
    end(*found, found->drained ? WorkerEnd::Drained : WorkerEnd::Left);
    m_members.erase(found);
    --m_session.workers;
    m_session.flushIfIdle();
}

void CeleryDialect::takeBinding(QByteArrayView member)
{
    if (!member.startsWith(beforeNode) || !member.endsWith(afterNode))
        return;
    const qsizetype around = qsizetype(sizeof beforeNode - 1) + qsizetype(sizeof afterNode - 1);
    const qsizetype length = member.size() - around;
    if (length <= 0 || length > CeleryMessage::longestNode)
        return;
    if (CeleryMember *known = memberFor(member.sliced(sizeof beforeNode - 1, length).toByteArray())) {
        known->pass = m_pass;
        known->bound = true;
    }
}

void CeleryDialect::bindingsPassed(bool whole)
{
    m_bindingsRefused = !whole;
    if (!whole)
        return;
    for (CeleryMember &member : m_members) {
        if (member.pass == m_pass) {
            member.missed = 0;
        } else {
            member.bound = false;
            member.missed = quint8(qMin(member.missed + 1, int(unboundAfter)));
        }
    }
    m_passed = m_pass++;
    judge(m_session.now());
}

void CeleryDialect::takeQueue(const QueueSample &queue)
{
    const QString name = QString::fromUtf8(queue.name);
    if (queue.gone) {
        m_growth.remove(name);
        return;
    }
    Growth &growth = m_growth[name];
    growth.fell = growth.fell || queue.waiting < growth.waiting;
    // While it was empty there was nothing to take: that is no time in which nobody took anything.
    if (growth.waiting <= 0 || queue.waiting < growth.waiting)
        growth.fellAt = queue.readAt;
    if (growth.waiting < 0 || queue.waiting < growth.waiting)
        growth.grew = false;
    else if (queue.waiting > growth.waiting)
        growth.grew = true;
    growth.waiting = queue.waiting;
}

// Commands ------------------------------------------------------------------------------------------------------------

void CeleryDialect::commandAnswered(const Command &command, CommandProgress::Outcome outcome)
{
    if (command.act == Act::Reap)
        m_bindings->read();
    if (outcome == CommandProgress::Outcome::NotObeyed || outcome == CommandProgress::Outcome::PickedUp)
        setDeaf(command.worker, outcome == CommandProgress::Outcome::NotObeyed);
}

void CeleryDialect::setDeaf(const QByteArray &node, bool deaf)
{
    const auto found = m_members.find(node);
    if (found == m_members.end() || !found->told || found->ghost || std::exchange(found->deaf, deaf) == deaf)
        return;
    report(*found, false);
    m_session.flushIfIdle();
}

/// One at work may have no time to answer, as where it has no processes of its own for tasks.
void CeleryDialect::wasSilent(const QByteArray &node)
{
    const auto found = m_members.constFind(node);
    if (found != m_members.cend() && found->event.active <= 0)
        setDeaf(node, true);
}

CeleryStanding CeleryDialect::standing(const QByteArray &node) const
{
    CeleryStanding standing;
    const auto found = m_members.constFind(node);
    if (found == m_members.cend() || !found->told)
        return standing;
    standing.kind = found->ghost           ? CeleryStanding::Kind::Ghost
                    : found->offlineAt > 0 ? CeleryStanding::Kind::Leaving
                                           : CeleryStanding::Kind::Here;
    standing.pid = found->event.pid;
    standing.drained = found->drained;
    standing.stopSent = found->stopSent;
    standing.served = found->served;
    return standing;
}

void CeleryDialect::tookQueues(const QByteArray &node, const QStringList &queues)
{
    const auto found = m_members.find(node);
    if (found == m_members.end() || !found->told || found->ghost)
        return;
    const bool news = found->queues != queues;
    found->queues = queues;
    found->drained = queues.isEmpty();
    found->drainedHere = found->drainedHere && found->drained;
    if (!found->drained)
        found->served = queues;
    m_queues.takeNamed(queues);
    if (news)
        tellText(node, *found);
    if (std::exchange(found->deaf, false) || news)
        report(*found, false);
    m_session.flushIfIdle();
}

/// It was asked while its queues were taken away, one after the other.
void CeleryDialect::drains(const QByteArray &node, const QStringList &queues)
{
    const auto found = m_members.find(node);
    if (found == m_members.end())
        return;
    found->served = queues;
    found->drainedHere = true;
    report(*found, false);
}

/// Nothing that is read says which queues a worker serves: only it does. Asking writes to Redis, so that it is done only where
/// commands may be given; and all workers hear each question, so that one is for many of them.
void CeleryDialect::askQueues(qint64 now)
{
    const SourceStatus &status = m_session.status;
    if (!status.writable || !status.rights.known || !status.rights.whyNot(Act::Drain, m_traits.layout).isEmpty()
        || !m_session.isReady() || !m_session.fullView || m_scripts->mailbox().pending() > 0)
        return;
    const qint64 every = m_members.size() <= CeleryMessage::mostNodes ? askFewEveryMs : askManyEveryMs;
    QByteArrayList asked;
    for (auto one = m_members.begin(); one != m_members.end() && asked.size() < CeleryMessage::mostNodes; ++one) {
        const bool beats = now - one->heardAt < qMax(hearWithinMs, 2 * intervalOf(*one));
        const bool answers = one->told && beats && !one->ghost && !one->frozen && one->offlineAt == 0 && !one->stopSent;
        if (!answers || (one->askedAt > 0 && now - one->askedAt < every))
            continue;
        one->askedAt = now;
        asked.append(one.key());
    }
    if (!asked.isEmpty())
        m_scripts->askQueuesOf(*m_session.connection, asked);
}

void CeleryDialect::tookActive(const QByteArray &node, qint32 active)
{
    const auto found = m_members.find(node);
    if (found == m_members.end() || !found->told || found->ghost)
        return;
    found->event.active = active;
    if (active > 0)
        found->progressAt = m_session.now();
    report(*found, false);
    m_session.flushIfIdle();
}

void CeleryDialect::askSoon(const QByteArray &node)
{
    const auto found = m_members.find(node);
    if (found != m_members.end())
        found->askedAt = 0;
}

void CeleryDialect::sentStop(const QByteArray &node)
{
    const auto found = m_members.find(node);
    if (found != m_members.end())
        found->stopSent = true;
}

// Judging -------------------------------------------------------------------------------------------------------------

/// Nobody is listened to any more: what was known stands as of now.
void CeleryDialect::freeze()
{
    for (CeleryMember &member : m_members) {
        if (!member.told || member.ghost || member.frozen || member.offlineAt > 0)
            continue;
        member.frozen = true;
        report(member, false);
    }
}

bool CeleryDialect::isStuck(const QString &queue, qint64 now) const
{
    const auto found = m_growth.constFind(queue);
    return found != m_growth.cend() && found->grew && found->waiting > 0 && now - found->fellAt >= starvedMs;
}

/// Whoever lists the fleet once waits for what isStarved() says of those that do nothing while jobs wait.
bool CeleryDialect::isWeighing(qint64 now) const
{
    const qint64 since = m_events->listeningSince();
    if (since == 0 || now - since >= SourceStatus::weighedMs)
        return false;
    const bool waits =
        std::any_of(m_growth.cbegin(), m_growth.cend(), [](const Growth &growth) { return growth.waiting > 0 && !growth.fell; });
    return waits && std::any_of(m_members.cbegin(), m_members.cend(), [](const CeleryMember &member) {
               const bool idle = member.offlineAt == 0 && !member.drained && member.event.active <= 0;
               return member.told && !member.ghost && idle && !member.flags.testFlag(WorkerFlag::NotConsuming);
           });
}

/// Jobs wait where it serves, more and more of them, and it takes none. Whose queues are not known is only called so if nobody
/// else takes anything either.
bool CeleryDialect::isStarved(const CeleryMember &member, qint64 now) const
{
    if (member.offlineAt > 0 || member.drained || member.event.active > 0 || now - member.progressAt < starvedMs)
        return false;
    if (!member.queues)
        return m_anyStuck && !m_anyProgress;
    return std::any_of(member.queues->cbegin(), member.queues->cend(), [&](const QString &queue) { return isStuck(queue, now); });
}

void CeleryDialect::judge(qint64 now)
{
    m_anyStuck = m_anyProgress = false;
    for (auto queue = m_growth.cbegin(); queue != m_growth.cend() && !m_anyStuck; ++queue)
        m_anyStuck = isStuck(queue.key(), now);
    for (const CeleryMember &member : std::as_const(m_members)) {
        const bool moves = member.event.active > 0 || now - member.progressAt < starvedMs;
        m_anyProgress = m_anyProgress || (member.heardAt > 0 && !member.ghost && moves);
    }
    m_members.removeIf([&](Members::iterator one) {
        if (judgeMember(one.key(), one.value(), now))
            return false;
        m_exits->forget(one.key());
        --m_session.workers;
        return true;
    });
    if (m_members.size() < mostWorkers)
        m_session.endLimit(RedisSession::Limit::TooMany, this);
    const bool weighing = isWeighing(now);
    if (std::exchange(m_session.status.weighing, weighing) != weighing) {
        m_session.flush(); // What was found comes before the word that it is.
        m_session.report();
    }
}

bool CeleryDialect::judgeMember(const QByteArray &node, CeleryMember &member, qint64 now)
{
    const qint64 since = m_events->listeningSince();
    // By a pass that had all others; where they may not be read nobody is known by them.
    const bool unbound = m_bindingsRefused || m_passed > member.pass;
    if (member.ghost || member.heardAt == 0) {
        if (unbound) {
            if (member.told)
                end(member, WorkerEnd::KeyRemoved); // It was dead, and is not bound any more.
            return false;
        }
        if (!member.bound || since == 0 || now - qMax(since, member.firstSeenAt) < hearWithinMs)
            return true;
        if (!member.told || member.generation != m_session.generation)
            reportGhost(node, member);
        return true;
    }
    if (member.offlineAt > 0) {
        if (unbound && now - member.offlineAt >= leavesWithinMs) {
            end(member, member.drained ? WorkerEnd::Drained : WorkerEnd::Left);
            return false;
        }
        if (member.generation != m_session.generation)
            report(member, false);
        return true;
    }
    if (since == 0)
        return true;
    const qint64 silent = now - qMax(member.heardAt, since);
    const qint64 patience = qMax(hearWithinMs, 2 * intervalOf(member));
    if (member.generation != m_session.generation && silent >= patience) {
        // It was not heard since the connection is back.
        if (unbound) {
            end(member, WorkerEnd::Unseen);
            return false;
        }
        if (member.bound)
            reportGhost(node, member);
        return true;
    }
    if (silent >= forgottenMs && !member.bound) {
        end(member, WorkerEnd::Expired);
        return false;
    }
    // As it would be to a view that is opened now.
    if (member.bound && silent >= staleAfter(intervalOf(member))) {
        member.frozen = false;
        reportGhost(node, member);
        return true;
    }
    // Listened to again for long enough, it would have been heard.
    if (member.frozen && silent >= qMax(lateAtLeastMs, patience)) {
        member.frozen = false;
        report(member, false);
    } else if (member.generation == m_session.generation && flagsOf(member, now) != member.flags) {
        report(member, false);
    }
    return true;
}

// Telling -------------------------------------------------------------------------------------------------------------

/// Celery's own pace is one of a few: workers with other intervals than the usual one have traits of their own.
TraitsRef CeleryDialect::traitsFor(double frequency)
{
    static constexpr qint32 steps[] = {2'000, 5'000, 10'000, 30'000, 60'000, 300'000, 3'600'000};
    const qint32 interval = *std::find_if(std::begin(steps), std::end(steps) - 1,
                                          [frequency](qint32 step) { return frequency * 1000 <= double(step); });
    const auto known = m_paces.constFind(interval);
    if (known != m_paces.cend())
        return *known;
    SourceTraits traits = m_traits;
    BeatPace pace;
    pace.intervalMs = interval;
    pace.lateMs = qint32(qMax<qint64>(2 * qint64(interval), lateAtLeastMs));
    pace.staleMs = qint32(staleAfter(interval));
    traits.idlePace = traits.busyPace = pace;
    return m_paces.insert(interval, TraitsRef::of(traits)).value();
}

void CeleryDialect::tellText(const QByteArray &node, CeleryMember &member)
{
    WorkerText text;
    text.number = member.number;
    text.id = node;
    text.host = node.mid(node.indexOf('@') + 1); // All of it if there is no @.
    if (member.event.pid > 0 && member.event.pid <= std::numeric_limits<qint32>::max())
        text.pid = qint32(member.event.pid);
    text.version = member.event.version;
    text.traits = traitsFor(member.event.frequency);
    text.wasThere = member.wasThere;
    if (member.queues)
        text.queues = *member.queues;
    m_session.addText(text);
    member.told = true;
}

WorkerFlags CeleryDialect::flagsOf(const CeleryMember &member, qint64 now) const
{
    WorkerFlags flags;
    flags.setFlag(WorkerFlag::Registered, member.bound);
    flags.setFlag(WorkerFlag::Unregistered, member.missed == unboundAfter && member.heardAt > 0 && member.offlineAt == 0);
    flags.setFlag(WorkerFlag::PolledBeats, member.frozen);
    flags.setFlag(WorkerFlag::StillWorking, member.offlineAt > 0);
    flags.setFlag(WorkerFlag::Deaf, member.deaf && member.offlineAt == 0);
    flags.setFlag(WorkerFlag::NotAsked, !member.queues && member.offlineAt == 0);
    // Drained from elsewhere, and nobody here knows of it.
    const bool idleByOthers = member.drained && !member.drainedHere && member.offlineAt == 0;
    flags.setFlag(WorkerFlag::NotConsuming, idleByOthers || isStarved(member, now));
    flags.setFlag(WorkerFlag::ClockSkew, member.event.at > 0 && m_session.clockOffset.isKnown()
                                             && qAbs(m_session.serverNow(member.heardAt) - member.event.at) > shownSkewMs);
    return flags;
}

void CeleryDialect::report(CeleryMember &member, bool beat)
{
    const qint64 now = m_session.now();
    member.flags = flagsOf(member, now);
    member.generation = m_session.generation;
    WorkerSample sample;
    sample.number = member.number;
    sample.readAt = now;
    sample.beatAt = member.heardAt;
    sample.newBeat = beat;
    sample.keyPresent = true;
    sample.flags = member.flags;
    sample.lastHeartbeat = member.event.at;
    if (member.event.active >= 0)
        sample.activeSessions = member.event.active;
    if (member.event.processed >= 0)
        sample.lifetimeSessions = qint32(qMin<qint64>(member.event.processed, std::numeric_limits<qint32>::max()));
    if (member.event.at > 0 && m_session.clockOffset.isKnown())
        sample.clockSkew =
            qint32(std::clamp<qint64>(m_session.serverNow(member.heardAt) - member.event.at, -(1LL << 30), 1LL << 30));
    sample.status = member.offlineAt > 0 ? WorkerStatus::ShuttingDown
                    : member.drained     ? WorkerStatus::Draining
                                         : WorkerStatus::Available;
    m_session.addSample(sample);
}

/// It is in Redis and says nothing: it died, and nobody has removed its binding.
void CeleryDialect::reportGhost(const QByteArray &node, CeleryMember &member)
{
    if (!member.told)
        tellText(node, member);
    member.ghost = true;
    member.generation = m_session.generation;
    member.flags = WorkerFlag::Registered;
    WorkerSample sample;
    sample.number = member.number;
    sample.readAt = m_session.now();
    sample.flags = member.flags;
    sample.ttl = -2;
    m_session.addSample(sample);
}

void CeleryDialect::end(CeleryMember &member, WorkerEnd how)
{
    if (!std::exchange(member.told, false))
        return;
    if (how != WorkerEnd::None) {
        WorkerSample sample;
        sample.number = member.number;
        sample.readAt = m_session.now();
        sample.end = how;
        // Whether it served anything it did not say: an order on record does.
        sample.flags.setFlag(WorkerFlag::NotAsked, how == WorkerEnd::Left && !member.queues);
        sample.status = member.offlineAt > 0 ? WorkerStatus::ShuttingDown : WorkerStatus::Available;
        m_session.addSample(sample);
    }
    m_session.addRemoved(member.number);
}

} // namespace pulsedeck
