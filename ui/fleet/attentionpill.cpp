// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/attentionpill.h"

#include "ui/common/fleetwords.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

AttentionPill::AttentionPill(QWidget *parent)
    : QPushButton(parent)
{
    setObjectName(u"attentionPill"_s);
    setToolTip(tr("Update the order and show them"));
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::ArrowCursor);
    hide();
}

void AttentionPill::setCount(int count)
{
    m_count = count;
    setText(tr("%Ln new (needs/need) attention", nullptr, count));
    setAccessibleName(tr("%1, show them").arg(text()));
    setVisible(count > 0);
    update();
}

QSize AttentionPill::sizeHint() const
{
    const Theme &measures = Theme::instance();
    return {QFontMetrics(measures.bodyFont()).horizontalAdvance(text()) + px(42), px(26)};
}

void AttentionPill::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    const Theme &measures = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    // Opaque: rows move below it.
    painter.setBrush(isDown() || underMouse() ? blended(tokens.lateTint, tokens.late, 0.15) : tokens.lateTint);
    painter.setPen(QPen(tokens.late, 1));
    const QRectF frame = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2);
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(tokens.accent, 2));
        painter.drawRoundedRect(frame.adjusted(1, 1, -1, -1), frame.height() / 2, frame.height() / 2);
    }
    paintGlyph(painter, QPointF(px(18), height() / 2.0), px(13), Glyph::Warning);
    painter.setFont(measures.bodyFont());
    painter.setPen(tokens.text);
    painter.drawText(rect().adjusted(px(30), 0, -px(10), 0), Qt::AlignVCenter, text());
}

} // namespace pulsedeck
