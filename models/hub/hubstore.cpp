// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/hub/hubstore.h"

#include "models/commands/commandledger.h"
#include "models/journal/journal.h"
#include "models/sources/hubprotocol.h"

#include <algorithm>
#include <chrono>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Outcome = HubCallAnswer::Outcome;

// The clock decides what is due, not the timer.
constexpr std::chrono::milliseconds pollEvery(250);
constexpr std::chrono::milliseconds pollCalmly(1'000); ///< Nobody watches and nothing is awaited.
constexpr qint64 returnedMs = 5'000; ///< A hub that comes back within so long is not asked for its health at once.
constexpr qint64 freshMs = 1'000; ///< Looking away and back at once requests nothing again.

auto findTopic(std::vector<HubSubscription> &subscriptions, const QString &topic)
{
    return std::find_if(subscriptions.begin(), subscriptions.end(),
                        [&](const HubSubscription &one) { return one.topic == topic; });
}

} // namespace

HubStore::HubStore(const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
{
    connect(&m_timer, &QTimer::timeout, this, &HubStore::poll);
}

HubStore::~HubStore() = default;

void HubStore::setOperator(const QString &by)
{
    m_operator = by;
}

// Hubs ----------------------------------------------------------------------------------------------------------------

const HubStore::Hub &HubStore::hub(SourceId source) const
{
    static const Hub none;
    const auto found = m_hubs.find(source);
    return found == m_hubs.end() ? none : found->second;
}

HubStore::Hub *HubStore::find(SourceId source)
{
    const auto found = m_hubs.find(source);
    return found == m_hubs.end() ? nullptr : &found->second;
}

void HubStore::addHub(SourceId source, const QString &name)
{
    const auto [place, isNew] = m_hubs.try_emplace(source);
    place->second.name = name;
    if (!isNew)
        return;
    place->second.view.source = source;
    emit hubAdded(source);
}

void HubStore::removeHub(SourceId source)
{
    if (!find(source))
        return;
    QList<HubCallAnswer> ended;
    for (auto one = m_pending.cbegin(); one != m_pending.cend(); ++one) {
        if (one->source == source)
            ended.append(
                answerFor(one->call, source, one->sent ? Outcome::Unknown : Outcome::NotSent, tr("the hub was removed")));
    }
    for (const HubCallAnswer &answer : std::as_const(ended))
        takeAnswer(answer);
    if (m_hubs.erase(source) == 0)
        return;
    reviewTimer();
    emit hubRemoved(source);
}

bool HubStore::has(SourceId source) const
{
    return m_hubs.contains(source);
}

std::vector<SourceId> HubStore::hubs() const
{
    std::vector<SourceId> all;
    for (const auto &[source, hub] : m_hubs)
        all.push_back(source);
    return all;
}

void HubStore::takeView(const HubView &view)
{
    Hub *hub = find(view.source);
    if (!hub)
        return;
    const bool came = view.connected && !hub->view.connected;
    const bool went = !view.connected && hub->view.connected;
    hub->view = view;
    if (came)
        hub->figures.expireHealth(m_clock.nowMs(), returnedMs); // One that comes and goes is not asked each time.
    if (came || went)
        reviewTimer();
    emit viewChanged(view.source);
    if (came)
        poll();
}

// Figures -------------------------------------------------------------------------------------------------------------

void HubStore::setWatched(SourceId source, bool watched)
{
    Hub *hub = find(source);
    if (!hub || hub->watched == watched)
        return;
    hub->watched = watched;
    if (watched)
        hub->figures.expire(m_clock.nowMs(), freshMs);
    reviewTimer();
    if (watched)
        poll();
}

void HubStore::reviewTimer()
{
    const bool watched = std::any_of(m_hubs.begin(), m_hubs.end(), [](const auto &hub) { return hub.second.watched; });
    const bool polled = std::any_of(m_hubs.begin(), m_hubs.end(), [](const auto &hub) { return hub.second.isPolled(); });
    const bool prompt = watched || !m_pending.isEmpty();
    if (!prompt && !polled) {
        m_timer.stop();
        return;
    }
    const std::chrono::milliseconds every = prompt ? pollEvery : pollCalmly;
    if (!m_timer.isActive() || m_timer.intervalAsDuration() != every)
        m_timer.start(every);
}

void HubStore::poll()
{
    const qint64 now = m_clock.nowMs();
    // Requested after the loop: what a slot does may add and remove hubs.
    std::vector<std::pair<SourceId, HubCall::Kind>> due;
    for (const auto &[source, hub] : m_hubs) {
        if (!hub.isPolled())
            continue;
        for (const HubCall::Kind kind : hub.figures.due(now, hub.watched))
            due.emplace_back(source, kind);
    }
    for (const auto &[source, kind] : due)
        requestFigure(source, kind);

    QList<HubCallAnswer> late;
    for (auto one = m_pending.cbegin(); one != m_pending.cend(); ++one) {
        if (now - one->at < answerWaitMs)
            continue;
        late.append(answerFor(one->call, one->source, Outcome::Unknown, tr("no answer came")));
        late.last().elapsedMs = now - one->at;
    }
    for (const HubCallAnswer &answer : std::as_const(late))
        takeAnswer(answer);
}

void HubStore::requestFigure(SourceId source, HubCall::Kind kind)
{
    Hub *hub = find(source);
    const bool wanted = hub && (hub->watched || (kind == HubCall::Kind::Health && hub->isPolled()));
    if (!wanted || hub->figures.isUnderWay(kind))
        return;
    Pending one;
    one.call.id = QUuid::createUuid();
    one.call.kind = kind;
    one.source = source;
    one.at = m_clock.nowMs();
    hub->figures.setRequested(kind, one.call.id, one.at);
    m_pending.insert(one.call.id, one);
    release(one.call.id);
}

// Log and subscriptions -----------------------------------------------------------------------------------------------

quint64 HubStore::append(SourceId source, HubLogEntry entry, qint64 bytes)
{
    const quint64 key = ++m_lastKey;
    entry.key = key;
    if (entry.at <= 0)
        entry.at = m_clock.nowMs();
    HubLog &log = m_hubs.at(source).log;
    const int gaveWay = log.append(std::move(entry), bytes);
    emit logAppended(source, int(log.entries().size()) - 1, gaveWay);
    return key;
}

void HubStore::takeActorMessage(const ActorMessage &message)
{
    if (find(message.source))
        append(message.source, HubLogEntry::received(message), message.cut ? hubDataBytes(message.payload) : message.bytes);
}

void HubStore::takeSubscription(SourceId source, const HubSubscription &subscription)
{
    Hub *hub = find(source);
    if (!hub)
        return;
    const auto found = findTopic(hub->subscriptions, subscription.topic);
    if (found != hub->subscriptions.end())
        *found = subscription;
    else if (hub->subscriptions.size() < mostSubscriptions)
        hub->subscriptions.push_back(subscription);
    emit subscriptionsChanged(source);
}

// Calls ---------------------------------------------------------------------------------------------------------------

HubCallAnswer HubStore::answerFor(const HubCall &call, SourceId source, Outcome outcome, const QString &text) const
{
    HubCallAnswer answer;
    answer.id = call.id;
    answer.source = source;
    answer.kind = call.kind;
    answer.at = m_clock.nowMs();
    answer.outcome = outcome;
    answer.text = text;
    return answer;
}

void HubStore::setJournal(Journal *journal)
{
    if (m_journal == journal)
        return;
    if (m_journal)
        disconnect(m_journal, nullptr, this, nullptr);
    m_journal = journal;
    // What waited for the old one has waited enough.
    const QHash<quint64, QUuid> waiting = std::exchange(m_byToken, {});
    for (const QUuid &id : waiting) {
        if (const auto one = m_pending.find(id); one != m_pending.end()) {
            one->unrecorded = one->unrecorded || !one->sent;
            release(id);
        }
    }
    if (journal)
        connect(journal, &Journal::written, this, &HubStore::onJournal);
}

/// Why it need not even be sent; empty if it may.
QString HubStore::whyNotAsked(SourceId source, const HubCall &call)
{
    Hub *hub = find(source);
    if (!hub)
        return tr("there is no such hub");
    if (call.kind != HubCall::Kind::Subscribe || hub->subscriptions.size() < mostSubscriptions
        || findTopic(hub->subscriptions, call.target) != hub->subscriptions.end())
        return {};
    return tr("no more than %Ln topic(s) can be subscribed", nullptr, int(mostSubscriptions));
}

QUuid HubStore::call(SourceId source, HubCall call)
{
    if (call.id.isNull() || m_pending.contains(call.id))
        call.id = QUuid::createUuid();
    const QUuid id = call.id;
    if (const QString problem = whyNotAsked(source, call); !problem.isEmpty()) {
        QTimer::singleShot(0, this,
                           [this, answer = answerFor(call, source, Outcome::NotSent, problem)] { emit answered(answer); });
        return id;
    }
    Pending pending;
    pending.call = call;
    pending.source = source;
    pending.at = m_clock.nowMs();
    const bool recorded = call.sends() && m_journal;
    if (recorded)
        pending.journalToken = m_journal->nextToken();
    m_pending.insert(id, pending);
    if (call.sends()) {
        const quint64 key = append(source, HubLogEntry::sent(call), hubDataBytes(call));
        if (const auto found = m_pending.find(id); found != m_pending.end())
            found->logKey = key;
    } else if (call.kind == HubCall::Kind::Subscribe) {
        takeSubscription(source, {call.target, HubSubscription::State::Asked, {}});
    }
    reviewTimer();
    if (!recorded) {
        // Not from inside the call: the caller gets the id first.
        QTimer::singleShot(0, this, [this, id] { release(id); });
        return id;
    }
    const quint64 token = pending.journalToken;
    m_byToken.insert(token, id);
    QTimer::singleShot(std::chrono::milliseconds(journalWaitMs), this, [this, token] {
        const auto waiting = m_pending.find(m_byToken.value(token));
        if (waiting == m_pending.end() || waiting->sent)
            return;
        waiting->unrecorded = true;
        release(waiting.key());
    });
    record(pending, u"requested"_s, hubIntentText(call), token);
    return id;
}

void HubStore::onJournal(quint64 token, bool ok)
{
    const QUuid id = m_byToken.take(token);
    const auto found = m_pending.find(id);
    if (id.isNull() || found == m_pending.end())
        return;
    found->unrecorded = !ok;
    // A journal may answer while it is being written to; the caller gets the id first.
    if (!found->sent)
        QTimer::singleShot(0, this, [this, id] { release(id); });
}

void HubStore::release(const QUuid &id)
{
    const auto found = m_pending.find(id);
    if (found == m_pending.end() || found->sent)
        return;
    found->sent = true;
    const SourceId source = found->source;
    const HubCall call = found->call;
    emit callRequested(source, call);
}

void HubStore::takeAnswer(const HubCallAnswer &answer)
{
    const auto found = m_pending.find(answer.id);
    if (found == m_pending.end())
        return; // Given up, and reported as that.
    const Pending ended = *found;
    m_pending.erase(found);
    m_byToken.remove(ended.journalToken);
    HubCallAnswer told = answer;
    told.source = ended.source; // Whose it is, and what, is known here best.
    told.kind = ended.call.kind;
    reviewTimer();

    const SourceId source = ended.source;
    const QString result = hubAnswerText(told);
    bool figures = false;
    bool subscriptions = false;
    int row = -1;
    if (Hub *hub = find(source)) {
        figures = hub->figures.take(told, m_clock.nowMs());
        subscriptions = takeSubscriptionAnswer(*hub, ended.call, told);
        row = hub->log.rowOf(ended.logKey);
        if (row >= 0) {
            HubLogEntry &entry = hub->log.entry(row);
            entry.waiting = false;
            entry.outcome = told.outcome;
            entry.result = ended.unrecorded ? tr("%1; not recorded in the journal").arg(result) : result;
        }
    }
    if (ended.call.sends())
        record(ended, hubStepName(told), result);
    if (figures)
        emit figuresChanged(source);
    if (subscriptions)
        emit subscriptionsChanged(source);
    if (row >= 0 && find(source))
        emit logChanged(source, row);
    emit answered(told);
}

bool HubStore::takeSubscriptionAnswer(Hub &hub, const HubCall &call, const HubCallAnswer &answer)
{
    using State = HubSubscription::State;
    if (call.kind != HubCall::Kind::Subscribe && call.kind != HubCall::Kind::Unsubscribe)
        return false;
    const auto found = findTopic(hub.subscriptions, call.target);
    if (found == hub.subscriptions.end())
        return false;
    if (call.kind == HubCall::Kind::Unsubscribe) {
        // One that was never in force is given up even if the hub could not be reached.
        if (!answer.ok() && found->state != State::Refused)
            return false;
        hub.subscriptions.erase(found);
        return true;
    }
    if (answer.outcome == Outcome::Unknown)
        *found = {call.target, State::Asked, answer.text}; // It goes on being asked for.
    else if (!answer.ok())
        *found = {call.target, State::Refused, answer.text};
    else if (answer.outcome == Outcome::Answered)
        *found = {call.target, State::Subscribed, {}};
    return true;
}

void HubStore::record(const Pending &one, const QString &step, const QString &text, quint64 token)
{
    if (!m_journal)
        return;
    JournalEntry entry;
    entry.at = m_clock.wallNowMs();
    entry.kind = JournalKind::Message;
    entry.source = hub(one.source).name;
    if (one.call.kind == HubCall::Kind::Ask || one.call.kind == HubCall::Kind::Tell)
        entry.worker = one.call.target.toUtf8();
    if (!entry.worker.isEmpty())
        entry.facts.insert(journalKindFact, hubTraits()->fullKind());
    entry.command = one.call.id;
    entry.act = hubCallName(one.call.kind);
    entry.step = step;
    entry.by = m_operator;
    entry.text = text;
    m_journal->write({entry}, token);
}

// Commands. The ledger has them in the journal already. -----------------------------------------------------------------

void HubStore::setLedger(CommandLedger *ledger)
{
    if (m_ledger)
        m_ledger->disconnect(this);
    m_ledger = ledger;
    if (!ledger)
        return;
    connect(ledger, &CommandLedger::carryOut, this, &HubStore::noteCommands);
    connect(ledger, &CommandLedger::entriesChanged, this, &HubStore::noteStages);
}

void HubStore::noteCommands(SourceId source, const QList<Command> &commands)
{
    for (const Command &command : commands) {
        if (!actRow(command.act).message)
            continue; // There is no such message.
        if (!find(source)) // Looked up each time: a slot may remove the hub.
            return;
        HubLogEntry entry = HubLogEntry::ofCommand(command);
        const qint64 bytes = hubDataBytes(entry.payload);
        append(source, std::move(entry), bytes);
    }
}

void HubStore::noteStages(const std::vector<quint64> &keys)
{
    for (const quint64 key : keys) {
        const CommandEntry *entry = m_ledger ? m_ledger->entry(key) : nullptr;
        Hub *hub = entry ? find(entry->command.source) : nullptr;
        const int row = hub ? hub->log.rowOfCommand(entry->command.id) : -1;
        if (row < 0)
            continue;
        HubLogEntry &line = hub->log.entry(row);
        line.waiting = entry->stage == CommandStage::Requested;
        line.outcome = hubCommandOutcome(*entry);
        line.result = hubCommandText(*entry);
        emit logChanged(entry->command.source, row);
    }
}

} // namespace pulsedeck
