// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/sortheader.h"

#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace pulsedeck {

SortHeader::SortHeader(QWidget *parent)
    : QHeaderView(Qt::Horizontal, parent)
{
    setSectionsClickable(true);
    setHighlightSections(false);
    setSortIndicatorShown(true);
    setStretchLastSection(false);
    followTheme(this, [this] { setFont(Theme::instance().smallFont()); });
}

Qt::Alignment SortHeader::alignmentOf(int logicalIndex) const
{
    const QVariant alignment = model()->headerData(logicalIndex, Qt::Horizontal, Qt::TextAlignmentRole);
    return alignment.isValid() ? Qt::Alignment(alignment.toInt()) : Qt::AlignLeft;
}

QSize SortHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), qMax(px(24), fontMetrics().height() + 8)};
}

void SortHeader::paintEvent(QPaintEvent *event)
{
    {
        QPainter painter(viewport());
        painter.fillRect(event->rect(), theme().win);
        painter.fillRect(QRect(event->rect().left(), height() - 1, event->rect().width(), 1), theme().line);
    }
    QHeaderView::paintEvent(event);
}

void SortHeader::paintSection(QPainter *painter, const QRect &rect, int logicalIndex) const
{
    const ThemeTokens &tokens = theme();
    painter->fillRect(rect, tokens.win);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), tokens.line);
    painter->setFont(font());
    if (paintInstead(*painter, rect, logicalIndex))
        return;
    const Qt::Alignment alignment = alignmentOf(logicalIndex);
    painter->fillRect(QRect(rect.right(), rect.top() + 1, 1, rect.height() - 2), tokens.grid);
    const int margin = px(8);
    QRect inner = rect.adjusted(margin, 0, -margin, -1);
    const bool sorted = sortIndicatorSection() == logicalIndex;
    const QString title = model()->headerData(logicalIndex, Qt::Horizontal, Qt::DisplayRole).toString();
    const int width = fontMetrics().horizontalAdvance(title);
    painter->setPen(tokens.dim);
    if (!sorted) {
        if (alignment & Qt::AlignHCenter)
            inner = rect;
        painter->drawText(inner, int(alignment | Qt::AlignVCenter),
                          fontMetrics().elidedText(title, Qt::ElideRight, inner.width()));
        return;
    }
    // The angle is never left out: in a column as narrow as its title it stands in the margin, and is smaller for it.
    const int gap = px(3);
    const int arrow = qBound(px(6), rect.width() - margin - width - gap, px(10));
    QRect mark;
    if (alignment & Qt::AlignRight) {
        // Figures end where the title ends, so the angle stands before it.
        mark = QRect(qMax(rect.left() + 1, inner.right() + 1 - width - gap - arrow), inner.top(), arrow, inner.height());
        inner.setLeft(qMin(inner.right(), mark.right() + 1));
    } else if (title.isEmpty()) {
        mark = QRect(rect.center().x() - arrow / 2, inner.top(), arrow, inner.height());
    } else {
        mark = QRect(qMin(rect.right() - 1 - arrow, inner.left() + width + gap), inner.top(), arrow, inner.height());
        inner.setRight(mark.left() - 1);
    }
    painter->drawText(inner, int((alignment & Qt::AlignHorizontal_Mask) | Qt::AlignVCenter),
                      fontMetrics().elidedText(title, Qt::ElideRight, inner.width()));
    paintGlyph(*painter, QPointF(QRectF(mark).center().x(), QRectF(mark).center().y() + 1), arrow,
               sortIndicatorOrder() == Qt::AscendingOrder ? Glyph::ChevronDown : Glyph::ChevronUp, tokens.dim);
}

} // namespace pulsedeck
