// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queues/queuecells.h"

#include "models/core/format.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int workerPitch = 6; ///< From cell to cell, as on the fleet map.
constexpr int workersInOneRow = 12;
constexpr double longestBar = 100'000; ///< Jobs for which the bar is full.

QColor strokeOf(const QueueFacts &queue)
{
    const Tone tone = queueTone(queue);
    return tone == Tone::Ordinary ? theme().dim : toneColour(tone);
}

} // namespace

Glyph queueGlyph(const QueueFacts &queue)
{
    if (queue.asOf > 0)
        return Glyph::Unknown;
    switch (queue.state) {
    case QueueState::Paused:
        return Glyph::PausedWorker;
    case QueueState::Unserved:
        return Glyph::Unserved;
    case QueueState::Growing:
        return Glyph::Growing;
    case QueueState::Active:
        break;
    }
    return queue.isIdle() ? Glyph::Off : Glyph::Alive;
}

QColor queueGlyphColour(const QueueFacts &queue)
{
    return queueGlyph(queue) == Glyph::Off ? theme().alive : QColor();
}

Tone queueTone(const QueueFacts &queue)
{
    if (queue.asOf > 0)
        return Tone::Gone;
    switch (queue.state) {
    case QueueState::Paused:
        return Tone::Drain;
    case QueueState::Unserved:
        return Tone::Stale;
    case QueueState::Growing:
        return Tone::Late;
    case QueueState::Active:
        break;
    }
    return Tone::Ordinary;
}

void paintQueueWorker(QPainter &painter, const QPointF &corner, QueueWorker worker)
{
    const ThemeTokens &tokens = theme();
    const int pitch = px(workerPitch);
    const QRectF mark(corner, QSizeF(pitch - 1, pitch - 1));
    const QRectF body = mark.adjusted(0.5, 0.5, -0.5, -0.5);
    switch (worker) {
    case QueueWorker::TakesJobs:
        painter.fillRect(body, tokens.aliveTick);
        break;
    case QueueWorker::Lost:
        painter.fillRect(mark, tokens.stale);
        break;
    case QueueWorker::Troubled:
        painter.fillRect(mark, tokens.late);
        painter.fillRect(mark.adjusted(1.5, 1.5, -1.5, -1.5), tokens.base);
        break;
    case QueueWorker::Silent:
        painter.fillRect(mark, tokens.faint);
        painter.fillRect(mark.adjusted(1, 1, -1, -1), tokens.base);
        break;
    case QueueWorker::Leaving:
        painter.fillRect(mark, tokens.drain);
        painter.fillRect(QRectF(mark.left() + 1, mark.top() + 1, mark.width() - 2, mark.height() / 2 - 1), tokens.base);
        break;
    case QueueWorker::Paused:
        painter.fillRect(QRectF(mark.left(), mark.top(), mark.width() * 0.38, mark.height()), tokens.drain);
        painter.fillRect(QRectF(mark.right() - mark.width() * 0.38, mark.top(), mark.width() * 0.38, mark.height()),
                         tokens.drain);
        break;
    }
}

int paintQueueWorkers(QPainter &painter, const QRect &area, const QueueFacts &queue)
{
    const int pitch = px(workerPitch);
    const int count = std::accumulate(queue.workers.begin(), queue.workers.end(), 0);
    const int columns = qMax(1, area.width() / pitch);
    const int rows = count > qMin(workersInOneRow, columns) && area.height() >= 2 * pitch ? 2 : 1;
    const int perRow = rows == 1 ? columns : qMin(columns, qMax(workersInOneRow, (count + 1) / 2));
    const int top = area.top() + (area.height() - rows * pitch) / 2;
    int place = 0;
    for (size_t kind = 0; kind < queue.workers.size(); ++kind) {
        for (int i = 0; i < queue.workers[kind] && place < perRow * rows; ++i, ++place)
            paintQueueWorker(painter, QPoint(area.left() + place % perRow * pitch, top + place / perRow * pitch),
                             QueueWorker(kind));
    }
    return place;
}

std::vector<QueuePoint> pointsOf(const QueueHistory &history, qint64 now, qint64 spanMs)
{
    const bool fine = spanMs <= qint64(QueueHistory::mostFine) * QueueHistory::fineStepMs;
    const std::vector<QueuePoint> &all = fine ? history.fine() : history.coarse();
    auto first =
        std::lower_bound(all.begin(), all.end(), now - spanMs, [](const QueuePoint &point, qint64 at) { return point.at < at; });
    if (first != all.begin() && first != all.end())
        --first;
    return {first, all.end()};
}

void paintQueueHistory(QPainter &painter, const QRectF &area, const QueueHistory &history, qint64 now, qint64 spanMs,
                       const QColor &colour)
{
    paintQueuePoints(painter, area, pointsOf(history, now, spanMs), now, spanMs, colour);
}

void paintQueuePoints(QPainter &painter, const QRectF &area, const std::vector<QueuePoint> &points, qint64 now, qint64 spanMs,
                      const QColor &colour)
{
    if (points.empty() || area.width() < 4)
        return;
    const auto longest = std::max_element(
        points.begin(), points.end(), [](const QueuePoint &one, const QueuePoint &other) { return one.waiting < other.waiting; });
    const double top = qMax(1.0, double(longest->waiting)) * 1.1;
    const auto placeOf = [&](qint64 at, qint64 waiting) {
        const double x = area.right() - double(now - at) / double(spanMs) * area.width();
        return QPointF(qBound(area.left(), x, area.right()), area.bottom() - double(waiting) / top * (area.height() - 1));
    };
    QPolygonF line;
    for (const QueuePoint &point : points)
        line.append(placeOf(point.at, point.waiting));
    // It still waits: until now.
    line.append(placeOf(now, points.back().waiting));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QColor fill = colour;
    fill.setAlphaF(0.18F);
    QPolygonF ground = line;
    ground.append({line.last().x(), area.bottom()});
    ground.append({line.first().x(), area.bottom()});
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawPolygon(ground);
    painter.setPen(QPen(colour, 1.2));
    painter.drawPolyline(line);
    painter.restore();
}

QueueDelegate::QueueDelegate(QueueTableModel &queues, QObject *parent)
    : RowDelegate(parent)
    , m_queues(queues)
{ }

void QueueDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QueueFacts *queue = m_queues.factsAt(index.row());
    if (!queue)
        return; // A heading is painted by the table, across all columns.
    const ThemeTokens &tokens = theme();
    const QueueColumn column = QueueColumn(index.column());
    Cell cell = cellOf(option, index);
    cell.colour = tokens.dim;
    const bool number = column >= QueueColumn::Waiting && column <= QueueColumn::Workers;
    const bool lost = queue->asOf > 0;
    if (number) {
        cell.alignment = Qt::AlignRight;
        const bool nothing = cell.text == "0"_L1 || cell.text == u"–";
        cell.colour = nothing || lost ? tokens.faint : tokens.text;
        if (nothing && (option.state & QStyle::State_Selected))
            cell.colour = tokens.dim;
    }
    painter->save();
    switch (column) {
    case QueueColumn::Queue:
        cell.colour = lost ? tokens.dim : tokens.text;
        cell.elide = Qt::ElideMiddle; // Ends are what often differs.
        cell.glyph = queueGlyph(*queue);
        cell.glyphColour = queueGlyphColour(*queue);
        paintGlyphOf(*painter, cell);
        paintTextOf(*painter, cell);
        break;
    case QueueColumn::Waiting:
        paintWaiting(*painter, cell, *queue);
        break;
    case QueueColumn::Out:
        if (!lost && queue->outPerMinute >= 0 && (queue->state == QueueState::Unserved || queue->state == QueueState::Growing))
            cell.colour = strokeOf(*queue);
        paintTextOf(*painter, cell);
        break;
    case QueueColumn::Workers:
        paintWorkers(*painter, cell, *queue);
        break;
    case QueueColumn::State:
        paintState(*painter, cell, *queue);
        break;
    case QueueColumn::History:
        if (const QueueRecord *record = m_queues.recordAt(index.row()))
            paintQueueHistory(*painter, QRectF(cell.rect).adjusted(0, 4, 0, -4), record->history, m_queues.store().viewNow(),
                              m_spanMs, strokeOf(*queue));
        break;
    default:
        paintTextOf(*painter, cell);
    }
    painter->restore();
}

void QueueDelegate::paintWaiting(QPainter &painter, Cell cell, const QueueFacts &queue) const
{
    const ThemeTokens &tokens = theme();
    const int barWidth = qMin(px(46), cell.rect.width() / 2);
    const QRect bar(cell.rect.left(), cell.rect.center().y() - px(4), barWidth, px(8));
    if (queue.latest.waiting >= 0) {
        painter.fillRect(bar, tokens.raised);
        if (!tokens.dark) { // A grey ground would look like a full bar.
            painter.setPen(tokens.line);
            painter.drawRect(bar.adjusted(0, 0, -1, -1));
        }
        const double share = std::log1p(double(queue.latest.waiting)) / std::log1p(longestBar);
        QRect filled = bar;
        filled.setWidth(queue.latest.waiting == 0 ? 0 : qBound(2, int(std::lround(share * barWidth)), barWidth));
        const Tone tone = queueTone(queue);
        const QColor colour = tone == Tone::Ordinary ? tokens.gone : toneColour(tone);
        if (queue.state == QueueState::Paused && queue.asOf == 0) {
            QColor ground = colour;
            ground.setAlphaF(0.25F);
            painter.fillRect(filled, ground);
            painter.setClipRect(filled, Qt::IntersectClip);
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(QPen(colour, 1.4));
            for (int x = filled.left() - filled.height(); x <= filled.right(); x += px(5))
                painter.drawLine(QPointF(x, filled.bottom() + 1), QPointF(x + filled.height(), filled.top()));
            painter.setRenderHint(QPainter::Antialiasing, false);
            painter.setClipping(false);
        } else {
            painter.fillRect(filled, colour);
        }
        if (queue.asOf == 0 && (queue.state == QueueState::Unserved || queue.state == QueueState::Growing))
            cell.colour = strokeOf(queue);
    }
    cell.rect.setLeft(bar.right() + px(6));
    paintTextOf(painter, cell);
}

void QueueDelegate::paintWorkers(QPainter &painter, Cell cell, const QueueFacts &queue) const
{
    if (queue.asOf == 0 && queue.workersKnown) {
        const int number = QFontMetrics(cell.font).horizontalAdvance(cell.text) + px(6);
        const QRect cells = cell.rect.adjusted(0, 2, -number, -2);
        // Some may be there of which none counts.
        const bool any = paintQueueWorkers(painter, cells, queue) > 0;
        if (!any && queue.state == QueueState::Unserved) {
            Cell none = cell;
            none.rect = cells;
            none.text = tr("none", "workers of a queue");
            none.alignment = Qt::AlignLeft;
            none.colour = theme().stale;
            paintTextOf(painter, none);
            cell.colour = theme().stale;
        }
    }
    paintTextOf(painter, cell);
}

/// The note stands behind, in small letters.
void QueueDelegate::paintState(QPainter &painter, Cell cell, const QueueFacts &queue) const
{
    cell.text = queueStateText(queue);
    if (const Tone tone = queueTone(queue); tone != Tone::Ordinary)
        cell.colour = tone == Tone::Gone ? theme().dim : toneColour(tone);
    paintTextOf(painter, cell);
    const QString note = queueStateNote(queue, m_queues.store().viewNow());
    if (note.isEmpty())
        return;
    cell.rect.setLeft(cell.rect.left() + QFontMetrics(cell.font).horizontalAdvance(cell.text) + px(5));
    cell.text = note;
    cell.font = Theme::instance().smallFont();
    cell.colour = theme().dim;
    paintTextOf(painter, cell);
}

} // namespace pulsedeck
