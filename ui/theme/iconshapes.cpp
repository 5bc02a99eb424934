// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/glyphshapes.h"

#include <QPainter>
#include <QPainterPath>

namespace pulsedeck {

namespace {

void chevron(QPainter &painter, const QPolygonF &points)
{
    QPen pen = painter.pen();
    pen.setWidthF(1.5);
    painter.setPen(pen);
    painter.drawPolyline(points);
}

void padlock(QPainter &painter, bool open)
{
    painter.drawRoundedRect(QRectF(3.5, 7.5, 9, 6), 1, 1);
    QPainterPath bow;
    bow.moveTo(5.5, 7.5);
    bow.lineTo(5.5, 5);
    bow.arcTo(QRectF(5.5, 2.5, 5, 5), 180, open ? -150 : -180);
    if (!open)
        bow.lineTo(10.5, 7.5);
    painter.drawPath(bow);
}

} // namespace

void drawIconShape(QPainter &painter, Glyph glyph, const QColor &colour)
{
    painter.setPen(QPen(colour, 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.setBrush(Qt::NoBrush);
    switch (glyph) {
    case Glyph::Fleet:
        for (const qreal y : {4.0, 8.0, 12.0}) {
            painter.drawLine(QPointF(5.5, y), QPointF(14, y));
            painter.drawLine(QPointF(2, y), QPointF(2.8, y));
        }
        break;
    case Glyph::Connections:
        painter.drawRoundedRect(QRectF(1.8, 5, 4, 6), 1, 1);
        painter.drawRoundedRect(QRectF(10.2, 5, 4, 6), 1, 1);
        painter.drawLine(QPointF(5.8, 8), QPointF(10.2, 8));
        break;
    case Glyph::Search:
        painter.drawEllipse(QPointF(6.8, 6.8), 4.3, 4.3);
        painter.drawLine(QPointF(10, 10), QPointF(13.8, 13.8));
        break;
    case Glyph::Columns:
        painter.drawRoundedRect(QRectF(2.2, 2.8, 11.6, 10.4), 1, 1);
        painter.drawLine(QPointF(6.1, 2.8), QPointF(6.1, 13.2));
        painter.drawLine(QPointF(9.9, 2.8), QPointF(9.9, 13.2));
        break;
    case Glyph::Pause:
        painter.fillRect(QRectF(4.3, 3.2, 2, 9.6), colour);
        painter.fillRect(QRectF(9.7, 3.2, 2, 9.6), colour);
        break;
    case Glyph::Resume:
    case Glyph::Play:
        painter.setBrush(colour);
        painter.drawPolygon(QPolygonF({{5, 3.2}, {12.4, 8}, {5, 12.8}}));
        break;
    case Glyph::Held:
        painter.drawLine(QPointF(2, 4), QPointF(13, 4));
        painter.drawLine(QPointF(2, 8), QPointF(8.4, 8));
        painter.drawLine(QPointF(2, 12), QPointF(6, 12));
        painter.fillRect(QRectF(9.6, 9, 1.4, 5), colour);
        painter.fillRect(QRectF(12.4, 9, 1.4, 5), colour);
        break;
    case Glyph::Lock:
        padlock(painter, false);
        break;
    case Glyph::Unlock:
        padlock(painter, true);
        break;
    case Glyph::Close:
        painter.drawLine(QPointF(4, 4), QPointF(12, 12));
        painter.drawLine(QPointF(4, 12), QPointF(12, 4));
        break;
    case Glyph::Plus:
        painter.drawLine(QPointF(8, 3), QPointF(8, 13));
        painter.drawLine(QPointF(3, 8), QPointF(13, 8));
        break;
    case Glyph::Redis:
        painter.drawEllipse(QRectF(2.5, 2.2, 11, 4));
        painter.drawLine(QPointF(2.5, 4.2), QPointF(2.5, 11.8));
        painter.drawLine(QPointF(13.5, 4.2), QPointF(13.5, 11.8));
        painter.drawArc(QRectF(2.5, 6, 11, 4), 180 * 16, 180 * 16);
        painter.drawArc(QRectF(2.5, 9.8, 11, 4), 180 * 16, 180 * 16);
        break;
    case Glyph::Hub: // A sender and its waves at both sides.
        painter.drawEllipse(QPointF(8, 8), 1.4, 1.4);
        for (const qreal radius : {3.8, 6.4}) {
            const QRectF circle(8 - radius, 8 - radius, 2 * radius, 2 * radius);
            painter.drawArc(circle, -45 * 16, 90 * 16);
            painter.drawArc(circle, 135 * 16, 90 * 16);
        }
        break;
    case Glyph::Menu:
        for (const qreal y : {4.0, 8.0, 12.0})
            painter.drawLine(QPointF(2.5, y), QPointF(13.5, y));
        break;
    case Glyph::Info:
        painter.drawEllipse(QPointF(8, 8), 5.8, 5.8);
        painter.drawLine(QPointF(8, 7.4), QPointF(8, 11));
        painter.fillRect(QRectF(7.3, 4.5, 1.4, 1.4), colour);
        break;
    case Glyph::Hidden: {
        QPainterPath eye;
        eye.moveTo(1.5, 8);
        eye.quadTo(8, 1.5, 14.5, 8);
        eye.quadTo(8, 14.5, 1.5, 8);
        painter.drawPath(eye);
        painter.drawEllipse(QPointF(8, 8), 1.8, 1.8);
        painter.drawLine(QPointF(3, 13), QPointF(13, 3));
        break;
    }
    case Glyph::ChevronDown:
        chevron(painter, QPolygonF({{4, 6.2}, {8, 10.2}, {12, 6.2}}));
        break;
    case Glyph::ChevronRight:
        chevron(painter, QPolygonF({{6.2, 4}, {10.2, 8}, {6.2, 12}}));
        break;
    case Glyph::ChevronUp:
        chevron(painter, QPolygonF({{4, 9.8}, {8, 5.8}, {12, 9.8}}));
        break;
    case Glyph::Float:
        painter.drawRect(QRectF(2.5, 5.5, 8, 8));
        painter.drawPolyline(QPolygonF({{5.5, 5.5}, {5.5, 2.5}, {13.5, 2.5}, {13.5, 10.5}, {10.5, 10.5}}));
        break;
    case Glyph::Command:
        painter.drawLine(QPointF(8, 2.5), QPointF(8, 10));
        painter.drawPolyline(QPolygonF({{4.8, 7}, {8, 10.2}, {11.2, 7}}));
        painter.drawLine(QPointF(3.2, 13.2), QPointF(12.8, 13.2));
        break;
    case Glyph::Commands:
        painter.drawPolyline(QPolygonF({{2.5, 4}, {6.5, 8}, {2.5, 12}}));
        painter.drawLine(QPointF(8, 12.2), QPointF(13.5, 12.2));
        break;
    case Glyph::Queues:
        for (const qreal y : {4.0, 8.0, 12.0})
            painter.drawLine(QPointF(2, y), QPointF(9.5, y));
        painter.drawLine(QPointF(13, 3.5), QPointF(13, 12.5));
        break;
    case Glyph::Timeline: // Lanes, each with its time.
        for (const auto &[y, from, to] : {std::tuple(4.0, 2.0, 10.0), std::tuple(8.0, 5.0, 14.0), std::tuple(12.0, 2.0, 7.5)})
            painter.drawLine(QPointF(from, y), QPointF(to, y));
        painter.drawLine(QPointF(12.5, 2.8), QPointF(12.5, 5.2));
        painter.drawLine(QPointF(10.0, 10.8), QPointF(10.0, 13.2));
        break;
    case Glyph::Alerts: { // A bell.
        QPainterPath bell;
        bell.moveTo(2.8, 11.8);
        bell.quadTo(4.4, 10.2, 4.4, 7.2);
        bell.cubicTo(4.4, 1.4, 11.6, 1.4, 11.6, 7.2);
        bell.quadTo(11.6, 10.2, 13.2, 11.8);
        bell.closeSubpath();
        painter.drawPath(bell);
        painter.drawArc(QRectF(6.3, 11.2, 3.4, 3.2), 200 * 16, 140 * 16);
        break;
    }
    case Glyph::Timing: // Sliders.
        for (const auto &[y, knob] : {std::pair(4.0, 10.5), std::pair(8.0, 5.5), std::pair(12.0, 9.0)}) {
            painter.drawLine(QPointF(2, y), QPointF(knob - 1.9, y));
            painter.drawLine(QPointF(knob + 1.9, y), QPointF(14, y));
            painter.drawEllipse(QPointF(knob, y), 1.7, 1.7);
        }
        break;
    case Glyph::Activity:
        painter.drawPolyline(QPolygonF({{1.5, 8.5}, {4.6, 8.5}, {6.6, 3}, {9.4, 13}, {11.4, 8.5}, {14.5, 8.5}}));
        break;
    case Glyph::Power:
        painter.drawLine(QPointF(8, 1.8), QPointF(8, 7.4));
        painter.drawArc(QRectF(2.6, 3, 10.8, 10.8), 125 * 16, 290 * 16);
        break;
    case Glyph::Sent:
        painter.drawLine(QPointF(2.5, 8), QPointF(13, 8));
        painter.drawPolyline(QPolygonF({{9, 4.2}, {13, 8}, {9, 11.8}}));
        break;
    case Glyph::Rung:
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawEllipse(QPointF(8, 8), 3.6, 3.6);
        break;
    case Glyph::RungOpen:
        painter.drawEllipse(QPointF(8, 8), 2.6, 2.6);
        break;
    case Glyph::RungNow:
        painter.drawEllipse(QPointF(8, 8), 5.2, 5.2);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawEllipse(QPointF(8, 8), 2.2, 2.2);
        break;
    case Glyph::Undo:
        painter.drawPolyline(QPolygonF({{5.6, 2.8}, {2.4, 6}, {5.6, 9.2}}));
        painter.drawLine(QPointF(2.4, 6), QPointF(9.6, 6));
        painter.drawArc(QRectF(6, 6, 7.4, 7), -90 * 16, 180 * 16);
        break;
    case Glyph::Export:
        painter.drawLine(QPointF(8, 2.5), QPointF(8, 9.5));
        painter.drawPolyline(QPolygonF({{5, 5.4}, {8, 2.4}, {11, 5.4}}));
        painter.drawPolyline(QPolygonF({{2.8, 9.5}, {2.8, 13.2}, {13.2, 13.2}, {13.2, 9.5}}));
        break;
    default:
        break;
    }
}

} // namespace pulsedeck
