// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHeaderView>

namespace pulsedeck {

/// The table's header: titles in secondary text, a small angle for the sort order, and over the strip the time axis.
class FleetHeader : public QHeaderView
{
    Q_OBJECT

public:
    explicit FleetHeader(QWidget *parent = nullptr);

    QSize sizeHint() const override;

signals:
    void menuRequested(const QPoint &globalPosition);

protected:
    void paintSection(QPainter *painter, const QRect &rect, int logicalIndex) const override;
    void paintEvent(QPaintEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    void paintAxis(QPainter &painter, const QRect &rect) const;
};

} // namespace pulsedeck
