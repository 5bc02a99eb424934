// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/style.h"

#include <QColor>
#include <QRectF>
#include <QStyle>
#include <Qt>

class QPainter;
class QStyleOption;
class QStyleOptionButton;
class QStyleOptionHeader;
class QStyleOptionMenuItem;
class QStyleOptionTab;
class QWidget;

namespace pulsedeck::stylepaint {

/// The parts the style is put together from; each paints one thing in the colours of theme().

bool has(const QStyleOption &option, QStyle::StateFlag flag);
/// Text of what is not enabled.
QColor offText();
/// A rounded box with a border inside \a rect. An invalid fill or border is left out.
void box(QPainter *painter, const QRectF &rect, const QColor &fill, const QColor &border, qreal borderWidth = 1);
/// The 2 px frame that says where the keyboard is.
void focusFrame(QPainter *painter, const QRectF &rect);
/// A small angle that points where \a type says, centred in \a rect.
void chevron(QPainter *painter, const QRectF &rect, Qt::ArrowType type, const QColor &colour);
void tick(QPainter *painter, const QRectF &rect, const QColor &colour);

void buttonPanel(QPainter *painter, const QStyleOption &option, ButtonRole role);
/// The colour of a button's text and icon.
QColor buttonText(const QStyleOption &option, ButtonRole role);
void buttonLabel(QPainter *painter, const QStyleOptionButton &option, ButtonRole role);
void inputPanel(QPainter *painter, const QStyleOption &option, bool invalid);
void checkBox(QPainter *painter, const QStyleOption &option);
void radioButton(QPainter *painter, const QStyleOption &option);
void menuBarItem(QPainter *painter, const QStyleOptionMenuItem &option);
void menuItem(QPainter *painter, const QStyleOptionMenuItem &option);
void headerSection(QPainter *painter, const QStyleOptionHeader &option);
void tab(QPainter *painter, const QStyleOptionTab &option);

} // namespace pulsedeck::stylepaint
