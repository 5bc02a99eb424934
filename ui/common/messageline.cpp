// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/messageline.h"

#include "ui/common/boxes.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPainter>

#include <utility>

namespace pulsedeck {

MessageLine::MessageLine(QWidget *parent, int margin)
    : QWidget(parent)
    , m_row(hbox(this, spacing, {leftEdge, margin, rightEdge, margin + 1}))
{ }

void MessageLine::setGood(bool good)
{
    if (std::exchange(m_good, good) != good)
        update();
}

void MessageLine::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    QPainter painter(this);
    painter.fillRect(rect(), m_good ? tokens.win : blended(tokens.win, tokens.lateTint, tokens.dark ? 0.28 : 0.35));
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens.line);
    painter.fillRect(QRect(0, 0, 3, height() - 1), m_good ? tokens.alive : tokens.late);
    paintGlyph(painter, QPointF(px(18), (height() - 1) / 2.0), px(14), m_good ? Glyph::Ok : Glyph::Warning);
}

} // namespace pulsedeck
