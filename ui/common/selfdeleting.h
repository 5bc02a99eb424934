// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace pulsedeck {

/// A window or a menu that is deleted when it closes.
template <typename Widget> Widget *selfDeleting(Widget *widget)
{
    widget->setAttribute(Qt::WA_DeleteOnClose);
    return widget;
}

} // namespace pulsedeck
