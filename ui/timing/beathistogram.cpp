// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/beathistogram.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/common/numberunits.h"
#include "ui/common/textplaces.h"
#include "ui/theme/theme.h"
#include "ui/timing/timingwords.h"

#include <QPainter>
#include <QtMath>

#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr double foot = 0.65; // One single gap has to be seen: the axis begins below 1.
constexpr int mostNamed = 6; // So many long gaps are named by their length.

/// A step that gives four to eight figures on the axis.
double axisStepMs(double spanMs)
{
    for (const double step : {500., 1'000., 2'000., 5'000., 10'000., 20'000., 30'000., 60'000., 120'000., 300'000., 600'000.}) {
        if (spanMs / step <= 8)
            return step;
    }
    return spanMs / 5;
}

} // namespace

BeatHistogram::BeatHistogram(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"beatHistogram"_s);
    setAccessibleName(tr("Measured beat intervals"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void BeatHistogram::setCounts(std::vector<qint64> counts, qint64 spanMs)
{
    m_counts = std::move(counts);
    m_span = qMax<qint64>(1, spanMs);
    m_total = 0;
    qint64 most = 1;
    for (const qint64 count : m_counts) {
        m_total += count;
        most = qMax(most, count);
    }
    m_top = std::pow(10, std::ceil(std::log10(double(most) * 1.3)));
    describe();
    update();
}

void BeatHistogram::setLimits(qint64 intervalMs, qint64 draftTtlMs, qint64 liveTtlMs)
{
    if (m_interval == intervalMs && m_draftTtl == draftTtlMs && m_liveTtl == liveTtlMs)
        return;
    m_interval = intervalMs;
    m_draftTtl = draftTtlMs;
    m_liveTtl = liveTtlMs;
    describe();
    update();
}

void BeatHistogram::setEmptyText(const QString &text)
{
    m_emptyText = text;
    describe();
    update();
}

void BeatHistogram::describe()
{
    if (m_total == 0) {
        setAccessibleDescription(m_emptyText);
        return;
    }
    qint64 beyond = 0;
    for (size_t i = 0; i < m_counts.size(); ++i) {
        if (qint64(i) * m_span >= m_draftTtl * qint64(m_counts.size()))
            beyond += m_counts[i];
    }
    setAccessibleDescription(tr("%Ln interval(s), %1 of them at or beyond the draft's key TTL of %2. The key TTL in force is %3.",
                                nullptr, int(m_total))
                                 .arg(groupedNumber(beyond), fieldText(m_draftTtl), fieldText(m_liveTtl)));
}

QSize BeatHistogram::sizeHint() const
{
    return {px(448), px(200)};
}

QSize BeatHistogram::minimumSizeHint() const
{
    return {px(200), px(92)};
}

QRectF BeatHistogram::barOf(const QRectF &plot, size_t index) const
{
    const qreal width = plot.width() / qreal(m_counts.size());
    const qreal height = std::log10(double(m_counts[index]) / foot) / std::log10(m_top / foot) * plot.height();
    return {plot.left() + qreal(index) * width + 0.5, plot.bottom() - height, qMax(2.0, width - 1), height};
}

double BeatHistogram::fromMs(size_t index) const
{
    return double(index) * double(m_span) / double(m_counts.size());
}

void BeatHistogram::paintBars(QPainter &painter, const QRectF &plot) const
{
    for (size_t i = 0; i < m_counts.size(); ++i) {
        if (m_counts[i] == 0)
            continue;
        const bool dead = m_draftTtl > 0 && fromMs(i) >= double(m_draftTtl);
        const bool late = fromMs(i) > double(m_interval) * 1.08;
        painter.fillRect(barOf(plot, i), dead ? theme().stale : late ? theme().lateFill : theme().aliveTick);
    }
}

/// Bars few and far between are labelled with their length, where nothing else is written.
void BeatHistogram::paintNames(QPainter &painter, const QRectF &plot, TextPlaces &places) const
{
    const QFontMetricsF metrics(painter.font());
    int named = 0;
    qreal namedTo = 0;
    painter.setPen(theme().text); // On the red zone, next to a red bar.
    for (size_t i = 0; i < m_counts.size() && named < mostNamed; ++i) {
        const bool dead = m_draftTtl > 0 && fromMs(i) >= double(m_draftTtl);
        if (m_counts[i] == 0 || !dead || m_counts[i] > 3)
            continue;
        const QRectF bar = barOf(plot, i);
        if (bar.left() <= namedTo)
            continue;
        const bool open = i + 1 == m_counts.size();
        const QString text = open ? tr("more") : secondsNumber(qint64(fromMs(i)), 1);
        const qreal width = metrics.horizontalAdvance(text);
        const qreal left = qBound(plot.left(), bar.center().x() - width / 2, plot.right() - width);
        const QRect wanted = QRectF(left, bar.top() - 3 - metrics.ascent(), width, metrics.ascent()).toAlignedRect();
        const QRect place = places.placeUpright(wanted, qFloor(plot.top()), qFloor(plot.bottom()), 2 * wanted.height());
        if (place.isNull())
            continue;
        painter.drawText(QPointF(left, place.top() + metrics.ascent()), text);
        namedTo = left + width + 12;
        ++named;
    }
}

void BeatHistogram::paintLines(QPainter &painter, const QRectF &plot, TextPlaces &places) const
{
    const QFontMetricsF metrics(painter.font());
    struct Mark
    {
        qint64 ms;
        QString text;
        QPen pen;
    };
    std::vector<Mark> marks;
    const bool same = m_draftTtl == m_liveTtl;
    if (m_draftTtl > 0 && m_draftTtl <= m_span)
        marks.push_back({m_draftTtl,
                         (m_defaults ? (same ? tr("limit %1") : tr("your limit %1")) : (same ? tr("TTL %1") : tr("TTL draft %1")))
                             .arg(fieldText(m_draftTtl)),
                         QPen(theme().accent, 2)});
    if (!same && m_liveTtl > 0 && m_liveTtl <= m_span)
        marks.push_back({m_liveTtl, (m_defaults ? tr("default limit %1") : tr("TTL today %1")).arg(fieldText(m_liveTtl)),
                         QPen(theme().dim, 1.2, Qt::DashLine)});
    std::sort(marks.begin(), marks.end(), [](const Mark &a, const Mark &b) { return a.ms < b.ms; });
    const qreal words =
        marks.size() == 2 ? metrics.horizontalAdvance(marks[0].text) + metrics.horizontalAdvance(marks[1].text) : 0;
    const bool between = marks.size() == 2 && xOf(plot, double(marks[1].ms)) - xOf(plot, double(marks[0].ms)) > words + 18;
    for (size_t i = 0; i < marks.size(); ++i) {
        const Mark &mark = marks[i];
        const qreal x = xOf(plot, double(mark.ms));
        const qreal width = metrics.horizontalAdvance(mark.text);
        // Between the lines while there is room for both; else each on its own side, one line lower where that ends
        // too.
        bool left = between ? i == 1 : marks.size() == 2 && i == 0;
        qreal top = plot.top() + 1;
        if (!left && x + width + 6 > plot.right()) {
            left = true;
            top += marks.size() == 2 ? metrics.height() + 1 : 0;
        }
        painter.setPen(mark.pen);
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        const QRectF wanted(left ? qMax(plot.left(), x - width - 5) : x + 4, top, width, metrics.height());
        const QRect place = places.placeUpright(wanted.toAlignedRect(), qFloor(plot.top()), qFloor(plot.bottom()), height());
        if (place.isNull())
            continue;
        QColor veil = theme().base;
        veil.setAlphaF(0.6f);
        painter.fillRect(place, veil);
        painter.drawText(QPointF(place.left(), place.top() + metrics.ascent()), mark.text);
    }
}

void BeatHistogram::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme &t = Theme::instance();
    if (m_total == 0) {
        painter.setFont(t.bodyFont());
        painter.setPen(theme().dim);
        painter.drawText(rect().adjusted(px(12), 0, -px(12), 0), int(Qt::AlignCenter) | Qt::TextWordWrap, unitsKept(m_emptyText));
        return;
    }
    painter.setFont(t.chartFont());
    const QFontMetricsF metrics(painter.font());
    const QRectF plot(px(34), px(6), width() - px(34) - px(14), height() - px(10) - metrics.height() - 2);
    const double logTop = std::log10(m_top / foot);
    // The zone in which a key would have expired.
    if (m_draftTtl > 0 && m_draftTtl < m_span) {
        QColor zone = theme().staleTint;
        zone.setAlphaF(theme().dark ? 0.45f : 0.3f);
        painter.fillRect(QRectF(QPointF(xOf(plot, double(m_draftTtl)), plot.top()), plot.bottomRight()), zone);
    }
    qreal below = plot.bottom() + metrics.height();
    for (double count = 1; count <= m_top * 0.999; count *= 10) {
        const qreal y = plot.bottom() - std::log10(count / foot) / logTop * plot.height();
        painter.fillRect(QRectF(plot.left(), y, plot.width(), 1), theme().grid);
        // In a low chart every second figure would touch the next.
        if (below - y < metrics.height() * 1.1)
            continue;
        below = y;
        painter.setPen(theme().faint);
        painter.drawText(QRectF(0, y - metrics.height() / 2, plot.left() - 6, metrics.height()),
                         int(Qt::AlignRight | Qt::AlignVCenter), shortNumber(count));
    }
    painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), theme().line);
    const double step = axisStepMs(double(m_span));
    painter.setPen(theme().faint);
    for (double ms = 0; ms <= double(m_span) * 1.001; ms += step) {
        const bool last = ms + step > double(m_span) * 1.001;
        QString text = QString::number(ms / 1'000);
        if (last)
            text += u" s"_s;
        const qreal x = xOf(plot, ms);
        painter.drawText(QRectF(x - 30, plot.bottom() + 3, 60, metrics.height()), int(Qt::AlignHCenter | Qt::AlignTop), text);
    }
    paintBars(painter, plot);
    TextPlaces places;
    paintLines(painter, plot, places);
    paintNames(painter, plot, places);
}

} // namespace pulsedeck
