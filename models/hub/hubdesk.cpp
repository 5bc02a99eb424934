// SPDX-License-Identifier: GPL-3.0-or-later
// What a HubDesk knows: views, figures, subscriptions and the log.
#include "models/commands/commandwords.h"
#include "models/core/format.h"
#include "models/hub/hubcommand.h"
#include "models/hub/hubdeskprivate.h"

#include <algorithm>
#include <chrono>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// The clock decides what is due, not the timer.
constexpr std::chrono::milliseconds lookEvery(250);
constexpr std::chrono::milliseconds lookCalmly(1'000); ///< Nobody watches and nothing is awaited.
constexpr qint64 returnedMs = 5'000; ///< A hub that comes back within so long is not asked for its health at once.
constexpr qint64 freshMs = 1'000; ///< Who looks away and back at once asks nothing again.

/// Messages a second between two counts of one window, nothing if it ran backwards.
std::optional<double> rate(qint64 before, qint64 now, qint64 ms)
{
    if (now < before)
        return std::nullopt;
    return double(now - before) * 1000.0 / double(ms);
}

HubLogEntry::Way wayOf(HubMail::Way way)
{
    switch (way) {
    case HubMail::Way::Broadcast:
        return HubLogEntry::Way::ReceivedBroadcast;
    case HubMail::Way::Publication:
        return HubLogEntry::Way::Publication;
    case HubMail::Way::Forwarded:
        break;
    }
    return HubLogEntry::Way::Received;
}

} // namespace

HubDesk::HubDesk(const Clock &clock, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, clock))
{
    connect(&d->timer, &QTimer::timeout, this, [this] { d->look(); });
}

HubDesk::~HubDesk() = default;

void HubDesk::setOperator(const QString &by)
{
    d->operatorName = by;
}

// Hubs ----------------------------------------------------------------------------------------------------------------

const HubDesk::Private::Hub &HubDesk::Private::hub(SourceId source) const
{
    static const Hub none;
    const auto found = hubs.find(source);
    return found == hubs.end() ? none : found->second;
}

HubDesk::Private::Hub *HubDesk::Private::find(SourceId source)
{
    const auto found = hubs.find(source);
    return found == hubs.end() ? nullptr : &found->second;
}

void HubDesk::addHub(SourceId source, const QString &name)
{
    const bool isNew = d->hubs.find(source) == d->hubs.end();
    d->hubs[source].name = name;
    if (!isNew)
        return;
    d->hubs[source].view.source = source;
    emit hubAdded(source);
}

void HubDesk::removeHub(SourceId source)
{
    if (!d->find(source))
        return;
    QList<HubCallAnswer> ended;
    for (auto pending = d->pending.cbegin(); pending != d->pending.cend(); ++pending) {
        if (pending->source != source)
            continue;
        HubCallAnswer answer;
        answer.id = pending.key();
        answer.source = source;
        answer.kind = pending->call.kind;
        answer.at = d->clock.nowMs();
        answer.outcome = pending->sent ? HubCallAnswer::Outcome::Unknown : HubCallAnswer::Outcome::NotSent;
        answer.text = u"the hub was removed"_s;
        ended.append(answer);
    }
    for (const HubCallAnswer &answer : std::as_const(ended))
        d->finish(answer);
    if (const Private::Hub *hub = d->find(source)) {
        for (const HubLogEntry &entry : hub->log)
            d->commands.remove(entry.command);
    }
    if (d->hubs.erase(source) == 0)
        return;
    d->reviewTimer();
    emit hubRemoved(source);
}

bool HubDesk::isHub(SourceId source) const
{
    return d->find(source) != nullptr;
}

std::vector<SourceId> HubDesk::hubs() const
{
    std::vector<SourceId> all;
    for (const auto &[source, hub] : d->hubs)
        all.push_back(source);
    return all;
}

const HubView &HubDesk::view(SourceId source) const
{
    return d->hub(source).view;
}

const std::optional<HubHealth> &HubDesk::health(SourceId source) const
{
    return d->hub(source).health;
}

qint64 HubDesk::healthAt(SourceId source) const
{
    return d->hub(source).healthAt;
}

const std::deque<HubDesk::MetricsSample> &HubDesk::metrics(SourceId source) const
{
    return d->hub(source).metrics;
}

const std::optional<hub::QueueStats> &HubDesk::queueStats(SourceId source) const
{
    return d->hub(source).queueStats;
}

const std::vector<HubSubscription> &HubDesk::subscriptions(SourceId source) const
{
    return d->hub(source).subscriptions;
}

const std::deque<HubLogEntry> &HubDesk::log(SourceId source) const
{
    return d->hub(source).log;
}

quint64 HubDesk::dropped(SourceId source) const
{
    return d->hub(source).dropped;
}

QString HubDesk::figuresProblem(SourceId source) const
{
    const auto &figures = d->hub(source).figures;
    for (const auto figure : {Private::MetricsFigure, Private::QueueFigure, Private::HealthFigure}) {
        if (!figures[figure].problem.isEmpty())
            return figures[figure].problem;
    }
    return {};
}

void HubDesk::takeView(const HubView &view)
{
    Private::Hub *hub = d->find(view.source);
    if (!hub)
        return;
    const bool came = view.connected && !hub->view.connected;
    const bool went = !view.connected && hub->view.connected;
    hub->view = view;
    if (came) {
        // One that comes and goes is not asked each time.
        Private::Figure &health = hub->figures[Private::HealthFigure];
        if (d->clock.nowMs() - health.askedAt >= returnedMs)
            health.askedAt = 0;
    }
    if (came || went)
        d->reviewTimer();
    emit viewChanged(view.source);
    if (came)
        d->look();
}

// Figures -------------------------------------------------------------------------------------------------------------

void HubDesk::setWatched(SourceId source, bool watched)
{
    Private::Hub *hub = d->find(source);
    if (!hub || hub->watched == watched)
        return;
    hub->watched = watched;
    if (watched) {
        for (Private::Figure &figure : hub->figures) {
            if (d->clock.nowMs() - figure.askedAt >= freshMs)
                figure.askedAt = 0;
        }
    }
    d->reviewTimer();
    if (watched)
        d->look();
}

void HubDesk::Private::reviewTimer()
{
    const bool watched = std::any_of(hubs.begin(), hubs.end(), [](const auto &hub) { return hub.second.watched; });
    const bool asked = std::any_of(hubs.begin(), hubs.end(), [](const auto &hub) { return hub.second.isAsked(); });
    const bool prompt = watched || !pending.isEmpty();
    if (!prompt && !asked) {
        timer.stop();
        return;
    }
    const std::chrono::milliseconds every = prompt ? lookEvery : lookCalmly;
    if (!timer.isActive() || timer.intervalAsDuration() != every)
        timer.start(every);
}

void HubDesk::Private::look()
{
    struct Due
    {
        SourceId source;
        FigureIndex figure;
        HubCall::Kind kind;
    };
    const qint64 now = clock.nowMs();
    std::vector<Due> due; // Asked after the loop: what hears of it may add and remove hubs.
    for (const auto &[source, hub] : hubs) {
        if (!hub.isAsked())
            continue;
        const auto review = [&, id = source, &figures = hub.figures](FigureIndex index, HubCall::Kind kind, int every) {
            const Figure &figure = figures[index];
            if (figure.underWay.isNull() && (figure.askedAt == 0 || now - figure.askedAt >= every))
                due.push_back({id, index, kind});
        };
        review(HealthFigure, HubCall::Kind::Health, hub.watched ? healthEveryMs : healthCalmMs);
        if (!hub.watched)
            continue;
        review(MetricsFigure, HubCall::Kind::Metrics, metricsEveryMs);
        review(QueueFigure, HubCall::Kind::QueueStats, healthEveryMs);
    }
    for (const Due &one : due)
        askFigure(one.source, one.figure, one.kind);

    QList<HubCallAnswer> late;
    for (auto one = pending.cbegin(); one != pending.cend(); ++one) {
        if (now - one->at < answerWaitMs)
            continue;
        HubCallAnswer answer;
        answer.id = one.key();
        answer.source = one->source;
        answer.kind = one->call.kind;
        answer.at = now;
        answer.elapsedMs = now - one->at;
        answer.outcome = HubCallAnswer::Outcome::Unknown;
        answer.text = u"no answer came"_s;
        late.append(answer);
    }
    for (const HubCallAnswer &answer : std::as_const(late))
        finish(answer);
}

/// True if the answer is one of the figures'.
bool HubDesk::Private::takeFigure(Hub &hub, const HubCallAnswer &answer)
{
    FigureIndex index = FigureCount;
    if (answer.kind == HubCall::Kind::Health)
        index = HealthFigure;
    else if (answer.kind == HubCall::Kind::Metrics)
        index = MetricsFigure;
    else if (answer.kind == HubCall::Kind::QueueStats)
        index = QueueFigure;
    else
        return false;
    Figure &figure = hub.figures[index];
    if (figure.underWay == answer.id)
        figure.underWay = {};
    figure.problem = answer.ok() ? QString() : answer.text;
    const qint64 at = answer.at > 0 ? answer.at : clock.nowMs();
    if (const auto *health = answer.as<HubHealth>()) {
        hub.health = *health;
        hub.healthAt = at;
        figure.problem = health->healthy ? QString() : health->problem;
    }
    if (const auto *metrics = answer.as<hub::Metrics>())
        addMetrics(hub, *metrics, at);
    if (const auto *stats = answer.as<hub::QueueStats>())
        hub.queueStats = *stats;
    return true;
}

void HubDesk::Private::addMetrics(Hub &hub, const hub::Metrics &metrics, qint64 at)
{
    MetricsSample sample;
    sample.at = at;
    sample.metrics = metrics;
    if (!hub.metrics.empty()) {
        const hub::Metrics &before = hub.metrics.back().metrics;
        // The hub's own times where it tells them: how long an answer was under way does not bend the rate.
        const bool timed = metrics.timestamp > 0 && before.timestamp > 0;
        const qint64 ms = timed ? metrics.timestamp - before.timestamp : at - hub.metrics.back().at;
        if (metrics.windowStart == before.windowStart && ms > 0) {
            sample.receivedPerSecond = rate(before.received, metrics.received, ms);
            sample.sentPerSecond = rate(before.sent, metrics.sent, ms);
            sample.errorsPerSecond = rate(before.errors, metrics.errors, ms);
        }
    }
    hub.metrics.push_back(sample);
    while (hub.metrics.size() > mostMetrics)
        hub.metrics.pop_front();
}

// Log and subscriptions -----------------------------------------------------------------------------------------------

int HubDesk::Private::rowOf(const Hub &hub, quint64 key) const
{
    const auto found = std::lower_bound(hub.log.begin(), hub.log.end(), key,
                                        [](const HubLogEntry &entry, quint64 wanted) { return entry.key < wanted; });
    return found != hub.log.end() && found->key == key ? int(found - hub.log.begin()) : -1;
}

quint64 HubDesk::Private::append(SourceId source, HubLogEntry entry, qint64 bytes)
{
    Hub &hub = hubs.at(source);
    entry.key = ++lastKey;
    const quint64 key = entry.key;
    int gaveWay = 0;
    while (!hub.log.empty() && (hub.log.size() >= mostMessages || hub.bytes + bytes > mostPayloadBytes)) {
        hub.bytes -= hub.logBytes.front();
        if (!hub.log.front().command.isNull())
            commands.remove(hub.log.front().command);
        hub.log.pop_front();
        hub.logBytes.pop_front();
        ++gaveWay;
    }
    hub.dropped += quint64(gaveWay);
    hub.bytes += bytes;
    hub.log.push_back(std::move(entry));
    hub.logBytes.push_back(bytes);
    emit q.logAppended(source, int(hub.log.size()) - 1, gaveWay);
    return key;
}

void HubDesk::takeMail(const HubMail &mail)
{
    if (!d->find(mail.source))
        return;
    HubLogEntry entry;
    entry.at = mail.at > 0 ? mail.at : d->clock.nowMs();
    entry.way = wayOf(mail.way);
    entry.peer = mail.from;
    entry.topic = mail.topic;
    entry.type = mail.type;
    entry.payload = mail.payload;
    entry.cut = mail.cut;
    d->append(mail.source, std::move(entry), mail.cut ? hubDataBytes(mail.payload) : mail.bytes);
}

void HubDesk::takeSubscription(SourceId source, const HubSubscription &subscription)
{
    Private::Hub *hub = d->find(source);
    if (!hub)
        return;
    const auto found = std::find_if(hub->subscriptions.begin(), hub->subscriptions.end(),
                                    [&](const HubSubscription &one) { return one.topic == subscription.topic; });
    if (found != hub->subscriptions.end())
        *found = subscription;
    else if (hub->subscriptions.size() < mostSubscriptions)
        hub->subscriptions.push_back(subscription);
    emit subscriptionsChanged(source);
}

// What a HubDesk asks of the hubs, and what became of it.

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
            return ack->failed == 0
                       ? QString(u"reached "_s + countedWord(ack->delivered, u"actor"_s))
                       : QString(u"reached %1 of "_s.arg(ack->delivered) + countedWord(ack->delivered + ack->failed, u"actor"_s));
        }
        if (const auto *published = answer.as<hub::Published>())
            return countedWord(published->subscribers, u"subscriber"_s);
        return QString(u"answered after "_s + roundTripText(answer.elapsedMs));
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

// What the ledger sends to actors of hubs, in the logs of the desk. The ledger has it in the journal already.

namespace {

/// In the terms of a message: only what is amiss is told apart.
HubCallAnswer::Outcome outcomeOf(const CommandEntry &entry)
{
    switch (entry.stage) {
    case CommandStage::Refused:
        if (entry.refusal == Refusal::NotConnected || entry.refusal == Refusal::ReadOnlySource)
            return Outcome::NotSent;
        return entry.refusal == Refusal::KeyGone || entry.refusal == Refusal::RegistrationExpired ? Outcome::UnknownActor
                                                                                                  : Outcome::Refused;
    case CommandStage::Unknown:
    case CommandStage::Lost:
    case CommandStage::Overdue:
        return Outcome::Unknown;
    default:
        return Outcome::Answered;
    }
}

/// "delivered", "picked up: answered by the actor", "refused: not registered".
QString resultOf(const CommandEntry &entry)
{
    QStringList words{stageText(entry.stage)};
    if (entry.stage == CommandStage::Refused && entry.text.isEmpty())
        words.append(refusalText(entry));
    else if (saysUnanswered(entry.note)) // It says itself that it was delivered.
        words = {entry.text};
    else if (!entry.text.isEmpty())
        words.append(entry.text);
    return words.join(u": "_s);
}

} // namespace

void HubDesk::setLedger(CommandLedger *ledger)
{
    if (d->ledger)
        d->ledger->disconnect(this);
    d->ledger = ledger;
    if (!ledger)
        return;
    connect(ledger, &CommandLedger::carryOut, this,
            [this](SourceId source, const QList<Command> &commands) { d->noteCommands(source, commands); });
    connect(ledger, &CommandLedger::entriesChanged, this, [this](const std::vector<quint64> &keys) { d->noteStages(keys); });
}

void HubDesk::Private::noteCommands(SourceId source, const QList<Command> &all)
{
    for (const Command &command : all) {
        if (!actRow(command.act).message)
            continue; // There is no such message.
        if (!find(source)) // Looked for each time: whoever hears of one may remove its hub.
            return;
        HubLogEntry entry;
        entry.at = clock.nowMs();
        entry.way = HubLogEntry::Way::Command;
        entry.peer = QString::fromUtf8(command.worker);
        entry.type = hubCommandType(command.act);
        entry.payload = hubCommandData(command);
        entry.command = command.id;
        entry.waiting = true;
        const qint64 bytes = hubDataBytes(entry.payload);
        commands.insert(command.id, {source, lastKey + 1});
        append(source, std::move(entry), bytes);
    }
}

void HubDesk::Private::noteStages(const std::vector<quint64> &keys)
{
    for (const quint64 key : keys) {
        const CommandEntry *entry = ledger ? ledger->entry(key) : nullptr;
        const auto place = entry ? commands.constFind(entry->command.id) : commands.constEnd();
        if (place == commands.constEnd())
            continue;
        const SourceId source = place->first;
        Hub *hub = find(source);
        const int row = hub ? rowOf(*hub, place->second) : -1;
        if (row < 0)
            continue;
        HubLogEntry &line = hub->log[size_t(row)];
        line.waiting = entry->stage == CommandStage::Requested;
        line.outcome = outcomeOf(*entry);
        line.result = resultOf(*entry);
        emit q.logChanged(source, row);
    }
}

} // namespace pulsedeck
