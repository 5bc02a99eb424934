// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

#include <vector>

namespace pulsedeck {

/// The base of the tables: rows of one height, of which whole rows are selected. It paints what goes across all columns: the
/// rows' grounds and lines, the row under the pointer, the selection, and the frame that says where the keyboard is. Delegates
/// paint only what a cell says, see RowDelegate. Copying, opening and the menu are signals. GUI thread.
class RowTable : public QTableView
{
    Q_OBJECT

public:
    explicit RowTable(QWidget *parent = nullptr);

    /// Rows selected, in the table's order.
    virtual std::vector<int> selectedRows() const;
    /// Where no note stands in the empty table the frame of the keyboard goes round all of it.
    void setFramedWhenEmpty(bool framed) { m_framedWhenEmpty = framed; }

signals:
    /// Enter on a row, or a double click.
    void openRequested();
    void copyRequested();
    void menuRequested(const QPoint &globalPosition);
    void widthChanged(int width);
    void selectionMoved();

protected:
    /// Row height in pixels of the screen; asked for when the theme changes.
    virtual int rowPixels() const;
    /// Called when fonts or colours changed; the constructor calls that of this class only.
    virtual void adoptTheme();
    /// The ground of a row that is not selected.
    virtual QColor rowGround(int row) const;
    virtual void paintGround(QPainter &painter, int row, const QRect &rect) const;
    /// Above the cells and below the frame; called for each rectangle that is repainted.
    virtual void paintAbove(QPainter &, const QRect &) const { }
    /// Whether the row with the keyboard is framed.
    virtual bool isFramed(int row) const;
    QRect rowRect(int row) const;
    int hoveredRow() const { return m_hoveredRow; }
    bool isRowChosen(int row) const;
    /// Typed letters and Space are for the window, not to search or select by.
    void setTypingIgnored(bool ignored) { m_typingIgnored = ignored; }

    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &deselected) override;

private:
    void setHoveredRow(int row);
    void paintGrounds(QPainter &painter, const QRegion &region) const;

    int m_hoveredRow = -1;
    bool m_typingIgnored = false;
    bool m_framedWhenEmpty = false;
};

} // namespace pulsedeck
