// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/deathcurve.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/common/numberunits.h"
#include "ui/common/plotview.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/timing/timingwords.h"

#include <QGraphicsLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QtCharts/QAreaSeries>
#include <QtCharts/QChart>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 second = 1'000;
constexpr qint64 far = 10'000;

/// 1, 2 or 5 times a power of ten, so that at most \a most steps reach \a top.
double roundStep(double top, int most)
{
    const double power = std::pow(10, std::floor(std::log10(qMax(1., top / most))));
    for (const double factor : {1., 2., 5., 10.}) {
        if (top / (power * factor) <= most)
            return power * factor;
    }
    return power * 10;
}

} // namespace

DeathCurve::DeathCurve(QWidget *parent)
    : QChartView(new QChart, parent)
    , m_ttlAxis(new QValueAxis(this))
    , m_countAxis(new QValueAxis(this))
    , m_line(new QLineSeries(this))
    , m_floor(new QLineSeries(this))
    , m_area(new QAreaSeries(m_line, m_floor))
{
    setObjectName(u"deathCurve"_s);
    setAccessibleName(tr("Declared dead by worker key TTL"));
    setToolTip(tr("Drag the line or use the arrow keys to change the worker key TTL of the draft"));
    makeBare(*this, {m_ttlAxis, m_countAxis});
    for (QValueAxis *axis : {m_ttlAxis, m_countAxis})
        axis->setGridLineVisible(false);
    viewport()->setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    chart()->addAxis(m_ttlAxis, Qt::AlignBottom);
    chart()->addAxis(m_countAxis, Qt::AlignLeft);
    for (QAbstractSeries *series : std::initializer_list<QAbstractSeries *>{m_area, m_line}) {
        chart()->addSeries(series);
        series->attachAxis(m_ttlAxis);
        series->attachAxis(m_countAxis);
    }
    connect(&Theme::instance(), &Theme::changed, this, &DeathCurve::adoptTheme);
    adoptTheme();
}

void DeathCurve::adoptTheme()
{
    QColor fill = theme().staleTint;
    fill.setAlphaF(theme().dark ? 0.55f : 0.6f);
    m_area->setBrush(fill);
    m_area->setPen(Qt::NoPen);
    m_line->setPen(QPen(theme().stale, 1.5));
    resetCachedContent();
}

QSize DeathCurve::sizeHint() const
{
    return {px(340), px(136)};
}

QSize DeathCurve::minimumSizeHint() const
{
    return {px(220), px(136)};
}

void DeathCurve::setCurve(const std::vector<QPointF> &curve, qint64 fromMs, qint64 toMs, qint64 scaleFromMs)
{
    m_empty = curve.empty();
    m_from = fromMs;
    m_to = toMs;
    double most = 0;
    for (const QPointF &point : curve) {
        if (point.x() >= double(scaleFromMs))
            most = qMax(most, point.y());
    }
    m_top = qMax(4.6, most * 1.12);
    m_countStep = roundStep(m_top, 3);
    QList<QPointF> points;
    points.reserve(qsizetype(curve.size()));
    for (const QPointF &point : curve)
        points.append({point.x(), qMin(point.y(), m_top)});
    m_line->replace(points);
    m_floor->replace(m_empty ? QList<QPointF>() : QList<QPointF>{{double(fromMs), 0}, {double(toMs), 0}});
    m_ttlAxis->setRange(double(fromMs), double(toMs));
    m_countAxis->setRange(0, m_top);
    viewport()->update();
}

void DeathCurve::setLines(const Line &draft, const Line &live)
{
    m_draft = draft;
    m_live = live;
    setAccessibleDescription(m_empty    ? m_emptyText
                             : isSame() ? labelOf(draft, true)
                                        : QString(labelOf(draft, true) + u"; "_s + labelOf(live, false)));
    viewport()->update();
}

bool DeathCurve::isSame() const
{
    return m_draft.ttlMs == m_live.ttlMs && m_draft.deaths == m_live.deaths;
}

QString DeathCurve::labelOf(const Line &line, bool isDraft) const
{
    if (m_defaults) {
        return (isSame()  ? tr("default = yours: %Ln worker(s) at %1", nullptr, line.deaths)
                : isDraft ? tr("yours: %Ln worker(s) at %1", nullptr, line.deaths)
                          : tr("default: %Ln worker(s) at %1", nullptr, line.deaths))
            .arg(fieldText(line.ttlMs));
    }
    return (isSame()  ? tr("today = draft: %Ln worker(s) at %1", nullptr, line.deaths)
            : isDraft ? tr("draft: %Ln worker(s) at %1", nullptr, line.deaths)
                      : tr("today: %Ln worker(s) at %1", nullptr, line.deaths))
        .arg(fieldText(line.ttlMs));
}

void DeathCurve::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

void DeathCurve::placePlot()
{
    const int foot = QFontMetrics(Theme::instance().chartFont()).height() + 3;
    chart()->setPlotArea(QRectF(px(26), px(8), width() - px(26) - px(12), height() - px(8) - foot));
}

void DeathCurve::resizeEvent(QResizeEvent *event)
{
    QChartView::resizeEvent(event);
    placePlot();
}

QPointF DeathCurve::toScene(double ttlMs, double deaths) const
{
    const QRectF plot = chart()->plotArea();
    return {plot.left() + (ttlMs - double(m_from)) / double(qMax<qint64>(1, m_to - m_from)) * plot.width(),
            plot.bottom() - qMin(deaths, m_top) / m_top * plot.height()};
}

QPoint DeathCurve::placeOf(qint64 ttlMs) const
{
    return mapFromScene(QPointF(toScene(double(ttlMs), 0).x(), chart()->plotArea().center().y()));
}

void DeathCurve::paintLine(QPainter &painter, const Line &line, bool isDraft) const
{
    if (line.ttlMs < m_from || line.ttlMs > m_to)
        return;
    const QRectF plot = chart()->plotArea();
    const QFontMetricsF metrics(painter.font());
    const QPointF at = toScene(double(line.ttlMs), line.deaths);
    painter.setPen(isDraft ? QPen(theme().accent, 2) : QPen(theme().dim, 1.2, Qt::DashLine));
    painter.drawLine(QPointF(at.x(), plot.top() - px(4)), QPointF(at.x(), plot.bottom()));
    painter.setBrush(theme().base);
    painter.setPen(QPen(isDraft ? theme().accent : theme().dim, 1.8));
    painter.drawEllipse(at, px(3) + 0.5, px(3) + 0.5);
    const Label label = labelAt(line, isDraft, metrics);
    QColor veil = theme().win;
    veil.setAlphaF(0.75f);
    painter.fillRect(label.place, veil);
    painter.setPen(isDraft ? theme().text : theme().dim);
    painter.drawText(QPointF(label.place.left() + 1, label.place.top() + metrics.ascent()), label.text);
}

DeathCurve::Label DeathCurve::labelAt(const Line &line, bool isDraft, const QFontMetricsF &metrics) const
{
    const QRectF plot = chart()->plotArea();
    const qreal x = toScene(double(line.ttlMs), 0).x();
    const auto usual = [&](const QString &text) {
        const qreal width = metrics.horizontalAdvance(text);
        const bool left = x + width + 8 > plot.right();
        // The draft's label is at the top, today's above the axis: they never overlap.
        const qreal top = isDraft ? plot.top() : plot.bottom() - px(8) - metrics.height();
        // Where it fits on neither side it stands across the line rather than across the figures of the axis.
        const qreal begin = qMax(left ? x - width - 8 : x + 5, plot.left() + 1);
        return Label{QRectF(begin, top, width + 3, metrics.height()), text};
    };
    const Label whole = usual(labelOf(line, isDraft));
    QList<Label> forms{whole};
    if (isSame()) // Of one line the colour says what it is, and the heading what is counted.
        forms.append(usual(tr("%1 at %2", "a number of workers, a TTL").arg(groupedNumber(line.deaths), fieldText(line.ttlMs))));
    // Off the curve if there is room, each label in its own half where there are two.
    const qreal farthest = (isSame() ? plot.height() - px(8) : plot.height() / 2) - metrics.height();
    for (const Label &form : forms) {
        for (qreal off = 0; off <= farthest; off += metrics.height() / 4) {
            const QRectF place = form.place.translated(0, isDraft ? off : -off);
            if (!isOnCurve(place))
                return {place, form.text};
        }
    }
    return whole;
}

bool DeathCurve::isOnCurve(const QRectF &place) const
{
    const QList<QPointF> points = m_line->points();
    for (qsizetype i = 1; i < points.size(); ++i) {
        const QRectF step =
            QRectF(toScene(points[i - 1].x(), points[i - 1].y()), toScene(points[i].x(), points[i].y())).normalized();
        // A step has no width or no height, which is nothing to QRectF.
        if (step.adjusted(-1, -1, 1, 1).intersects(place))
            return true;
    }
    return false;
}

QRect DeathCurve::labelPlace() const
{
    const QRectF place = labelAt(m_draft, true, QFontMetricsF(Theme::instance().chartFont())).place;
    return mapFromScene(place).boundingRect();
}

void DeathCurve::drawBackground(QPainter *painter, const QRectF &rect)
{
    QChartView::drawBackground(painter, rect);
    if (m_empty)
        return;
    const QRectF plot = chart()->plotArea();
    for (double count = 0; count <= m_top * 1.001; count += m_countStep)
        painter->fillRect(QRectF(plot.left(), toScene(0, count).y(), plot.width(), 1), theme().line);
}

void DeathCurve::drawForeground(QPainter *painter, const QRectF &)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setFont(Theme::instance().chartFont());
    const QFontMetricsF metrics(painter->font());
    const QRectF plot = chart()->plotArea();
    if (m_empty) {
        painter->setFont(Theme::instance().bodyFont());
        painter->setPen(theme().dim);
        painter->drawText(QRectF(rect()).adjusted(8, 0, -8, 0), int(Qt::AlignCenter) | Qt::TextWordWrap, unitsKept(m_emptyText));
        painter->restore();
        return;
    }
    painter->setPen(theme().faint);
    for (double count = 0; count <= m_top * 1.001; count += m_countStep) {
        const qreal y = toScene(0, count).y();
        painter->drawText(QRectF(0, y - metrics.height() / 2, plot.left() - 5, metrics.height()),
                          int(Qt::AlignRight | Qt::AlignVCenter), shortNumber(count));
    }
    const double step = roundStep(double(m_to - m_from) / 1'000, 6) * 1'000;
    for (double ms = std::ceil(double(m_from) / step) * step; ms <= double(m_to) * 1.0001; ms += step) {
        const bool last = ms + step > double(m_to) * 1.0001;
        const QString text = QString::number(ms / 1'000) + (last ? u" s"_s : QString());
        const qreal x = toScene(ms, 0).x();
        const qreal width = metrics.horizontalAdvance(text);
        painter->drawText(
            QPointF(qBound(plot.left(), x - width / 2, double(this->width()) - width), plot.bottom() + metrics.ascent() + 3),
            text);
    }
    if (!isSame())
        paintLine(*painter, m_live, false);
    paintLine(*painter, m_draft, true);
    if (hasFocus())
        stylepaint::focusFrame(painter, QRectF(rect()));
    painter->restore();
}

bool DeathCurve::isOnLine(const QPoint &pos) const
{
    return !m_empty && qAbs(pos.x() - placeOf(m_draft.ttlMs).x()) <= px(8);
}

void DeathCurve::dragTo(int x)
{
    const QRectF plot = chart()->plotArea();
    const double share = qBound(0., (mapToScene(x, 0).x() - plot.left()) / plot.width(), 1.);
    const qint64 ttl = qint64(std::llround((double(m_from) + share * double(m_to - m_from)) / double(second))) * second;
    if (ttl >= second && ttl != m_draft.ttlMs)
        emit ttlDragged(ttl);
}

void DeathCurve::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !isOnLine(event->pos()))
        return;
    m_dragging = true;
    setFocus(Qt::MouseFocusReason);
}

void DeathCurve::mouseMoveEvent(QMouseEvent *event)
{
    if (m_dragging)
        dragTo(event->pos().x());
    viewport()->setCursor(m_dragging || isOnLine(event->pos()) ? Qt::SizeHorCursor : Qt::ArrowCursor);
}

void DeathCurve::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || !m_dragging)
        return;
    m_dragging = false;
    emit dragEnded();
}

void DeathCurve::keyPressEvent(QKeyEvent *event)
{
    qint64 by = 0;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Down:
        by = event->modifiers().testFlag(Qt::ControlModifier) ? -far : -second;
        break;
    case Qt::Key_Right:
    case Qt::Key_Up:
        by = event->modifiers().testFlag(Qt::ControlModifier) ? far : second;
        break;
    case Qt::Key_PageDown:
        by = -far;
        break;
    case Qt::Key_PageUp:
        by = far;
        break;
    default:
        QChartView::keyPressEvent(event);
        return;
    }
    event->accept();
    if (m_empty)
        return;
    // Onto whole seconds, from wherever the value is.
    const qint64 ttl = qMax(second, (m_draft.ttlMs + by) / second * second);
    if (ttl != m_draft.ttlMs)
        emit ttlDragged(ttl);
}

void DeathCurve::keyReleaseEvent(QKeyEvent *event)
{
    QChartView::keyReleaseEvent(event);
    if (!event->isAutoRepeat() && event->key() != Qt::Key_Control)
        emit dragEnded();
}

void DeathCurve::wheelEvent(QWheelEvent *event)
{
    event->ignore(); // The panel around it scrolls.
}

void DeathCurve::focusInEvent(QFocusEvent *event)
{
    QChartView::focusInEvent(event);
    viewport()->update();
}

void DeathCurve::focusOutEvent(QFocusEvent *event)
{
    QChartView::focusOutEvent(event);
    viewport()->update();
}

} // namespace pulsedeck
