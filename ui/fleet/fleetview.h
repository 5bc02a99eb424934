// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleettablemodel.h"

#include <QTableView>
#include <QTimer>

#include <memory>

namespace pulsedeck {

class ExceptionTint;
class FleetHeader;
class FleetLook;
class PlaceKeeper;

/// The table of workers. It repaints what changed and is visible, and four times a second the columns that move with
/// time; it paints row grounds, lines and group headings itself, so that delegates only paint what a cell says.
class FleetView : public QTableView
{
    Q_OBJECT

public:
    FleetView(FleetTableModel &fleet, FleetLook &look, QWidget *parent = nullptr);
    ~FleetView() override;

    FleetHeader &header() const { return *m_header; }
    PlaceKeeper &places() const { return *m_places; }
    /// The pointer is over the rows.
    bool isPointerInside() const { return m_pointerInside; }
    /// Brings scroll ranges up to date at once.
    void layoutNow() { updateGeometries(); }
    /// Rows selected that are in the list, in the list's order.
    std::vector<int> selectedRows() const;

    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles = {}) override;

signals:
    /// A hand is at work: the pointer moved over the list, a button or the wheel was used there, or a key.
    void handMoved();
    /// The pointer is over the rows, or is not any more; it may rest there.
    void pointerInsideChanged(bool inside);
    void menuRequested(const QPoint &globalPosition);
    /// Enter on a worker, or a double click.
    void detailRequested();
    void copyRequested();
    void widthChanged(int width);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void adoptLook();
    void onTick();
    void setHoveredRow(int row);
    void setPointerInside(bool inside);
    void notePointer(const QPoint &globalPosition);
    void paintGrounds(QPainter &painter, const QRect &area) const;
    void paintHeadings(QPainter &painter, const QRect &area) const;
    void paintHeading(QPainter &painter, int row, const QRect &rect) const;
    QRect rowRect(int row) const;
    int firstVisibleRow() const;
    int lastVisibleRow() const;
    void toggleGroup(int row);

    FleetTableModel &m_fleet;
    FleetLook &m_look;
    FleetHeader *m_header;
    std::unique_ptr<PlaceKeeper> m_places;
    ExceptionTint *m_tint;
    QTimer m_tick;
    int m_hoveredRow = -1;
    bool m_pointerInside = false;
    QPoint m_pointerAt; ///< On the screen, as last seen.
};

} // namespace pulsedeck
