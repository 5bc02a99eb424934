// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/beatmarks.h"

#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QGuiApplication>
#include <QPainter>

namespace pulsedeck {

namespace {

constexpr int tileSide = 6;

/// Diagonal lines that join when tiled.
QPixmap hatch(const QColor &ground, const QColor &lines)
{
    const qreal ratio = qApp->devicePixelRatio();
    QPixmap tile(QSize(tileSide, tileSide) * ratio);
    tile.setDevicePixelRatio(ratio);
    tile.fill(ground);
    QPainter painter(&tile);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(lines, 1.4));
    for (const int shift : {-tileSide, 0, tileSide})
        painter.drawLine(QPointF(shift - 1, tileSide + 1), QPointF(shift + tileSide + 1, -1));
    return tile;
}

} // namespace

BeatMarks::BeatMarks(QObject *parent)
    : QObject(parent)
{
    followTheme(this, [this] { makeTiles(); });
}

void BeatMarks::makeTiles()
{
    const ThemeTokens &tokens = theme();
    m_drainTile = hatch(tokens.drainTint, blended(tokens.drainTint, tokens.drain, 0.55));
    QColor ground = tokens.line;
    ground.setAlpha(90);
    m_unknownTile = hatch(ground, blended(tokens.base, tokens.gone, 0.45));
}

QRect BeatMarks::paintBlock(QPainter &painter, const QRect &full, StripGeometry::Block block) const
{
    const ThemeTokens &tokens = theme();
    const int edge = px(2);
    // Hatching of blocks next to each other joins.
    const QPointF phase((full.left() % tileSide + tileSide) % tileSide, 0);
    switch (block) {
    case StripGeometry::Block::Late: {
        const int top = full.top() + full.height() / 2 - edge;
        const QRect low(full.left(), top, full.width(), full.bottom() + 1 - top);
        painter.fillRect(low, tokens.lateTint);
        painter.fillRect(QRect(low.left(), low.bottom() + 1 - edge, low.width(), edge), tokens.late);
        return low;
    }
    case StripGeometry::Block::Lost:
        painter.fillRect(full, tokens.staleTint);
        painter.fillRect(QRect(full.left(), full.top(), full.width(), edge), tokens.stale);
        painter.fillRect(QRect(full.left(), full.bottom() + 1 - edge, full.width(), edge), tokens.stale);
        break;
    case StripGeometry::Block::Draining:
        painter.drawTiledPixmap(full, m_drainTile, phase);
        painter.fillRect(QRect(full.left(), full.top(), 1, full.height()), tokens.drain);
        break;
    case StripGeometry::Block::Unknown:
        painter.drawTiledPixmap(full, m_unknownTile, phase);
        break;
    }
    return full;
}

void BeatMarks::paintBeats(QPainter &painter, const StripGeometry &geometry, const QRect &strip, Heights heights,
                           const QColor &tick) const
{
    const ThemeTokens &tokens = theme();
    const int left = strip.left();
    const int middle = strip.top() + strip.height() / 2;
    if (geometry.lineFrom < geometry.lineTo)
        painter.fillRect(QRect(left + geometry.lineFrom, middle, geometry.lineTo - geometry.lineFrom, 1),
                         blended(tokens.base, tick, 0.6));
    const int half = heights.block / 2;
    for (const StripGeometry::Span &span : geometry.spans)
        paintBlock(painter, QRect(left + span.left, middle - half, span.right - span.left, 2 * half), span.block);
    if (geometry.haze > 0) {
        // Seen by polling: around each tick, what the reads before and after it leave open.
        const QColor haze = blended(tokens.base, tick, 0.28);
        const int low = heights.tick * 2 / 3;
        for (const int x : geometry.ticks)
            painter.fillRect(QRect(left + x - geometry.haze, middle - low / 2, 2 * geometry.haze, low), haze);
    }
    const int top = middle - heights.tick / 2;
    const int width = px(2);
    for (const StripGeometry::Band &band : geometry.bands)
        painter.fillRect(QRect(left + band.left, top, band.right - band.left + width, heights.tick),
                         blended(tokens.base, tick, 0.7));
    for (const int x : geometry.ticks)
        painter.fillRect(QRect(left + x - width / 2, top, width, heights.tick), tick);
}

void BeatMarks::paintMark(QPainter &painter, StripGeometry::Mark mark, int x, int top, int middle) const
{
    const ThemeTokens &tokens = theme();
    const int reach = px(7);
    const int arm = px(4);
    const int stroke = px(2);
    switch (mark) {
    case StripGeometry::Mark::Start:
    case StripGeometry::Mark::End: {
        const bool start = mark == StripGeometry::Mark::Start;
        const QColor colour = start ? tokens.alive : tokens.gone;
        const int from = start ? x : x - arm;
        painter.fillRect(QRect(start ? x : x - stroke, middle - reach, stroke, 2 * reach), colour);
        painter.fillRect(QRect(from, middle - reach, arm, stroke), colour);
        painter.fillRect(QRect(from, middle + reach - stroke, arm, stroke), colour);
        break;
    }
    case StripGeometry::Mark::Expired:
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(tokens.stale, 2));
        painter.drawLine(QPointF(x - arm + 0.5, middle - arm + 0.5), QPointF(x + arm - 0.5, middle + arm - 0.5));
        painter.drawLine(QPointF(x - arm + 0.5, middle + arm - 0.5), QPointF(x + arm - 0.5, middle - arm + 0.5));
        painter.setRenderHint(QPainter::Antialiasing, false);
        break;
    case StripGeometry::Mark::CommandSent:
    case StripGeometry::Mark::CommandRead: {
        const qreal edge = top + 1.5;
        const QPolygonF shape({{x - arm + 0.5, edge}, {x + arm - 0.5, edge}, {qreal(x), edge + 1.4 * arm}});
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(tokens.accent, 1.3));
        painter.setBrush(mark == StripGeometry::Mark::CommandRead ? QBrush(tokens.accent) : QBrush(tokens.base));
        painter.drawPolygon(shape);
        painter.setRenderHint(QPainter::Antialiasing, false);
        break;
    }
    }
}

void BeatMarks::paintDots(QPainter &painter, int from, int to, int middle) const
{
    for (int x = from; x < to; x += 5)
        painter.fillRect(QRect(x, middle, 2, 2), theme().zombie);
}

} // namespace pulsedeck
