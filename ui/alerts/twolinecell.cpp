// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/twolinecell.h"

#include "ui/common/environmentmark.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace pulsedeck {

namespace {

/// The right text has two thirds at most, and the left one the rest: neither is without its beginning.
void paintLine(QPainter &painter, QRect line, const QString &left, const QColor &colour, const QString &right,
               const QColor &rightColour)
{
    if (!right.isEmpty()) {
        const QFontMetrics metrics = painter.fontMetrics();
        const int room = left.isEmpty() ? line.width() : line.width() * 2 / 3;
        const QString shown = metrics.elidedText(right, Qt::ElideRight, room);
        painter.setPen(rightColour);
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, shown);
        line.setRight(line.right() - metrics.horizontalAdvance(shown) - px(8));
    }
    painter.setPen(colour);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(left, Qt::ElideRight, line.width()));
}

} // namespace

void TwoLineCell::paint(QPainter &painter, const QRect &rect, const QFont &font) const
{
    painter.save();
    const int size = px(12);
    const QRect inner = rect.adjusted(px(8), px(3), -px(8), -px(3));
    const int left = inner.left() + size + px(6);
    const QRect above(left, inner.top(), inner.right() - left + 1, inner.height() / 2);
    QRect below = above.translated(0, above.height());
    paintGlyph(painter, QPointF(inner.left() + size / 2.0, QRectF(above).center().y()), size, glyph, glyphColour);
    painter.setFont(font);
    paintLine(painter, above, upper, upperColour.isValid() ? upperColour : theme().text, upperRight,
              upperRightColour.isValid() ? upperRightColour : theme().dim);
    if (environment != SourceEnvironment::None) {
        paintEnvironmentMark(painter, QRectF(below).adjusted(0, px(3), 0, -px(3)), environment);
        below.setLeft(below.left() + px(environmentMarkRoom));
    }
    painter.setFont(Theme::instance().smallFont());
    paintLine(painter, below, lower, theme().dim, lowerRight, theme().dim);
    painter.restore();
}

} // namespace pulsedeck
