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
    plan.members = reader.secretMembers();
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
    , m_beats(session, m_layout.liveness)
    , m_samples(m_layout.liveness, m_reader.hasRecord())
    , m_watch(session, planOf(layout, tier, variables, m_reader, tracked), *this)
    , m_registries(
          session, layout, tier, variables, aroundId(m_reader.key(), variables), tracked,
          [this](size_t registry, const QByteArray &id, QByteArrayView score) { takeRegistered(registry, id, score); },
          [this](size_t registry, bool whole) { registryPassed(registry, whole); }, &m_watch)
{ }

LayoutTier::~LayoutTier() = default;

// Life of a connection ------------------------------------------------------------------------------------------------

void LayoutTier::beginView()
{
    m_scanRead = false;
    m_registries.beginView();
    m_watch.scan(true);
}

bool LayoutTier::isViewRead() const
{
    return m_watch.isScanned() && m_registries.isRead();
}

void LayoutTier::lost()
{
    m_watch.lost();
    m_texts.clear();
    m_announcedAt = 0;
    m_registries.lost();
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
    m_registries.look(now, pushing ? m_session.options.reconcileMs : qint64(sweepPeriodMs()));
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

void LayoutTier::takeAnnounced(const RedisReply &keys, qint64 at)
{
    m_watch.takeAnnounced(keys, at);
}

void LayoutTier::takeOther(QByteArrayView key, qint64 at)
{
    if (m_registries.markAnnounced(key) && m_announcedAt == 0)
        m_announcedAt = at;
}

void LayoutTier::pushEnded()
{
    m_watch.sweepAtOnce();
    m_registries.markChanged();
}

void LayoutTier::readsMoved()
{
    if (!m_session.begun)
        return;
    m_registries.read();
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
    m_registries.markChanged();
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

void LayoutTier::takeRegistered(size_t registry, const QByteArray &id, QByteArrayView score)
{
    if (id.isEmpty() || !m_reader.accepts(id))
        return;
    const Slot slot = m_watch.findOrAdd(id);
    if (slot == KeyWatch::noSlot)
        return;
    LayoutMember &known = m_members[slot];
    const bool news = known.passes[registry] == 0;
    known.passes[registry] = m_registries.pass(registry);
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
            if (m_watch.id(slot).isEmpty() || known.passes[registry] == 0
                || known.passes[registry] == m_registries.pass(registry))
                continue;
            known.passes[registry] = 0;
            if (hasRecord())
                m_watch.queueRead(slot);
            else
                judgeMember(slot, m_session.now());
        }
    }
    m_announcedAt = 0;
    const bool refused = m_registries.isRefused(registry);
    if (std::exchange(m_refused[registry], refused) || refused)
        registryRefused(registry);
    m_watch.pump();
    m_session.flushIfIdle();
}

/// It says of nobody any more whether it lives, or does again.
void LayoutTier::registryRefused(size_t registry)
{
    if (hasRecord() && !isByScore())
        return;
    for (Slot slot = 0; slot < m_watch.size(); ++slot) {
        const LayoutMember &member = m_members[slot];
        if (m_watch.id(slot).isEmpty() || member.passes[registry] == 0 || !member.told || member.ended)
            continue;
        if (m_refused[registry])
            report(slot, false);
        else
            judgeMember(slot, m_session.now());
    }
}

bool LayoutTier::isRefused(Slot slot) const
{
    if (hasRecord() && !isByScore())
        return m_watch.isRefused(slot);
    for (size_t registry = 0; registry < m_registries.size(); ++registry) {
        if (m_refused[registry] && m_members[slot].passes[registry] != 0)
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
    if (m_jobs)
        m_jobs->setUnread(false);
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
    if (m_jobs)
        m_jobs->takeQueue(member.number, reading.queue);
    takeReading(slot, reply, reading);
}

/// What its id and its score say of it stands all the same.
void LayoutTier::takeUnread(Slot slot)
{
    LayoutMember &member = m_members[slot];
    member.status = WorkerStatus::Missing;
    member.busy = unknownValue;
    if (m_jobs)
        m_jobs->setUnread(true);
    takeReading(slot, RedisReply(), m_reader.read(RedisReply(), m_watch.id(slot), member.score, 0));
}

/// Where the score says that it lives, the record only says what it works on.
void LayoutTier::takeRefused(Slot slot)
{
    if (isByScore()) {
        takeUnread(slot);
        judgeMember(slot, m_session.now());
    } else if (m_members[slot].told && m_members[slot].present && !m_members[slot].ended) {
        report(slot, false);
    }
}

void LayoutTier::takeReading(Slot slot, const RedisReply &reply, const RecordReading &reading)
{
    LayoutMember &member = m_members[slot];
    const QByteArray &id = m_watch.id(slot);
    member.processed = reading.processed;
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
    const bool unregistered = required && !m_registries.isRegistered(member);
    if (unregistered && !member.gone && !member.ended && awaitMissed(slot)) {
        // It writes itself again, and the registry, which was lost too, was read before that: its next pass decides.
        m_registries.markChanged();
        return;
    }
    const bool left = member.gone || unregistered;
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
    if (!member.flags.testFlag(WorkerFlag::WrongType) || member.told || m_registries.isRegistered(member))
        return false;
    return std::any_of(m_layout.discover.begin(), m_layout.discover.end(), [](const LayoutDiscovery &discovery) {
        return discovery.kind == LayoutDiscovery::Kind::Scan && discovery.type != LayoutKeyType::Any;
    });
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
    const bool missed = takeBack(member);
    member.ghost = false;
    const bool first = !member.present || (member.generation != m_session.generation && !missed);
    const qint64 readBefore = member.present ? member.readAt : 0;
    const bool gotTtl = member.present && member.pttl == -1 && pttl > 0;
    member.present = true;
    member.generation = m_session.generation;
    member.readAt = now;
    member.pttl = qint32(std::clamp<qint64>(pttl, -1, std::numeric_limits<qint32>::max()));
    member.flags.setFlag(WorkerFlag::PolledBeats, !m_watch.isPushing());
    if (member.status == WorkerStatus::Draining)
        member.everDraining = true;

    LayoutBeats::Reading reading;
    reading.pttl = pttl;
    reading.readAt = now;
    reading.announcedAt = announcedAt;
    reading.readBefore = readBefore;
    reading.first = first;
    reading.registered = pttl > 0 && (std::exchange(member.appeared, false) || gotTtl);
    return m_beats.take(member, reading);
}

qint64 LayoutTier::dueAt(Slot slot) const
{
    return m_beats.dueAt(m_members[slot], m_watch.isPushing());
}

// Members without a record, and scores --------------------------------------------------------------------------------

/// What its score says: the time of a beat, or of the end of its life.
void LayoutTier::judgeMember(Slot slot, qint64 now)
{
    LayoutMember &member = m_members[slot];
    if (!LayoutRegistries::isInAny(member)) {
        if (awaitMissed(slot))
            return;
        member.pttl = -2;
        if (member.told)
            end(slot, member.generation != m_session.generation ? WorkerEnd::Unseen
                      : member.everDraining                     ? WorkerEnd::Drained
                                                                : WorkerEnd::Left);
        else
            forget(slot);
        return;
    }
    // What was missed and is there again was written since.
    const bool missed = takeBack(member);
    const bool first = !member.present || (member.generation != m_session.generation && !missed);
    const qint64 readBefore = member.present ? member.readAt : 0;
    bool beat = false;
    if (const size_t registry = m_registries.scoring(member); registry < m_registries.size()) {
        const LayoutDiscovery &discovery = m_registries.at(registry);
        const qint64 value = layoutTimeIn(member.score, discovery.unit);
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
            LayoutBeats::Reading reading;
            reading.pttl = left;
            reading.readAt = now;
            reading.announcedAt = m_announcedAt;
            reading.readBefore = readBefore;
            reading.first = first;
            beat = m_beats.takeExpiry(member, reading);
        } else {
            const qint64 hideMs = m_layout.liveness.hideAfterMs;
            if (hideMs > 0 && !member.told && value > 0 && m_session.serverNow(now) - value > hideMs)
                return;
            member.stampBefore = std::exchange(member.stamp, value);
            beat = m_beats.takeStamp(member, value, discovery.clock, now, m_announcedAt, first);
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
bool LayoutTier::awaitMissed(Slot slot)
{
    LayoutMember &member = m_members[slot];
    if (m_session.status.isCutOff() && member.present) {
        member.generation = 0;
        return true;
    }
    // One that died before does not write itself again.
    const bool died = member.flags.testFlag(WorkerFlag::NoListener);
    if (m_session.reregistration.isAwaiting() && member.present && !died) {
        if (!std::exchange(member.missed, true)) {
            m_session.reregistration.await();
            // One registry may have been read before the other: what was read since the keys were lost is void, too.
            if (member.told && !member.ended)
                report(slot, false);
        }
        member.generation = 0;
        return true;
    }
    takeBack(member);
    return false;
}

/// It is there again, or given up. Whether it was awaited.
bool LayoutTier::takeBack(LayoutMember &member)
{
    if (!std::exchange(member.missed, false))
        return false;
    m_session.reregistration.cameBack();
    return true;
}

void LayoutTier::takeAbsent(Slot slot, qint64 now)
{
    LayoutMember &member = m_members[slot];
    if (member.ended) {
        if (m_registries.isRegistered(member))
            return; // Its record went, and it is still in the registry: the registry's next pass tells.
        forget(slot);
        return;
    }
    if (awaitMissed(slot))
        return;
    const bool seen = member.present && member.generation == m_session.generation;
    const qint64 deadline = member.beats.expiresAt();
    const bool expired = seen && deadline > 0 && now >= deadline - expiresEarlyMs;
    member.present = false;
    member.generation = m_session.generation;
    member.readAt = now;
    member.pttl = -2;
    if (m_registries.isRegistered(member)) {
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
    m_session.addSample(LayoutSamples::ghost(member));
}

void LayoutTier::end(Slot slot, WorkerEnd how)
{
    LayoutMember &member = m_members[slot];
    if (m_jobs)
        m_jobs->forget(member.number);
    if (member.told) {
        m_session.addSample(m_samples.ended(member, how, m_session.now()));
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
    WorkerSample sample = m_samples.present(member, m_registries.isRegistered(member), beat, sweepPeriodMs());
    // Where none listens, the version may be one that takes no commands.
    sample.unread = member.missed || isRefused(slot);
    sample.flags.setFlag(WorkerFlag::Silent, m_someListen && sample.flags.testFlag(WorkerFlag::NobodyListens));
    m_session.addSample(sample);
}

// Listeners -----------------------------------------------------------------------------------------------------------

void LayoutTier::takeListeners(Slot slot, int listeners)
{
    if (listeners > 0 && !std::exchange(m_someListen, true)) {
        for (Slot i = 0; i < Slot(m_members.size()); ++i) {
            if (m_members[i].told && m_members[i].present && m_members[i].silentLooks == LayoutMember::silentAfterLooks)
                report(i, false);
        }
    }
    LayoutMember &member = m_members[slot];
    const int before = std::exchange(member.listeners, qint8(qMin(listeners, 127)));
    // Its process died: the socket of an idle worker closes with it.
    const bool died = before > 0 ? listeners == 0 : listeners == 0 && member.flags.testFlag(WorkerFlag::NoListener);
    member.flags.setFlag(WorkerFlag::NoListener, died);
    // One that died before it was first looked at never had a listener here: only its record says that it was.
    // A replica counts its own subscribers, and workers listen where they write.
    const auto looks =
        quint8(listeners > 0 || m_session.replica ? 0 : qMin(member.silentLooks + 1, int(LayoutMember::silentAfterLooks)));
    const bool silentChanged =
        (looks == LayoutMember::silentAfterLooks) != (std::exchange(member.silentLooks, looks) == LayoutMember::silentAfterLooks);
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
        return member.told && member.silentLooks > 0 && member.silentLooks < LayoutMember::silentAfterLooks;
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
