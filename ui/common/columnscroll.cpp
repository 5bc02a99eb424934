// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/columnscroll.h"

#include <QApplication>
#include <QEvent>
#include <QResizeEvent>

namespace pulsedeck {

ColumnScroll::ColumnScroll(QWidget *content, QWidget *parent)
    : QScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setWidget(content);
    viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    // Qt scrolls to what has the keyboard only where it moves within the area. What is pressed stays where it is: the button
    // would go up elsewhere, and click nothing.
    connect(qApp, &QApplication::focusChanged, this, [this](const QWidget *before, QWidget *now) {
        const QWidget *inside = widget();
        if (QGuiApplication::mouseButtons() == Qt::NoButton && now && inside && inside->isAncestorOf(now)
            && !(before && inside->isAncestorOf(before)))
            ensureWidgetVisible(now);
    });
}

/// Its content loses the keyboard while it goes, and must not be scrolled to then.
ColumnScroll::~ColumnScroll()
{
    disconnect(qApp, nullptr, this, nullptr);
}

void ColumnScroll::setAsHighAsContent()
{
    m_asHighAsContent = true;
    setSizePolicy(sizePolicy().horizontalPolicy(), QSizePolicy::Maximum);
    updateGeometry();
}

QSize ColumnScroll::sizeHint() const
{
    if (!m_asHighAsContent)
        return QScrollArea::sizeHint();
    const QSize hint = widget()->sizeHint();
    const int high = widget()->hasHeightForWidth() ? widget()->heightForWidth(viewport()->width()) : hint.height();
    return {hint.width(), high};
}

bool ColumnScroll::eventFilter(QObject *watched, QEvent *event)
{
    if (m_asHighAsContent && watched == widget() && event->type() == QEvent::LayoutRequest)
        updateGeometry();
    return QScrollArea::eventFilter(watched, event);
}

void ColumnScroll::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    // Its lines may wrap at another place.
    if (m_asHighAsContent && event->size().width() != event->oldSize().width())
        updateGeometry();
}

} // namespace pulsedeck
