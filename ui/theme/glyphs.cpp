// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/glyphs.h"

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
    case Liveness::Settling:
    case Liveness::Alive:
    case Liveness::Zombie:
    case Liveness::Departed:
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

QString glyphWord(Glyph glyph)
{
    switch (glyph) {
    case Glyph::Alive:
        return QStringLiteral("alive");
    case Glyph::New:
        return QStringLiteral("new");
    case Glyph::Late:
        return QStringLiteral("late");
    case Glyph::Stale:
        return QStringLiteral("stale");
    case Glyph::Draining:
        return QStringLiteral("draining");
    case Glyph::ShuttingDown:
        return QStringLiteral("shutting down");
    case Glyph::Zombie:
        return QStringLiteral("zombie");
    case Glyph::ZombieUnseen:
        return QStringLiteral("zombie, end unseen");
    case Glyph::Gone:
        return QStringLiteral("gone");
    case Glyph::ExpiredUnseen:
        return QStringLiteral("expired unread");
    case Glyph::NoTtl:
        return QStringLiteral("no TTL");
    case Glyph::Unknown:
        return QStringLiteral("unknown");
    case Glyph::Error:
        return QStringLiteral("unreadable");
    case Glyph::Warning:
        return QStringLiteral("bad field");
    case Glyph::Ok:
        return QStringLiteral("ok");
    case Glyph::ClockSkew:
        return QStringLiteral("clock skew");
    case Glyph::Off:
        return QStringLiteral("off");
    case Glyph::Returned:
        return QStringLiteral("returned");
    case Glyph::Crashed:
        return QStringLiteral("crashed");
    case Glyph::Hung:
        return QStringLiteral("hung");
    case Glyph::KeyLost:
        return QStringLiteral("key lost");
    case Glyph::Settling:
        return QStringLiteral("settling");
    default:
        return {}; // Interface icons stand beside words of their own.
    }
}

QColor glyphColour(Glyph glyph)
{
    const ThemeTokens &tokens = theme();
    switch (glyph) {
    case Glyph::Alive:
    case Glyph::New:
    case Glyph::Ok:
    case Glyph::Returned:
        return tokens.alive;
    case Glyph::Beat:
        return tokens.aliveTick;
    case Glyph::Late:
    case Glyph::Warning:
    case Glyph::ClockSkew:
    case Glyph::ExpiredUnseen:
    case Glyph::NoTtl:
    case Glyph::KeyLost:
        return tokens.late;
    case Glyph::Stale:
    case Glyph::Crashed:
    case Glyph::Hung:
    case Glyph::Error:
    case Glyph::Power:
        return tokens.stale;
    case Glyph::Draining:
    case Glyph::ShuttingDown:
        return tokens.drain;
    case Glyph::Zombie:
    case Glyph::ZombieUnseen:
        return tokens.zombie;
    case Glyph::Gone:
    case Glyph::Unknown:
    case Glyph::Settling:
    case Glyph::Off:
        return tokens.gone;
    case Glyph::Info:
    case Glyph::Command:
    case Glyph::Sent:
    case Glyph::RungNow:
        return tokens.accent;
    case Glyph::Rung:
        return tokens.drain;
    case Glyph::RungOpen:
        return tokens.gone;
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
