// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/buttons.h"

#include <QPushButton>

namespace pulsedeck {

QPushButton *plainButton(const QString &text, const QString &name, QWidget *parent, ButtonRole role)
{
    auto *button = new QPushButton(text, parent);
    button->setObjectName(name);
    button->setAutoDefault(false);
    if (role != ButtonRole::Normal)
        setButtonRole(button, role);
    return button;
}

} // namespace pulsedeck
