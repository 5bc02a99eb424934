// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/systemscene.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

SourceTraits layoutTraits(const QString &system, const QString &layout, const QString &worker, const QString &workers)
{
    SourceTraits traits;
    traits.system = system;
    traits.layout = layout;
    traits.worker = worker;
    traits.workers = workers;
    traits.countingJobs = SourceTraits::countingOf(u"job"_s);
    traits.recordPrefix.clear();
    traits.ids.typed = false;
    traits.facts = SourceFact::Ttl | SourceFact::Sessions | SourceFact::Process | SourceFact::StatusWord | SourceFact::Queues
                   | SourceFact::Push;
    return traits;
}

constexpr qint32 none = unknownValue;

} // namespace

TraitsRef sidekiqTraits()
{
    SourceTraits traits = layoutTraits(u"Sidekiq"_s, u"sidekiq"_s, u"process"_s, u"processes"_s);
    traits.facts |= SourceFact::Capacity;
    traits.idlePace = traits.busyPace = {10'000, 20'000, 60'000};
    return TraitsRef::of(traits);
}

TraitsRef rqTraits()
{
    SourceTraits traits = layoutTraits(u"RQ"_s, u"rq"_s, u"worker"_s, u"workers"_s);
    traits.facts |= SourceFact::Capacity | SourceFact::Listeners;
    traits.basis = BeatBasis::Stamp;
    traits.idlePace = {405'000, 420'000, 480'000};
    traits.busyPace = {30'000, 60'000, 90'000};
    return TraitsRef::of(traits);
}

TraitsRef celeryTraits()
{
    SourceTraits traits = layoutTraits(u"Celery"_s, u"celery"_s, u"worker"_s, u"workers"_s);
    traits.countingJobs = SourceTraits::countingOf(u"task"_s);
    traits.facts.setFlag(SourceFact::Ttl, false);
    traits.facts |= SourceFact::Capacity;
    traits.basis = BeatBasis::Events;
    traits.idlePace = traits.busyPace = {2'000, 6'000, 12'000};
    return TraitsRef::of(traits);
}

TraitsRef horizonTraits()
{
    SourceTraits traits = layoutTraits(u"Horizon"_s, u"horizon"_s, u"master"_s, u"masters"_s);
    traits.facts |= SourceFact::Capacity;
    traits.basis = BeatBasis::Score;
    traits.idlePace = traits.busyPace = {1'000, 14'000, 29'000};
    return TraitsRef::of(traits);
}

TraitsRef bullTraits()
{
    SourceTraits traits = layoutTraits(u"BullMQ"_s, u"bullmq"_s, u"worker"_s, u"workers"_s);
    traits.facts = SourceFact::Queues;
    traits.basis = BeatBasis::Connection;
    return TraitsRef::of(traits);
}

SystemScene::SystemScene(FleetScene &scene)
    : m_scene(scene)
{
    addSource(tasks, u"tasks-eu"_s);
    addSource(web, u"web-eu"_s);
    addSidekiq();
    addRq();
    addCelery();
    addHorizon();
    addBull();
    addQueues();
    scene.store.publish();
}

WorkerHandle SystemScene::find(const QByteArray &id) const
{
    for (const SourceId source : m_scene.store.sources()) {
        if (const WorkerHandle found = m_scene.store.find(source, id); found != noWorker)
            return found;
    }
    return noWorker;
}

void SystemScene::addSource(SourceId id, const QString &name)
{
    SourceSettings settings;
    settings.id = id;
    settings.name = name;
    m_scene.store.addSource(id, name);
    m_scene.sources.setSource(settings);
    SourceStatus status;
    status.source = id;
    status.generation = 1;
    status.state = SourceState::Live;
    status.since = m_scene.clock.nowMs() - 200'000;
    status.roundTripMs = 14;
    m_scene.store.applyStatus(status);
}

SystemScene::Member SystemScene::member(SourceId source, TraitsRef traits, const QByteArray &id, qint64 beatAgeMs,
                                        qint64 everyMs) const
{
    Member member;
    member.source = source;
    member.everyMs = everyMs;
    member.text.id = id;
    member.text.traits = traits;
    member.text.startedAt = m_scene.clock.nowMs() - 9'240'000;
    member.sample.beatAt = beatAgeMs;
    member.sample.status = WorkerStatus::Available;
    member.sample.activeSessions = 0;
    member.sample.keyPresent = true;
    member.sample.clockSkew = 20;
    return member;
}

void SystemScene::add(Member member)
{
    const qint64 now = m_scene.clock.nowMs();
    member.text.number = member.sample.number = m_next++;
    FleetBatch batch;
    batch.source = member.source;
    batch.generation = m_scene.store.sourceStatus(member.source).generation;
    batch.at = now - 130'000;
    batch.texts.append(member.text);
    m_scene.store.apply(batch);
    batch.texts.clear();
    const auto send = [&](qint64 at, qint64 beatAt, bool newBeat) {
        WorkerSample sample = member.sample;
        sample.readAt = at;
        sample.beatAt = beatAt;
        sample.newBeat = newBeat;
        if (sample.ttl > 0)
            sample.learntTtl = sample.ttl;
        if (sample.ttl > 0 && beatAt > 0)
            sample.ttl = qint32(qMax<qint64>(0, sample.ttl - (at - beatAt)));
        batch.at = at;
        batch.samples = {sample};
        m_scene.store.apply(batch);
    };
    const qint64 last = member.sample.beatAt > 0 ? now - member.sample.beatAt : 0;
    if (member.everyMs > 0 && last > 0) {
        // A little apart from one another, as beats are.
        for (qint64 at = last - 120'000 / member.everyMs * member.everyMs; at <= last; at += member.everyMs)
            send(at, at + (at == last ? 0 : at * 7 % 40), true);
    } else if (last > 0) {
        send(qMin(now, last + 100), last, true);
    }
    send(now, last, false);
}

void SystemScene::addSidekiq()
{
    for (int i = 0; i < 12; ++i) {
        const int pid = 18'400 + i * 3;
        const QByteArray host = "app-" + QByteArray::number(i % 4 + 1);
        Member one =
            member(FleetScene::prod, sidekiqTraits(),
                   host + ':' + QByteArray::number(pid) + ":9f2c41ab77d" + QByteArray::number(i, 16), 800 + i * 750, 10'000);
        one.text.host = host;
        one.text.pid = pid;
        one.text.type = "shop";
        one.text.capacity = 10;
        one.text.version = u"7.3.9"_s;
        one.text.queues = {u"critical"_s, u"default"_s, u"mailers"_s};
        one.text.memory = qint64(412) << 20;
        one.text.statusText = "running";
        one.sample.ttl = 60'000;
        one.sample.activeSessions = i % 11;
        if (i == 3) {
            one.sample.status = WorkerStatus::Draining;
            one.text.statusText = "quiet";
            one.text.queues = {};
            one.sample.activeSessions = 3;
        }
        if (i == 5)
            one.sample.activeSessions = 10;
        if (i == 7) { // A ghost: in the set, and no key.
            one.sample = WorkerSample();
            one.sample.flags = WorkerFlag::Registered;
            one.sample.ttl = -2;
            one.text.statusText.clear();
            one.text.capacity = none;
            one.text.queues = {};
        }
        add(one);
    }
}

void SystemScene::addRq()
{
    for (int i = 0; i < 12; ++i) {
        const bool busy = i % 3 == 0;
        const qint64 age = busy ? 4'000 + i * 1'000 : 20'000 + i * 27'000;
        Member one = member(FleetScene::prod, rqTraits(), "rq-thumbs-" + QByteArray::number(i).rightJustified(2, '0'), age,
                            busy ? 30'000 : 0);
        one.text.host = "10.4.5." + QByteArray::number(12 + i);
        one.text.pid = 700 + i;
        one.text.capacity = 1;
        one.text.version = u"2.10"_s;
        one.text.queues = {u"thumbs"_s};
        one.text.statusText = busy ? "busy" : "idle";
        one.sample.status = busy ? WorkerStatus::Busy : WorkerStatus::Available;
        one.sample.activeSessions = busy ? 1 : 0;
        one.sample.ttl = busy ? 90'000 : 480'000;
        one.sample.flags = WorkerFlag::Listener;
        if (busy || i == 1)
            one.text.jobs = {u"job-%1"_s.arg(i)};
        if (i == 1)
            one.sample.flags = WorkerFlag::NoListener;
        if (i == 2)
            one.sample.flags |= WorkerFlag::Deaf;
        if (i == 7)
            one.sample.flags = WorkerFlag::NobodyListens;
        if (i == 4) { // A listener without a key.
            one.sample = WorkerSample();
            one.sample.ttl = -2;
            one.sample.flags = WorkerFlags(WorkerFlag::Incomplete) | WorkerFlag::Listener;
            one.text.statusText = "listens";
            one.text.pid = one.text.capacity = none;
            one.text.queues = {};
        }
        add(one);
    }
}

void SystemScene::addCelery()
{
    for (int i = 0; i < 8; ++i) {
        const QByteArray host = "tasks-" + QByteArray(1, char('a' + i));
        Member one = member(tasks, celeryTraits(), "w1@" + host, 300 + i * 200, 2'000);
        one.text.host = host;
        one.text.pid = 40 + i;
        one.text.capacity = 8;
        one.text.version = u"5.2.6"_s;
        one.text.queues = {u"celery"_s};
        one.text.statusText = "online";
        one.sample.activeSessions = i % 7;
        if (i == 1) {
            one.sample.flags = WorkerFlag::StillWorking;
            one.text.statusText = "leaving";
            one.sample.activeSessions = 3;
            one.sample.beatAt = 41'300;
        }
        if (i == 2) {
            one.sample.flags = WorkerFlag::NotConsuming;
            one.text.queues = {u"reports"_s};
            one.sample.activeSessions = 0;
        }
        add(one);
    }
}

void SystemScene::addHorizon()
{
    for (const char *master : {"shop-web-1-x7Qd", "shop-web-2-a9Kp"}) {
        Member one = member(FleetScene::staging, horizonTraits(), master, 400, 1'000);
        one.text.host = "web-1";
        one.text.pid = 11;
        one.text.statusText = "running";
        one.sample.ttl = 15'000;
        one.sample.activeSessions = none;
        add(one);
        for (const char *supervisor : {"supervisor-default", "supervisor-mail"}) {
            Member child = member(FleetScene::staging, horizonTraits(), QByteArray(master) + ':' + supervisor, 700, 1'000);
            child.text.parent = master;
            child.text.label = QString::fromLatin1(supervisor);
            child.text.host = "web-1";
            child.text.pid = 12;
            child.text.capacity = 10;
            child.text.queues = {u"default"_s, u"mail"_s};
            child.text.statusText = "running";
            child.sample.ttl = 30'000;
            child.sample.activeSessions = 8;
            if (qstrcmp(master, "shop-web-1-x7Qd") == 0 && qstrcmp(supervisor, "supervisor-mail") == 0) {
                child.sample.status = WorkerStatus::Paused;
                child.text.statusText = "paused";
            }
            add(child);
        }
    }
}

void SystemScene::addBull()
{
    for (int i = 0; i < 6; ++i) {
        Member one = member(web, bullTraits(), "images:" + QByteArray::number(900 + i), 0, 0);
        one.text.host = "10.4.9." + QByteArray::number(i + 1);
        one.text.queues = {u"images"_s};
        one.text.version = u"6.7"_s;
        one.sample.ttl = none;
        one.sample.activeSessions = none;
        add(one);
    }
}

void SystemScene::addQueues()
{
    const qint64 now = m_scene.clock.nowMs();
    FleetBatch batch;
    batch.source = FleetScene::prod;
    batch.generation = m_scene.store.sourceStatus(FleetScene::prod).generation;
    for (int i = 13; i >= 0; --i) {
        QueueSample sample;
        sample.name = "critical";
        sample.traits = sidekiqTraits();
        sample.readAt = now - i * 60'000;
        sample.waiting = 40 + i % 3;
        batch.queues.append(sample);
        sample.name = "exports";
        sample.waiting = 12;
        batch.queues.append(sample);
    }
    m_scene.store.apply(batch);
}

} // namespace pulsedeck
