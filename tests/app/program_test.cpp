// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/journal/sqljournal.h"
#include "tests/support/redisserver.h"
#include "tests/support/testprogram.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QImage>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <array>
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

    /// A user of the program: folders of their own, and nothing of the environment that names a source.
    struct User
    {
        QTemporaryDir home;

        QProcessEnvironment environment() const
        {
            QProcessEnvironment its = QProcessEnvironment::systemEnvironment();
            for (const auto *name : {"REDIS_URL", "REDIS_HOST", "SIGNAL_HUB_URL", "SIGNAL_HUB_TOKEN"})
                its.remove(QString::fromLatin1(name));
            its.insert(u"HOME"_s, home.path());
            its.insert(u"XDG_CONFIG_HOME"_s, folder(u"config"_s));
            its.insert(u"XDG_DATA_HOME"_s, folder(u"data"_s));
            its.insert(u"XDG_RUNTIME_DIR"_s, folder(u"run"_s));
            return its;
        }
        QString folder(const QString &name) const
        {
            const QString path = home.filePath(name);
            QDir().mkpath(path);
            QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
            return path;
        }
        bool listens() const
        {
            return !QDir(folder(u"run"_s)).entryList({u"pulsedeck-*.socket"_s}, QDir::System | QDir::Files).isEmpty();
        }
        QByteArray settings() const
        {
            QFile file(folder(u"config"_s) + u"/pulsedeck/pulsedeck.ini"_s);
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        }
        /// Entries of the user's journal with this text; -1 while there is none.
        qsizetype recorded(const QString &text) const
        {
            QDirIterator found(folder(u"data"_s), {u"*.sqlite"_s}, QDir::Files, QDirIterator::Subdirectories);
            if (!found.hasNext())
                return -1;
            SqlJournal journal(found.next());
            QSignalSpy answered(&journal, &Journal::answered);
            JournalQuery query;
            query.search = text;
            journal.query(query, journal.nextToken());
            return answered.wait(20'000) ? answered.first().at(1).value<JournalPage>().entries.size() : -1;
        }
    };

    void runAs(const User &user, QProcess &process, const QStringList &arguments) const
    {
        process.setProgram(m_program);
        process.setProcessEnvironment(user.environment());
        run(process, arguments);
    }
    /// What it printed, when it has ended by itself with \a code.
    void endsSaying(QProcess &process, const QByteArray &text, int code = 0) const
    {
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), code);
        const QByteArray said = process.readAllStandardOutput() + process.readAllStandardError();
        QVERIFY2(said.contains(text), said.constData());
    }
    static constexpr auto handedOver = "brought to the front";

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

    void aSecondStartBringsTheFirstToTheFrontWithItsArguments()
    {
        const User user;
        QProcess first;
        runAs(user, first, {});
        QTRY_VERIFY_WITH_TIMEOUT(user.listens(), 30'000);
        QProcess second;
        runAs(user, second, {u"--page"_s, u"activity"_s, u"redis://op@127.0.0.1:1"_s, u"ws://127.0.0.1:2"_s});
        endsSaying(second, handedOver);
        QTRY_VERIFY_WITH_TIMEOUT(user.settings().contains("port=1\n") && user.settings().contains("port=2\n"), 20'000);
        QTRY_VERIFY_WITH_TIMEOUT(user.settings().contains("page=activity"), 20'000);
        // The same once more is there already.
        QProcess third;
        runAs(user, third, {u"redis://op@127.0.0.1:1"_s});
        endsSaying(third, handedOver);
        QTRY_VERIFY_WITH_TIMEOUT(user.settings().contains("page=fleet"), 20'000);
        QCOMPARE(user.settings().count("port=1\n"), 1);
        // A mistake is told by who made it.
        QProcess wrong;
        runAs(user, wrong, {u"redis://op:hunter2@host:notaport"_s});
        endsSaying(wrong, "port", 2);
        QCOMPARE(first.state(), QProcess::Running);
        // Whoever starts while it ends is not handed to it.
        first.terminate();
        QProcess next;
        runAs(user, next, {});
        QVERIFY(first.waitForFinished(20'000));
        QTRY_COMPARE_WITH_TIMEOUT(user.recorded(u"Console started"_s), 2, 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(user.listens(), 20'000);
        next.terminate();
        QVERIFY(next.waitForFinished(20'000));
        QVERIFY(!user.listens());
    }

    void whatConcernsAProcessOfItsOwnIsNotHandedOver()
    {
        const User user;
        QProcess first;
        runAs(user, first, {});
        QTRY_VERIFY_WITH_TIMEOUT(user.listens(), 30'000);
        for (const QStringList &options : {QStringList{u"--fresh"_s}, {u"--read-only"_s}, {u"--journal"_s, u"none"_s}, {}}) {
            QProcess apart;
            runAs(user, apart, options + QStringList{u"--exit-after"_s, u"0.2"_s});
            QVERIFY(apart.waitForFinished(30'000));
            QVERIFY2(apart.exitCode() == 0, apart.readAllStandardError().constData());
            QVERIFY(!apart.readAllStandardOutput().contains(handedOver));
        }
        QTRY_COMPARE_WITH_TIMEOUT(user.recorded(u"Console started"_s), 3,
                                  20'000); // The first, --read-only, and the last.
        QProcess another;
        runAs(user, another, {u"--new-window"_s});
        QTRY_COMPARE_WITH_TIMEOUT(user.recorded(u"Console started"_s), 4, 30'000);
        QCOMPARE(another.state(), QProcess::Running);
        QCOMPARE(first.state(), QProcess::Running);
        for (QProcess *process : {&first, &another}) {
            process->terminate();
            QVERIFY(process->waitForFinished(20'000));
        }
    }

    void ofTwoStartsAtOnceOneIsTheWindow()
    {
        const User user;
        std::array<QProcess, 4> starts;
        for (QProcess &start : starts)
            runAs(user, start, {});
        const auto running = [&] {
            return std::count_if(starts.begin(), starts.end(),
                                 [](const QProcess &one) { return one.state() != QProcess::NotRunning; });
        };
        QTRY_COMPARE_WITH_TIMEOUT(running(), 1, 60'000);
        for (QProcess &start : starts) {
            if (start.state() != QProcess::NotRunning) {
                start.kill(); // Nothing of it is tidied up.
                QVERIFY(start.waitForFinished(20'000));
            } else {
                QCOMPARE(start.exitCode(), 0);
            }
        }
        QVERIFY(user.listens());
        QProcess next;
        runAs(user, next, {});
        QTRY_COMPARE_WITH_TIMEOUT(user.recorded(u"Console started"_s), 2, 30'000);
        QProcess last;
        runAs(user, last, {});
        endsSaying(last, handedOver);
        next.terminate();
        QVERIFY(next.waitForFinished(20'000));
    }

    void theDemoLeavesNothingWithTheUser()
    {
        if (!RedisServer::isInstalled())
            QSKIP("redis-server is not installed");
        const User user;
        QProcess demo;
        runAs(user, demo, {u"--demo"_s, u"--workers"_s, u"4"_s, u"--actors"_s, u"0"_s, u"--exit-after"_s, u"3"_s});
        QVERIFY(demo.waitForFinished(60'000));
        QCOMPARE(demo.exitCode(), 0);
        QDirIterator all(user.home.path(), {u"*pulsedeck*"_s}, QDir::Files | QDir::Hidden | QDir::System,
                         QDirIterator::Subdirectories);
        QVERIFY2(!all.hasNext(), qPrintable(all.next()));
        QCOMPARE(user.recorded(u"demo"_s), -1);
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
        // The workers, those of Sidekiq, of the two queues of RQ, and the hub with its actors.
        QTRY_COMPARE_WITH_TIMEOUT(children(pid, "pulsedeck-fleet").size(), 5, 30'000);
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
        for (const QString &page :
             {u"fleet"_s, u"timeline"_s, u"queues"_s, u"timing"_s, u"commands"_s, u"activity"_s, u"connections"_s, u"alerts"_s}) {
            const QImage image(folder.filePath(u"out/%1.png"_s.arg(page)));
            QCOMPARE(image.size(), size);
            const bool dark = image.pixelColor(image.width() / 2, image.height() - 4).lightness() < 100;
            QCOMPARE(dark, theme == u"dark"_s);
        }
        // And the connect dialog with what lives there.
        QVERIFY(QImage(folder.filePath(u"out/connect.png"_s)).height() > 400);
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

PULSEDECK_TEST(ProgramTest, runWithEvents)
#include "program_test.moc"
