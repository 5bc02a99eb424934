// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetview.h"

#include "ui/fleet/celldelegate.h"
#include "ui/fleet/exceptiontint.h"
#include "ui/fleet/fleetheader.h"
#include "ui/fleet/fleetlook.h"
#include "ui/fleet/placekeeper.h"

#include <QAccessible>
#include <QCursor>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace pulsedeck {

FleetView::FleetView(FleetTableModel &fleet, FleetLook &look, QWidget *parent)
    : QTableView(parent)
    , m_fleet(fleet)
    , m_look(look)
    , m_header(new FleetHeader(this))
    , m_tint(new ExceptionTint(fleet.store(), this))
{
    setHorizontalHeader(m_header);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    setAccessibleName(u"Workers"_s);
    m_places = std::make_unique<PlaceKeeper>(*this, fleet, nullptr);
    installFleetDelegates(*this, look, fleet);
    connect(&look, &FleetLook::facesChanged, this, &FleetView::adoptLook);
    connect(&look, &FleetLook::sourcesChanged, viewport(), qOverload<>(&QWidget::update));
    adoptLook();

    m_tick.setInterval(250);
    connect(&m_tick, &QTimer::timeout, this, &FleetView::onTick);
    connect(m_tint, &ExceptionTint::changed, this, [this] { viewport()->update(); });
    connect(&fleet, &FleetTableModel::orderChanged, this, [this] { viewport()->update(); });
    connect(m_places.get(), &PlaceKeeper::selectionMoved, this, [this] { viewport()->update(); });
}

FleetView::~FleetView() = default;

void FleetView::adoptLook()
{
    verticalHeader()->setMinimumSectionSize(m_look.rowHeight());
    verticalHeader()->setDefaultSectionSize(m_look.rowHeight());
    verticalScrollBar()->setSingleStep(m_look.rowHeight());
    m_header->updateGeometry();
    viewport()->update();
}

QRect FleetView::rowRect(int row) const
{
    return {0, rowViewportPosition(row), viewport()->width(), rowHeight(row)};
}

int FleetView::firstVisibleRow() const
{
    return rowAt(0);
}

int FleetView::lastVisibleRow() const
{
    const int row = rowAt(viewport()->height() - 1);
    return row >= 0 ? row : m_fleet.rowCount() - 1;
}

void FleetView::dataChanged(const QModelIndex &topLeft, const QModelIndex &bottomRight, const QList<int> &roles)
{
    // The base class would repaint everything for any range; here only what is seen of the rows that changed.
    Q_UNUSED(roles)
    if (!isVisible())
        return;
    const int first = qMax(topLeft.row(), firstVisibleRow());
    const int last = qMin(bottomRight.row(), lastVisibleRow());
    if (first < 0 || first > last)
        return;
    viewport()->update(QRect(0, rowViewportPosition(first), viewport()->width(),
                             rowViewportPosition(last) + rowHeight(last) - rowViewportPosition(first)));
    if (QAccessible::isActive()) {
        QAccessibleTableModelChangeEvent changed(this, QAccessibleTableModelChangeEvent::DataChanged);
        changed.setFirstRow(first);
        changed.setLastRow(last);
        changed.setFirstColumn(topLeft.column());
        changed.setLastColumn(bottomRight.column());
        QAccessible::updateAccessibility(&changed);
    }
}

void FleetView::onTick()
{
    if (m_fleet.store().isPaused() || window()->isMinimized())
        return;
    for (const FleetColumn &column : fleetColumns()) {
        // Badges of the status column count too.
        if (!column.changesWithTime && column.id != FleetColumnId::Status)
            continue;
        const int logical = int(column.id);
        if (!isColumnHidden(logical))
            viewport()->update(columnViewportPosition(logical), 0, columnWidth(logical), viewport()->height());
    }
}

std::vector<int> FleetView::selectedRows() const
{
    std::vector<int> rows;
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row) {
            if (!m_fleet.isGroupRow(row))
                rows.push_back(row);
        }
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

void FleetView::toggleGroup(int row)
{
    const bool collapsed = m_fleet.index(row, 0).data(FleetTableModel::GroupCollapsedRole).toBool();
    m_fleet.setGroupCollapsed(row, !collapsed);
}

void FleetView::mousePressEvent(QMouseEvent *event)
{
    const int row = rowAt(event->position().toPoint().y());
    if (event->button() == Qt::LeftButton && m_fleet.isGroupRow(row)) {
        toggleGroup(row);
        event->accept();
        return;
    }
    QTableView::mousePressEvent(event);
}

void FleetView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const int row = rowAt(event->position().toPoint().y());
    if (m_fleet.isGroupRow(row)) {
        toggleGroup(row); // A fast second click is a click.
        return;
    }
    QTableView::mouseDoubleClickEvent(event);
    if (row >= 0 && event->button() == Qt::LeftButton)
        emit detailRequested();
}

void FleetView::keyPressEvent(QKeyEvent *event)
{
    emit handMoved();
    const int row = currentIndex().row();
    const bool plain = !(event->modifiers() & ~Qt::KeypadModifier);
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (plain && m_fleet.isGroupRow(row)) {
        switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Right:
            m_fleet.setGroupCollapsed(row, event->key() == Qt::Key_Left);
            return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            toggleGroup(row);
            return;
        default:
            break;
        }
    }
    if (plain && enter && m_fleet.handleAt(row) != noWorker) {
        emit detailRequested();
        return;
    }
    if (event->matches(QKeySequence::Copy)) {
        emit copyRequested(); // The base class would copy one cell.
        return;
    }
    // Typed letters would search the first column, which shows no text; Space belongs to the page.
    if (!event->text().isEmpty() && event->text().at(0).isPrint() && plain) {
        event->ignore();
        return;
    }
    QTableView::keyPressEvent(event);
}

void FleetView::setHoveredRow(int row)
{
    if (row == m_hoveredRow)
        return;
    for (const int changed : {std::exchange(m_hoveredRow, row), row}) {
        if (changed >= 0 && changed < m_fleet.rowCount())
            viewport()->update(rowRect(changed));
    }
}

/// A list that appears or moves under a pointer that rests gets events too: only another position is a movement.
void FleetView::notePointer(const QPoint &globalPosition)
{
    if (globalPosition == std::exchange(m_pointerAt, globalPosition))
        return;
    emit handMoved();
}

void FleetView::setPointerInside(bool inside)
{
    if (inside == std::exchange(m_pointerInside, inside))
        return;
    emit pointerInsideChanged(inside);
}

bool FleetView::viewportEvent(QEvent *event)
{
    switch (event->type()) {
    case QEvent::Enter:
        setPointerInside(true);
        notePointer(static_cast<QEnterEvent *>(event)->globalPosition().toPoint());
        break;
    case QEvent::MouseMove:
        setHoveredRow(rowAt(static_cast<QMouseEvent *>(event)->position().toPoint().y()));
        setPointerInside(true);
        notePointer(static_cast<QMouseEvent *>(event)->globalPosition().toPoint());
        break;
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease:
    case QEvent::MouseButtonDblClick:
    case QEvent::Wheel:
        emit handMoved();
        break;
    case QEvent::Leave:
        setHoveredRow(-1);
        setPointerInside(false);
        break;
    default:
        break;
    }
    return QTableView::viewportEvent(event);
}

void FleetView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    emit widthChanged(viewport()->width());
}

void FleetView::showEvent(QShowEvent *event)
{
    QTableView::showEvent(event);
    m_pointerAt = QCursor::pos();
    m_tick.start();
}

void FleetView::hideEvent(QHideEvent *event)
{
    QTableView::hideEvent(event);
    m_tick.stop();
    setPointerInside(false);
}

void FleetView::contextMenuEvent(QContextMenuEvent *event)
{
    emit menuRequested(event->reason() == QContextMenuEvent::Keyboard
                           ? viewport()->mapToGlobal(visualRect(currentIndex()).center())
                           : event->globalPos());
    event->accept();
}

} // namespace pulsedeck
