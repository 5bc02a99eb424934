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

/// pulsedeckctl timing: a command line of its own.
int runTiming(const QStringList &arguments, Output &output)
{
    const TimingOptions options = TimingOptions::parse(arguments, QProcessEnvironment::systemEnvironment());
    switch (options.action) {
    case TimingOptions::Action::Wrong:
        Output::complain(options.problem);
        return int(CtlExit::Usage);
    case TimingOptions::Action::Help:
        return int(tell(output, TimingOptions::helpText().toUtf8(), CtlExit::Done));
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

/// pulsedeckctl hub: a command line of its own.
int runHub(const QStringList &arguments, Output &output)
{
    HubCtlOptions options = HubCtlOptions::parse(arguments, QProcessEnvironment::systemEnvironment());
    if (options.action == HubCtlOptions::Action::Wrong) {
        Output::complain(options.problem);
        return int(CtlExit::Usage);
    }
    if (options.action == HubCtlOptions::Action::Help)
        return int(tell(output, HubCtlOptions::helpText().toUtf8(), CtlExit::Done));
    if (const QString problem = options.access.load(); !problem.isEmpty()) {
        Output::complain(problem);
        return int(CtlExit::Usage);
    }
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
        if (const QString problem = command.readData(); !problem.isEmpty()) {
            Output::complain(problem);
            return int(CtlExit::Usage);
        }
        return runUntilSignal(command);
    }
    default:
        break;
    }
    HubMetrics command(options, output);
    return runUntilSignal(command);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    // The console's names: what is commanded here is kept in its journal.
    QCoreApplication::setApplicationName(u"pulsedeck"_s);
    QCoreApplication::setOrganizationName(u"pulsedeck"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PULSEDECK_VERSION));

    Output output;
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    if (!arguments.isEmpty() && arguments.first() == u"timing"_s)
        return runTiming(arguments.mid(1), output);
    if (!arguments.isEmpty() && arguments.first() == u"hub"_s)
        return runHub(arguments.mid(1), output);
    CtlOptions options = CtlOptions::parse(arguments, QProcessEnvironment::systemEnvironment());
    switch (options.action) {
    case CtlOptions::Action::Wrong:
        Output::complain(options.problem);
        return int(CtlExit::Usage);
    case CtlOptions::Action::Help:
        return output.write(CtlOptions::helpText().toUtf8()) == Output::Result::Failed ? int(CtlExit::Usage) : 0;
    case CtlOptions::Action::Version:
        return output.write(QByteArray("pulsedeckctl " PULSEDECK_VERSION "\n")) == Output::Result::Failed ? int(CtlExit::Usage)
                                                                                                          : 0;
    default:
        break;
    }
    if (const QString problem = options.hubAccess.load(); !problem.isEmpty()) {
        Output::complain(problem);
        return int(CtlExit::Usage);
    }
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
