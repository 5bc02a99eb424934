// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/sortheader.h"

namespace pulsedeck {

/// The table's header: titles in secondary text, a small angle for the sort order, and over the strip the time axis.
class FleetHeader : public SortHeader
{
    Q_OBJECT

public:
    explicit FleetHeader(QWidget *parent = nullptr);

    /// Where the time of the strips ends: chartEndText().
    void setEnd(const QString &text);
    QString endText() const { return m_end; }

signals:
    void menuRequested(const QPoint &globalPosition);

protected:
    Qt::Alignment alignmentOf(int logicalIndex) const override;
    bool paintInstead(QPainter &painter, const QRect &rect, int logicalIndex) const override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    void paintAxis(QPainter &painter, const QRect &rect) const;

    QString m_end = tr("now");
};

} // namespace pulsedeck
