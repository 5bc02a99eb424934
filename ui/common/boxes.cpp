// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/boxes.h"

#include "ui/theme/theme.h"

namespace pulsedeck {

namespace {

template <typename Layout> Layout *boxOf(QWidget *parent, int spacing, const QMargins &margins)
{
    auto *layout = new Layout(parent);
    layout->setContentsMargins(pxMargins(margins.left(), margins.top(), margins.right(), margins.bottom()));
    if (spacing >= 0)
        layout->setSpacing(px(spacing));
    return layout;
}

} // namespace

QHBoxLayout *hbox(QWidget *parent, int spacing, const QMargins &margins)
{
    return boxOf<QHBoxLayout>(parent, spacing, margins);
}

QVBoxLayout *vbox(QWidget *parent, int spacing, const QMargins &margins)
{
    return boxOf<QVBoxLayout>(parent, spacing, margins);
}

QMargins pxMargins(int left, int top, int right, int bottom)
{
    return {px(left), px(top), px(right), px(bottom)};
}

void addWidgets(QBoxLayout *layout, std::initializer_list<QWidget *> widgets)
{
    for (QWidget *widget : widgets)
        layout->addWidget(widget);
}

} // namespace pulsedeck
