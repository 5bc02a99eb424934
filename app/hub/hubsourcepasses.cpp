// SPDX-License-Identifier: GPL-3.0-or-later
// How a HubSource reads the registry, page by page, and what it makes of it.
#include "app/hub/hubsource.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

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

void HubSource::beginPass()
{
    m_passTimer.stop();
    if (!m_connection || m_connection->state() != HubConnection::State::Ready)
        return;
    if (!std::exchange(m_passOpen, true))
        ++m_pass;
    m_pages = 0;
    m_skipped = 0;
    m_selfListed = false;
    m_status.loaded = 0;
    m_truncated = false;
    const bool slept = m_sleep.take() > 0; // What the store has from before is not true any more.
    m_tellAll = std::exchange(m_tellAllNext, false) || slept;
    const qint64 now = m_clock.nowMs();
    m_view.everyMs = m_passBegan > 0 && m_wholeInGeneration > 0 ? now - m_passBegan : 0;
    m_passBegan = now;
    askPage(0);
}

/// In turn, each page after the one before: an offset into a list that changes is a guess already.
void HubSource::askPage(int offset)
{
    const quint32 generation = m_generation;
    const auto handler = [this, generation, offset](const HubAnswer &answer) {
        if (generation != m_generation || !m_connection || m_connection->state() != HubConnection::State::Ready)
            return;
        const qint64 now = m_clock.nowMs();
        const auto *list = answer.as<hub::ActorList>();
        if (!list) { // Refused or late: the pass begins anew after a rest, and nobody is called gone for it.
            m_listProblem = u"The hub did not list its actors: "_s + answer.text();
            m_tellAllNext = m_tellAllNext || m_tellAll;
            emitStatus();
            m_passTimer.start(m_options.passEveryMs);
            return;
        }
        m_lastAnswerAt = now;
        takePage(*list, now);
        const int read = int(list->actors.size()) + list->skipped;
        // A page without entries ends the pass whatever it says, or a hub could keep us paging for ever.
        if (list->hasMore && read > 0 && offset + read < mostActors) {
            askPage(offset + read);
            return;
        }
        m_truncated = list->hasMore && read > 0;
        endPass();
    };
    m_connection->request(HubRequest::listActors(offset), handler, 0, HubOutbox::Lane::Fleet);
}

void HubSource::takePage(const hub::ActorList &list, qint64 now)
{
    ++m_pages;
    m_skipped += list.skipped;
    m_listTotal = list.total;
    const bool listedBefore = m_selfListed;
    for (const HubActor &actor : list.actors)
        takeActor(actor, now);
    const bool loading = m_status.state == SourceState::Loading;
    if (loading) {
        // Our own address is no actor of the fleet. Before it is met in the list, that it was registered says that it will be.
        const bool counted = m_selfListed || m_connection->isRegistered();
        m_view.total = qMax<qint64>(0, m_listTotal - (counted ? 1 : 0));
        m_status.loaded += int(list.actors.size()) - (m_selfListed && !listedBefore ? 1 : 0);
        m_status.total = int(qMin<qint64>(m_view.total, mostActors));
        flush();
        emitStatus();
    } else if (m_batch.samples.size() > FleetBatch::maxSamples - HubRequest::pageLimit) {
        flush();
    }
}

void HubSource::takeActor(const HubActor &actor, qint64 now)
{
    if (actor.address == m_options.connection.address) {
        m_selfListed = true;
        return;
    }
    auto known = m_slots.find(actor.address);
    if (known == m_slots.end()) {
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
        known = m_slots.insert(actor.address, slot);
    }
    Record &record = m_records[*known];
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
    const bool factsChanged = textChanged || actor.version != record.version
                              || actor.registeredAt != record.registeredAt || actor.expiresAt != record.expiresAt;
    const bool firstHere = record.generation != m_generation;
    if (!factsChanged && !firstHere && !m_tellAll && record.status == statusBefore)
        return;
    if (factsChanged || m_tellAll)
        tellFacts(record, actor);
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

/// A hub knows no status. An actor may tell its own in its metadata, and by accepting a command; the latter holds until
/// it is another one under the same address, which another connection shows.
void HubSource::takeStatus(Record &record, const HubActor &actor)
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

void HubSource::tellFacts(const Record &record, const HubActor &actor)
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

WorkerSample HubSource::sampleOf(const Record &record, qint64 now) const
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

void HubSource::endPass()
{
    const qint64 now = m_clock.nowMs();
    ++m_wholeInGeneration;
    m_passOpen = false;
    sweepMissing(now);
    flush();
    learnTiming();
    m_view.total = qMax<qint64>(0, m_listTotal - (m_selfListed ? 1 : 0));
    m_view.wholeSince = m_passBegan;
    m_view.passMs = now - m_passBegan;
    m_view.pages = m_pages;
    m_view.skipped = m_skipped;
    // As long a rest as the pass took: half of what the hub allows stays free for everything else.
    const int rest = int(qMax<qint64>(m_options.passEveryMs - m_view.passMs, m_view.passMs));
    m_status.sweepEveryMs = qint32(qMin<qint64>(m_view.passMs + rest, 1 << 30));
    m_listProblem.clear();
    if (m_status.state == SourceState::Loading)
        setState(SourceState::Sweeping);
    else
        emitStatus();
    emitView();
    lookUpLater(false);
    m_passTimer.start(rest);
}

void HubSource::awaitActors(Aftermath why)
{
    m_awaitUntil = m_clock.nowMs() + m_options.wipeGraceMs;
    m_aftermath = why;
}

/// After a reconnect more than half of those known before are missing or count anew, and nobody is listed as before: the
/// hub was restarted, and who is missing is to be awaited as after a wipe.
bool HubSource::lostMost() const
{
    if (m_wholeInGeneration != 1 || m_generation == 1 || m_knownBefore == 0 || m_survivor)
        return false;
    const auto missing = std::count_if(m_records.begin(), m_records.end(), [this](const Record &record) {
        return !record.address.isEmpty() && record.generation != m_generation;
    });
    return (missing + m_registeredAnew) * 2 > m_knownBefore;
}

/// Who was in neither of the last two whole passes is gone: one alone can miss an actor that was there all the time,
/// when others before it in the list went while it was read.
void HubSource::sweepMissing(qint64 now)
{
    m_view.awaited = 0;
    const bool forgot = m_wholeInGeneration == 1 && std::exchange(m_forgot, false);
    if (!forgot && lostMost()) {
        awaitActors(Aftermath::Restarted);
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
            ++m_view.awaited;
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
}

void HubSource::remove(size_t slot, WorkerEnd end, qint64 now)
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
        flush();
    m_batch.samples.append(sample);
    m_batch.removed.append(record.number);
    m_slots.remove(record.address);
    record = Record();
    m_free.push_back(slot);
}

/// A registration is renewed once or twice within its TTL, so that the TTL says when an actor is late and when it is
/// stale.
void HubSource::learnTiming()
{
    std::vector<qint64> ttls;
    for (const Record &record : m_records) {
        if (!record.address.isEmpty() && record.expiresAt && *record.expiresAt > record.beatAt)
            ttls.push_back(*record.expiresAt - record.beatAt);
    }
    if (ttls.empty())
        return;
    const auto middle = ttls.begin() + qsizetype(ttls.size() / 2);
    std::nth_element(ttls.begin(), middle, ttls.end());
    const qint64 ttl = qMax<qint64>(msInSecond, (*middle + msInSecond / 2) / msInSecond * msInSecond);
    TimingProfile timing = m_options.timing;
    timing.name = u"learnt from registrations"_s;
    timing.heartbeatInterval = ttl / 2;
    timing.workerKeyTtl = ttl;
    timing.reaperStaleThreshold = ttl;
    timing.hubActorTtl = ttl;
    if (const qint64 advertised = m_connection->vitals().advertisedHeartbeatMs; advertised > 0)
        timing.hubServerHeartbeat = advertised;
    if (timing == m_status.timing)
        return;
    m_status.timing = timing;
    emitStatus();
}

} // namespace pulsedeck
