// SPDX-License-Identifier: GPL-3.0-or-later
// A protocol that nothing in the program knows of: registered, it is tested, connected, shown and remembered as the others.
#include "app/console/console.h"
#include "app/console/probethread.h"
#include "app/console/rememberedsources.h"
#include "app/protocols/allprotocols.h"
#include "tests/app/timesprotocol.h"
#include "tests/gui/connectparts.h"
#include "tests/support/testapplication.h"
#include "ui/fleet/fleetpage.h"
#include "ui/sources/testdialog.h"
#include "ui/sources/testpanel.h"
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
        auto *test = dialog->findChild<TestDialog *>();
        QVERIFY(test);
        QTRY_VERIFY_WITH_TIMEOUT(test->panel().test()->isOver(), thirdLimitMs);
        QVERIFY2(test->panel().report().contains(u"File · passed · 2 jobs"_s), qPrintable(test->panel().report()));
        QTest::keyClick(test, Qt::Key_Escape);

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
