// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activityview.h"

#include "ui/activity/activitywords.h"
#include "ui/common/columnmemory.h"
#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QScrollBar>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int readAheadRows = 60;

constexpr int measuredRows = 400; ///< So many rows decide how wide the columns are.
constexpr int textFloor = 360; ///< In the design's pixels: what the text keeps while another column can give way to it.

/// Bounds of a column's width in the design's pixels; within them it is as wide as its contents, and the text takes the rest.
struct ActivityColumn
{
    JournalModel::Column column;
    int least;
    int most;
};
constexpr ActivityColumn activityColumns[] = {
    {JournalModel::Time, 64, 170},   {JournalModel::Kind, 60, 130}, {JournalModel::Source, 60, 120},
    {JournalModel::Worker, 76, 200}, {JournalModel::What, 70, 190}, {JournalModel::Who, 50, 130},
    {JournalModel::Reason, 60, 200},
};
/// In this order they give way to the text.
constexpr JournalModel::Column givingWay[] = {JournalModel::Reason, JournalModel::Who, JournalModel::Source};

} // namespace

ActivityView::ActivityView(JournalModel &model, QSettings &settings, QWidget *parent)
    : RowTable(parent)
    , m_journal(model)
{
    setModel(&model);
    m_widths = new ColumnMemory(*horizontalHeader(), &settings, u"activity"_s); // untranslated: a settings key
    connect(m_widths, &ColumnMemory::changed, this, &ActivityView::arrangeColumns, Qt::QueuedConnection);
    setItemDelegate(new ActivityDelegate(model, this));
    horizontalHeader()->setStretchLastSection(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTypingIgnored(true);
    setAccessibleName(tr("Activity"));
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &ActivityView::onScrolled);
    connect(this, &RowTable::selectionMoved, this, &ActivityView::readingChanged);
    connect(this, &RowTable::widthChanged, this, &ActivityView::arrangeColumns);
    connect(&model, &QAbstractItemModel::modelReset, this, [this] { measureColumns(true); });
    connect(&model, &QAbstractItemModel::rowsInserted, this, [this] {
        // A hidden list measures new rows when it is shown.
        if (isVisible())
            measureColumns(false);
        else
            m_measureLater = true;
    });
    measureColumns(true);
}

void ActivityView::adoptTheme()
{
    RowTable::adoptTheme();
    measureColumns(true);
}

void ActivityView::showEvent(QShowEvent *event)
{
    if (std::exchange(m_measureLater, false))
        measureColumns(false);
    RowTable::showEvent(event);
}

int ActivityView::contentWidth(JournalModel::Column column) const
{
    const Theme &measures = Theme::instance();
    const QFontMetrics metrics(column == JournalModel::Worker ? measures.idFont() : measures.bodyFont());
    const QFontMetrics header(measures.smallFont());
    int width = header.horizontalAdvance(m_journal.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
    for (int row = 0; row < qMin(m_journal.rowCount(), measuredRows); ++row)
        width = qMax(width, metrics.horizontalAdvance(m_journal.index(row, column).data().toString()));
    const int mark = column == JournalModel::Kind ? px(12 + 6) : 0;
    return width + mark + px(16) + 2;
}

/// While rows come in, columns only grow: they do not move for each entry.
void ActivityView::measureColumns(bool again)
{
    for (const ActivityColumn &look : activityColumns) {
        int &width = m_contentWidths[size_t(look.column)];
        width = qMax(again ? 0 : width, contentWidth(look.column));
    }
    arrangeColumns();
}

void ActivityView::arrangeColumns()
{
    const auto layingOut = m_widths->layingOut();
    int rest = viewport()->width();
    const auto widthOf = [&](JournalModel::Column column) {
        const int width = m_widths->width(column, columnWidthOf(column));
        return qMin(width, qMax(px(60), viewport()->width() / 2));
    };
    for (const ActivityColumn &look : activityColumns) {
        const int width = widthOf(look.column);
        setColumnWidth(look.column, width);
        rest -= width;
    }
    for (const JournalModel::Column column : givingWay) {
        const bool gives = rest < px(textFloor);
        if (gives)
            rest += widthOf(column);
        setColumnHidden(column, gives);
    }
}

/// Also of a column that is hidden, whose own width is 0.
int ActivityView::columnWidthOf(JournalModel::Column column) const
{
    for (const ActivityColumn &look : activityColumns) {
        if (look.column == column)
            return qBound(px(look.least), m_contentWidths[size_t(column)], px(look.most));
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

RowDelegate::Cell ActivityDelegate::cellOf(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const JournalEntry &entry = m_model.entry(index.row());
    const ActivityMark mark = activityMark(entry);
    Cell cell = RowDelegate::cellOf(option, index);
    cell.rect.setBottom(cell.rect.bottom() - 1); // The row's line is below.
    cell.font = Theme::instance().bodyFont();
    cell.colour = theme().dim;
    switch (index.column()) {
    case JournalModel::Kind:
        cell.glyph = mark.glyph;
        cell.glyphColour = mark.tone == Tone::Ordinary ? theme().dim : toneColour(mark.tone);
        break;
    case JournalModel::Worker:
        cell.font = Theme::instance().idFont();
        cell.elide = Qt::ElideMiddle; // The ends of addresses are what differs.
        cell.colour = theme().text;
        break;
    case JournalModel::What:
        cell.colour = activityTextColour(mark.tone);
        break;
    case JournalModel::Text:
        cell.colour = theme().text;
        break;
    case JournalModel::Source:
        cell.colour = option.state.testFlag(QStyle::State_Selected) ? theme().dim : theme().faint;
        break;
    default:
        break;
    }
    return cell;
}

} // namespace pulsedeck
