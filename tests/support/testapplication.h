// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/translations.h"
#include "tests/support/testprogram.h"
#include "ui/theme/theme.h"

#include <QApplication>

namespace pulsedeck {

/// Runs a test class with widgets in the style of the platform.
template <typename Test> int runWithWidgets(int argc, char **argv)
{
    QApplication application(argc, argv);
    installTranslations(application);
    return runPlain<Test>(argc, argv);
}

/// Runs a test class with widgets in the style of the console.
template <typename Test> int runWithTheme(int argc, char **argv)
{
    QApplication application(argc, argv);
    installTranslations(application);
    Theme::instance().install(application);
    return runPlain<Test>(argc, argv);
}

} // namespace pulsedeck
