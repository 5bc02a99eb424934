// SPDX-License-Identifier: GPL-3.0-or-later
// A protocol that nothing in the program knows of: registered, it is tested, connected, shown and remembered as the others.
#include "app/console/console.h"
#include "app/console/probethread.h"
#include "app/console/rememberedsources.h"
#include "app/protocols/allprotocols.h"
#include "models/commands/commandexport.h"
#include "models/commands/commandwords.h"
#include "models/commands/recordedcommand.h"
#include "tests/app/timesprotocol.h"
#include "tests/gui/connectparts.h"
#include "tests/support/stepclock.h"
#include "tests/support/testapplication.h"
#include "ui/fleet/emptyfleet.h"
#include "ui/fleet/fleetpage.h"
#include "ui/sources/testpanel.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"
#include "ui/window/mainwindow.h"

#include <QApplication>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

namespace {

constexpr int thirdLimitMs = 30'000;

} // namespace

class ThirdProtocolTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    SourceKind m_kind;

    QString write(const QString &name, const QHash<QByteArray, qint64> &ages) const
    {
        const QString path = m_folder.filePath(name);
        QFile file(path + u".new"_s);
        if (!file.open(QIODevice::WriteOnly))
            qFatal("no file");
        for (auto job = ages.begin(); job != ages.end(); ++job)
            file.write(job.key() + ' ' + QByteArray::number(QDateTime::currentMSecsSinceEpoch() - *job) + '\n');
        file.close();
        QFile::remove(path);
        file.rename(path);
        return path;
    }
    static Liveness liveness(Console &console, const QByteArray &id)
    {
        return console.store().worker(console.store().find(1, id)).liveness;
    }

private slots:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        for (const char *name : {"REDIS_URL", "REDIS_HOST", "SIGNAL_HUB_URL"})
            qunsetenv(name);
        Theme::instance().install(*qApp);
        const SourceFactory factory = timesFactory();
        addSourceFactory(factory);
        m_kind = factory.kind;
    }

    /// From the welcome page through the form and the connection test to rows of the Fleet page.
    void testedConnectedAndShown()
    {
        const QString file = write(u"jobs.txt"_s, {{"nightly", 1'000}, {"hourly", 600'000}});
        QSettings settings(m_folder.filePath(u"third.ini"_s), QSettings::IniFormat);
        CommandLine fresh;
        fresh.fresh = true;
        Console console(fresh, settings);
        QString error;
        QVERIFY2(console.start(&error), qPrintable(error));
        MainWindow &window = console.window();
        auto *welcome = window.findChild<QPushButton *>(u"connectTimes"_s);
        QVERIFY(welcome && welcome->isVisible());
        QTest::mouseClick(welcome, Qt::LeftButton);
        auto *dialog = window.findChild<ConnectDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(dialog->windowTitle(), u"Connect to Times file"_s);
        QVERIFY(part<QPushButton>(*dialog, "kindTimes")->isChecked());
        for (const char *name : {"host", "user", "path", "token", "socket"})
            QVERIFY2(!line(*dialog, name)->isVisible(), name);
        QLineEdit *field = line(*dialog, "file");
        QVERIFY(field->isVisible());
        QVERIFY(messages(*dialog).contains("Remembered."_L1) || messages(*dialog).contains("Not remembered"_L1));
        QTest::keyClicks(field, u"jobs.txt"_s);
        QVERIFY(messages(*dialog).contains("begins with /"_L1));
        QVERIFY(!part<QPushButton>(*dialog, "submit")->isEnabled());
        field->selectAll();
        QTest::keyClicks(field, file);
        QCOMPARE(line(*dialog, "url")->text(), u"times://"_s + file);

        QTest::mouseClick(part<QPushButton>(*dialog, "testConnection"), Qt::LeftButton);
        const TestPanel *test = dialog->tests();
        QVERIFY(test && test->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(test->test()->isOver(), thirdLimitMs);
        QVERIFY2(test->report().contains(u"File · passed · 2 jobs"_s), qPrintable(test->report()));

        QSignalSpy firstView(&console, &Console::firstFullView);
        QTest::mouseClick(part<QPushButton>(*dialog, "submit"), Qt::LeftButton);
        QVERIFY(firstView.wait(thirdLimitMs));
        FleetTableModel &model = window.fleetPage().model();
        QTRY_COMPARE_WITH_TIMEOUT(model.matchCount(), 2, thirdLimitMs);
        QCOMPARE(console.store().worker(console.store().find(1, "nightly")).traits->workers, u"jobs"_s);
        QTRY_COMPARE_WITH_TIMEOUT(liveness(console, "nightly"), Liveness::Alive, thirdLimitMs);
        QTRY_COMPARE_WITH_TIMEOUT(liveness(console, "hourly"), Liveness::Stale, thirdLimitMs);
        write(u"jobs.txt"_s, {{"hourly", 0}});
        QTRY_COMPARE_WITH_TIMEOUT(liveness(console, "hourly"), Liveness::Alive, thirdLimitMs);
        QTRY_COMPARE_WITH_TIMEOUT(liveness(console, "nightly"), Liveness::Departed, thirdLimitMs);
        QFile::remove(file);
        QTRY_COMPARE_WITH_TIMEOUT(console.store().sourceStatus(1).state, SourceState::Waiting, thirdLimitMs);
    }

    void addressesAndSettings()
    {
        QString error;
        const auto settings = SourceSettings::fromUrl(u"times:///srv/jobs.txt"_s, &error);
        QVERIFY2(settings, qPrintable(error));
        QCOMPARE(settings->kind, m_kind);
        QCOMPARE(timesFactory().kind, m_kind); // Registered again it keeps its place.
        QCOMPARE(settings->address(), u"times:///srv/jobs.txt"_s);
        QCOMPARE(settings->shortAddress(), u"times jobs.txt"_s);
        QVERIFY(!SourceSettings::fromUrl(u"times://jobs.txt"_s, &error));
        QVERIFY(error.contains("begins with /"_L1));
        // What other addresses may begin with names it too.
        QVERIFY(!SourceSettings::fromUrl(u"ftp://h"_s, &error));
        QVERIFY2(error.contains("times://"_L1) && error.contains("redis://"_L1), qPrintable(error));
        SourceSettings known = *settings;
        known.name = u"jobs"_s;
        QVERIFY(sourceFromMap(sourceToMap(known)) == known);
        // A version that has no such protocol reads something, and breaks nothing.
        QVariantMap later = sourceToMap(known);
        later.insert(u"kind"_s, u"from-the-future"_s);
        QCOMPARE(sourceFromMap(later).kind, SourceKind::Redis);
    }

    void theEnvironmentNamesIt()
    {
        QProcessEnvironment variables;
        QString error;
        QVERIFY(SourceSettings::fromEnvironment(variables, &error)->isEmpty());
        variables.insert(u"REDIS_URL"_s, u"redis://a"_s);
        variables.insert(u"SIGNAL_HUB_URL"_s, u"ws://b"_s);
        variables.insert(u"TIMES_FILE"_s, u"/srv/jobs.txt"_s);
        const auto all = SourceSettings::fromEnvironment(variables, &error);
        QVERIFY2(all && all->size() == 3, qPrintable(error));
        QCOMPARE(all->at(0).address(), u"redis://a:6379/0"_s);
        QCOMPARE(all->at(1).kind, SourceKind::Hub);
        QCOMPARE(all->at(2).kind, m_kind);
        QCOMPARE(all->at(2).address(), u"times:///srv/jobs.txt"_s);
        variables.insert(u"TIMES_FILE"_s, u"jobs.txt"_s);
        QVERIFY(!SourceSettings::fromEnvironment(variables, &error));
        QVERIFY(error.contains("begins with /"_L1));
    }

    /// A command and a plan for a job are read again as what they were, and so is its line in the journal.
    void recordsKeepTheKindOfTheWorker()
    {
        const TraitsRef job = m_kind->traits();
        StepClock clock;
        RecordedCommand recorded;
        recorded.entry.traits = job;
        recorded.entry.command.id = recorded.entry.command.group = QUuid::createUuid();
        recorded.entry.command.worker = "batch:nightly-report";
        recorded.entry.text = u"the actor refused, expired"_s; // untranslated: words of an earlier version
        const JournalEntry line = journalLine(recorded, clock.nowMs(), clock);
        QCOMPARE(line.facts["kind"_L1].toString(), u"times:job"_s);
        QVERIFY(!line.facts.contains("actor"_L1));
        QCOMPARE(shortWorker(line), u"batch:nightly-report"_s);
        const std::optional<RecordedCommand> read = commandFromHistory({line}, clock);
        QVERIFY(read);
        QVERIFY(read->entry.traits == job);
        QCOMPARE(commandJson(read->entry)["kind"_L1].toString(), u"job"_s);
    }

    /// What a kind is called and looks like is its own.
    void wordsAndPicturesAreItsOwn()
    {
        const TraitsRef job = m_kind->traits();
        QCOMPARE(sourceKindGlyph(*job), Glyph::Connections);
        QCOMPARE(sourceKindGlyph(*SourceKind::Redis->traits()), Glyph::Redis);
        QCOMPARE(sourceKindGlyph(*SourceKind::Hub->traits()), Glyph::Hub);
        SourceTraits other = *job;
        other.glyph = u"of-a-later-version"_s;
        QCOMPARE(sourceKindGlyph(other), Glyph::Connections);
        QCOMPARE(m_kind->removedText(), u"Nothing changes in Times file."_s);
        QCOMPARE(SourceKind::Redis->removedText(), u"Nothing changes in Redis."_s);
        QCOMPARE(m_kind->unlockedText(), u"Nothing can be done to jobs."_s);

        StepClock clock;
        FleetStore store(clock);
        store.addSource(1, u"file"_s, job);
        SourceStatus status;
        status.source = 1;
        status.traits = job;
        status.state = SourceState::Loading;
        store.applyStatus(status);
        QCOMPARE(emptyFleet(store, {}, 0).glyph, Glyph::Connections);
        status.state = SourceState::Sweeping;
        store.applyStatus(status);
        const EmptyFleet empty = emptyFleet(store, {}, 0);
        QCOMPARE(empty.title, u"No jobs stand in file"_s);
        QCOMPARE(empty.text, u"The file has no lines."_s);
        QCOMPARE(empty.glyph, Glyph::Connections);
    }

    void aMissingFileFailsTheTest()
    {
        SourceSettings settings = SourceSettings::ofKind(m_kind);
        settings.own.insert(u"file"_s, m_folder.filePath(u"none.txt"_s));
        ProbeThread tests;
        QObject owner;
        ConnectionTest *test = tests.start(settings, &owner);
        QTRY_VERIFY_WITH_TIMEOUT(test->isOver(), thirdLimitMs);
        QCOMPARE(test->failedStep(), 0);
        QVERIFY(!test->steps().front().hint.isEmpty());
    }
};

PULSEDECK_TEST(ThirdProtocolTest, runWithTheme)
#include "thirdprotocol_test.moc"
