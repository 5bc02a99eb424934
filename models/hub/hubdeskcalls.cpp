// SPDX-License-Identifier: GPL-3.0-or-later
// What a HubDesk asks of the hubs, and what became of it.
#include "models/hub/hubdeskprivate.h"

#include <algorithm>
#include <chrono>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Outcome = HubCallAnswer::Outcome;

HubLogEntry::Way wayOf(HubCall::Kind kind)
{
    switch (kind) {
    case HubCall::Kind::Tell:
        return HubLogEntry::Way::Tell;
    case HubCall::Kind::Broadcast:
        return HubLogEntry::Way::Broadcast;
    case HubCall::Kind::Publish:
        return HubLogEntry::Way::Publish;
    default:
        return HubLogEntry::Way::Ask;
    }
}

QString stepOf(const HubCallAnswer &answer)
{
    switch (answer.outcome) {
    case Outcome::Answered:
        return answer.kind == HubCall::Kind::Ask ? u"delivered"_s : u"answered"_s;
    case Outcome::Sent:
        return u"sent"_s;
    case Outcome::Refused:
        return u"refused"_s;
    case Outcome::UnknownActor:
        return u"unknown-actor"_s;
    case Outcome::Unknown:
        return u"unknown"_s;
    case Outcome::NotSent:
        break;
    }
    return u"not-sent"_s;
}

QString counted(qint64 count, const QString &word)
{
    return QString(QString::number(count) + u' ' + word + (count == 1 ? QString() : u"s"_s));
}

/// What became of it, in words.
QString resultOf(const HubCallAnswer &answer)
{
    const auto with = [&answer](const QString &words) {
        return answer.text.isEmpty() ? words : QString(words + u": "_s + answer.text);
    };
    switch (answer.outcome) {
    case Outcome::Answered:
        if (const auto *ack = answer.as<hub::DeliveryAck>()) {
            const QString word = ack->status.isEmpty() ? u"delivered"_s : ack->status;
            return u"%1 after %2 ms"_s.arg(word).arg(answer.elapsedMs);
        }
        if (const auto *ack = answer.as<hub::BroadcastAck>()) {
            return ack->failed == 0 ? QString(u"reached "_s + counted(ack->delivered, u"actor"_s))
                                    : QString(u"reached %1 of "_s.arg(ack->delivered)
                                              + counted(ack->delivered + ack->failed, u"actor"_s));
        }
        if (const auto *published = answer.as<hub::Published>())
            return counted(published->subscribers, u"subscriber"_s);
        return u"answered after %1 ms"_s.arg(answer.elapsedMs);
    case Outcome::Sent:
        return u"sent; never answered"_s;
    case Outcome::Refused:
        return with(u"refused"_s);
    case Outcome::UnknownActor:
        return with(u"unknown actor"_s);
    case Outcome::Unknown:
        return with(u"may or may not have arrived"_s);
    case Outcome::NotSent:
        break;
    }
    return with(u"not sent"_s);
}

/// Type, size and receiver of a message, for the journal: never what is in it.
QString intentOf(const HubCall &call)
{
    QString text = call.type.isEmpty() ? u"a message without a type"_s : call.type;
    text += call.data.isUndefined() ? u", no data"_s : u", %1 bytes of data"_s.arg(hubDataBytes(call));
    if (call.kind == HubCall::Kind::Publish)
        text += u", to the topic "_s + call.target;
    else if (call.kind == HubCall::Kind::Broadcast && call.capability.isEmpty())
        text += u", to every actor"_s;
    else if (call.kind == HubCall::Kind::Broadcast)
        text += u", to every actor that can "_s + call.capability;
    return text;
}

} // namespace

void HubDesk::setJournal(Journal *journal)
{
    if (d->journal == journal)
        return;
    if (d->journal)
        disconnect(d->journal, nullptr, this, nullptr);
    d->journal = journal;
    // What waited for the old one has waited enough.
    const QHash<quint64, QUuid> waiting = std::exchange(d->byToken, {});
    for (const QUuid &id : waiting) {
        if (const auto pending = d->pending.find(id); pending != d->pending.end()) {
            pending->unrecorded = pending->unrecorded || !pending->sent;
            d->release(id);
        }
    }
    if (journal) {
        connect(journal, &Journal::written, this, [this](quint64 token, bool ok) { d->onJournal(token, ok); });
    }
}

/// Why it need not even be sent; empty if it may.
QString HubDesk::Private::whyNotAsked(SourceId source, const HubCall &call)
{
    const Hub *hub = find(source);
    if (!hub)
        return u"there is no such hub"_s;
    if (call.kind != HubCall::Kind::Subscribe || hub->subscriptions.size() < mostSubscriptions)
        return {};
    const bool known = std::any_of(hub->subscriptions.begin(), hub->subscriptions.end(),
                                   [&](const HubSubscription &one) { return one.topic == call.target; });
    return known ? QString() : u"%1 topics are as many as are kept"_s.arg(mostSubscriptions);
}

QUuid HubDesk::call(SourceId source, HubCall call)
{
    if (call.id.isNull() || d->pending.contains(call.id))
        call.id = QUuid::createUuid();
    const QUuid id = call.id;
    if (const QString problem = d->whyNotAsked(source, call); !problem.isEmpty()) {
        HubCallAnswer answer;
        answer.id = id;
        answer.source = source;
        answer.kind = call.kind;
        answer.at = d->clock.nowMs();
        answer.text = problem;
        QTimer::singleShot(0, this, [this, answer] { emit answered(answer); });
        return id;
    }
    Private::Pending pending;
    pending.call = call;
    pending.source = source;
    pending.at = d->clock.nowMs();
    const bool recorded = call.sends() && d->journal;
    if (recorded)
        pending.journalToken = d->journal->nextToken();
    d->pending.insert(id, pending);
    if (call.sends()) {
        HubLogEntry entry;
        entry.at = pending.at;
        entry.way = wayOf(call.kind);
        if (call.kind == HubCall::Kind::Publish)
            entry.topic = call.target;
        else if (call.kind == HubCall::Kind::Broadcast)
            entry.peer = call.capability.isEmpty() ? u"every actor"_s : call.capability;
        else
            entry.peer = call.target;
        entry.type = call.type;
        entry.payload = call.data;
        entry.exact = call.exact;
        entry.waiting = true;
        const quint64 key = d->append(source, std::move(entry), hubDataBytes(call));
        if (const auto found = d->pending.find(id); found != d->pending.end())
            found->logKey = key;
    } else if (call.kind == HubCall::Kind::Subscribe) {
        takeSubscription(source, {call.target, HubSubscription::State::Asked, {}});
    }
    d->reviewTimer();
    if (!recorded) {
        // Not from inside the call: whoever asked learns the id first.
        QTimer::singleShot(0, this, [this, id] { d->release(id); });
        return id;
    }
    const quint64 token = pending.journalToken;
    d->byToken.insert(token, id);
    QTimer::singleShot(std::chrono::milliseconds(journalWaitMs), this, [this, token] {
        const auto waiting = d->pending.find(d->byToken.value(token));
        if (waiting == d->pending.end() || waiting->sent)
            return;
        waiting->unrecorded = true;
        d->release(waiting.key());
    });
    d->record(pending, u"requested"_s, intentOf(call), token);
    return id;
}

void HubDesk::Private::onJournal(quint64 token, bool ok)
{
    const QUuid id = byToken.take(token);
    const auto found = pending.find(id);
    if (id.isNull() || found == pending.end())
        return;
    found->unrecorded = !ok;
    // A journal may answer while it is being written to; the one who asked learns the id first.
    if (!found->sent)
        QTimer::singleShot(0, &q, [this, id] { release(id); });
}

void HubDesk::Private::release(const QUuid &id)
{
    const auto found = pending.find(id);
    if (found == pending.end() || found->sent)
        return;
    found->sent = true;
    const SourceId source = found->source;
    const HubCall call = found->call;
    emit q.callRequested(source, call);
}

void HubDesk::Private::askFigure(SourceId source, FigureIndex figure, HubCall::Kind kind)
{
    Hub *hub = find(source);
    const bool asked = hub && (hub->watched || (figure == HealthFigure && hub->isAsked()));
    if (!asked || !hub->figures[figure].underWay.isNull())
        return;
    Pending one;
    one.call.id = QUuid::createUuid();
    one.call.kind = kind;
    one.source = source;
    one.at = clock.nowMs();
    hub->figures[figure].underWay = one.call.id;
    hub->figures[figure].askedAt = one.at;
    pending.insert(one.call.id, one);
    release(one.call.id);
}

void HubDesk::takeAnswer(const HubCallAnswer &answer)
{
    d->finish(answer);
}

void HubDesk::Private::finish(const HubCallAnswer &answer)
{
    const auto found = pending.find(answer.id);
    if (found == pending.end())
        return; // Given up, and that was told.
    const Pending ended = *found;
    pending.erase(found);
    byToken.remove(ended.journalToken);
    HubCallAnswer told = answer;
    told.source = ended.source; // Whose it is, and what, is known here best.
    told.kind = ended.call.kind;
    reviewTimer();

    const SourceId source = ended.source;
    bool figures = false;
    bool subscriptions = false;
    int row = -1;
    if (Hub *hub = find(source)) {
        figures = takeFigure(*hub, told);
        subscriptions = takeSubscriptionAnswer(*hub, ended.call, told);
        row = ended.logKey > 0 ? rowOf(*hub, ended.logKey) : -1;
        if (row >= 0) {
            HubLogEntry &entry = hub->log[size_t(row)];
            entry.waiting = false;
            entry.outcome = told.outcome;
            entry.result = resultOf(told);
            if (ended.unrecorded)
                entry.result += u"; not recorded in the journal"_s;
        }
    }
    if (ended.call.sends())
        record(ended, stepOf(told), resultOf(told));
    if (figures)
        emit q.figuresChanged(source);
    if (subscriptions)
        emit q.subscriptionsChanged(source);
    if (row >= 0 && find(source))
        emit q.logChanged(source, row);
    emit q.answered(told);
}

bool HubDesk::Private::takeSubscriptionAnswer(Hub &hub, const HubCall &call, const HubCallAnswer &answer)
{
    if (call.kind != HubCall::Kind::Subscribe && call.kind != HubCall::Kind::Unsubscribe)
        return false;
    const auto found = std::find_if(hub.subscriptions.begin(), hub.subscriptions.end(),
                                    [&](const HubSubscription &one) { return one.topic == call.target; });
    if (found == hub.subscriptions.end())
        return false;
    if (call.kind == HubCall::Kind::Unsubscribe) {
        // One that never was in force is given up even if nobody could be told.
        if (!answer.ok() && found->state != HubSubscription::State::Refused)
            return false;
        hub.subscriptions.erase(found);
        return true;
    }
    if (answer.outcome == Outcome::Unknown)
        *found = {call.target, HubSubscription::State::Asked, answer.text}; // It goes on being asked for.
    else if (!answer.ok())
        *found = {call.target, HubSubscription::State::Refused, answer.text};
    else if (answer.outcome == Outcome::Answered)
        *found = {call.target, HubSubscription::State::Subscribed, {}};
    return true;
}

void HubDesk::Private::record(const Pending &one, const QString &step, const QString &text, quint64 token)
{
    if (!journal)
        return;
    JournalEntry entry;
    entry.at = clock.wallNowMs();
    entry.kind = JournalKind::Message;
    entry.source = hub(one.source).name;
    if (one.call.kind == HubCall::Kind::Ask || one.call.kind == HubCall::Kind::Tell)
        entry.worker = one.call.target.toUtf8();
    entry.command = one.call.id;
    entry.act = hubCallName(one.call.kind);
    entry.step = step;
    entry.by = operatorName;
    entry.text = text;
    journal->write({entry}, token);
}

} // namespace pulsedeck
