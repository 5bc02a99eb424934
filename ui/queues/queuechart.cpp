// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queues/queuechart.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/common/plotview.h"
#include "ui/queues/queuecells.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QueueChart::QueueChart(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"queueChart"_s);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Waiting jobs over time"));
}

QSize QueueChart::sizeHint() const
{
    return {px(260), px(150)};
}

void QueueChart::show(const QueueFacts &queue, const QueueHistory &history, qint64 now, qint64 spanMs)
{
    m_queue = queue;
    m_history = history;
    m_now = now;
    m_spanMs = spanMs;
    m_most = 0;
    for (const QueuePoint &point : pointsOf(history, now, spanMs))
        m_most = qMax(m_most, point.waiting);
    m_summary = tr("last %1 · most %2").arg(durationText(spanMs), groupedNumber(m_most));
    setAccessibleDescription(m_summary);
    update();
}

void QueueChart::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    QPainter painter(this);
    painter.setFont(Theme::instance().chartFont());
    const QFontMetrics metrics(painter.font());
    const double top = qMax(1.0, double(m_most)) * 1.1; // As the line is drawn.
    const double step = qMax(1.0, axisStep(top));
    const int left = qMax(px(22), metrics.horizontalAdvance(shortNumber(top)) + px(8));
    const QRectF plot(left, px(5), width() - left - px(6), height() - px(9) - metrics.height());
    const auto heightOf = [&](double value) { return plot.bottom() - value / top * (plot.height() - 1); };
    for (double value = 0; value <= top; value += step) {
        const double y = heightOf(value);
        painter.fillRect(QRectF(plot.left(), y, plot.width(), 1), tokens.line);
        painter.setPen(tokens.faint);
        painter.drawText(QRectF(0, y - metrics.height() / 2.0, plot.left() - px(5), metrics.height()),
                         Qt::AlignRight | Qt::AlignVCenter, shortNumber(value));
    }
    if (m_queue.pausedSince > 0) {
        const double from =
            qMax(plot.left(), plot.right() - double(m_now - m_queue.pausedSince) / double(m_spanMs) * plot.width());
        const QRectF span(QPointF(from, plot.top()), plot.bottomRight());
        QColor ground = tokens.drain;
        ground.setAlphaF(0.15F);
        painter.fillRect(span, ground);
        painter.save();
        painter.setClipRect(span);
        painter.setRenderHint(QPainter::Antialiasing);
        QColor stroke = tokens.drain;
        stroke.setAlphaF(0.4F);
        painter.setPen(QPen(stroke, 1));
        for (double x = span.left() - span.height(); x < span.right(); x += px(8))
            painter.drawLine(QPointF(x, span.bottom()), QPointF(x + span.height(), span.top()));
        painter.restore();
        painter.fillRect(QRectF(from, plot.top(), 1, plot.height()), tokens.drain);
    }
    const Tone tone = queueTone(m_queue);
    paintQueueHistory(painter, plot, m_history, m_now, m_spanMs, tone == Tone::Ordinary ? tokens.alive : toneColour(tone));
    painter.setPen(tokens.faint);
    const QRectF foot(plot.left(), plot.bottom() + px(2), plot.width(), metrics.height());
    painter.drawText(foot, Qt::AlignLeft | Qt::AlignVCenter, chartStartText(double(m_spanMs) / 1'000));
    painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter, tr("now"));
}

} // namespace pulsedeck
