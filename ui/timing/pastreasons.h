// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

namespace pulsedeck {

/// Why parts of the Timing page are off while another time than now is shown: trying values stays, what leaves the page does not.
class PastReasons
{
    Q_DECLARE_TR_FUNCTIONS(PastReasons)

public:
    /// Review, apply, roll back.
    static QString apply();
    /// Reading values from files and writing them.
    static QString files();
    /// Loading rules and presets.
    static QString rules();
    /// Copying and exporting what is to be changed of a system.
    static QString handOn();
};

} // namespace pulsedeck
