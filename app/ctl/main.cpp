// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/actcommand.h"
#include "app/ctl/alerts/alertplanfile.h"
#include "app/ctl/alerts/alertreports.h"
#include "app/ctl/alerts/alertscheck.h"
#include "app/ctl/alerts/alertsrun.h"
#include "app/ctl/ctlline.h"
#include "app/ctl/ctloptions.h"
#include "app/ctl/history/historycommand.h"
#include "app/ctl/history/importcommand.h"
#include "app/ctl/history/reportcommand.h"
#include "app/ctl/hub/hubctloptions.h"
#include "app/ctl/hub/hubdiscovercommand.h"
#include "app/ctl/hub/hubhealthcommand.h"
#include "app/ctl/hub/hubmetrics.h"
#include "app/ctl/hub/hubsend.h"
#include "app/ctl/layouts/detectcommand.h"
#include "app/ctl/layouts/layoutreports.h"
#include "app/ctl/layouts/systemoptions.h"
#include "app/ctl/listcommand.h"
#include "app/ctl/output.h"
#include "app/ctl/queuescommand.h"
#include "app/ctl/timing/systemreport.h"
#include "app/ctl/timing/timinglocal.h"
#include "app/ctl/timing/timingremote.h"
#include "app/ctl/watchcommand.h"
#include "app/sources/commandarguments.h"
#include "models/core/translations.h"

#include <QCoreApplication>
#include <QDateTime>
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

/// What SIGINT and SIGTERM do to a command.
enum class Interrupted { Ends, Kills };

int run(CtlCommand &command, Interrupted interrupted = Interrupted::Ends)
{
    QObject::connect(
        &command, &CtlCommand::finished, &command, [](CtlExit code) { QCoreApplication::exit(int(code)); }, Qt::QueuedConnection);
    if (interrupted == Interrupted::Ends && ::pipe2(signalPipe, O_CLOEXEC | O_NONBLOCK) == 0) {
        auto *notifier = new QSocketNotifier(signalPipe[0], QSocketNotifier::Read, &command);
        QObject::connect(notifier, &QSocketNotifier::activated, &command, [&command, notifier] {
            notifier->setEnabled(false);
            command.finish();
        });
        std::signal(SIGINT, onSignal);
        std::signal(SIGTERM, onSignal);
    }
    command.start();
    return QCoreApplication::exec();
}

template <typename Command, typename Options>
int run(const Options &options, Output &output, Interrupted interrupted = Interrupted::Ends)
{
    Command command(options, output);
    return run(command, interrupted);
}

/// Reports what is wrong with the command line, or prints help: the exit code then, else nothing.
std::optional<int> answer(CommonOptions &options, Output &output)
{
    if (options.problem.isEmpty())
        options.problem = options.hubAccess.load();
    if (!options.problem.isEmpty()) {
        Output::complain(options.problem);
        return int(CtlExit::Usage);
    }
    return options.text.isEmpty() ? std::nullopt : std::optional(int(output.print(options.text.toUtf8(), CtlExit::Done)));
}

std::optional<CtlExit> runLocally(const TimingOptions &options, Output &output)
{
    switch (options.action) {
    case TimingOptions::Action::Check:
        return options.system.isEmpty() ? checkTimingFiles(options, output) : checkSystemTiming(options, output);
    case TimingOptions::Action::Diff:
        return diffTimingProfiles(options, output);
    case TimingOptions::Action::WhatIf:
        return options.system.isEmpty() ? judgeRecording(options, output) : judgeSystemRecording(options, output);
    case TimingOptions::Action::Show:
        return options.system.isEmpty() ? std::nullopt : std::optional(showSystemTiming(options, output));
    default:
        return std::nullopt;
    }
}

int runTiming(TimingOptions options, Output &output)
{
    if (const auto code = answer(options, output))
        return *code;
    if (const auto code = runLocally(options, output))
        return int(*code);
    return run<TimingRemote>(options, output, Interrupted::Kills);
}

int runHub(HubCtlOptions options, Output &output)
{
    if (const auto code = answer(options, output))
        return *code;
    switch (options.action) {
    case HubCtlOptions::Action::Health:
        return run<HubHealthCommand>(options, output, Interrupted::Kills);
    case HubCtlOptions::Action::Actors:
        return run<ListCommand>(options.asList(), output, Interrupted::Kills);
    case HubCtlOptions::Action::Discover:
        return run<HubDiscoverCommand>(options, output);
    case HubCtlOptions::Action::Send: {
        HubSend command(options, output);
        const QString problem = command.readData(); // From standard input perhaps: a signal has to end that.
        if (problem.isEmpty())
            return run(command);
        Output::complain(problem);
        return int(CtlExit::Usage);
    }
    default:
        return run<HubMetrics>(options, output);
    }
}

int runLayouts(LayoutCtlOptions options, Output &output)
{
    if (const auto code = answer(options, output))
        return *code;
    if (options.action != LayoutCtlOptions::Action::Detect)
        return int(reportLayouts(options, output));
    const LayoutCatalog catalog = loadLayouts(options);
    SystemChoices choices;
    const QString problem = chooseSystems(options, catalog, &choices);
    if (!problem.isEmpty() || (!options.layoutFiles.isEmpty() && !catalog.problems().empty())) {
        if (!problem.isEmpty())
            Output::complain(problem);
        return int(CtlExit::Usage);
    }
    DetectCommand command(options, catalog, choices, output);
    return run(command, Interrupted::Kills);
}

int runHistory(HistoryCtlOptions options, Output &output)
{
    if (const auto code = answer(options, output))
        return *code;
    if (options.action == HistoryCtlOptions::Action::Import)
        return run<ImportCommand>(options, output, Interrupted::Kills);
    return run<HistoryCommand>(options, output, Interrupted::Kills);
}

int runReport(ReportOptions options, Output &output)
{
    if (const auto code = answer(options, output))
        return *code;
    return run<ReportCommand>(options, output, Interrupted::Kills);
}

/// Into the settings of each source. A sentence if that cannot be.
QString chooseSystemsOf(CtlOptions &options)
{
    SystemChoices choices;
    if (options.onlySystems.isEmpty() && options.withoutSystems.isEmpty())
        return {};
    const QString problem = chooseSystems(options, readLayouts(options), &choices);
    for (SourceSettings &source : options.sources)
        source.systems = choices;
    return problem;
}

int runAlerts(const CtlOptions &options, Output &output, int wrong)
{
    const AlertPlanReading reading = loadAlertPlan(options.alertsFile);
    if (!reading.ok()) // What a rule would have found would not be seen.
        return wrong;
    if (options.action == CtlOptions::Action::AlertsCheck) {
        AlertsCheck command(options, reading.plan, output);
        return run(command, Interrupted::Kills);
    }
    AlertsRun command(options, reading.plan, output);
    return run(command);
}

/// \a wrong: the exit code for a wrong command line.
int runFleet(CtlOptions options, Output &output, int wrong)
{
    if (const auto code = answer(options, output))
        return *code == int(CtlExit::Usage) ? wrong : *code;
    // A layout that was named and is not used would leave its workers out.
    if (!options.layoutFiles.isEmpty() && !loadLayouts(options).problems().empty())
        return wrong;
    if (const QString problem = chooseSystemsOf(options); !problem.isEmpty()) {
        Output::complain(problem);
        return wrong;
    }
    switch (options.action) {
    case CtlOptions::Action::List:
        return run<ListCommand>(options, output, Interrupted::Kills);
    case CtlOptions::Action::Queues:
        return run<QueuesCommand>(options, output, Interrupted::Kills);
    case CtlOptions::Action::AlertsCheck:
    case CtlOptions::Action::AlertsRun:
        return runAlerts(options, output, wrong);
    case CtlOptions::Action::AlertsRules:
        return int(reportAlertRules(options, output));
    case CtlOptions::Action::Act:
        return run<ActCommand>(options, output);
    default:
        return run<WatchCommand>(options, output);
    }
}

} // namespace

int main(int argc, char *argv[])
{
    const CommandArguments given = CommandArguments::take(argc, argv);
    QCoreApplication application(argc, argv);
    installTranslations(application);
    // The console's names: what is commanded here is kept in its journal.
    QCoreApplication::setApplicationName(u"pulsedeck"_s);
    QCoreApplication::setOrganizationName(u"pulsedeck"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PULSEDECK_VERSION));

    Output output;
    const QStringList arguments = given.all.mid(1);
    if (given.heldSecret)
        Output::complain(CommandArguments::warning() + u' ' + CommandArguments::advice());
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QString group = arguments.value(0);
    if (group == u"timing"_s)
        return runTiming(TimingOptions::parse(arguments.mid(1), environment), output);
    if (group == u"layouts"_s)
        return runLayouts(LayoutCtlOptions::parse(arguments.mid(1), environment), output);
    if (group == u"history"_s)
        return runHistory(HistoryCtlOptions::parse(arguments.mid(1), QDateTime::currentMSecsSinceEpoch()), output);
    if (group == u"hub"_s)
        return runHub(HubCtlOptions::parse(arguments.mid(1), environment), output);
    const CtlLine line = CtlLine::read(u"", arguments);
    if (line.command() && line.command()->name == "report"_L1)
        return runReport(ReportOptions::parse(arguments, QDateTime::currentMSecsSinceEpoch()), output);
    // To a monitoring system 2 would mean that something is wrong with the fleet.
    const bool check = group == u"alerts"_s && arguments.contains(u"check"_s);
    return runFleet(CtlOptions::parse(arguments, environment), output, int(check ? CtlExit::NoConnection : CtlExit::Usage));
}
