// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/listedactors.h"

#include <algorithm>
#include <utility>

namespace pulsedeck {

namespace {

constexpr qint64 renewedMs = 300'000; // What hub:renew gives, always.
constexpr qint64 msInSecond = 1'000;
constexpr qsizetype longestId = 512;

/// When the registration last showed a sign of life, by the hub's clock. A registration ends a whole number of seconds
/// after it was made; a renewal ends five minutes after it, whenever that was.
qint64 lastSign(const HubActor &actor)
{
    if (!actor.expiresAt || actor.version <= 1 || (*actor.expiresAt - actor.registeredAt) % msInSecond == 0)
        return actor.registeredAt;
    return qMax(actor.registeredAt, *actor.expiresAt - renewedMs);
}

qint32 asDuration(qint64 ms)
{
    return qint32(std::clamp<qint64>(ms, 0, 1LL << 30));
}

} // namespace

ListedActors::ListedActors(SourceId source, const QString &ownAddress, int graceMs, Publish publish)
    : m_ownAddress(ownAddress)
    , m_graceMs(graceMs)
    , m_publish(std::move(publish))
{
    m_batch.source = source;
}

void ListedActors::connected(qint64 now)
{
    ++m_generation;
    m_wholeInGeneration = 0;
    m_registeredAnew = 0;
    m_survivor = false;
    if (m_forgot)
        awaitActors(Aftermath::Wiped, now); // Nobody could register while it was away.
    m_knownBefore = count();
}

void ListedActors::forgotten(qint64 now)
{
    m_forgot = true;
    awaitActors(Aftermath::Wiped, now);
}

void ListedActors::setClockOffset(qint64 ms)
{
    constexpr qint64 wrongMs = 500; // Offsets differ a little from beat to beat.
    if (qAbs(ms - m_offsetMs) > wrongMs)
        m_tellAllNext = true;
    m_offsetMs = ms;
}

void ListedActors::beginPass(bool tellAll)
{
    if (!std::exchange(m_passOpen, true))
        ++m_pass;
    m_selfListed = false;
    m_tellAll = std::exchange(m_tellAllNext, false) || tellAll;
}

ListedActors::Record &ListedActors::recordOf(const HubActor &actor)
{
    if (const auto known = m_slots.constFind(actor.address); known != m_slots.constEnd())
        return m_records[*known];
    size_t slot = m_records.size();
    if (m_free.empty()) {
        m_records.emplace_back();
    } else {
        slot = m_free.back();
        m_free.pop_back();
    }
    Record &fresh = m_records[slot];
    fresh = Record();
    fresh.address = actor.address;
    fresh.number = m_nextNumber++;
    fresh.firstRegisteredAt = actor.registeredAt;
    m_slots.insert(actor.address, slot);
    return fresh;
}

void ListedActors::take(const HubActor &actor, qint64 now)
{
    if (actor.address == m_ownAddress) {
        m_selfListed = true;
        return;
    }
    if (m_batch.samples.size() >= FleetBatch::maxSamples)
        flush(now);
    Record &record = recordOf(actor);
    record.seenInPass = m_pass;
    const size_t textHash = qHashMulti(1, actor.capabilities, actor.displayName) | 1;
    const bool textChanged = textHash != record.textHash;
    if (textChanged) {
        record.textHash = textHash;
        WorkerText text;
        text.number = record.number;
        text.id = actor.address.toUtf8().left(longestId);
        text.type = actor.capabilities.value(0).toUtf8();
        text.startedAt = record.firstRegisteredAt;
        m_batch.texts.append(text);
    }
    const WorkerStatus statusBefore = record.status;
    takeStatus(record, actor);
    const bool factsChanged = textChanged || actor.version != record.version || actor.registeredAt != record.registeredAt
                              || actor.expiresAt != record.expiresAt;
    const bool firstHere = record.generation != m_generation;
    if (!factsChanged && !firstHere && !m_tellAll && record.status == statusBefore)
        return;
    if (factsChanged || m_tellAll)
        reportFacts(record, actor);
    const bool firstSight = record.version < 0;
    if (firstHere && !firstSight && actor.version <= 1 && actor.registeredAt != record.registeredAt)
        ++m_registeredAnew;
    // A registration sets another moment: with the same one it was renewed since, or nothing happened.
    const bool same = !firstSight && actor.registeredAt == record.registeredAt;
    if (firstHere && same)
        m_survivor = true;
    const qint64 before = record.beatAt;
    qint64 sign = lastSign(actor);
    if (same && actor.version > record.version && actor.expiresAt)
        sign = qMax(actor.registeredAt, *actor.expiresAt - renewedMs);
    if (same && !m_tellAll)
        sign = qMax(sign, before);
    record.version = actor.version;
    record.registeredAt = actor.registeredAt;
    record.expiresAt = actor.expiresAt;
    record.beatAt = qMin(sign, now + m_offsetMs); // Never ahead of the hub's own time.
    record.generation = m_generation;
    WorkerSample sample = sampleOf(record, now);
    sample.newBeat = firstSight || record.beatAt > before;
    m_batch.samples.append(sample);
}

/// A hub knows no status. An actor may report its own in its metadata, and by accepting a command; the latter holds until
/// another actor has the same address, which another connection shows.
void ListedActors::takeStatus(Record &record, const HubActor &actor)
{
    const bool says = actor.status == WorkerStatus::Draining || actor.status == WorkerStatus::ShuttingDown;
    const bool another = record.version >= 0 && actor.connectionId != record.connectionId;
    const bool sessionsLost = record.generation != m_generation || m_aftermath != Aftermath::None;
    if (says && (record.status != WorkerStatus::ShuttingDown || another))
        record.status = actor.status;
    else if (!says && (record.saysStatus || (another && !sessionsLost)))
        record.status = WorkerStatus::Registered;
    record.saysStatus = says;
    record.connectionId = actor.connectionId;
}

void ListedActors::reportFacts(const Record &record, const HubActor &actor)
{
    constexpr qsizetype mostLists = 10'000;
    ActorFacts facts;
    facts.number = record.number;
    facts.displayName = actor.displayName;
    const auto same = m_capabilities.constFind(actor.capabilities);
    if (same != m_capabilities.constEnd()) {
        facts.capabilities = *same;
    } else {
        facts.capabilities = actor.capabilities;
        if (m_capabilities.size() < mostLists)
            m_capabilities.insert(actor.capabilities);
    }
    facts.registeredAt = fromHub(actor.registeredAt);
    facts.expiresAt = actor.expiresAt ? fromHub(*actor.expiresAt) : 0;
    facts.version = actor.version;
    m_batch.actors.append(facts);
}

WorkerSample ListedActors::sampleOf(const Record &record, qint64 now) const
{
    WorkerSample sample;
    sample.number = record.number;
    sample.readAt = now;
    sample.beatAt = fromHub(record.beatAt);
    sample.lastHeartbeat = record.beatAt;
    sample.flags = WorkerFlag::PolledBeats;
    sample.ttl = record.expiresAt ? asDuration(fromHub(*record.expiresAt) - now) : -1;
    if (record.expiresAt && *record.expiresAt > record.beatAt)
        sample.learntTtl = asDuration(*record.expiresAt - record.beatAt);
    sample.status = record.status;
    sample.keyPresent = true;
    return sample;
}

/// An actor that was in neither of the last two whole passes is gone. One pass alone can miss an actor that was there all the
/// time, when others before it left the list while it was read.
void ListedActors::endPass(qint64 now)
{
    ++m_wholeInGeneration;
    m_passOpen = false;
    m_awaited = 0;
    const bool forgot = m_wholeInGeneration == 1 && std::exchange(m_forgot, false);
    if (!forgot && lostMost()) {
        awaitActors(Aftermath::Restarted, now);
    } else if (m_awaitUntil != 0 && now >= m_awaitUntil) {
        m_awaitUntil = 0;
        m_aftermath = Aftermath::None;
    }
    for (size_t slot = 0; slot < m_records.size(); ++slot) {
        Record &record = m_records[slot];
        if (record.address.isEmpty() || record.seenInPass == m_pass)
            continue;
        const bool seenHere = record.generation == m_generation;
        if (m_awaitUntil != 0 && !seenHere) {
            ++m_awaited;
            continue;
        }
        if (record.seenInPass + 1 >= m_pass || m_wholeInGeneration < 2)
            continue;
        WorkerEnd end = WorkerEnd::Left;
        if (!seenHere)
            end = WorkerEnd::Unseen; // It went while nobody looked.
        else if (record.expiresAt && fromHub(*record.expiresAt) <= now)
            end = WorkerEnd::Expired;
        else if (record.status == WorkerStatus::Draining || record.status == WorkerStatus::ShuttingDown)
            end = WorkerEnd::Drained;
        remove(slot, end, now);
    }
    flush(now);
}

void ListedActors::awaitActors(Aftermath why, qint64 now)
{
    m_awaitUntil = now + m_graceMs;
    m_aftermath = why;
}

/// After a reconnect more than half of those known before are missing or are counted from one again, and nobody is listed as
/// before: the hub was restarted, and the missing are awaited as after a wipe.
bool ListedActors::lostMost() const
{
    if (m_wholeInGeneration != 1 || m_generation == 1 || m_knownBefore == 0 || m_survivor)
        return false;
    const auto missing = std::count_if(m_records.begin(), m_records.end(), [this](const Record &record) {
        return !record.address.isEmpty() && record.generation != m_generation;
    });
    return (missing + m_registeredAnew) * 2 > m_knownBefore;
}

void ListedActors::remove(size_t slot, WorkerEnd end, qint64 now)
{
    Record &record = m_records[slot];
    WorkerSample sample;
    sample.number = record.number;
    sample.readAt = now;
    sample.flags = WorkerFlag::PolledBeats;
    sample.status = record.status;
    sample.end = end;
    sample.ttl = -2;
    if (m_batch.samples.size() >= FleetBatch::maxSamples)
        flush(now);
    m_batch.samples.append(sample);
    m_batch.removed.append(record.number);
    m_slots.remove(record.address);
    record = Record();
    m_free.push_back(slot);
}

void ListedActors::flush(qint64 now)
{
    if (m_batch.texts.isEmpty() && m_batch.actors.isEmpty() && m_batch.samples.isEmpty() && m_batch.removed.isEmpty())
        return;
    m_batch.generation = m_generation;
    m_batch.at = now;
    m_publish(m_batch);
    m_batch.texts.clear();
    m_batch.actors.clear();
    m_batch.samples.clear();
    m_batch.removed.clear();
}

bool ListedActors::isSeen(const QString &address) const
{
    const auto slot = m_slots.constFind(address);
    return slot != m_slots.constEnd() && m_records[*slot].generation == m_generation;
}

WorkerStatus ListedActors::status(const QString &address) const
{
    const auto slot = m_slots.constFind(address);
    return slot != m_slots.constEnd() ? m_records[*slot].status : WorkerStatus::Registered;
}

void ListedActors::setStatus(const QString &address, WorkerStatus status, qint64 now)
{
    if (!isSeen(address))
        return;
    Record &record = m_records[m_slots.value(address)];
    record.status = status;
    m_batch.samples.append(sampleOf(record, now));
    flush(now);
}

qint64 ListedActors::usualTtl() const
{
    std::vector<qint64> ttls;
    for (const Record &record : m_records) {
        if (!record.address.isEmpty() && record.expiresAt && *record.expiresAt > record.beatAt)
            ttls.push_back(*record.expiresAt - record.beatAt);
    }
    if (ttls.empty())
        return 0;
    const auto middle = ttls.begin() + qsizetype(ttls.size() / 2);
    std::nth_element(ttls.begin(), middle, ttls.end());
    return qMax<qint64>(msInSecond, (*middle + msInSecond / 2) / msInSecond * msInSecond);
}

} // namespace pulsedeck
