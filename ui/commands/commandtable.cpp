// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commandtable.h"

#include "ui/commands/commandactions.h"
#include "ui/common/columnmemory.h"
#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int actorsWider = 38; ///< For the column of workers where addresses are shown.
constexpr int narrowest = 728; ///< What the columns that never give way need.
constexpr int longestAct = 260;
constexpr int mostWider = 40; ///< What a column gets at most beyond its usual width, for the words in it.
constexpr int rowsMeasured = 200;

} // namespace

LadderHeader::LadderHeader(QWidget *parent)
    : QHeaderView(Qt::Horizontal, parent)
{
    setHighlightSections(false);
    setSectionsClickable(false);
}

QSize LadderHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), QFontMetrics(font()).height() + px(9)};
}

void LadderHeader::paintSection(QPainter *painter, const QRect &rect, int logicalIndex) const
{
    const Theme &t = Theme::instance();
    painter->fillRect(rect, theme().win);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme().line);
    if (logicalIndex == int(CommandColumn::Note))
        return; // What stands there explains itself.
    painter->setFont(t.bodyFont());
    painter->setPen(theme().dim);
    const bool right = logicalIndex == int(CommandColumn::Sessions);
    const QRect inner = rect.adjusted(px(8), 0, -px(8), 0);
    const QString text = model()->headerData(logicalIndex, Qt::Horizontal).toString();
    painter->drawText(inner, Qt::AlignVCenter | (right ? Qt::AlignRight : Qt::AlignLeft),
                      painter->fontMetrics().elidedText(text, Qt::ElideRight, inner.width()));
}

CommandTable::CommandTable(CommandTableModel &commands, CommandActions &actions, Form form, QWidget *parent)
    : RowTable(parent)
    , m_commands(commands)
    , m_actions(actions)
    , m_form(form)
{
    setHorizontalHeader(new LadderHeader(this));
    setModel(&commands);
    setObjectName(u"commandTable"_s);
    setItemDelegate(new LadderDelegate(*this, this));
    setAccessibleName(tr("Commands"));
    if (form == Form::Group) {
        for (const CommandColumn column : {CommandColumn::Act, CommandColumn::Source, CommandColumn::By, CommandColumn::Reason})
            setColumnHidden(int(column), true);
    } else {
        // Who and why stand before the note, whose buttons belong to the end of the row.
        const int last = horizontalHeader()->count() - 1;
        horizontalHeader()->moveSection(horizontalHeader()->visualIndex(int(CommandColumn::Note)), last);
    }
    m_widths = new ColumnMemory(*horizontalHeader(), form == Form::Page ? &actions.context().settings : nullptr, u"commands"_s);
    // Laid out again when the handle is let go of, so that nothing moves below the pointer.
    connect(m_widths, &ColumnMemory::changed, this, &CommandTable::fitColumns, Qt::QueuedConnection);
    connect(this, &RowTable::widthChanged, this, &CommandTable::fitColumns);
    connect(this, &RowTable::copyRequested, this, &CommandTable::copy);
    if (form == Form::Page) { // Longer names may have come.
        connect(&commands, &QAbstractItemModel::rowsInserted, this, &CommandTable::fitColumns, Qt::QueuedConnection);
        connect(&commands, &QAbstractItemModel::modelReset, this, &CommandTable::fitColumns, Qt::QueuedConnection);
    }
    connect(&commands, &CommandTableModel::headerDataChanged, this, &CommandTable::fitColumns); // Actors came, or went.
    adoptTheme();
    m_tick.setInterval(1'000);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        if (isVisible())
            viewport()->update();
    });
    m_tick.start();
}

int CommandTable::rowPixels() const
{
    return qMax(px(26), QFontMetrics(Theme::instance().bodyFont()).height() + 8);
}

void CommandTable::adoptTheme()
{
    RowTable::adoptTheme();
    fitColumns();
}

void CommandTable::fitColumns()
{
    const auto layingOut = m_widths->layingOut();
    bool narrow = false;
    int moreForActs = 0;
    int wider = m_commands.showsActors() ? actorsWider : 0;
    int rest = viewport()->width();
    CommandColumn wide = CommandColumn::Note;
    if (m_form == Form::Page) {
        // In a narrow window who, where and why give way: the list of groups says them too. Each limit is what the columns that
        // are left need, and counts the vertical scroll bar, so that none comes and goes with it.
        const int room = width() - 2 * frameWidth() - verticalScrollBar()->sizeHint().width();
        moreForActs =
            qBound(0, widthOfActs() - px(CommandTableModel::columnWidth(CommandColumn::Act)), qMax(0, room - px(narrowest)));
        narrow = room < px(840) + moreForActs;
        setColumnHidden(int(CommandColumn::Sessions), narrow);
        if (room < px(920) + moreForActs)
            wider = 0; // Then addresses are elided in their middle.
        setColumnHidden(int(CommandColumn::By), room < px(1'220 + wider) + moreForActs);
        setColumnHidden(int(CommandColumn::Source), room < px(920 + wider) + moreForActs);
        setColumnHidden(int(CommandColumn::Reason), room < px(1'080 + wider) + moreForActs);
        if (!isColumnHidden(int(CommandColumn::Reason)))
            wide = CommandColumn::Reason;
    } else {
        setColumnHidden(int(CommandColumn::Sessions), m_commands.showsOnlyActors()); // Theirs are not counted.
    }
    for (int column = 0; column < commandColumnCount; ++column) {
        if (isColumnHidden(column) || column == int(wide))
            continue;
        int usual =
            px(CommandTableModel::columnWidth(CommandColumn(column)) + (column == int(CommandColumn::Worker) ? wider : 0));
        if (column == int(CommandColumn::Act))
            usual += moreForActs;
        const int width = qMin(m_widths->width(column, usual), viewport()->width() / 2);
        setColumnWidth(column, width);
        rest -= width;
    }
    if (m_form == Form::Page) {
        const int keeps = px(CommandTableModel::columnWidth(CommandColumn::Note));
        for (const CommandColumn column : {CommandColumn::Worker, CommandColumn::Source})
            rest -= widen(column, rest - keeps);
    }
    setColumnWidth(int(wide), qMax(px(wide == CommandColumn::Note ? (wider > 0 || narrow ? 90 : 130) : 80), rest));
}

/// Takes at most \a spare for the words of this column, and says how much; nothing where the user chose a width.
int CommandTable::widen(CommandColumn column, int spare)
{
    if (isColumnHidden(int(column)) || m_widths->width(int(column), -1) >= 0)
        return 0;
    const Theme &t = Theme::instance();
    const bool ids = column == CommandColumn::Worker;
    const QFontMetrics metrics(ids ? t.idFont() : t.bodyFont());
    int words = 0;
    for (int row = 0; row < qMin(m_commands.rowCount(), rowsMeasured); ++row)
        words = qMax(words, metrics.horizontalAdvance(m_commands.index(row, int(column)).data().toString()));
    const int before = columnWidth(int(column));
    const int wanted = words + 2 * px(8) + 2 + (ids ? px(18) : 0); // With the mark in front.
    const int more = qBound(0, wanted - before, qMax(0, qMin(spare, px(mostWider))));
    setColumnWidth(int(column), before + more);
    return more;
}

/// Systems call their acts by longer words than the console does.
int CommandTable::widthOfActs() const
{
    const QFontMetrics metrics(Theme::instance().bodyFont());
    int width = 0;
    for (const QString &act : m_commands.ownActs())
        width = qMax(width, metrics.horizontalAdvance(act));
    return qMin(width + px(2 * 8 + 2), px(longestAct));
}

qint64 CommandTable::now() const
{
    return m_actions.context().clock.nowMs();
}

std::vector<quint64> CommandTable::selectedKeys() const
{
    std::vector<quint64> keys;
    for (const int row : selectedRows())
        keys.push_back(m_commands.keyAt(row));
    std::sort(keys.begin(), keys.end());
    return keys;
}

const CommandEntry *CommandTable::currentEntry() const
{
    return currentIndex().isValid() ? m_commands.entryAt(currentIndex().row()) : nullptr;
}

QString CommandTable::buttonText(RowButton button)
{
    switch (button) {
    case RowButton::SendAgain:
        return tr("Send again");
    case RowButton::Skip:
        return tr("Skip");
    case RowButton::Cancel:
        return tr("Cancel command");
    case RowButton::None:
        break;
    }
    return {};
}

std::vector<std::pair<CommandTable::RowButton, QRect>> CommandTable::buttonsOf(int row) const
{
    const quint64 key = m_commands.keyAt(row);
    const CommandEntry *entry = m_commands.entryAt(row);
    std::vector<std::pair<RowButton, QRect>> buttons;
    if (!entry || (entry->isOpen() && !entry->canCancel() && entry->stage != CommandStage::Queued))
        return buttons;
    RowButton which = RowButton::None;
    if (m_actions.canSendAgain(key))
        which = RowButton::SendAgain;
    else if (m_actions.canSkip(key))
        which = selectionModel()->isRowSelected(row) ? RowButton::Skip : RowButton::None;
    else if (m_actions.canCancel(key))
        which = RowButton::Cancel;
    if (which == RowButton::None)
        return buttons;
    const Theme &t = Theme::instance();
    const int width = QFontMetrics(t.smallFont()).horizontalAdvance(buttonText(which)) + px(18);
    const QRect cell = visualRect(m_commands.index(row, int(CommandColumn::Note)));
    const int margin = 2;
    buttons.emplace_back(which, QRect(cell.right() - px(6) - width, cell.top() + margin, width, cell.height() - 2 * margin - 1));
    return buttons;
}

std::pair<int, CommandTable::RowButton> CommandTable::buttonAt(const QPoint &pos) const
{
    const int row = rowAt(pos.y());
    if (row >= 0) {
        for (const auto &[button, rect] : buttonsOf(row)) {
            if (rect.contains(pos))
                return {row, button};
        }
    }
    return {-1, RowButton::None};
}

void CommandTable::press(int row, RowButton button)
{
    const std::vector<quint64> keys{m_commands.keyAt(row)};
    if (button == RowButton::SendAgain)
        m_actions.sendAgain(keys);
    else if (button == RowButton::Skip)
        m_actions.skipEntries(keys);
    else if (button == RowButton::Cancel)
        m_actions.cancelEntries(keys);
}

void CommandTable::setOver(int row, RowButton button)
{
    if (row == m_overRow && button == m_over)
        return;
    m_overRow = row;
    m_over = button;
    viewport()->update();
}

void CommandTable::mousePressEvent(QMouseEvent *event)
{
    const auto [row, button] = buttonAt(event->position().toPoint());
    if (event->button() == Qt::LeftButton && button != RowButton::None) {
        press(row, button);
        event->accept();
        return;
    }
    RowTable::mousePressEvent(event);
}

void CommandTable::mouseMoveEvent(QMouseEvent *event)
{
    const auto [row, button] = buttonAt(event->position().toPoint());
    setOver(row, button);
    RowTable::mouseMoveEvent(event);
}

void CommandTable::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (buttonAt(event->position().toPoint()).second == RowButton::None && indexAt(event->position().toPoint()).isValid())
        emit openRequested();
}

void CommandTable::leaveEvent(QEvent *event)
{
    setOver(-1, RowButton::None);
    RowTable::leaveEvent(event);
}

/// The rows selected with a heading, to be pasted into a table: all columns in their order, also those that have no room here;
/// ids are whole.
void CommandTable::copy() const
{
    std::vector<int> columns(size_t(horizontalHeader()->count()));
    for (size_t visual = 0; visual < columns.size(); ++visual)
        columns[visual] = horizontalHeader()->logicalIndex(int(visual));
    QString text;
    const auto appendLine = [&](const auto &cell) {
        QStringList cells;
        for (const int column : columns)
            cells.append(cell(column).simplified());
        text += cells.join(u'\t') + u'\n';
    };
    appendLine([this](int column) { return m_commands.headerData(column, Qt::Horizontal).toString(); });
    const std::vector<int> rows = selectedRows();
    for (const int row : rows) {
        const CommandEntry *entry = m_commands.entryAt(row);
        if (!entry)
            continue;
        appendLine([&](int column) {
            return column == int(CommandColumn::Worker) ? QString::fromUtf8(entry->command.worker)
                                                        : m_commands.index(row, column).data().toString();
        });
    }
    if (!rows.empty())
        QGuiApplication::clipboard()->setText(text);
}

} // namespace pulsedeck
