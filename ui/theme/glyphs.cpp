// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/glyphs.h"

#include "models/core/enumtable.h"
#include "models/fleet/liveness.h"
#include "ui/theme/glyphshapes.h"
#include "ui/theme/theme.h"

#include <QCache>
#include <QIcon>
#include <QIconEngine>
#include <QPainter>
#include <QPixmap>

#include <cmath>

namespace pulsedeck {

namespace {

/// The state marks: the word next to each, and its colour.
struct StateRow
{
    Glyph id;
    const char *word;
    QColor ThemeTokens::*colour;
};
constexpr auto stateRows = std::to_array<StateRow>({
    {Glyph::Alive, QT_TRANSLATE_NOOP("Glyph", "alive"), &ThemeTokens::alive},
    {Glyph::New, QT_TRANSLATE_NOOP("Glyph", "new"), &ThemeTokens::alive},
    {Glyph::Late, QT_TRANSLATE_NOOP("Glyph", "late"), &ThemeTokens::late},
    {Glyph::Stale, QT_TRANSLATE_NOOP("Glyph", "stale"), &ThemeTokens::stale},
    {Glyph::Draining, QT_TRANSLATE_NOOP("Glyph", "draining"), &ThemeTokens::drain},
    {Glyph::ShuttingDown, QT_TRANSLATE_NOOP("Glyph", "shutting down"), &ThemeTokens::drain},
    {Glyph::Zombie, QT_TRANSLATE_NOOP("Glyph", "zombie"), &ThemeTokens::zombie},
    {Glyph::ZombieUnseen, QT_TRANSLATE_NOOP("Glyph", "zombie, end unseen"), &ThemeTokens::zombie},
    {Glyph::Gone, QT_TRANSLATE_NOOP("Glyph", "gone"), &ThemeTokens::gone},
    {Glyph::ExpiredUnseen, QT_TRANSLATE_NOOP("Glyph", "expired unread"), &ThemeTokens::late},
    {Glyph::NoTtl, QT_TRANSLATE_NOOP("Glyph", "no TTL"), &ThemeTokens::late},
    {Glyph::Unknown, QT_TRANSLATE_NOOP("Glyph", "unknown"), &ThemeTokens::gone},
    {Glyph::Error, QT_TRANSLATE_NOOP("Glyph", "unreadable"), &ThemeTokens::stale},
    {Glyph::Warning, QT_TRANSLATE_NOOP("Glyph", "bad field"), &ThemeTokens::late},
    {Glyph::Ok, QT_TRANSLATE_NOOP("Glyph", "ok"), &ThemeTokens::alive},
    {Glyph::ClockSkew, QT_TRANSLATE_NOOP("Glyph", "clock skew"), &ThemeTokens::late},
    {Glyph::Off, QT_TRANSLATE_NOOP("Glyph", "off"), &ThemeTokens::gone},
    {Glyph::Crashed, QT_TRANSLATE_NOOP("Glyph", "crashed"), &ThemeTokens::stale},
    {Glyph::Hung, QT_TRANSLATE_NOOP("Glyph", "hung"), &ThemeTokens::stale},
    {Glyph::KeyLost, QT_TRANSLATE_NOOP("Glyph", "key lost"), &ThemeTokens::late},
    {Glyph::Settling, QT_TRANSLATE_NOOP("Glyph", "settling"), &ThemeTokens::gone},
    {Glyph::Ghost, QT_TRANSLATE_NOOP("Glyph", "ghost"), &ThemeTokens::zombie},
    {Glyph::Deaf, QT_TRANSLATE_NOOP("Glyph", "deaf"), &ThemeTokens::late},
    {Glyph::NobodyListens, QT_TRANSLATE_NOOP("Glyph", "nobody listens"), &ThemeTokens::late},
    {Glyph::NotConsuming, QT_TRANSLATE_NOOP("Glyph", "consumes nothing"), &ThemeTokens::late},
    {Glyph::Incomplete, QT_TRANSLATE_NOOP("Glyph", "incomplete"), &ThemeTokens::late},
    {Glyph::Leaving, QT_TRANSLATE_NOOP("Glyph", "leaving"), &ThemeTokens::drain},
    {Glyph::PausedWorker, QT_TRANSLATE_NOOP("Glyph", "paused"), &ThemeTokens::drain},
});
constexpr Glyph lastState = Glyph::PausedWorker;
static_assert(isInOrder(stateRows, lastState));

/// What makes one pixmap differ from another.
struct PixmapKey
{
    Glyph glyph;
    int pixels; ///< Side in device pixels.
    QRgb colour;
    QRgb ground; ///< Marks with a hole paint it in the window's colour, which differs between dark and light.
    bool operator==(const PixmapKey &) const = default;
};

size_t qHash(const PixmapKey &key, size_t seed)
{
    return qHashMulti(seed, int(key.glyph), key.pixels, key.colour, key.ground);
}

/// Rows paint the same dozen marks again and again; a pixmap each is twenty times cheaper than the path.
QCache<PixmapKey, QPixmap> &pixmaps()
{
    static QCache<PixmapKey, QPixmap> cache(400);
    return cache;
}

QPixmap glyphPixmap(Glyph glyph, int pixels, const QColor &colour)
{
    const PixmapKey key{glyph, pixels, colour.rgba(), theme().base.rgba()};
    if (const QPixmap *found = pixmaps().object(key))
        return *found;
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    {
        QPainter painter(&pixmap);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.scale(pixels / glyphGrid(glyph), pixels / glyphGrid(glyph));
        drawGlyphShape(painter, glyph, colour);
    }
    pixmaps().insert(key, new QPixmap(pixmap));
    return pixmap;
}

QColor effectiveColour(Glyph glyph, const QColor &colour)
{
    return colour.isValid() ? colour : glyphColour(glyph);
}

/// An icon that is painted when asked for, so that it is sharp at any size and follows disabled states.
class GlyphIconEngine : public QIconEngine
{
public:
    GlyphIconEngine(Glyph glyph, const QColor &colour)
        : m_glyph(glyph)
        , m_colour(colour)
    { }
    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const QColor colour = mode == QIcon::Disabled ? theme().faint : effectiveColour(m_glyph, m_colour);
        const qreal side = qMin(rect.width(), rect.height()) * (isStateGlyph(m_glyph) ? 0.75 : 1.0);
        paintGlyph(*painter, QRectF(rect).center(), side, m_glyph, colour);
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(0, 0), size), mode, state);
        return pixmap;
    }
    QIconEngine *clone() const override { return new GlyphIconEngine(m_glyph, m_colour); }

private:
    Glyph m_glyph;
    QColor m_colour;
};

} // namespace

Glyph glyphOf(const Worker &worker)
{
    // Whoever crashed keeps the mark when its key has expired.
    if (worker.end == WorkerEnd::Crashed)
        return Glyph::Crashed;
    if (worker.liveness == Liveness::Departed)
        return Glyph::Gone;
    if (worker.liveness == Liveness::Zombie)
        return worker.end == WorkerEnd::Unseen ? Glyph::ZombieUnseen : Glyph::Zombie;
    if (worker.flags.testFlag(WorkerFlag::WrongType))
        return Glyph::Error;
    switch (worker.liveness) {
    case Liveness::NoTtl:
        return Glyph::NoTtl;
    case Liveness::Stale:
        return Glyph::Stale;
    case Liveness::Crashed:
        return Glyph::Crashed;
    case Liveness::Hung:
        return Glyph::Hung;
    case Liveness::Late:
        return Glyph::Late;
    case Liveness::Unknown:
        return Glyph::Unknown;
    case Liveness::KeyLost:
        return Glyph::KeyLost;
    case Liveness::Ghost:
        return Glyph::Ghost;
    case Liveness::Settling:
    case Liveness::Alive:
    case Liveness::Zombie:
    case Liveness::Departed:
        break;
    }
    switch (troubleOf(worker)) {
    case WorkerTrouble::Deaf:
        return Glyph::Deaf;
    case WorkerTrouble::NobodyListens:
        return Glyph::NobodyListens;
    case WorkerTrouble::NotConsuming:
        return Glyph::NotConsuming;
    case WorkerTrouble::Incomplete:
        return Glyph::Incomplete;
    case WorkerTrouble::Leaving:
        return Glyph::Leaving;
    case WorkerTrouble::Paused:
        return Glyph::PausedWorker;
    case WorkerTrouble::None:
        break;
    }
    if (worker.status == WorkerStatus::ShuttingDown)
        return Glyph::ShuttingDown;
    if (worker.status == WorkerStatus::Draining)
        return Glyph::Draining;
    if (worker.flags & (WorkerFlag::BadField | WorkerFlag::TooLarge))
        return Glyph::Warning;
    if (worker.liveness == Liveness::Settling)
        return Glyph::Settling;
    return isNew(worker) ? Glyph::New : Glyph::Alive;
}

Glyph sourceKindGlyph(const SourceTraits &traits)
{
    static constexpr auto names = std::to_array<NamedId<Glyph>>({
        {Glyph::Connections, "connections"},
        {Glyph::Redis, "redis"},
        {Glyph::Hub, "hub"},
    });
    return idFromName(names, traits.glyph).value_or(Glyph::Connections);
}

QString glyphWord(Glyph glyph)
{
    return glyph <= lastState ? tableText("Glyph", stateRows[size_t(glyph)].word) : QString();
}

QColor glyphColour(Glyph glyph)
{
    const ThemeTokens &tokens = theme();
    if (glyph <= lastState)
        return tokens.*stateRows[size_t(glyph)].colour;
    switch (glyph) {
    case Glyph::Returned:
        return tokens.alive;
    case Glyph::Beat:
        return tokens.aliveTick;
    case Glyph::Power:
    case Glyph::Unserved:
        return tokens.stale;
    case Glyph::Growing:
        return tokens.late;
    case Glyph::Info:
    case Glyph::Command:
    case Glyph::Sent:
    case Glyph::RungNow:
        return tokens.accent;
    case Glyph::Rung:
        return tokens.drain;
    case Glyph::RungOpen:
        return tokens.gone;
    case Glyph::ByTtl:
    case Glyph::ByClock:
    case Glyph::ByEvents:
    case Glyph::ByConnection:
        return tokens.faint;
    default:
        return tokens.text;
    }
}

void paintGlyph(QPainter &painter, const QPointF &centre, qreal size, Glyph glyph, const QColor &colour)
{
    const QColor paint = effectiveColour(glyph, colour);
    const qreal ratio = painter.device()->devicePixelRatioF();
    const QTransform &transform = painter.deviceTransform();
    if (transform.type() > QTransform::TxScale) {
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.translate(centre.x() - size / 2, centre.y() - size / 2);
        painter.scale(size / glyphGrid(glyph), size / glyphGrid(glyph));
        drawGlyphShape(painter, glyph, paint);
        painter.restore();
        return;
    }
    // The pixmap is made for the device's own pixels and put on whole ones: crisp at every ratio.
    const qreal scale = transform.type() == QTransform::TxScale ? transform.m11() : ratio;
    const int pixels = qMax(1, int(std::lround(size * scale)));
    const qreal side = pixels / scale;
    const QPointF corner(std::round((centre.x() - side / 2) * scale) / scale,
                         std::round((centre.y() - side / 2) * scale) / scale);
    painter.drawPixmap(QRectF(corner, QSizeF(side, side)), glyphPixmap(glyph, pixels, paint), QRectF(0, 0, pixels, pixels));
}

void paintGlyph(QPainter &painter, const QRectF &rect, Glyph glyph, const QColor &colour)
{
    const qreal usual = isStateGlyph(glyph) ? 12 : 16;
    paintGlyph(painter, rect.center(), qMin(usual, qMin(rect.width(), rect.height())), glyph, colour);
}

QIcon glyphIcon(Glyph glyph, const QColor &colour)
{
    return QIcon(new GlyphIconEngine(glyph, colour));
}

} // namespace pulsedeck
