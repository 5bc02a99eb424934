// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/hubactors.h"

#include "app/simulator/hubtoken.h"

#include <QUuid>

#include <algorithm>
#include <array>
#include <deque>

using namespace Qt::StringLiterals;

namespace pulsedeck::fleet {

namespace {

constexpr int tickMs = 20;
constexpr int mostPerTick = 2'000; ///< So that the hub's sockets have their turn while 50,000 register.
constexpr qint64 reconnectMs = 500;
constexpr qint64 answerMs = 60;
constexpr qint64 slowAnswerMs = 8'000;
constexpr int quietFrom = 500;
constexpr qint64 missEvery = 20'000;
constexpr qint64 crashEvery = 33'000;
constexpr qint64 leaveEvery = 47'000;
constexpr qint64 crashDown = 8'000;

struct Kind
{
    const char *name;
    std::array<const char *, 3> capabilities;
};
constexpr std::array<Kind, 4> kinds{
    Kind{"planner", {"agent", "planner", "reason"}}, Kind{"builder", {"agent", "builder", "shell"}},
    Kind{"browser", {"agent", "browser", "chromium"}}, Kind{"memory", {"store", "memory", "search"}}};

} // namespace

class HubActors::Actor final : public HubPeer
{
public:
    Actor(HubActors &all, quint32 place)
        : index(place)
        , m_all(all)
    { }
    void deliver(const QJsonObject &message) override { m_all.hear(*this, message); }
    void end(int, const QString &) override { m_all.lose(*this); }

    quint32 index;
    quint32 life = 0; ///< Tasks of an earlier life are void.
    QString address;
    QString displayName;
    QJsonArray capabilities;
    HubCore::SessionKey session = 0;
    QString renewalToken;
    std::deque<Order> orders; ///< Not answered yet.
    bool registered = false;
    bool renews = true;
    bool draining = false;
    bool ending = false;
    bool deaf = false;
    bool refuses = false;
    qint64 answersAfter = answerMs;

private:
    HubActors &m_all;
};

HubActors::HubActors(HubCore &core, const HubActorOptions &options, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_core(core)
    , m_options(options)
    , m_clock(clock)
    , m_random(options.seed)
{
    connect(&m_ticker, &QTimer::timeout, this, &HubActors::tick);
}

HubActors::~HubActors()
{
    for (const auto &actor : m_actors)
        m_core.leave(actor->session);
}

void HubActors::start()
{
    m_startedAt = m_clock.nowMs();
    m_nextMiss = m_startedAt + missEvery;
    m_nextCrash = m_startedAt + crashEvery;
    m_nextLeave = m_startedAt + leaveEvery;
    for (int i = 0; i < m_options.count; ++i) {
        Actor &actor = *m_actors.emplace_back(std::make_unique<Actor>(*this, quint32(i)));
        assume(actor);
        schedule(actor, Task::Register, m_startedAt);
    }
    m_ticker.start(tickMs);
}

void HubActors::stop()
{
    m_stopping = true;
    m_ticker.stop();
    for (const auto &actor : m_actors) {
        if (actor->registered)
            send(*actor, u"hub:unregister"_s, {{u"actorAddress"_s, actor->address}});
        end(*actor);
    }
}

void HubActors::schedule(const Actor &actor, Task task, qint64 at)
{
    m_due.push({at, actor.index, actor.life, task});
}

/// A new name, and all that was before is forgotten.
void HubActors::assume(Actor &actor)
{
    const Kind &kind = kinds[actor.index % kinds.size()];
    const quint64 number = ++m_names;
    ++actor.life;
    actor.address = u"@(local/%1-%2)"_s.arg(QLatin1StringView(kind.name)).arg(number);
    actor.displayName = u"%1 %2"_s.arg(QLatin1StringView(kind.name)).arg(number);
    actor.displayName[0] = actor.displayName[0].toUpper();
    actor.capabilities = {};
    for (const char *capability : kind.capabilities)
        actor.capabilities.append(QLatin1StringView(capability));
    actor.renews = true;
    actor.draining = actor.ending = actor.deaf = actor.refuses = false;
    actor.answersAfter = answerMs;
    if (m_options.busy) { // One in twelve each, and always the same.
        actor.deaf = actor.index % 12 == 5;
        actor.refuses = actor.index % 12 == 7;
        actor.answersAfter = actor.index % 12 == 10 ? slowAnswerMs : answerMs;
    }
    actor.orders.clear();
}

void HubActors::tick()
{
    const qint64 now = m_clock.nowMs();
    for (int i = 0; i < mostPerTick && !m_due.empty() && m_due.top().at <= now; ++i) {
        const Due due = m_due.top();
        m_due.pop();
        if (m_actors[due.index]->life == due.life)
            act(due);
    }
    if (m_options.busy)
        play(now);
    if (!m_saidAll && m_registered == m_options.count) {
        m_saidAll = true;
        emit allRegistered(now - m_startedAt);
    }
}

void HubActors::act(const Due &due)
{
    Actor &actor = *m_actors[due.index];
    switch (due.task) {
    case Task::Register:
    case Task::Reconnect:
        actor.renews = true;
        join(actor);
        registerActor(actor);
        break;
    case Task::Renew:
        if (actor.registered && actor.renews && !actor.ending)
            renew(actor);
        break;
    case Task::Heartbeat:
        if (actor.session == 0)
            break;
        send(actor, u"hub:heartbeat"_s, {{u"timestamp"_s, m_clock.nowMs()}});
        if (actor.session != 0)
            schedule(actor, Task::Heartbeat, due.at + heartbeatEvery());
        break;
    case Task::Answer:
        answer(actor);
        break;
    case Task::ShutDown:
        send(actor, u"hub:unregister"_s, {{u"actorAddress"_s, actor.address}});
        end(actor);
        if (m_options.replaced)
            schedule(actor, Task::Replace, due.at + m_options.replaceAfter);
        break;
    case Task::Replace:
        assume(actor);
        join(actor);
        registerActor(actor);
        break;
    }
}

qint64 HubActors::heartbeatEvery() const
{
    return m_options.heartbeat * qMax(1, m_options.count / quietFrom);
}

void HubActors::join(Actor &actor)
{
    if (actor.session != 0)
        return;
    actor.session = m_core.join(&actor);
    QJsonObject metadata{{u"protocolVersion"_s, u"0.1.0"_s}, {u"capabilities"_s, actor.capabilities}};
    if (!m_options.secret.isEmpty()) {
        const QString id = actor.address.mid(2, actor.address.size() - 3);
        metadata.insert("authToken"_L1, QString::fromLatin1(HubToken::issue(id, m_options.secret, m_clock.nowMs())));
    }
    send(actor, u"hub:connect"_s, {}, metadata);
    if (m_options.heartbeats)
        schedule(actor, Task::Heartbeat, m_clock.nowMs() + qint64(random(actor.index) * double(heartbeatEvery())));
}

/// The connection ends from this side: what was registered over it is gone.
void HubActors::end(Actor &actor)
{
    forget(actor);
    m_core.leave(std::exchange(actor.session, 0));
}

void HubActors::forget(Actor &actor)
{
    ++actor.life;
    if (std::exchange(actor.registered, false))
        --m_registered;
}

/// The hub ended it: it comes back, as a sound client does.
void HubActors::lose(Actor &actor)
{
    actor.session = 0;
    forget(actor);
    if (!m_stopping)
        schedule(actor, Task::Reconnect, m_clock.nowMs() + qint64(double(reconnectMs) * (0.5 + random(actor.index))));
}

void HubActors::send(Actor &actor, const QString &type, const QJsonObject &payload, const QJsonObject &metadata,
                     const QString &pattern)
{
    if (actor.session == 0)
        return;
    m_core.receive(actor.session, QJsonObject{{u"id"_s, QUuid::createUuid().toString(QUuid::WithoutBraces)},
                                              {u"from"_s, actor.address},
                                              {u"to"_s, u"@(cloudflare/signal-hub)"_s},
                                              {u"type"_s, type},
                                              {u"payload"_s, payload},
                                              {u"pattern"_s, pattern},
                                              {u"correlationId"_s, QJsonValue::Null},
                                              {u"timestamp"_s, m_clock.nowMs()},
                                              {u"metadata"_s, metadata},
                                              {u"ttl"_s, QJsonValue::Null},
                                              {u"signature"_s, QJsonValue::Null}});
}

void HubActors::registerActor(Actor &actor)
{
    QJsonObject metadata{{u"displayName"_s, actor.displayName}};
    if (actor.draining)
        metadata.insert("status"_L1, u"draining"_s);
    send(actor, u"hub:register"_s,
         {{u"actorAddress"_s, actor.address},
          {u"capabilities"_s, actor.capabilities},
          {u"metadata"_s, metadata},
          {u"ttlSeconds"_s, m_options.ttl / msInSecond}});
}

void HubActors::renew(Actor &actor)
{
    // hub:renew always gives five minutes: only where that is the TTL does it keep it.
    constexpr qint64 renewedTtl = 300'000;
    if (m_options.ttl == renewedTtl && actor.index % 2 == 0)
        send(actor, u"hub:renew"_s, {{u"renewalToken"_s, actor.renewalToken}});
    else
        registerActor(actor);
}

/// A message of the hub. Called from inside the core: nothing is sent from here.
void HubActors::hear(Actor &actor, const QJsonObject &message)
{
    const QString type = message.value("type"_L1).toString();
    const QJsonObject payload = message.value("payload"_L1).toObject();
    const bool fromActor = message.value("metadata"_L1).toObject().contains("via"_L1);
    const qint64 now = m_clock.nowMs();
    if (!fromActor && (type == "hub:registered"_L1 || type == "hub:renewed"_L1)) {
        actor.renewalToken = payload.value("renewalToken"_L1).toString();
        if (!actor.registered)
            ++m_registered;
        actor.registered = true;
        schedule(actor, Task::Renew, now + qint64(double(m_options.ttl) * (0.4 + 0.15 * random(actor.index))));
    } else if (fromActor && (type == "worker:drain"_L1 || type == "worker:shutdown"_L1) && !actor.deaf) {
        ++m_orders;
        actor.orders.push_back({message.value("from"_L1).toString(), type, payload.value("commandId"_L1).toString()});
        schedule(actor, Task::Answer, now + actor.answersAfter);
    }
}

void HubActors::answer(Actor &actor)
{
    if (actor.orders.empty() || actor.session == 0)
        return;
    const Order order = actor.orders.front();
    actor.orders.pop_front();
    const bool shutdown = order.type == "worker:shutdown"_L1;
    const bool accepted = !actor.refuses && !(actor.ending || (actor.draining && !shutdown));
    QJsonObject data{{u"commandId"_s, order.commandId}, {u"accepted"_s, accepted}};
    if (accepted)
        data.insert("status"_L1, shutdown ? u"shutting-down"_s : u"draining"_s);
    else
        data.insert("reason"_L1, actor.refuses ? u"busy with work that cannot be left"_s : u"already under way"_s);
    send(actor, u"hub:send"_s, {{u"to"_s, order.from}, {u"type"_s, u"worker:ack"_s}, {u"data"_s, data}}, {}, u"tell"_s);
    if (!accepted || actor.session == 0)
        return;
    actor.draining = true;
    if (shutdown) {
        actor.ending = true;
        schedule(actor, Task::ShutDown, m_clock.nowMs() + m_options.shutdownTakes);
    } else {
        registerActor(actor); // Its metadata says that it drains.
    }
}

std::vector<HubActors::Actor *> HubActors::pick(int count)
{
    std::vector<Actor *> healthy;
    for (const auto &actor : m_actors) {
        const bool odd = actor->deaf || actor->refuses || actor->answersAfter != answerMs;
        if (actor->registered && actor->renews && !actor->ending && !odd)
            healthy.push_back(actor.get());
    }
    std::vector<Actor *> picked;
    while (int(picked.size()) < count && !healthy.empty()) {
        const auto at = size_t(random(healthy.size()) * double(healthy.size()));
        picked.push_back(healthy[at]);
        healthy[at] = healthy.back();
        healthy.pop_back();
    }
    return picked;
}

QStringList HubActors::miss(int count)
{
    QStringList names;
    for (Actor *actor : pick(count)) {
        actor->renews = false;
        names.append(actor->address);
        // It stays connected, expires, and wakes up some time after that.
        ++actor->life;
        schedule(*actor, Task::Heartbeat, m_clock.nowMs() + m_options.heartbeat);
        schedule(*actor, Task::Register, m_clock.nowMs() + m_options.ttl * 3 / 2);
    }
    return names;
}

QStringList HubActors::crash(int count, qint64 downMs)
{
    QStringList names;
    for (Actor *actor : pick(count)) {
        end(*actor);
        names.append(actor->address);
        schedule(*actor, Task::Reconnect, m_clock.nowMs() + downMs);
    }
    return names;
}

QStringList HubActors::leave(int count)
{
    QStringList names;
    for (Actor *actor : pick(count)) {
        actor->ending = true;
        names.append(actor->address);
        schedule(*actor, Task::ShutDown, m_clock.nowMs());
    }
    return names;
}

QStringList HubActors::deafen(int count)
{
    QStringList names;
    for (Actor *actor : pick(count)) {
        actor->deaf = true;
        names.append(actor->address);
    }
    return names;
}

QStringList HubActors::makeRefuse(int count)
{
    QStringList names;
    for (Actor *actor : pick(count)) {
        actor->refuses = true;
        names.append(actor->address);
    }
    return names;
}

QStringList HubActors::slow(int count, qint64 ms)
{
    QStringList names;
    for (Actor *actor : pick(count)) {
        actor->answersAfter = ms;
        names.append(actor->address);
    }
    return names;
}

void HubActors::play(qint64 now)
{
    const int some = qMax(1, m_options.count / 50);
    if (now >= m_nextMiss) {
        m_nextMiss += missEvery;
        miss(some);
    }
    if (now >= m_nextCrash) {
        m_nextCrash += crashEvery;
        crash(some, crashDown);
    }
    if (now >= m_nextLeave) {
        m_nextLeave += leaveEvery;
        leave(some);
    }
}

int HubActors::draining() const
{
    return int(std::count_if(m_actors.begin(), m_actors.end(), [](const auto &actor) { return actor->draining; }));
}

} // namespace pulsedeck::fleet
