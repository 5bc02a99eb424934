// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/hubtable.h"

#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>

namespace pulsedeck {

namespace {

/// Text in its cell; the grounds are the table's.
class TextDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const Theme &t = Theme::instance();
        const QVariant font = index.data(Qt::FontRole);
        const QVariant colour = index.data(Qt::ForegroundRole);
        painter->setFont(font.isValid() ? font.value<QFont>() : option.font);
        painter->setPen(colour.isValid() ? colour.value<QColor>() : index.column() == 0 ? theme().text : theme().dim);
        const QRect inner = option.rect.adjusted(t.scaled(6), 0, -t.scaled(6), 0);
        // Addresses differ at their ends.
        const auto elide = font.isValid() ? Qt::ElideMiddle : Qt::ElideRight;
        painter->drawText(inner, Qt::AlignVCenter | Qt::TextSingleLine,
                          painter->fontMetrics().elidedText(index.data().toString(), elide, inner.width()));
    }
};

} // namespace

HubTable::HubTable(QWidget *parent)
    : QTableView(parent)
{
    setItemDelegate(new TextDelegate(this));
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setWordWrap(false);
    setTabKeyNavigation(false);
    connect(&Theme::instance(), &Theme::changed, this, &HubTable::adoptTheme);
    adoptTheme();
}

void HubTable::adoptTheme()
{
    const Theme &t = Theme::instance();
    verticalHeader()->setMinimumSectionSize(t.scaled(24));
    verticalHeader()->setDefaultSectionSize(t.scaled(24));
    verticalScrollBar()->setSingleStep(t.scaled(24));
    horizontalHeader()->setFont(t.smallFont());
    horizontalHeader()->setFixedHeight(t.scaled(24));
    viewport()->update();
}

void HubTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    emit resized();
}

void HubTable::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QTableView::selectionChanged(selected, deselected);
    viewport()->update();
}

void HubTable::paintEvent(QPaintEvent *event)
{
    if (model()) {
        const ThemeTokens &tokens = theme();
        QPainter painter(viewport());
        for (int row = qMax(0, rowAt(0)); row < model()->rowCount(); ++row) {
            const QRect rect(0, rowViewportPosition(row), viewport()->width(), rowHeight(row));
            if (rect.top() > viewport()->height())
                break;
            const bool selected = selectionModel()->isRowSelected(row, {});
            painter.fillRect(rect, selected ? tokens.sel : row % 2 ? tokens.alt : tokens.base);
            painter.fillRect(QRect(0, rect.bottom(), rect.width(), 1), tokens.grid);
            if (selected)
                painter.fillRect(QRect(0, rect.top(), 2, rect.height()), tokens.selLine);
        }
    }
    QTableView::paintEvent(event);
    if (hasFocus() && (!currentIndex().isValid() || !selectionModel()->hasSelection())) {
        QPainter painter(viewport());
        painter.setPen(QPen(theme().accent, 2));
        painter.drawRect(viewport()->rect().adjusted(1, 1, -1, -1));
    }
}

} // namespace pulsedeck
