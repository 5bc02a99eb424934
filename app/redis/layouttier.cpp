// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/redis/layouttier.h"

#include "app/redis/workingjobs.h"
#include "models/layouts/layouttime.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace pulsedeck {

namespace {

// Missing so shortly before its deadline, a key has expired: clocks and reads are not exact.
constexpr qint64 expiresEarlyMs = 100;
// Two ways to tell an age agree within that.
constexpr qint64 agreeMs = 2'000;
constexpr qint64 shownSkewMs = 1'000;

LayoutVariables withId(LayoutVariables variables, const QByteArray &id)
{
    variables.insert("id", id);
    return variables;
}

/// What stands before and after {id} in the key of a record.
std::pair<QByteArray, QByteArray> aroundId(const LayoutText &key, const LayoutVariables &variables)
{
    const QByteArray marked = key.resolve(withId(variables, QByteArray(1, '\0')));
    const qsizetype at = marked.indexOf('\0');
    return at < 0 ? std::pair(marked, QByteArray()) : std::pair(marked.first(at), marked.sliced(at + 1));
}

KeyWatch::Plan planOf(const Layout &layout, int tier, const LayoutVariables &variables, const RecordReader &reader,
                      TrackedReads *tracked)
{
    KeyWatch::Plan plan;
    std::tie(plan.prefix, plan.suffix) = aroundId(reader.key(), variables);
    plan.fields = reader.wanted();
    plan.values = reader.isText()      ? KeyWatch::Plan::Values::Text
                  : reader.hasRecord() ? KeyWatch::Plan::Values::Hash
                                       : KeyWatch::Plan::Values::None;
    plan.tracked = tracked;
    plan.accepts = [&reader](QByteArrayView id) { return reader.accepts(id); };
    plan.finds = false;
    for (const LayoutDiscovery &discovery : layout.discover) {
        if (discovery.tier == tier && discovery.kind == LayoutDiscovery::Kind::Scan) {
            plan.finds = true;
            plan.match = discovery.key.resolve(variables);
        }
    }
    return plan;
}

} // namespace

LayoutTier::LayoutTier(RedisSession &session, const Layout &layout, int tier, const LayoutVariables &variables, TraitsRef traits,
                       TrackedReads *tracked)
    : m_session(session)
    , m_layout(layout)
    , m_variables(variables)
    , m_traits(traits)
    , m_reader(layout, tier)
    , m_tracked(tracked)
    , m_watch(session, planOf(layout, tier, variables, m_reader, tracked), *this)
{
    for (const LayoutDiscovery &discovery : layout.discover) {
        const auto kind = discovery.kind;
        const bool registry =
            kind == LayoutDiscovery::Kind::Set || kind == LayoutDiscovery::Kind::SortedSet || kind == LayoutDiscovery::Kind::Hash;
        if (discovery.tier == tier && registry && m_registries.size() < LayoutMember::mostRegistries)
            addRegistry(discovery);
    }
}

LayoutTier::~LayoutTier() = default;

void LayoutTier::addRegistry(const LayoutDiscovery &discovery)
{
    const size_t place = m_registries.size();
    m_discoveries.push_back(discovery);
    m_registries.push_back(std::make_unique<RegistryReader>(
        m_session, discovery.kind, discovery.key.resolve(m_variables), m_tracked,
        [this, place](QByteArrayView member, QByteArrayView score) { takeRegistered(place, member, score); },
        [this, place](bool whole) { registryPassed(place, whole); }, &m_watch));
}

// Life of a connection ------------------------------------------------------------------------------------------------

void LayoutTier::beginView()
{
    m_scanRead = false;
    for (size_t i = 0; i < m_registries.size(); ++i) {
        m_registries[i]->beginView();
        ++m_passes[i];
        m_registries[i]->read();
    }
    m_watch.scan(true);
}

bool LayoutTier::isViewRead() const
{
    return m_watch.isScanned()
           && std::all_of(m_registries.begin(), m_registries.end(), [](const auto &registry) { return registry->isRead(); });
}

void LayoutTier::lost()
{
    m_watch.lost();
    m_texts.clear();
    m_announcedAt = 0;
    for (const auto &registry : m_registries)
        registry->lost();
}

void LayoutTier::tick(qint64 now)
{
    m_watch.fireDeadlines(now);
    if (!m_session.fullView) {
        m_watch.resume();
        return;
    }
    if (hasRecord())
        m_watch.sweep(now);
    m_watch.look(now);
    const bool pushing = m_watch.isPushing() && m_layout.watch != Layout::Watch::Sweep;
    for (size_t i = 0; i < m_registries.size(); ++i)
        m_registries[i]->look(now, pushing ? m_session.options.reconcileMs : qint64(sweepPeriodMs()));
    // A score that expires is not announced.
    if (m_layout.liveness.by == LayoutLiveness::By::Expiry) {
        for (Slot slot = 0; slot < m_watch.size(); ++slot) {
            LayoutMember &member = m_members[slot];
            if (!m_watch.id(slot).isEmpty() && member.told && !member.ended && member.present && member.beats.expiresAt() > 0
                && now > member.beats.expiresAt() + KeyWatch::deadlineGraceMs)
                judgeMember(slot, now);
        }
    }
}

void LayoutTier::takeAnnounced(const RedisReply &keys, qint64 now)
{
    m_watch.takeAnnounced(keys, now);
}

void LayoutTier::takeOther(QByteArrayView key)
{
    for (const auto &registry : m_registries) {
        if (registry->key() == key) {
            registry->markChanged();
            if (m_announcedAt == 0)
                m_announcedAt = m_session.now();
        }
    }
}

void LayoutTier::pushEnded()
{
    m_watch.sweepAtOnce();
    for (const auto &registry : m_registries)
        registry->markChanged();
}

void LayoutTier::readsMoved()
{
    if (!m_session.begun)
        return;
    for (size_t i = 0; i < m_registries.size(); ++i)
        m_registries[i]->read();
    if (hasRecord())
        m_watch.readsMoved();
}

void LayoutTier::keysLost()
{
    for (LayoutMember &member : m_members)
        member.missed = false;
}

void LayoutTier::awaitingOver()
{
    for (Slot slot = 0; slot < m_watch.size(); ++slot) {
        if (m_members[slot].missed && !m_watch.id(slot).isEmpty())
            hasRecord() ? m_watch.queueRead(slot) : judgeMember(slot, m_session.now());
    }
    m_watch.pump();
}

void LayoutTier::readSoon(const QByteArray &worker)
{
    const Slot slot = m_watch.find(worker);
    if (slot == KeyWatch::noSlot)
        return;
    for (const auto &registry : m_registries)
        registry->markChanged();
    if (hasRecord()) {
        m_watch.queueRead(slot);
        m_watch.collect(0);
    }
}

void LayoutTier::setDeaf(const QByteArray &worker, bool deaf)
{
    const Slot slot = m_watch.find(worker);
    if (slot == KeyWatch::noSlot || std::exchange(m_members[slot].deaf, deaf) == deaf)
        return;
    if (m_members[slot].told && m_members[slot].present)
        report(slot, false);
    m_session.flushIfIdle();
}

void LayoutTier::setAllPaused(std::optional<bool> paused)
{
    if (m_reader.setAllPaused(paused) && m_session.begun && hasRecord())
        m_watch.readsMoved();
}

void LayoutTier::keyAdded(Slot slot)
{
    m_members.resize(qMax<size_t>(m_members.size(), size_t(slot) + 1));
    m_members[slot] = LayoutMember();
    m_members[slot].number = m_watch.number(slot);
}

void LayoutTier::forget(Slot slot)
{
    m_texts.remove(slot);
    m_members[slot] = LayoutMember();
    m_watch.forget(slot);
}

// Registries ----------------------------------------------------------------------------------------------------------

QByteArray LayoutTier::idOfMember(const LayoutDiscovery &discovery, QByteArrayView member) const
{
    if (discovery.memberIsKey) {
        const auto [before, after] = aroundId(m_reader.key(), m_variables);
        if (!member.startsWith(before) || !member.endsWith(after) || member.size() <= before.size() + after.size())
            return {};
        return member.sliced(before.size(), member.size() - before.size() - after.size()).toByteArray();
    }
    if (discovery.memberIs.isEmpty())
        return member.toByteArray();
    LayoutVariables variables = m_variables;
    variables.insert("member", member.toByteArray());
    return discovery.memberIs.resolve(variables);
}

void LayoutTier::takeRegistered(size_t registry, QByteArrayView member, QByteArrayView score)
{
    const QByteArray id = member.size() > 2 * KeyWatch::longestId ? QByteArray() : idOfMember(m_discoveries[registry], member);
    if (id.isEmpty() || !m_reader.accepts(id))
        return;
    const Slot slot = m_watch.findOrAdd(id);
    if (slot == KeyWatch::noSlot)
        return;
    LayoutMember &known = m_members[slot];
    const bool news = known.passes[registry] == 0;
    known.passes[registry] = m_passes[registry];
    const bool moved = !score.isNull() && known.score != score;
    if (moved)
        known.score = score.toByteArray();
    if (known.ended && news && !known.gone) {
        // It is back under the same id, and the store is told of it under a new number.
        known.ended = known.told = false;
        known.beats.clear();
        known.seenAt = 0;
    }
    if (!hasRecord()) {
        judgeMember(slot, m_session.now());
        return;
    }
    if (news || !known.present)
        m_watch.queueRead(slot);
    else if (moved && isByScore())
        judgeMember(slot, m_session.now());
}

void LayoutTier::registryPassed(size_t registry, bool whole)
{
    if (whole) {
        for (Slot slot = 0; slot < m_watch.size(); ++slot) {
            LayoutMember &known = m_members[slot];
            if (m_watch.id(slot).isEmpty() || known.passes[registry] == 0 || known.passes[registry] == m_passes[registry])
                continue;
            known.passes[registry] = 0;
            if (hasRecord())
                m_watch.queueRead(slot);
            else
                judgeMember(slot, m_session.now());
        }
    }
    ++m_passes[registry];
    m_announcedAt = 0;
    m_watch.pump();
    m_session.flushIfIdle();
}

bool LayoutTier::isRegistered(const LayoutMember &member) const
{
    for (size_t i = 0; i < m_discoveries.size(); ++i) {
        if (member.passes[i] != 0 && (m_discoveries[i].registry || m_discoveries.size() == 1))
            return true;
    }
    return false;
}

// Records -------------------------------------------------------------------------------------------------------------

void LayoutTier::takeFields(Slot slot, const RedisReply &reply, quint32 tooLarge)
{
    LayoutMember &member = m_members[slot];
    const QByteArray &id = m_watch.id(slot);
    const RecordReading reading = m_reader.read(reply, id, member.score, tooLarge);
    constexpr WorkerFlags read = WorkerFlags(WorkerFlag::BadField) | WorkerFlag::WrongType | WorkerFlag::TooLarge;
    if (!reading.present && !(reading.flags & read)) {
        // MGET gives nothing for a key of another type; a TTL says that it is there.
        member.flags.setFlag(WorkerFlag::WrongType, m_reader.isText());
        return;
    }
    member.flags = (member.flags & ~read) | reading.flags;
    member.gone = reading.gone;
    member.incomplete = reading.incomplete;
    m_watch.setCareful(slot, reading.flags.testFlag(WorkerFlag::TooLarge));
    member.status = m_reader.hasStatus() ? reading.status : WorkerStatus::Available;
    member.busy = reading.busy;
    member.processed = reading.processed;
    if (m_jobs)
        m_jobs->takeQueue(member.number, reading.queue);
    member.stampBefore = member.stamp;
    if (!m_layout.liveness.stamp.isEmpty())
        member.stamp = reading.stamp;
    if (!member.told || member.textHash != reading.textHash) {
        member.textHash = reading.textHash;
        WorkerText text = m_reader.describe(member.number, id, reply, member.score, reading);
        text.traits = m_traits;
        m_texts.insert(slot, text);
    }
}

void LayoutTier::takeTtl(Slot slot, qint64 pttl, qint64 now, qint64 announcedAt)
{
    LayoutMember &member = m_members[slot];
    if (pttl == -2)
        member.flags.setFlag(WorkerFlag::WrongType, false);
    if (isByScore()) {
        // The record says what it works on, and is there only while it does: the score says that it lives.
        if (pttl == -2) {
            const RecordReading idle = m_reader.read(RedisReply(), m_watch.id(slot), member.score, 0);
            member.status = m_reader.hasStatus() ? idle.status : WorkerStatus::Available;
            member.busy = unknownValue;
            if (member.told && std::exchange(member.textHash, idle.textHash) != idle.textHash) {
                WorkerText text = m_reader.describe(member.number, m_watch.id(slot), RedisReply(), member.score, idle);
                text.traits = m_traits;
                m_texts.insert(slot, text);
            }
            if (m_jobs)
                m_jobs->takeQueue(member.number, {});
        }
        judgeMember(slot, now);
        return;
    }
    if (pttl == -2) {
        takeAbsent(slot, now);
        return;
    }
    const bool required = m_layout.liveness.registry == LayoutLiveness::Registry::Required;
    const bool left = member.gone || (required && !isRegistered(member));
    if (left || isForeignKey(member)) {
        // The record of one that has left stays until it expires.
        m_texts.remove(slot);
        member.present = true;
        member.pttl = qint32(std::clamp<qint64>(pttl, -1, std::numeric_limits<qint32>::max()));
        member.readAt = now;
        end(slot, member.everDraining ? WorkerEnd::Drained : WorkerEnd::Left);
        return;
    }
    if (std::exchange(member.ended, false))
        member.told = false;
    const bool beat = takePresent(slot, pttl, now, announcedAt);
    tellText(slot);
    report(slot, beat);
    m_watch.updateDeadline(slot);
}

/// A key of another type that only looks like a record by its name: the layout says of which type those are.
bool LayoutTier::isForeignKey(const LayoutMember &member) const
{
    if (!member.flags.testFlag(WorkerFlag::WrongType) || member.told || isRegistered(member))
        return false;
    return std::any_of(m_layout.discover.begin(), m_layout.discover.end(), [](const LayoutDiscovery &discovery) {
        return discovery.kind == LayoutDiscovery::Kind::Scan && discovery.type != LayoutKeyType::Any;
    });
}

/// The full TTL that the present one is surely a rest of; 0 if that is not known.
qint32 LayoutTier::fullTtl(const LayoutMember &member, qint64 pttl, qint64 now) const
{
    const std::vector<qint64> &usual = m_layout.liveness.fullTtlMs;
    if (usual.size() == 1)
        return pttl <= usual.front() ? qint32(usual.front()) : 0;
    // Several are usual: the one that agrees with the time its own clock gives.
    if (member.stamp == 0 || !m_session.clockOffset.isKnown())
        return 0;
    const qint64 claimed = m_session.serverNow(now) - member.stamp;
    for (const qint64 full : usual) {
        if (qAbs(full - pttl - claimed) <= agreeMs)
            return qint32(full);
    }
    return 0;
}

/// A time that it writes itself, or that is written for it. True if it moved since the read before.
bool LayoutTier::takeStamp(LayoutMember &member, qint64 stamp, LayoutClock clock, qint64 now, qint64 announcedAt, bool first)
{
    if (stamp == 0)
        return false;
    const bool moved = !first && member.stampBefore != 0 && stamp != member.stampBefore;
    const qint64 claimedAt = stamp - m_session.clockOffset.offsetMs();
    if (clock == LayoutClock::Redis && m_session.clockOffset.isKnown()) {
        member.seenAt = qMin(claimedAt, now);
        member.seenProven = true;
        return moved;
    }
    if (moved) {
        const qint64 before = member.seenProven ? member.seenAt : 0;
        member.seenAt = announcedAt > 0 ? announcedAt : now;
        member.seenProven = true;
        member.skew = qint32(std::clamp<qint64>(member.seenAt - claimedAt, -(1LL << 30), 1LL << 30));
        if (before > 0)
            member.gap =
                member.gap > 0 ? std::clamp(member.seenAt - before, member.gap / 2, member.gap * 3 / 2) : member.seenAt - before;
    } else if (!member.seenProven) {
        member.seenAt = qMin(claimedAt, now);
        member.skew = unknownValue;
    }
    return moved;
}

bool LayoutTier::takePresent(Slot slot, qint64 pttl, qint64 now, qint64 announcedAt)
{
    LayoutMember &member = m_members[slot];
    if (!member.present) {
        member.beats.clear();
        member.seenAt = 0;
        member.seenProven = false;
        member.everDraining = false;
        member.silentLooks = 0;
        member.appeared = m_session.fullView && m_watch.isPushing() && announcedAt > 0;
    }
    if (std::exchange(member.missed, false))
        m_session.reregistration.cameBack();
    member.ghost = false;
    const bool first = !member.present || member.generation != m_session.generation;
    const qint64 readBefore = member.present ? member.readAt : 0;
    const bool gotTtl = member.present && member.pttl == -1 && pttl > 0;
    member.present = true;
    member.generation = m_session.generation;
    member.readAt = now;
    member.pttl = qint32(std::clamp<qint64>(pttl, -1, std::numeric_limits<qint32>::max()));
    member.flags.setFlag(WorkerFlag::PolledBeats, !m_watch.isPushing());
    if (member.status == WorkerStatus::Draining)
        member.everDraining = true;

    const LayoutLiveness &liveness = m_layout.liveness;
    bool beat = false;
    if (pttl > 0) {
        BeatClock::Reading reading;
        reading.pttl = pttl;
        reading.readAt = now;
        reading.registered = std::exchange(member.appeared, false) || gotTtl;
        reading.changedAgo = m_watch.isPushing() && announcedAt > 0 && (!first || reading.registered) ? now - announcedAt : -1;
        reading.heartbeatChanged = member.stamp != member.stampBefore && member.stampBefore > 0;
        reading.sinceLastRead = readBefore > 0 ? now - readBefore : -1;
        reading.expectedTtl = liveness.fullTtlMs.size() == 1 ? liveness.fullTtlMs.front() : 0;
        const qint64 before = member.beats.isLearnt() ? member.beats.beatAt() : 0;
        if (const qint32 full = fullTtl(member, pttl, now); full > 0)
            member.beats.assume(full, true);
        const bool renewed = member.beats.read(reading);
        if (liveness.by == LayoutLiveness::By::Ttl) {
            beat = renewed;
            if (beat && before > 0 && member.beats.beatAt() > before) {
                const qint64 gap = member.beats.beatAt() - before;
                member.gap = member.gap > 0 ? std::clamp(gap, member.gap / 2, member.gap * 3 / 2) : gap;
            }
            if (member.stamp > 0 && m_session.clockOffset.isKnown() && member.beats.isProven()
                && liveness.stampClock == LayoutClock::Worker && member.beats.beatAt() > 0) {
                const qint64 claimedAge = m_session.serverNow(now) - member.stamp;
                member.skew = qint32(std::clamp<qint64>(claimedAge - (now - member.beats.beatAt()), -(1LL << 30), 1LL << 30));
            }
        }
    }
    if (liveness.by == LayoutLiveness::By::Stamp)
        beat = takeStamp(member, member.stamp, liveness.stampClock, now, announcedAt, first);
    return beat;
}

qint64 LayoutTier::dueAt(Slot slot) const
{
    const LayoutMember &member = m_members[slot];
    if (!member.present || member.pttl < 0)
        return 0;
    const qint64 expiry = member.readAt + member.pttl + KeyWatch::deadlineGraceMs;
    const qint64 beatAt = m_layout.liveness.by == LayoutLiveness::By::Ttl ? member.beats.beatAt() : member.seenAt;
    if (!m_watch.isPushing() || beatAt == 0 || member.gap == 0)
        return expiry;
    // So that nobody is called late whose beat was merely not announced.
    constexpr int hundredths[] = {125, 145, 200, 250, 300};
    for (const int share : hundredths) {
        const qint64 at = beatAt + member.gap * share / 100;
        if (at > member.readAt)
            return qMin(at, expiry);
    }
    return expiry;
}

// Members without a record, and scores --------------------------------------------------------------------------------

/// What its score says: the time of a beat, or of the end of its life.
void LayoutTier::judgeMember(Slot slot, qint64 now)
{
    LayoutMember &member = m_members[slot];
    size_t registry = 0;
    while (registry < m_discoveries.size()
           && (m_discoveries[registry].score == LayoutDiscovery::Score::None || member.passes[registry] == 0))
        ++registry;
    const bool inAny = std::any_of(member.passes.begin(), member.passes.end(), [](quint32 pass) { return pass != 0; });
    if (!inAny) {
        member.pttl = -2;
        if (member.told)
            end(slot, member.generation != m_session.generation ? WorkerEnd::Unseen
                      : member.everDraining                     ? WorkerEnd::Drained
                                                                : WorkerEnd::Left);
        else
            forget(slot);
        return;
    }
    const bool first = !member.present || member.generation != m_session.generation;
    const qint64 readBefore = member.present ? member.readAt : 0;
    bool beat = false;
    if (registry < m_discoveries.size()) {
        const LayoutDiscovery &discovery = m_discoveries[registry];
        const qint64 value = layoutTime(member.score, discovery.unit);
        if (discovery.score == LayoutDiscovery::Score::Expiry) {
            const qint64 left = value > 0 ? value - m_session.serverNow(now) : 0;
            if (left <= 0) {
                // Nobody takes it out: it is in the list, and its time is over.
                if (!member.told)
                    return;
                member.pttl = -2;
                end(slot, WorkerEnd::Expired);
                return;
            }
            BeatClock::Reading reading;
            reading.pttl = left;
            reading.readAt = now;
            reading.changedAgo = m_announcedAt > 0 && !first ? now - m_announcedAt : -1;
            reading.sinceLastRead = readBefore > 0 ? now - readBefore : -1;
            if (m_layout.liveness.fullTtlMs.size() == 1)
                member.beats.assume(qint32(m_layout.liveness.fullTtlMs.front()), true);
            beat = member.beats.read(reading);
            member.pttl = qint32(qMin<qint64>(left, std::numeric_limits<qint32>::max()));
        } else {
            const qint64 hideMs = m_layout.liveness.hideAfterMs;
            if (hideMs > 0 && !member.told && value > 0 && m_session.serverNow(now) - value > hideMs)
                return;
            member.stampBefore = std::exchange(member.stamp, value);
            beat = takeStamp(member, value, discovery.clock, now, m_announcedAt, first);
        }
    }
    if (!hasRecord())
        member.status = m_layout.status.empty() ? WorkerStatus::Available : m_layout.status.back().status;
    member.present = true;
    member.generation = m_session.generation;
    member.readAt = now;
    member.flags.setFlag(WorkerFlag::PolledBeats, !m_watch.isPushing() || m_layout.watch == Layout::Watch::Sweep);
    if (!member.told && !m_texts.contains(slot)) {
        RecordReading reading;
        WorkerText text = m_reader.describe(member.number, m_watch.id(slot), RedisReply(), member.score, reading);
        text.traits = m_traits;
        m_texts.insert(slot, text);
    }
    tellText(slot);
    report(slot, beat);
}

// Ends ----------------------------------------------------------------------------------------------------------------

/// A worker that was there is missing. Whether it is awaited, for the server has lost its keys, and has not ended.
bool LayoutTier::awaitMissed(LayoutMember &member)
{
    if (m_session.status.isCutOff() && member.present) {
        member.generation = 0;
        return true;
    }
    // One that died before does not write itself again.
    const bool died = member.flags.testFlag(WorkerFlag::NoListener);
    if (m_session.reregistration.isAwaiting() && member.present && !died) {
        if (!std::exchange(member.missed, true))
            m_session.reregistration.await();
        member.generation = 0;
        return true;
    }
    if (std::exchange(member.missed, false))
        m_session.reregistration.cameBack();
    return false;
}

void LayoutTier::takeAbsent(Slot slot, qint64 now)
{
    LayoutMember &member = m_members[slot];
    if (member.ended) {
        if (isRegistered(member))
            return; // Its record went, and it is still in the registry: the registry's next pass tells.
        forget(slot);
        return;
    }
    if (awaitMissed(member))
        return;
    const bool seen = member.present && member.generation == m_session.generation;
    const qint64 deadline = member.beats.expiresAt();
    const bool expired = seen && deadline > 0 && now >= deadline - expiresEarlyMs;
    member.present = false;
    member.generation = m_session.generation;
    member.readAt = now;
    member.pttl = -2;
    if (isRegistered(member)) {
        reportGhost(slot);
        return;
    }
    if (member.listeners > 0) {
        // It has a listener and no record: it lost it, and writes it with its next beat or job.
        member.incomplete = true;
        member.pttl = unknownValue;
        tellText(slot);
        report(slot, false);
        return;
    }
    member.beats.clear();
    if (std::exchange(member.ghost, false)) {
        end(slot, WorkerEnd::KeyRemoved); // It was dead, and was taken out of the registry.
        return;
    }
    const bool died = member.flags.testFlag(WorkerFlag::NoListener);
    end(slot, !seen                 ? WorkerEnd::Unseen
              : expired             ? (died ? WorkerEnd::Crashed : WorkerEnd::Expired)
              : died                ? WorkerEnd::KeyRemoved
              : member.everDraining ? WorkerEnd::Drained
                                    : WorkerEnd::Left);
}

/// It is in the registry and has no record: it died, and nobody has taken it out.
void LayoutTier::reportGhost(Slot slot)
{
    LayoutMember &member = m_members[slot];
    if (m_jobs)
        m_jobs->forget(member.number);
    if (!member.told) {
        const RecordReading reading;
        WorkerText text = m_reader.describe(member.number, m_watch.id(slot), RedisReply(), member.score, reading);
        text.traits = m_traits;
        addText(text);
        member.told = true;
        member.textHash = 0;
    }
    member.ghost = true;
    WorkerSample sample;
    sample.number = member.number;
    sample.readAt = member.readAt;
    sample.flags = WorkerFlag::Registered;
    // Its socket may outlive its process, and it may live without a key: nothing is removed while somebody listens.
    sample.flags.setFlag(WorkerFlag::Listener, member.listeners > 0);
    sample.ttl = -2;
    m_session.addSample(sample);
}

void LayoutTier::end(Slot slot, WorkerEnd how)
{
    LayoutMember &member = m_members[slot];
    if (m_jobs)
        m_jobs->forget(member.number);
    if (member.told) {
        WorkerSample sample;
        sample.number = member.number;
        sample.readAt = m_session.now();
        sample.end = how;
        sample.status = member.status;
        // One that left its registry leaves its key to expire.
        const qint64 left = member.pttl - (sample.readAt - member.readAt);
        sample.ttl = hasRecord() && member.present && member.pttl > 0 && left > 0 ? qint32(left) : -2;
        m_session.addSample(sample);
        m_session.addRemoved(member.number);
    }
    const bool left = member.pttl != -2 && member.present && hasRecord();
    if (!left) {
        forget(slot);
        return;
    }
    member.ended = true;
    member.told = false;
    m_watch.updateDeadline(slot);
}

// Telling -------------------------------------------------------------------------------------------------------------

void LayoutTier::tellText(Slot slot)
{
    const auto found = m_texts.find(slot);
    LayoutMember &member = m_members[slot];
    if (found != m_texts.end()) {
        addText(*found);
        m_texts.erase(found);
        member.told = true;
    } else if (!member.told) {
        // A record with none of the known fields, or one we may not read: listed all the same.
        const RecordReading reading;
        WorkerText text = m_reader.describe(member.number, m_watch.id(slot), RedisReply(), member.score, reading);
        text.traits = m_traits;
        addText(text);
        member.told = true;
    }
}

void LayoutTier::addText(const WorkerText &text)
{
    m_session.addText(text);
    if (m_named && !text.queues.isEmpty())
        m_named(text.queues);
}

void LayoutTier::report(Slot slot, bool beat)
{
    const LayoutMember &member = m_members[slot];
    if (m_jobs)
        m_jobs->takeWorker(member.number, m_watch.id(slot), member.busy);
    const LayoutLiveness &liveness = m_layout.liveness;
    WorkerSample sample;
    sample.number = member.number;
    sample.readAt = member.readAt;
    sample.keyPresent = true;
    sample.newBeat = beat;
    sample.flags = member.flags;
    sample.status = member.status;
    sample.activeSessions = member.busy;
    sample.lifetimeSessions = member.processed;
    sample.lastHeartbeat = member.stamp;
    const bool byKey = liveness.by == LayoutLiveness::By::Ttl || liveness.by == LayoutLiveness::By::Expiry;
    if (byKey) {
        sample.beatAt = member.beats.beatAt();
        sample.learntTtl = member.beats.ttl();
        sample.flags.setFlag(WorkerFlag::AgeEstimated, !member.beats.isProven());
    } else {
        // A TTL that agrees with what its own clock says proves it, before a beat was seen.
        const bool byTtl = !member.seenProven && member.beats.isProven() && member.beats.beatAt() > 0;
        sample.beatAt = byTtl ? member.beats.beatAt() : member.seenAt;
        sample.flags.setFlag(WorkerFlag::AgeEstimated, !byTtl && !member.seenProven);
        sample.flags.setFlag(WorkerFlag::OwnClock, !byTtl && !member.seenProven && member.seenAt > 0);
        sample.learntTtl = member.beats.ttl();
    }
    // No TTL is a finding only where there should be one.
    const bool expires = byKey || !liveness.fullTtlMs.empty();
    sample.ttl = expires ? member.pttl : unknownValue;
    sample.clockSkew = member.skew;
    const qint64 shown = shownSkewMs + (member.flags.testFlag(WorkerFlag::PolledBeats) ? sweepPeriodMs() : 0);
    sample.flags.setFlag(WorkerFlag::ClockSkew, member.skew != unknownValue && qAbs(member.skew) > shown);
    const bool registered = isRegistered(member);
    sample.flags.setFlag(WorkerFlag::Registered, registered);
    sample.flags.setFlag(WorkerFlag::Unregistered,
                         !registered && liveness.registry == LayoutLiveness::Registry::Optional && !member.incomplete);
    sample.flags.setFlag(WorkerFlag::Incomplete, member.incomplete);
    sample.flags.setFlag(WorkerFlag::Listener, member.listeners > 0);
    sample.flags.setFlag(WorkerFlag::Deaf, member.deaf);
    sample.flags.setFlag(WorkerFlag::NobodyListens,
                         member.silentLooks == silentAfterLooks && !member.flags.testFlag(WorkerFlag::NoListener));
    m_session.addSample(sample);
}

// Listeners -----------------------------------------------------------------------------------------------------------

void LayoutTier::takeListeners(Slot slot, int listeners)
{
    LayoutMember &member = m_members[slot];
    const int before = std::exchange(member.listeners, qint8(qMin(listeners, 127)));
    // Its process died: the socket of an idle worker closes with it.
    const bool died = before > 0 ? listeners == 0 : listeners == 0 && member.flags.testFlag(WorkerFlag::NoListener);
    member.flags.setFlag(WorkerFlag::NoListener, died);
    // One that died before it was first looked at never had a listener here: only its record says that it was.
    // A replica counts its own subscribers, and workers listen where they write.
    const auto looks = quint8(listeners > 0 || m_session.replica ? 0 : qMin(member.silentLooks + 1, int(silentAfterLooks)));
    const bool silentChanged = (looks == silentAfterLooks) != (std::exchange(member.silentLooks, looks) == silentAfterLooks);
    if ((before == listeners && !silentChanged) || !member.told)
        return;
    if (!member.present && listeners == 0) {
        if (before != listeners)
            takeAbsent(slot, m_session.now());
        return;
    }
    if (member.present || member.incomplete)
        report(slot, false);
    else if (member.ghost)
        reportGhost(slot);
}

bool LayoutTier::hasSilentOnce() const
{
    return std::any_of(m_members.begin(), m_members.end(), [](const LayoutMember &member) {
        return member.told && member.silentLooks > 0 && member.silentLooks < silentAfterLooks;
    });
}

void LayoutTier::foundListening(const QByteArray &worker)
{
    if (m_watch.find(worker) != KeyWatch::noSlot || !m_reader.accepts(worker))
        return;
    const Slot slot = m_watch.findOrAdd(worker);
    if (slot == KeyWatch::noSlot)
        return;
    m_members[slot].listeners = 1;
    m_watch.queueRead(slot);
    m_watch.pump();
}

} // namespace pulsedeck
