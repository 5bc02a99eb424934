// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleettablemodel.h"
#include "ui/common/rowtable.h"
#include "ui/fleet/fleetlook.h"
#include "ui/theme/glyphs.h"

#include <QElapsedTimer>
#include <QHash>
#include <QTimer>

#include <memory>
#include <optional>
#include <vector>

namespace pulsedeck {

class ExceptionTint;
class FleetHeader;
class FleetSelection;

/// The table of workers. It repaints what changed and is visible, and four times a second the columns that move with
/// time; it paints the group headings itself.
class FleetView : public RowTable
{
    Q_OBJECT

public:
    FleetView(FleetTableModel &fleet, FleetLook &look, QWidget *parent = nullptr);
    ~FleetView() override;

    FleetHeader &header() const { return *m_header; }
    FleetSelection &workerSelection() const { return *m_selection; }
    /// The pointer is over the rows.
    bool isPointerInside() const { return m_pointerInside; }
    /// Brings scroll ranges up to date at once.
    void layoutNow() { updateGeometries(); }
    /// Of the rows that can be seen.
    std::vector<WorkerHandle> seenWorkers() const;
    /// What lies above the rows, in pixels of the viewport; null if nothing does. Headings end before it.
    void setCover(const QRect &cover);
    /// A part of a heading: its title, its counts, a count of workers in a state, or what its group is.
    struct HeadingPart
    {
        FleetLook::Face face;
        QString text;
        std::optional<Glyph> glyph; ///< Before the text.
        QRect place; ///< In pixels of the viewport, with the mark; narrower than the text where that is elided.
    };
    /// Those of the heading in \a row, as far as there is room for them: states without room are counted in the last part.
    std::vector<HeadingPart> headingParts(int row) const;
    /// Rows of workers that are selected, in the list's order.
    std::vector<int> selectedRows() const override;

    void dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles = {}) override;

signals:
    /// A hand is at work: the pointer moved over the list, a button or the wheel was used there, or a key.
    void handMoved();
    /// * was pressed: healthy workers collapse into one line, or stand in rows.
    void healthyCollapseToggled();
    /// The pointer is over the rows, or is not any more; it may rest there.
    void pointerInsideChanged(bool inside);

protected:
    int rowPixels() const override;
    void adoptTheme() override;
    QColor rowGround(int row) const override;
    void paintGround(QPainter &painter, int row, const QRect &rect) const override;
    void paintAbove(QPainter &painter, const QRect &area) const override;
    bool isFramed(int row) const override;
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    static constexpr int stateMark = 11; ///< In pixels of the design.

    void onTick();
    void noteAtWork();
    void updateTimeCells(int row, bool beat);
    bool looksAsBefore(WorkerHandle handle);
    void noteShown();
    void setPointerInside(bool inside);
    void notePointer(const QPoint &globalPosition);
    void paintHeading(QPainter &painter, int row, const QRect &rect) const;
    void paintRest(QPainter &painter, int row, const QRect &rect) const;
    void paintBeats(QPainter &painter, const std::vector<WorkerHandle> &workers, const QRect &strip) const;
    int firstVisibleRow() const;
    int lastVisibleRow() const;
    void toggleGroup(int row);

    FleetTableModel &m_fleet;
    FleetLook &m_look;
    FleetHeader *m_header;
    std::unique_ptr<FleetSelection> m_selection;
    ExceptionTint *m_tint;
    QTimer m_tick;
    QElapsedTimer m_sinceHand; ///< Since a hand was at work.
    QHash<WorkerHandle, size_t> m_shown; ///< Of rows that were seen all the time since: what the cells show that no beat changes.
    bool m_pointerInside = false;
    QPoint m_pointerAt; ///< On the screen, as last seen.
    QRect m_cover; ///< Above the rows.
};

} // namespace pulsedeck
