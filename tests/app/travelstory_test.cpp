// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"
#include "app/history/sqlhistory.h"
#include "tests/support/redisserver.h"
#include "tests/support/testapplication.h"
#include "ui/fleet/fleetpage.h"
#include "ui/theme/theme.h"
#include "ui/timeline/reportpanel.h"
#include "ui/timeline/timelineflags.h"
#include "ui/timeline/timelinepage.h"
#include "ui/window/mainwindow.h"

#include <QProcess>
#include <QPushButton>
#include <QStandardPaths>
#include <QTest>

#include <csignal>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr int storyMs = 90'000; ///< At most, on a machine that does much else.

int silent(const FleetFigures &figures)
{
    return figures.late + figures.stale + figures.hung + figures.crashed;
}

} // namespace

/// The whole way, in the demo: a wave of late beats comes and goes; one finds when it began, goes there, sees the console as it
/// was, and hands on a report. The console is closed and opened, and the past is still there.
class TravelStoryTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    static bool travelTo(MainWindow &window, qint64 at)
    {
        emit window.findChild<TimelinePage *>()->momentRequested(at);
        return QTest::qWaitFor([&window] { return window.isSettled(); }, storyMs);
    }
    static const FleetStore *pastOf(const MainWindow &window)
    {
        const auto *page = window.findChild<FleetPage *>(u"pastFleet"_s);
        return page ? &page->model().store() : nullptr;
    }

private slots:
    void initTestCase()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        QStandardPaths::setTestModeEnabled(true);
    }
    void cleanup() { Theme::instance().setPast(false); }

    void aWaveIsFoundSeenAndReported()
    {
        const QString history = m_folder.filePath(u"history.sqlite"_s);
        FleetFigures during;
        qint64 seenAt = 0;
        SourcePause wave;
        {
            CommandLine line;
            line.demo = true;
            line.demoWorkers = 30;
            line.demoActors = 0;
            line.historyFile = history;
            QSettings settings(m_folder.filePath(u"story.ini"_s), QSettings::IniFormat);
            Console console(line, settings);
            QString error;
            QVERIFY2(console.start(&error), qPrintable(error));
            MainWindow &window = console.window();
            QTRY_VERIFY_WITH_TIMEOUT(console.store().figures().alive >= 25, storyMs);
            QProcess *simulator = nullptr;
            for (QProcess *process : console.demo().findChildren<QProcess *>()) {
                if (process->arguments().contains(u"--publish-timing"_s))
                    simulator = process;
            }
            QVERIFY(simulator);
            QCOMPARE(::kill(pid_t(simulator->processId()), SIGUSR2), 0); // All of its workers lose Redis for eight seconds.
            QTRY_VERIFY_WITH_TIMEOUT(silent(console.store().figures()) >= 15, storyMs);
            seenAt = console.clock().nowMs();
            during = console.store().figures();
            QTRY_VERIFY_WITH_TIMEOUT(silent(console.store().figures()) <= 5, storyMs);
            QTRY_VERIFY_WITH_TIMEOUT(console.history()->state().to > console.clock().nowMs() - 3'000, storyMs);

            // When did it begin? The timeline says so.
            QVERIFY(window.showPage(u"timeline"_s));
            auto *timeline = window.findChild<TimelinePage *>();
            QTRY_VERIFY_WITH_TIMEOUT(!timeline->flags().pauses().empty(), storyMs);
            for (const SourcePause &pause : timeline->flags().pauses()) {
                if (pause.from <= seenAt && pause.to >= seenAt)
                    wave = pause;
            }
            QVERIFY(wave.from > 0);

            // All pages are as they were.
            QVERIFY(travelTo(window, seenAt));
            QVERIFY(window.showPage(u"fleet"_s));
            QVERIFY(window.windowTitle().contains(u"ago"_s));
            const FleetStore *past = pastOf(window);
            QVERIFY(past);
            QCOMPARE(past->figures().total, during.total);
            QCOMPARE(past->figures().late, during.late);
            QCOMPARE(past->figures().stale, during.stale);
            QCOMPARE(past->figures().activeSessions, during.activeSessions);
            QCOMPARE(past->figures().capacity, during.capacity);
            QCOMPARE(past->timing(past->sources().front()).version, console.store().timing(1).version);
            QVERIFY(travelTo(window, wave.from - 1'000)); // Just before nearly all were on time.
            QVERIFY(silent(past->figures()) < silent(during) / 2);

            // What was it? The report says so, and is handed on.
            timeline->reportOn(wave.from - 2'000, wave.to + 2'000);
            auto *panel = timeline->findChild<ReportPanel *>();
            QVERIFY(panel);
            QTRY_VERIFY_WITH_TIMEOUT(panel->report(), storyMs);
            QVERIFY(panel->report()->count(SpanGroup::Silent).workers >= silent(during));
            const QString file = m_folder.filePath(u"report.html"_s);
            panel->writePage(file);
            QFile page(file);
            QVERIFY(page.open(QIODevice::ReadOnly));
            QVERIFY(page.readAll().contains("<html"));
            window.findChild<QPushButton *>(u"backToNow"_s)->click();
            QVERIFY(!window.windowTitle().contains(u"ago"_s));
        }
        // Another day.
        CommandLine line;
        line.fresh = true;
        line.historyFile = history;
        QSettings settings(m_folder.filePath(u"later.ini"_s), QSettings::IniFormat);
        Console console(line, settings);
        QString error;
        QVERIFY2(console.start(&error), qPrintable(error));
        QTRY_VERIFY_WITH_TIMEOUT(console.history()->state().from > 0, storyMs);
        QVERIFY(travelTo(console.window(), seenAt));
        QVERIFY(console.window().showPage(u"fleet"_s));
        const FleetStore *past = pastOf(console.window());
        QVERIFY(past);
        QCOMPARE(past->figures().total, during.total);
        QCOMPARE(past->figures().late, during.late);
        QCOMPARE(past->figures().stale, during.stale);
        QCOMPARE(past->figures().activeSessions, during.activeSessions);
    }
};

PULSEDECK_TEST(TravelStoryTest, runWithTheme)
#include "travelstory_test.moc"
