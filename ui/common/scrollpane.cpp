// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/scrollpane.h"

#include "ui/theme/stylepaint.h"

#include <QEvent>
#include <QPainter>

namespace pulsedeck {

namespace {

constexpr int keyboardFrame = 2; ///< Pixels round its viewport, where the frame is painted; else they are empty.

} // namespace

ScrollPane::ScrollPane(QWidget *parent)
    : QScrollArea(parent)
{
    setFrameStyle(int(QFrame::Box) | int(QFrame::Plain));
    setLineWidth(keyboardFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
}

void ScrollPane::setContent(QWidget *content)
{
    setWidget(content);
    content->setAutoFillBackground(false); // setWidget() has switched it on.
}

bool ScrollPane::event(QEvent *event)
{
    switch (event->type()) {
    case QEvent::Paint:
        // In place of the frame that Qt would paint.
        if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
            QPainter painter(this);
            stylepaint::focusFrame(&painter, rect());
        }
        return true;
    case QEvent::FocusIn:
    case QEvent::FocusOut:
        update();
        break;
    default:
        break;
    }
    return QScrollArea::event(event);
}

} // namespace pulsedeck
