// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/style.h"

#include <QString>

class QPushButton;

namespace pulsedeck {

/// A button that Enter in another field does not press; \a name is its object name.
QPushButton *plainButton(const QString &text, const QString &name, QWidget *parent, ButtonRole role = ButtonRole::Normal);

} // namespace pulsedeck
