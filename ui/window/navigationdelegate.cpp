// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/navigationdelegate.h"

#include "models/core/format.h"
#include "models/fleet/sourcelistmodel.h"
#include "ui/common/environmentmark.h"
#include "ui/common/fleetwords.h"
#include "ui/common/sourcewords.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"
#include "ui/window/navigationmodel.h"

#include <QAbstractItemView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// Lengths in the design's pixels.
constexpr int leftEdge = 15;
constexpr int rightEdge = 13;
constexpr int gap = 8;
constexpr int pageMark = 27;
constexpr int checkSide = 14;
constexpr int sourceMark = checkSide + 8 + 16;

/// What a row shows, whichever list it is in.
struct Row
{
    QString text;
    QString count;
    QString paused; ///< Which of its systems is paused as a whole.
    Glyph glyph = Glyph::Alive;
    bool checked = false;
    SourceEnvironment environment = SourceEnvironment::None;
};

Row rowOf(const QModelIndex &index, NavigationDelegate::Kind kind)
{
    Row row;
    row.text = index.data(Qt::DisplayRole).toString();
    if (kind == NavigationDelegate::Kind::Source) {
        SourceStatus status;
        status.state = SourceState(index.data(SourceListModel::StateRole).toInt());
        status.trouble = SourceTrouble(index.data(SourceListModel::TroubleRole).toInt());
        row.glyph = sourceGlyph(status);
        const int count = index.data(SourceListModel::CountRole).toInt();
        row.count = count < 0 ? u"–"_s : groupedNumber(count);
        row.environment = SourceEnvironment(index.data(SourceListModel::EnvironmentRole).toInt());
        row.paused = index.data(SourceListModel::PausedRole).toString();
        row.checked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    } else {
        row.glyph = Glyph(index.data(NavGlyphRole).toInt());
        row.count = index.data(NavCountRole).toString();
    }
    return row;
}

void paintBackground(QPainter *painter, const QStyleOptionViewItem &option, bool strong)
{
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    const QRectF box = QRectF(option.rect).adjusted(px(4), 0, -px(4), 0);
    if (selected && strong) {
        stylepaint::box(painter, box, theme().sel, {});
        painter->fillRect(QRectF(box.x(), box.y() + 1, 2, box.height() - 2), theme().selLine);
    } else if (selected || option.state.testFlag(QStyle::State_MouseOver)) {
        stylepaint::box(painter, box, theme().dark ? theme().raised : theme().grid, {});
    }
    const bool focus = option.state.testFlag(QStyle::State_HasFocus) && option.state.testFlag(QStyle::State_KeyboardFocusChange);
    if (focus)
        stylepaint::focusFrame(painter, box);
}

} // namespace

NavigationDelegate::NavigationDelegate(Kind kind, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_kind(kind)
{ }

QSize NavigationDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int height = option.fontMetrics.height() + px(m_kind == Kind::Page ? 11 : 7);
    return {px(30), qMax(24, height)}; // The view stretches rows to its own width.
}

int NavigationDelegate::wholeWidth(const QModelIndex &index) const
{
    const Theme &t = Theme::instance();
    const int mark = m_kind == Kind::Page ? px(pageMark) : m_kind == Kind::Source ? px(sourceMark) : 0;
    const QString count = m_kind == Kind::Page ? u"88,888"_s : u"8,888"_s;
    const bool marked = m_kind == Kind::Source && index.data(SourceListModel::EnvironmentRole).toInt() != 0;
    return px(leftEdge) + mark + (marked ? px(environmentMarkRoom) : 0)
           + QFontMetrics(t.bodyFont()).horizontalAdvance(index.data().toString()) + px(gap)
           + QFontMetrics(t.smallFont()).horizontalAdvance(count) + px(rightEdge) + 1;
}

QRect NavigationDelegate::checkArea(const QRect &row) const
{
    if (m_kind != Kind::Source || m_compact)
        return {};
    return {row.x(), row.y(), px(34), row.height()};
}

void NavigationDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    const Row row = rowOf(index, m_kind);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    paintBackground(painter, option, m_kind == Kind::Page || m_kind == Kind::View);

    const QRect r = option.rect;
    const qreal middle = r.center().y() + 0.5;
    if (m_compact) {
        const qreal size = m_kind == Kind::Page ? px(16) : px(12);
        const QColor colour = m_kind != Kind::Page ? QColor() : selected ? theme().accent : theme().dim;
        if (m_kind == Kind::Source && !row.checked)
            painter->setOpacity(0.45);
        paintGlyph(*painter, QPointF(r.center().x() + 0.5, middle), size, row.glyph, colour);
        paintEnvironmentMark(*painter, QRectF(r.x() + px(3), r.y() + px(5), px(3), r.height() - px(10)), row.environment);
        painter->restore();
        return;
    }

    int x = r.x() + px(leftEdge);
    if (m_kind == Kind::Page) {
        paintGlyph(*painter, QPointF(x + px(8), middle), px(16), row.glyph, selected ? theme().accent : theme().dim);
        x += px(pageMark);
    } else if (m_kind == Kind::Source) {
        QStyleOption box;
        const int side = px(checkSide);
        box.rect = QRect(x, int(middle) - side / 2, side, side);
        box.state = QStyle::State_Enabled | (row.checked ? QStyle::State_On : QStyle::State_Off);
        stylepaint::checkBox(painter, box);
        x += side + px(8);
        paintGlyph(*painter, QPointF(x + px(5), middle), px(11), row.glyph);
        x += px(16);
        if (row.environment != SourceEnvironment::None) {
            paintEnvironmentMark(*painter, QRectF(x, r.y() + px(5), px(3), r.height() - px(10)), row.environment);
            x += px(environmentMarkRoom);
        }
    }

    // A page's title is always whole, and the count has what is left; elsewhere a long name gives way to the count.
    int right = r.right() - px(rightEdge);
    const QFontMetrics small(Theme::instance().smallFont());
    const int titleWidth = option.fontMetrics.horizontalAdvance(row.text);
    const int countRoom = m_kind == Kind::Page ? qMax(0, right - x - titleWidth - px(gap)) : right - x;
    const QString count = small.elidedText(row.count, Qt::ElideRight, countRoom);
    if (!count.isEmpty()) {
        const int width = small.horizontalAdvance(count);
        painter->setFont(Theme::instance().smallFont());
        painter->setPen(theme().dim);
        painter->drawText(QRect(right - width, r.y(), width + 1, r.height()), Qt::AlignVCenter | Qt::AlignRight, count);
        right -= width + px(gap);
    }
    if (!row.paused.isEmpty()) {
        // In words where the name leaves room for them, else by its mark; the tool tip says it in full.
        const int width = small.horizontalAdvance(row.paused);
        if (right - width - px(gap) - titleWidth >= x) {
            painter->setFont(Theme::instance().smallFont());
            painter->setPen(theme().late);
            painter->drawText(QRect(right - width, r.y(), width + 1, r.height()), Qt::AlignVCenter | Qt::AlignRight, row.paused);
            right -= width + px(gap);
        } else {
            paintGlyph(*painter, QPointF(right - px(5), middle), px(11), Glyph::PausedWorker);
            right -= px(11 + gap);
        }
    }
    painter->setFont(option.font);
    const bool faded = m_kind == Kind::Source && !row.checked;
    painter->setPen(faded                               ? theme().faint
                    : m_kind == Kind::Page && !selected ? blended(theme().dim, theme().text, 0.45)
                                                        : theme().text);
    const QRect textRect(x, r.y(), qMax(0, right - x + 1), r.height());
    painter->drawText(textRect, Qt::AlignVCenter | Qt::AlignLeft,
                      option.fontMetrics.elidedText(row.text, Qt::ElideMiddle, textRect.width()));
    painter->restore();
}

bool NavigationDelegate::editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                                     const QModelIndex &index)
{
    if (m_kind != Kind::Source || !index.flags().testFlag(Qt::ItemIsUserCheckable))
        return false;
    bool toggle = false;
    if (event->type() == QEvent::MouseButtonRelease) {
        const auto *mouse = static_cast<QMouseEvent *>(event);
        toggle = mouse->button() == Qt::LeftButton && checkArea(option.rect).contains(mouse->position().toPoint());
    } else if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        toggle = key == Qt::Key_Space || key == Qt::Key_Select;
    }
    if (!toggle)
        return false;
    const bool checked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    return model->setData(index, checked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
}

} // namespace pulsedeck
