// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style.h"

#include "ui/theme/stylepaint.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QScrollBar>
#include <QStyleOption>

// The controls made of parts: combo boxes, spin boxes, tool buttons, scroll bars.

namespace pulsedeck {

namespace {

constexpr int arrowWidth = 22; ///< Of a combo box, in the design's pixels.
constexpr int stepWidth = 18; ///< Of a spin box's two buttons.

int scaled(int designPixels)
{
    return Theme::instance().scaled(designPixels);
}

template <typename Option> const Option *as(const QStyleOption *option)
{
    return qstyleoption_cast<const Option *>(option);
}

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
    const int start = QStyle::sliderPositionFromValue(option.minimum, option.maximum, option.sliderPosition,
                                                      length - slider, option.upsideDown);
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
            return visual({rect.right() + 1 - scaled(arrowWidth), rect.y(), scaled(arrowWidth), rect.height()});
        if (subControl == SC_ComboBoxEditField)
            return visual(rect.adjusted(scaled(7), 2, -scaled(arrowWidth), -2));
        break;
    case CC_SpinBox: {
        const auto *spin = as<QStyleOptionSpinBox>(option);
        const int steps = spin && spin->buttonSymbols == QAbstractSpinBox::NoButtons ? 0 : scaled(stepWidth);
        const int x = rect.right() + 1 - steps;
        const int middle = rect.height() / 2;
        if (subControl == SC_SpinBoxUp)
            return steps ? visual({x, rect.y(), steps, middle}) : QRect();
        if (subControl == SC_SpinBoxDown)
            return steps ? visual({x, rect.y() + middle, steps, rect.height() - middle}) : QRect();
        if (subControl == SC_SpinBoxEditField)
            return visual(rect.adjusted(scaled(6), 2, -qMax(steps, scaled(6)), -2));
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
    stylepaint::chevron(painter, up.translated(0, nudge), Qt::UpArrow,
                        colour(QAbstractSpinBox::StepUpEnabled, SC_SpinBoxUp));
    stylepaint::chevron(painter, down.translated(0, -nudge), Qt::DownArrow,
                        colour(QAbstractSpinBox::StepDownEnabled, SC_SpinBoxDown));
}

void Style::drawToolButton(const QStyleOptionToolButton &option, QPainter *painter, const QWidget *widget) const
{
    drawPrimitive(PE_PanelButtonTool, &option, painter, widget);
    QStyleOptionToolButton label(option);
    label.rect = option.rect.adjusted(scaled(4), 2, -scaled(4), -2);
    if (option.features.testFlag(QStyleOptionToolButton::HasMenu)) {
        const int room = scaled(14);
        const QRect arrow(label.rect.right() - room + scaled(2), option.rect.y(), room, option.rect.height());
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
