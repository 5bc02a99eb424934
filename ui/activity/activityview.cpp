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

constexpr int measuredRows = 400; ///< Of those that are read: what stands there tells how wide the columns have to be.
constexpr int textFloor = 360; ///< In the design's pixels: what the text keeps while another column can give way to it.

/// Widths in the design's pixels, between which a column is as wide as what stands in it; the text takes the rest.
struct ColumnLook
{
    JournalModel::Column column;
    int least;
    int most;
};
constexpr ColumnLook columnLooks[] = {
    {JournalModel::Time, 64, 170},   {JournalModel::Kind, 60, 130}, {JournalModel::Source, 60, 120},
    {JournalModel::Worker, 76, 200}, {JournalModel::What, 70, 190}, {JournalModel::Who, 50, 130},
    {JournalModel::Reason, 60, 200},
};
/// In this order they give way to the text.
constexpr JournalModel::Column givingWay[] = {JournalModel::Reason, JournalModel::Who, JournalModel::Source};

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
    connect(&model, &QAbstractItemModel::modelReset, this, [this] { measureColumns(true); });
    connect(&model, &QAbstractItemModel::rowsInserted, this, [this] { measureColumns(false); });
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
    measureColumns(true);
    viewport()->update();
}

int ActivityView::contentWidth(JournalModel::Column column) const
{
    const Theme &measures = Theme::instance();
    const QFontMetrics metrics(column == JournalModel::Worker ? measures.idFont() : measures.bodyFont());
    const QFontMetrics header(measures.smallFont());
    int width = header.horizontalAdvance(m_journal.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
    for (int row = 0; row < qMin(m_journal.rowCount(), measuredRows); ++row)
        width = qMax(width, metrics.horizontalAdvance(m_journal.index(row, column).data().toString()));
    const int mark = column == JournalModel::Kind ? measures.scaled(12 + 6) : 0;
    return width + mark + measures.scaled(16) + 2;
}

/// While rows come in, columns only grow: they do not move for each entry.
void ActivityView::measureColumns(bool anew)
{
    for (const ColumnLook &look : columnLooks) {
        int &width = m_contentWidths[size_t(look.column)];
        width = qMax(anew ? 0 : width, contentWidth(look.column));
    }
    arrangeColumns();
}

void ActivityView::arrangeColumns()
{
    const Theme &measures = Theme::instance();
    const auto layingOut = m_widths->layingOut();
    int rest = viewport()->width();
    const auto widthOf = [&](JournalModel::Column column) {
        const int width = m_widths->width(column, columnWidthOf(column));
        return qMin(width, qMax(measures.scaled(60), viewport()->width() / 2));
    };
    for (const ColumnLook &look : columnLooks) {
        const int width = widthOf(look.column);
        setColumnWidth(look.column, width);
        rest -= width;
    }
    for (const JournalModel::Column column : givingWay) {
        const bool gives = rest < measures.scaled(textFloor);
        if (gives)
            rest += widthOf(column);
        setColumnHidden(column, gives);
    }
}

/// Also of a column that is hidden, whose own width is 0.
int ActivityView::columnWidthOf(JournalModel::Column column) const
{
    const Theme &measures = Theme::instance();
    for (const ColumnLook &look : columnLooks) {
        if (look.column == column)
            return qBound(measures.scaled(look.least), m_contentWidths[size_t(column)], measures.scaled(look.most));
    }
    return 0;
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

void ActivityView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTableView::currentChanged(current, previous);
    viewport()->update(); // The frame goes round the whole row.
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
                      QFontMetrics(font).elidedText(
                          text, index.column() == JournalModel::Worker ? Qt::ElideMiddle : Qt::ElideRight, rect.width()));
}

} // namespace pulsedeck
