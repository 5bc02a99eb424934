// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/timingtable.h"

#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"
#include "ui/timing/durationspin.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// Draws one line, elided, and returns how wide it is.
int line(QPainter &painter, const QRect &rect, const QFont &font, const QColor &colour, const QString &text,
         Qt::Alignment alignment = Qt::AlignLeft)
{
    painter.setFont(font);
    painter.setPen(colour);
    const QString shown = painter.fontMetrics().elidedText(text, Qt::ElideRight, rect.width());
    painter.drawText(rect, int(alignment | Qt::AlignVCenter), shown);
    return painter.fontMetrics().horizontalAdvance(shown);
}

/// Of a parameter that takes two lines.
int usualHeight()
{
    const Theme &t = Theme::instance();
    return qMax(px(38), QFontMetrics(t.bodyFont()).height() + QFontMetrics(t.idFont()).height() + px(5));
}

/// The part of \a row that has two lines; what a third one takes is below it.
QRect usualPart(const QRect &row)
{
    return {row.left(), row.top(), row.width(), qMin(row.height(), usualHeight())};
}

} // namespace

TimingDelegate::TimingDelegate(TimingTableModel &model, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_model(model)
{ }

void TimingDelegate::paintHeading(QPainter &painter, const QRect &rect, const QModelIndex &index) const
{
    const Theme &t = Theme::instance();
    painter.fillRect(rect, theme().win);
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme().line);
    paintGlyph(painter, QPointF(rect.left() + px(16), rect.center().y() + 0.5), px(14),
               index.row() == 0 ? Glyph::Redis : Glyph::Connections, theme().text);
    QFont bold = t.bodyFont();
    bold.setBold(true);
    const QRect inner = rect.adjusted(px(32), 0, -px(10), 0);
    const int width = line(painter, inner, bold, theme().text, index.data().toString());
    line(painter, inner.adjusted(width + px(12), 0, 0, 0), t.smallFont(), theme().dim,
         index.data(TimingTableModel::NoteRole).toString(), Qt::AlignRight);
}

/// Where the value is set, or what is wrong with it, below the name and its value; of that what falls into \a part.
void TimingDelegate::paintPlace(QPainter &painter, const QModelIndex &name, const QRect &part) const
{
    const auto *view = qobject_cast<const QTableView *>(parent());
    if (!view)
        return;
    const Theme &t = Theme::instance();
    const auto id = TimingId(name.data(TimingTableModel::TimingIdRole).toInt());
    const bool wrong = !m_model.draft()->problem(id).isEmpty();
    const int left = view->columnViewportPosition(int(TimingColumn::Name));
    const int right = view->columnViewportPosition(int(TimingColumn::Live)) + view->columnWidth(int(TimingColumn::Live));
    painter.save();
    painter.setClipRect(part);
    // Where a system's value is set is told in words.
    const QFont &font = wrong || isOwnTiming(id) ? t.smallFont() : t.idFont();
    const QColor colour = wrong ? theme().stale : theme().dim;
    const QString text = name.data(TimingTableModel::NoteRole).toString();
    const QRect place(left + px(8), part.top(), right - left - px(14), part.height());
    if (part.height() >= 2 * QFontMetrics(font).lineSpacing()) {
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(place.adjusted(0, px(2), 0, 0), int(Qt::AlignLeft | Qt::AlignTop) | Qt::TextWordWrap, text);
    } else {
        line(painter, place, font, colour, text);
    }
    painter.restore();
}

void TimingDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Theme &t = Theme::instance();
    const QRect rect = option.rect;
    painter->save();
    if (index.data(TimingTableModel::HeadingRole).toBool()) {
        if (index.column() == 0)
            paintHeading(*painter, rect, index);
        painter->restore();
        return;
    }
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    painter->fillRect(rect, selected ? theme().sel : theme().base);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), theme().grid);
    const auto id = TimingId(index.data(TimingTableModel::TimingIdRole).toInt());
    const QRect usual = usualPart(rect);
    const QRect upper(rect.left(), rect.top() + px(2), rect.width(), usual.height() / 2 - px(1));
    const QRect lower(rect.left(), upper.bottom(), rect.width(), usual.bottom() - upper.bottom() - px(2));
    const QRect place = lower.adjusted(0, 0, 0, rect.height() - usual.height());
    const QString note = index.data(TimingTableModel::NoteRole).toString();
    switch (TimingColumn(index.column())) {
    case TimingColumn::Name: {
        if (index.data(TimingTableModel::ChangedRole).toBool())
            painter->fillRect(QRect(rect.left(), rect.top(), 3, rect.height() - 1), theme().selLine);
        line(*painter, upper.adjusted(px(8), 0, -px(4), 0), t.bodyFont(), theme().text, index.data().toString());
        paintPlace(*painter, index, place);
        break;
    }
    case TimingColumn::Live:
        line(*painter, upper.adjusted(0, 0, -px(6), 0), t.bodyFont(), theme().dim, index.data().toString(), Qt::AlignRight);
        // The end of what does not fit below the name.
        paintPlace(*painter, index.siblingAtColumn(int(TimingColumn::Name)), place);
        break;
    case TimingColumn::Measured: {
        const QMargins margins(px(8), 0, 0, 0);
        const bool known = m_model.isMeasured(id);
        line(*painter, upper.marginsRemoved(margins), t.bodyFont(), known ? theme().text : theme().dim, index.data().toString());
        // Where it is narrow the number of samples is enough.
        const QRect room = lower.marginsRemoved(margins);
        const bool fits = QFontMetrics(t.smallFont()).horizontalAdvance(note) <= room.width();
        line(*painter, room, t.smallFont(), theme().dim, fits ? note : note.section(u" · "_s, 0, 0));
        break;
    }
    case TimingColumn::New:
        // A value without a field: how it stands, and why it cannot be set.
        if (!note.isEmpty()) {
            const QMargins margins(px(12), 0, px(6), 0);
            const bool changed = index.data(TimingTableModel::ChangedRole).toBool();
            line(*painter, upper.marginsRemoved(margins), t.bodyFont(), changed ? theme().text : theme().dim,
                 index.data().toString());
            line(*painter, lower.marginsRemoved(margins), t.smallFont(), theme().dim, note);
        }
        break;
    case TimingColumn::Undo:
        break;
    }
    painter->restore();
}

QWidget *TimingDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const
{
    const std::optional<TimingId> id = m_model.idAt(index.row());
    if (!id || !m_model.draft()->canSet(*id))
        return nullptr;
    const QString label = m_model.draft()->library().parameter(*id).label;
    const QString name = m_model.draft()->library().parameter(*id).name;
    if (index.column() == int(TimingColumn::Undo)) {
        auto *undo = new QToolButton(parent);
        undo->setAutoRaise(true);
        undo->setObjectName(u"undo-"_s + name);
        undo->setIcon(glyphIcon(Glyph::Undo, theme().accent));
        undo->setToolTip(tr("Reset to the value in force"));
        undo->setAccessibleName(tr("Reset %1 to the value in force").arg(label));
        connect(undo, &QToolButton::clicked, this, [this, id = *id] { m_model.draft()->revert(id); });
        return undo;
    }
    if (index.column() != int(TimingColumn::New))
        return nullptr;
    auto *field = new DurationSpin(parent);
    field->setObjectName(u"field-"_s + name);
    field->setAccessibleName(tr("%1, new value").arg(label));
    connect(field, &DurationSpin::edited, this, [this, id = *id](const QString &text) { m_model.draft()->type(id, text); });
    connect(field, &DurationSpin::finished, this, [this] { m_model.draft()->endTyping(); });
    return field;
}

void TimingDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    const std::optional<TimingId> id = m_model.idAt(index.row());
    const TimingDraft *draft = m_model.draft();
    if (!id || !draft)
        return;
    if (auto *field = qobject_cast<DurationSpin *>(editor)) {
        field->showField(draft->field(*id).ms, draft->field(*id).text);
        field->setMarks(draft->trouble(*id), draft->isChanged(*id));
        field->setToolTip(m_model.fieldToolTip(*id));
        const QString problem = draft->problem(*id);
        field->setAccessibleDescription(problem.isEmpty() ? draft->library().parameter(*id).purpose
                                                          : tr("Cannot be used: %1").arg(problem));
    } else {
        editor->setVisible(draft->isChanged(*id));
    }
}

void TimingDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QRect rect = usualPart(option.rect).adjusted(0, 0, 0, -1);
    if (index.column() == int(TimingColumn::Undo)) {
        const int side = qMax(24, px(24));
        editor->setGeometry(rect.right() - side - px(2), rect.center().y() - side / 2, side, side);
        if (const std::optional<TimingId> id = m_model.idAt(index.row()))
            editor->setVisible(m_model.draft()->isChanged(*id));
        return;
    }
    const int height = editor->sizeHint().height();
    editor->setGeometry(rect.left() + px(6), rect.center().y() - height / 2 + 1, rect.width() - px(12), height);
}

TimingTable::TimingTable(TimingTableModel &model, QWidget *parent)
    : QTableView(parent)
    , m_model(model)
{
    setObjectName(u"timingTable"_s);
    setModel(&model);
    setItemDelegate(new TimingDelegate(model, this));
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setMinimumSectionSize(12); // The arrow's column is as narrow as the arrow.
    setShowGrid(false);
    setFrameShape(NoFrame);
    setSelectionMode(NoSelection);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabKeyNavigation(false);
    setFocusPolicy(Qt::NoFocus); // The fields take the keyboard, one after the other.
    setAccessibleName(tr("Timing parameters"));
    connect(&model, &QAbstractItemModel::modelReset, this, &TimingTable::prepareRows);
    connect(&model, &QAbstractItemModel::dataChanged, this, &TimingTable::reviewRows);
    connect(&Theme::instance(), &Theme::changed, this, &TimingTable::adoptTheme);
    adoptTheme();
    prepareRows();
}

DurationSpin *TimingTable::field(TimingId id) const
{
    return qobject_cast<DurationSpin *>(indexWidget(m_model.index(m_model.rowOf(id), int(TimingColumn::New))));
}

QWidget *TimingTable::undoButton(TimingId id) const
{
    return indexWidget(m_model.index(m_model.rowOf(id), int(TimingColumn::Undo)));
}

void TimingTable::prepareRows()
{
    const int row = usualHeight();
    const int heading = qMax(px(24), QFontMetrics(Theme::instance().bodyFont()).height() + px(6));
    verticalHeader()->setMinimumSectionSize(heading);
    clearSpans();
    for (int i = 0; i < m_model.rowCount(); ++i) {
        const bool isHeading = !m_model.idAt(i);
        setRowHeight(i, isHeading ? heading : row);
        if (isHeading) {
            setSpan(i, 0, 1, timingColumnCount);
            continue;
        }
        if (!m_model.draft()->canSet(*m_model.idAt(i)))
            continue;
        for (const TimingColumn column : {TimingColumn::New, TimingColumn::Undo})
            openPersistentEditor(m_model.index(i, int(column)));
    }
    reviewRows();
    fitColumns();
    updateGeometry();
}

void TimingTable::adoptTheme()
{
    for (int i = 0; i < m_model.rowCount(); ++i) {
        if (const std::optional<TimingId> id = m_model.idAt(i)) {
            if (auto *undo = qobject_cast<QToolButton *>(undoButton(*id)))
                undo->setIcon(glyphIcon(Glyph::Undo, theme().accent));
        }
    }
    if (m_model.rowCount() > 0)
        prepareRows();
    viewport()->update();
}

void TimingTable::setOnlyChanged(bool only)
{
    m_onlyChanged = only;
    reviewRows();
}

void TimingTable::reviewRows()
{
    if (!m_model.draft())
        return;
    bool moved = false;
    for (int i = 0; i < m_model.rowCount(); ++i) {
        const std::optional<TimingId> id = m_model.idAt(i);
        const bool foreign = !m_model.hasRow(i);
        if (!id) {
            setRowHidden(i, foreign);
            continue;
        }
        // A row somebody types in stays, though it may be back at its old value for a keystroke.
        const QWidget *editor = field(*id);
        const bool unchanged = m_onlyChanged && !m_model.draft()->isChanged(*id) && !(editor && editor->hasFocus());
        const bool hide = foreign || unchanged;
        if (isRowHidden(i) != hide) {
            setRowHidden(i, hide);
            moved = true;
        }
        if (QWidget *undo = undoButton(*id))
            undo->setVisible(!hide && m_model.draft()->isChanged(*id));
    }
    fitRows();
    if (moved) {
        updateEditorGeometries();
        updateGeometry();
    }
}

int TimingTable::nameWidth() const
{
    const Theme &t = Theme::instance();
    const QFontMetrics label(t.bodyFont());
    const QFontMetrics key(t.idFont());
    int width = 0;
    for (int row = 0; row < m_model.rowCount() && m_model.draft(); ++row) {
        const QModelIndex index = m_model.index(row, int(TimingColumn::Name));
        if (index.data(TimingTableModel::HeadingRole).toBool())
            continue;
        width = qMax(width, label.horizontalAdvance(index.data().toString()));
        // The key is only a help: a very long one gives way.
        width = qMax(width, qMin(key.horizontalAdvance(index.data(TimingTableModel::NoteRole).toString()), px(160)));
    }
    return width + px(8) + px(4) + 4;
}

void TimingTable::fitColumns()
{
    const int width = viewport()->width();
    // Names come before measured values and before margins in the other columns: they must not be cut.
    const int name = nameWidth();
    const bool narrow = width - px(62 + 100 + 28) - name < px(104);
    const bool system = m_model.draft() && m_model.draft()->isSystem();
    const int live = px(!narrow ? 62 : system ? 58 : 48);
    const int fieldWidth = px(narrow ? 90 : 100);
    const int undo = px(narrow ? 24 : 28);
    const int rest = qMax(px(160), width - live - fieldWidth - undo);
    // Where values of a system are set takes more room than what is measured of two of them.
    const int measured = system ? qMin(px(narrow ? 92 : 104), rest * 42 / 100) : qMax(px(78), qMin(rest - name, rest * 42 / 100));
    setColumnWidth(int(TimingColumn::Live), live);
    setColumnWidth(int(TimingColumn::New), fieldWidth);
    setColumnWidth(int(TimingColumn::Undo), undo);
    setColumnWidth(int(TimingColumn::Measured), measured);
    setColumnWidth(int(TimingColumn::Name), rest - measured);
    fitRows();
    updateEditorGeometries();
}

int TimingTable::placeRoom() const
{
    return columnWidth(int(TimingColumn::Name)) + columnWidth(int(TimingColumn::Live)) - px(14);
}

int TimingTable::placeLines(int row) const
{
    const std::optional<TimingId> id = m_model.idAt(row);
    if (!id || !isOwnTiming(*id) || !m_model.draft()) // What programs read is one word.
        return 1;
    const QFontMetrics metrics(Theme::instance().smallFont());
    const QString text = m_model.index(row, int(TimingColumn::Name)).data(TimingTableModel::NoteRole).toString();
    const QRect wrapped = metrics.boundingRect(QRect(0, 0, placeRoom(), 10'000), Qt::TextWordWrap, text);
    return qMax(1, wrapped.height() / metrics.lineSpacing());
}

void TimingTable::fitRows()
{
    const int line = QFontMetrics(Theme::instance().smallFont()).lineSpacing();
    bool changed = false;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        const int height = usualHeight() + (placeLines(row) - 1) * line;
        if (m_model.idAt(row) && !isRowHidden(row) && rowHeight(row) != height) {
            setRowHeight(row, height);
            changed = true;
        }
    }
    if (changed)
        updateGeometry();
}

void TimingTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitColumns();
}

void TimingTable::keyPressEvent(QKeyEvent *event)
{
    event->ignore(); // The view itself has nothing to steer.
}

/// It has the keyboard when its page was opened, but no place in the chain of Tab: from it Tab leads to the first of its fields.
/// Those ask it too when they hand the keyboard on.
bool TimingTable::focusNextPrevChild(bool next)
{
    for (int i = 0; next && hasFocus() && i < m_model.rowCount(); ++i) {
        QWidget *first = indexWidget(m_model.index(i, int(TimingColumn::New)));
        if (first && first->isVisible() && first->isEnabled()) {
            first->setFocus(Qt::TabFocusReason);
            return true;
        }
    }
    return QTableView::focusNextPrevChild(next);
}

int TimingTable::contentHeight() const
{
    return horizontalHeader()->height() + verticalHeader()->length();
}

QSize TimingTable::sizeHint() const
{
    return {px(448), contentHeight()};
}

} // namespace pulsedeck
