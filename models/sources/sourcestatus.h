// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/commands/act.h"
#include "models/fleet/worker.h"
#include "models/sources/sourcekind.h"
#include "models/timing/timingprofile.h"

#include <QMetaType>
#include <QString>
#include <QStringList>

namespace pulsedeck {

enum class SourceState : quint8 {
    Off, ///< Disconnected by the operator.
    Connecting, ///< First attempt, or an attempt after a loss.
    Loading, ///< Connected, the first full view is being read.
    Live, ///< Every change arrives by push.
    Sweeping, ///< Push is refused, or there is none as with hubs: the whole fleet is read at a set cadence.
    Stalled, ///< Connected, but requests are not being answered.
    Waiting, ///< Lost; the next attempt is at retryAt.
    Failed, ///< Refused in a way that retrying does not mend (wrong password): waits for the operator.
};

/// A source's condition: what its row in the sources list and its cell in the status bar say.
struct SourceStatus
{
    SourceId source = 0;
    SourceKind kind = SourceKind::Redis; ///< Set by whoever emits it: the words differ.
    SourceState state = SourceState::Off;
    quint32 generation = 0;
    qint64 since = 0; ///< Console's clock, when the state was entered.
    qint64 lostAt = 0; ///< When truth ended: last answer before a loss; 0 while connected.
    qint64 retryAt = 0; ///< Console's clock of the next attempt, 0 if none is planned.
    QString message; ///< What is wrong, in words, never with a secret; empty when all is well.
    QString hint; ///< What to do about it.
    QString server; ///< "Redis 7.0.15", or empty while unknown.
    QStringList limits; ///< What this account or server cannot do, in words ("no push: CLIENT is not permitted").
    qint32 roundTripMs = unknownValue; ///< Smallest of the recent round trips.
    qint32 lagMs = unknownValue; ///< From a key's change to its values here, recent mean.
    double updatesPerSecond = 0; ///< Workers read per second, over the last few seconds.
    qint64 clockOffsetMs = 0; ///< Server clock minus console clock.
    bool clockKnown = false;
    bool forgotten = false; ///< A hub that has lost its registrations: the actors it had are awaited, not gone; message says more.
    qint32 sweepEveryMs = 0; ///< Cadence when Sweeping.
    int loaded = 0; ///< Workers read so far while Loading.
    int total = 0; ///< Workers expected while Loading, 0 when not known yet.
    bool listenersKnown = false; ///< Command channels were asked who listens, or that is refused: what list waits for.
    bool writable = false; ///< As last set; see FleetSource::setWritable().
    CommandRights rights; ///< Of this connection; known only while writable.
    TimingProfile timing; ///< The profile in force for this source.

    bool isConnected() const
    {
        return state == SourceState::Loading || state == SourceState::Live || state == SourceState::Sweeping;
    }
};

/// "live via push", "sweep every 2 s", "listed every 2 s", "connecting": the words for a state, everywhere the same.
QString sourceStateText(const SourceStatus &status, qint64 now);

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::SourceStatus)
