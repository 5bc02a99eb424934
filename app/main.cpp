// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/commandline.h"
#include "app/console/console.h"
#include "app/console/screenshots.h"
#include "app/console/settingsfile.h"
#include "app/console/singlewindow.h"
#include "app/console/starttimings.h"
#include "app/sources/commandarguments.h"
#include "models/core/translations.h"
#include "ui/alerts/alertspage.h"
#include "ui/theme/theme.h"
#include "ui/window/mainwindow.h"

#include <QApplication>
#include <QSocketNotifier>
#include <QTimer>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

int signalSockets[2] = {-1, -1};

void onSignal(int)
{
    const char byte = 1;
    [[maybe_unused]] const ssize_t written = ::write(signalSockets[0], &byte, 1);
}

/// Ctrl-C and kill end the program by its event loop, so that the demo's children and the settings are seen to.
void quitOnSignals(QApplication &application)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, signalSockets) != 0)
        return;
    auto *notifier = new QSocketNotifier(signalSockets[1], QSocketNotifier::Read, &application);
    QObject::connect(notifier, &QSocketNotifier::activated, &application, [] { QCoreApplication::quit(); });
    struct sigaction action = {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

void print(FILE *stream, const QString &text)
{
    std::fputs(qPrintable(text), stream);
    std::fflush(stream);
}

/// Qt ends a program that finds no display by abort(). Only while the application object is made.
void onStartMessage(QtMsgType type, const QMessageLogContext &, const QString &text)
{
    if (type != QtFatalMsg) {
        // What the platform's plugins say before they give up; the sentence below says it all.
        return;
    }
    const bool display = text.contains("platform plugin"_L1) || text.contains("display"_L1);
    const QByteArray name = qgetenv("DISPLAY");
    print(stderr, display ? QString(
                      u"There is no display to open the window on ("_s
                      + (name.isEmpty() ? u"DISPLAY is not set"_s : QString(QString::fromLocal8Bit(name) + u" cannot be used"_s))
                      + u"); pulsedeckctl works without one.\n"_s)
                          : QString(text + u'\n'));
    std::_Exit(2);
}

QString asSentence(const QString &text)
{
    return text + (text.endsWith(u'.') ? u"\n"_s : u".\n"_s);
}

/// The process the request goes to has an environment of its own: a token named by ours goes with the request.
void useOwnTokens(pulsedeck::WindowRequest &request)
{
    using namespace pulsedeck;
    for (SourceSettings &source : request.sources) {
        if (source.tokenFrom != TokenFrom::Environment)
            continue;
        source.token = qEnvironmentVariable(source.tokenVariable.toUtf8().constData());
        source.tokenFrom = TokenFrom::Typed;
    }
}

} // namespace

int main(int argc, char **argv)
{
    using namespace pulsedeck;
    const CommandArguments arguments = CommandArguments::take(argc, argv);
    if (arguments.heldSecret)
        print(stderr, CommandArguments::warning() + u' ' + CommandArguments::advice() + u'\n');
    CommandLine line = CommandLine::parse(arguments.all, MainWindow::pageNames() + QStringList(pulsedeck::AlertsPage::pageName));
    if (line.action != CommandLine::Action::Run) {
        print(line.action == CommandLine::Action::Wrong ? stderr : stdout, line.text);
        return line.action == CommandLine::Action::Wrong ? 2 : 0;
    }

    const QtMessageHandler usual = qInstallMessageHandler(onStartMessage);
    QApplication application(argc, argv);
    pulsedeck::installTranslations(application);
    qInstallMessageHandler(usual);
    QCoreApplication::setApplicationName(u"pulsedeck"_s);
    QCoreApplication::setOrganizationName(u"pulsedeck"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(PULSEDECK_VERSION));
    QGuiApplication::setDesktopFileName(u"org.pulsedeck.Pulsedeck"_s);
    quitOnSignals(application);

    QTemporaryDir nowhere;
    const QString file = line.isTemporary() ? nowhere.filePath(u"pulsedeck.ini"_s) : QString();
    std::unique_ptr<SettingsFile> settings =
        line.isTemporary()
            ? std::make_unique<SettingsFile>(file, QSettings::IniFormat)
            : std::make_unique<SettingsFile>(QSettings::IniFormat, QSettings::UserScope, u"pulsedeck"_s, u"pulsedeck"_s);
    line.program = QCoreApplication::applicationFilePath();

    SingleWindow single(settings->fileName());
    QString note;
    if (!line.isApart()) {
        WindowRequest request;
        QString wrong;
        if (!Console::wantedSources(line, &request.sources, &wrong)) {
            print(stderr, asSentence(wrong));
            return 2;
        }
        useOwnTokens(request);
        request.page = line.page;
        request.theme = line.theme;
        request.activation = qgetenv("XDG_ACTIVATION_TOKEN");
        switch (single.begin(request, !line.newWindow)) {
        case SingleWindow::Outcome::HandedOver:
            print(stdout, u"The Pulsedeck window that is open was brought to the front; --new-window opens another.\n"_s);
            return 0;
        case SingleWindow::Outcome::Unanswered:
            note = u"The Pulsedeck window that is open does not answer"_s;
            break;
        case SingleWindow::Outcome::First:
        case SingleWindow::Outcome::Alone:
            break;
        }
    }
    const QString theme = line.theme.isEmpty() ? settings->value(u"theme"_s, u"system"_s).toString() : line.theme;
    Theme::instance().install(application);
    Theme::instance().setChoice(theme == "light"_L1  ? ThemeChoice::Light
                                : theme == "dark"_L1 ? ThemeChoice::Dark
                                                     : ThemeChoice::System);

    Console console(line, *settings);
    QObject::connect(&single, &SingleWindow::requested, &console, &Console::takeRequest);
    QObject::connect(&application, &QCoreApplication::aboutToQuit, &single, &SingleWindow::stopListening);
    int exitCode = 0;
    if (!line.screenshotFolder.isEmpty()) {
        QObject::connect(&console, &Console::firstFullView, &application, [&] {
            QTimer::singleShot(int(line.screenshotAfterSeconds * 1000) + 400, &application, [&] {
                QString error;
                const auto &sources = console.sources().all();
                const auto redis = std::find_if(sources.begin(), sources.end(),
                                                [](const SourceSettings &source) { return source.has(SourceField::Systems); });
                if (!saveScreenshots(console.window(), line.screenshotFolder, &error)
                    || (redis != sources.end() && !saveConnectDialog(console.window(), *redis, line.screenshotFolder, &error))) {
                    print(stderr, error + u'\n');
                    exitCode = 1;
                }
                QCoreApplication::exit(exitCode);
            });
        });
    }
    if (line.exitAfterSeconds >= 0)
        QTimer::singleShot(int(line.exitAfterSeconds * 1000), &application, [] { QCoreApplication::quit(); });
    if (line.timings)
        new StartTimings(console.window());
    QString error;
    if (!console.start(&error)) {
        print(stderr, asSentence(error));
        return 2;
    }
    if (!note.isEmpty())
        console.window().showNotice(note,
                                    u"This is another one: both may be used, and neither loses what the other remembers."_s);
    if (arguments.heldSecret)
        console.window().showNotice(CommandArguments::warning(), CommandArguments::advice());
    if (!line.screenshotFolder.isEmpty() && line.urls.isEmpty() && !line.demo && console.sources().rowCount() == 0) {
        // Nothing to wait for: the first full view is the empty window.
        QTimer::singleShot(0, &console, &Console::firstFullView);
    }
    return application.exec();
}
