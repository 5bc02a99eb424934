// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/rowtable.h"

#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>
#include <utility>

namespace pulsedeck {

RowTable::RowTable(QWidget *parent)
    : QTableView(parent)
{
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
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
    connect(&Theme::instance(), &Theme::changed, this, [this] { adoptTheme(); });
    RowTable::adoptTheme();
}

int RowTable::rowPixels() const
{
    return px(24);
}

void RowTable::adoptTheme()
{
    const int height = rowPixels();
    verticalHeader()->setMinimumSectionSize(height);
    verticalHeader()->setDefaultSectionSize(height);
    verticalScrollBar()->setSingleStep(height);
    if (horizontalHeader()->metaObject() == &QHeaderView::staticMetaObject) { // Others have a look of their own.
        horizontalHeader()->setFont(Theme::instance().smallFont());
        horizontalHeader()->setFixedHeight(px(24));
    }
    viewport()->update();
}

std::vector<int> RowTable::selectedRows() const
{
    std::vector<int> rows;
    for (const QItemSelectionRange &range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row)
            rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    return rows;
}

QRect RowTable::rowRect(int row) const
{
    return {0, rowViewportPosition(row), viewport()->width(), rowHeight(row)};
}

bool RowTable::isRowChosen(int row) const
{
    return selectionModel()->isSelected(model()->index(row, 0));
}

QColor RowTable::rowGround(int row) const
{
    return row == m_hoveredRow ? theme().hover : row % 2 ? theme().alt : theme().base;
}

void RowTable::paintGround(QPainter &painter, int row, const QRect &rect) const
{
    const bool chosen = isRowChosen(row);
    painter.fillRect(rect, chosen ? theme().sel : rowGround(row));
    painter.fillRect(QRect(0, rect.bottom(), rect.width(), 1), theme().grid);
    if (chosen)
        painter.fillRect(QRect(0, rect.top(), 2, rect.height()), theme().selLine);
}

/// A selected row has its line, so only the others need the frame.
bool RowTable::isFramed(int row) const
{
    return !isRowChosen(row);
}

/// All of \a region, which the painter is clipped to, where the viewport is opaque; else the rows in it. Once for each row,
/// however many of its cells are repainted.
void RowTable::paintGrounds(QPainter &painter, const QRegion &region) const
{
    const QRect area = region.boundingRect();
    int below = area.top();
    for (int row = model() ? rowAt(area.top()) : -1; row >= 0 && row < model()->rowCount(); ++row) {
        const QRect rect = rowRect(row);
        if (rect.top() > area.bottom())
            break;
        if (region.intersects(rect))
            paintGround(painter, row, rect);
        below = rect.bottom() + 1;
    }
    if (below <= area.bottom() && viewport()->testAttribute(Qt::WA_OpaquePaintEvent))
        painter.fillRect(QRect(QPoint(area.left(), below), area.bottomRight()),
                         viewport()->palette().brush(viewport()->backgroundRole()));
}

void RowTable::paintEvent(QPaintEvent *event)
{
    {
        QPainter painter(viewport());
        paintGrounds(painter, event->region());
    }
    QTableView::paintEvent(event);
    QPainter painter(viewport());
    painter.setClipRegion(event->region());
    for (const QRect &area : event->region())
        paintAbove(painter, area);
    if (!hasFocus())
        return;
    painter.setPen(QPen(theme().accent, 2));
    if (const int row = currentIndex().row(); row >= 0 && isFramed(row))
        painter.drawRect(rowRect(row).adjusted(1, 1, -1, -2));
    else if (row < 0 && m_framedWhenEmpty)
        painter.drawRect(viewport()->rect().adjusted(1, 1, -1, -1));
}

void RowTable::keyPressEvent(QKeyEvent *event)
{
    const bool plain = !(event->modifiers() & ~Qt::KeypadModifier);
    if (event->matches(QKeySequence::Copy)) {
        emit copyRequested(); // The base class would copy one cell.
        return;
    }
    if (plain && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        emit openRequested();
        return;
    }
    if (m_typingIgnored && plain && !event->text().isEmpty() && event->text().at(0).isPrint()) {
        event->ignore();
        return;
    }
    QTableView::keyPressEvent(event);
}

void RowTable::mouseDoubleClickEvent(QMouseEvent *event)
{
    QTableView::mouseDoubleClickEvent(event);
    if (event->button() == Qt::LeftButton && rowAt(event->position().toPoint().y()) >= 0)
        emit openRequested();
}

void RowTable::setHoveredRow(int row)
{
    if (row == m_hoveredRow)
        return;
    for (const int changed : {std::exchange(m_hoveredRow, row), row}) {
        if (changed >= 0 && changed < model()->rowCount())
            viewport()->update(rowRect(changed));
    }
}

bool RowTable::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::MouseMove)
        setHoveredRow(rowAt(static_cast<QMouseEvent *>(event)->position().toPoint().y()));
    else if (event->type() == QEvent::Leave)
        setHoveredRow(-1);
    return QTableView::viewportEvent(event);
}

void RowTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    emit widthChanged(viewport()->width());
}

void RowTable::contextMenuEvent(QContextMenuEvent *event)
{
    emit menuRequested(event->reason() == QContextMenuEvent::Keyboard
                           ? viewport()->mapToGlobal(visualRect(currentIndex()).center())
                           : event->globalPos());
    event->accept();
}

void RowTable::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    viewport()->update(); // The frame goes round the whole row.
}

void RowTable::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QTableView::selectionChanged(selected, deselected);
    viewport()->update(); // Grounds go across all columns, hidden edges included.
    emit selectionMoved();
}

} // namespace pulsedeck
