// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/columnscroll.h"

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
}

} // namespace pulsedeck
