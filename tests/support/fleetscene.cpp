// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fleetscene.h"

namespace pulsedeck {

namespace {

constexpr qint64 stepMs = 250;

const char *typeOf(int index)
{
    static constexpr const char *types[] = {"chromium", "firefox", "webkit", "chromium", "chrome", "chromium", "firefox"};
    return types[index % 7];
}

QByteArray uuidOf(quint32 seed)
{
    quint64 x = (quint64(seed) + 0x9e3779b9u) * 0xbf58476d1ce4e5b9ull;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebull;
    const QByteArray hex = QByteArray::number(x ^ (x >> 31), 16).rightJustified(16, '0');
    return hex.left(8) + '-' + hex.mid(8, 4) + "-4" + hex.mid(12, 3) + "-9" + hex.left(3) + '-' + hex.mid(4, 12);
}

} // namespace

FleetScene::FleetScene(int workers, int exceptions, int seconds)
{
    const qint64 start = clock.nowMs();
    m_end = start + seconds * 1000LL;
    m_outboxes.resize(3);
    m_states.resize(3);
    m_nextNumber.assign(3, 1);
    for (const SourceId id : {prod, staging}) {
        SourceSettings settings;
        settings.id = id;
        settings.name = id == prod ? QStringLiteral("prod-eu") : QStringLiteral("staging");
        store.addSource(id, settings.name);
        sources.setSource(settings);
        m_states[id].source = id;
        m_states[id].generation = 1;
        m_states[id].roundTripMs = 12;
        setState(id, SourceState::Loading);
    }
    for (int i = 0; i < workers; ++i) {
        const int kind = exceptions < 0 ? i : exceptions > 0 ? int(qint64(i) * exceptions / qMax(1, workers)) : 0;
        const bool turn =
            exceptions < 0 ? i < exceptionCount : exceptions > 0 && (i == 0 || kind != int(qint64(i - 1) * exceptions / workers));
        m_actors.push_back(makeActor(turn ? Part(1 + kind % (exceptionCount + 1)) : Part::Healthy, i));
    }
    for (Actor &actor : m_actors) {
        if (actor.startsAt == 0) {
            announce(actor, start);
            actor.registered = true;
            if (actor.part != Part::OnlyCounters)
                send(actor.source, sampleOf(actor, start, true));
        }
    }
    flush(prod);
    flush(staging);
    setState(prod, SourceState::Live);
    setState(staging, SourceState::Live);
    store.publish();
    advance(m_end - start, 1'000);
}

quint32 FleetScene::random(quint32 below)
{
    m_seed = m_seed * 1664525u + 1013904223u;
    return below ? (m_seed >> 8) % below : 0;
}

FleetScene::Actor FleetScene::makeActor(Part part, int index)
{
    Actor actor;
    actor.part = part;
    actor.source = index % 44 == 5 ? staging : prod;
    actor.number = m_nextNumber[actor.source]++;
    const qint64 start = clock.nowMs();
    actor.beatAt = start - random(9'500);
    actor.nextBeat = actor.beatAt + actor.interval;
    actor.sessions = qint32(random(6));
    actor.lifetime = qint32(random(50));
    const auto before = [this](qint64 ms) { return m_end - ms; };
    switch (part) {
    case Part::Late:
        actor.silentFrom = before(17'800);
        break;
    case Part::LateByMuch:
        actor.silentFrom = before(24'600);
        break;
    case Part::Stale:
        actor.ttl = 60'000;
        actor.silentFrom = before(41'600);
        break;
    case Part::Crashed:
    case Part::Hung:
        actor.ttl = 60'000;
        actor.silentFrom = before(33'000);
        break;
    case Part::Draining:
        actor.eventAt = before(12'000);
        actor.sessions = 2;
        break;
    case Part::DrainOverdue:
        actor.eventAt = before(42'000);
        actor.sessions = 1;
        break;
    case Part::ShuttingDown:
        actor.eventAt = before(4'000);
        actor.sessions = 0;
        break;
    case Part::Zombie:
        actor.silentFrom = before(110'000);
        actor.sessions = 2;
        break;
    case Part::FreshZombie:
        actor.silentFrom = before(60'000);
        actor.sessions = 1;
        break;
    case Part::New:
        actor.startsAt = before(23'000);
        break;
    case Part::JustNew:
        actor.startsAt = before(4'400);
        break;
    case Part::Returned:
        actor.silentFrom = before(100'000);
        break;
    case Part::Drained:
    case Part::Left:
    case Part::Expired:
        actor.silentFrom = before(45'000);
        break;
    default:
        break;
    }
    if (actor.startsAt > 0) {
        actor.sessions = actor.lifetime = 0;
        actor.beatAt = 0;
        actor.nextBeat = actor.startsAt;
    }
    return actor;
}

void FleetScene::announce(const Actor &actor, qint64 at)
{
    FleetBatch &batch = m_outboxes[actor.source].batch;
    WorkerText text;
    text.number = actor.number;
    const int index = int(actor.number) - 1;
    text.type = actor.part == Part::OtherStatus ? QByteArray() : QByteArray(typeOf(index));
    text.id = text.type.isEmpty() ? uuidOf(actor.number) : text.type + ':' + uuidOf(actor.number * 3 + actor.source);
    text.host = "10." + QByteArray::number(actor.source == prod ? 4 : 8) + '.' + QByteArray::number(index / 250 % 250) + '.'
                + QByteArray::number(index % 250 + 1) + ":3131";
    text.startedAt = actor.startsAt > 0 ? at : at - 3'600'000 - qint64(index) * 7'000;
    if (actor.part == Part::OtherStatus)
        text.statusText = "paused";
    if (actor.part == Part::BadField)
        text.problems = {QStringLiteral("startedAt is no number")};
    if (actor.part == Part::WrongType)
        text.problems = {QStringLiteral("the key is a list, not a hash")};
    batch.texts.append(text);
}

WorkerSample FleetScene::sampleOf(const Actor &actor, qint64 now, bool newBeat) const
{
    WorkerSample sample;
    sample.number = actor.number;
    sample.readAt = now;
    sample.beatAt = actor.beatAt;
    sample.lastHeartbeat = actor.beatAt;
    sample.learntTtl = actor.ttl;
    sample.ttl = qint32(qMax<qint64>(0, actor.ttl - (now - actor.beatAt)));
    sample.activeSessions = actor.sessions;
    sample.lifetimeSessions = actor.lifetime;
    sample.clockSkew = 20;
    sample.status = WorkerStatus::Available;
    sample.keyPresent = true;
    sample.newBeat = newBeat;
    const bool turned = actor.eventAt > 0 && now >= actor.eventAt;
    switch (actor.part) {
    case Part::Draining:
    case Part::DrainOverdue:
        if (turned)
            sample.status = WorkerStatus::Draining;
        break;
    case Part::ShuttingDown:
        if (turned) {
            sample.status = WorkerStatus::ShuttingDown;
            sample.ttl = qint32(10'000 - (now - actor.eventAt));
        }
        break;
    case Part::Crashed:
        if (actor.silentFrom > 0 && now >= actor.silentFrom)
            sample.flags |= WorkerFlag::NoListener;
        break;
    case Part::Hung:
        sample.flags |= WorkerFlag::Listener;
        break;
    case Part::Skewed:
        sample.clockSkew = -4'200;
        sample.flags |= WorkerFlag::ClockSkew;
        break;
    case Part::NoTtl:
        sample.ttl = -1;
        sample.learntTtl = unknownValue;
        break;
    case Part::BadField:
        sample.flags |= WorkerFlag::BadField;
        break;
    case Part::WrongType:
        sample.flags |= WorkerFlag::WrongType;
        sample.status = WorkerStatus::Missing;
        sample.beatAt = 0;
        sample.ttl = -1;
        sample.learntTtl = unknownValue;
        sample.newBeat = false;
        sample.activeSessions = sample.lifetimeSessions = unknownValue;
        break;
    case Part::OtherStatus:
        sample.status = WorkerStatus::Other;
        sample.flags |= WorkerFlag::Untyped;
        break;
    case Part::NegativeSessions:
        sample.activeSessions = -1;
        sample.flags |= WorkerFlag::NegativeSessions;
        break;
    default:
        break;
    }
    const bool commanded = turned && actor.part != Part::DrainOverdue;
    if (commanded || (actor.part == Part::Commanded && now >= m_end - 6'000)) {
        sample.command = CommandState::Shutdown;
        sample.commandUntil = (commanded ? actor.eventAt - 3'100 : m_end - 6'000) + 60'000;
    }
    return sample;
}

void FleetScene::send(SourceId source, const WorkerSample &sample)
{
    FleetBatch &batch = m_outboxes[source].batch;
    batch.samples.append(sample);
    if (batch.samples.size() >= FleetBatch::maxSamples)
        flush(source);
}

void FleetScene::flush(SourceId source)
{
    FleetBatch &batch = m_outboxes[source].batch;
    if (batch.samples.isEmpty() && batch.texts.isEmpty() && batch.removed.isEmpty())
        return;
    batch.source = source;
    batch.generation = m_states[source].generation;
    batch.at = clock.nowMs();
    store.apply(batch);
    batch = FleetBatch();
}

void FleetScene::step(Actor &actor, qint64 now)
{
    if (actor.ended || !m_states[actor.source].isConnected() || now < actor.startsAt)
        return;
    if (!actor.registered) {
        announce(actor, now);
        actor.registered = true;
        actor.beatAt = now;
        actor.nextBeat = now + actor.interval;
        send(actor.source, sampleOf(actor, now, true));
        return;
    }
    if (actor.part == Part::OnlyCounters) {
        WorkerSample sample = sampleOf(actor, now, false);
        sample.keyPresent = false;
        sample.status = WorkerStatus::Missing;
        sample.ttl = -2;
        sample.beatAt = 0;
        sample.flags = WorkerFlag::CountersLeft | WorkerFlags(WorkerFlag::NeverSeenAlive);
        sample.end = WorkerEnd::Expired;
        send(actor.source, sample);
        actor.ended = true;
        return;
    }
    if (actor.eventAt > 0 && !actor.turned && now >= actor.eventAt) {
        actor.turned = true;
        send(actor.source, sampleOf(actor, now, false));
    }
    if (actor.silentFrom > 0 && now >= actor.silentFrom) {
        WorkerSample sample = sampleOf(actor, now, false);
        const bool leaves = actor.part == Part::Drained || actor.part == Part::Left;
        if (leaves || (now >= actor.beatAt + actor.ttl && now >= actor.silentFrom)) {
            if (actor.part == Part::Returned) {
                if (!actor.turned) {
                    actor.turned = true;
                } else if (now >= m_end - 40'000) {
                    actor.silentFrom = 0;
                    actor.nextBeat = now;
                    return;
                } else {
                    return;
                }
            } else {
                actor.ended = true;
            }
            sample.keyPresent = false;
            sample.ttl = -2;
            sample.end = actor.part == Part::Drained ? WorkerEnd::Drained
                         : actor.part == Part::Left  ? WorkerEnd::Left
                                                     : WorkerEnd::Expired;
            const bool zombie = actor.part == Part::Zombie || actor.part == Part::FreshZombie;
            if (zombie)
                sample.flags |= WorkerFlag::CountersLeft;
            else
                sample.activeSessions = sample.lifetimeSessions = unknownValue;
            send(actor.source, sample);
        } else if (actor.part == Part::Crashed && !actor.turned) {
            actor.turned = true;
            send(actor.source, sample);
        }
        return;
    }
    if (actor.part == Part::Commanded && !actor.turned && now >= m_end - 6'000) {
        actor.turned = true;
        send(actor.source, sampleOf(actor, now, false));
    }
    if (now < actor.nextBeat || actor.part == Part::WrongType || actor.part == Part::NoTtl)
        return;
    actor.beatAt = actor.nextBeat;
    qint64 gap = actor.interval + qint64(random(60)) - 20;
    if (actor.part == Part::Jittery)
        gap += random(3) == 0 ? 1'400 + random(1'600) : 0;
    else if (actor.part == Part::Gappy && random(4) == 0)
        gap += 4'000 + random(2'000);
    actor.nextBeat = actor.beatAt + gap;
    if (actor.part == Part::Healthy && random(12) == 0) {
        actor.sessions = qint32(random(6));
        ++actor.lifetime;
    }
    send(actor.source, sampleOf(actor, now, true));
}

void FleetScene::advance(qint64 ms, qint64 publishEveryMs)
{
    qint64 sincePublish = 0;
    while (ms > 0) {
        const qint64 by = qMin(ms, stepMs);
        clock.step(by);
        ms -= by;
        sincePublish += by;
        const qint64 now = clock.nowMs();
        for (Actor &actor : m_actors)
            step(actor, now);
        flush(prod);
        flush(staging);
        if (sincePublish >= publishEveryMs) {
            store.publish();
            sincePublish = 0;
        }
    }
    store.publish();
}

WorkerHandle FleetScene::addWorker(Part part)
{
    Actor actor = makeActor(part, int(m_actors.size()));
    actor.startsAt = clock.nowMs();
    actor.nextBeat = actor.startsAt;
    m_actors.push_back(actor);
    step(m_actors.back(), clock.nowMs());
    flush(prod);
    flush(staging);
    store.publish();
    return find(part);
}

WorkerHandle FleetScene::find(Part part) const
{
    for (auto actor = m_actors.rbegin(); actor != m_actors.rend(); ++actor) {
        if (actor->part != part)
            continue;
        for (int handle = 0; handle < store.capacity(); ++handle) {
            const Worker &worker = store.worker(WorkerHandle(handle));
            if (worker.used && worker.source == actor->source && worker.number == actor->number)
                return WorkerHandle(handle);
        }
    }
    return noWorker;
}

void FleetScene::silence(WorkerHandle handle)
{
    const Worker &worker = store.worker(handle);
    for (Actor &actor : m_actors) {
        if (actor.source == worker.source && actor.number == worker.number)
            actor.silentFrom = clock.nowMs();
    }
}

void FleetScene::setState(SourceId source, SourceState state, const QString &message, const QString &hint, SourceTrouble trouble)
{
    SourceStatus &status = m_states[source];
    const bool was = status.isConnected();
    status.state = state;
    status.since = clock.nowMs();
    if (was && !status.isConnected())
        status.lostAt = clock.nowMs();
    else if (status.isConnected())
        status.lostAt = 0;
    if (!was && status.isConnected())
        ++status.generation;
    status.retryAt = state == SourceState::Waiting ? clock.nowMs() + 8'000 : 0;
    status.setTrouble({message.isEmpty() ? SourceTrouble::None : trouble, message, hint});
    store.applyStatus(status);
}

void FleetScene::setLoading(SourceId source, int loaded, int total)
{
    m_states[source].loaded = loaded;
    m_states[source].total = total;
    setState(source, SourceState::Loading);
}

} // namespace pulsedeck
