// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queues/queueheadings.h"

#include "models/core/format.h"
#include "models/fleet/queuetablemodel.h"
#include "ui/theme/theme.h"

#include <QPainter>

namespace pulsedeck {

QueueHeadings::QueueHeadings(QWidget *parent)
    : SortHeader(parent)
{ }

void QueueHeadings::setSpan(qint64 ms)
{
    if (m_spanMs == ms)
        return;
    m_spanMs = ms;
    viewport()->update();
}

void QueueHeadings::setEnd(const QString &text)
{
    if (m_end == text)
        return;
    m_end = text;
    viewport()->update();
}

QStringList QueueHeadings::axisTexts(int width) const
{
    QStringList texts{chartStartText(double(m_spanMs) / 1'000),
                      model()->headerData(int(QueueColumn::History), Qt::Horizontal, Qt::DisplayRole).toString(), m_end};
    int needed = px(16);
    for (const QString &text : texts)
        needed += fontMetrics().horizontalAdvance(text) + px(12);
    if (needed > width)
        texts.removeAt(1);
    return texts;
}

bool QueueHeadings::paintInstead(QPainter &painter, const QRect &rect, int logicalIndex) const
{
    // Where the list is sorted by it, its title has the mark that says so.
    if (QueueColumn(logicalIndex) != QueueColumn::History || sortIndicatorSection() == logicalIndex)
        return false;
    painter.fillRect(QRect(rect.right(), rect.top() + 1, 1, rect.height() - 2), theme().grid);
    painter.setPen(theme().dim);
    const QRect inner = rect.adjusted(px(8), 0, -px(8), -1);
    const QStringList texts = axisTexts(rect.width());
    painter.drawText(inner, int(Qt::AlignLeft | Qt::AlignVCenter), texts.first());
    if (texts.size() > 2)
        painter.drawText(inner, int(Qt::AlignHCenter | Qt::AlignVCenter), texts[1]);
    painter.drawText(inner, int(Qt::AlignRight | Qt::AlignVCenter), texts.last());
    return true;
}

} // namespace pulsedeck
