// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/hubmetricschart.h"

#include "models/core/format.h"
#include "ui/common/hubwords.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QtCharts/QLineSeries>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// The smallest of a few spans that shows everything, so that the axis stands still.
double spanFor(double seconds)
{
    for (const double span : {120.0, 300.0, 600.0}) {
        if (seconds <= span)
            return span;
    }
    return HubMetricsChart::longestSpan;
}

/// The next round number with some air above \a highest.
double topFor(double highest)
{
    double top = 5;
    while (top < highest * 1.25)
        top *= 2;
    return top;
}

} // namespace

HubMetricsChart::HubMetricsChart(QWidget *parent)
    : PlotView(parent)
{
    setObjectName(u"hubMetrics"_s);
    setAccessibleName(tr("Messages per second"));
    setRanges(120, 5);
    makeRoomForLegend();
}

void HubMetricsChart::makeRoomForLegend()
{
    setHeadroom(QFontMetrics(Theme::instance().chartFont()).height() + px(3));
}

QPen HubMetricsChart::penOf(Measure measure) const
{
    const ThemeTokens &tokens = theme();
    switch (measure) {
    case Received:
        return QPen(tokens.accent, 1.6);
    case Sent:
        return QPen(tokens.alive, 1.6, Qt::DashLine);
    default:
        return QPen(tokens.stale, 1.6, Qt::DotLine);
    }
}

void HubMetricsChart::adoptTheme()
{
    makeRoomForLegend();
    for (size_t measure = 0; measure < MeasureCount; ++measure) {
        for (QLineSeries *line : m_lines[measure])
            line->setPen(penOf(Measure(measure)));
    }
}

void HubMetricsChart::showSamples(const std::deque<HubMetricsSample> &samples, qint64 now)
{
    using Rate = std::optional<double> HubMetricsSample::*;
    constexpr std::array<Rate, MeasureCount> rates{&HubMetricsSample::receivedPerSecond, &HubMetricsSample::sentPerSecond,
                                                   &HubMetricsSample::errorsPerSecond};
    double oldest = 0;
    double highest = 0;
    for (const HubMetricsSample &sample : samples) {
        const double age = double(now - sample.at) / 1000;
        if (age > longestSpan)
            continue;
        oldest = qMax(oldest, age);
        for (const Rate rate : rates)
            highest = qMax(highest, (sample.*rate).value_or(0));
    }
    setRanges(spanFor(oldest), topFor(highest));

    constexpr std::array<QLatin1StringView, MeasureCount> words{"received"_L1, "sent"_L1, "errors"_L1};
    for (size_t measure = 0; measure < MeasureCount; ++measure) {
        std::vector<QList<QPointF>> pieces;
        bool open = false;
        for (const HubMetricsSample &sample : samples) {
            const double x = double(sample.at - now) / 1000;
            const std::optional<double> &value = sample.*rates[measure];
            if (x < -span() || !value) {
                open = false;
                continue;
            }
            if (!open)
                pieces.emplace_back();
            open = true;
            pieces.back().append({x, *value});
        }
        std::vector<QLineSeries *> &lines = m_lines[measure];
        while (lines.size() < pieces.size()) {
            lines.push_back(addLine({}, 1));
            lines.back()->setPen(penOf(Measure(measure)));
        }
        for (size_t i = 0; i < lines.size(); ++i)
            lines[i]->replace(i < pieces.size() ? pieces[i] : QList<QPointF>());
        if (measure == Received)
            m_pieces = int(pieces.size());
        const auto newest = std::find_if(samples.rbegin(), samples.rend(),
                                         [&](const auto &sample) { return (sample.*rates[measure]).has_value(); });
        m_legend[measure] =
            words[measure] + (newest == samples.rend() ? u" –"_s : QString(u' ' + rateText(*newest.*rates[measure]) + u"/s"_s));
    }
    setSummary(ratesText(samples, now));
    viewport()->update();
}

void HubMetricsChart::paintMarks(QPainter &painter)
{
    // The legend, above the top grid line: each line as it is drawn, and its newest value.
    const Theme &measures = Theme::instance();
    painter.setFont(measures.chartFont());
    const QFontMetricsF metrics(painter.font());
    const qreal sample = px(18);
    qreal x = width() - px(10);
    const qreal y = 1 + metrics.height() / 2;
    for (size_t i = MeasureCount; i-- > 0;) {
        const qreal words = metrics.horizontalAdvance(m_legend[i]);
        x -= words;
        painter.setPen(theme().dim);
        painter.drawText(QPointF(x, y + metrics.ascent() / 2 - 1), m_legend[i]);
        x -= sample + 5;
        painter.setPen(penOf(Measure(i)));
        painter.drawLine(QPointF(x, y), QPointF(x + sample, y));
        x -= px(14);
    }
}

} // namespace pulsedeck
