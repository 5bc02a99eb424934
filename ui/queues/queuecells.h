// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/queuetablemodel.h"
#include "ui/common/fleetwords.h"
#include "ui/common/rowdelegate.h"

namespace pulsedeck {

/// The mark of a queue in lists.
Glyph queueGlyph(const QueueFacts &queue);
/// Not valid: the glyph's own.
QColor queueGlyphColour(const QueueFacts &queue);
/// The tone of what is said of a queue: Ordinary for one that is active.
Tone queueTone(const QueueFacts &queue);
/// A cell for each worker as on the fleet map, exceptions first, from the left in two rows if they need that. Returns how many
/// are shown: those for which there is no room are left out.
int paintQueueWorkers(QPainter &painter, const QRect &area, const QueueFacts &queue);
/// One such cell, for a legend.
void paintQueueWorker(QPainter &painter, const QPointF &corner, QueueWorker worker);
/// A filled line through \a points, which are within \a spanMs until \a now or just before; the lowest line is zero.
void paintQueuePoints(QPainter &painter, const QRectF &area, const std::vector<QueuePoint> &points, qint64 now, qint64 spanMs,
                      const QColor &colour);
/// How many waited over \a spanMs until \a now, as a filled line; the lowest line is zero.
void paintQueueHistory(QPainter &painter, const QRectF &area, const QueueHistory &history, qint64 now, qint64 spanMs,
                       const QColor &colour);
/// The points of a history within \a spanMs before \a now, and the last one before.
std::vector<QueuePoint> pointsOf(const QueueHistory &history, qint64 now, qint64 spanMs);

/// Paints the cells of a QueueTable's queues. GUI thread.
class QueueDelegate : public RowDelegate
{
    Q_OBJECT

public:
    QueueDelegate(QueueTableModel &queues, QObject *parent);

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void setSpan(qint64 ms) { m_spanMs = ms; }
    qint64 span() const { return m_spanMs; }

private:
    void paintWaiting(QPainter &painter, Cell cell, const QueueFacts &queue) const;
    void paintWorkers(QPainter &painter, Cell cell, const QueueFacts &queue) const;
    void paintState(QPainter &painter, Cell cell, const QueueFacts &queue) const;

    QueueTableModel &m_queues;
    qint64 m_spanMs = 15 * 60'000;
};

} // namespace pulsedeck
