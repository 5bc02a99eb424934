// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/format.h"
#include "models/fleet/fleetstore.h"
#include "ui/theme/glyphs.h"

#include <QString>

namespace pulsedeck {

/// The colour of the theme in which a word is painted.
enum class Tone : quint8 { Ordinary, Text, Alive, Late, Stale, Drain, Zombie, Gone, Accent };
QColor toneColour(Tone tone);
/// The tone of a worker's state, Ordinary for one that is alive.
Tone stateTone(const Worker &worker);

/// The mark of its row: glyphOf(), but paused for one that looks alive while all workers of its system are suspended.
Glyph shownGlyph(const FleetStore &store, WorkerHandle handle);

/// The words of the Status column: what the worker reports, or for one that ended how it ended.
struct StatusWords
{
    QString text; ///< "available", "draining 2", "key gone 48 s"
    QString badge; ///< At the right: "late", "new 0:23", "0:18", "+4.2 s"
    Tone textTone = Tone::Ordinary;
    Tone badgeTone = Tone::Ordinary;
    bool clockBadge = false; ///< A clock stands before the badge.
};
/// \a drainTimeout in milliseconds; \a frozen is "as of 14:12:36" for a worker whose source is lost, else empty.
StatusWords statusWords(const FleetStore &store, WorkerHandle handle, qint64 now, qint64 drainTimeout, const QString &frozen);

/// The one sentence of the dock's heading: "draining 2 sessions · 0:18 left", "late, last beat 17.8 s ago".
QString stateSentence(const FleetStore &store, WorkerHandle handle, qint64 now);
/// What is unusual about a worker, one sentence each, for people: the flags and the problems of its fields.
QStringList findings(const FleetStore &store, WorkerHandle handle);
/// Who ordered the drain, when and why: "by ops@host at 14:02:11: rollout"; empty if no operator did.
QString drainText(const DrainNote &note);
/// The id without its type.
QString plainId(const Worker &worker);
/// "worker:" and the id; of an actor, which has no key, its address.
QString keyText(const Worker &worker);

} // namespace pulsedeck
