// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPainter>
#include <QPixmap>
#include <QScrollBar>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>
#include <QToolButton>

// What Style paints, element by element; the shapes themselves are in stylepaint.
// The controls made of parts: combo boxes, spin boxes, tool buttons, scroll bars.

namespace pulsedeck {

namespace {

const char *const roleProperty = "pulsedeckButtonRole";
const char *const invalidProperty = "pulsedeckInvalid";

/// The height of buttons and inputs whose text is set in \a metrics: 26 px at 9 pt of Noto Sans.
int controlHeight(const QFontMetrics &metrics)
{
    return qMax(24, metrics.height() + px(9));
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
    const auto mix = [share](int from, int to) { return qRound(from + (to - from) * share); };
    return QColor(mix(a.red(), b.red()), mix(a.green(), b.green()), mix(a.blue(), b.blue()));
}

Style::Style()
    : QProxyStyle(QStyleFactory::create(QStringLiteral("fusion")))
{ }

void Style::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton *>(widget) || qobject_cast<QScrollBar *>(widget) || qobject_cast<QComboBox *>(widget)
        || qobject_cast<QTabBar *>(widget))
        widget->setAttribute(Qt::WA_Hover);
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
        return px(14);
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_ScrollView_ScrollBarSpacing:
    case PM_MenuHMargin:
    case PM_MenuBarPanelWidth:
    case PM_MenuBarVMargin:
    case PM_MenuBarItemSpacing:
    case PM_DockWidgetFrameWidth:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_TabBarTabOverlap:
    case PM_TabBarBaseOverlap:
        return 0;
    case PM_DefaultFrameWidth:
    case PM_MenuPanelWidth:
        return 1;
    case PM_HeaderGripMargin:
        return 4;
    case PM_SplitterWidth:
    case PM_DockWidgetSeparatorExtent:
        return 5;
    case PM_FocusFrameHMargin:
        return px(3);
    case PM_MenuVMargin:
    case PM_MenuBarHMargin:
    case PM_DockWidgetTitleBarButtonMargin:
        return px(4);
    case PM_ToolTipLabelFrameWidth:
        return px(6);
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing:
    case PM_DockWidgetTitleMargin:
    case PM_HeaderMargin: // As the cells below have it.
    case PM_HeaderMarkSize:
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return px(8);
    case PM_TabBarTabVSpace:
        return px(11);
    case PM_ScrollBarExtent:
    case PM_LayoutLeftMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutBottomMargin:
        return px(12);
    case PM_ButtonIconSize:
    case PM_SmallIconSize:
        return px(16);
    case PM_TabBarTabHSpace:
        return px(24);
    case PM_ScrollBarSliderMin:
        return px(28);
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *returnData) const
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

QSize Style::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size, const QWidget *widget) const
{
    switch (type) {
    case CT_PushButton:
        if (const auto *button = as<QStyleOptionButton>(option)) {
            int width = size.width() + px(24);
            if (!button->icon.isNull() && !button->text.isEmpty())
                width += px(3);
            // The menu's angle is already in size: PM_MenuButtonIndicator.
            const int height = qMax(controlHeight(button->fontMetrics), button->iconSize.height() + px(6));
            return {qMax(width, height), height};
        }
        break;
    case CT_ToolButton:
        if (const auto *button = as<QStyleOptionToolButton>(option)) {
            const bool iconOnly = button->text.isEmpty() || button->toolButtonStyle == Qt::ToolButtonIconOnly;
            const bool menu = button->features.testFlag(QStyleOptionToolButton::HasMenu)
                              && !button->features.testFlag(QStyleOptionToolButton::MenuButtonPopup);
            const int height = controlHeight(button->fontMetrics);
            const int width = size.width() + px(iconOnly ? 8 : 14) + (menu ? px(14) : 0);
            return {qMax(height, width), qMax(height, size.height())};
        }
        break;
    case CT_LineEdit:
        return {size.width() + px(8), option ? controlHeight(option->fontMetrics) : size.height()};
    case CT_ComboBox:
        return {size.width() + px(16 + 24), option ? controlHeight(option->fontMetrics) : size.height()};
    case CT_SpinBox:
        return {size.width() + px(16 + 12), option ? controlHeight(option->fontMetrics) : size.height()};
    case CT_CheckBox:
    case CT_RadioButton: {
        QSize s = QProxyStyle::sizeFromContents(type, option, size, widget);
        s.setHeight(qMax(s.height(), 24));
        return s;
    }
    case CT_MenuBarItem:
        return {size.width() + px(16), size.height() + px(10)};
    case CT_MenuItem:
        if (const auto *item = as<QStyleOptionMenuItem>(option)) {
            if (item->menuItemType == QStyleOptionMenuItem::Separator)
                return {size.width() + px(60), item->text.isEmpty() ? px(9) : size.height() + px(6)};
            const int tab = item->text.contains(QLatin1Char('\t')) ? px(28) : 0;
            return {size.width() + px(30 + 26) + tab, qMax(24, item->fontMetrics.height() + px(8))};
        }
        break;
    case CT_ItemViewItem: {
        QSize s = QProxyStyle::sizeFromContents(type, option, size, widget);
        if (option)
            s.setHeight(qMax(s.height(), option->fontMetrics.height() + px(7)));
        return s;
    }
    case CT_HeaderSection: {
        QSize s = QProxyStyle::sizeFromContents(type, option, size, widget);
        if (option)
            s.setHeight(option->fontMetrics.height() + px(7));
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
            const int inset = frame->lineWidth > 0 ? px(6) : 0;
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

namespace {

bool has(const QStyleOption *option, QStyle::StateFlag flag)
{
    return option->state.testFlag(flag);
}

QColor markColour(const QStyleOption *option)
{
    return has(option, QStyle::State_Enabled) ? theme().dim : theme().line;
}

/// The frame of a panel.
void drawOutline(QPainter *painter, const QRect &rect, const QColor &colour)
{
    painter->save();
    painter->setPen(colour);
    painter->setBrush(Qt::NoBrush);
    painter->drawRect(rect.adjusted(0, 0, -1, -1));
    painter->restore();
}

/// A line through the middle.
void drawMiddleLine(QPainter *painter, const QRect &rect, bool upright)
{
    if (upright)
        painter->fillRect(rect.center().x(), rect.y(), 1, rect.height(), theme().line);
    else
        painter->fillRect(rect.x(), rect.center().y(), rect.width(), 1, theme().line);
}

/// The ground of headings, with a line at the bottom.
void drawHeadingGround(QPainter *painter, const QRect &rect)
{
    painter->fillRect(rect, theme().win);
    painter->fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme().line);
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
        painter.drawPolyline(QPolygonF{{r.left() + size * 0.12, r.top()}, r.topRight(), {r.right(), r.bottom() - size * 0.12}});
    }
    return pixmap;
}

} // namespace

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
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
                 && qobject_cast<const QAbstractItemView *>(widget->parentWidget() ? widget->parentWidget()->parentWidget()
                                                                                   : nullptr))
            painter->fillRect(option->rect, t.field); // An editor over a cell has to hide what is under it.
        return;
    case PE_FrameLineEdit:
        return;
    case PE_Frame:
        if (const auto *frame = as<QStyleOptionFrame>(option); !frame || frame->lineWidth > 0)
            drawOutline(painter, option->rect, t.line);
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
        if (const auto *header = as<QStyleOptionHeader>(option); header && header->sortIndicator != QStyleOptionHeader::None) {
            // Fusion's sense: the angle points down for ascending order.
            const bool down = header->sortIndicator == QStyleOptionHeader::SortDown;
            stylepaint::chevron(painter, option->rect, down ? Qt::DownArrow : Qt::UpArrow, t.dim);
        }
        return;
    case PE_PanelMenu:
        painter->fillRect(option->rect, t.raised);
        drawOutline(painter, option->rect, t.dark ? blended(t.line, t.text, 0.15) : t.line);
        return;
    case PE_PanelTipLabel:
        painter->fillRect(option->rect, t.raised);
        drawOutline(painter, option->rect, blended(t.line, t.text, t.dark ? 0.25 : 0.35));
        return;
    case PE_PanelItemViewRow:
        if (const auto *item = as<QStyleOptionViewItem>(option); item && item->features.testFlag(QStyleOptionViewItem::Alternate))
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
    case PE_IndicatorDockWidgetResizeHandle:
        painter->fillRect(option->rect, t.win);
        drawMiddleLine(painter, option->rect, !has(option, State_Horizontal)); // A horizontal handle is between two rows.
        return;
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void Style::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
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
    case CE_ComboBoxLabel:
        if (const auto *combo = as<QStyleOptionComboBox>(option)) {
            // Where there is no room for the whole choice it ends in dots, not in half a letter.
            QStyleOptionComboBox copy(*combo);
            const int icon = combo->currentIcon.isNull() ? 0 : combo->iconSize.width() + 4;
            const QRect room = subControlRect(CC_ComboBox, combo, SC_ComboBoxEditField, widget);
            copy.currentText = combo->fontMetrics.elidedText(combo->currentText, Qt::ElideRight, room.width() - icon - 2);
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
        drawHeadingGround(painter, option->rect);
        return;
    case CE_HeaderLabel:
        if (const auto *header = as<QStyleOptionHeader>(option)) {
            QStyleOptionHeader copy(*header);
            copy.palette.setColor(QPalette::ButtonText, header->sortIndicator == QStyleOptionHeader::None ? t.dim : t.text);
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
    case CE_Splitter:
        drawMiddleLine(painter, option->rect, has(option, State_Horizontal));
        return;
    case CE_DockWidgetTitle:
        if (const auto *dock = as<QStyleOptionDockWidget>(option)) {
            drawHeadingGround(painter, option->rect);
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
            drawMiddleLine(painter, option->rect, frame->frameShape == QFrame::VLine);
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
        return QIcon(titleMark(true, px(16)));
    if (icon == SP_TitleBarNormalButton)
        return QIcon(titleMark(false, px(16)));
    return QProxyStyle::standardIcon(icon, option, widget);
}

namespace {

constexpr int arrowWidth = 22; ///< Of a combo box, in the design's pixels.
constexpr int stepWidth = 18; ///< Of a spin box's two buttons.

QRect scrollBarPart(const QStyleOptionSlider &option, QStyle::SubControl part, int smallest)
{
    const QRect rect = option.rect;
    const bool horizontal = option.orientation == Qt::Horizontal;
    const int length = horizontal ? rect.width() : rect.height();
    int slider = length;
    if (option.maximum > option.minimum) {
        const qint64 range = qint64(option.maximum) - option.minimum;
        slider = int(qint64(option.pageStep) * length / (range + option.pageStep));
        slider = qBound(qMin(smallest, length), slider, length);
    }
    const int start = QStyle::sliderPositionFromValue(option.minimum, option.maximum, option.sliderPosition, length - slider,
                                                      option.upsideDown);
    const auto piece = [&](int from, int size) {
        return horizontal ? QRect(rect.x() + from, rect.y(), size, rect.height())
                          : QRect(rect.x(), rect.y() + from, rect.width(), size);
    };
    switch (part) {
    case QStyle::SC_ScrollBarSlider:
        return piece(start, slider);
    case QStyle::SC_ScrollBarGroove:
        return rect;
    case QStyle::SC_ScrollBarSubPage:
        return piece(0, start);
    case QStyle::SC_ScrollBarAddPage:
        return piece(start + slider, length - start - slider);
    default: // There are no arrow buttons.
        return {};
    }
}

} // namespace

QRect Style::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl subControl,
                            const QWidget *widget) const
{
    const QRect rect = option->rect;
    const auto visual = [option, rect](const QRect &part) { return visualRect(option->direction, rect, part); };
    switch (control) {
    case CC_ScrollBar:
        if (const auto *bar = as<QStyleOptionSlider>(option))
            return visual(scrollBarPart(*bar, subControl, pixelMetric(PM_ScrollBarSliderMin, option, widget)));
        break;
    case CC_ComboBox:
        if (subControl == SC_ComboBoxArrow)
            return visual({rect.right() + 1 - px(arrowWidth), rect.y(), px(arrowWidth), rect.height()});
        if (subControl == SC_ComboBoxEditField)
            return visual(rect.adjusted(px(7), 2, -px(arrowWidth), -2));
        break;
    case CC_SpinBox: {
        const auto *spin = as<QStyleOptionSpinBox>(option);
        const int steps = spin && spin->buttonSymbols == QAbstractSpinBox::NoButtons ? 0 : px(stepWidth);
        const int x = rect.right() + 1 - steps;
        const int middle = rect.height() / 2;
        if (subControl == SC_SpinBoxUp)
            return steps ? visual({x, rect.y(), steps, middle}) : QRect();
        if (subControl == SC_SpinBoxDown)
            return steps ? visual({x, rect.y() + middle, steps, rect.height() - middle}) : QRect();
        if (subControl == SC_SpinBoxEditField)
            return visual(rect.adjusted(px(6), 2, -qMax(steps, px(6)), -2));
        break;
    }
    default:
        break;
    }
    return QProxyStyle::subControlRect(control, option, subControl, widget);
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                               const QWidget *widget) const
{
    if (control == CC_ComboBox) {
        if (const auto *combo = as<QStyleOptionComboBox>(option))
            return drawComboBox(*combo, painter, widget);
    } else if (control == CC_SpinBox) {
        if (const auto *spin = as<QStyleOptionSpinBox>(option))
            return drawSpinBox(*spin, painter, widget);
    } else if (control == CC_ScrollBar) {
        if (const auto *bar = as<QStyleOptionSlider>(option))
            return drawScrollBar(*bar, painter, widget);
    } else if (control == CC_ToolButton) {
        if (const auto *tool = as<QStyleOptionToolButton>(option);
            tool && !tool->features.testFlag(QStyleOptionToolButton::MenuButtonPopup))
            return drawToolButton(*tool, painter, widget);
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

void Style::drawComboBox(const QStyleOptionComboBox &option, QPainter *painter, const QWidget *widget) const
{
    const QRect arrow = subControlRect(CC_ComboBox, &option, SC_ComboBoxArrow, widget);
    if (option.editable) {
        stylepaint::inputPanel(painter, option, isInvalid(widget));
    } else if (option.frame) {
        QStyleOption panel(option);
        panel.state.setFlag(State_On, false);
        panel.state.setFlag(State_Sunken, false);
        panel.state.setFlag(State_KeyboardFocusChange,
                            panel.state.testFlag(State_HasFocus) && panel.state.testFlag(State_KeyboardFocusChange));
        stylepaint::buttonPanel(painter, panel, ButtonRole::Normal);
    }
    const bool enabled = option.state.testFlag(State_Enabled);
    stylepaint::chevron(painter, arrow, Qt::DownArrow, enabled ? theme().dim : theme().line);
}

void Style::drawSpinBox(const QStyleOptionSpinBox &option, QPainter *painter, const QWidget *widget) const
{
    if (option.frame)
        stylepaint::inputPanel(painter, option, isInvalid(widget));
    if (option.buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const QRect up = subControlRect(CC_SpinBox, &option, SC_SpinBoxUp, widget);
    const QRect down = subControlRect(CC_SpinBox, &option, SC_SpinBoxDown, widget);
    painter->fillRect(up.x(), up.y() + 3, 1, option.rect.height() - 6, theme().line);
    const auto colour = [&option](QAbstractSpinBox::StepEnabledFlag step, SubControl part) {
        if (!option.stepEnabled.testFlag(step) || !option.state.testFlag(State_Enabled))
            return theme().line;
        return option.activeSubControls.testFlag(part) ? theme().text : theme().dim;
    };
    const int nudge = up.height() / 8;
    stylepaint::chevron(painter, up.translated(0, nudge), Qt::UpArrow, colour(QAbstractSpinBox::StepUpEnabled, SC_SpinBoxUp));
    stylepaint::chevron(painter, down.translated(0, -nudge), Qt::DownArrow,
                        colour(QAbstractSpinBox::StepDownEnabled, SC_SpinBoxDown));
}

void Style::drawToolButton(const QStyleOptionToolButton &option, QPainter *painter, const QWidget *widget) const
{
    drawPrimitive(PE_PanelButtonTool, &option, painter, widget);
    QStyleOptionToolButton label(option);
    label.rect = option.rect.adjusted(px(4), 2, -px(4), -2);
    if (option.features.testFlag(QStyleOptionToolButton::HasMenu)) {
        const int room = px(14);
        const QRect arrow(label.rect.right() - room + px(2), option.rect.y(), room, option.rect.height());
        label.rect.setRight(label.rect.right() - room);
        stylepaint::chevron(painter, visualRect(option.direction, option.rect, arrow), Qt::DownArrow,
                            option.state.testFlag(State_Enabled) ? theme().dim : theme().line);
    }
    label.features.setFlag(QStyleOptionToolButton::HasMenu, false);
    drawControl(CE_ToolButtonLabel, &label, painter, widget);
}

void Style::drawScrollBar(const QStyleOptionSlider &option, QPainter *painter, const QWidget *widget) const
{
    const ThemeTokens &t = theme();
    painter->fillRect(option.rect, t.base);
    if (option.maximum <= option.minimum)
        return;
    const QRectF slider = subControlRect(CC_ScrollBar, &option, SC_ScrollBarSlider, widget);
    const bool held = option.state.testFlag(State_Sunken) && option.activeSubControls.testFlag(SC_ScrollBarSlider);
    const bool over = option.state.testFlag(State_MouseOver);
    const QColor fill = blended(t.base, t.text, held ? 0.50 : over ? 0.38 : 0.24);
    const qreal side = over || held ? 2 : 3;
    const bool horizontal = option.orientation == Qt::Horizontal;
    const QRectF handle = horizontal ? slider.adjusted(2, side, -2, -side) : slider.adjusted(side, 2, -side, -2);
    const qreal round = qMin(handle.width(), handle.height()) / 2;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(fill);
    painter->drawRoundedRect(handle, round, round);
    painter->restore();
}

} // namespace pulsedeck
