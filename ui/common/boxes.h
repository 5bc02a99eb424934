// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QBoxLayout>

#include <initializer_list>

namespace pulsedeck {

/// Layouts as the design has them: no margins but those that are given; all lengths in the design's pixels. GUI thread.
/// A \a spacing of -1 is the style's. Without a \a parent they are to be added to another layout.
QHBoxLayout *hbox(QWidget *parent, int spacing = -1, const QMargins &margins = {});
QVBoxLayout *vbox(QWidget *parent, int spacing = -1, const QMargins &margins = {});
inline QHBoxLayout *hbox(int spacing = -1)
{
    return hbox(nullptr, spacing);
}
inline QVBoxLayout *vbox(int spacing = -1)
{
    return vbox(nullptr, spacing);
}
/// These margins in the present body size.
QMargins pxMargins(int left, int top, int right, int bottom);
/// Adds them one after the other.
void addWidgets(QBoxLayout *layout, std::initializer_list<QWidget *> widgets);

} // namespace pulsedeck
