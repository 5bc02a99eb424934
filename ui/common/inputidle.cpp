// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/inputidle.h"

#include <QCoreApplication>
#include <QEvent>

#include <utility>

namespace pulsedeck {

InputIdle::InputIdle(int afterMs, QObject *parent)
    : QObject(parent)
    , m_afterMs(afterMs)
{
    m_sinceInput.start();
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &InputIdle::onTimeout);
    m_timer.start(m_afterMs);
    qApp->installEventFilter(this); // Dialogs are windows of their own.
}

bool InputIdle::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
    case QEvent::TouchBegin:
    case QEvent::TouchUpdate:
    case QEvent::TabletMove:
        m_sinceInput.start(); // The timer goes on: it is asked once per wait, and not once per event.
        if (std::exchange(m_idle, false)) {
            m_timer.start(m_afterMs);
            emit idleChanged(false);
        }
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

void InputIdle::onTimeout()
{
    const qint64 left = m_afterMs - m_sinceInput.elapsed();
    if (left > 0) {
        m_timer.start(int(left));
        return;
    }
    m_idle = true;
    emit idleChanged(true);
}

} // namespace pulsedeck
