// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetheader.h"

#include "models/fleet/fleetcolumns.h"
#include "ui/fleet/beatstripdelegate.h"
#include "ui/theme/theme.h"

#include <QContextMenuEvent>
#include <QEvent>
#include <QPainter>

namespace pulsedeck {

FleetHeader::FleetHeader(QWidget *parent)
    : QHeaderView(Qt::Horizontal, parent)
{
    setSectionsMovable(true);
    setSectionsClickable(true);
    setHighlightSections(false);
    setSortIndicatorShown(true);
    setMinimumSectionSize(24);
    setStretchLastSection(false);
    followTheme(this, [this] { setFont(Theme::instance().smallFont()); });
}

QSize FleetHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), qMax(px(24), fontMetrics().height() + 8)};
}

void FleetHeader::paintEvent(QPaintEvent *event)
{
    {
        QPainter painter(viewport());
        painter.fillRect(event->rect(), theme().win);
        painter.fillRect(QRect(event->rect().left(), height() - 1, event->rect().width(), 1), theme().line);
    }
    QHeaderView::paintEvent(event);
}

void FleetHeader::paintSection(QPainter *painter, const QRect &rect, int logicalIndex) const
{
    const ThemeTokens &tokens = theme();
    painter->fillRect(rect, tokens.win);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), tokens.line);
    const FleetColumn &column = fleetColumns()[size_t(logicalIndex)];
    painter->setFont(font());
    if (column.id == FleetColumnId::Strip) {
        paintAxis(*painter, rect);
        return;
    }
    painter->fillRect(QRect(rect.right(), rect.top() + 1, 1, rect.height() - 2), tokens.grid);
    const int margin = px(8);
    QRect inner = rect.adjusted(margin, 0, -margin, -1);
    const bool sorted = sortIndicatorSection() == logicalIndex;
    const QString title = model()->headerData(logicalIndex, Qt::Horizontal, Qt::DisplayRole).toString();
    const int width = fontMetrics().horizontalAdvance(title);
    painter->setPen(tokens.dim);
    if (!sorted) {
        if (column.alignment & Qt::AlignHCenter)
            inner = rect;
        painter->drawText(inner, int(column.alignment | Qt::AlignVCenter),
                          fontMetrics().elidedText(title, Qt::ElideRight, inner.width()));
        return;
    }
    // The angle is never left out: in a column as narrow as its title it stands in the margin, and is smaller for it.
    const int gap = px(3);
    const int arrow = qBound(px(6), rect.width() - margin - width - gap, px(10));
    QRect mark;
    if (column.alignment & Qt::AlignRight) {
        // Figures end where the title ends, so the angle stands before it.
        mark = QRect(qMax(rect.left() + 1, inner.right() + 1 - width - gap - arrow), inner.top(), arrow, inner.height());
        inner.setLeft(qMin(inner.right(), mark.right() + 1));
    } else if (title.isEmpty()) {
        mark = QRect(rect.center().x() - arrow / 2, inner.top(), arrow, inner.height());
    } else {
        mark = QRect(qMin(rect.right() - 1 - arrow, inner.left() + width + gap), inner.top(), arrow, inner.height());
        inner.setRight(mark.left() - 1);
    }
    painter->drawText(inner, int((column.alignment & Qt::AlignHorizontal_Mask) | Qt::AlignVCenter),
                      fontMetrics().elidedText(title, Qt::ElideRight, inner.width()));
    paintGlyph(*painter, QPointF(QRectF(mark).center().x(), QRectF(mark).center().y() + 1), arrow,
               sortIndicatorOrder() == Qt::AscendingOrder ? Glyph::ChevronDown : Glyph::ChevronUp, tokens.dim);
}

void FleetHeader::paintAxis(QPainter &painter, const QRect &rect) const
{
    const ThemeTokens &tokens = theme();
    const QRect strip = BeatStripDelegate::stripRect(rect);
    painter.setPen(tokens.dim);
    const auto text = [&](int seconds, const QString &label) {
        const int x = strip.left() + int(qint64(strip.width()) * (120 - seconds) / 120);
        const int width = fontMetrics().horizontalAdvance(label);
        int left = x - width / 2;
        if (seconds == 120)
            left = strip.left() + px(6);
        else if (seconds == 0)
            left = strip.right() + 3 - width;
        painter.drawText(QRect(left, rect.top(), width, rect.height() - 1), Qt::AlignVCenter, label);
    };
    text(0, tr("now"));
    const int room = strip.width();
    const QString longest = tr("−2 min");
    const int unit = fontMetrics().horizontalAdvance(longest);
    if (room > 2 * unit)
        text(120, longest);
    if (room > 5 * unit)
        text(60, tr("−1 min"));
    if (room > 6 * unit)
        text(30, tr("−30 s"));
}

void FleetHeader::contextMenuEvent(QContextMenuEvent *event)
{
    emit menuRequested(event->globalPos());
    event->accept();
}

bool FleetHeader::viewportEvent(QEvent *event)
{
    // The base class turns a context menu event of its viewport into nothing; it is passed on to the header.
    if (event->type() == QEvent::ContextMenu) {
        contextMenuEvent(static_cast<QContextMenuEvent *>(event));
        return true;
    }
    return QHeaderView::viewportEvent(event);
}

} // namespace pulsedeck
