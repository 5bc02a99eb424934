// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>

class QWidget;

namespace pulsedeck {

/// Tab goes through \a parts in this order; of a part with widgets in it through those, in the order in which they were made.
/// Qt's own order is that of their making, which in a form built piece by piece is not that of the eye.
void setTabChain(const QList<QWidget *> &parts);

/// Tab goes through \a part, in the order it has, right before it comes to \a next: for a part that was made after what stands
/// behind it. Both are in one window, and \a part itself takes no Tab and has no focus proxy.
void placeTabsBefore(QWidget *next, QWidget *part);

/// A button that disables or hides itself by what it did gives the keyboard to its neighbours: to the nearest widget round it
/// that has something to type or press in it. Qt goes on to whatever comes next in the whole window. One for the application;
/// GUI thread.
class NeighbourFocus : public QObject
{
    Q_OBJECT

public:
    explicit NeighbourFocus(QObject *parent);

private:
    static void onFocusChanged(QWidget *old, QWidget *now);
};

} // namespace pulsedeck
