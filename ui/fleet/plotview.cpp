// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/plotview.h"

#include "ui/fleet/chartdata.h"
#include "ui/theme/theme.h"

#include <QGraphicsLayout>
#include <QPainter>
#include <QWheelEvent>
#include <QtCharts/QChart>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

using namespace Qt::StringLiterals;

namespace pulsedeck {

PlotView::PlotView(QWidget *parent)
    : QChartView(new QChart, parent)
    , m_timeAxis(new QValueAxis(this))
    , m_valueAxis(new QValueAxis(this))
{
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setBackgroundBrush(Qt::NoBrush);
    viewport()->setAutoFillBackground(false);
    setFocusPolicy(Qt::NoFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    chart()->legend()->hide();
    chart()->setBackgroundVisible(false);
    chart()->setMargins({});
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setAnimationOptions(QChart::NoAnimation);
    for (QValueAxis *axis : {m_timeAxis, m_valueAxis}) {
        axis->setLabelsVisible(false);
        axis->setLineVisible(false);
        axis->setMinorGridLineVisible(false);
    }
    m_timeAxis->setGridLineVisible(false);
    m_valueAxis->setTickType(QValueAxis::TicksDynamic);
    m_valueAxis->setTickAnchor(0);
    chart()->addAxis(m_timeAxis, Qt::AlignBottom);
    chart()->addAxis(m_valueAxis, Qt::AlignLeft);
    const auto colourGrid = [this] { m_valueAxis->setGridLinePen(QPen(theme().line, 1)); };
    colourGrid();
    connect(&Theme::instance(), &Theme::changed, this, [this, colourGrid] {
        colourGrid();
        adoptTheme();
    });
    setRanges(m_span, m_top);
}

void PlotView::setSummary(const QString &summary)
{
    m_summary = summary;
    setAccessibleDescription(summary);
}

void PlotView::setRanges(double span, double top)
{
    m_span = span;
    m_top = top;
    m_step = axisStep(top);
    m_timeAxis->setRange(-span, 0);
    m_valueAxis->setTickInterval(m_step);
    m_valueAxis->setRange(0, top);
}

void PlotView::attach(QAbstractSeries *series)
{
    chart()->addSeries(series);
    series->attachAxis(m_timeAxis);
    series->attachAxis(m_valueAxis);
}

QLineSeries *PlotView::addLine(const QColor &colour, qreal width, Qt::PenStyle style)
{
    auto *series = new QLineSeries(this);
    QPen pen(colour, width, style);
    pen.setCapStyle(Qt::FlatCap);
    series->setPen(pen);
    attach(series);
    return series;
}

void PlotView::setLabels(std::vector<Label> labels)
{
    m_labels = std::move(labels);
    viewport()->update();
}

QPointF PlotView::toScene(const QPointF &value) const
{
    const QRectF plot = chart()->plotArea();
    return {plot.right() + value.x() / m_span * plot.width(), plot.bottom() - value.y() / m_top * plot.height()};
}

void PlotView::placePlot()
{
    const Theme &measures = Theme::instance();
    const int foot = QFontMetrics(measures.chartFont()).height() + 2;
    chart()->setPlotArea(QRectF(measures.scaled(22), measures.scaled(5),
                                width() - measures.scaled(22) - measures.scaled(10),
                                height() - measures.scaled(5) - foot));
}

void PlotView::resizeEvent(QResizeEvent *event)
{
    QChartView::resizeEvent(event);
    placePlot();
}

void PlotView::wheelEvent(QWheelEvent *event)
{
    event->ignore(); // The chart does not scroll; the panel around it may.
}

void PlotView::paintMarks(QPainter &)
{ }

void PlotView::drawForeground(QPainter *painter, const QRectF &)
{
    const ThemeTokens &tokens = theme();
    const QRectF plot = chart()->plotArea();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    paintMarks(*painter);
    painter->setFont(Theme::instance().chartFont());
    const QFontMetricsF metrics(painter->font());
    painter->setPen(tokens.faint);
    for (double value = 0; value <= m_top * 1.001; value += m_step) {
        const qreal y = toScene({0, value}).y();
        painter->drawText(QRectF(0, y - metrics.height() / 2, plot.left() - 5, metrics.height()),
                          Qt::AlignRight | Qt::AlignVCenter, QString::number(value, 'g', 4));
    }
    const QString start = m_span < 100 ? QString(u"−"_s + QString::number(qRound(m_span)) + u" s"_s)
                                       : QString(u"−"_s + QString::number(m_span / 60, 'g', 2) + u" min"_s);
    painter->drawText(QPointF(plot.left(), plot.bottom() + metrics.ascent() + 2), start);
    painter->drawText(QPointF(plot.right() - metrics.horizontalAdvance(u"now"_s), plot.bottom() + metrics.ascent() + 2),
                      u"now"_s);
    for (const Label &label : m_labels) {
        const QPointF at = toScene(label.at);
        const qreal width = metrics.horizontalAdvance(label.text);
        qreal x = label.side & Qt::AlignLeft    ? at.x() - width - 7
                  : label.side & Qt::AlignRight ? at.x() + 4
                                                : at.x() - width / 2;
        x = qBound(plot.left() + 2, x, qMax(plot.left() + 2, plot.right() - width));
        qreal y = at.y() - metrics.height() / 2;
        if (label.side & Qt::AlignTop)
            y = at.y() - metrics.height() - 1;
        else if (label.side & Qt::AlignBottom)
            y = at.y() + 2;
        painter->setPen(label.colour);
        painter->drawText(QPointF(x, y + metrics.ascent()), label.text);
    }
    painter->restore();
}

} // namespace pulsedeck
