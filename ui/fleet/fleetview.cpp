// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/fleet/fleetview.h"
#include "models/core/format.h"
#include "ui/fleet/celldelegate.h"
#include "ui/fleet/exceptiontint.h"
#include "ui/fleet/fleetheader.h"
#include "ui/fleet/fleetlook.h"
#include "ui/fleet/fleetwords.h"
#include "ui/fleet/placekeeper.h"
#include "ui/theme/environmentmark.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QAccessible>
#include <QCursor>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QPainter>
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

// What FleetView paints itself: the rows' grounds and lines below the cells, the group headings above them.

void FleetView::paintEvent(QPaintEvent *event)
{
    m_look.beginPaint();
    {
        QPainter painter(viewport());
        paintGrounds(painter, event->rect());
    }
    QTableView::paintEvent(event);
    QPainter painter(viewport());
    painter.setClipRegion(event->region());
    paintHeadings(painter, event->rect());
}

void FleetView::paintGrounds(QPainter &painter, const QRect &area) const
{
    const ThemeTokens &tokens = theme();
    const int last = lastVisibleRow();
    for (int row = qMax(0, rowAt(area.top())); row <= last; ++row) {
        const QRect rect = rowRect(row);
        if (rect.top() > area.bottom())
            break;
        const bool heading = m_fleet.isGroupRow(row);
        QColor ground = row % 2 ? tokens.alt : tokens.base;
        if (heading)
            ground = tokens.win;
        else if (selectionModel()->isSelected(m_fleet.index(row, 0)))
            ground = tokens.sel;
        else if (row == m_hoveredRow)
            ground = tokens.hover;
        else if (const WorkerHandle handle = m_fleet.handleAt(row); m_tint->isTinted(handle))
            ground = blended(tokens.base,
                             m_fleet.store().worker(handle).liveness == Liveness::Late ? tokens.lateTint : tokens.staleTint, 0.5);
        painter.fillRect(rect, ground);
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), heading ? tokens.line : tokens.grid);
        const WorkerHandle worker = heading ? noWorker : m_fleet.handleAt(row);
        const SourceEnvironment environment =
            worker == noWorker ? SourceEnvironment::None : m_look.source(m_fleet.store().worker(worker).source).environment;
        paintEnvironmentEdge(painter, QRect(0, rect.top(), rect.width(), rect.height()), environment);
        if (ground == tokens.sel) {
            const int left = environment == SourceEnvironment::None ? 0 : environmentEdgeWidth;
            painter.fillRect(QRect(left, rect.top(), 2, rect.height()), tokens.selLine);
        }
    }
}

void FleetView::paintHeadings(QPainter &painter, const QRect &area) const
{
    const int last = lastVisibleRow();
    for (int row = qMax(0, rowAt(area.top())); row <= last; ++row) {
        const QRect rect = rowRect(row);
        if (rect.top() > area.bottom())
            break;
        if (m_fleet.isGroupRow(row))
            paintHeading(painter, row, rect);
        if (hasFocus() && row == currentIndex().row()) {
            // Where the keyboard is; a selected row has its line, so only the others need the frame.
            if (m_fleet.isGroupRow(row) || !selectionModel()->isSelected(m_fleet.index(row, 0))) {
                painter.setPen(QPen(theme().accent, 2));
                painter.drawRect(rect.adjusted(1, 1, -1, -2));
            }
        }
    }
}

void FleetView::paintHeading(QPainter &painter, int row, const QRect &rect) const
{
    const ThemeTokens &tokens = theme();
    const Theme &measures = Theme::instance();
    const QModelIndex index = m_fleet.index(row, 0);
    const bool collapsed = index.data(FleetTableModel::GroupCollapsedRole).toBool();
    QRect rest = rect.adjusted(measures.scaled(8), 0, -measures.scaled(8), -1);
    const int box = measures.scaled(14);
    paintGlyph(painter, QPointF(rest.left() + box / 2.0, QRectF(rest).center().y() + 0.5), box,
               collapsed ? Glyph::ChevronRight : Glyph::ChevronDown, tokens.dim);
    rest.setLeft(rest.left() + measures.scaled(22));
    rest.setLeft(rest.left() + m_look.drawText(painter, FleetLook::Bold, rest, index.data().toString(), tokens.text)
                 + measures.scaled(8));
    // Of a lost source's workers nothing is known, so they are in no count; nor is who is gone.
    const int known = index.data(FleetTableModel::GroupCountRole).toInt();
    const int unknown = index.data(FleetTableModel::GroupUnknownRole).toInt();
    QString count = known > 0 || unknown == 0 ? groupedNumber(known) : QString();
    if (unknown > 0)
        count += (count.isEmpty() ? QString() : u" · "_s) + groupedNumber(unknown) + u" unknown"_s;
    if (const int gone = index.data(FleetTableModel::GroupGoneRole).toInt(); gone > 0)
        count += u" · "_s + groupedNumber(gone) + u" gone"_s;
    rest.setLeft(rest.left() + m_look.drawText(painter, FleetLook::Body, rest, count, tokens.dim) + measures.scaled(16));

    const QVariantMap details = index.data(FleetTableModel::GroupDetailRole).toMap();
    struct Part
    {
        QLatin1String key;
        Glyph glyph;
        QLatin1String word;
    };
    static constexpr Part parts[] = {
        {"crashed"_L1, Glyph::Crashed, "crashed"_L1},   {"hung"_L1, Glyph::Hung, "hung"_L1},
        {"stale"_L1, Glyph::Stale, "stale"_L1},         {"late"_L1, Glyph::Late, "late"_L1},
        {"key-lost"_L1, Glyph::KeyLost, "key lost"_L1}, {"no-ttl"_L1, Glyph::NoTtl, "no TTL"_L1},
        {"zombie"_L1, Glyph::Zombie, "zombie"_L1},      {"draining"_L1, Glyph::Draining, "draining"_L1},
        {"unknown"_L1, Glyph::Error, "unreadable"_L1},  {"other"_L1, Glyph::Warning, "with findings"_L1},
    };
    for (const Part &part : parts) {
        const int number = details.value(part.key).toInt();
        if (number <= 0)
            continue;
        const int size = measures.scaled(11);
        paintGlyph(painter, QPointF(rest.left() + size / 2.0, QRectF(rest).center().y() + 0.5), size, part.glyph);
        rest.setLeft(rest.left() + size + measures.scaled(4));
        const QString text = QString(groupedNumber(number) + u' ' + part.word);
        rest.setLeft(rest.left() + m_look.drawText(painter, FleetLook::Body, rest, text, tokens.dim) + measures.scaled(14));
    }
}

} // namespace pulsedeck
