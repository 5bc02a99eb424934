// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <QColor>
#include <QRectF>
#include <QString>

class QPainter;
class QIcon;

namespace pulsedeck {

/// The state marks of the design: each state has its own shape, so that colour is not needed to distinguish them.
enum class Glyph {
    Alive,
    New,
    Late,
    Stale,
    Draining,
    ShuttingDown,
    Zombie,
    ZombieUnseen, ///< No console saw its worker end.
    Gone,
    ExpiredUnseen,
    NoTtl,
    Unknown,
    Error,
    Warning,
    Ok,
    ClockSkew,
    Off,
    Crashed,
    Hung,
    KeyLost,
    Settling,
    Ghost, ///< In its system's registry, and no key.
    Deaf,
    NobodyListens,
    NotConsuming,
    Incomplete,
    Leaving,
    PausedWorker,
    // What the age of a beat rests on; not states.
    ByTtl,
    ByClock,
    ByEvents,
    ByConnection,
    // Interface icons, painted in the text colour given.
    Fleet,
    Connections,
    Search,
    Columns,
    Pause,
    Resume,
    Held,
    Lock,
    Unlock,
    Close,
    Plus,
    Play,
    Redis,
    Hub,
    Menu,
    Info,
    Hidden,
    ChevronDown,
    ChevronRight,
    ChevronUp,
    Float,
    Command,
    Commands,
    Activity,
    Timing,
    Power,
    Sent, ///< An arrow: written, not read yet.
    Rung, ///< A step of a command that is proven.
    RungOpen, ///< A step that has not come.
    RungNow, ///< The step that is being waited for.
    Undo,
    Export,
    Beat,
    Returned,
    Queues,
    Timeline,
    Alerts,
    Unserved, ///< Jobs wait in a queue that no worker serves.
    Growing, ///< More and more jobs wait in a queue.
};

/// Which mark a worker carries in lists: from liveness, status and age.
Glyph glyphOf(const Worker &worker);
/// The word next to a state mark ("late", "draining", "key lost"); empty for interface icons.
QString glyphWord(Glyph glyph);
/// The picture for sources of a system: SourceTraits::glyph by its name. Any other name gives that of Connections.
Glyph sourceKindGlyph(const SourceTraits &traits);
/// Paints \a glyph centred in \a rect at 12 px (or the rect's smaller side); state marks take their own colour from the
/// theme, interface icons take \a colour, or the theme's text colour if it is not valid.
void paintGlyph(QPainter &painter, const QRectF &rect, Glyph glyph, const QColor &colour = {});
/// The same at a size of the caller's choice; \a size is the side of the square it fills.
void paintGlyph(QPainter &painter, const QPointF &centre, qreal size, Glyph glyph, const QColor &colour = {});
/// The colour of a state mark.
QColor glyphColour(Glyph glyph);
/// The glyph as an icon in the present theme, 16 px and its multiples.
QIcon glyphIcon(Glyph glyph, const QColor &colour = {});

} // namespace pulsedeck
