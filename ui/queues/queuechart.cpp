// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queues/queuechart.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/common/plotview.h"
#include "ui/queues/queuecells.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>
#include <iterator>

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

void QueueChart::show(const QueueFacts &queue, const QueueRecord &record, qint64 now, qint64 spanMs, const Clock &clock)
{
    m_end = chartEndText(now, clock);
    m_queue = queue;
    m_history = record.history;
    m_pauses = record.pauses;
    if (queue.pausedSince > 0)
        m_pauses.push_back({queue.pausedSince, now});
    m_now = now;
    m_spanMs = spanMs;
    m_most = 0;
    for (const QueuePoint &point : pointsOf(m_history, now, spanMs))
        m_most = qMax(m_most, point.waiting);
    m_summary = tr("last %1 · most %2").arg(durationText(spanMs), groupedNumber(m_most));
    setAccessibleDescription(m_summary);
    update();
}

void QueueChart::paintPause(QPainter &painter, const QRectF &plot, const QueuePause &pause) const
{
    const auto placeOf = [&](qint64 at) { return plot.right() - double(m_now - at) / double(m_spanMs) * plot.width(); };
    const double from = qMax(plot.left(), placeOf(pause.from));
    const double until = placeOf(pause.until);
    if (until <= from)
        return;
    const ThemeTokens &tokens = theme();
    const QRectF span(QPointF(from, plot.top()), QPointF(until, plot.bottom()));
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
    if (until < plot.right() - 1)
        painter.fillRect(QRectF(until, plot.top(), 1, plot.height()), tokens.drain);
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
    for (const QueuePause &pause : m_pauses)
        paintPause(painter, plot, pause);
    const Tone tone = queueTone(m_queue);
    paintQueueHistory(painter, plot, m_history, m_now, m_spanMs, tone == Tone::Ordinary ? tokens.alive : toneColour(tone));
    painter.setPen(tokens.faint);
    const QRectF foot(plot.left(), plot.bottom() + px(2), plot.width(), metrics.height());
    painter.drawText(foot, Qt::AlignLeft | Qt::AlignVCenter, chartStartText(double(m_spanMs) / 1'000));
    painter.drawText(foot, Qt::AlignRight | Qt::AlignVCenter, m_end);
}

QueueFlowChart::QueueFlowChart(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"queueFlow"_s);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Jobs that came and were taken, per minute over time"));
}

QSize QueueFlowChart::sizeHint() const
{
    return {px(260), px(64)};
}

void QueueFlowChart::show(const std::vector<QueueFlow> &flow, qint64 now, qint64 spanMs, const Clock &clock)
{
    m_flow.clear();
    std::copy_if(flow.begin(), flow.end(), std::back_inserter(m_flow),
                 [now, spanMs](const QueueFlow &one) { return one.at > now - spanMs && one.at <= now; });
    m_now = now;
    m_spanMs = spanMs;
    setAccessibleDescription(
        m_flow.empty() ? QString()
                       : (clock.isStopped() ? tr("then %1 in, %2 out", "at a moment of the past") : tr("now %1 in, %2 out"))
                             .arg(queueRateText(m_flow.back().in), queueRateText(m_flow.back().out)));
    update();
}

void QueueFlowChart::paintEvent(QPaintEvent *)
{
    if (m_flow.empty())
        return;
    const ThemeTokens &tokens = theme();
    QPainter painter(this);
    painter.setFont(Theme::instance().chartFont());
    const QFontMetrics metrics(painter.font());
    const QString in = tr("in", "jobs that come, at a chart");
    const QString out = tr("out", "jobs that are taken, at a chart");
    const int left = qMax(metrics.horizontalAdvance(in), metrics.horizontalAdvance(out)) + px(8);
    const QRectF plot(left, px(2), width() - left - px(6), height() - px(4));
    const double middle = plot.center().y();
    double most = 1;
    for (const QueueFlow &one : m_flow)
        most = qMax(most, qMax(one.in, one.out));
    painter.setPen(tokens.faint);
    painter.drawText(QRectF(0, plot.top(), left - px(5), plot.height() / 2), Qt::AlignRight | Qt::AlignVCenter, in);
    painter.drawText(QRectF(0, middle, left - px(5), plot.height() / 2), Qt::AlignRight | Qt::AlignVCenter, out);
    // A bar for each time that is kept; of a long span several share one pixel.
    const double step = plot.width() * double(QueueStore::flowStepMs) / double(m_spanMs);
    const double bar = qMax(1.0, step - 1);
    for (const QueueFlow &one : m_flow) {
        const double x = plot.right() - double(m_now - one.at) / double(m_spanMs) * plot.width() - bar;
        if (x < plot.left())
            continue;
        if (one.in > 0) {
            const double high = qMax(1.0, one.in / most * (plot.height() / 2 - 1));
            painter.fillRect(QRectF(x, middle - high, bar, high), tokens.gone);
        }
        if (one.out > 0)
            painter.fillRect(QRectF(x, middle + 1, bar, qMax(1.0, one.out / most * (plot.height() / 2 - 1))), tokens.aliveTick);
    }
    painter.fillRect(QRectF(plot.left(), middle, plot.width(), 1), tokens.line);
}

} // namespace pulsedeck
