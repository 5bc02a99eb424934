// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/rowdelegate.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace pulsedeck {

void RowDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    Cell cell = cellOf(option, index);
    painter->save();
    paintGlyphOf(*painter, cell);
    paintTextOf(*painter, cell);
    painter->restore();
}

RowDelegate::Cell RowDelegate::cellOf(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QVariant font = index.data(Qt::FontRole);
    const QVariant colour = index.data(Qt::ForegroundRole);
    Cell cell;
    cell.rect = option.rect.adjusted(px(m_margin), 0, -px(m_margin), 0);
    cell.text = index.data().toString();
    cell.font = font.isValid() ? font.value<QFont>() : option.font;
    cell.colour = colour.isValid() ? colour.value<QColor>() : index.column() == 0 ? theme().text : theme().dim;
    cell.elide = font.isValid() ? Qt::ElideMiddle : Qt::ElideRight;
    return cell;
}

void RowDelegate::paintGlyphOf(QPainter &painter, Cell &cell)
{
    if (!cell.glyph)
        return;
    const int size = px(12);
    paintGlyph(painter, QPointF(cell.rect.left() + size / 2.0, QRectF(cell.rect).center().y()), size, *cell.glyph,
               cell.glyphColour);
    cell.rect.setLeft(cell.rect.left() + size + px(6));
}

void RowDelegate::paintTextOf(QPainter &painter, const Cell &cell)
{
    painter.setFont(cell.font);
    painter.setPen(cell.colour);
    painter.drawText(cell.rect, int(cell.alignment | Qt::AlignVCenter) | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(cell.text, cell.elide, cell.rect.width()));
}

} // namespace pulsedeck
