// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/window/mainwindow.h"

#include <QAbstractButton>
#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QListView>

namespace pulsedeck {

/// By its text without ampersands, or null.
inline QAction *action(const MainWindow &window, const QString &text)
{
    for (QAction *candidate : window.findChildren<QAction *>()) {
        if (QString(candidate->text()).remove(u'&') == text)
            return candidate;
    }
    return nullptr;
}

/// The first of its kind that is shown, or null.
template <typename Widget> Widget *visible(const QWidget &window)
{
    for (Widget *widget : window.findChildren<Widget *>()) {
        if (widget->isVisible())
            return widget;
    }
    return nullptr;
}

/// All that can be read in the window or by assistive technology.
inline QString allTexts(const QWidget &window)
{
    QString all = window.windowTitle();
    for (const QWidget *widget : window.findChildren<QWidget *>()) {
        all += widget->toolTip() + widget->accessibleName() + widget->accessibleDescription() + widget->windowTitle() + u'\n';
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            all += label->text() + u'\n';
        if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
            all += button->text() + u'\n';
        if (const auto *field = qobject_cast<const QLineEdit *>(widget))
            all += field->text() + field->placeholderText() + u'\n';
        if (const auto *view = qobject_cast<const QListView *>(widget); view && view->model()) {
            for (int row = 0; row < view->model()->rowCount(); ++row) {
                const QModelIndex index = view->model()->index(row, 0);
                for (const int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole), int(Qt::AccessibleTextRole)})
                    all += index.data(role).toString() + u'\n';
            }
        }
    }
    return all;
}

} // namespace pulsedeck
