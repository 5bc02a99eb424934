// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCharts/QChartView>

#include <vector>

class QAreaSeries;
class QLineSeries;
class QValueAxis;

namespace pulsedeck {

/// How many workers would have been declared dead against the key TTL. The draft's line can be dragged with the mouse,
/// and moved with the keyboard: left and right by a second, with Ctrl and page keys by ten. GUI thread.
class DeathCurve : public QChartView
{
    Q_OBJECT

public:
    explicit DeathCurve(QWidget *parent = nullptr);

    /// A staircase of workers by TTL in ms. The scale is that of the values from \a scaleFromMs on; higher counts before it are
    /// cut off.
    void setCurve(const std::vector<QPointF> &curve, qint64 fromMs, qint64 toMs, qint64 scaleFromMs);
    struct Line
    {
        qint64 ttlMs = 0;
        int deaths = 0;
    };
    void setLines(const Line &draft, const Line &live);
    /// The live line is of a system's defaults, not of what is in force today.
    void setAgainstDefaults(bool defaults) { m_defaults = defaults; }
    /// Shown instead of a curve.
    void setEmptyText(const QString &text);
    /// Where a TTL stands, in the widget's coordinates.
    QPoint placeOf(qint64 ttlMs) const;
    /// Where the label of the draft's line stands, in the widget's coordinates: off the curve if there is room.
    QRect labelPlace() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void ttlDragged(qint64 ttlMs);
    void dragEnded();

protected:
    void drawBackground(QPainter *painter, const QRectF &rect) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void keyReleaseEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void adoptTheme();
    void placePlot();
    bool isOnLine(const QPoint &pos) const;
    void dragTo(int x);
    QPointF toScene(double ttlMs, double deaths) const;
    void paintLine(QPainter &painter, const Line &line, bool isDraft) const;
    /// The draft changes nothing: both lines are one.
    bool isSame() const;
    /// "today: 0 workers at 12 s", "today = draft: 0 workers at 12 s".
    QString labelOf(const Line &line, bool isDraft) const;
    struct Label
    {
        QRectF place; ///< In the scene.
        QString text;
    };
    /// The label of a line, where it stands across no step of the curve; if it must, it is shorter.
    Label labelAt(const Line &line, bool isDraft, const QFontMetricsF &metrics) const;
    bool isOnCurve(const QRectF &place) const;

    QValueAxis *m_ttlAxis;
    QValueAxis *m_countAxis;
    QLineSeries *m_line;
    QLineSeries *m_floor;
    QAreaSeries *m_area;
    QString m_emptyText;
    Line m_draft;
    Line m_live;
    qint64 m_from = 0;
    qint64 m_to = 35'000;
    double m_top = 5;
    double m_countStep = 1;
    bool m_dragging = false;
    bool m_empty = true;
    bool m_defaults = false;
};

} // namespace pulsedeck
