// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/consolechild.h"

#include "app/console/console.h"
#include "app/console/settingsfile.h"
#include "bench/consoleprobe.h"
#include "bench/loopwatch.h"
#include "bench/statistics.h"
#include "ui/fleet/fleetpage.h"
#include "ui/fleet/fleetview.h"
#include "ui/theme/theme.h"
#include "ui/window/mainwindow.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPixmap>
#include <QSocketNotifier>
#include <QTemporaryDir>

#include <cstdio>
#include <sys/resource.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace pulsedeck::bench {

namespace {

double cpuMs()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto ms = [](const timeval &time) { return double(time.tv_sec) * 1e3 + double(time.tv_usec) / 1e3; };
    return ms(used.ru_utime) + ms(used.ru_stime);
}

double residentMb()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * double(::sysconf(_SC_PAGESIZE)) / 1024 / 1024;
}

/// Obeys the lines of standard input. Each is answered before the next is read.
class Commands : public QObject
{
public:
    Commands(WatchedApplication &application, Console &console)
        : m_application(application)
        , m_console(console)
        , m_probe(application, console.store(), console.window().fleetPage(), console.clock())
        , m_startedNs(steadyNs())
        , m_notifier(STDIN_FILENO, QSocketNotifier::Read)
    {
        connect(console.source(1), &FleetSource::batchReady, &m_probe, &ConsoleProbe::onBatch);
        connect(&m_notifier, &QSocketNotifier::activated, this, &Commands::onInput);
        connect(&console.store(), &FleetStore::ticked, this, &Commands::lookForLive);
        m_application.beginWatch();
    }

private:
    void onInput()
    {
        char bytes[512];
        const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (count <= 0) {
            QCoreApplication::quit(); // The benchmark is gone.
            return;
        }
        m_input.append(bytes, count);
        for (qsizetype end; (end = m_input.indexOf('\n')) >= 0;) {
            const QByteArray line = m_input.first(end);
            m_input.remove(0, end + 1);
            // From the event loop and not from within this slot: some commands run the loop themselves.
            QMetaObject::invokeMethod(
                this, [this, line] { obey(line); }, Qt::QueuedConnection);
        }
    }

    void obey(const QByteArray &line)
    {
        const QByteArrayList words = line.split(' ');
        const QByteArray &verb = words.first();
        if (verb == "live") {
            m_wanted = words.value(1).toInt();
            lookForLive();
        } else if (verb == "begin") {
            m_probe.begin();
            m_application.beginWatch();
            m_cpuMs = cpuMs();
            m_windowNs = steadyNs();
            answer({});
        } else if (verb == "end") {
            answer(window());
        } else if (verb == "beats") {
            answer({{u"beats"_s, double(m_console.store().beatsSeen())}});
        } else if (verb == "filter") {
            answerTimes(m_probe.typeFilter(QString::fromUtf8(words.value(1)), words.value(2).toInt()));
        } else if (verb == "sort") {
            answerTimes(m_probe.clickHeaders(words.value(1).toInt()));
        } else if (verb == "grab") {
            answer({{u"saved"_s, m_console.window().grab().save(QString::fromUtf8(words.value(1)))}});
        } else if (verb == "minimise") {
            m_console.window().showMinimized();
            answer({});
        } else if (verb == "quit") {
            QCoreApplication::quit();
        }
    }

    void lookForLive()
    {
        const FleetStore &store = m_console.store();
        if (m_wanted == 0 || store.sourceStatus(1).state != SourceState::Live
            || m_console.window().fleetPage().model().matchCount() < m_wanted)
            return;
        m_wanted = 0;
        QJsonObject object = stalls();
        object.insert(u"ms"_s, double(steadyNs() - m_startedNs) / 1e6);
        answer(object);
    }

    QJsonObject stalls() const
    {
        const WatchedApplication::Stalls stalls = m_application.stalls();
        return {{u"stallP99"_s, stalls.p99Ms},
                {u"stallLongest"_s, stalls.longestMs},
                {u"iterationP99"_s, stalls.p99OfIterationsMs},
                {u"iterations"_s, stalls.iterations},
                {u"busy"_s, stalls.busyShare}};
    }

    QJsonObject window() const
    {
        QJsonObject object = stalls();
        const double wallMs = double(steadyNs() - m_windowNs) / 1e6;
        object.insert(u"cpu"_s, (cpuMs() - m_cpuMs) / wallMs * 100);
        object.insert(u"storedP99"_s, quantile(m_probe.storedMs(), 0.99));
        object.insert(u"storedMedian"_s, median(m_probe.storedMs()));
        object.insert(u"stored"_s, double(m_probe.storedMs().size()));
        object.insert(u"paintedP99"_s, quantile(m_probe.paintedMs(), 0.99));
        object.insert(u"paintedMedian"_s, median(m_probe.paintedMs()));
        object.insert(u"painted"_s, double(m_probe.paintedMs().size()));
        object.insert(u"unseen"_s, m_probe.unseen());
        object.insert(u"residentMb"_s, residentMb());
        return object;
    }

    static void answerTimes(const std::vector<double> &ms)
    {
        answer({{u"p95"_s, quantile(ms, 0.95)},
                {u"median"_s, median(ms)},
                {u"longest"_s, greatest(ms)},
                {u"count"_s, double(ms.size())}});
    }

    static void answer(const QJsonObject &object)
    {
        const QByteArray line = "answer " + QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
        std::fwrite(line.constData(), 1, size_t(line.size()), stdout);
        std::fflush(stdout);
    }

    WatchedApplication &m_application;
    Console &m_console;
    ConsoleProbe m_probe;
    QByteArray m_input;
    qint64 m_startedNs;
    qint64 m_windowNs = 0;
    double m_cpuMs = 0;
    int m_wanted = 0;
    QSocketNotifier m_notifier;
};

} // namespace

int consoleChild(int argc, char **argv)
{
    qputenv("QT_QPA_PLATFORM", qEnvironmentVariable("PULSEDECK_BENCH_PLATFORM", u"offscreen"_s).toLocal8Bit());
    WatchedApplication application(argc, argv);
    QTemporaryDir folder;
    SettingsFile settings(folder.filePath(u"pulsedeck.ini"_s), QSettings::IniFormat);
    Theme::instance().install(application);
    Theme::instance().setChoice(ThemeChoice::Dark);
    CommandLine line;
    line.fresh = true;
    line.size = QSize(1600, 1000);
    for (int i = 2; i < argc; ++i)
        line.urls.append(QString::fromLocal8Bit(argv[i]));
    Console console(line, settings);
    QString error;
    if (!console.start(&error)) {
        std::fprintf(stderr, "%s\n", qPrintable(error));
        return 1;
    }
    Commands commands(application, console);
    return QApplication::exec();
}

} // namespace pulsedeck::bench
