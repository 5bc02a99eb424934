// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/tabchain.h"

#include <QAbstractButton>
#include <QApplication>
#include <QWidget>

#include <utility>

namespace pulsedeck {

namespace {

bool takesTab(const QWidget *widget)
{
    return (widget->focusPolicy() & Qt::TabFocus) && !widget->focusProxy();
}

/// Of buttons that exclude each other only the chosen one takes Tab: each has its place all the same.
bool hasPlace(const QWidget *widget)
{
    return takesTab(widget)
           || (qobject_cast<const QAbstractButton *>(widget) && widget->focusPolicy() != Qt::NoFocus && !widget->focusProxy());
}

/// The first widget behind \a old in the window's chain that stands in \a area and can have the keyboard now.
QWidget *nextIn(QWidget *area, QWidget *old)
{
    for (QWidget *next = old->nextInFocusChain(); next && next != old; next = next->nextInFocusChain()) {
        if (area->isAncestorOf(next) && takesTab(next) && next->isEnabled() && next->isVisible())
            return next;
    }
    return nullptr;
}

} // namespace

void setTabChain(const QList<QWidget *> &parts)
{
    QList<QWidget *> chain;
    for (QWidget *part : parts) {
        if (hasPlace(part))
            chain.append(part);
        for (QWidget *child : part->findChildren<QWidget *>()) {
            // The list of a combo box and a menu are windows of their own: a chain through them ends there.
            const bool inside = child->window() == part->window();
            if (inside && hasPlace(child) && !chain.contains(child) && child->parentWidget()->focusProxy() != child)
                chain.append(child);
        }
    }
    for (qsizetype i = 1; i < chain.size(); ++i)
        QWidget::setTabOrder(chain[i - 1], chain[i]);
}

void placeTabsBefore(QWidget *next, QWidget *part)
{
    Q_ASSERT(!part->focusProxy()); // Qt cannot move one that hands the keyboard on: Tab alone would go there from its old place.
    QList<QWidget *> stops;
    for (QWidget *each = part->nextInFocusChain(); each != part; each = each->nextInFocusChain()) {
        if (part->isAncestorOf(each) && hasPlace(each))
            stops.append(each);
    }
    QWidget *last = next;
    for (QWidget *stop : std::as_const(stops)) {
        QWidget::setTabOrder(last, stop);
        last = stop;
    }
    QWidget::setTabOrder(last, next); // Takes it from in front of them to behind them.
}

NeighbourFocus::NeighbourFocus(QObject *parent)
    : QObject(parent)
{
    connect(qApp, &QApplication::focusChanged, this, &NeighbourFocus::onFocusChanged);
}

void NeighbourFocus::onFocusChanged(QWidget *old, QWidget *now)
{
    if (!qobject_cast<QAbstractButton *>(old) || !now || old->window() != now->window() || !old->parentWidget()
        || !old->parentWidget()->isVisible() || (old->isEnabled() && !old->isHidden()))
        return;
    for (QWidget *area = old->parentWidget(); area && !area->isAncestorOf(now); area = area->parentWidget()) {
        if (QWidget *next = nextIn(area, old)) {
            next->setFocus(Qt::OtherFocusReason);
            return;
        }
        if (area->isWindow())
            return;
    }
}

} // namespace pulsedeck
