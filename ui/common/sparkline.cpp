// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/sparkline.h"

#include "ui/theme/theme.h"

#include <QPainter>

#include <algorithm>

namespace pulsedeck {

Sparkline::Sparkline(QWidget *parent)
    : QWidget(parent)
{ }

void Sparkline::setValues(const std::vector<int> &values, int places)
{
    if (values == m_values && places == m_places)
        return;
    m_values = values;
    m_places = places;
    update();
}

QSize Sparkline::sizeHint() const
{
    return {px(96), px(16)};
}

void Sparkline::paintEvent(QPaintEvent *)
{
    if (m_values.size() < 2)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    // Neighbours are averaged: a second more or less of a beat is no news.
    std::vector<double> smooth;
    for (size_t i = 0; i + 1 < m_values.size(); ++i)
        smooth.push_back((m_values[i] + m_values[i + 1]) / 2.0);
    const double top = std::max(1.0, *std::max_element(smooth.begin(), smooth.end())) * 1.1;
    QPolygonF line;
    const double step = (width() - 2) / double(std::max<size_t>({size_t(std::max(0, m_places - 1)), smooth.size(), 2}) - 1);
    for (size_t i = 0; i < smooth.size(); ++i)
        line.append({width() - 1 - double(smooth.size() - 1 - i) * step, height() - 2 - smooth[i] / top * (height() - 4)});
    if (line.size() == 1)
        line.prepend(line.front() - QPointF(std::min(step, 3.0), 0)); // The first one that is known shows, too.
    painter.setPen(QPen(theme().dim, 1.2));
    painter.drawPolyline(line);
}

} // namespace pulsedeck
