// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCharts/QChartView>

#include <initializer_list>
#include <vector>

class QChart;
class QLineSeries;
class QValueAxis;

namespace pulsedeck {

/// A small chart in the look of the design: no legend, no frame, time to the left of its end, seconds upwards. Lines and
/// areas are Qt Charts'; figures and words are painted over them, where the design wants them.
class PlotView : public QChartView
{
    Q_OBJECT

public:
    explicit PlotView(QWidget *parent = nullptr);

    /// What the chart shows in one sentence, for those who do not see it.
    void setSummary(const QString &summary);
    QString summary() const { return m_summary; }
    /// The same in fewer and fewer words, for where it does not fit.
    void setShorterSummaries(const QStringList &shorter) { m_shorter = shorter; }
    QStringList shorterSummaries() const { return m_shorter; }
    /// What stands at the right end of the time: chartEndText().
    QString endText() const { return m_end; }
    struct PlacedLabel
    {
        QString text;
        QRectF place; ///< In pixels of the view.
        QColor colour;
    };
    /// The labels where they stand, none upon another; what finds no room is left out.
    std::vector<PlacedLabel> placedLabels() const;

protected:
    struct Label
    {
        QPointF at; ///< In values.
        QString text;
        QColor colour;
        Qt::Alignment side; ///< Where the text stands as seen from the point.
        bool dispensable = false; ///< Left out rather than moved away from its point.
    };

    /// Seconds shown before now, and the top of the upright axis.
    void setRanges(double span, double top);
    void setEndText(const QString &text) { m_end = text; }
    double span() const { return m_span; }
    double top() const { return m_top; }
    /// A straight line across the chart.
    QLineSeries *addLine(const QColor &colour, qreal width, Qt::PenStyle style = Qt::SolidLine);
    void attach(class QAbstractSeries *series);
    /// Those first in the list are placed first.
    void setLabels(std::vector<Label> labels);
    /// Room above the plot for something painted there.
    void setHeadroom(int pixels);
    QPointF toScene(const QPointF &value) const;
    /// Sets the colours of everything from the theme; called when it changes.
    virtual void adoptTheme() = 0;
    virtual void paintMarks(QPainter &painter);

    void drawForeground(QPainter *painter, const QRectF &rect) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    void placePlot();

    QValueAxis *m_timeAxis;
    QValueAxis *m_valueAxis;
    std::vector<Label> m_labels;
    QString m_summary;
    QStringList m_shorter;
    QString m_end = tr("now");
    int m_headroom = 0;
    double m_span = 120;
    double m_top = 30;
    double m_step = 10;
};

/// Takes everything from a chart but its plot: frame, ground, legend, margins, animations, and what \a axes would draw.
void makeBare(QChartView &view, std::initializer_list<QValueAxis *> axes);
/// A step for an axis from 0 to \a top that gives two to five labels: 1, 2, 5, 10, 20, 50, …
double axisStep(double top);

} // namespace pulsedeck
