// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/factspanel.h"

#include "models/core/format.h"
#include "models/fleet/liveness.h"
#include "ui/common/fleetwords.h"
#include "ui/common/sourcewords.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QString timingNote(const TimingProfile &profile)
{
    if (profile.assumed)
        return FactsPanel::tr("late after %1, stale after %2 of a worker's own intervals")
            .arg(QString::number(1.5), QString::number(staleIntervals));
    return FactsPanel::tr("heartbeat %1 · late after %2 · stale after %3 · key TTL %4")
        .arg(exactText(profile.heartbeatInterval), exactText(profile.lateAfterMs()), exactText(profile.reaperStaleThreshold),
             exactText(profile.workerKeyTtl));
}

} // namespace

FactsPanel::FactsPanel(QWidget *parent)
    : FactLines({tr("Address"), tr("Login"), tr("Encryption"), tr("Server"), tr("Workers"), tr("Updates"), tr("Rate"),
                 tr("Round trip"), tr("Lag"), tr("Clock"), tr("Timing in force"), tr("Writing")},
                parent)
{
    showAsId(Address);
    setCaptionsLeft(tr("Timing in force"));
}

void FactsPanel::setFacts(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access, int workers,
                          qint64 now)
{
    const bool connected = status.isConnected();
    const bool steady = connected && status.state != SourceState::Loading;
    set(Address, settings.address(), settings.demo ? tr("the embedded demo fleet") : QString());
    QString login = settings.user.isEmpty() ? tr("default user") : tr("user %1").arg(settings.user);
    if (settings.user.isEmpty() && settings.password.isEmpty())
        login = tr("none");
    set(Login, login, settings.password.isEmpty() ? QString() : tr("with a password, kept until Pulsedeck closes"));
    const bool network = settings.socketPath.isEmpty();
    set(Encryption,
        !network       ? QString()
        : settings.tls ? tr("TLS")
                       : tr("none"),
        settings.tls && !settings.caFile.isEmpty()
            ? tr("trusting %1 besides the system").arg(QFileInfo(settings.caFile).fileName())
            : QString());
    set(Server, status.server);
    set(Workers, connected ? sourceCountText(status, workers) : tr("unknown"),
        status.isCountUnknown() && connected
            ? tr("workers cannot be found, see below; %1 are known by their counters").arg(groupedNumber(workers))
        : connected || workers == 0 ? QString()
        : status.isCutOff()         ? tr("%1 when its master was lost").arg(groupedNumber(workers))
                                    : tr("%1 when the connection ended").arg(groupedNumber(workers)));
    if (status.state == SourceState::Live)
        set(Updates, tr("push"), tr("client tracking announces every change"));
    else if (status.state == SourceState::Sweeping)
        set(Updates, tr("sweep every %1").arg(durationText(status.sweepEveryMs)),
            looksSeldom(status)
                ? tr("new workers are seen within %1, as looking for them costs the server much; last looked %2 ago")
                      .arg(durationText(status.findEveryMs), status.foundAt > 0 ? spanText(now - status.foundAt) : tr("never"))
                : tr("push is not to be had; the whole fleet is read"));
    else
        set(Updates, connected ? sourceStateText(status, now) : QString());
    set(Rate, steady ? QString(rateText(status.updatesPerSecond) + u"/s"_s) : QString(), tr("workers read"));
    set(RoundTrip, steady && status.roundTripMs != unknownValue ? roundTripText(status.roundTripMs) : QString());
    set(Lag, steady && status.lagMs != unknownValue ? durationText(status.lagMs) : QString(),
        tr("from a change in Redis to here"));
    set(Skew, status.clockKnown ? offsetText(shownOffsetMs(status.clockOffsetMs)) : QString(), tr("Redis against this computer"));
    set(Timing, status.timing.assumed ? tr("measured") : status.timing.name, timingNote(status.timing));
    set(Writing, writingWords(settings, status, access));
    setLimits(tr("Limits of this account or server"), status.allLimits() + missingRights(status));
}

} // namespace pulsedeck
