// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QApplication>
#include <QButtonGroup>
#include <QPointer>
#include <QTest>

#include <algorithm>
#include <vector>

namespace pulsedeck {

/// A widget that Tab led to.
struct TabStop
{
    QPointer<QWidget> widget;
    bool seen = false; ///< It stands in its window, as far as it is not scrolled away.
    bool marked = false; ///< It looks otherwise than without the keyboard.

    QString name() const
    {
        return widget->objectName().isEmpty() ? QString::fromLatin1(widget->metaObject()->className()) : widget->objectName();
    }
};

/// Presses Tab from \a first until that has the keyboard again; where it goes on the way.
inline std::vector<TabStop> walkTabs(QWidget &first, int most = 150)
{
    QWidget *window = first.window();
    first.setFocus(Qt::TabFocusReason);
    std::vector<TabStop> stops;
    do {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QWidget *now = QApplication::focusWidget();
        if (!now)
            break;
        const QRect around(now->mapTo(window, QPoint(0, 0)), now->size());
        const QRect area = around.adjusted(-4, -4, 4, 4) & window->rect();
        TabStop stop;
        stop.widget = now;
        stop.seen = now->isVisible() && window->rect().intersects(around);
        const QImage with = window->grab(area).toImage();
        now->clearFocus();
        stop.marked = window->grab(area).toImage() != with;
        now->setFocus(Qt::TabFocusReason);
        stops.push_back(stop);
    } while (QApplication::focusWidget() != &first && int(stops.size()) < most);
    return stops;
}

/// The controls in \a area that Tab should lead to and that are not among \a stops: of choices that exclude each other the chosen
/// one stands for all.
inline QStringList unreached(const QWidget &area, const std::vector<TabStop> &stops)
{
    QStringList missing;
    for (QWidget *widget : area.findChildren<QWidget *>()) {
        if (!widget->isVisible() || !widget->isEnabled() || !(widget->focusPolicy() & Qt::TabFocus) || widget->focusProxy())
            continue;
        if (const auto *button = qobject_cast<const QAbstractButton *>(widget); button && !button->isChecked()) {
            if (button->autoExclusive() || (button->group() && button->group()->exclusive()))
                continue;
        }
        // A part of a compound widget, as the line in a spin box.
        if (widget->parentWidget() && widget->parentWidget()->focusProxy() == widget)
            continue;
        const bool reached = std::any_of(stops.begin(), stops.end(), [widget](const TabStop &stop) {
            return stop.widget == widget
                   || (stop.widget && (stop.widget->isAncestorOf(widget) || widget->focusProxy() == stop.widget));
        });
        if (!reached)
            missing.append(QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName());
    }
    return missing;
}

} // namespace pulsedeck
