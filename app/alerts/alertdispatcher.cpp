// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/alerts/alertdispatcher.h"

#include "models/alerts/alertjson.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Alertmanager, which takes an alert for over that it does not hear of again.
bool forgets(const AlertOutlet &outlet)
{
    return outlet.kind == AlertOutlet::Kind::Webhook && outlet.format == AlertOutlet::Format::Alertmanager;
}

} // namespace

AlertDispatcher::AlertDispatcher(AlertEngine &engine, const Clock &clock, const AlertPace &pace, QObject *parent)
    : QObject(parent)
    , m_engine(engine)
    , m_clock(clock)
    , m_pace(pace)
{
    connect(&engine, &AlertEngine::happened, this, &AlertDispatcher::take);
    connect(&engine, &AlertEngine::unsilenced, this, &AlertDispatcher::fire);
    reload();
}

AlertDispatcher::~AlertDispatcher() = default;

void AlertDispatcher::reload()
{
    std::vector<std::unique_ptr<AlertQueue>> queues;
    for (const AlertOutlet &outlet : m_engine.plan().outlets) {
        const auto same =
            std::find_if(m_queues.begin(), m_queues.end(), [&](const auto &queue) { return queue && queue->outlet() == outlet; });
        if (same != m_queues.end()) {
            queues.push_back(std::move(*same));
            continue;
        }
        queues.push_back(std::make_unique<AlertQueue>(outlet, m_pace));
        AlertQueue *queue = queues.back().get();
        connect(queue, &AlertQueue::attempted, this,
                [this, name = outlet.name](const AlertAttempt &attempt) { emit attempted(name, attempt); });
        if (outlet.repeatMs > 0) {
            auto *timer = new QTimer(queue);
            connect(timer, &QTimer::timeout, this, [this, queue] { repeat(queue); });
            timer->start(int(outlet.repeatMs));
        }
    }
    m_queues = std::move(queues);
}

void AlertDispatcher::take(const QString &id, AlertGroups::Event event)
{
    switch (event) {
    case AlertGroups::Event::Fired:
        fire(id);
        break;
    case AlertGroups::Event::Changed:
        grow(id);
        break;
    case AlertGroups::Event::Resolved: {
        const Sent sent = m_sent.take(id);
        const std::optional<Alert> alert = m_engine.alert(id);
        if (!alert || sent.outlets.isEmpty())
            break;
        Alert over = *alert;
        // Too few of a group may be left, and pending again.
        if (over.state != AlertState::Resolved) {
            over.state = AlertState::Resolved;
            over.firedAt = sent.firedAt;
            over.resolvedAt = m_clock.nowMs();
        }
        send(over, QStringList(sent.outlets.begin(), sent.outlets.end()));
        break;
    }
    case AlertGroups::Event::Pending:
    case AlertGroups::Event::Dropped:
        break;
    }
}

void AlertDispatcher::fire(const QString &id)
{
    const std::optional<Alert> alert = m_engine.alert(id);
    if (!alert || !alert->isFiring() || alert->isSilenced() || !isMine(*alert))
        return;
    Sent &sent = m_sent[id];
    sent.at = m_clock.nowMs();
    sent.firedAt = alert->firedAt;
    QStringList called;
    for (const QString &outlet : alert->rule.outlets) {
        const AlertQueue *queue = queueOf(outlet);
        if (!queue)
            continue;
        sent.outlets.insert(outlet);
        // One that was acknowledged before a restart, or while it was silenced.
        if (!alert->acknowledged || forgets(queue->outlet()))
            called.append(outlet);
    }
    send(*alert, called);
}

void AlertDispatcher::setTurns(const SendingTurns *turns)
{
    if (m_turns)
        m_turns->disconnect(this);
    m_turns = turns;
    if (m_turns)
        connect(m_turns, &SendingTurns::taken, this, &AlertDispatcher::takeOver);
}

/// What the other program has sent is not known here.
void AlertDispatcher::takeOver()
{
    for (const Alert &alert : m_engine.calling()) {
        if (!m_sent.contains(alert.id))
            fire(alert.id);
    }
}

/// One about several sources, each with a sender of its own, is sent by all of them: none may be lost.
bool AlertDispatcher::isMine(const Alert &alert) const
{
    const auto mine = [this](SourceId source) { return m_turns->isMine(source); };
    return !m_turns || alert.sourceIds.empty() || std::any_of(alert.sourceIds.begin(), alert.sourceIds.end(), mine);
}

/// Those that come in a burst are told together, a moment after the first one. What was another program's alone may be about a
/// source of ours now: then it is told for the first time.
void AlertDispatcher::grow(const QString &id)
{
    const auto sent = m_sent.find(id);
    if (sent == m_sent.end()) {
        fire(id);
        return;
    }
    if (sent->outlets.isEmpty() || sent->waits)
        return;
    sent->waits = true;
    const qint64 due = sent->at + (sent->grew ? m_pace.growAgainMs : m_pace.growMs);
    QTimer::singleShot(int(std::max<qint64>(0, due - m_clock.nowMs())), this, [this, id] {
        const auto known = m_sent.find(id);
        const std::optional<Alert> alert = m_engine.alert(id);
        if (known == m_sent.end() || !alert || !alert->isFiring())
            return;
        known->waits = false;
        known->grew = true;
        known->at = m_clock.nowMs();
        if (!alert->isSilenced() && isMine(*alert))
            send(*alert, QStringList(known->outlets.begin(), known->outlets.end()));
    });
}

void AlertDispatcher::send(const Alert &alert, const QStringList &outlets)
{
    for (const QString &name : outlets) {
        if (AlertQueue *queue = queueOf(name))
            queue->add(alert.id, alertMessage(alert, queue->outlet().format, name, m_clock));
    }
}

void AlertDispatcher::repeat(AlertQueue *queue)
{
    const AlertOutlet &outlet = queue->outlet();
    for (const Alert &alert : m_engine.calling()) {
        if (m_sent.value(alert.id).outlets.contains(outlet.name) && (forgets(outlet) || !alert.acknowledged) && isMine(alert))
            queue->add(alert.id, alertMessage(alert, outlet.format, outlet.name, m_clock));
    }
}

AlertQueue *AlertDispatcher::queueOf(const QString &outlet) const
{
    const auto queue =
        std::find_if(m_queues.begin(), m_queues.end(), [&](const auto &one) { return one->outlet().name == outlet; });
    return queue == m_queues.end() ? nullptr : queue->get();
}

QMap<QString, AlertOutletState> AlertDispatcher::states() const
{
    QMap<QString, AlertOutletState> states;
    for (const auto &queue : m_queues)
        states.insert(queue->outlet().name, queue->state());
    return states;
}

bool AlertDispatcher::isIdle() const
{
    return std::all_of(m_queues.begin(), m_queues.end(), [](const auto &queue) { return queue->isIdle(); });
}

bool AlertDispatcher::sendTest(const QString &outlet)
{
    AlertQueue *queue = queueOf(outlet);
    if (!queue)
        return false;
    Alert alert;
    alert.rule.name = u"test"_s;
    alert.rule.title = tr("A test of this outlet: nothing is wrong");
    alert.rule.finding = alert.rule.title;
    alert.group = tr("Pulsedeck");
    alert.id = Alert::idOf(alert.rule.name, alert.group);
    alert.state = AlertState::Resolved; // Nobody is to be called by it for long.
    alert.since = alert.lastAt = alert.firedAt = alert.resolvedAt = m_clock.nowMs();
    queue->add(alert.id, alertMessage(alert, queue->outlet().format, outlet, m_clock));
    return true;
}

} // namespace pulsedeck
