// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/shortcutguard.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QKeyEvent>

namespace pulsedeck {

namespace {

bool usesSpace(QObject *object)
{
    if (qobject_cast<QAbstractButton *>(object) || qobject_cast<QComboBox *>(object))
        return true;
    const auto *view = qobject_cast<QAbstractItemView *>(object);
    return view && view->currentIndex().flags().testFlag(Qt::ItemIsUserCheckable);
}

/// Shift+F10 opens the menu of what has the keyboard. Qt knows the menu key alone, which many keyboards do not have.
bool openMenu(QObject *watched, const QKeyEvent &key)
{
    auto *widget = qobject_cast<QWidget *>(watched);
    if (!widget || key.key() != Qt::Key_F10 || key.modifiers() != Qt::ShiftModifier || widget != QApplication::focusWidget())
        return false;
    // A view's menu belongs to its viewport, as with the menu key.
    const auto *area = qobject_cast<QAbstractScrollArea *>(widget);
    QWidget *target = area ? area->viewport() : widget;
    const QPoint place = target->inputMethodQuery(Qt::ImCursorRectangle).toRect().center();
    QContextMenuEvent menu(QContextMenuEvent::Keyboard, place, target->mapToGlobal(place));
    QApplication::sendEvent(target, &menu);
    return true;
}

} // namespace

ShortcutGuard::ShortcutGuard(QObject *parent)
    : QObject(parent)
{
    qApp->installEventFilter(this);
}

bool ShortcutGuard::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress)
        return openMenu(watched, *static_cast<QKeyEvent *>(event));
    if (event->type() != QEvent::ShortcutOverride)
        return false;
    const auto *key = static_cast<QKeyEvent *>(event);
    if (key->key() != Qt::Key_Space || key->modifiers() != Qt::NoModifier || !usesSpace(watched))
        return false;
    event->accept();
    return true;
}

} // namespace pulsedeck
