// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/environmentmark.h"

#include "ui/theme/theme.h"

#include <QPainter>

#include <cmath>

namespace pulsedeck {

namespace {

// In the design's pixels.
constexpr int barWidth = 3;
constexpr int markHeight = 14;
constexpr int partGap = 2;

constexpr float edgeStrength = 0.8F;

void paintParts(QPainter &painter, const QRectF &bar, SourceEnvironment environment, qreal gap, const QColor &colour)
{
    if (environment == SourceEnvironment::Development) {
        // Dots: at both ends and in the middle.
        const qreal side = qMax(bar.width(), 3.0);
        for (int i = 0; i < 3; ++i)
            painter.fillRect(QRectF(bar.x(), std::round(bar.y() + i * (bar.height() - side) / 2), bar.width(), side), colour);
        return;
    }
    const int parts = environment == SourceEnvironment::Production ? 1 : 2;
    const qreal height = (bar.height() - (parts - 1) * gap) / parts;
    for (int i = 0; i < parts; ++i)
        painter.fillRect(QRectF(bar.x(), bar.y() + i * (height + gap), bar.width(), height), colour);
}

} // namespace

QColor environmentColour(SourceEnvironment environment)
{
    switch (environment) {
    case SourceEnvironment::Production:
        return theme().envProd;
    case SourceEnvironment::Staging:
        return theme().envStage;
    case SourceEnvironment::Development:
        return theme().envDev;
    case SourceEnvironment::None:
        break;
    }
    return {};
}

void paintEnvironmentMark(QPainter &painter, const QRectF &area, SourceEnvironment environment)
{
    const QColor colour = environmentColour(environment);
    if (!colour.isValid())
        return;
    const qreal width = px(barWidth);
    const QRectF bar(std::round(area.center().x() - width / 2), area.y(), width, area.height());
    paintParts(painter, bar, environment, px(partGap), colour);
}

void paintEnvironmentEdge(QPainter &painter, const QRect &row, SourceEnvironment environment)
{
    QColor colour = environmentColour(environment);
    if (!colour.isValid())
        return;
    colour.setAlphaF(edgeStrength);
    paintParts(painter, QRectF(row.left(), row.top(), environmentEdgeWidth, row.height()).adjusted(0, 1, 0, -2), environment,
               px(2 * partGap), colour);
}

EnvironmentMark::EnvironmentMark(SourceEnvironment environment, QWidget *parent)
    : QWidget(parent)
    , m_environment(SourceEnvironment::None)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        updateGeometry();
        update();
    });
    hide();
    setEnvironment(environment);
}

void EnvironmentMark::setEnvironment(SourceEnvironment environment)
{
    if (m_environment == environment)
        return;
    m_environment = environment;
    setAccessibleName(environmentText(environment));
    setVisible(environment != SourceEnvironment::None);
    updateGeometry();
    update();
}

QSize EnvironmentMark::sizeHint() const
{
    return {px(barWidth), px(markHeight)};
}

void EnvironmentMark::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintEnvironmentMark(painter, rect(), m_environment);
}

} // namespace pulsedeck
