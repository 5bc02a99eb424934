// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queues/queuetable.h"

#include "models/core/format.h"
#include "models/core/visibletext.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/common/columnmemory.h"
#include "ui/common/environmentmark.h"
#include "ui/queues/queuecells.h"
#include "ui/queues/queueheadings.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QSettings>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto queueColumnsOffKey = "queues/columnsOff"_L1;

} // namespace

QueueTable::QueueTable(QueueTableModel &queues, const SourceListModel &sources, QSettings &settings, QWidget *parent)
    : RowTable(parent)
    , m_queues(queues)
    , m_sources(sources)
    , m_settings(settings)
    , m_cells(new QueueDelegate(queues, this))
    , m_headings(new QueueHeadings(this))
    , m_widths(nullptr)
{
    setObjectName(u"queueTable"_s);
    setAccessibleName(tr("Queues"));
    setHorizontalHeader(m_headings);
    setModel(&queues);
    setItemDelegate(m_cells);
    setTypingIgnored(true);
    horizontalHeader()->setSortIndicator(int(queues.sortColumn()), queues.sortOrder());
    connect(horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
            [this](int column, Qt::SortOrder order) { m_queues.sort(column, order); });
    const QStringList off = settings.value(queueColumnsOffKey).toStringList();
    for (int column = 0; column < queueColumnCount; ++column)
        m_off[size_t(column)] = off.contains(QString::number(column));
    m_widths = new ColumnMemory(*horizontalHeader(), &settings, u"queues"_s);
    m_widths->setMenu([this](QMenu &menu) { fillColumnsMenu(menu); });
    connect(m_widths, &ColumnMemory::changed, this, &QueueTable::fitColumns, Qt::QueuedConnection);
    connect(this, &RowTable::widthChanged, this, &QueueTable::fitColumns);
    connect(this, &RowTable::copyRequested, this, &QueueTable::copy);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(&queues, signal, this, &QueueTable::fitColumns); // Grouped by another thing.
    connect(&queues, &QAbstractItemModel::modelReset, this, &QueueTable::fitColumns);
    QueueTable::adoptTheme();
}

/// Without its name a row would not say which queue it is.
void QueueTable::fillColumnsMenu(QMenu &menu)
{
    for (int column = 0; column < queueColumnCount; ++column) {
        const QString title = m_queues.headerData(column, Qt::Horizontal).toString();
        QAction *action = menu.addAction(m_aside[size_t(column)] ? tr("%1 (no room)").arg(title) : title);
        action->setToolTip(m_queues.headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString());
        action->setCheckable(true);
        action->setChecked(!m_off[size_t(column)]);
        action->setEnabled(QueueColumn(column) != QueueColumn::Queue);
        connect(action, &QAction::toggled, this, [this, column](bool on) { setShown(QueueColumn(column), on); });
    }
    menu.addSeparator();
    connect(menu.addAction(tr("Show All Columns")), &QAction::triggered, this, &QueueTable::showAll);
}

void QueueTable::setShown(QueueColumn column, bool shown)
{
    m_off[size_t(column)] = !shown;
    QStringList off;
    for (int one = 0; one < queueColumnCount; ++one) {
        if (m_off[size_t(one)])
            off.append(QString::number(one));
    }
    m_settings.setValue(queueColumnsOffKey, off);
    fitColumns();
}

void QueueTable::showAll()
{
    m_off = {};
    m_settings.remove(queueColumnsOffKey);
    fitColumns();
}

/// What the column needs to cut no text, up to a quarter of the table.
int QueueTable::contentWidth(QueueColumn column) const
{
    const QFontMetrics metrics(Theme::instance().bodyFont());
    int width = 0;
    for (const QString &text : m_queues.textsOf(column))
        width = qMax(width, metrics.horizontalAdvance(text) + px(17));
    return qMin(width, viewport()->width() / 4);
}

void QueueTable::adoptTheme()
{
    RowTable::adoptTheme();
    if (m_widths)
        fitColumns();
}

/// What gives way first stands first: what the heading says already, then what few systems report.
void QueueTable::fitColumns()
{
    const auto layingOut = m_widths->layingOut();
    std::vector<QueueColumn> giving{QueueColumn::Source, QueueColumn::Delayed, QueueColumn::Oldest, QueueColumn::System,
                                    QueueColumn::AtWork, QueueColumn::In,      QueueColumn::Out};
    if (m_queues.grouping() == QueueGrouping::System) {
        giving.erase(giving.begin() + 3);
        giving.insert(giving.begin(), QueueColumn::System);
    }
    const int room = viewport()->width();
    std::array<int, queueColumnCount> widths{};
    int sum = 0;
    for (int column = 0; column < queueColumnCount; ++column) {
        const int usual = px(QueueTableModel::columnWidth(QueueColumn(column)));
        widths[size_t(column)] = qBound(px(36), m_widths->width(column, usual), qMax(px(36), room / 2));
        sum += widths[size_t(column)];
    }
    std::array<bool, queueColumnCount> hidden = m_off;
    m_aside = {};
    for (int column = 0; column < queueColumnCount; ++column)
        sum -= hidden[size_t(column)] ? widths[size_t(column)] : 0;
    for (const QueueColumn column : giving) {
        if (sum <= room)
            break;
        if (hidden[size_t(column)])
            continue;
        hidden[size_t(column)] = m_aside[size_t(column)] = true;
        sum -= widths[size_t(column)];
    }
    // What is left goes to what would be cut, to the names, at most as much again as they have, and then to the lines.
    int rest = qMax(0, room - sum);
    for (const QueueColumn column : {QueueColumn::System, QueueColumn::Source}) {
        if (hidden[size_t(column)])
            continue;
        const int more = qBound(0, contentWidth(column) - widths[size_t(column)], rest);
        widths[size_t(column)] += more;
        rest -= more;
    }
    const int more = hidden[size_t(QueueColumn::History)] ? rest : qMin(rest / 2, widths[size_t(QueueColumn::Queue)]);
    widths[size_t(QueueColumn::Queue)] += more;
    widths[size_t(QueueColumn::History)] += rest - more;
    for (int column = 0; column < queueColumnCount; ++column) {
        setColumnHidden(column, hidden[size_t(column)]);
        if (!hidden[size_t(column)])
            setColumnWidth(column, widths[size_t(column)]);
    }
}

std::vector<int> QueueTable::selectedRows() const
{
    std::vector<int> rows = RowTable::selectedRows();
    std::erase_if(rows, [this](int row) { return !m_queues.factsAt(row); });
    return rows;
}

std::vector<QueueKey> QueueTable::selectedQueues() const
{
    std::vector<QueueKey> keys;
    for (const int row : selectedRows())
        keys.push_back(m_queues.factsAt(row)->key);
    return keys;
}

const QueueFacts *QueueTable::currentQueue() const
{
    return currentIndex().isValid() ? m_queues.factsAt(currentIndex().row()) : nullptr;
}

void QueueTable::setSpan(qint64 ms)
{
    if (m_cells->span() == ms)
        return;
    m_cells->setSpan(ms);
    m_headings->setSpan(ms);
    viewport()->update();
}

void QueueTable::setEnd(const QString &text)
{
    m_headings->setEnd(text);
}

SourceEnvironment QueueTable::environmentOf(SourceId source) const
{
    return source == 0 ? SourceEnvironment::None : m_sources.settings(source).environment;
}

QColor QueueTable::rowGround(int row) const
{
    return m_queues.headingAt(row) ? theme().win : RowTable::rowGround(row);
}

void QueueTable::paintGround(QPainter &painter, int row, const QRect &rect) const
{
    const bool chosen = !m_queues.headingAt(row) && isRowChosen(row);
    painter.fillRect(rect, chosen ? theme().sel : rowGround(row));
    painter.fillRect(QRect(0, rect.bottom(), rect.width(), 1), m_queues.headingAt(row) ? theme().line : theme().grid);
    const QueueFacts *queue = m_queues.factsAt(row);
    const SourceEnvironment environment = queue ? environmentOf(queue->key.source) : SourceEnvironment::None;
    paintEnvironmentEdge(painter, rect, environment);
    if (chosen)
        painter.fillRect(QRect(environment == SourceEnvironment::None ? 0 : environmentEdgeWidth, rect.top(), 2, rect.height()),
                         theme().selLine);
}

void QueueTable::paintAbove(QPainter &painter, const QRect &area) const
{
    for (int row = qMax(0, rowAt(area.top())); row < m_queues.rowCount() && rowRect(row).top() <= area.bottom(); ++row) {
        if (const QueueTableModel::Heading *heading = m_queues.headingAt(row))
            paintHeading(painter, *heading, rowRect(row));
    }
}

bool QueueTable::isFramed(int row) const
{
    return m_queues.headingAt(row) || RowTable::isFramed(row);
}

void QueueTable::paintHeading(QPainter &painter, const QueueTableModel::Heading &heading, const QRect &rect) const
{
    const ThemeTokens &tokens = theme();
    painter.save();
    QRect rest = rect.adjusted(px(8), 0, -px(8), -1);
    const int box = px(14);
    paintGlyph(painter, QPointF(rest.left() + box / 2.0, QRectF(rest).center().y() + 0.5), box,
               heading.folded ? Glyph::ChevronRight : Glyph::ChevronDown, tokens.dim);
    rest.setLeft(rest.left() + px(22));
    const SourceEnvironment environment = environmentOf(heading.source);
    if (environment != SourceEnvironment::None) {
        paintEnvironmentMark(painter, QRectF(rest.left(), rest.top() + px(5), px(3), rest.height() - px(10)), environment);
        rest.setLeft(rest.left() + px(environmentMarkRoom));
    }
    const auto say = [&](const QString &text, const QColor &colour, bool bold, int gap) {
        QFont font = Theme::instance().bodyFont();
        font.setBold(bold);
        painter.setFont(font);
        painter.setPen(colour);
        const QString shown = QFontMetrics(font).elidedText(text, Qt::ElideRight, rest.width());
        painter.drawText(rest, Qt::AlignVCenter | Qt::TextSingleLine, shown);
        rest.setLeft(rest.left() + QFontMetrics(font).horizontalAdvance(shown) + px(gap));
    };
    const QueueSums &sums = heading.sums;
    say(visibleLine(heading.group), tokens.text, true, 10);
    say(tr("%Ln queue(s)", nullptr, sums.queues), tokens.dim, false, 12);
    if (sums.waiting >= 0)
        say(tr("%1 waiting", "how many jobs").arg(groupedNumber(sums.waiting)), tokens.text, false, 10);
    if (sums.atWork >= 0)
        say(tr("%1 at work", "how many jobs").arg(sums.atWorkText()), tokens.dim, false, 14);
    const auto mark = [&](Glyph glyph, const QString &text) {
        if (rest.width() < px(60))
            return;
        paintGlyph(painter, QPointF(rest.left() + px(6), QRectF(rest).center().y()), px(12), glyph);
        rest.setLeft(rest.left() + px(17));
        say(text, tokens.dim, false, 14);
    };
    if (sums.unserved > 0)
        mark(Glyph::Unserved, tr("%1 nobody works here", "how many queues").arg(groupedNumber(sums.unserved)));
    if (sums.growing > 0)
        mark(Glyph::Growing, tr("%1 growing", "how many queues").arg(groupedNumber(sums.growing)));
    if (sums.paused > 0)
        mark(Glyph::PausedWorker, tr("%1 %2", "how many queues, and that they are paused or suspended")
                                      .arg(groupedNumber(sums.paused), sums.pausedText()));
    if (!heading.note.isEmpty() && rest.width() > px(120)) {
        painter.setFont(Theme::instance().smallFont());
        painter.setPen(tokens.dim);
        const QFontMetrics metrics(painter.font());
        painter.drawText(rest.adjusted(px(10), 0, 0, 0), Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine,
                         metrics.elidedText(heading.note, Qt::ElideRight, rest.width() - px(10)));
    }
    painter.restore();
}

void QueueTable::toggle(int row)
{
    if (const QueueTableModel::Heading *heading = m_queues.headingAt(row))
        m_queues.setFolded(row, !heading->folded);
}

void QueueTable::mousePressEvent(QMouseEvent *event)
{
    const int row = rowAt(event->position().toPoint().y());
    if (event->button() == Qt::LeftButton && m_queues.headingAt(row)) {
        toggle(row);
        event->accept();
        return;
    }
    RowTable::mousePressEvent(event);
}

void QueueTable::mouseDoubleClickEvent(QMouseEvent *event)
{
    const int row = rowAt(event->position().toPoint().y());
    if (m_queues.headingAt(row)) {
        toggle(row); // A fast second click is a click.
        return;
    }
    RowTable::mouseDoubleClickEvent(event);
}

void QueueTable::keyPressEvent(QKeyEvent *event)
{
    emit handMoved();
    const int row = currentIndex().row();
    const bool plain = !(event->modifiers() & ~Qt::KeypadModifier);
    if (plain && m_queues.headingAt(row)) {
        switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Right:
            m_queues.setFolded(row, event->key() == Qt::Key_Left);
            return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            toggle(row);
            return;
        default:
            break;
        }
    }
    RowTable::keyPressEvent(event);
}

bool QueueTable::viewportEvent(QEvent *event)
{
    switch (event->type()) {
    case QEvent::MouseMove:
    case QEvent::MouseButtonPress:
    case QEvent::Wheel:
        emit handMoved();
        break;
    default:
        break;
    }
    return RowTable::viewportEvent(event);
}

/// The rows selected with a heading, to be pasted into a table.
void QueueTable::copy() const
{
    const std::vector<int> rows = selectedRows();
    if (rows.empty())
        return;
    QString text;
    const auto appendLine = [&text](const auto &cell) {
        QStringList cells;
        for (int column = 0; column < int(QueueColumn::History); ++column)
            cells.append(cell(column).simplified());
        text += cells.join(u'\t') + u'\n';
    };
    appendLine([this](int column) { return m_queues.headerData(column, Qt::Horizontal).toString(); });
    for (const int row : rows)
        appendLine([&](int column) { return m_queues.index(row, column).data().toString(); });
    QGuiApplication::clipboard()->setText(text);
}

} // namespace pulsedeck
