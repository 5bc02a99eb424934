// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/plotview.h"

#include "models/core/format.h"
#include "ui/common/textplaces.h"
#include "ui/theme/theme.h"

#include <QGraphicsLayout>
#include <QPainter>
#include <QWheelEvent>
#include <QtCharts/QChart>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>
#include <QtMath>

#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

PlotView::PlotView(QWidget *parent)
    : QChartView(new QChart, parent)
    , m_timeAxis(new QValueAxis(this))
    , m_valueAxis(new QValueAxis(this))
{
    makeBare(*this, {m_timeAxis, m_valueAxis});
    setFocusPolicy(Qt::NoFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_timeAxis->setGridLineVisible(false);
    m_valueAxis->setTickType(QValueAxis::TicksDynamic);
    m_valueAxis->setTickAnchor(0);
    chart()->addAxis(m_timeAxis, Qt::AlignBottom);
    chart()->addAxis(m_valueAxis, Qt::AlignLeft);
    const auto colourGrid = [this] { m_valueAxis->setGridLinePen(QPen(theme().line, 1)); };
    colourGrid();
    connect(&Theme::instance(), &Theme::changed, this, [this, colourGrid] {
        colourGrid();
        placePlot();
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
    const int above = px(5) + m_headroom;
    chart()->setPlotArea(QRectF(px(22), above, width() - px(22) - px(10), height() - above - foot));
}

void PlotView::setHeadroom(int pixels)
{
    if (std::exchange(m_headroom, pixels) != pixels)
        placePlot();
}

std::vector<PlotView::PlacedLabel> PlotView::placedLabels() const
{
    const QRectF plot = chart()->plotArea();
    const QFontMetricsF metrics(Theme::instance().chartFont());
    const qreal height = metrics.height();
    const int foot = qFloor(plot.bottom()); // Below stand the times.
    std::vector<PlacedLabel> placed;
    placed.reserve(m_labels.size());
    TextPlaces places;
    for (const Label &label : m_labels) {
        const QPointF at = toScene(label.at);
        const qreal labelWidth = metrics.horizontalAdvance(label.text);
        const qreal x = label.side & Qt::AlignLeft    ? at.x() - labelWidth - 7
                        : label.side & Qt::AlignRight ? at.x() + 4
                                                      : at.x() - labelWidth / 2;
        const qreal above = at.y() - height - 1;
        const qreal below = at.y() + 2;
        const bool isBelow = (label.side & Qt::AlignBottom) && below + height <= foot; // Else on the other side of its line.
        const qreal y = isBelow ? below : label.side & (Qt::AlignTop | Qt::AlignBottom) ? above : at.y() - height / 2;
        const qreal left = qBound(plot.left() + 2, x, qMax(plot.left() + 2, plot.right() - labelWidth));
        const QRect wanted(qRound(left), qRound(y), qCeil(labelWidth), qCeil(height));
        // Where another stands it moves right above or below that one, the shorter way that stays within the plot.
        const int top = qMax(0, qMin(wanted.top(), qFloor(plot.top())));
        const QRect place = places.placeUpright(wanted, top, foot, label.dispensable ? wanted.height() / 3 : foot);
        if (!place.isNull())
            placed.push_back({label.text, place, label.colour});
    }
    return placed;
}

void PlotView::resizeEvent(QResizeEvent *event)
{
    placePlot(); // First: the chart lays its grid out while it is resized, by the plot it has then.
    QChartView::resizeEvent(event);
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
                          Qt::AlignRight | Qt::AlignVCenter, significantText(value, 4));
    }
    painter->drawText(QPointF(plot.left(), plot.bottom() + metrics.ascent() + 2), chartStartText(m_span));
    painter->drawText(QPointF(plot.right() - metrics.horizontalAdvance(m_end), plot.bottom() + metrics.ascent() + 2), m_end);
    for (const PlacedLabel &label : placedLabels()) {
        // Lines that run behind it would strike it through.
        QColor ground = tokens.win;
        ground.setAlphaF(0.7f);
        painter->fillRect(label.place.adjusted(-2, 1, 2, -1), ground);
        painter->setPen(label.colour);
        painter->drawText(QPointF(label.place.left(), label.place.top() + metrics.ascent()), label.text);
    }
    painter->restore();
}

void makeBare(QChartView &view, std::initializer_list<QValueAxis *> axes)
{
    view.setFrameShape(QFrame::NoFrame);
    view.setRenderHint(QPainter::Antialiasing);
    view.setBackgroundBrush(Qt::NoBrush);
    view.viewport()->setAutoFillBackground(false);
    QChart &chart = *view.chart();
    chart.legend()->hide();
    chart.setBackgroundVisible(false);
    chart.setMargins({});
    chart.layout()->setContentsMargins(0, 0, 0, 0);
    chart.setAnimationOptions(QChart::NoAnimation);
    for (QValueAxis *axis : axes) {
        axis->setLabelsVisible(false);
        axis->setLineVisible(false);
        axis->setMinorGridLineVisible(false);
    }
}

double axisStep(double top)
{
    double decade = 0.1;
    while (true) {
        for (const double step : {1.0, 2.0, 5.0}) {
            if (top / (decade * step) <= 5)
                return decade * step;
        }
        decade *= 10;
    }
}

} // namespace pulsedeck
