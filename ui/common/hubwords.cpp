// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/hubwords.h"

#include "models/core/format.h"
#include "models/hub/jsontext.h"
#include "ui/common/fleetwords.h"
#include "ui/common/sourcewords.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

class HubTexts
{
    Q_DECLARE_TR_FUNCTIONS(HubTexts)
};

const QString unknown = u"–"_s;
constexpr qint64 forgetsAfterMs = 10'000;
constexpr int budgetPerSecond = 10;

QString notConnected()
{
    return HubTexts::tr("%1 while not connected").arg(unknown);
}

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
    const QString kept = exactText(vitals.keptHeartbeatMs);
    if (!connected || vitals.keptHeartbeatMs <= 0)
        words.value = connected ? unknown : notConnected();
    else if (vitals.measuredHeartbeatMs > 0)
        words.value = HubTexts::tr("sent every %1, measured %2").arg(kept, roundText(vitals.measuredHeartbeatMs));
    else
        words.value = HubTexts::tr("sent every %1").arg(kept);
    const QString advertised = exactText(vitals.advertisedHeartbeatMs);
    if (vitals.advertisedHeartbeatMs > forgetsAfterMs)
        words.note = HubTexts::tr("The hub advertises %1, but forgets everything after 10 s without a message.").arg(advertised);
    else if (vitals.advertisedHeartbeatMs > 0)
        words.note = HubTexts::tr("The hub advertises %1.").arg(advertised);
    return words;
}

HubWords lastAckWords(const HubVitals &vitals, bool connected, qint64 now)
{
    if (vitals.lastAckAt <= 0)
        return {unknown, {}, false};
    const qint64 age = qMax<qint64>(0, now - vitals.lastAckAt);
    const bool late = connected && vitals.keptHeartbeatMs > 0 && age > 2 * vitals.keptHeartbeatMs;
    return {HubTexts::tr("%1 ago").arg(durationText(age)),
            late ? HubTexts::tr("Heartbeats are not answered: the hub may be down or may have forgotten this session.")
                 : QString(),
            late};
}

HubWords roundTripWords(const HubVitals &vitals, bool connected)
{
    return {connected && vitals.roundTripMs >= 0 ? roundTripText(vitals.roundTripMs) : unknown, {}, false};
}

HubWords budgetWords(const HubVitals &vitals, bool connected)
{
    HubWords words;
    words.value = connected ? HubTexts::tr("%1 of %2 messages in the last second").arg(vitals.budgetUsed).arg(budgetPerSecond)
                            : notConnected();
    QStringList notes;
    if (vitals.waiting > 0)
        notes.append(HubTexts::tr("%Ln message(s) waiting to be sent", nullptr, vitals.waiting));
    if (vitals.refusedForRate > 0)
        notes.append(HubTexts::tr("Refused for the rate %1; each message was sent again.").arg(timesText(vitals.refusedForRate)));
    else if (wasReached(vitals))
        notes.append(HubTexts::tr("Never refused for the rate."));
    words.note = notes.join(u" · "_s);
    words.trouble = vitals.refusedForRate > 0;
    return words;
}

HubWords listWords(const HubView &view, bool connected, qint64 now)
{
    if (view.wholeSince <= 0)
        return {connected ? HubTexts::tr("being read for the first time")
                          : HubTexts::tr("%1, the list was never read to its end").arg(unknown),
                {},
                false};
    HubWords words;
    words.value =
        HubTexts::tr("list of %1 read %2 ago in %3, %4")
            .arg(HubTexts::tr("%Ln actor(s)", nullptr, int(view.total)), durationText(qMax<qint64>(0, now - view.wholeSince)),
                 view.passMs < 1 ? roundTripText(view.passMs) : durationText(view.passMs),
                 HubTexts::tr("%Ln page(s)", nullptr, view.pages));
    QStringList notes;
    if (view.awaited > 0)
        notes.append(
            HubTexts::tr("%Ln actor(s) (has/have) not registered again since the hub forgot everything", nullptr, view.awaited));
    if (view.skipped > 0)
        notes.append(HubTexts::tr("%Ln entr(y/ies) could not be read", nullptr, view.skipped));
    if (notes.isEmpty() && view.everyMs > 0)
        notes.append(HubTexts::tr("A hub pushes no changes: the list is read again every %1").arg(durationText(view.everyMs)));
    words.note = notes.join(u" · "_s);
    words.trouble = view.awaited > 0 || view.skipped > 0;
    return words;
}

HubWords wipesWords(const HubVitals &vitals)
{
    if (vitals.wipes == 0)
        return {wasReached(vitals) ? HubTexts::tr("none seen") : unknown, {}, false};
    return {
        HubTexts::tr("The hub forgot everything %1").arg(timesText(vitals.wipes)),
        HubTexts::tr("Sessions, registrations and subscriptions were lost each time. Actors that were missing afterwards were "
                     "awaited and not counted as gone."),
        true};
}

HubWords unreadableWords(const HubVitals &vitals)
{
    if (vitals.unreadable == 0)
        return {wasReached(vitals) ? HubTexts::tr("none") : unknown, {}, false};
    return {HubTexts::tr("%Ln message(s) could not be read", nullptr, int(vitals.unreadable)), plainLine(vitals.whyUnreadable),
            true};
}

HubWords registrationWords(const HubVitals &vitals, bool connected, bool writable)
{
    if (!vitals.registrationProblem.isEmpty())
        return {HubTexts::tr("not registered"), plainLine(vitals.registrationProblem), true};
    if (!writable) {
        const bool known = connected && !vitals.identity.isEmpty() && vitals.identity != vitals.address;
        return {HubTexts::tr("not registered"),
                known ? HubTexts::tr(
                            "Actors can answer this console only while writing is unlocked. By its token the hub takes it for "
                            "%1: when that actor registers, the hub ends this session, and the console connects again.")
                            .arg(plainLine(vitals.identity, 120))
                      : HubTexts::tr("Actors can answer this console only while writing is unlocked."),
                false};
    }
    if (!connected || !vitals.registered)
        return {connected ? HubTexts::tr("being registered") : unknown, {}, false};
    return {vitals.address.isEmpty() ? HubTexts::tr("registered") : plainLine(vitals.address),
            HubTexts::tr("Registered, so that actors can answer this console. It is not counted among the actors."), false};
}

HubWords healthWords(const std::optional<HubHealth> &health, qint64 at, qint64 now)
{
    if (!health)
        return {unknown, {}, false};
    const QString asked = durationText(qMax<qint64>(0, now - at));
    if (!health->reachable)
        return {HubTexts::tr("not reachable, checked %1 ago").arg(asked), plainLine(health->problem), true};
    const QString answered = health->healthy ? HubTexts::tr("ok, answered in %1, checked %2 ago")
                                             : HubTexts::tr("not ok, answered in %1, checked %2 ago");
    return {answered.arg(roundTripText(health->elapsedMs), asked),
            health->healthy
                ? HubTexts::tr("Reports only that the program is running: it can be healthy and have forgotten everything.")
                : plainLine(health->problem),
            !health->healthy};
}

HubWords queueWords(const std::optional<hub::QueueStats> &stats)
{
    if (!stats)
        return {unknown, {}, false};
    return {HubTexts::tr("%1 waiting, %2 processed per second").arg(groupedNumber(stats->depth), rateText(stats->processingRate)),
            HubTexts::tr("Reports that it pauses senders at %1 and resumes at %2.")
                .arg(groupedNumber(stats->pauseThreshold), groupedNumber(stats->resumeThreshold)),
            false};
}

QString ratesText(const std::deque<HubMetricsSample> &samples, qint64 now)
{
    const auto known =
        std::find_if(samples.rbegin(), samples.rend(), [](const auto &sample) { return sample.receivedPerSecond.has_value(); });
    if (samples.empty())
        return HubTexts::tr("no metrics yet");
    if (known == samples.rend())
        return HubTexts::tr("one sample so far: rates need two");
    return HubTexts::tr("received %1/s, sent %2/s, errors %3/s, %4 ago")
        .arg(rateText(known->receivedPerSecond), rateText(known->sentPerSecond), rateText(known->errorsPerSecond),
             durationText(qMax<qint64>(0, now - known->at)));
}

std::vector<HubDifference> hubDifferences(const HubView &view, const std::optional<HubHealth> &health,
                                          const std::optional<hub::QueueStats> &stats,
                                          const std::deque<HubMetricsSample> &samples)
{
    const HubVitals &vitals = view.vitals;
    const QString wiped = HubTexts::tr("forgot everything %1").arg(timesText(vitals.wipes));
    std::vector<HubDifference> all;
    if (vitals.advertisedHeartbeatMs > forgetsAfterMs && vitals.keptHeartbeatMs > 0) {
        const QString kept = exactText(vitals.keptHeartbeatMs);
        all.push_back({HubTexts::tr("Heartbeat"),
                       HubTexts::tr("advertised: every %1").arg(exactText(vitals.advertisedHeartbeatMs)),
                       vitals.wipes > 0 ? HubTexts::tr("%1; sent every %2").arg(wiped, kept)
                                        : HubTexts::tr("sent every %1, and the session is kept").arg(kept)});
    }
    if (vitals.wipes > 0 && health && health->healthy)
        all.push_back({HubTexts::tr("Health"), HubTexts::tr("%1: ok").arg(u"GET /health"_s), wiped});
    const auto busy = std::find_if(samples.rbegin(), samples.rend(),
                                   [](const auto &sample) { return sample.receivedPerSecond.value_or(0) > 0; });
    if (stats && stats->processingRate <= 0 && busy != samples.rend()) {
        all.push_back({HubTexts::tr("Queue"), HubTexts::tr("0 messages processed per second"),
                       HubTexts::tr("%1 received per second").arg(rateText(busy->receivedPerSecond))});
    }
    if (vitals.refusedForRate > 0) {
        all.push_back({HubTexts::tr("Rate limit"), HubTexts::tr("documented: 100 messages per second"),
                       HubTexts::tr("refused above 10 per second, %1").arg(timesText(vitals.refusedForRate))});
    }
    if (health && !health->version.isEmpty() && !vitals.serverVersion.isEmpty() && health->version != vitals.serverVersion) {
        all.push_back({HubTexts::tr("Version"), HubTexts::tr("%1: %2").arg(u"GET /health"_s, plainLine(health->version, 40)),
                       HubTexts::tr("when connecting: %1").arg(plainLine(vitals.serverVersion, 40))});
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
