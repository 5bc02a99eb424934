// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testprogram.h"

#include <QByteArray>
#include <QFileInfo>

#include <cstdio>
#include <map>

namespace pulsedeck {

namespace {

std::map<QByteArray, TestProgram::Run> &testClasses()
{
    static std::map<QByteArray, TestProgram::Run> all;
    return all;
}

} // namespace

TestProgram::TestProgram(const char *file, Run run)
{
    testClasses().emplace(QFileInfo(QString::fromUtf8(file)).completeBaseName().toUtf8(), run);
}

int TestProgram::main(int argc, char **argv)
{
    const auto found = argc > 1 ? testClasses().find(argv[1]) : testClasses().end();
    if (found == testClasses().end()) {
        for (const auto &[name, run] : testClasses())
            std::printf("%s\n", name.constData());
        return argc > 1 ? 2 : 0;
    }
    argv[1] = argv[0];
    return found->second(argc - 1, argv + 1);
}

} // namespace pulsedeck

int main(int argc, char **argv)
{
    return pulsedeck::TestProgram::main(argc, argv);
}
