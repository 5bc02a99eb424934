// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/translations.h"

#include <QCoreApplication>
#include <QTest>

namespace pulsedeck {

/// One program holds many test classes, since linking and precompiling cost more than most of the classes themselves. Each class
/// adds itself; the program is started as `models_tests fleetstore_test [QtTest's own arguments]`, without a name it lists them.
/// One class runs per process, as if it had a program of its own.
class TestProgram
{
public:
    using Run = int (*)(int argc, char **argv);

    /// \a file: the source of the class, which gives it its name.
    TestProgram(const char *file, Run run);
    static int main(int argc, char **argv);
};

/// Runs a test class that needs no event loop.
template <typename Test> int runPlain(int argc, char **argv)
{
    Test test;
    return QTest::qExec(&test, argc, argv);
}

template <typename Test> int runWithEvents(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    installTranslations(application);
    return runPlain<Test>(argc, argv);
}

} // namespace pulsedeck

/// Adds a test class to its program: PULSEDECK_TEST(FleetStoreTest, runWithEvents).
#define PULSEDECK_TEST(Class, run) static const pulsedeck::TestProgram programOf##Class(__FILE__, run<Class>);
