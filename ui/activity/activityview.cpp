// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activityview.h"

#include "ui/activity/activitywords.h"
#include "ui/theme/columnmemory.h"
#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int readAheadRows = 60;

/// Widths in the design's pixels, and the width of the table from which a column is shown; the text takes the rest.
struct ColumnLook
{
    JournalModel::Column column;
    int width;
    int from;
};
constexpr ColumnLook columnLooks[] = {
    {JournalModel::Time, 122, 0},     {JournalModel::Kind, 96, 0},   {JournalModel::Source, 96, 780}, {JournalModel::Worker, 148, 0},
    {JournalModel::What, 172, 0},     {JournalModel::Who, 100, 960}, {JournalModel::Reason, 170, 1'120},
};

} // namespace

ActivityView::ActivityView(JournalModel &model, QSettings &settings, QWidget *parent)
    : QTableView(parent)
    , m_journal(model)
{
    setModel(&model);
    m_widths = new ColumnMemory(*horizontalHeader(), &settings, u"activity"_s);
    connect(m_widths, &ColumnMemory::changed, this, &ActivityView::arrangeColumns, Qt::QueuedConnection);
    setItemDelegate(new ActivityDelegate(model, this));
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setSectionsClickable(false);
    setShowGrid(false);
    setFrameShape(QFrame::NoFrame);
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    setAccessibleName(u"Activity"_s);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &ActivityView::onScrolled);
    connect(&Theme::instance(), &Theme::changed, this, &ActivityView::adoptTheme);
    adoptTheme();
}

void ActivityView::adoptTheme()
{
    const Theme &measures = Theme::instance();
    verticalHeader()->setMinimumSectionSize(measures.scaled(24));
    verticalHeader()->setDefaultSectionSize(measures.scaled(24));
    verticalScrollBar()->setSingleStep(measures.scaled(24));
    horizontalHeader()->setFont(measures.smallFont());
    horizontalHeader()->setFixedHeight(measures.scaled(24));
    arrangeColumns();
    viewport()->update();
}

void ActivityView::arrangeColumns()
{
    const Theme &measures = Theme::instance();
    const auto layingOut = m_widths->layingOut();
    for (const ColumnLook &look : columnLooks) {
        setColumnHidden(look.column, viewport()->width() < measures.scaled(look.from));
        const int width = m_widths->width(look.column, measures.scaled(look.width));
        setColumnWidth(look.column, qMin(width, qMax(measures.scaled(60), viewport()->width() / 2)));
    }
}

void ActivityView::onScrolled()
{
    emit readingChanged();
    // The next page is asked for before its rows are needed.
    const int last = rowAt(viewport()->height() - 1);
    if ((last < 0 || last + readAheadRows >= m_journal.rowCount()) && m_journal.canFetchMore({}))
        m_journal.fetchMore({});
}

bool ActivityView::isBeingRead() const
{
    return verticalScrollBar()->value() > 0 || (selectionModel() && selectionModel()->hasSelection());
}

void ActivityView::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QTableView::selectionChanged(selected, deselected);
    viewport()->update(); // Grounds go across all columns, hidden edges included.
    emit readingChanged();
}

std::vector<int> ActivityView::selectedRows() const
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

QRect ActivityView::rowRect(int row) const
{
    return {0, rowViewportPosition(row), viewport()->width(), rowHeight(row)};
}

void ActivityView::paintEvent(QPaintEvent *event)
{
    {
        const ThemeTokens &tokens = theme();
        QPainter painter(viewport());
        const int first = rowAt(event->rect().top());
        for (int row = qMax(0, first); first >= 0 && row < m_journal.rowCount(); ++row) {
            const QRect rect = rowRect(row);
            if (rect.top() > event->rect().bottom())
                break;
            const bool selected = selectionModel()->isSelected(m_journal.index(row, 0));
            const QColor ground = selected ? tokens.sel : row == m_hoveredRow ? tokens.hover : row % 2 ? tokens.alt : tokens.base;
            painter.fillRect(rect, ground);
            painter.fillRect(QRect(0, rect.bottom(), rect.width(), 1), tokens.grid);
            if (selected)
                painter.fillRect(QRect(0, rect.top(), 2, rect.height()), tokens.selLine);
        }
    }
    QTableView::paintEvent(event);
    const int current = currentIndex().row();
    if (hasFocus() && current >= 0 && !selectionModel()->isSelected(m_journal.index(current, 0))) {
        QPainter painter(viewport());
        painter.setPen(QPen(theme().accent, 2));
        painter.drawRect(rowRect(current).adjusted(1, 1, -1, -2));
    }
}

void ActivityView::keyPressEvent(QKeyEvent *event)
{
    const bool plain = !(event->modifiers() & ~Qt::KeypadModifier);
    if (event->matches(QKeySequence::Copy)) {
        emit copyRequested(); // The base class would copy one cell.
        return;
    }
    if (plain && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && currentIndex().isValid()) {
        emit detailRequested();
        return;
    }
    // Typed letters would search the column of times.
    if (plain && !event->text().isEmpty() && event->text().at(0).isPrint()) {
        event->ignore();
        return;
    }
    QTableView::keyPressEvent(event);
}

void ActivityView::mouseDoubleClickEvent(QMouseEvent *event)
{
    QTableView::mouseDoubleClickEvent(event);
    if (event->button() == Qt::LeftButton && rowAt(event->position().toPoint().y()) >= 0)
        emit detailRequested();
}

bool ActivityView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::MouseMove || event->type() == QEvent::Leave) {
        const int row = event->type() == QEvent::Leave ? -1 : rowAt(static_cast<QMouseEvent *>(event)->position().toPoint().y());
        for (const int changed : {std::exchange(m_hoveredRow, row), row}) {
            if (changed >= 0)
                viewport()->update(rowRect(changed));
        }
    }
    return QTableView::viewportEvent(event);
}

void ActivityView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    arrangeColumns();
}

void ActivityView::contextMenuEvent(QContextMenuEvent *event)
{
    emit menuRequested(event->reason() == QContextMenuEvent::Keyboard
                           ? viewport()->mapToGlobal(visualRect(currentIndex()).center())
                           : event->globalPos());
    event->accept();
}

ActivityDelegate::ActivityDelegate(const JournalModel &model, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_model(model)
{ }

void ActivityDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ThemeTokens &tokens = theme();
    const Theme &measures = Theme::instance();
    const JournalEntry &entry = m_model.entry(index.row());
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const ActivityMark mark = activityMark(entry);
    QRect rect = option.rect.adjusted(measures.scaled(8), 0, -measures.scaled(8), -1);
    QFont font = measures.bodyFont();
    QColor colour = tokens.dim;
    switch (index.column()) {
    case JournalModel::Kind: {
        const int size = measures.scaled(12);
        const QColor glyphTone = mark.tone == Tone::Ordinary ? tokens.dim : toneColour(mark.tone);
        painter->setRenderHint(QPainter::Antialiasing);
        paintGlyph(*painter, QPointF(rect.left() + size / 2.0, QRectF(rect).center().y()), size, mark.glyph, glyphTone);
        rect.setLeft(rect.left() + size + measures.scaled(6));
        break;
    }
    case JournalModel::Worker:
        font = measures.idFont();
        colour = tokens.text;
        break;
    case JournalModel::What:
        colour = activityTextColour(mark.tone);
        break;
    case JournalModel::Text:
        colour = tokens.text;
        break;
    case JournalModel::Source:
        colour = selected ? tokens.dim : tokens.faint;
        break;
    default:
        break;
    }
    painter->setFont(font);
    painter->setPen(colour);
    const QString text = index.data().toString();
    painter->drawText(rect, Qt::AlignVCenter | Qt::TextSingleLine,
                      // The ends of addresses are what differs.
                      QFontMetrics(font).elidedText(text, index.column() == JournalModel::Worker ? Qt::ElideMiddle : Qt::ElideRight,
                                                    rect.width()));
}

} // namespace pulsedeck
