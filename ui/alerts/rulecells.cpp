// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/alerts/rulecells.h"

#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QStyleOptionViewItem>

namespace pulsedeck {

namespace {

constexpr int ruleBoxSide = 14;
constexpr int ruleMargin = 8;
constexpr int ruleBoxRoom = 34; ///< With the room around it, where a click counts.

bool isSwitch(const QModelIndex &index)
{
    return index.flags().testFlag(Qt::ItemIsUserCheckable);
}

} // namespace

RuleDelegate::RuleDelegate(QObject *parent)
    : RowDelegate(parent, ruleMargin)
{ }

int RuleDelegate::roomFor(const QString &text, const QFont &font)
{
    return QFontMetrics(font).horizontalAdvance(text) + 2 * px(ruleMargin) + 2;
}

int RuleDelegate::switchRoom()
{
    return px(ruleBoxRoom) - px(ruleMargin);
}

RowDelegate::Cell RuleDelegate::cellOf(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    Cell cell = RowDelegate::cellOf(option, index);
    if (!isSwitch(index))
        return cell;
    cell.rect.setLeft(option.rect.left() + px(ruleBoxRoom));
    if (index.data(Qt::CheckStateRole).toInt() != Qt::Checked)
        cell.colour = theme().dim;
    return cell;
}

void RuleDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    RowDelegate::paint(painter, option, index);
    if (!isSwitch(index))
        return;
    const int side = px(ruleBoxSide);
    QStyleOption box;
    box.rect = QRect(option.rect.left() + px(10), option.rect.center().y() - side / 2, side, side);
    box.state =
        QStyle::State_Enabled | (index.data(Qt::CheckStateRole).toInt() == Qt::Checked ? QStyle::State_On : QStyle::State_Off);
    stylepaint::checkBox(painter, box);
}

bool RuleDelegate::editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                               const QModelIndex &index)
{
    if (event->type() != QEvent::MouseButtonRelease || !isSwitch(index))
        return false;
    const auto *mouse = static_cast<QMouseEvent *>(event);
    const QRect area(option.rect.left(), option.rect.top(), px(ruleBoxRoom), option.rect.height());
    if (mouse->button() != Qt::LeftButton || !area.contains(mouse->position().toPoint()))
        return false;
    const bool checked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    return model->setData(index, checked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
}

} // namespace pulsedeck
