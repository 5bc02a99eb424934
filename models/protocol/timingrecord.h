// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/command.h"
#include "models/protocol/timingparameter.h"

#include <QList>
#include <QMetaType>
#include <QUuid>

namespace pulsedeck {

/// One version of a source's shared record (hash fleet:timing, stream fleet:timing:history). A value.
struct TimingVersion
{
    TimingProfile profile; ///< profile.version is its version, profile.name "v12".
    qint64 at = 0; ///< updatedAt, Unix ms; 0 if not given.
    QString by;
    QString reason;
};

/// A profile on its way into the shared record: written only if the record still has the version the edit began from.
struct TimingApply
{
    QUuid id;
    SourceId source = 0;
    TimingProfile profile; ///< All values; notUsed ones are taken out of the record.
    qint64 expectedVersion = 0; ///< 0: there is no record yet.
    QString by;
    QString reason; ///< With the acknowledged findings named.
    qint64 at = 0; ///< Console's clock, ms: updatedAt.
};

/// What became of it. Exactly one comes for each TimingApply.
struct TimingApplied
{
    enum class Outcome : quint8 {
        Applied,
        Conflict, ///< Another writer was faster: nothing is written, and the other values are there now.
        Refused, ///< Nothing is written: read-only source, missing right, replica, not connected; text says which.
        Unknown, ///< The connection was lost before the answer. Read the record to see.
    };
    QUuid id;
    SourceId source = 0;
    Outcome outcome = Outcome::Unknown;
    TimingVersion now; ///< Applied: what was written. Conflict: what is there.
    Refusal refusal = Refusal::None;
    QString text;
};

/// The history as read: newest first, at most 500.
struct TimingHistory
{
    SourceId source = 0;
    bool known = false; ///< False: it could not be read; text says why.
    QString text;
    QList<TimingVersion> versions;
};

} // namespace pulsedeck

Q_DECLARE_METATYPE(pulsedeck::TimingApply)
Q_DECLARE_METATYPE(pulsedeck::TimingApplied)
Q_DECLARE_METATYPE(pulsedeck::TimingHistory)
