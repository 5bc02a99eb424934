// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/stylepaint.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyle>
#include <QStyleOption>

namespace pulsedeck::stylepaint {

namespace {

constexpr qreal radius = 4;

bool keyboardFocus(const QStyleOption &option)
{
    return has(option, QStyle::State_HasFocus) && has(option, QStyle::State_KeyboardFocusChange);
}

/// Keeps painter settings local to one part.
class PainterScope
{
public:
    explicit PainterScope(QPainter *painter)
        : m_painter(painter)
    {
        m_painter->save();
        m_painter->setRenderHint(QPainter::Antialiasing);
    }
    ~PainterScope() { m_painter->restore(); }
    PainterScope(const PainterScope &) = delete;
    PainterScope &operator=(const PainterScope &) = delete;

private:
    QPainter *m_painter;
};

} // namespace

bool has(const QStyleOption &option, QStyle::StateFlag flag)
{
    return option.state.testFlag(flag);
}

QColor offText()
{
    return blended(theme().faint, theme().win, 0.30);
}

void box(QPainter *painter, const QRectF &rect, const QColor &fill, const QColor &border, qreal borderWidth)
{
    const PainterScope scope(painter);
    const qreal inset = border.isValid() ? borderWidth / 2 : 0;
    painter->setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter->setPen(border.isValid() ? QPen(border, borderWidth) : QPen(Qt::NoPen));
    painter->drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius - inset / 2, radius - inset / 2);
}

void focusFrame(QPainter *painter, const QRectF &rect)
{
    box(painter, rect, {}, theme().accent, 2);
}

void chevron(QPainter *painter, const QRectF &rect, Qt::ArrowType type, const QColor &colour)
{
    const PainterScope scope(painter);
    const qreal half = px(7) / 2.0;
    const qreal depth = half / 2;
    painter->translate(rect.center());
    switch (type) {
    case Qt::UpArrow:
        painter->rotate(180);
        break;
    case Qt::LeftArrow:
        painter->rotate(90);
        break;
    case Qt::RightArrow:
        painter->rotate(-90);
        break;
    default:
        break;
    }
    painter->setPen(QPen(colour, 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->drawPolyline(QPolygonF{{-half, -depth}, {0, depth}, {half, -depth}});
}

void tick(QPainter *painter, const QRectF &rect, const QColor &colour)
{
    const PainterScope scope(painter);
    const qreal s = qMin(rect.width(), rect.height());
    painter->translate(rect.center());
    painter->setPen(QPen(colour, qMax(1.6, s / 8), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->drawPolyline(QPolygonF{{-s * 0.27, s * 0.02}, {-s * 0.08, s * 0.21}, {s * 0.28, -s * 0.21}});
}

QColor buttonText(const QStyleOption &option, ButtonRole role)
{
    if (!has(option, QStyle::State_Enabled))
        return offText();
    switch (role) {
    case ButtonRole::Primary:
        return theme().onAccent;
    case ButtonRole::Danger:
        return theme().stale;
    case ButtonRole::Act:
        return theme().base; // Dark on the bright orange, white on the deep one.
    case ButtonRole::Link:
        return theme().accent;
    default:
        return theme().text;
    }
}

void buttonPanel(QPainter *painter, const QStyleOption &option, ButtonRole role)
{
    const ThemeTokens &t = theme();
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool over = enabled && has(option, QStyle::State_MouseOver);
    const bool down = enabled && has(option, QStyle::State_Sunken);
    const bool on = has(option, QStyle::State_On);
    const QColor towards = t.dark ? QColor(Qt::white) : QColor(Qt::black);
    const qreal lift = down ? 0.12 : over ? 0.05 : 0;

    QColor fill = t.raised;
    QColor border = t.line;
    switch (role) {
    case ButtonRole::Primary:
        fill = enabled ? t.accentBg : blended(t.accentBg, t.win, 0.75);
        border = QColor(); // Not {}: that would be Qt::color0.
        break;
    case ButtonRole::Danger:
        fill = over || down ? blended(t.win, t.staleTint, t.dark ? 0.45 : 0.30) : t.dark ? t.win : t.raised;
        border = enabled ? t.stale : t.line;
        break;
    case ButtonRole::Act:
        if (enabled) {
            fill = t.stale;
            border = QColor();
        } else {
            fill = t.win;
        }
        break;
    case ButtonRole::Link:
        fill = over || down ? t.raised : QColor();
        border = QColor();
        break;
    case ButtonRole::Quiet:
        fill = over || down ? t.raised : QColor();
        border = over || down ? t.line : QColor();
        break;
    case ButtonRole::Normal:
        if (!enabled) {
            fill = t.win;
        } else if (on) {
            fill = t.sel;
            border = t.selLine;
        }
        break;
    }
    if (role == ButtonRole::Quiet && on) {
        fill = t.sel;
        border = t.selLine;
    }
    if (fill.isValid() && lift > 0)
        fill = blended(fill, towards, lift);
    box(painter, option.rect, fill, border);
    if (keyboardFocus(option)) {
        focusFrame(painter, option.rect);
        if (role == ButtonRole::Primary || role == ButtonRole::Act) // A line of the background between.
            box(painter, QRectF(option.rect).adjusted(2, 2, -2, -2), {}, t.win);
    }
}

void buttonLabel(QPainter *painter, const QStyleOptionButton &option, ButtonRole role)
{
    const PainterScope scope(painter);
    const bool hasMenu = option.features.testFlag(QStyleOptionButton::HasMenu);
    QRect rect = option.rect.adjusted(px(8), 0, -px(8), 0);
    const QColor colour = buttonText(option, role);
    if (hasMenu) {
        const int room = px(14);
        chevron(painter, QRectF(rect.right() - room + px(6), rect.top(), room, rect.height()), Qt::DownArrow, colour);
        rect.setRight(rect.right() - room);
    }
    const int gap = option.icon.isNull() || option.text.isEmpty() ? 0 : px(7);
    const int iconWidth = option.icon.isNull() ? 0 : option.iconSize.width();
    const int textWidth = option.fontMetrics.size(Qt::TextShowMnemonic, option.text).width();
    int x = rect.x() + qMax(0, (rect.width() - iconWidth - gap - textWidth) / 2);
    if (iconWidth > 0) {
        const QIcon::Mode mode = has(option, QStyle::State_Enabled) ? QIcon::Normal : QIcon::Disabled;
        const QRect place(x, rect.center().y() + 1 - option.iconSize.height() / 2, iconWidth, option.iconSize.height());
        option.icon.paint(painter, QStyle::visualRect(option.direction, option.rect, place), Qt::AlignCenter, mode);
        x += iconWidth + gap;
    }
    const int flags = Qt::AlignVCenter | Qt::AlignLeft | Qt::TextShowMnemonic | Qt::TextHideMnemonic;
    painter->setPen(colour);
    const QRect textRect(x, rect.y(), qMax(0, rect.right() + 1 - x), rect.height());
    painter->drawText(QStyle::visualRect(option.direction, option.rect, textRect), flags, option.text);
}

void inputPanel(QPainter *painter, const QStyleOption &option, bool invalid)
{
    const ThemeTokens &t = theme();
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool focus = enabled && has(option, QStyle::State_HasFocus);
    const bool readOnly = has(option, QStyle::State_ReadOnly);
    const QColor fill = enabled && !readOnly ? t.field : t.win;
    if (invalid)
        box(painter, option.rect, fill, t.stale, focus ? 2 : 1);
    else if (focus)
        box(painter, option.rect, fill, t.accent, 2);
    else
        box(painter, option.rect, fill, t.line);
}

void checkBox(QPainter *painter, const QStyleOption &option)
{
    const ThemeTokens &t = theme();
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool over = enabled && has(option, QStyle::State_MouseOver);
    const bool on = has(option, QStyle::State_On);
    const bool partly = has(option, QStyle::State_NoChange);
    const QRectF rect(option.rect);
    if (!on && !partly) {
        box(painter, rect, enabled ? t.field : t.win, over ? t.accent : enabled ? t.faint : t.line);
        return;
    }
    const QColor fill = enabled ? t.accentBg : blended(t.accentBg, t.win, 0.6);
    box(painter, rect, over ? blended(fill, Qt::white, 0.1) : fill, {});
    if (on) {
        tick(painter, rect, t.onAccent);
    } else {
        const PainterScope scope(painter);
        const qreal s = rect.width();
        painter->setPen(QPen(t.onAccent, 1.8, Qt::SolidLine, Qt::RoundCap));
        painter->drawLine(rect.center() - QPointF(s * 0.22, 0), rect.center() + QPointF(s * 0.22, 0));
    }
}

void radioButton(QPainter *painter, const QStyleOption &option)
{
    const PainterScope scope(painter);
    const ThemeTokens &t = theme();
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool on = has(option, QStyle::State_On);
    const QRectF rect = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    const bool over = enabled && has(option, QStyle::State_MouseOver);
    const QColor accent = enabled ? t.accentBg : blended(t.accentBg, t.win, 0.6);
    painter->setBrush(on ? accent : enabled ? t.field : t.win);
    painter->setPen(QPen(on ? accent : over ? t.accent : enabled ? t.faint : t.line, 1));
    painter->drawEllipse(rect);
    if (on) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(t.onAccent);
        painter->drawEllipse(rect.center(), rect.width() * 0.19, rect.width() * 0.19);
    }
}

} // namespace pulsedeck::stylepaint
