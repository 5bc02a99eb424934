// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"
#include "app/history/sqlhistory.h"
#include "models/history/historyrecorder.h"
#include "tests/support/patience.h"
#include "tests/support/redisserver.h"
#include "tests/support/stepclock.h"
#include "tests/support/testapplication.h"
#include "ui/fleet/fleetpage.h"
#include "ui/theme/theme.h"
#include "ui/timeline/axisbar.h"
#include "ui/timeline/reportpanel.h"
#include "ui/timeline/timelineflags.h"
#include "ui/timeline/timelinepage.h"
#include "ui/timeline/timewindow.h"
#include "ui/window/mainwindow.h"
#include "ui/window/travelbar.h"

#include <QFileDialog>
#include <QLineEdit>
#include <QMouseEvent>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr int storyMs = 20'000; ///< Waited at most for each step.
constexpr int silentWorkers = 36; ///< All of the one host.
constexpr int allWorkers = 60;
constexpr qint64 recordedMs = 12 * 60'000;
constexpr qint64 waveAfterMs = 8 * 60'000;
constexpr qint64 waveMs = 24'000; ///< No beat of theirs comes in it.

/// What a console saw and recorded on a clock of its own, without waiting for it: a fleet of which one host falls silent for a
/// while.
void recordWave(const QString &path, const QString &source, qint64 start)
{
    StepClock clock(start);
    FleetStore store(clock);
    store.addSource(1, source);
    SourceStatus status;
    status.source = 1;
    status.state = SourceState::Live;
    status.generation = 1;
    status.since = start;
    store.applyStatus(status);
    SqlHistory history(path);
    HistoryRecorder recorder(store, history, nullptr);
    const auto batch = [&] {
        FleetBatch made;
        made.source = 1;
        made.generation = 1;
        made.at = clock.nowMs();
        return made;
    };
    FleetBatch texts = batch();
    for (int i = 0; i < allWorkers; ++i) {
        WorkerText text;
        text.number = WorkerNumber(i);
        text.id = "chromium:worker-" + QByteArray::number(i);
        text.type = "chromium";
        text.host = i < silentWorkers ? "10.4.2.17:3131" : "10.4.2.18:3131";
        texts.texts.append(text);
    }
    store.apply(texts);
    const qint64 from = start + waveAfterMs;
    for (; clock.nowMs() < start + recordedMs; clock.step(500)) {
        FleetBatch beats = batch();
        for (int i = 0; i < allWorkers; ++i) {
            const qint64 now = clock.nowMs();
            const bool isSilent = i < silentWorkers && now > from && now < from + waveMs;
            // Of the silent ones the last beat before is at most three seconds old, and the next comes at once.
            const qint64 since = i < silentWorkers && now >= from + waveMs ? from + waveMs : from - (i % 7) * 500;
            if (isSilent || (now - since) % 10'000 != 0)
                continue;
            WorkerSample sample;
            sample.number = WorkerNumber(i);
            sample.readAt = sample.beatAt = sample.lastHeartbeat = now;
            sample.ttl = sample.learntTtl = 30'000;
            sample.activeSessions = sample.lifetimeSessions = 0;
            sample.status = WorkerStatus::Available;
            sample.keyPresent = sample.newBeat = true;
            beats.samples.append(sample);
        }
        store.apply(beats);
        store.publish();
    }
    recorder.flush();
}

/// A console by its window: only keys and the mouse, and what can be seen.
struct ShownConsole
{
    QSettings settings;
    Console console;
    MainWindow &window;
    TimelinePage *timeline;
    AxisBar *axis;

    ShownConsole(const CommandLine &line, const QString &settingsFile)
        : settings(settingsFile, QSettings::IniFormat)
        , console(line, settings)
        , window(console.window())
        , timeline(window.findChild<TimelinePage *>())
        , axis(window.findChild<AxisBar *>())
    { }

    /// Its Timeline page shows the whole history.
    void open(qint64 start)
    {
        QString error;
        QVERIFY2(console.start(&error), qPrintable(error));
        window.resize(1600, 1000);
        key(Qt::Key_3, Qt::ControlModifier);
        QCOMPARE(window.currentPage(), u"timeline"_s);
        QTRY_VERIFY_WITH_TIMEOUT(timeline->time().earliest() < double(start + 60'000), storyMs);
        laneKey(Qt::Key_0);
        QVERIFY(timeline->time().from() < double(start + 60'000));
    }
    /// Keys go to an active window only, and dialogs were over it.
    void activate()
    {
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window, patience));
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers)
    {
        activate();
        QTest::keyClick(&window, key, modifiers);
    }
    void laneKey(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        activate();
        QTest::keyClick(&timeline->lanes(), key, modifiers);
    }
    bool settles()
    {
        return QTest::qWaitFor([this] { return window.isSettled(); }, storyMs);
    }
    int columnOf(qint64 at) const { return timeline->lanes().laneColumn() + int(timeline->lanes().scale().x(double(at))); }
    void clickAxis(qint64 at) { QTest::mouseClick(axis, Qt::LeftButton, {}, QPoint(columnOf(at), axis->height() - 6)); }
    void measure(qint64 from, qint64 to) const
    {
        QWidget *view = timeline->lanes().viewport();
        const QPoint begin(columnOf(from), view->height() / 2);
        const QPoint end(columnOf(to), view->height() / 2);
        QTest::mousePress(view, Qt::LeftButton, Qt::ShiftModifier, begin);
        QMouseEvent move(QEvent::MouseMove, end, view->mapToGlobal(end), Qt::NoButton, Qt::LeftButton, Qt::ShiftModifier);
        QApplication::sendEvent(view, &move);
        QTest::mouseRelease(view, Qt::LeftButton, Qt::ShiftModifier, end);
    }
    bool isInPast() const { return window.windowTitle().contains(u"ago"_s); }
    /// The Fleet page shows the wave at its height.
    void showsTheWave()
    {
        key(Qt::Key_1, Qt::ControlModifier);
        auto *past = window.findChild<FleetPage *>(u"pastFleet"_s);
        QVERIFY(past && past->isVisible());
        QVERIFY(settles());
        const FleetFigures &figures = past->model().store().figures();
        QCOMPARE(figures.total, allWorkers);
        QCOMPARE(figures.late, silentWorkers);
        QCOMPARE(figures.alive, allWorkers - silentWorkers);
    }
};

} // namespace

/// The whole way: a wave of late beats came and went; one finds when it began and with whom, goes there, sees the console as it
/// was, and hands on a report. The console is closed and opened, and the past is still there.
class TravelStoryTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

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
        RedisServer server; // There is nothing in it any more.
        QVERIFY2(server.start(), qPrintable(server.errorString()));
        CommandLine line;
        line.fresh = true;
        line.urls = {server.url().display()};
        line.historyFile = m_folder.filePath(u"history.sqlite"_s);
        std::vector<SourceSettings> wanted;
        QString error;
        QVERIFY2(Console::wantedSources(line, &wanted, &error), qPrintable(error));
        const QString source = wanted.front().name.isEmpty() ? wanted.front().usualName() : wanted.front().name;
        const qint64 start = (QDateTime::currentMSecsSinceEpoch() - 25 * 60'000) / 1'000 * 1'000;
        const qint64 wave = start + waveAfterMs;
        const qint64 height = wave + 20'000; // All of them are late.
        const QString handedOn = m_folder.filePath(u"for-a-colleague.sqlite"_s);
        recordWave(line.historyFile, source, start);
        {
            ShownConsole shown(line, m_folder.filePath(u"story.ini"_s));
            shown.open(start);

            // When did it begin? The flag before now, by key.
            QTRY_VERIFY_WITH_TIMEOUT(!shown.timeline->flags().pauses().empty(), storyMs);
            const SourcePause found = shown.timeline->flags().pauses().front();
            QVERIFY2(found.from >= wave && found.from <= wave + 15'000, qPrintable(QString::number(found.from - wave)));
            QCOMPARE(found.late, silentWorkers);
            QCOMPARE(found.there, allWorkers);
            const LaneView &lanes = shown.timeline->lanes();
            for (int press = 0; press < 20 && (!lanes.cursor() || *lanes.cursor() > double(height)); ++press)
                shown.laneKey(Qt::Key_BracketLeft);
            QVERIFY(lanes.cursor());
            QCOMPARE(qint64(*lanes.cursor()), found.from);

            // There, and then a little later by a click on the axis: the Fleet page shows it as it was.
            shown.laneKey(Qt::Key_P);
            QVERIFY(shown.settles());
            QVERIFY(shown.isInPast());
            shown.clickAxis(height);
            QVERIFY(shown.settles());
            shown.showsTheWave();
            // With whom? All that were late are of one host.
            shown.key(Qt::Key_F, Qt::ControlModifier);
            auto *filter = qobject_cast<QLineEdit *>(QApplication::focusWidget());
            QVERIFY(filter);
            QTest::keyClicks(filter, u"liveness:late host:10.4.2.17 "_s);
            auto *then = shown.window.findChild<FleetPage *>(u"pastFleet"_s);
            QTRY_COMPARE_WITH_TIMEOUT(then->model().matchCount(), silentWorkers, storyMs);
            then->setFilterText({});
            QTRY_COMPARE_WITH_TIMEOUT(then->model().matchCount(), allWorkers, storyMs);

            // What was it? A measured time, and its report as a page.
            shown.key(Qt::Key_3, Qt::ControlModifier);
            shown.measure(wave - 60'000, wave + 60'000);
            auto *ask = shown.timeline->findChild<QPushButton *>(u"reportMeasured"_s);
            QVERIFY(ask && ask->isVisible());
            QTest::mouseClick(ask, Qt::LeftButton);
            auto *panel = shown.timeline->findChild<ReportPanel *>();
            QVERIFY(panel);
            QTRY_VERIFY_WITH_TIMEOUT(panel->report(), storyMs);
            QCOMPARE(panel->report()->workers, allWorkers);
            QCOMPARE(panel->report()->count(SpanGroup::Silent).workers, silentWorkers);
            QCOMPARE(panel->report()->causes.size(), size_t(1));
            const std::optional<SharedValue> &cause = panel->report()->causes.front().cause.likeliest;
            QVERIFY(cause && cause->trait == SharedTrait::Host);
            QVERIFY2(cause->value.startsWith(u"10.4.2.17"_s), qPrintable(cause->value));
            QCOMPARE(cause->affectedInside, silentWorkers);
            QCOMPARE(cause->affectedOutside, 0);
            QTest::mouseClick(panel->findChild<QPushButton *>(u"exportPage"_s), Qt::LeftButton);
            auto *where = panel->findChild<QFileDialog *>();
            QVERIFY(where);
            const QString file = m_folder.filePath(u"report.html"_s);
            emit where->fileSelected(file);
            where->close();
            QFile page(file);
            QVERIFY(page.open(QIODevice::ReadOnly));
            const QByteArray text = page.readAll();
            QVERIFY(text.contains("</html>"));
            QVERIFY(text.contains("10.4.2.17"));
            QVERIFY(text.contains("<svg")); // With pictures, in the one file.
            panel->close();

            QSignalSpy exported(shown.console.history(), &History::exported);
            shown.console.history()->exportSpan(start, start + recordedMs, handedOn, shown.console.history()->nextToken());
            QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 1, storyMs);
            QCOMPARE(exported.at(0).at(1).toString(), QString());

            shown.laneKey(Qt::Key_End, Qt::AltModifier);
            QVERIFY(!shown.isInPast());
        }
        {
            // A colleague has only the file: the wave is found in it all the same.
            CommandLine alone;
            alone.shownHistory = handedOn;
            ShownConsole shown(alone, m_folder.filePath(u"colleague.ini"_s));
            shown.open(start);
            QVERIFY(shown.console.store().sources().empty());
            QTRY_VERIFY_WITH_TIMEOUT(!shown.timeline->flags().pauses().empty(), storyMs);
            const SourcePause found = shown.timeline->flags().pauses().front();
            QCOMPARE(found.name, source);
            QCOMPARE(found.late, silentWorkers);
            const auto [title, text] = shown.timeline->flags().pauseSentence(found, {});
            QVERIFY2(text.contains(source) && text.contains(u"console that recorded"_s), qPrintable(text));
            QVERIFY(std::any_of(shown.timeline->flags().flags().begin(), shown.timeline->flags().flags().end(),
                                [](const TimelineFlag &flag) { return flag.kind == TimelineFlag::Kind::Pause; }));
        }
        // Later: the console is opened again.
        ShownConsole later(line, m_folder.filePath(u"later.ini"_s));
        later.open(start);
        later.clickAxis(height);
        QVERIFY(later.settles());
        QVERIFY(later.isInPast());
        later.showsTheWave();
        // Of the time in which nobody watched nothing is claimed.
        later.key(Qt::Key_3, Qt::ControlModifier);
        later.clickAxis(start + recordedMs + 5 * 60'000);
        QVERIFY(later.settles());
        const QString bar = later.window.findChild<TravelBar *>()->text();
        QVERIFY2(bar.startsWith(u"Nothing was recorded at "_s), qPrintable(bar));
    }
};

PULSEDECK_TEST(TravelStoryTest, runWithTheme)
#include "travelstory_test.moc"
