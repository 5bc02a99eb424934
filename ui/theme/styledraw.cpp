// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style.h"

#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPainter>
#include <QPixmap>
#include <QStyleOption>
#include <QTabBar>
#include <QToolButton>

// What Style paints, element by element; the shapes themselves are in stylepaint.

namespace pulsedeck {

namespace {

template <typename Option> const Option *as(const QStyleOption *option)
{
    return qstyleoption_cast<const Option *>(option);
}

bool has(const QStyleOption *option, QStyle::StateFlag flag)
{
    return option->state.testFlag(flag);
}

QColor markColour(const QStyleOption *option)
{
    return has(option, QStyle::State_Enabled) ? theme().dim : theme().line;
}

/// The title bar's marks of docks, in the colours of the theme rather than Fusion's fixed ones.
QPixmap titleMark(bool close, qreal size)
{
    const qreal ratio = 3; // Sharp up to 300 %; Qt scales it down where less is needed.
    QPixmap pixmap(int(size * ratio), int(size * ratio));
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme().dim, 1.3, Qt::SolidLine, Qt::RoundCap));
    const QRectF r = QRectF(0, 0, size, size).adjusted(size * 0.25, size * 0.25, -size * 0.25, -size * 0.25);
    if (close) {
        painter.drawLine(r.topLeft(), r.bottomRight());
        painter.drawLine(r.topRight(), r.bottomLeft());
    } else {
        painter.drawRoundedRect(r.adjusted(0, size * 0.12, -size * 0.12, 0), 1, 1);
        painter.drawPolyline(
            QPolygonF{{r.left() + size * 0.12, r.top()}, r.topRight(), {r.right(), r.bottom() - size * 0.12}});
    }
    return pixmap;
}

} // namespace

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                          const QWidget *widget) const
{
    const ThemeTokens &t = theme();
    switch (element) {
    case PE_PanelButtonCommand:
    case PE_PanelButtonTool:
        stylepaint::buttonPanel(painter, *option, buttonRole(widget));
        return;
    case PE_FrameDefaultButton:
    case PE_FrameStatusBarItem:
    case PE_FrameMenu:
    case PE_PanelMenuBar:
    case PE_FrameDockWidget:
    case PE_FrameTabBarBase:
    case PE_PanelStatusBar:
        return;
    case PE_PanelLineEdit:
        if (const auto *frame = as<QStyleOptionFrame>(option); frame && frame->lineWidth > 0)
            stylepaint::inputPanel(painter, *option, isInvalid(widget));
        else if (widget
                 && qobject_cast<const QAbstractItemView *>(
                     widget->parentWidget() ? widget->parentWidget()->parentWidget() : nullptr))
            painter->fillRect(option->rect, t.field); // An editor over a cell has to hide what is under it.
        return;
    case PE_FrameLineEdit:
        return;
    case PE_Frame:
        if (const auto *frame = as<QStyleOptionFrame>(option); !frame || frame->lineWidth > 0) {
            painter->save();
            painter->setPen(t.line);
            painter->setBrush(Qt::NoBrush);
            painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
            painter->restore();
        }
        return;
    case PE_FrameGroupBox:
    case PE_FrameTabWidget:
    case PE_FrameWindow:
        stylepaint::box(painter, option->rect, {}, t.line);
        return;
    case PE_FrameFocusRect:
        if (qobject_cast<const QAbstractItemView *>(widget) && !has(option, State_KeyboardFocusChange))
            return;
        if (qobject_cast<const QToolButton *>(widget))
            stylepaint::focusFrame(painter, widget->rect());
        else
            stylepaint::focusFrame(painter, option->rect);
        return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        stylepaint::checkBox(painter, *option);
        return;
    case PE_IndicatorRadioButton:
        stylepaint::radioButton(painter, *option);
        return;
    case PE_IndicatorArrowDown:
        stylepaint::chevron(painter, option->rect, Qt::DownArrow, markColour(option));
        return;
    case PE_IndicatorArrowUp:
        stylepaint::chevron(painter, option->rect, Qt::UpArrow, markColour(option));
        return;
    case PE_IndicatorArrowLeft:
        stylepaint::chevron(painter, option->rect, Qt::LeftArrow, markColour(option));
        return;
    case PE_IndicatorArrowRight:
        stylepaint::chevron(painter, option->rect, Qt::RightArrow, markColour(option));
        return;
    case PE_IndicatorHeaderArrow:
        if (const auto *header = as<QStyleOptionHeader>(option);
            header && header->sortIndicator != QStyleOptionHeader::None) {
            // Fusion's sense: the angle points down for ascending order.
            const bool down = header->sortIndicator == QStyleOptionHeader::SortDown;
            stylepaint::chevron(painter, option->rect, down ? Qt::DownArrow : Qt::UpArrow, t.dim);
        }
        return;
    case PE_PanelMenu:
        painter->fillRect(option->rect, t.raised);
        painter->save();
        painter->setPen(t.dark ? blended(t.line, t.text, 0.15) : t.line);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        painter->restore();
        return;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, t.raised);
        painter->save();
        painter->setPen(t.dark ? blended(t.line, t.text, 0.25) : blended(t.line, t.text, 0.35));
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        painter->restore();
        return;
    case PE_PanelItemViewRow:
        if (const auto *item = as<QStyleOptionViewItem>(option);
            item && item->features.testFlag(QStyleOptionViewItem::Alternate))
            painter->fillRect(option->rect, t.alt);
        return;
    case PE_PanelItemViewItem:
        if (const auto *item = as<QStyleOptionViewItem>(option)) {
            if (item->backgroundBrush.style() != Qt::NoBrush)
                painter->fillRect(option->rect, item->backgroundBrush);
            if (has(option, State_Selected))
                painter->fillRect(option->rect, t.sel);
            else if (has(option, State_MouseOver) && has(option, State_Enabled))
                painter->fillRect(option->rect, t.hover);
            const bool first = item->viewItemPosition == QStyleOptionViewItem::Beginning
                               || item->viewItemPosition == QStyleOptionViewItem::OnlyOne
                               || item->viewItemPosition == QStyleOptionViewItem::Invalid;
            if (has(option, State_Selected) && first)
                painter->fillRect(option->rect.x(), option->rect.y(), 2, option->rect.height(), t.selLine);
        }
        return;
    case PE_IndicatorDockWidgetResizeHandle: {
        const bool upright = has(option, State_Horizontal);
        const QRect r = option->rect;
        painter->fillRect(r, t.win);
        if (upright) // A line above and below belongs to a horizontal handle.
            painter->fillRect(r.x(), r.center().y(), r.width(), 1, t.line);
        else
            painter->fillRect(r.center().x(), r.y(), 1, r.height(), t.line);
        return;
    }
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void Style::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                        const QWidget *widget) const
{
    const ThemeTokens &t = theme();
    switch (element) {
    case CE_PushButton:
        drawControl(CE_PushButtonBevel, option, painter, widget);
        drawControl(CE_PushButtonLabel, option, painter, widget);
        return;
    case CE_PushButtonBevel:
        stylepaint::buttonPanel(painter, *option, buttonRole(widget));
        return;
    case CE_PushButtonLabel:
        if (const auto *button = as<QStyleOptionButton>(option))
            stylepaint::buttonLabel(painter, *button, buttonRole(widget));
        return;
    case CE_ToolButtonLabel:
        if (const auto *button = as<QStyleOptionToolButton>(option)) {
            QStyleOptionToolButton copy(*button);
            copy.palette.setColor(QPalette::ButtonText, stylepaint::buttonText(*option, buttonRole(widget)));
            QProxyStyle::drawControl(element, &copy, painter, widget);
        }
        return;
    case CE_MenuBarItem:
        if (const auto *item = as<QStyleOptionMenuItem>(option))
            stylepaint::menuBarItem(painter, *item);
        return;
    case CE_MenuBarEmptyArea:
        painter->fillRect(option->rect, t.win);
        return;
    case CE_MenuItem:
        if (const auto *item = as<QStyleOptionMenuItem>(option))
            stylepaint::menuItem(painter, *item);
        return;
    case CE_MenuEmptyArea:
        return;
    case CE_HeaderSection:
        if (const auto *header = as<QStyleOptionHeader>(option))
            stylepaint::headerSection(painter, *header);
        return;
    case CE_HeaderEmptyArea:
        painter->fillRect(option->rect, t.win);
        painter->fillRect(option->rect.x(), option->rect.bottom(), option->rect.width(), 1, t.line);
        return;
    case CE_HeaderLabel:
        if (const auto *header = as<QStyleOptionHeader>(option)) {
            QStyleOptionHeader copy(*header);
            copy.palette.setColor(QPalette::ButtonText,
                                  header->sortIndicator == QStyleOptionHeader::None ? t.dim : t.text);
            // The margin is for the sides: above and below it would cut the feet off the letters.
            const int margin = pixelMetric(PM_HeaderMargin, option, widget);
            copy.rect.adjust(0, -margin, 0, margin - 1);
            copy.state.setFlag(State_On, false); // Fusion makes the heading of a selected column bold.
            QProxyStyle::drawControl(element, &copy, painter, widget);
        }
        return;
    case CE_TabBarTabShape:
        if (const auto *tab = as<QStyleOptionTab>(option))
            stylepaint::tab(painter, *tab);
        return;
    case CE_Splitter: {
        const bool upright = has(option, State_Horizontal);
        const QRect r = option->rect;
        if (upright)
            painter->fillRect(r.center().x(), r.y(), 1, r.height(), t.line);
        else
            painter->fillRect(r.x(), r.center().y(), r.width(), 1, t.line);
        return;
    }
    case CE_DockWidgetTitle:
        if (const auto *dock = as<QStyleOptionDockWidget>(option)) {
            painter->fillRect(option->rect, t.win);
            painter->fillRect(option->rect.x(), option->rect.bottom(), option->rect.width(), 1, t.line);
            painter->save();
            painter->setPen(t.dim);
            const QRect text = subElementRect(SE_DockWidgetTitleBarText, option, widget);
            painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft,
                              painter->fontMetrics().elidedText(dock->title, Qt::ElideRight, text.width()));
            painter->restore();
        }
        return;
    case CE_ProgressBarGroove:
        stylepaint::box(painter, option->rect, t.grid, {});
        return;
    case CE_ShapedFrame:
        if (const auto *frame = as<QStyleOptionFrame>(option);
            frame && (frame->frameShape == QFrame::HLine || frame->frameShape == QFrame::VLine)) {
            const QRect r = option->rect;
            if (frame->frameShape == QFrame::HLine)
                painter->fillRect(r.x(), r.center().y(), r.width(), 1, t.line);
            else
                painter->fillRect(r.center().x(), r.y(), 1, r.height(), t.line);
            return;
        }
        break;
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

QIcon Style::standardIcon(StandardPixmap icon, const QStyleOption *option, const QWidget *widget) const
{
    if (icon == SP_TitleBarCloseButton || icon == SP_DockWidgetCloseButton || icon == SP_TabCloseButton)
        return QIcon(titleMark(true, Theme::instance().scaled(16)));
    if (icon == SP_TitleBarNormalButton)
        return QIcon(titleMark(false, Theme::instance().scaled(16)));
    return QProxyStyle::standardIcon(icon, option, widget);
}

} // namespace pulsedeck
