// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/band.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace pulsedeck {

Band::Band(Qt::Edges lines, Ground ground, QWidget *parent)
    : QWidget(parent)
    , m_lines(lines)
    , m_ground(ground)
{
    setContentsMargins(lines.testFlag(Qt::LeftEdge), lines.testFlag(Qt::TopEdge), lines.testFlag(Qt::RightEdge),
                       lines.testFlag(Qt::BottomEdge));
}

void Band::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_ground == Ground::Chrome ? theme().win : theme().base);
    const QColor line = theme().line;
    if (m_lines.testFlag(Qt::LeftEdge))
        painter.fillRect(0, 0, 1, height(), line);
    if (m_lines.testFlag(Qt::RightEdge))
        painter.fillRect(width() - 1, 0, 1, height(), line);
    if (m_lines.testFlag(Qt::TopEdge))
        painter.fillRect(0, 0, width(), 1, line);
    if (m_lines.testFlag(Qt::BottomEdge))
        painter.fillRect(0, height() - 1, width(), 1, line);
}

} // namespace pulsedeck
