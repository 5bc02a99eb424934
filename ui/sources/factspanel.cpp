// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/factspanel.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/liveness.h"
#include "models/layouts/layoutcatalog.h"
#include "models/layouts/layouttraits.h"
#include "ui/common/fleetwords.h"
#include "ui/common/hubsourcewords.h"
#include "ui/common/sourcewords.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace pulsedeck {

FactsPanel::FactsPanel(bool ofHub, QWidget *parent)
    : FactLines({tr("Address"), tr("Login"), tr("Encryption"), ofHub ? tr("Hub") : tr("Server"), tr("Workers"), tr("Systems"),
                 tr("Updates"), tr("Rate"), tr("Round trip"), tr("Lag"), tr("Clock"), tr("Timing in force"), tr("Writing")},
                parent)
    , m_ofHub(ofHub)
{
    showAsId(Address);
    showWrapped(Systems);
    showWrapped(Timing);
    // Of a hub: the widest of the facts that the hub panel shows below these.
    setCaptionsLeft(ofHub ? tr("Message budget") : tr("Timing in force"));
    if (ofHub)
        setObjectName(u"hubFacts"_s);
}

void FactsPanel::setFacts(const SourceSettings &settings, const SourceStatus &status, const WriteAccess &access, int workers,
                          qint64 now, const HubView &view)
{
    const HubVitals &vitals = view.vitals;
    set(Address, settings.addressWith(settings.has(SourceField::Path) ? settings.path : QString()),
        settings.ssh.isSet() ? wayWords(settings.ssh)
        : !settings.demo     ? QString()
        : m_ofHub            ? tr("the embedded demo hub")
                             : tr("the embedded demo fleet"));
    setCaption(Secret, settings.has(SourceField::Token) ? tr("Token") : tr("Login"));
    setCaption(Workers, capitalised(traitText(settings.traits()->workers)));
    if (settings.has(SourceField::Token))
        set(Secret, hubTokenWords(settings));
    else
        setLogin(settings);
    set(Encryption,
        !settings.has(SourceField::Encryption) || !settings.socketPath.isEmpty() ? QString()
        : settings.tls                                                           ? tr("TLS")
                                                                                 : tr("none"),
        settings.tls ? encryptionNote(settings, status.certificateUntil) : QString());
    set(Server, status.server, vitals.maxActors > 0 ? tr("takes %1 actors").arg(groupedNumber(vitals.maxActors)) : QString());
    if (m_ofHub)
        setActors(status, workers, view.awaited);
    else
        setWorkers(status, workers);
    setSystems(settings, status);
    setUpdates(status, now);
    set(Skew, status.clockKnown ? offsetText(shownOffsetMs(status.clockOffsetMs)) : QString(),
        tr("of the server against this computer"));
    // Of a hub that was never reached the values are assumed: that is no fact.
    const bool reached =
        !m_ofHub || status.isConnected() || status.lostAt > 0 || !status.server.isEmpty() || vitals.advertisedHeartbeatMs > 0;
    setTiming(status, reached);
    set(Writing, writingWords(settings, status, access));
    if (m_ofHub)
        setLimits(tr("Limits of this hub"), status.limits, missingRights(status));
    else
        setLimits(tr("Limits of this account or server"), status.allLimits() + missingRights(status));
}

QString FactsPanel::wayWords(const SshRoute &way)
{
    return way.jump.isEmpty() ? tr("through the SSH host %1").arg(way.host)
                              : tr("through the SSH host %1, by %2", "a host, and jump hosts").arg(way.host, way.jump);
}

/// \a until: when the server's certificate ends, Unix ms; 0: not known.
QString FactsPanel::encryptionNote(const SourceSettings &settings, qint64 until)
{
    const TlsOptions &options = settings.tlsOptions;
    QStringList notes;
    if (!options.fingerprints.isEmpty())
        notes.append(tr("the certificate is trusted by its fingerprint"));
    else if (!settings.caFile.isEmpty())
        notes.append(tr("trusting %1 in addition to the system").arg(QFileInfo(settings.caFile).fileName()));
    if (!options.certFile.isEmpty())
        notes.append(tr("presenting %1").arg(QFileInfo(options.certFile).fileName()));
    if (until > 0)
        notes.append(tr("the server's certificate ends %1").arg(wallDateTimeText(until)));
    return notes.join(u" · "_s);
}

void FactsPanel::setLogin(const SourceSettings &settings)
{
    const QString login = !settings.has(SourceField::Login)                                ? QString()
                          : !settings.user.isEmpty()                                       ? tr("user %1").arg(settings.user)
                          : settings.password.isEmpty() && settings.passwordFrom.isGiven() ? tr("none")
                                                                                           : tr("default user");
    set(Secret, login,
        !settings.passwordFrom.isGiven() ? tr("with the password in %1").arg(settings.passwordFrom.text())
        : settings.password.isEmpty()    ? QString()
                                         : tr("with a password, kept until Pulsedeck closes"));
}

void FactsPanel::setWorkers(const SourceStatus &status, int workers)
{
    const bool connected = status.isConnected();
    set(Workers, connected ? sourceCountText(status, workers) : tr("unknown"),
        status.isCountUnknown() && connected
            ? tr("workers cannot be found, see below; %1 are known by their counters").arg(groupedNumber(workers))
        : connected || workers == 0 ? QString()
        : status.isCutOff()         ? tr("%1 when its master was lost").arg(groupedNumber(workers))
                                    : tr("%1 when the connection ended").arg(groupedNumber(workers)));
}

/// The systems that were found there; nothing where none was looked for.
void FactsPanel::setSystems(const SourceSettings &settings, const SourceStatus &status)
{
    QStringList watched;
    QStringList others;
    for (const FoundSystem &system : status.systems)
        (system.watched ? watched : others)
            .append(system.note.isEmpty()
                        ? system.title
                        : tr("%1 (%2)", "a system and what is to be said of it").arg(system.title, system.note));
    watched.removeDuplicates();
    QStringList off;
    for (auto one = settings.systems.begin(); one != settings.systems.end(); ++one) {
        const Layout *const layout = LayoutCatalog::inUse().find(one.key());
        if (!one->on)
            off.append(layout ? layout->title : one.key());
    }
    QStringList unknown;
    for (const UnknownBeats &beats : status.look.unknown)
        unknown.append(visibleText(QString::fromUtf8(beats.keys)));
    QStringList notes;
    if (!others.isEmpty())
        notes.append(tr("found and not shown: %1").arg(others.join(u", "_s)));
    if (!off.isEmpty())
        notes.append(tr("switched off: %1").arg(off.join(u", "_s)));
    if (!unknown.isEmpty())
        notes.append(tr("of no known system: %1").arg(unknown.join(u", "_s)));
    set(Systems,
        !watched.isEmpty() || status.look.commands == 0 ? watched.join(u", "_s)
        : others.isEmpty()                              ? tr("none was found")
                                                        : tr("none that is shown"),
        notes.join(u" · "_s));
}

void FactsPanel::setActors(const SourceStatus &status, int actors, int awaited)
{
    set(Workers, groupedNumber(actors),
        !status.isConnected() && actors > 0 ? tr("as they were when the connection ended")
        : awaited > 0                       ? tr("%Ln of these (has/have) not registered again yet", nullptr, awaited)
                                            : QString());
}

/// How changes come, and how fast. What a hub says of that is in its own panel.
void FactsPanel::setUpdates(const SourceStatus &status, qint64 now)
{
    const bool steady = !m_ofHub && status.isConnected() && status.state != SourceState::Loading;
    if (m_ofHub) {
        set(Updates, QString());
    } else if (status.state == SourceState::Live) {
        set(Updates, tr("push"), tr("client tracking announces every change"));
    } else if (status.state == SourceState::Sweeping) {
        QString note = tr("push is not available; the whole fleet is read");
        if (looksSeldom(status)) {
            const QString within = durationText(status.findEveryMs);
            note = status.foundAt > 0
                       ? tr("new workers are seen within %1, as searching costs the server much; last searched %2 ago")
                             .arg(within, spanText(now - status.foundAt))
                       : tr("new workers are seen within %1, as searching costs the server much").arg(within);
        }
        set(Updates, tr("sweep every %1").arg(durationText(status.sweepEveryMs)), note);
    } else {
        set(Updates, status.isConnected() ? sourceStateText(status, now) : QString());
    }
    set(Rate, steady ? tr("%1/s").arg(rateText(status.updatesPerSecond)) : QString(), tr("workers read"));
    set(RoundTrip, steady && status.roundTripMs != unknownValue ? roundTripText(status.roundTripMs) : QString());
    set(Lag, steady && status.lagMs != unknownValue ? durationText(status.lagMs) : QString(), tr("from a change there to here"));
}

/// By what workers are judged: by the source's profile, and those of other systems each by what its layout says.
void FactsPanel::setTiming(const SourceStatus &status, bool reached)
{
    QStringList others;
    bool own = false;
    for (const FoundSystem &system : status.systems) {
        const Layout *const layout = LayoutCatalog::inUse().find(system.layout);
        if (!system.watched || !layout)
            continue;
        if (makeTraits(*layout).has(SourceFact::SharedTiming)) {
            own = true;
            continue;
        }
        const LayoutPace &pace = layout->liveness.idle;
        const QString words = pace.lateMs > 0 && pace.staleMs > 0
                                  ? tr("%1: late after %2, stale after %3", "a system")
                                        .arg(system.title, exactText(pace.lateMs), exactText(pace.staleMs))
                              : pace.lateMs > 0 ? tr("%1: late after %2", "a system").arg(system.title, exactText(pace.lateMs))
                                                : tr("%1: by its own intervals", "a system").arg(system.title);
        if (!others.contains(words))
            others.append(words);
    }
    if (!others.isEmpty() && !own) {
        set(Timing, tr("each system's own"), others.join(u" · "_s));
        return;
    }
    const QString name = !reached ? QString() : status.timing.assumed && !m_ofHub ? tr("measured") : status.timing.name;
    QStringList notes;
    if (reached)
        notes.append(timingNote(status.timing));
    notes += others;
    set(Timing, name, notes.join(u" · "_s));
}

QString FactsPanel::timingNote(const TimingProfile &profile) const
{
    // Actors are judged by their registrations: what is set for keys in a Redis does not apply to them.
    if (m_ofHub)
        return tr("renewed every %1 · late after %2 · stale after %3 · registration TTL %4")
            .arg(exactText(profile.heartbeatInterval), exactText(profile.lateAfterMs()), exactText(profile.reaperStaleThreshold),
                 exactText(profile.hubActorTtl));
    if (profile.assumed)
        return tr("late after %1, stale after %2 of a worker's own intervals")
            .arg(QString::number(1.5), QString::number(staleIntervals));
    return tr("heartbeat %1 · late after %2 · stale after %3 · key TTL %4")
        .arg(exactText(profile.heartbeatInterval), exactText(profile.lateAfterMs()), exactText(profile.reaperStaleThreshold),
             exactText(profile.workerKeyTtl));
}

} // namespace pulsedeck
