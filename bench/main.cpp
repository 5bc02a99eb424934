// SPDX-License-Identifier: GPL-3.0-or-later
// pulsedeck-bench: measures what the console costs and how fast it is, on a redis-server and a fleet of its own.
#include "bench/commandchild.h"
#include "bench/consolechild.h"
#include "bench/holdchild.h"
#include "bench/measures.h"
#include "bench/timelinechild.h"
#include "bench/travelchild.h"
#include "models/core/translations.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace pulsedeck::bench;

int main(int argc, char **argv)
{
    if (argc > 2 && qstrcmp(argv[1], "--console-child") == 0)
        return consoleChild(argc, argv);
    if (argc > 5 && qstrcmp(argv[1], "--command-child") == 0)
        return commandChild(argc, argv);
    if (argc > 3 && qstrcmp(argv[1], "--hold-child") == 0)
        return holdChild(argc, argv);
    if (argc > 4 && qstrcmp(argv[1], "--timeline-child") == 0)
        return timelineChild(argc, argv);
    if (argc > 3 && qstrcmp(argv[1], "--travel-child") == 0)
        return travelChild(argc, argv);

    QCoreApplication application(argc, argv);
    pulsedeck::installTranslations(application);
    QCoreApplication::setApplicationName(u"pulsedeck-bench"_s);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Measures Pulsedeck on a redis-server and a simulated fleet of its own, and prints\n"
                                     "measure | value | against | aim | ok. The exit code is 1 if an aim was missed or a measure "
                                     "could not be taken."_s);
    const QCommandLineOption json(u"json"_s, u"Write an array of objects {id,value,unit,against,aim,ok} to FILE."_s, u"FILE"_s);
    const QCommandLineOption markdown(u"markdown"_s, u"Write the table between the marks of FILE."_s, u"FILE"_s);
    const QCommandLineOption quick(u"quick"_s, u"Fewer and shorter rounds."_s);
    const QCommandLineOption only(u"only"_s, u"Only the measures whose ids contain one of these words."_s, u"ID,…"_s);
    parser.addOptions({json, markdown, quick, only});
    parser.addHelpOption();
    parser.process(application);

    qputenv("QT_NO_THREADED_GLIB", "1"); // As the console does.

    Run run;
    run.quick = parser.isSet(quick);
    run.only = parser.value(only).split(u',', Qt::SkipEmptyParts);
    QElapsedTimer time;
    time.start();
    std::fprintf(stderr, "%s\n", qPrintable(machineText()));
    measureStart(run);
    measureLoad(run);
    measureCommands(run);
    measureJournal(run);
    measureHistory(run);
    measureTiming(run);
    measureTimeline(run);
    measureHubs(run);
    measureCost(run);
    measureAlerts(run);
    measureLayouts(run);
    measureRest(run);
    measureLive(run);

    std::fprintf(stderr, "took %lld s\n\n", time.elapsed() / 1000);
    std::fputs(tableText(run).toUtf8().constData(), stdout);
    bool good = run.failures.isEmpty() && !run.figures.empty();
    for (const Figure &figure : run.figures)
        good = good && figure.ok;
    if (parser.isSet(json)) {
        QFile file(parser.value(json));
        if (!file.open(QIODevice::WriteOnly) || file.write(jsonText(run)) < 0) {
            std::fprintf(stderr, "%s cannot be written: %s\n", qPrintable(file.fileName()), qPrintable(file.errorString()));
            return 2;
        }
    }
    if (parser.isSet(markdown)) {
        QString error;
        if (!replaceBetweenMarks(parser.value(markdown), markdownText(run), &error)) {
            std::fprintf(stderr, "%s\n", qPrintable(error));
            return 2;
        }
    }
    return good ? 0 : 1;
}
