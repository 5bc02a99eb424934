// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/actcommand.h"
#include "app/ctl/ctloptions.h"
#include "app/ctl/hub/hubctloptions.h"
#include "app/ctl/hub/hubdiscovercommand.h"
#include "app/ctl/hub/hubhealthcommand.h"
#include "app/ctl/hub/hubmetrics.h"
#include "app/ctl/hub/hubsend.h"
#include "app/ctl/listcommand.h"
#include "app/ctl/output.h"
#include "app/ctl/timing/timinglocal.h"
#include "app/ctl/timing/timingremote.h"
#include "app/ctl/watchcommand.h"
#include "models/core/translations.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

int signalPipe[2] = {-1, -1};

// A signal handler may do nearly nothing; the event loop is woken by a byte. The second signal ends the program its own
// way.
void onSignal(int number)
{
    std::signal(number, SIG_DFL);
    const char byte = 1;
    [[maybe_unused]] const ssize_t written = ::write(signalPipe[1], &byte, 1);
}

template <typename Command> int run(Command &command)
{
    QObject::connect(
        &command, &Command::finished, &command, [](CtlExit code) { QCoreApplication::exit(int(code)); }, Qt::QueuedConnection);
    command.start();
    return QCoreApplication::exec();
}

/// SIGINT and SIGTERM end it in order.
template <typename Command> int runUntilSignal(Command &command)
{
    if (::pipe2(signalPipe, O_CLOEXEC | O_NONBLOCK) == 0) {
        auto *notifier = new QSocketNotifier(signalPipe[0], QSocketNotifier::Read, &command);
        QObject::connect(notifier, &QSocketNotifier::activated, &command, [&command, notifier] {
            notifier->setEnabled(false);
            command.finish();
        });
        std::signal(SIGINT, onSignal);
        std::signal(SIGTERM, onSignal);
    }
    return run(command);
}

/// What is to be printed instead of doing anything: what is wrong, or help.
template <typename Options> std::optional<int> answer(const Options &options, Output &output)
{
    if (!options.problem.isEmpty()) {
        Output::complain(options.problem);
        return int(CtlExit::Usage);
    }
    return options.text.isEmpty() ? std::nullopt : std::optional(int(tell(output, options.text.toUtf8(), CtlExit::Done)));
}

int runTiming(const TimingOptions &options, Output &output)
{
    if (const auto code = answer(options, output))
        return *code;
    switch (options.action) {
    case TimingOptions::Action::Check:
        return int(checkTimingFiles(options, output));
    case TimingOptions::Action::Diff:
        return int(diffTimingProfiles(options, output));
    case TimingOptions::Action::WhatIf:
        return int(judgeRecording(options, output));
    default:
        break;
    }
    TimingRemote command(options, output);
    return run(command);
}

int runHub(HubCtlOptions options, Output &output)
{
    options.problem = options.problem.isEmpty() ? options.access.load() : options.problem;
    if (const auto code = answer(options, output))
        return *code;
    switch (options.action) {
    case HubCtlOptions::Action::Health: {
        HubHealthCommand command(options, output);
        return run(command);
    }
    case HubCtlOptions::Action::Actors: {
        ListCommand command(options.asList(), output);
        return run(command);
    }
    case HubCtlOptions::Action::Discover: {
        HubDiscoverCommand command(options, output);
        return runUntilSignal(command);
    }
    case HubCtlOptions::Action::Send: {
        HubSend command(options, output);
        options.problem = command.readData();
        const auto code = answer(options, output);
        return code ? *code : runUntilSignal(command);
    }
    default:
        break;
    }
    HubMetrics command(options, output);
    return runUntilSignal(command);
}

int runFleet(CtlOptions options, Output &output)
{
    options.problem = options.problem.isEmpty() ? options.hubAccess.load() : options.problem;
    if (const auto code = answer(options, output))
        return *code;
    switch (options.action) {
    case CtlOptions::Action::List: {
        ListCommand command(options, output);
        return run(command);
    }
    case CtlOptions::Action::Act: {
        ActCommand command(options, output);
        return runUntilSignal(command);
    }
    default:
        break;
    }
    WatchCommand command(options, output);
    return runUntilSignal(command);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    installTranslations(application);
    // The console's names: what is commanded here is kept in its journal.
    QCoreApplication::setApplicationName(u"pulsedeck"_s);
    QCoreApplication::setOrganizationName(u"pulsedeck"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PULSEDECK_VERSION));

    Output output;
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QString group = arguments.value(0);
    if (group == u"timing"_s)
        return runTiming(TimingOptions::parse(arguments.mid(1), environment), output);
    if (group == u"hub"_s)
        return runHub(HubCtlOptions::parse(arguments.mid(1), environment), output);
    return runFleet(CtlOptions::parse(arguments, environment), output);
}
