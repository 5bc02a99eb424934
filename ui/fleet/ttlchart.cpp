// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/ttlchart.h"

#include "models/core/format.h"
#include "models/fleet/liveness.h"
#include "ui/common/fleetwords.h"
#include "ui/common/stripgeometry.h"
#include "ui/fleet/chartdata.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QtCharts/QAreaSeries>
#include <QtCharts/QLineSeries>

namespace pulsedeck {

TtlChart::TtlChart(QWidget *parent)
    : PlotView(parent)
    , m_line(new QLineSeries(this))
    , m_floor(new QLineSeries(this))
    , m_area(new QAreaSeries(m_line, m_floor))
{
    setAccessibleName(tr("Key TTL"));
    attach(m_area);
    m_edge = addLine({}, 1.3);
    TtlChart::adoptTheme();
}

void TtlChart::adoptTheme()
{
    const ThemeTokens &tokens = theme();
    QColor fill = tokens.okTint;
    fill.setAlphaF(tokens.dark ? 0.55f : 0.8f);
    m_area->setBrush(fill);
    m_area->setPen(Qt::NoPen);
    m_edge->setPen(QPen(tokens.alive, 1.3));
}

void TtlChart::showWorker(const FleetStore &store, WorkerHandle handle, qint64 now)
{
    setEndText(chartEndText(now, store.clock()));
    const Worker &worker = store.worker(handle);
    const qint64 ttl = worker.learntTtl > 0 ? worker.learntTtl : store.timing(worker.source).workerKeyTtl;
    const qint32 left = worker.ttlLeftAt(now);
    // A registration lasts minutes: two minutes of it would be a line.
    const bool registers = worker.traits->registers();
    const qint64 span = registers ? qMax<qint64>(spanMs, 2 * ttl) : spanMs;
    setRanges(double(span) / 1000, double(ttl) / 1000 * 1.1);

    Sawtooth teeth;
    if (worker.ttlAtRead != -1)
        teeth = ttlSawtooth(store.beats(handle), ttl, now, span, worker.endedAt > 0 ? worker.endedAt : now);
    m_line->replace(teeth.line);
    m_edge->replace(teeth.line);
    m_floor->replace(teeth.line.isEmpty() ? QList<QPointF>()
                                          : QList<QPointF>{{teeth.line.first().x(), 0}, {teeth.line.last().x(), 0}});
    const Thresholds thresholds = store.thresholds(handle);
    const qint64 interval = qMax<qint64>(0, registers ? thresholds.late : thresholds.interval);
    m_lowest = teeth.lowest;
    m_hasLowest = teeth.hasLowest && teeth.lowest.y() * 1000 < double(ttl - interval - gapTolerance(interval));
    m_hasEnd = !teeth.line.isEmpty();
    m_end = m_hasEnd ? teeth.line.last() : QPointF();
    std::vector<Label> labels;
    // Near the ground there is no room below: the times of the axis stand there.
    const Qt::Alignment side = m_lowest.y() * 1000 < double(ttl) * 0.3 ? Qt::AlignTop : Qt::AlignBottom;
    if (m_hasLowest)
        labels.push_back(
            {m_lowest, tr("low %1").arg(columnTime(qint64(m_lowest.y() * 1000))), theme().text, Qt::AlignLeft | side});
    setLabels(std::move(labels));

    if (worker.endedAt > 0 && left > 0 && !registers)
        setSummary(tr("it left, and its key expires in %1").arg(columnTime(left)));
    else if (worker.endedAt > 0)
        setSummary(registers ? tr("registration gone") : tr("key gone"));
    else if (left == -1)
        setSummary(registers ? tr("it never expires") : tr("no TTL: the key never expires"));
    else if (left < 0)
        setSummary(tr("not known yet"));
    else
        setSummary(worker.learntTtl > 0 ? tr("%1 left of %2").arg(columnTime(left), roundText(ttl))
                                        : tr("%1 left, full TTL not seen yet").arg(columnTime(left)));
}

void TtlChart::paintMarks(QPainter &painter)
{
    const ThemeTokens &tokens = theme();
    if (m_hasLowest) {
        painter.setPen(QPen(tokens.late, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(toScene(m_lowest), 3.5, 3.5);
    }
    if (m_hasEnd) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_end.y() > 0 ? tokens.alive : tokens.stale);
        painter.drawEllipse(toScene(m_end), 3, 3);
    }
}

} // namespace pulsedeck
