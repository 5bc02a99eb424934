// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOption>
#include <QTabBar>

// Menus, headers and tabs: the parts that come in rows.

namespace pulsedeck::stylepaint {

namespace {

constexpr int textFlags = Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextShowMnemonic;

void separator(QPainter *painter, const QStyleOptionMenuItem &option)
{
    const Theme &t = Theme::instance();
    const QRect rect = option.rect.adjusted(px(8), 0, -px(8), 0);
    int from = rect.left();
    if (!option.text.isEmpty()) {
        painter->setFont(t.smallFont());
        painter->setPen(theme().faint);
        painter->drawText(rect, Qt::AlignVCenter | Qt::AlignLeft, option.text);
        from += painter->fontMetrics().horizontalAdvance(option.text) + px(8);
    }
    painter->setPen(theme().line);
    painter->drawLine(from, rect.center().y(), rect.right(), rect.center().y());
}

} // namespace

void menuBarItem(QPainter *painter, const QStyleOptionMenuItem &option)
{
    const bool active = has(option, QStyle::State_Selected) || has(option, QStyle::State_Sunken);
    painter->fillRect(option.rect, theme().win);
    if (active && has(option, QStyle::State_Enabled))
        box(painter, QRectF(option.rect).adjusted(1, 2, -1, -2), theme().dark ? theme().raised : theme().line, {});
    painter->save();
    painter->setPen(has(option, QStyle::State_Enabled) ? theme().text : offText());
    painter->drawText(option.rect, textFlags | Qt::AlignHCenter, option.text);
    painter->restore();
}

void menuItem(QPainter *painter, const QStyleOptionMenuItem &option)
{
    painter->save();
    if (option.menuItemType == QStyleOptionMenuItem::Separator) {
        separator(painter, option);
        painter->restore();
        return;
    }
    const bool enabled = has(option, QStyle::State_Enabled);
    if (enabled && has(option, QStyle::State_Selected))
        box(painter, QRectF(option.rect).adjusted(px(4), 0, -px(4), 0), theme().sel, {});
    const QColor colour = enabled ? theme().text : offText();

    const QRect mark(option.rect.x() + px(8), option.rect.y(), px(16), option.rect.height());
    if (option.checkType != QStyleOptionMenuItem::NotCheckable) {
        if (option.checked && option.checkType == QStyleOptionMenuItem::Exclusive) {
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(enabled ? theme().accent : offText());
            painter->drawEllipse(QRectF(mark).center(), px(3), px(3));
        } else if (option.checked) {
            tick(painter, QRectF(mark).adjusted(0, 2, 0, -2), enabled ? theme().accent : offText());
        }
    } else if (!option.icon.isNull()) {
        const int size = px(16);
        QRect place(0, 0, size, size);
        place.moveCenter(mark.center());
        option.icon.paint(painter, place, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    }

    QRect textRect = option.rect.adjusted(px(30), 0, -px(14), 0);
    const int tab = int(option.text.indexOf(QLatin1Char('\t')));
    painter->setFont(option.font);
    if (tab >= 0) {
        painter->setPen(enabled ? theme().faint : offText());
        painter->drawText(textRect, Qt::AlignVCenter | Qt::AlignRight | Qt::TextSingleLine, option.text.mid(tab + 1));
    }
    painter->setPen(colour);
    painter->drawText(textRect, textFlags | Qt::AlignLeft, tab >= 0 ? option.text.left(tab) : option.text);
    if (option.menuItemType == QStyleOptionMenuItem::SubMenu) {
        const QRectF arrow(option.rect.right() - px(20), option.rect.y(), px(14), option.rect.height());
        chevron(painter, arrow, option.direction == Qt::RightToLeft ? Qt::LeftArrow : Qt::RightArrow, theme().dim);
    }
    painter->restore();
}

void headerSection(QPainter *painter, const QStyleOptionHeader &option)
{
    painter->fillRect(option.rect, theme().win);
    if (has(option, QStyle::State_MouseOver) && has(option, QStyle::State_Enabled))
        painter->fillRect(option.rect, theme().dark ? theme().hover : theme().grid);
    painter->save();
    painter->setPen(theme().line);
    if (option.orientation == Qt::Horizontal)
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    else
        painter->drawLine(option.rect.topRight(), option.rect.bottomRight());
    painter->restore();
}

void tab(QPainter *painter, const QStyleOptionTab &option)
{
    const bool selected = has(option, QStyle::State_Selected);
    painter->fillRect(option.rect, theme().win);
    if (!selected && has(option, QStyle::State_MouseOver))
        painter->fillRect(option.rect, theme().hover);
    painter->save();
    painter->setPen(theme().line);
    const bool below = option.shape == QTabBar::RoundedSouth || option.shape == QTabBar::TriangularSouth;
    const int edge = below ? option.rect.top() : option.rect.bottom();
    painter->drawLine(option.rect.left(), edge, option.rect.right(), edge);
    if (selected) {
        const int y = below ? option.rect.top() : option.rect.bottom() - 1;
        painter->fillRect(option.rect.left(), y, option.rect.width(), 2, theme().selLine);
    }
    painter->restore();
}

} // namespace pulsedeck::stylepaint
