// SPDX-License-Identifier: GPL-3.0-or-later
// What a HubDesk knows: views, figures, subscriptions and the log. What it asks is in hubdeskcalls.cpp.
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
constexpr qint64 freshMs = 1'000; ///< Who looks away and back at once asks nothing anew.

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

} // namespace pulsedeck
