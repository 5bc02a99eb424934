// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/glyphshapes.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

namespace pulsedeck {

namespace {

QPen stroke(const QColor &colour, qreal width)
{
    return QPen(colour, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
}

QPainterPath triangle()
{
    QPainterPath path;
    path.moveTo(6, 1.6);
    path.lineTo(11.2, 10.6);
    path.lineTo(0.8, 10.6);
    path.closeSubpath();
    return path;
}

QPainterPath diamond()
{
    QPainterPath path;
    path.moveTo(6, 0.3);
    path.lineTo(11.7, 6);
    path.lineTo(6, 11.7);
    path.lineTo(0.3, 6);
    path.closeSubpath();
    return path;
}

QPainterPath octagon()
{
    QPainterPath path;
    path.addPolygon(
        QPolygonF({{3.7, 0.6}, {8.3, 0.6}, {11.4, 3.7}, {11.4, 8.3}, {8.3, 11.4}, {3.7, 11.4}, {0.6, 8.3}, {0.6, 3.7}}));
    path.closeSubpath();
    return path;
}

void cross(QPainter &painter, const QColor &colour, qreal reach, qreal width)
{
    painter.setPen(stroke(colour, width));
    painter.drawLine(QPointF(6 - reach, 6 - reach), QPointF(6 + reach, 6 + reach));
    painter.drawLine(QPointF(6 - reach, 6 + reach), QPointF(6 + reach, 6 - reach));
}

void exclamation(QPainter &painter, const QColor &colour)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRoundedRect(QRectF(5.3, 2.9, 1.4, 3.9), 0.5, 0.5);
    painter.drawEllipse(QPointF(6, 8.4), 0.85, 0.85);
}

void ring(QPainter &painter, const QColor &colour, qreal radius, qreal width)
{
    painter.setPen(QPen(colour, width));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(QPointF(6, 6), radius, radius);
}

void drawState(QPainter &painter, Glyph glyph, const QColor &colour)
{
    const QColor ground = theme().base;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    switch (glyph) {
    case Glyph::Alive:
        painter.drawEllipse(QPointF(6, 6), 3.6, 3.6);
        break;
    case Glyph::New:
        ring(painter, colour, 4.8, 1.3);
        painter.setPen(QPen(colour, 1.5));
        painter.drawLine(QPointF(6, 3.8), QPointF(6, 8.2));
        painter.drawLine(QPointF(3.8, 6), QPointF(8.2, 6));
        break;
    case Glyph::Late:
        painter.drawPath(triangle());
        break;
    case Glyph::Warning:
        painter.setPen(stroke(colour, 1.3));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(triangle());
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawRoundedRect(QRectF(5.4, 4.5, 1.2, 3), 0.5, 0.5);
        painter.drawEllipse(QPointF(6, 8.9), 0.7, 0.7);
        break;
    case Glyph::Stale:
        painter.drawPath(diamond());
        exclamation(painter, ground);
        break;
    case Glyph::Error:
        painter.drawPath(octagon());
        exclamation(painter, ground);
        break;
    case Glyph::Draining: {
        ring(painter, colour, 4.9, 1.4);
        QPainterPath lower;
        lower.moveTo(1.1, 6);
        lower.arcTo(QRectF(1.1, 1.1, 9.8, 9.8), 180, 180);
        lower.closeSubpath();
        painter.fillPath(lower, colour);
        break;
    }
    case Glyph::ShuttingDown:
        painter.drawRect(QRectF(2, 2, 8, 8));
        break;
    case Glyph::Zombie:
    case Glyph::ZombieUnseen: {
        QPen pen(colour, 1.4);
        pen.setCapStyle(Qt::FlatCap);
        pen.setDashPattern({1.65, 1.05});
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(QPointF(6, 6), 4.9, 4.9);
        if (glyph == Glyph::Zombie)
            cross(painter, colour, 1.7, 1.4);
        else
            ring(painter, colour, 1.6, 1.2);
        break;
    }
    case Glyph::Gone:
        cross(painter, colour, 3.2, 1.3);
        break;
    case Glyph::ExpiredUnseen:
    case Glyph::ClockSkew:
        ring(painter, colour, 4.8, 1.2);
        painter.setPen(stroke(colour, 1.2));
        painter.drawPolyline(QPolygonF({{6, 3.2}, {6, 6.2}, {8, 7.3}}));
        break;
    case Glyph::NoTtl: {
        // A lying eight: what has no end.
        QPainterPath path;
        path.moveTo(6, 6);
        path.cubicTo(7.6, 3.2, 11.2, 3, 11.2, 6);
        path.cubicTo(11.2, 9, 7.6, 8.8, 6, 6);
        path.cubicTo(4.4, 3.2, 0.8, 3, 0.8, 6);
        path.cubicTo(0.8, 9, 4.4, 8.8, 6, 6);
        painter.setPen(stroke(colour, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(path);
        break;
    }
    case Glyph::Unknown: {
        QPen pen(colour, 1.2);
        pen.setDashPattern({2, 1.6});
        pen.setCapStyle(Qt::FlatCap);
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(QPointF(6, 6), 4.4, 4.4);
        break;
    }
    case Glyph::Ok:
        painter.setPen(stroke(colour, 1.7));
        painter.drawPolyline(QPolygonF({{2.2, 6.6}, {4.8, 9.2}, {9.8, 3.2}}));
        break;
    case Glyph::Off:
        ring(painter, colour, 3.6, 1.2);
        break;
    case Glyph::Crashed: {
        // A disc that is broken in two: the crack is ground, so that it shows in one colour too.
        painter.drawEllipse(QPointF(6, 6), 5.2, 5.2);
        painter.setPen(QPen(ground, 1.5, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(QPolygonF({{7.6, -0.2}, {4.6, 4.4}, {7.4, 7.2}, {4.4, 12.2}}));
        break;
    }
    case Glyph::Hung: {
        // An hourglass.
        QPainterPath path;
        path.moveTo(1.9, 1.4);
        path.lineTo(10.1, 1.4);
        path.lineTo(6.6, 6);
        path.lineTo(10.1, 10.6);
        path.lineTo(1.9, 10.6);
        path.lineTo(5.4, 6);
        path.closeSubpath();
        painter.drawPath(path);
        painter.setPen(stroke(colour, 1.4));
        painter.drawLine(QPointF(1.6, 1.2), QPointF(10.4, 1.2));
        painter.drawLine(QPointF(1.6, 10.8), QPointF(10.4, 10.8));
        break;
    }
    case Glyph::KeyLost: {
        // Three quarters of a disc: something is missing.
        QPainterPath path;
        path.moveTo(6, 6);
        path.arcTo(QRectF(1.2, 1.2, 9.6, 9.6), 90, 270);
        path.closeSubpath();
        painter.drawPath(path);
        break;
    }
    case Glyph::Settling: {
        QPen pen(colour, 1.2);
        pen.setDashPattern({2, 1.6});
        pen.setCapStyle(Qt::FlatCap);
        painter.drawEllipse(QPointF(6, 6), 1.6, 1.6);
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(QPointF(6, 6), 4.4, 4.4);
        break;
    }
    case Glyph::Returned: {
        painter.setPen(stroke(colour, 1.4));
        painter.setBrush(Qt::NoBrush);
        painter.drawArc(QRectF(1.8, 1.8, 8.4, 8.4), 40 * 16, 280 * 16);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF({{7.2, 4.2}, {11, 4.6}, {10.2, 0.8}}));
        break;
    }
    case Glyph::Ghost: {
        // A dome over a hem of three waves, and two eyes.
        QPainterPath path;
        path.moveTo(1.6, 11);
        path.lineTo(1.6, 5.4);
        path.cubicTo(1.6, -0.6, 10.4, -0.6, 10.4, 5.4);
        path.lineTo(10.4, 11);
        path.lineTo(8.2, 9.4);
        path.lineTo(6, 11);
        path.lineTo(3.8, 9.4);
        path.closeSubpath();
        painter.setPen(stroke(colour, 1.3));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(path);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawEllipse(QPointF(4.3, 5.4), 0.9, 0.9);
        painter.drawEllipse(QPointF(7.7, 5.4), 0.9, 0.9);
        break;
    }
    case Glyph::Deaf:
        ring(painter, colour, 4.8, 1.4);
        painter.drawLine(QPointF(2.7, 9.3), QPointF(9.3, 2.7));
        break;
    case Glyph::NobodyListens:
        // A ring in three parts.
        painter.setPen(stroke(colour, 1.6));
        painter.setBrush(Qt::NoBrush);
        for (const int begin : {50, 170, 290})
            painter.drawArc(QRectF(1.2, 1.2, 9.6, 9.6), begin * 16, 80 * 16);
        break;
    case Glyph::NotConsuming:
        painter.drawEllipse(QPointF(6, 6), 5.2, 5.2);
        painter.setBrush(ground);
        painter.drawRect(QRectF(2.9, 5, 6.2, 2));
        break;
    case Glyph::Incomplete: {
        // A disc without its last quarter, and the outline of what is missing.
        QPainterPath path;
        path.moveTo(5.4, 6.6);
        path.arcTo(QRectF(0.6, 1.8, 9.6, 9.6), 90, 270);
        path.closeSubpath();
        painter.drawPath(path);
        painter.setPen(stroke(colour, 1.1));
        painter.setBrush(Qt::NoBrush);
        painter.drawArc(QRectF(2.9, 0.7, 8.4, 8.4), 15 * 16, 60 * 16);
        break;
    }
    case Glyph::Leaving:
        painter.setPen(stroke(colour, 1.4));
        painter.setBrush(Qt::NoBrush);
        painter.drawArc(QRectF(0.8, 1.4, 9.2, 9.2), 50 * 16, 260 * 16);
        painter.drawLine(QPointF(5, 6), QPointF(11, 6));
        painter.drawPolyline(QPolygonF({{8.8, 3.8}, {11.2, 6}, {8.8, 8.2}}));
        break;
    case Glyph::PausedWorker:
        painter.drawRect(QRectF(2.6, 1.8, 2.4, 8.4));
        painter.drawRect(QRectF(7, 1.8, 2.4, 8.4));
        break;
    case Glyph::ByTtl:
        painter.setPen(stroke(colour, 1.2));
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(QPolygonF({{0.8, 9.6}, {0.8, 2.4}, {4.2, 9.6}, {4.2, 2.4}, {7.7, 9.6}, {7.7, 2.4}, {11.2, 9.6}}));
        break;
    case Glyph::ByClock:
        ring(painter, colour, 4.8, 1.2);
        painter.setPen(stroke(colour, 1.2));
        painter.drawPolyline(QPolygonF({{6, 3.2}, {6, 6.2}, {8, 7.3}}));
        break;
    case Glyph::ByEvents:
        painter.drawEllipse(QPointF(1.8, 6), 1.3, 1.3);
        painter.setPen(stroke(colour, 1.2));
        painter.setBrush(Qt::NoBrush);
        painter.drawArc(QRectF(-2.2, 2, 8, 8), -50 * 16, 100 * 16);
        painter.drawArc(QRectF(-5.2, -1, 14, 14), -42 * 16, 84 * 16);
        break;
    case Glyph::ByConnection:
        painter.setPen(stroke(colour, 1.2));
        painter.drawLine(QPointF(3, 6), QPointF(9, 6));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(QPointF(2.6, 6), 1.9, 1.9);
        painter.drawEllipse(QPointF(9.4, 6), 1.9, 1.9);
        break;
    case Glyph::Unserved:
        // A queue, and a mark of exclamation where its workers would be.
        for (const qreal y : {1.6, 5.0, 8.4})
            painter.drawRect(QRectF(0.8, y, 6.2, 1.8));
        painter.drawRect(QRectF(9, 1.6, 1.9, 5.2));
        painter.drawRect(QRectF(9, 8.3, 1.9, 1.9));
        break;
    case Glyph::Growing:
        painter.setPen(stroke(colour, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(QPolygonF({{0.9, 9.8}, {4.2, 6.2}, {6.4, 8.2}, {10.8, 3}}));
        painter.drawPolyline(QPolygonF({{7.4, 2.4}, {11, 2.6}, {11, 6}}));
        break;
    case Glyph::Beat:
        painter.drawRect(QRectF(5, 1.5, 2, 9));
        break;
    default:
        break;
    }
}

} // namespace

bool isStateGlyph(Glyph glyph)
{
    return glyph < Glyph::Fleet || glyph == Glyph::Beat || glyph == Glyph::Returned || glyph == Glyph::Unserved
           || glyph == Glyph::Growing;
}

qreal glyphGrid(Glyph glyph)
{
    return isStateGlyph(glyph) ? 12 : 16;
}

void drawGlyphShape(QPainter &painter, Glyph glyph, const QColor &colour)
{
    if (isStateGlyph(glyph))
        drawState(painter, glyph, colour);
    else
        drawIconShape(painter, glyph, colour);
}

} // namespace pulsedeck
