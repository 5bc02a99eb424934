// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/hubscene.h"
#include "models/sources/hubprotocol.h"

namespace pulsedeck {

HubScene::HubScene(FleetStore &store, StepClock &clock, int actors, qint32 ttlMs, const QString &name)
    : m_store(store)
    , m_clock(clock)
    , m_records(size_t(actors))
    , m_ttl(ttlMs)
{
    static const QStringList kinds[] = {{QStringLiteral("agent"), QStringLiteral("planner")},
                                        {QStringLiteral("browser"), QStringLiteral("screenshot"), QStringLiteral("pdf")},
                                        {QStringLiteral("agent"), QStringLiteral("search")}};
    store.addSource(source, name);
    m_status.source = source;
    m_status.traits = hubTraits();
    m_status.generation = 1;
    m_status.sweepEveryMs = 2'000;
    m_status.timing.heartbeatInterval = ttlMs / 2;
    m_status.timing.workerKeyTtl = ttlMs;
    m_status.timing.reaperStaleThreshold = ttlMs;
    setState(SourceState::Loading);
    FleetBatch news = batch();
    for (int i = 0; i < actors; ++i) {
        Record &record = m_records[size_t(i)];
        record.capabilities = kinds[i % 3];
        record.name = i % 3 == 0 ? QStringLiteral("Planner %1").arg(i) : QString();
        record.number = m_nextNumber++;
        record.registeredAt = clock.nowMs() - 3 * qint64(ttlMs) - i * 1'000;
        record.renewedAt = clock.nowMs() - qint64(i) * 7'919 % (ttlMs / 2);
        record.version = 5;
        record.there = true;
        tell(news, i, true);
        if (news.samples.size() >= FleetBatch::maxSamples) {
            apply(news);
            news = batch();
        }
    }
    apply(news);
    setState(SourceState::Sweeping);
}

FleetBatch HubScene::batch() const
{
    FleetBatch news;
    news.source = source;
    news.generation = m_status.generation;
    news.at = m_clock.nowMs();
    return news;
}

void HubScene::tell(FleetBatch &news, int actor, bool beat)
{
    const Record &record = m_records[size_t(actor)];
    WorkerText text;
    text.number = record.number;
    text.id = address(actor);
    text.type = record.capabilities.value(0).toUtf8();
    text.startedAt = record.registeredAt;
    news.texts.append(text);
    ActorFacts facts;
    facts.number = record.number;
    facts.displayName = record.name;
    facts.capabilities = record.capabilities;
    facts.registeredAt = record.registeredAt;
    facts.expiresAt = record.renewedAt + m_ttl;
    facts.version = record.version;
    news.actors.append(facts);
    WorkerSample sample;
    sample.number = record.number;
    sample.readAt = m_clock.nowMs();
    sample.beatAt = record.renewedAt;
    sample.lastHeartbeat = record.renewedAt;
    sample.flags = WorkerFlag::PolledBeats;
    sample.ttl = qint32(record.renewedAt + m_ttl - m_clock.nowMs());
    sample.learntTtl = m_ttl;
    sample.status = record.status;
    sample.keyPresent = true;
    sample.newBeat = beat;
    news.samples.append(sample);
}

void HubScene::apply(FleetBatch &news)
{
    m_store.apply(news);
    m_store.publish();
}

void HubScene::renew(int actor)
{
    Record &record = m_records[size_t(actor)];
    record.renewedAt = m_clock.nowMs();
    ++record.version;
    if (!record.there) {
        record.there = true;
        record.number = m_nextNumber++;
        record.registeredAt = m_clock.nowMs();
        record.version = 1;
        record.status = WorkerStatus::Registered;
    }
    FleetBatch news = batch();
    tell(news, actor, true);
    apply(news);
}

void HubScene::say(int actor, WorkerStatus status)
{
    m_records[size_t(actor)].status = status;
    FleetBatch news = batch();
    tell(news, actor, false);
    apply(news);
}

void HubScene::describe(int actor, const QString &name, const QStringList &capabilities)
{
    m_records[size_t(actor)].name = name;
    m_records[size_t(actor)].capabilities = capabilities;
    FleetBatch news = batch();
    tell(news, actor, false);
    apply(news);
}

void HubScene::end(int actor, WorkerEnd how)
{
    Record &record = m_records[size_t(actor)];
    record.there = false;
    FleetBatch news = batch();
    WorkerSample sample;
    sample.number = record.number;
    sample.readAt = m_clock.nowMs();
    sample.flags = WorkerFlag::PolledBeats;
    sample.status = record.status;
    sample.end = how;
    sample.ttl = -2;
    news.samples.append(sample);
    news.removed.append(record.number);
    apply(news);
}

void HubScene::setState(SourceState state)
{
    const bool was = m_status.isConnected();
    m_status.state = state;
    m_status.since = m_clock.nowMs();
    if (was && !m_status.isConnected())
        m_status.lostAt = m_clock.nowMs();
    else if (m_status.isConnected())
        m_status.lostAt = 0;
    m_store.applyStatus(m_status);
    m_store.publish();
}

void HubScene::setForgotten(bool forgotten, const QString &message)
{
    m_status.forgotten = forgotten;
    m_status.setTrouble({message.isEmpty() ? SourceTrouble::None : SourceTrouble::Forgotten, message, {}});
    m_store.applyStatus(m_status);
    m_store.publish();
}

void HubScene::deny()
{
    m_status.writable = true;
    m_status.rights.known = true;
    m_status.rights.denied[size_t(Act::Resume)] = QStringLiteral("there is no message that undoes an actor's drain");
    m_status.rights.denied[size_t(Act::Cancel)] = QStringLiteral("a message that was delivered cannot be withdrawn");
    m_status.rights.denied[size_t(Act::Reap)] = QStringLiteral("the hub removes expired registrations itself");
    m_status.rights.denied[size_t(Act::RemoveKey)] = m_status.rights.denied[size_t(Act::Reap)];
    m_store.applyStatus(m_status);
}

} // namespace pulsedeck
