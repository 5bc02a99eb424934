// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulator/fleetsimulator.h"
#include "app/simulator/hubsimulator.h"
#include "app/simulator/linereader.h"
#include "app/simulator/processguard.h"
#include "app/simulator/simulatedsystems.h"
#include "app/simulator/systemfleet.h"
#include "app/sources/commandarguments.h"
#include "app/sources/systemclock.h"
#include "models/core/translations.h"

#include <QCoreApplication>
#include <QTimer>

#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <type_traits>
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
    const CommandArguments given = CommandArguments::take(argc, argv);
    if (given.heldSecret)
        complain(CommandArguments::warning() + QLatin1Char(' ') + CommandArguments::advice());
    QCoreApplication application(argc, argv);
    installTranslations(application);
    QCoreApplication::setApplicationName(QStringLiteral("pulsedeck-fleet"));
    QCoreApplication::setApplicationVersion(QStringLiteral(PULSEDECK_VERSION));

    const auto parsed = FleetOptions::parse(given.all, QProcessEnvironment::systemEnvironment());
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
    LineReader input(STDIN_FILENO);
    const auto end = [&application](int code) {
        QMetaObject::invokeMethod(
            &application, [code] { QCoreApplication::exit(code); }, Qt::QueuedConnection);
    };

    std::unique_ptr<HubSimulator> hub;
    if (options.hub.isWanted()) {
        hub = std::make_unique<HubSimulator>(options, clock);
        QObject::connect(hub.get(), &HubSimulator::said, hub.get(), [](const QByteArray &line) { say(line); });
        QObject::connect(hub.get(), &HubSimulator::complained, hub.get(), [](const QString &text) { complain(text); });
        QObject::connect(hub.get(), &HubSimulator::failed, &application, end);
        QTimer::singleShot(0, hub.get(), &HubSimulator::start);
    }
    const auto attach = [&application, &end](auto *fleet) {
        using Fleet = std::remove_pointer_t<decltype(fleet)>;
        QObject::connect(fleet, &Fleet::said, fleet, [](const QByteArray &line) { say(line); });
        QObject::connect(fleet, &Fleet::complained, fleet, [](const QString &text) { complain(text); });
        QObject::connect(fleet, &Fleet::finished, &application, end);
        QTimer::singleShot(0, fleet, &Fleet::start);
    };
    std::unique_ptr<FleetSimulator> fleet;
    std::unique_ptr<SystemFleet> system;
    if (options.hasRedis && options.layout != u"playwright") {
        system = makeSystemFleet(options, clock);
        attach(system.get());
        QObject::connect(&guard, &ProcessGuard::outageAsked, system.get(), &SystemFleet::outage);
    } else if (options.hasRedis) {
        fleet = std::make_unique<FleetSimulator>(options, clock);
        attach(fleet.get());
        QObject::connect(&guard, &ProcessGuard::nextFailureAsked, fleet.get(), &FleetSimulator::nextFailure);
        QObject::connect(&guard, &ProcessGuard::outageAsked, fleet.get(), &FleetSimulator::outage);
    }
    const auto stop = [&hub, &fleet, &system, &end] {
        if (hub)
            hub->stop();
        if (system)
            system->stop();
        else if (fleet)
            fleet->stop();
        else
            end(0);
    };
    QObject::connect(&guard, &ProcessGuard::stopAsked, &application, stop);
    QObject::connect(&input, &LineReader::line, &application, [&hub, &fleet, &system, &stop](const QByteArray &line) {
        const QByteArray order = line.simplified();
        if (order == "quit")
            stop();
        else if (hub && ((!fleet && !system) || order == "hub" || order.startsWith("hub ")))
            hub->obey(order);
        else if (system)
            system->obey(order);
        else if (fleet)
            fleet->obey(line);
    });
    if (!fleet && !system && options.exitAfter > 0)
        QTimer::singleShot(int(options.exitAfter), &application, stop);
    return QCoreApplication::exec();
}
