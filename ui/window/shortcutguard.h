// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace pulsedeck {

/// Space pauses the fleet from anywhere in the window, except where Space already means something: on buttons, combo
/// boxes and check boxes of lists. There the key is kept from the shortcut. Watches the whole application.
class ShortcutGuard : public QObject
{
    Q_OBJECT

public:
    explicit ShortcutGuard(QObject *parent);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
};

} // namespace pulsedeck
