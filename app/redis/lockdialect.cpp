// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/lockdialect.h"

#include "models/core/visibletext.h"

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// Missing so shortly before its deadline, a lock has expired: clocks and reads are not exact.
constexpr qint64 lockExpiresEarlyMs = 100;
// Asked so long after the last moment of a TTL, a lock that expires has surely expired.
constexpr qint64 lockGraceMs = 20;
constexpr qsizetype longestHolder = 512;

} // namespace

LockDialect::LockDialect(RedisSession &session, const Layout &layout, TraitsRef traits)
    : m_session(session)
    , m_layout(layout)
    , m_traits(traits)
    , m_records(layout)
{
    for (const LayoutDiscovery &discovery : layout.discover) {
        Lock lock;
        lock.key = discovery.key.resolve({{"prefix", layout.prefix}});
        lock.valueIsId = !discovery.memberIs.isEmpty();
        m_locks.push_back(lock);
    }
}

LockDialect::~LockDialect() = default;

QByteArrayList LockDialect::prefixes() const
{
    QByteArrayList prefixes;
    if (m_layout.watch == Layout::Watch::Prefix) {
        for (const LayoutText &watched : m_layout.watched)
            prefixes.append(watched.resolve({{"prefix", m_layout.prefix}}));
    }
    return prefixes;
}

// Life of the connection ----------------------------------------------------------------------------------------------

void LockDialect::beginView()
{
    for (Lock &lock : m_locks)
        lock.read = false;
    readAll();
}

bool LockDialect::isViewRead() const
{
    return std::all_of(m_locks.begin(), m_locks.end(), [](const Lock &lock) { return lock.read; });
}

void LockDialect::lost()
{
    for (Lock &lock : m_locks) {
        lock.reading = lock.again = lock.hasValue = false;
        lock.announcedAt = 0;
    }
}

void LockDialect::tick(qint64 now)
{
    for (Lock &lock : m_locks) {
        const qint64 expiry = lock.beats.expiresAt() > 0 ? lock.beats.expiresAt() + lockGraceMs : 0;
        const bool expired = !lock.holder.isEmpty() && expiry > lock.readAt && now >= expiry;
        if (expired || now - lock.askedAt >= sweepPeriodMs())
            read(lock);
    }
}

void LockDialect::takeAnnounced(const RedisReply &keys, qint64 at)
{
    for (int i = 0; i < keys.size(); ++i) {
        for (Lock &lock : m_locks) {
            if (keys.at(i).bytes() != lock.key)
                continue;
            if (lock.announcedAt == 0)
                lock.announcedAt = at;
            lock.again = lock.reading;
            read(lock);
        }
    }
}

void LockDialect::keysLost()
{
    for (Lock &lock : m_locks)
        lock.missed = false;
}

bool LockDialect::knows(const QByteArray &worker) const
{
    return std::any_of(m_locks.begin(), m_locks.end(), [&worker](const Lock &lock) { return lock.holder == worker; })
           && !worker.isEmpty();
}

// Reading -------------------------------------------------------------------------------------------------------------

void LockDialect::readAll()
{
    for (Lock &lock : m_locks) {
        lock.again = lock.reading; // What is under way may have been answered before.
        read(lock);
    }
}

void LockDialect::read(Lock &lock)
{
    if (lock.reading)
        return;
    lock.reading = true;
    lock.askedAt = m_session.now();
    lock.hasValue = false;
    m_session.ask({"MGET", lock.key}, [this, &lock](const RedisAnswer &answer) { takeValue(lock, answer); });
    m_session.ask({"PTTL", lock.key}, [this, &lock](const RedisAnswer &answer) { takeTtl(lock, answer); });
}

void LockDialect::takeValue(Lock &lock, const RedisAnswer &answer)
{
    if (!answer.ok()) {
        if (answer.outcome == RedisAnswer::Outcome::Error)
            takeRefusal(lock, answer);
        return;
    }
    const RedisReply value = answer.reply.at(0);
    const QByteArrayView bytes = value.bytes();
    lock.hasValue = true;
    lock.value = qHash(bytes, size_t(bytes.size()) + 1);
    // Whoever holds it is listed, also if nobody could read who that is.
    const bool named = lock.valueIsId && !bytes.isEmpty() && bytes.size() <= longestHolder && m_records.accepts(bytes);
    lock.id = named ? bytes.toByteArray() : lock.key.left(longestHolder);
    RecordReading reading;
    reading.present = true;
    lock.text = m_records.describe(0, lock.id, answer.reply, {}, reading);
    if (value.isNil() && !value.isTooLarge())
        lock.text.problems.append(tr("the key of the lock is not a text, so its holder cannot be read"));
    else if (lock.valueIsId && !named)
        lock.text.problems.append(tr("the lock does not name its holder as its system does"));
}

void LockDialect::takeTtl(Lock &lock, const RedisAnswer &answer)
{
    lock.reading = false;
    lock.read = true;
    const qint64 announcedAt = std::exchange(lock.announcedAt, 0);
    if (answer.outcome == RedisAnswer::Outcome::Error)
        takeRefusal(lock, answer);
    if (answer.ok() && lock.hasValue) {
        m_session.endLimit(RedisSession::Limit::Locks, &lock);
        const qint64 pttl = answer.reply.toInteger(-2);
        if (pttl == -2)
            takeFree(lock);
        else
            takeHeld(lock, pttl, announcedAt);
        tellSystem();
        m_session.countRead(announcedAt > 0 ? m_session.now() - announcedAt : -1);
    }
    m_session.flushIfIdle();
    m_session.partRead();
    if (std::exchange(lock.again, false))
        read(lock);
}

/// Whether its holder still holds it is not known.
void LockDialect::takeRefusal(Lock &lock, const RedisAnswer &answer)
{
    m_session.setLimit(
        RedisSession::Limit::Locks,
        tr("Who holds the lock %1 cannot be read: %2").arg(visibleLine(QString::fromUtf8(lock.key)), answer.text()), &lock);
    if (lock.holder.isEmpty())
        return;
    WorkerSample sample;
    sample.number = lock.number;
    sample.readAt = lock.readAt;
    sample.keyPresent = sample.unread = true;
    m_session.addSample(sample);
}

void LockDialect::takeHeld(Lock &lock, qint64 pttl, qint64 announcedAt)
{
    const qint64 now = m_session.now();
    if (!lock.holder.isEmpty() && lock.holderValue != lock.value)
        end(lock); // It has another holder.
    const bool fresh = lock.holder.isEmpty();
    if (fresh) {
        lock.number = m_session.nextNumber++;
        ++m_session.workers;
        lock.holder = lock.id;
        lock.holderValue = lock.value;
        lock.text.number = lock.number;
        lock.text.traits = m_traits;
        m_session.addText(lock.text);
    }
    if (std::exchange(lock.missed, false))
        m_session.reregistration.cameBack();
    const bool first = fresh || lock.generation != m_session.generation;
    const qint64 readBefore = fresh ? 0 : lock.readAt;
    const bool gotTtl = !fresh && lock.pttl == -1 && pttl > 0;
    lock.readAt = now;
    lock.generation = m_session.generation;
    lock.pttl = qint32(std::clamp<qint64>(pttl, -1, std::numeric_limits<qint32>::max()));
    bool beat = false;
    if (pttl > 0) {
        BeatClock::Reading reading;
        reading.pttl = pttl;
        reading.readAt = now;
        reading.registered = gotTtl || (fresh && m_session.fullView && announcedAt > 0);
        reading.changedAgo = isPushing() && announcedAt > 0 && (!first || reading.registered) ? now - announcedAt : -1;
        reading.sinceLastRead = readBefore > 0 ? now - readBefore : -1;
        const std::vector<qint64> &usual = m_layout.liveness.fullTtlMs;
        if (usual.size() == 1)
            reading.expectedTtl = usual.front();
        if (usual.size() == 1 && pttl <= usual.front())
            lock.beats.assume(qint32(usual.front()), true);
        beat = lock.beats.read(reading);
    }
    WorkerSample sample;
    sample.number = lock.number;
    sample.readAt = now;
    sample.keyPresent = true;
    sample.newBeat = beat;
    sample.beatAt = lock.beats.beatAt();
    sample.learntTtl = lock.beats.ttl();
    sample.ttl = lock.pttl;
    sample.status = WorkerStatus::Available;
    sample.flags.setFlag(WorkerFlag::AgeEstimated, !lock.beats.isProven());
    sample.flags.setFlag(WorkerFlag::PolledBeats, !isPushing());
    sample.flags.setFlag(WorkerFlag::Registered);
    m_session.addSample(sample);
}

void LockDialect::takeFree(Lock &lock)
{
    if (lock.holder.isEmpty() || m_session.status.isCutOff())
        return;
    if (m_session.reregistration.isAwaiting()) {
        if (!std::exchange(lock.missed, true))
            m_session.reregistration.await();
        lock.generation = 0;
        return;
    }
    if (std::exchange(lock.missed, false))
        m_session.reregistration.cameBack();
    end(lock);
}

/// Its holder holds it no more: it gave it up, or did not renew it.
void LockDialect::end(Lock &lock)
{
    const qint64 now = m_session.now();
    const qint64 deadline = lock.beats.expiresAt();
    WorkerSample sample;
    sample.number = lock.number;
    sample.readAt = now;
    sample.status = WorkerStatus::Available;
    sample.end = lock.generation != m_session.generation                ? WorkerEnd::Unseen
                 : deadline > 0 && now >= deadline - lockExpiresEarlyMs ? WorkerEnd::Expired
                                                                        : WorkerEnd::Left;
    m_session.addSample(sample);
    m_session.addRemoved(lock.number);
    m_session.flush(); // Under the same id there may be another one at once.
    --m_session.workers;
    lock.holder.clear();
    lock.beats.clear();
    lock.pttl = unknownValue;
}

/// That it is free is no row: it is said where the systems are listed.
void LockDialect::tellSystem()
{
    const auto held = std::count_if(m_locks.begin(), m_locks.end(), [](const Lock &lock) { return !lock.holder.isEmpty(); });
    const QString note = held > 0 ? QString() : tr("the lock is free: there is no holder");
    QList<FoundSystem> &systems = m_session.status.systems;
    auto own = std::find_if(systems.begin(), systems.end(), [this](const FoundSystem &system) {
        return system.layout == m_layout.name && system.prefix == m_layout.prefix;
    });
    if (own == systems.end()) {
        // A later look did not find it, as nobody held it.
        FoundSystem system;
        system.layout = m_layout.name;
        system.title = m_layout.title;
        system.prefix = m_layout.prefix;
        system.workers = system.alive = held;
        system.watched = true;
        system.note = note;
        systems.append(system);
        m_session.report();
    } else if (own->workers != held || own->note != note) {
        own->workers = held;
        own->note = note;
        m_session.report();
    }
}

} // namespace pulsedeck
