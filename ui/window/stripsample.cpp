// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/stripsample.h"

#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace pulsedeck {

namespace {

void line(QPainter &painter, qreal from, qreal to, qreal middle)
{
    painter.fillRect(QRectF(from, middle, to - from, 1), blended(theme().base, theme().aliveTick, 0.6));
}

void ticks(QPainter &painter, std::initializer_list<int> places, qreal middle)
{
    for (const int x : places)
        painter.fillRect(QRectF(px(x), middle - px(6), px(2), px(12)), theme().aliveTick);
}

void triangle(QPainter &painter, qreal x, qreal top, bool filled)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme().accent, 1.2));
    painter.setBrush(filled ? QBrush(theme().accent) : QBrush(Qt::NoBrush));
    painter.drawPolygon(QPolygonF{{x - px(4), top}, {x + px(4), top}, {x, top + px(6)}});
}

} // namespace

void paintHatch(QPainter &painter, const QRectF &rect, const QColor &ground, const QColor &lines)
{
    painter.save();
    painter.fillRect(rect, ground);
    painter.setClipRect(rect);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(lines, 1.2));
    for (qreal x = rect.left() - rect.height(); x < rect.right(); x += px(5))
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()));
    painter.restore();
}

StripSample::StripSample(Kind kind, QWidget *parent)
    : QWidget(parent)
    , m_kind(kind)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
}

QSize StripSample::sizeHint() const
{
    return {px(64), px(20)};
}

void StripSample::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const ThemeTokens &t = theme();
    const qreal w = width();
    const qreal middle = px(10);
    switch (m_kind) {
    case Kind::Beats:
        line(painter, 0, w, middle);
        ticks(painter, {6, 22, 38, 54}, middle);
        break;
    case Kind::PastInterval: {
        line(painter, 0, w, middle);
        ticks(painter, {6, 54}, middle);
        const QRectF low(px(24), middle - px(2), px(30), px(10));
        painter.fillRect(low, t.lateTint);
        painter.fillRect(QRectF(low.left(), low.bottom() - px(2), low.width(), px(2)), t.late);
        break;
    }
    case Kind::PastThreshold: {
        line(painter, 0, px(24), middle);
        ticks(painter, {6}, middle);
        const QRectF full(px(24), middle - px(8), w - px(24), px(16));
        painter.fillRect(full, t.staleTint);
        painter.fillRect(QRectF(full.left(), full.top(), full.width(), px(2)), t.stale);
        painter.fillRect(QRectF(full.left(), full.bottom() - px(2), full.width(), px(2)), t.stale);
        break;
    }
    case Kind::KeyExpired:
        line(painter, 0, px(34), middle);
        ticks(painter, {6, 20}, middle);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(t.stale, 1.6));
        painter.drawLine(QPointF(px(34) - px(4), middle - px(4)), QPointF(px(34) + px(4), middle + px(4)));
        painter.drawLine(QPointF(px(34) + px(4), middle - px(4)), QPointF(px(34) - px(4), middle + px(4)));
        break;
    case Kind::CountersLeft:
        for (qreal x = px(2); x < w - 2; x += 5)
            painter.fillRect(QRectF(x, middle, 2, 2), t.zombie);
        break;
    case Kind::Draining:
        line(painter, 0, px(22), middle);
        ticks(painter, {6}, middle);
        paintHatch(painter, {qreal(px(22)), middle - px(8), w - px(22), qreal(px(16))}, t.drainTint,
                   blended(t.drainTint, t.drain, 0.55));
        break;
    case Kind::Unknown: {
        line(painter, 0, px(22), middle);
        ticks(painter, {6}, middle);
        paintHatch(painter, {qreal(px(22)), middle - px(8), w - px(22), qreal(px(16))}, blended(t.base, t.line, 0.4),
                   blended(t.base, t.gone, 0.45));
        break;
    }
    case Kind::Command:
        line(painter, 0, w, middle);
        ticks(painter, {6, 54}, middle);
        triangle(painter, px(24), px(1), false);
        triangle(painter, px(40), px(1), true);
        break;
    case Kind::StartAndEnd: {
        line(painter, px(12), w - px(12), middle);
        ticks(painter, {22, 38}, middle);
        painter.setPen(QPen(t.aliveTick, 2));
        painter.drawPolyline(QPolygonF{{px(14) + 0.0, middle - px(7)},
                                       {px(10) + 0.0, middle - px(7)},
                                       {px(10) + 0.0, middle + px(7)},
                                       {px(14) + 0.0, middle + px(7)}});
        painter.drawPolyline(QPolygonF{{w - px(14), middle - px(7)},
                                       {w - px(10), middle - px(7)},
                                       {w - px(10), middle + px(7)},
                                       {w - px(14), middle + px(7)}});
        break;
    }
    }
}

} // namespace pulsedeck
