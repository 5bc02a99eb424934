// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/commandline.h"

#include <QCommandLineParser>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int mostDemoWorkers = 100'000;
constexpr int mostDemoActors = 50'000; // A hub holds no more.

} // namespace

CommandLine CommandLine::parse(const QStringList &arguments, const QStringList &pages)
{
    CommandLine line;
    QCommandLineParser parser;
    parser.setApplicationDescription(
        u"Pulsedeck watches fleets of workers: which are alive, which only seem to be, and since when.\n"
        "Without arguments it opens with the remembered sources. If the environment sets them, it opens with REDIS_URL or "
        "REDIS_HOST, REDIS_PORT, REDIS_USERNAME, REDIS_PASSWORD and REDIS_TLS, and with SIGNAL_HUB_URL instead. "
        "SIGNAL_HUB_TOKEN, if it is set, is the token for hubs given there or as a URL."_s);
    parser.addPositionalArgument(
        u"url"_s,
        u"Redis to watch: redis://host:port/db, rediss://…, redis+sentinel://host,host2/master, redis+cluster://host,host2, "
        "unix:///path; or a Signal Hub: "
        "ws://host:port/ws, wss://…"_s,
        u"[url…]"_s);
    const QCommandLineOption demo(u"demo"_s, u"Start an embedded fleet on a private redis-server and a simulated hub, "
                                             u"and show both. Its settings, its journal and its history "
                                             "are deleted at its end."_s);
    const QCommandLineOption workers(u"workers"_s, u"Workers of the demo fleet (60)."_s, u"N"_s);
    const QCommandLineOption actors(u"actors"_s, u"Actors at the demo's hub (24); 0 for no hub."_s, u"N"_s);
    const QCommandLineOption page(u"page"_s, u"Page to open: %1."_s.arg(pages.join(u", "_s)), u"NAME"_s);
    const QCommandLineOption theme(u"theme"_s, u"light, dark or system."_s, u"NAME"_s);
    const QCommandLineOption size(u"size"_s, u"Size of the window, as in 1600x1000."_s, u"WxH"_s);
    const QCommandLineOption screenshot(u"screenshot"_s,
                                        u"Save every page to DIR/NAME.png after the first full view, then exit."_s, u"DIR"_s);
    const QCommandLineOption screenshotAfter(u"screenshot-after"_s, u"Wait S seconds before the screenshots."_s, u"S"_s);
    const QCommandLineOption exitAfter(u"exit-after"_s, u"Exit after S seconds."_s, u"S"_s);
    const QCommandLineOption fresh(u"fresh"_s, u"Neither read nor write remembered sources, columns and window places; "
                                               u"journal and history are deleted at the end unless --journal "
                                               "and --history set where to keep them."_s);
    const QCommandLineOption newWindow(u"new-window"_s,
                                       u"Open a new window. Without this option an open window is brought to the front, with the "
                                       "URLs and the page that were given."_s);
    const QCommandLineOption readOnly(u"read-only"_s, u"Never write to any source; nothing can unlock it."_s);
    const QCommandLineOption journal(
        u"journal"_s, u"Keep the journal in FILE instead of the user's data folder; \"none\" records nothing."_s, u"FILE"_s);
    const QCommandLineOption history(
        u"history"_s, u"Keep the history in FILE instead of the user's data folder; \"none\" keeps nothing of the past."_s,
        u"FILE"_s);
    const QCommandLineOption showHistory(
        u"show-history"_s,
        u"Show the history in FILE, as it was exported or on another computer: no source is connected, nothing is recorded, and "
        "FILE is only read."_s,
        u"FILE"_s);
    const QCommandLineOption rules(
        u"rules"_s, u"Read timing rules and presets of your own from FILE instead of rules.json in the settings folder."_s,
        u"FILE"_s);
    const QCommandLineOption layouts(
        u"layout"_s,
        u"Read a layout of your own from FILE, in addition to layouts/*.json in the settings folder; may be given "
        "several times."_s,
        u"FILE"_s);
    const QCommandLineOption timings(u"timings"_s,
                                     u"Print the milliseconds from the start of the process to the first painted window."_s);
    parser.addOptions({demo, workers, actors, page, theme, size, screenshot, screenshotAfter, exitAfter, fresh, newWindow,
                       readOnly, journal, history, showHistory, rules, layouts, timings});
    const QCommandLineOption help = parser.addHelpOption();
    const QCommandLineOption version = parser.addVersionOption();

    const auto wrong = [&line](const QString &text) {
        line.action = Action::Wrong;
        line.text = text + u"\nTry pulsedeck --help.\n"_s;
        return line;
    };
    if (!parser.parse(arguments)) {
        // Qt's own sentences end with a full stop in some cases only.
        const QString problem = parser.errorText().trimmed();
        return wrong(problem.endsWith(u'.') ? problem : QString(problem + u'.'));
    }
    if (parser.isSet(help)) {
        line.action = Action::PrintAndExit;
        // Qt takes the program's name from an application object, which there is none of yet.
        static const QRegularExpression name(u"^Usage: \\S+"_s);
        line.text = parser.helpText().replace(name, u"Usage: pulsedeck"_s);
        return line;
    }
    if (parser.isSet(version)) {
        line.action = Action::PrintAndExit;
        line.text = u"pulsedeck " PULSEDECK_VERSION "\n"_s;
        return line;
    }
    line.urls = parser.positionalArguments();
    line.demo = parser.isSet(demo);
    line.fresh = parser.isSet(fresh);
    line.newWindow = parser.isSet(newWindow);
    line.timings = parser.isSet(timings);
    line.readOnly = parser.isSet(readOnly);
    line.journalFile = parser.value(journal);
    line.rulesFile = parser.value(rules);
    line.layoutFiles = parser.values(layouts);
    line.historyFile = parser.value(history);
    if (parser.isSet(journal) && line.journalFile.isEmpty())
        return wrong(u"--journal takes a file, or none."_s);
    if (parser.isSet(history) && line.historyFile.isEmpty())
        return wrong(u"--history takes a file, or none."_s);
    line.shownHistory = parser.value(showHistory);
    if (parser.isSet(showHistory) && line.shownHistory.isEmpty())
        return wrong(u"--show-history takes a file."_s);
    if (parser.isSet(showHistory)
        && (!line.urls.isEmpty() || line.demo || !line.historyFile.isEmpty() || !line.journalFile.isEmpty()))
        return wrong(u"--show-history shows one file: it takes no URL, --demo, --history or --journal."_s);
    line.screenshotFolder = parser.value(screenshot);
    struct Amount
    {
        const QCommandLineOption &option;
        int most;
        int *target;
    };
    for (const Amount &amount :
         {Amount{workers, mostDemoWorkers, &line.demoWorkers}, Amount{actors, mostDemoActors, &line.demoActors}}) {
        if (!parser.isSet(amount.option))
            continue;
        const QString name = amount.option.names().constFirst();
        bool ok = false;
        *amount.target = parser.value(amount.option).toInt(&ok);
        if (!ok || *amount.target < 0 || *amount.target > amount.most)
            return wrong(u"--%1 takes a number from 0 to %2."_s.arg(name).arg(amount.most));
        if (!line.demo)
            return wrong(u"--%1 goes with --demo."_s.arg(name));
    }
    line.page = parser.value(page);
    if (!line.page.isEmpty() && !pages.contains(line.page))
        return wrong(u"There is no page \"%1\"; there are %2."_s.arg(line.page, pages.join(u", "_s)));
    line.theme = parser.value(theme);
    if (!line.theme.isEmpty() && !QStringList{u"light"_s, u"dark"_s, u"system"_s}.contains(line.theme))
        return wrong(u"--theme takes light, dark or system."_s);
    if (parser.isSet(size)) {
        static const QRegularExpression shape(u"^([0-9]{2,5})x([0-9]{2,5})$"_s);
        const QRegularExpressionMatch match = shape.match(parser.value(size));
        if (!match.hasMatch())
            return wrong(u"--size takes width x height, as in 1600x1000."_s);
        line.size = QSize(match.captured(1).toInt(), match.captured(2).toInt());
    }
    for (const auto &[option, target] :
         {std::pair{&exitAfter, &line.exitAfterSeconds}, std::pair{&screenshotAfter, &line.screenshotAfterSeconds}}) {
        if (!parser.isSet(*option))
            continue;
        bool ok = false;
        *target = parser.value(*option).toDouble(&ok);
        if (!ok || *target < 0 || *target > 86'400)
            return wrong(u"--%1 takes a number of seconds."_s.arg(option->names().constFirst()));
    }
    return line;
}

bool CommandLine::isApart() const
{
    // What was promised of the whole process, above all --read-only, the open window could not keep.
    return isTemporary() || readOnly || timings || exitAfterSeconds >= 0 || !screenshotFolder.isEmpty() || !journalFile.isEmpty()
           || !historyFile.isEmpty() || !rulesFile.isEmpty() || !layoutFiles.isEmpty();
}

} // namespace pulsedeck
