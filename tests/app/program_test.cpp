// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/redisserver.h"

#include <QDir>
#include <QFile>
#include <QImage>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace pulsedeck;
using namespace Qt::StringLiterals;

/// The program itself as a child process.
class ProgramTest : public QObject
{
    Q_OBJECT

    const QString m_program = QStringLiteral(PULSEDECK_PROGRAM);

    static QByteArray commandLineOf(qint64 pid)
    {
        QFile file(u"/proc/%1/cmdline"_s.arg(pid));
        return file.open(QIODevice::ReadOnly) ? file.readAll().replace('\0', ' ') : QByteArray();
    }

    /// Children of \a parent whose command line has \a word.
    static QList<qint64> children(qint64 parent, const QByteArray &word)
    {
        QList<qint64> found;
        const QStringList pids = QDir(u"/proc"_s).entryList(QDir::Dirs);
        for (const QString &pid : pids) {
            QFile status(u"/proc/%1/status"_s.arg(pid));
            if (!status.open(QIODevice::ReadOnly))
                continue;
            const bool isChild = status.readAll().contains(QByteArray("\nPPid:\t" + QByteArray::number(parent) + '\n'));
            if (isChild && commandLineOf(pid.toLongLong()).contains(word))
                found.append(pid.toLongLong());
        }
        return found;
    }

    static void run(QProcess &process, const QStringList &arguments)
    {
        process.setArguments(arguments);
        process.start();
        QVERIFY(process.waitForStarted(20'000));
    }

private slots:
    void withoutADisplayItSaysSo()
    {
        QProcess console;
        console.setProgram(m_program);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"QT_QPA_PLATFORM"_s, u"xcb"_s);
        environment.insert(u"DISPLAY"_s, u":9876"_s); // Nobody is there.
        environment.remove(u"WAYLAND_DISPLAY"_s);
        console.setProcessEnvironment(environment);
        run(console, {u"--fresh"_s});
        QVERIFY(console.waitForFinished(30'000));
        QCOMPARE(console.exitStatus(), QProcess::NormalExit);
        QCOMPARE(console.exitCode(), 2);
        const QByteArray said = console.readAllStandardError().trimmed();
        QVERIFY2(said.startsWith("There is no display to open the window on (:9876 cannot be used)"), said.constData());
        QVERIFY2(!said.contains('\n'), said.constData());
    }

    void aKilledConsoleLeavesNothingBehind()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        QProcess console;
        console.setProgram(m_program);
        run(console, {u"--fresh"_s, u"--demo"_s, u"--workers"_s, u"5"_s});
        const qint64 pid = console.processId();
        QTRY_COMPARE_WITH_TIMEOUT(children(pid, "redis-server").size(), 1, 30'000);
        // The workers and the hub with its actors.
        QTRY_COMPARE_WITH_TIMEOUT(children(pid, "pulsedeck-fleet").size(), 2, 30'000);
        const qint64 redis = children(pid, "redis-server").first();
        const QList<qint64> fleets = children(pid, "pulsedeck-fleet");
        QCOMPARE(::kill(pid_t(pid), SIGKILL), 0);
        QVERIFY(console.waitForFinished(20'000));
        QTRY_VERIFY_WITH_TIMEOUT(!commandLineOf(redis).contains("redis-server"), 20'000);
        for (const qint64 fleet : fleets)
            QTRY_VERIFY_WITH_TIMEOUT(!commandLineOf(fleet).contains("pulsedeck-fleet"), 20'000);
        // Its folder is removed by the next demo.
        QVERIFY(!QDir(QDir::tempPath()).entryList({u"pulsedeck-demo-%1-*"_s.arg(pid)}, QDir::Dirs).isEmpty());
        QProcess next;
        next.setProgram(m_program);
        run(next, {u"--fresh"_s, u"--demo"_s, u"--workers"_s, u"1"_s, u"--actors"_s, u"0"_s, u"--exit-after"_s, u"2"_s});
        QVERIFY(next.waitForFinished(30'000));
        QCOMPARE(next.exitCode(), 0);
        QVERIFY(QDir(QDir::tempPath()).entryList({u"pulsedeck-demo-%1-*"_s.arg(pid)}, QDir::Dirs).isEmpty());
        QVERIFY(QDir(QDir::tempPath()).entryList({u"pulsedeck-demo-%1-*"_s.arg(next.processId())}, QDir::Dirs).isEmpty());
    }

    void termEndsItInOrder()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        QProcess console;
        console.setProgram(m_program);
        run(console, {u"--fresh"_s, u"--demo"_s, u"--workers"_s, u"0"_s, u"--actors"_s, u"5"_s});
        const qint64 pid = console.processId();
        // No workers: the hub's process alone.
        QTRY_COMPARE_WITH_TIMEOUT(children(pid, "pulsedeck-fleet").size(), 1, 30'000);
        QVERIFY(commandLineOf(children(pid, "pulsedeck-fleet").first()).contains("--hub-port"));
        console.terminate();
        QVERIFY(console.waitForFinished(20'000));
        QCOMPARE(console.exitStatus(), QProcess::NormalExit);
        QVERIFY(QDir(QDir::tempPath()).entryList({u"pulsedeck-demo-%1-*"_s.arg(pid)}, QDir::Dirs).isEmpty());
    }

    void withoutRedisServerItNamesThePackage()
    {
        QTemporaryDir empty;
        QProcess console;
        console.setProgram(m_program);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"PATH"_s, empty.path());
        console.setProcessEnvironment(environment);
        run(console, {u"--fresh"_s, u"--demo"_s, u"--exit-after"_s, u"2"_s});
        QVERIFY(console.waitForFinished(30'000));
        QVERIFY(console.readAllStandardError().contains("apt install redis-server"));
    }

    void savesEveryPage_data()
    {
        QTest::addColumn<QString>("theme");
        QTest::addColumn<QSize>("size");
        QTest::newRow("dark, large") << u"dark"_s << QSize(1600, 1000);
        QTest::newRow("light, small") << u"light"_s << QSize(1280, 720);
    }

    void savesEveryPage()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        QFETCH(QString, theme);
        QFETCH(QSize, size);
        QTemporaryDir folder;
        QProcess console;
        console.setProgram(m_program);
        run(console, {u"--fresh"_s, u"--demo"_s, u"--workers"_s, u"12"_s, u"--theme"_s, theme, u"--size"_s,
                      u"%1x%2"_s.arg(size.width()).arg(size.height()), u"--screenshot"_s, folder.filePath(u"out"_s)});
        QVERIFY(console.waitForFinished(60'000));
        QCOMPARE(console.exitCode(), 0);
        for (const QString &page : {u"fleet"_s, u"timing"_s, u"commands"_s, u"activity"_s, u"connections"_s}) {
            const QImage image(folder.filePath(u"out/%1.png"_s.arg(page)));
            QCOMPARE(image.size(), size);
            const bool dark = image.pixelColor(image.width() / 2, image.height() - 4).lightness() < 100;
            QCOMPARE(dark, theme == u"dark"_s);
        }
    }

    void exitCodesAndWords()
    {
        QProcess console;
        console.setProgram(m_program);
        run(console, {u"--version"_s});
        QVERIFY(console.waitForFinished(20'000));
        QCOMPARE(console.exitCode(), 0);
        QVERIFY(console.readAllStandardOutput().startsWith("pulsedeck "));
        run(console, {u"--page"_s, u"nowhere"_s});
        QVERIFY(console.waitForFinished(20'000));
        QCOMPARE(console.exitCode(), 2);
        run(console, {u"--fresh"_s, u"redis://op:hunter2@host:notaport"_s});
        QVERIFY(console.waitForFinished(20'000));
        QCOMPARE(console.exitCode(), 2);
        QVERIFY(!console.readAllStandardError().contains("hunter2"));
    }
};

QTEST_GUILESS_MAIN(ProgramTest)
#include "program_test.moc"
