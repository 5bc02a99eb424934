// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style.h"

#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QComboBox>
#include <QPainter>
#include <QScrollBar>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>
#include <QToolButton>

namespace pulsedeck {

namespace {

const char *const roleProperty = "pulsedeckButtonRole";
const char *const invalidProperty = "pulsedeckInvalid";

int scaled(int designPixels)
{
    return Theme::instance().scaled(designPixels);
}

/// The height of buttons and inputs whose text is set in \a metrics: 26 px at 9 pt of Noto Sans.
int controlHeight(const QFontMetrics &metrics)
{
    return qMax(24, metrics.height() + scaled(9));
}

template <typename Option> const Option *as(const QStyleOption *option)
{
    return qstyleoption_cast<const Option *>(option);
}

} // namespace

void setButtonRole(QWidget *button, ButtonRole role)
{
    button->setProperty(roleProperty, int(role));
    button->update();
}

ButtonRole buttonRole(const QWidget *button)
{
    if (!button)
        return ButtonRole::Normal;
    const QVariant value = button->property(roleProperty);
    if (value.isValid())
        return ButtonRole(value.toInt());
    const auto *tool = qobject_cast<const QToolButton *>(button);
    return tool && tool->autoRaise() ? ButtonRole::Quiet : ButtonRole::Normal;
}

void setInvalid(QWidget *field, bool invalid)
{
    if (isInvalid(field) == invalid)
        return;
    field->setProperty(invalidProperty, invalid);
    field->update();
}

bool isInvalid(const QWidget *field)
{
    return field && field->property(invalidProperty).toBool();
}

QColor blended(const QColor &a, const QColor &b, qreal share)
{
    const auto mix = [share](int from, int to) { return int(from + (to - from) * share + 0.5); };
    return QColor(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
}

Style::Style()
    : QProxyStyle(QStyleFactory::create(QStringLiteral("fusion")))
{ }

void Style::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton *>(widget) || qobject_cast<QScrollBar *>(widget)
        || qobject_cast<QComboBox *>(widget) || qobject_cast<QTabBar *>(widget))
        widget->setAttribute(Qt::WA_Hover);
}

void Style::unpolish(QWidget *widget)
{
    QProxyStyle::unpolish(widget);
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return scaled(14);
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
        return scaled(8);
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    case PM_ButtonIconSize:
    case PM_SmallIconSize:
        return scaled(16);
    case PM_DefaultFrameWidth:
        return 1;
    case PM_ScrollBarExtent:
        return scaled(12);
    case PM_ScrollBarSliderMin:
        return scaled(28);
    case PM_ScrollView_ScrollBarSpacing:
        return 0;
    case PM_MenuPanelWidth:
        return 1;
    case PM_MenuHMargin:
        return 0;
    case PM_MenuVMargin:
        return scaled(4);
    case PM_MenuBarPanelWidth:
        return 0;
    case PM_MenuBarHMargin:
        return scaled(4);
    case PM_MenuBarVMargin:
        return 0;
    case PM_MenuBarItemSpacing:
        return 0;
    case PM_ToolTipLabelFrameWidth:
        return scaled(6);
    case PM_SplitterWidth:
    case PM_DockWidgetSeparatorExtent:
        return 5;
    case PM_DockWidgetFrameWidth:
        return 0;
    case PM_DockWidgetTitleMargin:
        return scaled(8);
    case PM_DockWidgetTitleBarButtonMargin:
        return scaled(4);
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_TabBarTabOverlap:
    case PM_TabBarBaseOverlap:
        return 0;
    case PM_TabBarTabHSpace:
        return scaled(24);
    case PM_TabBarTabVSpace:
        return scaled(11);
    case PM_HeaderMargin:
        return scaled(8); // As the cells below have it.
    case PM_HeaderMarkSize:
        return scaled(8);
    case PM_HeaderGripMargin:
        return 4;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return scaled(8);
    case PM_LayoutLeftMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutBottomMargin:
        return scaled(12);
    case PM_FocusFrameHMargin:
        return scaled(3);
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                     QStyleHintReturn *returnData) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_ComboBox_Popup:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_Menu_SloppySubMenus:
    case SH_ItemView_ShowDecorationSelected:
    case SH_ScrollView_FrameOnlyAroundContents:
        return hint == SH_ItemView_ShowDecorationSelected || hint == SH_Menu_SloppySubMenus;
    case SH_FormLayoutFormAlignment:
        return int(Qt::AlignLeft | Qt::AlignTop);
    case SH_FormLayoutLabelAlignment:
        return int(Qt::AlignRight | Qt::AlignVCenter);
    case SH_UnderlineShortcut: // Menus show their letters; elsewhere they only work.
        return 0;
    case SH_LineEdit_PasswordCharacter:
        return 0x2022;
    case SH_ToolTipLabel_Opacity:
        return 255;
    case SH_Table_GridLineColor:
        return int(theme().grid.rgba());
    case SH_TitleBar_AutoRaise:
        return 1;
    case SH_MessageBox_TextInteractionFlags:
        return int(Qt::TextSelectableByMouse);
    case SH_Widget_Animation_Duration:
        return Theme::instance().reducedMotion() ? 0 : QProxyStyle::styleHint(hint, option, widget, returnData);
    default:
        return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                              const QWidget *widget) const
{
    switch (type) {
    case CT_PushButton:
        if (const auto *button = as<QStyleOptionButton>(option)) {
            int width = size.width() + scaled(24);
            if (!button->icon.isNull() && !button->text.isEmpty())
                width += scaled(3);
            // The menu's angle is already in size: PM_MenuButtonIndicator.
            const int height = qMax(controlHeight(button->fontMetrics), button->iconSize.height() + scaled(6));
            return {qMax(width, height), height};
        }
        break;
    case CT_ToolButton:
        if (const auto *button = as<QStyleOptionToolButton>(option)) {
            const bool iconOnly = button->text.isEmpty() || button->toolButtonStyle == Qt::ToolButtonIconOnly;
            const bool menu = button->features.testFlag(QStyleOptionToolButton::HasMenu)
                              && !button->features.testFlag(QStyleOptionToolButton::MenuButtonPopup);
            const int height = controlHeight(button->fontMetrics);
            const int width = size.width() + scaled(iconOnly ? 8 : 14) + (menu ? scaled(14) : 0);
            return {qMax(height, width), qMax(height, size.height())};
        }
        break;
    case CT_LineEdit:
        return {size.width() + scaled(8), option ? controlHeight(option->fontMetrics) : size.height()};
    case CT_ComboBox:
        return {size.width() + scaled(16 + 24), option ? controlHeight(option->fontMetrics) : size.height()};
    case CT_SpinBox:
        return {size.width() + scaled(16 + 12), option ? controlHeight(option->fontMetrics) : size.height()};
    case CT_CheckBox:
    case CT_RadioButton: {
        QSize s = QProxyStyle::sizeFromContents(type, option, size, widget);
        s.setHeight(qMax(s.height(), 24));
        return s;
    }
    case CT_MenuBarItem:
        return {size.width() + scaled(16), size.height() + scaled(10)};
    case CT_MenuItem:
        if (const auto *item = as<QStyleOptionMenuItem>(option)) {
            if (item->menuItemType == QStyleOptionMenuItem::Separator)
                return {size.width() + scaled(60), item->text.isEmpty() ? scaled(9) : size.height() + scaled(6)};
            const int tab = item->text.contains(QLatin1Char('\t')) ? scaled(28) : 0;
            return {size.width() + scaled(30 + 26) + tab, qMax(24, item->fontMetrics.height() + scaled(8))};
        }
        break;
    case CT_ItemViewItem: {
        QSize s = QProxyStyle::sizeFromContents(type, option, size, widget);
        if (option)
            s.setHeight(qMax(s.height(), option->fontMetrics.height() + scaled(7)));
        return s;
    }
    case CT_HeaderSection: {
        QSize s = QProxyStyle::sizeFromContents(type, option, size, widget);
        if (option)
            s.setHeight(option->fontMetrics.height() + scaled(7));
        return s;
    }
    default:
        break;
    }
    return QProxyStyle::sizeFromContents(type, option, size, widget);
}

QRect Style::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    switch (element) {
    case SE_LineEditContents:
        if (const auto *frame = as<QStyleOptionFrame>(option)) {
            const int inset = frame->lineWidth > 0 ? scaled(6) : 0;
            return option->rect.adjusted(inset, 0, -inset, 0);
        }
        break;
    case SE_PushButtonFocusRect:
        return option->rect;
    case SE_CheckBoxFocusRect:
    case SE_RadioButtonFocusRect:
        return QProxyStyle::subElementRect(element, option, widget).adjusted(-2, -1, 2, 1).intersected(option->rect);
    default:
        break;
    }
    return QProxyStyle::subElementRect(element, option, widget);
}

} // namespace pulsedeck
