// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/hub/hubcallhandler.h"

#include "app/hub/hubconnection.h"
#include "app/hub/hubhealth.h"
#include "models/protocol/command.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Kind = HubCall::Kind;
using Outcome = HubCallAnswer::Outcome;

Outcome outcomeOf(HubAnswer::Outcome outcome)
{
    switch (outcome) {
    case HubAnswer::Outcome::Answered:
        return Outcome::Answered;
    case HubAnswer::Outcome::Sent:
        return Outcome::Sent;
    case HubAnswer::Outcome::Refused:
        return Outcome::Refused;
    case HubAnswer::Outcome::UnknownActor:
        return Outcome::UnknownActor;
    case HubAnswer::Outcome::TimedOut:
    case HubAnswer::Outcome::Lost:
        return Outcome::Unknown;
    case HubAnswer::Outcome::NotSent:
    case HubAnswer::Outcome::TooLarge:
        return Outcome::NotSent;
    }
    return Outcome::NotSent;
}

template <typename... Bodies> void takeBody(HubCallAnswer &answer, const HubAnswer &told)
{
    const auto take = [&](const auto *body) {
        if (body)
            answer.body = *body;
    };
    (take(told.as<Bodies>()), ...);
}

} // namespace

HubCallHandler::HubCallHandler(SourceId source, const HubAddress &hub, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_source(source)
    , m_hub(hub)
    , m_clock(clock)
{ }

HubCallHandler::~HubCallHandler() = default;

void HubCallHandler::setConnection(HubConnection *connection)
{
    m_connection = connection;
    if (m_connection) {
        connect(m_connection, &HubConnection::subscriptionChanged, this, &HubCallHandler::onSubscription);
        const QList<QString> topics = m_topics.keys();
        for (const QString &topic : topics)
            m_connection->subscribe(topic);
        return;
    }
    const QList<QString> topics = m_subscribing.keys();
    for (const QString &topic : topics)
        finishSubscribing(topic, Outcome::NotSent, tr("not connected"));
    finishHealth(Outcome::NotSent, nullptr, tr("not connected"));
    if (HubHealthProbe *const health = std::exchange(m_health, nullptr)) {
        health->disconnect(this);
        health->deleteLater(); // It may be its answer that led here.
    }
    onUnregistered();
}

void HubCallHandler::setWritable(bool writable)
{
    m_writable = writable;
}

void HubCallHandler::onUnregistered()
{
    const QList<QString> topics = m_topics.keys();
    for (const QString &topic : topics) {
        if (m_topics.value(topic).state != HubSubscription::State::Refused)
            setTopic(topic, HubSubscription::State::Asked, m_writable ? QString() : refusalText(Refusal::ReadOnlySource));
    }
}

/// What the hub would refuse without a reason a person understands, or not answer at all.
QString HubCallHandler::whyRefused(const HubCall &call) const
{
    if ((call.sends() || call.kind == Kind::Subscribe) && !m_writable)
        return refusalText(Refusal::ReadOnlySource);
    const bool topic = call.kind == Kind::Publish || call.kind == Kind::Subscribe || call.kind == Kind::Unsubscribe;
    const bool needsTarget = topic || call.kind == Kind::Ask || call.kind == Kind::Tell;
    if (needsTarget && call.target.isEmpty())
        return topic ? tr("no topic is given") : tr("no actor is given");
    if (call.kind == Kind::Discover && call.target.isEmpty())
        return tr("no pattern is given; * stands for all");
    if (call.target.size() > HubMessage::maxAddress || call.capability.size() > HubMessage::maxAddress)
        return tr("no more than %Ln character(s) (is/are) allowed", nullptr, int(HubMessage::maxAddress));
    if (call.sends() && call.type.isEmpty())
        return tr("the message has no type");
    return {};
}

void HubCallHandler::call(const HubCall &call)
{
    const qint64 now = m_clock.nowMs();
    if (const QString why = whyRefused(call); !why.isEmpty())
        answer(call, now, Outcome::Refused, why);
    else if (call.kind == Kind::Unsubscribe)
        unsubscribe(call);
    else if (!m_connection)
        answer(call, now, Outcome::NotSent, tr("not connected"));
    else if (call.kind == Kind::Health)
        askHealth(call);
    else if (m_connection->state() != HubConnection::State::Ready)
        answer(call, now, Outcome::NotSent, tr("not connected"));
    else if (call.kind == Kind::Subscribe)
        subscribe(call);
    else
        request(call);
}

void HubCallHandler::request(const HubCall &call)
{
    const auto toWire = [&call] {
        switch (call.kind) {
        case Kind::QueueStats:
            return HubRequest::queueStats();
        case Kind::Discover:
            return HubRequest::discover(call.target, call.capability);
        case Kind::Ask:
            return HubRequest::ask(call.target, call.type, call.data);
        case Kind::Tell:
            return HubRequest::tell(call.target, call.type, call.data);
        case Kind::Broadcast:
            return HubRequest::broadcast(call.type, call.data, call.excludeSelf, call.capability);
        case Kind::Publish:
            return HubRequest::publish(call.target, call.type, call.data);
        default:
            return HubRequest::metrics();
        }
    };
    HubRequest request = toWire();
    request.setExactData(call.exact);
    m_connection->request(std::move(request),
                          [this, call, since = m_clock.nowMs()](const HubAnswer &told) { answer(call, since, told); });
}

// Topics --------------------------------------------------------------------------------------------------------------

void HubCallHandler::subscribe(const HubCall &call)
{
    const QString topic = call.target;
    const qint64 now = m_clock.nowMs();
    const auto known = m_topics.constFind(topic);
    if (known != m_topics.constEnd() && known->state == HubSubscription::State::Subscribed) {
        answer(call, now, Outcome::Answered);
        return;
    }
    if (known == m_topics.constEnd() && m_topics.size() >= mostTopics) {
        answer(call, now, Outcome::Refused, tr("no more than %Ln topic(s) can be subscribed", nullptr, mostTopics));
        return;
    }
    m_subscribing[topic].push_back({call, now});
    setTopic(topic, HubSubscription::State::Asked, {});
    m_connection->subscribe(topic);
    QTimer::singleShot(subscribeLimitMs, this, [this, topic, id = call.id] { giveUp(topic, id); });
}

/// The topic stays asked for and is subscribed as soon as it can be: only the call ends.
void HubCallHandler::giveUp(const QString &topic, const QUuid &id)
{
    const auto found = m_subscribing.find(topic);
    if (found == m_subscribing.end())
        return;
    const auto one = std::find_if(found->begin(), found->end(), [&id](const Pending &p) { return p.call.id == id; });
    if (one == found->end())
        return;
    const Pending pending = *one;
    found->erase(one);
    QString why = tr("the hub did not answer in time");
    if (m_connection && !m_connection->isRegistered()) {
        const QString problem = m_connection->vitals().registrationProblem;
        why = problem.isEmpty() ? tr("it waits for this console's address to be registered")
                                : tr("it waits for this console's address to be registered: %1").arg(problem);
    }
    answer(pending.call, pending.since, Outcome::Unknown, why);
}

void HubCallHandler::unsubscribe(const HubCall &call)
{
    m_topics.remove(call.target);
    finishSubscribing(call.target, Outcome::Refused, tr("it was unsubscribed"));
    if (m_connection)
        m_connection->unsubscribe(call.target);
    answer(call, m_clock.nowMs(), Outcome::Sent);
}

void HubCallHandler::onSubscription(const QString &topic, bool subscribed, const QString &problem)
{
    if (!m_topics.contains(topic))
        return;
    using State = HubSubscription::State;
    setTopic(topic, subscribed ? State::Subscribed : State::Refused, problem);
    finishSubscribing(topic, subscribed ? Outcome::Answered : Outcome::Refused, problem);
}

void HubCallHandler::setTopic(const QString &topic, HubSubscription::State state, const QString &problem)
{
    const HubSubscription subscription{topic, state, problem};
    m_topics.insert(topic, subscription);
    emit subscriptionChanged(m_source, subscription);
}

void HubCallHandler::finishSubscribing(const QString &topic, Outcome outcome, const QString &text)
{
    const std::vector<Pending> all = m_subscribing.take(topic);
    for (const Pending &one : all)
        answer(one.call, one.since, outcome, text);
}

// Health --------------------------------------------------------------------------------------------------------------

void HubCallHandler::askHealth(const HubCall &call)
{
    if (!m_health) {
        m_health = new HubHealthProbe(m_hub, this);
        connect(m_health, &HubHealthProbe::answered, this,
                [this](const HubHealth &health) { finishHealth(Outcome::Answered, &health, {}); });
    }
    m_healthCalls.push_back({call, m_clock.nowMs()});
    m_health->ask();
}

void HubCallHandler::finishHealth(Outcome outcome, const HubHealth *health, const QString &text)
{
    const std::vector<Pending> all = std::exchange(m_healthCalls, {});
    for (const Pending &one : all) {
        HubCallAnswer told = answerTo(one.call, one.since);
        told.outcome = outcome;
        told.text = text;
        if (health) {
            told.elapsedMs = health->elapsedMs;
            told.body = *health;
        }
        emit answered(told);
    }
}

// Answers -------------------------------------------------------------------------------------------------------------

HubCallAnswer HubCallHandler::answerTo(const HubCall &call, qint64 since) const
{
    HubCallAnswer told;
    told.id = call.id;
    told.source = m_source;
    told.kind = call.kind;
    told.at = m_clock.nowMs();
    told.elapsedMs = qMax<qint64>(0, told.at - since);
    return told;
}

void HubCallHandler::answer(const HubCall &call, qint64 since, Outcome outcome, const QString &text)
{
    HubCallAnswer told = answerTo(call, since);
    told.outcome = outcome;
    told.text = text;
    emit answered(told);
}

void HubCallHandler::answer(const HubCall &call, qint64 since, const HubAnswer &answer)
{
    HubCallAnswer told = answerTo(call, since);
    told.outcome = outcomeOf(answer.outcome);
    told.text = answer.text();
    if (answer.outcome == HubAnswer::Outcome::Answered) {
        told.elapsedMs = answer.elapsedMs;
        takeBody<hub::Metrics, hub::QueueStats, hub::Discovered, hub::DeliveryAck, hub::BroadcastAck, hub::Published>(told,
                                                                                                                      answer);
    }
    emit answered(told);
}

} // namespace pulsedeck
