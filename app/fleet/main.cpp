// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/fleet/fleetsimulator.h"
#include "app/fleet/linereader.h"
#include "app/fleet/processguard.h"
#include "app/redis/systemclock.h"

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

using namespace pulsedeck;
using namespace pulsedeck::fleet;

namespace {

void say(const QByteArray &line)
{
    std::fwrite(line.constData(), 1, size_t(line.size()), stdout);
    std::fputc('\n', stdout);
    std::fflush(stdout);
}

void complain(const QString &text)
{
    std::fprintf(stderr, "pulsedeck-fleet: %s\n", text.toUtf8().constData());
}

} // namespace

int main(int argc, char *argv[])
{
    // Started with its standard input closed, another descriptor would get the number and be read for commands.
    if (fcntl(STDIN_FILENO, F_GETFD) < 0 && open("/dev/null", O_RDONLY) < 0)
        return 1;
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("pulsedeck-fleet"));
    QCoreApplication::setApplicationVersion(QStringLiteral(PULSEDECK_VERSION));

    const auto parsed = FleetOptions::parse(QCoreApplication::arguments(), QProcessEnvironment::systemEnvironment());
    if (parsed.outcome == FleetOptions::Outcome::Say) {
        std::fputs(parsed.text.toUtf8().constData(), stdout);
        return 0;
    }
    if (parsed.outcome == FleetOptions::Outcome::Wrong) {
        complain(parsed.text);
        std::fputs("Try pulsedeck-fleet --help.\n", stderr);
        return 2;
    }
    const FleetOptions &options = parsed.options;
    if (options.parentPid > 0 && !ProcessGuard::bindToParent(options.parentPid)) {
        complain(QStringLiteral("The parent process %1 is not there any more").arg(options.parentPid));
        return 0;
    }

    const SystemClock clock;
    ProcessGuard guard;
    FleetSimulator simulator(options, clock);
    LineReader input(STDIN_FILENO);
    QObject::connect(&input, &LineReader::line, &simulator, &FleetSimulator::obey);
    QObject::connect(&guard, &ProcessGuard::stopAsked, &simulator, &FleetSimulator::stop);
    QObject::connect(&guard, &ProcessGuard::nextFailureAsked, &simulator, &FleetSimulator::nextFailure);
    QObject::connect(&guard, &ProcessGuard::outageAsked, &simulator, &FleetSimulator::outage);
    QObject::connect(&simulator, &FleetSimulator::said, &simulator, [](const QByteArray &line) { say(line); });
    QObject::connect(&simulator, &FleetSimulator::complained, &simulator, [](const QString &text) { complain(text); });
    QObject::connect(
        &simulator, &FleetSimulator::finished, &application, [](int code) { QCoreApplication::exit(code); },
        Qt::QueuedConnection);
    QTimer::singleShot(0, &simulator, &FleetSimulator::start);
    return QCoreApplication::exec();
}
