// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetheader.h"

#include "models/fleet/fleetcolumns.h"
#include "ui/fleet/beatstripdelegate.h"
#include "ui/theme/theme.h"

#include <QContextMenuEvent>
#include <QEvent>
#include <QPainter>

#include <algorithm>

namespace pulsedeck {

FleetHeader::FleetHeader(QWidget *parent)
    : SortHeader(parent)
{
    setSectionsMovable(true);
    setMinimumSectionSize(24);
}

void FleetHeader::setEnd(const QString &text)
{
    if (m_end == text)
        return;
    m_end = text;
    viewport()->update();
}

Qt::Alignment FleetHeader::alignmentOf(int logicalIndex) const
{
    return fleetColumns()[size_t(logicalIndex)].alignment;
}

bool FleetHeader::paintInstead(QPainter &painter, const QRect &rect, int logicalIndex) const
{
    if (fleetColumns()[size_t(logicalIndex)].id != FleetColumnId::Strip)
        return false;
    paintAxis(painter, rect);
    return true;
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
    text(0, m_end);
    const int room = strip.width();
    const QString longest = tr("−2 min");
    const int unit = std::max(fontMetrics().horizontalAdvance(longest), fontMetrics().horizontalAdvance(m_end));
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
    return SortHeader::viewportEvent(event);
}

} // namespace pulsedeck
