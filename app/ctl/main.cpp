// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/actcommand.h"
#include "app/ctl/ctloptions.h"
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
        &command, &Command::finished, &command, [](CtlExit code) { QCoreApplication::exit(int(code)); },
        Qt::QueuedConnection);
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
    const CtlOptions options = CtlOptions::parse(arguments, QProcessEnvironment::systemEnvironment());
    switch (options.action) {
    case CtlOptions::Action::Wrong:
        Output::complain(options.problem);
        return int(CtlExit::Usage);
    case CtlOptions::Action::Help:
        return output.write(CtlOptions::helpText().toUtf8()) == Output::Result::Failed ? int(CtlExit::Usage) : 0;
    case CtlOptions::Action::Version:
        return output.write(QByteArray("pulsedeckctl " PULSEDECK_VERSION "\n")) == Output::Result::Failed
                   ? int(CtlExit::Usage)
                   : 0;
    case CtlOptions::Action::List: {
        ListCommand command(options, output);
        return run(command);
    }
    case CtlOptions::Action::Act: {
        ActCommand command(options, output);
        return runUntilSignal(command);
    }
    case CtlOptions::Action::Watch:
        break;
    }

    WatchCommand command(options, output);
    return runUntilSignal(command);
}
