// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/beatstripdelegate.h"

#include "models/core/format.h"
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

BeatStripDelegate::BeatStripDelegate(FleetLook &look, const FleetTableModel &model, QObject *parent)
    : CellDelegate(look, model, FleetColumnId::Strip, nullptr, parent)
{
    followTheme(this, [this] { makeTiles(); });
}

void BeatStripDelegate::makeTiles()
{
    const ThemeTokens &tokens = theme();
    m_drainTile = hatch(tokens.drainTint, blended(tokens.drainTint, tokens.drain, 0.55));
    QColor ground = tokens.line;
    ground.setAlpha(90);
    m_unknownTile = hatch(ground, blended(tokens.base, tokens.gone, 0.45));
}

QRect BeatStripDelegate::stripRect(const QRect &cell)
{
    return cell.adjusted(0, 0, -px(8), 0);
}

void BeatStripDelegate::paintCell(QPainter &painter, const FleetCell &cell) const
{
    const ThemeTokens &tokens = theme();
    const QRect strip = stripRect(cell.rect);
    if (strip.width() < 20)
        return;
    const StripScale scale{look().now(), stripSpanMs, strip.width()};
    StripFacts facts = stripFacts(cell.store, cell.handle);
    if (cell.worker.flags.testFlag(WorkerFlag::PolledBeats))
        facts.uncertainMs = look().source(cell.worker.source).sweepMs;
    layoutStrip(cell.store.beats(cell.handle), facts, scale, m_geometry);
    const int left = strip.left();
    const int middle = strip.top() + strip.height() / 2;
    painter.setClipRect(strip.adjusted(0, 0, px(5), 0));

    for (const int seconds : {90, 60, 30})
        painter.fillRect(QRect(left + strip.width() * (120 - seconds) / 120, strip.top(), 1, strip.height()), tokens.grid);

    const bool departed = cell.worker.liveness == Liveness::Departed;
    const QColor tick = departed ? tokens.gone : tokens.aliveTick;
    if (m_geometry.lineFrom < m_geometry.lineTo)
        painter.fillRect(QRect(left + m_geometry.lineFrom, middle, m_geometry.lineTo - m_geometry.lineFrom, 1),
                         blended(tokens.base, tick, 0.6));
    for (const StripGeometry::Span &span : m_geometry.spans)
        paintSpan(painter, cell, strip, span);

    const int height = px(12);
    const int width = px(2);
    if (m_geometry.haze > 0) {
        // Seen by polling: around each tick, what the reads before and after it leave open.
        const QColor haze = blended(tokens.base, tick, 0.28);
        const int low = px(8);
        for (const int x : m_geometry.ticks)
            painter.fillRect(QRect(left + x - m_geometry.haze, middle - low / 2, 2 * m_geometry.haze, low), haze);
    }
    for (const StripGeometry::Band &band : m_geometry.bands)
        painter.fillRect(QRect(left + band.left, middle - height / 2, band.right - band.left + width, height),
                         blended(tokens.base, tick, 0.7));
    paintRareBeat(painter, cell, strip, facts);
    if (cell.worker.traits->registers() && m_geometry.ticks.empty() && m_geometry.spans.empty() && !departed
        && cell.worker.beatAt > 0) {
        // Renewals are minutes apart: an empty strip is no silence.
        const QString text = tr("renewed %1 ago").arg(spanText(cell.now - cell.worker.beatAt));
        const QRect above(left + px(6), strip.top() - 1, strip.width() - px(12), middle - strip.top());
        if (look().textWidth(FleetLook::Chart, text) < above.width())
            look().drawText(painter, FleetLook::Chart, above, text, cell.dim());
    }
    for (const int x : m_geometry.ticks)
        painter.fillRect(QRect(left + x - width / 2, middle - height / 2, width, height), tick);

    if (m_geometry.dotsFrom < m_geometry.dotsTo) {
        const int from = left + m_geometry.dotsFrom + px(7);
        for (int x = from; x < left + m_geometry.dotsTo; x += 5)
            painter.fillRect(QRect(x, middle, 2, 2), tokens.zombie);
        const QString text = !facts.ghost                                 ? tr("counters left")
                             : ageBasis(cell.worker) == BeatBasis::Events ? tr("bound, not heard")
                                                                          : tr("registered, no key");
        if (left + m_geometry.dotsTo - from > look().textWidth(FleetLook::Chart, text) + 12) {
            const QRect above(from, strip.top() - 1, left + m_geometry.dotsTo - from, middle - strip.top());
            look().drawText(painter, FleetLook::Chart, above, text, tokens.zombie);
        }
    }
    for (const StripGeometry::Place &place : m_geometry.marks)
        paintMark(painter, strip, place);
    painter.fillRect(QRect(strip.right() + 1, strip.top(), 1, strip.height() + 1), blended(tokens.base, tokens.dim, 0.8));
}

/// Beats farther apart than the strip is long: when the last one was, and when the next is due.
void BeatStripDelegate::paintRareBeat(QPainter &painter, const FleetCell &cell, const QRect &strip, const StripFacts &facts) const
{
    const Worker &worker = cell.worker;
    const bool listens = worker.flags.testFlag(WorkerFlag::Incomplete) && worker.ttlAtRead == -2;
    const bool rare = facts.interval > stripSpanMs && worker.beatAt > 0 && !worker.flags.testFlag(WorkerFlag::StillWorking);
    if (facts.departed || worker.traits->registers() || !m_geometry.spans.empty() || (!rare && !listens))
        return;
    const qint64 age = worker.beatAgeAt(cell.now);
    const QString text = listens ? tr("channel has a listener")
                         : age < facts.interval
                             ? tr("beat %1 ago, next in %2").arg(countText(age), countText(facts.interval - age))
                             : tr("beat %1 ago").arg(countText(age));
    const int middle = strip.top() + strip.height() / 2;
    const int width = look().textWidth(FleetLook::Chart, text);
    const int first = m_geometry.ticks.empty() ? 0 : m_geometry.ticks.front();
    const int last = m_geometry.ticks.empty() ? 0 : m_geometry.ticks.back();
    // Behind the last tick, or before the first.
    const bool behind = strip.width() - last - px(12) > width;
    if (!behind && first - px(12) <= width)
        return;
    const QRect above(strip.left() + (behind ? last : 0) + px(6), strip.top() - 1,
                      (behind ? strip.width() - last : first) - px(12), middle - strip.top());
    look().drawText(painter, FleetLook::Chart, above, text, cell.dim());
}

void BeatStripDelegate::paintSpan(QPainter &painter, const FleetCell &cell, const QRect &strip,
                                  const StripGeometry::Span &span) const
{
    const ThemeTokens &tokens = theme();
    const int middle = strip.top() + strip.height() / 2;
    const int half = px(8);
    const int edge = px(2);
    const QRect full(strip.left() + span.left, middle - half, span.right - span.left, 2 * half);
    const auto label = [&](const QRect &room) {
        const QString text = span.gapMs > 0 ? columnTime(span.gapMs) : QString();
        if (look().textWidth(FleetLook::Chart, text) + 3 < room.width())
            look().drawText(painter, FleetLook::Chart, room, text, tokens.text);
    };
    switch (span.block) {
    case StripGeometry::Block::Late: {
        const QRect low(full.left(), middle - edge, full.width(), full.bottom() + 1 - (middle - edge));
        painter.fillRect(low, tokens.lateTint);
        painter.fillRect(QRect(low.left(), low.bottom() + 1 - edge, low.width(), edge), tokens.late);
        if (cell.frozen.isEmpty())
            label(low.adjusted(5, -2, 0, -2));
        break;
    }
    case StripGeometry::Block::Lost:
        painter.fillRect(full, tokens.staleTint);
        painter.fillRect(QRect(full.left(), full.top(), full.width(), edge), tokens.stale);
        painter.fillRect(QRect(full.left(), full.bottom() + 1 - edge, full.width(), edge), tokens.stale);
        label(full.adjusted(5, 0, 0, 0));
        break;
    case StripGeometry::Block::Draining:
        painter.drawTiledPixmap(full, m_drainTile, QPointF(span.left % tileSide, 0));
        painter.fillRect(QRect(full.left(), full.top(), 1, full.height()), tokens.drain);
        break;
    case StripGeometry::Block::Unknown:
        painter.drawTiledPixmap(full, m_unknownTile, QPointF(span.left % tileSide, 0));
        break;
    }
}

void BeatStripDelegate::paintMark(QPainter &painter, const QRect &strip, const StripGeometry::Place &place) const
{
    const ThemeTokens &tokens = theme();
    const int middle = strip.top() + strip.height() / 2;
    const int x = strip.left() + place.x;
    const int reach = px(7);
    const int arm = px(4);
    const int stroke = px(2);
    switch (place.mark) {
    case StripGeometry::Mark::Start:
    case StripGeometry::Mark::End: {
        const bool start = place.mark == StripGeometry::Mark::Start;
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
        const qreal top = strip.top() + 1.5;
        const QPolygonF shape({{x - arm + 0.5, top}, {x + arm - 0.5, top}, {qreal(x), top + 1.4 * arm}});
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(tokens.accent, 1.3));
        painter.setBrush(place.mark == StripGeometry::Mark::CommandRead ? QBrush(tokens.accent) : QBrush(tokens.base));
        painter.drawPolygon(shape);
        painter.setRenderHint(QPainter::Antialiasing, false);
        break;
    }
    }
}

} // namespace pulsedeck
