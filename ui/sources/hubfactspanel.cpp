// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/hubfactspanel.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/common/hubsourcewords.h"
#include "ui/common/sourcewords.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Actors are judged by their registrations: what is set for keys in a Redis is not theirs.
QString hubTimingNote(const TimingProfile &profile)
{
    return HubFactsPanel::tr("renewed every %1 · late after %2 · stale after %3 · registration TTL %4")
        .arg(exactText(profile.heartbeatInterval), exactText(profile.lateAfterMs()), exactText(profile.reaperStaleThreshold),
             exactText(profile.hubActorTtl));
}

} // namespace

HubFactsPanel::HubFactsPanel(QWidget *parent)
    : FactLines({tr("Address"), tr("Token"), tr("Encryption"), tr("Hub"), tr("Actors"), tr("Clock"), tr("Timing in force"),
                 tr("Writing")},
                parent)
{
    setObjectName(u"hubFacts"_s);
    showAsId(Address);
    setCaptionsLeft(tr("Message budget")); // The widest of the facts that the hub panel shows below these.
}

void HubFactsPanel::setFacts(const SourceSettings &settings, const SourceStatus &status, const HubView &view,
                             const WriteAccess &access, int actors)
{
    const bool connected = status.isConnected();
    const HubVitals &vitals = view.vitals;
    set(Address, settings.address() + settings.path, settings.demo ? tr("the embedded demo hub") : QString());
    set(Token, hubTokenWords(settings));
    set(Encryption, settings.tls ? tr("TLS") : tr("none"),
        settings.tls && !settings.caFile.isEmpty()
            ? tr("trusting %1 besides the system").arg(QFileInfo(settings.caFile).fileName())
            : QString());
    set(Hub, status.server, vitals.maxActors > 0 ? tr("takes %1 actors").arg(groupedNumber(vitals.maxActors)) : QString());
    QString actorsNote;
    if (!connected && actors > 0)
        actorsNote = tr("as they were when the connection ended");
    else if (view.awaited > 0)
        actorsNote = tr("of these %1 not registered again yet")
                         .arg(view.awaited == 1 ? tr("1 has") : tr("%1 have").arg(groupedNumber(view.awaited)));
    set(Actors, groupedNumber(actors), actorsNote);
    set(Skew, status.clockKnown ? offsetText(shownOffsetMs(status.clockOffsetMs)) : QString(), tr("hub against this computer"));
    // Of a hub that was never reached the values are assumed: that is no fact.
    const bool reached = connected || status.lostAt > 0 || !status.server.isEmpty() || vitals.advertisedHeartbeatMs > 0;
    set(Timing, reached ? status.timing.name : QString(), reached ? hubTimingNote(status.timing) : QString());
    set(Writing, writingWords(settings, status, access));
    setLimits(tr("Limits of this hub"), status.limits, missingRights(status));
}

} // namespace pulsedeck
