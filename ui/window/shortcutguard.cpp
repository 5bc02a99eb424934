// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/shortcutguard.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
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

} // namespace

ShortcutGuard::ShortcutGuard(QObject *parent)
    : QObject(parent)
{
    qApp->installEventFilter(this);
}

bool ShortcutGuard::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::ShortcutOverride)
        return false;
    const auto *key = static_cast<QKeyEvent *>(event);
    if (key->key() != Qt::Key_Space || key->modifiers() != Qt::NoModifier || !usesSpace(watched))
        return false;
    event->accept();
    return true;
}

} // namespace pulsedeck
