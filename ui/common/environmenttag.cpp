// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/environmenttag.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace pulsedeck {

namespace {

constexpr int tagPadding = 5; // In the design's pixels.

} // namespace

QSize EnvironmentTag::sizeHint() const
{
    const QFontMetrics metrics(Theme::instance().smallFont());
    const int padding = px(tagPadding);
    return {metrics.horizontalAdvance(environmentText(environment())) + 2 * padding + 1, metrics.height() + 2};
}

void EnvironmentTag::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(environmentColour(environment()));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setFont(Theme::instance().smallFont());
    painter.drawText(rect(), Qt::AlignCenter, environmentText(environment()));
}

} // namespace pulsedeck
