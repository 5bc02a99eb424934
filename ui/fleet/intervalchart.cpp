// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/intervalchart.h"

#include "models/core/format.h"
#include "models/fleet/liveness.h"
#include "ui/common/fleetwords.h"
#include "ui/common/stripgeometry.h"
#include "ui/fleet/chartdata.h"
#include "ui/theme/theme.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QtCharts/QAreaSeries>
#include <QtCharts/QLineSeries>
#include <QtCharts/QScatterSeries>

#include <algorithm>
#include <utility>

namespace pulsedeck {

IntervalChart::IntervalChart(QWidget *parent)
    : PlotView(parent)
    , m_zoneTop(new QLineSeries(this))
    , m_zoneStale(new QLineSeries(this))
    , m_zoneLate(new QLineSeries(this))
    , m_staleZone(new QAreaSeries(m_zoneTop, m_zoneStale))
    , m_lateZone(new QAreaSeries(m_zoneStale, m_zoneLate))
    , m_points(new QScatterSeries(this))
{
    setAccessibleName(tr("Beat intervals"));
    attach(m_lateZone);
    attach(m_staleZone);
    m_interval = addLine({}, 1, Qt::DashLine);
    m_late = addLine({}, 1.2, Qt::DotLine);
    m_ttl = addLine({}, 1.2, Qt::DashLine);
    m_stale = addLine({}, 2);
    attach(m_points);
    m_points->setMarkerShape(QScatterSeries::MarkerShapeCircle);
    m_points->setPen(Qt::NoPen);
    m_points->setMarkerSize(4.5);
    IntervalChart::adoptTheme();
}

void IntervalChart::adoptTheme()
{
    const ThemeTokens &tokens = theme();
    const auto colour = [](QLineSeries *line, const QColor &to) {
        QPen pen = line->pen();
        pen.setColor(to);
        line->setPen(pen);
    };
    colour(m_interval, tokens.aliveTick);
    colour(m_late, tokens.late);
    colour(m_stale, tokens.stale);
    colour(m_ttl, tokens.stale);
    m_points->setBrush(tokens.alive);
    QColor stale = tokens.staleTint;
    stale.setAlphaF(tokens.dark ? 0.45f : 0.6f);
    QColor late = tokens.lateTint;
    late.setAlphaF(tokens.dark ? 0.28f : 0.35f);
    m_staleZone->setBrush(stale);
    m_lateZone->setBrush(late);
    m_staleZone->setPen(Qt::NoPen);
    m_lateZone->setPen(Qt::NoPen);
}

void IntervalChart::setAcross(QLineSeries *line, double value)
{
    line->replace(QList<QPointF>{{-span(), value}, {0, value}});
}

int IntervalChart::pointCount() const
{
    return int(m_points->count() + m_outliers.size());
}

void IntervalChart::showWorker(const FleetStore &store, WorkerHandle handle, qint64 now)
{
    setEndText(chartEndText(now, store.clock()));
    const Worker &worker = store.worker(handle);
    const std::vector<GapPoint> gaps = lastGaps(store.beats(handle), store.unknownSpans(worker.source), now, mostGaps);
    const Thresholds thresholds = store.thresholds(handle);
    const qint64 interval = qMax<qint64>(0, thresholds.interval);
    const qint64 ttl = worker.learntTtl > 0 ? worker.learntTtl : 0;
    const qint64 lateMs = qMax<qint64>(0, thresholds.late);
    const qint64 staleMs = qMax<qint64>(0, thresholds.stale);
    const double late = double(lateMs) / 1000;
    const double stale = double(staleMs) / 1000;
    const bool sameTtl = ttl == staleMs;

    qint32 longest = 0;
    for (const GapPoint &gap : gaps)
        longest = qMax(longest, gap.gap);
    // The oldest beat decides how far back, in whole half minutes so that the axis stands still.
    const double oldest = gaps.empty() ? 60 : double(now - gaps.front().at) / 1000;
    setRanges(qMax(60.0, std::ceil(oldest / 30) * 30), qMax(stale * 1.14, double(longest) / 1000 * 1.1));

    QList<QPointF> points;
    m_outliers.clear();
    // A registration has no interval to keep: what stands out is a renewal that came late.
    const bool registers = worker.traits->registers();
    const qint64 outlier = registers ? lateMs : interval + gapTolerance(interval);
    for (const GapPoint &gap : gaps) {
        const QPointF point(double(gap.at - now) / 1000, double(gap.gap) / 1000);
        (gap.gap > outlier ? m_outliers : points).append(point);
    }
    m_points->replace(points);
    m_intervalSeconds = double(interval) / 1000;
    setAcross(m_zoneTop, top());
    setAcross(m_zoneStale, stale);
    setAcross(m_zoneLate, late);
    setAcross(m_interval, m_intervalSeconds);
    setAcross(m_late, late);
    setAcross(m_stale, stale);
    setAcross(m_ttl, double(ttl) / 1000);
    m_ttl->setVisible(ttl > 0 && !sameTtl && double(ttl) / 1000 < top());

    const ThemeTokens &tokens = theme();
    const double left = -span();
    std::vector<Label> labels;
    const auto limitText = [&thresholds](const QString &text) {
        return thresholds.measured ? tr("%1, measured", "a limit and where it comes from").arg(text) : text;
    };
    QString staleText = limitText((registers ? tr("registration %1") : tr("stale threshold %1")).arg(roundText(staleMs)));
    if (sameTtl && !registers)
        staleText = tr("%1 = key TTL", "a limit that is the same").arg(staleText);
    // Where the source reports no timing it is measured, and while nothing was measured there are no limits to draw.
    const bool limits = lateMs > 0 && staleMs > 0;
    for (QLineSeries *line : {m_late, m_stale})
        line->setVisible(limits);
    m_interval->setVisible(interval > 0);
    if (limits) {
        // Where there is room for hardly one between the two lines, each stands on its own side of them, the lower one placed
        // first: the greater limit then finds its place above it.
        const qreal between = toScene({0, late}).y() - toScene({0, stale}).y();
        const bool close = between < 1.25 * QFontMetricsF(Theme::instance().chartFont()).height() + 4;
        Label first{{left, stale}, staleText, tokens.stale, Qt::AlignRight | (close ? Qt::AlignTop : Qt::AlignBottom)};
        Label second{{left, late},
                     limitText(tr("late %1").arg(roundText(lateMs))),
                     tokens.late,
                     Qt::AlignRight | (close || registers ? Qt::AlignBottom : Qt::AlignTop)};
        if (close)
            std::swap(first, second);
        labels.push_back(std::move(first));
        labels.push_back(std::move(second));
    }
    if (interval > 0)
        labels.push_back({{left, m_intervalSeconds},
                          tr("interval %1").arg(roundText(interval)),
                          tokens.alive,
                          Qt::AlignRight | Qt::AlignBottom,
                          true});
    if (m_ttl->isVisible())
        labels.push_back(
            {{0, double(ttl) / 1000}, tr("key TTL %1").arg(exactText(ttl)), tokens.stale, Qt::AlignLeft | Qt::AlignTop});
    // Values are written at the greatest outliers only; the rest would cover each other.
    QList<QPointF> marked = m_outliers;
    std::sort(marked.begin(), marked.end(), [](const QPointF &a, const QPointF &b) { return a.y() > b.y(); });
    for (qsizetype i = 0; i < qMin<qsizetype>(3, marked.size()); ++i)
        labels.push_back({marked[i], decimalText(marked[i].y(), 1), tokens.text, Qt::AlignLeft, true});
    setLabels(std::move(labels));

    const GapSummary summary = summarise(gaps);
    const QString median = secondsNumber(summary.median, 2);
    const QString p99 = secondsNumber(summary.p99, 1);
    setShorterSummaries({});
    if (gaps.empty())
        setSummary(worker.beatCount != 1 ? tr("no gaps measured yet")
                   : registers           ? tr("one renewal seen so far")
                                         : tr("one beat so far"));
    else {
        setSummary(tr("last %1 · median %2 s · p99 %3 s").arg(QString::number(gaps.size()), median, p99));
        setShorterSummaries({tr("median %1 s · p99 %2 s").arg(median, p99),
                             tr("p50 %1 · p99 %2 s").arg(secondsNumber(summary.median, 1), p99), tr("p99 %1 s").arg(p99)});
    }
}

void IntervalChart::paintMarks(QPainter &painter)
{
    const ThemeTokens &tokens = theme();
    for (const QPointF &outlier : std::as_const(m_outliers)) {
        const QPointF at = toScene(outlier);
        painter.setPen(QPen(tokens.late, 1.2));
        painter.drawLine(at, toScene({outlier.x(), m_intervalSeconds}));
        painter.setPen(Qt::NoPen);
        painter.setBrush(tokens.late);
        painter.drawPolygon(QPolygonF({{at.x(), at.y() - 4}, {at.x() + 4, at.y() + 3}, {at.x() - 4, at.y() + 3}}));
    }
}

} // namespace pulsedeck
