// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/hubwords.h"

#include "models/core/format.h"
#include "models/hub/jsontext.h"
#include "ui/common/fleetwords.h"
#include "ui/common/sourcewords.h"

#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

const QString unknown = u"–"_s;
constexpr qint64 forgetsAfterMs = 10'000;
constexpr int budgetPerSecond = 10;

bool isReachable(const Worker &worker, SourceId hub)
{
    return worker.used && worker.source == hub && worker.liveness != Liveness::Departed;
}

template <typename Visit> void forEachActor(const FleetStore &store, SourceId hub, Visit visit)
{
    for (int i = 0; i < store.capacity(); ++i) {
        const auto handle = WorkerHandle(i);
        if (isReachable(store.worker(handle), hub) && !visit(handle))
            return;
    }
}

/// Whether it has ever answered: of one that has not, nothing was seen, and nothing is said.
bool wasReached(const HubVitals &vitals)
{
    return vitals.lastAckAt > 0 || vitals.advertisedHeartbeatMs > 0 || !vitals.serverVersion.isEmpty();
}

} // namespace

HubWords heartbeatWords(const HubVitals &vitals, bool connected)
{
    HubWords words;
    if (!connected || vitals.keptHeartbeatMs <= 0) {
        words.value = connected ? unknown : QString(unknown + u" while not connected"_s);
    } else {
        words.value = u"kept every "_s + exactText(vitals.keptHeartbeatMs);
        if (vitals.measuredHeartbeatMs > 0)
            words.value += u", measured "_s + roundText(vitals.measuredHeartbeatMs);
    }
    if (vitals.advertisedHeartbeatMs > forgetsAfterMs) {
        words.note = u"The hub advertises %1, but forgets everything after 10 s without a message: so it is kept awake."_s.arg(
            exactText(vitals.advertisedHeartbeatMs));
    } else if (vitals.advertisedHeartbeatMs > 0) {
        words.note = u"The hub advertises %1."_s.arg(exactText(vitals.advertisedHeartbeatMs));
    }
    return words;
}

HubWords lastAckWords(const HubVitals &vitals, bool connected, qint64 now)
{
    if (vitals.lastAckAt <= 0)
        return {unknown, {}, false};
    const qint64 age = qMax<qint64>(0, now - vitals.lastAckAt);
    const bool late = connected && vitals.keptHeartbeatMs > 0 && age > 2 * vitals.keptHeartbeatMs;
    return {QString(durationText(age) + u" ago"_s),
            late ? u"Heartbeats are not answered: the hub may have gone or forgotten this session."_s : QString(), late};
}

HubWords roundTripWords(const HubVitals &vitals, bool connected)
{
    if (!connected || vitals.roundTripMs < 0)
        return {unknown, {}, false};
    return {roundTripText(vitals.roundTripMs), {}, false};
}

HubWords budgetWords(const HubVitals &vitals, bool connected)
{
    HubWords words;
    words.value = connected ? u"%1 of %2 messages in the last second"_s.arg(vitals.budgetUsed).arg(budgetPerSecond)
                            : QString(unknown + u" while not connected"_s);
    QStringList notes;
    if (vitals.waiting > 0)
        notes.append(countedWord(vitals.waiting, u"message"_s) + u" waiting for their turn"_s);
    if (vitals.refusedForRate > 0)
        notes.append(QString(u"Refused for the rate "_s + timesText(vitals.refusedForRate) + u"; each was sent again."_s));
    else if (wasReached(vitals))
        notes.append(u"Never refused for the rate."_s);
    words.note = notes.join(u" · "_s);
    words.trouble = vitals.refusedForRate > 0;
    return words;
}

HubWords listWords(const HubView &view, bool connected, qint64 now)
{
    if (view.wholeSince <= 0)
        return {connected ? u"being read for the first time"_s : QString(unknown + u", it was never read whole"_s), {}, false};
    HubWords words;
    words.value = u"whole list of %1 read %2 ago in %3, %4"_s.arg(
        countedWord(view.total, u"actor"_s), durationText(qMax<qint64>(0, now - view.wholeSince)),
        view.passMs < 1 ? roundTripText(view.passMs) : durationText(view.passMs), countedWord(view.pages, u"page"_s));
    QStringList notes;
    if (view.awaited > 0) {
        notes.append(u"%1 not registered again since the hub forgot everything"_s.arg(
            view.awaited == 1 ? u"1 actor has"_s : QString(groupedNumber(view.awaited) + u" actors have"_s)));
    }
    if (view.skipped > 0)
        notes.append(u"%1 could not be read"_s.arg(view.skipped == 1 ? u"1 entry"_s : u"%1 entries"_s.arg(view.skipped)));
    if (notes.isEmpty() && view.everyMs > 0)
        notes.append(u"Nothing is pushed: the list is read again every "_s + durationText(view.everyMs));
    words.note = notes.join(u" · "_s);
    words.trouble = view.awaited > 0 || view.skipped > 0;
    return words;
}

HubWords wipesWords(const HubVitals &vitals)
{
    if (vitals.wipes == 0)
        return {wasReached(vitals) ? u"none seen"_s : unknown, {}, false};
    return {u"The hub forgot everything "_s + timesText(vitals.wipes),
            u"Sessions, registrations and subscriptions were lost each time; actors that were missing then are awaited "
            u"and not "
            "called gone."_s,
            true};
}

HubWords unsoundWords(const HubVitals &vitals)
{
    if (vitals.unsound == 0)
        return {wasReached(vitals) ? u"none"_s : unknown, {}, false};
    return {countedWord(vitals.unsound, u"message"_s) + u" could not be read"_s, plainLine(vitals.lastUnsound), true};
}

HubWords registrationWords(const HubVitals &vitals, bool connected, bool writable)
{
    if (!vitals.registrationProblem.isEmpty())
        return {u"not registered"_s, plainLine(vitals.registrationProblem), true};
    if (!writable) {
        QString note = u"Actors can answer this console only while writing is unlocked."_s;
        if (connected && !vitals.identity.isEmpty() && vitals.identity != vitals.address) {
            note += u" By its token the hub takes it for %1: when that actor registers, the hub ends this session, and it "
                    "connects again."_s.arg(plainLine(vitals.identity, 120));
        }
        return {u"not registered"_s, note, false};
    }
    if (!connected || !vitals.registered)
        return {connected ? u"being registered"_s : unknown, {}, false};
    return {vitals.address.isEmpty() ? u"registered"_s : plainLine(vitals.address),
            u"Registered, so that actors can answer this console. It is not counted among the actors."_s, false};
}

HubWords healthWords(const std::optional<HubHealth> &health, qint64 at, qint64 now)
{
    if (!health)
        return {unknown, {}, false};
    const QString asked = u", asked %1 ago"_s.arg(durationText(qMax<qint64>(0, now - at)));
    if (!health->reachable)
        return {u"not reachable"_s + asked, plainLine(health->problem), true};
    HubWords words;
    words.value = (health->healthy ? u"ok"_s : u"not ok"_s) + u", answered in "_s + roundTripText(health->elapsedMs) + asked;
    words.trouble = !health->healthy;
    words.note = health->healthy ? u"Says only that the program runs. Its memory is not asked: it can be healthy and have "
                                   "forgotten everything."_s
                                 : plainLine(health->problem);
    return words;
}

HubWords queueWords(const std::optional<hub::QueueStats> &stats)
{
    if (!stats)
        return {unknown, {}, false};
    return {u"%1 waiting, %2 processed a second"_s.arg(groupedNumber(stats->depth), rateText(stats->processingRate)),
            u"Says it pauses senders at %1 and resumes at %2."_s.arg(groupedNumber(stats->pauseThreshold),
                                                                     groupedNumber(stats->resumeThreshold)),
            false};
}

QString ratesText(const std::deque<HubDesk::MetricsSample> &samples, qint64 now)
{
    const auto known =
        std::find_if(samples.rbegin(), samples.rend(), [](const auto &sample) { return sample.receivedPerSecond.has_value(); });
    if (samples.empty())
        return u"no metrics yet"_s;
    if (known == samples.rend())
        return u"one sample so far: rates need two"_s;
    return u"received %1/s, sent %2/s, errors %3/s, %4 ago"_s.arg(
        rateText(known->receivedPerSecond), rateText(known->sentPerSecond), rateText(known->errorsPerSecond),
        durationText(qMax<qint64>(0, now - known->at)));
}

std::vector<HubDifference> hubDifferences(const HubView &view, const std::optional<HubHealth> &health,
                                          const std::optional<hub::QueueStats> &stats,
                                          const std::deque<HubDesk::MetricsSample> &samples)
{
    const HubVitals &vitals = view.vitals;
    std::vector<HubDifference> all;
    if (vitals.advertisedHeartbeatMs > forgetsAfterMs && vitals.keptHeartbeatMs > 0) {
        const QString kept = u"kept every "_s + exactText(vitals.keptHeartbeatMs);
        all.push_back({u"Heartbeat"_s, u"advertised: every "_s + exactText(vitals.advertisedHeartbeatMs),
                       vitals.wipes > 0 ? QString(u"forgot everything "_s + timesText(vitals.wipes) + u"; "_s + kept)
                                        : QString(kept + u", and the session lives"_s)});
    }
    if (vitals.wipes > 0 && health && health->healthy) {
        all.push_back({u"Health"_s, u"GET /health: ok"_s, QString(u"forgot everything "_s + timesText(vitals.wipes))});
    }
    const auto busy = std::find_if(samples.rbegin(), samples.rend(),
                                   [](const auto &sample) { return sample.receivedPerSecond.value_or(0) > 0; });
    if (stats && stats->processingRate <= 0 && busy != samples.rend()) {
        all.push_back(
            {u"Queue"_s, u"processes 0 messages a second"_s, u"received %1 a second"_s.arg(rateText(busy->receivedPerSecond))});
    }
    if (vitals.refusedForRate > 0) {
        all.push_back({u"Rate limit"_s, u"documents: 100 messages a second"_s,
                       QString(u"refused above 10 a second, "_s + timesText(vitals.refusedForRate))});
    }
    if (health && !health->version.isEmpty() && !vitals.serverVersion.isEmpty() && health->version != vitals.serverVersion) {
        all.push_back({u"Version"_s, QString(u"GET /health: "_s + plainLine(health->version, 40)),
                       QString(u"at connecting: "_s + plainLine(vitals.serverVersion, 40))});
    }
    return all;
}

int reachableActors(const FleetStore &store, SourceId hub, const QString &capability)
{
    int count = 0;
    forEachActor(store, hub, [&](WorkerHandle handle) {
        const ActorFacts *actor = capability.isEmpty() ? nullptr : store.actor(handle);
        count += capability.isEmpty() || (actor && actor->capabilities.contains(capability));
        return true;
    });
    return count;
}

QStringList actorsLike(const FleetStore &store, SourceId hub, const QString &part, int most)
{
    QStringList found;
    const QByteArray wanted = part.toUtf8();
    forEachActor(store, hub, [&](WorkerHandle handle) {
        const QByteArray &id = store.worker(handle).id;
        const QString address = id.contains(wanted) ? QString::fromUtf8(id) : QString();
        // One that would not read as what it is can only be typed.
        if (!address.isEmpty() && plainLine(address, address.size()) == address)
            found.append(address);
        return found.size() < most;
    });
    found.sort();
    return found;
}

QStringList knownCapabilities(const FleetStore &store, SourceId hub, int most)
{
    QSet<QString> all;
    forEachActor(store, hub, [&](WorkerHandle handle) {
        if (const ActorFacts *actor = store.actor(handle)) {
            for (const QString &capability : actor->capabilities)
                all.insert(capability);
        }
        return all.size() < most;
    });
    QStringList sorted(all.begin(), all.end());
    sorted.sort();
    return sorted.mid(0, most);
}

} // namespace pulsedeck
